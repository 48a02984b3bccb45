"""Forecasts: a study and its scenarios drawn within their ranges, with what the draws say."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from entrepot.clearing.again import clear_again
from entrepot.clearing.answers import State, filled
from entrepot.clearing.solvers.clarabel_qp import Clarabel
from entrepot.clearing.solvers.highs import Highs
from entrepot.errors import InfeasibleError, QuestionError
from entrepot.forecasting.draws import Draw, Found, Question, Version, answer
from entrepot.forecasting.engines import Engine, Here
from entrepot.forecasting.kept import Kept
from entrepot.forecasting.matters import matters_table
from entrepot.forecasting.scarcity import scarcity_table
from entrepot.forecasting.tables import forecast_table, sample, switch_table
from entrepot.routing.calibration.forecast import read_choice
from entrepot.study import Study
from entrepot.study.ranges import COMMON, read_ranges
from entrepot.telling.largest import largest

DRAWS = 200
LEAST_DRAWS = 20
"""Fewer have no interval that would mean anything."""
GOODS = 3
"""Goods whose switch prices are worked out where none are named: those with most trade in money."""
JOINED = "+"
"""Between the names of scenarios that are applied one after the other."""


@dataclass(frozen=True)
class Forecast:
    """What the draws of a study say.

    Attributes
    ----------
    study : as it stands
    scenarios : that were asked about
    goods : whose switch prices were worked out
    draws : how many were made
    cleared : in how many of them every version of the study cleared: these are told of
    failures : (scenario, why, draws): what kept the others from clearing
    seed, common : see `forecast`
    inputs, figures : how many independent inputs were drawn, and how many figures they move
    table : (scenario, measure, name, good, period, unit, stated, median, low, high, change,
        change_low, change_high, share, draws): every figure with the interval that holds 95 % of
        the draws; `stated` is the answer with all figures as they stand, `change` the difference to
        the study as it stands (scenario ""), draw by draw; `share` of the draws with a figure
        above or below zero
    switch_prices : (scenario, corridor, good, period, unit, stated, median, low, high, used,
        draws): by how much the best journey over a corridor is too dear; 0 in the share `used` of
        the draws, in which goods go over it
    scarcity : (scenario, corridor, good, period, leg, correlation, used, used_median, used_low,
        used_high, unused_median, unused_low, unused_high): of corridors that some draws use and
        some do not, the leg whose rent goes furthest with that, and its rent in either
    matters : (scenario, measure, name, good, period, table, column, row, rows, correlation, share,
        floor): inputs whose range moves a figure, with the share of its variance; those below the
        floor are not told apart from chance and left out
    seconds : wall time
    """

    study: Study
    scenarios: tuple[str, ...]
    goods: tuple[str, ...]
    draws: int
    cleared: int
    failures: pl.DataFrame
    seed: int
    common: float
    inputs: int
    figures: int
    table: pl.DataFrame
    switch_prices: pl.DataFrame
    scarcity: pl.DataFrame
    matters: pl.DataFrame
    seconds: float


def forecast(
    study: Study,
    scenarios: Sequence[str] = (),
    *,
    draws: int = DRAWS,
    seed: int = 0,
    goods: Sequence[str] = (),
    common: float = COMMON,
    engine: Engine | None = None,
    keep: str | Path | None = None,
    overwrite: bool = False,
    progress: Callable[[str], None] | None = None,
) -> Forecast:
    """Draw every figure of a study within its range, and say what all the answers have in common.

    Parameters
    ----------
    study : with offers and bids, which are cleared, or with consignments and observed figures,
        whose routes are fitted and forecast; with both, both
    scenarios : each asked about by itself; "one+other" applies one, then the other. All are drawn
        with the same chance as the study as it stands
    draws : how many
    seed : of all chance
    goods : whose switch prices are worked out; those with the largest trade unless given
    common : of the variance of a figure, what it shares with the rows that cite its source
    engine : where draws are made, see `entrepot.forecasting.engines`; in this process unless given
    keep : a folder that keeps draws as they are made; draws of the same inputs that are there
        already are not made again
    overwrite : what an earlier forecast left in `keep` goes
    progress : called with a line of text

    Raises
    ------
    QuestionError : fewer than 20 draws, nothing to draw or to forecast, or an unknown good
    ScenarioError, StudyError : as `Study.scenario`; ranges at whose ends the study does not hold
    MarketError : a version that does not clear as it stands, or in too few draws
    EngineError : draws that were lost
    OutputError : `keep` holds draws of other inputs
    """
    began = time.perf_counter()
    say = progress if progress is not None else _silent
    _must_be_askable(study, draws, seed, common)
    question, stated = _question(study, scenarios, tuple(goods), seed, common, say)
    kept = Kept(Path(keep), question, overwrite=overwrite) if keep is not None else None
    known = {each.number: each for each in kept.all()} if kept is not None else {}
    wanted = [number for number in range(draws) if number not in known]
    made = engine if engine is not None else Here()
    for draw in _told(made.draws(question, wanted), draws - len(wanted), draws, say):
        known[draw.number] = draw
        if kept is not None:
            kept.put(draw)
    say("reckoning intervals")
    return _read(study, question, stated, [known[n] for n in range(draws)], began)


def _silent(_: str) -> None:
    """Nobody wants to know."""


def _must_be_askable(study: Study, draws: int, seed: int, common: float) -> None:
    if draws < LEAST_DRAWS:
        raise QuestionError(
            f"{draws} draws have no interval that holds 95 % of them; ask for {LEAST_DRAWS} or "
            f"more ({DRAWS} is a good number)"
        )
    if not 0 <= seed < 2**63:
        raise QuestionError(f"the seed is a whole number of at least 0, not {seed}")
    if not 0 <= common <= 1:
        raise QuestionError(
            f"the share that a source's rows have in common is {common:g}, not 0..1"
        )


def _question(
    study: Study,
    scenarios: Sequence[str],
    goods: tuple[str, ...],
    seed: int,
    common: float,
    say: Callable[[str], None],
) -> tuple[Question, dict[str, Found]]:
    """What every draw needs to know, and the answers with all figures as they stand."""
    linear, quadratic = Highs(), Clarabel()
    studies = {"": study}
    studies |= {name: study.scenario(*name.split(JOINED)) for name in dict.fromkeys(scenarios)}
    say("reading the ranges")
    base = read_ranges(study)
    ranges = {name: read_ranges(each, base) if name else base for name, each in studies.items()}
    market = not any(study.table(name).is_empty() for name in ("offers", "bids"))
    choice = read_choice(study)
    if not market and choice is None:
        raise QuestionError(
            f"{study.name} has neither offers and bids, to be cleared, nor consignments with "
            "observed figures, whose routes could be fitted: there is nothing to forecast"
        )
    if not ranges[""].figures and choice is None:
        raise QuestionError(
            f"{study.name} has no ranges: every interval would have no width; give figures a range "
            "in columns that end in _low and _high"
        )
    versions = {name: Version(each, ranges[name], None) for name, each in studies.items()}
    asked = _known(study, goods)
    for name, each in versions.items() if market else ():
        say(f"clearing {name or study.name} as it stands")
        state, beginning = clear_again(each.study, None, linear, quadratic)
        versions[name] = replace(each, beginning=beginning)
        asked = asked or _most_traded(state)
    asked = asked or (choice.goods if choice is not None else ())
    question = Question(versions, market, choice, asked, seed, common)
    stated = answer(question, -1, studies, {})
    for why in stated.failed.values():
        raise QuestionError(why)
    return question, stated.found


def _most_traded(state: State) -> tuple[str, ...]:
    """The goods with the largest trade in money."""
    orders, quantity = filled(state, "bids")
    market = state.stack.market
    worth = quantity * state.prices.price[orders.balance]
    good = market.study.table("bids")["good"].gather(orders.row)
    traded = (
        pl.DataFrame({"good": good, "worth": worth}).group_by("good").agg(pl.col("worth").sum())
    )
    return tuple(largest(traded.sort("good"), pl.col("worth"), GOODS)["good"])


def _known(study: Study, goods: Iterable[str]) -> tuple[str, ...]:
    there = study.table("goods")["good"].to_list()
    for good in goods:
        if good not in there:
            raise QuestionError(f"the study has no good {good!r}; there are {', '.join(there)}")
    return tuple(goods)


def _told(
    made: Iterator[Draw], before: int, draws: int, say: Callable[[str], None]
) -> Iterator[Draw]:
    """Draws as they are made, telling how many there are and how long the rest will take."""
    began = time.monotonic()
    say(f"{before} of {draws} draws")
    for count, draw in enumerate(made, start=1):
        yield draw
        left = (draws - before - count) * (time.monotonic() - began) / count
        say(f"{before + count} of {draws} draws, about {_duration(left)} left")


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02d} min"
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"


def _gist(why: str) -> str:
    """What a draw failed of, without the figures that differ from draw to draw."""
    lines = [line.strip() for line in why.splitlines()]
    return re.sub(r" (by|limit) [-+.\de]+|\(limit [^)]*\)", "", lines[1] if lines[1:] else lines[0])


def _read(
    study: Study, question: Question, stated: dict[str, Found], draws: list[Draw], began: float
) -> Forecast:
    failures = Counter((name, _gist(why)) for draw in draws for name, why in draw.failed.items())
    cleared = [draw for draw in draws if not draw.failed]
    if len(cleared) < LEAST_DRAWS:
        (name, why), count = failures.most_common(1)[0]
        raise InfeasibleError(
            f"only {len(cleared)} of {len(draws)} draws clear, most often because of this "
            f"({count} draws of {name or study.name}): {why}"
        )
    samples = {name: sample(cleared, name, stated[name]) for name in question.versions}
    numbers = [draw.number for draw in cleared]
    ranges = question.versions[""].ranges
    return Forecast(
        study=study,
        scenarios=tuple(name for name in question.versions if name),
        goods=question.goods,
        draws=len(draws),
        cleared=len(cleared),
        failures=pl.DataFrame(
            [(name, why, count) for (name, why), count in sorted(failures.items())],
            schema={"scenario": pl.String, "why": pl.String, "draws": pl.Int64},
            orient="row",
        ),
        seed=question.seed,
        common=question.common,
        inputs=len(question.inputs("")),
        figures=ranges.figures,
        table=forecast_table(samples, study),
        switch_prices=switch_table(samples, study),
        scarcity=scarcity_table(samples),
        matters=matters_table(question, samples, numbers),
        seconds=time.perf_counter() - began,
    )
