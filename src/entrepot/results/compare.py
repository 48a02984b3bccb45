"""Two answers side by side: who gains, what moves otherwise, what becomes scarce."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from entrepot.clearing.answers import DIGITS, Clearing
from entrepot.errors import QuestionError
from entrepot.results.haulage import corridor_totals, haulage
from entrepot.results.welfare import welfare_parts

# Of the sum of all parts, and of the larger of two figures: what is below it is rounding.
ROUNDING = 1e-9


@dataclass(frozen=True)
class Comparison:
    """Two answers side by side.

    Every frame ends in `base`, `other` and `change` (other less base). What one of the answers
    does not have is 0 where it is an amount and null where it is a price or an average.

    Attributes
    ----------
    base, other : what was cleared: the scenarios, or the study's name where there are none
    currency : of all money
    totals : (measure, unit): welfare, duty_revenue
    welfare : (part, country, agent, name): the parts of welfare in money, see
        `entrepot.results.welfare`; each column adds up to the welfare
    countries : (country): the parts by country, null for what belongs to no country
    agents : (agent): what buyers, sellers and plants of each agent gain, in money
    flows : (period, leg, good, unit): units per period
    prices : (period, place, good, unit): money per unit
    rents : (period, leg, good, unit): money per unit
    limits : (period, table, name, good): rents of all full limits, money per unit of the limit
    corridors : (period, corridor, good, unit): units per period over all legs of the corridor
    modes : (period, mode, measure, unit), with `base_share` and `other_share` of the measure: what
        travels on each mode, and tonne-kilometres
    goods : (period, good, measure, unit): quantity moved, tonne_km, and the average days, freight
        and duty of a unit
    """

    base: str
    other: str
    currency: str
    totals: pl.DataFrame
    welfare: pl.DataFrame
    countries: pl.DataFrame
    agents: pl.DataFrame
    flows: pl.DataFrame
    prices: pl.DataFrame
    rents: pl.DataFrame
    limits: pl.DataFrame
    corridors: pl.DataFrame
    modes: pl.DataFrame
    goods: pl.DataFrame

    def tables(self) -> dict[str, pl.DataFrame]:
        """All frames by name, in the order in which they are best read."""
        return {
            "totals": self.totals,
            "welfare": self.welfare,
            "countries": self.countries,
            "agents": self.agents,
            "corridors": self.corridors,
            "modes": self.modes,
            "goods": self.goods,
            "prices": self.prices,
            "flows": self.flows,
            "rents": self.rents,
            "limits": self.limits,
        }


def compare(base: Clearing, other: Clearing) -> Comparison:
    """Set two answers side by side, in most cases of one study under two scenarios.

    Places, legs and goods are matched by name; what only one of the studies has is told as well.

    Raises
    ------
    QuestionError : the two studies count in different currencies
    """
    currency = base.study.settings.currency
    if other.study.settings.currency != currency:
        raise QuestionError(
            f"{base.study.name} counts in {currency}, {other.study.name} in "
            f"{other.study.settings.currency}: answers in one currency can be compared"
        )

    def both(read: Callable[[Clearing], pl.DataFrame], missing: float | None = 0.0) -> pl.DataFrame:
        return _beside(read(base), read(other), missing)

    welfare = _without_rounding(both(welfare_parts))
    traders = pl.col("part").is_in(["buyers", "sellers", "plants"])
    (base_modes, base_goods), (other_modes, other_goods) = haulage(base), haulage(other)
    return Comparison(
        base=_label(base),
        other=_label(other),
        currency=currency,
        totals=_totals(base, other),
        welfare=welfare,
        countries=_summed(welfare, "country"),
        agents=_summed(welfare.filter(traders), "agent"),
        flows=both(lambda each: _valued(each, each.flows, "leg", "quantity")),
        prices=both(lambda each: _valued(each, each.prices, "place", "price"), None),
        rents=both(lambda each: _valued(each, each.rents, "leg", "rent")),
        limits=both(_rents_of_limits),
        corridors=both(corridor_totals),
        modes=_with_shares(_beside(base_modes, other_modes, 0.0)),
        goods=_goods(base_goods, other_goods),
    )


def _label(clearing: Clearing) -> str:
    return " + ".join(clearing.study.applied) or clearing.study.name


def _totals(base: Clearing, other: Clearing) -> pl.DataFrame:
    rows = [
        {
            "measure": name,
            "unit": base.study.settings.currency,
            "base": getattr(base, name),
            "other": getattr(other, name),
        }
        for name in ("welfare", "duty_revenue")
    ]
    return pl.DataFrame(rows).with_columns(change=pl.col("other") - pl.col("base"))


def _valued(clearing: Clearing, frame: pl.DataFrame, key: str, value: str) -> pl.DataFrame:
    """One of the answer's tables as (period, key, good, unit, value)."""
    units = clearing.study.table("goods").select("good", "unit")
    return frame.join(units, on="good", maintain_order="left").select(
        "period", key, "good", "unit", value=pl.col(value)
    )


