"""Equilibria: routes where delays grow with load, from a study's graph and back.

A leg or transfer with `delay_alpha` takes ``days (1 + alpha (load / capacity)^power)``, one with
`delay_curve` the days of the curve at its load; one with a capacity and no delay holds no more than
it, and goods queue for it. The equilibrium itself is found in `entrepot.routing.equilibrium`, on
plain arrays; here a study becomes these arrays and the paths found become routes. All is counted
there in days: money over the value of time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt
import polars as pl

from entrepot.errors import Problem, ProofError, StudyError
from entrepot.network.columns import column
from entrepot.network.network import WAY_BACK
from entrepot.routing.choice import Chosen, Options
from entrepot.routing.equilibrium.assignment import Assignment
from entrepot.routing.equilibrium.check import check_gap
from entrepot.routing.equilibrium.points import points_of
from entrepot.routing.equilibrium.problem import Congested, Points
from entrepot.routing.equilibrium.solve import system_optimum, user_equilibrium
from entrepot.routing.graph import TURN, Demand, Graph, tables_behind, transfer_name
from entrepot.routing.listed import Listed, joined, some_of

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

FAINT = 1e-12
"""Of a consignment: a path that carries less carries nothing."""

Solve = Callable[..., Assignment]

CONSERVED = 1e-9
"""Share of all goods by which the flows of an equilibrium may be off."""


def equilibrium(graph: Graph, demand: Demand, options: Options) -> Chosen:
    """User equilibrium: no unit finds a cheaper route (Wardrop 1952, first principle).

    The objective is Beckmann's, in days × load. Where delays grow, the loads of legs are unique;
    how much goes by which of several routes of one cost is not, and falls by the order of names.

    Raises
    ------
    StudyError : legs whose delay says too little
    RoutingError : legs that cost less than nothing, capacities that cannot hold what must pass
    ProofError : the flows found do not join, which would be a fault of entrepot
    """
    return _solved(graph, demand, options, user_equilibrium)


def optimum(graph: Graph, demand: Demand, options: Options) -> Chosen:
    """System optimum: the least total of money and time (Wardrop 1952, second principle).

    The objective is that total, in money. Errors as for `equilibrium`.
    """
    return _solved(graph, demand, options, system_optimum)


def _solved(graph: Graph, demand: Demand, options: Options, solve: Solve) -> Chosen:
    problem, rows, arc = congested(graph, demand)

    def progress(number: int, gap: float) -> None:
        options.progress(f"pass {number}, gap {gap:.1e}")

    found = solve(problem, options.gap, start=options.start, progress=progress)
    proof = check_gap(problem, found)
    off = max(proof.imbalance, proof.passing, abs(proof.negative), proof.unlike, -proof.gap)
    # Put so that what is no number is refused too.
    if not off <= CONSERVED:
        raise ProofError(
            f"the equilibrium fails its check: flows are off by {off:.1e} of all goods; please "
            "report this study"
        )
    gap = max(proof.gap, 0.0)
    listed, rest = _listed(demand, found, rows, arc, options.settings.routes)
    notes = []
    if gap > max(options.gap, 1e-15):
        notes.append(f"the gap asked for, {options.gap:.1g}, was not reached: {gap:.2g} is left")
    waits = np.argsort(-found.wait, kind="stable")[: int((found.wait > 0).sum())]
    if len(waits):
        names = graph.named(arc[waits])
        more = f" and {len(names) - 5} more" if len(names) > 5 else ""
        notes.append(f"goods wait for room at {', '.join(names[:5])}{more}")
    flow, loaded = np.empty_like(graph.money), np.empty(graph.arcs)
    flow[:, arc] = found.flow.T
    loaded[arc] = found.days
    return Chosen(
        flow=flow,
        listed=listed,
        rest=rest,
        objective=found.objective,
        gap=gap,
        iterations=found.iterations,
        settings={"gap": options.gap, "solver_seconds": round(found.seconds, 6)},
        notes=tuple(notes),
        days=graph.days + (loaded - own_days(graph)),
        state=found,
    )


def congested(graph: Graph, demand: Demand) -> tuple[Congested, Ints, Ints]:
    """A study's graph as the arrays of an equilibrium.

    Nodes and arcs are put in the order of their names, so that how ties fall does not depend on
    the order of rows.

    Returns
    -------
    The problem; the rows of the demand that travel; the arc of the graph behind each of its arcs.

    A good's own days on a leg count in place of the leg's when it is empty; the delay is that of
    the leg's own days. A good without a value of time chooses by money alone.

    Raises
    ------
    StudyError : a delay without its power or its capacity, or with a capacity of zero
    """
    wrong = _wrong_delays(graph)
    if wrong:
        raise StudyError(graph.market.study.name, wrong)
    own = own_days(graph)
    free, alpha, power, capacity, points = _delays(graph, own)
    value = graph.market.value_of_time[graph.good]
    timed = value > 0
    unit = np.where(timed, value, 1.0)[:, None]
    fixed = graph.money / unit + np.where(timed[:, None], graph.days - own, 0.0)
    rows = np.flatnonzero(~demand.stays)
    nodes, arcs = _node_names(graph), _arc_names(graph)
    arc, by_name = _by_name(arcs), _by_name(nodes)
    node = np.empty_like(by_name)
    node[by_name] = np.arange(graph.nodes)
    problem = Congested(
        nodes=graph.nodes,
        tail=node[graph.tail[arc]],
        head=node[graph.head[arc]],
        fixed=np.where(graph.allowed, fixed, np.inf).T[arc],
        free=free[arc],
        alpha=alpha[arc],
        power=power[arc],
        capacity=capacity[arc],
        use=_use(graph)[arc],
        start=node[demand.start[rows]],
        end=node[demand.end[rows]],
        klass=demand.klass[rows],
        quantity=demand.quantity[rows],
        through=np.ones(graph.nodes, dtype=bool),
        timed=timed.astype(np.float64),
        worth=np.where(timed, value, 1.0),
        hard=True,
        points=None if points is None else points_of(points, arc),
        arc_names=[arcs[a] for a in arc.tolist()],
        node_names=[nodes[n] for n in by_name.tolist()],
        class_names=[graph.market.goods[good] for good in graph.good.tolist()],
    )
    return problem, rows, arc


def _by_name(names: list[str]) -> Ints:
    """Numbers of things in the order of their names."""
    return np.array(sorted(range(len(names)), key=names.__getitem__), dtype=np.int64)


def _use(graph: Graph) -> Floats:
    """Share of the capacity that one unit of each class takes, shape (A, C).

    Turns that no table tells of have no capacity: they get the shares of an arc that may have one,
    so that classes which take the same everywhere are seen to.
    """
    use = graph.use.T.copy()
    told = (graph.leg != TURN) | (graph.transfer >= 0)
    if told.any():
        use[~told] = use[told][0]
    return use


def own_days(graph: Graph) -> Floats:
    """Days that the table tells of each arc, whatever the good and the load, shape (A,)."""
    market = graph.market
    on_leg = graph.leg != TURN
    own = np.empty(graph.arcs)
    row = market.network.leg_row[graph.leg[on_leg]]
    own[on_leg] = column(market.study.table("legs"), "days", 0.0)[row]
    own[~on_leg] = market.network.turn_days[graph.turn[~on_leg]]
    return own


def _delays(graph: Graph, own: Floats) -> tuple[Floats, Floats, Floats, Floats, Points | None]:
    """Days when empty, alpha, power and capacity of each arc, shape (A,) each, and points."""
    study = graph.market.study
    free, alpha, power = own.copy(), np.zeros(graph.arcs), np.zeros(graph.arcs)
    capacity = np.full(graph.arcs, np.inf)
    curve = np.full(graph.arcs, None, dtype=object)
    for name, arcs, row in tables_behind(graph):
        table = study.table(name)
        alpha[arcs] = column(table, "delay_alpha", 0.0)[row]
        power[arcs] = column(table, "delay_power", 0.0)[row]
        capacity[arcs] = column(table, "capacity", np.inf)[row]
        curve[arcs] = table["delay_curve"].to_numpy()[row]
    points = _points(curve, study.table("curves"))
    if points is not None:
        told = np.diff(points.first) > 0
        free[told] = points.days[points.first[:-1][told]]
    return free, alpha, power, capacity, points


def _points(curve: npt.NDArray[np.object_], curves: pl.DataFrame) -> Points | None:
    """Points of the arcs that name a curve; None where no arc does."""
    used = {name for name in curve.tolist() if name is not None}
    if not used:
        return None
    told = {
        name: curves.filter(curve=name).select("quantity", "price").to_numpy().astype(float)
        for name in sorted(used)
    }
    each = [told[name] if name is not None else np.empty((0, 2)) for name in curve.tolist()]
    first = np.concatenate([[0], np.cumsum([len(rows) for rows in each])]).astype(np.int64)
    rows = np.concatenate(each)
    return Points(first, rows[:, 0].copy(), rows[:, 1].copy())


def _wrong_delays(graph: Graph) -> list[Problem]:
    """Legs and transfers whose delay says too little, each once."""
    problems: list[Problem] = []
    for table, arcs, row in tables_behind(graph):
        names = dict(zip(row.tolist(), graph.named(arcs), strict=True))
        rows = graph.market.study.table(table)[sorted(names)]
        told = rows.select("delay_alpha", "delay_power", "capacity").iter_rows()
        for number, (alpha, power, capacity) in zip(sorted(names), told, strict=True):
            if alpha:
                said = f"{names[number].removesuffix(WAY_BACK)} has delay_alpha {alpha:g}"
                problems += _wrong_delay(f"{table}.csv", said, power, capacity)
    return problems


def _wrong_delay(
    file: str, told: str, power: float | None, capacity: float | None
) -> Iterator[Problem]:
    if power is None:
        cure = "write the power in delay_power"
        yield Problem(file, None, "delay_power", None, f"{told} and no power", cure)
    if capacity is None:
        cure = "write the capacity at which the delay is told"
        yield Problem(file, None, "capacity", None, f"{told} and no capacity", cure)
    elif capacity == 0:
        cure = "give it a capacity, take the delay out, or close it "
        cure += "with closes" if file == "legs.csv" else "with allowed"
        yield Problem(file, None, "capacity", None, f"{told} and a capacity of zero", cure)


def _node_names(graph: Graph) -> list[str]:
    """A name for each node: its place, and where it is split the legs that meet there."""
    network = graph.market.network
    place = [network.places[number] for number in network.node_place.tolist()]
    split = np.bincount(network.node_place, minlength=len(network.places)) > 1
    meeting: list[list[str]] = [[] for _ in place]
    for leg, (tail, head) in enumerate(zip(network.tail, network.head, strict=True)):
        if split[network.node_place[tail]]:
            meeting[tail].append(f">{network.legs[leg]}")
        if split[network.node_place[head]]:
            meeting[head].append(f"{network.legs[leg]}>")
    for p in np.flatnonzero(split).tolist():
        meeting[network.source[p]].append("from")
        meeting[network.market[p]].append("to")
    return [" ".join([name, *sorted(legs)]) for name, legs in zip(place, meeting, strict=True)]


def _arc_names(graph: Graph) -> list[str]:
    """A name for each arc: its leg, its transfer in words, or the nodes that it joins."""
    nodes, network, transfer = _node_names(graph), graph.market.network, graph.transfer
    names = [
        f"{nodes[tail]} - {nodes[head]}"
        for tail, head in zip(graph.tail.tolist(), graph.head.tolist(), strict=True)
    ]
    for arc in np.flatnonzero(graph.leg != TURN).tolist():
        names[arc] = network.legs[graph.leg[arc]]
    for arc in np.flatnonzero(transfer >= 0).tolist():
        names[arc] = transfer_name(network, int(graph.turn[arc]))
    return names


def _listed(
    demand: Demand, found: Assignment, rows: Ints, arc: Ints, most: int
) -> tuple[Listed, Floats]:
    """The paths of each consignment that carry most, and what is left for the others."""
    pair, share = found.path_pair, np.zeros(len(found.path_flow))
    full = found.quantity[pair] > 0
    share[full] = found.path_flow[full] / found.quantity[pair][full]
    order = _likeliest(found, share)
    rank = np.arange(len(order)) - found.first_path[pair[order]]
    kept = order[(rank < most) & (share[order] > FAINT)]
    first = np.searchsorted(pair[kept], np.arange(len(found.quantity) + 1))
    travels = rows[found.pair >= 0]
    of_row = found.pair[found.pair >= 0]
    count = np.diff(first)[of_row]
    path = kept[np.repeat(first[of_row] - np.cumsum(count) + count, count) + np.arange(count.sum())]
    consignment = np.repeat(travels, count)
    told = np.bincount(consignment, share[path], minlength=len(demand.name))
    rest = np.zeros(len(demand.name))
    rest[travels] = np.where(1.0 - told[travels] > FAINT, 1.0 - told[travels], 0.0)
    routes = Listed(consignment, share[path], *some_of(found.first_arc, found.arcs, path, arc))
    return joined([Listed.staying(np.flatnonzero(demand.stays)), routes]), rest


def _likeliest(found: Assignment, share: Floats) -> Ints:
    """All paths, those of one pair together, the likeliest first; ties by their first arc."""
    pair = found.path_pair
    order = np.arange(len(pair))
    several = np.flatnonzero((np.diff(found.first_path) > 1)[pair])
    keys = (found.arcs[found.first_arc[several]], -np.round(share[several], 12), pair[several])
    order[several] = several[np.lexsort(keys)]
    return order
