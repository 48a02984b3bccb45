"""Full equilibrium of several sectors with input-output links and tariff revenue.

Caliendo, L. and Parro, F. (2015), "Estimates of the trade and welfare effects of NAFTA", Review of
Economic Studies 82(1), 1-44, in changes: with hats for after over before, c the cost of an input
bundle, v the share of value added, g those of inputs, t tariffs and k factors on trade at given
prices,

    c_is = w_i^v_is prod_r P_ir^g_irs
    P_js^-theta_s = sum_i s_ijs k_ijs (c_is (1 + t'_ijs) / (1 + t_ijs))^-theta_s
    X'_js = sum_r g_jsr Y'_jr + a_js I'_j           Y'_is = sum_j s'_ijs X'_js / (1 + t'_ijs)
    I'_j = w_j V_j + tariff revenue' + D_j          w_i V_i = sum_s v_is Y'_is

where s are shares of expenditure, a of final demand, V is value added and D a deficit, which keeps
its amount with the world's value added as numeraire. Everything is brought up to date at once,
wages by (demand / supply)^(1 / (1 + mean theta)), until nothing is off; each step goes on to where
the last ones point (`anderson`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from entrepot.errors import CertificateError, StatisticsError
from entrepot.statistics.equilibrium.anderson import Anderson
from entrepot.statistics.equilibrium.answer import TOLERANCE, change
from entrepot.statistics.equilibrium.sectors import Accounts, Sectors, accounts
from entrepot.statistics.equilibrium.welfare import Change, welfare_parts
from entrepot.statistics.equilibrium.world import Floats

MOST = 20_000
ACCURATE = 3e-13
FURTHEST = 50.0
"""What the logarithm of a price may be on the way."""

IDENTITY = (
    "every country's value added is what its sales leave it, every sector sells its output, and "
    "what is bought is what is used up and what final demand takes"
)


@dataclass(frozen=True, eq=False)
class SectorAnswer:
    """The world of sectors after a change.

    Attributes
    ----------
    table : (country, real_income_full, terms_of_trade_full, volume_of_trade_full,
        trade_costs_full, rest_full, real_wage_full, exports_full, imports_full, wage_full,
        price_index_full, tariff_revenue_full): changes in percent, but tariff revenue, which is
        in money of the numeraire; `real_income_full` is welfare, and the four after it are its
        parts (`welfare_parts`)
    by_sector : (country, sector, output_full, price_full, home_share_full, terms_of_trade_full,
        volume_of_trade_full): changes in percent, and what a sector adds to the parts of welfare
    trade : before tariffs (S, N, N)
    identity, residual, steps, notes : as in `Counterfactual`
    kind : what columns end in
    """

    table: pl.DataFrame
    by_sector: pl.DataFrame
    trade: Floats
    identity: str
    residual: float
    steps: int
    notes: tuple[str, ...] = ()
    kind: str = "full"


@dataclass(eq=False)
class _State:
    """Where the search stands: hats of wages (N,) and prices (N, S), and purchases (N, S)."""

    wage: Floats
    price: Floats
    bought: Floats


def caliendo_parro(
    world: Sectors,
    *,
    tariffs: Floats | None = None,
    factors: Floats | None = None,
    deficit: Floats | None = None,
) -> SectorAnswer:
    """Prices, wages and trade after a change of tariffs, of other trade costs, or of both.

    Parameters
    ----------
    tariffs : new ones (S, N, N); those of the world where None
    factors : on trade at given prices (S, N, N); 1 where None
    deficit : new ones, as amounts (N,); those of the world where None

    Raises
    ------
    StatisticsError : a world, tariffs or factors that cannot be; a deficit that cannot be paid
    CertificateError : markets do not clear to 1e-8
    """
    base = accounts(world)
    new = world.tariffs if tariffs is None else tariffs
    moved = np.ones_like(world.trade) if factors is None else factors
    _check(world, new, moved)
    shares = base.paid / np.where(base.bought > 0, base.bought, 1.0).T[:, None, :]
    theta = world.theta[:, None, None]
    weights = shares * moved * ((1.0 + new) / (1.0 + world.tariffs)) ** -theta
    left = base.deficit if deficit is None else deficit
    problem = _Problem(world, base, weights, Change(new, moved), left)
    state, steps = problem.solve()
    return problem.told(state, steps)


def without_deficits(world: Sectors) -> Sectors:
    """The world as it would be if every country spent what it earns, all else as it is.

    Caliendo and Parro begin with it, so that nothing of what they ask about comes of deficits that
    keep their amount.

    Raises
    ------
    CertificateError : markets do not clear to 1e-8
    """
    found = caliendo_parro(world, deficit=np.zeros(len(world.countries)))
    return replace(world, trade=found.trade)


def _check(world: Sectors, tariffs: Floats, factors: Floats) -> None:
    for name, found in (("tariffs", tariffs), ("factors", factors)):
        if found.shape != world.trade.shape:
            raise StatisticsError(f"{name} are {found.shape}, trade is {world.trade.shape}")
    if not (np.isfinite(tariffs).all() and (tariffs > -1).all()):
        raise StatisticsError("a tariff is no number, or takes more than the price")
    if not (np.isfinite(factors).all() and (factors > 0).all()):
        raise StatisticsError("every factor on trade is a number above 0")


class _Problem:
    """The equations, for a given world and change."""

    def __init__(
        self, world: Sectors, base: Accounts, weights: Floats, change: Change, deficit: Floats
    ) -> None:
        self._world, self._base, self._weights, self._change = world, base, weights, change
        self._net = 1.0 / (1.0 + change.tariffs)
        self._levied = change.tariffs * self._net
        self._deficit = deficit
        self._final = base.final / base.income[:, None]
        self._added = world.value_added

    def solve(self) -> tuple[_State, int]:
        """Where nothing is off any more.

        Raises
        ------
        StatisticsError : a deficit that cannot be paid
        CertificateError : it is not found
        """
        base = self._base
        state = _State(np.ones_like(base.income), np.ones_like(base.bought), base.bought.copy())
        damped = 1.0 / (1.0 + float(self._world.theta.mean()))
        ahead = Anderson()
        for step in range(1, MOST):
            cost = self._cost(state)
            strength = cost.T ** -self._world.theta[:, None]
            demand = np.einsum("sij,si->sj", self._weights, strength)
            price = np.where(demand > 0, demand, 1.0) ** (-1.0 / self._world.theta[:, None])
            shares = self._weights * (strength[:, :, None] * price[:, None, :]
                                      ** self._world.theta[:, None, None])  # fmt: skip
            bought, output, income = self._purchases(state, shares)
            earned = (self._added * output).sum(axis=1)
            ratio = earned / (state.wage * base.earned)
            off = max(
                float(np.abs(ratio - 1.0).max()),
                float(np.abs(price.T / state.price - 1.0).max()),
                float((np.abs(bought - state.bought) / income[:, None]).max()),
            )
            image = _State(state.wage * ratio**damped, price.T, bought)
            if off <= ACCURATE:
                return self._in_units(image), step
            state = self._in_units(self._further(ahead, state, image, off))
            if not np.isfinite(off):
                break
        raise CertificateError(f"markets do not clear after {step:,} steps; no answer is given")

    def _in_units(self, state: _State) -> _State:
        """The same in units of the numeraire, the world's value added."""
        earned = self._base.earned
        wage = state.wage * (earned.sum() / float(state.wage @ earned))
        return _State(wage, state.price, state.bought)

    def _further(self, ahead: Anderson, state: _State, image: _State, off: float) -> _State:
        """Where the steps so far point to; where that cannot be, the plain step."""
        size, count = self._base.income[:, None], len(state.wage)

        def flat(of: _State) -> Floats:
            parts = (np.log(of.wage), np.log(of.price).ravel(), (of.bought / size).ravel())
            return np.concatenate(parts)

        found = ahead.next(flat(state), flat(image), off)
        of_price, of_bought = np.split(found[count:], 2)
        bought = of_bought.reshape(size.shape[0], -1) * size
        logs = np.concatenate([found[:count], of_price])
        if (bought < 0).any() or not np.abs(logs).max() < FURTHEST:
            ahead.forget()
            return image
        price = np.exp(of_price).reshape(bought.shape)
        return _State(np.exp(found[:count]), price, bought)

    def _cost(self, state: _State) -> Floats:
        """Hats of the costs of input bundles (N, S)."""
        logs = self._added * np.log(state.wage)[:, None]
        logs += np.einsum("nru,nr->nu", self._world.inputs, np.log(state.price))
        return np.asarray(np.exp(logs))

    def _purchases(self, state: _State, shares: Floats) -> tuple[Floats, Floats, Floats]:
        """Purchases (N, S), outputs (N, S) and incomes (N,) that follow from shares."""
        output = np.einsum("sij,js->is", shares * self._net, state.bought)
        revenue = np.einsum("sij,js->j", shares * self._levied, state.bought)
        income = state.wage * self._base.earned + revenue + self._deficit
        if not (income > 0).all():
            broke = [c for c, i in zip(self._world.countries, income, strict=True) if not i > 0]
            raise StatisticsError(f"{', '.join(broke[:8])} cannot keep the surplus as an amount")
        used = np.einsum("nsu,nu->ns", self._world.inputs, output)
        return used + self._final * income[:, None], output, income

    def told(self, state: _State, steps: int) -> SectorAnswer:
        """The answer, if it holds when computed anew from wages and prices.

        Raises
        ------
        CertificateError : it does not
        """
        world, base = self._world, self._base
        theta = world.theta[:, None, None]
        cost = self._cost(state)
        strength = cost.T ** -world.theta[:, None]
        shares = self._weights * strength[:, :, None] * state.price.T[:, None, :] ** theta
        paid = shares * state.bought.T[:, None, :]
        trade = paid * self._net
        bought, output, income = self._purchases(state, shares)
        earned = (self._added * trade.sum(axis=2).T).sum(axis=1)
        there = base.bought > 0
        residual = max(
            float(np.abs(earned / (state.wage * base.earned) - 1.0).max()),
            float((np.abs(bought - state.bought) / income[:, None]).max()),
            float(np.abs(shares.sum(axis=1).T - 1.0)[there].max()),
        )
        if not residual <= TOLERANCE:
            raise CertificateError(
                f"sectors: markets do not clear (off by {residual:.3g}); no answer is given"
            )
        table, by_sector = self._tables(state, (cost, shares, output, income), trade)
        return SectorAnswer(
            table.fill_nan(None), by_sector.fill_nan(None), trade, IDENTITY, residual, steps
        )

    def _tables(
        self, state: _State, after: tuple[Floats, Floats, Floats, Floats], trade: Floats
    ) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Changes by country, and by country and sector.

        Parameters
        ----------
        after : hats of costs (N, S), shares (S, N, N), outputs (N, S) and incomes (N,)
        """
        world, base = self._world, self._base
        cost, shares, output, income = after
        index = np.exp((self._final * np.log(state.price)).sum(axis=1))
        welfare = income / base.income / index
        parts = welfare_parts(world, self._change, trade, cost, (base.income, income), welfare)
        abroad = ~np.eye(len(index), dtype=bool)
        before, one = world.trade * abroad, np.ones_like(index)
        table = pl.DataFrame(
            {
                "country": list(world.countries),
                "real_income_full": change(welfare, one),
                **{f"{name}_full": each.sum(axis=1) for name, each in parts.items()},
                "real_wage_full": change(state.wage / index, one),
                "exports_full": change((trade * abroad).sum((0, 2)), before.sum((0, 2))),
                "imports_full": change((trade * abroad).sum((0, 1)), before.sum((0, 1))),
                "wage_full": change(state.wage, one),
                "price_index_full": change(index, one),
                "tariff_revenue_full": (trade * self._change.tariffs).sum(axis=(0, 1)),
            }
        )
        home = np.arange(len(index))
        before_home = base.paid[:, home, home] / np.where(base.bought > 0, base.bought, 1.0).T
        by_sector = pl.DataFrame(
            {
                "country": np.repeat(world.countries, len(world.sectors)),
                "sector": np.tile(world.sectors, len(world.countries)),
                "output_full": change(output, base.output).ravel(),
                "price_full": change(state.price, np.ones_like(state.price)).ravel(),
                "home_share_full": change(shares[:, home, home], before_home).T.ravel(),
                "terms_of_trade_full": parts["terms_of_trade"].ravel(),
                "volume_of_trade_full": parts["volume_of_trade"].ravel(),
            }
        )
        return table, by_sector
