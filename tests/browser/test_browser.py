"""The main job in a real Chromium, by hand and by keyboard, with and without scripts, and axe."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: apt-get install chromium"),
    pytest.mark.xdist_group("browser"),
    # The driver of the browser leaves sockets to the collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
PAGES = [
    "/", "/plan/", "/plan/board/", "/plan/requests/", "/plan/workload/", "/plan/time-off/",
    "/plan/can-i/?title=Keynote&hours=24&by=2030-01-10&travel=2d", "/programs/", "/unsorted/", "/experiments/", "/absence-check/", "/programs/hackathons/playbook/",
    "/programs/hackathons/handover/", "/programs/small-group-conversations/",
    "/programs/hackathons/edit/", "/community/", "/community/erase/?who=nobody", "/community/people/", "/community/people/new/",
    "/community/people/same/", "/community/reach/", "/community/reach/answers/", "/community/feedback/", "/community/peers/",
    "/year/", "/accuracy/", "/log/",
    "/log/?kind=talk", "/log/changes/", "/import/", "/settings/", "/capture/",
    "/new/activity/", "/new/event/",
    "/metrics/", "/catalogue/", "/targets/", "/catalogue/choose/",
    "/new/metric/", "/review/", "/content/", "/public/",
]  # fmt: skip


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    """The example year, served; the address and a link into it."""
    home = tmp_path_factory.mktemp("example")
    process = subprocess.Popen(
        [str(Path(sys.executable).with_name("almanac")), "demo", "--no-browser", "--port", "0"],
        env={"PATH": os.environ["PATH"], "ALMANAC_HOME": str(home), "TZ": "Europe/Berlin"},
        stdout=subprocess.PIPE,
        text=True,
    )
    link = None
    while link is None:
        link = re.search(r"http://\S+", process.stdout.readline())
    yield link[0]
    process.terminate()
    process.communicate(timeout=20)


@pytest.fixture(scope="module")
def chromium():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def state(chromium, example, tmp_path_factory):
    """The cookie that the one-time link gives, for every context of this module."""
    file = tmp_path_factory.mktemp("state") / "state.json"
    context = chromium.new_context()
    page = context.new_page()
    page.goto(example)
    assert "Next events" in page.inner_text("main")
    context.storage_state(path=file)
    context.close()
    return file


@pytest.fixture
def open_page(chromium, state, example):
    """Open a page of the example; errors in its console fail the test."""
    base = re.match(r"http://[^/]+", example)[0]
    contexts = []
    problems = []

    def opener(path="/", *, width=1280, dark=False, scripts=True):
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            storage_state=state,
            java_script_enabled=scripts,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on(
            "console",
            lambda message: problems.append(message.text) if message.type == "error" else None,
        )
        page.on("pageerror", lambda error: problems.append(str(error)))
        response = page.goto(base + path)
        assert response.status == 200, path
        return page

    yield opener
    for context in contexts:
        context.close()
    assert problems == []


def axe_findings(page):
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [
        (one["id"], one["nodes"][0]["html"][:120], one["nodes"][0]["failureSummary"])
        for one in found
        if one["impact"] in {"serious", "critical"}
    ]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_serious_and_nothing_overflows(open_page, path, dark):
    page = open_page(path, width=390 if dark else 1280, dark=dark)

    assert axe_findings(page) == []
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= (390 if dark else 1280)


def test_guess_first_then_read_what_to_expect(open_page):
    page = open_page("/")
    page.click("text=Breaking into tech, fourth conversation")
    assert "Expect about" not in page.inner_text("main")
    assert axe_findings(page) == []
    page.click("main .two >> text=Guess")
    assert axe_findings(page) == []
    for name, value in (("low", "5"), ("high", "25"), ("best", "11")):
        page.fill(f"#{name}", value)
    page.click("text=Save and show the forecast")

    assert "Expect about" in page.inner_text(".lede")
    assert "only you see this" in page.inner_text("aside")
    assert page.locator("svg.dots.wide circle").count() == 20
    page.fill("#reach", "12")
    page.click("text=Ask")
    assert re.search(r"12 people or more: .*\s%\schance", page.inner_text(".note[role=status]"))
    assert axe_findings(page) == []


def test_n_captures_on_every_page_and_can_be_undone(open_page):
    page = open_page("/programs/")
    page.keyboard.press("n")
    page.keyboard.type("Gave the API talk at PyTexas, 80 people, 6h")
    page.wait_for_selector("dialog .understood:has-text('80 =')")
    assert axe_findings(page) == []
    page.keyboard.press("Enter")
    page.wait_for_selector(".flash:has-text('Logged')")
    assert page.url.endswith("/programs/")

    page.click(".flash >> text=Undo")
    page.wait_for_selector(".flash:has-text('Undone')")


def test_chips_correct_a_line_by_keyboard_and_by_click(open_page):
    page = open_page("/")
    page.fill("main .capture textarea", "Docs evening about tests, 31/13, 40 people")
    page.wait_for_selector("main .understood:has-text('Not understood: 31/13')")
    page.select_option("main .understood select[name=kind]", "workshop")
    page.select_option("main .understood select[name=meaning-attended]", "signups")
    assert axe_findings(page) == []
    page.click("main .capture .row button")
    page.wait_for_selector(".note:has-text('Not understood: 31/13')")

    assert "workshop" in page.inner_text("#facts")
    assert axe_findings(page) == []


def test_a_fact_is_changed_where_it_stands_and_escape_leaves_it(open_page):
    page = open_page("/log/")
    page.click("main .line a >> nth=0")
    page.click("#facts .fact >> nth=0")
    page.wait_for_selector(".inplace select")
    assert page.evaluate("document.activeElement.name") == "kind"
    assert axe_findings(page) == []
    page.keyboard.press("Escape")
    page.wait_for_selector("#facts .fact >> nth=0")
    page.focus("#facts .fact >> nth=0")
    page.keyboard.press("Enter")
    page.select_option(".inplace select", "meeting")
    page.click(".inplace button")
    page.wait_for_selector(".flash:has-text('Changed')")

    assert page.inner_text("#facts .fact >> nth=0") == "meeting"


def test_n_typed_into_a_field_is_only_a_letter(open_page):
    page = open_page("/community/")
    page.focus("#said")
    page.keyboard.type("nn")

    assert page.input_value("#said") == "nn"
    assert not page.locator("dialog[open]").count()


def test_the_keyboard_reaches_the_main_job(open_page):
    page = open_page("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the page"
    page.keyboard.press("Enter")
    seen = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.textContent.trim()"))
    assert {"Guess", "No idea, show the forecast", "Save"} <= seen


def test_everything_works_without_scripts(open_page):
    page = open_page("/", scripts=False)
    page.fill("main .capture textarea", "Gave a talk without scripts, 2h")
    page.click("main .capture >> text=Save")
    assert "Logged “Gave a talk without scripts" in page.inner_text(".flash")
    page.click(".flash >> text=Undo")
    page.click("nav >> text=New")
    assert page.url.endswith("/capture/")
    page.click("nav >> text=Plan")
    page.click("text=Board")
    assert page.inner_text("h1") == "Board"
    page.click("text=begin →")
    assert "from planned to in progress" in page.inner_text(".flash")
    page.click("main nav >> text=Requests")
    page.fill("#title", "Judge a final")
    page.locator("form:has(#title) button").click()
    assert "Judge a final" in page.inner_text("main")


def test_a_card_is_dragged_and_moved_by_keyboard(open_page):
    page = open_page("/plan/board/")
    card = page.locator("[data-status=planned] .card").first
    title = card.locator("a").first.inner_text()
    # Near its top: further down the page would scroll while the card is held.
    card.drag_to(page.locator("[data-status=doing]"), target_position={"x": 60, "y": 20})
    page.wait_for_selector(f"[data-status=doing] >> text={title}")

    page.locator(f"[data-status=doing] .card >> text={title}").focus()
    page.keyboard.press("[")
    page.wait_for_selector(f"[data-status=planned] >> text={title}")


def test_print_leaves_the_chrome_out(open_page):
    page = open_page("/year/")
    page.emulate_media(media="print")

    assert not page.is_visible(".masthead nav")
    assert page.is_visible("h1")
