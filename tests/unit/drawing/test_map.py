"""Maps: what is drawn, that it can be read as XML, and that names cannot break it."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest

from entrepot.drawing.basemap import Basemap, decoded, read_basemap
from entrepot.drawing.legend import Legend, round_amounts
from entrepot.drawing.map import Sheet, draw_map
from entrepot.drawing.mapped import Band, Kind, Line, Mapped, Spot, widths
from entrepot.drawing.palette import BLUE, LAND, ORANGE

SVG = "{http://www.w3.org/2000/svg}"

SPOTS = (
    Spot("Mine <script>", 27.5, 52.8, trade=100.0, sells=True),
    Spot("Минск", 27.6, 53.9),
    Spot("Ələt", 49.4, 39.9, "port", full="full, rent 3.0"),
    Spot("Astara & border", 48.9, 38.4, "border", closed=True),
    Spot("Market", 54.0, 36.0, trade=25.0),
)
LINES = (
    Line(0, 1, "used"),
    Line(1, 2, "used", full="full"),
    Line(2, 4, "used"),
    Line(2, 3, "closed"),
    Line(3, 4, "unused"),
)
BANDS = (Band(0, 1, 0, 900.0), Band(1, 2, 0, 900.0), Band(2, 4, 0, 900.0), Band(1, 2, 1, 100.0))
KINDS = (Kind("Potash", BLUE, "t"), Kind("Urea", ORANGE, "t"))
MAPPED = Mapped(SPOTS, LINES, BANDS, KINDS)

# A square of land at 40 to 50 degrees east, in two countries with the border at 45.
WORLD = {
    "type": "Topology",
    "arcs": [
        [[45, 30], [45, 60]],
        [[45, 60], [40, 60], [40, 30], [45, 30]],
        [[45, 30], [50, 30], [50, 60], [45, 60]],
    ],
    "objects": {
        "land": {
            "type": "GeometryCollection",
            "geometries": [{"type": "MultiPolygon", "arcs": [[[2, 1]]]}],
        },
        "countries": {
            "type": "GeometryCollection",
            "geometries": [
                {"type": "Polygon", "arcs": [[0, 1]]},
                {"type": "Polygon", "arcs": [[2, ~0]]},
            ],
        },
    },
}


def drawn(mapped: Mapped = MAPPED, world: bool = True) -> ET.Element:
    return ET.fromstring(text_of(mapped, world))


def text_of(mapped: Mapped = MAPPED, world: bool | Basemap = True) -> str:
    scales = widths([mapped])
    legend = Legend(
        width={unit: f"width, {unit}" for unit in scales},
        amounts={(u, a): f"{a:g}" for u, scale in scales.items() for a in round_amounts(scale)},
        sells="sells", buys="buys", port="port", border="border", full="full", closed="closed",
        unused="unused",
    )  # fmt: skip
    window = mapped.window()
    sheet = Sheet("map-1", "Flows", "In words", window, scales, legend, ["Scenario: <none>"])
    if isinstance(world, Basemap):
        return draw_map(mapped, sheet, world)
    return draw_map(mapped, sheet, decoded(WORLD) if world else None)


def strokes(svg: ET.Element, colour: str) -> list[ET.Element]:
    return [each for each in svg.iter(f"{SVG}path") if each.get("stroke") == colour]


def test_a_map_says_what_it_is_to_those_who_cannot_see_it() -> None:
    svg = drawn()

    assert svg.get("role") == "img"
    assert svg.get("aria-labelledby") == "map-1-title map-1-desc"
    assert [svg.findtext(f"{SVG}{tag}") for tag in ("title", "desc")] == ["Flows", "In words"]


def test_names_of_any_letters_are_told_and_break_nothing() -> None:
    told = {each.text for each in drawn().iter(f"{SVG}text")}

    assert {"Mine <script>", "Минск", "Ələt", "Astara & border", "Scenario: <none>"} <= told
    assert "<script" not in text_of()


def test_bands_that_follow_each_other_are_one_stroke() -> None:
    (potash,) = strokes(drawn(), BLUE)
    d = potash.get("d") or ""

    assert d.count("M") == 1
    assert d.count("L") >= 3


def test_widths_are_in_proportion() -> None:
    svg = drawn()
    (potash,), (urea,) = strokes(svg, BLUE), strokes(svg, ORANGE)
    wide, thin = (float(each.get("stroke-width") or 0) for each in (potash, urea))

    assert wide / thin == pytest.approx(9.0, rel=0.02)


def test_goods_lie_side_by_side_and_ways_back_on_the_other_side() -> None:
    way_back = Mapped(SPOTS, LINES, (Band(1, 2, 0, 500.0), Band(2, 1, 1, 500.0)), KINDS)
    svg = drawn(way_back)
    starts = [
        tuple(float(x) for x in re.findall(r"-?[\d.]+", each.get("d") or "")[:2])
        for colour in (BLUE, ORANGE)
        for each in strokes(svg, colour)
    ]
    ends = [
        tuple(float(x) for x in re.findall(r"-?[\d.]+", each.get("d") or "")[-2:])
        for each in strokes(svg, ORANGE)
    ]

    # The orange band ends beside the beginning of the blue one: two half widths and two gaps away.
    apart = ((starts[0][0] - ends[0][0]) ** 2 + (starts[0][1] - ends[0][1]) ** 2) ** 0.5
    assert apart == pytest.approx(14.0, abs=0.3)


def test_land_and_borders_or_a_net_of_degrees() -> None:
    with_land, without = text_of(), text_of(world=False)

    assert 'stroke-dasharray="2.5 2"' in with_land
    assert 'stroke-dasharray="2.5 2"' not in without
    assert ET.fromstring(without).tag == f"{SVG}svg"


def test_maps_to_be_compared_have_one_scale() -> None:
    small = Mapped(SPOTS, LINES, (Band(0, 1, 0, 9.0),), KINDS)

    assert widths([MAPPED, small]) == widths([MAPPED])
    assert widths([small])["t"] > widths([MAPPED])["t"]


def test_the_same_map_gives_the_same_bytes() -> None:
    assert text_of() == text_of()


def test_round_amounts_are_one_two_or_five() -> None:
    assert round_amounts(12.0 / 7_000_000) == (1e6, 5e6)
    assert round_amounts(12.0 / 3) == (0.4, 2.0)


def test_the_middle_of_a_continent_is_land() -> None:
    world = read_basemap()
    if world is None:
        pytest.skip("no basemap is installed: make basemap fetches it where npm is")
    inland = (Spot("a", 30.0, 50.0, trade=1.0), Spot("b", 60.0, 52.0, trade=1.0))
    svg = ET.fromstring(text_of(Mapped(inland, (), (Band(0, 1, 0, 1.0),), KINDS), world))
    (land,) = (each for each in svg.iter(f"{SVG}path") if each.get("fill") == LAND)
    rings = [
        [tuple(map(float, point.split())) for point in part.strip("MZ").split("L")]
        for part in (land.get("d") or "").split("Z")
        if part
    ]
    x, y = 480.0, 200.0
    winding = sum(_crossings(ring, x, y) for ring in rings)

    assert winding % 2 == 1


def _crossings(ring: list[tuple[float, ...]], x: float, y: float) -> int:
    pairs = zip(ring, [*ring[1:], ring[0]], strict=True)
    return sum(
        (a[1] > y) != (b[1] > y) and x < a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0])
        for a, b in pairs
    )
