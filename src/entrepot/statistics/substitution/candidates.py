"""Candidates: every flow that a partner could take over, with its cost and what is known of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from entrepot.errors import QuestionError, StatisticsError
from entrepot.statistics.flows import ESTIMATE
from entrepot.statistics.potential.tariffs import tariffs_on
from entrepot.statistics.substitution.flows import Flow, Flows, flows_of
from entrepot.statistics.substitution.freight import Freight

LEAST_OVERLAP = 0.1
"""Unit values ten times apart are other goods, or amounts in other units."""
Ceiling = Mapping[tuple[str, str, str], float]


@dataclass(frozen=True, eq=False)
class Terms:
    """On what terms partners are asked.

    Attributes
    ----------
    ramp : share by which a partner can sell more than it does
    committed : share of what it sells others that stays with them
    premium : the greatest extra cost that is paid, as a share; None switches as much as can be, the
        cheapest first
    tariffs : frame (importer, exporter, hs, tariff); none without it
    freight : money per tonne between countries; none without it
    ceiling : the most that an exporter can sell an importer more of a product, by (exporter,
        importer, product), such as its unrealised potential; no ceiling where None
    """

    ramp: float = 0.0
    committed: float = 0.0
    premium: float | None = None
    tariffs: pl.DataFrame | None = None
    freight: Freight | None = None
    ceiling: Ceiling | None = None


@dataclass(frozen=True)
class Switch:
    """One supplier of one product that a partner could replace.

    Attributes
    ----------
    need, spare : money a period, at the supplier's and at the partner's unit value
    ratio : the partner's unit value over the supplier's; 1 if not known
    overlap : of unit values
    cost : extra, a share of what is replaced, tariffs and freight included
    freight : of the partner less of the supplier, money per tonne; None if not known
    confidence : share of the checks that hold
    """

    importer: str
    partner: str
    avoided: str
    hs: str
    need: float
    spare: float
    ratio: float
    overlap: float
    cost: float
    freight: float | None
    confidence: float
    basis: str


@dataclass(frozen=True, eq=False)
class Asked:
    """Switches of the directions asked for, and what limits them.

    Attributes
    ----------
    switches : candidates
    flows : what they are of
    ceiling : as of `Terms`
    avoided : suppliers by importer
    needs : what each importer buys from them, money
    """

    switches: list[Switch]
    flows: Flows
    ceiling: Ceiling | None
    avoided: dict[str, set[str]]
    needs: dict[str, float]


def switches_of(
    trade: pl.DataFrame,
    avoid: Mapping[str, Sequence[str]],
    partners: Mapping[str, Sequence[str]],
    period: str | None,
    digits: int | None,
    terms: Terms,
) -> Asked:
    """Candidates and needs; errors as of `substitution`."""
    _refuse(avoid, partners, terms)
    countries = sorted({*avoid, *(p for each in partners.values() for p in each)})
    found = flows_of(trade, countries, period, digits)
    rate = _Rates(found, terms.tariffs)
    switches: list[Switch] = []
    needs: dict[str, float] = {}
    apart = 0
    for importer, suppliers in avoid.items():
        away = set(suppliers)
        for good in found.goods_of(importer, away):
            for supplier in sorted(away & found.bought[importer, good].keys()):
                needs[importer] = needs.get(importer, 0.0) + found.bought[importer, good][supplier]
                for partner in partners[importer]:
                    one = _switch(found, terms, rate, importer, partner, supplier, good)
                    if one is not None and one.overlap >= LEAST_OVERLAP:
                        switches.append(one)
                    elif one is not None:
                        apart += 1
    if not needs:
        there = ", ".join(f"{j} from {', '.join(sorted(set(u)))}" for j, u in avoid.items())
        raise StatisticsError(f"nothing is bought by {there} in this period; there is no need")
    away_from = {importer: set(each) for importer, each in avoid.items()}
    if apart:
        note = f"{apart} candidates whose unit values lie ten times apart or more are left out"
        found = replace(found, notes=(*found.notes, note))
    return Asked(switches, found, terms.ceiling, away_from, needs)


class _Rates:
    """Tariffs by name."""

    def __init__(self, found: Flows, tariffs: pl.DataFrame | None) -> None:
        countries = sorted({c for i, j, _ in found.flows for c in (i, j)})
        goods = sorted({good for _, _, good in found.flows})
        self.country = {name: at for at, name in enumerate(countries)}
        self.good = {name: at for at, name in enumerate(goods)}
        self.tariffs = None if tariffs is None else tariffs_on(countries, goods, tariffs)

    def of(self, exporter: str, importer: str, good: str) -> float:
        """The tariff on a good from one country in another."""
        if self.tariffs is None:
            return 0.0
        n = len(self.country)
        i, j, k = self.country[exporter], self.country[importer], self.good[good]
        cell = np.array([(k * n + i) * n + j])
        return float(self.tariffs.single.of(cell, self.tariffs.general[j, [k]])[0])


def _switch(
    found: Flows, terms: Terms, rate: _Rates, importer: str, partner: str, supplier: str, good: str
) -> Switch | None:
    """What a partner could take over of one flow; None where it sells nothing that is free."""
    sold, now = found.sold.get((partner, good)), found.flows.get((partner, importer, good))
    if sold is None:
        return None
    free = sold.value - (now.value if now else 0.0)
    spare = max(0.0, free) * (1.0 - terms.committed) * (1.0 + terms.ramp)
    if spare <= 0:
        return None
    flow = found.flows[supplier, importer, good]
    ours = now if now and now.unit_value else sold
    known = bool(ours.unit_value and flow.unit_value and ours.unit == flow.unit)
    ratio = float(ours.unit_value) / float(flow.unit_value) if known else 1.0  # type: ignore[arg-type]
    taxed = (1.0 + rate.of(partner, importer, good)) / (1.0 + rate.of(supplier, importer, good))
    freight, price = None, ratio
    if known and flow.unit == "t" and terms.freight is not None:
        there, theirs = (terms.freight(c, importer, good) for c in (partner, supplier))
        # What importers report holds the freight already.
        if there is not None and theirs is not None:
            paid = 0.0 if flow.basis == "mirror" else theirs
            freight = there - theirs
            price = (float(ours.unit_value or 0.0) + there) / (float(flow.unit_value or 0.0) + paid)
    bases = {flow.basis, ours.basis}
    checks = (known, now is not None, bases == {"reported"}, spare >= 2.0 * flow.value * ratio)
    return Switch(
        importer, partner, supplier, good, flow.value, spare, ratio,
        min(ratio, 1.0 / ratio), price * taxed - 1.0, freight, sum(checks) / len(checks),
        _worst(flow, ours),
    )  # fmt: skip


def _worst(*flows: Flow) -> str:
    bases = {each.basis for each in flows}
    return next(name for name in (ESTIMATE, "mirror", "reported") if name in bases)


def _refuse(
    avoid: Mapping[str, Sequence[str]], partners: Mapping[str, Sequence[str]], terms: Terms
) -> None:
    for name, value in (("ramp", terms.ramp), ("committed", terms.committed)):
        if not (value >= 0.0 and (name == "ramp" or value <= 1.0)):
            raise QuestionError(f"{name} is a share, not {value}")
    for importer, suppliers in avoid.items():
        if importer in partners[importer]:
            raise QuestionError(f"{importer} cannot be its own partner; name two countries")
        if not suppliers:
            raise QuestionError(f"{importer} has nobody to avoid: name countries or blocs")
        both = {importer, *partners[importer]} & set(suppliers)
        if both:
            raise QuestionError(f"{', '.join(sorted(both))} cannot be avoided and be asked")
