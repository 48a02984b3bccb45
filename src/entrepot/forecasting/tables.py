"""Draws to tables: medians and intervals of every figure, differences, switch prices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from entrepot.clearing.again import ACCURACY
from entrepot.forecasting.draws import Draw, Found
from entrepot.forecasting.figures import Figure
from entrepot.study import Study

Floats = npt.NDArray[np.float64]

LOW, HIGH = 0.025, 0.975
"""Ends of the intervals: 95 % of the draws lie between them."""

NOTHING_THERE = ("corridor", "routed", "rent")
"""Measures of which an answer lists only what is above zero."""

FORECAST = {
    "scenario": pl.String,
    "measure": pl.String,
    "name": pl.String,
    "good": pl.String,
    "period": pl.String,
    "unit": pl.String,
    "stated": pl.Float64,
    "median": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "change": pl.Float64,
    "change_low": pl.Float64,
    "change_high": pl.Float64,
    "share": pl.Float64,
    "draws": pl.Int64,
}

SWITCH = {
    "scenario": pl.String,
    "corridor": pl.String,
    "good": pl.String,
    "period": pl.String,
    "unit": pl.String,
    "stated": pl.Float64,
    "median": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "used": pl.Float64,
    "draws": pl.Int64,
}


@dataclass(frozen=True)
class Sample:
    """The figures of one version in N draws.

    Attributes
    ----------
    figures : F of them, sorted
    values : missing where a draw does not have the figure, shape (N, F)
    stated : with every figure of the study as it stands, shape (F,)
    """

    figures: list[Figure]
    values: Floats
    stated: Floats

    def of(self, figure: Figure) -> Floats:
        """One figure in every draw; what no draw lists is nothing, shape (N,)."""
        if figure in self.figures:
            return np.asarray(self.values[:, self.figures.index(figure)])
        return np.full(len(self.values), _missing(figure))


def sample(draws: Sequence[Draw], version: str, stated: Found) -> Sample:
    """The figures of a version in draws in which it cleared."""
    known = {figure for draw in draws for figure in draw.found[version]} | set(stated)
    figures = sorted(known)
    at = {figure: number for number, figure in enumerate(figures)}
    nothing = np.array([_missing(figure) for figure in figures])
    values = np.tile(nothing, (len(draws), 1))
    for row, draw in zip(values, draws, strict=True):
        for figure, value in draw.found[version].items():
            row[at[figure]] = value
    told = nothing.copy()
    for figure, value in stated.items():
        told[at[figure]] = value
    return Sample(figures, values, told)


def _missing(figure: Figure) -> float:
    return 0.0 if figure.measure in NOTHING_THERE else float("nan")


def forecast_table(samples: Mapping[str, Sample], study: Study) -> pl.DataFrame:
    """Every figure but switch prices, with its interval and that of its change.

    `change` is the scenario less the study as it stands, draw by draw, so that what both share is
    out of its interval; `share` is that of the draws in which the figure is not zero.
    """
    rows = []
    base = samples[""]
    for scenario, each in samples.items():
        known = dict.fromkeys([*each.figures, *(base.figures if scenario else ())])
        for figure in sorted(known):
            if figure.measure == "switch":
                continue
            values = each.of(figure)
            change = _change(base.of(figure), values, scenario)
            rows.append(
                {
                    "scenario": scenario,
                    **figure._asdict(),
                    "unit": _unit(study, figure),
                    "stated": _stated(each, figure),
                    **interval(values),
                    **{_changed(key): value for key, value in interval(change).items()},
                    "share": float(np.mean(np.nan_to_num(values) != 0)),
                    "draws": int(np.isfinite(values).sum()),
                }
            )
    return pl.DataFrame(rows, schema=FORECAST)


def switch_table(samples: Mapping[str, Sample], study: Study) -> pl.DataFrame:
    """By how much each corridor is too dear, with intervals, where some draw leaves it unused.

    0 in draws in which goods go over it; `used` is their share. Draws in which no journey can go
    over it are left out, `draws` counts the others.
    """
    rows = []
    for scenario, each in samples.items():
        for figure in each.figures:
            values = each.of(figure)
            known = np.isfinite(values)
            there = values[known]
            if figure.measure != "switch" or not (there > 0).any():
                continue
            carried = each.of(figure._replace(measure="corridor"))[known]
            rows.append(
                {
                    "scenario": scenario,
                    "corridor": figure.name,
                    "good": figure.good,
                    "period": figure.period,
                    "unit": _unit(study, figure),
                    "stated": _stated(each, figure),
                    **interval(there),
                    "used": float(np.mean(carried > 0)),
                    "draws": len(there),
                }
            )
    return pl.DataFrame(rows, schema=SWITCH)


def interval(values: Floats) -> dict[str, float | None]:
    """Median and the ends of the interval that holds 95 % of some values; None without any."""
    there = values[np.isfinite(values)]
    if not len(there):
        return {"median": None, "low": None, "high": None}
    low, median, high = np.quantile(there, [LOW, 0.5, HIGH])
    return {"median": float(median), "low": float(low), "high": float(high)}


def _change(before: Floats, after: Floats, scenario: str) -> Floats:
    """By how much a figure changes in each draw; what clearings are not told to is no change."""
    if not scenario:
        return np.full(len(after), np.nan)
    change = after - before
    size = np.maximum(np.abs(before), np.abs(after))
    return np.where(np.abs(change) <= 10 * ACCURACY * size, 0.0, change)


def _changed(key: str) -> str:
    return "change" if key == "median" else f"change_{key}"


def _stated(each: Sample, figure: Figure) -> float | None:
    if figure not in each.figures:
        return 0.0 if figure.measure in NOTHING_THERE else None
    value = float(each.stated[each.figures.index(figure)])
    return value if np.isfinite(value) else None


def _unit(study: Study, figure: Figure) -> str:
    money = study.settings.currency
    if figure.measure == "welfare":
        return money
    goods = study.table("goods")
    unit = str(goods.filter(goods["good"] == figure.good)["unit"][0])
    return unit if figure.measure in ("corridor", "routed") else f"{money} per {unit}"
