"""What NAFTA did, as the Advanced Guide prints it (chapter 2, application 2, page 116).

Figures are those of the guide's edition in R (Vargas Sepulveda, M., "tradepolicy"), in percent:
the world of 1994 with NAFTA against the one without. Costs of trade come in two stages (Anderson,
J. and Yotov, Y. 2016): from effects of pairs and, for pairs that never trade, from what explains
the effects of others.
"""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from entrepot.statistics.equilibrium.book import book
from entrepot.statistics.equilibrium.conditional import conditional, scaled
from entrepot.statistics.equilibrium.full import full
from entrepot.statistics.equilibrium.shocks import agreement
from entrepot.statistics.equilibrium.world import Floats, World
from entrepot.statistics.gravity import ppml
from tests.unit.trade_statistics.gravity.data import panel

MEMBERS = ("CAN", "MEX", "USA")
LINKS = ("ldist", "cntg", "lang", "clny")

# Exports, conditional and full; real output, price index and producer price, full.
PRINTED = {
    "CAN": (35.00, 37.46, 3.40, -1.48, 1.84),
    "MEX": (41.65, 43.52, 3.81, -2.40, 1.30),
    "USA": (14.49, 14.89, 0.33, -0.18, 0.15),
    "CHL": (-0.81, -0.83, -0.03, 0.01, -0.03),
    "COL": (-1.80, -1.73, -0.03, 0.09, 0.06),
    "CRI": (-1.03, -1.04, -0.07, 0.06, -0.01),
    "AUS": (-0.49, -0.51, -0.01, 0.02, 0.01),
    "JPN": (-0.35, -0.42, -0.01, -0.02, -0.03),
    "PAN": (-0.60, -0.62, -0.02, 0.03, 0.00),
    "TTO": (-0.86, -0.88, -0.08, 0.02, -0.06),
}


def square(frame: pl.DataFrame, column: str) -> Floats:
    """A column of all pairs, sorted, as a matrix."""
    count = frame["exporter"].n_unique()
    return frame[column].cast(pl.Float64).fill_null(np.nan).to_numpy().reshape(count, count)


def predicted(frame: pl.DataFrame, costs: Floats) -> Floats:
    """Costs of all pairs, by what explains those that are known."""
    known = frame.with_columns(cost=costs.ravel()).filter(
        (pl.col("exporter") != pl.col("importer")) & pl.col("cost").is_not_nan()
    )
    found = ppml(known, LINKS, ["exporter", "importer"], trade="cost")
    assert found.rows == known.height
    by_links = sum((square(frame, x) * found.slope(x) for x in LINKS), np.zeros_like(costs))
    names = frame["exporter"].unique().sort()
    i, j = (known[side].cast(pl.Enum(names)).to_physical().to_numpy()
            for side in ("exporter", "importer"))  # fmt: skip
    # What links leave is the effect of an exporter and of an importer.
    left = np.log(found.fitted["fitted"].to_numpy()) - by_links[i, j]
    count, rows = len(names), np.arange(len(left))
    design = np.zeros((len(left), 2 * count))
    design[rows, i] = design[rows, count + j] = 1.0
    effects = np.linalg.lstsq(design, left, rcond=None)[0]
    return np.asarray(np.exp(by_links + effects[:count, None] + effects[count:]))


@pytest.fixture(scope="module")
def nafta() -> tuple[World, float]:
    """The world of 1994 at the costs of trade so found, and the effect of an agreement."""
    rows = panel()
    found = ppml(rows, ["rta"], ["exporter^year", "importer^year", "pair"])
    effect = found.slope("rta")
    at = found.fitted.with_columns(pl.col("row").cast(pl.UInt32))
    frame = rows.with_row_index("row").join(at, on="row", how="left")
    frame = frame.filter(pl.col("year") == 1994).sort("exporter", "importer")
    fitted, agreed, trade = (square(frame, name) for name in ("fitted", "rta", "trade"))
    # Of a pair as of all trade at home; effects of countries fall out.
    home = np.diag(fitted)
    costs = np.sqrt(fitted * fitted.T / np.outer(home, home)) * np.exp(-effect * agreed)
    assert int(np.isnan(costs).sum()) == 14
    costs = np.where(np.isnan(costs), predicted(frame, costs), costs)
    np.fill_diagonal(costs, 1.0)
    base = costs * np.exp(effect * agreed)
    output, spent = trade.sum(axis=1), trade.sum(axis=0)
    buyers, _ = scaled(base, output, spent)
    flows = (output / (base @ buyers))[:, None] * base * buyers
    return World(tuple(frame["exporter"].unique().sort()), flows), effect


def undone(table: pl.DataFrame, column: str, country: str) -> float:
    """The change the other way round, in percent."""
    return 100.0 / (1.0 + float(table.filter(country=country)[column].item()) / 100.0) - 100.0


def test_what_nafta_did_as_it_is_printed(nafta: tuple[World, float]) -> None:
    world, effect = nafta
    without = agreement(world, MEMBERS, -effect)
    trade, printed = conditional(world, without).table, book(world, without, 6.0, reference="DEU")
    for country, expected in PRINTED.items():
        told = [
            undone(trade, "exports_conditional", country),
            *(undone(printed.table, name, country)
              for name in ("exports_book", "real_output_book", "price_index_book")),
            # The guide tells prices the other way round, as a share of those with NAFTA.
            -float(printed.table.filter(country=country)["price_book"].item()),
        ]  # fmt: skip
        assert told == pytest.approx(expected, abs=0.016), country


def test_what_nafta_did_once_markets_clear(nafta: tuple[World, float]) -> None:
    world, effect = nafta
    found = full(world, agreement(world, MEMBERS, -effect), 6.0, numeraire="DEU")
    assert found.residual < 1e-8
    # Near what is printed; the guide's rule stops with markets off by 0.4 %.
    for country in MEMBERS:
        ours = undone(found.table, "real_output_full", country)
        assert ours == pytest.approx(PRINTED[country][2], abs=0.05)
    assert undone(found.table, "exports_full", "CAN") == pytest.approx(36.7, abs=0.05)
