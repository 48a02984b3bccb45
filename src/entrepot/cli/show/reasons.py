"""A price taken apart in the terminal: the sum behind it, along the marginal journey."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from rich.console import Console

from entrepot.cli.grid import print_grid
from entrepot.results.explain import Explanation
from entrepot.study import Study
from entrepot.telling.columns import Heading
from entrepot.telling.names import Names

COLUMNS = ("price", "freight", "time", "rent", "duty", "other")

# Where each part of a price stands, and what is told of it beside its name.
PARTS = {
    "price": ("price", "price at {}"),
    "freight": ("freight", "{}"),
    "transfer": ("freight", "transfer at {}"),
    "time": ("time", "{}"),
    "queue": ("rent", "{}"),
    "quota": ("rent", "quota {}"),
    "commitment": ("rent", "commitment {}"),
    "duty": ("duty", "into {}"),
    "remainder": ("other", "left over by the solver"),
}

CENTS = 2


def show_explanation(console: Console, study: Study, found: Explanation) -> None:
    """The parts of a price, what they come to so far, and who sets it."""
    names = Names(study)
    title = f"{names.good(found.good)} at {names.place(found.place)}"
    if study.table("periods").height > 1:
        title += f", {found.period}"
    if found.price is None:
        console.print(f"{title}: no price", soft_wrap=True)
    else:
        money = f"{found.currency}/{found.unit}"
        headings = [
            Heading(f"in {money}"),
            *(Heading(name, figures=True, digits=CENTS, optional=True) for name in COLUMNS),
            Heading("so far", figures=True, digits=CENTS),
        ]
        rows = list(_rows(names, found))
        print_grid(console, f"{title}: {found.price:,.2f} {money}", headings, rows)
    console.print()
    for note in found.notes:
        console.print(note, soft_wrap=True)


def _rows(names: Names, found: Explanation) -> Iterator[list[object]]:
    """A row for each step, rounded so that the figures printed come to the price printed."""
    so_far, told = 0.0, 0.0
    for name, parts in groupby(found.rows.iter_rows(named=True), key=lambda row: row["name"]):
        amounts: dict[str, float] = {}
        label = ""
        for part in parts:
            so_far += part["amount"]
            column, words = PARTS[part["part"]]
            label = label or words.format(names.anything(name))
            shown = round(so_far, CENTS)
            amounts[column] = amounts.get(column, 0.0) + shown - told
            told = shown
        yield [label, *(amounts.get(column) for column in COLUMNS), told]
