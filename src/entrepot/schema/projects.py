"""Projects: money that becomes capacity."""

from __future__ import annotations

from entrepot.schema.declare import Column, Table

PROJECTS = Table(
    name="projects",
    doc="A project, or one variant of it, that adds capacity to a plant or a leg.",
    own=(
        Column("project", "name", "Name of the project.", required=True),
        Column("variant", "name", "Name of the variant."),
        Column("title", "text", "Name for people."),
        Column("place", "name", "Where it is built.", refers_to=("places",)),
        Column("kind", "text", "What it builds.", one_of=("plant", "leg", "corridor", "other")),
        Column("adds", "list", "The plant or leg that gains.", required=True),
        Column("capacity", "number", "Capacity gained.", unit="units per period", at_least=0),
        Column("capital", "number", "Capital cost.", unit="money", required=True, at_least=0),
        Column("lead_years", "number", "From decision to first use.", unit="years", at_least=0),
        Column(
            "ramp", "list", "Share of the capacity in use in each year after that, `;`-separated."
        ),
        Column("life_years", "number", "Years of use.", unit="years", above=0),
        Column("operating", "number", "Fixed cost of running.", unit="money per year"),
        Column("exclusive", "text", "Group of which at most one is built."),
        Column("needs", "list", "Projects that must stand before.", refers_to=("projects",)),
        Column("starts_from", "date", "Earliest start."),
        Column("starts_by", "date", "Latest start."),
        Column("shares", "list", "Who pays, as `country:share;…`."),
    ),
    key=("project", "variant"),
)
