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
from entrepot.routing.calibration.model import Models, NoAnswerError

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

# Of the largest singular value: below it nothing observed changes. Of a direction: a parameter
# with a smaller part does not take part in it.
NOTHING, PART = 1e-7, 1e-3
NEAR = 1e-6
EDGE = 1e-2
MOST_ROUNDS = 200
# Of the variables: a search that moves them by less is at its end.
STILL = 1e-10
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
    said : what the model says of every observation, shape (K,)
    settled : whether the search came to its end, and did not stop for want of rounds
    """

    values: Floats
    covariance: Floats
    identified: Flags
    at_bound: Flags
    together: list[list[int]]
    off: Floats
    said: Floats
    settled: bool

    @property
    def standard_error(self) -> Floats:
        """Shape (P,), nan where there is none."""
        return np.sqrt(np.diag(self.covariance))


def fit(model: Models, start: Floats) -> Fit:
    """The parameters with the least sum of squares over the observations to calibrate to.

    Raises
    ------
    QuestionError : the logit has no answer at the values to start from
    """
    search = _Search(model, start)
    low, high = search.bounds()
    begin = np.clip(search.outside(start), low, high)
    if (search.off(begin) == HOPELESS).all():
        raise QuestionError(
            "the logit has no answer at the values to start from: with so much chance goods would "
            "go round in circles for ever; give a smaller scale (--scale, [routing] in study.toml, "
            "or its start under [routing.fit] where it is fitted)"
        )
    found = least_squares(
        search.off,
        begin,
        jac=search.slopes,
        bounds=(low, high),
        xtol=STILL,
        gtol=STILL,
        ftol=STILL * 1e-3,
        max_nfev=MOST_ROUNDS,
    )
    values = search.inside(found.x)
    margin = NEAR * np.maximum(1.0, np.abs(found.x))
    at_bound = (found.x - low <= margin) | (high - found.x <= margin)
    at_bound |= _at_edge(model, values)
    off, moved = search.off(found.x), search.slopes(found.x)
    covariance, identified, together = _certainty(moved, at_bound)
    unit = search.unit(found.x)
    return Fit(
        values=values,
        covariance=covariance * np.outer(unit, unit),
        identified=identified,
        at_bound=at_bound,
        together=together,
        off=off,
        said=search.said(found.x),
        settled=found.status > 0,
    )


class _Search:
    """The sum of squares over variables that suit a search.

    A scale is above nothing and acts by ratios: its logarithm is what is searched for. The other
    parameters are counted in steps that change a route's cost about as much as a step of the scale.
    """

    def __init__(self, model: Models, start: Floats) -> None:
        self.model = model
        self.rows = [k for k, each in enumerate(model.observations) if each.use == "calibrate"]
        self.observed = np.array([model.observations[k].quantity for k in self.rows])
        self.error = np.array([model.observations[k].error for k in self.rows])
        self.logs = np.array([each.kind == "scale" for each in model.parameters])
        self.size = _sizes(model, start)
        self._last: dict[bytes, tuple[Floats, Floats]] = {}

    def inside(self, z: Floats) -> Floats:
        """Values of the parameters, shape (P,)."""
        return np.where(self.logs, np.exp(np.clip(z, -700, 700)), z * self.size)

    def outside(self, values: Floats) -> Floats:
        """Variables of the search, shape (P,)."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(self.logs, np.log(np.maximum(values, 0.0)), values / self.size)

    def unit(self, z: Floats) -> Floats:
        """Derivative of the values by the variables, shape (P,)."""
        return np.where(self.logs, self.inside(z), self.size)

    def bounds(self) -> tuple[Floats, Floats]:
        """Bounds of the variables."""
        low = np.array([each.low for each in self.model.parameters])
        high = np.array([each.high for each in self.model.parameters])
        return self.outside(low), self.outside(high)

    def off(self, z: Floats) -> Floats:
        """Standard errors by which each figure is missed, shape (F,)."""
        try:
            said = self._predict(z)[0]
        except NoAnswerError:
            return np.full(len(self.rows), HOPELESS)
        return np.asarray((said[self.rows] - self.observed) / self.error)

    def said(self, z: Floats) -> Floats:
        """What the model says of all observations, those to validate with among them."""
        return self._predict(z)[0]

    def slopes(self, z: Floats) -> Floats:
        """Derivatives of `off`, shape (F, P)."""
        moved = self._predict(z)[1][self.rows] / self.error[:, None]
        return np.asarray(moved * self.unit(z))

    def _predict(self, z: Floats) -> tuple[Floats, Floats]:
        """Figures and derivatives: the search asks for both at the same point."""
        key = z.tobytes()
        if key not in self._last:
            found = self.model.predict(self.inside(z))
            self._last.clear()
            self._last[key] = found
        return self._last[key]


def _at_edge(model: Models, values: Floats) -> Flags:
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


def _sizes(model: Models, start: Floats) -> Floats:
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
