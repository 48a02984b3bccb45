"""One browser and one atlas for all tests of a process: runs are immutable, so nobody disturbs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from entrepot.study import write_study
from tests.browser.seen import CHROMIUM, FLAGS, Served, serve
from tests.unit.web.atlas import a_study

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a study."""
    found = tmp_path_factory.mktemp("atlas") / "evil"
    write_study(a_study(), found)
    return found


@pytest.fixture(scope="session")
def served(folder: Path) -> Iterator[Served]:
    """The atlas of it."""
    found = serve(str(folder))
    yield found
    found.end()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A browser without a window."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield found
        found.close()
