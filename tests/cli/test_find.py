"""`odssim where` answers names and questions in words, one row a file, the best first; what there is can be listed."""

import json
from collections import Counter

import pytest
from typer.testing import CliRunner

from odssim.cli.app import app
from odssim.cli.find import find
from odssim.engine.build import PARAMETERS

QUESTIONS = {
    "where does a seller leave when police come": "go_elsewhere",
    "where is the price of a gram set": "rules/pricing.py",
    "where do I add a camera": "engine/attributes.py",
    "who writes fear": "rules/disorder.py",
    "how is WDQ computed": "analysis/displacement/quotient.py",
    "where does a file get written": "core/files.py",
    "how is a scenario read": "scenario/__init__.py",
    "which test shows that nothing is lost": "tests/reference/test_twin.py",
    "where are Swedish words": "language/speech.py",
    "which lever lets nobody enter": "closed",
    "manager": "manager",
    "how is a buyer stopped": "rules/detection.py",
    "where is the price set": "rules/pricing.py",
    "weighted displacement quotient": "analysis/displacement/quotient.py",
    "who goes to prison": "rules/detection.py",
    "burn-in stored": "engine/cache.py",
    "hot_spot_patrol": "hot_spot_patrol",
    "open_deals": "open_deals",
    "selling.emerge_min": "selling.emerge_min",
    "buyers.wallet": "buyers.wallet",
}


@pytest.mark.parametrize(("asked", "where"), QUESTIONS.items())
def test_questions_are_answered_in_the_first_rows(asked, where):
    assert any(where in str(row["where"]) for row in find(asked)[:3]), find(asked)[:5]


def test_one_row_a_file_of_every_kind():
    rows = find("buyer")
    files = Counter(str(row["where"]).partition(":")[0] for row in rows)
    assert set(files.values()) == {1}
    kinds = {row["kind"] for word in ("manager", "wallet", "choice", "arrest", "displacement") for row in find(word)}
    assert {"parameter", "outcome", "column", "lever", "event", "draw", "page", "source", "test"} <= kinds
    assert find("xyzzy") == []


def printed(*words):
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_parameters_and_outcomes_are_listed():
    rows = json.loads(printed("parameters", "--json"))
    assert len(rows) == sum(len(one.ids) for one in PARAMETERS)
    assert {"id", "value", "low", "high", "unit", "status", "source", "meaning"} == set(rows[0])
    assert "choice.loyalty" in printed("parameters", "LOYAL")
    assert "Purchases in the open" in printed("outcomes", "open_deals")
    assert json.loads(printed("where", "seller", "leaves", "--json"))[0]["where"]
