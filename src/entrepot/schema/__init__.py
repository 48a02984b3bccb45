"""What each table of a study is. `TABLES` is the list, in the order of the manual."""

from __future__ import annotations

from entrepot.schema.bans import BANS
from entrepot.schema.bids import BIDS
from entrepot.schema.blocs import BLOCS
from entrepot.schema.claims import CLAIMS
from entrepot.schema.commitments import COMMITMENTS
from entrepot.schema.consignments import CONSIGNMENTS
from entrepot.schema.corridors import CORRIDORS
from entrepot.schema.countries import COUNTRIES
from entrepot.schema.curves import CURVES
from entrepot.schema.decisions import DECISIONS
from entrepot.schema.declare import Column, Table
from entrepot.schema.duties import DUTIES
from entrepot.schema.goods import GOODS
from entrepot.schema.leg_goods import LEG_GOODS
from entrepot.schema.legs import LEGS
from entrepot.schema.observed import OBSERVED
from entrepot.schema.offers import OFFERS
from entrepot.schema.periods import PERIODS
from entrepot.schema.places import PLACES
from entrepot.schema.plants import PLANTS
from entrepot.schema.projects import PROJECTS
from entrepot.schema.quotas import QUOTAS
from entrepot.schema.recipes import RECIPES
from entrepot.schema.relations import RELATIONS
from entrepot.schema.sessions import SESSIONS
from entrepot.schema.targets import TARGETS
from entrepot.schema.trade import TRADE
from entrepot.schema.transfers import TRANSFERS
from entrepot.schema.warehouses import WAREHOUSES

__all__ = ["TABLES", "Column", "Table", "table_named"]

TABLES: tuple[Table, ...] = (
    COUNTRIES,
    BLOCS,
    PLACES,
    GOODS,
    PERIODS,
    LEGS,
    TRANSFERS,
    LEG_GOODS,
    CORRIDORS,
    OFFERS,
    BIDS,
    CURVES,
    CONSIGNMENTS,
    RECIPES,
    PLANTS,
    WAREHOUSES,
    DUTIES,
    QUOTAS,
    BANS,
    RELATIONS,
    TRADE,
    OBSERVED,
    TARGETS,
    PROJECTS,
    SESSIONS,
    DECISIONS,
    COMMITMENTS,
    CLAIMS,
)


def table_named(name: str) -> Table:
    """The declaration of a table.

    Raises
    ------
    KeyError : no table has that name
    """
    for table in TABLES:
        if table.name == name:
            return table
    raise KeyError(name)
