"""The command that puts the handbook's claims to the test: what the model supports, contradicts, leaves open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from odssim.cli.inputs import AsJson
from odssim.cli.output import print_json, progress_bar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from odssim.analysis.claims import Finding
    from odssim.analysis.claims_verdict import Effect

WIDTH = 110
Number = Annotated[int | None, typer.Option(metavar="K", help="Only the claim of this number, 1 to 17.")]
Seeds = Annotated[int, typer.Option(min=1, max=100_000, help="Number of paired seeds.")]
Days = Annotated[int, typer.Option(min=1, max=3650, help="Days that the interventions last.")]


def claims(seeds: Seeds = 12, days: Days = 112, claim: Number = None, as_json: AsJson = False) -> None:
    """Test the handbook's seventeen claims in the teaching town; about ten minutes on one core as it stands.

    Each claim: supported, contradicted or undecided, the effect with its 95 % interval over seeds, and
    whether the verdict follows what is assumed. One claim (--claim K) takes a minute or two.
    """
    from odssim.analysis.claims import chosen, run_claims

    wanted = chosen(claim)
    with progress_bar("claims") as progress:
        findings = run_claims(wanted, seeds=seeds, days=days, progress=progress)
    if as_json:
        print_json({"seeds": seeds, "days": days, "claims": [one.record() for one in findings]})
        return
    typer.echo(
        f"Teaching town, {seeds} paired {'seed' if seeds == 1 else 'seeds'}, {days} days. Every figure is "
        "modelled; 95 % intervals over seeds."
    )
    for finding in findings:
        for line in lines_of(finding):
            typer.echo(line)


def lines_of(finding: Finding) -> Iterator[str]:
    """Yield a claim's block of lines."""
    import textwrap

    record = finding.record()
    verdict = f"{finding.verdict}{' (' + finding.assumed + ')' if finding.assumed else ''}"
    yield ""
    yield f"{record['claim']}. {record['english']} / {record['swedish']}"
    yield f"    {verdict.upper()}"
    for test, effect in zip(finding.claim.tests, finding.effects, strict=True):
        least = f"{test.nought:+g} %" if test.nought else f"0, smallest of interest {test.smallest:g} %"
        yield f"    {test.what}: {effect_text(effect)}; claim: {test.direction} from {least}: {effect.verdict}"
    for lever in record["levers"]:
        steps = ", ".join(f"{s} ({lever['values'][s]:g}) {v}" for s, v in lever["verdicts"].items())
        yield f"    {'flips with' if lever['flips'] else 'same for all'} {lever['lever']}: {steps}"
    for text in (record["not_modelled"], record["limits"]):
        if text:
            yield from textwrap.wrap(text, WIDTH, initial_indent="    Note: ", subsequent_indent="    ")


def effect_text(effect: Effect) -> str:
    """Return an effect in words: per cent with its interval."""
    if effect.value is None:
        return "no estimate"
    if effect.low is None or effect.high is None:
        return f"{effect.value:+.1f} % (one seed: no interval)"
    small = ", too small to matter" if effect.too_small else ""
    return f"{effect.value:+.1f} % ({effect.low:+.1f} to {effect.high:+.1f}){small}"
