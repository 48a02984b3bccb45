"""Draws of a study within its ranges."""

from __future__ import annotations

import numpy as np
import pytest

from entrepot.errors import StudyError
from entrepot.study import Study, find_study, read_study, study_from_tables
from entrepot.study.ranges import Floats, drawn, read_ranges, scores, within

PLACES = [{"place": "mine", "country": "AA"}, {"place": "town", "country": "BB"}]


def study_with(legs: list[dict[str, object]], **more: list[dict[str, object]]) -> Study:
    tables: dict[str, list[dict[str, object]]] = {
        "places": PLACES,  # type: ignore[dict-item]
        "goods": [{"good": "salt"}],
        "offers": [{"place": "mine", "good": "salt", "price": 1.0, "quantity": 5.0}],
        "bids": [{"place": "town", "good": "salt", "price": 99.0, "quantity": 5.0}],
        "legs": [{"origin": "mine", "destination": "town", "mode": "rail", **leg} for leg in legs],
    }
    return study_from_tables("ranges", tables | more)


RANGED = study_with(
    [
        {"leg": "a", "cost": 10.0, "cost_low": 5.0, "cost_high": 40.0, "source": "the tariff"},
        {"leg": "b", "cost": 20.0, "cost_low": 10.0, "cost_high": 80.0, "source": "the tariff"},
        {"leg": "c", "cost": 7.0, "cost_low": 6.0, "source": "a timetable; cost: the tariff"},
        {"leg": "d", "cost": 9.0},
    ]
)


def costs(study: Study, seed: int, draws: int, **kind: float) -> Floats:
    ranges = read_ranges(study)
    made = [drawn(study, ranges, seed, draw, **kind) for draw in range(draws)]
    return np.array([each.table("legs")["cost"].to_numpy() for each in made])


def test_draws_stay_in_their_range_and_have_the_figure_in_their_middle() -> None:
    found = costs(RANGED, 1, 2000)

    assert (found[:, 0] >= 5).all()
    assert (found[:, 0] <= 40).all()
    assert (found[:, 3] == 9).all()
    assert np.mean(found[:, 0] < 10) == pytest.approx(0.5, abs=0.03)
    assert (found[:, 2] <= 7).all()


def test_a_draw_depends_on_its_number_alone() -> None:
    ranges = read_ranges(RANGED)
    alone = drawn(RANGED, ranges, 5, 17).table("legs")["cost"].to_list()
    in_turn = [drawn(RANGED, ranges, 5, n).table("legs")["cost"].to_list() for n in range(20)]

    assert alone == in_turn[17]
    assert len({tuple(each) for each in in_turn}) == 20
    assert drawn(RANGED, ranges, 6, 17).table("legs")["cost"].to_list() != alone


def test_what_a_scenario_leaves_alone_is_drawn_the_same() -> None:
    other = RANGED.change("legs", where={"leg": "a"}, set={"cost": 3.0})
    other = other.change("legs", where={"leg": "d"}, remove=True)

    before, after = costs(RANGED, 3, 5), costs(other, 3, 5)

    assert (after[:, 0] == 3).all()
    assert (after[:, 1:] == before[:, 1:3]).all()


def test_a_row_that_loses_those_of_its_source_is_drawn_as_before() -> None:
    alone = RANGED.change("legs", where={"leg": ["b", "c"]}, set={"cost": 3.0})
    before = read_ranges(RANGED)
    after = read_ranges(alone, before)

    for draw in range(5):
        was = drawn(RANGED, before, 0, draw).table("legs")["cost"][0]
        assert drawn(alone, after, 0, draw).table("legs")["cost"][0] == was


def test_rows_of_one_source_err_together() -> None:
    together = np.log(costs(RANGED, 2, 1500)[:, :2])
    alone = np.log(costs(RANGED, 2, 1500, common=0.0)[:, :2])
    one = np.log(costs(RANGED, 2, 50, common=1.0)[:, :2])

    assert 0.35 < np.corrcoef(together.T)[0, 1] < 0.6
    assert abs(np.corrcoef(alone.T)[0, 1]) < 0.1
    assert np.allclose(one[:, 0] + np.log(2), one[:, 1])


def test_the_part_of_a_source_that_is_about_the_column_counts() -> None:
    shared = [each for each in read_ranges(RANGED).inputs if each.shared]

    assert [(each.row, each.rows) for each in shared] == [("the tariff", 3)]


def test_points_of_a_curve_move_together() -> None:
    curve = [
        {"curve": "k", "quantity": q, "price": p, "price_low": p - 4, "price_high": p + 4}
        for q, p in ((0.0, 10.0), (5.0, 12.0), (9.0, 15.0))
    ]
    study = study_with([{"leg": "a", "cost": 1.0}], curves=curve)
    ranges = read_ranges(study)

    for draw in range(50):
        prices = drawn(study, ranges, 0, draw).table("curves")["price"]
        assert prices.is_sorted()
    assert len(ranges.inputs) == 1


def test_the_share_of_draws_below_is_exact() -> None:
    share = np.array([0.0, 0.125, 0.5, 0.875, 1.0])

    def of(value: float) -> Floats:
        return np.full(5, float(value))

    by_ratio = within(of(4), of(1), of(64), share)
    by_difference = within(of(2), of(0), of(6), share)

    assert by_ratio.tolist() == pytest.approx([1, 2, 4, 16, 64])
    assert by_difference.tolist() == pytest.approx([0, 1, 2, 4, 6])


def test_a_range_that_leaves_what_the_column_may_hold_is_refused() -> None:
    study = study_with([{"leg": "a", "cost": 1.0, "capacity": 5.0, "capacity_low": -2.0}])

    with pytest.raises(StudyError, match=r"capacity = '-2.*low end of its range"):
        read_ranges(study)


def test_chance_is_a_normal_figure_for_each_input() -> None:
    inputs = read_ranges(RANGED).inputs
    found = np.array([scores(inputs, 9, draw) for draw in range(3000)])

    assert np.abs(found.mean(axis=0)).max() < 0.08
    assert np.abs(found.std(axis=0) - 1).max() < 0.08
    assert np.abs(np.corrcoef(found.T) - np.eye(len(inputs))).max() < 0.08


def test_the_shipped_study_has_ranges_and_every_label_is_its_own() -> None:
    study = read_study(find_study("caspian"))
    ranges = read_ranges(study)

    assert ranges.figures > 1000
    assert len({each.label for each in ranges.inputs}) == len(ranges.inputs)
    assert ("legs", "length_km") not in {(each.table, each.name) for each in ranges.columns}
