"""Everything entrepot raises, as one tree: the branch says what the caller can do about it.

EntrepotError
├── StudyError            fix the tables (carries every problem found)
│   └── ScenarioError     fix the scenario
├── MarketError           the tables are sound, the market they describe is not
│   ├── InfeasibleError   obligations that cannot all be met: relax one
│   └── UnboundedError    gains without limit: bound one
├── ClearingError         the engine could not stand behind its answer
│   ├── SolverError       the solver stopped without an answer
│   └── ProofError        an answer that fails the independent check
├── RoutingError          legs or consignments that cannot be routed as they stand
├── StatisticsError       trade that cannot answer what is asked of it: bring other rows
│   └── CertificateError  a figure whose identity does not hold; it is not shown
├── QuestionError         a question about names that the study or the answer does not have
├── EngineError           workers that cannot be reached, or that lost what they had to do
├── FetchError            a service elsewhere did not answer; ask again later
└── OutputError           the results could not be written where asked
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Literal


class EntrepotError(Exception):
    """Base of all errors that entrepot raises on purpose; its text is meant for the user."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a study, and what would be right.

    Attributes
    ----------
    file : the file as the user named it, relative to the study (``legs.csv``, ``study.toml``)
    row : line of the file, counted from 1 with the header as line 1; None where no line is meant
    column : the column or key; None where the whole row or file is meant
    value : what stands there, as text; None where nothing stands there
    message : what is wrong
    remedy : what would be right
    severity : an ``error`` stops the study from clearing, a ``warning`` does not
    cell : in a workbook, sheet and cell as spreadsheets name them (``legs!B7``)
    """

    file: str
    row: int | None
    column: str | None
    value: str | None
    message: str
    remedy: str
    severity: Literal["error", "warning"] = "error"
    cell: str | None = None

    def __str__(self) -> str:
        place = self.file
        if self.cell is not None:
            place = f"{self.file.partition(', ')[0]}, {self.cell}"
        elif self.row is not None:
            place += f", row {self.row}"
        if self.column is not None:
            place += f", {self.column}"
        if self.value is not None:
            place += f" = {self.value!r}"
        return f"{place}: {self.message}; {self.remedy}"

    def as_dict(self) -> dict[str, object]:
        """The problem as plain values, for machines."""
        return asdict(self)


class StudyError(EntrepotError):
    """The tables need mending; `problems` holds everything found, in file order."""

    def __init__(self, study: str, problems: Iterable[Problem]) -> None:
        self.study = study
        self.problems = tuple(problems)
        count = len(self.problems)
        table = study.endswith((".csv", ".parquet"))
        what = f"table {study!r}" if table else f"study {study!r}"
        lines = [f"{what} has {count} problem{'s' if count != 1 else ''}:"]
        lines += [f"  {problem}" for problem in self.problems]
        super().__init__("\n".join(lines))


class ScenarioError(StudyError):
    """A scenario names what the study does not have, or changes nothing."""


class MarketError(EntrepotError):
    """The tables are sound, but the market that they describe has no clearing."""


class InfeasibleError(MarketError):
    """Obligations that cannot all be met."""


class UnboundedError(MarketError):
    """Welfare without limit: some activity pays for itself for ever."""


class ClearingError(EntrepotError):
    """The engine could not stand behind an answer and returns none."""


class SolverError(ClearingError):
    """The solver stopped without an answer."""


class ProofError(ClearingError):
    """An answer that fails the independent check; names the worst violation."""


class RoutingError(EntrepotError):
    """Legs or consignments that cannot be routed as they stand; `findings` holds every one."""

    def __init__(self, findings: Iterable[str]) -> None:
        self.findings = tuple(findings)
        super().__init__("cannot be routed:\n" + "\n".join(f"  {line}" for line in self.findings))


class StatisticsError(EntrepotError):
    """Trade that cannot answer what is asked of it; says what is missing."""


class CertificateError(StatisticsError):
    """A figure whose identity does not hold, or rows that are not all accounted for."""


class QuestionError(EntrepotError):
    """A question about a place, good, leg or period that the study or the answer does not have."""


class FetchError(EntrepotError):
    """A service elsewhere that was asked did not answer, or not in full."""


class EngineError(EntrepotError):
    """Processes or a cluster that cannot be reached, or that lost what they had to do."""


class OutputError(EntrepotError):
    """The results could not be written where they were asked for."""
