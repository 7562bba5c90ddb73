"""A real server in a process of its own, and a page of the system's Chromium. `make browser` runs these tests."""

import os
import re
import shutil
import subprocess
import sys

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync")  # fmt: skip
READY = "() => window.odssim?.world && odssim.panes.a.dots.n > 0 && !odssim.state.busy && odssim.panes.a.rows.length > 0"
SLOW_MS = 120_000
# `bypass_csp` below: the page forbids scripts made from text, which is how a driver asks it something.


def browser_path():
    """Return where the system's Chromium is, None if there is none."""
    return os.environ.get("ODSSIM_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)


@pytest.fixture(scope="session")
def chromium():
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (extra browser)")
    path = browser_path()
    if path is None:
        pytest.skip("no Chromium on this machine: install the system's, or name one in ODSSIM_CHROMIUM")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()


def started(*arguments):
    """Return a server's process and the links that it printed."""
    command = [sys.executable, "-m", "odssim", "app", "--port", "0", *arguments]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    n_lines = 1 + arguments.count("--class") + arguments.count("--origin")
    lines = [process.stderr.readline() for _ in range(n_lines)]
    return process, [re.search(r"https?://\S+", line)[0] for line in lines]


@pytest.fixture(scope="session")
def address():
    process, (link,) = started()
    yield link
    process.terminate()
    process.wait(10)


@pytest.fixture(scope="session")
def classroom():
    process, links = started("--class")
    yield links
    process.terminate()
    process.wait(10)


@pytest.fixture
def page(chromium):
    context = chromium.new_context(viewport={"width": 1280, "height": 720}, locale="en-GB", bypass_csp=True)
    page = context.new_page()
    page.set_default_timeout(SLOW_MS)
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    page.requests_made = requests
    yield page
    context.close()
    assert faults == []


def ready(page):
    page.wait_for_function(READY)
