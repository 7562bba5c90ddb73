"""Where an estimate's noise comes from."""

import numpy as np
import pytest

from evaluation.tried import small
from odssim.evaluation.trial.noise import noise_rows, noise_split
from odssim.evaluation.trial.score import setup_of


def test_the_split_of_a_table_is_that_of_the_mean_squares():
    values = np.array([[[1.0, 3.0], [5.0, 5.0]], [[11.0, 9.0], [10.0, 10.0]]])
    # readings: variances 2, 0, 2, 0; lot means 2, 5 and 10, 10; world means 3.5 and 10
    reading, lot = 1.0, (4.5 + 0.0) / 2 - 1.0 / 2
    assert noise_split(values).tolist() == pytest.approx([6.5**2 / 2 - lot / 2 - reading / 4, lot, reading])


def test_variances_are_found_again():
    rng = np.random.default_rng(3)
    n, sds = 20_000, (0.5, 0.3, 0.2)
    world, lot, reading = (rng.normal(0, sd, (n, *shape)) for sd, shape in zip(sds, ((1, 1), (2, 1), (2, 2)), strict=True))
    assert noise_split(world + lot + reading) == pytest.approx([0.25, 0.09, 0.04], rel=0.05)


def test_more_events_leave_less_to_the_reading(tmp_path):
    shares = []
    for mean in (3, 300):
        folder = tmp_path / str(mean)
        folder.mkdir()
        counts = f"counts = {{ mean = {mean}, dispersion = 0.0 }}"
        rows = noise_rows(setup_of(small(folder, data=counts)))
        assert [row["source"] for row in rows] == ["worlds", "lot", "reading"]
        assert sum(row["share"] for row in rows) == pytest.approx(1)
        shares.append(rows[2]["share"])
    assert shares[0] > 2 * shares[1]
