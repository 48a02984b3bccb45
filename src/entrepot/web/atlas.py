"""What the atlas knows of one study and of each of its answers, worked out once when asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPStatus
from typing import Any

import polars as pl

from entrepot.clearing.answers import Clearing
from entrepot.drawing.basemap import Basemap, read_basemap
from entrepot.drawing.palette import colours
from entrepot.report.subject import Subject
from entrepot.results.claims import claims
from entrepot.results.compare import Comparison, compare
from entrepot.results.haulage import corridor_totals, haulage
from entrepot.results.orders import orders
from entrepot.results.plants import plants
from entrepot.results.restrictions import restrictions
from entrepot.results.welfare import welfare_parts
from entrepot.results.write import TABLES as RESULTS
from entrepot.results.write import result_tables
from entrepot.study import Study
from entrepot.telling.catalogue import Catalogue, read_catalogue
from entrepot.web.keep import Keep
from entrepot.web.problems import Refused
from entrepot.web.runs import Run, Runs, Value

MORE: Mapping[str, Callable[[Clearing], pl.DataFrame]] = {
    "claims": claims,
    "corridors": corridor_totals,
    "goods": lambda clearing: haulage(clearing)[1],
    "modes": lambda clearing: haulage(clearing)[0],
    "orders": orders,
    "plants": plants,
    "restrictions": restrictions,
    "welfare": welfare_parts,
}
"""Tables of an answer beside the result tables proper."""


@dataclass(frozen=True)
class Atlas:
    """A study that is looked at.

    Attributes
    ----------
    study : as it stands
    runs : its clearings
    say : the sentences
    shown : scenarios that the page opens with, a list for each answer
    opened : name under which a reader opened the study; blank where the atlas was started with it
    keep : where changes outlive the server; None where they do not
    own_basemap : what maps are drawn on in place of the basemap of the package
    """

    study: Study
    runs: Runs
    say: Catalogue = field(default_factory=read_catalogue)
    shown: tuple[tuple[str, ...], ...] = ()
    opened: str = ""
    keep: Keep | None = None
    own_basemap: Basemap | None = None
    found: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def once(self, key: str, make: Callable[[], Value]) -> Value:
        """What is worked out from the study, worked out once."""
        if key not in self.found:
            self.found[key] = make()
        value: Value = self.found[key]
        return value

    @cached_property
    def colours(self) -> dict[str, str]:
        """A colour for each good, the same on every chart and under every scenario."""
        return colours(self.study.table("goods")["good"].to_list())

    @property
    def kept_as(self) -> str:
        """The name under which changes of this study are kept."""
        return self.opened or self.study.name

    def subject(self, *answers: Clearing) -> Subject:
        """Answers as the report tells of them."""
        return Subject(answers[0], answers[1:], self.say, self.own_basemap or read_basemap())


def answer(run: Run) -> Clearing:
    """The answer of a run.

    Raises
    ------
    Refused : it is not done, or never will be
    """
    if run.clearing is None:
        why = (run.work.problem or {}).get("detail", f"the run is {run.state}")
        raise Refused(HTTPStatus.CONFLICT, f"there is no answer: {why}")
    return run.clearing


def result_table(run: Run, name: str) -> pl.DataFrame:
    """One table of an answer.

    Raises
    ------
    Refused : no such table, or no answer
    """
    clearing = answer(run)
    if name in RESULTS:
        return run.once("results", lambda: result_tables(clearing))[name]
    if name in MORE:
        return run.once(name, lambda: MORE[name](clearing))
    known = ", ".join((*RESULTS, *MORE))
    raise Refused(HTTPStatus.NOT_FOUND, f"an answer has no table {name[:64]!r}; it has {known}")


def comparison(base: Run, other: Run) -> Comparison:
    """Two answers side by side."""
    one, two = answer(base), answer(other)
    return other.once(("against", base.id), lambda: compare(one, two))


def about(*runs: Run) -> dict[str, Any]:
    """What a table or a chart is of: scenarios, input, currency, units."""
    study = runs[-1].study
    goods = study.table("goods").select("good", "unit").iter_rows()
    return {
        "study": study.name,
        "title": study.settings.title,
        "answers": [{"scenarios": list(run.study.applied), "input": run.input} for run in runs],
        "currency": study.settings.currency,
        "units": {good: unit or "t" for good, unit in goods},
    }
