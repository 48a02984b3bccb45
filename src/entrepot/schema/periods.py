"""Periods: the stretches of time that a study tells apart."""

from __future__ import annotations

from entrepot.schema.declare import Column, Table

PERIODS = Table(
    name="periods",
    doc="A stretch of time, in the order in which time passes. Without this table a study has one "
    "period, called as `period` in `study.toml` says; a label such as `2023` or `2023-05` also "
    "gives its first day. In any other table a blank `period` means every period.",
    own=(
        Column("period", "name", "Unique name.", required=True, example="2025"),
        Column(
            "starts",
            "date",
            "First day; rules in force and legs open on it count in the period; blank: all do.",
            example="2025-01-01",
        ),
        Column("years", "number", "Length.", unit="years", above=0),
        Column(
            "weight",
            "number",
            "How many times the period counts in welfare.",
            default=1.0,
            at_least=0,
        ),
    ),
    key=("period",),
)
