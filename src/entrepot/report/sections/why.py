"""Why prices are what they are: the sum behind the price at the largest market of each good."""

from __future__ import annotations

import re
from itertools import groupby
from typing import Any

import polars as pl

from entrepot.report.content import Block, Items, Section, Table, Text, table
from entrepot.report.subject import Subject
from entrepot.results.explain import Explanation, explain
from entrepot.telling.columns import Heading
from entrepot.telling.largest import largest

COLUMNS = ("price", "freight", "time", "rent", "duty", "other")

COLUMN = {
    "price": "price",
    "freight": "freight",
    "transfer": "freight",
    "time": "time",
    "queue": "rent",
    "quota": "rent",
    "commitment": "rent",
    "duty": "duty",
    "remainder": "other",
}
"""Where each part of a price stands."""

LEAST = 5e-7
"""Money per unit: less is left over by the solver."""

KEYS = ["period", "place", "good"]


def why(subject: Subject) -> Section | None:
    """A sum for each good that anyone buys."""
    say, bought = subject.say, subject.base.purchases
    blocks: list[Block] = [Text(say("why.intro"))]
    markets = bought.group_by(KEYS).agg(pl.col("quantity").sum()).sort(KEYS)
    for good in subject.goods:
        mine = markets.filter(pl.col("good") == good)
        if not mine.is_empty():
            row = largest(mine, pl.col("quantity"), 1).row(0, named=True)
            found = explain(subject.base, row["place"], good, row["period"])
            if found.price is not None:
                blocks.append(_sum(subject, found))
                blocks.append(Items([_with_names(subject, note) for note in found.notes]))
    return Section("why", say("why.title"), blocks) if len(blocks) > 1 else None


def _with_names(subject: Subject, note: str) -> str:
    """A sentence with the places that it names as people call them."""

    def named(match: re.Match[str]) -> str:
        place = match[1].rstrip(".")
        if place not in places:
            return match[0]
        return f"at {subject.names.place(place)}{match[1][len(place) :]}"

    places = set(subject.base.study.table("places")["place"])
    return re.sub(r"\bat ([a-z0-9_.-]+)", named, note)


def _sum(subject: Subject, found: Explanation) -> Table:
    """A row for each step of the journey, its parts side by side."""
    say, names = subject.say, subject.names
    money = f"{found.currency}/{found.unit}"
    rows: list[list[object]] = []
    so_far = 0.0
    for name, parts in groupby(found.rows.iter_rows(named=True), key=lambda row: row["name"]):
        amounts: dict[str, float] = {}
        label = ""
        for part in parts:
            so_far += part["amount"]
            column = COLUMN[part["part"]]
            amounts[column] = amounts.get(column, 0.0) + part["amount"]
            label = label or say(f"part.{part['part']}", name=names.anything(name))
        if max(map(abs, amounts.values())) >= LEAST:
            rows.append([label, *(amounts.get(column) for column in COLUMNS), so_far])
    look: dict[str, Any] = {"figures": True, "digits": 2}
    headings = [
        Heading(say("why.part", money=money)),
        *(Heading(say(f"why.{column}"), optional=True, **look) for column in COLUMNS),
        Heading(say("why.so_far"), **look),
    ]
    caption = say(
        "why.caption",
        good=names.good(found.good),
        place=names.place(found.place),
        price=f"{found.price:,.2f} {money}",
    )
    return table(caption, headings, rows, folded=len(rows) > 25)
