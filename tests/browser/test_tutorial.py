"""The tutorial of the atlas, done in a browser as it says."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from entrepot.telling.catalogue import read_catalogue
from scripts.manual import FENCE, ROOT
from tests.browser.seen import COMPARED, MOST, NEEDED, Served, number, opened, serve, shown

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = NEEDED

TUTORIALS = ROOT / "docs" / "tutorials"


def files(page: str) -> dict[str, str]:
    """The files that a page of the manual has its reader write."""
    text = (TUTORIALS / page).read_text(encoding="utf-8")
    return {block["title"]: block["body"] for block in FENCE.finditer(text) if block["title"]}


@pytest.fixture(scope="module")
def salt(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("tutorial")
    for title, body in (files("first-study.md") | files("atlas.md")).items():
        if title.startswith("salt/") and title != "salt/scenarios/wider-road.toml":
            (folder / title).parent.mkdir(parents=True, exist_ok=True)
            (folder / title).write_text(body, encoding="utf-8")
    found = serve(str(folder / "salt"))
    yield found
    found.end()


def test_every_button_that_the_tutorial_names_is_there() -> None:
    text = (TUTORIALS / "atlas.md").read_text(encoding="utf-8")
    named = set(re.findall(r"\*\*(.+?)\*\*", text.replace("\n", " ")))

    assert len(named) > 8
    assert named <= set(read_catalogue().sentences.values())


def test_the_tutorial_does_what_it_says(browser: Browser, salt: Served) -> None:
    seen = opened(browser, salt.address)
    page = seen.page
    assert page.locator(".globe canvas").count() == 1
    before = number(page.inner_text(".bar .figures b"))

    # What is full, and why.
    page.click("role=tab[name='Full limits']")
    shown(page)
    assert page.locator(".rows tbody tr").count() == 1
    assert "5.00" in page.inner_text(".rows tbody")
    page.click("td.why button")
    page.wait_for_selector("aside dl", timeout=MOST)
    assert "80" in page.inner_text("aside dl")

    # A wider road.
    page.click("aside .editor summary")
    page.fill("aside .editor input[name=capacity]", "120")
    page.click("aside >> text=Clear again")
    shown(page, COMPARED)
    assert number(page.inner_text(".bar .figures b")) == before + 100
    page.keyboard.press("Escape")
    page.click("role=tab[name=Flows]")
    shown(page, COMPARED)
    cause = page.inner_text(".rows tbody .cause")
    assert "capacity 80 → 120" in cause
    assert "rent" in cause
    assert "+20" in page.inner_text(".rows tbody")
    page.click("text=Swipe")
    page.wait_for_selector(".two.swipe input")
    page.click("role=button[name=Undo]")
    shown(page, f"body[data-ready]:not({COMPARED})")
    page.click("role=button[name=Redo]")
    shown(page, COMPARED)

    # Kept as the file that the page prints, and reported.
    page.once("dialog", lambda dialog: dialog.accept("Wider road"))
    with page.expect_download() as download:
        page.click("text=Save as a scenario")
    assert download.value.suggested_filename == "wider-road.toml"
    kept = Path(download.value.path()).read_text(encoding="utf-8")
    printed = files("atlas.md")["salt/scenarios/wider-road.toml"]
    assert tomllib.loads(kept) == tomllib.loads(printed)
    page.click("text=Take away")
    with page.expect_popup() as popup:
        page.click("text=Report, one page")
    popup.value.wait_for_selector("h1")
    assert "Salt for the town" in popup.value.title()
    assert seen.wrong == []
    page.close()
