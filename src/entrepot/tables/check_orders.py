"""Offers, bids and curves that do not say what they would trade at which price."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from entrepot.errors import Problem
from entrepot.tables.sheet import Sheet


def check_orders(sheets: Mapping[str, Sheet]) -> list[Problem]:
    """Every order has one way of saying its price, and curves bend the right way."""
    problems = _curves(sheets)
    for name in ("offers", "bids"):
        sheet = sheets[name]
        if sheet.frame.height:
            problems += _ways(sheet) + _elastic(sheet)
    if sheets["bids"].frame.height:
        problems += _endless(sheets["bids"])
    return problems + _recipes(sheets["recipes"]) + _commitments(sheets["commitments"])


def _ways(sheet: Sheet) -> list[Problem]:
    """A price or a curve, not both; slope or elasticity, not both."""
    curve = sheet["curve"].is_not_null()
    bare = sheet.blank("price") & sheet.blank("curve")
    cure = "give a price, or the name of a curve"
    problems = sheet.problems(bare, "price", "is blank and so is curve", cure)
    for column in ("price", "slope", "elasticity"):
        both = curve & sheet[column].is_not_null()
        message, cure = "stands beside a curve", f"leave either {column} or curve blank"
        problems += sheet.problems(both, column, message, cure)
    both = sheet["slope"].is_not_null() & sheet["elasticity"].is_not_null()
    message, cure = "stands beside a slope", "leave either slope or elasticity blank"
    return problems + sheet.problems(both, "elasticity", message, cure)


def _elastic(sheet: Sheet) -> list[Problem]:
    """A constant elasticity needs a point that the curve goes through."""
    elastic = sheet["elasticity"].is_not_null()
    blank = elastic & sheet.blank("quantity")
    message = "is blank beside an elasticity"
    cure = "give the quantity at which the price holds"
    problems = sheet.problems(blank, "quantity", message, cure)
    for column in ("quantity", "price"):
        low = elastic & (sheet[column] <= 0)
        message = "is not positive beside an elasticity"
        cure = f"give a positive {column}, or a slope instead of the elasticity"
        problems += sheet.problems(low, column, message, cure)
    return problems


def _endless(sheet: Sheet) -> list[Problem]:
    """A bid that wants any amount at the same price."""
    falling = (sheet["slope"] > 0).fill_null(False)
    other = sheet["elasticity"].is_not_null() | sheet["curve"].is_not_null()
    wrong = sheet.blank("quantity") & ~falling & ~other
    cure = "give the most that is wanted; it may be blank only with a slope or a curve"
    return sheet.problems(wrong, "quantity", "is blank: the bid has no end", cure)


def _curves(sheets: Mapping[str, Sheet]) -> list[Problem]:
    """Points stand in order of quantity; prices rise for offers and fall for bids."""
    sheet = sheets["curves"]
    if not sheet.frame.height:
        return []
    points = sheet.frame.with_columns(sheet.rows.alias("row"))
    before = points.select(pl.col("quantity", "price", "row").shift(1).over("curve"))
    problems = _step_back(sheet, before)
    fell = (sheet["price"] < before["price"]).fill_null(False)
    rose = (sheet["price"] > before["price"]).fill_null(False)
    for table, wrong, verb, order in (
        ("offers", fell, "falls", "never fall"),
        ("bids", rose, "rises", "never rise"),
    ):
        users = sheets[table]["curve"].drop_nulls().unique().to_list()
        for index in (wrong & sheet["curve"].is_in(users).fill_null(False)).arg_true().to_list():
            message = f"{verb} behind row {int(before['row'][index])}, along a curve of {table}"
            cure = f"let the prices of {table} {order} from point to point"
            problems.append(sheet.problem(index, "price", message, cure))
    return problems


def _step_back(sheet: Sheet, before: pl.DataFrame) -> list[Problem]:
    problems = []
    wrong = (sheet["quantity"] < before["quantity"]).fill_null(False)
    for index in wrong.arg_true().to_list():
        message = f"is below the quantity of the point before, in row {int(before['row'][index])}"
        cure = "put the points of a curve in order of quantity"
        problems.append(sheet.problem(index, "quantity", message, cure))
    return problems


def _recipes(sheet: Sheet) -> list[Problem]:
    """Every recipe makes something."""
    makes = sheet.frame.select(
        ((pl.col("amount") > 0).any() | pl.col("amount").is_null().any()).over("recipe")
    ).to_series()
    first = sheet["recipe"].is_first_distinct() & sheet["recipe"].is_not_null()
    message = "makes nothing: none of its amounts is positive"
    cure = "add the good that it makes, with a positive amount"
    return sheet.problems(first & ~makes, "recipe", message, cure)


def _commitments(sheet: Sheet) -> list[Problem]:
    """A quantity is a quantity of something."""
    wrong = sheet["quantity"].is_not_null() & sheet.blank("good")
    cure = "name the good, or leave quantity blank where the commitment is words only"
    return sheet.problems(wrong, "quantity", "is a quantity of no good", cure)