def _rents_of_limits(clearing: Clearing) -> pl.DataFrame:
    keys = ("period", "table", "name", "good")
    return clearing.limits.select(*keys, value=pl.col("rent"))


def _beside(base: pl.DataFrame, other: pl.DataFrame, missing: float | None) -> pl.DataFrame:
    """Two frames with the same keys and a column `value`, joined on all keys."""
    keys = [name for name in base.columns if name != "value"]
    joined = base.rename({"value": "base"}).join(
        other.rename({"value": "other"}), on=keys, how="full", coalesce=True, nulls_equal=True
    )
    if missing is not None:
        joined = joined.with_columns(pl.col("base", "other").fill_null(missing))
    return _changed(joined).sort(keys, nulls_last=True)


def _changed(frame: pl.DataFrame) -> pl.DataFrame:
    """With the change, all rounded as the answers' own tables are; rounding is no change."""
    change = pl.col("other") - pl.col("base")
    least = ROUNDING * pl.max_horizontal(pl.col("base", "other").abs())
    return frame.with_columns(
        change=pl.when(change.abs() > least).then(change).otherwise(0.0 * change)
    ).with_columns(pl.col("base", "other", "change").round_sig_figs(DIGITS) + 0.0)


def _without_rounding(parts: pl.DataFrame) -> pl.DataFrame:
    """Parts that are nothing but rounding left out."""
    sizes = pl.max_horizontal(pl.col("base", "other").abs())
    least = ROUNDING * pl.max_horizontal(pl.col("base", "other").abs().sum())
    return parts.filter(sizes > least)


def _summed(parts: pl.DataFrame, key: str) -> pl.DataFrame:
    summed = parts.group_by(key).agg(pl.col("base", "other").sum())
    return _changed(summed).sort(key, nulls_last=True)


def _with_shares(modes: pl.DataFrame) -> pl.DataFrame:
    """Each mode's share of its measure in its period, of the units that count alike."""
    whole = ["period", "measure", "unit"]
    return modes.with_columns(
        _share(name, whole).alias(f"{name}_share") for name in ("base", "other")
    ).sort("period", "measure", "unit", "mode")


def _share(name: str, whole: list[str]) -> pl.Expr:
    total = pl.col(name).sum().over(whole)
    return pl.when(total > 0).then((pl.col(name) / total).round_sig_figs(DIGITS))


def _goods(base: pl.DataFrame, other: pl.DataFrame) -> pl.DataFrame:
    """Amounts that are missing are 0; averages over nothing are null."""
    amounts = pl.col("measure").is_in(["quantity", "tonne_km"])
    found = [
        _beside(base.filter(wanted), other.filter(wanted), missing)
        for wanted, missing in ((amounts, 0.0), (~amounts, None))
    ]
    return pl.concat(found).sort("period", "good", "measure")
