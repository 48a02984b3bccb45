"""UN Comtrade: customs records as the United Nations publish them, read into table ``trade``.

The layout is that of the service since 2023 (comtradedeveloper.un.org, "final data"): JSON as the
service answers, CSV as it is downloaded, or tab-separated text of the bulk files, plain or gzipped.
Only trade in goods between two countries by the Harmonized System is taken; every row that is not
is accounted for by its reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from entrepot.errors import CertificateError, Problem, StudyError
from entrepot.sources.comtrade_checks import problems_in
from entrepot.sources.comtrade_files import read_records
from entrepot.sources.countries import GROUPS, UNASSIGNED, numbers
from entrepot.sources.levels import TOTAL, mark_sums

FLOWS = {"M": "import", "X": "export"}
# Parts of imports and exports: re-exports, domestic exports, for and after processing …
PARTS_OF_FLOWS = ("RX", "RM", "DX", "FM", "MIP", "XIP", "MOP", "XOP")

SERVICES = "services"
PART_OF_FLOW = "re-exports and other parts of imports or exports, which are in them already"
NOT_HS = "not classified by the Harmonized System"
GROUP = "a group of countries, whose members have rows of their own"
NOBODY = "partner not specified, bunkers, free zones or special categories"
ITSELF = "of a country with itself"
DETAIL = "detail by second partner, customs procedure or mode of transport; the total is taken"
SPECIAL = "goods not specified (special codes)"
NO_VALUE = "no value"
AGAIN = "the same record again"
SUM = "a sum whose parts stand beside it"

COLUMNS = ("period", "reporter", "partner", "flow", "hs", "value", "quantity", "unit")
KEY = ["period", "reporter", "partner", "flow", "hs"]


@dataclass(frozen=True)
class Records:
    """What was read from files of records.

    Attributes
    ----------
    trade : rows of table ``trade``, value in US dollars, sorted
    audit : (reason, rows, value): rows left out by reason, in the order in which reasons are tried;
        `value` is their sum where they have one
    read : rows in the files; rows of `trade` and of `audit` add up to it
    revisions : editions of the Harmonized System in `trade`, such as "H6"
    """

    trade: pl.DataFrame
    audit: pl.DataFrame
    read: int
    revisions: tuple[str, ...]


def read_comtrade(paths: Sequence[Path], revision: str | None = None) -> Records:
    """The records of some files, together.

    Codes of goods stay text. A sum is left out where its parts stand beside it and add up to it, so
    that adding up all rows counts nothing twice; where only some parts are there, it stays.

    Parameters
    ----------
    revision : take only records in this edition of the Harmonized System, such as "H6"

    Raises
    ------
    StudyError : files that are no records; unknown codes, codes of goods that lost a zero,
        negative values, one record with two values, editions that mix; all of them at once
    CertificateError : rows kept and rows left out are not the rows read
    """
    rows = pl.concat([read_records(path) for path in paths])
    if not rows.height:
        raise _refused(paths, "no records in it", "ask for other years, countries or goods")
    problems = problems_in(rows)
    if problems:
        raise StudyError(_named(paths), problems)
    rows = _translated(rows).with_columns(reason=_reason(revision))
    kept = rows.filter(pl.col("reason").is_null())
    _one_revision(kept, paths)
    left_out = [rows.filter(pl.col("reason").is_not_null()).select("reason", "value")]
    kept, again = _without_repeats(kept, paths)
    marked = mark_sums(kept, KEY[:4])
    left_out += [again, _because(marked.filter("is_sum"), SUM)]
    trade = marked.filter(~pl.col("is_sum")).select(COLUMNS).sort(*KEY)
    audit = _audit(pl.concat(left_out))
    if trade.height + int(audit["rows"].sum()) != rows.height:
        raise CertificateError(f"{_named(paths)}: rows kept and left out are not the rows read")
    if not trade.height:
        told = "; ".join(f"{row['rows']} rows: {row['reason']}" for row in audit.to_dicts())
        raise _refused(paths, f"nothing is left of {rows.height} rows ({told})", "ask for others")
    revisions = kept.filter(pl.col("hs") != TOTAL)["classificationCode"].unique().drop_nulls()
    return Records(trade, audit, rows.height, tuple(sorted(revisions)))


def _translated(rows: pl.DataFrame) -> pl.DataFrame:
    """Records with our words for theirs; what has none is null."""
    code = {str(number): country for number, country in numbers().items()}
    period = pl.col("period")
    month = period.str.slice(0, 4) + "-" + period.str.slice(4, 2)
    amount, weight = _number("qty"), _number("netWgt")
    counted = (amount > 0) & ~pl.col("qtyUnitAbbr").fill_null("N/A").is_in(["N/A", "-", "n/a"])
    weighed = weight > 0
    return rows.with_columns(
        pl.when(period.str.len_chars() == 6).then(month).otherwise(period).alias("period"),
        _plain("reporterCode").replace_strict(code, default=None).alias("reporter"),
        _plain("partnerCode").replace_strict(code, default=None).alias("partner"),
        pl.col("flowCode").replace_strict(FLOWS, default=None).alias("flow"),
        pl.when(pl.col("cmdCode") == "TOTAL")
        .then(pl.lit(TOTAL))
        .when(pl.col("cmdCode").str.contains(r"^(\d\d){1,5}$"))
        .then(pl.col("cmdCode"))
        .alias("hs"),
        _number("primaryValue").alias("value"),
        pl.when(counted).then(amount).when(weighed).then(weight).alias("quantity"),
        pl.when(counted).then(pl.col("qtyUnitAbbr")).when(weighed).then(pl.lit("kg")).alias("unit"),
    )


def _plain(name: str) -> pl.Expr:
    """A code without zeros in front, so that 031 and 31 are one."""
    return pl.col(name).str.to_integer(strict=False).cast(pl.String)


def _number(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.Float64, strict=False)


def _reason(revision: str | None) -> pl.Expr:
    """Why a row is left out, the first that holds; null where it is taken."""
    partner = pl.col("partnerCode").str.to_integer(strict=False)
    reporter = pl.col("reporterCode").str.to_integer(strict=False)
    edition = pl.col("classificationCode")
    groups, nobody = list(GROUPS), list(UNASSIGNED)
    detail = (
        pl.col("partner2Code").fill_null("0").is_in(["0", ""]).not_()
        | pl.col("customsCode").fill_null("C00").is_in(["C00", ""]).not_()
        | pl.col("motCode").fill_null("0").is_in(["0", ""]).not_()
    )
    tried = [
        (pl.col("typeCode").fill_null("C") == "S", SERVICES),
        (pl.col("flow").is_null(), PART_OF_FLOW),
        (edition.fill_null("H").str.starts_with("H").not_(), NOT_HS),
        (partner.is_in(groups) | reporter.is_in(groups), GROUP),
        (partner.is_in(nobody) | reporter.is_in(nobody), NOBODY),
        (pl.col("reporter") == pl.col("partner"), ITSELF),
        (detail, DETAIL),
        (pl.col("hs").is_null(), SPECIAL),
        (pl.col("value").is_null(), NO_VALUE),
    ]
    if revision is not None:
        other = (edition.fill_null(revision) != revision) & (pl.col("hs") != TOTAL)
        tried.append((other, f"not in {revision}"))
    return pl.coalesce(pl.when(test).then(pl.lit(why)) for test, why in tried)


def _one_revision(kept: pl.DataFrame, paths: Sequence[Path]) -> None:
    """Chapters hardly change from edition to edition; headings and subheadings do."""
    fine = kept.filter((pl.col("hs") != TOTAL) & (pl.col("hs").str.len_chars() > 2))
    found = sorted(fine["classificationCode"].unique().drop_nulls())
    if len(found) > 1:
        counts = ", ".join(
            f"{name} ({fine.filter(pl.col('classificationCode') == name).height} rows)"
            for name in found
        )
        cure = f"take one of them (--revision {found[-1]}), or ask for data converted to one"
        raise _refused(paths, f"mixes editions of the Harmonized System: {counts}", cure)


def _without_repeats(
    kept: pl.DataFrame, paths: Sequence[Path]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Records once each, and what was left out.

    Raises
    ------
    StudyError : records with two values
    """
    first = kept.unique(subset=KEY, keep="first", maintain_order=True)
    if first.height == kept.height:
        return kept, _because(kept.clear(), AGAIN)
    twice = kept.group_by(KEY).agg(
        pl.len().alias("times"), pl.col("value").unique().sort().alias("values"),
        pl.col("file").last(), pl.col("row").last(),
    )  # fmt: skip
    differ = twice.filter(pl.col("values").list.len() > 1).sort("file", "row")
    if differ.height:
        cure = "keep one of them"
        raise StudyError(
            _named(paths),
            [
                Problem(
                    row["file"], row["row"], "primaryValue", None,
                    f"{row['reporter']}'s {row['flow']} of {row['hs']} with {row['partner']} in "
                    f"{row['period']} has the values {', '.join(f'{v:g}' for v in row['values'])}",
                    cure,
                )
                for row in differ.iter_rows(named=True)
            ],
        )  # fmt: skip
    repeats = kept.join(first.select("file", "row"), on=["file", "row"], how="anti")
    return first, _because(repeats, AGAIN)


def _because(rows: pl.DataFrame, reason: str) -> pl.DataFrame:
    return rows.select(pl.lit(reason).alias("reason"), "value")


def _audit(left_out: pl.DataFrame) -> pl.DataFrame:
    """Rows and their value by reason, in the order in which reasons are tried."""
    return (
        left_out.group_by("reason", maintain_order=True)
        .agg(pl.len().cast(pl.Int64).alias("rows"), pl.col("value").sum())
        .sort("rows", "reason", descending=[True, False])
    )


def _named(paths: Sequence[Path]) -> str:
    return paths[0].name if len(paths) == 1 else f"{paths[0].name} and {len(paths) - 1} more"


def _refused(paths: Sequence[Path], message: str, remedy: str) -> StudyError:
    name = _named(paths)
    return StudyError(name, [Problem(name, None, None, None, message, remedy)])
