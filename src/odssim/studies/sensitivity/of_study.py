"""Sensitivity of a study: its parameters, its mixes, one method, one outcome; on levels, effects or decisions."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from odssim.analysis.decision.objective import COST
from odssim.errors import OdssimError, Sentence
from odssim.scenario.faults import nearest
from odssim.studies.sensitivity.analyse import Report, analyse
from odssim.studies.sensitivity.replicates import TooFewReplicatesError
from odssim.studies.sensitivity.runs import run_sample, space_of_study
from odssim.studies.sensitivity.sample import Sample, make_sample
from odssim.studies.sensitivity.sobol import Treatment
from odssim.studies.sensitivity.space import Space
from odssim.studies.study.jobs import Plan
from odssim.studies.study.records import Study
from odssim.studies.study.study import load_study


def sensitivity(
    study: str | Path,
    store: Path,
    *,
    method: str = "morris",
    outcome: str = "open_deals",
    effect_of: str | None = None,
    mix: str | None = None,
    n_blocks: int | None = None,
    replicates: int | None = None,
    treatment: Treatment = "qoi",
    groups: Mapping[str, str] | None = None,
    space: Space | None = None,
    common_random_numbers: bool = False,
    second_order: bool = False,
    lower_is_better: bool = True,
    worth_sek: float | None = None,
    **how: Any,
) -> Report:
    """Return which of a study's parameters matter for an outcome.

    Parameters
    ----------
    study
        A study file. Its ``[worlds.parameters]`` say what is varied, its mixes between what may be chosen.
    store
        The store of runs; what it holds is not run again.
    effect_of
        A mix: the outcome is its difference from `mix`, in the outcome's unit, paired within (world, replicate).
    mix
        The mix of which levels are looked at, and from which effects are measured; default the study's first.
    n_blocks, replicates
        How many blocks (`sample.BLOCKS`) and runs per point; default the method's and the study's.
    groups
        Group by parameter id.
    space
        In place of the study's parameters, for example `space.space_of_problem` of a SALib problem.
    second_order
        For ``sobol``: also the indices of pairs, at nearly twice the runs.
    worth_sek
        For ``decisions``: what a unit of the outcome is worth, SEK; the best mix is that of the highest net benefit.
    how
        ``workers``, ``executor``, ``progress`` of `study.run_study`.

    Raises OdssimError: if a name is wrong, before anything is run; or if the runs are too few to say anything.
    """
    loaded, sample, names = prepare(
        study, method=method, effect_of=effect_of, mix=mix, n_blocks=n_blocks, replicates=replicates, groups=groups,
        space=space, common_random_numbers=common_random_numbers, second_order=second_order, outcome=outcome,
        treatment=treatment,
    )  # fmt: skip
    if worth_sek is not None and method != "decisions":
        raise OdssimError("a worth decides among mixes: it goes with decisions, not with {method}", method=method)
    y = run_sample(loaded, sample, names, outcome, store, **how)
    if method == "decisions" and worth_sek is not None:
        burden = run_sample(loaded, sample, names, COST, store, **how) + (worth_sek if lower_is_better else -worth_sek) * y
        return analyse(sample, burden[:, 0], f"net benefit at {worth_sek:g} SEK per unit of {outcome}", mixes=names)
    if method == "decisions":
        return analyse(sample, y[:, 0], outcome, mixes=names, lower_is_better=lower_is_better)
    what = outcome if effect_of is None else f"{outcome}, {names[1]} less {names[0]}"
    values = y[:, :, 0] if effect_of is None else y[:, :, 1] - y[:, :, 0]
    return analyse(sample, values, what, treatment=treatment)


def prepare(
    study: str | Path,
    *,
    method: str,
    outcome: str,
    effect_of: str | None = None,
    mix: str | None = None,
    n_blocks: int | None = None,
    replicates: int | None = None,
    groups: Mapping[str, str] | None = None,
    space: Space | None = None,
    common_random_numbers: bool = False,
    second_order: bool = False,
    treatment: Treatment = "qoi",
) -> tuple[Study, Sample, list[str]]:
    """Return the checked study, the sample and the mixes that will be run; nothing is run.

    Raises OdssimError: if a name is wrong.
    """
    from dataclasses import replace

    loaded = load_study(study)
    if replicates is not None:
        loaded = replace(loaded, n_replicates=replicates)
    if loaded.n_replicates < 2 and _takes_chance_out(method, treatment):
        raise TooFewReplicatesError(
            "{method} takes chance out and needs at least 2 replicates per point, not 1", method=method
        )
    check_outcome(outcome)
    names = _mixes(loaded, method, effect_of, mix)
    space = space or space_of_study(study, dict(groups or {}))
    _check_groups(space, groups or {})
    base = base_values(loaded, space) if method == "oat" else None
    sample = make_sample(
        method, space, n_blocks, base=base, common_random_numbers=common_random_numbers, second_order=second_order
    )
    return loaded, sample, names


def check_outcome(outcome: str) -> None:
    """Refuse what is no outcome.

    Raises OdssimError: naming the nearest.
    """
    from odssim.observe.outcomes import OUTCOMES

    if outcome not in OUTCOMES:
        raise OdssimError(
            "no such outcome: {outcome!r}; {remedy}",
            outcome=outcome,
            remedy=nearest(outcome, list(OUTCOMES)) or Sentence("see odssim where"),
        )


def base_values(study: Study, space: Space) -> list[float]:
    """Return the base scenario's values of a space's parameters."""
    from dataclasses import replace

    from odssim.studies.study.records import World

    bare = replace(study, worlds=(World("base"),), pairs=None)
    scenario = next(iter(Plan(bare).resolved.values()))
    own: dict[str, float] = {
        "population_multiplier": scenario.population_multiplier,
        "days": scenario.days,
        "burn_in_days": scenario.burn_in_days,
    }
    return [float({**own, **scenario.parameters}[key]) for key in space.ids]


def _takes_chance_out(method: str, treatment: Treatment) -> bool:
    return treatment == "qoi" if method == "sobol" else method in ("chance", "morris", "shapley", "decisions")


def _mixes(study: Study, method: str, effect_of: str | None, mix: str | None) -> list[str]:
    known = [one.id for one in study.mixes]
    for given in (effect_of, mix):
        if given is not None and given not in known:
            raise OdssimError(
                "no such mix: {given!r}; {remedy}", given=given, remedy=nearest(given, known) or ", ".join(known)
            )
    if method == "decisions":
        if len(known) < 2:
            raise OdssimError("decisions need a study with at least two mixes")
        return known
    first = mix or known[0]
    if effect_of is None:
        return [first]
    if effect_of == first:
        raise OdssimError("the effect of {effect_of!r} on itself is zero; name another mix as base", effect_of=effect_of)
    return [first, effect_of]


def _check_groups(space: Space, groups: Mapping[str, str]) -> None:
    for key in groups:
        if key not in space.ids:
            raise OdssimError(
                "group of {key!r}: the study does not vary it; {remedy}", key=key, remedy=nearest(key, list(space.ids))
            )


def parse_groups(texts: Sequence[str]) -> dict[str, str]:
    """Return group by parameter id of texts ``name=id,id``.

    Raises OdssimError: if a text has no name or no ids.
    """
    groups: dict[str, str] = {}
    for text in texts:
        name, _, ids = text.partition("=")
        if not name or not ids:
            raise OdssimError("--group {text!r}: must be NAME=id,id,...", text=text)
        groups |= {key.strip(): name for key in ids.split(",") if key.strip()}
    return groups
