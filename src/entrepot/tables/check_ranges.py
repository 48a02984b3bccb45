"""Figures and days that do not fit each other within a row."""

from __future__ import annotations

from collections.abc import Mapping

from entrepot.errors import Problem
from entrepot.tables.sheet import Sheet


def check_ranges(sheets: Mapping[str, Sheet]) -> list[Problem]:
    """Ranges hold their figure, what begins ends later, periods stand in order of time."""
    problems = []
    for sheet in sheets.values():
        if not sheet.frame.height:
            continue
        for column in sheet.table.columns:
            if column.numeric:
                low, high = f"{column.name}_low", f"{column.name}_high"
                problems += _range(sheet, column.name, low, high)
        for start, end in sheet.table.spans:
            problems += _span(sheet, start, end)
    problems += _range(sheets["claims"], "value", "low", "high")
    return problems + _order_of_time(sheets["periods"])


def _range(sheet: Sheet, name: str, low: str, high: str) -> list[Problem]:
    """No figure lies outside its range, as far as the range is given."""
    problems = []
    frame = sheet.frame
    if low in frame.columns and high in frame.columns:
        wrong = frame[low] > frame[high]
        problems += sheet.problems(wrong, low, f"is above {high}", f"write {low} <= {high}")
    for end, word in ((low, "below"), (high, "above")):
        if end not in frame.columns:
            continue
        beyond = frame[name] < frame[end] if word == "below" else frame[name] > frame[end]
        for index in beyond.fill_null(False).arg_true().to_list():
            bound = sheet.problem(index, end, "", "").value
            message = f"is {word} its own range, which ends at {end} = {bound}"
            cure = f"mend the figure or {end}"
            problems.append(sheet.problem(index, name, message, cure))
        lone = sheet.blank(name) & frame[end].is_not_null()
        if sheet.table.name != "claims":
            cure = f"give {name}, or leave {end} blank"
            problems += sheet.problems(lone, end, f"is the range of a blank {name}", cure)
    return problems


def _span(sheet: Sheet, start: str, end: str) -> list[Problem]:
    problems = []
    wrong = (sheet.frame[start] > sheet.frame[end]).fill_null(False)
    for index in wrong.arg_true().to_list():
        message = f"comes before {start} = {sheet.frame[start][index]}"
        problems.append(sheet.problem(index, end, message, "exchange the two days, or mend one"))
    return problems


def _order_of_time(sheet: Sheet) -> list[Problem]:
    starts = sheet.frame["starts"]
    wrong = starts <= starts.shift(1)
    message = "does not come after the period of the row before"
    return sheet.problems(wrong, "starts", message, "put the periods in the order of time")
