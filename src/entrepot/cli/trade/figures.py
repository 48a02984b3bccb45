"""Charts of what is traded and what could be: sheets with unit, year, source, mark of estimates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from entrepot.cli.trade.asking import Trade
from entrepot.cli.trade.plots import write_plot
from entrepot.drawing.bars import Bar, draw_bars
from entrepot.drawing.columns import Column, draw_columns
from entrepot.drawing.palette import BLUE, FAINT, GREEN, ORANGE, SKY
from entrepot.drawing.product_space import Product, draw_product_space
from entrepot.errors import QuestionError
from entrepot.statistics.certificate import Measure

MOST = 16
"""Bars of a chart; the table has the rest."""

ESTIMATE = "estimate"
Sides = tuple[str | None, str | None]
WAYS = {
    "substitution": ("instead of suppliers to avoid", BLUE),
    "potential": ("unrealised potential", GREEN),
    "joint": ("sent on together to third markets", ORANGE),
}
COMPARED = {"exports": BLUE, "imports": ORANGE}


@dataclass(frozen=True)
class Told:
    """What must be known of rows that are let go before they are drawn.

    Attributes
    ----------
    periods : they are of
    source : the line of sources
    estimate : whether they rest on estimates
    """

    periods: Sequence[str]
    source: str
    estimate: bool


def told_of(trade: Trade, periods: Sequence[str]) -> Told:
    """What must be known of the rows of some periods."""
    return Told(periods, trade.source_of(periods), trade.estimated(periods))


def plot_turnover(
    file: Path, trade: Trade, found: Measure, reporter: str, partner: str | None
) -> None:
    """Exports and imports of every period, one upon the other."""
    rows = found.table.rows(named=True)
    unit = unit_of(max(row["turnover"] for row in rows), trade)
    columns = [
        Column(
            row["period"],
            (row["exports"] / unit.size, row["imports"] / unit.size),
            (row["basis_exports"] == ESTIMATE, row["basis_imports"] == ESTIMATE),
        )
        for row in rows
    ]
    span = " to ".join(dict.fromkeys((rows[0]["period"], rows[-1]["period"])))
    drawing = draw_columns(
        columns,
        list(COMPARED.items()),
        name="turnover",
        title=f"Turnover of {reporter} with {partner or 'all partners'}",
        under=f"{span}, {unit.told}; exports and imports of {reporter}",
        description=f"Exports and imports of {len(rows)} periods.",
        unit=unit.axis,
        tell=_short,
        stamped=stamped(trade, found, [row["period"] for row in rows], reporter, partner),
    )
    write_plot(file, drawing)


def plot_partners(file: Path, trade: Trade, found: Measure, reporter: str, period: str) -> None:
    """Exports to and imports from the largest partners."""
    turnover = pl.col("exports") + pl.col("imports")
    rows = found.table.filter(pl.col("reporter") == reporter).sort(turnover, descending=True)
    unit = unit_of(rows.select(turnover.max()).item(), trade)
    bars = [
        Bar(
            row["partner"],
            (row["exports"] / unit.size, row["imports"] / unit.size),
            f"balance {row['balance'] / unit.size:+,.1f}",
            estimate=trade.estimated([period]),
        )
        for row in rows.head(MOST).iter_rows(named=True)
    ]
    drawing = draw_bars(
        bars,
        list(COMPARED.items()),
        name="partners",
        title=f"Whom {reporter} trades with",
        under=f"{period}, {unit.told}; {_of(len(bars), rows.height, 'partners')}",
        description=f"Exports and imports of {reporter} with {len(bars)} partners.",
        unit=unit.axis,
        stamped=stamped(trade, found, [period], reporter),
    )
    write_plot(file, drawing)


def plot_potential(file: Path, trade: Trade, found: Measure, sides: Sides, told: Told) -> None:
    """Potential as what is realised and what is not, the largest unrealised first."""
    whom = " and ".join(name for name in sides if name) or "all countries"
    rows = found.table.head(MOST)
    unit = unit_of(rows.select(pl.max_horizontal("potential", "exports").max()).item(), trade)
    keys = [name for name in ("exporter", "importer", "hs") if name in rows.columns]
    keys = [name for name in keys if rows[name].n_unique() > 1 or name == "hs"] or keys
    what = "products" if keys == ["hs"] else "markets" if keys == ["importer"] else "rows"
    bars = [
        Bar(
            _joined(row, keys),
            (row["realised"] / unit.size, row["unrealised"] / unit.size),
            f"{row['unrealised'] / unit.size:,.1f} more ({row['degree']:.0%})",
            row["exports"] / unit.size,
            told.estimate,
        )
        for row in rows.iter_rows(named=True)
    ]
    drawing = draw_bars(
        bars,
        [("realised", BLUE), ("unrealised", SKY)],
        name="potential",
        title=f"Export potential of {whom}",
        under=f"{', '.join(told.periods)}, {unit.told}; "
        f"{_of(len(bars), found.table.height, what)}, the largest unrealised first",
        description=f"Realised and unrealised potential of {len(bars)} rows.",
        unit=unit.axis,
        mark="sold now",
        stamped=[told.source, *_below(trade, found)],
    )
    write_plot(file, drawing)


def plot_beginnings(file: Path, trade: Trade, found: Measure, sides: Sides, told: Told) -> None:
    """Products to begin with by their score."""
    where = f" in {sides[1]}" if sides[1] else ""
    rows = found.table.head(MOST)
    unit = unit_of(float(rows["demand"].to_numpy().max()), trade)
    bars = [
        Bar(row["hs"], (row["score"],),
            f"density {row['density']:.2f}, market {row['demand'] / unit.size:,.1f}",
            estimate=told.estimate)
        for row in rows.iter_rows(named=True)
    ]  # fmt: skip
    drawing = draw_bars(
        bars,
        [("score", BLUE)],
        name="diversification",
        title=f"Products {sides[0]} could begin with{where}",
        under=f"{', '.join(told.periods)}; score beside the best, density of the product space, "
        f"market in {unit.told}",
        description=f"Scores of {len(bars)} products.",
        unit="score",
        stamped=[told.source, *_below(trade, found)],
    )
    write_plot(file, drawing)


def plot_substitution(
    file: Path, trade: Trade, found: Measure, pair: tuple[str, str], period: str
) -> None:
    """What could be switched of what is bought from those avoided, the largest first."""
    table = found.table.sort("switched", descending=True)
    rows = table.head(MOST)
    unit = unit_of(float(rows["need"].to_numpy().max()), trade)
    bars = [
        Bar(
            f"{row['importer']}: {row['hs']} from {row['avoided']}",
            (row["switched"] / unit.size, max(0.0, row["need"] - row["switched"]) / unit.size),
            f"{row['switched'] / unit.size:,.1f} at {row['cost']:+.0%}"
            if row["switched"]
            else "none",
            estimate=row["basis"] == ESTIMATE,
        )
        for row in rows.iter_rows(named=True)
    ]
    drawing = draw_bars(
        bars,
        [("could be switched", BLUE), ("stays where it is", FAINT)],
        name="substitution",
        title=f"What {pair[0]} and {pair[1]} could buy from each other instead",
        under=f"{period}, {unit.told}; {_of(len(bars), table.height, 'flows')}; "
        "extra cost as a share",
        description=f"What could be switched of {len(bars)} flows.",
        unit=unit.axis,
        stamped=stamped(trade, found, [period]),
    )
    write_plot(file, drawing)


def plot_joint(
    file: Path, trade: Trade, found: Measure, pair: tuple[str, str], periods: Sequence[str]
) -> None:
    """What both could sell alone and what the pool adds, with the threshold of the market."""
    estimate = trade.estimated(periods)
    rows = found.table.head(MOST)
    unit = unit_of(float(rows["together"].to_numpy().max()), trade)
    bars = [
        Bar(
            f"{row['market']} {row['hs']}",
            (row["alone_reporter"] / unit.size, row["alone_partner"] / unit.size,
             max(0.0, row["gain"]) / unit.size),
            f"{row['offered'] / unit.size:,.1f} to offer",
            row["threshold"] / unit.size,
            estimate,
        )
        for row in rows.iter_rows(named=True)
    ]  # fmt: skip
    drawing = draw_bars(
        bars,
        [(f"{pair[0]} alone", BLUE), (f"{pair[1]} alone", ORANGE), ("shared access adds", GREEN)],
        name="joint",
        title=f"Where {pair[0]} and {pair[1]} pass thresholds together",
        under=f"{', '.join(periods)}, potential in {unit.told}; "
        f"{_of(len(bars), found.table.height, 'markets of products')}",
        description=f"Potentials alone and together in {len(bars)} markets of products.",
        unit=unit.axis,
        mark="threshold",
        stamped=stamped(trade, found, periods),
    )
    write_plot(file, drawing)


def draw_mix(trade: Trade, found: Measure, target: str, period: str) -> str | None:
    """The cheapest mix that leads to a target, by way; None where nothing is added."""
    rows = found.table.filter(pl.col("added") > 0).sort("added", descending=True)
    if not rows.height:
        return None
    unit = unit_of(float(rows["added"].to_numpy().max()), trade)
    ways = [way for way in WAYS if (rows["way"] == way).any()]
    bars = [
        Bar(
            f"{row['exporter']} to {row['importer']}: {row['hs']}",
            tuple(row["added"] / unit.size if way == row["way"] else 0.0 for way in ways),
            f"{row['added'] / unit.size:,.1f}",
            estimate=row["basis"] == ESTIMATE,
        )
        for row in rows.head(MOST).iter_rows(named=True)
    ]
    return draw_bars(
        bars,
        [WAYS[way] for way in ways],
        name="mix",
        title=f"The cheapest mix towards {target}",
        under=f"added to trade of {period}, {unit.told} a year; "
        f"{_of(len(bars), rows.height, 'flows')}",
        description=f"What {len(bars)} flows add.",
        unit=unit.axis,
        stamped=stamped(trade, found, [period]),
    )


def plot_ranking(
    file: Path,
    trade: Trade,
    found: Measure,
    what: tuple[str, str],
    periods: Sequence[str],
    who: Sides,
) -> None:
    """The figure of an indicator, the largest first; `what` it tells, and the column.

    Raises
    ------
    QuestionError : it has no row
    """
    title, figure = what
    names = [name for name, kind in found.table.schema.items() if kind == pl.String]
    keys = [name for name in names if found.table[name].n_unique() > 1] or names
    rows = found.table.drop_nulls(figure).sort(figure, descending=True)
    if not rows.height:
        raise QuestionError(f"{found.name} has no figure to draw; leave --plot out")
    estimate = trade.estimated(periods)
    bars = [
        Bar(_joined(row, keys), (row[figure],), _figure(row[figure]), estimate=estimate)
        for row in rows.head(MOST).iter_rows(named=True)
    ]
    told = figure.upper() if len(figure) <= 4 else figure.replace("_", " ")
    fixed = [name for name in who if name] or [
        str(rows[name][0]) for name in names if name not in keys
    ]
    drawing = draw_bars(
        bars,
        [(figure, BLUE)],
        name="indicator",
        title=f"{title}{': ' if fixed else ''}{', '.join(fixed)}",
        under=f"{', '.join(periods)}; {told}, {_of(len(bars), rows.height, 'rows')}",
        description=f"{figure} of {len(bars)} rows.",
        unit=told,
        stamped=stamped(trade, found, periods),
    )
    write_plot(file, drawing)


def plot_space(
    file: Path, trade: Trade, near: Measure, complexity: Measure, reporter: str, period: str
) -> None:
    """Products by how near they are and how complex: what is made, and what could come next."""
    rows = near.table.join(complexity.table.select("hs", "pci"), on="hs")
    # Named first: what is not made yet, near and complex; then what is made, the most complex.
    order = pl.when("has").then(pl.col("pci") - 1e3).otherwise(
        pl.col("density").rank() + pl.col("pci").rank()
    )  # fmt: skip
    rows = rows.sort(order, "hs", descending=[True, False])
    products = [Product(*row) for row in rows.select("hs", "density", "pci", "has").rows()]
    made = sum(each.has for each in products)
    estimate = "; estimates" if trade.estimated([period]) else ""
    drawing = draw_product_space(
        products,
        name="space",
        title=f"The product space of {reporter}",
        under=f"{period}; {len(products):,} products, {made:,} with an advantage{estimate}",
        description=f"Density and complexity of {len(products)} products.",
        axes=("how near to what is exported (density)", "how complex (PCI)"),
        signs=("exported with an advantage (RCA of 1 or more)", "not yet"),
        stamped=stamped(trade, near, [period]),
    )
    write_plot(file, drawing)


def stamped(
    trade: Trade, found: Measure, periods: Sequence[str], *countries: str | None
) -> list[str]:
    """What stands under a chart: source, notes, the mark of estimates, the certificate."""
    return [trade.source_of(periods, *countries), *_below(trade, found)]


def _below(trade: Trade, found: Measure) -> list[str]:
    return [*found.notes, *trade.notes, f"Certificate: {found.identity}."]


@dataclass(frozen=True)
class Unit:
    """What amounts are divided by, the unit on an axis, and in full."""

    size: float
    axis: str
    told: str


def unit_of(largest: float, trade: Trade) -> Unit:
    """The unit that suits the largest amount."""
    sizes = ((1e9, "billion "), (1e6, "million "), (1e3, "thousand "), (0.0, ""))
    size, name = next((size, name) for size, name in sizes if largest >= 2 * size)
    if trade.currency:
        return Unit(size or 1.0, f"{name}{trade.currency}", f"{name}{trade.currency}")
    return Unit(size or 1.0, name.strip() or "money", f"{name}(currency of the table)")


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:,.1f}" if value >= 1 else f"{value:.2g}"


def _figure(value: float) -> str:
    """A figure of an index, all of one size with the same digits."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.2f}" if abs(value) >= 1 else (
        f"{value:.3f}")  # fmt: skip


def _joined(row: Mapping[str, object], keys: Sequence[str]) -> str:
    """Names of a row: who sells to whom, and what."""
    who = [str(row[name]) for name in keys if name in ("exporter", "importer", "a", "b")]
    rest = [str(row[name]) for name in keys if name not in ("exporter", "importer", "a", "b")]
    return ": ".join(part for part in (" to ".join(who), " ".join(rest)) if part)


def _of(shown: int, all_: int, what: str) -> str:
    return f"all {all_:,} {what}" if shown == all_ else f"{shown} of {all_:,} {what}"
