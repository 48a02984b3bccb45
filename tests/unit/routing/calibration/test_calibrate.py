"""Calibration: what was put in comes out, and what cannot be told is said to be."""

from __future__ import annotations

import math
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

import entrepot
from entrepot.errors import QuestionError, StudyError
from entrepot.results.calibrate import calibrate
from entrepot.routing.calibration.saved import calibrated, parameters_file, read_saved
from entrepot.study import Study
from tests.unit.routing.networks import Row, goes, leg, network

TRUE = {"scale": 4.0, "value-of-time.salt": 3.0, "gateway.north": -2.5}
WAYS = ("north", "south", "east")
FAR = {"n": "1", "s": "2", "e": "3"}
"""The places behind the gateways."""


def _legs() -> list[Row]:
    """Three gateways between four origins and three destinations, each end at its own distance."""
    legs = []
    for number, origin in enumerate("abcd"):
        for other, gateway in enumerate("nse"):
            far = 8.0 + 3.0 * ((number + 2 * other) % 4)
            legs.append(leg(f"{origin}{gateway}", origin + gateway, far, days=1.0 + number * other))
    for other, gateway in enumerate("nse"):
        legs.append(leg(f"{gateway}-gate", gateway + FAR[gateway], 5.0, days=1.0 + other))
        for number, end in enumerate("xyz"):
            far = 6.0 + 4.0 * ((number + other) % 3)
            legs.append(leg(f"{gateway}{end}", FAR[gateway] + end, far, days=0.5 * number))
    return legs


def _study(observed: list[Row], **settings: Any) -> Study:
    wanted = [
        goes(start + end, 100.0 + 10.0 * number + 7.0 * other)
        for number, start in enumerate("abcd")
        for other, end in enumerate("xyz")
    ]
    return network(
        _legs(),
        wanted,
        settings={"routing": settings} if settings else None,
        corridors=[{"corridor": way, "leg": f"{way[0]}-gate"} for way in WAYS],
        observed=observed,
    )


def _row(kind: str, target: str, quantity: float, **more: Any) -> Row:
    row = {"observation": f"{kind}-{target}", "kind": kind, "target": target, "good": "salt"}
    return row | {"quantity": quantity, "use": "calibrate"} | more


@pytest.fixture(scope="module")
def measured() -> list[Row]:
    """What a network routed with the true parameters would show."""
    text = "goods = ['salt']\n[scale]\nsalt = 4.0\n"
    for name in ("value-of-time.salt", "gateway.north"):
        text += f'[parameters."{name}"]\nvalue = {TRUE[name]}\n'
    return _flows(_study([]), text)


def _flows(study: Study, text: str) -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "parameters.toml"
        path.write_text(text, encoding="utf-8")
        flows = entrepot.route(calibrated(study, read_saved(path)), "logit").flows
    return [
        _row("leg", name, quantity)
        for name, quantity in flows.select("leg", "quantity").iter_rows()
        if "gate" in name or name[0] in "abcd"
    ]


def test_true_parameters_are_found(measured: list[Row]) -> None:
    found = calibrate(_study(measured), {name: {} for name in TRUE}, scale=2.0)
    values = dict(found.parameters.select("parameter", "value").iter_rows())
    assert values == pytest.approx(TRUE, rel=1e-6)
    assert found.chi_square < 1e-10
    assert found.parameters["state"].to_list() == ["fitted"] * 3
    assert (found.parameters["standard_error"] > 0).all()


def test_standard_errors_cover_the_truth(measured: list[Row]) -> None:
    random, inside = np.random.default_rng(3), 0
    for _ in range(20):
        noisy = [
            row
            | {
                "quantity": row["quantity"] * (1 + 0.02 * random.standard_normal()),
                "quantity_low": row["quantity"] * (1 - 0.02 * 1.96),
                "quantity_high": row["quantity"] * (1 + 0.02 * 1.96),
            }
            for row in measured
        ]
        noisy = [
            row
            | {
                "quantity_low": min(row["quantity_low"], row["quantity"]),
                "quantity_high": max(row["quantity_high"], row["quantity"]),
            }
            for row in noisy
        ]
        found = calibrate(_study(noisy), {name: {} for name in TRUE}, scale=2.0).parameters
        near = [
            abs(row["value"] - TRUE[row["parameter"]]) <= 1.96 * row["standard_error"]
            for row in found.iter_rows(named=True)
        ]
        inside += sum(near)
    # 60 intervals of 95 %: fewer than 51 or so inside has a chance below one in a thousand.
    assert inside >= 51


