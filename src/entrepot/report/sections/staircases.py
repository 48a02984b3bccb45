"""Staircases: time and cost over distance of the largest journey of each of the main goods."""

from __future__ import annotations

import polars as pl

from entrepot.drawing.staircase import Step, draw_staircase
from entrepot.report.content import Block, Chart, Section, Table, Text, table
from entrepot.report.subject import Subject
from entrepot.results.facilitation import facilitation
from entrepot.results.staircase import staircase
from entrepot.telling.columns import Heading
from entrepot.telling.figures import figure
from entrepot.telling.largest import largest

MOST = 4
"""Goods told, those with the largest trade in money first."""


def staircases(subject: Subject) -> Section | None:
    """A chart and a table for each journey."""
    say = subject.say
    blocks: list[Block] = [Text(say("staircase.intro"))]
    for good in _goods(subject):
        mine = subject.journeys.filter(pl.col("good") == good)
        mine = mine.filter([_stops(subject, legs) for legs in mine["legs"]])
        if not mine.is_empty():
            row = largest(mine, pl.col("quantity"), 1).row(0, named=True)
            steps = staircase(subject.base, good, row["legs"], row["period"])
            if float(steps["km"].sum()) > 0:
                words = _words(subject, good, steps)
                chart = journey_chart(subject, good, row["legs"], row["period"])
                blocks += [chart, _table(subject, good, steps, words)]
    return Section("staircases", say("staircase.title"), blocks) if len(blocks) > 1 else None


def _stops(subject: Subject, legs: str) -> bool:
    """Whether goods are handled or checked anywhere on a journey; else there are no stairs."""
    return any(subject.names.mode(leg) == "transfer" for leg in legs.split(";") if leg)


def _goods(subject: Subject) -> list[str]:
    worth = (pl.col("quantity") * pl.col("price")).abs().sum()
    ranked = subject.base.purchases.group_by("good").agg(worth=worth)
    return list(largest(ranked.sort("good"), pl.col("worth"), MOST)["good"])


def _words(subject: Subject, good: str, steps: pl.DataFrame) -> dict[str, str]:
    names = subject.names
    return {
        "good": names.good(good),
        "origin": names.place(steps["origin"][0]),
        "destination": names.place(steps["destination"][-1]),
    }


def journey_chart(subject: Subject, good: str, legs: str, period: str | None = None) -> Chart:
    """Cost and days over the distance of one journey, with its trade-facilitation indicators.

    Raises
    ------
    QuestionError : a good or a leg that the study does not have, or legs that do not join
    """
    say, names = subject.say, subject.names
    unit = names.unit(good)
    steps = staircase(subject.base, good, legs, period)
    words = _words(subject, good, steps)
    told = [
        Step(
            names.place(row["destination"]),
            row["mode"] == "transfer",
            row["km"],
            row["cost"],
            row["days"],
        )
        for row in steps.iter_rows(named=True)
    ]
    title = say("staircase.caption", **words)
    svg = draw_staircase(
        told,
        name=f"staircase-{good.replace('.', '-')}",
        title=title,
        description=say("staircase.description"),
        axes=(
            say("staircase.distance"),
            say("staircase.cost", money=f"{subject.currency}/{unit}"),
            say("staircase.days"),
        ),
        stamped=subject.stamp(unit),
    )
    return Chart(svg, f"{title} {say('staircase.note')} {_indicators(subject, good, legs, period)}")


def _indicators(subject: Subject, good: str, legs: str, period: str | None) -> str:
    """The four indicators in one sentence each; those that nothing is known of are left out."""
    found = facilitation(subject.base, good, legs, period)
    value = dict(found.select("indicator", "value").iter_rows())
    told = {
        name: figure(number, 1 if name in ("tfi1", "tfi4", "tfi4_delayed") else 2)
        for name, number in value.items()
        if number is not None
    }
    money = f"{subject.currency}/{subject.names.unit(good)}"
    sentences = []
    if value["tfi1"] is not None:
        count = f"{value['crossings']:.0f}"
        sentences.append(subject.say("tfi.border", **told, count=count, money=money))
    if value["tfi3"] is not None:
        sentences.append(subject.say("tfi.cost", **told, money=money))
    if value["tfi4"] is not None:
        sentences.append(subject.say("tfi.speed", **told))
    return " ".join(sentences)


def _table(subject: Subject, good: str, steps: pl.DataFrame, words: dict[str, str]) -> Table:
    say, names = subject.say, subject.names
    money = f"{subject.currency}/{names.unit(good)}"
    headings = [
        Heading(say("column.number"), optional=True),
        Heading(say("column.leg")),
        Heading(say("column.to")),
        Heading("km", figures=True, digits=0),
        Heading(say("column.freight", money=money), figures=True, digits=2),
        Heading(say("column.days"), figures=True, digits=2),
        Heading(say("column.rent_paid", money=money), figures=True, digits=2, optional=True),
        Heading(say("column.source"), optional=True),
    ]
    rows, number = [], 0
    rents = bool((steps["rent"] != 0).any())
    for row in steps.iter_rows(named=True):
        stands = row["mode"] == "transfer"
        number += stands
        rows.append(
            [
                str(number) if stands else None,
                say("staircase.change") if row["leg"] is None else names.leg(row["leg"]),
                names.place(row["destination"]),
                row["km"],
                row["cost"],
                row["days"],
                row["rent"] if rents else None,
                None if row["leg"] is None else subject.cited.of_leg(row["leg"], good),
            ]
        )
    return table(say("staircase.table", **words), headings, rows, folded=True)
