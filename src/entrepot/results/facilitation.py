"""The four trade-facilitation indicators of a journey, as corridors are monitored by them.

After the Corridor Performance Measurement and Monitoring of the Central Asia Regional Economic
Cooperation programme (CAREC; Asian Development Bank), whose reports give them as averages over
recorded trips; here they are those of one journey as the study describes it, for one unit of a
good:

- TFI1: time to clear a border crossing point, in hours, the mean over those on the way;
- TFI2: cost at a border crossing point, the mean over those on the way;
- TFI3: cost of 500 km of the way, everything counted;
- TFI4: speed, without delay (over the time on the move) and with delay (over all time, with
  borders, handling and changes).
"""

from __future__ import annotations

import math

import polars as pl

from entrepot.clearing.answers import Clearing
from entrepot.results.staircase import staircase

INDICATORS = {"indicator": pl.String, "value": pl.Float64, "unit": pl.String}

HOURS = 24.0
STRETCH = 500.0
"""Kilometres for which the third indicator counts."""


def facilitation(
    clearing: Clearing, good: str, legs: str, period: str | None = None
) -> pl.DataFrame:
    """The indicators of a journey.

    Parameters
    ----------
    legs : in order, ";"-separated, as in table ``consignments``

    Returns
    -------
    Frame (indicator, value, unit): `crossings` (border crossing points on the way), `tfi1`, `tfi2`,
    `tfi3`, `tfi4` (without delay) and `tfi4_delayed`; value null where the study does not say what
    it rests on: no border crossing, no length, or no time on the move.

    Raises
    ------
    QuestionError : a good or a leg that the study does not have, or legs that do not join
    """
    study = clearing.study
    kinds = dict(study.table("places").select("place", "kind").iter_rows())
    steps = staircase(clearing, good, legs, period)
    stands = steps["mode"] == "transfer"
    border = stands & pl.Series(
        [
            "border" in (kinds.get(origin), kinds.get(destination))
            for origin, destination in steps.select("origin", "destination").iter_rows()
        ],
        dtype=pl.Boolean,
    )
    at_border = steps.filter(border)
    # Steps that follow each other, papers and a change of gauge for two, are one crossing.
    crossings = int((border & ~border.shift(1, fill_value=False)).sum())
    units = dict(study.table("goods").select("good", "unit").iter_rows())
    money = f"{study.settings.currency}/{units[good]}"
    km, cost, days = (float(steps[name].sum()) for name in ("km", "cost", "days"))
    moving = days - float(steps.filter(stands)["days"].sum())
    rows = [
        ("crossings", float(crossings), ""),
        ("tfi1", _ratio(float(at_border["days"].sum()) * HOURS, crossings), "h"),
        ("tfi2", _ratio(float(at_border["cost"].sum()), crossings), money),
        ("tfi3", _ratio(cost * STRETCH, km), money),
        ("tfi4", _ratio(km, moving * HOURS), "km/h"),
        ("tfi4_delayed", _ratio(km, days * HOURS) if moving > 0 else None, "km/h"),
    ]
    return pl.DataFrame(rows, schema=INDICATORS, orient="row")


def _ratio(above: float, below: float) -> float | None:
    found = above / below if below > 0 else math.nan
    return float(f"{found:.12g}") if math.isfinite(found) else None