def test_a_calibrated_study_routes_as_the_model_says(measured: list[Row], tmp_path: Path) -> None:
    study = _study([row | {"quantity": row["quantity"] * 1.1} for row in measured[:8]])
    found = calibrate(study, {"scale": {}, "gateway.north": {}, "mode.rail": {}}, scale=2.0)
    path = tmp_path / "parameters.toml"
    path.write_text(parameters_file(found, {}), encoding="utf-8")
    flows = dict(
        entrepot.route(calibrated(study, read_saved(path)), "logit")
        .flows.select("leg", "quantity")
        .iter_rows()
    )
    for row in found.figures.iter_rows(named=True):
        assert flows[row["target"]] == pytest.approx(row["model"], rel=1e-9)


def test_constants_of_all_gateways_cannot_be_told_apart(measured: list[Row]) -> None:
    found = calibrate(_study(measured), {f"gateway.{way}": {} for way in WAYS}, scale=4.0)
    assert set(found.parameters["state"].to_list()[:3]) == {"cannot be told"}
    assert found.parameters["standard_error"].null_count() == 4
    told = "gateway.north, gateway.south, gateway.east cannot be told apart"
    assert any(told in note for note in found.notes)


def test_what_nothing_observed_depends_on_is_named(measured: list[Row]) -> None:
    found = calibrate(_study(measured), {"scale": {}, "mode.road": {}}, scale=2.0)
    assert "no observed figure changes with mode.road: it cannot be told from them" in found.notes
    assert found.parameters["state"].to_list() == ["fitted", "cannot be told"]


def test_a_bound_that_binds_is_told(measured: list[Row]) -> None:
    wanted = {"scale": {"high": 1.0, "start": 0.5}}
    found = calibrate(_study(measured), wanted)
    assert found.parameters.row(0, named=True)["value"] == pytest.approx(1.0)
    assert found.parameters["state"].to_list() == ["at a bound"]


