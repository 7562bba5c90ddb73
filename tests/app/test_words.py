"""Both languages have every word that the page uses; what is missing is told."""

import json
import re
from importlib.resources import files

import pytest

from odssim.app import serve
from odssim.app.catalogue import catalogue
from odssim.app.sources import shipped
from odssim.city.city import PLACE_TYPES
from odssim.interventions import CATALOGUE
from odssim.language import LANGUAGES
from odssim.observe.indicators import INDICATORS
from odssim.scenario.records import PAYERS

PAGE = files("odssim.app") / "page"
WORDS = {name: json.loads((PAGE / "words" / f"{name}.json").read_text(encoding="utf-8")) for name in LANGUAGES}
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
    wanted |= {f"method_{entry}" for entry in CATALOGUE} | {f"lever_{e.lever}" for e in CATALOGUE.values()}
    wanted |= {f"payer_{p}" for p in PAYERS} | {f"type_{p}" for p in PLACE_TYPES} | {f"world_{w}" for w in shipped()}
    wanted |= {f"indicator_{i.id}" for i in INDICATORS}
    assert wanted <= set(WORDS["sv"])


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
