"""Files of comma-separated values of a foreign format, with everything that is wrong with them."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from entrepot.errors import Problem
from entrepot.tables.nearest import did_you_mean

TRUE, FALSE = ("1", "true", "yes", "t"), ("0", "false", "no", "f")


@dataclass
class Sheet:
    """A file as rows of text, with the line of each."""

    file: str
    columns: Sequence[str] = ()
    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)


class Reader:
    """Reads the files and gathers everything that is wrong with them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []

    def wrong(
        self, file: str, line: int | None, column: str | None, value: str | None, *told: str
    ) -> None:
        """Note one thing wrong: what it is, and what would be right."""
        self.problems.append(Problem(file, line, column, value, told[0], told[1]))

    def sheet(self, name: str, required: Sequence[str], *, needed: bool = False) -> Sheet:
        """A file of the folder; empty where it may be absent and is."""
        file = f"{name}.csv"
        path = self.folder / file
        if not path.exists():
            if needed:
                self.wrong(file, None, None, None, "is not there", "the format has this file")
            return Sheet(file)
        try:
            with path.open(encoding="utf-8-sig", newline="") as stream:
                lines = csv.DictReader(stream, strict=True)
                columns = [name.strip() for name in lines.fieldnames or ()]
                lines.fieldnames = columns
                rows = [
                    (
                        lines.line_num,
                        {k: (v or "").strip() for k, v in row.items() if k is not None},
                    )
                    for row in lines
                ]
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            self.wrong(file, None, None, None, f"cannot be read: {error}", "write CSV in UTF-8")
            return Sheet(file)
        for column in required:
            if column not in columns:
                cure = did_you_mean(column, columns, "add the column")
                self.wrong(file, 1, column, None, "is missing", cure)
        return Sheet(file, columns, rows)

    def number(
        self, sheet: Sheet, line: int, row: Mapping[str, str], column: str, least: float = 0.0
    ) -> float | None:
        """A number of at least `least`, None where the cell is blank."""
        text = row.get(column, "")
        if text in ("", "NaN", "NULL"):
            return None
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value) or value < least:
            cure = (
                "write a number" if least == -math.inf else f"write a number of at least {least:g}"
            )
            self.wrong(sheet.file, line, column, text, "is not a number that can stand here", cure)
            return None
        return value

    def flag(self, sheet: Sheet, line: int, row: Mapping[str, str], column: str) -> bool | None:
        """Yes or no, None where the cell is blank."""
        text = row.get(column, "").lower()
        if text in TRUE or text in FALSE:
            return text in TRUE
        if text:
            self.wrong(sheet.file, line, column, text, "is neither true nor false", "write 1 or 0")
        return None
