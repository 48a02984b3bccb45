"""The report in a real browser: its script runs under its policy, and no request leaves."""

from __future__ import annotations

import http.server
import shutil
import subprocess
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from entrepot.clearing.clear import clear
from entrepot.report.report import report
from tests.unit.report.studies import EVIL, broken_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium on this machine"),
]

QUIET = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip


class Server(http.server.ThreadingHTTPServer):
    """Gives the page, and remembers what it is asked for."""

    page: bytes
    asked: list[str]


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers every request with the page."""

    server: Server

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(self.server.page)

    def log_message(self, *words: object) -> None:
        pass


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    found = Server(("127.0.0.1", 0), Handler)
    found.page, found.asked = report(clear(broken_in())).encode(), []
    thread = threading.Thread(target=found.serve_forever)
    thread.start()
    yield found
    found.shutdown()
    thread.join()
    found.server_close()


@pytest.fixture(scope="module")
def seen(server: Server, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page as the browser has it after its script has run."""
    profile = tmp_path_factory.mktemp("profile")
    address = f"http://127.0.0.1:{server.server_address[1]}/report.html"
    words = [str(CHROMIUM), *QUIET, f"--user-data-dir={profile}", "--dump-dom", address]
    done = subprocess.run(words, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_its_own_script_runs_under_its_policy(seen: str) -> None:
    assert seen.count('<button type="button">') > 20


def test_it_asks_for_nothing_but_itself(seen: str, server: Server) -> None:
    assert seen
    assert set(server.asked) <= {"/report.html", "/favicon.ico"}


def test_nothing_of_a_study_becomes_an_element(seen: str) -> None:
    assert seen.count("<script>") == 1
    assert EVIL not in seen


def test_nothing_is_cut_off_on_paper_or_on_a_phone(server: Server, browser: Browser) -> None:
    address = f"http://127.0.0.1:{server.server_address[1]}/report.html"
    wide = "document.documentElement.scrollWidth"
    # A4 less its margins, in CSS pixels; a phone; a small screen.
    for medium, width in (("print", 688), ("screen", 390), ("screen", 1280)):
        page = browser.new_page(viewport={"width": width, "height": 720})
        page.emulate_media(media=medium)  # type: ignore[arg-type]
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach((each) => each.open = true)")
        assert page.evaluate(wide) <= width, medium
        # Letters of a chart stay readable.
        assert page.locator(".chart svg").first.bounding_box()["width"] >= 650  # type: ignore[index]
        page.close()
