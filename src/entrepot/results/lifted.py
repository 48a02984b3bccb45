"""What a ban, a duty or a closed leg changes: the study cleared again as if it did not hold.

Nothing is estimated: both answers are whole ones, and everything else in the study stays as it is.
What a rule is for is no figure of the study and no part of the sum.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from entrepot.clearing.answers import Clearing
from entrepot.errors import QuestionError
from entrepot.network.network import WAY_BACK
from entrepot.results.compare import compare
from entrepot.results.quoted import must_be_known
from entrepot.results.restrictions import restrictions
from entrepot.study import Change, Scenario, Study

RULES = {"bans": "ban", "duties": "duty", "legs": "closed leg"}
"""Tables whose rows can be lifted, and what `restrictions` calls them."""

LEAST = 1e-6
"""Of the larger of two figures, and of what all welfare comes to: a smaller change is none."""

MOST = 8
"""Rows of one kind told in words."""


@dataclass(frozen=True)
class Lifted:
    """What would change without a rule.

    Every frame ends in `base` (with the rule), `other` (without it) and `change`, rows with the
    largest change first.

    Attributes
    ----------
    table, name : of the rule
    currency : of all money
    rows : the rule as `entrepot.results.restrictions` tells it
    totals : (measure, unit): welfare, duty_revenue
    countries : (country): welfare by country, null for what belongs to no country
    prices : (period, place, good, unit, market): money per unit; `market` is whether anybody
        offers, bids for, makes or uses the good there: these stand first
    flows : (period, leg, good, unit): units per period
    """

    table: str
    name: str
    currency: str
    rows: pl.DataFrame
    totals: pl.DataFrame
    countries: pl.DataFrame
    prices: pl.DataFrame
    flows: pl.DataFrame

    @property
    def matters(self) -> bool:
        """Whether anything at all would change."""
        changed = self.totals["change"].abs().max()
        return bool(changed) or not (self.prices.is_empty() and self.flows.is_empty())

    def text(self) -> str:
        """The answer in plain words."""
        return "\n".join([*self._rule(), *(self._changes() if self.matters else self._nothing())])

    def _rule(self) -> Iterator[str]:
        for row in self.rows.iter_rows(named=True):
            ends = [row[end] or "*" for end in ("origin", "destination")]
            parts = [f"{row['kind']} {row['name']}:", *([row["good"]] if row["good"] else [])]
            parts.append(" -> ".join(ends))
            if row["what"]:
                parts.append(f"by {row['what']}" if row["kind"] == "ban" else row["what"])
            parts += [f"{word} {row[word]}" for word in ("since", "until") if row[word]]
            yield " ".join(parts) + ("" if row["in_force"] else " (not in force in any period)")

    def _nothing(self) -> Iterator[str]:
        yield "Without it, everything else as it is, nothing would change."
        yield "By itself it holds nothing back; another rule may hold back the same trade."

    def _changes(self) -> Iterator[str]:
        yield "Without it, everything else as it is (cleared again):"
        for row in self.totals.iter_rows(named=True):
            measure = row["measure"].replace("_", " ")
            yield f"  {row['change']:>+16,.0f}  {measure}, then {row['other']:,.0f} {row['unit']}"
        yield from _told(
            self.countries,
            "welfare by country",
            0,
            lambda row: row["country"] or "no country's own",
        )
        markets = self.prices.filter("market")
        yield from _told(
            self.prices if markets.is_empty() else markets,
            f"prices{'' if markets.is_empty() else ' at markets'}, {self.currency} per unit",
            2,
            lambda row: f"{row['good']} at {row['place']}",
        )
        yield from _told(
            self.flows,
            "flows, units per period",
            0,
            lambda row: f"{row['good']} by {row['leg']}",
        )
        yield "Welfare adds up what buyers, sellers and carriers gain and what duties bring in;"
        yield "what the rule is for is not part of it."


def lifted_study(held: Clearing, table: str, name: str) -> Study:
    """The study of an answer as if a ban, a duty or the closing of a leg did not hold.

    It has one more scenario, applied. All rows of that name are taken out of `bans` or `duties`; a
    leg opens in every period, and has room without limit where it has no capacity.

    Raises
    ------
    QuestionError : another table, a name that is not in it, or a leg that is not closed
    """
    study = held.study
    if table not in RULES:
        raise QuestionError(f"{table!r} cannot be lifted; ask for {', '.join(RULES)}")
    column = "leg" if table == "legs" else RULES[table]
    name = name.removesuffix(WAY_BACK) if table == "legs" else name
    _rows(held, table, name)
    called = f"without-{name}"
    while called in study.scenarios:
        called += "-too"
    changes = tuple(_changes(study, table, column, name))
    scenario = Scenario(called, f"without {RULES[table]} {name}", changes, called)
    return replace(study, scenarios={**study.scenarios, called: scenario}).scenario(called)


def lifted(held: Clearing, free: Clearing, table: str, name: str) -> Lifted:
    """Set an answer beside that of its study without a rule (`lifted_study`)."""
    name = name.removesuffix(WAY_BACK) if table == "legs" else name
    found = compare(held, free)
    size = float(found.welfare.select(pl.col("base", "other").abs().sum()).max_horizontal()[0])
    change = pl.col("change")
    matters = change.abs() > LEAST * size
    return Lifted(
        table=table,
        name=name,
        currency=found.currency,
        rows=_rows(held, table, name),
        totals=found.totals.with_columns(change=pl.when(matters).then(change).otherwise(0.0)),
        countries=found.countries.filter(matters).sort(change.abs(), descending=True),
        prices=_moved(_with_markets(found.prices, held, free), ["period", "place", "good"]),
        flows=_moved(found.flows, ["period", "leg", "good"]),
    )


def _rows(held: Clearing, table: str, name: str) -> pl.DataFrame:
    """A rule as `restrictions` tells it."""
    found = restrictions(held).filter(pl.col("kind") == RULES[table])
    must_be_known(name, found["name"].unique().to_list(), RULES[table])
    return found.filter(pl.col("name") == name)


def _changes(study: Study, table: str, column: str, name: str) -> Iterator[Change]:
    mine = study.table(table).filter(pl.col(column) == name)
    if table != "legs":
        yield Change(table, where={column: name}, remove=True)
        return
    yield Change(table, where={column: name}, set={"opens": "", "closes": ""})
    if (mine["capacity"] == 0).any():
        yield Change(table, where={column: name, "capacity": 0}, set={"capacity": ""})


def _moved(frame: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Rows that change, the largest change first; a price that comes or goes changes as well."""
    both = pl.max_horizontal(pl.col("base", "other").abs())
    comes = pl.col("base").is_null() != pl.col("other").is_null()
    return frame.filter((pl.col("change").abs() > LEAST * both) | comes).sort(
        *([~pl.col("market")] if "market" in frame.columns else []),
        pl.col("change").abs().neg(),
        *keys,
        nulls_last=True,
    )


