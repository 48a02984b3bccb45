"""Errors by several ways to cluster, against their definition; RESET of made-up worlds."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrepot.errors import StatisticsError
from entrepot.statistics.gravity import Estimate, ols, ppml
from entrepot.statistics.gravity.covariance import sandwich
from entrepot.statistics.gravity.reset import reset
from tests.unit.trade_statistics.gravity.worlds import world

WAYS = ("exporter", "importer", "period")


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 3))
def test_scores_are_multiplied_where_rows_share_any_cluster(seed: int, many: int) -> None:
    draw = np.random.default_rng(seed)
    rows, count = 60, 2
    scores = draw.normal(size=(count, rows))
    clusters = {name: draw.integers(0, 12, rows) for name in WAYS[:many]}
    for name, codes in clusters.items():
        clusters[name] = np.unique(codes, return_inverse=True)[1].astype(np.int64)
    root = draw.normal(size=(count, count))
    bread = root @ root.T + np.eye(count)
    found = sandwich(bread, scores, clusters, {}, poisson=True, convention="stata")
    alike = np.any([codes[:, None] == codes for codes in clusters.values()], axis=0)
    inverse = np.linalg.inv(bread)
    fewest = min(int(codes.max()) + 1 for codes in clusters.values())
    expected = fewest / (fewest - 1) * inverse @ (scores @ alike @ scores.T) @ inverse
    if np.linalg.eigvalsh(expected)[0] < 0:
        assert "negative eigenvalues set to 0" in found.words
        assert np.linalg.eigvalsh(found.values)[0] > -1e-9 * np.trace(found.values)
    else:
        assert found.values == pytest.approx(expected, rel=1e-9, abs=1e-12)
    assert len(found.clusters) == many


@pytest.mark.parametrize("estimator", [ppml, ols])
def test_ways_that_hold_each_other_are_the_wider_one(estimator: object) -> None:
    frame = world(3, 9, 5, zeros=0.0)
    words = (["deal"], ["importer^period"])
    both = estimator(frame, *words, cluster=["exporter", "exporter^importer"])  # type: ignore[operator]
    wider = estimator(frame, *words, cluster="exporter")  # type: ignore[operator]
    assert both.covariance == pytest.approx(wider.covariance)
    assert both.clusters == (9, 81)
    assert "clustered by exporter and by exporter^importer" in both.errors
    assert "2-way (Cameron, Gelbach and Miller)" in both.errors


def test_order_of_ways_is_nothing() -> None:
    frame = world(4, 8, 5)
    errors = [
        ppml(frame, ["deal"], ["importer^period"], cluster=ways).covariance.item()
        for ways in (WAYS, WAYS[::-1])
    ]
    assert errors[0] == pytest.approx(errors[1])
    pairs = [ppml(frame, ["deal"], cluster=two).clusters for two in combinations(WAYS, 2)]
    assert pairs == [(8, 8), (8, 5), (8, 5)]


@pytest.mark.parametrize(
    ("cluster", "said"),
    [
        (["exporter", "same"], "same is the same in every row"),
        (["exporter", "exporter"], "exporter is given twice"),
        (["exporter", "exportr"], "no column 'exportr'; did you mean 'exporter'"),
    ],
)
def test_ways_that_are_refused(cluster: list[str], said: str) -> None:
    frame = world(4, 6, 3).with_columns(same=pl.lit(1))
    with pytest.raises(StatisticsError, match=said):
        ppml(frame, ["deal"], cluster=cluster)


def poisson(draw: np.random.Generator, curved: float) -> pl.DataFrame:
    x = draw.normal(size=3_000)
    mean = np.exp(1.0 + 0.5 * x + curved * x**2)
    return pl.DataFrame({"x": x, "trade": draw.poisson(mean).astype(float)})


def estimate(rows: pl.DataFrame, names: Sequence[str]) -> Estimate:
    return ppml(rows, names)


def test_reset_finds_a_wrong_form_and_leaves_a_right_one() -> None:
    draw = np.random.default_rng(1)
    wrong = poisson(draw, -0.3)
    assert reset(estimate(wrong, ["x"]), wrong, estimate).table["p"].item() < 1e-6
    chances = []
    for _ in range(40):
        right = poisson(draw, 0.0)
        chances.append(reset(estimate(right, ["x"]), right, estimate).table["p"].item())
    # Uniform where the form is right.
    assert 0.3 < np.mean(chances) < 0.7
    assert sum(p < 0.05 for p in chances) <= 6


def test_reset_of_two_values_tells_nothing() -> None:
    frame = world(4, 6, 3)
    with pytest.raises(StatisticsError, match="RESET tells nothing here"):
        reset(estimate(frame, ["deal"]), frame, estimate)
