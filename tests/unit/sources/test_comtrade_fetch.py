"""Asking UN Comtrade: what is wrong is told first, what was answered is not asked again."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from entrepot.errors import FetchError, QuestionError
from entrepot.sources.comtrade import read_comtrade
from entrepot.sources.comtrade_fetch import A_DAY, KEY, MOST, Wanted, calls, fetch, official


class Service:
    """A service that answers from a dictionary and remembers what it was asked."""

    def __init__(self, fails: str | None = None) -> None:
        self.asked: list[tuple[str, ...]] = []
        self.fails = fails

    def __call__(self, *question: str) -> str:
        self.asked.append(question)
        frequency, period, reporter, _, partners = question
        if period == self.fails:
            raise FetchError("the service is away")
        record = {
            "typeCode": "C", "freqCode": frequency, "period": period, "reporterCode": int(reporter),
            "flowCode": "X", "partnerCode": int(partners.split(",")[0]), "cmdCode": "3104",
            "classificationCode": "H6", "primaryValue": 10.0,
        }  # fmt: skip
        return json.dumps([record])


TODAY = date(2024, 6, 30)


def silent(_: str) -> None:
    """Nobody wants to know."""


def test_answers_are_kept_and_read(tmp_path: Path) -> None:
    service = Service()
    wanted = Wanted(["BY", "AZ"], ["AZ", "BY"], ["2022", "2023"], 4)
    asked = calls(wanted, tmp_path / "kept", TODAY)
    fetch(asked, service, silent)
    files = [call.file for call in asked]
    assert service.asked[0] == ("A", "2022", "112", "AG4", "31,112")
    assert len(service.asked) == len(files) == 4
    rows = read_comtrade(files[:1]).trade
    assert rows.select("period", "reporter", "partner", "hs", "value").rows() == [
        ("2022", "BY", "AZ", "3104", 10.0)
    ]


def test_a_broken_off_question_goes_on(tmp_path: Path) -> None:
    wanted = Wanted(["BY"], [], ["2021", "2022", "2023"], 6)

    class Away(Service):
        def __call__(self, *question: str) -> str:
            return super().__call__(*question[:4], "31")

    with pytest.raises(FetchError, match="away"):
        fetch(calls(wanted, tmp_path, TODAY), Away(fails="2022"), silent)
    assert [path.name for path in tmp_path.iterdir()] == ["BY-all-2021-6.json"]
    service = Away()
    fetch(calls(wanted, tmp_path, TODAY), service, silent)
    assert [question[1] for question in service.asked] == ["2022", "2023"]
    assert len(list(tmp_path.iterdir())) == 3


def test_months_are_asked_for_as_months(tmp_path: Path) -> None:
    service = Service()
    fetch(calls(Wanted(["FR"], ["US"], ["2023-05"], 0), tmp_path, TODAY), service, silent)
    assert service.asked == [("M", "202305", "251", "TOTAL", "842")]


def test_everything_wrong_is_told_at_once(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("", encoding="utf-8")
    periods = ["2023", "202305", "2024-07", "2024-07", "1987"]
    with pytest.raises(QuestionError) as told:
        calls(Wanted(["BZY", "BLR"], ["31", "az"], periods, 5), taken, TODAY)
    assert str(told.value).split("; ") == [
        "reporter BZY is no country (did you mean 'BZ'?)",
        "reporter BLR is no country (write BY)",
        "partner 31 is no country (write AZ)",
        "partner az is no country (did you mean 'AZ'?)",
        "202305 is neither a year (2023) nor a month (2023-05)",
        "2024-07 is not there yet (today is 2024-06-30)",
        "1987 is before the Harmonized System, which began in 1988",
        "ask for years and for months apart",
        "products of 5 digits are not to be had: 0, 2, 4 or 6",
        f"{taken} is a file: name a folder for the answers",
    ]
    with pytest.raises(QuestionError, match="name a reporter; name a year or a month"):
        calls(Wanted([], [], [], 6), tmp_path, TODAY)


def test_more_calls_than_a_day_has_are_refused(tmp_path: Path) -> None:
    months = [f"{year}-{month:02d}" for year in range(1990, 2024) for month in range(1, 13)]
    wanted = Wanted(["BY", "AZ"], [], months, 6)
    with pytest.raises(QuestionError, match=f"816 calls, and a key has {A_DAY} a day"):
        calls(wanted, tmp_path, TODAY)
    for month in months:
        (tmp_path / f"BY-all-{month}-6.json").touch()
    assert len(calls(wanted, tmp_path, TODAY)) == 816


def test_an_answer_that_was_cut_off_is_not_kept(tmp_path: Path) -> None:
    def full(*_: str) -> str:
        return "[" + ",".join(["{}"] * MOST) + "]"

    with pytest.raises(FetchError, match="more than 250,000"):
        fetch(calls(Wanted(["BY"], [], ["2023"], 6), tmp_path, TODAY), full, silent)
    assert not list(tmp_path.iterdir())


def test_a_key_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(KEY, raising=False)
    with pytest.raises(QuestionError, match="COMTRADE_KEY"):
        official()
