"""A target of turnover: is it reachable by trade alone, by what, at what cost; what falls short.

The growth needed is that of `entrepot.statistics.target.path`, the mix the linear program of
`entrepot.statistics.target.mix`. Trade in other products and ways is taken to stay as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from entrepot.errors import QuestionError, StatisticsError
from entrepot.statistics.certificate import Measure, certified
from entrepot.statistics.flows import one_period, totals
from entrepot.statistics.joint import Scale, joint
from entrepot.statistics.potential.export import assess
from entrepot.statistics.potential.thresholds import Thresholds
from entrepot.statistics.potential.world import world_of
from entrepot.statistics.substitution.candidates import Asked, Terms, switches_of
from entrepot.statistics.target.mix import Mix, Pace, Ways, mix_for, same_good, ways_of
from entrepot.statistics.target.path import Step, path

SENT = {
    "exporter": pl.String, "importer": pl.String, "hs": pl.String, "amount": pl.Float64,
    "basis": pl.String,
}  # fmt: skip
IDENTITY = (
    "start and what is added and what falls short make the goal, and the prices of all limits "
    "leave no gap: no mix is cheaper or brings more"
)


@dataclass(frozen=True, eq=False)
class Target:
    """What a target takes, as tables.

    Attributes
    ----------
    steps : a row a step
    path : a row a month
    mix : the cheapest mix for the last step, a row a product, direction and way
    limits : what holds the last step back, and what one more unit of it is worth
    answer : the verdict in plain words
    """

    steps: Measure
    path: Measure
    mix: Measure
    limits: Measure
    answer: tuple[str, ...]


def turnover_of(trade: pl.DataFrame, reporter: str, partner: str, period: str) -> float:
    """Turnover of two countries with each other in a period.

    Raises
    ------
    StatisticsError : no such period, or nothing between the two in it
    """
    rows = one_period(totals(trade), period)
    pair = [reporter, partner]
    both = rows.filter(pl.col("exporter").is_in(pair) & pl.col("importer").is_in(pair))
    if not both["value"].sum() > 0:
        raise StatisticsError(f"{reporter} and {partner} do not trade in {period}")
    return float(both["value"].sum())


def last_year_of(trade: pl.DataFrame, reporter: str, partner: str) -> str:
    """The last year in which the two trade.

    Raises
    ------
    QuestionError : there is none
    """
    pair = [reporter, partner]
    years = trade.filter(
        pl.col("reporter").is_in(pair) & pl.col("partner").is_in(pair),
        pl.col("period").cast(pl.String).str.contains(r"^\d{4}$"),
    )["period"]
    if not len(years):
        raise QuestionError(
            f"no year of trade between {reporter} and {partner}; say --now, --since"
        )
    return str(years.cast(pl.String).max())


def target(
    trade: pl.DataFrame,
    steps: Sequence[Step],
    reporter: str,
    partner: str,
    period: str,
    avoided: set[str] | None = None,
    digits: int | None = None,
    terms: Terms | None = None,
    pace: Pace | None = None,
    scale: Scale | None = None,
) -> Target:
    """Whether steps of turnover can be reached by trade alone.

    Parameters
    ----------
    steps : as of `entrepot.statistics.target.path.steps_to`
    period : whose products the mix is drawn from
    avoided : suppliers from whom the two would rather not buy
    terms, scale : as of `substitution` and `joint`

    Raises
    ------
    StatisticsError : no products in the period
    CertificateError : an identity does not hold
    """
    found = pace or Pace()
    ways, notes = _ways(trade, reporter, partner, period, avoided or set(), digits,
                        terms or Terms(), scale or Scale())  # fmt: skip
    months, mixes = 0.0, []
    for step in steps:
        months += step.months
        mixes.append(mix_for(ways, steps[0].start, step.goal, months, found))
    answer = _answer(steps, mixes, ways)
    return Target(
        _steps(steps, mixes, ways, notes),
        path(steps),
        _mix(ways, mixes[-1]),
        _limits(mixes[-1]),
        answer,
    )


def _ways(
    trade: pl.DataFrame,
    reporter: str,
    partner: str,
    period: str,
    avoided: set[str],
    digits: int | None,
    terms: Terms,
    scale: Scale,
) -> tuple[Ways, tuple[str, ...]]:
    world = world_of(trade, [period], digits)
    others = [name for name in world.countries if name not in (reporter, partner)]
    pair = {reporter: [partner], partner: [reporter]}
    asked = switches_of(trade, dict.fromkeys(pair, others), pair, period, digits, terms)
    found = assess(world, thresholds=Thresholds(0.0, 0.0))
    place = {name: at for at, name in enumerate(world.countries)}
    ceiling: dict[tuple[str, str, str], float] = {}
    for i, (j,) in pair.items():
        p, v = found.cells_of([place[i]], [place[j]])
        more = np.where(p - v > 1e-9 * p, p - v, 0.0).ravel().tolist()
        ceiling |= {(i, j, good): each for good, each in zip(world.goods, more, strict=True)}
    sent = _sent(trade, asked, reporter, partner, period, digits, scale)
    return ways_of(asked, avoided, ceiling, sent), asked.flows.notes


def _sent(
    trade: pl.DataFrame,
    asked: Asked,
    reporter: str,
    partner: str,
    period: str,
    digits: int | None,
    scale: Scale,
) -> pl.DataFrame:
    """What one of the two sends the other to be sold on."""
    told = joint(trade, reporter, partner, [period], digits, scale).table
    amounts: dict[tuple[str, str, str], float] = {}
    for row in told.iter_rows(named=True):
        here = row["access"]
        maker, share = (partner, 1.0 - row["share"]) if here == reporter else (
            reporter, row["share"])  # fmt: skip
        cell = (maker, here, row["hs"])
        amounts[cell] = amounts.get(cell, 0.0) + share * row["offered"]
    rows = [
        (*cell, amount, asked.flows.sold[cell[0], cell[2]].basis)
        for cell, amount in sorted(amounts.items())
        if (cell[0], cell[2]) in asked.flows.sold
    ]
    return pl.DataFrame(rows, schema=SENT, orient="row")


def _steps(
    steps: Sequence[Step], mixes: Sequence[Mix], ways: Ways, notes: tuple[str, ...]
) -> Measure:
    start = steps[0].start
    rows = [
        (
            step.target, step.by, step.start, step.goal, step.months, step.goal / step.start - 1.0,
            step.monthly(), step.yearly(), start + mix.attained,
            max(0.0, mix.needed - mix.attained), mix.cost, mix.marginal,
            same_good(ways) / start, same_good(ways, mix.level) / (start + mix.attained),
            mix.marginal is not None,
        )
        for step, mix in zip(steps, mixes, strict=True)
    ]  # fmt: skip
    schema = {
        "target": pl.String, "date": pl.Date, "start": pl.Float64, "goal": pl.Float64,
        "months": pl.Float64, "growth": pl.Float64, "monthly": pl.Float64, "yearly": pl.Float64,
        "attainable": pl.Float64, "shortfall": pl.Float64, "extra": pl.Float64,
        "marginal": pl.Float64, "same_good_now": pl.Float64, "same_good_then": pl.Float64,
        "reached": pl.Boolean,
    }  # fmt: skip
    table = pl.DataFrame(rows, schema=schema, orient="row")
    made = (table["attainable"] + table["shortfall"]).to_list()
    solved = [each for mix in mixes for each in mix.solved]
    sides = (
        np.array([*made, *(each.cost for each in solved)]),
        np.array([*(step.goal for step in steps), *(each.bound for each in solved)]),
    )
    return certified("target", table, IDENTITY, sides, notes=notes)


def _mix(ways: Ways, mix: Mix) -> Measure:
    added: dict[tuple[str, str, str, str], list[float]] = {}
    basis: dict[tuple[str, str, str, str], set[str]] = {}
    for cell, way, adds, cost, level, kind in zip(
        ways.cell, ways.way, ways.adds, ways.cost, mix.level, ways.basis, strict=True
    ):
        key = (*cell, way)
        sums = added.setdefault(key, [0.0, 0.0])
        sums[0] += float(adds * level)
        sums[1] += float(cost * level)
        basis.setdefault(key, set()).add(kind)
    rows = [
        (i, j, k, way, ways.now[i, j, k], more, extra, extra / more,
         next(b for b in ("estimate", "mirror", "reported") if b in basis[i, j, k, way]))
        for (i, j, k, way), (more, extra) in added.items()
        if more > 1e-15 * mix.needed
    ]  # fmt: skip
    schema = {
        "exporter": pl.String, "importer": pl.String, "hs": pl.String, "way": pl.String,
        "now": pl.Float64, "added": pl.Float64, "extra": pl.Float64, "cost": pl.Float64,
        "basis": pl.String,
    }  # fmt: skip
    keys = ["exporter", "importer", "hs", "way"]
    table = pl.DataFrame(rows, schema=schema, orient="row")
    table = table.sort("added", *keys, descending=[True, *(False for _ in keys)])
    sides = (float(table["added"].sum()), mix.attained)
    return certified("mix", table, "what is added adds up to what is attained", sides,
                     scale=mix.needed)  # fmt: skip


def _limits(mix: Mix) -> Measure:
    rows = [(name, *cell, amount, price) for name, cell, amount, price in mix.limits]
    schema = {
        "limit": pl.String, "exporter": pl.String, "importer": pl.String, "hs": pl.String,
        "amount": pl.Float64, "price": pl.Float64,
    }  # fmt: skip
    table = pl.DataFrame(rows, schema=schema, orient="row")
    solved = mix.solved[0 if mix.marginal is None else 1]
    what = "turnover gained" if mix.marginal is None else "money saved"
    note = f"price is {what} by one more unit of the limit"
    identity = "the prices of all limits and bounds make the value of the program"
    return certified("limits", table, identity, (solved.bound, solved.cost), notes=[note])


def _answer(steps: Sequence[Step], mixes: Sequence[Mix], ways: Ways) -> tuple[str, ...]:
    """The verdict on every step, and what must be known of the last mix."""
    told = []
    for step, mix in zip(steps, mixes, strict=True):
        begin = (
            f"{step.target}: from {_million(step.start)} to {_million(step.goal)} is "
            f"{step.goal / step.start - 1.0:+.1%} in {step.months:.3g} months, "
            f"{step.monthly():.3%} a month."
        )
        if mix.marginal is None:
            brings = steps[0].start + mix.attained
            told.append(
                f"{begin} Not reachable by trade alone: all ways together bring "
                f"{_million(brings)}, {_million(mix.needed - mix.attained)} fall short."
            )
        else:
            cost = "costs buyers" if mix.cost >= 0 else "saves buyers"
            told.append(
                f"{begin} Reachable by trade alone; the cheapest mix {cost} "
                f"{_million(abs(mix.cost))} a year."
            )
    last = mixes[-1]
    sent = np.array([way == "joint" for way in ways.way])
    on = float((ways.adds * last.level)[sent].sum()) / last.attained if last.attained else 0.0
    share = same_good(ways, last.level) / (steps[0].start + last.attained)
    told.append(
        f"Of what the last step adds {on:.0%} is sent on to third markets; of turnover {share:.1%} "
        "would be the same good both ways."
    )
    return tuple(told)


def _million(amount: float) -> str:
    return f"{amount / 1e6:,.1f} million"
