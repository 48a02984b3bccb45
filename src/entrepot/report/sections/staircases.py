"""Staircases: time and cost over distance of the largest journey of each of the main goods."""

from __future__ import annotations

import polars as pl

from entrepot.drawing.staircase import Step, draw_staircase
from entrepot.report.content import Block, Chart, Section, Table, Text, table
from entrepot.report.subject import Subject
from entrepot.results.staircase import staircase
from entrepot.telling.columns import Heading
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
                words = {
                    "good": subject.names.good(good),
                    "origin": subject.names.place(row["origin"]),
                    "destination": subject.names.place(row["destination"]),
                }
                blocks += [_chart(subject, good, steps, words), _table(subject, good, steps, words)]
    return Section("staircases", say("staircase.title"), blocks) if len(blocks) > 1 else None


def _stops(subject: Subject, legs: str) -> bool:
    """Whether goods are handled or checked anywhere on a journey; else there are no stairs."""
    return any(subject.names.mode(leg) == "transfer" for leg in legs.split(";") if leg)


def _goods(subject: Subject) -> list[str]:
    worth = (pl.col("quantity") * pl.col("price")).abs().sum()
    ranked = subject.base.purchases.group_by("good").agg(worth=worth)
    return list(largest(ranked.sort("good"), pl.col("worth"), MOST)["good"])


def _chart(subject: Subject, good: str, steps: pl.DataFrame, words: dict[str, str]) -> Chart:
    say, names = subject.say, subject.names
    unit = names.unit(good)
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
    return Chart(svg, f"{title} {say('staircase.note')}")


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
