"""The map of what flows where."""

from __future__ import annotations

from entrepot.drawing.mapped import widths
from entrepot.report.content import Block, Section, Text
from entrepot.report.maps import charts, mapped
from entrepot.report.subject import Subject


def map_(subject: Subject) -> Section:
    """The base on a map; places without coordinates are named."""
    say, found = subject.say, subject.spots
    blocks: list[Block] = []
    if found.spots.is_empty():
        blocks.append(Text(say("map.no_coordinates")))
    else:
        drawn = subject.courses.led(mapped(subject, found))
        scales = widths([drawn])
        units = ", ".join(scales)
        blocks.append(Text(say("map.intro")))
        blocks += charts(subject, "map", drawn, scales, subject.stamp(units))
        blocks.append(Text(say("map.instead"), quiet=True))
    if found.nowhere and not found.spots.is_empty():
        told = ", ".join(subject.names.place(place) for place in found.nowhere)
        blocks.append(Text(say("map.nowhere", places=told), quiet=True))
    return Section("map", say("map.title"), blocks)
