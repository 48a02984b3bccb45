"""Who ships to whom: a Sankey chart of countries for each unit of quantity."""

from __future__ import annotations

import polars as pl

from entrepot.drawing.mapped import Kind
from entrepot.drawing.sankey import Shipment, draw_sankey
from entrepot.report.content import Block, Chart, Section
from entrepot.report.subject import Subject
from entrepot.telling.figures import amount


def who(subject: Subject) -> Section | None:
    """A chart for each unit in which goods are counted."""
    names, journeys = subject.names, subject.journeys
    blocks: list[Block] = []
    units = dict.fromkeys(names.unit(good) for good in subject.goods)
    for number, unit in enumerate(units):
        goods = [good for good in subject.goods if names.unit(good) == unit]
        mine = journeys.filter(pl.col("good").is_in(goods))
        if not mine.is_empty():
            blocks.append(_chart(subject, number, unit, goods, mine))
    return Section("who", subject.say("who.title"), blocks) if blocks else None


def _chart(
    subject: Subject, number: int, unit: str, goods: list[str], journeys: pl.DataFrame
) -> Chart:
    say, names = subject.say, subject.names
    kinds = [Kind(names.good(good), subject.colours[good], unit) for good in goods]
    shipments = [
        Shipment(
            names.country(names.country_of(row["origin"])),
            names.country(names.country_of(row["destination"])),
            goods.index(row["good"]),
            row["quantity"],
        )
        for row in journeys.iter_rows(named=True)
    ]
    title = say("who.caption", unit=unit)
    svg = draw_sankey(
        shipments,
        kinds,
        name=f"who-{number}",
        title=title,
        description=say("who.description"),
        heads=(say("who.from"), say("who.to")),
        others=say("who.others"),
        tell=lambda quantity: amount(quantity, unit),
        stamped=subject.stamp(unit),
    )
    return Chart(svg, title)
