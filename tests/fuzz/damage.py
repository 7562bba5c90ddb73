"""Damage that a disk, a copy or a hand does to a file: cut off, flipped, emptied, of another kind, another's bytes."""

from __future__ import annotations

import random
import re

OTHER_KINDS = (b"", b"null\n", b"[[[]]]\n", b"{}\n", b"7\n", b"PAR1PAR1", b"SQLite format 3\0", b"\0" * 4096)
NUMBERS = (b"1e999", b"-1", b"NaN", b"9" * 400, b"0.5", b"true", b'"x"')


def damages(whole: bytes, others: list[bytes], luck: random.Random, n_flips: int) -> dict[str, bytes]:
    """Return damaged forms of a file by name; `others` are files whose bytes it may be swapped with."""
    found = {f"another kind {k}": content for k, content in enumerate(OTHER_KINDS)}
    found |= {f"another's {k}": content for k, content in enumerate(luck.sample(others, min(len(others), 3)))}
    found |= {f"cut at {at}": whole[:at] for at in (1, len(whole) // 2, len(whole) - 1)}
    found["longer"] = whole + b"\n"
    for _ in range(n_flips):
        at, bit = luck.randrange(len(whole)), luck.randrange(8)
        found[f"bit {bit} of {at}"] = whole[:at] + bytes([whole[at] ^ 1 << bit]) + whole[at + 1 :]
    numbers = list(re.finditer(rb"(?<=[ :\[,])-?\d[\d.e+-]*", whole)) if whole[:1] in (b"{", b"[") else []
    for number in luck.sample(numbers, min(len(numbers), n_flips)):
        token = luck.choice(NUMBERS)
        found[f"{token[:9].decode()} at {number.start()}"] = whole[: number.start()] + token + whole[number.end() :]
    return {name: content for name, content in found.items() if content != whole}
