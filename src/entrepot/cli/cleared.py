"""What several commands begin with: a study read, changed by scenarios, and cleared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from entrepot.clearing.answers import Clearing
from entrepot.clearing.clear import clear
from entrepot.cli.console import working
from entrepot.study import Study, find_study, read_study


def cleared(study: str, scenarios: Sequence[str] = (), parameters: Path | None = None) -> Clearing:
    """The answer of a study after some of its scenarios, with progress on standard error.

    Parameters
    ----------
    parameters : file of a calibration, whose freight and values of time are taken
    """
    with working(f"reading {study}") as say:
        found = read_study(find_study(study))
        if parameters is None:
            return answer(found, scenarios, say)
        label = " + ".join(scenarios) or found.name
        changed = with_parameters(found.scenario(*scenarios), parameters)
        return clear(changed, progress=lambda stage: say(f"{label}: {stage}"))


def with_parameters(study: Study, parameters: Path | None) -> Study:
    """The study as a calibration has it, or as it is where none is given."""
    if parameters is None:
        return study
    from entrepot.routing.calibration.saved import calibrated, read_saved

    return calibrated(study, read_saved(parameters))


def answer(study: Study, scenarios: Sequence[str], say: Callable[[str], None]) -> Clearing:
    """The answer of a study that has been read, after some of its scenarios."""
    label = " + ".join(scenarios) or study.name
    return clear(study.scenario(*scenarios), progress=lambda stage: say(f"{label}: {stage}"))
