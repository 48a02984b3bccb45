"""Rules on trade that contradict each other or say more than was meant."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import polars as pl

from entrepot.errors import Problem
from entrepot.tables.cells import first_day
from entrepot.tables.sheet import Sheet

EVERYTHING = "*"
ALWAYS, FOR_EVER = dt.date.min, dt.date.max

_CELL = ["good", "origin_rank", "origin_key", "destination_rank", "destination_key"]


def check_rules(sheets: Mapping[str, Sheet], only_period: str | None) -> list[Problem]:
    """Duties that tie, bans of all trade, blocs called like a country.

    `only_period` names the period of a study without a table of periods, if that is known.
    """
    return _ties(sheets, only_period) + _total_bans(sheets["bans"]) + _blocs(sheets)


def _ties(sheets: Mapping[str, Sheet], only_period: str | None) -> list[Problem]:
    """Duties as specific as each other that fit the same trade on the same day.

    Each row is spread over the pairs of countries that it fits; two rows in one cell of good,
    rank and pair whose days overlap are a tie. In a period without a date all of them are in
    force, one that has ended and one that follows it too.
    """
    sheet = sheets["duties"]
    dated = _overlaps(_spread(sheets, dated=True))
    problems = [_tie(sheet, *pair) for pair in dated.items()]
    if period := _undated(sheets["periods"], only_period):
        always = _overlaps(_spread(sheets, dated=False))
        problems += [
            _tie(sheet, rows, pair, period) for rows, pair in always.items() if rows not in dated
        ]
    return problems


def _tie(
    sheet: Sheet, rows: tuple[int, int], pair: tuple[str, str], period: str | None = None
) -> Problem:
    """Two duties that fit the trade of a pair of countries; `period` if only for want of a date."""
    index, other = rows
    trade = " to ".join("anywhere" if key == EVERYTHING else key for key in pair)
    message = (
        f"fits the same trade as {sheet['duty'][other]!r} in row {int(sheet.rows[other])}, as "
        f"closely (from {trade})"
    )
    cure = "narrow one of the two by good, origin, destination or dates, or take it out"
    if period is not None:
        message += f": period {period} has no first day, so both are in force in it"
        cure = "give the period its first day, or take the duty out that is not meant"
    return sheet.problem(index, "duty", message, cure)


def _undated(periods: Sheet, only_period: str | None) -> str | None:
    """A period of the study that has no first day."""
    if periods.frame.height:
        without = periods.frame.filter(periods.blank("starts"))["period"].drop_nulls()
        return str(without[0]) if len(without) else None
    return None if only_period is None or first_day(only_period) else only_period


def _spread(sheets: Mapping[str, Sheet], *, dated: bool) -> pl.DataFrame:
    """Duties, one row for each pair of countries of the study that they fit.

    Where they are not `dated`, each holds on every day, and so does each membership of a bloc.
    """
    rows = (
        sheets["duties"]
        .frame.select(
            "good",
            "origin",
            "destination",
            since=pl.col("since").fill_null(ALWAYS) if dated else pl.lit(ALWAYS),
            until=pl.col("until").fill_null(FOR_EVER) if dated else pl.lit(FOR_EVER),
        )
        .with_row_index("index")
    )
    members = _members(sheets, dated=dated)
    blocs = set(members["name"])
    for side in ("origin", "destination"):
        named = pl.when(pl.col(side).is_in(list(blocs))).then(1).otherwise(2)
        rank = pl.when(pl.col(side) == EVERYTHING).then(0).otherwise(named)
        rows = rows.with_columns(rank.alias(f"{side}_rank"))
    rows = rows.drop_nulls().filter(pl.len().over("good", "origin_rank", "destination_rank") > 1)
    for side in ("origin", "destination"):
        rows = _over_members(rows, side, members)
    inside = pl.col("origin_key") == pl.col("destination_key")
    named = (pl.col("origin_rank") == 2) & (pl.col("destination_rank") == 2)
    everywhere = pl.col("origin_key") == EVERYTHING
    # Trade inside a country is nobody's import: only a row that names it on both sides fits.
    return rows.filter(~inside | named | everywhere).sort(*_CELL, "since", "index")


def _members(sheets: Mapping[str, Sheet], *, dated: bool) -> pl.DataFrame:
    """Blocs and those of their members that the study trades with: name, member, first, last."""
    traded = {*sheets["places"]["country"].drop_nulls(), *sheets["offers"]["origin"].drop_nulls()}
    return (
        sheets["blocs"]
        .frame.filter(pl.col("country").is_in(list(traded)))
        .select(
            name="bloc",
            member="country",
            first=pl.col("since").fill_null(ALWAYS) if dated else pl.lit(ALWAYS),
            last=pl.col("until").fill_null(FOR_EVER) if dated else pl.lit(FOR_EVER),
        )
    )


def _over_members(rows: pl.DataFrame, side: str, members: pl.DataFrame) -> pl.DataFrame:
    """Rows that name a bloc become a row for each member, for the days of its membership."""
    plain = rows.filter(pl.col(f"{side}_rank") != 1).with_columns(pl.col(side).alias(f"{side}_key"))
    blocs = (
        rows.filter(pl.col(f"{side}_rank") == 1)
        .join(members, left_on=side, right_on="name")
        .with_columns(
            pl.col("member").alias(f"{side}_key"),
            pl.max_horizontal("since", "first").alias("since"),
            pl.min_horizontal("until", "last").alias("until"),
        )
        .filter(pl.col("since") <= pl.col("until"))
    )
    return pl.concat([plain, blocs.select(plain.columns)])


def _overlaps(cells: pl.DataFrame) -> dict[tuple[int, int], tuple[str, str]]:
    """Pairs of rows in one cell whose days overlap, the later row first, with the countries."""
    latest = pl.col("until").cum_max().shift(1).over(_CELL)
    tied = cells.filter((pl.col("since") <= latest).any().over(_CELL))
    found: dict[tuple[int, int], tuple[str, str]] = {}
    for _, group in tied.group_by(_CELL, maintain_order=True):
        held = -1
        until = ALWAYS
        for row in group.iter_rows(named=True):
            if held >= 0 and row["since"] <= until and row["index"] != held:
                first, second = sorted((held, row["index"]))
                found.setdefault((second, first), (row["origin_key"], row["destination_key"]))
            if held < 0 or row["until"] > until:
                held, until = row["index"], row["until"]
    return found


def _total_bans(sheet: Sheet) -> list[Problem]:
    """A ban that names nothing bans everything: seldom meant."""
    wrong = sheet.blank("via")
    for column in ("good", "origin", "destination"):
        wrong = wrong & (sheet[column] == EVERYTHING)
    cure = "name a good, an origin, a destination or a via"
    return sheet.problems(wrong, "ban", "bans all trade", cure, "warning")


def _blocs(sheets: Mapping[str, Sheet]) -> list[Problem]:
    """A name means a bloc or a country, not both."""
    sheet = sheets["blocs"]
    countries = {*sheets["countries"]["country"], *sheets["places"]["country"]}
    clash = sheet["bloc"].is_in([name for name in countries if name is not None])
    first = clash.fill_null(False) & sheet["bloc"].is_first_distinct()
    return sheet.problems(first, "bloc", "is also a country", "call the bloc something else")
