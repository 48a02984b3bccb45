"""What the logit says of the observed figures at given parameters, with exact derivatives."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy import sparse

from entrepot.routing.calibration.observations import Observation
from entrepot.routing.calibration.parameters import Parameter, added
from entrepot.routing.calibration.slopes import flow_slopes
from entrepot.routing.chain import converges
from entrepot.routing.graph import Demand, Graph
from entrepot.routing.pairs import Pairs, pairs_of
from entrepot.routing.shortest import CircleError, lengths
from entrepot.routing.ways import Ways, ways_of

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class NoAnswerError(Exception):
    """At these parameters goods would go round in circles."""


@dataclass(frozen=True)
class _Group:
    """M observations for which the same consignments of a class count.

    Attributes
    ----------
    members : numbers of the observations, shape (M,)
    wanted : the consignments
    weight : how often a unit on an arc counts, shape (M, A)
    """

    members: Ints
    wanted: Pairs
    weight: sparse.csr_array


@dataclass(frozen=True)
class Model:
    """A logit over all routes, K observations and P parameters.

    Attributes
    ----------
    graph, demand : what is routed, and over what
    parameters : what may change, length P
    observations : what is compared, length K
    scale : money per unit of each class where no parameter gives it, shape (C,)
    """

    graph: Graph
    demand: Demand
    parameters: list[Parameter]
    observations: list[Observation]
    scale: Floats
    _design: list[Floats] = field(init=False, repr=False)
    _base: list[Floats] = field(init=False, repr=False)
    _ways: Ways = field(init=False, repr=False)
    _groups: list[list[_Group]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Work out what does not change with the parameters."""
        classes = range(len(self.graph.good))
        design = [
            np.array([added(each, self.graph, klass) for each in self.parameters])
            for klass in classes
        ]
        object.__setattr__(self, "_design", design)
        object.__setattr__(self, "_base", [self._before(klass) for klass in classes])
        object.__setattr__(self, "_ways", ways_of(self.graph))
        object.__setattr__(self, "_groups", [self._grouped(klass) for klass in classes])

    def _before(self, klass: int) -> Floats:
        """Cost of each arc before the parameters add to it, inf where closed, shape (A,)."""
        good = self.graph.market.goods[self.graph.good[klass]]
        timed = any(p.kind == "value-of-time" and p.of in ("", good) for p in self.parameters)
        return self.graph.cost(klass, "cost" if timed else "generalised")

    def _grouped(self, klass: int) -> list[_Group]:
        """The observations that a class may count for, by the consignments that do."""
        groups: dict[bytes, list[int]] = {}
        for k, each in enumerate(self.observations):
            if each.weight[klass].any():
                groups.setdefault(each.counts.tobytes(), []).append(k)
        return [
            _Group(
                np.array(members),
                pairs_of(self.demand, klass, self.observations[members[0]].counts),
                sparse.csr_array(np.array([self.observations[k].weight[klass] for k in members])),
            )
            for members in groups.values()
        ]

    def scale_parameter(self, klass: int) -> int | None:
        """Which parameter is the scale of a class: its good's own before the common one."""
        good = self.graph.market.goods[self.graph.good[klass]]
        for of in (good, ""):
            for number, each in enumerate(self.parameters):
                if each.kind == "scale" and each.of == of:
                    return number
        return None

    def cost(self, klass: int, values: Floats) -> Floats:
        """Cost of each arc for a class at parameter values, inf where closed, shape (A,)."""
        return np.asarray(self._base[klass] + values @ self._design[klass])

    def predict(self, values: Floats) -> tuple[Floats, Floats]:
        """Observed figures as the model has them, and their derivatives.

        Parameters
        ----------
        values : of the parameters, shape (P,)

        Returns
        -------
        Units per period, shape (K,); their derivatives, shape (K, P).

        Raises
        ------
        NoAnswerError : the logit has no answer at these values
        """
        return self._summed(values, slopes=True)

    def quantities(self, values: Floats) -> Floats:
        """Observed figures as the model has them, units per period, shape (K,).

        Raises
        ------
        NoAnswerError : the logit has no answer at these values
        """
        return self._summed(values, slopes=False)[0]

    def bears(self, values: Floats) -> bool:
        """Whether the logit has an answer at some values."""
        try:
            for klass in range(len(self.graph.good)):
                self._ready(klass, values)
        except NoAnswerError:
            return False
        return True

    def _summed(self, values: Floats, *, slopes: bool) -> tuple[Floats, Floats]:
        said = np.array([each.fixed for each in self.observations], dtype=float)
        moved = np.zeros((len(said), len(self.parameters) if slopes else 0))
        for klass, groups in enumerate(self._groups):
            if not groups:
                continue
            cost, scale = self._ready(klass, values)
            change = np.empty((0, self.graph.arcs))
            if slopes:
                change = self._change(klass, values, scale)
            for group in groups:
                flow, changes = flow_slopes(self._ways, cost, group.wanted, scale, change)
                said[group.members] += group.weight @ flow
                moved[group.members] += group.weight @ changes.T
        return said, moved

    def _change(self, klass: int, values: Floats, scale: float) -> Floats:
        """Derivatives of ``-cost / scale`` of each arc by the parameters, shape (P, A)."""
        change = -self._design[klass] / scale
        own = self.scale_parameter(klass)
        if own is not None:
            change[own] = self.cost(klass, values) / scale**2
        return np.asarray(change)

    def _ready(self, klass: int, values: Floats) -> tuple[Floats, float]:
        """Costs of at least zero and the scale of a class."""
        graph, own = self.graph, self.scale_parameter(klass)
        scale = float(self.scale[klass] if own is None else values[own])
        try:
            found = lengths(self.cost(klass, values), graph.tail, graph.head, graph.nodes)
        except CircleError as error:
            raise NoAnswerError from error
        if not converges(self._ways, found.cost, scale):
            raise NoAnswerError
        return found.cost, scale


@dataclass(frozen=True)
class Models:
    """What the logit says of several periods, K observations in all; see `Model`.

    Attributes
    ----------
    of_period : a model of each, all with the same parameters
    """

    of_period: tuple[Model, ...]

    @property
    def parameters(self) -> list[Parameter]:
        """What may change, length P."""
        return self.of_period[0].parameters

    @property
    def observations(self) -> list[Observation]:
        """What is compared, period after period, length K."""
        return [each for model in self.of_period for each in model.observations]

    @property
    def scale(self) -> Floats:
        """Money per unit of each class of each period where no parameter gives it."""
        return np.concatenate([model.scale for model in self.of_period])

    def predict(self, values: Floats) -> tuple[Floats, Floats]:
        """As `Model.predict`, shapes (K,) and (K, P)."""
        found = [model.predict(values) for model in self.of_period]
        return np.concatenate([said for said, _ in found]), np.concatenate(
            [moved for _, moved in found]
        )

    def bears(self, values: Floats) -> bool:
        """Whether the logit has an answer at some values in every period."""
        return all(model.bears(values) for model in self.of_period)
