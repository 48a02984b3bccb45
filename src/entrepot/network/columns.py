"""Columns of tables as arrays."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def column(frame: pl.DataFrame, name: str, missing: float) -> Floats:
    """A number column as floats, blanks as `missing`."""
    return frame[name].fill_null(missing).to_numpy().astype(float)
