"""The command that puts the handbook's claims to the test: what the model supports, contradicts, leaves open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from odssim.cli.inputs import AsJson, Language
from odssim.cli.output import print_json, progress_bar
from odssim.language import counting, say
from odssim.language.written import figures, number, signed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from odssim.validation.claims.claim import Effect
    from odssim.validation.claims.run_claims import Finding

WIDTH = 110
Number = Annotated[int | None, typer.Option(metavar="K", help="Only the claim of this number, 1 to 17.")]
Seeds = Annotated[int, typer.Option(min=1, max=100_000, help="Number of paired seeds.")]
Days = Annotated[int, typer.Option(min=1, max=3650, help="Days that the interventions last.")]


def claims(
    seeds: Seeds = 12, days: Days = 112, claim: Number = None, language: Language = None, as_json: AsJson = False
) -> None:
    """Test the handbook's seventeen claims in the teaching town; about ten minutes on one core as it stands.

    Each claim: supported, contradicted or undecided, the effect with its 95 % interval over seeds, and
    whether the verdict follows what is assumed. One claim (--claim K) takes a minute or two.
    """
    from odssim.validation.claims.run_claims import chosen, run_claims

    wanted = chosen(claim)
    with progress_bar("claims") as progress:
        findings = run_claims(wanted, seeds=seeds, days=days, progress=progress)
    if as_json:
        print_json({"seeds": seeds, "days": days, "claims": [one.record() for one in findings]})
        return
    typer.echo(counting(
        seeds, "Teaching town, {n} paired seed, {days} days. Every figure is modelled; 95 % intervals over seeds.",
        "Teaching town, {n} paired seeds, {days} days. Every figure is modelled; 95 % intervals over seeds.", n=seeds,
        days=days,
    ))  # fmt: skip
    for finding in findings:
        for line in lines_of(finding):
            typer.echo(line)


def lines_of(finding: Finding) -> Iterator[str]:
    """Yield a claim's block of lines."""
    import textwrap

    record = finding.record()
    verdict = f"{say(finding.verdict)}{' (' + say(finding.assumed) + ')' if finding.assumed else ''}"
    yield ""
    yield f"{record['claim']}. {record['english']} / {record['swedish']}"
    yield f"    {verdict.upper()}"
    for test, effect in zip(finding.claim.tests, finding.effects, strict=True):
        least = (
            f"{signed(test.null_value)} %"
            if test.null_value
            else say("0, smallest of interest {x} %", x=number(test.smallest))
        )
        line = say(
            "{what}: {effect}; claim: {direction} from {least}: {verdict}", what=say(test.what), effect=effect_text(effect),
            direction=test.direction, least=least, verdict=say(effect.verdict),
        )  # fmt: skip
        yield f"    {line}"
    for lever in record["levers"]:
        steps = ", ".join(f"{say(s)} ({figures(lever['values'][s], 6)}) {say(v)}" for s, v in lever["verdicts"].items())
        yield f"    {say('flips with') if lever['flips'] else say('same for all')} {lever['lever']}: {steps}"
    for text in (record["not_modelled"], record["limits"]):
        if text:
            note = say("Note: {text}", text=say(text))
            yield from textwrap.wrap(note, WIDTH, initial_indent="    ", subsequent_indent="    ")


def effect_text(effect: Effect) -> str:
    """Return an effect in words: per cent with its interval."""
    from odssim.language.written import signed

    if effect.value is None:
        return say("no estimate")
    if effect.low is None or effect.high is None:
        return say("{value} % (one seed: no interval)", value=signed(effect.value))
    small = say(", too small to matter") if effect.too_small else ""
    known = {"value": signed(effect.value), "low": signed(effect.low), "high": signed(effect.high)}
    return say("{value} % ({low} to {high})", **known) + small
