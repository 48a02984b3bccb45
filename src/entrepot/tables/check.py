"""Everything wrong with a set of tables that no single cell shows."""

from __future__ import annotations

from collections.abc import Mapping

from entrepot.errors import Problem
from entrepot.tables.check_delays import check_delays
from entrepot.tables.check_duties import check_rules
from entrepot.tables.check_keys import check_keys
from entrepot.tables.check_network import check_network
from entrepot.tables.check_orders import check_orders
from entrepot.tables.check_projects import check_projects
from entrepot.tables.check_ranges import check_ranges
from entrepot.tables.check_reach import check_reach
from entrepot.tables.check_references import check_references
from entrepot.tables.sheet import Sheet

CHECKS = (
    check_keys,
    check_ranges,
    check_orders,
    check_delays,
    check_projects,
    check_network,
    check_reach,
)

CONTENT = ("offers", "bids", "consignments", "trade", "relations")
"""A study with a row in none of these has nothing to clear, to route or to measure."""


def check_sheets(sheets: Mapping[str, Sheet], only_period: str | None) -> list[Problem]:
    """All problems that no single cell shows.

    `only_period` names the period of a study without a table of periods; None where the settings
    could not be read, and then no period is called unknown.
    """
    problems = _empty(sheets) + check_references(sheets, only_period)
    problems += check_rules(sheets, only_period)
    for check in CHECKS:
        problems += check(sheets)
    return problems


def in_order(problems: list[Problem], sheets: Mapping[str, Sheet]) -> list[Problem]:
    """Problems as they are told: errors first, then by file, in the order of tables, and row.

    What concerns no table comes before the tables.
    """
    order = {sheet.file: number for number, sheet in enumerate(sheets.values())}
    return sorted(problems, key=lambda p: (p.severity, order.get(p.file, -1), p.row or 0))


def _empty(sheets: Mapping[str, Sheet]) -> list[Problem]:
    if any(sheets[name].frame.height for name in CONTENT):
        return []
    if any(sheets[name].given and sheets[name].refused for name in CONTENT):
        return []
    sheet = sheets["bids"] if sheets["bids"].given else sheets["offers"]
    message = "the study is empty: nobody offers, bids or has anything to move"
    cure = "add rows to offers and bids, or to consignments"
    return [Problem(sheet.file, None, None, None, message, cure)]
