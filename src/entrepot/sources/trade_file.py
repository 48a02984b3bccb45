"""Table ``trade`` from a file of its own, CSV or Parquet, however long."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from entrepot.errors import Problem, StudyError
from entrepot.schema.trade import TRADE
from entrepot.sources.countries import WORLD
from entrepot.sources.levels import TOTAL
from entrepot.tables.nearest import did_you_mean

NEEDED = ("period", "reporter", "partner", "flow", "hs", "value")
NUMBERS = ("value", "quantity")
REVISION = "revision"
COLUMNS = (*NEEDED, "quantity", "unit", "value_basis", "good", REVISION)
AT_MOST = 20
"""Problems of one kind told in full; a wrong column would else fill the screen."""

LAST = 2**62
Told = tuple[int | None, str | None, str | None, str, str]
"""Row, column, value, what is wrong, what would be right."""


def read_trade_file(path: Path) -> pl.DataFrame:
    """The rows of a file in the columns of table ``trade``; other columns are left out.

    Codes stay text, with their zeros in front. Where there is a column `revision`, the edition of
    the Harmonized System that the code of each row is of, products of one period must be in one.

    Raises
    ------
    StudyError : no such file, no rows, columns that are missing, blanks, numbers and codes that
        cannot be, the world beside its countries, products in two editions: all at once
    """
    if not path.exists():
        raise _refused(path, [(None, None, None, "is not there", "name a file or a study that is")])
    try:
        if path.suffix == ".parquet":
            rows = pl.read_parquet(path)
        else:
            rows = pl.read_csv(path, infer_schema=False, comment_prefix="#")
    except (OSError, pl.exceptions.PolarsError) as error:
        raise _refused(path, [(None, None, None, f"cannot be read: {error}", _CURE)]) from None
    missing = [name for name in NEEDED if name not in rows.columns]
    if missing:
        others = [name for name in rows.columns if name not in COLUMNS]
        told = [
            (None, name, None, "is missing", did_you_mean(name, others, _CURE)) for name in missing
        ]
        raise _refused(path, told)
    if not rows.height:
        raise _refused(path, [(None, None, None, "has no rows", "ask for other records")])
    rows = rows.select(pl.col(name) for name in COLUMNS if name in rows.columns)
    numbers = rows.select(pl.col(name) for name in NUMBERS if name in rows.columns)
    # One by one: rows may be millions, and no column is to be held twice for longer than that.
    for name in rows.columns:
        as_text = pl.col(name).cast(pl.String).str.strip_chars()
        as_number = pl.col(name).cast(pl.Float64, strict=False)
        rows = rows.with_columns(as_number if name in NUMBERS else as_text)
    problems = _problems(numbers, rows, _lines_before(path))
    if problems:
        raise _refused(path, problems)
    return rows


_CURE = "write CSV or Parquet in the columns of table trade (entrepot template trade)"


def _problems(numbers: pl.DataFrame, read: pl.DataFrame, before: int) -> list[Told]:
    """Everything wrong with the rows, column by column; `numbers` as they stand in the file."""
    named = pl.col("good").is_not_null() if "good" in read.columns else pl.lit(False)
    code = pl.col("hs").is_in(_wrong_codes(read["hs"]))
    checks = [
        (name, pl.col(name).is_null() & ~(named if name == "hs" else pl.lit(False)),
         "is blank", "fill it in")
        for name in ("period", "reporter", "partner", "flow", "hs")
    ]  # fmt: skip
    checks += [
        ("flow", ~pl.col("flow").is_in(["import", "export"]), "is no flow",
         "write import or export"),
        ("hs", code, "is no code of the Harmonized System",
         f"write 2, 4, 6, 8 or 10 digits, with zeros in front, or {TOTAL}"),
    ]  # fmt: skip
    for name in numbers.columns:
        column = pl.col(name)
        checks += [
            (
                name,
                pl.lit(numbers[name].is_not_null()) & column.is_null(),
                "is not a number",
                "write a number",
            ),
            (name, ~column.is_finite(), "is not a number", "write a number"),
            (name, column < 0, "is below 0", "write an amount of 0 or more; flow tells the way"),
        ]
    checks.append(("value", pl.lit(numbers["value"].is_null()), "is blank", "fill it in"))
    problems: list[Told] = []
    for name, wrong, message, remedy in checks:
        found = read.select(wrong.fill_null(False).alias("wrong"))["wrong"].arg_true()
        for row in found.head(AT_MOST):
            value = (numbers if name in NUMBERS else read)[name][row]
            problems.append((row + before, name, None if value is None else str(value), message,
                             remedy))  # fmt: skip
        if len(found) > AT_MOST:
            problems.append((None, name, None, f"{len(found) - AT_MOST} more {message}", remedy))
    problems += _whole_world(read, before)
    return sorted(problems, key=lambda told: told[0] or LAST) + _editions(read, before)


def _wrong_codes(codes: pl.Series) -> list[str]:
    """Codes that are none; each is looked at once, for rows may be millions."""
    pattern = next(column.pattern for column in TRADE.own if column.name == "hs")
    each = codes.drop_nulls().unique()
    return each.filter(~each.str.contains(f"^(?:{pattern})$")).sort().to_list()


def _whole_world(read: pl.DataFrame, before: int) -> list[Told]:
    """The first row of the world beside the countries that it is the sum of."""
    of_world = pl.col("partner").str.to_uppercase().is_in(WORLD)
    if not read["partner"].unique().str.to_uppercase().is_in(WORLD).any():
        return []
    keys = ["period", "reporter", "flow"]
    parts = read.filter(~of_world).select(keys).unique()
    twice = read.with_row_index("row").filter(of_world).join(parts, on=keys, how="semi")
    if not twice.height:
        return []
    first = twice.sort("row").row(0, named=True)
    return [
        (first["row"] + before, "partner", first["partner"],
         "is the world, which stands beside its countries: trade would count twice",
         f"leave out its {twice.height:,} rows, or those of the countries")
    ]  # fmt: skip


def _editions(read: pl.DataFrame, before: int) -> list[Told]:
    """The first product of a period that is in another edition than the first."""
    if REVISION not in read.columns:
        return []
    coded = read.with_row_index("row").filter(
        (pl.col("hs") != TOTAL) & pl.col(REVISION).is_not_null()
    )
    first = coded.group_by("period", REVISION).agg(pl.col("row").min()).sort("period", "row")
    told: list[Told] = []
    for (period,), each in first.group_by("period", maintain_order=True):
        for row, edition in each.select("row", REVISION).rows()[1:]:
            told.append(
                (row + before, REVISION, edition,
                 f"is another edition than {each[REVISION][0]} of row {each['row'][0] + before}, "
                 f"and codes of {period} mean other goods",
                 "bring all to one: entrepot import revision")
            )  # fmt: skip
    return told


def _lines_before(path: Path) -> int:
    """What the first row is counted as: lines of a file, with its comments and its header."""
    if path.suffix == ".parquet":
        return 1
    with path.open(encoding="utf-8", errors="replace") as file:
        for line, text in enumerate(file, 1):
            if not text.startswith("#"):
                return line + 1
    return 1


def _refused(path: Path, told: Sequence[Told]) -> StudyError:
    return StudyError(path.name, [Problem(path.name, *each) for each in told])
