"""What everyone sells to everyone, at home too: the matrix that counterfactuals start from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from entrepot.errors import QuestionError, StatisticsError
from entrepot.tables.nearest import did_you_mean

Floats = npt.NDArray[np.float64]
AT_MOST = 8


@dataclass(frozen=True, eq=False)
class World:
    """Trade between N countries in one period.

    Attributes
    ----------
    countries : (N,), sorted
    flows : what row sells to column, trade at home on the diagonal (N, N)
    """

    countries: tuple[str, ...]
    flows: Floats

    @property
    def output(self) -> Floats:
        """What each country sells (N,)."""
        return np.asarray(self.flows.sum(axis=1))

    @property
    def expenditure(self) -> Floats:
        """What each country buys (N,)."""
        return np.asarray(self.flows.sum(axis=0))

    def at(self, country: str) -> int:
        """Where a country stands.

        Raises
        ------
        QuestionError : it is not in the world
        """
        if country not in self.countries:
            known = f"one of {', '.join(self.countries[:AT_MOST])}, …"
            raise QuestionError(
                f"{country!r} does not trade here; {did_you_mean(country, self.countries, known)}"
            )
        return self.countries.index(country)


def world_of(
    rows: pl.DataFrame, *, exporter: str = "exporter", importer: str = "importer",
    value: str = "trade",
) -> World:  # fmt: skip
    """The world of a frame with a row a pair; pairs without a row do not trade.

    Raises
    ------
    StatisticsError : columns are missing, pairs stand twice, values are negative or no numbers, a
        country has no trade at home, or buys or sells nothing: all problems of one kind at once
    """
    missing = [name for name in (exporter, importer, value) if name not in rows.columns]
    if missing:
        has = f"it has {', '.join(rows.columns[:AT_MOST])}"
        told = [f"no column {name!r}; {did_you_mean(name, rows.columns, has)}" for name in missing]
        raise StatisticsError("trade cannot be read: " + "; ".join(told))
    pairs = rows.select(
        pl.col(exporter).cast(pl.String).alias("exporter"),
        pl.col(importer).cast(pl.String).alias("importer"),
        pl.col(value).cast(pl.Float64, strict=False).alias("trade"),
    )
    bad = pairs.filter(
        pl.any_horizontal(pl.all().is_null()) | ~pl.col("trade").is_finite() | (pl.col("trade") < 0)
    )
    if bad.height:
        raise StatisticsError(
            f"trade is blank, negative or no number in {bad.height:,} "
            f"row{'s' if bad.height > 1 else ''}, such as {_pair(bad)}; trade is 0 or more"
        )
    twice = pairs.filter(pairs.select("exporter", "importer").is_duplicated())
    if twice.height:
        raise StatisticsError(
            f"{_pair(twice)} stands {twice.filter(*_same(twice)).height} times; "
            "keep one period, and one row a pair"
        )
    countries = tuple(sorted(set(pairs["exporter"]) | set(pairs["importer"])))
    place = {name: number for number, name in enumerate(countries)}
    flows = np.zeros((len(countries), len(countries)))
    flows[
        [place[name] for name in pairs["exporter"]], [place[name] for name in pairs["importer"]]
    ] = pairs["trade"]
    return checked(World(countries, flows))


def checked(world: World) -> World:
    """The world, if every country buys, sells, and trades at home.

    Raises
    ------
    StatisticsError : some do not
    """
    if len(world.countries) < 2:
        raise StatisticsError("a world needs two countries or more")
    for told, of in (
        ("sell nothing, at home or abroad; add what they sell, or leave them out", world.output),
        ("buy nothing, at home or abroad; add what they buy, or leave them out", world.expenditure),
        (
            "have no trade at home, without which a counterfactual has no answer; "
            "add rows from a country to itself: output less exports",
            np.diag(world.flows),
        ),
    ):
        found = [name for name, value in zip(world.countries, of, strict=True) if not value > 0]
        if found:
            raise StatisticsError(f"{_some(found)} {told}")
    return world


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - AT_MOST} others" if len(names) > AT_MOST else ""
    return ", ".join(names[:AT_MOST]) + more


def _pair(rows: pl.DataFrame) -> str:
    return " to ".join(str(each) for each in rows.select("exporter", "importer").row(0))


def _same(rows: pl.DataFrame) -> list[pl.Expr]:
    first, second = rows.select("exporter", "importer").row(0)
    return [pl.col("exporter") == first, pl.col("importer") == second]
