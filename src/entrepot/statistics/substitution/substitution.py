"""Substitution towards partners: who could take over imports from suppliers one would avoid.

For importer j, avoided suppliers u, partners p and products k,

    need_uk  = v_ujk                                            what u sells j
    spare_pk = (v_pk - v_pjk) (1 - committed) (1 + ramp)        what p sells others and could send j
    overlap  = min(w_p, w_u) / max(w_p, w_u)                    of unit values w; 1 if not known
    cost     = (w_p + f_p) (1 + t_p) / ((w_u + f_u) (1 + t_u)) - 1

with tariffs t, and freight f by the study's network where it is known for both suppliers. x_upk, in
the value of what is replaced, makes sum of (premium - cost) x the greatest where

    x_upk <= need_uk overlap,   sum over p of x_upk <= need_uk,
    sum over u of x_upk w_p / w_u <= spare_pk  (and <= unrealised potential, where asked for)

a transport problem in which no capacity is used twice. That alike unit values mark goods that stand
in for each other is the usual test of horizontal differentiation (Abd-el-Rahman 1991, "Firms'
competitive and national comparative advantages as joint determinants of trade composition",
Weltwirtschaftliches Archiv 127; Fontagné and Freudenberg 1997, CEPII working paper 97-01).

Confidence is the share of four checks that hold: both unit values are known in one unit; the
partner sells the importer this product already; both flows are reported by the exporter, not
estimated or mirrored; the partner's spare is at least twice the need.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from entrepot.errors import StatisticsError
from entrepot.statistics.certificate import Measure, certified
from entrepot.statistics.linear import Columns, Floats, Solved, least
from entrepot.statistics.substitution.candidates import (
    Asked,
    Ceiling,
    Switch,
    Terms,
    switches_of,
)

IDENTITY = (
    "what is switched and what stays is the need, and the prices of the limits leave no gap: no "
    "switch is worth more"
)
AT_ANY_COST = 100.0
TIE = 1e-6
"""Of equal costs the largest need is served first: costs are told apart by at most this share."""


def substitution(
    trade: pl.DataFrame,
    avoid: Mapping[str, Sequence[str]],
    partners: Mapping[str, Sequence[str]],
    period: str | None = None,
    digits: int | None = None,
    terms: Terms | None = None,
) -> tuple[Measure, Measure]:
    """Which imports from avoided suppliers partners could take over, ranked.

    Parameters
    ----------
    avoid : importer -> suppliers that it would avoid; several importers are answered together
    partners : importer -> countries that it would rather buy from
    period : needed where there are several

    Returns
    -------
    Table (importer, partner, avoided, hs, need, switched, cost, extra, overlap, freight, limit,
    hhi_change, confidence, basis), the largest switch first: `cost` is extra as a share of what
    is replaced, `extra` in money, `limit` what keeps it from being more, `hhi_change` by how
    much the importer's HHI over suppliers of the product changes; and table (importer, need,
    switched, share, extra, cost), a row an importer

    Raises
    ------
    QuestionError : nobody to avoid, or a country on both sides
    StatisticsError : no such period or country, only totals, nothing that is bought from the
        avoided, that could be switched, or that is at these terms
    CertificateError : the program's prices do not prove its answer
    """
    asked = switches_of(trade, avoid, partners, period, digits, terms or Terms())
    if not asked.switches:
        raise StatisticsError(
            "nothing can be switched: no partner has any of these products to spare for others "
            "at comparable unit values"
        )
    level, solved = solve(asked, terms or Terms())
    if not level.any():
        raise StatisticsError(
            f"nothing is switched: the cheapest of {len(asked.switches)} candidates costs "
            f"{min(each.cost for each in asked.switches):+.1%}; raise the premium or the ceiling"
        )
    return _table(asked, level, solved), _totals(asked, level, solved)


def solve(asked: Asked, terms: Terms) -> tuple[Floats, Solved]:
    """How much of each candidate is switched, shape (X,), at the supplier's value."""
    every = asked.switches
    cost = np.array([each.cost for each in every])
    order = sorted(range(len(every)), key=lambda at: (-every[at].need, every[at].avoided))
    cost[order] += TIE * np.arange(len(every)) / max(1, len(every))
    premium = terms.premium
    if premium is None:
        premium = AT_ANY_COST * (1.0 + float(np.abs(cost).max(initial=0.0)))
    rows, limits = limits_of(every, asked.ceiling)
    upper = np.array([each.need * each.overlap for each in every])
    solved = least(cost - premium, rows, limits, upper)
    return solved.level, solved


def limits_of(
    every: Sequence[Switch], ceiling: Ceiling | None
) -> tuple[list[tuple[Columns, Floats]], Floats]:
    """The limits that several switches share: need, spare and ceiling."""
    shared: dict[tuple[str, ...], tuple[list[int], list[float], float]] = {}
    for at, each in enumerate(every):
        key = (each.importer, each.hs)
        for name, unit, limit in (
            (("need", *key, each.avoided), 1.0, each.need),
            (("spare", *key, each.partner), each.ratio, each.spare),
            (
                ("ceiling", *key, each.partner),
                each.ratio,
                np.inf
                if ceiling is None
                else ceiling.get((each.partner, each.importer, each.hs), 0.0),
            ),
        ):
            if np.isfinite(limit):
                columns, values, _ = shared.setdefault(name, ([], [], limit))
                columns.append(at)
                values.append(unit)
    rows = [(np.array(columns), np.array(values)) for columns, values, _ in shared.values()]
    return rows, np.array([limit for _, _, limit in shared.values()])


