"""The Data Package descriptor of a study in CSV: what each file holds, for other tools.

Follows the Table Schema and Tabular Data Resource specifications of https://specs.frictionlessdata.io.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from entrepot.schema import TABLES, Column, Table, table_named
from entrepot.schema.declare import BASES

_TYPES = {
    "name": "string",
    "text": "string",
    "list": "string",
    "number": "number",
    "integer": "integer",
    "date": "date",
    "flag": "boolean",
}


def descriptor(name: str, title: str, headings: Mapping[str, Iterable[str]]) -> dict[str, Any]:
    """The descriptor, ready for JSON.

    Parameters
    ----------
    name : of the study
    title : of the study
    headings : table -> headings of its file, in order; ranges and bases among them
    """
    resources = [
        _resource(table, list(headings[table.name]), set(headings))
        for table in TABLES
        if table.name in headings
    ]
    slug = "".join(mark if mark.isalnum() or mark in "._-" else "-" for mark in name.lower())
    return {
        "profile": "tabular-data-package",
        "name": slug,
        "title": title,
        "resources": resources,
    }


def _resource(table: Table, headings: list[str], tables: set[str]) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [_field(table, heading) for heading in headings],
        "missingValues": [""],
    }
    columns = [table.column(heading) for heading in headings]
    declared = [column for column in columns if column is not None]
    if table.key and all(_required(table, name) for name in table.key):
        schema["primaryKey"] = list(table.key)
    links = [link for column in declared if (link := _foreign_key(column, tables))]
    if links:
        schema["foreignKeys"] = links
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": f"{table.name}.csv",
        "description": table.doc,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"commentChar": "#"},
        "schema": schema,
    }


def _required(table: Table, name: str) -> bool:
    column = table.column(name)
    return column is not None and column.required


def _field(table: Table, heading: str) -> dict[str, Any]:
    column = table.column(heading)
    if column is None:
        return _companion(heading, table.companions()[heading])
    field: dict[str, Any] = {"name": heading, "type": _TYPES[column.kind]}
    field["description"] = column.meaning + (f" Unit: {column.unit}." if column.unit else "")
    if column.kind == "flag":
        field |= {"trueValues": ["true"], "falseValues": ["false"]}
    constraints = _constraints(column)
    if constraints:
        field["constraints"] = constraints
    return field


def _companion(heading: str, of: Column) -> dict[str, Any]:
    if heading.endswith("_basis"):
        what = f"What {of.name} rests on."
        limits = {"enum": list(BASES)}
        return {"name": heading, "type": "string", "description": what, "constraints": limits}
    end = "Low" if heading.endswith("_low") else "High"
    what = f"{end} end of the range of {of.name}."
    return {"name": heading, "type": "number", "description": what}


def _constraints(column: Column) -> dict[str, Any]:
    """The limits that Table Schema can say; bounds that may not be touched are left out."""
    limits: dict[str, Any] = {}
    if column.required:
        limits["required"] = True
    if column.at_least is not None:
        limits["minimum"] = column.at_least
    if column.at_most is not None:
        limits["maximum"] = column.at_most
    if column.one_of:
        limits["enum"] = list(column.one_of)
    if column.pattern is not None:
        limits["pattern"] = f"^(?:{column.pattern})$"
    return limits


def _foreign_key(column: Column, tables: set[str]) -> dict[str, Any] | None:
    """A link to a table of the package, where every value must stand there as it is.

    Left out are lists, columns with several targets, countries (whose table is optional), and legs
    (the way back of a two-way leg has no row).
    """
    if len(column.refers_to) != 1 or column.kind == "list":
        return None
    target = column.refers_to[0]
    if target in ("countries", "legs") or target not in tables:
        return None
    key = table_named(target).key[0]
    return {"fields": column.name, "reference": {"resource": target, "fields": key}}
