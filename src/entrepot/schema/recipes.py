"""Recipes: what a process consumes and makes."""

from __future__ import annotations

from entrepot.schema.declare import Column, Table

RECIPES = Table(
    name="recipes",
    doc="One good in a recipe.",
    own=(
        Column("recipe", "name", "Name of the recipe.", required=True, example="urea"),
        Column("good", "name", "The good.", required=True, refers_to=("goods",)),
        Column(
            "amount",
            "number",
            "Amount per unit of the recipe's main product: negative consumed, positive made.",
            unit="units per unit",
            required=True,
            example="-0.58",
        ),
    ),
    key=("recipe", "good"),
)
