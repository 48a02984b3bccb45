"""Concentration: how few products, or partners, a country's trade rests on.

    HHI = sum s_k²,  normalised: (sqrt(HHI) - sqrt(1/n)) / (1 - sqrt(1/n)),  equivalent: 1/HHI

over shares s_k of the n products or partners that occur in the trade of anyone (UNCTAD Handbook of
Statistics, "Market concentration index"; Herfindahl 1950; Hirschman 1945). Theil's index

    T = sum s_k ln(n s_k),  between 0 and ln n

adds up over groups: T = between + within (Theil 1967, Economics and Information Theory, chapter 4),
here over chapters of the Harmonized System.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import polars as pl

from entrepot.errors import StatisticsError
from entrepot.statistics.certificate import Measure, certified
from entrepot.statistics.flows import one_period, products, totals
from entrepot.statistics.shared import Trade

Over = Literal["products", "partners"]
Of = Literal["exports", "imports"]


def concentration(
    trade: Trade,
    period: str | None = None,
    of: Of = "exports",
    over: Over = "products",
    digits: int | None = None,
) -> Measure:
    """HHI of every country's exports or imports, over products or partners.

    Returns
    -------
    Table (country, value, number, hhi, normalised, equivalent), the most concentrated first;
    `number` is how many products or partners the country has

    Raises
    ------
    StatisticsError : no such period, only totals where products are asked for
    CertificateError : HHI is not 1/n plus n times the variance of shares
    """
    rows, mine, kind, notes = _rows(trade, period, of, over, digits)
    n = rows[kind].n_unique()
    cells = rows.group_by(mine, kind).agg(pl.col("value").sum()).filter(pl.col("value") > 0)
    if not cells.height:
        raise StatisticsError(f"there are no {of} above 0")
    share = pl.col("value") / pl.col("value").sum()
    table = cells.group_by(mine).agg(
        pl.col("value").sum(), pl.len().cast(pl.Int64).alias("number"),
        (share**2).sum().alias("hhi"),
        ((share - 1.0 / n) ** 2).sum().alias("there"),
    )  # fmt: skip
    absent = (n - table["number"]) * (1.0 / n) ** 2
    spread = (table["there"] + absent).to_numpy()
    hhi = table["hhi"].to_numpy()
    least = np.sqrt(1.0 / n)
    normal = (np.sqrt(hhi) - least) / (1.0 - least) if n > 1 else np.ones_like(hhi)
    shown = table.select(
        pl.col(mine).alias("country"), "value", "number", "hhi",
        pl.Series("normalised", normal), pl.Series("equivalent", 1.0 / hhi),
    ).sort("hhi", "country", descending=[True, False])  # fmt: skip
    identity = "HHI is 1/n plus n times the variance of the n shares"
    return certified("concentration", shown, identity, (hhi, 1.0 / n + spread), notes=notes)


def theil(
    trade: Trade, period: str | None = None, of: Of = "exports", digits: int | None = None
) -> Measure:
    """Theil's index of every country's exports or imports over products, in two parts.

    Returns
    -------
    Table (country, value, theil, between, within), the most concentrated first: `between` chapters
    of the Harmonized System and `within` them

    Raises
    ------
    StatisticsError : no such period, only totals
    CertificateError : the parts do not add up to the index
    """
    rows, mine, _, notes = _rows(trade, period, of, "products", digits)
    goods = sorted(rows["hs"].unique())
    n = len(goods)
    chapter = pl.col("hs").str.slice(0, 2).alias("chapter")
    sizes = pl.DataFrame({"hs": goods}).group_by(chapter).agg(size=pl.len())
    cells = rows.group_by(mine, "hs").agg(pl.col("value").sum()).filter(pl.col("value") > 0)
    cells = cells.with_columns(chapter, share=pl.col("value") / pl.col("value").sum().over(mine))
    cells = cells.join(sizes, on="chapter").with_columns(
        group=pl.col("share").sum().over(mine, "chapter")
    )
    s, g, size = pl.col("share"), pl.col("group"), pl.col("size")
    table = cells.group_by(mine).agg(
        pl.col("value").sum(),
        (s * (n * s).log()).sum().alias("theil"),
        (s * (g * n / size).log()).sum().alias("between"),
        (s * (s / g * size).log()).sum().alias("within"),
    )
    table = table.rename({mine: "country"}).sort("theil", "country", descending=[True, False])
    sides = ((table["between"] + table["within"]).to_numpy(), table["theil"].to_numpy())
    identity = "between and within chapters add up to the index"
    return certified("theil", table, identity, sides, scale=max(1.0, np.log(n)), notes=notes)


def _rows(
    trade: Trade, period: str | None, of: Of, over: Over, digits: int | None
) -> tuple[pl.DataFrame, str, str, tuple[str, ...]]:
    mine, other = ("exporter", "importer") if of == "exports" else ("importer", "exporter")
    if over == "partners":
        return one_period(totals(trade), period), mine, other, ()
    found = products(trade, digits)
    return one_period(found.rows, period), mine, "hs", found.notes
