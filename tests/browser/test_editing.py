"""Changes of one's own: in forms and on the map, undone and redone to any point, and kept."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from tests.browser.seen import COMPARED, MOST, NEEDED, Served, faults, opened, shown

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = NEEDED


def test_a_leg_is_changed_undone_redone_and_kept(browser: Browser, served: Served) -> None:
    page = opened(browser, f"{served.address}/?table=flows&why=route:check:potash").page
    before = page.inner_text("footer")
    page.click("aside .editor summary")
    page.fill("aside .editor input[name=capacity]", "2000")
    page.click("text=Clear again")
    shown(page, COMPARED)
    after = page.inner_text("footer")

    assert after != before
    assert "capacity = 2000" in page.inner_text(".edits")
    assert page.locator("th", has_text="change").count() == 1

    # What is shown is shared: another window clears the same inputs and shows the same.
    shared = opened(browser, page.url).page
    assert shared.inner_text("footer") == after
    shared.close()

    page.click("text=Undo")
    shown(page, f"body[data-ready]:not({COMPARED})")
    assert page.inner_text("footer") == before
    page.click("text=Redo")
    shown(page, COMPARED)
    assert page.inner_text("footer") == after

    page.once("dialog", lambda dialog: dialog.accept("A wider border"))
    with page.expect_download() as download:
        page.click("text=Save as a scenario")
    kept = tomllib.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    assert download.value.suggested_filename == "a-wider-border.toml"
    assert kept["title"] == "A wider border"
    assert kept["change"] == [
        {"table": "legs", "where": {"leg": "check"}, "set": {"capacity": 2000}}
    ]
    page.close()


def test_a_leg_that_opens_later_is_opened(browser: Browser, served: Served) -> None:
    page = opened(browser, f"{served.address}/?table=flows&why=route:new:potash").page
    page.click("aside .editor summary")
    page.click("text=Open the leg")
    shown(page, COMPARED)

    assert "opens = –" in page.inner_text(".edits")
    assert page.locator("p.wrong").count() == 0
    page.close()


def test_a_duty_and_a_leg_are_added_and_any_moment_is_gone_back_to(
    browser: Browser, served: Served
) -> None:
    page = opened(browser, f"{served.address}/?table=restrictions").page
    before = page.inner_text("footer")
    page.click("text=Add …")
    page.wait_for_selector("dialog[open] form")
    assert "Share of the CIF price" in page.inner_text("dialog[open]")
    assert faults(page) == []

    # What the study does not take is told in the form, and changes nothing.
    page.fill("dialog[open] input[name=good]", "potas")
    page.fill("dialog[open] input[name=ad_valorem]", "0.1")
    page.click("dialog[open] button[type=submit]")
    page.wait_for_selector("dialog[open] .wrong", timeout=MOST)
    assert "potash" in page.inner_text("dialog[open] .wrong")
    assert page.inner_text("footer") == before
    page.fill("dialog[open] input[name=good]", "potash")
    page.click("dialog[open] button[type=submit]")
    shown(page, COMPARED)
    first = page.inner_text("footer")

    # A leg between two places.
    _join_two_places(page)
    page.fill("dialog[open] input[name=cost]", "1")
    assert float(page.input_value("dialog[open] input[name=length_km]")) > 0
    page.click("dialog[open] button[type=submit]")
    page.wait_for_selector(".edits li:nth-child(3).now", timeout=MOST)
    shown(page, COMPARED)
    assert page.inner_text("footer") not in (first, before)

    # Back to before all, and forth to the first change.
    page.click(".edits li:nth-child(1) button")
    shown(page, f"body[data-ready]:not({COMPARED})")
    assert page.inner_text("footer") == before
    assert page.locator(".edits li.undone").count() == 2
    page.click(".edits li:nth-child(2) button")
    shown(page, COMPARED)
    assert page.inner_text("footer") == first
    page.keyboard.press("Control+Shift+Z")
    page.wait_for_selector(".edits li:nth-child(3).now", timeout=MOST)
    page.once("dialog", lambda dialog: dialog.accept("More"))
    with page.expect_download() as download:
        page.click("text=Save as a scenario")
    kept = tomllib.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    assert [change["table"] for change in kept["change"]] == ["duties", "legs"]
    assert kept["change"][0]["add"] == [{"duty": "duty-1", "good": "potash", "ad_valorem": 0.1}]
    page.close()


def test_two_windows_change_the_study_each_for_itself(browser: Browser, served: Served) -> None:
    one = opened(browser, f"{served.address}/?table=flows&why=route:check:potash").page
    two = opened(browser, f"{served.address}/?table=flows&why=route:check:potash").page
    for page, capacity in ((one, "1500"), (two, "2500")):
        page.click("aside .editor summary")
        page.fill("aside .editor input[name=capacity]", capacity)
        page.click("aside >> text=Clear again")
    for page, capacity in ((one, "1500"), (two, "2500")):
        shown(page, COMPARED)
        assert f"capacity = {capacity}" in page.inner_text(".edits")
    assert one.inner_text("footer") != two.inner_text("footer")
    one.close()
    two.close()


def _join_two_places(page: Page) -> None:
    """Draw a leg from the first place of the list to another one."""
    page.click("text=Add a leg on the map")
    for steps in (1, 2):
        page.wait_for_selector(".joining input:focus", timeout=MOST)
        for _ in range(steps):
            page.keyboard.press("ArrowDown")
        page.wait_for_selector(".joining [aria-selected=true]", timeout=MOST)
        name = page.inner_text(".joining [aria-selected=true] span")
        page.keyboard.press("Enter")
        if steps == 1:
            page.locator(".joining [role=status]").filter(has_text=name).wait_for(timeout=MOST)
    page.wait_for_selector("dialog[open] input[name=length_km]", timeout=MOST)


def test_a_leg_is_drawn_and_changed_by_the_keyboard(browser: Browser, served: Served) -> None:
    page = opened(browser, f"{served.address}/?table=flows").page
    before = page.inner_text("footer")

    # Escape gives it up; the list is gone through by arrows.
    page.locator("text=Add a leg on the map").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".joining input:focus", timeout=MOST)
    page.keyboard.press("Escape")
    page.wait_for_selector(".joining", state="detached")
    page.locator("text=Add a leg on the map").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".joining input:focus", timeout=MOST)
    page.keyboard.press("ArrowDown")
    page.wait_for_selector(".joining [aria-selected=true]", timeout=MOST)
    assert faults(page) == []
    start = page.inner_text(".joining [aria-selected=true] span")
    page.keyboard.press("Enter")
    page.locator(".joining [role=status]").filter(has_text=start).wait_for(timeout=MOST)
    page.wait_for_selector(".joining input:focus", timeout=MOST)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog[open] input[name=length_km]", timeout=MOST)
    assert float(page.input_value("dialog[open] input[name=length_km]")) > 0
    page.keyboard.press("Escape")
    assert page.inner_text("footer") == before

    # A leg is found by its name, and changed where it stands.
    page.locator(".find input").focus()
    page.keyboard.type("check")
    page.keyboard.press("Enter")
    page.wait_for_selector(".card .editor summary", timeout=MOST)
    assert "pick=check" in page.url
    page.locator(".card .editor summary").focus()
    page.keyboard.press("Enter")
    page.locator(".card input[name=capacity]").fill("1800")
    page.keyboard.press("Enter")
    shown(page, COMPARED)
    assert "capacity = 1800" in page.inner_text(".edits")
    page.close()
