"""What scenarios change: key figures, who gains, where flows move, what becomes scarce."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import polars as pl

from entrepot.clearing.answers import Clearing
from entrepot.drawing.mapped import widths
from entrepot.drawing.waterfall import draw_waterfall, reach
from entrepot.report.content import Block, Chart, Head, Section, Table, Text, table
from entrepot.report.maps import changed, charts, netted
from entrepot.report.sections.rows import left_out
from entrepot.report.subject import Subject
from entrepot.results.compare import Comparison
from entrepot.telling.changes import NEGLIGIBLE, largest_changes, modal_split, where_bought
from entrepot.telling.columns import Heading
from entrepot.telling.figures import digits_for, figure, scale_for

POWERS = ((1e9, "number.billion"), (1e6, "number.million"), (1e3, "number.thousand"), (0.0, ""))
"""What the amounts of a chart are told in."""

MOST = 25
"""Rows of one table, those with the largest change."""

Row = dict[str, Any]
Telling = Callable[[Row], object]


def comparison(subject: Subject) -> Section | None:
    """All scenarios side by side, then each against the base; scales are those of the widest."""
    if not subject.others:
        return None
    say = subject.say
    blocks: list[Block] = [Text(say("comparison.intro")), _side_by_side(subject)]
    drawn = [
        netted(subject.courses.led(changed(subject, subject.spots, each)))
        for each in subject.other_spots
    ]
    scales = widths([each for each in drawn if each.bands])
    parts = [_parts(subject, each) for each in subject.comparisons]
    spans = [reach([value for _, value in each]) for each in parts]
    span = (min(low for low, _ in spans), max(high for _, high in spans))
    for number, (other, found) in enumerate(zip(subject.others, subject.comparisons, strict=True)):
        title = subject.title(other)
        blocks.append(Head(title))
        if parts[number] and span[0] < span[1]:
            blocks.append(_waterfall(subject, number, other, parts[number], span))
        if drawn[number].bands:
            blocks += charts(
                subject,
                "change",
                drawn[number],
                scales,
                subject.stamp(", ".join(scales), other, subject.base),
                id=f"change-{number}",
                scenario=title,
            )
        blocks += _Tables(subject, other, found).all()
    return Section("comparison", say("comparison.title"), blocks)


def _side_by_side(subject: Subject) -> Table:
    """Key figures of all answers."""
    say, currency = subject.say, subject.currency
    headings = [
        Heading(say("column.figure")),
        Heading(say("column.unit")),
        *(
            Heading(subject.title(each), figures=True, mixed=True)
            for each in (subject.base, *subject.others)
        ),
    ]
    rows: list[list[object]] = []
    for number, measure in enumerate(("welfare", "duty_revenue")):
        values = [each.totals["other"][number] / 1e6 for each in subject.comparisons]
        base = subject.comparisons[0].totals["base"][number] / 1e6
        unit = say("comparison.millions", currency=currency)
        rows.append([say(f"comparison.{measure}"), unit, base, *values])
    keys = ["period", "good", "measure", "unit"]
    for row in _joined([each.goods for each in subject.comparisons], keys):
        if not _differ(row["values"]):
            continue
        name = subject.names.short_good(row["good"])
        told = say(f"measure.{row['measure']}")
        if subject.several:
            name = f"{name}, {row['period']}"
        factor, word = scale_for(row["values"], row["unit"])
        values = [None if value is None else value / factor for value in row["values"]]
        rows.append([f"{name}: {told}", f"{word}{row['unit']}", *values])
    return table(say("comparison.figures"), headings, rows, note=say("comparison.alike"))


def _differ(values: Sequence[float | None]) -> bool:
    """Whether any figure differs from the first by more than is negligible."""
    first, *others = values
    if first is None:
        return any(value is not None for value in others)
    return any(
        value is None or abs(value - first) > NEGLIGIBLE * max(abs(value), abs(first))
        for value in others
    )


def _joined(frames: Sequence[pl.DataFrame], keys: list[str]) -> Iterator[Row]:
    """Rows of several comparisons with the same base, side by side."""
    whole = frames[0].select(*keys, "base", pl.col("other").alias("0"))
    for number, frame in enumerate(frames[1:], start=1):
        other = frame.select(
            *keys, pl.col("base").alias("again"), pl.col("other").alias(str(number))
        )
        whole = whole.join(other, on=keys, how="full", coalesce=True).with_columns(
            base=pl.coalesce("base", "again")
        )
        whole = whole.drop("again")
    numbers = [str(number) for number in range(len(frames))]
    for row in whole.sort(keys).iter_rows(named=True):
        yield {**row, "values": [row["base"], *(row[number] for number in numbers)]}


def _parts(subject: Subject, found: Comparison) -> list[tuple[str, float]]:
    summed = found.welfare.group_by("part", maintain_order=True).agg(pl.col("change").sum())
    size = float(summed["change"].abs().max() or 0.0)  # type: ignore[arg-type]
    return [
        (subject.say(f"welfare.{part}"), change)
        for part, change in summed.select("part", "change").iter_rows()
        if abs(change) > NEGLIGIBLE * size
    ]


def _waterfall(
    subject: Subject,
    number: int,
    other: Clearing,
    parts: Sequence[tuple[str, float]],
    span: tuple[float, float],
) -> Chart:
    say = subject.say
    title = say("waterfall.caption", scenario=subject.title(other))
    largest_told = max(map(abs, span))
    power, name = next(each for each in POWERS if largest_told >= each[0])
    factor, word = (power, f"{say(name)} ") if name else (1.0, "")
    digits = min(digits_for([largest_told / factor]), 2)
    svg = draw_waterfall(
        parts,
        name=f"waterfall-{number}",
        title=title,
        description=say("waterfall.description"),
        total=say("waterfall.total"),
        span=span,
        tell=lambda value: figure(value / factor, digits, signed=True),
        unit=f"{word}{subject.currency}",
        stamped=subject.stamp(subject.currency, other, subject.base),
    )
    return Chart(svg, f"{title} {say('waterfall.note')}")


def _scaled(value: float | None, factor: float) -> float | None:
    return None if value is None else value / factor


class _Tables:
    """The tables of one comparison."""

    def __init__(self, subject: Subject, other: Clearing, found: Comparison) -> None:
        self.subject = subject
        self.other = other
        self.found = found
        self.names = subject.names
        self.say = subject.say

    def all(self) -> Iterator[Table]:
        """Every table in which anything changed."""
        say, names, found = self.say, self.names, self.found
        currency = self.subject.currency
        good = (say("column.good"), self._good)
        yield from self._table(
            "countries", found.countries, [(say("column.country"), self._country)], currency
        )
        prices = where_bought(found.prices, self.subject.base, self.other)
        agents = found.agents.filter(pl.col("agent").is_not_null())
        yield from self._table(
            "agents", agents, [(say("column.agent"), lambda row: row["agent"])], currency
        )
        yield from self._table(
            "corridors",
            found.corridors,
            [
                (say("column.corridor"), lambda row: names.corridor(row["corridor"])),
                good,
                (say("column.unit"), lambda row: row["unit"]),
            ],
        )
        yield from self._table("modes", modal_split(found.modes), [
            (say("column.mode"), lambda row: row["mode"]),
            (say("column.of"), lambda row: row["unit"]),
        ], digits=1)  # fmt: skip
        yield from self._table("prices", prices, [
            good,
            (say("column.place"), lambda row: names.place(row["place"])),
            (say("column.unit"), lambda row: f"{currency}/{row['unit']}"),
        ], mixed=True)  # fmt: skip
        yield from self._table("limits", found.limits, [
            (say("column.what"), lambda row: names.limit(row["table"], row["name"])),
            good,
        ], digits=2)  # fmt: skip

    def _country(self, row: Row) -> str:
        if row["country"] is None:
            return self.say("comparison.across")
        return self.names.country(row["country"])

    def _good(self, row: Row) -> str | None:
        return None if row["good"] is None else self.names.short_good(row["good"])

    def _table(
        self,
        name: str,
        frame: pl.DataFrame,
        keys: Sequence[tuple[str, Telling]],
        unit: str = "",
        digits: int | None = None,
        mixed: bool = False,
    ) -> Iterator[Table]:
        """The rows that change most, if any does."""
        shown, moved = largest_changes(frame, MOST, digits, mixed)
        if not moved:
            return
        look: dict[str, Any] = {"figures": True, "digits": digits, "mixed": mixed}
        factor, word = 1.0, ""
        if unit:
            both = shown.select(pl.max_horizontal(pl.col("base", "other").abs()).max()).item()
            factor, word = scale_for([both], unit)
        unit = f"{word}{unit}"
        headings = [
            Heading(self.say("column.period"), optional=True),
            *(Heading(text, optional=True) for text, _ in keys),
            *(
                Heading(f"{text}, {unit}" if unit else text, signed=signed, **look)
                for text, signed in (
                    (self.say("as_it_stands"), False),
                    (self.subject.title(self.other), False),
                    (self.say("column.change"), True),
                )
            ),
        ]
        rows = [
            [
                self.subject.period(row["period"]) if "period" in row else None,
                *(tell(row) for _, tell in keys),
                *(_scaled(row[name], factor) for name in ("base", "other", "change")),
            ]
            for row in shown.iter_rows(named=True)
        ]
        caption = self.say(f"change.{name}", scenario=self.subject.title(self.other))
        note = left_out(self.subject, moved, shown.height)
        yield table(caption, headings, rows, note=note, folded=len(rows) > 15)
