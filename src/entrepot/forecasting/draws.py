"""One draw: every version of the study drawn with the same chance, cleared, routed, and read off.

A draw is a pure function of the question and its number, so it does not matter which process makes
it, nor when.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from entrepot.clearing.again import Beginning, clear_again
from entrepot.clearing.solvers.clarabel_qp import Clarabel
from entrepot.clearing.solvers.highs import Highs
from entrepot.errors import ClearingError, MarketError, QuestionError, StudyError
from entrepot.forecasting.figures import Figure, figures, kept
from entrepot.routing.calibration.forecast import Choice, routed
from entrepot.routing.shortest import CircleError
from entrepot.study import Study
from entrepot.study.ranges import Input, Ranges, drawn, scores

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
    market : whether there is a market to be cleared
    choice : what is drawn of route choice; None where no routes of consignments are asked about
    goods : whose switch prices are worked out
    seed : of all chance
    common : of the variance of a figure, what it shares with the rows that cite its source
    """

    versions: dict[str, Version]
    market: bool
    choice: Choice | None
    goods: tuple[str, ...]
    seed: int
    common: float

    def inputs(self, version: str) -> tuple[Input, ...]:
        """All that is drawn of a version, each independent of the others."""
        more = self.choice.inputs if self.choice is not None else ()
        return (*self.versions[version].ranges.inputs, *more)


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
    """Draw, clear, route and read off every version."""
    studies = {
        name: drawn(each.study, each.ranges, question.seed, number, question.common)
        for name, each in question.versions.items()
    }
    chance = {}
    if question.choice is not None:
        inputs = question.choice.inputs
        chance = dict(zip(inputs, scores(inputs, question.seed, number).tolist(), strict=True))
    return answer(question, number, studies, chance)


def answer(
    question: Question, number: int, studies: Mapping[str, Study], chance: Mapping[Input, float]
) -> Draw:
    """Clear, route and read off every version, drawn as given.

    Parameters
    ----------
    chance : of the inputs of route choice; 0 where it is not given
    """
    linear, quadratic = Highs(), Clarabel()
    made = Draw(number)
    for name, study in studies.items() if question.market else ():
        try:
            state, _ = clear_again(study, question.versions[name].beginning, linear, quadratic)
        except (MarketError, ClearingError) as error:
            made.failed[name] = str(error)
        else:
            made.found[name] = figures(state, question.goods)
    if question.choice is not None and not made.failed:
        _route(question.choice, made, studies, chance)
    return made


def _route(
    choice: Choice, made: Draw, studies: Mapping[str, Study], chance: Mapping[Input, float]
) -> None:
    """Add what corridors carry by route choice."""
    dearer = {name: _dearer(made.found[""], made.found[name]) for name in made.found if name}
    try:
        carried = routed(choice, studies, dearer, chance)
    except (QuestionError, StudyError, CircleError) as error:
        circle = isinstance(error, CircleError)
        made.failed[""] = "legs in a circle cost less than nothing" if circle else str(error)
        made.found.clear()
        return
    for name, quantities in carried.items():
        known = made.found.setdefault(name, {})
        for (corridor, good, period), quantity in quantities.items():
            known[Figure("routed", corridor, good, period)] = kept(quantity)


def _dearer(before: Found, after: Found) -> pl.DataFrame:
    """(period, leg, good, cost): how far the rents of legs rise, or fall."""
    rents = {figure for figure in (*before, *after) if figure.measure == "rent"}
    rows = [
        (each.period, each.name, each.good, after.get(each, 0.0) - before.get(each, 0.0))
        for each in sorted(rents)
    ]
    text, number = pl.String, pl.Float64
    schema = {"period": text, "leg": text, "good": text, "cost": number}
    return pl.DataFrame(rows, schema=schema, orient="row")
