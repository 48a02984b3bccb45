"""Two answers in the browser: side by side, swiped, with causes; journeys of one's choice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.seen import COMPARED, MOST, NEEDED, Served, faults, opened, shown

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = NEEDED


def test_two_maps_show_the_same_part_of_the_world(browser: Browser, served: Served) -> None:
    seen = opened(browser, f"{served.address}/?scenario=wide&against=&table=flows")
    page = seen.page
    page.click("text=Side by side")
    shown(page, COMPARED)
    for number in (1, 2):
        page.wait_for_selector(f".two .one:nth-child({number}) canvas", timeout=MOST)
    assert "maps=side" in page.url
    assert page.locator(".two .title").all_inner_texts() == ["as it stands", "A wide <border>"]

    page.click("text=Swipe")
    page.wait_for_selector(".two.swipe input")
    page.locator(".two.swipe input").press("ArrowLeft")
    assert page.locator(".two").get_attribute("style") == "--edge: 49%;"
    assert faults(page) == []

    page.click("role=button[name=Change]")
    page.wait_for_selector(".two", state="detached")
    assert seen.wrong == []
    page.close()


def test_differences_say_because_of_what(browser: Browser, served: Served) -> None:
    page = opened(browser, f"{served.address}/?scenario=wide&against=&table=flows").page
    page.fill("input[type=search]", "check")
    assert "capacity" in page.inner_text(".rows tbody .cause >> nth=0")
    page.click("role=tab[name='What was changed']")
    shown(page, COMPARED)
    assert "check" in page.inner_text(".rows tbody")
    page.close()


def test_any_journey_has_its_staircase(browser: Browser, served: Served) -> None:
    page = opened(browser, f"{served.address}/?table=flows").page
    page.click("role=tab[name=Charts]")
    page.wait_for_selector(".journey select", timeout=MOST)
    page.select_option(".journey select", index=1)
    page.wait_for_selector(".chosen figcaption", timeout=MOST)
    assert "journey=" in page.url
    assert page.locator(".chosen img").evaluate("each => each.decode().then(() => 1)") == 1
    assert faults(page) == []
    page.close()
