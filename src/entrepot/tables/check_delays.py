"""Legs and transfers whose days under load are told by a curve that is no delay."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from entrepot.errors import Problem
from entrepot.tables.sheet import Sheet


def check_delays(sheets: Mapping[str, Sheet]) -> list[Problem]:
    """A leg or transfer has one delay; along its curve loads rise and days never fall."""
    problems: list[Problem] = []
    used = []
    for sheet in (sheets["legs"], sheets["transfers"]):
        told = sheet["delay_curve"].is_not_null()
        for column in ("delay_alpha", "delay_power"):
            message = "stands beside a delay_curve"
            cure = f"leave either {column} or delay_curve blank"
            wrong = told & sheet[column].is_not_null()
            problems += sheet.problems(wrong, column, message, cure)
        used.append(sheet["delay_curve"].drop_nulls())
    names = pl.concat(used).unique()
    return problems + (_points(sheets["curves"], names) if len(names) else [])


def _points(sheet: Sheet, used: pl.Series) -> list[Problem]:
    """Points of the curves in use, each beside the one before."""
    ours = sheet["curve"].is_in(used.to_list()).fill_null(False)
    points = sheet.frame.with_columns(sheet.rows.alias("row"))
    before = points.select(pl.col("quantity", "price", "row").shift(1).over("curve"))
    message, cure = "is below zero days, along a delay_curve", "write days of 0 or more"
    problems = sheet.problems(ours & (sheet["price"] < 0), "price", message, cure)
    falls = ours & (sheet["price"] < before["price"])
    again = ours & (sheet["quantity"] == before["quantity"])
    for wrong, column, message, cure in (
        (falls, "price", "falls behind", "let days never fall from load to load"),
        (again, "quantity", "is the load of", "write one number of days for each load"),
    ):
        for index in wrong.fill_null(False).arg_true().to_list():
            told = f"{message} row {int(before['row'][index])}, along a delay_curve"
            problems.append(sheet.problem(index, column, told, cure))
    return problems
