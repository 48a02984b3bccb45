"""Answers as maps: what the drawing is told, from what an answer does where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from entrepot.drawing.legend import Legend, round_amounts
from entrepot.drawing.map import Sheet, draw_map
from entrepot.drawing.mapped import Band, Kind, Line, Mapped, Spot, State
from entrepot.drawing.palette import LESS, MORE
from entrepot.drawing.projection import Window
from entrepot.report.content import DIGITS, Chart
from entrepot.report.courses import BY_WATER
from entrepot.report.subject import Subject
from entrepot.results.on_a_map import OnAMap
from entrepot.telling.figures import amount, figure

SIGNS = ("port", "border")
STATES: dict[str, State] = {"used": "used", "unused": "unused", "closed": "closed"}
NEGLIGIBLE = 1e-6
"""Of the larger of two flows: a change below it is none."""


def mapped(subject: Subject, found: OnAMap) -> Mapped:
    """An answer's flows by good, each leg straight."""
    kinds = tuple(
        Kind(subject.names.good(good), subject.colours[good], subject.names.unit(good))
        for good in subject.goods
    )
    bands = tuple(
        Band(row["start"], row["end"], subject.goods.index(row["good"]), row["quantity"])
        for row in found.flows.iter_rows(named=True)
    )
    return Mapped(_spots(subject, found), _lines(found), bands, kinds)


def changed(subject: Subject, base: OnAMap, other: OnAMap) -> Mapped:
    """The difference of two answers' flows, goods of one unit added up: more, and less."""
    say = subject.say
    units = list(dict.fromkeys(subject.names.unit(good) for good in subject.goods))
    kinds = tuple(
        Kind(say(f"map.{word}", unit=unit), colour, unit)
        for unit in units
        for word, colour in (("more", MORE), ("less", LESS))
    )
    unit_of = {good: subject.names.unit(good) for good in subject.goods}
    keys = ["start", "end", "unit"]
    ours, theirs = (
        each.flows.with_columns(unit=pl.col("good").replace_strict(unit_of))
        .group_by(keys)
        .agg(pl.col("quantity").sum().round_sig_figs(DIGITS))
        for each in (base, other)
    )
    both = ours.join(theirs, on=keys, how="full", coalesce=True, suffix="_other").with_columns(
        pl.col("quantity", "quantity_other").fill_null(0.0)
    )
    change = pl.col("quantity_other") - pl.col("quantity")
    least = NEGLIGIBLE * pl.max_horizontal("quantity", "quantity_other")
    moved = both.with_columns(change=change).filter(change.abs() > least).sort(keys)
    bands = tuple(
        Band(
            row["start"],
            row["end"],
            2 * units.index(row["unit"]) + (row["change"] < 0),
            abs(row["change"]),
        )
        for row in moved.iter_rows(named=True)
    )
    lines = tuple(line for line in _lines(other) if line.state == "closed" and not line.by_water)
    return Mapped(_spots(subject, other), lines, bands, kinds)


def netted(drawn: Mapped) -> Mapped:
    """Changes on one way set against each other: kinds come in pairs, more and less."""
    sums: dict[tuple[int, int, int], float] = {}
    most: dict[tuple[int, int, int], float] = {}
    for band in drawn.bands:
        key = (band.start, band.end, band.kind // 2)
        sums[key] = sums.get(key, 0.0) + band.quantity * (1 - 2 * (band.kind % 2))
        most[key] = max(most.get(key, 0.0), band.quantity)
    bands = tuple(
        Band(start, end, 2 * unit + (change < 0), abs(change))
        for (start, end, unit), change in sorted(sums.items())
        if abs(change) > NEGLIGIBLE * most[start, end, unit]
    )
    return Mapped(drawn.spots, drawn.lines, bands, drawn.kinds)


def _spots(subject: Subject, found: OnAMap) -> tuple[Spot, ...]:
    rents: dict[int, float] = {}
    for start, end, rent in found.full.select("start", "end", "rent").iter_rows():
        if start == end:
            rents[start] = max(rent, rents.get(start, 0.0))
    inside = found.legs.filter(pl.col("start") == pl.col("end"))
    open_ = inside.filter(pl.col("state") != "closed")["start"]
    shut = set(inside["start"]) - set(open_)
    return tuple(
        Spot(
            name=subject.names.place(row["place"]),
            longitude=row["longitude"],
            latitude=row["latitude"],
            kind=row["kind"] if row["kind"] in SIGNS else "place",
            trade=row["sold"] + row["bought"],
            sells=row["sold"] > row["bought"],
            closed=row["spot"] in shut,
            full=subject.say("map.rent", rent=figure(rents[row["spot"]], 1))
            if row["spot"] in rents
            else "",
        )
        for row in found.spots.iter_rows(named=True)
    )


def _lines(found: OnAMap) -> tuple[Line, ...]:
    full = {(start, end) for start, end in found.full.select("start", "end").iter_rows()}
    return tuple(
        Line(
            row["start"],
            row["end"],
            STATES[row["state"]],
            row["mode"] in BY_WATER,
            "full" if (row["start"], row["end"]) in full else "",
        )
        for row in found.legs.iter_rows(named=True)
    )


def windows(subject: Subject) -> Iterator[tuple[str, Window]]:
    """What every map of the report shows: everything, and where most happens if that is smaller."""
    drawn = mapped(subject, subject.spots)
    whole = drawn.window()
    yield "whole", whole
    core = drawn.core(whole)
    if core is not None:
        yield "core", core


def charts(
    subject: Subject,
    name: str,
    drawn: Mapped,
    scales: Mapping[str, float],
    stamp: list[str],
    **words: str,
) -> Iterator[Chart]:
    """A map for each window; `words` go into its title, `id` is its name in the page."""
    under = subject.basemap
    notes = [
        subject.say("map.straight" if under is None else "map.courses"),
        subject.say("map.no_basemap")
        if under is None
        else subject.say("map.own_basemap", file=under.file)
        if under.file
        else subject.say("map.basemap"),
    ]
    for part, window in windows(subject):
        title = subject.say(f"{name}.{part}", **words)
        sheet = Sheet(
            name=f"{words.get('id', name)}-{part}",
            title=title,
            description=subject.say(f"{name}.description", **words),
            window=window,
            scales=scales,
            legend=_legend(subject, scales),
            stamp=stamp,
        )
        caption = " ".join([title, *notes])
        yield Chart(draw_map(drawn, sheet, subject.basemap), caption)


def _legend(subject: Subject, scales: Mapping[str, float]) -> Legend:
    say = subject.say
    return Legend(
        width={unit: say("map.width", unit=unit) for unit in scales},
        amounts={
            (unit, each): amount(each, unit)
            for unit, scale in scales.items()
            for each in round_amounts(scale)
        },
        **{
            word: say(f"map.{word}")
            for word in ("sells", "buys", "port", "border", "full", "closed", "unused")
        },
    )
