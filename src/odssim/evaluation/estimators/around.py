"""Surroundings of places as panels of their own, each against its own controls.

Where the surroundings of controls were counted, those of treated places are compared with them, and places and
surroundings together with controls and theirs. Else both are compared with the controls themselves.
"""

from dataclasses import replace

import numpy as np

from odssim.evaluation.estimators.estimates import Estimates, warning
from odssim.evaluation.estimators.panel import BUFFER, BUFFER_CONTROL, CONTROL, TREATED, UNUSED, Panel, Plan
from odssim.evaluation.estimators.permutation import permutation

OWN = {TREATED: BUFFER, CONTROL: BUFFER_CONTROL}
"""The surroundings of each arm."""


def around(panel: Panel) -> tuple[Panel, Panel] | None:
    """Return the surroundings alone, and places and surroundings together; None without surroundings.

    Where it is known whose they are, see `linked`, a place and what was counted around it are one row, one cluster.
    """
    if not panel.has(BUFFER):
        return None
    if not panel.has(BUFFER_CONTROL):
        return linked(panel, (TREATED,)) or (panel.with_target(BUFFER), panel.with_target(TREATED, BUFFER))
    found = linked(panel)
    if found is not None:
        return found
    both = np.select([panel.area == own for own in OWN.values()], list(OWN), panel.area).astype(np.int8)
    near = np.where(np.isin(panel.area, tuple(OWN)), UNUSED, both).astype(np.int8)
    after = np.arange(panel.n_periods) >= panel.start
    alone, together = (
        replace(panel, area=area, dose=((area == TREATED)[:, :, None] & after).astype(np.float64)) for area in (near, both)
    )
    return alone, together


def surroundings_warnings(panel: Panel) -> tuple[str, ...]:
    """Return what a reader must know of how surroundings are compared."""
    if not panel.has(BUFFER) or linked(panel) is not None:
        return ()
    return (warning("not_linked"),) if panel.has(BUFFER_CONTROL) else (warning("no_own"),)


def linked(panel: Panel, arms: tuple[int, ...] = (TREATED, CONTROL)) -> tuple[Panel, Panel] | None:
    """Return `around` with the surroundings in the rows of their places; None where it is not known whose they are.

    Known where there are as many surroundings as places in each of `arms`: they stand in the same order within their arm.
    """
    own = [OWN[arm] for arm in arms]
    rows = [tuple(np.flatnonzero(panel.area[0] == area) for area in pair) for pair in zip(arms, own, strict=True)]
    if any(len(places) != len(near) for places, near in rows):
        return None
    place, near = (np.concatenate(side) for side in zip(*rows, strict=True))
    if any(((panel.area[:, place] == arm) != (panel.area[:, near] == OWN[arm])).any() for arm in arms):
        return None
    area, alone, both = panel.area.copy(), panel.counts.copy(), panel.counts.copy()
    area[:, near] = UNUSED
    alone[:, place] = panel.counts[:, near]
    both[:, place] += panel.counts[:, near]
    return replace(panel, counts=alone, area=area), replace(panel, counts=both, area=area)


def permutation_around(panel: Panel, plan: Plan) -> tuple[Estimates, Estimates] | None:
    """Return the permutation test of the surroundings, and of places and surroundings together.

    The draw of a place is that of its surroundings too. None where the surroundings of controls were not counted,
    or it is not known whose surroundings a row is: then the lottery says nothing of them.
    """
    found = linked(panel) if panel.has(BUFFER) else None
    return None if found is None else (permutation(found[0], plan), permutation(found[1], plan))
