"""UN Comtrade, asked with the user's own key through the official client `comtradeapicall`.

A question is split into calls of one reporter and one period, each kept as a file as soon as it is
answered; a question that was broken off goes on where it stopped, and what is there is not asked
again. The files are what `read_comtrade` reads.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.util import find_spec
from pathlib import Path

from entrepot.errors import FetchError, OutputError, QuestionError
from entrepot.sources.countries import TERRITORIES, numbers, three_letters
from entrepot.tables.nearest import did_you_mean

KEY = "COMTRADE_KEY"
"""The environment variable that holds the user's key."""
MOST = 250_000
"""Records that the service answers at most; as many may be fewer than there are."""
A_DAY = 500
"""Calls a day that a free key has, as the manual of the client comtradr tells (2024)."""
FIRST_YEAR = 1988
LEVELS = {0: "TOTAL", 2: "AG2", 4: "AG4", 6: "AG6"}

Ask = Callable[[str, str, str, str, str], str]
"""(frequency, period, reporter, products, partners) as the service codes them -> records as JSON,
a list of objects."""


@dataclass(frozen=True)
class Wanted:
    """Records to ask for.

    Attributes
    ----------
    reporters, partners : countries by alpha-2 codes; no partners: all of them
    periods : years (2023) or months (2023-05), not both
    digits : of the products: 6, 4, 2, or 0 for the total
    """

    reporters: Sequence[str]
    partners: Sequence[str]
    periods: Sequence[str]
    digits: int


@dataclass(frozen=True)
class Call:
    """One call of the service, as it codes what is asked.

    Attributes
    ----------
    file : where its answer is kept
    frequency, period, reporter, products, partners : what it is asked
    """

    file: Path
    frequency: str
    period: str
    reporter: str
    products: str
    partners: str


def calls(wanted: Wanted, folder: Path, today: date) -> list[Call]:
    """The calls that a question takes, answered ones included.

    Parameters
    ----------
    folder : where the answers go, and those of earlier calls lie
    today : periods after it have no trade yet

    Raises
    ------
    QuestionError : unknown countries, periods or digits, more calls than a day has, a folder that
        is none: all of them at once
    """
    wrong = _wrong(wanted, folder, today)
    if wrong:
        raise QuestionError("; ".join(wrong))
    codes = _codes()
    frequency = "M" if "-" in wanted.periods[0] else "A"
    partners = ",".join(codes[name] for name in wanted.partners) or "all"
    found = [
        Call(
            _file(wanted, folder, reporter, period), frequency, period.replace("-", ""),
            codes[reporter], LEVELS[wanted.digits], partners,
        )
        for reporter in dict.fromkeys(wanted.reporters)
        for period in dict.fromkeys(wanted.periods)
    ]  # fmt: skip
    new = sum(not call.file.exists() for call in found)
    if new > A_DAY:
        raise QuestionError(
            f"{len(wanted.reporters)} reporters in {len(wanted.periods)} periods take {new:,} "
            f"calls, and a key has {A_DAY} a day: ask for fewer today; answers in {folder} are not "
            "asked for again"
        )
    return found


def fetch(asked: Sequence[Call], ask: Ask, progress: Callable[[str], None]) -> None:
    """Ask for what is not there yet.

    Raises
    ------
    FetchError : the service did not answer, or cut its answer off; what was answered stays
    OutputError : the folder cannot be written to
    """
    for call in asked:
        if call.file.exists():
            progress(f"{call.file.name} is there")
            continue
        progress(f"asking for {call.file.name}")
        text = ask(call.frequency, call.period, call.reporter, call.products, call.partners)
        _keep(call.file, text)


