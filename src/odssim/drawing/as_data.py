"""Pictures inside the page: as ``data:`` addresses, equal figures as equal bytes."""

import base64
from io import BytesIO
from typing import Any

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from odssim.drawing import style

MAP_DPI = 170
SVG_SETTINGS: dict[Any, Any] = {"svg.hashsalt": "odssim", "svg.fonttype": "path"}


def as_png(figure: Figure) -> str:
    """Return a figure as an address of PNG data: for maps, whose colours run smoothly."""
    with style.settings():
        FigureCanvasAgg(figure)
        data = BytesIO()
        figure.savefig(data, format="png", dpi=MAP_DPI, facecolor=style.PAGE, metadata={"Software": None})
    return "data:image/png;base64," + base64.b64encode(data.getvalue()).decode("ascii")


def as_svg(figure: Figure) -> str:
    """Return a figure as an address of SVG data: for charts, sharp at every size and small."""
    with style.settings(), matplotlib.rc_context(SVG_SETTINGS):
        FigureCanvasSVG(figure)
        data = BytesIO()
        figure.savefig(data, format="svg", facecolor=style.PAGE, metadata={"Date": None, "Creator": None})
    return "data:image/svg+xml;base64," + base64.b64encode(data.getvalue()).decode("ascii")
