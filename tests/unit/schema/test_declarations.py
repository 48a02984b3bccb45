"""The declarations: complete, in one manner, and what follows from them."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest

import entrepot.schema
from entrepot.errors import QuestionError
from entrepot.schema import TABLES, Column, Table, table_named
from entrepot.schema.datapackage import descriptor
from entrepot.schema.reference import reference_markdown
from entrepot.tables.normalise import normalise
from entrepot.tables.read_csv import read_csv
from entrepot.tables.sheet import DTYPES, empty_sheet
from entrepot.tables.template import template
from tests.unit.small_study import TABLES as SMALL

COLUMNS = [(table, column) for table in TABLES for column in table.columns]

RULES = ("duties", "quotas", "bans")

FORMAT = {
    "countries": "country* name",
    "blocs": "bloc* country* since until",
    "places": "place* name country* kind latitude longitude unlocode through",
    "goods": "good* name hs unit value_of_time handling",
    "periods": "period* starts years weight",
    "legs": "leg* origin* destination* mode* length_km cost* days capacity two_way opens closes "
    "delay_alpha delay_power delay_curve period",
    "transfers": "from_leg* to_leg* cost days allowed capacity delay_alpha delay_power delay_curve",
    "leg_goods": "leg* good* cost days capacity use allowed",
    "corridors": "corridor* leg* title",
    "offers": "place* good* agent quantity price slope elasticity curve period origin",
    "bids": "place* good* agent quantity price slope elasticity curve period origins",
    "curves": "curve* quantity* price*",
    "consignments": "consignment* good* origin* destination* quantity*",
    "recipes": "recipe* good* amount*",
    "plants": "plant* place* recipe* capacity cost agent period",
    "warehouses": "place* good* capacity cost loss initial",
    "duties": "duty* good origin destination ad_valorem specific since until",
    "quotas": "quota* good origin destination leg quantity*",
    "bans": "ban* good origin destination via since until",
    "relations": "relation* a* b* domain date until weight title",
    "trade": "period* reporter* partner* flow* hs* value* quantity unit",
    "observed": "observation* kind* target* good* origin quantity* use period",
    "targets": "target* reporter* partner* date* value* title",
    "projects": "project* variant title place kind adds* capacity capital* lead_years ramp "
    "life_years operating exclusive needs starts_from starts_by shares",
    "sessions": "session* date* title place",
    "decisions": "decision* session date title* text",
    "commitments": "commitment* decision party title* due good origin destination quantity period",
    "claims": "claim* text value unit low high quantity* use",
}
"""The study format, table by table; required columns carry a star. A price is required unless a
curve stands in its place, which a check of its own sees to."""


def test_the_declared_tables_are_the_study_format() -> None:
    declared = {
        table.name: " ".join(c.name + "*" * c.required for c in table.own) for table in TABLES
    }

    assert declared == FORMAT


def test_every_table_has_a_file_and_every_file_is_listed() -> None:
    folder = Path(str(entrepot.schema.__file__)).parent
    shared = {"__init__", "declare", "delays", "orders", "rules", "datapackage", "reference"}

    assert {path.stem for path in folder.glob("*.py")} - shared == {t.name for t in TABLES}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_tables_are_declared_in_one_manner(table: Table) -> None:
    names = [column.name for column in table.columns]

    assert table_named(table.name) is table
    assert table.doc.endswith(".")
    assert names[-2:] == ["source", "note"]
    assert len(set(names)) == len(names)
    assert set(table.key) <= set(names)
    assert all({start, end} <= set(names) for start, end in table.spans)


@pytest.mark.parametrize(
    ("table", "column"), COLUMNS, ids=[f"{t.name}.{c.name}" for t, c in COLUMNS]
)
def test_columns_are_declared_in_one_manner(table: Table, column: Column) -> None:
    targets = {t.name for t in TABLES} | {"*", "hs"}

    assert re.fullmatch(r"[a-z][a-z_]*", column.name)
    assert column.meaning.endswith(".")
    assert column.kind in DTYPES
    assert set(column.refers_to) <= targets
    assert not (column.required and column.default is not None)
    assert column.status == ("required" if column.required else "optional")
    if column.unit or column.at_least is not None or column.above is not None:
        assert column.numeric
    if column.pattern is not None and column.example:
        assert re.fullmatch(column.pattern, column.example)


def test_defaults_are_those_of_the_format() -> None:
    defaults = {f"{t.name}.{c.name}": c.default for t, c in COLUMNS if c.default is not None}
    nothing = {key for key, value in defaults.items() if repr(value) == "0.0"}
    all_trade = {key for key, value in defaults.items() if value == "*"}

    assert nothing == {
        "duties.ad_valorem",
        "duties.specific",
        "goods.value_of_time",
        "legs.days",
        "plants.cost",
        "transfers.cost",
        "transfers.days",
        "warehouses.cost",
        "warehouses.initial",
        "warehouses.loss",
    }
    assert all_trade == {
        *(f"{rule}.{part}" for rule in RULES for part in ("good", "origin", "destination")),
        "commitments.origin",
        "commitments.destination",
    }
    assert {k: v for k, v in defaults.items() if k not in nothing | all_trade} == {
        "places.through": True,
        "goods.unit": "t",
        "periods.weight": 1.0,
        "legs.two_way": False,
        "transfers.allowed": True,
        "leg_goods.use": 1.0,
        "leg_goods.allowed": True,
    }


def test_a_table_that_is_not_given_has_all_its_columns() -> None:
    for table in TABLES:
        frame = empty_sheet(table, "").frame
        assert frame.schema == {c.name: DTYPES[c.kind] for c in table.columns}
        assert frame.is_empty()


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_template_is_a_table_that_can_be_filled_in(table: Table, tmp_path: Path) -> None:
    text = template(table.name)
    header = ",".join(column.name for column in table.columns)
    examples = ",".join(column.example for column in table.columns)
    path = tmp_path / f"{table.name}.csv"
    path.write_text(f"{text}{examples}\n" if examples.strip(",") else text, encoding="utf-8")

    raw, problems = read_csv(path, table, path.name)

    assert text.endswith(f"\n{header}\n")
    assert all(line.startswith("# ") for line in text.splitlines()[:-1])
    assert max(map(len, text.splitlines()[:-1])) <= 100
    for column in table.columns:
        assert f"# {column.name} ({column.status}" in text
    assert problems == []
    assert raw is not None
    sheet, problems = normalise(raw)
    assert [p for p in problems if "blank but required" not in p.message] == []
    assert isinstance(sheet.frame, pl.DataFrame)


def test_a_template_of_no_table_names_the_nearest() -> None:
    with pytest.raises(QuestionError, match="did you mean 'legs'"):
        template("leg")


def test_the_reference_page_holds_every_table_and_column() -> None:
    page = reference_markdown()

    for table in TABLES:
        section = page.split(f"\n## {table.name}\n")[1].split("\n## ")[0]
        for column in table.own:
            star = "*" if column.required else ""
            assert f"| `{column.name}`{star} | {column.kind} |" in section
    assert "| `through` | flag |  | `true` |" in page


def test_the_descriptor_says_what_the_declarations_say() -> None:
    headings = {name: text.split("\n")[0].split(",") for name, text in SMALL.items()}
    headings["legs"] += ["cost_low", "cost_basis"]

    package = descriptor("A study!", "Title", headings)
    resources = {resource["name"]: resource for resource in package["resources"]}
    legs = {field["name"]: field for field in resources["legs"]["schema"]["fields"]}

    assert package["name"] == "a-study-"
    assert list(resources) == [t.name for t in TABLES if t.name in SMALL]
    assert legs["capacity"]["constraints"] == {"minimum": 0}
    assert legs["mode"]["constraints"]["required"] is True
    assert "rail" in legs["mode"]["constraints"]["enum"]
    assert legs["two_way"]["type"] == "boolean"
    assert (legs["cost_low"]["type"], legs["cost_basis"]["type"]) == ("number", "string")
    assert "Unit: money per unit." in legs["cost"]["description"]
    assert resources["places"]["schema"]["primaryKey"] == ["place"]
    assert "primaryKey" not in resources["legs"]["schema"]
    keys = resources["legs"]["schema"]["foreignKeys"]
    assert [key["fields"] for key in keys] == ["origin", "destination"]
    assert keys[0]["reference"] == {"resource": "places", "fields": "place"}
