"""Options shared by every method that sends people to places: how often, how long, when.

The lever ``visits`` reads them together with an entry's `fixed` settings:

========================  ==========================================================================
kind                      who comes: police, volunteer, guard (hosts too) or outreach worker
refer                     1 if they may bring people to care; else 0
may_search, may_arrest    1 if those who come may search a person, may arrest; else 0
stay_until_done           1 if a visit ends only when nothing has happened during its minutes
stash_search              probability that a seller at the place has the stash found, per visit;
                          the option `stash_find`, where an entry has it, takes its place
========================  ==========================================================================
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from odssim.core.declare import Option

Kind = Literal["police", "volunteer", "guard", "outreach"]
"""Who comes on a visit."""
WEEKDAYS = ("all", "mon_fri", "fri_sat")


def visit_options(
    *,
    visits_per_day: int,
    minutes: tuple[int, int],
    hours: tuple[float, float],
    weekdays: str = "all",
) -> tuple[Option, ...]:
    """Return the options of the lever ``visits`` with one method's own defaults.

    Parameters
    ----------
    visits_per_day
        Planned visits to each place on a day of duty.
    minutes
        Shortest and longest planned visit, whole minutes on site.
    hours
        Clock hours inside which every visit falls, 0 to 24.
    weekdays
        One of `WEEKDAYS`.
    """
    return (
        Option(
            "visits_per_day",
            "int",
            visits_per_day,
            "visits/day",
            "Planned visits to each place on a day of duty.",
            1,
            48,
        ),
        Option(
            "minutes",
            "range",
            minutes,
            "min",
            "Shortest and longest planned visit; each visit draws its length between them.",
            1,
            720,
        ),
        Option("hours", "range", hours, "h", "Clock hours inside which every visit falls.", 0, 24),
        Option(
            "irregular",
            "bool",
            True,
            "1",
            "Times drawn anew each day within the hours (true), or the timetable (false).",
        ),
        Option(
            "timetable",
            "times",
            (),
            "HH:MM",
            "Fixed starting times, used when irregular = false; left out: spread evenly over the hours.",
        ),
        Option(
            "weekdays",
            "choice",
            weekdays,
            "1",
            "Days of duty: all, Monday to Friday, or Friday and Saturday.",
            choices=WEEKDAYS,
        ),
    )


def visit_settings(
    kind: Kind,
    *,
    refer: bool = False,
    may_search: bool = False,
    may_arrest: bool = False,
    stay_until_done: bool = False,
) -> Mapping[str, Any]:
    """Return an entry's `fixed` settings of the lever ``visits``, as in the table above."""
    return {
        "kind": kind,
        "refer": int(refer),
        "may_search": int(may_search),
        "may_arrest": int(may_arrest),
        "stay_until_done": int(stay_until_done),
        "stash_search": 0.0,
    }
