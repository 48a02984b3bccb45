"""Markets to measure on, drawn from a seed: the same arrays on every machine.

Places lie in clusters, one a country. Roads join neighbours, railways the larger towns, sea lanes
the ports. What a good costs on a leg follows from distance, mode and good. At a fifth of all
places x goods stands a curve of 5 to 20 steps, half of them offers and half bids; a twentieth of
the places has a plant. Capacities are cut from the flows of the same market without capacities,
so that about a tenth of the legs in use are full.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import minimum_spanning_tree
from scipy.spatial import cKDTree

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

# Places, goods, directed legs.
SIZES = {"s": (200, 5, 1_000), "m1": (600, 10, 3_000), "m": (2_000, 20, 10_000)}

MODES = ("road", "rail", "sea")
# By mode: money per unit and kilometre, money per unit to load, kilometres a day, days to load,
# share of goods that use a leg of the mode.
PER_KM = np.array([0.05, 0.025, 0.006])
LOADING = np.array([0.0, 3.0, 8.0])
KM_A_DAY = np.array([500.0, 350.0, 600.0])
DAYS_TO_LOAD = np.array([0.0, 1.0, 3.0])
OPEN_TO = np.array([1.0, 0.6, 0.5])
KM_A_DEGREE = 111.0

# Shares: curves among places x goods, plants among places, and of the legs in use those that are
# cut below their free flow. Some of the others fill up when goods go round the cut ones.
WITH_CURVE, WITH_PLANT, CUT = 0.2, 0.05, 0.09
LOT = 5.0


@dataclass(frozen=True)
class Orders:
    """K steps.

    Attributes
    ----------
    place, good : numbers, shape (K,)
    price : money per unit, shape (K,)
    quantity : units, shape (K,)
    """

    place: Ints
    good: Ints
    price: Floats
    quantity: Floats


@dataclass(frozen=True)
class Market:
    """P places, G goods, L legs, R recipes, N plants, as arrays.

    Attributes
    ----------
    country, x, y : number of the country and position in degrees of each place, shape (P,)
    tail, head, mode, length_km, days, capacity : of each leg; capacity in units that all goods
        share, inf where there is none; shape (L,)
    cost, allowed : money per unit, and whether the good may use the leg at all, shape (L, G)
    use, value_of_time : capacity that one unit takes, money per unit and day, shape (G,)
    offers, bids : what is sold and bought
    recipe : amounts used (negative) and made by one unit of each recipe, shape (R, G)
    plant_place, plant_recipe, plant_capacity, plant_cost : shape (N,)
    """

    country: Ints
    x: Floats
    y: Floats
    tail: Ints
    head: Ints
    mode: Ints
    length_km: Floats
    days: Floats
    capacity: Floats
    cost: Floats
    allowed: Flags
    use: Floats
    value_of_time: Floats
    offers: Orders
    bids: Orders
    recipe: Floats
    plant_place: Ints
    plant_recipe: Ints
    plant_capacity: Floats
    plant_cost: Floats

    @property
    def places(self) -> int:
        """Number of places."""
        return len(self.x)

    @property
    def goods(self) -> int:
        """Number of goods."""
        return len(self.use)

    def save(self, path: Path) -> None:
        """Write all arrays to an ``.npz`` file."""
        arrays = {
            f.name: getattr(self, f.name) for f in fields(self) if f.name not in ("offers", "bids")
        }
        for side in ("offers", "bids"):
            for f in fields(Orders):
                arrays[f"{side}.{f.name}"] = getattr(getattr(self, side), f.name)
        np.savez(path, **arrays)


def load(path: Path) -> Market:
    """The market that `Market.save` wrote."""
    with np.load(path) as arrays:
        sides = {
            side: Orders(**{f.name: arrays[f"{side}.{f.name}"] for f in fields(Orders)})
            for side in ("offers", "bids")
        }
        plain: dict[str, Any] = {name: arrays[name] for name in arrays.files if "." not in name}
    return Market(**plain, offers=sides["offers"], bids=sides["bids"])


def draw(size: str, seed: int = 1, *, plants: bool = True, book: bool = False) -> Market:
    """A market of a size of `SIZES`.

    Parameters
    ----------
    plants : whether a twentieth of the places runs a recipe
    book : prices, costs and quantities as an exchange quotes them: whole numbers and lots of 5,
        no plants. Whole ranges of prices are then optimal
    """
    places, goods, legs = SIZES[size]
    random = np.random.default_rng(seed)
    countries = min(20, places // 25)
    country, x, y = _places(random, places, countries)
    tail, head, mode = _legs(random, x, y, legs)
    length = np.hypot(x[tail] - x[head], y[tail] - y[head]) * KM_A_DEGREE * 1.2
    rate = PER_KM[mode] * length + LOADING[mode] + 2.0 * (country[tail] != country[head])
    bulk = random.uniform(0.7, 1.6, goods)
    price = random.uniform(80.0, 400.0, goods)
    recipe = _recipes(random, price) if plants and not book else np.zeros((0, goods))
    offers, bids = _orders(random, price, places)
    some = max(1, round(WITH_PLANT * places)) if len(recipe) else 0
    market = Market(
        country=country,
        x=x,
        y=y,
        tail=tail,
        head=head,
        mode=mode,
        length_km=length,
        days=length / KM_A_DAY[mode] + DAYS_TO_LOAD[mode],
        capacity=np.full(legs, np.inf),
        cost=rate[:, None] * bulk * random.uniform(0.9, 1.1, (legs, goods)),
        allowed=random.random((legs, goods)) < OPEN_TO[mode][:, None],
        use=random.choice([0.8, 1.0, 1.25, 1.5], goods),
        value_of_time=price * 0.0005,
        offers=offers,
        bids=bids,
        recipe=recipe,
        plant_place=np.sort(random.choice(places, some, replace=False)),
        plant_recipe=random.integers(0, max(len(recipe), 1), some),
        plant_capacity=random.uniform(50.0, 400.0, some),
        plant_cost=random.uniform(5.0, 20.0, some),
    )
    return _with_capacities(random, _in_lots(market) if book else market, book)


def _places(
    random: np.random.Generator, places: int, countries: int
) -> tuple[Ints, Floats, Floats]:
    centre = np.stack(
        [random.uniform(0.0, 90.0, countries), random.uniform(25.0, 58.0, countries)], axis=1
    )
    country = np.sort(random.integers(0, countries, places))
    country[:countries] = np.arange(countries)
    country.sort()
    at = centre[country] + random.normal(0.0, 3.0, (places, 2))
    return country, at[:, 0], np.clip(at[:, 1], -85.0, 85.0)


def _legs(random: np.random.Generator, x: Floats, y: Floats, legs: int) -> tuple[Ints, Ints, Ints]:
    """Tail, head and mode: every way there is also a way back; all places hang together."""
    places = len(x)
    at = np.stack([x, y], axis=1)
    towns = np.sort(random.choice(places, places // 4, replace=False))
    ports = np.sort(random.choice(places, places // 12, replace=False))
    rail = _near(at, towns, 4)[: legs // 8]
    sea = ports[random.integers(0, len(ports), (legs // 10, 2))]
    sea = np.unique(np.sort(sea[sea[:, 0] != sea[:, 1]], axis=1), axis=0)
    everyone = np.arange(places)
    apart = np.hypot(x[:, None] - x, y[:, None] - y)
    tree = minimum_spanning_tree(csr_array(apart)).tocoo()
    trunk = np.sort(np.stack([tree.row, tree.col], axis=1), axis=1)
    wanted = legs // 2 - len(rail) - len(sea)
    near = _near(at, everyone, 10)
    fresh = ~np.isin(near @ [places, 1], trunk @ [places, 1])
    road = np.concatenate([trunk, near[fresh]])[:wanted]
    ways = np.concatenate([road, rail, sea]).astype(np.int64)
    mode = np.repeat([0, 1, 2], [len(road), len(rail), len(sea)])
    tail = np.stack([ways[:, 0], ways[:, 1]], axis=1).ravel()
    head = np.stack([ways[:, 1], ways[:, 0]], axis=1).ravel()
    return tail, head, np.repeat(mode, 2)


def _near(at: Floats, members: Ints, count: int) -> Ints:
    """Pairs of each member with its nearest others, the shortest pairs first, shape (n, 2)."""
    nearest = cKDTree(at[members]).query(at[members], k=count + 1)
    distance, found = np.asarray(nearest[0]), np.asarray(nearest[1])
    pairs = np.stack([np.repeat(members, count), members[found[:, 1:].ravel()]], axis=1)
    pairs, first = np.unique(np.sort(pairs, axis=1), axis=0, return_index=True)
    return pairs[np.argsort(distance[:, 1:].ravel()[first], kind="stable")]


def _recipes(random: np.random.Generator, price: Floats) -> Floats:
    """One recipe for each of the last fifth of the goods, from one or two of the others."""
    goods = len(price)
    made = np.arange(goods - goods // 5, goods)
    amounts = np.zeros((len(made), goods))
    for r, good in enumerate(made.tolist()):
        inputs = random.choice(goods - len(made), random.integers(1, 3), replace=False)
        share = random.uniform(0.5, 0.8) * price[good] / len(inputs)
        amounts[r, inputs] = -np.round(share / price[inputs], 3)
        amounts[r, good] = 1.0
    return amounts


def _orders(random: np.random.Generator, price: Floats, places: int) -> tuple[Orders, Orders]:
    """Curves of steps: offers from below the good's price upwards, bids from above downwards."""
    goods = len(price)
    where = np.sort(
        random.choice(places * goods, round(WITH_CURVE * places * goods), replace=False)
    )
    sells = random.random(len(where)) < 0.5
    steps = random.integers(5, 21, len(where))
    curve = np.repeat(np.arange(len(where)), steps)
    middle = random.uniform(0.85, 1.15, len(where)) * price[where % goods]
    spread = random.uniform(0.3, 0.6, len(where)) * middle
    # Within a curve the steps are sorted by a random depth: cheapest offer, dearest bid first.
    depth = random.random(len(curve))
    depth = depth[np.lexsort((depth, curve))]
    sign = np.where(sells, 1.0, -1.0)
    quantity = random.lognormal(3.0, 0.7, len(curve))
    place, good = (where // goods)[curve], (where % goods)[curve]
    limit = middle[curve] + (sign * spread)[curve] * (2.0 * depth - 0.8)
    found = []
    for side in (sells[curve], ~sells[curve]):
        found.append(Orders(place[side], good[side], limit[side], quantity[side]))
    return found[0], found[1]


def _in_lots(market: Market) -> Market:
    """Whole prices and costs, quantities in lots; time costs nothing, every unit takes one."""

    def lots(orders: Orders) -> Orders:
        quantity = np.maximum(np.round(orders.quantity / LOT), 1.0) * LOT
        return replace(orders, price=np.round(orders.price), quantity=quantity)

    return replace(
        market,
        cost=np.maximum(np.round(market.cost), 1.0),
        days=np.zeros(len(market.tail)),
        use=np.ones(market.goods),
        offers=lots(market.offers),
        bids=lots(market.bids),
    )


def _with_capacities(random: np.random.Generator, market: Market, lots: bool) -> Market:
    """Capacities from the flows that the market without them has; no prices are known to it."""
    # The program reads a market: what only the drawing of one needs of it is fetched here.
    from benchmarks.program import highs, loads, program_of, solve

    load = loads(market, solve(highs(program_of(market), "ipx"))[1])
    used = load > 1e-6 * load.max()
    room = random.uniform(1.3, 3.0, len(load))
    room[random.random(len(load)) < CUT] = 0.0
    room = np.where(room == 0.0, random.uniform(0.4, 0.8, len(load)), room)
    typical = np.median(load[used]) * random.lognormal(0.0, 0.5, len(load))
    capacity = np.where(used, room * load, typical)
    if lots:
        capacity = np.maximum(np.round(capacity / LOT), 1.0) * LOT
    return replace(market, capacity=_digits(capacity, 3))


def _digits(values: Floats, digits: int) -> Floats:
    """Values to so many significant digits: a solver's rounding leaves no trace."""
    scale = 10.0 ** (digits - 1 - np.floor(np.log10(values)))
    return np.round(values * scale) / scale
