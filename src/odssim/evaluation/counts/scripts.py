"""Scripts in R and Stata that reproduce the estimates from panel.csv and panel.dta.

The R script needs base R only: it writes out the closed forms, so that a reader can check them by eye; where fixest
is installed it fits the same model once more. The Stata script uses what comes with Stata.
"""

from odssim.evaluation.design.design_file import Design
from odssim.language.templates import rendered


def r_script(design: Design) -> str:
    """Return the R script of a design."""
    answer, drawn = design.keys.answer, design.keys.data.assignment
    return rendered(
        __package__, "estimate.R", stamp=_stamp(design), alpha=f"{answer.alpha:g}",
        mechanism=drawn.mechanism, seed=drawn.seed % 2**31, draws=answer.draws,
        dispersion=f"{answer.dispersion_known or 1:g}",
    )  # fmt: skip


def stata_script(design: Design) -> str:
    """Return the Stata script of a design."""
    alpha, dispersion = f"{design.keys.answer.alpha:g}", f"{design.keys.answer.dispersion_known or 1:g}"
    return rendered(__package__, "estimate.do", stamp=_stamp(design), alpha=alpha, dispersion=dispersion)


def _stamp(design: Design) -> str:
    return f"Design {design.id}, version {design.keys.design.version}, content hash {design.content_hash}"
