"""The command that runs a study: ``odssim batch STUDY``, and plan, work and merge for clusters of scripts."""

from __future__ import annotations

import shlex
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from odssim.cli.inputs import AsJson, Workers
from odssim.cli.output import Progress, message, print_json, print_rows, progress_bar
from odssim.cli.writing import claim_folder
from odssim.language.written import grouped

if TYPE_CHECKING:
    from odssim.studies.study import Estimate, Study, Summary

INTERRUPTED = 130
SOME_FAILED = 1
EVERY_S = 30.0
"""Without a terminal, a line of progress at most so often."""
MOST_ERRORS = 5
HEADLINE = ("open_deals", "hidden_deals", "n_scenes", "arrests", "deaths", "cost_sek")


def _located(study: Path) -> Path:
    from odssim.scenario.shipped import located

    return Path(located(study))


StudyFile = Annotated[
    Path, typer.Argument(metavar="STUDY", help="A study file (TOML), or a shipped one's name.", callback=_located)
]
Store = Annotated[
    Path | None, typer.Option(metavar="FILE", help="SQLite file; default results/<name of the study file>.sqlite.")
]


class StudyGroup(TyperGroup):
    """``odssim batch STUDY`` is ``odssim batch run STUDY``; a file called like a command is written ./plan."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put ``run`` in front of what is no command."""
        if args and args[0] not in self.commands and args[0] != "--help":
            args = ["run", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=StudyGroup,
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Run a study: odssim batch STUDY [OPTIONS], the same as odssim batch run STUDY.",
)


@app.command("run", short_help="Run a study, or go on with it (the word run may be left out).")
def run(
    study: StudyFile,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say how many runs, minutes and megabytes.")] = False,
    workers: Workers = None,
    engine: Annotated[str, typer.Option(metavar="local|dask", help="Where runs are done.")] = "local",
    scheduler: Annotated[str | None, typer.Option(metavar="ADDRESS", help="Dask: tcp://host:8786.")] = None,
    place_days: Annotated[bool, typer.Option("--place-days", help="Also keep every place of every day.")] = False,
    store: Store = None,
    retry_failed: Annotated[bool, typer.Option("--retry-failed", help="Do failed runs again.")] = False,
    export: Annotated[
        list[str] | None, typer.Option(metavar="FORMAT", help="parquet, csv, csv-semicolon, excel or stata; repeatable.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for exports; default results/<study>.")] = None,
    as_json: AsJson = False,
) -> None:
    """Run what is missing of a study; the same command again goes on.

    Exit codes: 0 all done, 1 some runs failed, 2 bad input, 130 interrupted.
    """
    _check_engine(engine, scheduler)
    formats = _formats(export)
    tables = out or Path("results") / study.stem
    for name in formats:
        claim_folder(tables / name)
    from odssim.studies.study import load_study

    checked = load_study(study)
    checked = replace(checked, place_days=True) if place_days else checked
    file = store or Path("results") / f"{study.stem}.sqlite"
    if dry_run:
        from odssim.studies.study import estimate

        _print_estimate(estimate(checked, file, workers=workers), as_json)
        return
    summary = _run(checked, file, workers, scheduler if engine == "dask" else None, retry_failed)
    if formats:
        _export(checked, file, tables, formats)
    _report(checked, file, summary, as_json)


@app.command("plan", short_help="Write shards and a SLURM array script.")
def plan(
    study: StudyFile,
    shards: Annotated[int, typer.Option(min=1, max=10_000, help="Number of shards.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for them.")],
) -> None:
    """Divide a study into shards of about equal work, with a SLURM array script."""
    from odssim.studies.study.shards import plan_shards

    sizes = plan_shards(study, shards, out)
    typer.echo(f"{sum(sizes)} runs in {len(sizes)} shards; submit from {out}: sbatch array.sh")


@app.command("work", short_help="Do one shard.")
def work(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that plan has written.")],
    shard: Annotated[int, typer.Argument(metavar="I", help="Number of the shard, from 1.")],
    workers: Annotated[int, typer.Option(min=1, help="Processes.")] = 1,
) -> None:
    """Do the runs of one shard; the same command again goes on."""
    from odssim.studies.study.shards import work_on

    with resumable(), run_progress(f"shard {shard}") as progress:
        summary = work_on(folder, shard, workers=workers, progress=progress)
    message(f"shard {shard}: {summary.n_new} runs done now, {summary.n_failed} failed in all")
    raise typer.Exit(SOME_FAILED if summary.n_failed else 0)


@app.command("merge", short_help="Put the shards into one store.")
def merge(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that plan has written.")],
    store: Annotated[Path, typer.Option(metavar="FILE", help="SQLite file.")],
    as_json: AsJson = False,
) -> None:
    """Put the runs of all shards into one store; exit code 1 if some failed or are missing."""
    from odssim.studies.study.shards import merge as merge_shards

    summary = merge_shards(folder, store)
    if as_json:
        print_json(asdict(summary))
    else:
        typer.echo(_in_words(summary, store))
    raise typer.Exit(SOME_FAILED if summary.n_failed or summary.n_missing else 0)


