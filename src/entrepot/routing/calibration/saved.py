"""Parameters kept in a file with where they come from, and a study changed by them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from entrepot.errors import Problem, StudyError
from entrepot.network.market import Market, read_market
from entrepot.routing.calibration.calibration import Calibration
from entrepot.routing.calibration.parameters import Parameter, on_each_leg, read_parameters
from entrepot.study import Study
from entrepot.study.toml import read_toml, to_toml

Floats = npt.NDArray[np.float64]

# Of the cost of a leg: a change smaller than this is rounding.
NOTHING = 1e-12


@dataclass(frozen=True)
class Saved:
    """Parameters read back.

    Attributes
    ----------
    file : where they stood
    goods : goods that they hold for
    scale : money per unit of each good
    values : of the parameters by name
    currency : of all of them; "" where the file does not say
    """

    file: str
    goods: list[str]
    scale: dict[str, float]
    values: dict[str, float]
    currency: str = ""


def parameters_file(calibration: Calibration, versions: dict[str, str]) -> str:
    """The parameters with their provenance, as TOML."""
    study, figures = calibration.study, calibration.figures
    rows = {
        row["parameter"]: {key: row[key] for key in ("value", "standard_error", "unit", "state")}
        for row in calibration.parameters.iter_rows(named=True)
        if row["parameter"].partition(".")[0] != "scale"
    }
    provenance: dict[str, Any] = {
        "study": study.name,
        "title": study.settings.title,
        "scenario": list(study.applied),
        "input_sha256": study.input_hash(),
        "currency": study.settings.currency,
        "choice": "logit",
        "period": ", ".join(calibration.periods),
        "consigned": float(calibration.consignments["quantity"].sum()),
        "observations": figures.filter(pl.col("use") == "calibrate")["observation"].to_list(),
        "chi_square": calibration.chi_square,
        "notes": list(calibration.notes),
        "versions": versions,
    }
    values = {"goods": calibration.goods, "scale": calibration.scale}
    return to_toml(values | {"parameters": rows, "provenance": provenance})


def read_saved(path: Path) -> Saved:
    """Parameters that `parameters_file` wrote.

    Raises
    ------
    StudyError : the file cannot be read, or is not one of parameters
    """
    values, _, problems = read_toml(path, path.name)
    if values is None:
        raise StudyError(path.name, problems)
    try:
        rows = {name: _number(row["value"]) for name, row in values.get("parameters", {}).items()}
        scale = {str(good): _number(value) for good, value in values["scale"].items()}
        currency = str(values.get("provenance", {}).get("currency", ""))
        return Saved(path.name, [str(good) for good in values["goods"]], scale, rows, currency)
    except (AttributeError, KeyError, TypeError, ValueError):
        message = "is not a file of parameters"
        cure = "name the parameters.toml that `entrepot calibrate --out` wrote"
        raise StudyError(path.name, [Problem(path.name, None, None, None, message, cure)]) from None


def _number(value: Any) -> float:
    """A figure; ValueError where it is none."""
    number = float(value)
    if not np.isfinite(number):
        raise ValueError(value)
    return number


def calibrated(study: Study, saved: Saved) -> Study:
    """The study with the parameters in its tables: freight by good, value of time, scale.

    What a parameter adds to a leg goes into ``leg_goods`` for the goods that it holds for, so that
    every command that takes a study takes a calibrated one.

    Raises
    ------
    StudyError : the parameters are about goods, modes or corridors that the study does not have, or
        in other money; all of it
    """
    parameters = _fitting(study, saved)
    changed = study
    for good in saved.goods:
        for each in parameters:
            if each.kind == "value-of-time" and each.of in ("", good):
                value = saved.values[each.name]
                changed = changed.change(
                    "goods", where={"good": good}, set={"value_of_time": value}
                )
        changed = _with_freight(changed, read_market(study), good, parameters, saved.values)
    routing = dict(study.settings.routing)
    routing["scales"] = dict(routing.get("scales", {})) | saved.scale
    settings = changed.settings.model_copy(update={"routing": routing})
    return Study(changed.name, settings, changed.tables, changed.scenarios, changed.applied)


def _fitting(study: Study, saved: Saved) -> list[Parameter]:
    """The parameters, where they can be about this study; StudyError tells all that cannot."""
    money = study.settings.currency
    problems = []
    if saved.currency not in ("", money):
        message = f"is not the money of the study, {money}"
        cure = f"calibrate a study in {money}"
        key = "provenance.currency"
        problems.append(Problem(saved.file, None, key, saved.currency, message, cure))
    goods = study.table("goods")["good"].to_list()
    message, cure = "is not a good of the study", "calibrate this study, or one with its goods"
    problems += [
        Problem(saved.file, None, "goods", good, message, cure)
        for good in saved.goods
        if good not in goods
    ]
    try:
        parameters = read_parameters(
            study, {name: {} for name in saved.values}, saved.file, "parameters"
        )
    except StudyError as error:
        raise StudyError(study.name, [*problems, *error.problems]) from None
    if problems:
        raise StudyError(study.name, problems)
    return parameters


def _with_freight(
    study: Study, market: Market, good: str, parameters: list[Parameter], values: dict[str, float]
) -> Study:
    """The study with what the parameters add to a good's freight in ``leg_goods``."""
    network, carried = market.network, market.freight[market.good_index[good]]
    more = np.zeros(len(network.legs))
    for each in parameters:
        more += values[each.name] * on_each_leg(each, market)
    moved = np.flatnonzero(np.abs(more) > NOTHING * np.maximum(np.abs(carried.cost), 1.0))
    names = sorted({network.legs[leg] for leg in moved.tolist()})
    if not names:
        return study
    table = study.table("leg_goods")
    mine = table.filter((pl.col("good") == good) & pl.col("leg").is_in(names))
    if mine.height:
        where = {"good": good, "leg": mine["leg"].to_list()}
        study = study.change("leg_goods", where=where, remove=True)
    number = {name: leg for leg, name in enumerate(network.legs)}
    rows = []
    for name in names:
        leg = number[name]
        capacity = float(carried.capacity[leg])
        rows.append(
            {
                "leg": name,
                "good": good,
                "cost": float(carried.cost[leg] + more[leg]),
                "days": float(carried.days[leg]),
                "use": float(carried.use[leg]),
                "allowed": bool(carried.allowed[leg]),
            }
            | ({"capacity": capacity} if np.isfinite(capacity) else {})
        )
    return study.change("leg_goods", add=rows)
