"""Numbers and grids as people print them."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from entrepot.cli.grid import print_grid
from entrepot.telling.columns import Heading
from entrepot.telling.figures import amount, digits_for, figure


@pytest.mark.parametrize(
    ("value", "digits", "signed", "text"),
    [
        (1234567.891, 0, False, "1,234,568"),
        (1234.5, 2, False, "1,234.50"),
        (-3.14159, 1, False, "-3.1"),
        (-0.001, 2, False, "0.00"),
        (0.001, 2, True, "0.00"),
        (12.0, 1, True, "+12.0"),
    ],
)
def test_figures(value: float, digits: int, signed: bool, text: str) -> None:
    assert figure(value, digits, signed=signed) == text


@pytest.mark.parametrize(
    ("values", "digits"),
    [([12345.6, 1.0], 0), ([-123.4], 1), ([1.5, None], 2), ([0.225], 4), ([], 2), ([0.0], 2)],
)
def test_digits_follow_the_largest_number(values: list[float | None], digits: int) -> None:
    assert digits_for(values) == digits


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (15_636_918_909.0, "15,637 million USD"),
        (8_280_272.0, "8,280 thousand USD"),
        (12_345.0, "12,345 USD"),
        (-2_500_000.0, "-2,500 thousand USD"),
    ],
)
def test_amounts(value: float, text: str) -> None:
    assert amount(value, "USD") == text


def printed(headings: list[Heading], rows: list[list[object]], width: int = 60) -> list[str]:
    stream = io.StringIO()
    print_grid(Console(file=stream, width=width), "Title", headings, rows, note="and more")
    return [line.rstrip() for line in stream.getvalue().splitlines()]


def test_a_grid_aligns_and_tells_units() -> None:
    headings = [
        Heading("place"),
        Heading("sold", "t", figures=True),
        Heading("period", optional=True),
        Heading("price", "USD/t", figures=True, at_least=2),
    ]
    lines = printed(headings, [["Minsk", 2_500_000.0, None, 410.5], ["Baku", 1000.0, None, None]])

    assert lines == [
        "",
        "Title",
        "place   sold, thousand t   price, USD/t",
        "───────────────────────────────────────",
        "Minsk              2,500         410.50",
        "Baku                   1              -",
        "and more",
    ]


def test_a_grid_stays_inside_the_page() -> None:
    lines = printed([Heading("a"), Heading("b")], [["x " * 80, "y" * 90]], width=60)

    assert max(map(len, lines)) <= 60
    assert "".join(lines).count("y") == 90


def test_no_figure_is_broken_and_what_finds_no_room_is_named() -> None:
    headings = [Heading("a country"), *(Heading(f"figure {n}", figures=True) for n in range(6))]
    rows: list[list[object]] = [["Belarus", *(1_234_567.0 + n for n in range(6))]]
    lines = printed(headings, rows, width=50)

    assert max(map(len, lines)) <= 50
    [told] = [line for line in lines if line.startswith("Belarus")]
    assert [told.count(f"1,234,56{7 + n}") for n in range(3)] == [1, 1, 1]
    assert "no room for figure 3, figure 4, figure 5: widen the terminal" in " ".join(lines)


def test_heads_are_broken_before_figures() -> None:
    headings = [Heading("place"), Heading("a very long heading of figures", figures=True)] * 2
    lines = printed(headings, [["Baku", 12.5, "Minsk", 7.0]], width=40)

    assert any("12.50" in line and "7.00" in line for line in lines)
