"""Goods that are wanted where none can arrive."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from entrepot.errors import Problem
from entrepot.tables.check_network import WAY_BACK
from entrepot.tables.sheet import Sheet

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class _Want:
    """Somebody wants a good at a place."""

    sheet: Sheet
    index: int
    column: str
    place: str
    good: str


def check_reach(sheets: Mapping[str, Sheet]) -> list[Problem]:
    """A warning for each good that nobody offers or makes, and each buyer whom none can reach.

    Quantities, prices, dates and rules are not looked at: what is found here can never be traded.
    """
    wants: dict[str, list[_Want]] = {}
    for want in _wants(sheets):
        wants.setdefault(want.good, []).append(want)
    sources = _sources(sheets)
    problems = []
    network: _Network | None = None
    for good, wanted in wants.items():
        if good not in sources:
            problems.append(_nobody(wanted[0]))
            continue
        away = [want for want in wanted if want.place not in sources[good]]
        if not away:
            continue
        network = network or _Network(sheets)
        reached = network.reached(good, sources[good])
        problems += [_out_of_reach(want) for want in away if want.place not in reached]
    return problems


def _wants(sheets: Mapping[str, Sheet]) -> Iterator[_Want]:
    """The first bid for each good at each place, and what each plant consumes."""
    bids = sheets["bids"]
    places = set(sheets["places"]["place"].drop_nulls().to_list())
    pairs = bids.frame.with_row_index("index").unique(["place", "good"], maintain_order=True)
    for index, place, good in pairs.select("index", "place", "good").iter_rows():
        if place in places and good is not None:
            yield _Want(bids, index, "good", place, good)
    plants = sheets["plants"]
    consumed = sheets["recipes"].frame.filter(pl.col("amount") < 0)
    inputs = dict(consumed.group_by("recipe").agg("good").iter_rows())
    for index, (place, recipe) in enumerate(plants.frame.select("place", "recipe").iter_rows()):
        for good in inputs.get(recipe, []) if place in places else []:
            if good is not None:
                yield _Want(plants, index, "recipe", place, good)


def _sources(sheets: Mapping[str, Sheet]) -> dict[str, set[str]]:
    """Good -> places where it is offered, made, or in store at the beginning."""
    offers = sheets["offers"].frame.select("place", "good")
    makes = sheets["recipes"].frame.filter(pl.col("amount") > 0).select("recipe", "good")
    made = sheets["plants"].frame.select("place", "recipe").join(makes, on="recipe")
    stored = sheets["warehouses"].frame.filter(pl.col("initial") > 0).select("place", "good")
    everything = pl.concat([offers, made.select("place", "good"), stored]).drop_nulls().unique()
    return {
        good: set(places) for good, places in everything.group_by("good").agg("place").iter_rows()
    }


def _nobody(want: _Want) -> Problem:
    message = f"nobody offers or makes {want.good!r}, which is wanted here"
    cure = f"add an offer of {want.good!r}, or a plant that makes it"
    return want.sheet.problem(want.index, want.column, message, cure, "warning")


def _out_of_reach(want: _Want) -> Problem:
    message = f"no leg brings {want.good!r} to {want.place!r} from where it is offered or made"
    cure = f"add a leg to {want.place!r} that the good may use, or an offer there"
    return want.sheet.problem(want.index, want.column, message, cure, "warning")


class _Network:
    """Which places a good can reach."""

    def __init__(self, sheets: Mapping[str, Sheet]) -> None:
        places = sheets["places"].frame
        self.places = places["place"].to_list()
        self.number = {name: i for i, name in enumerate(self.places) if name is not None}
        self.through = places["through"].fill_null(True).to_numpy()
        legs = sheets["legs"].frame.filter(
            pl.col("origin").is_in(self.places)
            & pl.col("destination").is_in(self.places)
            & (pl.col("capacity").is_null() | (pl.col("capacity") > 0))
        )
        back = legs.filter(pl.col("two_way")).select(
            pl.col("leg") + WAY_BACK, origin="destination", destination="origin"
        )
        legs = pl.concat([legs.select("leg", "origin", "destination"), back])
        self.legs = legs["leg"]
        self.origin = self._numbers(legs["origin"])
        self.destination = self._numbers(legs["destination"])
        barred = sheets["leg_goods"].frame.filter(~pl.col("allowed") | (pl.col("capacity") <= 0))
        self.barred = dict(barred.group_by("good").agg("leg").iter_rows())

    def _numbers(self, names: pl.Series) -> Ints:
        numbers = names.replace_strict(self.number, default=None, return_dtype=pl.Int64)
        return numbers.to_numpy()

    def reached(self, good: str, sources: set[str]) -> set[str]:
        """Places that the good can reach over legs it may use, not through closed places."""
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import breadth_first_order

        count = len(self.places)
        start = np.array([self.number[name] for name in sources if name in self.number])
        if not start.size:
            return set()
        is_source = np.zeros(count, dtype=bool)
        is_source[start] = True
        usable = (self.through | is_source)[self.origin]
        if good in self.barred:
            usable &= ~self.legs.is_in(self.barred[good]).to_numpy()
        # One more node, from which all sources are one step away.
        tail = np.concatenate([self.origin[usable], np.full(len(start), count)])
        head = np.concatenate([self.destination[usable], start])
        graph = coo_array((np.ones(len(tail)), (tail, head)), shape=(count + 1, count + 1))
        order = breadth_first_order(graph.tocsr(), count, return_predecessors=False)
        return {self.places[i] for i in order[1:].tolist()}
