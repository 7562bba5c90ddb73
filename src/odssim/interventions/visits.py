"""Options shared by every method that sends people to places: how often, how long, when.

The lever ``visits`` reads them together with an entry's `fixed` settings:

========================  ==========================================================================
may_search, may_arrest    1 if those who come may search a person, may arrest; else 0
volunteer                 1 if they are not paid staff of an authority
stay_until_done           1 if a visit ends only when nothing has happened during its minutes
stash_search              probability that a seller at the place has the stash found, per visit
========================  ==========================================================================
"""

from __future__ import annotations

from odssim.core.declare import Option

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
