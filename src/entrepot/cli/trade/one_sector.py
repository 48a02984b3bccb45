"""Counterfactuals of one sector: what is asked, computed and told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import polars as pl

from entrepot.cli.console import working
from entrepot.cli.trade.asking import Source, Trade
from entrepot.cli.trade.effects import Asked, Effect
from entrepot.cli.trade.panels import panel_of
from entrepot.errors import QuestionError
from entrepot.statistics.certificate import Measure
from entrepot.statistics.equilibrium.answer import Counterfactual
from entrepot.statistics.equilibrium.book import book
from entrepot.statistics.equilibrium.conditional import conditional
from entrepot.statistics.equilibrium.full import Closure, full
from entrepot.statistics.equilibrium.gains import gains
from entrepot.statistics.equilibrium.levy import levied
from entrepot.statistics.equilibrium.scan import every_pair
from entrepot.statistics.equilibrium.shocks import agreement as agreed
from entrepot.statistics.equilibrium.shocks import border as bordered
from entrepot.statistics.equilibrium.shocks import cost as costly
from entrepot.statistics.equilibrium.uncertainty import with_intervals
from entrepot.statistics.equilibrium.world import Floats, World, world_of

# What an answer is ordered by, and what is shown of it where it has intervals.
ORDER = (
    "real_expenditure_full", "real_income_full", "real_output_book", "exports_conditional",
    "exports_full", "imports_conditional", "gains",
)  # fmt: skip
WHOLE = (
    "country", "real_expenditure_full", "real_output_full", "price_index_full", "exports",
    "exports_full", "imports_full", "home_share_full",
)  # fmt: skip
"""Of full equilibrium; prices of producers are in the written answer."""


def of_one_sector(
    study: str, source: Source, theta: float, asked: Asked
) -> tuple[Trade, tuple[str, Measure]]:
    """What the trade is of, and the answer.

    Raises
    ------
    StudyError, StatisticsError, QuestionError : trade or words that make no world or no change
    CertificateError : markets do not clear to 1e-8
    """
    found = panel_of(study, source, None)
    rows = _one_period(found.rows, asked.period)
    world = world_of(rows, value=asked.trade)
    with working("looking for equilibrium") as show:
        heading, answer = _answered(world, rows, theta, asked, show)
    return Trade(rows.head(0), found.title, ""), (heading, largest_first(answer))


def _answered(
    world: World, rows: pl.DataFrame, theta: float, asked: Asked, show: Callable[[str], None]
) -> tuple[str, Measure]:
    if asked.every_pair:
        return _pairs(world, rows, theta, asked, show)
    if asked.autarky:
        _plain(asked, "autarky")
        return "Without trade, percent of real income", gains(world, theta)
    if asked.tariff is not None:
        _plain(asked, "a tariff")
        return _levied(world, asked.tariff, asked.exporter, asked.importer, theta)
    change = _change(world, theta, asked)
    if asked.kind == "book":
        if asked.closure is not None or asked.size.draws:
            raise QuestionError("the book's rule has no closure and no intervals")
        return _as_the_book(world, change, asked.numeraire, theta, asked.size)
    compute = _computed(world, change, theta, asked)
    return _told(_with_intervals(compute, asked, show))


def _computed(
    world: World, change: Callable[[float], Floats], theta: float, asked: Asked
) -> Callable[[float], Counterfactual]:
    if asked.kind == "conditional":
        if asked.closure is not None or asked.numeraire is not None:
            raise QuestionError("conditional trade has no prices: leave out closure and numeraire")
        return lambda effect: conditional(world, change(effect))
    told, unit = asked.closure or "multiplicative", asked.numeraire
    return lambda effect: full(world, change(effect), theta, closure=told, numeraire=unit)


def _with_intervals(
    compute: Callable[[float], Counterfactual], asked: Asked, show: Callable[[str], None]
) -> Counterfactual:
    """The answer, with intervals where draws are asked for."""
    if asked.cost is not None:
        return compute(0.0)
    effect, error = asked.size.value()
    if not asked.size.draws:
        return compute(effect)
    draws, seed = asked.size.draws, asked.size.seed
    return with_intervals(compute, effect, error or 0.0, draws=draws, seed=seed, progress=show)


def _change(world: World, theta: float, asked: Asked) -> Callable[[float], Floats]:
    """Factors on trade, by the effect."""
    if asked.cost is not None:
        if not asked.exporter or not asked.importer:
            raise QuestionError("a cost is between an --exporter and an --importer")
        if asked.size != Effect():
            raise QuestionError("a cost is known: leave out --effect, --estimates and --draws")
        factors = costly(world, asked.exporter, asked.importer, asked.cost, theta)
        return lambda effect: factors
    if asked.exporter or asked.importer:
        raise QuestionError("--exporter and --importer go with --cost or --tariff")
    members = asked.agreement
    if members is not None:
        return lambda effect: agreed(world, members, effect)
    some = None if asked.border == ["all"] else asked.border
    return lambda effect: bordered(world, effect, some)


def _one_period(rows: pl.DataFrame, period: str | None) -> pl.DataFrame:
    if "period" not in rows.columns:
        if period is not None:
            raise QuestionError("the rows have no column period")
        return rows
    periods = [str(each) for each in rows["period"].unique().sort()]
    if period is None and len(periods) > 1:
        raise QuestionError(f"say which period is meant: {', '.join(periods[:12])}")
    chosen = rows if period is None else rows.filter(pl.col("period").cast(pl.String) == period)
    if chosen.is_empty():
        raise QuestionError(f"no rows of period {period}; there are: {', '.join(periods[:12])}")
    return chosen


def _plain(asked: Asked, what: str) -> None:
    """Refuse words that mean nothing to what is asked."""
    if asked.kind != "full" or asked.size != Effect():
        raise QuestionError(f"{what} is known and has a full answer only: leave out --kind, "
                            "--effect, --estimates and --draws")  # fmt: skip
    if asked.closure == "multiplicative" or asked.numeraire is not None:
        raise QuestionError(f"{what} keeps deficits as amounts (additive), in units of the "
                            "world's value added")  # fmt: skip


def _pairs(
    world: World, rows: pl.DataFrame, theta: float, asked: Asked, show: Callable[[str], None]
) -> tuple[str, Measure]:
    if asked.kind != "full":
        raise QuestionError("every pair is asked about in full equilibrium; leave --kind out")
    effect, _ = asked.size.value()
    if asked.size.draws:
        raise QuestionError("intervals of every pair are not told; ask about one with --agreement")
    known: list[frozenset[str]] = []
    if asked.had is not None:
        if asked.had not in rows.columns:
            raise QuestionError(f"the rows have no column {asked.had}")
        agreed_rows = rows.filter(pl.col(asked.had).cast(pl.Float64, strict=False) > 0)
        pairs = agreed_rows.select(pl.col("exporter", "importer").cast(pl.String))
        known = [frozenset(pair) for pair in pairs.iter_rows()]
    closure: Closure = asked.closure or "multiplicative"
    found = every_pair(world, effect, theta, had=known, closure=closure, progress=show)
    return "Every pair in turn, changes in percent", found


def _as_the_book(
    world: World,
    change: Callable[[float], Floats],
    numeraire: str | None,
    theta: float,
    size: Effect,
) -> tuple[str, Measure]:
    if numeraire is None:
        raise QuestionError("the book's rule needs a --numeraire, the country it is relative to")
    found = book(world, change(size.value()[0]), theta, reference=numeraire)
    measure = Measure(
        "book",
        found.table,
        "the book's own rule stopped it: prices moved as before to within 0.01",
        0.0,
        (
            f"no equilibrium: markets are off by {100 * found.off:.1f} % after {found.steps} "
            "steps; for one that clears leave --kind out",
        ),
    )
    return "As the book's procedure stops, changes in percent", measure


def _levied(
    world: World,
    tariff: float,
    exporter: list[str] | None,
    importer: list[str] | None,
    theta: float,
) -> tuple[str, Measure]:
    if not exporter or not importer:
        raise QuestionError("a tariff is between an --exporter and an --importer")
    found = levied(world, exporter, importer, tariff, theta)
    note = "one sector without inputs; deficits keep their amount; tariffs there were are none"
    measure = Measure("counterfactual", found.table, found.identity, found.residual, (note,))
    return "Full equilibrium, changes in percent", measure


def largest_first(found: Measure) -> Measure:
    """Those who gain or lose most first; pairs come so already."""
    by = [name for name in ORDER if name in found.table.columns]
    if "country" not in found.table.columns or not by:
        return found
    table = found.table.sort(pl.col(by[0]).abs(), "country", descending=[True, False])
    return replace(found, table=table)


def brief(table: pl.DataFrame) -> list[str]:
    """Columns that a terminal is wide enough for; of figures with intervals, two."""
    if not any(name.endswith("_low") for name in table.columns):
        return list(WHOLE) if set(WHOLE) <= set(table.columns) else table.columns
    shown = [name for name in ORDER if name in table.columns][:2]
    return ["country", *(f"{name}{end}" for name in shown for end in ("", "_low", "_high"))]


def _told(found: Counterfactual) -> tuple[str, Measure]:
    what = f"closure: {found.closure}"
    if found.theta is not None:
        what += f"; trade elasticity {found.theta:g}"
    measure = Measure(
        "counterfactual", found.table, found.identity, found.residual, (what, *found.notes)
    )
    return f"{found.kind.capitalize()} equilibrium, changes in percent", measure
