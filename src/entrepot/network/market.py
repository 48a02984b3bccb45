"""What a study says of a market, read once: periods, goods, and which rows apply where."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from entrepot.network.columns import Floats, Ints
from entrepot.network.freight import Freight, read_freight
from entrepot.network.network import Network, build_network
from entrepot.study import Study
from entrepot.tables.cells import first_day

EVERYTHING = "*"
ONLY_PERIOD = "all"


@dataclass(frozen=True)
class Market:
    """A study with its network, its periods and its goods numbered.

    Attributes
    ----------
    periods : names, length T
    dates : first day of each period, None where the study gives no date
    weights : how often each period counts in the welfare, shape (T,)
    goods, hs, units : name, HS code ("" if none) and unit of each good, length G
    value_of_time : money per unit per day, shape (G,)
    """

    study: Study
    network: Network
    periods: list[str]
    dates: list[dt.date | None]
    weights: Floats
    goods: list[str]
    hs: list[str]
    units: list[str]
    value_of_time: Floats
    blocs: dict[str, list[tuple[str, dt.date | None, dt.date | None]]] = field(repr=False)

    @cached_property
    def good_index(self) -> dict[str, int]:
        """Number of each good."""
        return {good: i for i, good in enumerate(self.goods)}

    @cached_property
    def period_index(self) -> dict[str, int]:
        """Number of each period."""
        return {period: i for i, period in enumerate(self.periods)}

    @cached_property
    def freight(self) -> tuple[Freight, ...]:
        """What each leg costs and allows each good."""
        return read_freight(self.study, self.network, self.goods)

    def rows_by_period(self, table: str, key: tuple[str, ...] = ()) -> Iterator[tuple[int, Ints]]:
        """For each period, the rows of a table that hold in it.

        A blank `period` means every period. Where `key` is given, a row that names the period
        takes the place of a row of the same key that does not.
        """
        frame = self.study.table(table)
        if "period" not in frame.columns:
            rows = np.arange(frame.height)
            for t in range(len(self.periods)):
                yield t, rows
            return
        named = frame["period"].to_list()
        keys = list(frame.select(key).iter_rows()) if key else []
        for t, period in enumerate(self.periods):
            held = [i for i, p in enumerate(named) if p is None or p == period]
            if key:
                own = {keys[i] for i in held if named[i] is not None}
                held = [i for i in held if named[i] is not None or keys[i] not in own]
            yield t, np.array(held, dtype=np.int64)

    def in_force(self, since: dt.date | None, until: dt.date | None, period: int) -> bool:
        """Whether a dated row holds in a period: from `since` to `until`, both included.

        A period without a date has every dated row in force: a restriction is never lost for
        want of a date.
        """
        day = self.dates[period]
        if day is None:
            return True
        return (since is None or since <= day) and (until is None or day <= until)

    def is_open(self, opens: dt.date | None, closes: dt.date | None, period: int) -> bool:
        """Whether a leg is open in a period: from `opens` up to the day before `closes`."""
        day = self.dates[period]
        if day is None:
            return True
        return (opens is None or opens <= day) and (closes is None or day < closes)

    def country_rank(self, pattern: str | None, country: str, period: int) -> int | None:
        """How closely a country, a bloc or ``*`` names a country: 2, 1, 0; None if it does not."""
        if pattern is None or pattern == EVERYTHING:
            return 0
        if pattern == country:
            return 2
        for member, since, until in self.blocs.get(pattern, ()):
            if member == country and self.in_force(since, until, period):
                return 1
        return None

    def good_rank(self, pattern: str | None, good: int) -> int | None:
        """How closely a good, an HS prefix or ``*`` names a good; None if it does not.

        A good by its name ranks above every HS prefix, a longer prefix above a shorter one.
        """
        if pattern is None or pattern == EVERYTHING:
            return 0
        if pattern == self.goods[good]:
            return 100
        if pattern[:1].isdigit() and self.hs[good].startswith(pattern):
            return len(pattern)
        return None

    def applies(self, row: dict[str, object], origin: str, country: str, period: int) -> bool:
        """Whether a row with `origin` and `destination` fits trade from origin to country.

        Trade inside a country is nobody's import: it fits only a row that names the country on
        both sides.
        """
        named_origin, named_destination = row["origin"], row["destination"]
        assert named_origin is None or isinstance(named_origin, str)
        assert named_destination is None or isinstance(named_destination, str)
        if origin == country:
            return named_origin == origin and named_destination == country
        return (
            self.country_rank(named_origin, origin, period) is not None
            and self.country_rank(named_destination, country, period) is not None
        )


def read_market(study: Study) -> Market:
    """Number the study's periods and goods and build its network."""
    periods = study.table("periods")
    if periods.height:
        names = periods["period"].to_list()
        dates = list(periods["starts"])
        weights = periods["weight"].fill_null(1.0).to_numpy().astype(float)
    else:
        label = study.settings.period
        names, dates, weights = [label or ONLY_PERIOD], [first_day(label)], np.ones(1)
    goods = study.table("goods")
    blocs: dict[str, list[tuple[str, dt.date | None, dt.date | None]]] = {}
    for bloc, country, since, until in (
        study.table("blocs").select("bloc", "country", "since", "until").iter_rows()
    ):
        blocs.setdefault(bloc, []).append((country, since, until))
    return Market(
        study=study,
        network=build_network(study),
        periods=names,
        dates=dates,
        weights=weights,
        goods=goods["good"].to_list(),
        hs=goods["hs"].fill_null("").to_list(),
        units=goods["unit"].to_list(),
        value_of_time=goods["value_of_time"].fill_null(0.0).to_numpy().astype(float),
        blocs=blocs,
    )
