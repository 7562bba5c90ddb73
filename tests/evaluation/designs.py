"""Design files for tests."""

from pathlib import Path

from odssim.evaluation.design.design_file import Design, load_design

GOOD = """
[design]
id = "good"
[inquiry]
estimands = ["OE_open", "TE_target"]
[data]
indicators = ["recorded_offences", "survey_problem"]
[data.places]
treated = 60
control = 60
exclude_within_m = 1500
displacement_range_m = 500
[data.timing]
pre = 24
post = 24
[data.counts]
mean = 30
dispersion = 0.05
place_drift_sd = 0.1
[answer]
primary = "permutation"
smallest_effect = 0.2
"""


def edited(text: str = GOOD, **tables: str) -> str:
    """Return the text with lines put in at the head of tables; a double underscore stands for a dot."""
    for name, lines in tables.items():
        header = f"[{name.replace('__', '.')}]"
        keys = {line.split("=")[0].strip() for line in lines.splitlines()}
        if f"{header}\n" not in text:
            text = text.rstrip("\n") + f"\n{header}\n"
        before, after = text.split(f"{header}\n", 1)
        own, bracket, rest = after.partition("\n[")
        kept = [line for line in own.splitlines() if line.split("=")[0].strip() not in keys]
        text = before + f"{header}\n{lines}\n" + "\n".join(kept) + bracket + rest
    return text


def design(folder: Path, **tables: str) -> Design:
    """Return the checked design of an edited file."""
    file = folder / "design.toml"
    file.write_text(edited(**tables), encoding="utf-8")
    return load_design(file)
