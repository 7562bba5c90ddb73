"""The live page as a teacher uses it."""

import json
import time
from pathlib import Path
from urllib.parse import quote

import pytest

from browser.conftest import READY, SLOW_MS, ready, started
from browser.frames import NOON, frames_a_second, play_city

pytestmark = pytest.mark.browser
AXE = Path(__file__).parent / "axe" / "axe.min.js"
SERIOUS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
PATROL = {"type": "fifteen_minute_patrol", "day": 21, "weeks": 12, "places": [701]}
LEAST_FPS = 30
ALIVE_S = 5


def link(address, minute=NOON, **parts):
    return f"{address}#w=town&s=1&t={minute}&l=en" + "".join(f"&{key}={quote(str(v))}" for key, v in parts.items())


def at_minute(page, minute):
    page.wait_for_function(f"() => odssim.state.minute === {minute} && !odssim.state.busy")


def picture(page):
    """Return all that the maps show: where the dots are, the glow, the scenes, the charts' rows."""
    return page.evaluate(
        """() => JSON.stringify(odssim.names.map((name) => { const p = odssim.panes[name], n = p.dots.n;
        return [n, [...p.dots.look], Array.from({ length: n }, (_, i) => p.dots.look[i] ? p.dots.at(i, 1e9) : 0),
        p.glow, p.scenes, p.rows, odssim.state.minute, odssim.view, odssim.place]; }))"""
    )


def test_a_cold_start_is_alive_by_itself_and_asks_nobody_else(page, address):
    started = time.perf_counter()
    page.goto(address)
    ready(page)
    seconds = time.perf_counter() - started
    first = page.evaluate("odssim.state.minute")
    page.wait_for_function(f"() => odssim.state.minute > {first}")
    assert page.evaluate("odssim.panes.a.scenes.length") > 0
    assert page.inner_text("#modelled").startswith("Modelled")
    assert all(url.startswith(address) for url in page.requests_made)
    print(f"ready after {seconds:.1f} s")
    assert page.is_visible("#welcome")
    page.click("#welcome-lesson")
    assert page.locator("[data-lesson]").count() == 5
    assert not page.is_visible("#welcome")


def test_nothing_on_the_page_needs_more_than_its_policy_allows(chromium, address):
    context = chromium.new_context(viewport={"width": 1280, "height": 720})
    page, faults = context.new_page(), []
    page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    response = page.goto(address)
    assert "unsafe-eval" not in response.headers["content-security-policy"]
    page.locator("#all-charts canvas").first.wait_for(timeout=SLOW_MS)
    for tab in ("methods", "place", "lessons"):
        page.click(f"#tab-{tab}")
    page.locator("[data-lesson]").first.click()
    page.locator("#lesson-text").wait_for(timeout=SLOW_MS)
    context.close()
    assert faults == []


def test_behind_a_base_path_the_page_lives(chromium):
    process, (link, _) = started("--origin", "https://example.org", "--base-path", "/odssim")
    context = chromium.new_context(bypass_csp=True)
    page = context.new_page()
    page.goto(link.rstrip("/"))
    page.wait_for_function(READY, timeout=SLOW_MS)
    assert page.url.startswith(link)
    context.close()
    process.terminate()
    process.wait(10)


def test_the_second_visit_is_alive_within_five_seconds(page, address):
    page.goto(address)
    ready(page)
    started = time.perf_counter()
    page.goto(f"{address}#l=sv")
    page.reload()
    ready(page)
    first = page.evaluate("odssim.state.minute")
    page.wait_for_function(f"() => odssim.state.minute > {first}")
    assert time.perf_counter() - started < ALIVE_S


def test_play_pause_speed_and_days(page, address):
    page.goto(link(address))
    ready(page)
    assert "Play" in page.inner_text("#play")
    page.click("#play")
    page.wait_for_function(f"() => odssim.state.minute > {NOON}")
    page.click("#play")
    page.wait_for_function("() => !odssim.state.playing")
    time.sleep(0.5)  # the last frame is still under way
    stands = page.evaluate("odssim.state.minute")
    page.click("#on")
    at_minute(page, stands + 1440)
    page.click("#back")
    page.click("#back")
    at_minute(page, stands - 1440)


