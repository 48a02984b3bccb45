"""Which consignments use a leg (select-link analysis)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from entrepot.errors import QuestionError
from entrepot.routing.answers import REST, Part, Routing, rounded
from entrepot.routing.graph import TURN
from entrepot.tables.nearest import did_you_mean

USERS = {
    "period": pl.String,
    "consignment": pl.String,
    "quantity": pl.Float64,
    "share": pl.Float64,
}


def leg_users(routing: Routing, leg: str) -> pl.DataFrame:
    """The consignments that use a leg, and how much of each.

    Exact: the quantities add up to the flow of the leg. In an equilibrium they are summed from all
    paths; how much of one consignment takes which of several equally good paths is not unique, and
    then neither is this. For other choices they are summed from the routes listed.

    Returns
    -------
    Frame (period, consignment, quantity, share): units per period and share of the consignment.

    Raises
    ------
    QuestionError : an unknown leg; routes that are not all listed
    """
    known = set(routing.parts[0].graph.market.network.legs)
    if leg not in known:
        cure = did_you_mean(leg, known, "name a leg of legs.csv")
        raise QuestionError(f"the study has no leg {leg!r}; {cure}")
    rows = [row for part in routing.parts for row in _of_part(routing, part, leg)]
    frame = pl.DataFrame(rows, schema=USERS, orient="row").filter(pl.col("quantity") > 0)
    return rounded(frame)


def _of_part(routing: Routing, part: Part, leg: str) -> Iterator[tuple[str, str, float, float]]:
    demand, quantity = part.demand, np.zeros(len(part.demand.name))
    state = part.chosen.state
    if state is not None:
        names = state.problem.arc_names
        if names is None or leg not in names:
            return
        pairs, units = state.using(names.index(leg))
        share = np.zeros(len(state.quantity))
        share[pairs] = units / state.quantity[pairs]
        rows = np.flatnonzero(~demand.stays)
        carried = state.pair >= 0
        quantity[rows[carried]] = demand.quantity[rows[carried]] * share[state.pair[carried]]
    else:
        _must_be_whole(routing)
        listed, network = part.chosen.listed, part.graph.market.network
        of_route = np.repeat(np.arange(len(listed.share)), np.diff(listed.first))
        number = part.graph.leg[listed.arcs]
        wanted = np.array([network.legs[n] == leg for n in number.tolist()], dtype=bool)
        on_leg = of_route[(number != TURN) & wanted]
        k = listed.consignment[on_leg]
        np.add.at(quantity, k, listed.share[on_leg] * demand.quantity[k])
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
