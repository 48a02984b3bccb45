"""What to do about a cell that cannot be what its column holds, told from the way it is written."""

from __future__ import annotations

import re

from entrepot.schema import Column

_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?")
_GROUPED_OTHERWISE = re.compile(r"[+-]?\d{1,3}(?:[ '\u00a0\u202f_]\d{3})+(?:[.,]\d*)?")
_POINT_GROUPED = re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+,\d*")
_DECIMAL_COMMA = re.compile(r"[+-]?\d*,\d+")
_PERCENT = re.compile(r"([+-]?[\d.]+)\s*%")
_WITH_UNIT = re.compile(r"([+-]?\d[\d.]*)\s*([^\d\s.,].*)")
_NOT_GIVEN = {"nan", "na", "n/a", "#n/a", "null", "none", "-", "–", "..", "?"}


def for_number(text: str, column: Column) -> str:
    """What to write in place of `text` where a number belongs."""
    unit = f" {column.unit}" if column.unit else ""
    if text.lower() in _NOT_GIVEN:
        return _leave_blank(column)
    if text.lower().lstrip("+-") in ("inf", "infinity", "∞"):
        return "write a finite number" + ("" if column.required else ", or leave it blank")
    if _GROUPED.fullmatch(text):
        return f"write {text.replace(',', '')}, without thousands separators"
    if _GROUPED_OTHERWISE.fullmatch(text):
        plain = re.sub(r"[ '\u00a0\u202f_]", "", text).replace(",", ".")
        return f"write {plain}, without thousands separators"
    if _POINT_GROUPED.fullmatch(text):
        plain = text.replace(".", "").replace(",", ".")
        return f"write {plain}, with a decimal point and without thousands separators"
    if _DECIMAL_COMMA.fullmatch(text):
        return f"write {text.replace(',', '.')}, with a decimal point instead of a comma"
    if match := _PERCENT.fullmatch(text):
        return f"write the share that {match[1]} percent is, as a plain number such as 0.05"
    if match := _WITH_UNIT.fullmatch(text):
        return f"write {match[1]} alone; the column is in{unit or ' plain numbers'}"
    return f"write a plain number such as {column.example or '12.5'}"


def for_name(text: str) -> str:
    """The nearest name that may be written in place of `text`."""
    plain = re.sub(r"[^a-z0-9_.-]+", "-", text.lower()).strip("-")
    rule = "names are lower-case letters, digits and _ . -"
    if text.endswith("~"):
        rule = "~ is kept for the way back of a two-way leg"
    return f"write {plain!r} here and wherever it is meant ({rule})" if plain else rule


def for_date(text: str) -> str:
    """How to write a date in place of `text`."""
    if match := re.fullmatch(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})", text):
        day, month, year = int(match[1]), int(match[2]), match[3]
        if month <= 12:
            return f"write the day as YYYY-MM-DD, such as {year}-{month:02}-{day:02}"
    return "write a day of the calendar as YYYY-MM-DD, YYYY-MM or YYYY, such as 2024-03-01"


def for_kind(text: str, column: Column) -> str:
    """What to write in place of `text` in a column of that kind."""
    if column.kind == "number":
        return for_number(text, column)
    if column.kind == "integer":
        return "write a whole number, without a decimal point"
    if column.kind == "date":
        return for_date(text)
    if column.kind == "flag":
        return "write true or false"
    if column.kind == "name":
        return for_name(text)
    return "take the control character out of the text"


def _leave_blank(column: Column) -> str:
    return "write a number" if column.required else "leave the cell blank where nothing is known"
