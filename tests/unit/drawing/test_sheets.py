"""Sheets of bars, columns and products: what they tell and how they mark estimates."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

from entrepot.drawing.bars import Bar, draw_bars
from entrepot.drawing.columns import Column, draw_columns
from entrepot.drawing.palette import BLUE, ORANGE
from entrepot.drawing.product_space import Product, draw_product_space
from entrepot.drawing.sheet import below, height_of, sheet

SVG = "{http://www.w3.org/2000/svg}"
PARTS = (("sold", BLUE), ("not sold", ORANGE))


def texts(svg: str) -> list[str]:
    return [each.text or "" for each in ET.fromstring(svg).iter(f"{SVG}text")]


def fills(svg: str, fill: str) -> list[dict[str, str]]:
    found = ET.fromstring(svg).iter(f"{SVG}rect")
    return [dict(each.attrib) for each in found if each.get("fill") == fill]


def bars(*rows: Bar) -> str:
    return draw_bars(
        rows, PARTS, name="b", title="Which <goods>", under="2023, million USD",
        description="In words", unit="million USD", stamped=["Source: A & B."], mark="threshold",
    )  # fmt: skip


def test_bars_stand_on_each_other_and_tell_their_marks() -> None:
    svg = bars(Bar("<1>", (30.0, 10.0), "10 more", mark=35.0), Bar("2", (20.0, 0.0)))

    told = texts(svg)
    words = {"Which <goods>", "2023, million USD", "<1>", "10 more", "threshold", "sold",
             "Source: A & B."}  # fmt: skip
    assert words <= set(told)
    assert "hatched: estimate" not in told
    sold, more = (
        [each for each in fills(svg, colour) if "height" in each and each["height"] == "17"]
        for colour in (BLUE, ORANGE)
    )
    assert float(sold[0]["x"]) + float(sold[0]["width"]) == float(more[0]["x"])
    assert float(sold[0]["width"]) == 1.5 * float(sold[1]["width"])
    assert more[1]["width"] == "0"


def test_estimates_are_hatched_and_the_legend_says_so() -> None:
    svg = bars(Bar("1", (1.0, 1.0), estimate=True), Bar("2", (1.0, 1.0)))

    assert "hatched: estimate" in texts(svg)
    # Two parts of one bar, and the sign in the legend.
    assert len(fills(svg, "url(#b-estimate)")) == 3


def test_bars_below_nothing_go_to_the_left() -> None:
    svg = draw_bars(
        [Bar("1", (-2.0,)), Bar("2", (1.0,))], [("index", BLUE)], name="b", title="T", under="U",
        description="D", unit="index", stamped=[],
    )  # fmt: skip
    left, right = fills(svg, BLUE)
    assert float(left["x"]) + float(left["width"]) == float(right["x"])


def test_columns_tell_their_sums_and_leave_labels_out_where_they_would_meet() -> None:
    def drawn(many: int) -> str:
        return draw_columns(
            [Column(f"20{n:02}-01", (2.0, 1.0), (False, n == 0)) for n in range(many)], PARTS,
            name="c", title="T", under="U", description="D", unit="USD",
            tell=lambda value: f"{value:g}", stamped=[],
        )  # fmt: skip

    few, many = drawn(3), drawn(60)
    assert texts(few).count("3") >= 3
    assert len(fills(few, "url(#c-estimate)")) == 2
    assert sum(text.startswith("20") for text in texts(few)) == 3
    assert sum(text.startswith("20") for text in texts(many)) < 30


def test_products_are_filled_where_they_are_made() -> None:
    svg = draw_product_space(
        [Product("3104", 0.5, 1.0, True), Product("<&>", 0.2, -1.0, False)], name="s", title="T",
        under="U", description="D", axes=("near", "complex"), signs=("made", "not yet"), stamped=[],
    )  # fmt: skip
    assert {"3104", "<&>", "near", "complex", "made", "not yet"} <= set(texts(svg))
    dots = [each.get("fill") for each in ET.fromstring(svg).iter(f"{SVG}circle")]
    assert sorted(map(str, dots)).count(BLUE) == 2


def test_a_stamp_is_wrapped_and_never_cut() -> None:
    long = " ".join(f"source{n}" for n in range(60))
    svg = sheet([], 10.0, name="s", title="T", under="U", description="D", stamped=[long])

    assert " ".join(text for text in texts(svg) if "source" in text) == long
    assert height_of(svg) > 60


def test_drawings_stand_one_below_the_other() -> None:
    one = bars(Bar("1", (1.0, 1.0)))
    both = below([one, one.replace('"b', '"other')], name="both", title="T", description="D")

    assert height_of(both) == 2 * (height_of(one) + 10)
    assert len(re.findall(r"<svg", both)) == 3
