"""A calibration: the parameters with their certainty, and the figures that they were found from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from entrepot.routing.calibration.fit import Fit
from entrepot.routing.calibration.parameters import Parameter
from entrepot.study import Study

Floats = npt.NDArray[np.float64]

FITTED, AT_BOUND, NOT_TOLD, ASSUMED = "fitted", "at a bound", "cannot be told", "assumed"


@dataclass(frozen=True)
class Calibration:
    """How routes are chosen, as the observed figures have it.

    Attributes
    ----------
    study : what was calibrated, scenarios applied
    consignments : the demand that was taken as given
    periods : names of those that were fitted to
    goods : names of the goods that the parameters hold for
    scale : money per unit of each good, fitted or assumed
    found : the parameters that were searched for, in the order of `fit`
    fit : their values and how surely they are known
    parameters : (parameter, value, unit, standard_error, low, high, state)
    correlation : (parameter, and a column for each fitted parameter)
    figures : (observation, kind, target, good, use, observed, error, model, off)
    chi_square : sum of squares of `off` over the rows with use ``calibrate``
    facts : how many these are
    seconds : wall time
    notes : what the reader should know
    """

    study: Study
    consignments: pl.DataFrame
    periods: tuple[str, ...]
    goods: list[str]
    scale: dict[str, float]
    found: list[Parameter]
    fit: Fit
    parameters: pl.DataFrame
    correlation: pl.DataFrame
    figures: pl.DataFrame
    chi_square: float
    facts: int
    seconds: float
    notes: tuple[str, ...]


def parameters_table(
    found: list[Parameter], fit: Fit, scale: dict[str, float], fitted_scale: dict[str, bool]
) -> pl.DataFrame:
    """The parameters searched for, then the scales that were only assumed."""
    states = [
        AT_BOUND if fit.at_bound[n] else FITTED if fit.identified[n] else NOT_TOLD
        for n in range(len(found))
    ]
    assumed = [good for good, fitted in fitted_scale.items() if not fitted]
    errors = [float(e) if np.isfinite(e) else None for e in fit.standard_error]
    return pl.DataFrame(
        {
            "parameter": [each.name for each in found] + [f"scale.{good}" for good in assumed],
            "value": [*fit.values.tolist(), *(scale[good] for good in assumed)],
            "unit": [each.unit for each in found] + ["money per unit"] * len(assumed),
            "standard_error": errors + [None] * len(assumed),
            "low": [_finite(each.low) for each in found] + [None] * len(assumed),
            "high": [_finite(each.high) for each in found] + [None] * len(assumed),
            "state": states + [ASSUMED] * len(assumed),
        },
        schema_overrides={"standard_error": pl.Float64, "low": pl.Float64, "high": pl.Float64},
    )


def correlation_table(found: list[Parameter], fit: Fit) -> pl.DataFrame:
    """Correlations of the parameters that have standard errors."""
    certain = [n for n in range(len(found)) if np.isfinite(fit.covariance[n, n])]
    error = fit.standard_error[certain]
    matrix = fit.covariance[np.ix_(certain, certain)] / np.outer(error, error)
    names = [found[n].name for n in certain]
    columns = {name: matrix[:, n].tolist() for n, name in enumerate(names)}
    return pl.DataFrame({"parameter": pl.Series(names, dtype=pl.String), **columns})


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