def official(key: str | None = None) -> Ask:
    """The official client.

    Parameters
    ----------
    key : of the user's subscription; else the environment variable `KEY`

    Raises
    ------
    QuestionError : no key, or the client is not installed
    """
    key = key or os.environ.get(KEY, "")
    wrong = []
    if not key.strip():
        wrong.append(f"UN Comtrade answers holders of a key: put yours into {KEY}")
    if find_spec("comtradeapicall") is None:
        wrong.append(
            "asking UN Comtrade needs its client: install entrepot with its extra 'comtrade'"
        )
    if wrong:
        raise QuestionError("; ".join(wrong))
    from comtradeapicall import getFinalData

    def ask(frequency: str, period: str, reporter: str, products: str, partners: str) -> str:
        said = io.StringIO()
        # The client prints what went wrong and answers nothing.
        try:
            with contextlib.redirect_stdout(said):
                found = getFinalData(
                    key, typeCode="C", freqCode=frequency, clCode="HS", period=period,
                    reporterCode=reporter, cmdCode=products, flowCode="M,X",
                    partnerCode=None if partners == "all" else partners, partner2Code="0",
                    customsCode="C00", motCode="0", maxRecords=MOST, breakdownMode="classic",
                )  # fmt: skip
        except Exception as error:
            raise FetchError(f"UN Comtrade did not answer: {_without(key, str(error))}") from None
        if found is None:
            told = _without(key, said.getvalue().strip()) or "no reason given"
            raise FetchError(f"UN Comtrade did not answer: {told}")
        return str(found.to_json(orient="records"))

    return ask


def _codes() -> dict[str, str]:
    """The service's number of each country."""
    known = {name: f"{number}" for number, name in numbers().items() if number not in TERRITORIES}
    return known | {name: f"{number}" for number, name in TERRITORIES.items()}


def _file(wanted: Wanted, folder: Path, reporter: str, period: str) -> Path:
    whom = "-".join(wanted.partners) or "all"
    return folder / f"{reporter}-{whom}-{period}-{wanted.digits}.json"


def _wrong(wanted: Wanted, folder: Path, today: date) -> list[str]:
    """Everything wrong with a question."""
    wrong = [
        f"{side} {name} is no country ({_country_meant(name)})"
        for side, names in (("reporter", wanted.reporters), ("partner", wanted.partners))
        for name in dict.fromkeys(names)
        if name not in _codes()
    ]
    if not wanted.reporters:
        wrong.append("name a reporter")
    wrong += [told for each in dict.fromkeys(wanted.periods) if (told := _wrong_in(each, today))]
    if not wanted.periods:
        wrong.append("name a year or a month")
    elif len({"-" in each for each in wanted.periods}) > 1:
        wrong.append("ask for years and for months apart")
    if wanted.digits not in LEVELS:
        wrong.append(f"products of {wanted.digits} digits are not to be had: 0, 2, 4 or 6")
    if folder.exists() and not folder.is_dir():
        wrong.append(f"{folder} is a file: name a folder for the answers")
    return wrong


def _country_meant(name: str) -> str:
    """The alpha-2 code of a country that was written otherwise."""
    three = three_letters().get(name.upper())
    number = numbers().get(int(name)) if name.isdecimal() else None
    meant = three or number
    return f"write {meant}" if meant else did_you_mean(name, _codes(), "write AZ")


def _wrong_in(period: str, today: date) -> str | None:
    """What is wrong with a year or a month."""
    if not re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2]))?", period):
        return f"{period} is neither a year (2023) nor a month (2023-05)"
    if int(period[:4]) < FIRST_YEAR:
        return f"{period} is before the Harmonized System, which began in {FIRST_YEAR}"
    if period > today.isoformat()[: len(period)]:
        return f"{period} is not there yet (today is {today})"
    return None


def _keep(path: Path, text: str) -> None:
    """Write an answer whole or not at all."""
    records = json.loads(text)
    if len(records) >= MOST:
        raise FetchError(
            f"UN Comtrade has more than {MOST:,} records for {path.stem}: ask for fewer partners "
            "or fewer digits"
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", dir=path.parent, prefix=".", suffix=".part", delete=False, encoding="utf-8"
        ) as file:
            json.dump({"data": records}, file)
        Path(file.name).replace(path)
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror or error}") from error


def _without(key: str, text: str) -> str:
    """A message that does not give the key away."""
    return text.replace(key, "…")
