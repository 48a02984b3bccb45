"""The market as users of linopy and of PyPSA would write it, each as its manual advises.

Both hand the same linear program to HiGHS with its default settings. PyPSA knows no capacity that
several goods share: that is added as linopy constraints on its model, which its manual calls extra
functionality.
"""

from __future__ import annotations

from typing import Any

import linopy
import numpy as np
import pandas as pd
import pypsa
import xarray as xr

from benchmarks.markets import Market, Orders
from benchmarks.program import flow_columns

SILENT: dict[str, Any] = {"output_flag": False, "threads": 1}


def linopy_model(market: Market) -> linopy.Model:
    """One variable for each way to use a leg, each step and each plant; balances by group sums."""
    leg, good = flow_columns(market)
    goods = market.goods
    model = linopy.Model()
    time = market.value_of_time[good] * market.days[leg]
    flow = _levels(model, "flow", np.full(len(leg), np.inf))
    sell = _levels(model, "sell", market.offers.quantity)
    buy = _levels(model, "buy", market.bids.quantity)
    run = _levels(model, "run", market.plant_capacity)
    amount = market.recipe[market.plant_recipe]
    plant, made = np.nonzero(amount)
    terms = [
        (flow * -1.0, market.tail[leg] * goods + good),
        (flow * 1.0, market.head[leg] * goods + good),
        (sell * 1.0, market.offers.place * goods + market.offers.good),
        (buy * -1.0, market.bids.place * goods + market.bids.good),
    ]
    if len(plant):
        used = run.isel(run=xr.DataArray(plant, dims="use")) * xr.DataArray(
            amount[plant, made], dims="use"
        )
        terms.append((used, market.plant_place[plant] * goods + made))
    parts = [_by_group(term, group, "balance") for term, group in terms]
    model.add_constraints(linopy.merge(*parts, join="outer") == 0, name="balance")
    held = np.isfinite(market.capacity)[leg]
    at = xr.DataArray(np.flatnonzero(held), dims="held")
    load = flow.isel(flow=at) * xr.DataArray(market.use[good[held]], dims="held")
    loads = _by_group(load, leg[held], "limited")
    room = xr.DataArray(
        market.capacity[np.unique(leg[held])], coords=[("limited", np.unique(leg[held]))]
    )
    model.add_constraints(loads <= room, name="capacity")
    model.add_objective(
        (flow * _along("flow", market.cost[leg, good] + time)).sum()
        + (sell * _along("sell", market.offers.price)).sum()
        - (buy * _along("buy", market.bids.price)).sum()
        + (run * _along("run", market.plant_cost)).sum()
    )
    return model


def solve_linopy(model: linopy.Model) -> float:
    """Least cost.

    Raises
    ------
    RuntimeError : it ends without an optimum
    """
    status, condition = model.solve("highs", io_api="direct", progress=False, **SILENT)
    if status != "ok":
        raise RuntimeError(f"linopy: {condition}")
    assert model.objective.value is not None
    return float(model.objective.value)


def _levels(model: linopy.Model, name: str, upper: np.ndarray) -> linopy.Variable:
    return model.add_variables(
        lower=0.0,
        upper=xr.DataArray(upper, dims=name),
        coords=[pd.RangeIndex(len(upper), name=name)],
        name=name,
    )


def _along(name: str, values: np.ndarray) -> xr.DataArray:
    return xr.DataArray(values, coords=[pd.RangeIndex(len(values), name=name)])


def _by_group(
    term: linopy.LinearExpression, group: np.ndarray, name: str
) -> linopy.LinearExpression:
    (along,) = (str(name) for name in term.coord_dims)
    return term.groupby(xr.DataArray(group, dims=along, name=name)).sum()


