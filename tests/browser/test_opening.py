"""Studies dropped on the page: opened beside the one in view, or told what is wrong with them."""

from __future__ import annotations

import base64
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from entrepot.study import read_study, write_study
from tests.browser.seen import MOST, NEEDED, Served, faults, opened, shown

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = NEEDED

DROP = """([name, content]) => {
    const bytes = Uint8Array.from(atob(content), (sign) => sign.charCodeAt(0));
    const dropped = new DataTransfer();
    dropped.items.add(new File([bytes], name));
    window.dispatchEvent(new DragEvent('dragover', { dataTransfer: dropped, cancelable: true }));
    window.dispatchEvent(new DragEvent('drop', { dataTransfer: dropped, cancelable: true }));
}"""


def test_a_workbook_is_dropped_and_taken_away_again(
    browser: Browser, served: Served, folder: Path, tmp_path: Path
) -> None:
    page = opened(browser, served.address).page
    before = page.inner_text("footer")
    write_study(read_study(folder), tmp_path / "mine.xlsx", "xlsx")
    content = base64.b64encode((tmp_path / "mine.xlsx").read_bytes()).decode()
    page.evaluate(DROP, ["mine.xlsx", content])
    page.wait_for_url("**/?study=*", timeout=MOST)
    shown(page)
    assert page.inner_text("footer") == before

    # What is open is told, and the way back to the study in view before.
    page.click("text=Open …")
    page.click("dialog li a")
    page.wait_for_url(lambda url: "study" not in url)
    shown(page)

    page.click("text=Take away")
    with page.expect_download() as download:
        page.click("text=The study as shown")
    download.value.save_as(tmp_path / "taken.xlsx")
    taken = read_study(tmp_path / "taken.xlsx").input_hash()
    assert taken == read_study(folder).input_hash()
    page.close()


def test_a_folder_with_mistakes_is_told_and_nothing_is_lost(
    browser: Browser, served: Served, folder: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(folder, broken)
    legs = (broken / "legs.csv").read_text(encoding="utf-8")
    (broken / "legs.csv").write_text(legs.replace("rail", "raill"), encoding="utf-8")
    page = opened(browser, f"{served.address}/?table=prices").page
    before = page.inner_text("footer")
    page.click("text=Open …")
    page.set_input_files("input[webkitdirectory]", str(broken))

    page.wait_for_selector("dialog .faults", timeout=MOST)
    assert "legs.csv, row" in page.inner_text("dialog .faults")
    assert "did you mean 'rail'?" in page.inner_text("dialog .faults")
    assert faults(page) == []
    page.keyboard.press("Escape")
    assert page.inner_text("footer") == before
    assert "table=prices" in page.url
    page.close()


def test_a_study_that_is_no_more_is_told(browser: Browser, served: Served) -> None:
    page = browser.new_page()
    page.goto(f"{served.address}/?study=0123456789")

    page.wait_for_selector("p.wrong", timeout=MOST)
    assert "open it again" in page.inner_text("p.wrong")
    page.click("text=Back to the study")
    shown(page)
    page.close()
