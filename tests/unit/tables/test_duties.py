"""Which duties are equally specific for the same trade, and which are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrepot.errors import StudyError
from entrepot.study import study_from_tables
from tests.unit.small_study import problems_in

HEADER = "duty,good,origin,destination,ad_valorem,since,until\n"
BLOCS = "bloc,country,since,until\neaeu,BY,,\ncis,BY,,2020-12-31\ncis,AZ,,\nother,KZ,,\n"

TIES = {
    "the same good and countries": "a,potash,BY,AZ,0.1,,\nb,potash,BY,AZ,0.2,,\n",
    "the same prefix": "a,31,BY,AZ,0.1,,\nb,31,BY,AZ,0.2,,\n",
    "all trade": "a,*,*,*,0.1,,\nb,,,,0.2,,\n",
    "two blocs with a member in common": "a,*,eaeu,AZ,0.1,,2020\nb,*,cis,AZ,0.2,,\n",
    "days that touch": "a,*,BY,AZ,0.1,,2023-05-01\nb,*,BY,AZ,0.2,2023-05-01,\n",
    "days inside others": "a,*,BY,AZ,0.1,2020,2024\nb,*,BY,AZ,0.2,2022,2023\n",
}

CLEAR = {
    "a good before its prefix": "a,potash,*,*,0.1,,\nb,31,BY,AZ,0.2,,\n",
    "a longer prefix before a shorter": "a,3104,*,*,0.1,,\nb,31,*,*,0.2,,\n",
    "a country before its bloc": "a,*,BY,AZ,0.1,,\nb,*,eaeu,AZ,0.2,,\n",
    "a bloc before everything": "a,*,eaeu,AZ,0.1,,\nb,*,*,AZ,0.2,,\n",
    "one day after the other": "a,*,BY,AZ,0.1,,2023-04-30\nb,*,BY,AZ,0.2,2023-05-01,\n",
    "a member that has left": "a,*,eaeu,AZ,0.1,2021,\nb,*,cis,AZ,0.2,,\n",
    "no member in common": "a,*,eaeu,AZ,0.1,,\nb,*,other,AZ,0.2,,\n",
    "other goods": "a,potash,BY,AZ,0.1,,\nb,butter,BY,AZ,0.2,,\n",
    "other ways": "a,*,BY,AZ,0.1,,\nb,*,AZ,BY,0.2,,\n",
    "trade inside a country, which a bloc does not fit": (
        "a,*,cis,BY,0.1,,2020-12-31\nb,*,eaeu,BY,0.2,,2020-12-31\n"
    ),
}


@pytest.mark.parametrize("name", TIES)
def test_equally_specific_duties_on_one_trade_are_an_error(name: str, tmp_path: Path) -> None:
    (problem,) = problems_in(tmp_path, duties=HEADER + TIES[name], blocs=BLOCS)

    assert (problem.file, problem.row, problem.column, problem.value) == (
        "duties.csv",
        3,
        "duty",
        "b",
    )
    assert "fits the same trade as 'a' in row 2" in problem.message
    assert "narrow one of the two" in problem.remedy
    assert problem.severity == "error"


@pytest.mark.parametrize("name", CLEAR)
def test_duties_of_which_one_is_more_specific_are_sound(name: str, tmp_path: Path) -> None:
    assert problems_in(tmp_path, duties=HEADER + CLEAR[name], blocs=BLOCS) == ()


def test_every_pair_is_told_once(tmp_path: Path) -> None:
    duties = HEADER + "a,*,cis,*,0.1,,2020\nb,*,cis,*,0.2,,2020\nc,*,cis,*,0.3,,2020\n"

    found = problems_in(tmp_path, duties=duties, blocs=BLOCS)

    assert [(p.row, p.value) for p in found] == [(3, "b"), (4, "c")]


FOLLOWING = {
    "duties that follow each other": "a,*,BY,AZ,0.1,,2023-04-30\nb,*,BY,AZ,0.2,2023-05-01,\n",
    "a member that has left": "a,*,eaeu,AZ,0.1,2021,\nb,*,cis,AZ,0.2,,\n",
}


@pytest.mark.parametrize("name", FOLLOWING)
def test_a_period_without_a_date_cannot_tell_which_duty_is_due(name: str, tmp_path: Path) -> None:
    periods = "period,starts\n2023,2023\nlater,\n"

    (problem,) = problems_in(
        tmp_path, duties=HEADER + FOLLOWING[name], blocs=BLOCS, periods=periods
    )

    assert (problem.file, problem.row, problem.value) == ("duties.csv", 3, "b")
    assert "period later has no first day, so both are in force" in problem.message
    assert "give the period its first day" in problem.remedy


def test_an_only_period_without_a_date_cannot_tell_which_duty_is_due() -> None:
    tables = {
        "places": [{"place": "a", "country": "AA"}, {"place": "b", "country": "BB"}],
        "countries": [{"country": "AA"}, {"country": "BB"}],
        "goods": [{"good": "salt"}],
        "offers": [{"place": "a", "good": "salt", "price": 1}],
        "bids": [{"place": "a", "good": "salt", "price": 2, "quantity": 1}],
        "duties": [
            {"duty": "old", "destination": "BB", "specific": 1, "until": "2023-12-31"},
            {"duty": "new", "destination": "BB", "specific": 2, "since": "2024-01-01"},
        ],
    }

    with pytest.raises(StudyError, match="period all has no first day"):
        study_from_tables("s", tables)
    assert study_from_tables("s", tables, period="2024-05").table("duties").height == 2
