"""Which consignments use a leg or a transfer (select-link analysis)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from entrepot.errors import QuestionError
from entrepot.routing.answers import REST, Part, Routing, rounded
from entrepot.routing.graph import tables_behind, transfer_between, transfer_name
from entrepot.tables.nearest import did_you_mean

USERS = {
    "period": pl.String,
    "consignment": pl.String,
    "quantity": pl.Float64,
    "share": pl.Float64,
}


def leg_users(routing: Routing, leg: str, to: str | None = None) -> pl.DataFrame:
    """The consignments that use a leg, or that go on from it to another, and how much of each.

    Exact: the quantities add up to the flow of the leg or transfer. In an equilibrium they are
    summed from all paths; how much of one consignment takes which of several equally good paths is
    not unique, and then neither is this. For other choices they are summed from the routes listed.

    Parameters
    ----------
    leg : name of a leg
    to : the next leg, where those are asked for that make a transfer of table ``transfers``

    Returns
    -------
    Frame (period, consignment, quantity, share): units per period and share of the consignment.

    Raises
    ------
    QuestionError : an unknown leg or transfer; routes that are not all listed
    """
    network = routing.parts[0].graph.market.network
    known = set(network.legs)
    for name in (leg, *([] if to is None else [to])):
        if name not in known:
            cure = did_you_mean(name, known, "name a leg of legs.csv")
            raise QuestionError(f"the study has no leg {name!r}; {cure}")
    wanted = leg
    if to is not None:
        wanted = transfer_between(leg, to)
        named = np.flatnonzero(network.turn_row >= 0).tolist()
        if wanted not in {transfer_name(network, turn) for turn in named}:
            cure = "add the row, with a cost of 0, to have it counted"
            raise QuestionError(
                f"transfers.csv allows no transfer from {leg!r} to {to!r}, or does not name it; "
                f"{cure}"
            )
    rows = [row for part in routing.parts for row in _of_part(routing, part, wanted)]
    frame = pl.DataFrame(rows, schema=USERS, orient="row").filter(pl.col("quantity") > 0)
    return rounded(frame)


def _of_part(routing: Routing, part: Part, name: str) -> Iterator[tuple[str, str, float, float]]:
    demand, quantity = part.demand, np.zeros(len(part.demand.name))
    state = part.chosen.state
    if state is not None:
        names = state.problem.arc_names
        if names is None or name not in names:
            return
        pairs, units = state.using(names.index(name))
        share = np.zeros(len(state.quantity))
        share[pairs] = units / state.quantity[pairs]
        rows = np.flatnonzero(~demand.stays)
        carried = state.pair >= 0
        quantity[rows[carried]] = demand.quantity[rows[carried]] * share[state.pair[carried]]
    else:
        _must_be_whole(routing)
        listed, graph = part.chosen.listed, part.graph
        of_route = np.repeat(np.arange(len(listed.share)), np.diff(listed.first))
        told = np.concatenate([arcs for _, arcs, _ in tables_behind(graph)])
        wanted = np.zeros(graph.arcs, dtype=bool)
        wanted[told] = [each == name for each in graph.named(told)]
        uses = of_route[wanted[listed.arcs]]
        k = listed.consignment[uses]
        np.add.at(quantity, k, listed.share[uses] * demand.quantity[k])
    for row in sorted(np.flatnonzero(quantity > 0).tolist(), key=demand.name.__getitem__):
        share_of = quantity[row] / demand.quantity[row]
        yield part.period, demand.name[row], float(quantity[row]), float(share_of)


def _must_be_whole(routing: Routing) -> None:
    """Refuse routes that are told together as the rest."""
    rest = routing.routes.filter(pl.col("route") == REST)
    if rest.height:
        name = rest["consignment"][0]
        raise QuestionError(
            f"{rest.height} consignments have routes that are not listed ({name} the first); ask "
            "for more of them with `routes`"
        )
