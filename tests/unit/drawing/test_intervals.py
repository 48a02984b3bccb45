"""Figures with intervals, and fitted against observed."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from entrepot.drawing.intervals import Figure, draw_intervals
from entrepot.drawing.palette import LESS, MORE
from entrepot.drawing.scatter import SINGLE, draw_scatter

SVG = "{http://www.w3.org/2000/svg}"


def parts(svg: str, tag: str) -> list[ET.Element]:
    return list(ET.fromstring(svg).iter(f"{SVG}{tag}"))


def texts(svg: str) -> list[str]:
    return [each.text or "" for each in parts(svg, "text")]


def drawn(groups: list[list[Figure]], *, bars: bool) -> str:
    return draw_intervals(
        groups, name="n", title="T", description="D", bars=bars,
        tell=lambda value: f"{value:+.1f}", unit="%", between="3 others", stamped=["Source: none"],
    )  # fmt: skip


def test_bars_begin_at_nothing_and_tell_their_sign() -> None:
    svg = drawn([[Figure("A & B", 2.0, 1.0, 3.0)], [Figure("<C>", -1.0)]], bars=True)

    assert {"A & B", "<C>", "+2.0", "-1.0", "3 others", "%", "Source: none"} <= set(texts(svg))
    first, second = parts(svg, "rect")
    assert (first.get("fill"), second.get("fill")) == (MORE, LESS)
    start, wide = float(second.get("x", 0)), float(second.get("width", 0))
    assert start + wide == pytest.approx(float(first.get("x", 0)), abs=0.02)
    assert float(first.get("width", 0)) == pytest.approx(2 * wide, abs=0.05)


def test_a_dot_lies_within_its_interval() -> None:
    svg = drawn([[Figure("rta", 0.5, 0.2, 0.8), Figure("dist", -1.0, -1.2, -0.8)]], bars=False)

    dots = [float(dot.get("cx", 0)) for dot in parts(svg, "circle")]
    whiskers = [path.get("d", "") for path in parts(svg, "path") if path.get("stroke-width")]
    assert len(dots) == 2
    assert dots[1] < dots[0]
    assert len([d for d in whiskers if d]) >= 6


def test_a_heading_stands_above_its_group() -> None:
    svg = draw_intervals(
        [[Figure("a", 1.0)], [Figure("b", 2.0)]], name="n", title="T", description="D",
        bars=False, tell=str, unit="%", headings=["first", "second"], stamped=["Source: none"],
    )  # fmt: skip

    height = {text.text: float(text.get("y", 0)) for text in parts(svg, "text")}
    assert height["first"] < height["a"] < height["second"] < height["b"]


def test_a_figure_that_is_nothing_is_drawn() -> None:
    assert len(parts(drawn([[Figure("A", 0.0)]], bars=True), "rect")) == 1


@pytest.mark.parametrize("count", [1, 3, SINGLE + 1])
def test_points_of_a_scatter_are_dots_or_shades(count: int) -> None:
    points = [(1.0 + n, 2.0 + n) for n in range(count)]
    svg = draw_scatter(points, name="n", title="T", description="D",
                       axes=("observed", "fitted"), stamped=["Source: none"])  # fmt: skip

    assert {"observed", "fitted", "equal", "Source: none"} <= set(texts(svg))
    dots, cells = len(parts(svg, "circle")), len(parts(svg, "rect"))
    assert (dots == count) if count <= SINGLE else (0 < cells < count)


def test_powers_are_told_in_figures_where_these_are_short() -> None:
    svg = draw_scatter([(1e-9, 1e9)], name="n", title="T", description="D", axes=("x", "y"),
                       stamped=[])  # fmt: skip

    assert "1e-9" in texts(svg)
    assert "1e9" in texts(svg)
