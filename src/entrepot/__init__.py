"""entrepot: tables in, one clearing engine, flows, prices, rents and routes out.

The names below are the whole public interface. Each is loaded where it is first used, so that
importing `entrepot` stays light.
"""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from entrepot.clearing.answers import Clearing as Clearing
    from entrepot.clearing.clear import clear as clear
    from entrepot.errors import EntrepotError as EntrepotError
    from entrepot.errors import Problem as Problem
    from entrepot.forecasting.forecast import Forecast as Forecast
    from entrepot.forecasting.forecast import forecast as forecast
    from entrepot.results.calibrate import calibrate as calibrate
    from entrepot.results.compare import compare as compare
    from entrepot.results.explain import explain as explain
    from entrepot.results.journeys import consignments as consignments
    from entrepot.results.route import route as route
    from entrepot.results.trade import trade as trade
    from entrepot.routing.answers import Routing as Routing
    from entrepot.routing.calibration.calibration import Calibration as Calibration
    from entrepot.routing.reach import alternatives as alternatives
    from entrepot.routing.reach import reach as reach
    from entrepot.routing.staircase import staircase as staircase
    from entrepot.routing.users import leg_users as leg_users
    from entrepot.study import Study as Study
    from entrepot.study import check_study as check_study
    from entrepot.study import read_study as read_study
    from entrepot.study import shipped_studies as shipped_studies
    from entrepot.study import study_from_tables as study_from_tables
    from entrepot.study import write_study as write_study

__version__ = version("entrepot")

# Where each public name comes from.
_HOMES = {
    "Calibration": "entrepot.routing.calibration.calibration",
    "Clearing": "entrepot.clearing.answers",
    "EntrepotError": "entrepot.errors",
    "Forecast": "entrepot.forecasting.forecast",
    "Problem": "entrepot.errors",
    "Routing": "entrepot.routing.answers",
    "Study": "entrepot.study",
    "alternatives": "entrepot.routing.reach",
    "calibrate": "entrepot.results.calibrate",
    "check_study": "entrepot.study",
    "clear": "entrepot.clearing.clear",
    "compare": "entrepot.results.compare",
    "consignments": "entrepot.results.journeys",
    "explain": "entrepot.results.explain",
    "forecast": "entrepot.forecasting.forecast",
    "leg_users": "entrepot.routing.users",
    "reach": "entrepot.routing.reach",
    "read_study": "entrepot.study",
    "route": "entrepot.results.route",
    "shipped_studies": "entrepot.study",
    "staircase": "entrepot.routing.staircase",
    "study_from_tables": "entrepot.study",
    "trade": "entrepot.results.trade",
    "write_study": "entrepot.study",
}

__all__ = [
    "Calibration",
    "Clearing",
    "EntrepotError",
    "Forecast",
    "Problem",
    "Routing",
    "Study",
    "alternatives",
    "calibrate",
    "check_study",
    "clear",
    "compare",
    "consignments",
    "explain",
    "forecast",
    "leg_users",
    "reach",
    "read_study",
    "route",
    "shipped_studies",
    "staircase",
    "study_from_tables",
    "trade",
    "write_study",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'entrepot' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
