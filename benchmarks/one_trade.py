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

from entrepot.statistics.measures import INDICATORS, Periods, measure, measures
from entrepot.statistics.potential.export import assess, table_of
from entrepot.statistics.potential.thresholds import LEAST_MARKET, LEAST_PRODUCT
from entrepot.statistics.potential.world import Floats, World, world_of

COUNTRIES, PRODUCTS, FLOWS = 226, 5_200, 6_000_000


@dataclass(frozen=True)
class Taken:
    """What one run took.

    Attributes
    ----------
    cpu : seconds of processor time from the rows to the answer, all threads
    memory : greatest resident memory of the process, rows included, in MB
    answer : one figure by which the engines are compared
    """

    cpu: float
    memory: float
    answer: float


def drawn(seed: int = 1, n: int = COUNTRIES, k: int = PRODUCTS, flows: int = FLOWS) -> World:
    """Random flows: cells drawn evenly, values log-normal. Nobody's trade looks like this."""
    chance = np.random.default_rng(seed)
    cell = np.unique(chance.integers(0, n * n * k, int(flows * 1.04)))
    cell = np.sort(chance.permutation(cell[cell // n % n != cell % n])[:flows])
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
    return lambda: unrealised_of(world)


def unrealised_of(world: World) -> float:
    """What `cell_by_cell` computes, of any world."""
    n, k = len(world.countries), len(world.goods)
    imports = world.imports()
    enough = (imports >= LEAST_MARKET) & (imports.sum(axis=0) >= LEAST_PRODUCT)
    value = np.where(enough[world.importer, world.good], world.value, 0.0)
    starts = np.searchsorted(world.good, np.arange(k + 1))

    def product(good: int) -> tuple[Floats, Floats]:
        """Flows of a product, and what they would be by the shares alone."""
        cells = np.zeros((n, n))
        at = slice(starts[good], starts[good + 1])
        cells[world.exporter[at], world.importer[at]] = value[at]
        total = max(float(cells.sum()), 1e-300)
        return cells, np.outer(cells.sum(axis=1) / total, cells.sum(axis=0))

    trade, expected = np.zeros((n, n)), np.zeros((n, n))
    for good in range(k):
        cells, by_shares = product(good)
        trade += cells
        expected += by_shares
    ease = np.divide(trade, expected, out=np.zeros((n, n)), where=expected > 0)
    unrealised = 0.0
    for good in range(k):
        cells, by_shares = product(good)
        unrealised += float(np.maximum(0.0, by_shares * ease - cells).sum())
    return unrealised


def world_exports(file: Path) -> pl.DataFrame:
    """Exports of 2017 of the countries that export a thousand million or more, as table `trade`."""
    rows = pl.read_parquet(file).select(
        pl.col("exporter").cast(pl.String).str.to_uppercase().alias("reporter"),
        pl.col("hs4").cast(pl.String).alias("hs"),
        pl.col("value_usd").alias("value"),
    )
    large = rows.group_by("reporter").agg(pl.col("value").sum()).filter(pl.col("value") >= 1e9)
    return rows.join(large.select("reporter"), on="reporter").with_columns(
        period=pl.lit("2017"), partner=pl.lit("world"), flow=pl.lit("export")
    )


def all_indicators(file: Path) -> Callable[[], float]:
    """Every indicator of one period as a table with its certificate, of Belarus where of one."""
    rows = world_exports(file)

    def answer() -> float:
        periods = Periods(rows)
        found = {}
        for each in INDICATORS:
            if "base" not in each.needs:
                words = {"reporter": "BLR"} if "reporter" in each.needs else {}
                found[each.name] = measure(each.name, periods, **words).table
        return float(found["complexity"].filter(country="BLR")["eci"][0])

    return answer


def the_same_indicators(file: Path) -> Callable[[], float]:
    """What ecomplexity computes too: RCA, ECI, PCI, density, outlook."""
    rows = world_exports(file)

    def answer() -> float:
        names = ("advantage", "complexity", "product-complexity", "density", "outlook")
        found = measures(names, rows)
        return float(found[1].table.filter(country="BLR")["eci"][0])

    return answer


def by_ecomplexity(file: Path) -> Callable[[], float]:
    """The package ecomplexity on the same rows."""
    from ecomplexity import ecomplexity

    rows = world_exports(file).select("period", "reporter", "hs", "value").to_pandas()
    names = {"time": "period", "loc": "reporter", "prod": "hs", "val": "value"}

    def answer() -> float:
        found = ecomplexity(rows, names, verbose=False)
        return float(found.loc[found["reporter"] == "BLR", "eci"].iloc[0])

    return answer


QUESTIONS: dict[str, dict[str, Callable[..., Callable[[], float]]]] = {
    "potential": {
        "entrepot, from rows": from_rows,
        "entrepot, from numbered flows": from_codes,
        "NumPy, product by product": cell_by_cell,
    },
    "indicators": {
        "entrepot, all 17 indicators": all_indicators,
        "entrepot, what ecomplexity gives": the_same_indicators,
        "ecomplexity": by_ecomplexity,
    },
}


def main() -> None:
    question, engine, *files = sys.argv[1:]
    answer = QUESTIONS[question][engine](*map(Path, files))
    began = time.process_time()
    found = answer()
    taken = Taken(
        time.process_time() - began,
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3,
        found,
    )
    print(json.dumps(asdict(taken)))


if __name__ == "__main__":
    main()
