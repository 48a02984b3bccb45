"""What can be wrong with UN Comtrade records, told by file, row, column and value."""

from __future__ import annotations

import polars as pl

from entrepot.errors import Problem
from entrepot.sources.countries import GROUPS, UNASSIGNED, numbers

FLOWS = ("M", "X", "RX", "RM", "DX", "FM", "MIP", "XIP", "MOP", "XOP")
AT_MOST = 50
"""Problems told in full; a wrong column would else fill the screen."""


def problems_in(rows: pl.DataFrame) -> list[Problem]:
    """Everything wrong with some records; the first `AT_MOST` in full, the others counted."""
    known = [*numbers(), *GROUPS, *UNASSIGNED]
    value = pl.col("primaryValue").cast(pl.Float64, strict=False)
    checks: list[tuple[str, pl.Expr, str, str]] = [
        (
            "period", ~pl.col("period").fill_null("").str.contains(r"^\d{4}(0[1-9]|1[0-2])?$"),
            "is neither a year nor a month", "write 2023 or 202301",
        ),
        ("reporterCode", _unknown("reporterCode", known), "is not a country", _CURE),
        ("partnerCode", _unknown("partnerCode", known), "is not a country", _CURE),
        (
            "flowCode", ~pl.col("flowCode").fill_null("").is_in(FLOWS),
            "is not a flow", f"one of {', '.join(FLOWS)}",
        ),
        (
            "cmdCode",
            pl.col("cmdCode").fill_null("").str.contains(r"^\d{1}$|^\d{3}$|^\d{5}$|^$")
            & pl.col("classificationCode").fill_null("H").str.starts_with("H"),
            "is not a code of goods: it has lost a zero, or is missing",
            "get the file anew and keep codes as text; a spreadsheet drops zeros in front",
        ),
        (
            "primaryValue",
            pl.col("primaryValue").is_not_null()
            & (value.is_null() | ~value.is_finite() | (value < 0)),
            "is not a value", "write a number of 0 or more",
        ),
    ]  # fmt: skip
    problems = []
    for column, wrong, message, remedy in checks:
        found = rows.filter(wrong).select("file", "row", column)
        for file, row, text in found.head(AT_MOST).iter_rows():
            problems.append(Problem(file, row, column, text or "", message, remedy))
        if found.height > AT_MOST:
            more = f"{found.height - AT_MOST} more rows: {message}"
            problems.append(Problem(found["file"][0], None, column, None, more, remedy))
    return problems


_CURE = "write a number of M49, as UN Comtrade lists them"


def _unknown(column: str, known: list[int]) -> pl.Expr:
    number = pl.col(column).str.to_integer(strict=False)
    return number.is_null() | ~number.is_in(known)
