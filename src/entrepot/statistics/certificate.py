"""Measures with their certificate: a figure whose identity does not hold is not given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from entrepot.errors import CertificateError

TOLERANCE = 1e-9
"""Relative: how far the two sides of an identity may lie apart."""


@dataclass(frozen=True, eq=False)
class Measure:
    """A measure of trade, with what proves it.

    Attributes
    ----------
    name : of the measure
    table : the figures
    identity : the equation that was checked, in words
    residual : by how much its sides differ, relative to their size; at most `TOLERANCE`
    notes : what the reader of the figures must know
    """

    name: str
    table: pl.DataFrame
    identity: str
    residual: float
    notes: tuple[str, ...] = ()


def certified(
    name: str,
    table: pl.DataFrame,
    identity: str,
    sides: tuple[npt.ArrayLike, npt.ArrayLike],
    *,
    scale: float | None = None,
    notes: Sequence[str] = (),
) -> Measure:
    """A measure whose identity holds.

    Parameters
    ----------
    sides : both sides of the identity, of one shape
    scale : what the difference is relative to; the largest figure of both sides where None

    Raises
    ------
    CertificateError : the sides differ by more than `TOLERANCE`, or one is no number
    """
    left, right = (np.asarray(side, dtype=np.float64) for side in sides)
    size = scale
    if size is None:
        size = max((float(np.abs(side).max(initial=0.0)) for side in (left, right)), default=0.0)
    gap = float(np.abs(left - right).max(initial=0.0))
    residual = gap / size if size > 0 else gap
    if not residual <= TOLERANCE:
        raise CertificateError(
            f"{name}: {identity} does not hold (off by {residual:.3g} of {size:.6g}); "
            "no figure is given"
        )
    return Measure(name, table, identity, residual, tuple(notes))
