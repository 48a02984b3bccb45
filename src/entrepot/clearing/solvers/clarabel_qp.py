"""Clarabel, for programs whose worth falls along straight lines (Goulart and Chen 2024).

The only file that names clarabel. An interior point for convex quadratic programs: 18 times
quicker than HiGHS's quadratic solver on a market of 200 places.
"""

from __future__ import annotations

import clarabel
import numpy as np
import numpy.typing as npt
from scipy import sparse

from entrepot.clearing.program import Answer, Program
from entrepot.clearing.solvers.port import NoAnswer
from entrepot.clearing.solvers.scaling import scaling

Floats = npt.NDArray[np.float64]

# Tried one after the other: rounding may defeat the finest.
TOLERANCES = (1e-11, 1e-9, 1e-7)
GOOD_ENOUGH = ("Solved", "AlmostSolved", "InsufficientProgress")


class Clarabel:
    """Quadratic (and linear) programs by Clarabel."""

    name = "clarabel"

    def solve(self, program: Program) -> Answer:
        """The optimum, in the inside of its face where it is not a single point.

        Raises
        ------
        NoAnswer : infeasible, unbounded, or Clarabel stopped for another reason
        """
        units = scaling(program)
        scaled = units.apply(program)
        solution = _solution(scaled)
        dual = np.array(solution.z)
        level = np.clip(np.array(solution.x), scaled.lower, scaled.upper)
        price = -dual[: scaled.balance.shape[0]]
        return units.undo(Answer(level=level, price=price, rent=_rent(scaled, dual)))


def _solution(program: Program) -> clarabel.DefaultSolution:
    """Clarabel's answer at the finest tolerance that it reaches."""
    rows, right = _rows(program)
    equal = program.balance.shape[0]
    cones = [clarabel.ZeroConeT(equal), clarabel.NonnegativeConeT(rows.shape[0] - equal)]
    curvature = sparse.csc_matrix(sparse.diags_array(program.slope, format="csc"))
    for tolerance in TOLERANCES:
        settings = _settings(tolerance)
        solver = clarabel.DefaultSolver(curvature, -program.worth, rows, right, cones, settings)
        solution = solver.solve()
        status = str(solution.status)
        if status == "Solved":
            break
    if status not in GOOD_ENOUGH:
        raise NoAnswer(_reason(status), status)
    return solution


def _rows(program: Program) -> tuple[sparse.csc_matrix, Floats]:
    """Balances as equations, then upper and lower bounds and limits as rows of at most `right`."""
    upper, lower = np.isfinite(program.upper), np.isfinite(program.lower)
    limit_up, limit_low = np.isfinite(program.limit_upper), np.isfinite(program.limit_lower)
    eye = sparse.eye_array(len(program.worth), format="csr")
    limit = program.limit.tocsr()
    left = [program.balance.tocsr(), eye[upper], -eye[lower], limit[limit_up], -limit[limit_low]]
    right = [
        -program.given,
        program.upper[upper],
        -program.lower[lower],
        program.limit_upper[limit_up],
        -program.limit_lower[limit_low],
    ]
    return sparse.csc_matrix(sparse.vstack(left, format="csc")), np.concatenate(right)


def _rent(program: Program, dual: Floats) -> Floats:
    """Rents of the limits, upper less lower, from the duals of `_rows`."""
    limit_up, limit_low = np.isfinite(program.limit_upper), np.isfinite(program.limit_lower)
    bounds = np.isfinite(program.upper).sum() + np.isfinite(program.lower).sum()
    upper, lower = np.split(dual[program.balance.shape[0] + int(bounds) :], [int(limit_up.sum())])
    rent = np.zeros(program.limit.shape[0])
    rent[limit_up] += upper
    rent[limit_low] -= lower
    return rent


def _settings(tolerance: float) -> clarabel.DefaultSettings:
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    settings.max_threads = 1
    settings.tol_gap_abs = settings.tol_gap_rel = tolerance
    settings.tol_feas = tolerance
    settings.max_iter = 200
    return settings


def _reason(status: str) -> str:
    if "PrimalInfeasible" in status:
        return "infeasible"
    return "unbounded" if "DualInfeasible" in status else "failed"
