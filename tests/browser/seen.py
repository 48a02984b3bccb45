"""The page of the atlas in a real browser, as its tests see it."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from entrepot.web.page import BUILT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
# Software WebGL: works without a graphics card; --use-gl=swiftshader would leave none at all.
FLAGS = (
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
MOST = 90_000
"""Milliseconds that anything may take on a machine that does other things too."""

NEEDED = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium here: .ci/run installs it"),
    pytest.mark.skipif(
        not (BUILT / "index.html").is_file(), reason="no page here: `make web` builds it with npm"
    ),
]


@dataclass
class Served:
    """A running `entrepot view`."""

    address: str
    program: subprocess.Popen[str]

    def end(self) -> None:
        """End it as Ctrl-C does."""
        if self.program.poll() is None:
            self.program.send_signal(signal.SIGINT)
        self.program.communicate(timeout=30)


def serve(*words: str) -> Served:
    """Start `entrepot view`, and wait until it can be opened."""
    command = [sys.executable, "-m", "entrepot", "view", *words, "--no-browser"]
    program = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert program.stdout is not None
    found = re.search(r"http://127\.0\.0\.1:\d+", program.stdout.readline())
    assert found is not None
    return Served(found.group(), program)


@dataclass
class Seen:
    """What a page asked for, and what it complained about."""

    page: Page
    asked: list[str]
    wrong: list[str]


def opened(browser: Browser, address: str, script: str = "") -> Seen:
    """A page at an address, once everything is shown; `script` runs before anything of its own."""
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    seen = Seen(page, [], [])
    page.on("request", lambda request: seen.asked.append(request.url))
    page.on("pageerror", lambda error: seen.wrong.append(str(error)))
    page.on("console", lambda told: _complaint(told, seen.wrong))
    if script:
        page.add_init_script(script)
    page.goto(address)
    shown(page)
    return seen


def shown(page: Page, mark: str = "body[data-ready]") -> None:
    """Wait until the page says that everything is shown."""
    page.wait_for_selector(mark, timeout=MOST)


COMPARED = "body[data-ready*=against]"
"""What a page says once two answers are shown side by side."""


def _complaint(told: Any, wrong: list[str]) -> None:
    if told.type == "error":
        wrong.append(told.text)


def rows(page: Page) -> int:
    """Rows of the table that are drawn."""
    return page.locator(".rows tbody tr:not(.gap)").count()


def near(url: str, address: str) -> bool:
    """Whether an address is the atlas's own."""
    return url.startswith((f"{address}/", "data:", f"blob:{address}/"))


def number(text: str) -> float:
    """The first figure in a text."""
    found = re.search(r"[-+]?[\d,]+(\.\d+)?", text)
    assert found is not None, text
    return float(found.group().replace(",", ""))


AXE = Path(__file__).resolve().parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"


def faults(page: Page) -> list[tuple[str, str]]:
    """What axe finds wrong with a page."""
    if not AXE.is_file():
        pytest.skip("no axe-core here: `make web` brings it")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run()")
    return [(each["id"], each["help"]) for each in found["violations"]]
