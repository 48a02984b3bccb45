"""The atlas in a real browser: look, filter, compare, ask why, share it, lose the server."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.seen import (
    COMPARED,
    MOST,
    NEEDED,
    Served,
    faults,
    near,
    number,
    opened,
    rows,
    serve,
    shown,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = NEEDED


def test_look_filter_compare_ask_and_share(browser: Browser, served: Served) -> None:
    seen = opened(browser, served.address)
    page = seen.page

    # Look: the map is drawn, names are text whatever they hold.
    assert page.locator(".globe canvas").count() == 1
    assert "Azərbaycan" not in page.title()
    assert page.locator("script").count() == 1
    assert page.locator("text=<script>").count() > 0

    # Filter, and sort by the keyboard.
    everything = rows(page)
    page.fill("input[type=search]", "pipe")
    assert 0 < rows(page) < everything
    assert "filter=pipe" in page.url
    page.fill("input[type=search]", "")
    page.locator("th button", has_text="quantity").focus()
    page.keyboard.press("Enter")
    assert page.locator("th[aria-sort=ascending]").count() == 1

    # Arrows go from row to row.
    page.focus(".rows")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.locator(".rows tr.chosen").get_attribute("aria-rowindex") == "3"

    # A place leaves only its rows, and what goes there.
    page.goto(f"{served.address}/?pick=baku")
    shown(page)
    assert 0 < rows(page) < everything
    page.click("text=Show all")
    assert rows(page) == everything

    # Ask why a price is what it is: the parts add up, and the sources stand below.
    page.click("role=tab[name=Prices]")
    shown(page)
    page.fill("input[type=search]", "baku potash")
    page.locator("td.why button").first.click()
    page.wait_for_selector("aside .steps", timeout=MOST)
    parts = [number(each) for each in page.locator("aside .steps .figures").all_inner_texts()]
    assert sum(parts) == pytest.approx(number(page.inner_text("aside .key")), abs=0.02)
    page.wait_for_selector("aside .source", timeout=MOST)
    page.keyboard.press("Escape")
    assert page.locator("aside").count() == 0

    # Compare, and open the same in another window.
    page.fill("input[type=search]", "")
    page.select_option("select >> nth=0", "wide")
    shown(page)
    page.select_option('label:has-text("Compare") select', "")
    shown(page, COMPARED)
    assert page.locator("th", has_text="change").count() == 1
    told = page.inner_text("footer")
    shared = opened(browser, page.url)
    assert shared.page.inner_text("footer") == told
    assert shared.page.inner_text(".rows tbody") == page.inner_text(".rows tbody")

    # Nothing left this machine, and nothing was complained about.
    for each in (seen, shared):
        assert each.wrong == []
        assert [url for url in each.asked if not near(url, served.address)] == []
        each.page.close()


@pytest.mark.parametrize(
    "query", ["?table=prices&why=price:baku:potash", "?scenario=wide&against="]
)
def test_axe_finds_nothing(browser: Browser, served: Served, query: str) -> None:
    page = opened(browser, f"{served.address}/{query}").page

    assert faults(page) == []
    page.close()


def test_a_bid_that_falls_short_says_by_how_much(browser: Browser, served: Served) -> None:
    page = opened(browser, f"{served.address}/?table=orders").page
    assert rows(page) > 1
    page.locator("td.why button").first.click()
    page.wait_for_selector("aside .orders li", timeout=MOST)
    told = page.inner_text("aside .orders")
    assert any(word in told for word in ("It must pay", "bought; the next", "must ask", "sold"))

    assert faults(page) == []
    page.close()


def test_right_to_left_and_small_screens_lose_nothing(browser: Browser, served: Served) -> None:
    page = opened(browser, f"{served.address}/?table=prices").page
    for width, height, direction in ((1280, 720, "rtl"), (820, 1180, "ltr"), (820, 1180, "rtl")):
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("direction => { document.documentElement.dir = direction }", direction)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{wide} at {width} {direction}"
        assert page.locator(".rows tbody td").first.is_visible()
        assert page.locator(".globe canvas").is_visible()
    page.close()


def test_without_webgl_the_map_is_a_drawing(browser: Browser, served: Served) -> None:
    script = "HTMLCanvasElement.prototype.getContext = () => null"
    seen = opened(browser, served.address, script)

    assert seen.page.locator(".map img").evaluate("each => each.naturalWidth") > 0
    assert seen.wrong == []
    seen.page.close()


def test_a_map_whose_graphics_card_is_gone_becomes_a_drawing(
    browser: Browser, served: Served
) -> None:
    seen = opened(browser, served.address)
    seen.page.evaluate(
        "document.querySelector('.globe canvas').getContext('webgl2')"
        ".getExtension('WEBGL_lose_context').loseContext()"
    )

    seen.page.wait_for_selector(".map img", timeout=MOST)
    assert seen.page.locator(".globe canvas").count() == 0
    seen.page.close()


def test_a_scenario_without_an_answer_says_why(browser: Browser, served: Served) -> None:
    page = opened(browser, served.address).page
    page.select_option("select >> nth=0", "obliged")

    page.wait_for_selector(".pending .wrong", timeout=MOST)
    assert "k9" in page.inner_text(".pending .wrong")
    page.close()


def test_it_says_when_the_server_is_gone(browser: Browser, folder: Path) -> None:
    served = serve(str(folder))
    page = opened(browser, served.address).page
    os.kill(served.program.pid, signal.SIGKILL)
    served.program.communicate()
    page.select_option("select >> nth=0", "wide")

    page.wait_for_selector("p.wrong", timeout=MOST)
    assert "does not answer" in page.inner_text("p.wrong")

    # Started again at the same address, it shows what the page was about to show.
    again = serve(str(folder), "--port", served.address.rpartition(":")[2])
    page.click("text=Try again")
    shown(page)
    assert page.inner_text("footer").startswith("A wide <border>")
    page.close()
    again.end()