def _limit(asked: Asked, level: Floats) -> list[str]:
    """What keeps each switch from being more."""
    used: dict[tuple[str, str, str], float] = {}
    for each, x in zip(asked.switches, level, strict=True):
        key = (each.partner, each.importer, each.hs)
        used[key] = used.get(key, 0.0) + x * each.ratio
    told = []
    for each, x in zip(asked.switches, level, strict=True):
        key = (each.partner, each.importer, each.hs)
        ceiling = np.inf if asked.ceiling is None else asked.ceiling.get(key, 0.0)
        if x >= each.need * each.overlap * (1 - 1e-9):
            told.append("need" if each.overlap == 1.0 else "overlap")
        elif used[key] >= each.spare * (1 - 1e-9):
            told.append("spare")
        elif used[key] >= ceiling * (1 - 1e-9):
            told.append("potential")
        else:
            told.append("cost")
    return told


Suppliers = dict[tuple[str, str], dict[str, float]]


def _afterwards(asked: Asked, level: Floats) -> Suppliers:
    """Suppliers of every importer and product with what they sell once the switch is made."""
    after = {key: dict(by) for key, by in asked.flows.bought.items()}
    for each, x in zip(asked.switches, level, strict=True):
        by = after[each.importer, each.hs]
        by[each.avoided] -= x
        by[each.partner] = by.get(each.partner, 0.0) + x * each.ratio
    return after


def _hhi(by: Mapping[str, float]) -> float:
    total = sum(by.values())
    return sum((value / total) ** 2 for value in by.values()) if total > 0 else 0.0


def _table(asked: Asked, level: Floats, solved: Solved) -> Measure:
    before, after = asked.flows.bought, _afterwards(asked, level)
    limits = _limit(asked, level)
    rows = [
        (each.importer, each.partner, each.avoided, each.hs, each.need, x, each.cost,
         each.cost * x, each.overlap, each.freight, limit,
         _hhi(after[each.importer, each.hs]) - _hhi(before[each.importer, each.hs]),
         each.confidence, each.basis)
        for each, x, limit in zip(asked.switches, level.tolist(), limits, strict=True)
        if x > 1e-9 * each.need
    ]  # fmt: skip
    table = pl.DataFrame(rows, schema=SCHEMA, orient="row").sort(
        "switched", "importer", "partner", "avoided", "hs", descending=[True] + 4 * [False]
    )
    none = [importer for importer in asked.avoided if importer not in asked.needs]
    notes = [f"{importer} buys nothing from those it avoids" for importer in none]
    notes += asked.flows.notes
    refused = {each.hs for each in asked.switches} - set(table["hs"])
    if refused:
        notes.append(f"{len(refused)} products could be switched but are not: cost or ceiling")
    unknown = sum(each.freight is None for each in asked.switches)
    if unknown and any(each.freight is not None for each in asked.switches):
        notes.append(f"freight of {unknown} of {len(asked.switches)} candidates is not known")
    left, right = _sides(asked, level, solved)
    return certified("substitution", table, IDENTITY, (left, right), notes=notes)


def _sides(asked: Asked, level: Floats, solved: Solved) -> tuple[Floats, Floats]:
    """Needs of importers before and after, and both values of the program."""
    after = _afterwards(asked, level)
    left, right = [solved.cost], [solved.bound]
    for importer, need in asked.needs.items():
        away = asked.avoided[importer]
        stays = sum(
            value
            for (country, _), by in after.items()
            if country == importer
            for supplier, value in by.items()
            if supplier in away
        )
        switched = sum(
            x for each, x in zip(asked.switches, level, strict=True) if each.importer == importer
        )
        left.append(stays + float(switched))
        right.append(need)
    return np.array(left), np.array(right)


def _totals(asked: Asked, level: Floats, solved: Solved) -> Measure:
    rows = []
    for importer, need in asked.needs.items():
        mine = [
            (each, x)
            for each, x in zip(asked.switches, level.tolist(), strict=True)
            if each.importer == importer
        ]
        switched = sum(x for _, x in mine)
        extra = sum(each.cost * x for each, x in mine)
        rows.append((importer, need, switched, switched / need, extra,
                     extra / switched if switched else None))  # fmt: skip
    table = pl.DataFrame(
        rows,
        schema={"importer": pl.String, "need": pl.Float64, "switched": pl.Float64,
                "share": pl.Float64, "extra": pl.Float64, "cost": pl.Float64},
        orient="row",
    )  # fmt: skip
    sides = _sides(asked, level, solved)
    return certified("substitution-totals", table, IDENTITY, sides)


SCHEMA = {
    "importer": pl.String, "partner": pl.String, "avoided": pl.String, "hs": pl.String,
    "need": pl.Float64, "switched": pl.Float64, "cost": pl.Float64, "extra": pl.Float64,
    "overlap": pl.Float64, "freight": pl.Float64, "limit": pl.String,
    "hhi_change": pl.Float64, "confidence": pl.Float64, "basis": pl.String,
}  # fmt: skip
