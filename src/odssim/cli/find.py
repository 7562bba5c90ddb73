"""Find words in everything the model declares, in ODD.md and in the sources: best first, one row a file."""

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from odssim.scenario.shipped import PACKAGE, shipped_folder

MOST_ROWS = 30
LONGEST_LINE = 90
FILLERS = frozenset(re.findall(r"\w+", """
    a an and are as at be by come comes do does for from get go has have how i if in into is it its make my of on or our
    that the their then there they this to was we what when where which who why will with you your
"""))  # fmt: skip
SAME = {
    "police": "guardian", "officer": "guardian", "cop": "guardian", "patrol": "guardian visit", "dealer": "seller",
    "pusher": "seller", "customer": "buyer", "leave": "leave push hide",
    "nothing": "no", "flee": "leave push hide", "money": "pay price",
    "jail": "prison custody", "drug": "substance", "camera": "camera", "seed": "seed draw", "random": "draw",
}  # fmt: skip
"""Everyday words, and the words of the code for the same thing."""
FORMS = {"written": "write", "wrote": "write", "sold": "sell", "bought": "buy", "drawn": "draw", "kept": "keep"}
"""Verbs whose forms have no ending in common."""
LIKE = 0.8
"""What a word of the code is worth that stands for an everyday word, beside that word itself."""
ENDINGS = ("ingly", "ations", "ation", "ings", "ing", "ies", "ers", "ed", "es", "s")

DOCSTRING = re.compile(r'\A"""(.*?)"""', re.DOTALL)
DEFINED = re.compile(
    r'^ *(?:def|class) (?P<name>\w+)[^\n]*\n(?: +[^"#\n]*\n)*?(?:(?: *\)[^\n]*\n)?) *(?:"""(?P<doc>.*?)""")?',
    re.DOTALL | re.MULTILINE,
)
KINDS = {"source": 1.0, "page": 0.9, "test": 0.4}
"""What an answer of a kind is worth; declarations 0.8."""

Row = dict[str, object]


@dataclass(frozen=True)
class Passage:
    """A piece of text that may answer."""

    kind: str
    where: str
    file: str
    """Of each only the best passage is shown; a declaration is its own."""
    what: str
    words: frozenset[str]
    around: frozenset[str] = frozenset()
    """What its file is about: such a word counts half."""


def find(asked: str) -> list[Row]:
    """Return rows (kind, where, what), the best answer first; names that hold the words as written before all."""
    passages = [*_declared(), *_headings(), *_sources()]
    wanted = [dict.fromkeys(_stems(SAME.get(word, word)), LIKE) | dict.fromkeys(_stems(word), 1.0) for word in _words(asked)]
    known = Counter(word for passage in passages for word in passage.words)
    weight = {word: math.log1p(len(passages) / n) for word, n in known.items()}
    best: dict[str, tuple[float, Passage]] = {}
    for passage in passages:
        score = _score(passage, asked, wanted, weight)
        if score > best.get(passage.file, (0.0, passage))[0]:
            best[passage.file] = score, passage
    ranked = sorted(best.values(), key=lambda found: (-found[0], found[1].where))
    return [{"kind": one.kind, "where": one.where, "what": one.what[:LONGEST_LINE]} for _, one in ranked[:MOST_ROWS]]


def _score(passage: Passage, asked: str, wanted: list[dict[str, float]], weight: dict[str, float]) -> float:
    """Return how well a passage answers: the weight of the rarest word for each word asked, less for long passages."""
    hits = [
        max([0.0, *(share * weight[word] / (1 if word in passage.words else 2) for word, share in group.items()
                    if word in passage.words or word in passage.around)])
        for group in wanted
    ]  # fmt: skip
    length = 1 + len(passage.words) / 60
    name = passage.where.rsplit("/")[-1].casefold()
    named = 60.0 if asked.casefold() == name else 20.0 if asked.casefold() in name else 0.0
    is_asked = any(passage.kind in group for group in wanted)  # "which test ...", "the column of ..."
    return (2.0 if is_asked else KINDS.get(passage.kind, 0.8)) * (named + sum(hits) * sum(map(bool, hits)) / length)


@cache
def _stem(word: str) -> str:
    word = FORMS.get(word, word)
    ending = next((end for end in ENDINGS if word.endswith(end) and len(word) - len(end) > 2), "")
    return word.removesuffix(ending).removesuffix("e")