def test_a_method_is_dragged_onto_a_place_and_tried_in_b(page, address):
    page.goto(link(address))
    ready(page)
    page.click("#tab-methods")
    x, y, ratio = page.evaluate("[...odssim.panes.a.spot(701), odssim.panes.a.ratio]")
    page.drag_and_drop("[data-method=fifteen_minute_patrol]", ".pane.a", target_position={"x": x / ratio, "y": y / ratio})
    assert "Central" in page.inner_text("#editor")
    page.get_by_label("Visits to each place a day").fill("8")
    page.click("text=Try it in B")
    page.wait_for_function("() => odssim.names.length === 2 && !odssim.state.busy && odssim.panes.b.dots.n > 0")
    plan = page.evaluate("odssim.state.plan")
    assert plan["a"] == []
    assert (plan["b"][0]["places"], plan["b"][0]["day"], plan["b"][0]["options"]) == ([701], 21, {"visits_per_day": 8})
    assert page.locator(".pane").count() == 2
    page.locator("#seek").fill("40")
    page.wait_for_function("() => odssim.moves && odssim.moves.before > 0")
    assert page.evaluate("odssim.panes.a.clock.to === odssim.panes.b.clock.to")
    assert "prevented" in page.inner_text("#fates")
    page.click("[data-view=difference]")
    assert "B less A" in page.inner_text(".pane .name")


def test_a_shared_link_shows_the_same_picture(chromium, page, address):
    page.goto(link(address, minute=NOON + 6 * 1440, b=json.dumps([PATROL]), v="both", p=701))
    ready(page)
    page.wait_for_function("() => odssim.panes.b.rows.length > 20")
    page.click("#play")
    page.wait_for_function(f"() => odssim.state.minute > {NOON + 6 * 1440 + 30}")
    page.click("#play")
    page.wait_for_function("() => !odssim.state.playing && location.hash.includes(`t=${odssim.state.minute}`)")
    time.sleep(0.5)
    other = chromium.new_context(viewport={"width": 1280, "height": 720}, bypass_csp=True).new_page()
    other.set_default_timeout(120_000)
    other.goto(page.url)
    other.wait_for_function(READY)
    other.wait_for_function("() => odssim.panes.b.rows.length > 20")
    time.sleep(0.5)
    assert picture(other) == picture(page)
    assert other.evaluate("location.hash") == page.evaluate("location.hash")
    other.context.close()


def test_both_languages_and_no_word_left_over(page, address):
    page.goto(link(address))
    ready(page)
    for tab in ("methods", "place", "lessons", "charts"):
        page.click("[data-language=sv]")
        page.wait_for_function("() => document.documentElement.lang === 'sv'")
        page.click(f"#tab-{tab}")
        text = page.inner_text("body")
        assert "_" not in text, [line for line in text.splitlines() if "_" in line]
    assert "Öppna affärer per dag" in page.inner_text("#charts")
    assert "l=sv" in page.url
    page.click("[data-language=en]")
    page.wait_for_function("() => document.querySelector('#tab-charts').textContent === 'Charts'")


def test_everything_by_keyboard(page, address):
    page.goto(link(address))
    ready(page)
    page.locator(".pane.a").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("() => odssim.card !== null")
    assert "conditions" in page.inner_text("#place")
    page.keyboard.press("Escape")
    page.locator("body").evaluate("document.activeElement.blur()")
    page.keyboard.press("Space")
    page.wait_for_function("() => odssim.state.playing")
    page.keyboard.press("Space")
    page.wait_for_function("() => !odssim.state.playing")
    page.keyboard.press("m")
    page.keyboard.type("15")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    page.evaluate("document.querySelector('#search').value = ''")
    page.locator("[data-method=cameras]").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#editor")
    page.keyboard.press("Enter")
    page.wait_for_function("() => odssim.state.plan.a.length === 1 && !odssim.state.busy")
    page.locator("#tab-methods").focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.id") == "tab-place"
    page.keyboard.press("s")
    assert "open deals" in page.inner_text("#summary")


@pytest.mark.parametrize("lesson", ["born", "fifteen", "moves", "recorded", "partnership"])
def test_a_lesson_from_first_to_last_step_in_both_languages(page, address, lesson):
    page.goto(link(address))
    ready(page)
    page.click("#tab-lessons")
    page.click(f"[data-lesson={lesson}]")
    page.wait_for_selector("#lesson-text")
    steps = page.evaluate("odssim.lesson.steps")
    for number, step in enumerate(steps):
        page.wait_for_function(f"() => odssim.step === {number} && !odssim.state.playing && !odssim.state.busy")
        if step["until_day"]:
            page.wait_for_function(f"() => !odssim.state.playing && odssim.state.minute === {1440 * step['until_day']}")
        assert page.locator(".figures .chart:not(.fates)").count() == len(step["charts"])
        if step["question"]:
            page.locator("#lessons fieldset button").first.click()
        for language in ("sv", "en"):
            page.click(f"[data-language={language}]")
            begins = f"startsWith({head(step, language)})"
            page.wait_for_function(f"() => document.querySelector('#lesson-text').innerText.{begins}")
            shown = page.inner_text("#lessons")
            assert "_" not in shown
            assert step["question"] is None or step["question"]["answer"][language] in shown
        if number + 1 < len(steps):
            page.click("#next-step")
    page.locator("#lessons button.main").last.click()
    assert page.locator("[data-lesson]").count() == 5


