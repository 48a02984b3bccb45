"""What `[routing]` of `study.toml` may say, and what a caller may say over it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from entrepot.errors import Problem, StudyError
from entrepot.study import Study
from entrepot.tables.nearest import did_you_mean

FILE = "study.toml"
ROUTES = 5


@dataclass(frozen=True)
class RoutingSettings:
    """How routes are chosen and told.

    Attributes
    ----------
    scale : money per unit by which a route must be dearer for its share to fall by the factor e,
        for every good without its own; None where not given
    scales : the same for single goods
    routes : how many routes of each consignment are listed, and enumerated for ``path-size``
    """

    scale: float | None = None
    scales: Mapping[str, float] = field(default_factory=dict)
    routes: int = ROUTES

    def scale_of(self, good: str) -> float | None:
        """The scale of one good, None where none is given."""
        return self.scales.get(good, self.scale)


def read_settings(
    study: Study, scale: float | None = None, routes: int | None = None
) -> RoutingSettings:
    """The settings of a study; `scale` and `routes` take the place of what it says.

    Raises
    ------
    StudyError : a setting that is not known or not in range; all of them
    """
    said = dict(study.settings.routing)
    if scale is not None:
        said["scale"] = scale
        said.pop("scales", None)
    if routes is not None:
        said["routes"] = routes
    problems = []
    # What `fit` says is read where it is used, by the calibration.
    known = ("scale", "scales", "routes", "fit")
    goods = study.table("goods")["good"].to_list()
    for key, value in said.items():
        if key not in known:
            cure = did_you_mean(key, known, f"take it out; known are {', '.join(known)}")
            problems.append(_problem(key, value, "is not a setting", cure))
        elif key == "scale" and not _positive(value):
            problems.append(_problem(key, value, "is no scale", "write money above zero"))
        elif key == "routes" and not (type(value) is int and value >= 0):
            cure = "write a whole number of at least 0"
            problems.append(_problem(key, value, "is no number of routes", cure))
        elif key == "scales":
            problems += _wrong_scales(value, goods)
    if problems:
        raise StudyError(study.name, problems)
    return RoutingSettings(
        scale=None if said.get("scale") is None else float(said["scale"]),
        scales={good: float(value) for good, value in said.get("scales", {}).items()},
        routes=said.get("routes", ROUTES),
    )


def _wrong_scales(value: Any, goods: list[str]) -> list[Problem]:
    if not isinstance(value, Mapping):
        cure = "write [routing.scales] and under it a scale for each good"
        return [_problem("scales", value, "is not a table", cure)]
    problems = []
    for good, scale in value.items():
        if good not in goods:
            cure = did_you_mean(good, goods, "name a good of goods.csv")
            problems.append(_problem(f"scales.{good}", scale, "is not the scale of a good", cure))
        elif not _positive(scale):
            cure = "write money above zero"
            problems.append(_problem(f"scales.{good}", scale, "is no scale", cure))
    return problems


def _positive(value: Any) -> bool:
    plain = isinstance(value, int | float) and not isinstance(value, bool)
    return plain and 0 < value < float("inf")


def _problem(key: str, value: Any, message: str, cure: str) -> Problem:
    return Problem(FILE, None, f"routing.{key}", str(value), message, cure)
