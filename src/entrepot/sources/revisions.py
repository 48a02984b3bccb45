"""From one edition of the Harmonized System to another, by a table of correspondences.

The World Customs Organization renews the codes of goods every five years; the United Nations
publish which codes of one edition correspond to which of another. A code that becomes one other is
renamed, codes that become one are added up, and a code that was split is shared out: by the shares
that the table gives, else equally, and such rows are marked as estimates. Nothing is lost: the
value of all goods is the same before and after, country by country.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from entrepot.errors import CertificateError, Problem, QuestionError, StudyError
from entrepot.sources.levels import TOTAL
from entrepot.tables.nearest import did_you_mean

CODES = ("from_code", "to_code")
EDITIONS = ("from_rev", "to_rev")
SPLIT = "shared out equally among the codes that its code became"
GIVEN = "shared out as the table of correspondences says"
ROUNDING, TINY = 1e-9, 1e-300
KEY = ["period", "reporter", "partner", "flow"]
AT_MOST = 20


@dataclass(frozen=True)
class Converted:
    """Trade in the codes of another edition.

    Attributes
    ----------
    trade : rows of table ``trade``; `value_basis` is "derived" where a code was only renamed or
        added up, "estimate" where it was shared out
    counts : (what, rows, value): what became of the rows
    """

    trade: pl.DataFrame
    counts: pl.DataFrame


def read_correspondences(path: Path, before: str | None, after: str | None) -> pl.DataFrame:
    """(from_code, to_code, share) out of a table of correspondences.

    Parameters
    ----------
    path : CSV or Parquet with the columns `from_code` and `to_code`, perhaps `share`; and
        `from_rev` and `to_rev` where it holds several editions
    before, after : the editions to take, where there are several

    Raises
    ------
    StudyError : no such table, columns that are missing, codes or shares that are none
    QuestionError : an edition that the table does not have
    """
    try:
        rows = pl.read_parquet(path) if path.suffix == ".parquet" else _csv(path)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise _refused(path, f"cannot be read: {error}", "name CSV or Parquet") from None
    missing = [name for name in CODES if name not in rows.columns]
    if missing:
        cure = did_you_mean(missing[0], rows.columns, "name columns from_code and to_code")
        raise _refused(path, f"has no column {', '.join(missing)}", cure)
    for name, wanted in zip(EDITIONS, (before, after), strict=True):
        if name in rows.columns:
            rows = _of_edition(rows, path, name, wanted)
    share = pl.col("share") if "share" in rows.columns else pl.lit(None)
    rows = rows.select(
        *(pl.col(name).cast(pl.String).str.strip_chars() for name in CODES),
        share=share.cast(pl.Float64, strict=False),
    ).unique(CODES)
    bad = rows.filter(~pl.all_horizontal(pl.col(CODES).str.contains(r"^(\d\d){1,5}$")))
    if bad.height:
        told = ", ".join(f"{one} -> {other}" for one, other in bad.select(CODES).head(5).rows())
        cure = "write codes of 2, 4, 6, 8 or 10 digits as text; a spreadsheet drops zeros in front"
        raise _refused(path, f"{bad.height} rows hold codes that are none: {told}", cure)
    return _shared(rows, path)


def convert(rows: pl.DataFrame, correspondences: pl.DataFrame) -> Converted:
    """Rows of trade in the codes that theirs correspond to.

    Raises
    ------
    QuestionError : codes that the table of correspondences does not have; all of them
    CertificateError : a country's trade is not the same before and after
    """
    whole = rows.filter(pl.col("hs") == TOTAL)
    goods = rows.filter(pl.col("hs") != TOTAL)
    known = correspondences["from_code"].implode()
    strange = goods.filter(~pl.col("hs").is_in(known))
    if strange.height:
        codes = strange["hs"].unique().sort().to_list()
        more = f" and {len(codes) - AT_MOST} more" if len(codes) > AT_MOST else ""
        raise QuestionError(
            f"{len(codes)} codes have no correspondence: {', '.join(codes[:AT_MOST])}{more}; is "
            "this the edition of the file? Codes of six digits are converted to codes of six digits"
        )
    joined = goods.join(
        correspondences.rename({"from_code": "hs"}), on="hs", how="left"
    ).with_columns(pl.col("value") * pl.col("share"))
    if "quantity" in joined.columns:
        joined = joined.with_columns(pl.col("quantity") * pl.col("share"))
    done = _added_up(joined.drop("hs").rename({"to_code": "hs"}))
    kept = [name for name in done.columns if name in whole.columns or name == "value_basis"]
    done = pl.concat([done, whole.select(n for n in kept if n in whole.columns)], how="diagonal")
    _certify(rows, done)
    return Converted(done.sort(*KEY, "hs"), _counts(joined))


def _csv(path: Path) -> pl.DataFrame:
    return pl.read_csv(path, infer_schema=False, comment_prefix="#")


def _of_edition(rows: pl.DataFrame, path: Path, name: str, wanted: str | None) -> pl.DataFrame:
    there = sorted(rows[name].drop_nulls().unique().to_list())
    if wanted is None and len(there) == 1:
        return rows
    side = "--from" if name == "from_rev" else "--to"
    if wanted is None:
        raise QuestionError(f"{path.name} has the editions {', '.join(there)}: name one ({side})")
    if wanted not in there:
        raise QuestionError(
            f"{path.name} has no edition {wanted!r} in {name} for what was asked, only "
            f"{', '.join(there) or 'none'}; convert step by step where editions do not follow"
        )
    return rows.filter(pl.col(name) == wanted)


def _shared(rows: pl.DataFrame, path: Path) -> pl.DataFrame:
    """Shares that add up to one for each code: those given, else equal ones."""
    if not rows.height:
        raise _refused(path, "has no correspondence between these editions", "name others")
    ways = pl.len().over("from_code")
    given = pl.col("share").is_not_null().all().over("from_code")
    rows = rows.with_columns(
        ways=ways,
        told=given & (ways > 1),
        share=pl.when(given).then("share").otherwise(1.0 / ways),
    )
    wrong = (
        rows.group_by("from_code")
        .agg(total=pl.col("share").sum(), least=pl.col("share").min())
        .filter(((pl.col("total") - 1).abs() > 1e-6) | (pl.col("least") < 0))
    )
    if wrong.height:
        code, total, _ = wrong.sort("from_code").row(0)
        cure = "write shares of 0 to 1 that add up to 1 for each from_code"
        raise _refused(path, f"the shares of {code} add up to {total:g}", cure)
    return rows.with_columns(share=pl.col("share") / pl.col("share").sum().over("from_code"))


def _added_up(joined: pl.DataFrame) -> pl.DataFrame:
    """Rows once for each country, flow, code and unit."""
    keys = [*KEY, "hs", *(["unit"] if "unit" in joined.columns else [])]
    sums = [pl.col("value").sum()]
    if "quantity" in joined.columns:
        known = pl.col("quantity").null_count() == 0
        sums.append(pl.when(known).then(pl.col("quantity").sum()).alias("quantity"))
    basis = (
        pl.when((pl.col("ways") > 1).any()).then(pl.lit("estimate")).otherwise(pl.lit("derived"))
    )
    return joined.group_by(keys).agg(*sums, value_basis=basis)


def _counts(joined: pl.DataFrame) -> pl.DataFrame:
    what = (
        pl.when(pl.col("ways") == 1)
        .then(pl.lit("one code became one code"))
        .when("told")
        .then(pl.lit(GIVEN))
        .otherwise(pl.lit(SPLIT))
    )
    return (
        joined.group_by(what.alias("what"))
        .agg(rows=pl.len().cast(pl.Int64), value=pl.col("value").sum())
        .sort("what")
    )


def _certify(before: pl.DataFrame, after: pl.DataFrame) -> None:
    """The value of each country's trade is what it was."""
    sums = [each.group_by(KEY).agg(pl.col("value").sum()) for each in (before, after)]
    both = sums[0].join(sums[1], on=KEY, how="full", coalesce=True)
    gap = (pl.col("value").fill_null(0.0) - pl.col("value_right").fill_null(0.0)).abs()
    least = pl.max_horizontal("value", "value_right").clip(lower_bound=TINY)
    if both.filter(gap > ROUNDING * least).height:
        raise CertificateError("converting codes has changed the value of a country's trade")


def _refused(path: Path, message: str, remedy: str) -> StudyError:
    return StudyError(path.name, [Problem(path.name, None, None, None, message, remedy)])
