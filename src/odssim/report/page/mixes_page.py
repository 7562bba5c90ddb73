"""The report put together: first page, seven steps, glossary, how it was made.

From what the user names: a folder of results, or the file of a study that has been run.
"""

from pathlib import Path

from odssim.analysis.comparison.set_apart import apart_text
from odssim.errors import ScenarioError
from odssim.language import say
from odssim.language.names import city_in_text
from odssim.language.written import capitalised, joined
from odssim.report.page import front
from odssim.report.page.blocks import TEXTS, Report
from odssim.report.page.causes import causes
from odssim.report.page.choice import choice
from odssim.report.page.common import seeds_text
from odssim.report.page.delivery import delivery
from odssim.report.page.design_page import make_design_report
from odssim.report.page.design_source import design_files, read_designs
from odssim.report.page.follow_up import follow_up, intervals
from odssim.report.page.improve import improve
from odssim.report.page.mapping import mapping
from odssim.report.page.resources import resources
from odssim.report.page.source import Source, guarded, read_source
from odssim.report.page.study_source import read_study
from odssim.report.page.where import maps_of

STUDY, STORE = ".toml", ".sqlite"


def make_report(source: Source) -> Report:
    """Return the report on a run, a comparison or a study, in the language that is spoken."""
    maps = maps_of(source)
    sections = (
        mapping(source, maps[:1]), resources(source), causes(source), choice(source), delivery(source),
        follow_up(source, maps[1:]), improve(source),
    )  # fmt: skip
    report = Report(
        title=_title(source), subtitle=capitalised(front.subtitle(source)), warnings=_warnings(source),
        kind=say("Report on open drug scenes, modelled"), answer=front.answer(source), tiles=front.tiles(source),
        reservations=front.reservations(source), cover=maps[0] if maps else intervals(source),
        sections=sections, glossary=tuple((say(term), say(meaning)) for term, meaning in TEXTS["glossary"].items()),
        made=_made(source), notices=tuple(n.text for n in source.city.notices),
    )  # fmt: skip
    return report.noted(" ".join(apart_text(source.apart))) if source.apart else report


def _title(source: Source) -> str:
    if source.study is not None:
        return source.study.name
    if source.comparison is not None:
        found = source.comparison
        return say("{mixes} against {base}", mixes=joined(found.mixes), base=found.base)
    return str(source.scenarios[0]["name"])


def _warnings(source: Source) -> tuple[str, ...]:
    said = [say("Modelled: no real scenes are shown")]
    if source.user_supplied:
        said.append(
            say("Initial beliefs are user-supplied: a private file of known activity set what people know at the start")
        )
    if source.study is not None and not source.study.same_model:
        said.append(say("The store holds runs of another version of the model"))
    return tuple(said)


def _made(source: Source) -> tuple[tuple[str, str], ...]:
    hashes = " / ".join(scenario["content_hash"] for scenario in source.scenarios)
    return (
        (say("Scenario"), " / ".join(scenario["name"] for scenario in source.scenarios)),
        (say("City"), city_in_text(source.city.name)),
        (say("Seeds"), seeds_text(source)),
        (say("Command"), source.command),
        (say("Content hash"), hashes),
        (say("Versions"), ", ".join(f"{name} {version}" for name, version in source.versions.items())),
    )


def report_on(path: Path, store: Path | None = None) -> Report:
    """Return the report on a run, a comparison, a study or designs, in the language that is spoken.

    `store`: of a study; default as `odssim batch` has it.

    Raises ScenarioError: if there is nothing to report, or it is damaged.
    """
    if path.suffix == STUDY:
        return make_report(read_study(path, store or Path("results") / f"{path.stem}{STORE}"))
    if path.suffix == STORE:
        raise ScenarioError("is the store of a study", file=str(path), remedy="odssim report STUDY.toml --store FILE")
    if path.is_dir() and (files := design_files(path)):
        return guarded(lambda folder: make_design_report(read_designs(folder)), path, files[0].relative_to(path))
    return guarded(lambda folder: make_report(read_source(folder)), path, "")
