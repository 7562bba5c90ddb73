"""The axes of a study are what they say: samples, grids, lists, tables, mixes and sweeps."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import qmc, truncnorm

from odssim.engine.build import PARAMETERS
from odssim.interventions import CATALOGUE
from odssim.scenario import load
from odssim.studies.study import load_study
from odssim.studies.study.records import replicate_seed
from odssim.studies.study.resolve import resolve_mix
from study.town import MIXES, SCENARIOS, WORLDS, write_study

HALFLIFE = "belief.buyer_halflife_days"
CONCEAL = "detection.conceal"


def values(study, key):
    return np.array([world.parameters[key] for world in study.worlds])


def test_without_axes_there_is_one_run_of_the_scenario(tmp_path):
    study = load_study(write_study(tmp_path, replicates=1))
    assert study.n_runs == 1
    assert [world.parameters for world in study.worlds] == [{}]


def test_a_latin_hypercube_has_one_point_in_every_stratum_of_the_declared_range(tmp_path):
    study = load_study(write_study(tmp_path, WORLDS.format(n=20)))
    declared = next(p for p in PARAMETERS if p.id == HALFLIFE)
    for key, low, high in ((HALFLIFE, declared.low, declared.high), (CONCEAL, 0.1, 0.9)):
        strata = np.floor((values(study, key) - low) / (high - low) * 20)
        assert sorted(strata) == list(range(20))


def test_a_sobol_sequence_is_scipys_and_another_seed_scrambles_anew(tmp_path):
    text = WORLDS.replace("latin_hypercube", "sobol").format(n=8)
    u = qmc.Sobol(2, scramble=True, rng=5).random(8)
    study = load_study(write_study(tmp_path, text.replace("n = 8", "n = 8\nseed = 5")))
    np.testing.assert_allclose(values(study, CONCEAL), 0.1 + 0.8 * u[:, 1])
    other = load_study(write_study(tmp_path, text, name="other.toml"))
    assert not np.isin(values(other, CONCEAL), values(study, CONCEAL)).any()


def test_logarithmic_normal_and_triangular_axes(tmp_path):
    axes = f'''[worlds]
method = "latin_hypercube"
n = 400
[worlds.parameters]
"{HALFLIFE}" = {{ low = 10, high = 160, log = true }}
"{CONCEAL}" = {{ distribution = "normal", mean = 0.8, sd = 0.3 }}
"detection.stash_share" = {{ distribution = "triangular", low = 0.1, high = 0.5, mode = 0.2 }}
'''
    study = load_study(write_study(tmp_path, axes))
    assert np.median(values(study, HALFLIFE)) == pytest.approx(40, rel=0.01)
    law = truncnorm(-0.8 / 0.3, 0.15 / 0.3, loc=0.8, scale=0.3)
    assert values(study, CONCEAL).max() <= 0.95
    assert values(study, CONCEAL).mean() == pytest.approx(law.mean(), abs=0.005)
    assert values(study, "detection.stash_share").mean() == pytest.approx(0.8 / 3, abs=0.002)


def test_a_grid_is_every_combination_and_includes_both_ends(tmp_path):
    text = f'''[worlds]
method = "grid"
[worlds.parameters]
"{HALFLIFE}" = {{ from = 10, to = 30, step = 10 }}
{CONCEAL} = {{ values = [0.2, 0.7] }}
'''
    study = load_study(write_study(tmp_path, text))
    points = {(w.parameters[HALFLIFE], w.parameters[CONCEAL]) for w in study.worlds}
    assert points == {(h, c) for h in (10, 20, 30) for c in (0.2, 0.7)}


def test_a_step_that_is_not_a_binary_fraction_reaches_its_end(tmp_path):
    study = load_study(write_study(tmp_path, f"sweep.{CONCEAL} = {{ from = 0.1, to = 0.5, step = 0.1 }}"))
    assert list(values(study, CONCEAL)) == [0.1, 0.2, 0.3, 0.4, 0.5]


def test_worlds_from_a_list_and_the_scenarios_own_numbers(tmp_path):
    text = f"""[worlds]
