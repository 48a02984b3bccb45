"""Two answers side by side in the terminal: who gains, what moves otherwise, what is scarce."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl
from rich.console import Console
from rich.text import Text

from entrepot.clearing.answers import Clearing
from entrepot.cli.grid import print_grid
from entrepot.results.compare import Comparison
from entrepot.telling.changes import largest_changes, modal_split, where_bought
from entrepot.telling.columns import Heading
from entrepot.telling.figures import amount
from entrepot.telling.names import Names, scenarios

MOST = 10
"""Rows of one grid, those with the largest change; the rest stands in the files."""

Row = dict[str, object]
Telling = Callable[[Row], object]


def show_difference(
    console: Console,
    base: Clearing,
    other: Clearing,
    comparison: Comparison,
    *,
    most: int = MOST,
) -> None:
    """Every part of a comparison that changed."""
    names = Names(base.study, other.study)
    title = f"{other.study.settings.title}: {_titled(other)}, against {_titled(base)}"
    console.print(Text(title, style="bold"))
    welfare = comparison.totals.row(0, named=True)
    change = amount(welfare["change"], f"{names.currency} a period", signed=True)
    console.print(f"welfare {change}")
    page = _Page(console, names, comparison, most)
    page.parts()
    page.countries()
    page.agents()
    page.goods()
    page.modes()
    page.corridors()
    page.prices(base, other)
    page.flows()
    page.limits()


def _titled(clearing: Clearing) -> str:
    return scenarios(clearing.study) or "as it stands"


class _Page:
    """The grids of one comparison."""

    def __init__(self, console: Console, names: Names, comparison: Comparison, most: int) -> None:
        self.console = console
        self.names = names
        self.comparison = comparison
        self.most = most
        self.labels = (comparison.base, comparison.other)

    def parts(self) -> None:
        """What buyers, sellers, legs and the others gain, all together."""
        money = pl.col("base", "other", "change").sum()
        parts = self.comparison.welfare.group_by("part", maintain_order=True).agg(money)
        keys = [("", lambda row: row["part"])]
        self._grid("Who gains", parts, keys, self.names.currency)

    def countries(self) -> None:
        """What each country gains."""
        keys = [("country", lambda row: self._country(row["country"]))]
        self._grid("Who gains, by country", self.comparison.countries, keys, self.names.currency)

    def agents(self) -> None:
        """What each agent gains."""
        named = self.comparison.agents.filter(pl.col("agent").is_not_null())
        keys = [("agent", lambda row: row["agent"])]
        self._grid("Who gains, by agent", named, keys, self.names.currency)

    def goods(self) -> None:
        """How much of each good moves, how long and how dear a unit is on the way."""
        keys = [
            ("good", lambda row: self._good(row)),
            ("measure", lambda row: str(row["measure"]).replace("_", "-")),
            ("unit", lambda row: row["unit"]),
        ]
        self._grid("What becomes of the goods", self.comparison.goods, keys, mixed=True)

    def modes(self) -> None:
        """Shares of the modes in the tonne-kilometres."""
        keys = [("mode", lambda row: row["mode"]), ("share of", lambda row: row["unit"])]
        self._grid(
            "Modal split, % of the haulage", modal_split(self.comparison.modes), keys, digits=1
        )

    def corridors(self) -> None:
        """What the legs of each corridor carry."""
        keys = [
            ("corridor", lambda row: self.names.corridor(str(row["corridor"]))),
            ("good", lambda row: self._good(row)),
            ("unit", lambda row: row["unit"]),
        ]
        self._grid("Corridors, all their legs together", self.comparison.corridors, keys)

    def prices(self, base: Clearing, other: Clearing) -> None:
        """Prices where anyone buys in either answer."""
        prices = where_bought(self.comparison.prices, base, other)
        keys = [
            ("good", lambda row: self._good(row)),
            ("market", lambda row: self.names.place(str(row["place"]))),
            ("", lambda row: f"{self.names.currency}/{row['unit']}"),
        ]
        self._grid("Prices", prices, keys, mixed=True)

    def flows(self) -> None:
        """What passes the legs, transfers inside a place apart."""
        flows = self.comparison.flows
        between = [self.names.mode(leg) != "transfer" for leg in flows["leg"]]
        keys = [
            ("leg", lambda row: self.names.leg(str(row["leg"]))),
            ("good", lambda row: self._good(row)),
            ("unit", lambda row: row["unit"]),
        ]
        self._grid("Flows", flows.filter(pl.Series(between, dtype=pl.Boolean)), keys)

    def limits(self) -> None:
        """What one more unit of room is worth where something is full."""
        keys = [
            ("what is full", lambda row: self.names.limit(str(row["table"]), str(row["name"]))),
            ("good", lambda row: self._good(row)),
        ]
        self._grid("Rents of what is full, money per unit", self.comparison.limits, keys, digits=2)

    def _country(self, country: object) -> str:
        return "(across borders)" if country is None else self.names.country(str(country))

    def _good(self, row: Row) -> str | None:
        return None if row["good"] is None else self.names.short_good(str(row["good"]))

    def _grid(
        self,
        title: str,
        frame: pl.DataFrame,
        keys: Sequence[tuple[str, Telling]],
        unit: str = "",
        digits: int | None = None,
        mixed: bool = False,
    ) -> None:
        """The rows that change most, if any does; where measures are mixed, most for their size."""
        shown, changed = largest_changes(frame, self.most, digits, mixed)
        if not changed:
            return
        periods = "period" in frame.columns and frame["period"].n_unique() > 1
        headings = [
            Heading("period", optional=True),
            *(Heading(text, optional=True) for text, _ in keys),
            Heading(self.labels[0], unit, figures=True, digits=digits, mixed=mixed),
            Heading(self.labels[1], unit, figures=True, digits=digits, mixed=mixed),
            Heading("change", unit, figures=True, digits=digits, signed=True, mixed=mixed),
        ]
        rows = [
            [
                row["period"] if periods else None,
                *(tell(row) for _, tell in keys),
                row["base"],
                row["other"],
                row["change"],
            ]
            for row in shown.iter_rows(named=True)
        ]
        left = changed - shown.height
        note = f"and {left:,} more with smaller changes" if left else ""
        print_grid(self.console, title, headings, rows, note=note)
