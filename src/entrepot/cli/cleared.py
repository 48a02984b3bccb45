"""What several commands begin with: a study read, changed by scenarios, and cleared."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from entrepot.clearing.answers import Clearing
from entrepot.clearing.clear import clear
from entrepot.cli.console import working
from entrepot.study import Study, find_study, read_study


def cleared(study: str, scenarios: Sequence[str] = ()) -> Clearing:
    """The answer of a study after some of its scenarios, with progress on standard error."""
    with working(f"reading {study}") as say:
        return answer(read_study(find_study(study)), scenarios, say)


def answer(study: Study, scenarios: Sequence[str], say: Callable[[str], None]) -> Clearing:
    """The answer of a study that has been read, after some of its scenarios."""
    label = " + ".join(scenarios) or study.name
    return clear(study.scenario(*scenarios), progress=lambda stage: say(f"{label}: {stage}"))