method = "list"
[[worlds.list]]
id = "small"
population_multiplier = 1
{HALFLIFE} = 30
[[worlds.list]]
days = 6
"""
    study = load_study(write_study(tmp_path, text))
    assert [(w.id, dict(w.parameters)) for w in study.worlds] == [
        ("small", {"population_multiplier": 1.0, HALFLIFE: 30.0}),
        ("w2", {"days": 6}),
    ]


@pytest.mark.parametrize("kind", ["comma", "semicolon", "excel"])
def test_worlds_from_a_table_in_every_flavour(tmp_path, kind):
    frame = pd.DataFrame({"id": ["a", "b"], HALFLIFE: [30.5, 60.25], CONCEAL: [0.25, None]})
    file = tmp_path / ("w.xlsx" if kind == "excel" else "w.csv")
    if kind == "excel":
        frame.to_excel(file, index=False)
    else:
        flavour = {"sep": ";", "decimal": ","} if kind == "semicolon" else {}
        frame.to_csv(file, index=False, **flavour)
    study = load_study(write_study(tmp_path, f'[worlds]\nmethod = "table"\ntable = "{file.name}"'))
    assert [(w.id, dict(w.parameters)) for w in study.worlds] == [
        ("a", {HALFLIFE: 30.5, CONCEAL: 0.25}),
        ("b", {HALFLIFE: 60.25}),
    ]


def resolved(study):
    return {mix.id: resolve_mix(study, mix) for mix in study.mixes}


def overridden(*texts):
    sets = ["days=12", "burn_in_days=6", "population_multiplier=1", *texts]
    file = SCENARIOS / "fifteen-minute-town.toml"
    return load(file, parameters=PARAMETERS, catalogue=CATALOGUE, overrides=sets)


def test_a_mix_is_the_same_scenario_as_its_file_with_the_same_values_set(tmp_path):
    found = resolved(load_study(write_study(tmp_path, MIXES)))
    places = "interventions.patrol.places={random = {n = 3}}"
    same = overridden("interventions.patrol.start=2018-01-05", "interventions.patrol.days=5", places)
    assert found["patrol"].content_hash == same.content_hash
    assert found["baseline"].interventions == ()


def test_inline_interventions_stand_alone_or_edit_a_files(tmp_path):
    town = (SCENARIOS / "fifteen-minute-town.toml").as_posix()
    text = f'''
[[mixes]]
id = "own"
[[mixes.interventions]]
id = "volunteers"
type = "civil_presence"
places = {{ every = true }}
[[mixes]]
id = "edited"
scenario = "{town}"
[[mixes.interventions]]
id = "patrol"
start = 2018-01-03
weeks = 1
places = {{ every = true }}
visits_per_day = 2
'''
    found = resolved(load_study(write_study(tmp_path, text)))
    assert [spec.type for spec in found["own"].interventions] == ["civil_presence"]
    (spec,) = found["edited"].interventions
    assert (spec.type, spec.options["visits_per_day"]) == ("fifteen_minute_patrol", 2)


def test_a_sweep_over_an_option_multiplies_the_mixes_that_have_it(tmp_path):
    sweep = '\n[sweep]\n"interventions.patrol.visits_per_day" = { from = 0, to = 8, step = 4 }\n'
    study = load_study(write_study(tmp_path, MIXES + sweep))
    names = [f"patrol patrol.visits_per_day={n}" for n in (0, 4, 8)]
    assert [mix.id for mix in study.mixes] == ["baseline", *names]
    found = resolved(study)
    assert [found[name].interventions[0].options["visits_per_day"] for name in names[1:]] == [4, 8]
    assert found[names[0]].interventions == found["baseline"].interventions == ()  # no visits, no patrol


def test_a_table_of_scenarios_runs_its_rows_and_nothing_else(tmp_path):
    town = (SCENARIOS / "fifteen-minute-town.toml").as_posix()
    patrol = "interventions.patrol"
    (tmp_path / "rows.csv").write_text(
        f"id,scenario,{CONCEAL},{patrol}.visits_per_day,{patrol}.start,{patrol}.days,{patrol}.places\n"
        f"low,,0.2,,,,\nhigh,,0.8,,,,\npatrolled,{town},0.2,2,2018-01-06,5,{{ every = true }}\n",
        encoding="utf-8",
    )
    study_file = write_study(tmp_path, 'scenarios = "rows.csv"\n')
    study = load_study(study_file)
    assert study.pairs == (("w1", "low"), ("w2", "high"), ("w1", "patrolled"))
    assert study.n_runs == 3 * 2
    assert resolved(study)["patrolled"].interventions[0].options["visits_per_day"] == 2


def test_seeds_depend_on_the_base_seed_and_the_replicate_only():
    seeds = {replicate_seed(base, r) for base in range(20) for r in range(50)}
    assert len(seeds) == 1000
    assert max(seeds) < 2**48
    assert replicate_seed(1, 1) == 131922066027661
