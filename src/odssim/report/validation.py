"""The page of `odssim validate --out`: one self-contained HTML file, a section per pattern; and the tables in Markdown."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from html import escape

from odssim.analysis.patterns.ablation import Ablation
from odssim.analysis.patterns.pages import EXTRA, PAGES
from odssim.analysis.patterns.records import Finding, Page, Validation

WIDTH, HEIGHT, MARGIN = 560, 64, 12
COLOURS = {"inside": "#1b7837", "below": "#b2182b", "above": "#b2182b", "undecided": "#8c6d00"}
CSS = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#22303a}"
    "table{border-collapse:collapse;width:100%}td,th{padding:.25rem .6rem;text-align:left;border-bottom:1px solid #ccd}"
    "section{margin-top:2.5rem}svg{max-width:100%;height:auto;display:block}.q{color:#56646e}"
)


def number(value: float | None) -> str:
    """Return a number as it is printed; "-" for none or an open edge."""
    return "-" if value is None or not math.isfinite(value) else f"{value:z.3g}" if abs(value) < 1000 else f"{value:z.0f}"


def strip(finding: Finding) -> str:
    """Return an SVG picture: the band shaded, a dot per seed, the mean with its interval."""
    row = finding.row
    seen = [v for v in (*finding.by_seed, finding.value, finding.low, finding.high, row.low, row.high)
            if v is not None and math.isfinite(v)]  # fmt: skip
    low, high = min(seen), max(seen)
    pad = 0.06 * (high - low) or 1.0
    low, high = low - pad, high + pad

    def x(v: float) -> float:
        return MARGIN + (WIDTH - 2 * MARGIN) * (min(max(v, low), high) - low) / (high - low)

    left, right = x(row.low), x(row.high)
    colour = COLOURS[finding.verdict]
    parts = [
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(row.key)}: {number(finding.value)}, '
        f'band {number(row.low)} to {number(row.high)}">',
        f'<rect x="{left:.1f}" y="6" width="{right - left:.1f}" height="34" fill="#dfe9f2"/>',
    ]
    parts += [
        f'<circle cx="{x(v):.1f}" cy="{14 + 3 * (i % 7):.0f}" r="3" fill="#22303a" fill-opacity=".45"/>'
        for i, v in enumerate(finding.by_seed) if math.isfinite(v)
    ]  # fmt: skip
    if finding.low is not None and finding.high is not None:
        ends = f'x1="{x(finding.low):.1f}" x2="{x(finding.high):.1f}"'
        parts.append(f'<line {ends} y1="36" y2="36" stroke="{colour}" stroke-width="4"/>')
    if finding.value is not None:
        parts.append(f'<circle cx="{x(finding.value):.1f}" cy="36" r="5" fill="{colour}"/>')
    for v, anchor in ((low + pad, "start"), (high - pad, "end")):
        look = f'font-size="12" text-anchor="{anchor}" fill="#56646e"'
        parts.append(f'<text x="{x(v):.1f}" y="58" {look}>{number(v)}</text>')
    return "".join(parts) + "</svg>"


def interval(finding: Finding) -> str:
    """Return the value with its interval."""
    return f"{number(finding.value)} ({number(finding.low)} to {number(finding.high)})"


def band(finding: Finding) -> str:
    """Return the band in words."""
    row = finding.row
    return f"{number(row.low)} to {number(row.high)}" if math.isfinite(row.high) else f"at least {number(row.low)}"


def sections(
    validation: Validation, ablations: Sequence[Ablation] = ()
) -> Iterator[tuple[Page, list[Finding], list[Ablation]]]:
    """Yield each pattern that was measured, with its findings and its ablations."""
    for page in (*PAGES, EXTRA):
        findings = [f for f in validation.findings if f.row.pattern == page.id]
        offs = [a for a in ablations if a.shipped.row.pattern == page.id]
        if findings or offs:
            yield page, findings, offs


def verdict_of(findings: Sequence[Finding]) -> str:
    """Return a pattern's verdict: the worst of its rows."""
    verdicts = [f.verdict for f in findings]
    outside = [v for v in verdicts if v in ("below", "above")]
    return outside[0] if outside else "undecided" if "undecided" in verdicts else "inside"


