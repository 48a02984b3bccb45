"""What a report is about, and what every section of it needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from entrepot.clearing.answers import Clearing
from entrepot.drawing.basemap import Basemap, read_basemap
from entrepot.drawing.palette import colours
from entrepot.report.cited import Cited
from entrepot.report.courses import Courses
from entrepot.results.compare import Comparison, compare
from entrepot.results.journeys import consignments
from entrepot.results.on_a_map import OnAMap, on_a_map, on_the_spots_of
from entrepot.results.trade import trade
from entrepot.telling.catalogue import Catalogue
from entrepot.telling.names import Names, scenarios

HASH = 12
"""Letters of the input hash that stand on charts; all of it stands in the last section."""


@dataclass(frozen=True)
class Subject:
    """A study as it stands, the same under scenarios, and how to tell of it.

    Attributes
    ----------
    base : the answer that tables and maps show
    others : answers that are compared with it
    say : the sentences
    basemap : what maps are drawn on, None where it is not installed
    """

    base: Clearing
    others: Sequence[Clearing]
    say: Catalogue
    basemap: Basemap | None

    @property
    def currency(self) -> str:
        """Of all money."""
        return self.base.study.settings.currency

    @cached_property
    def names(self) -> Names:
        """Names of places, goods and legs."""
        return Names(self.base.study, *(other.study for other in self.others))

    @cached_property
    def cited(self) -> Cited:
        """Where the rows of the study come from."""
        return Cited(self.base.study, self.say)

    @cached_property
    def comparisons(self) -> list[Comparison]:
        """Each of the others against the base."""
        return [compare(self.base, other) for other in self.others]

    @cached_property
    def journeys(self) -> pl.DataFrame:
        """Who ships what to whom by which route."""
        return consignments(self.base)

    @cached_property
    def trade(self) -> pl.DataFrame:
        """What crosses borders."""
        return trade(self.base)

    @cached_property
    def spots(self) -> OnAMap:
        """The base by spot."""
        return on_a_map(self.base)

    @cached_property
    def other_spots(self) -> list[OnAMap]:
        """The others by spot, numbered as in the base."""
        return [on_the_spots_of(self.spots, on_a_map(other)) for other in self.others]

    @cached_property
    def courses(self) -> Courses:
        """Courses over water for all of them."""
        # They go round the coasts that the package knows: a basemap of the reader's own may show
        # a part of the world, or none of it.
        own = self.basemap is not None and self.basemap.file
        return Courses([self.spots, *self.other_spots], read_basemap() if own else self.basemap)

    @cached_property
    def goods(self) -> list[str]:
        """Goods that move or trade in any of the answers, in the order of the table."""
        answers = (self.base, *self.others)
        found = {
            good
            for answer in answers
            for frame in (answer.flows, answer.purchases, answer.sales)
            for good in frame["good"].unique()
        }
        return [good for good in self.base.study.table("goods")["good"] if good in found]

    @cached_property
    def colours(self) -> dict[str, str]:
        """A colour for each of these goods."""
        return colours(self.goods)

    @property
    def periods(self) -> list[str]:
        """Names of the periods."""
        return list(self.base.state.stack.market.periods)

    @property
    def several(self) -> bool:
        """Whether there is more than one period, so that tables must tell it."""
        return len(self.periods) > 1

    def period(self, name: str) -> str | None:
        """A period where there are several; None leaves its column out."""
        return name if self.several else None

    def title(self, answer: Clearing) -> str:
        """The scenarios of an answer by their titles, or that there are none."""
        return scenarios(answer.study) or self.say("as_it_stands")

    def stamp(self, units: str, *answers: Clearing) -> list[str]:
        """What stands on every chart: scenario and input of each answer, units, price basis."""
        told = [
            self.say(
                "stamp.scenario", scenario=self.title(each), hash=each.study.input_hash()[:HASH]
            )
            for each in answers or (self.base,)
        ]
        periods = ", ".join(self.periods if len(self.periods) <= 3 else self.several_told())
        return [
            *told,
            self.say("stamp.units", units=units, currency=self.currency, periods=periods),
        ]

    def several_told(self) -> list[str]:
        """The first and the last of many periods."""
        return [f"{self.periods[0]} – {self.periods[-1]}"]
