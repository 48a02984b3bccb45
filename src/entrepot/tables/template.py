"""An empty table to fill in: a header, and above it what each column means."""

from __future__ import annotations

import textwrap

from entrepot.errors import QuestionError
from entrepot.schema import TABLES, table_named
from entrepot.schema.reference import default_text, meaning
from entrepot.tables.nearest import did_you_mean

WIDTH = 98


def template(name: str) -> str:
    """A table as CSV text with its header and no rows; comment lines explain each column.

    Raises
    ------
    QuestionError : no table has that name
    """
    names = [table.name for table in TABLES]
    if name not in names:
        cure = did_you_mean(name, names, f"one of {', '.join(names)}")
        raise QuestionError(f"{name!r} is not a table of the study format; {cure}")
    table = table_named(name)
    lines = [f"# {line}" for line in textwrap.wrap(f"{name}: {table.doc}", WIDTH)]
    lines.append("# Numbers may be followed by columns of their name with _low, _high and _basis.")
    for column in table.columns:
        text = f"{column.name} ({column.status}"
        text += f"; {column.unit})" if column.unit else ")"
        text += f": {meaning(column)}"
        if column.default is not None:
            text += f" Default: {default_text(column)}."
        if column.example:
            text += f" Such as {column.example}."
        lines += [f"# {line}" for line in textwrap.wrap(text, WIDTH, subsequent_indent="  ")]
    lines.append(",".join(column.name for column in table.columns))
    return "\n".join(lines) + "\n"