def pypsa_network(market: Market) -> pypsa.Network:
    """A bus for each good at each place, a link for each way to use a leg and for each plant."""
    network = pypsa.Network()
    buses = pd.Index([f"p{p}g{g}" for p in range(market.places) for g in range(market.goods)])
    network.add("Bus", buses)
    leg, good = flow_columns(market)
    time = market.value_of_time[good] * market.days[leg]
    network.add(
        "Link",
        [f"l{i}g{g}" for i, g in zip(leg, good, strict=True)],
        bus0=buses[market.tail[leg] * market.goods + good],
        bus1=buses[market.head[leg] * market.goods + good],
        p_nom=_most(market),
        marginal_cost=market.cost[leg, good] + time,
    )
    _generators(network, "offer", market.offers, buses, market.goods, 1.0)
    _generators(network, "bid", market.bids, buses, market.goods, -1.0)
    _plants(network, market, buses)
    return network


def solve_pypsa(network: pypsa.Network, market: Market) -> float:
    """Least cost, as ``optimize`` finds it: the model, its optimum, the results in the network.

    Raises
    ------
    RuntimeError : it ends without an optimum
    """
    status, condition = network.optimize(
        solver_name="highs",
        solver_options=SILENT,
        extra_functionality=lambda network, snapshots: _share(network, market),
        progress=False,
    )
    if status != "ok":
        raise RuntimeError(f"PyPSA: {condition}")
    assert network.objective is not None
    return float(network.objective)


def pypsa_model(network: pypsa.Network, market: Market) -> linopy.Model:
    """PyPSA's model alone: what is left when nobody wants its results in the network."""
    network.optimize.create_model()
    _share(network, market)
    return network.model


def _share(network: pypsa.Network, market: Market) -> None:
    """Capacities that several goods share."""
    leg, good = flow_columns(market)
    held = np.isfinite(market.capacity)[leg]
    names = [f"l{i}g{g}" for i, g in zip(leg[held], good[held], strict=True)]
    flow = network.model["Link-p"].sel(name=names, snapshot=network.snapshots[0])
    use = xr.DataArray(market.use[good[held]], coords=[("name", names)])
    group = pd.Series(leg[held], index=pd.Index(names, name="name"), name="limited")
    loads = (flow * use).groupby(group).sum()
    room = pd.Series(market.capacity, name="room").loc[np.unique(leg[held])]
    room.index.name = "limited"
    network.model.add_constraints(loads <= xr.DataArray(room), name="shared capacity")


def _most(market: Market) -> float:
    """PyPSA's links have a size; none of these is to be the one that binds."""
    return float(market.offers.quantity.sum() + market.plant_capacity.sum() * 10.0)


def _generators(
    network: pypsa.Network, name: str, orders: Orders, buses: pd.Index, goods: int, sign: float
) -> None:
    network.add(
        "Generator",
        [f"{name}{i}" for i in range(len(orders.price))],
        bus=buses[orders.place * goods + orders.good],
        p_nom=orders.quantity,
        marginal_cost=sign * orders.price,
        sign=sign,
    )


def _plants(network: pypsa.Network, market: Market, buses: pd.Index) -> None:
    """A plant takes its first input at bus0; its other goods are outputs, negative for inputs."""
    for n, (place, recipe) in enumerate(zip(market.plant_place, market.plant_recipe, strict=True)):
        amount = market.recipe[recipe]
        first, *others = np.argsort(amount)[: np.count_nonzero(amount < 0)]
        scale = -amount[first]
        goods = [*others, *np.flatnonzero(amount > 0)]
        ports = {f"bus{i}": buses[place * market.goods + g] for i, g in enumerate(goods, 1)}
        shares = {
            "efficiency" if i == 1 else f"efficiency{i}": amount[g] / scale
            for i, g in enumerate(goods, 1)
        }
        network.add(
            "Link",
            f"plant{n}",
            bus0=buses[place * market.goods + first],
            p_nom=market.plant_capacity[n] * scale,
            marginal_cost=market.plant_cost[n] / scale,
            **ports,
            **shares,
        )
