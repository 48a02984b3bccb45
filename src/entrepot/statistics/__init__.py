"""Measures of trade: one a file, each with its formula, its source and an identity that proves it.

Every function takes trade in the columns of table ``trade``, observed or a clearing's alike, and
gives a `Measure`: the table, the identity checked, and notes. `MEASURES` lists them all.
"""

from __future__ import annotations

from entrepot.statistics.advantage import advantage
from entrepot.statistics.balance import balance
from entrepot.statistics.certificate import Measure
from entrepot.statistics.complementarity import complementarity
from entrepot.statistics.complexity import complexity, product_complexity, structure
from entrepot.statistics.concentration import concentration, theil
from entrepot.statistics.constant_share import constant_share
from entrepot.statistics.growth import growth
from entrepot.statistics.grubel_lloyd import bruelhart, grubel_lloyd
from entrepot.statistics.intensity import intensity
from entrepot.statistics.joint import joint
from entrepot.statistics.lafay import lafay
from entrepot.statistics.margins import margins
from entrepot.statistics.measures import INDICATORS, MEASURES, measure
from entrepot.statistics.normalised_advantage import normalised_advantage
from entrepot.statistics.outlook import outlook, outlook_gain
from entrepot.statistics.potential.diversification import diversification
from entrepot.statistics.potential.export import potential
from entrepot.statistics.price_quantity import price_quantity
from entrepot.statistics.proximity import density, proximity
from entrepot.statistics.relations.alignment import alignment
from entrepot.statistics.relations.unfriendly import unfriendly
from entrepot.statistics.similarity import similarity
from entrepot.statistics.substitution.substitution import substitution
from entrepot.statistics.turnover import turnover
from entrepot.statistics.vollrath import vollrath

__all__ = [
    "INDICATORS",
    "MEASURES",
    "Measure",
    "advantage",
    "alignment",
    "balance",
    "bruelhart",
    "complementarity",
    "complexity",
    "concentration",
    "constant_share",
    "density",
    "diversification",
    "growth",
    "grubel_lloyd",
    "intensity",
    "joint",
    "lafay",
    "margins",
    "measure",
    "normalised_advantage",
    "outlook",
    "outlook_gain",
    "potential",
    "price_quantity",
    "product_complexity",
    "proximity",
    "similarity",
    "structure",
    "substitution",
    "theil",
    "turnover",
    "unfriendly",
    "vollrath",
]
