"""Plants: recipes that run at places."""

from __future__ import annotations

from entrepot.schema.declare import Column, Table

PLANTS = Table(
    name="plants",
    doc="A recipe that can run at a place. A plant may have a row for each period; a row that "
    "names the period takes the place of one that does not.",
    own=(
        Column("plant", "name", "Unique name.", required=True, example="sumgait-urea"),
        Column("place", "name", "Where it stands.", required=True, refers_to=("places",)),
        Column("recipe", "name", "What it runs.", required=True, refers_to=("recipes",)),
        Column(
            "capacity",
            "number",
            "Most of the main product; blank: no limit.",
            unit="units per period",
            at_least=0,
        ),
        Column(
            "cost",
            "number",
            "Running cost of one unit of the main product.",
            unit="money per unit",
            default=0.0,
        ),
        Column("agent", "text", "Who runs it."),
        Column("period", "name", "Period of the row; blank: every period.", refers_to=("periods",)),
    ),
    key=("plant", "period"),
)
