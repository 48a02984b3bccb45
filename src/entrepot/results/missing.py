"""What is missing where a good has no price, or cannot come or go: the fewest things to change."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterator

import numpy as np

from entrepot.network.bans import is_banned
from entrepot.network.columns import Ints
from entrepot.results.closed import Openness, banned, bans_at, openness, why_closed
from entrepot.results.priced import Priced
from entrepot.results.traders import buyers, sellers

Way = tuple[int, tuple[int, ...], tuple[int, ...]]
"""(number of things in the way, legs taken, legs among them that are closed)."""


def what_is_missing(priced: Priced, period: int, place: int, good: int) -> list[str]:
    """Why a good neither comes to a place nor goes from it, in sentences."""
    return [*why_nothing_comes(priced, period, place, good), *_no_use(priced, period, place, good)]


def why_nothing_comes(priced: Priced, period: int, place: int, good: int) -> list[str]:
    """Why no unit of a good can be brought to a place."""
    market = priced.state.stack.market
    name, here = market.goods[good], market.network.places[place]
    if not sellers(priced, period, good):
        return [f"Nobody offers, makes or stores {name} in period {market.periods[period]}."]
    ways = [way for way in _ways_in(priced, period, place, good) if way is not None]
    if not ways:
        return [f"No chain of legs leads from anyone who sells {name} to {here}."]
    (_, legs, closed), country = min(ways, key=lambda each: (each[0][0], len(each[0][1])))
    found = openness(market, good, period)
    lines = []
    if closed:
        route = ";".join(market.network.legs[leg] for leg in legs)
        lines.append(f"No open way leads to {here}; the one that lacks least is {route}:")
        lines += [f"  {_in_the_way(priced, found, good, period, leg)}" for leg in closed]
    if country is not None:
        lines.append(f"A ban keeps {name} from {country} out of {here}.")
    return lines or [f"Bans, origins and turns together leave no way to bring {name} to {here}."]


def _no_use(priced: Priced, period: int, place: int, good: int) -> list[str]:
    market = priced.state.stack.market
    name, here = market.goods[good], market.network.places[place]
    if not buyers(priced, period, good):
        return [f"Nobody bids for {name} or uses it in period {market.periods[period]}."]
    return [f"Nobody at {here} offers it, bids for it or uses it."]


def _in_the_way(priced: Priced, found: Openness, good: int, period: int, leg: int) -> str:
    market = priced.state.stack.market
    reasons = why_closed(market, found, good, period, leg)
    bans = bans_at(market, good, period, leg)
    if bans:
        reasons.append(f"banned by {', '.join(bans)}")
    return f"{market.network.legs[leg]}: {', '.join(reasons)}"


def _ways_in(
    priced: Priced, period: int, place: int, good: int
) -> Iterator[tuple[Way, str | None] | None]:
    """For each layer that is sold, the way to the place with the fewest things in the way."""
    stack = priced.state.stack
    market, layers = stack.market, stack.layers
    found = openness(market, good, period)
    country = market.network.countries[place]
    for entry in sorted({int(priced.where.layer[b]) for b in sellers(priced, period, good)}):
        if entry < 0:
            continue
        starts = {
            int(priced.where.node[b])
            for b in sellers(priced, period, good)
            if priced.where.layer[b] == entry
        }
        for layer in layers.travelling(good, entry):
            shut = ~found.open | banned(market, layers, layer, period)
            way = _fewest(priced, starts, int(market.network.market[place]), shut.astype(np.int64))
            if way is None:
                yield None
                continue
            members = layers.countries[layer]
            barred = bool(members) and is_banned(market, good, members[0], country, period)
            yield (way[0] + barred, *way[1:]), members[0] if barred else None


def _fewest(priced: Priced, starts: Collection[int], end: int, shut: Ints) -> Way | None:
    """The chain of legs from any start to `end` with the fewest shut legs, then the fewest legs."""
    network = priced.state.stack.market.network
    leaving: dict[int, list[tuple[str, int, int]]] = {}
    for leg, name in enumerate(network.legs):
        leaving.setdefault(int(network.tail[leg]), []).append((name, leg, int(network.head[leg])))
    for turn, tail in enumerate(network.turn_tail.tolist()):
        leaving.setdefault(tail, []).append(("", -1, int(network.turn_head[turn])))
    waiting: list[tuple[int, int, str, int, tuple[int, ...]]] = []
    waiting += [(0, 0, priced.node[start], start, ()) for start in starts]
    heapq.heapify(waiting)
    done: set[int] = set()
    while waiting:
        bad, hops, _, node, legs = heapq.heappop(waiting)
        if node in done:
            continue
        done.add(node)
        if node == end:
            return bad, legs, tuple(leg for leg in legs if shut[leg])
        for _, leg, head in sorted(leaving.get(node, [])):
            if head not in done:
                more = int(shut[leg]) if leg >= 0 else 0
                taken = (*legs, leg) if leg >= 0 else legs
                heapq.heappush(waiting, (bad + more, hops + 1, priced.node[head], head, taken))
    return None
