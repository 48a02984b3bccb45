"""One draw: every version of the study drawn with the same chance, cleared, and read off.

A draw is a pure function of the question and its number, so it does not matter which process makes
it, nor when.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from entrepot.clearing.again import Beginning, clear_again
from entrepot.clearing.solvers.clarabel_qp import Clarabel
from entrepot.clearing.solvers.highs import Highs
from entrepot.errors import ClearingError, MarketError
from entrepot.forecasting.figures import Figure, figures
from entrepot.study import Study
from entrepot.study.ranges import Ranges, drawn

Found = dict[Figure, float]


@dataclass(frozen=True)
class Version:
    """The study as it stands, or after some of its scenarios.

    Attributes
    ----------
    study : none of its figures drawn
    ranges : of the study
    beginning : where its clearing ended
    """

    study: Study
    ranges: Ranges
    beginning: Beginning | None


@dataclass(frozen=True)
class Question:
    """What every draw needs to know.

    Attributes
    ----------
    versions : by name; "" is the study as it stands
    goods : whose switch prices are worked out
    seed : of all chance
    common : of the variance of a figure, what it shares with the rows that cite its source
    """

    versions: dict[str, Version]
    goods: tuple[str, ...]
    seed: int
    common: float


@dataclass(frozen=True)
class Draw:
    """What one draw says.

    Attributes
    ----------
    number : which
    found : figures of each version that cleared
    failed : of each version that did not, why
    """

    number: int
    found: dict[str, Found] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The draw as plain values; `draw_from` reads them."""
        return {
            "draw": self.number,
            "failed": self.failed,
            "found": {
                name: [[*figure, value] for figure, value in sorted(found.items())]
                for name, found in self.found.items()
            },
        }


def draw_from(values: dict[str, Any]) -> Draw:
    """A draw from what `Draw.as_json` gave."""
    found = {
        name: {Figure(*row[:-1]): row[-1] for row in rows} for name, rows in values["found"].items()
    }
    return Draw(values["draw"], found, values["failed"])


def make_draw(question: Question, number: int) -> Draw:
    """Draw, clear and read off every version."""
    linear, quadratic = Highs(), Clarabel()
    made = Draw(number)
    for name, version in question.versions.items():
        study = drawn(version.study, version.ranges, question.seed, number, question.common)
        try:
            state, _ = clear_again(study, version.beginning, linear, quadratic)
        except (MarketError, ClearingError) as error:
            made.failed[name] = str(error)
        else:
            made.found[name] = figures(state, question.goods)
    return made
