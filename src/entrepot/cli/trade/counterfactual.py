"""`entrepot trade counterfactual`: what an agreement, a border, a cost or a tariff would do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Literal

import polars as pl
from cyclopts import App

from entrepot.cli.console import working
from entrepot.cli.trade.asking import Answer, Source, Trade, give
from entrepot.cli.trade.effects import Effect
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

app = App(
    name="counterfactual",
    help_epilogue="Changes are in percent. Columns end in _conditional where outputs and "
    "expenditures stay,\nin _full where prices and incomes clear all markets, and in _book where "
    "a published rule stopped\nbefore they do; they are not to be mixed.\n\nExamples:\n\n"
    "  entrepot trade counterfactual world.csv --agreement AZ --agreement BY --effect 0.4 "
    "--theta 5\n"
    "  entrepot trade counterfactual world.csv --border all --estimates estimates --by border \\\n"
    "      --undo --theta 6 --draws 500\n"
    "  entrepot trade counterfactual world.csv --tariff 0.1 --exporter TR --importer AZ --theta 5\n"
    "  entrepot trade counterfactual world.csv --every-pair --effect 0.4 --theta 5",
)

Kind = Literal["full", "conditional", "book"]

# What an answer is ordered by, and what is shown of it where it has intervals.
ORDER = (
    "real_expenditure_full", "real_income_full", "real_output_book", "exports_conditional",
    "exports_full", "imports_conditional", "gains",
)  # fmt: skip


@app.default
def counterfactual(
    study: str,
    /,
    *,
    theta: float,
    agreement: list[str] | None = None,
    border: list[str] | None = None,
    cost: float | None = None,
    tariff: float | None = None,
    every_pair: bool = False,
    autarky: bool = False,
    had: str | None = None,
    exporter: list[str] | None = None,
    importer: list[str] | None = None,
    kind: Kind = "full",
    closure: Closure | None = None,
    numeraire: str | None = None,
    period: str | None = None,
    trade: str = "trade",
    size: Effect = Effect(),  # noqa: B008
    source: Source = Source(),  # noqa: B008
    answer: Answer = Answer(),  # noqa: B008
) -> None:
    """Ask what an agreement, a border, a cost or a tariff would do once everything adjusts.

    Parameters
    ----------
    study
        A file .csv or .parquet with columns exporter, importer and trade, where a country's trade
        with itself is what it makes and uses at home; or a study or table of trade with such rows.
    theta
        Trade elasticity: by how many percent trade falls when its cost rises by one.
    agreement
        Countries that agree; given several times. Trade between them by the effect.
    border
        Countries whose borders change, or all. Trade abroad by the effect.
    cost
        A factor on the cost of trade from the exporters to the importers, such as 1.1.
    tariff
        A new tariff on the exporters by the importers, such as 0.1, whose revenue they keep.
    every_pair
        An agreement of each two countries in turn, those that gain most first.
    autarky
        What each country would lose without trade, by its share of expenditure at home.
    had
        A column that is 1 where two countries have an agreement already.
    exporter, importer
        Whom a cost or tariff is between; given several times.
    kind
        full, conditional, or book: as the Advanced Guide's procedure stops.
    closure
        What expenditure does: multiplicative (a fixed ratio to output; the default) or additive (a
        fixed deficit).
    numeraire
        The country whose price index stays; the world's output without it.
    period
        Which, where the rows have several.
    trade
        The column of trade.
    """
    answer.check()
    found = panel_of(study, source, None)
    rows = _one_period(found.rows, period)
    world = world_of(rows, value=trade)
    asked = [agreement, border, cost, tariff, every_pair or None, autarky or None]
    if sum(each is not None for each in asked) != 1:
        raise QuestionError(
            "say one change: --agreement, --border, --cost, --tariff, --every-pair or --autarky"
        )
    given = Trade(rows.head(0), found.title, "")
    with working("looking for equilibrium") as show:
        if every_pair:
            results = [_pairs(world, rows, had, size, theta, _closure(kind, closure), show)]
        elif autarky:
            _plain(kind, size, closure, numeraire, "autarky")
            results = [("Without trade, percent of real income", gains(world, theta))]
        elif tariff is not None:
            _plain(kind, size, closure, numeraire, "a tariff")
            results = [_levied(world, tariff, exporter, importer, theta)]
        else:
            change = _change(world, agreement, border, cost, exporter, importer, theta, size)
            if kind == "book":
                if closure is not None or size.draws:
                    raise QuestionError("the book's rule has no closure and no intervals")
                results = [_as_the_book(world, change, numeraire, theta, size)]
            else:
                compute = _computed(world, change, kind, theta, closure, numeraire)
                results = [_told(_asked(compute, cost is not None, size, show))]
    results = [(heading, _largest_first(each)) for heading, each in results]
    give(answer, given, results, {"counterfactual": _brief(results[0][1].table)})


def _computed(
    world: World,
    change: Callable[[float], Floats],
    kind: Kind,
    theta: float,
    closure: Closure | None,
    numeraire: str | None,
) -> Callable[[float], Counterfactual]:
    if kind == "conditional":
        if closure is not None or numeraire is not None:
            raise QuestionError("conditional trade has no prices: leave out closure and numeraire")
        return lambda effect: conditional(world, change(effect))
    told = closure or "multiplicative"
    return lambda effect: full(world, change(effect), theta, closure=told, numeraire=numeraire)


def _asked(
    compute: Callable[[float], Counterfactual],
    by_cost: bool,
    size: Effect,
    show: Callable[[str], None],
) -> Counterfactual:
    """The answer, with intervals where draws are asked for."""
    if by_cost:
        return compute(0.0)
    effect, error = size.value()
    if not size.draws:
        return compute(effect)
    return with_intervals(
        compute, effect, error or 0.0, draws=size.draws, seed=size.seed, progress=show
    )


def _change(
    world: World,
    agreement: list[str] | None,
    border: list[str] | None,
    cost: float | None,
    exporter: list[str] | None,
    importer: list[str] | None,
    theta: float,
    size: Effect,
) -> Callable[[float], Floats]:
    """Factors on trade, by the effect."""
    if cost is not None:
        if not exporter or not importer:
            raise QuestionError("a cost is between an --exporter and an --importer")
        if size.effect is not None or size.estimates is not None or size.draws:
            raise QuestionError("a cost is known: leave out --effect, --estimates and --draws")
        factors = costly(world, exporter, importer, cost, theta)
        return lambda effect: factors
    if exporter or importer:
        raise QuestionError("--exporter and --importer go with --cost or --tariff")
    if agreement is not None:
        return lambda effect: agreed(world, agreement, effect)
    some = None if border == ["all"] else border
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


def _closure(kind: Kind, closure: Closure | None) -> Closure:
    if kind != "full":
        raise QuestionError("every pair is asked about in full equilibrium; leave --kind out")
    return closure or "multiplicative"


def _plain(
    kind: Kind, size: Effect, closure: Closure | None, numeraire: str | None, what: str
) -> None:
    """Refuse words that mean nothing to what is asked."""
    if kind != "full" or size.effect is not None or size.estimates is not None or size.draws:
        raise QuestionError(f"{what} is known and has a full answer only: leave out --kind, "
                            "--effect, --estimates and --draws")  # fmt: skip
    if closure == "multiplicative" or numeraire is not None:
        raise QuestionError(f"{what} keeps deficits as amounts (additive), in units of the "
                            "world's value added")  # fmt: skip


def _pairs(
    world: World,
    rows: pl.DataFrame,
    had: str | None,
    size: Effect,
    theta: float,
    closure: Closure,
    show: Callable[[str], None],
) -> tuple[str, Measure]:
    effect, _ = size.value()
    if size.draws:
        raise QuestionError("intervals of every pair are not told; ask about one with --agreement")
    known: list[frozenset[str]] = []
    if had is not None:
        if had not in rows.columns:
            raise QuestionError(f"the rows have no column {had}")
        agreed_rows = rows.filter(pl.col(had).cast(pl.Float64, strict=False) > 0)
        pairs = agreed_rows.select(pl.col("exporter", "importer").cast(pl.String))
        known = [frozenset(pair) for pair in pairs.iter_rows()]
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


def _largest_first(found: Measure) -> Measure:
    """Those who gain or lose most first; pairs come so already."""
    by = [name for name in ORDER if name in found.table.columns]
    if "country" not in found.table.columns or not by:
        return found
    table = found.table.sort(pl.col(by[0]).abs(), "country", descending=[True, False])
    return replace(found, table=table)


def _brief(table: pl.DataFrame) -> list[str]:
    """Columns that a terminal is wide enough for; of figures with intervals, two."""
    if not any(name.endswith("_low") for name in table.columns):
        return table.columns
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
