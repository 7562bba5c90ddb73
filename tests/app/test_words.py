"""Both languages have every word that the page uses; what is missing is told."""

import json
import random
import re
import shutil
import subprocess
from importlib.resources import files

import pytest

from odssim.app import serve
from odssim.app.catalogue import catalogue
from odssim.app.sources import shipped
from odssim.app.words import TERMS, own_words, page_words
from odssim.city.city import PLACE_TYPES
from odssim.interventions import CATALOGUE
from odssim.language import LANGUAGES, say, speaking, written
from odssim.language.names import noun
from odssim.observe.indicators import INDICATORS
from odssim.scenario.records import PAYERS
from scenario.declared import HANDBOOK

PAGE = files("odssim.app") / "page"
WORDS = {name: page_words(name) for name in LANGUAGES}
SVG_NAMESPACE = "http://www.w3.org/2000/svg"
SCRIPTS = {entry.name: entry.read_text(encoding="utf-8") for entry in PAGE.iterdir() if entry.name.endswith(".js")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_words_with_the_same_gaps(language):
    assert set(WORDS["en"]) == set(WORDS[language])
    assert len(WORDS["en"]) > 300
    for key, text in WORDS[language].items():
        assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", WORDS["en"][key])), key
        assert text.strip(), key


def test_every_word_that_the_page_asks_for_is_there():
    html = (PAGE / "index.html").read_text(encoding="utf-8")
    asked = set(re.findall(r'data-(?:t|label|title)="(\w+)"', html))
    for script in SCRIPTS.values():
        asked |= set(re.findall(r"""\bt\(["'](\w+)["']""", script))
    assert len(asked) > 100
    assert asked <= set(WORDS["en"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_offers_every_language(language):
    assert f'data-language="{language}"' in (PAGE / "index.html").read_text(encoding="utf-8")
    assert re.search(rf'LANGUAGES = {{.*\b{language}: "', SCRIPTS["words.js"])


def test_what_comes_from_the_model_has_words():
    wanted = {f"option_{o['id']}" for entry in catalogue() for o in entry["options"] if o["kind"] != "times"}
    wanted |= {f"choice_{c}" for entry in catalogue() for o in entry["options"] for c in o["choices"]}
    wanted |= {f"method_{entry.id}" for entry in HANDBOOK} | {f"lever_{e.lever}" for e in CATALOGUE.values()}
    wanted |= {f"payer_{p}" for p in PAYERS} | {f"type_{p}" for p in PLACE_TYPES} | {f"world_{w}" for w in shipped()}
    wanted |= {f"indicator_{i.id}" for i in INDICATORS}
    assert wanted <= set(WORDS["sv"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_calls_a_thing_what_the_command_line_calls_it(language):
    own = json.loads(own_words(language))
    assert not set(own) & set(TERMS), "declared by the model, so not the page's to name"
    with speaking(language):
        for outcome in ("open_deals", "arrests", "guard_min", "fear_share", "visits", "seized_g"):
            assert WORDS[language][f"column_{outcome}"] == noun(outcome)
        assert all(WORDS[language][f"payer_{payer}"] == say(payer.replace("_", " ")) for payer in PAYERS)
        assert all(WORDS[language][f"indicator_{one.id}"] == say(one.label) for one in INDICATORS)


def numbers():
    """Return ties, edges and 300 others of all sizes."""
    edges = [0, 0.5, 1.5, 2.5, -2.5, 0.125, 2.45, 0.05, 99.95, 9.995, 1e6, 1.05e6, -2.5e6, 1e8, 12345.5, -0.001, 1e-7, 100.5]
    rng = random.Random(1)
    return edges + [rng.choice((-1, 1)) * rng.random() * 10 ** rng.randint(-5, 9) for _ in range(300)]


SCRIPT = """
import { readFileSync } from "node:fs";
globalThis.document = { documentElement: {}, querySelectorAll: () => [] };
const [values, words] = JSON.parse(readFileSync(0, "utf-8"));
const page = await import(process.argv[1]);
globalThis.fetch = async (name) => ({ json: async () => words[name.slice(6, -5)] });
const said = {};
for (const language of Object.keys(words)) {
  await page.useLanguage(language);
  said[language] = values.map((v) => [page.number(v), page.signed(v), page.percent(Math.abs(v)), page.signedPercent(v)]);
}
console.log(JSON.stringify(said));
"""


@pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed")
def test_the_page_writes_a_number_as_everything_else_does(tmp_path):
    (tmp_path / "words.mjs").write_text(SCRIPTS["words.js"], encoding="utf-8")
    values = numbers()
    done = subprocess.run(
        ["node", "--input-type=module", "-e", SCRIPT, (tmp_path / "words.mjs").as_uri()],
        input=json.dumps([values, WORDS]), capture_output=True, text=True, check=True,
    )  # fmt: skip
    said = json.loads(done.stdout)
    for language in LANGUAGES:
        with speaking(language):
            for value, found in zip(values, said[language], strict=True):
                wanted = [written.number(value), written.signed(value), written.percent(abs(value))]
                assert found == [*wanted, written.signed_percent(100 * value)], value


def test_numbers_of_the_page_without_node():
    for language, wanted in (("en", ["12\u202f346", "\u22122.5", "0.12"]), ("sv", ["12\u202f346", "\u22122,5", "0,12"])):
        with speaking(language):
            assert [written.number(value) for value in (12345.5, -2.5, 0.125)] == wanted
    assert "toLocaleString" not in "".join(SCRIPTS.values()), "one formatter"


def test_nothing_is_fetched_from_elsewhere():
    for name, script in SCRIPTS.items():
        found = set(re.findall(r"https?://[^\s\"'`]+", script)) - {SVG_NAMESPACE}
        assert not {address for address in found if "${" not in address}, name


def test_a_missing_extra_is_told_in_one_line(monkeypatch):
    monkeypatch.setattr(serve, "find_spec", lambda name: None)
    with pytest.raises(serve.AppError, match=r"pip install 'odssim\[live\]'") as caught:
        serve.check_extra()
    assert "\n" not in str(caught.value)


def test_a_port_that_is_taken_is_told():
    with serve.listen("127.0.0.1", 0) as taken, pytest.raises(serve.AppError, match="--port"):
        serve.listen("127.0.0.1", taken.getsockname()[1])
