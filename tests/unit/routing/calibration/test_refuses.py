"""Calibration of what cannot be calibrated: one clear answer each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from entrepot.errors import QuestionError, StudyError
from entrepot.results.calibrate import calibrate
from entrepot.routing.calibration.saved import calibrated, parameters_file, read_saved
from entrepot.study import Study
from tests.unit.routing.networks import Row, goes, leg, network

LEGS = [leg("x", "ab", 1), leg("y", "ab", 2), leg("z", "bc", 1)]
CORRIDORS = [{"corridor": "first", "leg": "x"}]


def seen(target: str, quantity: float, **more: Any) -> Row:
    """A figure of a leg that is fitted to."""
    row = {"observation": target, "kind": "leg", "target": target, "good": "salt"}
    return row | {"quantity": quantity, "use": "calibrate"} | more


def two_ways(observed: list[Row], legs: list[Row] = LEGS, **more: Any) -> Study:
    """A hundred units from a to c by either of two ways."""
    wanted = more.pop("wanted", [goes("ac", 100)])
    return network(legs, wanted, corridors=CORRIDORS, observed=observed, **more)


def test_an_observed_nothing_needs_a_range() -> None:
    rows = [seen("x", 0.0), seen("y", 0.0, use="validate"), seen("z", 0.0, quantity_high=3.0)]

    with pytest.raises(StudyError) as caught:
        calibrate(two_ways(rows), {"scale": {}})

    assert [problem.column for problem in caught.value.problems] == ["quantity of x"]
    assert "write in quantity_high how much may have gone unseen" in str(caught.value)


def test_a_held_out_nothing_stands_without_standard_errors() -> None:
    rows = [seen("x", 60.0), seen("y", 0.0, use="validate")]

    found = calibrate(two_ways(rows), {"scale": {}})

    assert found.figures["off"].to_list() == [pytest.approx(0, abs=1e-6), None]


def test_a_range_with_one_end_has_the_figure_for_the_other() -> None:
    rows = [seen("x", 60.0, quantity_high=70.0), seen("y", 40.0)]

    found = calibrate(two_ways(rows), {"gateway.first": {}}, scale=1.0)

    assert found.figures["error"].to_list() == pytest.approx([10 / (2 * 1.959964), 2.0])


def test_a_consignment_that_no_way_leads_to_is_named() -> None:
    wanted = [goes("ac", 100), goes("ca", 5, name="back")]

    with pytest.raises(StudyError, match=r"back.*no way that salt may take leads from c to a"):
        calibrate(two_ways([seen("x", 60.0)], wanted=wanted), {"scale": {}})


def test_a_circle_that_pays_is_named() -> None:
    legs = [*LEGS, leg("w", "ba", -3)]

    with pytest.raises(StudyError, match="salt would go round for ever"):
        calibrate(two_ways([seen("x", 60.0)], legs), {"scale": {}})


def test_nothing_consigned_is_nothing_to_calibrate() -> None:
    with pytest.raises(QuestionError, match="nothing is consigned"):
        calibrate(two_ways([seen("x", 60.0)], wanted=[goes("ac", 0)]), {"scale": {}})


def test_a_scale_at_its_lower_bound_is_not_said_to_be_at_the_largest() -> None:
    found = calibrate(two_ways([seen("x", 99.99999)]), {"scale": {"low": 0.5}})

    assert found.parameters["state"].to_list() == ["at a bound"]
    assert "scale stands at its bound: the figures would have it beyond" in found.notes


def test_figures_that_follow_from_what_is_consigned_are_no_facts() -> None:
    to = {"observation": "to-c", "kind": "destination", "target": "c", "good": "salt"}
    arrived = to | {"quantity": 100.0, "use": "calibrate"}

    found = calibrate(two_ways([seen("x", 60.0), arrived]), {"scale": {}})

    told = "the same whatever the routes, so that they tell nothing of them: to-c"
    assert told in found.notes
    with pytest.raises(QuestionError, match="2 parameters cannot be found from 1 observed figure"):
        calibrate(two_ways([seen("x", 60.0), arrived]), {"scale": {}, "gateway.first": {}})


def test_one_scale_is_assumed_for_all_periods() -> None:
    legs = [leg("x", "ab", 1), leg("y", "ab", 2), leg("z", "bc", 1, period="one")]
    legs.append(leg("z", "bc", 1000, period="two"))
    rows = [seen("x", 60.0), seen("y", 30.0)]
    study = two_ways(rows, legs, periods=[{"period": "one"}, {"period": "two"}])

    found = calibrate(study, {"gateway.first": {}})

    # At one scale the two ways are used alike in both periods.
    said = found.figures.sort("observation", "period")["model"].to_list()
    assert said[0] == pytest.approx(said[1], rel=1e-6)
    assert found.scale["salt"] == pytest.approx(0.1)


def _saved(tmp_path: Path, study: Study, **changes: str) -> Path:
    found = calibrate(study, {"gateway.first": {}}, scale=1.0)
    text = parameters_file(found, {})
    for old, new in changes.items():
        assert old in text
        text = "\n".join(new if line.startswith(old) else line for line in text.splitlines())
    path = tmp_path / "parameters.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("changes", [{"value": "value = nan"}, {"salt": "salt = inf"}])
def test_saved_figures_that_are_none_are_refused(tmp_path: Path, changes: dict[str, str]) -> None:
    path = _saved(tmp_path, two_ways([seen("x", 60.0)]), **changes)

    with pytest.raises(StudyError, match="is not a file of parameters"):
        read_saved(path)


def test_all_that_a_study_lacks_for_saved_parameters_is_told_of_their_file(tmp_path: Path) -> None:
    saved = read_saved(_saved(tmp_path, two_ways([seen("x", 60.0)])))
    goods = [{"good": "tea"}]
    other = network([leg("x", "ab", 1)], [goes("ab", 1, good="tea")], goods=goods)

    with pytest.raises(StudyError) as caught:
        calibrated(other, saved)

    files = {problem.file for problem in caught.value.problems}
    assert files == {"parameters.toml"}
    assert len(caught.value.problems) == 2


def test_saved_parameters_in_other_money_are_refused(tmp_path: Path) -> None:
    study = two_ways([seen("x", 60.0)])
    saved = read_saved(_saved(tmp_path, study, currency='currency = "EUR"'))

    with pytest.raises(StudyError, match=r"'EUR'.* is not the money of the study, USD"):
        calibrated(study, saved)
