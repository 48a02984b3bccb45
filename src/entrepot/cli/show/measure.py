"""Measures of trade in the terminal: the table, the certificate, the notes."""

from __future__ import annotations

import polars as pl
from rich.console import Console
from rich.text import Text

from entrepot.cli.grid import print_grid
from entrepot.statistics.certificate import Measure
from entrepot.telling.columns import Heading

MONEY = frozenset(
    {
        "exports", "imports", "turnover", "balance", "before", "after", "change", "value",
        "price", "quantity", "begun", "ended", "unsplit", "trailing", "year_to_date",
        "year_to_date_before", "world", "products", "markets", "competitiveness",
        "exports_change", "imports_change", "potential", "realised", "unrealised",
        "need", "switched", "extra", "together", "gain", "offered", "alone_reporter",
        "alone_partner", "demand", "threshold",
        "start", "goal", "attainable", "shortfall", "added", "now", "amount",
    }
)  # fmt: skip
SIGNED = frozenset(
    {
        "balance",
        "change",
        "contribution",
        "growth",
        "growth_to_date",
        "lafay",
        "cost",
        "extra",
        "hhi_change",
    }
)
SHARES = frozenset({"growth", "growth_to_date", "contribution", "share", "weight", "relative",
                    "extensive", "intensive", "share_of_exports", "degree",
                    "cost", "monthly", "yearly", "same_good_now", "same_good_then"})  # fmt: skip
LARGE = 1e7
MIXED = frozenset({"leading"})


def show_measure(console: Console, title: str, found: Measure, currency: str, most: int) -> None:
    """The first rows of a measure, what proves it, and what must be known."""
    rows = found.table.head(most)
    percent = [name for name in rows.columns if name in SHARES and rows[name].dtype.is_float()]
    told = rows.with_columns(pl.col(name) * 100.0 for name in percent)
    headings = [_heading(name, told[name], currency) for name in told.columns]
    more = found.table.height - rows.height
    note = f"and {more:,} more rows; --out FILE writes them all" if more > 0 else ""
    print_grid(console, title, headings, told.rows(), note=note)
    console.print()
    console.print(Text(f"certificate: {found.identity} (off by {_off(found.residual)})"))
    for line in found.notes:
        console.print(Text(f"note: {line}"))


def _heading(name: str, column: pl.Series, currency: str) -> Heading:
    text = name.replace("_", " ")
    if not column.dtype.is_numeric():
        return Heading(text, optional=column.null_count() == len(column))
    if column.dtype.is_integer():
        return Heading(text, figures=True, digits=0)
    money = currency or ("money" if _large(column) else "")
    unit = money if name in MONEY else "%" if name in SHARES else ""
    return Heading(
        text, unit=unit, figures=True, signed=name in SIGNED, optional=True,
        mixed=name in MIXED, digits=2 if unit == "%" else None,
    )  # fmt: skip


def _large(column: pl.Series) -> bool:
    """Whether figures are too long to stand unscaled where their currency is not known."""
    most = column.cast(pl.Float64).abs().max()
    return isinstance(most, float) and most >= LARGE


def _off(residual: float) -> str:
    """A residual as people say it; rounding differs from machine to machine."""
    return "less than 1e-12" if residual < 1e-12 else f"{residual:.0e}"
