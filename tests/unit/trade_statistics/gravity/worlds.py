"""Small worlds of trade, drawn from a seed."""

from __future__ import annotations

import numpy as np
import polars as pl


def world(
    seed: int, countries: int = 8, periods: int = 5, missing: float = 0.0, zeros: float = 0.2
) -> pl.DataFrame:
    """Trade of countries over periods: exporter, importer, period, trade, near, deal."""
    draw = np.random.default_rng(seed)
    i, j, t = (
        each.ravel()
        for each in np.meshgrid(*map(np.arange, (countries, countries, periods)), indexing="ij")
    )
    near = draw.normal(size=(countries, countries))[i, j]
    deal = (t >= draw.integers(0, 2 * periods, (countries, countries))[i, j]).astype(float)
    size = draw.normal(0, 1, (countries, periods))
    mean = np.exp(size[i, t] + size[j, t] - 0.8 * near + 0.3 * deal)
    trade = mean * draw.gamma(0.7, 1 / 0.7, len(i)) * (draw.random(len(i)) >= zeros)
    names = np.array([f"C{number:02d}" for number in range(countries)])
    frame = pl.DataFrame(
        {
            "exporter": names[i], "importer": names[j], "period": t, "trade": trade, "near": near,
            "deal": deal, "noise": draw.normal(size=len(i)),
        }
    )  # fmt: skip
    return frame.filter(pl.Series(draw.random(len(i)) >= missing))
