"""The courses over water of all answers of a report, found together once."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from entrepot.drawing.basemap import Basemap
from entrepot.drawing.by_water import over_water, sea_courses
from entrepot.drawing.mapped import Mapped
from entrepot.drawing.sea_ways import Pair
from entrepot.results.on_a_map import OnAMap

BY_WATER = ("sea", "river", "ferry")


class Courses:
    """Where maps draw what goes by water; without a basemap, straight.

    Parameters
    ----------
    answers : with their spots numbered alike
    """

    def __init__(self, answers: Sequence[OnAMap], basemap: Basemap | None) -> None:
        self.pairs = {pair for each in answers for pair in _by_water(each)}
        self.cells: dict[Pair, list[int]] = {}
        if basemap is not None and self.pairs:
            busy = dict.fromkeys(self.pairs, 0.0)
            for each in answers:
                for start, end, _, quantity in each.flows.iter_rows():
                    if (start, end) in busy:
                        busy[start, end] = max(busy[start, end], quantity)
            wanted = sorted(busy, key=lambda pair: (-busy[pair], pair))
            places = list(answers[0].spots.select("longitude", "latitude").iter_rows())
            self.cells = sea_courses(basemap, places, wanted)

    def led(self, drawn: Mapped) -> Mapped:
        """A map with its bands over water on their courses."""
        return over_water(drawn, self.pairs, self.cells)


def _by_water(found: OnAMap) -> set[Pair]:
    """Spots between which what goes, goes by water alone."""
    used = found.legs.filter((pl.col("state") == "used") & (pl.col("start") != pl.col("end")))
    water = used.group_by("start", "end").agg(pl.col("mode").is_in(BY_WATER).all().alias("water"))
    return set(water.filter("water").select("start", "end").iter_rows())
