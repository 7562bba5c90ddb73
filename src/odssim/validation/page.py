"""The page of `odssim validate --out`: one self-contained HTML file, a section per pattern; and the tables in Markdown."""

import math
from collections.abc import Callable, Sequence

from odssim.language.templates import rendered
from odssim.language.written import figures, said_range
from odssim.validation.patterns.ablation import Ablation
from odssim.validation.patterns.bands import EXTRA, PAGES
from odssim.validation.patterns.findings import Finding, Page, Validation

WIDTH, MARGIN = 560, 12
"""Of the picture of a row, as in `page.html`."""


def number(value: float | None) -> str:
    """Return a number as it is printed; "-" for none or an open edge."""
    return "-" if value is None or not math.isfinite(value) else figures(value)


def interval(finding: Finding) -> str:
    """Return the value with its interval."""
    return f"{number(finding.value)} ({said_range(number(finding.low), number(finding.high))})"


def band(finding: Finding) -> str:
    """Return the band in words."""
    row = finding.row
    return said_range(number(row.low), number(row.high)) if math.isfinite(row.high) else f"at least {number(row.low)}"


def ends_of(finding: Finding) -> tuple[tuple[float, str], ...]:
    """Return the least and the largest number of a row's picture, each with the side that its label is set to."""
    row = finding.row
    marks = (*finding.by_seed, finding.value, finding.low, finding.high, row.low, row.high)
    seen = [v for v in marks if v is not None and math.isfinite(v)]
    return (min(seen), "start"), (max(seen), "end")


def scale_of(finding: Finding) -> Callable[[float], float]:
    """Return where a number stands in a row's picture, open edges at its ends."""
    (low, _), (high, _) = ends_of(finding)
    pad = 0.06 * (high - low) or 1.0
    low, high = low - pad, high + pad
    return lambda v: MARGIN + (WIDTH - 2 * MARGIN) * (min(max(v, low), high) - low) / (high - low)


def verdict_of(findings: Sequence[Finding]) -> str:
    """Return a pattern's verdict: the worst of its rows."""
    verdicts = [f.verdict for f in findings]
    outside = [v for v in verdicts if v in ("below", "above")]
    return outside[0] if outside else "undecided" if "undecided" in verdicts else "inside"


def html_page(validation: Validation) -> str:
    """Return the report."""
    return _rendered("page.html", validation, ())


def markdown(validation: Validation, ablations: Sequence[Ablation] = ()) -> str:
    """Return a section per pattern: mechanism, protocol and measured values; what switching off does."""
    return _rendered("page.md", validation, ablations)


def _rendered(name: str, validation: Validation, ablations: Sequence[Ablation]) -> str:
    """Return a template with each pattern that was measured, its findings, its ablations and what stands beside it."""
    found = []
    for page in (*PAGES, EXTRA):
        findings = [f for f in validation.findings if f.row.pattern == page.id]
        offs = [a for a in ablations if a.shipped.row.pattern == page.id]
        if findings or offs:
            found.append((page, findings, offs))

    def notes_of(page: Page) -> list[tuple[str, float]]:
        return [(k.removeprefix(page.id).strip(), v) for k, v in validation.notes.items() if k.split()[0] == page.id]

    return rendered(
        __package__, name, validation=validation, sections=found, notes_of=notes_of, verdict_of=verdict_of,
        number=number, interval=interval, band=band, ends_of=ends_of, scale_of=scale_of, isfinite=math.isfinite,
    )  # fmt: skip
