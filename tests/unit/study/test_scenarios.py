"""Scenarios: what they change, what goes with it, and what is said when they cannot."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from entrepot.errors import Problem, QuestionError, ScenarioError
from entrepot.study import Study, check_study, read_study
from tests.unit.small_study import TABLES, edited, write_small


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return read_study(write_small(tmp_path / "small"))


def with_scenario(folder: Path, text: str, **tables: str | None) -> Path:
    write_small(folder, **tables)
    (folder / "scenarios").mkdir(exist_ok=True)
    (folder / "scenarios" / "try.toml").write_text(text, encoding="utf-8")
    return folder


def problem_of(folder: Path, text: str, **tables: str | None) -> Problem:
    """The only thing wrong with a study once it has this scenario."""
    (problem,) = check_study(with_scenario(folder, text, **tables))
    assert problem.file == "scenarios/try.toml"
    return problem


CHANGE = '[[change]]\ntable = "legs"\n'


def test_changes_are_made_in_order(tmp_path: Path) -> None:
    text = (
        'title = "Wider"\n'
        f'{CHANGE}where = {{ leg = "rail" }}\nset = {{ capacity = 10 }}\n'
        f'{CHANGE}where = {{ corridor = "south" }}\nscale = {{ capacity = 3, cost = 0.5 }}\n'
        f"{CHANGE}[[change.add]]\n"
        'leg = "air"\norigin = "minsk"\ndestination = "baku"\nmode = "road"\ncost = 99\n'
    )

    base = read_study(with_scenario(tmp_path, text))
    study = base.scenario("try")

    assert base.scenarios["try"].title == "Wider"
    legs = study.table("legs")
    assert legs["leg"].to_list() == ["rail", "last", "air"]
    assert legs["capacity"].to_list() == [30.0, None, None]
    assert legs["cost"].to_list() == [15.0, 2.5, 99.0]
    assert legs["two_way"].to_list() == [True, False, False]
    assert study.applied == ("try",)
    assert base.table("legs")["cost"].to_list() == [30.0, 5.0]
    assert base.applied == ()


def test_scenarios_compose_in_the_order_given(tmp_path: Path) -> None:
    folder = with_scenario(tmp_path, f"{CHANGE}set = {{ cost = 1 }}\n")
    double = f"{CHANGE}scale = {{ cost = 2 }}\n"
    (folder / "scenarios" / "double.toml").write_text(double, encoding="utf-8")
    study = read_study(folder)

    assert study.scenario("try", "double").table("legs")["cost"].to_list() == [2.0, 2.0]
    assert study.scenario("double", "try").table("legs")["cost"].to_list() == [1.0, 1.0]
    assert study.scenario("double").scenario("try").applied == ("double", "try")
    assert study.scenario().input_hash() == study.input_hash()


def test_python_makes_the_same_change_as_a_scenario(tmp_path: Path) -> None:
    text = f'{CHANGE}where = {{ mode = ["rail", "road"], origin = "alat" }}\nset = {{ days = 4 }}\n'
    study = read_study(with_scenario(tmp_path, text))

    by_hand = study.change(
        "legs", where={"mode": ["rail", "road"], "origin": "alat"}, set={"days": 4}
    )

    assert by_hand.input_hash() == study.scenario("try").input_hash()
    assert by_hand.input_hash() != study.input_hash()


@pytest.mark.parametrize(
    ("where", "picked"),
    [
        ({"capacity": 100}, ["rail"]),
        ({"capacity": "100.0"}, ["rail"]),
        ({"capacity": ""}, ["last"]),
        ({"two_way": True}, ["rail"]),
        ({"cost": [5, 30]}, ["rail", "last"]),
        ({"corridor": ["south"]}, ["rail", "last"]),
        ({"corridor": "back"}, ["rail"]),
        ({}, ["rail", "last"]),
    ],
)
def test_where_compares_with_what_the_column_holds(
    tmp_path: Path, where: dict[str, Any], picked: list[str]
) -> None:
    corridors = TABLES["corridors"] + "back,rail~\n"
    study = read_study(write_small(tmp_path, corridors=corridors))

    changed = study.change("legs", where=where, set={"note": "picked"}).table("legs")

    assert changed.filter(changed["note"] == "picked")["leg"].to_list() == picked


def test_set_to_nothing_makes_a_cell_blank_and_defaults_come_back(study: Study) -> None:
    wide = study.change("legs", where={"leg": "rail"}, set={"capacity": ""})
    free = study.change("plants", set={"cost": 7}).change("plants", set={"cost": ""})

    assert wide.table("legs")["capacity"].to_list() == [None, None]
    assert free.table("plants")["cost"].to_list() == [0.0]


def test_a_range_belongs_to_its_figure(tmp_path: Path) -> None:
    legs = (
        "leg,origin,destination,mode,cost,capacity,capacity_low,capacity_high,capacity_basis,"
        "two_way\nrail,minsk,alat,rail,30,100,90,120,published,true\nlast,alat,baku,road,5,,,,,\n"
    )
    study = read_study(write_small(tmp_path, legs=legs))

    scaled = study.change("legs", where={"leg": "rail"}, scale={"capacity": 2}).table("legs")
    new = study.change("legs", where={"leg": "rail"}, set={"capacity": 500}).table("legs")
    given = study.change(
        "legs", where={"leg": "rail"}, set={"capacity": 500, "capacity_low": 400}
    ).table("legs")

    assert scaled.select("capacity", "capacity_low", "capacity_high").row(0) == (200, 180, 240)
    assert scaled["capacity_basis"][0] == "published"
    assert new["capacity"][0] == 500
    assert not {"capacity_low", "capacity_high", "capacity_basis"} & set(new.columns)
    assert given.select("capacity", "capacity_low").row(0) == (500, 400)


def test_a_negative_factor_turns_a_range_round(tmp_path: Path) -> None:
    bids = "place,good,quantity,price,price_low,price_high\nbaku,potash,40,300,200,500\n"
    study = read_study(write_small(tmp_path, bids=bids))

    bid = study.change("bids", scale={"price": -1}).table("bids")

    assert bid.select("price", "price_low", "price_high").row(0) == (-300, -500, -200)


def test_what_only_speaks_of_a_removed_leg_goes_with_it(tmp_path: Path) -> None:
    tables = edited("observed", "destination,AZ", "place,baku") | {
        "quotas": None,
        "projects": None,
    }
    study = read_study(write_small(tmp_path, **tables))

    without = study.change("legs", where={"leg": "rail"}, remove=True)

    assert without.table("legs")["leg"].to_list() == ["last"]
    assert without.table("corridors")["leg"].to_list() == ["last"]
    assert without.table("leg_goods").is_empty()
    assert without.table("transfers").is_empty()


def test_what_says_more_than_that_keeps_a_leg_from_being_removed(study: Study) -> None:
    with pytest.raises(ScenarioError) as caught:
        study.change("legs", where={"leg": "rail"}, remove=True)

    places = [problem.column for problem in caught.value.problems]
    assert places == ["quotas.leg", "projects.adds"]
    assert "row 2 of quotas after the changes" in caught.value.problems[0].message


def test_tables_are_checked_after_the_changes(tmp_path: Path) -> None:
    text = f'{CHANGE}where = {{ leg = "rail" }}\nset = {{ capacity = -5 }}\n'

    problem = problem_of(tmp_path, text)

    assert (problem.row, problem.column, problem.value) == (None, "legs.capacity", "-5")
    assert "is negative (row 2 of legs after the changes)" in problem.message


WRONG = {
    "a table that is none": (
        '[[change]]\ntable = "leg"\nset = { cost = 1 }\n',
        ("change 1, table", "leg", "is not a table", "did you mean 'legs'?"),
    ),
    "no table": (
        "[[change]]\nset = { cost = 1 }\n",
        ("change 1, table", None, "is missing", "name the table"),
    ),
    "a column that is none, in where": (
        f'{CHANGE}where = {{ moda = "rail" }}\nset = {{ cost = 1 }}\n',
        ("change 1, where.moda", None, "is not a column of table legs", "did you mean 'mode'?"),
    ),
    "a column that is none, in set": (
        f"{CHANGE}set = {{ costs = 1 }}\n",
        ("change 1, set.costs", None, "is not a column of table legs", "did you mean 'cost'?"),
    ),
    "a corridor in another table": (
        '[[change]]\ntable = "offers"\nwhere = { corridor = "south" }\nset = { price = 1 }\n',
        ("change 1, where.corridor", None, "is not a column of table offers", "one of place"),
    ),
    "nothing to do": (
        CHANGE,
        ("change 1, table", "legs", "does nothing", "one of set, scale, add, remove"),
    ),
    "two things to do": (
        f"{CHANGE}set = {{ cost = 1 }}\nscale = {{ cost = 2 }}\n",
        ("change 1, table", "legs", "has set and scale", "one of set, scale, add, remove"),
    ),
    "remove that is not true": (
        f"{CHANGE}remove = false\n",
        ("change 1, remove", "False", "is not true", "remove = true"),
    ),
    "add with where": (
        f'{CHANGE}where = {{ leg = "rail" }}\nadd = [{{ leg = "x" }}]\n',
        ("change 1, where", None, "cannot stand beside add", "take it out"),
    ),
    "a misspelled action": (
        f"{CHANGE}set = {{ cost = 1 }}\nscael = {{ cost = 2 }}\n",
        ("change 1, scael", None, "is not part of a change", "did you mean 'scale'?"),
    ),
    "a factor that is a word": (
        f'{CHANGE}scale = {{ cost = "double" }}\n',
        ("change 1, scale.cost", "double", "is not a number", "such as 1.5"),
    ),
    "a factor without end": (
        f"{CHANGE}scale = {{ cost = inf }}\n",
        ("change 1, scale.cost", "inf", "is not finite", "finite number"),
    ),
    "words scaled": (
        f"{CHANGE}scale = {{ mode = 2 }}\n",
        ("change 1, scale.mode", None, "is not a column of numbers", "use set"),
    ),
    "blanks scaled": (
        f'{CHANGE}where = {{ leg = "last" }}\nscale = {{ capacity = 2 }}\n',
        ("change 1, scale.capacity", None, "blank in every row", "use set"),
    ),
    "a value that does not fit": (
        f'{CHANGE}set = {{ capacity = "wide" }}\n',
        ("change 1, set.capacity", "wide", "is not a number", "plain number"),
    ),
    "a value sought that does not fit": (
        f'{CHANGE}where = {{ capacity = "wide" }}\nset = {{ cost = 1 }}\n',
        ("change 1, where.capacity", "wide", "is not a number", "plain number"),
    ),
    "a list that is set": (
        f"{CHANGE}set = {{ capacity = [1, 2] }}\n",
        ("change 1, set.capacity", "[1, 2]", "is not a value", "write one value"),
    ),
    "nobody matches": (
        f'{CHANGE}where = {{ leg = "rails" }}\nset = {{ cost = 1 }}\n',
        ("change 1, where.leg", "rails", "matches no row of legs", "did you mean 'rail'?"),
    ),
    "no corridor matches": (
        f'{CHANGE}where = {{ corridor = "suoth" }}\nset = {{ cost = 1 }}\n',
        ("change 1, where.corridor", "suoth", "matches no row of legs", "did you mean 'south'?"),
    ),
    "nobody matches both": (
        f"{CHANGE}set = {{ cost = 1 }}\n"
        f'{CHANGE}where = {{ leg = "rail", mode = "road" }}\nset = {{ cost = 1 }}\n',
        ("change 2, where", None, "matches no row of legs", "no row fits all of it"),
    ),
    "an empty table": (
        '[[change]]\ntable = "periods"\nset = { weight = 1 }\n',
        ("change 1, where", None, "matches no row of periods", "no row fits"),
    ),
    "a row that lacks something": (
        f'{CHANGE}add = [{{ leg = "x", origin = "baku", destination = "alat", cost = 1 }}]\n',
        ("change 1, add, row 1, mode", None, "is missing", "add it"),
    ),
    "something else than changes": (
        'title = "x"\nchanges = []\n[[change]]\ntable = "legs"\nset = { cost = 1 }\n',
        ("changes", None, "is not part of a scenario", "did you mean 'change'?"),
    ),
    "no change at all": ('title = "x"\n', (None, None, "changes nothing", "add a [[change]]")),
    "a title that is no text": (
        f"title = 5\n{CHANGE}set = {{ cost = 1 }}\n",
        ("title", "5", "is not text", "double quotes"),
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_scenario_that_cannot_be_is_told_with_file_and_change(name: str, tmp_path: Path) -> None:
    text, (column, value, message, remedy) = WRONG[name]

    problem = problem_of(tmp_path, text)

    assert (problem.column, problem.value) == (column, value)
    assert message in problem.message
    assert remedy in problem.remedy
    assert problem.severity == "error"


def test_a_typo_in_toml_is_told_with_its_line(tmp_path: Path) -> None:
    problem = problem_of(tmp_path, 'title = "x"\n[[change]\ntable = "legs"\n')

    assert (problem.row, problem.value) == (2, "[[change]")
    assert "is not TOML" in problem.message


def test_an_unknown_scenario_says_what_there_is(tmp_path: Path) -> None:
    study = read_study(with_scenario(tmp_path, f"{CHANGE}set = {{ cost = 1 }}\n"))

    with pytest.raises(ScenarioError, match="did you mean 'try'"):
        study.scenario("tyr")
    with pytest.raises(ScenarioError, match="there are try"):
        study.scenario("something-else")


def test_a_study_without_scenarios_says_so(study: Study) -> None:
    with pytest.raises(ScenarioError, match="the study has no scenarios"):
        study.scenario("any")


def test_a_change_in_python_is_judged_like_one_in_a_file(study: Study) -> None:
    with pytest.raises(ScenarioError, match="did you mean 'legs'"):
        study.change("leg", set={"cost": 1})
    with pytest.raises(ScenarioError, match="does nothing"):
        study.change("legs")
    with pytest.raises(ScenarioError, match="matches no row of legs"):
        study.change("legs", where={"leg": "x"}, remove=True)


def test_a_study_cannot_be_changed_in_place(study: Study) -> None:
    with pytest.raises(AttributeError):
        study.name = "other"  # type: ignore[misc]
    with pytest.raises(TypeError):
        study.tables["legs"] = study.table("bids")  # type: ignore[index]


def test_a_table_that_is_none_is_a_question_without_answer(study: Study) -> None:
    with pytest.raises(QuestionError, match="did you mean 'legs'"):
        study.table("leg")
