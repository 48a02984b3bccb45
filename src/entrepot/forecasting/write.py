"""A forecast written down, beside the draws that it was made from."""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

from entrepot.errors import OutputError
from entrepot.forecasting.folder import REPORT, TABLES
from entrepot.forecasting.forecast import Forecast
from entrepot.results.write import ENGINES

DISTRIBUTION = (
    "median at the figure, bounded by its range, densest at the figure; in ratios where figure and "
    "range have one sign"
)


def write_forecast(forecast: Forecast, out: Path) -> None:
    """Write a CSV file for each of `TABLES`, then ``forecast.json``.

    Each appears when it is complete, the report last. The same forecast gives the same bytes.

    Raises
    ------
    OutputError : whatever the operating system has against it
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, attribute in TABLES.items():
            _put(out / f"{name}.csv", getattr(forecast, attribute).write_csv())
        report = json.dumps(account(forecast), indent=2, ensure_ascii=False, allow_nan=False)
        _put(out / REPORT, report + "\n")
    except OSError as error:
        raise OutputError(f"{out} cannot be written: {error.strerror or error}") from error


def whole(forecast: Forecast) -> str:
    """Everything as one JSON text: what stands in ``forecast.json``, and every table as rows."""
    tables = {
        name: getattr(forecast, attribute).fill_nan(None).to_dicts()
        for name, attribute in TABLES.items()
    }
    return json.dumps(account(forecast) | tables, indent=2, ensure_ascii=False, allow_nan=False)


def account(forecast: Forecast) -> dict[str, Any]:
    """What stands in ``forecast.json``: what was drawn, how, and what did not clear."""
    study = forecast.study
    return {
        "study": study.name,
        "title": study.settings.title,
        "scenario": list(study.applied),
        "scenarios": list(forecast.scenarios),
        "goods": list(forecast.goods),
        "currency": study.settings.currency,
        "draws": forecast.draws,
        "cleared": forecast.cleared,
        "failures": forecast.failures.to_dicts(),
        "interval": 0.95,
        "seed": forecast.seed,
        "figures": forecast.figures,
        "inputs": forecast.inputs,
        "distribution": DISTRIBUTION,
        "common": forecast.common,
        "input_sha256": study.input_hash(),
        "versions": {name: version(name) for name in ENGINES},
    }


def _put(file: Path, text: str) -> None:
    part = file.with_name(f".{file.name}.partial")
    part.write_text(text, encoding="utf-8")
    part.replace(file)
