"""Any bytes: random ones, and valid files with signs flipped, parts cut out, lines doubled and nasty tokens put in."""

from __future__ import annotations

from hypothesis import strategies as st

TOKENS = [
    b"\0", b"\x1b[2J", b"\x07", "\u0085".encode(), "\u202e".encode(), b"\xff", b"\xc3", "e\u0301".encode(),
    b"\xef\xbb\xbf", b"\r", b"\n", b"\n\n", b"\t", b'"', b"'", b'"""', b"'''", b"\\", b"\\u0000", b"\\ud800", b"\\q",
    b"#", b"=", b".", b",", b";", b"[", b"]", b"{", b"}", b"[[", b"[" * 5000, b"{" * 5000, b'{"a":' * 3000,
    b"a." * 4000, b"9" * 5000, b"-" + b"9" * 400, b"1e999", b"-1", b"0", b"0.5", b"nan", b"inf", b"-inf", b"true",
    b"null", b"None", b"NA", b"1.000", b"1,000", b"1 000", b"1979-05-27", b"9999-12-31", b"0001-01-01",
    b"2018-01-01T00:00:00Z", b"25:00", b"x" * 300, b"x" * 140_000, b"../" * 200, b"/dev/zero", b"/dev/stdin", b"/",
    b".", b"pipe", b"circle", b"=1+1", b"<script>", b"%s", b"{0}", b"%n", b"9223372036854775808", b"1" + b"0" * 320,
    b"[]", b"{}", b'""', b"''", b"[[]]", b"[1, 2]", b"{ a = 1 }", b"\nextends = \"x\"\n", b"\nname = 1\n",
    b"\n[city]\n", b"\n[[interventions]]\n", b"\n[a.\"b.c\".'d']\n", b"\n\"\" = 1\n", b"\n'a b' = 1\n",
]  # fmt: skip


@st.composite
def any_bytes(draw: st.DrawFn, valid: bytes) -> bytes:
    """Draw random bytes, or a valid file changed in one to four places."""
    if draw(st.integers(0, 9)) == 0:
        return draw(st.binary(max_size=200))
    content = valid
    for _ in range(draw(st.integers(1, 4))):
        content = draw(changed(content))
    return content


@st.composite
def changed(draw: st.DrawFn, content: bytes) -> bytes:
    """Draw one change."""
    kind = draw(st.sampled_from(["flip", "cut", "end", "insert", "replace", "double", "swap", "drop line", "token"]))
    at = draw(st.integers(0, max(0, len(content) - 1)))
    length = draw(st.integers(1, 12))
    token = draw(st.sampled_from(TOKENS))
    lines = content.split(b"\n")
    k = content.count(b"\n", 0, at)
    if kind == "flip":
        return content[:at] + bytes([draw(st.integers(0, 255))]) + content[at + 1 :]
    if kind == "cut":
        return content[:at] + content[at + length :]
    if kind == "end":
        return content[:at]
    if kind == "insert":
        return content[:at] + token + content[at:]
    if kind == "replace":
        return content[:at] + token + content[at + length :]
    if kind == "double":
        return b"\n".join([*lines[: k + 1], *lines[k:]])
    if kind == "swap":
        return b"\n".join([*lines[k:], *lines[:k]])
    if kind == "drop line":
        return b"\n".join([*lines[:k], *lines[k + 1 :]])
    return _value_replaced(content, at, token)


def _value_replaced(content: bytes, at: int, token: bytes) -> bytes:
    """Return the content with one whole value, from a mark to the next, replaced."""
    marks = b' ,;:=\n[]{}"'
    start = max(content.rfind(bytes([mark]), 0, at) for mark in marks) + 1
    ends = [end for mark in marks if (end := content.find(bytes([mark]), at)) >= 0]
    return content[:start] + token + content[min(ends, default=len(content)) :]
