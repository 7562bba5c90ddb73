"""The axis of worlds: a sample, a grid, a list, a table of parameter values, or a shipped ensemble of them."""

import math
from collections import Counter
from collections.abc import Callable, Mapping
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from odssim.core.tables import read_table
from odssim.core.types import Array
from odssim.errors import FaultList, Sentence
from odssim.scenario.document import Draft
from odssim.scenario.faults import named_file, nearest
from odssim.studies.study.records import MOST_RUNS, World
from odssim.studies.study.schema import WorldsKeys
from odssim.studies.study.values import cell_values, checked_number, dotted, quantiles, steps, world_key

USED: Mapping[str, tuple[str, ...]] = {
    "latin_hypercube": ("n", "parameters"), "sobol": ("n", "parameters"), "grid": ("parameters",),
    "list": ("list",), "table": ("table",), "ensemble": ("ensemble",),
}  # fmt: skip
"""What each method needs; other keys beside `seed` and those of `MAY` are refused."""
MAY: Mapping[str, tuple[str, ...]] = {"ensemble": ("n",)}
"""What a method may have."""
ENSEMBLES = Path(__file__).parent / "ensembles"
"""Shipped ensembles: ``<name>.csv`` is a table of worlds, ``<name>.json`` says where it comes from."""


def make_worlds(draft: Draft, keys: WorldsKeys, folder: Path) -> tuple[World, ...]:
    """Return the worlds that the table ``[worlds]`` describes; files are seen from `folder`.

    Raises ScenarioError: if keys are missing or superfluous, or a value breaks a rule.
    """
    for name in ("n", "parameters", "list", "table", "ensemble"):
        field = "listed" if name == "list" else name
        given, wanted = getattr(keys, field) is not None, name in USED[keys.method]
        if wanted and not given:
            raise draft.fault(("worlds", name), "is missing: {method} needs it", method=keys.method)
        if given and not wanted and name not in MAY.get(keys.method, ()):
            raise draft.fault(("worlds", name), "is not used by {method}", "leave it out", method=keys.method)
    make: dict[str, Callable[[], list[World]]] = {
        "latin_hypercube": lambda: _sampled(draft, keys),
        "sobol": lambda: _sampled(draft, keys),
        "grid": lambda: _grid(draft, keys),
        "list": lambda: _listed(draft, keys),
        "table": lambda: _from_table(draft, named_file(draft, ("worlds", "table"), folder, str(keys.table))),
        "ensemble": lambda: _members(draft, keys),
    }
    return tuple(make[keys.method]())


def numbered(rows: list[dict[str, float]]) -> list[World]:
    """Return worlds named by their place, w1 (or w001) onwards."""
    width = len(str(len(rows)))
    return [World(f"w{i:0{width}d}", row) for i, row in enumerate(rows, start=1)]


def unit_sample(method: str, n: int, dimensions: int, seed: int) -> Array:
    """Return `n` points of the unit cube, float64[n, dimensions]: Latin hypercube or scrambled Sobol."""
    from scipy.stats import qmc

    if method == "sobol":
        return np.asarray(qmc.Sobol(dimensions, scramble=True, rng=seed).random(n))
    return np.asarray(qmc.LatinHypercube(dimensions, rng=seed).random(n))


def _sampled(draft: Draft, keys: WorldsKeys) -> list[World]:
    n, axes = int(keys.n or 0), keys.parameters or {}
    if keys.method == "sobol" and n & (n - 1):
        below = 1 << (n.bit_length() - 1)
        raise draft.fault(
            ("worlds", "n"),
            "must be a power of two for a Sobol sequence",
            Sentence("{below} or {above}", below=below, above=2 * below),
        )
    if not axes:
        raise draft.fault(("worlds", "parameters"), "must not be empty")
    u = unit_sample(keys.method, n, len(axes), keys.seed)
    columns: dict[str, Array] = {}
    for k, (text, axis) in enumerate(axes.items()):
        path = ("worlds", "parameters", text)
        if axis.values is not None or axis.start is not None or axis.to is not None or axis.step is not None:
            raise draft.fault(
                path, "has values or steps, which {method} does not use", 'method = "grid"', method=keys.method
            )
        key = world_key(draft, path, text)
        columns[key] = quantiles(draft, path, key, axis, u[:, k])
    return numbered([{key: float(values[i]) for key, values in columns.items()} for i in range(n)])


