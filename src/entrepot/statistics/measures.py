"""All measures by name, with what each needs to be told and what it may be told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import polars as pl

from entrepot.errors import QuestionError
from entrepot.statistics.advantage import advantage
from entrepot.statistics.balance import balance
from entrepot.statistics.certificate import Measure
from entrepot.statistics.complementarity import complementarity
from entrepot.statistics.complexity import complexity, product_complexity
from entrepot.statistics.concentration import concentration, theil
from entrepot.statistics.constant_share import constant_share
from entrepot.statistics.growth import growth
from entrepot.statistics.grubel_lloyd import bruelhart, grubel_lloyd
from entrepot.statistics.intensity import intensity
from entrepot.statistics.lafay import lafay
from entrepot.statistics.margins import margins
from entrepot.statistics.normalised_advantage import normalised_advantage
from entrepot.statistics.outlook import outlook, outlook_gain
from entrepot.statistics.price_quantity import price_quantity
from entrepot.statistics.proximity import density, proximity
from entrepot.statistics.similarity import similarity
from entrepot.statistics.turnover import turnover
from entrepot.statistics.vollrath import vollrath
from entrepot.tables.nearest import did_you_mean


@dataclass(frozen=True)
class Asked:
    """A measure that can be asked for.

    Attributes
    ----------
    name : what it is asked for by
    function : that computes it, of trade and the words below
    title : what it tells
    needs : words that must be given
    takes : words that may be given
    """

    name: str
    function: Callable[..., Measure]
    title: str
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()


_TWO = ("reporter", "base", "period")
_STRUCTURE = ("period", "digits", "least")

MEASURES = (
    Asked("turnover", turnover, "Turnover by period", ("reporter",), ("partner",)),
    Asked("balance", balance, "Balance with every partner", (), ("reporter", "period")),
    Asked("growth", growth, "What made trade grow", _TWO, ("partner", "of", "digits")),
    Asked(
        "price-quantity", price_quantity, "Price and quantity behind the change", _TWO,
        ("partner", "of", "digits"),
    ),
    Asked("constant-share", constant_share, "Exports against their markets", _TWO, ("digits",)),
    Asked("margins", margins, "Many products, or much of each", (), ("period", "digits")),
    Asked("advantage", advantage, "Revealed comparative advantage", (),
          ("period", "digits", "reporter")),
    Asked(
        "normalised-advantage", normalised_advantage, "Normalised comparative advantage", (),
        ("period", "digits", "reporter"),
    ),
    Asked("vollrath", vollrath, "Relative trade advantage", ("reporter",), ("period", "digits")),
    Asked("lafay", lafay, "Contribution to the balance", ("reporter",), ("period", "digits")),
    Asked(
        "concentration", concentration, "How few products or partners", (),
        ("period", "of", "over", "digits"),
    ),
    Asked("theil", theil, "Concentration between chapters and within", (),
          ("period", "of", "digits")),
    Asked("grubel-lloyd", grubel_lloyd, "Intra-industry trade", ("reporter",),
          ("partner", "period", "digits")),
    Asked("bruelhart", bruelhart, "Intra-industry trade at the margin", _TWO,
          ("partner", "digits")),
    Asked("complementarity", complementarity, "Who sells what others buy", (),
          ("reporter", "partner", "period", "digits")),
    Asked("similarity", similarity, "Who competes with whom", (),
          ("reporter", "period", "digits")),
    Asked("intensity", intensity, "Who trades more than size would have it", (),
          ("reporter", "partner", "period")),
    Asked("complexity", complexity, "Complexity of countries", (), _STRUCTURE),
    Asked("product-complexity", product_complexity, "Complexity of products", (), _STRUCTURE),
    Asked("proximity", proximity, "Products exported together", (), _STRUCTURE),
    Asked("density", density, "How near products are to a country's", (),
          (*_STRUCTURE, "reporter")),
    Asked("outlook", outlook, "Complexity within reach", (), _STRUCTURE),
    Asked("outlook-gain", outlook_gain, "What a product would add", ("reporter",), _STRUCTURE),
)  # fmt: skip


def measure(name: str, trade: pl.DataFrame, **words: Any) -> Measure:
    """A measure by its name.

    Parameters
    ----------
    words : what the measure is told; None is not told

    Raises
    ------
    QuestionError : no such measure, a word that it needs is missing, or one that it does not take
    StatisticsError, CertificateError : as the measure does
    """
    known = {each.name: each for each in MEASURES}
    if name not in known:
        cure = did_you_mean(name, known, f"one of {', '.join(known)}")
        raise QuestionError(f"{name!r} is not a measure of trade; {cure}")
    asked = known[name]
    given = {word: value for word, value in words.items() if value is not None}
    missing = [f"--{word}" for word in asked.needs if word not in given]
    if missing:
        raise QuestionError(f"{name} needs {', '.join(missing)}")
    others = [f"--{word}" for word in given if word not in (*asked.needs, *asked.takes)]
    if others:
        takes = ", ".join(f"--{word}" for word in (*asked.needs, *asked.takes))
        raise QuestionError(f"{name} takes no {', '.join(others)}; it takes {takes}")
    return asked.function(trade, **given)
