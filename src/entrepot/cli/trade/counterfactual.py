"""`entrepot trade counterfactual`: what an agreement, a border, a cost or a tariff would do."""

from __future__ import annotations

from pathlib import Path

from cyclopts import App

from entrepot.cli.trade.asking import Answer, Source, Trade, give
from entrepot.cli.trade.effects import Asked, Effect, Kind
from entrepot.cli.trade.one_sector import brief, of_one_sector
from entrepot.cli.trade.plots import check_plot
from entrepot.cli.trade.sectors import SectorTables, brief_of_sectors, has_sectors, of_sectors
from entrepot.cli.trade.world_plots import plot_change
from entrepot.errors import QuestionError
from entrepot.statistics.equilibrium.full import Closure

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
    "  entrepot trade counterfactual world.csv --every-pair --effect 0.4 --theta 5\n"
    "  entrepot trade counterfactual sectors.csv --inputs inputs.csv --tariffs tariffs.csv \\\n"
    "      --theta elasticities.csv --tariff 0 --exporter AZ --importer BY",
)


@app.default
def counterfactual(
    study: str,
    /,
    *,
    theta: float | Path,
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
    plot: Path | None = None,
    size: Effect = Effect(),  # noqa: B008
    tables: SectorTables = SectorTables(),  # noqa: B008
    source: Source = Source(),  # noqa: B008
    answer: Answer = Answer(),  # noqa: B008
) -> None:
    """Ask what an agreement, a border, a cost or a tariff would do once everything adjusts.

    Parameters
    ----------
    study
        A file .csv or .parquet with columns exporter, importer and trade, where a country's trade
        with itself is what it makes and uses at home; or a study or table of trade with such rows.
        With a column sector it is a world of several sectors.
    theta
        Trade elasticity: by how many percent trade falls when its cost rises by one; for several
        sectors a number, or a file (sector, theta).
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
    plot
        Draw welfare by country, or what else is asked for, as bars: a file .svg; it must not exist
        yet.
    """
    answer.check()
    check_plot(plot)
    asked = Asked(
        agreement=agreement, border=border, cost=cost, tariff=tariff, every_pair=every_pair,
        autarky=autarky, had=had, exporter=exporter, importer=importer, kind=kind,
        closure=closure, numeraire=numeraire, period=period, trade=trade, size=size,
    )  # fmt: skip
    asked.check_one(tables.changes)
    if has_sectors(study):
        results = of_sectors(study, theta, tables, asked)
        given = Trade(results[0][1].table.head(0), Path(study).stem, "")
        if plot is not None:
            words = f"changes of {tables.changes}" if tables.changes else ""
            plot_change(plot, given.title, results[0][1], asked, words)
        give(answer, given, results, brief_of_sectors(results[0][1].table))
        return
    tables.refuse(study)
    if isinstance(theta, Path):
        raise QuestionError(f"--theta is a number where trade has no sectors, not {theta}")
    given, (heading, found) = of_one_sector(study, source, theta, asked)
    if plot is not None:
        plot_change(plot, given.title, found, asked, "")
    give(answer, given, [(heading, found)], {"counterfactual": brief(found.table)})
