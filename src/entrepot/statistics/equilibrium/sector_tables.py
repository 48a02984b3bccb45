"""A world of sectors from tables: flows, input shares, tariffs, elasticities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from entrepot.errors import StatisticsError
from entrepot.statistics.equilibrium.sectors import Sectors, accounts
from entrepot.statistics.equilibrium.world import Floats
from entrepot.tables.nearest import did_you_mean

MOST = 4
ROUNDED = 1e-4
"""By how much shares that are printed may miss 1."""

Flags = npt.NDArray[np.bool_]


def sectors_of(
    flows: pl.DataFrame,
    theta: float | Mapping[str, float],
    *,
    inputs: pl.DataFrame | None = None,
    value_added: pl.DataFrame | None = None,
    tariffs: pl.DataFrame | None = None,
) -> Sectors:
    """The world of some tables, checked.

    Parameters
    ----------
    flows : (sector, exporter, importer, trade), a row a flow, trade at home too, before tariffs;
        what has no row does not trade
    theta : trade elasticity, of all sectors or of each
    inputs : (country, sector, used, share): the share of a sector's output that goes into goods of
        the sector `used`; none where None. What is left of 1 is value added
    value_added : (country, sector, share): given beside `inputs`, both add up to 1 in every sector
        of every country, or the inputs alone do; then they are shares of all inputs, as Caliendo
        and Parro publish them, and are multiplied by what value added leaves
    tariffs : (sector, exporter, importer, tariff), as shares; 0 where there is no row

    Raises
    ------
    StatisticsError : columns are missing, blank or no numbers; names that the flows do not have; a
        cell that stands twice; a sector without an elasticity; and as `accounts`
    """
    rows = _read(flows, "flows", ("sector", "exporter", "importer"), "trade")
    countries = sorted(set(rows["exporter"]) | set(rows["importer"]))
    sectors = sorted(set(rows["sector"]))
    if not rows.height:
        raise StatisticsError("flows have no rows")
    n, s = len(countries), len(sectors)
    known = {"sector": sectors, "used": sectors, "exporter": countries, "importer": countries,
             "country": countries}  # fmt: skip
    trade = np.zeros((s, n, n))
    _fill(trade, rows, "flows", known)
    levied = np.zeros((s, n, n))
    if tariffs is not None:
        _fill(levied, _read(tariffs, "tariffs", ("sector", "exporter", "importer"), "tariff"),
              "tariffs", known)  # fmt: skip
    links = np.zeros((n, s, s))
    if inputs is not None:
        _fill(links, _read(inputs, "inputs", ("country", "used", "sector"), "share"), "inputs",
              known)  # fmt: skip
    if value_added is not None:
        added = np.full((n, s), np.nan)
        _fill(added, _read(value_added, "value added", ("country", "sector"), "share"),
              "value added", known)  # fmt: skip
        links = _of_output(links, added, trade.sum(axis=2).T > 0, (countries, sectors))
    world = Sectors(
        tuple(countries), tuple(sectors), trade, links, levied, _elasticities(theta, sectors)
    )
    accounts(world)
    return world


def _of_output(
    links: Floats, added: Floats, sells: Flags, names: tuple[Sequence[str], Sequence[str]]
) -> Floats:
    """Input shares of output (N, S, S), from these or from shares of inputs.

    Parameters
    ----------
    added : shares of value added (N, S), not a number where none is given
    sells : where there is output (N, S)
    names : of countries and sectors

    Raises
    ------
    StatisticsError : they do not add up, or value added is not given for what is sold
    """

    def told(wrong: Flags) -> str:
        at = [f"{names[1][s]} of {names[0][n]}" for n, s in np.argwhere(wrong)[:MOST]]
        return ", ".join(at) + (" and others" if int(wrong.sum()) > MOST else "")

    missing = sells & np.isnan(added)
    if missing.any():
        raise StatisticsError(f"value added lacks {told(missing)}; add the rows")
    whole, added = links.sum(axis=1), np.where(np.isnan(added), 1.0, added)
    together = sells & (np.abs(whole + added - 1.0) > ROUNDED)
    if not together.any():
        return links
    alone = sells & (added < 1.0) & (np.abs(whole - 1.0) > ROUNDED)
    if alone.any():
        n, s = np.argwhere(together & alone)[0] if (together & alone).any() else (
            np.argwhere(together)[0])  # fmt: skip
        raise StatisticsError(
            f"in {told(together)} inputs and value added do not add up to 1 (in the first, "
            f"{whole[n, s]:.6g} and {added[n, s]:.6g}), nor do the inputs alone; give both as "
            "shares of output, or inputs as shares of all inputs"
        )
    return np.asarray(links * (1.0 - added)[:, None, :])


def _elasticities(theta: float | Mapping[str, float], sectors: Sequence[str]) -> Floats:
    if not isinstance(theta, Mapping):
        return np.full(len(sectors), float(theta))
    missing = [name for name in sectors if name not in theta]
    if missing:
        raise StatisticsError(f"no trade elasticity for {', '.join(missing[:MOST])}")
    return np.array([float(theta[name]) for name in sectors])


def _read(table: pl.DataFrame, name: str, keys: tuple[str, ...], value: str) -> pl.DataFrame:
    """The keys of a table as text, and its value as a number."""
    missing = [column for column in (*keys, value) if column not in table.columns]
    if missing:
        raise StatisticsError(f"{name} lack the columns {', '.join(missing)}")
    rows = table.select(
        *(pl.col(key).cast(pl.String) for key in keys), pl.col(value).cast(pl.Float64)
    )
    bad = rows.filter(pl.any_horizontal(pl.all().is_null()) | ~pl.col(value).is_finite())
    if bad.height:
        raise StatisticsError(
            f"{bad.height:,} rows of {name} are blank or no number, such as "
            f"{' '.join(map(str, bad.select(keys).row(0)))}"
        )
    twice = rows.filter(rows.select(keys).is_duplicated())
    if twice.height:
        cell = " ".join(twice.select(keys).row(0))
        raise StatisticsError(f"{name} have {cell} more than once; keep one row")
    return rows


def _fill(into: Floats, rows: pl.DataFrame, name: str, known: Mapping[str, Sequence[str]]) -> None:
    """Write the last column where the others say."""
    *keys, value = rows.columns
    at = []
    for key in keys:
        place = {each: number for number, each in enumerate(known[key])}
        strange = [each for each in rows[key].unique().sort() if each not in place]
        if strange:
            told = f"one of {', '.join(known[key][:MOST])}, …"
            raise StatisticsError(
                f"{name} name {strange[0]!r}, which no flow does; "
                f"{did_you_mean(strange[0], known[key], told)}"
            )
        at.append(rows[key].replace_strict(place, return_dtype=pl.Int64).to_numpy())
    into[tuple(at)] = rows[value].to_numpy()
