"""What every answer of the door can do: short in print, a sentence or more, a table, a picture, a folder."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from odssim.door.arguments import door

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

MODELLED = "Every figure is modelled."


class Answer(ABC):
    """What a question has come to."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Let what takes arguments check them, as the functions of the door do."""
        super().__init_subclass__(**kwargs)
        for name in ("frame", "plot", "save"):
            setattr(cls, name, door()(getattr(cls, name)))

    @property
    @abstractmethod
    def title(self) -> str:
        """One short line: what was asked, and how much was run."""

    @abstractmethod
    def text(self) -> list[str]:
        """Return the answer in plain sentences, those of the command line."""

    @abstractmethod
    def frame(self) -> pd.DataFrame:
        """Return the main table, tidy: a row per observation, dates as dates, ``attrs["units"]`` by column or outcome."""

    @abstractmethod
    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Draw the main table onto axes, new ones if none are given, and return them."""

    @abstractmethod
    def save(self, folder: str | Path) -> Path:
        """Write all files into a folder, as the command's ``--out`` does, and return it.

        Raises OdssimError: if the folder holds anything that odssim did not write.
        """

    def __repr__(self) -> str:
        """Return the title in angle brackets."""
        return f"<odssim: {self.title}>"

    def _repr_html_(self) -> str:
        """Return title and sentences for a notebook."""
        lines = "<br>".join(map(escape, self.text()))
        return f"<p><b>{escape(self.title)}</b></p><p>{lines}</p><p><i>{MODELLED}</i></p>"


def table(rows: Iterable[Any], units: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Return rows, dictionaries or typed ones, as a frame; columns that hold ISO dates become dates.

    `units`: unit by column or by outcome; kept as ``attrs["units"]``.
    """
    import pandas as pd

    found = pd.DataFrame(list(rows))
    for column in ("day", "first_day", "last_day", "start", "end"):
        if column in found:
            found[column] = pd.to_datetime(found[column])
    found.attrs["units"] = dict(units or {})
    return found


def new_axes(ax: Axes | None) -> Axes:
    """Return the axes given, or those of a new figure that a notebook shows."""
    if ax is not None:
        return ax
    from matplotlib import pyplot

    return pyplot.subplots(layout="constrained")[1]


def intervals(ax: Axes | None, labels: list[str], values: Any, lows: Any, highs: Any, *, at: float, unit: str) -> Axes:
    """Draw one dot and interval a row, the first at the top, with a line at a value.

    `values`, `lows`, `highs`: float[rows]; NaN where nothing is known.
    `at`: where no effect lies.
    """
    import numpy as np

    ax = new_axes(ax)
    value, low, high = (np.array(part, dtype=np.float64) for part in (values, lows, highs))
    height = new_rows(ax, labels)
    ax.axvline(at, color="0.7", lw=1)
    ax.hlines(height, low, high, lw=2)
    ax.plot(value, height, "o")
    ax.set_xlabel(joined(ax.get_xlabel(), unit))
    return ax


def new_rows(ax: Axes, labels: Sequence[str]) -> list[float]:
    """Return the heights of rows with these labels, below the rows that the axes hold already."""
    held = {tick: text.get_text() for tick, text in zip(ax.get_yticks(), ax.get_yticklabels(), strict=True)}
    held = held if ax.has_data() else {}
    height = [min(held, default=len(labels)) - 1 - k for k in range(len(labels))]
    ax.set_yticks([*held, *height], [*held.values(), *labels])
    return height


def joined(held: str, added: str) -> str:
    """Return the text at an axis that holds one thing more: what is said already is not said again."""
    return "; ".join(dict.fromkeys([*filter(None, held.split("; ")), added]))
