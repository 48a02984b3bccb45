"""Draws kept as they are made, so that a forecast that was stopped goes on where it was.

A folder ``draws`` holds one file for each draw, which appears under its name only when it is
complete, and ``inputs.json``, which says what they are draws of. Draws of anything else are never
put beside them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from entrepot.errors import OutputError
from entrepot.forecasting.draws import Draw, Question, draw_from
from entrepot.forecasting.folder import DRAWS, emptied
from entrepot.results.write import ENGINES

INPUTS = "inputs.json"
_DIGITS = 6


def inputs_of(question: Question) -> dict[str, Any]:
    """All that a draw depends on beside its number, as plain values."""
    return {
        "studies": {name: each.study.input_hash() for name, each in question.versions.items()},
        "goods": list(question.goods),
        "routes": question.choice is not None,
        "seed": question.seed,
        "common": question.common,
        "versions": {name: version(name) for name in ENGINES},
    }


def inputs_hash(question: Question) -> str:
    """SHA-256 of all that a draw depends on beside its number."""
    return hashlib.sha256(_text(inputs_of(question)).encode()).hexdigest()


class Kept:
    """The draws in the folder of a forecast.

    Parameters
    ----------
    overwrite : whether what an earlier forecast left there goes

    Raises
    ------
    OutputError : it holds draws of other inputs, or cannot be written
    """

    def __init__(self, out: Path, question: Question, *, overwrite: bool = False) -> None:
        self.folder = out / DRAWS
        told = _text(inputs_of(question))
        try:
            if overwrite:
                emptied(out)
            self.folder.mkdir(parents=True, exist_ok=True)
            known = self.folder / INPUTS
            if not known.exists():
                _put(known, told)
            elif known.read_text(encoding="utf-8") != told:
                raise OutputError(
                    f"{out} holds draws of {_other(known, question)}; name another folder, or ask "
                    "to overwrite it"
                )
        except OSError as error:
            raise OutputError(f"{out} cannot be written: {error.strerror or error}") from error

    def all(self) -> Iterator[Draw]:
        """The draws that are there, by number.

        Raises
        ------
        OutputError : a file that is none of a draw
        """
        for file in sorted(self.folder.glob("[0-9]*.json")):
            try:
                yield draw_from(json.loads(file.read_text(encoding="utf-8")))
            except (OSError, ValueError, KeyError, TypeError) as error:
                raise OutputError(
                    f"{file} cannot be read as a draw; delete it, and it is made again"
                ) from error

    def put(self, draw: Draw) -> None:
        """Keep a draw."""
        try:
            _put(self.folder / f"{draw.number:0{_DIGITS}d}.json", _text(draw.as_json()))
        except OSError as error:
            raise OutputError(
                f"{self.folder} cannot be written: {error.strerror or error}"
            ) from error


def _other(known: Path, question: Question) -> str:
    """What is different about the inputs that a folder is of."""
    asked = inputs_of(question)
    try:
        there = json.loads(known.read_text(encoding="utf-8"))
        different = [name for name, value in asked.items() if there.get(name) != value]
    except (ValueError, AttributeError):
        different = []
    return f"other {' and '.join(different)}" if different else "something else"


def _text(values: Any) -> str:
    return json.dumps(values, ensure_ascii=False, allow_nan=False, sort_keys=True) + "\n"


def _put(file: Path, text: str) -> None:
    """Write a file that is there only when it is whole."""
    part = file.with_suffix(".partial")
    part.write_text(text, encoding="utf-8")
    part.replace(file)
