"""Sources of the rows that a table of the report tells, as numbers of the list of sources."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from entrepot.report.content import Cell
from entrepot.results.sourced import source_numbers
from entrepot.study import Study
from entrepot.telling.catalogue import Catalogue

WAY_BACK = "~"
ESTIMATE = "estimate"

KEYS = {
    "legs": ("leg",),
    "leg_goods": ("leg", "good"),
    "offers": ("place", "good", "agent"),
    "bids": ("place", "good", "agent"),
    "plants": ("plant",),
    "quotas": ("quota",),
    "commitments": ("commitment",),
    "claims": ("claim",),
    "relations": ("relation",),
}
"""By what the rows of a table are found."""


@dataclass(frozen=True, slots=True)
class _Row:
    """Where a row comes from, and whether any figure of it is an estimate."""

    source: str
    estimate: bool


class Cited:
    """The sources of a study's rows, found by what the rows are about.

    Attributes
    ----------
    numbers : the number of each source
    """

    def __init__(self, study: Study, say: Catalogue) -> None:
        self.say = say
        self.numbers = source_numbers(study)
        self._rows: dict[tuple[str, tuple[object, ...]], _Row] = {}
        for table, key in KEYS.items():
            frame = study.table(table)
            bases = [name for name in frame.columns if name.endswith("_basis")]
            for row in frame.iter_rows(named=True):
                if row["source"] is not None:
                    estimate = any(row[name] == ESTIMATE for name in bases)
                    found = _Row(row["source"], estimate)
                    self._rows.setdefault((table, tuple(row[name] for name in key)), found)

    def of(self, table: str, *key: object) -> Cell | None:
        """The source of a row as a cell that leads to it."""
        return self._cell([self._rows.get((table, key))])

    def of_leg(self, leg: str, good: str | None = None) -> Cell | None:
        """The source of a leg, or of what it charges one good where that has its own."""
        name = leg.removesuffix(WAY_BACK)
        keys = [("leg_goods", (leg, good)), ("leg_goods", (name, good)), ("legs", (name,))]
        return self._cell([self._rows.get(key) for key in keys])

    def of_limit(self, table: str, name: str, good: str | None) -> Cell | None:
        """The source of a limit."""
        if table in ("legs", "leg_goods"):
            return self.of_leg(name, good)
        return self.of(table, name)

    def of_market(self, place: str, good: str) -> Cell | None:
        """The source of the first bid for a good at a place, or of the first offer."""
        for table in ("bids", "offers"):
            for (of, key), row in self._rows.items():
                if of == table and key[:2] == (place, good):
                    return self._cell([row])
        return None

    def _cell(self, rows: Iterable[_Row | None]) -> Cell | None:
        """The first source that there is; an estimate is visibly one."""
        found = next((row for row in rows if row is not None), None)
        if found is None:
            return None
        number = self.numbers[found.source]
        word = "cited.estimate" if found.estimate else "cited.plain"
        return Cell(self.say(word, number=number), target(number))


def target(number: int) -> str:
    """The `id` of a source in the report."""
    return f"source-{number}"
