"""What can be calibrated: how each parameter adds to what a route counts.

A route counts its freight, its time at the good's value of time, and what the parameters add:

- ``value-of-time.GOOD``: money per unit and day, in place of the good's own value
- ``mode.MODE``: money per unit and kilometre on legs of the mode
- ``transfer``: money per unit at every leg of mode transfer
- ``gateway.CORRIDOR``: money per unit at every leg of a corridor

``scale.GOOD`` is the money per unit by which a route must be dearer for its share to fall by the
factor e. ``value-of-time`` and ``scale`` without a good are one figure for all goods.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from entrepot.errors import Problem, StudyError
from entrepot.network.market import Market
from entrepot.network.network import WAY_BACK
from entrepot.routing.graph import TURN, Graph
from entrepot.study import Study
from entrepot.tables.nearest import did_you_mean

Floats = npt.NDArray[np.float64]

FILE, KEY = "study.toml", "routing.fit"
KINDS = ("scale", "value-of-time", "mode", "transfer", "gateway")
MODES = ("rail", "road", "sea", "river", "ferry", "pipeline")
UNITS = {
    "scale": "money per unit",
    "value-of-time": "money per unit and day",
    "mode": "money per unit and km",
    "transfer": "money per unit",
    "gateway": "money per unit",
}


@dataclass(frozen=True)
class Parameter:
    """One figure to be found.

    Attributes
    ----------
    name : ``kind`` or ``kind.of``
    start : value from which the search begins, None for the study's own
    low, high : bounds
    """

    name: str
    start: float | None = None
    low: float = -np.inf
    high: float = np.inf

    @property
    def kind(self) -> str:
        """What sort of figure it is: one of `KINDS`."""
        return self.name.partition(".")[0]

    @property
    def of(self) -> str:
        """What it is about: a good, a mode, a corridor; "" for all."""
        return self.name.partition(".")[2]

    @property
    def unit(self) -> str:
        """Unit of its value."""
        return UNITS[self.kind]


def read_parameters(
    study: Study, wanted: Mapping[str, Any], file: str = FILE, key: str = KEY
) -> list[Parameter]:
    """Parameters by name, each with ``start``, ``low`` and ``high`` where given.

    Parameters
    ----------
    file, key : where they stand, for what is wrong with them

    Raises
    ------
    StudyError : names that mean nothing in this study, bounds that are none; all of them
    """
    problems: list[Problem] = []
    found = []
    for name, said in wanted.items():
        wrong = _wrong_name(study, name) or _wrong_range(name, said)
        if wrong is not None:
            problems.append(replace(wrong, file=file, column=f"{key}.{wrong.column}"))
            continue
        parameter = Parameter(name, **{key: float(value) for key, value in said.items()})
        least = 0.0 if parameter.kind in ("scale", "value-of-time") else -np.inf
        found.append(Parameter(name, parameter.start, max(parameter.low, least), parameter.high))
    if problems:
        raise StudyError(study.name, problems)
    return found


def _wrong_name(study: Study, name: str) -> Problem | None:
    kind, _, of = name.partition(".")
    goods = study.table("goods")["good"].to_list()
    corridors = study.table("corridors")["corridor"].unique().sort().to_list()
    known = {
        "scale": ["", *goods],
        "value-of-time": ["", *goods],
        "mode": list(MODES),
        "transfer": [""],
        "gateway": corridors,
    }
    if kind not in known:
        cure = did_you_mean(kind, KINDS, f"known are {', '.join(KINDS)}")
        return _problem(name, name, "is not a kind of parameter", cure)
    if of not in known[kind]:
        names = [each for each in known[kind] if each]
        cure = did_you_mean(of, names, f"write {kind}.NAME with one of {', '.join(names)}")
        return _problem(name, of, f"is nothing that a {kind} parameter can be about", cure)
    return None


def _wrong_range(name: str, said: Any) -> Problem | None:
    if not isinstance(said, Mapping):
        return _problem(name, said, "is not a table", "write { start = …, low = …, high = … }")
    for key, value in said.items():
        if key not in ("start", "low", "high"):
            cure = did_you_mean(str(key), ("start", "low", "high"), "known are start, low, high")
            return _problem(f"{name}.{key}", value, "is not a setting", cure)
        if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
            return _problem(f"{name}.{key}", value, "is not a number", "write a number")
    low, high = said.get("low", -np.inf), said.get("high", np.inf)
    if not low <= said.get("start", low if np.isfinite(low) else high) <= high or low > high:
        return _problem(name, said, "does not hold low <= start <= high", "put them in order")
    return None


def _problem(key: str, value: Any, message: str, cure: str) -> Problem:
    return Problem(FILE, None, key, str(value), message, cure)


def starting_value(parameter: Parameter, market: Market, scale: float) -> float:
    """Where the search begins: what is said, else what the study has, within the bounds.

    Parameters
    ----------
    scale : money per unit, where a scale has no start of its own
    """
    if parameter.start is not None:
        return parameter.start
    begin = 0.0
    if parameter.kind == "scale":
        begin = scale
    elif parameter.kind == "value-of-time":
        own = market.value_of_time
        begin = float(own[market.good_index[parameter.of]] if parameter.of else own.mean())
    return float(np.clip(begin, parameter.low, parameter.high))


def added(parameter: Parameter, graph: Graph, klass: int) -> Floats:
    """What one unit of a parameter adds to the cost of each arc for a class, shape (A,)."""
    good = graph.market.goods[graph.good[klass]]
    if parameter.kind == "value-of-time":
        return np.asarray(graph.days[klass] * (parameter.of in ("", good)))
    on_leg = graph.leg != TURN
    return np.where(on_leg, on_each_leg(parameter, graph.market)[np.where(on_leg, graph.leg, 0)], 0)


def on_each_leg(parameter: Parameter, market: Market) -> Floats:
    """What one unit of a parameter adds to the freight of each leg, shape (L,)."""
    network, legs = market.network, market.study.table("legs")
    if parameter.kind == "gateway":
        members = _members(market, parameter.of)
        return np.array([name in members for name in network.legs], dtype=float)
    mode = np.array(legs["mode"].to_list(), dtype=object)[network.leg_row]
    if parameter.kind == "mode":
        return np.asarray(_lengths(market) * (mode == parameter.of))
    if parameter.kind == "transfer":
        return np.asarray(mode == "transfer", dtype=float)
    return np.zeros(len(network.legs))


def _lengths(market: Market) -> Floats:
    known = market.study.table("legs")["length_km"].fill_null(0.0).to_numpy().astype(float)
    return np.asarray(known[market.network.leg_row])


def _members(market: Market, corridor: str) -> set[str]:
    """Legs of a corridor, both ways."""
    table = market.study.table("corridors")
    legs = table.filter(table["corridor"] == corridor)["leg"].to_list()
    return {*legs, *(leg + WAY_BACK for leg in legs)}
