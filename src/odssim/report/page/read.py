"""From what the user names to a report: a folder of results, or the file of a study that has been run."""

from pathlib import Path

from odssim.errors import ScenarioError
from odssim.report.page.blocks import Report
from odssim.report.page.design_page import make_design_report
from odssim.report.page.design_source import design_files, read_designs
from odssim.report.page.make import make_report
from odssim.report.page.source import guarded, read_source
from odssim.report.page.study_source import read_study

STUDY, STORE = ".toml", ".sqlite"


def report_on(path: Path, store: Path | None = None) -> Report:
    """Return the report on a run, a comparison, a study or designs, in the language that is spoken.

    Parameters
    ----------
    store
        Of a study; default as `odssim batch` has it.

    Raises
    ------
    ScenarioError
        If there is nothing to report, or it is damaged.
    """
    if path.suffix == STUDY:
        return make_report(read_study(path, store or Path("results") / f"{path.stem}{STORE}"))
    if path.suffix == STORE:
        raise ScenarioError(
            "is the store of a study", file=str(path), remedy="odssim report STUDY.toml --store FILE"
        )
    if path.is_dir() and (files := design_files(path)):
        return make_design_report(guarded(read_designs, path, files[0].relative_to(path)))
    return guarded(lambda folder: make_report(read_source(folder)), path, "")
