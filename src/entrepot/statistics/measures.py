"""All measures by name, with what each needs to be told and what it may be told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from entrepot.errors import QuestionError
from entrepot.statistics.advantage import advantage
from entrepot.statistics.balance import balance
from entrepot.statistics.certificate import Measure
from entrepot.statistics.complementarity import complementarity
from entrepot.statistics.complexity import complexity, product_complexity, structure
from entrepot.statistics.concentration import concentration, theil
from entrepot.statistics.constant_share import constant_share
from entrepot.statistics.flows import in_periods
from entrepot.statistics.growth import growth
from entrepot.statistics.grubel_lloyd import bruelhart, grubel_lloyd
from entrepot.statistics.intensity import intensity
from entrepot.statistics.lafay import lafay
from entrepot.statistics.margins import margins
from entrepot.statistics.normalised_advantage import normalised_advantage
from entrepot.statistics.outlook import outlook, outlook_gain
from entrepot.statistics.price_quantity import price_quantity
from entrepot.statistics.proximity import density, proximity
from entrepot.statistics.shared import Shared
from entrepot.statistics.similarity import similarity
from entrepot.statistics.turnover import turnover
from entrepot.statistics.vollrath import vollrath
from entrepot.tables.nearest import did_you_mean

STRUCTURE = ("period", "digits", "least")
"""Words that say of which exports a structure is made."""


@dataclass(frozen=True, eq=False)
class Periods:
    """Rows of trade, and what is shared by all that is asked of the same periods."""

    trade: pl.DataFrame
    found: dict[tuple[str | None, ...], Shared] = field(default_factory=dict)

    def shared(self, *periods: str | None) -> Shared:
        """The rows of periods, or of the only one; errors as of `in_periods`."""
        if periods not in self.found:
            self.found[periods] = Shared(in_periods(self.trade, *periods))
        return self.found[periods]


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
    figure : the column that a summary shows
    of_structure : whether the function takes the structure of exports, not trade
    """

    name: str
    function: Callable[..., Measure]
    title: str
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    figure: str = ""
    of_structure: bool = False

    def of(self, asked: Periods, words: Mapping[str, Any]) -> Measure:
        """The measure of the periods named, or of the only one."""
        if "period" not in (*self.needs, *self.takes):
            return self.function(asked.trade, **words)
        rows = asked.shared(words.get("base"), words.get("period"))
        if not self.of_structure:
            return self.function(rows, **words)
        extent = {word: words[word] for word in STRUCTURE if word in words}
        others = {word: value for word, value in words.items() if word not in STRUCTURE}
        return self.function(structure(rows, **extent), **others)


_TWO = ("reporter", "base", "period")
_ONE = ("period", "digits", "reporter")
_PAIR = ("reporter", "partner", "period")


def _complex(
    name: str,
    function: Callable[..., Measure],
    title: str,
    figure: str,
    needs: tuple[str, ...] = (),
    takes: tuple[str, ...] = (),
) -> Asked:
    """A measure of the structure of exports."""
    return Asked(name, function, title, needs, (*STRUCTURE, *takes), figure, of_structure=True)


INDICATORS = (
    Asked("margins", margins, "Many products, or much of each", (), ("period", "digits"),
          "extensive"),
    Asked("advantage", advantage, "Revealed comparative advantage", (), _ONE, "rca"),
    Asked("normalised-advantage", normalised_advantage, "Normalised comparative advantage", (),
          _ONE, "nrca"),
    Asked("vollrath", vollrath, "Relative trade advantage", ("reporter",), ("period", "digits"),
          "rta"),
    Asked("lafay", lafay, "Contribution to the balance", ("reporter",), ("period", "digits"),
          "lafay"),
    Asked("concentration", concentration, "How few products or partners", (),
          ("period", "of", "over", "digits"), "hhi"),
    Asked("theil", theil, "Concentration between chapters and within", (),
          ("period", "of", "digits"), "theil"),
    Asked("grubel-lloyd", grubel_lloyd, "Intra-industry trade", ("reporter",),
          ("partner", "period", "digits"), "grubel_lloyd"),
    Asked("bruelhart", bruelhart, "Intra-industry trade at the margin", _TWO,
          ("partner", "digits"), "bruelhart"),
    Asked("complementarity", complementarity, "Who sells what others buy", (),
          (*_PAIR, "digits"), "complementarity"),
    Asked("similarity", similarity, "Who competes with whom", (),
          ("reporter", "period", "digits"), "similarity"),
    Asked("intensity", intensity, "Who trades more than size would have it", (), _PAIR,
          "intensity"),
    _complex("complexity", complexity, "Complexity of countries", "eci"),
    _complex("product-complexity", product_complexity, "Complexity of products", "pci"),
    _complex("proximity", proximity, "Products exported together", "proximity"),
    _complex("density", density, "How near products are to a country's", "density",
             takes=("reporter",)),
    _complex("outlook", outlook, "Complexity within reach", "outlook"),
    _complex("outlook-gain", outlook_gain, "What a product would add", "gain",
             needs=("reporter",)),
)  # fmt: skip

MEASURES = (
    Asked("turnover", turnover, "Turnover by period", ("reporter",), ("partner",)),
    Asked("balance", balance, "Balance with every partner", (), ("reporter", "period")),
    Asked("growth", growth, "What made trade grow", _TWO, ("partner", "of", "digits")),
    Asked(
        "price-quantity", price_quantity, "Price and quantity behind the change", _TWO,
        ("partner", "of", "digits"),
    ),
    Asked("constant-share", constant_share, "Exports against their markets", _TWO, ("digits",)),
    *INDICATORS,
)  # fmt: skip


def title_of(name: str) -> str:
    """What a measure tells, as the heading of its table."""
    return next(each.title for each in MEASURES if each.name == name)


def measure(name: str, trade: pl.DataFrame | Periods, **words: Any) -> Measure:
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
    return asked.of(trade if isinstance(trade, Periods) else Periods(trade), given)


def measures(names: Sequence[str], trade: pl.DataFrame, **words: Any) -> list[Measure]:
    """Several measures, each told those of the words that it takes.

    Raises
    ------
    QuestionError : as of `measure`, and where a word is taken by none of them
    """
    rows = Periods(trade)
    known = {each.name: (*each.needs, *each.takes) for each in MEASURES}
    taken = {word for name in names for word in known.get(name, ())}
    if len(names) == 1 or not taken:
        return [measure(name, rows, **words) for name in names]
    strange = [f"--{w}" for w, value in words.items() if value is not None and w not in taken]
    if strange:
        raise QuestionError(f"none of {', '.join(names)} takes {', '.join(strange)}")
    return [
        measure(name, rows, **{w: v for w, v in words.items() if w in known.get(name, ())})
        for name in names
    ]
