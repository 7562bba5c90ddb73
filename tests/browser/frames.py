"""Frames a second of the live page in headless Chromium without a GPU: `make frames` writes benchmarks/frames.json."""

import json
import os
import platform
import time
from pathlib import Path

from odssim import __version__

NOON = 20 * 1440 + 12 * 60
SECONDS, WARM_S = 5, 3
VIEWS = {"city_one_pane": "", "city_two_panes": "&b=%5B%5D&v=both"}
"""What is shown: the City of Stockholm once (10,000 dots), and twice on one clock."""
SIZES = ((1024, 768), (1440, 900), (1920, 1080))
OUT = Path(__file__).parents[2] / "benchmarks" / "frames.json"


def frames_a_second(page, seconds=SECONDS):
    """Return how often the page drew in a second, and its thread's time for one frame of the first pane, in ms."""
    count = "[odssim.drawn, performance.now()]"
    before = page.evaluate(count)
    time.sleep(seconds)
    after = page.evaluate(count)
    cost_ms = page.evaluate(
        """() => { const t = performance.now(); for (let k = 0; k < 60; k++) odssim.panes.a.draw(performance.now(), 1);
        return (performance.now() - t) / 60; }"""
    )
    return 1000 * (after[0] - before[0]) / (after[1] - before[1]), cost_ms


def play_city(page, address, view="city_one_pane"):
    """Open the City at noon and let it run at two minutes a frame; return the number of dots."""
    from browser.conftest import ready

    page.goto(f"{address}#w=city&t={NOON}&l=en&x=2{VIEWS[view]}")
    ready(page)
    page.wait_for_function("() => odssim.names.every((name) => odssim.panes[name].dots.n > 0)")
    page.click("#play")
    time.sleep(WARM_S)
    return page.evaluate("odssim.names.reduce((sum, name) => sum + odssim.panes[name].dots.n, 0)")


def main():
    """Measure all views and sizes, and write them down."""
    from playwright.sync_api import sync_playwright

    from browser.conftest import ARGUMENTS, SLOW_MS, browser_path, started

    process, (address,) = started()
    rows = []
    try:
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=browser_path(), args=list(ARGUMENTS))
            for width, height in SIZES:
                for view in VIEWS:
                    page = browser.new_page(viewport={"width": width, "height": height}, bypass_csp=True)
                    page.set_default_timeout(SLOW_MS)
                    n_dots = play_city(page, address, view)
                    fps, cost_ms = frames_a_second(page)
                    rows.append({"view": view, "width": width, "height": height, "n_dots": n_dots,
                                 "frames_a_second": round(fps, 1), "draw_ms": round(cost_ms, 2)})  # fmt: skip
                    print(rows[-1], flush=True)
                    page.close()
            version = browser.version
            browser.close()
    finally:
        process.terminate()
        process.wait(10)
    notes = {"odssim": __version__, "chromium": version, "python": platform.python_version(), "cores": os.cpu_count(),
             "load_at_the_end": round(os.getloadavg()[0], 1)}  # fmt: skip
    OUT.write_text(json.dumps({"frames": rows, "notes": notes}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
