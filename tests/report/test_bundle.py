"""The archive: what is in it, and that the same sources give the same bytes."""

import json
import zipfile

import pytest

import odssim
from architecture.source import ROOT
from odssim.errors import OdssimError
from odssim.report.bundle import NEEDED, codemeta, write_bundle


def test_the_archive_holds_what_an_archive_of_models_asks_for(tmp_path):
    n = write_bundle(ROOT, tmp_path / "one.zip")
    write_bundle(ROOT, tmp_path / "two.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        names = {name.split("/", 1)[1] for name in archive.namelist()}
        meta = json.loads(archive.read(f"odssim-{odssim.__version__}/codemeta.json"))
    assert len(names) == n
    assert {*NEEDED, "codemeta.json", "scenarios/teaching-town.toml", "docs/model-card.md"} <= names
    assert not any("__pycache__" in name for name in names)
    assert (meta["version"], meta["@type"]) == (odssim.__version__, "SoftwareSourceCode")
    assert meta["license"][0].endswith("/MIT")


def test_the_metadata_name_what_is_installed():
    assert any(line.startswith("mesa") for line in codemeta(ROOT)["softwareRequirements"])
    assert "agent-based model" in codemeta(ROOT)["keywords"]


def test_outside_a_checkout_nothing_is_written(tmp_path):
    with pytest.raises(OdssimError, match="not a checkout"):
        write_bundle(tmp_path, tmp_path / "a.zip")
    with pytest.raises(OdssimError, match=r"ends in \.zip"):
        write_bundle(ROOT, tmp_path / "a.tar")
    assert list(tmp_path.iterdir()) == []
