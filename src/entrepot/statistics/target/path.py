"""The growth that a target needs, month by month.

    (goal / start) ^ (1 / months) - 1  a month,    (goal / start) ^ (12 / months) - 1  a year

Turnover is money per year. That of a year stands for its middle; a target holds on its day.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from entrepot.errors import QuestionError
from entrepot.statistics.certificate import Measure, certified
from entrepot.tables.nearest import did_you_mean

DAYS_A_MONTH = 365.25 / 12.0
YEAR = re.compile(r"^\d{4}$")


@dataclass(frozen=True)
class Step:
    """From one turnover to the next.

    Attributes
    ----------
    target, title : name of the target that the step reaches, and its title
    since, by : days
    start, goal : money per year
    """

    target: str
    title: str | None
    since: date
    by: date
    start: float
    goal: float

    @property
    def months(self) -> float:
        """From the one day to the other."""
        return months_between(self.since, self.by)

    def monthly(self) -> float:
        """Growth a month."""
        return float((self.goal / self.start) ** (1.0 / self.months)) - 1.0

    def yearly(self) -> float:
        """Growth a year."""
        return float((self.goal / self.start) ** (12.0 / self.months)) - 1.0


def steps_to(
    targets: pl.DataFrame, name: str, start: float, since: date
) -> tuple[list[Step], str, str]:
    """The steps to a target, over the earlier and lower targets of the same two countries.

    Returns
    -------
    The steps, and the two countries

    Raises
    ------
    QuestionError : no such target, or one that lies before the start or is reached already
    """
    names = targets["target"].to_list()
    if name not in names:
        cure = did_you_mean(name, names, f"one of {', '.join(names)}" if names else "there is none")
        raise QuestionError(f"{name!r} is not a target of table targets; {cure}")
    asked = targets.row(by_predicate=pl.col("target") == name, named=True)
    pair = {asked["reporter"], asked["partner"]}
    if asked["date"] <= since:
        raise QuestionError(
            f"target {name} is for {asked['date']}, not after {since}, when turnover was "
            f"{start:,.0f}; name a later one"
        )
    if asked["value"] <= start:
        raise QuestionError(f"target {name} is {asked['value']:,.0f}; turnover was {start:,.0f}")
    rows = [
        row
        for row in targets.sort("date", "value").iter_rows(named=True)
        if {row["reporter"], row["partner"]} == pair
        and since < row["date"] <= asked["date"]
        and (start < row["value"] < asked["value"] or row["target"] == name)
    ]
    steps: list[Step] = []
    for row in rows:
        before = steps[-1] if steps else None
        day, value = (before.by, before.goal) if before else (since, start)
        if row["value"] > value and row["date"] > day:
            steps.append(Step(row["target"], row["title"], day, row["date"], value, row["value"]))
    return steps, asked["reporter"], asked["partner"]


def path(steps: Sequence[Step]) -> Measure:
    """Turnover at the end of every month on the way.

    Returns
    -------
    Table (target, month, date, turnover): months since the start, money per year
    """
    rows = []
    reached = []
    gone = 0.0
    for step in steps:
        last = int(step.months + 1e-9)
        whole = [float(month) for month in range(1, last + 1)]
        if step.months - last > 1e-9:
            whole.append(step.months)
        turnover = step.start
        for month, before in zip(whole, [0.0, *whole], strict=False):
            turnover *= (1.0 + step.monthly()) ** (month - before)
            rows.append((step.target, gone + month, months_after(step.since, month), turnover))
        reached.append(turnover)
        gone += step.months
    table = pl.DataFrame(
        rows,
        schema={"target": pl.String, "month": pl.Float64, "date": pl.Date, "turnover": pl.Float64},
        orient="row",
    )
    identity = "growing month by month every step ends at its goal"
    return certified("path", table, identity, (reached, [step.goal for step in steps]))


def middle_of(period: str) -> date:
    """The day that a year's turnover stands for.

    Raises
    ------
    QuestionError : the period is no year
    """
    if not YEAR.match(period):
        raise QuestionError(
            f"period {period!r} is no year; name a year, or say turnover --now and --since"
        )
    return date(int(period), 6, 30)


def months_between(since: date, by: date) -> float:
    """Months from day to day; from the end of one month to that of another they are whole."""
    whole = (by.year - since.year) * 12 + by.month - since.month
    if _is_last(since) and _is_last(by):
        return float(whole)
    return whole + (by.day - since.day) / DAYS_A_MONTH


def months_after(since: date, months: float) -> date:
    """The day so many months later, rounded down to whole months, at their end from an end."""
    count = since.year * 12 + since.month - 1 + int(months + 1e-9)
    year, month = divmod(count, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, last if _is_last(since) else min(since.day, last))


def _is_last(day: date) -> bool:
    return day.day == calendar.monthrange(day.year, day.month)[1]
