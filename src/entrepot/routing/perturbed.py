"""Perturbed utility: an overlap-aware choice over all routes, without listing them.

Fosgerau, Paulsen and Rasmussen (2022, Transportation Research C 136): the flow x of one unit from
origin to destination makes

    Σ cost_a (x_a + scale / length F(x_a)),    F(x) = (1 + x) log(1 + x) - x,

least, `length` being the cost of the cheapest route. Routes that share arcs compete with each other
before they compete with others, whether they share their beginning, their middle or their end; a
route apart from the cheapest carries nothing where it is dearer by more than ``scale log 2``; goods
never go in circles, so every scale has an answer (decision 16).

For one unit this is a user equilibrium on arcs that cost ``cost (1 + scale / length log(1 + x))``,
and it is found as one: by paths, added where they are cheaper, and exact Newton shifts on the arcs
where two paths differ (Jayakrishnan, Tsai, Prashker and Rajadhyaksha 1994, Transportation Research
Record 1443).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from entrepot.errors import StudyError
from entrepot.routing.checks import below_zero
from entrepot.routing.choice import Chosen, Options, by_class
from entrepot.routing.compiled import compiled, longer
from entrepot.routing.graph import Demand, Graph
from entrepot.routing.k_shortest import Room, Star, new_room, routes_of, way_on
from entrepot.routing.listed import Listed
from entrepot.routing.pairs import Pairs
from entrepot.routing.pool import list_taken, new_pool, new_store
from entrepot.routing.scales import Scales
from entrepot.routing.shortest import distances, star

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Used = tuple[Ints, Ints, Floats]

STILL = 1e-13
"""Of the cost of a path: what is cheaper by less is not cheaper."""

ROUNDS, SWEEPS = 1000, 200

FAINT = 1e-12
"""Of a consignment: an arc that carries less carries nothing."""


def perturbed(graph: Graph, demand: Demand, options: Options) -> Chosen:
    """Share every consignment among its routes by perturbed utility.

    Raises
    ------
    StudyError : arcs that cost less than nothing
    """
    wrong = below_zero(graph, "perturbed")
    if wrong:
        raise StudyError(graph.market.study.name, wrong)
    scales = Scales(graph, demand, options)
    worst, rounds = 0.0, 1

    def one(klass: int, wanted: Pairs) -> tuple[Floats, Listed, Floats, float]:
        nonlocal worst, rounds
        cost = graph.cost(klass)
        flow, least, used, gap, most = share_out(graph, cost, wanted, scales.of(klass))
        worst, rounds = max(worst, gap), max(rounds, most)
        routes, rest = _listed(graph, wanted, used, options.settings.routes)
        return flow, routes, rest, float(wanted.quantity @ least)

    chosen = by_class(graph, demand, one)
    return replace(chosen, gap=worst, iterations=rounds, settings=scales.used, notes=scales.notes)


def share_out(
    graph: Graph, cost: Floats, wanted: Pairs, scale: float
) -> tuple[Floats, Floats, Used, float, int]:
    """Flows of perturbed utility.

    Parameters
    ----------
    cost : of each arc, at least zero, inf where closed, shape (A,)

    Returns
    -------
    Units on each arc, shape (A,); what each consignment makes least, shape (K,); the arcs that each
    uses as (first, arcs, share of the consignment) in CSR form; the largest relative gap of any;
    the most rounds that any took.
    """
    by_name = np.lexsort((graph.order, graph.tail)).astype(np.int64)
    leaving = np.searchsorted(graph.tail[by_name], np.arange(graph.nodes + 1)).astype(np.int64)
    entering = star(graph.head, graph.nodes)
    flow, least, first, arcs, share, gap, rounds = _share_out(
        (wanted.ends, wanted.first, wanted.start, wanted.quantity),
        cost,
        graph.tail,
        graph.head,
        (leaving, by_name),
        (entering.first, entering.arcs),
        scale,
    )
    return flow, least, (first, arcs, share), gap, rounds


def _listed(graph: Graph, wanted: Pairs, used: Used, most: int) -> tuple[Listed, Floats]:
    """The likeliest routes where goods at a node go on as the flow does, and what is left."""
    if most == 0:
        return Listed.none(), np.ones(len(wanted.row))
    by_name = np.lexsort((graph.order, graph.tail)).astype(np.int64)
    leaving = np.searchsorted(graph.tail[by_name], np.arange(graph.nodes + 1)).astype(np.int64)
    entering = star(graph.head, graph.nodes)
    consignment, share, first, arcs = _likeliest(
        wanted.start,
        wanted.end,
        graph.tail,
        graph.head,
        graph.order,
        (leaving, by_name),
        (entering.first, entering.arcs),
        used,
        most,
    )
    told = np.bincount(consignment, share, minlength=len(wanted.row))
    rest = np.where(1.0 - told > FAINT, 1.0 - told, 0.0)
    return Listed(consignment, share, first, arcs), rest


@compiled
def _path_cost(path: Ints, now: Floats) -> float:
    total = 0.0
    for arc in path:
        total += now[arc]
    return total


@compiled
def _put(arc: int, amount: float, cost: Floats, part: float, x: Floats, now: Floats) -> None:
    """Put more on an arc, and tell what it costs then."""
    x[arc] = max(x[arc] + amount, 0.0)
    now[arc] = cost[arc] * (1.0 + part * np.log1p(x[arc]))


@compiled
def _shift(
    dear: Ints,
    cheap: Ints,
    most: float,
    cost: Floats,
    part: float,
    x: Floats,
    now: Floats,
    mark: Ints,
) -> float:
    """Newton's step from a dearer to a cheaper path, on the arcs where they differ."""
    for arc in cheap:
        mark[arc] += 1
    for arc in dear:
        mark[arc] -= 1
    saving, slope = 0.0, 0.0
    for arc in cheap:
        if mark[arc] == 1:
            saving -= now[arc]
            slope += cost[arc] * part / (1.0 + x[arc])
    for arc in dear:
        if mark[arc] == -1:
            saving += now[arc]
            slope += cost[arc] * part / (1.0 + x[arc])
    step = 0.0
    if saving > 0.0:
        step = most if saving >= slope * most else saving / slope
    for arc in cheap:
        if mark[arc] == 1:
            _put(arc, step, cost, part, x, now)
    for arc in dear:
        if mark[arc] == -1:
            _put(arc, -step, cost, part, x, now)
    for arc in cheap:
        mark[arc] = 0
    for arc in dear:
        mark[arc] = 0
    return step


