"""Calibration of a study, or of what a clearing trades: the public way in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from entrepot.clearing.answers import Clearing
from entrepot.clearing.clear import clear
from entrepot.results.route import is_market, traded
from entrepot.routing.calibration.calibrate import calibrate_consignments
from entrepot.routing.calibration.calibration import Calibration
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
