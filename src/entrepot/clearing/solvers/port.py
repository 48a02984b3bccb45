"""What the engine asks of a solver."""

from __future__ import annotations

from typing import Protocol

from entrepot.clearing.program import Answer, Program


class NoAnswer(Exception):  # noqa: N818 - an outcome, caught by the engine
    """The solver ended without an optimum; `reason` is infeasible, unbounded or failed."""

    def __init__(self, reason: str, detail: str) -> None:
        self.reason = reason
        self.detail = detail
        super().__init__(f"{reason}: {detail}")


class Solver(Protocol):
    """Solves a program or raises NoAnswer."""

    name: str

    def solve(self, program: Program) -> Answer:
        """The optimum with its prices and rents."""
        ...


class Resuming(Solver, Protocol):
    """A solver that can begin where it ended on another program of the same shape."""

    def solve_from(self, program: Program, basis: object) -> tuple[Answer, object]:
        """The optimum with its prices and rents, and where the search ended, to be passed in again.

        That is the solver's own affair, but it can be pickled; None where there is none yet.
        """
        ...