def head(step, language):
    """Return the first paragraph of a step as a string of the page's scripts."""
    return json.dumps(step["text"][language].split("\n")[0])


def test_where_deals_went_is_counted_beside_its_lesson(page, address):
    page.goto(link(address, minute=40 * 1440, b=json.dumps([{**PATROL, "day": 14}]), v="difference", k="moves", n=1))
    ready(page)
    page.wait_for_function("() => odssim.moves && odssim.moves.before > 0")
    followed = page.evaluate("odssim.moves")
    assert followed["arrows"]
    fates = page.inner_text(".figures .fates")
    for word in ("left the map", "other way", "prevented", "purchases of all kinds", "interval not known"):
        assert word in fates
    assert fates.index("purchases of all kinds") < fates.index("prevented"), "what is left in sum comes first"
    assert "all purchases" in page.inner_text(".pane .name")
    assert "interval not known" in page.inner_text(".pane .name")


def test_a_class_watches_its_teacher(chromium, page, classroom):
    teacher_link, class_link = classroom
    page.goto(teacher_link)
    ready(page)
    pupil = chromium.new_context(viewport={"width": 1000, "height": 700}, bypass_csp=True).new_page()
    pupil.goto(class_link)
    pupil.wait_for_function(READY)
    assert pupil.is_disabled("#play")
    pupil.evaluate("() => { const play = document.querySelector('#play'); play.disabled = false; play.click(); }")
    pupil.wait_for_function("() => document.querySelector('#toast').textContent.includes('only the teacher steers')")
    page.click("[data-view=both]")
    pupil.wait_for_function("() => odssim.names.length === 2 && odssim.view === 'both'")
    pupil.context.close()


def test_who_has_no_token_is_told_and_sees_nothing(page, classroom):
    page.goto(classroom[0].split("?")[0] + "?token=guess#l=sv")
    page.wait_for_function("() => document.querySelector('#busy-text').textContent.includes('länken som läraren fick')")
    assert page.evaluate("odssim.world") is None
    assert "_" not in page.inner_text("body")


def test_reduced_motion_starts_in_peace(chromium, address):
    context = chromium.new_context(reduced_motion="reduce", bypass_csp=True)
    page = context.new_page()
    page.goto(address)
    page.wait_for_function(READY)
    assert not page.evaluate("odssim.state.playing")
    context.close()


@pytest.mark.parametrize("language", ["en", "sv"])
@pytest.mark.parametrize("tab", ["charts", "methods", "place", "lessons", "lesson", "help", "cold"])
def test_axe_finds_nothing(page, address, tab, language):
    where = {"place": link(address, p=701), "cold": f"{address}#l=en", "lesson": link(address, k="recorded", n=0)}
    page.goto(where.get(tab, link(address, b=json.dumps([PATROL]), v="both")).replace("l=en", f"l={language}"))
    ready(page)
    if tab in ("charts", "methods", "place", "lessons"):
        page.click(f"#tab-{tab}")
    if tab == "help":
        page.click("#help")
    if tab == "methods":
        page.click("[data-method=fifteen_minute_patrol]")
    if tab == "place":
        page.wait_for_function("() => odssim.card !== null")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    result = page.evaluate("(tags) => axe.run(document, { runOnly: tags })", SERIOUS)
    found = [(v["id"], [node["target"] for node in v["nodes"]][:4]) for v in result["violations"]]
    assert len(result["passes"]) > (8 if tab == "help" else 15)  # behind a dialog nothing is looked at
    assert found == []


def test_ten_thousand_dots_at_thirty_frames_a_second(page, address):
    assert play_city(page, address) == 10_000
    fps, cost_ms = frames_a_second(page)
    print(f"{fps:.0f} frames a second; a frame of 10,000 dots costs {cost_ms:.1f} ms of the page's thread")
    assert fps >= LEAST_FPS