def _words(text: str) -> list[str]:
    found = [word for word in re.findall(r"[a-zåäö]+", text.replace("_", " ").casefold()) if word not in FILLERS]
    return found or re.findall(r"\w+", text.casefold())


def _stems(text: str) -> set[str]:
    """Return the words of a text without their endings."""
    return {_stem(word) for word in _words(text)}


def _passage(kind: str, where: str, what: str, text: str = "", file: str = "", around: str = "") -> Passage:
    words = frozenset(_stems(f"{where.rsplit('/')[-1]} {what} {text}"))
    return Passage(kind, where, file or f"{kind} {where}", what, words, frozenset(_stems(around)) if around else frozenset())


def _declared() -> Iterator[Passage]:
    from odssim.engine.build import PARAMETERS
    from odssim.interventions import CATALOGUE
    from odssim.observe.instruments import PERIOD_OUTCOMES
    from odssim.observe.outcomes import OUTCOMES
    from odssim.world.attributes import ATTRIBUTES

    for parameter in PARAMETERS:
        value = f"{parameter.default} {parameter.unit}: {parameter.meaning} [{parameter.status}]"
        yield _passage("parameter", parameter.id, value)
    for outcome in (*OUTCOMES.values(), *PERIOD_OUTCOMES.values()):
        yield _passage("outcome", outcome.id, f"{outcome.unit}: {outcome.meaning}")
    for entry in CATALOGUE.values():
        yield _passage("intervention", entry.id, f"{entry.label_en} / {entry.label_sv}", entry.mechanism)
        for option in entry.options:
            yield _passage("option", f"{entry.id}.{option.id}", option.meaning)
    for lever in ATTRIBUTES:
        what = f"{lever.of}, {lever.unit}: {lever.meaning} Read by: {', '.join(lever.readers)}"
        yield _passage("lever", lever.id, what)
    yield from _state()
    yield from _draws()


def _state() -> Iterator[Passage]:
    """Yield columns of the state, kinds of events, lines of the log."""
    from odssim.world import codes
    from odssim.world.columns import COLUMNS

    for column in COLUMNS:
        value = f"{column.unit}: {column.meaning}" + f"; {column.special}" * bool(column.special)
        yield _passage("column", f"{column.table}.{column.name}", value.removeprefix(": "))
    for line in codes.LOG:
        yield _passage("event", line, "line of the event log (--events)")


def _draws() -> Iterator[Passage]:
    from odssim.observe.instruments import MODULES
    from odssim.rules import RULES

    for module in (*RULES, *MODULES):
        for name in getattr(module, "DRAWS", ()):
            yield _passage("draw", name, f"drawn in {module.__name__}")


def _headings() -> Iterator[Passage]:
    """Yield the sections of ODD.md and, where they lie beside the package, of the pages of `docs`."""
    for file in (shipped_folder() / "ODD.md", *sorted((PACKAGE.parents[1] / "docs").glob("*.md"))):
        lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
        starts = [k for k, line in enumerate(lines) if line.startswith("#")]
        for first, end in zip(starts, [*starts[1:], len(lines)], strict=True):
            where, heading = f"{file.name}:{first + 1}", lines[first].lstrip("# ")
            yield _passage("page", where, heading, " ".join(lines[first:end]), where)


def _sources() -> Iterator[Passage]:
    """Yield every module, class and function of the package, and of the tests where they lie beside it."""
    for folder in (PACKAGE, PACKAGE.parents[1] / "tests"):
        for file in sorted(folder.rglob("*.py")):
            path = file.relative_to(folder.parent).as_posix()
            yield from _of_file(path, file.read_text(encoding="utf-8"))


def _of_file(path: str, text: str) -> Iterator[Passage]:
    """Yield the module's docstring, and every function and class with the first line of its own."""
    kind = "test" if path.startswith("tests/") else "source"
    about = DOCSTRING.search(text)
    said = about[1] if about else ""
    yield _passage(kind, path, said.partition("\n")[0], said, path)
    for found in DEFINED.finditer(text):
        name, doc = found["name"], found["doc"] or ""
        line = text.count("\n", 0, found.start("name")) + 1
        yield _passage(kind, f"{path}:{line} {name}", doc.partition("\n")[0] or name.replace("_", " "), doc, path, said)
