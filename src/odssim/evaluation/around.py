"""Surroundings of places as a panel of their own: whose they are, and what they are compared with.

Where the surroundings of controls were counted too, those of treated places are compared with them, and places and
surroundings together with controls and theirs. Else both are compared with the controls themselves.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from odssim.evaluation.estimates import Estimates
from odssim.evaluation.panel import BUFFER, BUFFER_CONTROL, CONTROL, TREATED, UNUSED, Array, Panel
from odssim.evaluation.permutation import permutation
from odssim.evaluation.plan import Plan

OWN = {TREATED: BUFFER, CONTROL: BUFFER_CONTROL}
"""The surroundings of each arm."""


def around(panel: Panel) -> tuple[Panel, Panel] | None:
    """Return the surroundings, and places and surroundings together, each as treated against its own controls.

    None without surroundings. Where it is known whose they are, see `linked`, a place and what was counted around it
    are one row and one cluster.
    """
    if not panel.has(BUFFER):
        return None
    if not panel.has(BUFFER_CONTROL):
        return panel.with_target(BUFFER), panel.with_target(TREATED, BUFFER)
    found = linked(panel)
    if found is not None:
        return found
    both = np.select([panel.area == own for own in OWN.values()], list(OWN), panel.area)
    near = np.where(np.isin(panel.area, tuple(OWN)), UNUSED, both)
    return _relabelled(panel, near), _relabelled(panel, both)


def linked(panel: Panel) -> tuple[Panel, Panel] | None:
    """Return `around` with places in their own rows; None where it is not known whose surroundings a row is.

    Known where there are as many surroundings as places in either arm: they stand in the same order within their arm.
    """
    whose = _whose(panel.area[0])
    if whose is None:
        return None
    place, near = whose
    expected = np.select([panel.area[:, place] == arm for arm in OWN], list(OWN.values()), UNUSED)
    if (panel.area[:, near] != expected).any():
        return None
    at, beside = np.zeros_like(panel.counts), np.zeros_like(panel.counts)
    at[:, place], beside[:, place] = panel.counts[:, place], panel.counts[:, near]
    area = panel.area.copy()
    area[:, near] = UNUSED
    alone, both = (replace(panel, counts=_rest(panel, counts), area=area) for counts in (beside, at + beside))
    return alone, both


def _whose(area: Array) -> tuple[Array, Array] | None:
    """Return the rows of places and of their surroundings, int64[n] each, from the arms of one replicate, int8[J]."""
    rows = [(np.flatnonzero(area == arm), np.flatnonzero(area == own)) for arm, own in OWN.items()]
    if any(len(places) != len(own) for places, own in rows):
        return None
    place, near = (np.concatenate(side) for side in zip(*rows, strict=True))
    return place, near


def _rest(panel: Panel, counts: Array) -> Array:
    """Return the counts with those of rows that are neither places nor surroundings as they were."""
    other = ~np.isin(panel.area, (*OWN, *OWN.values()))
    return np.asarray(np.where(other[:, :, None], panel.counts, counts))


def _relabelled(panel: Panel, area: Array) -> Panel:
    """Return the panel with rows in other arms, the treated of them with the full intervention from the start on."""
    on = (area == TREATED)[:, :, None] & (np.arange(panel.n_periods) >= panel.start)
    return replace(panel, area=area.astype(np.int8), dose=on.astype(np.float64))


def permutation_around(panel: Panel, plan: Plan) -> tuple[Estimates, Estimates] | None:
    """Return the permutation test of the surroundings, and of places and surroundings together.

    The lot that drew a place drew its surroundings with it. None where the surroundings of controls were not counted,
    or it is not known whose surroundings a row is: then the lottery says nothing of them.
    """
    found = linked(panel) if panel.has(BUFFER) else None
    return None if found is None else (permutation(found[0], plan), permutation(found[1], plan))
