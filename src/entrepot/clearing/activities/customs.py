"""Customs: goods that have arrived enter the country's market, banned or not, duty paid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from entrepot.clearing.activities.activity import Activities, Columns, Kind
from entrepot.clearing.layers import NO_HEADING
from entrepot.clearing.rules.duties import duty_on
from entrepot.clearing.rules.origins import accepts
from entrepot.network.bans import is_banned
from entrepot.network.market import Market

if TYPE_CHECKING:
    from entrepot.clearing.stack import Draft


def duty_rates(
    market: Market, good: int, origin: str, country: str, period: int
) -> tuple[float, float]:
    """Duty on a good from `origin` in `country`: share of the CIF price, and money per unit."""
    number = duty_on(market, good, origin, country, period)
    if number is None:
        return 0.0, 0.0
    row = market.study.table("duties").row(number, named=True)
    return row["ad_valorem"] or 0.0, row["specific"] or 0.0


def draw_up(draft: Draft) -> Activities:
    """Each layer into each pool that may take it; `row` is the pool."""
    market, layers, balances = draft.market, draft.layers, draft.balances
    network = market.network
    columns = Columns()
    known: dict[tuple[int, str, int], tuple[bool, float, float]] = {}
    for number, ((t, place, good, wanted), pool) in enumerate(balances.pools.items()):
        country = network.countries[place]
        for layer in draft.moving_layers(good):
            members, heading = layers.countries[layer], int(layers.heading[layer])
            if not members or heading not in (NO_HEADING, layers.headings[good, country]):
                continue
            key = (layer, country, t)
            if key not in known:
                banned = is_banned(market, good, members[0], country, t)
                known[key] = (banned, *duty_rates(market, good, members[0], country, t))
            banned, ad_valorem, specific = known[key]
            if banned or not accepts(market, wanted, members[0], t):
                continue
            arrived = int(balances.at(t, layer, int(network.market[place])))
            columns.add(
                1,
                takes=arrived,
                gives=pool,
                worth=-(specific + ad_valorem * draft.cif_price(arrived)),
                period=t,
                row=number,
                layer=layer,
            )
    return columns.done()


KIND = Kind("customs", draw_up)
