"""An archive of the model as CoMSES asks for it: code, documents, licence, citation, metadata; no results."""

import io
import json
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import odssim
from odssim.core.files import check_files, write_files
from odssim.errors import OdssimError

FOLDERS = ("src", "scenarios", "experiments", "tests", "docs", "requirements", "benchmarks")
FILES = (
    "README.md", "ODD.md", "DECISIONS.md", "CHANGELOG.md", "LICENSE", "CITATION.cff", "Makefile", "pyproject.toml",
    ".python-version",
)  # fmt: skip
NEEDED = ("ODD.md", "LICENSE", "CITATION.cff", "pyproject.toml", "src/odssim/__init__.py")
LEFT_OUT = (".odssim-files", "__pycache__", ".pyc", ".egg-info", ".pytest_cache", ".mypy_cache", ".ruff_cache")
STAMP = (1980, 1, 1, 0, 0, 0)
"""The same time for every file: the archive depends on contents only."""
FILE_MODE = 0o100644 << 16


def write_bundle(root: Path, out: Path) -> int:
    """Write the archive of the checkout `root` to `out` and return the number of files in it.

    Raises OdssimError: if `root` is no checkout, or `out` cannot be a file.
    """
    missing = [name for name in NEEDED if not (root / name).is_file()]
    if missing:
        raise OdssimError(
            "--root = '{root}': not a checkout of odssim, {missing} is missing; run it where ODD.md lies",
            root=root,
            missing=missing[0],
        )
    if out.is_dir() or out.suffix != ".zip":
        raise OdssimError("--out = '{out}': must be a file whose name ends in .zip", out=out)
    check_files([out])
    contents = {"codemeta.json": json.dumps(codemeta(root), indent=2, ensure_ascii=False).encode() + b"\n"}
    contents |= {path: (root / path).read_bytes() for path in files_of(root)}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(contents):
            entry = zipfile.ZipInfo(f"odssim-{odssim.__version__}/{name}", STAMP)
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, FILE_MODE, 3
            archive.writestr(entry, contents[name])
    write_files({out: packed.getvalue()})
    return len(contents)


def files_of(root: Path) -> list[str]:
    """Return the paths of the archive, relative to `root`, sorted."""
    found = [root / name for name in FILES if (root / name).is_file()]
    for folder in FOLDERS:
        found += [path for path in (root / folder).rglob("*") if path.is_file()]
    names = {path.relative_to(root).as_posix() for path in found}
    return sorted(name for name in names if not any(word in name for word in LEFT_OUT))


def codemeta(root: Path) -> dict[str, Any]:
    """Return the metadata in the CodeMeta 3.0 vocabulary, from pyproject.toml and CITATION.cff."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    citation = (root / "CITATION.cff").read_text(encoding="utf-8")
    keywords = [line.strip(" -") for line in citation.split("keywords:\n")[1].splitlines() if line.startswith("  - ")]
    title = next(line.split(": ", 1)[1].strip('"') for line in citation.splitlines() if line.startswith("title:"))
    return {
        "@context": "https://w3id.org/codemeta/3.0", "@type": "SoftwareSourceCode", "name": "odssim", "headline": title,
        "description": project["description"], "version": odssim.__version__,
        "license": [f"https://spdx.org/licenses/{name.strip()}" for name in project["license"].split(" AND ")],
        "author": [{"@type": "Organization", "name": author["name"]} for author in project["authors"]],
        "programmingLanguage": {"@type": "ComputerLanguage", "name": "Python", "version": project["requires-python"]},
        "softwareRequirements": project["dependencies"], "keywords": keywords, "applicationCategory": "agent-based model",
        "operatingSystem": "any", "readme": "README.md", "softwareHelp": "ODD.md", "buildInstructions": "Makefile",
    }  # fmt: skip