def html_page(validation: Validation) -> str:
    """Return the report."""
    found = [(page, findings) for page, findings, _ in sections(validation)]
    rows = "".join(
        f'<tr><td><a href="#{page.id}">{page.id}</a></td><td>{escape(page.title)}</td>'
        f'<td style="color:{COLOURS[verdict_of(findings)]}">{verdict_of(findings)}</td></tr>'
        for page, findings in found
    )
    body = "".join(_section(page, findings, validation) for page, findings in found)
    seeds = f"{validation.seeds} seed" + ("" if validation.seeds == 1 else "s")
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>odssim: validation</title>'
        f"<style>{CSS}</style></head><body><h1>odssim beside published patterns</h1>"
        f"<p>{seeds}; {validation.wall_s / 60:.1f} minutes. Every figure is modelled. Grey-blue: the band; dots: "
        "seeds; line: 95 % interval. <em>Undecided</em>: the interval crosses an edge of the band. An <em>input "
        f"check</em> restates an input and is no evidence.</p><table>{rows}</table>{body}</body></html>\n"
    )


def _section(page: Page, findings: Sequence[Finding], validation: Validation) -> str:
    rows = "".join(
        f"<h3>{escape(f.row.key)}: {escape(f.row.text)}</h3>{strip(f)}<p>{interval(f)}; band {band(f)}; "
        f'<strong style="color:{COLOURS[f.verdict]}">{f.verdict}</strong>; {f.row.kind}; sources {escape(f.row.source)}; '
        f"{escape(f.city)}, {f.n} seeds.</p>"
        for f in findings
    )
    notes = "".join(
        f"<li>{escape(key.removeprefix(page.id).strip())}: {number(value)}</li>"
        for key, value in validation.notes.items() if key.split()[0] == page.id
    )  # fmt: skip
    return (
        f'<section id="{page.id}"><h2>{page.id} {escape(page.title)}</h2>'
        f"<p><strong>Mechanism.</strong> {escape(page.mechanism)}</p>"
        f"<p><strong>Protocol.</strong> {escape(page.protocol)} Evidence grade {escape(page.grade)}.</p>"
        f'{rows}<ul class="q">{notes}</ul></section>'
    )


def markdown(validation: Validation, ablations: Sequence[Ablation] = ()) -> Iterator[str]:
    """Yield the lines of a section per pattern: mechanism, protocol and measured values; what switching off does."""
    for page, findings, offs in sections(validation, ablations):
        yield f"### {page.id} {page.title}\n"
        if findings:
            yield f"{page.mechanism}\n"
            yield f"*Protocol.* {page.protocol} Evidence grade {page.grade}.\n"
            yield "| row | value (95 % interval) | band | verdict | kind | sources | city |"
            yield "|---|---|---|---|---|---|---|"
            yield from (
                f"| {f.row.key}: {f.row.text} | {interval(f)} | {band(f)} | {f.verdict} | {f.row.kind} | {f.row.source} "
                f"| {f.city}, {f.n} seeds |" for f in findings
            )  # fmt: skip
            yield ""
        notes = [(k, v) for k, v in validation.notes.items() if k.split()[0] == page.id]
        if notes:
            yield "Beside it: " + "; ".join(f"{k.removeprefix(page.id).strip()} {number(v)}" for k, v in notes) + ".\n"
        if offs:
            yield "| switched off | row | as shipped | without | seeds say | verdict without |"
            yield "|---|---|---|---|---|---|"
            yield from (
                f"| {a.off.what} (`{a.record()['sets']}`) | {a.shipped.row.key} | {interval(a.shipped)} "
                f"| {interval(a.without)} | {a.moved} | {a.without.verdict} |" for a in offs
            )  # fmt: skip
            yield ""
