"""Sankey, staircase and waterfall: what they tell, and that names cannot break them."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import date

import pytest

from entrepot.drawing.axes import round_steps, told
from entrepot.drawing.course import draw_course
from entrepot.drawing.mapped import Kind
from entrepot.drawing.palette import BLUE, GOODS, LESS, MORE, ORANGE, OTHER, colours
from entrepot.drawing.sankey import Shipment, draw_sankey
from entrepot.drawing.staircase import Step, draw_staircase
from entrepot.drawing.ties import Moment, Tie, draw_ties
from entrepot.drawing.waterfall import draw_waterfall, reach

SVG = "{http://www.w3.org/2000/svg}"
KINDS = (Kind("Potash", BLUE, "t"), Kind("Urea", ORANGE, "t"))


def texts(svg: str) -> list[str]:
    return [each.text or "" for each in ET.fromstring(svg).iter(f"{SVG}text")]


def sankey(shipments: list[Shipment]) -> str:
    return draw_sankey(
        shipments, KINDS, name="who", title="Who", description="In words",
        heads=("sold in", "bought in"), others="others", tell=lambda q: f"{q:g} t",
        stamped=["Scenario: none"],
    )  # fmt: skip


def test_a_sankey_tells_both_sides_with_their_totals() -> None:
    found = texts(sankey([Shipment("A & B", "<C>", 0, 6.0), Shipment("A & B", "D", 1, 2.0)]))

    assert {"A & B  8 t", "<C>  6 t", "D  2 t", "Potash", "Urea", "Scenario: none"} <= set(found)


def test_a_sankey_puts_the_small_ones_together() -> None:
    many = [Shipment("A", f"country {i:02}", 0, 100.0 - i) for i in range(30)]
    names = [text for text in texts(sankey(many)) if "country" in text or "others" in text]

    assert len(names) == 14
    assert names[-1].startswith("others")


def test_a_staircase_numbers_what_stands() -> None:
    steps = [
        Step("port", True, 0.0, 5.0, 2.0),
        Step("sea", False, 800.0, 10.0, 3.0),
        Step("<border>", True, 0.0, 1.0, 1.5),
    ]
    svg = draw_staircase(
        steps, name="stairs", title="T", description="D", axes=("km", "USD/t", "days"),
        stamped=["Scenario: none"],
    )  # fmt: skip

    assert {"1", "2", "km", "USD/t", "days", "Scenario: none"} <= set(texts(svg))


def test_ties_are_drawn_at_every_moment_friendly_ones_whole() -> None:
    moments = [
        Moment("2020", [Tie("A", "<B>", 0.5)]),
        Moment("2021", [Tie("A", "<B>", 1.0), Tie("A", "C", -0.2)]),
    ]
    svg = draw_ties(
        moments, ["A", "<B>", "C"], name="ties", title="T", description="D",
        signs=("friendly", "hostile"), stamped=["Scenario: none"],
    )  # fmt: skip
    lines = [each.attrib for each in ET.fromstring(svg).iter(f"{SVG}line")]

    assert {"2020", "2021", "A", "<B>", "C", "friendly", "hostile"} <= set(texts(svg))
    assert [line["stroke"] for line in lines] == [MORE, LESS, MORE, MORE, LESS]
    assert ["stroke-dasharray" in line for line in lines] == [False, True, False, False, True]
    assert float(lines[2]["stroke-width"]) > float(lines[0]["stroke-width"])


def test_a_waterfall_ends_at_the_sum_of_its_parts() -> None:
    parts = [("buyers", -6.0), ("legs", 340.0), ("sellers", -470.0)]
    svg = draw_waterfall(
        parts, name="fall", title="T", description="D", total="welfare",
        span=reach([value for _, value in parts]), tell=lambda v: f"{v:+g}", unit="million USD",
        stamped=["Scenario: none"],
    )  # fmt: skip
    fills = [each.get("fill") for each in ET.fromstring(svg).iter(f"{SVG}rect")]

    assert {"buyers", "welfare", "-136", "+340", "million USD"} <= set(texts(svg))
    assert fills[:3] == [LESS, MORE, LESS]


def test_a_waterfall_reaches_as_far_as_its_parts_on_their_way() -> None:
    assert reach([-6.0, 340.0, -470.0]) == (-136.0, 334.0)
    assert reach([]) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("low", "high", "steps"),
    [
        (0.0, 10.0, [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]),
        (-136.0, 334.0, [-100.0, 0.0, 100.0, 200.0, 300.0]),
        (3.0, 3.0, [3.0]),
    ],
)
def test_steps_are_round(low: float, high: float, steps: list[float]) -> None:
    assert round_steps(low, high) == pytest.approx(steps)


def test_figures_of_an_axis_have_the_digits_of_their_step() -> None:
    assert [told(0.5, 0.5), told(-0.0, 100.0), told(12000.0, 2000.0)] == ["0.5", "0", "12,000"]


def test_colours_are_told_apart_as_long_as_there_are_any() -> None:
    found = colours("abcdefghi")

    assert list(found.values()) == [*GOODS, OTHER, OTHER]


def test_a_course_tells_goals_and_what_is_attainable() -> None:
    drawing = draw_course(
        [(date(2024, 6, 30), 450.0), (date(2024, 12, 31), 500.0), (date(2026, 6, 30), 1000.0)],
        [(date(2024, 12, 31), 500.0, 500.0, "half"), (date(2026, 6, 30), 1000.0, 675.0, "whole")],
        name="course",
        title="A <path>",
        description="Two goals.",
        tell=lambda value: f"{value:,.0f}",
        unit="USD",
        stamped=("made up",),
    )

    told_there = texts(drawing)
    assert {"half 500", "whole 1,000", "attainable 675"} <= set(told_there)
    assert "attainable 500" not in told_there
    assert "A &lt;path&gt;" in drawing
