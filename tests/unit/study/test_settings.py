"""What study.toml may say, and what is said where it says something else."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrepot.study import Settings, check_study, read_study
from entrepot.study.settings import settings_from
from entrepot.study.toml import parse_toml, to_toml
from tests.unit.small_study import write_small

WRONG = {
    "no title": ('currency = "EUR"\n', (None, "title", None, "is missing", 'title = "…"')),
    "a blank title": ('title = ""\n', (1, "title", "", "is blank", "write something")),
    "a title that is no text": ("title = 5\n", (1, "title", "5", "is not text", "quotes")),
    "a misspelled key": (
        'title = "x"\ncurency = "EUR"\n',
        (2, "curency", "EUR", "is not a setting", "did you mean 'currency'?"),
    ),
    "a currency by its name": (
        'title = "x"\ncurrency = "euro"\n',
        (2, "currency", "euro", "right way", "three capital letters"),
    ),
    "a period in capitals": (
        'title = "x"\nperiod = "Year 1"\n',
        (2, "period", "Year 1", "right way", "lower-case"),
    ),
    "a rate in quotes": (
        'title = "x"\ndiscount_rate = "5%"\n',
        (2, "discount_rate", "5%", "is not a number", "without quotes"),
    ),
    "a negative rate": (
        'title = "x"\ndiscount_rate = -0.1\n',
        (2, "discount_rate", "-0.1", "out of range", "greater than or equal to 0"),
    ),
    "a section that is none": (
        'title = "x"\nclearing = 5\n',
        (2, "clearing", "5", "is not a table of settings", "[clearing]"),
    ),
    "a typo": ('title = "x\n', (1, None, 'title = "x', "is not TOML", "mend the line")),
    "a key twice": (
        'title = "x"\ntitle = "y"\n',
        (2, None, 'title = "y"', "is not TOML: cannot overwrite a value", "mend the line"),
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_setting_that_cannot_be_is_told_with_its_line(name: str, tmp_path: Path) -> None:
    text, (row, column, value, message, remedy) = WRONG[name]
    write_small(tmp_path)
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")

    (problem,) = check_study(tmp_path)

    assert (problem.file, problem.row, problem.column) == ("study.toml", row, column)
    assert problem.value == value
    assert message in problem.message
    assert remedy in problem.remedy


def test_defaults(tmp_path: Path) -> None:
    write_small(tmp_path)
    (tmp_path / "study.toml").write_text('title = "x"\n', encoding="utf-8")

    settings = read_study(tmp_path).settings

    assert settings == Settings(title="x")
    assert (settings.currency, settings.period, settings.discount_rate) == ("USD", None, 0.0)
    assert settings.only_period == "all"
    assert (settings.clearing, settings.routing) == ({}, {})


def test_sections_are_kept_as_written(tmp_path: Path) -> None:
    write_small(tmp_path)
    text = 'title = "x"\n[clearing]\nwhat = "ever"\n[routing]\nspread = 0.5\n'
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")

    settings = read_study(tmp_path).settings

    assert (settings.clearing, settings.routing) == ({"what": "ever"}, {"spread": 0.5})


def test_settings_come_back_from_toml_as_they_were() -> None:
    values = {
        "title": 'A "title" with \\ and\nlines\tand ü',
        "currency": "EUR",
        "discount_rate": 0.1 + 0.2,
        "clearing": {"what": 7},
        "routing": {"model": "logit", "spread": 0.5, "deep": {"list": [1, "a", True]}},
    }

    again, problems = parse_toml(to_toml(values), "study.toml")

    assert problems == []
    assert again == values
    settings, problems = settings_from(again, "study.toml")
    assert problems == []
    assert settings is not None
    assert settings.clearing == {"what": 7}
