"""Asking UN Comtrade: what is wrong is told first, what was answered is not asked again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from entrepot.errors import FetchError, QuestionError
from entrepot.sources.comtrade import read_comtrade
from entrepot.sources.comtrade_fetch import KEY, MOST, Wanted, fetch, official


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


def silent(_: str) -> None:
    """Nobody wants to know."""


def test_answers_are_kept_and_read(tmp_path: Path) -> None:
    service = Service()
    wanted = Wanted(["BY", "AZ"], ["AZ", "BY"], ["2022", "2023"], 4)
    files = fetch(wanted, tmp_path / "kept", service, silent)
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
        fetch(wanted, tmp_path, Away(fails="2022"), silent)
    assert [path.name for path in tmp_path.iterdir()] == ["BY-all-2021-6.json"]
    service = Away()
    fetch(wanted, tmp_path, service, silent)
    assert [question[1] for question in service.asked] == ["2022", "2023"]
    assert len(list(tmp_path.iterdir())) == 3


def test_months_are_asked_for_as_months(tmp_path: Path) -> None:
    service = Service()
    fetch(Wanted(["FR"], ["US"], ["2023-05"], 0), tmp_path, service, silent)
    assert service.asked == [("M", "202305", "251", "TOTAL", "842")]


def test_everything_wrong_is_told_before_anything_is_asked(tmp_path: Path) -> None:
    service = Service()
    with pytest.raises(QuestionError) as told:
        fetch(Wanted(["BZY"], ["AZ"], ["2023", "202305"], 5), tmp_path, service, silent)
    for word in ("BZY", "202305", "5 digits", "apart"):
        assert word in str(told.value)
    assert not service.asked


def test_an_answer_that_was_cut_off_is_not_kept(tmp_path: Path) -> None:
    def full(*_: str) -> str:
        return "[" + ",".join(["{}"] * MOST) + "]"

    with pytest.raises(FetchError, match="more than 250,000"):
        fetch(Wanted(["BY"], [], ["2023"], 6), tmp_path, full, silent)
    assert not list(tmp_path.iterdir())


def test_a_key_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(KEY, raising=False)
    with pytest.raises(QuestionError, match="COMTRADE_KEY"):
        official()
