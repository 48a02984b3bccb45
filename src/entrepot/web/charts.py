"""Maps of answers, as plain values for the page and as SVG for where it cannot draw."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from entrepot.drawing.mapped import Mapped, widths
from entrepot.report.content import Chart
from entrepot.report.maps import changed, charts, mapped, netted
from entrepot.report.sections.comparison import comparison
from entrepot.report.sections.staircases import journey_chart, staircases
from entrepot.report.sections.who import who
from entrepot.report.subject import Subject
from entrepot.results.quoted import must_be_known
from entrepot.telling.names import Names
from entrepot.web.atlas import Atlas, answer
from entrepot.web.rules import rules_on_a_map
from entrepot.web.runs import Run

Drawn = tuple[Subject, Mapped, Mapping[str, float]]


def map_of(atlas: Atlas, run: Run) -> dict[str, Any]:
    """What flows where, by good."""
    subject, drawn, _ = _flows(atlas, run)
    return _told(subject, drawn, [str(good) for good in subject.goods]) | _rules(subject, run)


def map_of_change(atlas: Atlas, base: Run, other: Run) -> dict[str, Any]:
    """Where more flows than in the base and where less."""
    subject, drawn, _ = _changes(atlas, base, other)
    return _told(subject, drawn, []) | _rules(subject, other)


def svg_of(atlas: Atlas, run: Run) -> str | None:
    """The map as the report draws it; None where no place has coordinates."""

    def draw() -> str | None:
        subject, drawn, scales = _flows(atlas, run)
        found = charts(subject, "map", drawn, scales, subject.stamp(", ".join(scales)))
        return _first(drawn, found)

    return run.once("svg", draw)


def svg_of_change(atlas: Atlas, base: Run, other: Run) -> str | None:
    """The map of the change as the report draws it."""

    def draw() -> str | None:
        subject, drawn, scales = _changes(atlas, base, other)
        stamp = subject.stamp(", ".join(scales), answer(other), answer(base))
        title = subject.title(answer(other))
        return _first(
            drawn, charts(subject, "change", drawn, scales, stamp, scenario=title, id="change")
        )

    return other.once(("svg", base.id), draw)


def charts_of(atlas: Atlas, run: Run, other: Run | None = None) -> list[Chart]:
    """The report's charts of an answer, or those of what another changes."""

    def draw() -> list[Chart]:
        if other is None:
            subject = atlas.subject(answer(run))
            sections = [who(subject), staircases(subject)]
        else:
            sections = [comparison(atlas.subject(answer(run), answer(other)))]
        blocks = [block for section in sections if section for block in section.blocks]
        # The map of the change is the page's own.
        return [each for each in blocks if isinstance(each, Chart) and "-frame" not in each.svg]

    if other is None:
        return run.once("charts", draw)
    return other.once(("charts", run.id), draw)


def chart_of(found: list[Chart], number: int) -> str | None:
    """The drawing of one chart, counted from 0; None where there is none."""
    return found[number].svg if 0 <= number < len(found) else None


def journey_of(atlas: Atlas, run: Run, good: str, legs: str, period: str | None) -> Chart:
    """The staircase of any journey."""
    must_be_known(good, run.study.table("goods")["good"].to_list(), "good")
    key = ("journey", good, legs, period)
    return run.once(key, lambda: journey_chart(atlas.subject(answer(run)), good, legs, period))


def _first(drawn: Mapped, found: Any) -> str | None:
    first: Chart | None = next(iter(found), None) if drawn.spots else None
    return None if first is None else first.svg


def _flows(atlas: Atlas, run: Run) -> Drawn:
    def draw() -> Drawn:
        subject = atlas.subject(answer(run))
        drawn = subject.courses.led(mapped(subject, subject.spots))
        return subject, drawn, widths([drawn])

    return run.once("drawn", draw)


def _changes(atlas: Atlas, base: Run, other: Run) -> Drawn:
    def draw() -> Drawn:
        subject = atlas.subject(answer(base), answer(other))
        drawn = changed(subject, subject.spots, subject.other_spots[0])
        led = netted(subject.courses.led(drawn))
        return subject, led, widths([led])

    return other.once(("drawn", base.id), draw)


def _rules(subject: Subject, run: Run) -> dict[str, Any]:
    """Bans and quotas where they hold."""
    rules = rules_on_a_map(answer(run), subject.spots.legs, Names(run.study), subject.say)
    return {"rules": rules}


def _told(subject: Subject, drawn: Mapped, goods: list[str]) -> dict[str, Any]:
    """A map as plain values: rows in the order of the columns that are named."""
    places = subject.spots.spots["place"].to_list()
    colour = {kind.name: kind.colour for kind in drawn.kinds}
    return {
        "kinds": [
            {
                "name": kind.name,
                "unit": kind.unit,
                "colour": colour[kind.name],
                "good": goods[i] if goods else None,
            }
            for i, kind in enumerate(drawn.kinds)
        ],
        "spots": [
            {
                "place": places[i] if i < len(places) else None,
                "name": spot.name,
                "at": [spot.longitude, spot.latitude],
                "kind": spot.kind,
                "trade": spot.trade,
                "sells": spot.sells,
                "full": spot.full,
                "closed": spot.closed,
            }
            for i, spot in enumerate(drawn.spots)
        ],
        "lines": [
            [line.start, line.end, line.state, line.by_water, bool(line.full)]
            for line in drawn.lines
        ],
        "legs": [list(row) for row in subject.spots.legs.select("leg", "start", "end").iter_rows()],
        "bands": [[band.start, band.end, band.kind, band.quantity] for band in drawn.bands],
        "nowhere": [subject.names.place(place) for place in subject.spots.nowhere],
    }
