"""`entrepot template`: an empty table to fill in."""

from __future__ import annotations

from cyclopts import App

from entrepot.tables.template import template as text_of

app = App(
    name="template",
    help_epilogue="Examples:\n\n"
    "  entrepot template places > my-study/places.csv\n"
    "  entrepot template legs",
)


@app.default
def template(table: str, /) -> None:
    """Print an empty table, ready to be filled in.

    Parameters
    ----------
    table
        A table of the study format, such as places, goods, legs, offers or bids.
    """
    print(text_of(table), end="")