def test_a_search_that_was_cut_short_is_told(
    measured: list[Row], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("entrepot.routing.calibration.fit.MOST_ROUNDS", 2)
    found = calibrate(_study(measured), {name: {} for name in TRUE}, scale=2.0)
    assert any("before it stood still" in note for note in found.notes)


def test_held_out_figures_do_not_count(measured: list[Row]) -> None:
    rows = [row | {"use": "validate", "quantity": 1e9} for row in measured[3:]]
    found = calibrate(_study(measured[:3] + rows), {"scale": {}}, scale=4.0)
    only = calibrate(_study(measured[:3]), {"scale": {}}, scale=4.0)
    assert found.parameters.equals(only.parameters)
    assert found.figures.height == len(measured)


@pytest.mark.parametrize(
    ("observed", "fit", "told"),
    [
        ([], {"scale": {}}, "no row with use 'calibrate'"),
        ([_row("leg", "n-gate", 9.0)], {"scale": {}, "transfer": {}}, "2 parameters cannot be"),
        ([_row("leg", "n-gate", 9.0)], {}, "no parameter to find"),
    ],
)
def test_too_few_facts_are_refused(observed: list[Row], fit: dict[str, Any], told: str) -> None:
    with pytest.raises(QuestionError, match=told):
        calibrate(_study(observed), fit, scale=1.0)


def test_a_scale_that_the_network_cannot_bear_is_refused() -> None:
    legs = [
        leg("x", "ab", 1),
        leg("y", "bc", 1),
        leg("z", "ca", 1),
        leg("w", "ac", 1, two_way=True),
    ]
    observed = [_row("leg", "x", 1.0)]
    study = network(legs, [goes("ab", 2)], observed=observed)
    with pytest.raises(QuestionError, match="give a smaller scale"):
        calibrate(study, {"mode.rail": {}}, scale=50.0)


def test_all_wrong_names_are_told_at_once() -> None:
    fit = {
        "scal": {},
        "gateway.nort": {},
        "mode.ship": {},
        "transfer.x": {},
        "scale": {"low": 3.0, "high": 1.0},
        "value-of-time": {"begin": 2.0},
    }
    with pytest.raises(StudyError) as caught:
        calibrate(_study([_row("leg", "n-gate", 9.0)]), fit)
    assert len(caught.value.problems) == 6
    text = str(caught.value)
    assert "did you mean 'scale'" in text
    assert "did you mean 'north'" in text


def test_saved_parameters_say_where_they_come_from(measured: list[Row], tmp_path: Path) -> None:
    study = _study(measured)
    found = calibrate(study, {"scale": {}}, scale=2.0)
    text = parameters_file(found, {"entrepot": entrepot.__version__})
    assert study.input_hash() in text
    path = tmp_path / "parameters.toml"
    path.write_text(text, encoding="utf-8")
    assert read_saved(path).scale == found.scale
    path.write_text("goods = 3\n", encoding="utf-8")
    with pytest.raises(StudyError, match="is not a file of parameters"):
        read_saved(path)


def test_figures_are_what_the_flows_add_up_to(measured: list[Row]) -> None:
    rows = [
        _row("corridor", "north", 1.0),
        _row("place", "1", 1.0),
        _row("destination", "x", 1.0),
        _row("leg", "ax", 1.0) | {"target": "an"},
    ]
    found = calibrate(_study(rows), {"scale": {"low": 2.0, "high": 3.0, "start": 2.5}})
    model = dict(found.figures.select("observation", "model").iter_rows())
    assert model["corridor-north"] == pytest.approx(model["place-1"])
    sent = found.consignments.filter(pl.col("destination") == "x")["quantity"].sum()
    assert model["destination-x"] == pytest.approx(sent)


def _two_periods(observed: list[Row]) -> Study:
    """Two ways, of which the fast one is dearer in the second period: 100 t go in each."""
    legs = [
        leg("fast", "ab", 3, period="one"),
        leg("fast", "ab", 6, period="two"),
        leg("slow", "ab", 5),
    ]
    periods = [{"period": "one"}, {"period": "two"}]
    corridors = [{"corridor": "first", "leg": "fast"}]
    return network(legs, [goes("ab", 100)], periods=periods, corridors=corridors, observed=observed)


def _share(dearer: float, scale: float = 2.0) -> float:
    """What goes by the fast way, in percent."""
    return 100 / (1 + math.exp(dearer / scale))


def test_figures_of_any_period_are_fitted_to() -> None:
    second = [_row("leg", "fast", _share(6 - 5), period="two")]
    # The gateway's constant is 0.5 in both: two facts of two periods for two parameters.
    both = [
        _row("leg", "fast", _share(3.5 - 5), period="one", observation="before"),
        _row("leg", "fast", _share(6.5 - 5), period="two", observation="after"),
    ]

    late = calibrate(_two_periods(second), {"scale": {}})
    found = calibrate(_two_periods(both), {"scale": {}, "gateway.first": {}})

    assert late.periods == ("two",)
    assert late.fit.values.tolist() == pytest.approx([2.0], rel=1e-6)
    assert "period" not in late.figures.columns
    assert found.periods == ("one", "two")
    assert found.fit.values.tolist() == pytest.approx([2.0, 0.5], rel=1e-6)
    assert found.figures["period"].to_list() == ["one", "two"]


def test_a_figure_without_a_period_holds_in_every_one() -> None:
    held = [_row("leg", "fast", 50.0, quantity_low=40.0, quantity_high=60.0)]

    found = calibrate(_two_periods(held), {"gateway.first": {}}, scale=2.0)

    # Half way between 2 cheaper and 1 dearer.
    assert found.facts == 2
    assert found.fit.values.tolist() == pytest.approx([0.5], rel=1e-6)


def test_a_period_that_is_none_is_named() -> None:
    with pytest.raises(StudyError, match=r"'three'.* is not a period of the study"):
        _two_periods([_row("leg", "fast", 50.0, period="three")])