@compiled
def _level(
    size: int,
    first: Ints,
    arcs: Ints,
    flow: Floats,
    cost: Floats,
    part: float,
    x: Floats,
    now: Floats,
    mark: Ints,
) -> None:
    """Shift between paths until those that carry something cost the same."""
    for _ in range(SWEEPS):
        best, least, dearest = 0, np.inf, 0.0
        for p in range(size):
            here = _path_cost(arcs[first[p] : first[p + 1]], now)
            if here < least:
                best, least = p, here
            if flow[p] > 0.0 and here > dearest:
                dearest = here
        if dearest - least <= STILL * least:
            return
        for p in range(size):
            if p != best and flow[p] > 0.0:
                dear, cheap = arcs[first[p] : first[p + 1]], arcs[first[best] : first[best + 1]]
                step = _shift(dear, cheap, flow[p], cost, part, x, now, mark)
                flow[p] -= step
                flow[best] += step


@compiled
def _settle(
    start: int,
    end: int,
    cost: Floats,
    part: float,
    tail: Ints,
    head: Ints,
    leaving: Star,
    ahead: Floats,
    shut: tuple[Ints, Ints],
    room: Room,
    x: Floats,
    now: Floats,
    mark: Ints,
) -> tuple[Ints, float, int]:
    """One unit from start to end: the arcs of all paths tried, the gap, and the rounds."""
    first, arcs, flow = np.zeros(9, np.int64), np.empty(256, np.int64), np.zeros(8)
    size, gap, counter, alone = 0, np.inf, room[6], np.arange(len(ahead))
    for number in range(ROUNDS):
        counter[0] += 1
        way_on(start, end, now, head, leaving, ahead, alone, shut[0], shut[1], counter[0], room)
        shortest, total, cheapest = room[0][end], 0.0, np.inf
        for p in range(size):
            here = _path_cost(arcs[first[p] : first[p + 1]], now)
            total += flow[p] * here
            if here < cheapest:
                cheapest = here
        if size > 0:
            gap = max(total - shortest, 0.0) / total if total > 0.0 else 0.0
            if shortest >= cheapest * (1.0 - STILL):
                return arcs[: first[size]], gap, number
        steps, node = 0, end
        while node != start:
            steps += 1
            node = tail[room[2][node]]
        if size == len(flow):
            flow, first = longer(flow, 2 * size), longer(first, 2 * size + 1)
            flow[size:] = 0.0
        stops = first[size] + steps
        if stops > len(arcs):
            arcs = longer(arcs, 2 * stops)
        first[size + 1] = stops
        node = end
        while node != start:
            stops -= 1
            arcs[stops] = room[2][node]
            node = tail[room[2][node]]
        size += 1
        if size == 1:
            flow[0] = 1.0
            for arc in arcs[: first[1]]:
                _put(arc, 1.0, cost, part, x, now)
        else:
            _level(size, first, arcs, flow, cost, part, x, now, mark)
    return arcs[: first[size]], gap, ROUNDS


