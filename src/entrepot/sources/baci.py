"""BACI: the world's trade of one year by product, as CEPII reconcile it, read into table ``trade``.

A file ``BACI_HS…_Y…_V….csv`` has the columns t (year), i (exporter), j (importer), k (product, six
digits), v (thousand current US dollars, free on board) and q (metric tons, NA where unknown); see
Gaulier and Zignago (2010), "BACI: International Trade Database at the Product-Level", CEPII working
paper 2010-23, and CEPII's description of the files. Both reports of a flow are reconciled in it, so
each flow stands once, as an export.

About 11 million rows a year: nothing here holds all of them at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from entrepot.errors import CertificateError, Problem, QuestionError, StudyError
from entrepot.sources.countries import GROUPS, UNASSIGNED, numbers
from entrepot.tables.nearest import did_you_mean

SCHEMA = {
    "t": pl.Int32, "i": pl.Int32, "j": pl.Int32, "k": pl.String, "v": pl.String, "q": pl.String,
}  # fmt: skip
DIGITS = (0, 2, 4, 6)
NOBODY = "country not specified, or a group of countries"
OTHERS = "between other countries than those asked for"
ITSELF = "of a country with itself"
REASONS = (OTHERS, NOBODY, ITSELF)
OTHER = 998
"""Stands for the countries that were not asked for; no country has this number."""
BLANK = ["", "NA", "NaN", "nan"]
AT_MOST = 20
"""Problems told of one file."""


@dataclass(frozen=True)
class World:
    """What was read from files of BACI.

    Attributes
    ----------
    rows : rows of table ``trade``, made when they are collected or written: all exports, value in
        US dollars, quantity in t; in the order of years, of M49's numbers and of products
    audit : (reason, rows, value): rows left out by reason; `value` in US dollars
    read : rows in the files
    taken : rows that `rows` adds up; with those of `audit` they are those read
    """

    rows: pl.LazyFrame
    audit: pl.DataFrame
    read: int
    taken: int

    @property
    def trade(self) -> pl.DataFrame:
        """All rows at once."""
        return self.rows.collect()


def read_baci(paths: Sequence[Path], *, countries: Sequence[str] = (), digits: int = 6) -> World:
    """Trade between countries in the files, added up to products of so many digits.

    The quantity of a sum is given where that of every part is: tons that are unknown are not zero.

    Parameters
    ----------
    countries : take what one of these exports or imports; all where empty
    digits : of the products: 6, 4, 2, or 0 for the total

    Raises
    ------
    StudyError : files that are not BACI's; unknown countries, broken values, in each by its row
    QuestionError : no such digits, no such countries, or none of the rows has them
    CertificateError : rows taken and left out do not add up to those read
    """
    if digits not in DIGITS:
        raise QuestionError(f"products have {digits} digits in no file; ask for 0, 2, 4 or 6")
    codes = _codes(countries)
    try:
        summed = _summed(paths, codes if countries else None, digits)
    except pl.exceptions.PolarsError as error:
        problems = _problems(paths) or [_problem(paths[0], None, None, f"cannot be read: {error}")]
        raise StudyError(_named(paths), problems) from None
    strange = set(summed["i"]) | set(summed["j"])
    if summed["wrong"].sum() or not strange <= {OTHER, *numbers(), *GROUPS, *UNASSIGNED}:
        raise StudyError(_named(paths), _problems(paths))
    return _world(summed, paths, countries, digits)


def _summed(paths: Sequence[Path], asked: list[int] | None, digits: int) -> pl.DataFrame:
    """Rows added up by year, countries and product, all as whole numbers.

    The four numbers are packed into one, by which eleven million rows are grouped in seconds; rows
    of countries not asked for fall together under the number `OTHER`.

    Returns
    -------
    Frame (t, i, j, k, value, quantity, unweighed, wrong, rows)
    """
    rows = pl.concat([_scan(path) for path in paths]).with_columns(
        product=pl.col("k").cast(pl.Int64, strict=False), value=_number("v"), quantity=_number("q")
    )
    who = pl.col("i").cast(pl.Int64) * 1000 + pl.col("j")
    if asked is not None:
        ours = pl.col("i").is_in(asked) | pl.col("j").is_in(asked)
        who = pl.when(ours).then(who).otherwise(OTHER * 1000 + OTHER)
        rows = rows.with_columns(product=pl.when(ours).then("product").otherwise(0))
    cut = pl.col("product").fill_null(0) // 10 ** (6 - digits)
    key = (pl.col("t").cast(pl.Int64) * 1_000_000 + who) * 1_000_000 + cut
    return (
        rows.group_by(key.alias("key"))
        .agg(
            pl.col("value").sum() * 1000.0,
            pl.col("quantity").sum(),
            pl.col("quantity").null_count().alias("unweighed"),
            _wrong().sum().alias("wrong"),
            pl.len().alias("rows"),
        )
        .sort("key")
        .collect(engine="streaming")
        .with_columns(
            t=(pl.col("key") // 10**12).cast(pl.Int16),
            i=(pl.col("key") // 10**9 % 1000).cast(pl.Int16),
            j=(pl.col("key") // 10**6 % 1000).cast(pl.Int16),
            k=(pl.col("key") % 10**6).cast(pl.Int32),
        )
        .drop("key")
    )


def _codes(countries: Sequence[str]) -> list[int]:
    """The numbers of some countries.

    Raises
    ------
    QuestionError : not a country
    """
    known = numbers()
    strange = [name for name in countries if name not in known.values()]
    if strange:
        cure = did_you_mean(strange[0], set(known.values()), "write codes such as AZ")
        raise QuestionError(f"not countries: {', '.join(strange)}; {cure}")
    return [number for number, country in known.items() if country in countries]


def _world(
    summed: pl.DataFrame, paths: Sequence[Path], countries: Sequence[str], digits: int
) -> World:
    read = int(summed["rows"].sum())
    if not read:
        raise _refused(paths[0], None, None, "has no rows")
    names = sorted(set(numbers().values()))
    place = {number: names.index(name) for number, name in numbers().items()}
    from_, to = (
        pl.col(end).replace_strict(place, default=-1, return_dtype=pl.Int16) for end in ("i", "j")
    )
    summed = summed.with_columns(from_.alias("from"), to.alias("to")).with_columns(
        why=pl.when(pl.col("i") == OTHER)
        .then(REASONS.index(OTHERS))
        .when((pl.col("from") < 0) | (pl.col("to") < 0))
        .then(REASONS.index(NOBODY))
        .when(pl.col("from") == pl.col("to"))
        .then(REASONS.index(ITSELF))
        .otherwise(len(REASONS))
        .cast(pl.Int8)
    )
    counts = summed.group_by("why").agg(pl.col("rows").sum().cast(pl.Int64), pl.col("value").sum())
    ours = counts["why"] == len(REASONS)
    taken, audit = int(counts.filter(ours)["rows"].sum()), counts.filter(~ours)
    if taken + int(audit["rows"].sum()) != read:
        raise CertificateError(f"{_named(paths)}: rows taken and left out are not the rows read")
    summed = summed.filter(pl.col("why") == len(REASONS))
    for name in countries:
        at = names.index(name)
        if not ((summed["from"] == at) | (summed["to"] == at)).any():
            raise QuestionError(f"{_named(paths)} has no trade of {name}")
    if not summed.height:
        raise _refused(paths[0], None, None, f"has no trade between countries in {read} rows")
    told = pl.col("why").replace_strict(dict(enumerate(REASONS)), return_dtype=pl.String)
    audit = audit.sort("why").select(told.alias("reason"), "rows", "value")
    return World(_in_words(summed, names, digits), audit, read, taken)


def _in_words(summed: pl.DataFrame, names: list[str], digits: int) -> pl.LazyFrame:
    """Rows of numbers as rows of table ``trade``, made as they are asked for."""
    code = pl.col("k").cast(pl.String).str.zfill(digits) if digits else pl.lit("total")
    known = pl.col("unweighed") == 0
    of = dict(enumerate(names))
    return summed.lazy().select(
        pl.col("t").cast(pl.String).alias("period"),
        pl.col("from").replace_strict(of, return_dtype=pl.String).alias("reporter"),
        pl.col("to").replace_strict(of, return_dtype=pl.String).alias("partner"),
        pl.lit("export").alias("flow"),
        code.alias("hs"),
        "value",
        pl.when(known).then("quantity").alias("quantity"),
        pl.when(known).then(pl.lit("t")).alias("unit"),
    )


def _scan(path: Path) -> pl.LazyFrame:
    """One file, not yet read; its header checked. Amounts are text: BACI pads them with blanks."""
    try:
        with path.open("rb") as file:
            head = file.readline(200).decode("utf-8-sig", errors="replace")
    except OSError as error:
        raise _refused(path, None, None, f"cannot be read ({error.strerror})") from None
    names = [name.strip().strip('"') for name in head.split(",")]
    if names != list(SCHEMA):
        raise _refused(path, 1, None, f"has the columns {', '.join(names)[:60]}")
    return pl.scan_csv(path, schema=SCHEMA)


def _number(name: str) -> pl.Expr:
    return pl.col(name).str.strip_chars().cast(pl.Float64, strict=False)


def _wrong() -> pl.Expr:
    """Whether a row, whose numbers have been read, holds what cannot stand there."""
    value, amount = pl.col("value"), pl.col("quantity")
    unread = amount.is_null() & pl.col("q").str.strip_chars().is_in(BLANK).not_()
    return (
        pl.any_horizontal(pl.col("t", "i", "j", "product", "value").is_null())
        | (pl.col("k").str.len_bytes() > 6)
        | (pl.col("product") < 0)
        | ~value.is_finite()
        | (value < 0)
        | (amount < 0).fill_null(False)
        | unread.fill_null(False)
    ).fill_null(True)


def _problems(paths: Sequence[Path]) -> list[Problem]:
    """The first rows of each file that hold what cannot stand there."""
    known = [*numbers(), *GROUPS, *UNASSIGNED]
    found = []
    for path in paths:
        _scan(path)
        raw = pl.scan_csv(path, infer_schema=False, new_columns=list(SCHEMA))
        rows = raw.with_columns(
            *(pl.col(name).str.strip_chars().str.to_integer(strict=False) for name in "tij"),
            product=pl.col("k").cast(pl.Int64, strict=False),
            value=_number("v"),
            quantity=_number("q"),
        )
        strange = pl.any_horizontal(~pl.col("i", "j").is_in(known))
        bad = rows.with_row_index("row", offset=2).filter(_wrong() | strange.fill_null(True))
        lines = bad.head(AT_MOST).select("row").collect()["row"].to_list()
        told = raw.with_row_index("row", offset=2).filter(pl.col("row").is_in(lines)).collect()
        for number, *cells in told.iter_rows():
            text = ",".join(cell or "" for cell in cells)
            found.append(_problem(path, number, text, "is no row of BACI"))
    return found


def _named(paths: Sequence[Path]) -> str:
    return paths[0].name if len(paths) == 1 else f"{paths[0].name} and {len(paths) - 1} more"


def _problem(path: Path, row: int | None, value: str | None, message: str) -> Problem:
    cure = "BACI has t,i,j,k,v,q: a year, two countries' numbers, six digits, two amounts"
    return Problem(path.name, row, None, value, message, cure)


def _refused(path: Path, row: int | None, value: str | None, message: str) -> StudyError:
    return StudyError(path.name, [_problem(path, row, value, message)])
