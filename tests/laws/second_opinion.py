"""A second opinion on what a market is worth: the design's words as one naive program.

Nothing of `entrepot.clearing` is used: goods are told apart by origin and by the country where they
will be used, whether a rule asks or not, every variable stands in a dictionary, and SciPy solves.
Steps and duties per unit only.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array

Tables = dict[str, list[dict[str, Any]]]
Row = dict[str, Any]


class Opinion:
    """The greatest worth of a market's trade, in money."""

    def __init__(self, tables: Tables) -> None:
        self.tables = {name: [dict(row) for row in rows] for name, rows in tables.items()}
        self.country = {row["place"]: row["country"] for row in self.of("places")}
        self.through = {row["place"]: row.get("through", True) for row in self.of("places")}
        told = {row["origin"] for row in self.of("offers") if row.get("origin")}
        self.countries = sorted({*self.country.values(), *told})
        self.goods = [row["good"] for row in self.of("goods")]
        self.hs = {row["good"]: row.get("hs") or "" for row in self.of("goods")}
        self.time = {row["good"]: row.get("value_of_time") or 0.0 for row in self.of("goods")}
        self.periods = [row["period"] for row in self.of("periods")] or ["all"]
        self.weight = {row["period"]: row.get("weight") or 1.0 for row in self.of("periods")}
        self.blocs: dict[str, set[str]] = defaultdict(set)
        for row in self.of("blocs"):
            self.blocs[row["bloc"]].add(row["country"])
        self.worth: list[float] = []
        self.upper: list[float] = []
        self.balance: dict[Any, list[tuple[int, float]]] = defaultdict(list)
        self.at_most: list[tuple[list[tuple[int, float]], float]] = []
        self.shared: dict[tuple[str, str, str], list[tuple[int, float]]] = defaultdict(list)
        self.zero: list[list[tuple[int, float]]] = []
        self.imports: list[tuple[int, str, str, str, str]] = []
        self.moves: list[tuple[int, str, str, str, str, str]] = []
        for period in self.periods:
            self.sell(period)
            self.buy(period)
            self.move(period)
            self.process(period)
        self.store()
        self.count()

    def of(self, table: str) -> list[Row]:
        return self.tables.get(table, [])

    def add(self, period: str, worth: float, upper: float | None = None) -> int:
        self.worth.append(worth * self.weight.get(period, 1.0))
        self.upper.append(np.inf if upper is None else upper)
        return len(self.worth) - 1

    def held(self, table: str, period: str) -> list[Row]:
        return [row for row in self.of(table) if row.get("period") in (None, period)]

    # Who a row is about.

    def is_country(self, pattern: str | None, country: str) -> int | None:
        if pattern in (None, "*"):
            return 0
        if pattern == country:
            return 2
        return 1 if country in self.blocs.get(str(pattern), ()) else None

    def is_good(self, pattern: str | None, good: str) -> int | None:
        if pattern in (None, "*"):
            return 0
        if pattern == good:
            return 100
        assert pattern is not None
        return len(pattern) if pattern.isdigit() and self.hs[good].startswith(pattern) else None

    def is_trade(self, row: Row, good: str, origin: str, country: str) -> bool:
        """Whether a row of duties, quotas or bans is about goods of an origin used in a country."""
        if self.is_good(row.get("good"), good) is None:
            return False
        if origin == country:
            return row.get("origin") == origin and row.get("destination") == country
        one = self.is_country(row.get("origin"), origin)
        return one is not None and self.is_country(row.get("destination"), country) is not None

    def duty(self, good: str, origin: str, country: str) -> float:
        fits = [row for row in self.of("duties") if self.is_trade(row, good, origin, country)]
        ranks = [
            (self.is_good(row.get("good"), good), self.is_country(row.get("origin"), origin),
             self.is_country(row.get("destination"), country))
            for row in fits
        ]  # fmt: skip
        if not fits:
            return 0.0
        return fits[ranks.index(max(ranks))].get("specific") or 0.0

    def forbidden(self, good: str, origin: str, country: str) -> bool:
        return any(
            row.get("via") is None and self.is_trade(row, good, origin, country)
            for row in self.of("bans")
        )

    def closed(self, leg: Row, good: str, origin: str, country: str) -> bool:
        """Whether goods of an origin on their way to a country may not use a leg."""
        for row in self.of("bans"):
            fits = (
                self.is_good(row.get("good"), good) is not None
                and self.is_country(row.get("origin"), origin) is not None
                and self.is_country(row.get("destination"), country) is not None
            )
            if row.get("via") is None or not fits:
                continue
            via = row["via"]
            if via == leg["table"]:
                return True
            start, end = self.country[leg["origin"]], self.country[leg["destination"]]
            if start == via and end != via and via not in (origin, country):
                return True
        return False

    # Activities.

    def use(self, period: str, place: str, good: str, origin: str, worth: float) -> int | None:
        """Buying, or taking for a plant, one unit; None where that is banned."""
        country = self.country[place]
        if self.forbidden(good, origin, country):
            return None
        paid = self.duty(good, origin, country)
        number = self.add(period, worth - paid)
        self.balance["in", place, period, good, origin, country].append((number, -1.0))
        self.imports.append((number, period, good, origin, country))
        return number

    def make(self, period: str, place: str, good: str, origin: str, worth: float) -> list[int]:
        numbers = []
        for country in self.countries:
            number = self.add(period, worth)
            self.balance["out", place, period, good, origin, country].append((number, 1.0))
            numbers.append(number)
        return numbers

    def sell(self, period: str) -> None:
        for row in self.held("offers", period):
            origin = row.get("origin") or self.country[row["place"]]
            numbers = self.make(period, row["place"], row["good"], origin, -row["price"])
            if row.get("quantity") is not None:
                self.at_most.append(([(n, 1.0) for n in numbers], row["quantity"]))

    def buy(self, period: str) -> None:
        for row in self.held("bids", period):
            wanted = [each for each in (row.get("origins") or "").split(";") if each]
            parts = []
            for origin in self.countries:
                if wanted and all(self.is_country(each, origin) is None for each in wanted):
                    continue
                number = self.use(period, row["place"], row["good"], origin, row["price"])
                if number is not None:
                    parts.append((number, 1.0))
            self.at_most.append((parts, row["quantity"]))

    def legs(self) -> list[Row]:
        found = []
        for row in self.of("legs"):
            found.append({**row, "table": row["leg"]})
            if row.get("two_way"):
                back = {"origin": row["destination"], "destination": row["origin"]}
                found.append({**row, **back, "leg": row["leg"] + "~", "table": row["leg"]})
        return found

    def move(self, period: str) -> None:
        listed = {(row["leg"], row["good"]): row for row in self.of("leg_goods")}
        for leg in self.legs():
            shared = []
            for good in self.goods:
                own = listed.get((leg["leg"], good)) or listed.get((leg["table"], good)) or {}
                if own.get("allowed") is False:
                    continue
                cost = own["cost"] if own.get("cost") is not None else leg["cost"]
                days = own["days"] if own.get("days") is not None else leg.get("days") or 0.0
                alone = []
                for origin in self.countries:
                    for country in self.countries:
                        if self.closed(leg, good, origin, country):
                            continue
                        number = self.add(period, -(cost + self.time[good] * days))
                        key = (period, good, origin, country)
                        self.balance["sets out", leg["leg"], *key].append((number, -1.0))
                        self.balance["has come", leg["leg"], *key].append((number, 1.0))
                        self.moves.append((number, leg["leg"], *key))
                        use = own["use"] if own.get("use") is not None else 1.0
                        shared.append((number, use))
                        alone.append((number, 1.0))
                if own.get("capacity") is not None:
                    self.at_most.append((alone, own["capacity"]))
            if leg.get("capacity") is not None:
                self.at_most.append((shared, leg["capacity"]))

    def process(self, period: str) -> None:
        for plant in self.held("plants", period):
            place = plant["place"]
            run = self.add(period, -(plant.get("cost") or 0.0), plant.get("capacity"))
            for row in self.of("recipes"):
                if row["recipe"] != plant["recipe"]:
                    continue
                good, amount = row["good"], row["amount"]
                if amount > 0:
                    made = self.make(period, place, good, self.country[place], 0.0)
                    self.zero.append([(n, 1.0) for n in made] + [(run, -amount)])
                else:
                    taken = [self.use(period, place, good, o, 0.0) for o in self.countries]
                    parts = [(n, 1.0) for n in taken if n is not None]
                    self.zero.append([*parts, (run, amount)])

    def store(self) -> None:
        for row in self.of("warehouses"):
            place, good = row["place"], row["good"]
            # What is kept in the last period stays there when the study ends.
            for period, after in zip(self.periods, [*self.periods[1:], None], strict=True):
                parts = []
                for origin in self.countries:
                    for country in self.countries:
                        number = self.add(period, -(row.get("cost") or 0.0))
                        key = (good, origin, country)
                        kept = 1.0 - (row.get("loss") or 0.0)
                        self.balance["in", place, period, *key].append((number, -1.0))
                        if after is not None:
                            self.balance["out", place, after, *key].append((number, kept))
                        parts.append((number, 1.0))
                if row.get("capacity") is not None:
                    self.at_most.append((parts, row["capacity"]))

    def count(self) -> None:
        """Quotas, and the ways within places."""
        for row in self.of("quotas"):
            for period in self.periods:
                if row.get("leg") is None:
                    parts = [
                        (number, 1.0)
                        for number, when, good, origin, country in self.imports
                        if when == period and self.is_trade(row, good, origin, country)
                    ]
                else:
                    parts = [
                        (number, 1.0)
                        for number, leg, when, good, origin, country in self.moves
                        if when == period and leg == row["leg"]
                        and self.is_good(row.get("good"), good) is not None
                        and self.is_country(row.get("origin"), origin) is not None
                        and self.is_country(row.get("destination"), country) is not None
                    ]  # fmt: skip
                self.at_most.append((parts, row["quantity"]))
        for period in self.periods:
            for good in self.goods:
                for origin in self.countries:
                    for country in self.countries:
                        self.turn((period, good, origin, country))

    def turn(self, key: tuple[str, str, str, str]) -> None:
        """From sellers to buyers at a place, onto legs, off them, and from one to the next."""
        legs = self.legs()
        for place in self.country:
            self.go(("out", place, *key), ("in", place, *key), 0.0)
        for leg in legs:
            self.go(("out", leg["origin"], *key), ("sets out", leg["leg"], *key), 0.0)
            self.go(("has come", leg["leg"], *key), ("in", leg["destination"], *key), 0.0)
        listed = {(row["from_leg"], row["to_leg"]): row for row in self.of("transfers")}
        for one in legs:
            for other in legs:
                if one["destination"] != other["origin"] or not self.through[other["origin"]]:
                    continue
                row = listed.get((one["leg"], other["leg"]), {})
                if row.get("allowed", True):
                    days = self.time[key[1]] * (row.get("days") or 0.0)
                    cost = (row.get("cost") or 0.0) + days
                    ends = ("has come", one["leg"], *key), ("sets out", other["leg"], *key)
                    number = self.go(*ends, cost)
                    if row.get("capacity") is not None:
                        shared = self.shared[key[0], one["leg"], other["leg"]]
                        shared.append((number, self.room(other, key[1])))
                        if len(shared) == 1:
                            self.at_most.append((shared, row["capacity"]))

    def room(self, leg: Row, good: str) -> float:
        """What a unit takes of a leg."""
        uses = {(row["leg"], row["good"]): row.get("use") for row in self.of("leg_goods")}
        own = uses.get((leg["leg"], good)) or uses.get((leg["table"], good))
        return 1.0 if own is None else float(own)

    def go(self, one: Any, other: Any, cost: float) -> int:
        number = self.add(one[2], -cost)
        self.balance[one].append((number, -1.0))
        self.balance[other].append((number, 1.0))
        return number

    def welfare(self) -> float:
        equal = [*self.balance.values(), *self.zero]
        most = [parts for parts, _ in self.at_most]
        # The stubs know no sparse matrices.
        solve: Any = linprog
        found = solve(
            -np.array(self.worth),
            A_ub=self.matrix(most),
            b_ub=[bound for _, bound in self.at_most],
            A_eq=self.matrix(equal),
            b_eq=np.zeros(len(equal)),
            bounds=np.column_stack([np.zeros(len(self.upper)), self.upper]),
            method="highs",
        )
        assert found.status == 0, found.message
        return -float(found.fun)

    def matrix(self, rows: list[list[tuple[int, float]]]) -> coo_array | None:
        if not rows:
            return None
        entries = [(i, n, value) for i, parts in enumerate(rows) for n, value in parts]
        i, n, value = zip(*entries, strict=True) if entries else ((), (), ())
        return coo_array((value, (i, n)), shape=(len(rows), len(self.worth)))
