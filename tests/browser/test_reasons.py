"""Reasons in the browser: what a rule changes, a price in two answers, changes from before."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote

from tests.browser.seen import MOST, NEEDED, Served, faults, opened

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = NEEDED

BAN = {"ban": "b1", "good": "potash", "origin": "*", "destination": "*", "via": "check"}
BANNED = quote(json.dumps([{"table": "bans", "add": [BAN]}]))


def test_a_rule_tells_what_it_changes_once_it_is_asked(browser: Browser, served: Served) -> None:
    address = f"{served.address}/?edits={BANNED}&table=restrictions&why=rule:bans:b1"
    seen = opened(browser, address)
    seen.page.click("role=button[name='Clear again without it']")
    seen.page.wait_for_selector("aside .key", timeout=MOST)

    told = seen.page.inner_text("aside")
    assert "change of welfare without it" in told
    assert "What the rule is for is not part of it." in told
    assert faults(seen.page) == []
    assert seen.wrong == []
    seen.page.close()


def test_a_price_is_taken_apart_in_both_answers(browser: Browser, served: Served) -> None:
    query = "?scenario=wide&against=&table=prices&why=price:baku:potash"
    page = opened(browser, f"{served.address}/{query}").page
    page.wait_for_selector("aside h3", timeout=MOST)

    assert "Against “as it stands”" in page.inner_text("aside")
    page.close()


def test_changes_from_before_are_offered_again(browser: Browser, served: Served) -> None:
    opened(browser, f"{served.address}/?edits={BANNED}").page.close()
    seen = opened(browser, f"{served.address}/?table=flows")
    seen.page.click(".earlier summary", timeout=MOST)
    assert faults(seen.page) == []
    seen.page.click(".earlier li button >> text=b1")

    seen.page.wait_for_selector(".edits", timeout=MOST)
    assert "b1" in seen.page.inner_text(".edits")
    assert "edits=" in seen.page.url
    assert seen.wrong == []
    seen.page.close()
