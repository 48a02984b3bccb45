"""What is too small to count: products that the world hardly trades, markets that hardly buy.

Thresholds are in money, or a share that the largest together make up: of all products those that
make up the share of the world's trade, and of each product the markets that make up the share of
what is bought of it. The one with which the share is reached still counts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from entrepot.errors import QuestionError, StatisticsError
from entrepot.statistics.known import instead_of
from entrepot.statistics.potential.world import Floats, World, picked

LEAST_PRODUCT, LEAST_MARKET = 200_000.0, 10_000.0


@dataclass(frozen=True, eq=False)
class Thresholds:
    """What is too small to count; what passes one threshold must pass the others too.

    Attributes
    ----------
    product : the least that the world trades of a product, money a period
    market : the least that a market buys of a product, money a period
    cumulative : share that the largest products, and of each the largest markets, make up
    """

    product: float = LEAST_PRODUCT
    market: float = LEAST_MARKET
    cumulative: float | None = None


def above(world: World, least: Thresholds) -> World:
    """Flows of products and of markets that are large enough, with a note on the others.

    Raises
    ------
    QuestionError : a cumulative share that is none
    StatisticsError : nothing is large enough
    """
    imports = world.imports()
    enough = (imports >= least.market) & (imports.sum(axis=0) >= least.product)
    if least.cumulative is not None:
        if not 0.0 < least.cumulative <= 1.0:
            raise QuestionError(
                f"a cumulative share of {least.cumulative:g} is none; write one like 0.95"
            )
        enough &= _largest(imports, least.cumulative)
        enough &= _largest(imports.sum(axis=0)[:, None], least.cumulative)[:, 0]
    kept = picked(enough, world.importer, world.good)
    if not kept.any():
        raise StatisticsError(
            f"no product is traded for {least.product:,.0f} in the world and {least.market:,.0f} "
            "in a market; lower the thresholds"
        )
    if kept.all():
        return world
    value = world.value[kept]
    share = 1.0 - float(value.sum()) / float(world.value.sum())
    note = f"{share:.2%} of trade is in products or markets below the thresholds, and left out"
    return replace(
        world, exporter=world.exporter[kept], importer=world.importer[kept],
        good=world.good[kept], value=value, notes=(*world.notes, note),
    )  # fmt: skip


def refuse_unknown(world: World, *names: str | None) -> None:
    """Refuse countries that trade nothing above the thresholds.

    Raises
    ------
    QuestionError : one does not
    """
    for name in names:
        if name is not None and name not in world.countries:
            cure = instead_of(name, world.countries)
            raise QuestionError(f"{name!r} trades nothing above the thresholds; {cure}")


def _largest(amount: Floats, share: float) -> npt.NDArray[np.bool_]:
    """Of each column the largest amounts that together reach a share of it, in shape (R, C)."""
    order = np.argsort(-amount, axis=0, kind="stable")
    falling = np.take_along_axis(amount, order, axis=0)
    before = np.cumsum(falling, axis=0) - falling
    # Rounding must not count one more where a share is reached exactly.
    short = before < share * amount.sum(axis=0) * (1.0 - 1e-12)
    kept = np.zeros(amount.shape, dtype=np.bool_)
    np.put_along_axis(kept, order, short, axis=0)
    return kept
