"""Calibration of a study, or of what a clearing trades, and forecasts: the public way in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from entrepot.clearing.answers import Clearing
from entrepot.clearing.clear import clear
from entrepot.results.route import is_market, traded
from entrepot.routing.calibration.calibrate import calibrate_consignments
from entrepot.routing.calibration.calibration import Calibration
from entrepot.routing.calibration.forecast import forecast
from entrepot.study import Study


def calibrate(
    source: Study | Clearing,
    fit: Mapping[str, Any] | None = None,
    *,
    scale: float | None = None,
    progress: Callable[[str], None] | None = None,
) -> Calibration:
    """Fit how routes are chosen to the rows of ``observed`` marked ``calibrate``.

    The model is a logit over all routes. How much goes from where to where is given: the study's
    `consignments`, or what the clearing trades; the figures decide only by which routes.

    Parameters
    ----------
    source : a study with `consignments`; one that has none, but offers and bids, is cleared first
    fit : parameters by name, each with ``start``, ``low``, ``high`` where given, in place of
        `[routing.fit]`: ``scale``, ``scale.GOOD``, ``value-of-time``, ``value-of-time.GOOD``,
        ``mode.MODE``, ``transfer``, ``gateway.CORRIDOR``
    scale : money per unit, where no parameter is a scale; else what `[routing]` says, or a
        twentieth of the mean cost of the cheapest routes
    progress : called with a line of text at each stage

    Returns
    -------
    The parameters with standard errors and correlations, and every observed figure beside the
    model's.

    Raises
    ------
    StudyError : parameters that mean nothing here; all of them
    QuestionError : nothing to calibrate to, more parameters than facts, or no answer at the start
    EntrepotError : whatever `clear` raises, where the study is cleared first
    """
    study = source.study if isinstance(source, Clearing) else source
    if isinstance(source, Study) and is_market(source):
        source = clear(source, progress=progress)
    consignments = traded(source) if isinstance(source, Clearing) else study.table("consignments")
    return calibrate_consignments(study, consignments, fit, scale=scale, progress=progress)


def forecasts(
    found: Calibration,
    futures: Mapping[str, Study],
    *,
    progress: Callable[[str], None] | None = None,
) -> dict[str, pl.DataFrame]:
    """What corridors carry as it stands (under the name "") and in other versions of the study.

    The logit knows no capacities. Where the study has offers and bids, its scarcity is taken from
    its clearing: legs whose rent rises from the study to its other version are dearer by the
    difference, since the parameters were found with the rents as they stand. The consignments stay
    the same.

    Parameters
    ----------
    futures : versions of the calibrated study (scenarios) by name

    Returns
    -------
    For each, (corridor, good, quantity, low, high): units per period, 95 % intervals.

    Raises
    ------
    QuestionError : the logit has no answer in one of them
    EntrepotError : whatever `clear` raises
    """
    say = progress if progress is not None else _silent
    told = {"": forecast(found)}
    market = all(found.study.table(name).height for name in ("offers", "bids"))
    base = clear(found.study, progress=say) if market and futures else None
    for name, study in futures.items():
        say(f"forecasting {name}")
        dearer = None if base is None else _dearer(found, base, clear(study))
        told[name] = forecast(found, study, dearer)
    return told


def _silent(_: str) -> None:
    """Nobody wants to know."""


def _dearer(found: Calibration, base: Clearing, other: Clearing) -> pl.DataFrame:
    """(leg, good, cost): how far the rents of the calibrated goods rise, or fall."""
    keys = ["leg", "good"]
    mine = (pl.col("period") == found.period) & pl.col("good").is_in(found.goods)
    before, after = (each.rents.filter(mine).select(*keys, "rent") for each in (base, other))
    joined = after.join(before, on=keys, how="full", coalesce=True, suffix="_before")
    change = pl.col("rent").fill_null(0.0) - pl.col("rent_before").fill_null(0.0)
    return joined.select(*keys, cost=change)
