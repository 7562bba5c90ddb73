"""The handbook's claims, run: the same seeds with and without what each is about, and with its levers moved.

All worlds of one seed and one set of parameters share their past; every claim that needs a world shares it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any

from odssim.core.package_data import declared
from odssim.engine.build import PARAMETERS
from odssim.engine.run import run_pair
from odssim.errors import ScenarioError, Sentence
from odssim.interventions.catalogue import CATALOGUE
from odssim.scenario.faults import toml
from odssim.scenario.load import load
from odssim.scenario.records import InterventionSpec, Scenario
from odssim.validation.claims import claim as verdicts
from odssim.validation.claims.claim import ASSUMED, SETTINGS, Claim, Effect, Lever, Method, Sets, Test
from odssim.validation.claims.pair_of_worlds import World, pair, reduce_run

CLAIMS = declared(__package__, "claims.toml", "claim", Claim)
START = date(2018, 1, 1)
WARM_DAYS = 90
"""Days before the interventions start: scenes form (assumption; short, so that many seeds fit)."""
DAYS = 112
MULTIPLIER = 8
Progress = Callable[[int, int], None]
Key = tuple[Sets, tuple[Method, ...]]
"""A world: its parameters beside the defaults, and what is at work there."""
Setting = tuple[str, str]
"""A lever's id and the setting that it is given; ("", "default") for the claim as it stands."""


@dataclass(frozen=True)
class Finding:
    """A claim with its verdict under the defaults, the effects behind it, and its verdicts lever by lever."""

    claim: Claim
    verdict: str
    effects: tuple[Effect, ...]
    levers: Mapping[str, Mapping[str, str]]

    @property
    def assumed(self) -> str:
        """`ASSUMED` if the verdict follows a lever, else nothing."""
        return ASSUMED if any(verdicts.hangs_on(one) for one in self.levers.values()) else ""

    def record(self) -> dict[str, Any]:
        """Return everything as plain values."""
        values = {lever.id: setting_values(lever) for lever in self.claim.levers}
        return {
            "claim": self.claim.number, "english": self.claim.english, "swedish": self.claim.swedish,
            "verdict": self.verdict, "assumed": self.assumed,
            "tests": [
                {"what": t.what, "direction": t.direction, "smallest_effect": t.smallest, "null_value": t.null_value,
                 "unit": "%", **asdict(effect)}
                for t, effect in zip(self.claim.tests, self.effects, strict=True)
            ],
            "levers": [
                {"lever": name, "flips": verdicts.hangs_on(by), "values": values[name], "verdicts": dict(by)}
                for name, by in self.levers.items()
            ],
            "limits": self.claim.limits, "not_modelled": self.claim.not_modelled,
        }  # fmt: skip


def chosen(number: int | None) -> tuple[Claim, ...]:
    """Return the claim of a number, or all.

    Raises ScenarioError: if there is no such claim.
    """
    found = tuple(claim for claim in CLAIMS if number in (None, claim.number))
    if not found:
        remedy = Sentence("claims have the numbers 1 to {n}", n=len(CLAIMS))
        raise ScenarioError("no such claim", key="--claim", value=number, remedy=remedy)
    return found


def setting_values(lever: Lever) -> dict[str, float]:
    """Return the values of a lever's settings; the default is the declared one."""
    declared = {id_: value for p in PARAMETERS for id_, value in zip(p.ids, p.defaults, strict=True)}
    if lever.id in declared:
        default: Any = declared[lever.id]
    else:
        entry, option = lever.id.split(".")
        default = next(o.default for o in CATALOGUE[entry].options if o.id == option)
    return dict(zip(SETTINGS, (lever.off, float(default), lever.high), strict=True))


def settings_of(claim: Claim) -> Iterator[Setting]:
    """Yield the claim as it stands, and each lever off and high."""
    yield "", "default"
    for lever in claim.levers:
        for setting in ("off", "high"):
            yield lever.id, setting


def worlds_of(claim: Claim, test: Test, setting: Setting) -> tuple[Key, Key]:
    """Return the two worlds of a test under a setting."""
    sets: dict[str, float] = {}
    option: tuple[str, str, float] | None = None
    for lever in claim.levers:
        if lever.id == setting[0]:
            value = setting_values(lever)[setting[1]]
            head, _, tail = lever.id.partition(".")
            if head in CATALOGUE:
                option = (head, tail, value)
            else:
                sets[lever.id] = value
    first = tuple(_moved(m, option) for m in test.against)
    other = tuple(_moved(m, option) for m in test.methods)
    return (_sorted(sets), first), (_sorted({**sets, **dict(test.parameters)}), other)


def _sorted(sets: Mapping[str, float]) -> Sets:
    return tuple(sorted(sets.items()))


