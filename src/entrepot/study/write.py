"""A study to a folder or a workbook: all of it, or nothing."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

import polars as pl

from entrepot.errors import OutputError
from entrepot.schema.datapackage import descriptor
from entrepot.study.read import SETTINGS
from entrepot.study.study import Study
from entrepot.study.toml import literal, to_toml
from entrepot.tables.read_xlsx import SCENARIOS
from entrepot.tables.read_xlsx import SETTINGS as SETTINGS_SHEET
from entrepot.tables.write import worth_writing, write_csv, write_parquet
from entrepot.tables.write_xlsx import write_workbook

Format = Literal["csv", "parquet", "xlsx"]


def write_study(study: Study, path: Path | str, format: Format = "csv") -> None:
    """Write a study so that reading it gives the same settings, tables and scenarios.

    ``csv`` and ``parquet`` make a folder (with ``datapackage.json`` beside CSV files), ``xlsx``
    one workbook. Scenarios already applied are in the tables. Columns that hold nothing are left
    out. Everything is written beside the target first and then renamed.

    Raises
    ------
    OutputError : the target exists, cannot be written, or cannot hold the study
    """
    path = Path(path)
    if path.exists():
        raise OutputError(f"{path} exists already: name another place, or remove it first")
    if format not in ("csv", "parquet", "xlsx"):
        raise OutputError(f"{format!r} is not a format of studies; one of csv, parquet, xlsx")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".writing-") as beside:
            draft = Path(beside) / path.name
            if format == "xlsx":
                _write_workbook(study, draft)
            else:
                _write_folder(study, draft, format)
            shutil.move(draft, path)
    except OSError as error:
        raise OutputError(f"{path} cannot be written ({error.strerror or error})") from error


def _frames(study: Study) -> dict[str, pl.DataFrame]:
    return {
        name: worth_writing(name, frame) for name, frame in study.tables.items() if frame.height
    }


def _settings(study: Study) -> dict[str, Any]:
    return study.settings.model_dump(exclude_unset=True)


def _write_folder(study: Study, folder: Path, format: Literal["csv", "parquet"]) -> None:
    folder.mkdir()
    (folder / SETTINGS).write_text(to_toml(_settings(study)), encoding="utf-8")
    frames = _frames(study)
    for name, frame in frames.items():
        if format == "csv":
            write_csv(frame, folder / f"{name}.csv")
        else:
            write_parquet(frame, folder / f"{name}.parquet")
    if format == "csv":
        headings = {name: frame.columns for name, frame in frames.items()}
        package = descriptor(study.name, study.settings.title, headings)
        text = json.dumps(package, indent=2, ensure_ascii=False) + "\n"
        (folder / "datapackage.json").write_text(text, encoding="utf-8")
    if study.scenarios:
        (folder / "scenarios").mkdir()
        for name, scenario in study.scenarios.items():
            text = to_toml(scenario.as_dict())
            (folder / "scenarios" / f"{name}.toml").write_text(text, encoding="utf-8")


def _write_workbook(study: Study, path: Path) -> None:
    pairs: dict[str, list[tuple[str, str]]] = {
        SETTINGS_SHEET: [("key", "value"), *_flat(_settings(study))]
    }
    if study.scenarios:
        texts = [(name, to_toml(item.as_dict())) for name, item in study.scenarios.items()]
        pairs[SCENARIOS] = [("scenario", "toml"), *texts]
    frames = {name: study.tables[name] for name in _frames(study)}
    write_workbook(frames, pairs, path, study.settings.currency)


def _flat(values: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterable[tuple[str, str]]:
    """Settings key by key, ``routing.model``; words of the first level as they are."""
    for key, value in values.items():
        inner = (*path, key)
        if isinstance(value, Mapping):
            yield from _flat(value, inner)
        elif value is not None:
            plain = not path and isinstance(value, str)
            yield ".".join(inner), value if plain else literal(value)