def _with_markets(prices: pl.DataFrame, *answers: Clearing) -> pl.DataFrame:
    """Whether anybody trades, makes or uses the good at the place."""
    found = []
    for study in (answer.study for answer in answers):
        recipes = study.table("recipes").select("recipe", "good").unique()
        plants = study.table("plants").select("place", "recipe").join(recipes, on="recipe")
        found += [study.table(name).select("place", "good") for name in ("offers", "bids")]
        found.append(plants.select("place", "good"))
    markets = pl.concat(found).unique().with_columns(market=True)
    joined = prices.join(markets, on=["place", "good"], how="left", maintain_order="left")
    return joined.with_columns(pl.col("market").fill_null(False)).select(
        "period", "place", "good", "unit", "market", "base", "other", "change"
    )


def _told(
    frame: pl.DataFrame, what: str, digits: int, name: Callable[[dict[str, Any]], str]
) -> Iterator[str]:
    """The largest changes, and how many there are."""
    if frame.is_empty():
        yield f"no change of {what}"
        return
    many = f", the {MOST} that change most of {frame.height}" if frame.height > MOST else ""
    yield f"{what}{many}:"
    for row in frame.head(MOST).iter_rows(named=True):
        before, after = (
            "none" if row[end] is None else f"{row[end]:,.{digits}f}" for end in ("base", "other")
        )
        change = "" if row["change"] is None else f"{row['change']:+,.{digits}f}"
        yield f"  {change:>16}  {name(row)}: {before} -> {after}"
