"""One engine on one question of trade in a process of its own; prints what it took as JSON.

``python -m benchmarks.one_trade QUESTION ENGINE [FILE]``, which `benchmarks/trade.py` calls.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import polars as pl

from entrepot.statistics.potential.export import LEAST_MARKET, LEAST_PRODUCT, assess, table_of
from entrepot.statistics.potential.world import World, world_of

COUNTRIES, PRODUCTS, FLOWS = 226, 5_200, 6_000_000


@dataclass(frozen=True)
class Taken:
    """What one run took.

    Attributes
    ----------
    cpu : seconds of processor time from the rows to the answer, all threads
    wall : seconds on the clock
    memory : greatest resident memory of the process, rows included, in MB
    answer : one figure by which the engines are compared
    """

    cpu: float
    wall: float
    memory: float
    answer: float


def drawn(seed: int = 1) -> World:
    """Random flows: cells drawn evenly, values log-normal. Nobody's trade looks like this."""
    chance = np.random.default_rng(seed)
    n, k = COUNTRIES, PRODUCTS
    cell = np.unique(chance.integers(0, n * n * k, int(FLOWS * 1.04)))
    cell = np.sort(chance.permutation(cell[cell // n % n != cell % n])[:FLOWS])
    value = np.exp(chance.normal(10.0, 2.5, len(cell)))
    countries = [chr(65 + at // 26) + chr(65 + at % 26) for at in range(n)]
    goods = [f"{100_000 + at}" for at in range(k)]
    i, j, good = (each.astype(np.int32) for each in (cell // n % n, cell % n, cell // n**2))
    return World(countries, goods, i, j, good, value)


def rows_of(world: World) -> pl.DataFrame:
    """The same flows as rows of table `trade`."""
    countries, goods = pl.Series(world.countries), pl.Series(world.goods)
    return pl.DataFrame(
        {
            "reporter": countries.gather(world.exporter),
            "partner": countries.gather(world.importer),
            "hs": goods.gather(world.good),
            "value": world.value,
        }
    ).with_columns(period=pl.lit("2022"), flow=pl.lit("export"))


def from_rows() -> Callable[[], float]:
    """Rows of text to the table of all countries and products, with its certificate."""
    rows = rows_of(drawn())

    def answer() -> float:
        found = table_of(assess(world_of(rows)), "products", None, None)
        return float(found.table["unrealised"].sum())

    return answer


def from_codes() -> Callable[[], float]:
    """The same from flows that are numbered already."""
    world = drawn()

    def answer() -> float:
        return float(table_of(assess(world), "products", None, None).table["unrealised"].sum())

    return answer


def cell_by_cell() -> Callable[[], float]:
    """The formulas as they stand, in NumPy, product by product over all cells."""
    world = drawn()

    def answer() -> float:
        n, k = len(world.countries), len(world.goods)
        imports = world.imports()
        enough = (imports >= LEAST_MARKET) & (imports.sum(axis=0) >= LEAST_PRODUCT)
        value = np.where(enough[world.importer, world.good], world.value, 0.0)
        starts = np.searchsorted(world.good, np.arange(k + 1))
        trade, expected = np.zeros((n, n)), np.zeros((n, n))

        def product(good: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
            cells = np.zeros((n, n))
            at = slice(starts[good], starts[good + 1])
            cells[world.exporter[at], world.importer[at]] = value[at]
            return cells

        for good in range(k):
            cells = product(good)
            total = cells.sum()
            if total > 0:
                trade += cells
                expected += np.outer(cells.sum(axis=1) / total, cells.sum(axis=0))
        ease = np.divide(trade, expected, out=np.zeros((n, n)), where=expected > 0)
        unrealised = 0.0
        for good in range(k):
            cells = product(good)
            total = cells.sum()
            if total > 0:
                p = np.outer(cells.sum(axis=1) / total, cells.sum(axis=0)) * ease
                unrealised += float(np.maximum(0.0, p - cells).sum())
        return unrealised

    return answer


QUESTIONS = {
    "potential": {
        "entrepot, from rows": from_rows,
        "entrepot, from numbered flows": from_codes,
        "NumPy, product by product": cell_by_cell,
    }
}


def main() -> None:
    question, engine, *files = sys.argv[1:]
    answer = QUESTIONS[question][engine](*map(Path, files))
    began, clock = time.process_time(), time.perf_counter()
    found = answer()
    taken = Taken(
        time.process_time() - began,
        time.perf_counter() - clock,
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3,
        found,
    )
    print(json.dumps(asdict(taken)))


if __name__ == "__main__":
    main()
