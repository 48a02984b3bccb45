"""Sources of the rows that a table of the report tells, as numbers of the list of sources."""

from __future__ import annotations

from collections.abc import Iterable

from entrepot.report.content import Cell
from entrepot.results.sourced import source_numbers
from entrepot.study import Study

WAY_BACK = "~"


class Cited:
    """The sources of a study's rows, found by what the rows are about.

    Attributes
    ----------
    numbers : the number of each source
    """

    def __init__(self, study: Study) -> None:
        self.numbers = source_numbers(study)
        self._rows: dict[tuple[str, tuple[object, ...]], str] = {}
        self._remember(study, "legs", ("leg",))
        self._remember(study, "leg_goods", ("leg", "good"))
        self._remember(study, "offers", ("place", "good", "agent"))
        self._remember(study, "bids", ("place", "good", "agent"))
        for table in ("plants", "quotas", "commitments", "bans", "claims", "duties"):
            name = table.removesuffix("ies") + "y" if table == "duties" else table.removesuffix("s")
            self._remember(study, table, (name,))

    def _remember(self, study: Study, table: str, key: tuple[str, ...]) -> None:
        for *names, source in study.table(table).select(*key, "source").iter_rows():
            if source is not None:
                self._rows.setdefault((table, tuple(names)), source)

    def of(self, table: str, *key: object) -> Cell | None:
        """The source of a row as a cell that leads to it."""
        return self._cell([self._rows.get((table, key))])

    def of_leg(self, leg: str, good: str | None = None) -> Cell | None:
        """The sources of a leg and of what it charges one good."""
        name = leg.removesuffix(WAY_BACK)
        own = self._rows.get(("leg_goods", (leg, good))) or self._rows.get(
            ("leg_goods", (name, good))
        )
        return self._cell([own, self._rows.get(("legs", (name,)))])

    def of_limit(self, table: str, name: str, good: str | None) -> Cell | None:
        """The source of a limit."""
        if table in ("legs", "leg_goods"):
            return self.of_leg(name, good)
        return self.of(table, name)

    def _cell(self, sources: Iterable[str | None]) -> Cell | None:
        numbers = [self.numbers[source] for source in sources if source is not None]
        return Cell(f"[{numbers[0]}]", target(numbers[0])) if numbers else None


def target(number: int) -> str:
    """The `id` of a source in the report."""
    return f"source-{number}"
