"""RESET: whether the form of an equation is right, by the square of what it fits.

Ramsey, J. (1969), "Tests for specification errors in classical linear least-squares regression
analysis", Journal of the Royal Statistical Society B 31(2). As Santos Silva, J. and Tenreyro, S.
(2006), "The log of gravity", do it for their tables 3 and 5: the square of the linear predictor is
added to the covariates, and should have no effect; its error is computed as those of the estimate
are, so the test is robust, or clustered.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import polars as pl

from entrepot.errors import StatisticsError
from entrepot.statistics.certificate import Measure
from entrepot.statistics.gravity.estimate import Estimate

SQUARE = "square_of_predictor"


def reset(
    found: Estimate,
    frame: pl.DataFrame,
    estimate: Callable[[pl.DataFrame, Sequence[str]], Estimate],
) -> Measure:
    """The test of an estimate.

    Parameters
    ----------
    found : the estimate
    frame : that it was made from
    estimate : makes it from rows and covariates, all else the same

    Returns
    -------
    Table (test, statistic, p): effect of the square over its standard error, and how likely one so
    large is where the form is right

    Raises
    ------
    StatisticsError : the square follows from effects and covariates, so that it tells nothing
    CertificateError : the conditions of the second estimate do not hold
    """
    rows = found.fitted["row"].to_numpy()
    fitted = found.fitted["fitted"].to_numpy()
    predictor = np.log(fitted) if found.method == "ppml" else fitted
    # Shifted and scaled: effects hold a constant and covariates the predictor, so nothing changes.
    spread = float(predictor.std()) or 1.0
    square = ((predictor - predictor.mean()) / spread) ** 2
    more = frame[rows].with_columns(pl.Series(SQUARE, square))
    try:
        again = estimate(more, [*found.slopes, SQUARE])
    except StatisticsError as error:
        if SQUARE not in str(error):
            raise
        raise StatisticsError(
            "RESET tells nothing here: the square of what is fitted follows from the fixed effects "
            "and the other covariates"
        ) from None
    row = again.table.filter(covariate=SQUARE).row(0, named=True)
    table = pl.DataFrame(
        {
            "test": ["RESET"],
            "statistic": [row["estimate"] / row["standard_error"]],
            "p": [row["p"]],
        }
    )
    note = "small p: the form is wrong (Ramsey 1969; the square of the predictor, errors as above)"
    return Measure("reset", table, again.identity, again.residual, (note,))
