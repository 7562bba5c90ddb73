"""The replay put together: packed data, words in the reader's language, one page."""

import json
from datetime import date, timedelta

import numpy as np
from markupsafe import Markup

from odssim.errors import ScenarioError
from odssim.language import language, say
from odssim.language.names import MONTHS, city_in_text
from odssim.language.templates import rendered
from odssim.language.written import DECIMAL_MARK, capitalised
from odssim.report.page.common import how, label_of
from odssim.report.page.source import Source
from odssim.report.page.where import maps_of, net_over_time
from odssim.report.replay.frames import as_text, frames_of, ground


def make_replay(source: Source) -> str:
    """Return the page that replays a run.

    Raises ScenarioError: if the folder is not that of one run.
    """
    if source.run is None:
        raise ScenarioError(
            "is a comparison; only a run can be replayed", file=str(source.path), remedy="name a folder of `odssim run`"
        )
    found = frames_of(source)
    targets = source.run.worked_at
    cells = {scene.name for scene in source.run.scenes.scenes}
    shown = np.array(sorted({*targets, *(source.city.place_index[name] for name in cells)}), dtype=np.int64)
    run = source.run
    data = {
        "ground": ground(source.city, shown), "frames": as_text(found.packed), "n": found.n, "step": found.step_days,
        "first": source.first.isoformat(), "targets": targets, "last": source.last.isoformat(),
        "open": _steps(run.series["open_deals"], found.step_days),
        "hidden": _steps(run.series["hidden_deals"], found.step_days),
        "recorded": _steps(run.series["recorded_sale"], found.step_days),
        "names": {str(source.city.place_index[name]): name for name in cells},
        "shaded": [_shaded(source, row["start"], row["end"], label_of(row["type"])) for row in run.process],
        "months": say(MONTHS).split(), "decimal": DECIMAL_MARK[language()],
        "words": {
            "summary": say("{day}: {deals} open deals at {places} places, {hidden} hidden deals, {recorded} recorded sales"),
            "play": say("Play"), "pause": say("Pause"),
        },
    }  # fmt: skip
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    return rendered(
        __package__, "replay.html", data=Markup(text), language=language(), title=source.scenarios[0]["name"],
        how=how(source), city=capitalised(city_in_text(source.city.name)), still=maps_of(source)[0],
        net=net_over_time(source, run), user_supplied=source.user_supplied,
        notices=". ".join(n.text for n in source.city.notices if "OpenStreetMap" in n.text),
    )  # fmt: skip


def _steps(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]], step_days: int) -> list[float]:
    """Return means a day of the days of each step."""
    return [round(float(values[k : k + step_days].mean()), 2) for k in range(0, len(values), step_days)]


def _shaded(source: Source, start: str, end: str, name: str) -> list[object]:
    """Return an intervention's first day and the day after its last, as days from the first, and its name."""
    days = [(date.fromisoformat(text) - source.first).days for text in (start, end)]
    n_days = (source.last + timedelta(days=1) - source.first).days
    return [max(0, days[0]), min(n_days, days[1]), name]
