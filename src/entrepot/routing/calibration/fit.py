"""Generalised least squares: the parameters that fit observed figures best, and how surely.

The standard errors are those of the linearised model (Seber and Wild 1989, Nonlinear Regression,
section 2.1.2): the inverse of ``J'J``, J being the derivatives in standard errors of the figures.
Directions in which nothing observed changes are found by the singular values of J: a parameter
with a part in one cannot be told from these figures, and gets no standard error.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import least_squares

from entrepot.errors import QuestionError
from entrepot.routing.calibration.model import Model, NoAnswerError

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

# Of the largest singular value: below it nothing observed changes. Of a direction: a parameter
# with a smaller part does not take part in it.
NOTHING, PART = 1e-7, 1e-3
NEAR = 1e-6
EDGE = 1e-2
MOST_ROUNDS = 200
HOPELESS = 1e6
"""Standard errors by which every figure is off where the logit has no answer."""


@dataclass(frozen=True)
class Fit:
    """P parameters found.

    Attributes
    ----------
    values : shape (P,)
    covariance : shape (P, P), nan where a parameter is not identified or at a bound
    identified, at_bound : shape (P,)
    together : groups of parameters that only together say something, by number
    off : standard errors by which each figure that was fitted to is missed, shape (F,)
    gradient : greatest derivative of half the sum of squares, in standard units
    rounds : evaluations of the model
    """

    values: Floats
    covariance: Floats
    identified: Flags
    at_bound: Flags
    together: list[list[int]]
    off: Floats
    gradient: float
    rounds: int

    @property
    def standard_error(self) -> Floats:
        """Shape (P,), nan where there is none."""
        return np.sqrt(np.diag(self.covariance))


def fit(model: Model, start: Floats) -> Fit:
    """The parameters with the least sum of squares over the observations to calibrate to.

    Raises
    ------
    QuestionError : the logit has no answer at the values to start from
    """
    rows = [k for k, each in enumerate(model.observations) if each.use == "calibrate"]
    observed = np.array([model.observations[k].quantity for k in rows])
    error = np.array([model.observations[k].error for k in rows])
    # A scale is above nothing and acts by ratios: its logarithm is what is searched for.
    logs = np.array([each.kind == "scale" for each in model.parameters])
    size = _sizes(model, start)

    def inside(z: Floats) -> Floats:
        return np.where(logs, np.exp(np.clip(z, -700, 700)), z * size)

    def off(z: Floats) -> Floats:
        try:
            said = model.quantities(inside(z))
        except NoAnswerError:
            return np.full(len(rows), HOPELESS)
        return np.asarray((said[rows] - observed) / error)

    def slopes(z: Floats) -> Floats:
        values = inside(z)
        moved = model.predict(values)[1][rows] / error[:, None]
        return np.asarray(moved * np.where(logs, values, size))

    low, high = _bounds(model, logs, size)
    with np.errstate(divide="ignore"):
        begin = np.clip(np.where(logs, np.log(start), start / size), low, high)
    if (off(begin) == HOPELESS).all():
        raise QuestionError(
            "the logit has no answer at the values to start from: goods would go round in circles; "
            "set a smaller start for the scale under [routing.fit]"
        )
    found = least_squares(
        off, begin, jac=slopes, bounds=(low, high), xtol=1e-15, ftol=1e-15, gtol=1e-12,
        max_nfev=MOST_ROUNDS,
    )  # fmt: skip
    values = inside(found.x)
    moved = model.predict(values)[1][rows] / error[:, None]
    margin = NEAR * np.maximum(1.0, np.abs(found.x))
    at_bound = (found.x - low <= margin) | (high - found.x <= margin)
    at_bound |= _at_edge(model, values)
    unit = np.where(logs, values, size)
    covariance, identified, together = _certainty(moved * unit, at_bound)
    return Fit(
        values=values,
        covariance=covariance * np.outer(unit, unit),
        identified=identified,
        at_bound=at_bound,
        together=together,
        off=np.asarray(found.fun),
        gradient=float(np.abs(np.asarray(found.jac).T @ found.fun)[~at_bound].max(initial=0.0)),
        rounds=int(found.nfev),
    )


def _at_edge(model: Model, values: Floats) -> Flags:
    """Scales that are as large as the network bears: a little more, and there is no answer."""
    edge = np.zeros(len(values), dtype=bool)
    for number, each in enumerate(model.parameters):
        if each.kind == "scale":
            more = values.copy()
            more[number] *= 1 + EDGE
            edge[number] = not model.bears(more)
    return edge


def _joined(groups: list[set[int]]) -> list[list[int]]:
    """Groups that share no member."""
    apart: list[set[int]] = []
    for group in groups:
        touching = [each for each in apart if each & group]
        apart = [each for each in apart if not each & group]
        apart.append(group.union(*touching))
    return sorted(sorted(each) for each in apart)


def _sizes(model: Model, start: Floats) -> Floats:
    """How large a step of each parameter is like a step of the scale in the cost, shape (P,)."""
    sizes = np.ones(len(start))
    typical = float(np.median(model.scale)) if len(model.scale) else 1.0
    for number, each in enumerate(model.parameters):
        if each.kind == "mode":
            sizes[number] = typical / 1000.0
        elif each.kind in ("transfer", "gateway"):
            sizes[number] = typical
        elif each.kind == "value-of-time":
            sizes[number] = max(abs(float(start[number])), typical / 10.0)
    return sizes


def _bounds(model: Model, logs: Flags, size: Floats) -> tuple[Floats, Floats]:
    low = np.array([each.low for each in model.parameters])
    high = np.array([each.high for each in model.parameters])
    with np.errstate(divide="ignore"):
        return (
            np.where(logs, np.log(np.maximum(low, 0.0)), low / size),
            np.where(logs, np.log(np.maximum(high, 0.0)), high / size),
        )


def _certainty(moved: Floats, at_bound: Flags) -> tuple[Floats, Flags, list[list[int]]]:
    """Covariance of the parameters in units of one, which are identified, and which only jointly.

    Parameters
    ----------
    moved : derivatives in standard errors of the figures, shape (F, P)
    """
    count = moved.shape[1]
    free = np.flatnonzero(~at_bound)
    covariance = np.full((count, count), np.nan)
    identified = np.zeros(count, dtype=bool)
    if not len(free):
        return covariance, identified, []
    _, sizes, right = np.linalg.svd(moved[:, free], full_matrices=True)
    padded = np.concatenate([sizes, np.zeros(len(free) - len(sizes))])
    held = padded > NOTHING * max(float(padded.max(initial=0.0)), 1e-300)
    lost = right[~held]
    open_ = (np.abs(lost) > PART).any(axis=0)
    identified[free] = ~open_
    together = _joined([set(free[np.abs(row) > PART].tolist()) for row in lost])
    certain = free[~open_]
    inverse = (right[held].T / padded[held] ** 2) @ right[held]
    covariance[np.ix_(certain, certain)] = inverse[np.ix_(~open_, ~open_)]
    return covariance, identified, together
