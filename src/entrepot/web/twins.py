"""The same table in whatever form is asked for by the ending of its address."""

from __future__ import annotations

import io
import json
import math
import tempfile
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any

import polars as pl
from starlette.responses import Response

from entrepot.results.geojson import SPATIAL, geojson
from entrepot.results.workbook import write_workbook
from entrepot.study import Study
from entrepot.web.problems import Refused

FORMS = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
    "geojson": "application/geo+json",
}
"""Endings of addresses, and what is sent for each."""


def parted(file: str) -> tuple[str, str]:
    """A table's name and the ending that says its form.

    Raises
    ------
    Refused : no such form
    """
    name, _, form = file.rpartition(".")
    if form not in FORMS or not name:
        raise Refused(
            HTTPStatus.NOT_FOUND,
            f"{file[:80]!r} is no table; write its name and one of .{', .'.join(FORMS)}",
        )
    return name, form


def twin(
    name: str, form: str, frame: pl.DataFrame, study: Study, about: Mapping[str, Any]
) -> Response:
    """A table in one form; `about` says in JSON of which answer it is.

    Raises
    ------
    Refused : a table that cannot be drawn is asked for as GeoJSON
    """
    if form == "json":
        content: bytes | str = _json(frame, about)
    elif form == "csv":
        content = frame.write_csv()
    elif form == "parquet":
        into = io.BytesIO()
        frame.write_parquet(into)
        content = into.getvalue()
    elif form == "xlsx":
        content = _workbook(name, frame)
    elif name in SPATIAL:
        content = geojson(study, name, frame)
    else:
        drawn = " and ".join(SPATIAL)
        raise Refused(HTTPStatus.NOT_FOUND, f"{name} cannot be drawn on a map; {drawn} can")
    headers = {"content-disposition": f'{_shown(form)}; filename="{name}.{form}"'}
    return Response(content, media_type=FORMS[form], headers=headers)


def plain(value: Any) -> Any:
    """A value as JSON knows it: no infinity, dates as text."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, bool | int | str):
        return value
    return [plain(each) for each in value] if isinstance(value, list | tuple) else str(value)


def rows(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """A frame as rows that JSON knows."""
    return [
        {name: plain(value) for name, value in row.items()} for row in frame.iter_rows(named=True)
    ]


def _json(frame: pl.DataFrame, about: Mapping[str, Any]) -> str:
    columns = [{"name": name, "kind": _kind(kind)} for name, kind in frame.schema.items()]
    told = {**about, "columns": columns, "rows": rows(frame)}
    return in_json(told).decode()


def in_json(told: Any) -> bytes:
    """Plain values as JSON."""
    return json.dumps(told, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def _kind(kind: pl.DataType) -> str:
    if kind.is_numeric():
        return "number"
    return "flag" if kind == pl.Boolean else "text"


def _workbook(name: str, frame: pl.DataFrame) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "table.xlsx"
        write_workbook({name: _for_a_sheet(frame)}, file)
        return file.read_bytes()


def _for_a_sheet(frame: pl.DataFrame) -> pl.DataFrame:
    """Dates and lists as text, which every sheet shows alike."""
    other = [
        name
        for name, kind in frame.schema.items()
        if not kind.is_numeric() and kind not in (pl.String, pl.Boolean)
    ]
    return frame.with_columns(pl.col(name).cast(pl.String) for name in other)


def _shown(form: str) -> str:
    return "inline" if form in ("json", "geojson") else "attachment"