def _grid(draft: Draft, keys: WorldsKeys) -> list[World]:
    if not keys.parameters:
        raise draft.fault(("worlds", "parameters"), "must not be empty")
    axes: dict[str, list[float]] = {}
    for text, axis in (keys.parameters or {}).items():
        path = ("worlds", "parameters", text)
        key = world_key(draft, path, text)
        axes[key] = [checked_number(draft, path, key, value) for value in steps(draft, path, axis)]
    n = math.prod(map(len, axes.values()))
    if n > MOST_RUNS:
        raise draft.fault(
            ("worlds", "method"), "makes {n:,} worlds; a study may have {most:,} runs", "try sobol", n=n, most=MOST_RUNS
        )
    return numbered([dict(zip(axes, point, strict=True)) for point in product(*axes.values())])


def _listed(draft: Draft, keys: WorldsKeys) -> list[World]:
    worlds = []
    for i, row in enumerate(keys.listed or [], start=1):
        values = {k: v for k, v in row.items() if k != "id"}
        label = row.get("id", f"w{i}")
        if not isinstance(label, str):
            raise draft.fault(("worlds", "list", i - 1, "id"), "must be text in quotes")
        worlds.append(World(label, _row(draft, i, values)))
    return _distinct(draft, ("worlds", "list"), worlds)


def _row(draft: Draft, i: int, values: Mapping[str, Any]) -> dict[str, float]:
    found = {}
    for text, value in dotted(values).items():
        path = ("worlds", "list", i - 1, text)
        key = world_key(draft, path, text)
        found[key] = checked_number(draft, path, key, value)
    return found


def _from_table(draft: Draft, file: Path) -> list[World]:
    table, faults = read_table(file), FaultList()
    columns = [name for name in table.columns if name != "id"]
    values = [faults.tried(cell_values, row, columns) for row in table.rows]
    faults.refuse()
    labels = [row.text("id") or f"w{k}" for k, row in enumerate(table.rows, start=1)]
    return _distinct(draft, ("worlds", "table"), list(map(World, labels, values)))


def shipped_ensembles() -> dict[str, Path]:
    """Return the file of every shipped ensemble by its name."""
    return {file.stem: file for file in sorted(ENSEMBLES.glob("*.csv"))}


def members_of(file: Path) -> tuple[World, ...]:
    """Return the worlds of a table, shipped or a user's own.

    Raises ScenarioError: if it is no such table, or a value lies outside its declared range.
    """
    return tuple(_from_table(Draft(tree={}, origins={}), file))


def _members(draft: Draft, keys: WorldsKeys) -> list[World]:
    shipped = shipped_ensembles()
    if keys.ensemble not in shipped:
        remedy = nearest(keys.ensemble, list(shipped)) or Sentence("shipped: {names}", names=", ".join(shipped))
        raise draft.fault(("worlds", "ensemble"), "no such ensemble", remedy)
    worlds = _from_table(draft, shipped[keys.ensemble])
    if keys.n is not None and keys.n > len(worlds):
        raise draft.fault(
            ("worlds", "n"), "is more than the {n} members of {ensemble}", n=len(worlds), ensemble=keys.ensemble
        )
    return worlds[: keys.n]


def _distinct(draft: Draft, path: tuple[str, ...], worlds: list[World]) -> list[World]:
    twice = [name for name, n in Counter(world.id for world in worlds).items() if n > 1]
    if twice:
        raise draft.fault(path, "holds the id {twice!r} twice", twice=twice[0])
    return worlds
