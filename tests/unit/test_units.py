"""Units at the edge."""

from __future__ import annotations

import pytest

from entrepot.units import UnitError, converted, factor


@pytest.mark.parametrize(
    ("unit", "target", "expected"),
    [
        ("t", "t", 1.0),
        ("kt", "t", 1e3),
        ("Mt", "t", 1e6),
        ("kg", "t", 1e-3),
        ("kt/year", "Mt/year", 1e-3),
        ("Mt/yr", "t/year", 1e6),
        ("million USD", "USD", 1e6),
        ("USD", "thousand USD", 1e-3),
        ("USD/kt", "USD/t", 1e-3),
        ("billion EUR/year", "EUR/year", 1e9),
        ("bcm", "m3", 1e9),
        ("FEU", "TEU", 2.0),
        ("MWh", "GJ", 3.6),
        ("short_ton", "t", 0.90718474),
        ("oil_bbl", "m3", 0.158987294928),
        ("percent", "1", 0.01),
        ("1000m3", "bcm", 1e-6),
        ("USD/1000m3", "USD/m3", 1e-3),
        ("thousand 1000m3", "mcm", 1.0),
    ],
)
def test_factors(unit: str, target: str, expected: float) -> None:
    assert factor(unit, target) == pytest.approx(expected, rel=1e-12)
    assert factor(target, unit) == pytest.approx(1 / expected, rel=1e-12)


def test_values_are_converted_with_the_factor() -> None:
    assert converted(6.647, "Mt", "t") == pytest.approx(6_647_000)


@pytest.mark.parametrize(
    ("unit", "target", "reason"),
    [
        ("km", "t", "cannot convert from 'kilometer'"),
        ("EUR", "USD", "cannot convert from 'EUR'"),
        ("shipload", "t", "'shipload' is not defined"),
        ("ton", "t", "means several units"),
        ("thousand barrels", "m3", "means several units"),
        ("t", "t/year", "cannot convert"),
        ("1000m3", "t", "cannot convert from 'm3'"),
        ("USD/1000m3", "EUR/1000m3", "cannot convert from 'USD / "),
        ("t", "0 t", "division by zero"),
        ("t t (", "t", "'t t (' is not a unit"),
        ("", "t", "'' is not a unit"),
        ("t//kg", "t", "'t//kg' is not a unit"),
    ],
)
def test_units_that_do_not_measure_the_same_are_refused(
    unit: str, target: str, reason: str
) -> None:
    with pytest.raises(UnitError) as caught:
        factor(unit, target)

    assert reason in str(caught.value)
