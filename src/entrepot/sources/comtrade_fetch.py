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
from pathlib import Path

from entrepot.errors import FetchError, OutputError, QuestionError
from entrepot.sources.countries import TERRITORIES, numbers
from entrepot.tables.nearest import did_you_mean

KEY = "COMTRADE_KEY"
"""The environment variable that holds the user's key."""
MOST = 250_000
"""Records that the service answers at most; as many may be fewer than there are."""
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


def fetch(wanted: Wanted, folder: Path, ask: Ask, progress: Callable[[str], None]) -> list[Path]:
    """Ask for what is not in the folder yet; the files of all that was wanted.

    Raises
    ------
    QuestionError : unknown countries, periods or digits, all of them, before anything is asked
    FetchError : the service did not answer, or cut its answer off; what was answered stays
    OutputError : the folder cannot be written to
    """
    codes = _checked(wanted)
    frequency = "M" if "-" in wanted.periods[0] else "A"
    partners = ",".join(codes[name] for name in wanted.partners) or "all"
    files = []
    for reporter in wanted.reporters:
        for period in wanted.periods:
            whom = "-".join(wanted.partners) or "all"
            path = folder / f"{reporter}-{whom}-{period}-{wanted.digits}.json"
            files.append(path)
            if path.exists():
                progress(f"{path.name} is there")
                continue
            progress(f"asking for {path.name}")
            when = period.replace("-", "")
            text = ask(frequency, when, codes[reporter], LEVELS[wanted.digits], partners)
            _keep(path, text)
    return files


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
    if not key.strip():
        raise QuestionError(f"UN Comtrade answers holders of a key: put yours into {KEY}")
    try:
        from comtradeapicall import getFinalData
    except ImportError as error:
        raise QuestionError(
            "asking UN Comtrade needs its client: install entrepot with its extra 'comtrade'"
        ) from error

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


def _checked(wanted: Wanted) -> dict[str, str]:
    """The service's number of each country asked for."""
    known = {name: f"{number}" for number, name in numbers().items() if number not in TERRITORIES}
    known |= {name: f"{number}" for number, name in TERRITORIES.items()}
    wrong = []
    for name in (*wanted.reporters, *wanted.partners):
        if name not in known:
            wrong.append(f"{name} is no country ({did_you_mean(name, known, 'write AZ')})")
    if not wanted.reporters:
        wrong.append("name a reporter")
    shapes = {len(each) for each in wanted.periods}
    for each in wanted.periods:
        if not re.fullmatch(r"(19|20)\d\d(-(0[1-9]|1[0-2]))?", each):
            wrong.append(f"{each} is neither a year (2023) nor a month (2023-05)")
    if not wanted.periods:
        wrong.append("name a year or a month")
    elif len(shapes) > 1:
        wrong.append("ask for years and for months apart")
    if wanted.digits not in LEVELS:
        wrong.append(f"products of {wanted.digits} digits are not to be had: 0, 2, 4 or 6")
    if wrong:
        raise QuestionError("; ".join(wrong))
    return known


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
