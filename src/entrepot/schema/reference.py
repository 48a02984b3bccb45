"""The reference page of the study format, written from the declarations."""

from __future__ import annotations

from entrepot.schema import TABLES, Column, Table

_INTRODUCTION = """\
# Tables of a study

A study is a folder with `study.toml`, one CSV file a table, and `scenarios/*.toml`; or one `.xlsx`
workbook with a sheet a table. Only `places`, `goods`, and `offers` and `bids` (or `consignments`)
are needed for a first answer.

CSV files are UTF-8 with a header, commas, decimal points and ISO 8601 dates (`2024`, `2024-03` and
`2024-03-01`; the short forms mean the first day). A blank cell is a value not given. A line that
begins with `#` is a comment. Names are lower-case letters, digits and `_ . -`. Lists are parted by
`;`. Flags are `true` or `false`.

Every table may carry `source` (where the figures of the row come from) and `note`. Every number `x`
may be followed by its range, `x_low` and `x_high`, and by `x_basis`, what it rests on: `published`,
`derived` or `estimate`. Columns marked * are required.
"""


def reference_markdown() -> str:
    """The page of all tables and their columns, in Markdown."""
    return "\n".join([_INTRODUCTION, *(_section(table) for table in TABLES)])


def _section(table: Table) -> str:
    lines = [f"## {table.name}", "", table.doc, ""]
    if table.key:
        keys = ", ".join(f"`{name}`" for name in table.key)
        lines += [f"No two rows share {keys}.", ""]
    lines += ["| column | kind | unit | default | meaning |", "|---|---|---|---|---|"]
    lines += [_row(column) for column in table.own]
    return "\n".join([*lines, ""])


def _row(column: Column) -> str:
    name = f"`{column.name}`" + ("*" if column.required else "")
    default = "" if column.default is None else f"`{default_text(column)}`"
    cells = (name, column.kind, column.unit, default, meaning(column))
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def default_text(column: Column) -> str:
    """The default as it would be written into a cell; empty where there is none."""
    if column.default is None:
        return ""
    if isinstance(column.default, bool):
        return "true" if column.default else "false"
    return f"{column.default:g}" if isinstance(column.default, float) else str(column.default)


def meaning(column: Column) -> str:
    """The meaning of a column with the values and bounds it allows."""
    parts = [column.meaning]
    if column.one_of:
        parts.append(f"One of {', '.join(column.one_of)}.")
    bounds = [
        f"{word} {bound:g}"
        for word, bound in (
            ("at least", column.at_least),
            ("at most", column.at_most),
            ("above", column.above),
            ("below", column.below),
        )
        if bound is not None
    ]
    if bounds:
        text = " and ".join(bounds)
        parts.append(f"{text[0].upper()}{text[1:]}.")
    targets = [f"`{target}`" for target in column.refers_to if target not in ("hs", "*")]
    if targets:
        parts.append(f"Refers to {' or '.join(targets)}.")
    return " ".join(parts)
