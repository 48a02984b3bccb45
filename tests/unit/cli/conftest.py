"""A small study as files, and a way to call the program."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from entrepot.cli import run

TABLES = {
    "study.toml": 'title = "Salt for the town"\n',
    "places.csv": "place,name,country\nworks,Saltworks,XA\ntown,Town,XA\n",
    "goods.csv": "good,name\nsalt,Salt\n",
    "offers.csv": "place,good,quantity,price\nworks,salt,100,20\n",
    "bids.csv": "place,good,agent,quantity,price\n"
    "town,salt,kitchens,60,90\ntown,salt,roads,60,40\n",
    "legs.csv": "leg,origin,destination,mode,cost,capacity\nsalt-road,works,town,road,15,80\n",
    "scenarios/wide-road.toml": 'title = "A wide road"\n[[change]]\ntable = "legs"\n'
    'where = { leg = "salt-road" }\nset = { capacity = 120 }\n',
}


@dataclass(frozen=True)
class Called:
    """What a call of the program came to."""

    status: int
    out: str
    err: str


@pytest.fixture(autouse=True)
def width(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal as wide as the manual's, whatever runs the tests."""
    monkeypatch.setenv("COLUMNS", "100")


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Callable[..., Called]:
    """Calls the program with some words."""

    def calling(*words: object) -> Called:
        status = run([str(word) for word in words])
        out, err = capsys.readouterr()
        return Called(status, out, err)

    return calling


@pytest.fixture
def salt(tmp_path: Path) -> Path:
    """The folder of a study of one works, one town and one road."""
    folder = tmp_path / "salt"
    for name, text in TABLES.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder
