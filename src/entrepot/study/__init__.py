"""A study: one named, checked, frozen set of tables, and the scenarios that change it."""

from __future__ import annotations

from entrepot.study.read import check_study, read_study
from entrepot.study.scenario import Change, Scenario
from entrepot.study.settings import Settings
from entrepot.study.shipped import find_study, shipped_studies
from entrepot.study.study import Study, study_from_tables
from entrepot.study.write import write_study

__all__ = [
    "Change",
    "Scenario",
    "Settings",
    "Study",
    "check_study",
    "find_study",
    "read_study",
    "shipped_studies",
    "study_from_tables",
    "write_study",
]
