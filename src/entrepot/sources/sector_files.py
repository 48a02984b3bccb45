"""A world of several sectors from files: trade, input shares, value added, tariffs, elasticities.

Each is CSV or Parquet in the columns declared here, checked like the tables of a study: every
problem at once, with its file, row and column.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from entrepot.errors import Problem, StudyError
from entrepot.schema.declare import Column, Table
from entrepot.tables.check_keys import check_keys
from entrepot.tables.nearest import did_you_mean
from entrepot.tables.normalise import normalise
from entrepot.tables.read_csv import read_csv
from entrepot.tables.read_parquet import read_parquet
from entrepot.tables.sheet import Sheet

_SECTOR = Column("sector", "text", "Sector of the economy.", required=True, example="food")
_COUNTRY = Column("country", "text", "Country.", required=True, example="AZ")
_EXPORTER = Column("exporter", "text", "Country that sells.", required=True, example="AZ")
_IMPORTER = Column("importer", "text", "Country that buys.", required=True, example="BY")
_FLOW = ("sector", "exporter", "importer")

TRADE = Table(
    name="trade",
    doc="What a sector of one country sells to another, or at home, before tariffs.",
    own=(
        Column("period", "text", "Where there are several.", example="2020"),
        _SECTOR,
        _EXPORTER,
        _IMPORTER,
        Column(
            "trade", "number", "Value before tariffs.", unit="money", required=True, at_least=0,
            example="12.5",
        ),
    ),
    key=(*_FLOW, "period"),
)  # fmt: skip
INPUTS = Table(
    name="inputs",
    doc="What a sector of a country uses of the goods of another, as a share.",
    own=(
        _COUNTRY,
        _SECTOR,
        Column("used", "text", "Sector whose goods it uses.", required=True, example="steel"),
        Column(
            "share", "number", "Share of output, or of all inputs where value added is given.",
            required=True, at_least=0, at_most=1, example="0.2",
        ),
    ),
    key=("country", "sector", "used"),
)  # fmt: skip
VALUE_ADDED = Table(
    name="value added",
    doc="What is left of a sector's output for labour and capital.",
    own=(
        _COUNTRY,
        _SECTOR,
        Column(
            "share", "number", "Share of output.", required=True, above=0, at_most=1, example="0.4"
        ),
    ),
    key=("country", "sector"),
)
TARIFFS = Table(
    name="tariffs",
    doc="What an importer levies on an exporter's goods; 0 where there is no row.",
    own=(
        _SECTOR,
        _EXPORTER,
        _IMPORTER,
        Column(
            "tariff", "number", "Share of the price before it.", required=True, above=-1,
            example="0.05",
        ),
    ),
    key=_FLOW,
)  # fmt: skip
ELASTICITIES = Table(
    name="elasticities",
    doc="By how many percent a sector's trade falls when its cost rises by one.",
    own=(
        _SECTOR,
        Column("theta", "number", "Trade elasticity.", required=True, above=0, example="4.5"),
    ),
    key=("sector",),
)
CHANGES = Table(
    name="changes",
    doc="What changes between two countries in a sector, or in all where it is blank.",
    own=(
        Column("sector", "text", "Sector of the economy.", example="food"),
        _EXPORTER,
        _IMPORTER,
        Column("tariff", "number", "Its new tariff; blank: stays.", above=-1, example="0"),
        Column(
            "cost", "number", "Factor on the cost of its trade; blank: stays.", above=0,
            example="0.95",
        ),
    ),
    key=_FLOW,
)  # fmt: skip

ENDINGS = (".csv", ".parquet")
COUNTRIES = ("exporter", "importer", "country")
SECTORS = ("sector", "used")


@dataclass(frozen=True, eq=False)
class SectorFiles:
    """What the files of a world of sectors hold; only trade must be there.

    Attributes
    ----------
    trade : (period, sector, exporter, importer, trade)
    inputs : (country, sector, used, share)
    value_added : (country, sector, share)
    tariffs : (sector, exporter, importer, tariff)
    elasticities : (sector, theta)
    changes : (sector, exporter, importer, tariff, cost)
    """

    trade: pl.DataFrame
    inputs: pl.DataFrame | None = None
    value_added: pl.DataFrame | None = None
    tariffs: pl.DataFrame | None = None
    elasticities: pl.DataFrame | None = None
    changes: pl.DataFrame | None = None


@dataclass(frozen=True, kw_only=True)
class SectorPaths:
    """Where the files lie; None where there is none."""

    trade: Path
    inputs: Path | None = None
    value_added: Path | None = None
    tariffs: Path | None = None
    elasticities: Path | None = None
    changes: Path | None = None

    def given(self) -> dict[str, tuple[Path, Table]]:
        """The files that there are, by what they hold."""
        tables = {
            "trade": TRADE, "inputs": INPUTS, "value_added": VALUE_ADDED, "tariffs": TARIFFS,
            "elasticities": ELASTICITIES, "changes": CHANGES,
        }  # fmt: skip
        found = {name: getattr(self, name) for name in tables}
        return {name: (path, tables[name]) for name, path in found.items() if path is not None}


@dataclass(eq=False)
class _Reading:
    """Sheets read so far, and everything wrong with them."""

    sheets: dict[str, Sheet] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read_sector_files(paths: SectorPaths) -> SectorFiles:
    """The tables of a world of sectors.

    Raises
    ------
    StudyError : files that cannot be read, cells that cannot be, rows that stand twice, names that
        the trade does not have: all at once
    """
    reading = _Reading()
    for name, (path, table) in paths.given().items():
        _read(reading, name, path, table)
    reading.problems += check_keys(reading.sheets)
    if "trade" in reading.sheets:
        reading.problems += _strangers(reading.sheets)
    if reading.problems:
        raise StudyError(paths.trade.stem, reading.problems)
    return SectorFiles(**{name: sheet.frame for name, sheet in reading.sheets.items()})


def _read(reading: _Reading, name: str, path: Path, table: Table) -> None:
    if path.suffix not in ENDINGS:
        wrong = Problem(path.name, None, None, None, "is neither .csv nor .parquet",
                        f"write {table.name} as such a file")  # fmt: skip
        reading.problems.append(wrong)
        return
    read = read_parquet if path.suffix == ".parquet" else read_csv
    try:
        raw, found = read(path, table, path.name)
    except OSError as error:
        cure = f"name a file with the columns {', '.join(each.name for each in table.own)}"
        found = [Problem(path.name, None, None, None,
                         f"cannot be read ({error.strerror or error})", cure)]  # fmt: skip
        raw = None
    reading.problems += found
    if raw is None:
        return
    sheet, found = normalise(raw)
    reading.problems += found
    if not sheet.frame.height and not found:
        reading.problems.append(Problem(path.name, None, None, None, "has no rows", "add some"))
    reading.sheets[name] = sheet


def _strangers(sheets: Mapping[str, Sheet]) -> list[Problem]:
    """Countries and sectors of other tables that nobody trades in."""
    trade = sheets["trade"].frame
    countries = set(trade["exporter"].drop_nulls()) | set(trade["importer"].drop_nulls())
    sectors = set(trade["sector"].drop_nulls())
    file, problems = sheets["trade"].file, []
    for name, sheet in sheets.items():
        if name == "trade":
            continue
        for column, known in (
            *((column, countries) for column in COUNTRIES),
            *((column, sectors) for column in SECTORS),
        ):
            if column not in sheet.frame.columns:
                continue
            cells = sheet[column]
            strange = cells.is_not_null() & ~cells.is_in(sorted(known))
            problems += sheet.problems(
                strange, column, f"does not stand in {file}",
                lambda value, known=known: did_you_mean(  # type: ignore[misc]
                    value, known, f"add its trade to {file}, or take the row out"
                ),
            )  # fmt: skip
    return problems