def _moved(method: Method, option: tuple[str, str, float] | None) -> Method:
    """Return the method with the lever's value among its options, if the lever is one of its own."""
    if option is None or option[0] != method.type:
        return method
    return replace(method, options=tuple(sorted({**dict(method.options), option[1]: option[2]}.items())))


def run_claims(claims: Sequence[Claim], *, seeds: int, days: int = DAYS, progress: Progress | None = None) -> list[Finding]:
    """Run the claims on seeds 1 to `seeds`, interventions lasting `days` days, and judge each.

    `progress`: called with (sets of worlds done, sets in all).
    """
    tests = [(c, s, t) for c in claims for s in settings_of(c) for t in c.tests]
    keys = [worlds_of(c, t, s) for c, s, t in tests]
    wanted: dict[Sets, set[tuple[Method, ...]]] = defaultdict(set)
    for sets, methods in (key for two in keys for key in two):
        wanted[sets].add(methods)
    base, specs = scenario_of({m for group in wanted.values() for methods in group for m in methods}, days)
    pairs: list[list[tuple[float, float]]] = [[] for _ in tests]
    for seed in range(1, seeds + 1):
        worlds: dict[Key, World] = {}
        for done, (sets, group) in enumerate(sorted(wanted.items())):
            worlds |= run_set(base, specs, sets, sorted(group, key=repr), seed)
            if progress is not None:
                progress((seed - 1) * len(wanted) + done + 1, seeds * len(wanted))
        for k, ((_, _, test), (first, other)) in enumerate(zip(tests, keys, strict=True)):
            pairs[k].append(pair(test, worlds[first], worlds[other]))
    effects = [verdicts.effect_of(test, found) for (_, _, test), found in zip(tests, pairs, strict=True)]
    rows = [(c.number, s, effect) for (c, s, _), effect in zip(tests, effects, strict=True)]
    return [_finding(c, [(s, e) for n, s, e in rows if n == c.number]) for c in claims]


def run_set(
    base: Scenario, specs: Mapping[Method, InterventionSpec], sets: Sets, group: Sequence[tuple[Method, ...]], seed: int
) -> dict[Key, World]:
    """Return the worlds of one seed and one set of parameters."""
    bare = replace(base, parameters={**base.parameters, **dict(sets)})
    busy = [methods for methods in group if methods]
    mixes = [tuple(sorted((specs[m] for m in methods), key=lambda s: s.id)) for methods in busy]
    results = run_pair(bare, [replace(bare, interventions=mix) for mix in mixes], seed, ledger=False)
    return {(sets, m): reduce_run(r, WARM_DAYS) for m, r in zip([(), *busy], results, strict=True)}


def _finding(claim: Claim, effects: Sequence[tuple[Setting, Effect]]) -> Finding:
    def by(setting: Setting) -> tuple[Effect, ...]:
        return tuple(effect for s, effect in effects if s == setting)

    as_it_stands = by(("", "default"))
    verdict = verdicts.together([e.verdict for e in as_it_stands])
    levers = {}
    for lever in claim.levers:
        ends = {s: verdicts.together([e.verdict for e in by((lever.id, s))]) for s in ("off", "high")}
        levers[lever.id] = {"off": ends["off"], "default": verdict, "high": ends["high"]}
    return Finding(claim, verdict, as_it_stands, levers)


def scenario_of(methods: set[Method], days: int) -> tuple[Scenario, dict[Method, InterventionSpec]]:
    """Return the town without interventions, and each method as a checked intervention."""
    order = sorted(methods, key=repr)
    keys: dict[str, Any] = {
        "name": "Claims", "city": "teaching-town", "start_date": START, "days": WARM_DAYS + days,
        "population_multiplier": MULTIPLIER,
    }  # fmt: skip
    lines = [f"{key} = {toml(value)}" for key, value in keys.items()]
    for k, method in enumerate(order):
        lines += ["[[interventions]]", *(f"{a} = {toml(v)}" for a, v in _table(k, method, days).items())]
    scenario = load("claims.toml", parameters=PARAMETERS, catalogue=CATALOGUE, text="\n".join(lines))
    by_id = {spec.id: spec for spec in scenario.interventions}
    # in each world a type occurs once; by its name its random numbers are the same whatever its options
    specs = {m: replace(by_id[f"m{k}"], id=m.type) for k, m in enumerate(order)}
    return replace(scenario, interventions=()), specs


def _table(k: int, method: Method, days: int) -> dict[str, Any]:
    first = START + timedelta(days=WARM_DAYS)
    table: dict[str, Any] = {
        "id": f"m{k}", "type": method.type, "start": first, "days": max(1, round(method.until * days)),
        "resources": "added", "delivery": method.delivery, **dict(method.options),
    }  # fmt: skip
    if method.top:
        table["places"] = {"rank": "open_deals", "top": method.top, "at": first - timedelta(days=1)}
    return table
