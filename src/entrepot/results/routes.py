"""Routes by name: a leg, legs in order, or the legs of a corridor."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from entrepot.clearing.answers import Clearing
from entrepot.errors import QuestionError
from entrepot.network.network import WAY_BACK, Network
from entrepot.results.closed import Openness
from entrepot.results.quoted import must_be_known
from entrepot.tables.nearest import did_you_mean


@dataclass(frozen=True)
class Route:
    """Legs in order, as numbers of the network, in one period.

    Attributes
    ----------
    name : the legs' names, ";"-separated
    legs : numbers
    turns : of the network, between legs that follow each other
    turn_cost, turn_days : of these turns, in all
    joined : whether each leg may be followed by the next
    """

    name: str
    legs: tuple[int, ...]
    turns: tuple[int, ...]
    turn_cost: float
    turn_days: float
    joined: bool


def routes_named(clearing: Clearing, text: str) -> list[tuple[str, ...]]:
    """The routes that a name stands for, each as the names of its legs.

    Raises
    ------
    QuestionError : an unknown name, or legs that do not join
    """
    network = clearing.state.stack.market.network
    known = set(network.legs)
    if ";" in text:
        names = tuple(part.strip() for part in text.split(";") if part.strip())
        if not names:
            raise QuestionError(f"{text!r} names no leg; write legs in order, with ; between them")
        for name in names:
            must_be_known(name, known, "leg")
        _must_join(network, names)
        return [names]
    if text in known:
        return _both_ways([text], known)
    corridors = clearing.study.table("corridors").select("corridor", "leg").rows()
    members = [leg for corridor, leg in corridors if corridor == text]
    if members:
        return _both_ways(members, known)
    names_known = known | {corridor for corridor, _ in corridors}
    cure = did_you_mean(text, names_known, "name a leg, legs separated by ';', or a corridor")
    raise QuestionError(f"the study has no leg or corridor {text!r}; {cure}")


def _both_ways(legs: list[str], known: set[str]) -> list[tuple[str, ...]]:
    """Each leg, and its way back where it has one."""
    found: dict[str, None] = {}
    for leg in legs:
        found[leg] = None
        if leg + WAY_BACK in known:
            found[leg + WAY_BACK] = None
    return [(leg,) for leg in found]


def _must_join(network: Network, names: tuple[str, ...]) -> None:
    place = {name: leg for leg, name in enumerate(network.legs)}
    for before, after in pairwise(names):
        end = network.destination[place[before]]
        start = network.origin[place[after]]
        if end != start:
            raise QuestionError(
                f"leg {before!r} ends at {network.places[end]} and leg {after!r} begins at "
                f"{network.places[start]}: name legs that follow each other"
            )


def in_period(network: Network, names: tuple[str, ...], found: Openness) -> Route:
    """The legs of a route as the period has them; `found` is about that period."""
    legs = []
    for name in names:
        numbers = [leg for leg, known in enumerate(network.legs) if known == name]
        held = [leg for leg in numbers if found.held[leg]]
        legs.append((held or numbers)[0])
    turned, joined = list[int](), True
    for before, after in pairwise(legs):
        head, tail = network.head[before], network.tail[after]
        if head == tail:
            continue
        turns = np.flatnonzero((network.turn_tail == head) & (network.turn_head == tail))
        turned += turns[:1].tolist()
        joined &= len(turns) > 0
    cost, days = float(network.turn_cost[turned].sum()), float(network.turn_days[turned].sum())
    return Route(";".join(names), tuple(legs), tuple(turned), cost, days, joined)
