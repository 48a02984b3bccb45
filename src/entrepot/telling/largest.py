"""The rows that matter most, in an order that is the same on every machine."""

from __future__ import annotations

import polars as pl

DIGITS = 6
"""Sizes that agree in so many digits are one size: the rest differs with solver and processor."""


def largest(frame: pl.DataFrame, size: pl.Expr, most: int) -> pl.DataFrame:
    """The `most` largest rows, by size; rows of one size in the order of the frame."""
    rank = size.round_sig_figs(DIGITS)
    return frame.sort(rank, descending=True, maintain_order=True).head(most)
