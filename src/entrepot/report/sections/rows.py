"""What is left out of a table, in words."""

from __future__ import annotations

import polars as pl

from entrepot.report.subject import Subject


def rest(subject: Subject, all_rows: pl.DataFrame, shown: pl.DataFrame, column: str) -> str:
    """How many rows are not shown and how much of a column is theirs; empty where all are."""
    left = all_rows.height - shown.height
    total = float(all_rows[column].sum())
    if left == 0:
        return ""
    share = 0.0 if total == 0 else 1 - float(shown[column].sum()) / total
    return subject.say("rows.rest", count=f"{left:,}", share=f"{100 * share:.1f}")


def left_out(subject: Subject, height: int, shown: int) -> str:
    """How many rows are not shown; empty where all are."""
    return subject.say("rows.left", count=f"{height - shown:,}") if height > shown else ""