@compiled
def _share_out(
    wanted: tuple[Ints, Ints, Ints, Floats],
    cost: Floats,
    tail: Ints,
    head: Ints,
    leaving: Star,
    entering: Star,
    scale: float,
) -> tuple[Floats, Floats, Ints, Ints, Floats, float, int]:
    """One destination after another, one consignment after another."""
    ends, bounds, start, quantity = wanted
    nodes = len(leaving[0]) - 1
    flow, least = np.zeros(len(cost)), np.zeros(len(start))
    ahead, heap = np.empty(nodes), np.empty(2 * nodes, np.int64)
    shut = (np.zeros(nodes, np.int64), np.zeros(len(cost), np.int64))
    room = new_room(nodes)
    x, now, mark = np.zeros(len(cost)), cost.copy(), np.zeros(len(cost), np.int64)
    first, arcs = np.zeros(len(start) + 1, np.int64), np.empty(16 * len(start), np.int64)
    share = np.empty(16 * len(start))
    worst, most = 0.0, 0
    for row in range(len(ends)):
        distances(ends[row], cost, entering[0], entering[1], tail, ahead, heap)
        for k in range(bounds[row], bounds[row + 1]):
            length = ahead[start[k]]
            part = scale / length if length > 0.0 else 0.0
            tried, gap, rounds = _settle(
                start[k],
                ends[row],
                cost,
                part,
                tail,
                head,
                leaving,
                ahead,
                shut,
                room,
                x,
                now,
                mark,
            )
            worst, most = max(worst, gap), max(most, rounds)
            size = first[k]
            if size + len(tried) > len(arcs):
                arcs = longer(arcs, 2 * (size + len(tried)))
                share = longer(share, 2 * (size + len(tried)))
            for arc in tried:
                amount = x[arc]
                x[arc], now[arc] = 0.0, cost[arc]
                if amount > FAINT:
                    arcs[size], share[size] = arc, amount
                    size += 1
                    flow[arc] += quantity[k] * amount
                    bent = (1.0 + amount) * np.log1p(amount) - amount
                    least[k] += cost[arc] * (amount + part * bent)
            first[k + 1] = size
    used = first[len(start)]
    return flow, least, first, arcs[:used], share[:used], worst, most


@compiled
def _likeliest(
    start: Ints,
    end: Ints,
    tail: Ints,
    head: Ints,
    order: Ints,
    leaving: Star,
    entering: Star,
    used: Used,
    most: int,
) -> tuple[Ints, Floats, Ints, Ints]:
    """Routes of each consignment by falling probability: cheapest by ``-log`` of it."""
    bounds, used_arcs, used_share = used
    nodes = len(leaving[0]) - 1
    ahead, heap, through = np.empty(nodes), np.empty(2 * nodes, np.int64), np.zeros(nodes)
    shut = (np.zeros(nodes, np.int64), np.zeros(len(tail), np.int64))
    room = new_room(nodes)
    length = np.full(len(tail), np.inf)
    pool = new_pool()
    store, alone = new_store(len(start), most), np.arange(nodes)
    for k in range(len(start)):
        for position in range(bounds[k], bounds[k + 1]):
            through[tail[used_arcs[position]]] = 0.0
        for position in range(bounds[k], bounds[k + 1]):
            through[tail[used_arcs[position]]] += used_share[position]
        for position in range(bounds[k], bounds[k + 1]):
            arc = used_arcs[position]
            length[arc] = max(-np.log(used_share[position] / through[tail[arc]]), 0.0)
        distances(end[k], length, entering[0], entering[1], tail, ahead, heap)
        pool, taken = routes_of(
            start[k],
            end[k],
            length,
            tail,
            head,
            order,
            leaving,
            ahead,
            alone,
            most,
            shut,
            room,
            pool,
        )
        store = list_taken(k, pool, taken, most, store)
        for position in range(bounds[k], bounds[k + 1]):
            length[used_arcs[position]] = np.inf
    listed, consignment, dear, first, arcs = store
    return consignment[:listed], np.exp(-dear[:listed]), first[: listed + 1], arcs[: first[listed]]