def _check_engine(engine: str, scheduler: str | None) -> None:
    from odssim.errors import ScenarioError
    from odssim.scenario.faults import nearest

    if engine not in ("local", "dask"):
        raise ScenarioError("no such engine", key="--engine", value=engine, remedy=nearest(engine, ("local", "dask")))
    if engine == "dask" and scheduler is None:
        raise ScenarioError("is missing", key="--scheduler", remedy="the address that dask scheduler prints")
    if engine == "local" and scheduler is not None:
        raise ScenarioError("is used only with --engine dask", key="--scheduler", value=scheduler)


def _formats(export: list[str] | None) -> list[str]:
    """Return the formats of exports, checked before anything is simulated."""
    if not export:
        return []
    from odssim.errors import ScenarioError
    from odssim.scenario.faults import nearest
    from odssim.studies.study.export import FORMATS

    for name in export:
        if name not in FORMATS:
            raise ScenarioError("no such format", key="--export", value=name, remedy=nearest(name, FORMATS))
    return list(dict.fromkeys(export))


def _run(study: Study, store: Path, workers: int | None, scheduler: str | None, retry_failed: bool) -> Summary:
    from odssim.studies.study import run_study
    from odssim.studies.study.workers import dask_executor

    engine = nullcontext((None, workers)) if scheduler is None else dask_executor(scheduler)
    with resumable(), engine as (executor, n), run_progress(study.name) as progress:
        return run_study(study, store, workers=n, executor=executor, progress=progress, retry_failed=retry_failed)


@contextmanager
def resumable() -> Iterator[None]:
    """Turn Ctrl-C into exit code 130 and a line that says how to go on."""
    try:
        yield
    except KeyboardInterrupt:
        message(f"interrupted; every finished run is stored. Go on with: odssim {shlex.join(sys.argv[1:])}")
        raise typer.Exit(INTERRUPTED) from None


@contextmanager
def run_progress(what: str) -> Iterator[Progress]:
    """Yield a function (done, total): a bar on a terminal, a line now and then in a log."""
    started, last = time.monotonic(), time.monotonic()
    first: int | None = None
    with progress_bar(what) as bar:

        def tell(done: int, total: int) -> None:
            nonlocal first, last
            first = done if first is None else first
            bar(done, total)
            now = time.monotonic()
            if now - last >= EVERY_S and not sys.stderr.isatty() and done > first:
                left_s = (now - started) / (done - first) * (total - done)
                message(f"{what}: {done} of {total} runs, about {duration(left_s)} left")
                last = now

        yield tell


def duration(seconds: float) -> str:
    """Return a time in words that fit its length."""
    if seconds < 100:
        return f"{grouped(seconds)} s"
    return f"{grouped(seconds / 60)} min" if seconds < 6000 else f"{grouped(seconds / 3600, 1)} h"


def _print_estimate(estimate: Estimate, as_json: bool) -> None:
    if as_json:
        print_json(asdict(estimate))
        return
    if not estimate.n_missing:
        typer.echo(f"{estimate.n_runs} runs, all in the store: nothing to do")
        return
    typer.echo(
        f"{estimate.n_runs} runs, {estimate.n_missing} to do: about {duration(estimate.seconds)} on"
        f" {estimate.workers} workers and {grouped(estimate.megabytes, 1)} MB in the store (a probe run took"
        f" {duration(estimate.probe_s)})"
    )


def _export(study: Study, store: Path, out: Path, formats: list[str]) -> None:
    from odssim.studies.study.export import export

    for notice in export(store, study, out, formats):
        message(notice)
    message(f"tables in {', '.join(str(out / name) for name in formats)}")


def _report(study: Study, store: Path, summary: Summary, as_json: bool) -> None:
    """Print means per mix and what failed; leave with the exit code."""
    from odssim.studies.study import runs_table
    from odssim.studies.study.tables import options_of

    runs = runs_table(store, study)
    failed = runs[runs["status"] != "done"]
    means = runs[runs["status"] == "done"].groupby("mix", sort=False)[list(HEADLINE)].mean()
    order = [mix.id for mix in study.mixes if mix.id in means.index]
    set_in = options_of(runs)
    rows = [{"mix": mix, **set_in.get(mix, {}), **{name: float(means.loc[mix, name]) for name in HEADLINE}} for mix in order]
    if as_json:
        errors = failed[["key", "world", "mix", "replicate", "status", "error"]].to_dict("records")
        print_json({**asdict(summary), "store": str(store), "mixes": rows, "failed": errors})
    else:
        typer.echo(f"{study.name}: means per day of the window, over worlds and replicates. Every figure is modelled.")
        print_rows(rows, as_json=False)
        typer.echo(_in_words(summary, store))
        for _, one in failed.head(MOST_ERRORS).iterrows():
            message(f"{one['status']}: world {one['world']}, mix {one['mix']}, replicate {one['replicate']}: {one['error']}")
    raise typer.Exit(SOME_FAILED if summary.n_failed else 0)


def _in_words(summary: Summary, store: Path) -> str:
    missing = f", {summary.n_missing} missing" if summary.n_missing else ""
    return (
        f"{summary.n_done} of {summary.n_runs} runs done ({summary.n_new} now), {summary.n_failed} failed{missing};"
        f" store {store}"
    )
