"""Under which scarcity a corridor is used: rents in draws that use it and in those that do not.

Of the legs whose room is scarce in some draws, that one is told whose rent goes furthest with the
switch price of the corridor (the most negative rank correlation), if it goes further than chance
would take any of them. It is the scarcity that decides, or one that goes with it. A leg that is
scarce only where the corridor is used is full because of that, and is not told.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from entrepot.forecasting.matters import noise_floor, rank_correlation
from entrepot.forecasting.tables import HIGH, Floats, Sample, interval

LEAST_DRAWS = 5
"""With fewer on either side there is nothing to compare."""

SCARCITY = {
    "scenario": pl.String,
    "corridor": pl.String,
    "good": pl.String,
    "period": pl.String,
    "leg": pl.String,
    "correlation": pl.Float64,
    "used": pl.Float64,
    "used_median": pl.Float64,
    "used_low": pl.Float64,
    "used_high": pl.Float64,
    "unused_median": pl.Float64,
    "unused_low": pl.Float64,
    "unused_high": pl.Float64,
}


def scarcity_table(samples: Mapping[str, Sample]) -> pl.DataFrame:
    """For each corridor that some draws use and some do not, the rent that goes with its use."""
    rows = []
    for scenario, each in samples.items():
        for figure in each.figures:
            if figure.measure != "switch":
                continue
            values = each.of(figure)
            known = np.isfinite(values)
            carried = each.of(figure._replace(measure="corridor"))[known] > 0
            if min(carried.sum(), (~carried).sum()) < LEAST_DRAWS:
                continue
            legs = [
                other.name
                for other in each.figures
                if other.measure == "rent" and other[2:] == figure[2:]
            ]
            rents = {leg: each.of(figure._replace(measure="rent", name=leg))[known] for leg in legs}
            rents = {
                leg: rent for leg, rent in rents.items() if np.quantile(rent[~carried], HIGH) > 0
            }
            found = _nearest(rents, values[known])
            if found is not None:
                leg, correlation = found
                rows.append(
                    {
                        "scenario": scenario,
                        "corridor": figure.name,
                        "good": figure.good,
                        "period": figure.period,
                        "leg": leg,
                        "correlation": correlation,
                        "used": float(carried.mean()),
                        **_told("used", rents[leg][carried]),
                        **_told("unused", rents[leg][~carried]),
                    }
                )
    return pl.DataFrame(rows, schema=SCARCITY)


def _nearest(rents: Mapping[str, Floats], switch: Floats) -> tuple[str, float] | None:
    """The leg whose rent goes furthest against a switch price, and how far."""
    varied = {leg: rent for leg, rent in rents.items() if np.ptp(rent) > 0}
    if not varied or np.ptp(switch) == 0:
        return None
    correlation = rank_correlation(np.stack(list(varied.values()), axis=1), switch)
    at = int(np.argmin(correlation))
    if correlation[at] >= 0 or correlation[at] ** 2 <= noise_floor(len(varied), len(switch)):
        return None
    return list(varied)[at], float(correlation[at])


def _told(side: str, rents: Floats) -> dict[str, Any]:
    return {f"{side}_{key}": value for key, value in interval(rents).items()}
