"""Files of UN Comtrade records as rows of text: JSON, CSV and tab-separated, plain or gzipped."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from entrepot.errors import Problem, StudyError

NEEDED = ("period", "reporterCode", "flowCode", "partnerCode", "cmdCode", "primaryValue")
WELCOME = (
    "typeCode", "classificationCode", "partner2Code", "customsCode", "motCode", "qty",
    "qtyUnitAbbr", "netWgt",
)  # fmt: skip


def read_records(path: Path) -> pl.DataFrame:
    """The records of one file, every cell as text or null.

    Returns
    -------
    Frame (`NEEDED`, `WELCOME`, file, row): `row` is the line of a CSV file, the number of the
    record in a JSON file, from 1.

    Raises
    ------
    StudyError : the file is no file of records
    """
    data = _bytes(path)
    if data.lstrip()[:1] in (b"{", b"["):
        found, first = _from_json(data, path), 1
    else:
        found, first = _from_text(data, path), 2
    names = {name.lower(): name for name in found.columns}
    missing = [name for name in NEEDED if name.lower() not in names]
    if missing and found.height:
        cure = "name a file in the layout of UN Comtrade since 2023, with every column"
        if "trade value (us$)" in names or "tradevalue" in names:
            cure = "this is the layout of before 2023; download the data anew"
        raise _refused(path, f"has no column {', '.join(missing)}", cure)
    if not found.height:
        found = pl.DataFrame(schema=dict.fromkeys(NEEDED, pl.String))
        names = {name.lower(): name for name in NEEDED}
    wanted = [
        (pl.col(names[name.lower()]) if name.lower() in names else pl.lit(None))
        .cast(pl.String)
        .alias(name)
        for name in (*NEEDED, *WELCOME)
    ]
    return found.select(wanted).with_columns(
        pl.lit(path.name).alias("file"),
        (pl.int_range(pl.len(), dtype=pl.Int64) + first).alias("row"),
    )


def _bytes(path: Path) -> bytes:
    try:
        data = path.read_bytes()
        data = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
    except (OSError, EOFError) as error:
        message = f"cannot be read ({getattr(error, 'strerror', None) or error})"
        raise _refused(path, message, "name a file of records, plain or gzipped") from None
    return data.removeprefix(b"\xef\xbb\xbf")


def _from_json(data: bytes, path: Path) -> pl.DataFrame:
    """The records of an answer of the service, or of a list of records."""
    try:
        found: Any = json.loads(data)
    except ValueError as error:
        raise _refused(path, f"is not JSON: {error}", "save the answer as it came") from None
    if isinstance(found, dict) and "data" not in found:
        said = found.get("error") or found.get("message") or "no key 'data'"
        raise _refused(path, f"is no answer with records: {said}", "ask the service again")
    records: Sequence[Any] = found["data"] if isinstance(found, dict) else found
    if not isinstance(records, list) or not all(isinstance(each, dict) for each in records):
        raise _refused(path, "holds no list of records", "save the answer as it came")
    names = dict.fromkeys(name for each in records for name in each)
    return pl.DataFrame(
        {name: [_text(each.get(name)) for each in records] for name in names},
        schema=dict.fromkeys(names, pl.String),
    )


def _text(value: object) -> str | None:
    if value is None or value == "":
        return None
    return value.strip() if isinstance(value, str) else repr(value)


def _from_text(data: bytes, path: Path) -> pl.DataFrame:
    head = data.split(b"\n", 1)[0]
    separator = "\t" if head.count(b"\t") > head.count(b",") else ","
    try:
        # Lines as downloaded end with a separator that the header does not have.
        found = pl.read_csv(
            data,
            separator=separator,
            infer_schema=False,
            truncate_ragged_lines=True,
            null_values=[""],
        )
    except (pl.exceptions.PolarsError, UnicodeDecodeError) as error:
        raise _refused(path, f"is not CSV: {error}", "save it as CSV in UTF-8") from None
    return found.with_columns(pl.all().str.strip_chars())


def _refused(path: Path, message: str, remedy: str) -> StudyError:
    return StudyError(path.name, [Problem(path.name, None, None, None, message, remedy)])
