"""HiGHS, for linear programs (Huangfu and Hall 2018). The only file that names highspy.

Small programs go to the dual simplex. Larger ones are solved block by block first (one good
after the other), and the dual simplex joins the blocks' bases: what was left out only adds
conditions, so the joined basis keeps prices feasible and few activities have to change. The
largest go to the interior point IPX with crossover, which took 15 CPU seconds where blocks took
22 and the simplex over 300 on 2,000 places x 20 goods (docs/benchmarks.md). All end at a vertex,
so prices are exact. One thread throughout: changing the number of threads between models in one
process can make HiGHS return without solving.
"""

from __future__ import annotations

from collections.abc import Iterable

import highspy
import numpy as np
from scipy import sparse

from entrepot.clearing.program import Answer, Program
from entrepot.clearing.solvers.blocks import blocks
from entrepot.clearing.solvers.port import NoAnswer
from entrepot.clearing.solvers.scaling import scaling

# Above these many activities blocks are quicker than the simplex alone; the interior point is
# quicker than the simplex on one block, and than blocks.
SIMPLEX_UP_TO, BLOCK_UP_TO, BLOCKS_UP_TO = 2_000, 20_000, 160_000

TOLERANCE, COARSE = 1e-9, 1e-7
NO_LIMIT = 2**31 - 1


class Highs:
    """Linear programs by HiGHS; `method` is "simplex", "blocks", "ipx" or "choose" (by size)."""

    name = "highs"

    def __init__(self, method: str = "choose") -> None:
        self.method = method

    def solve(self, program: Program) -> Answer:
        """The optimum at a vertex.

        Raises
        ------
        NoAnswer : infeasible, unbounded, or HiGHS stopped for another reason
        """
        return self.solve_with_model(program)[0]

    def solve_from(self, program: Program, basis: object) -> tuple[Answer, object]:
        """The optimum at a vertex, sought by the simplex from where another program ended.

        Programs of one shape that differ a little take a tenth of the time so.

        Raises
        ------
        NoAnswer : infeasible, unbounded, or HiGHS stopped for another reason
        """
        answer, model = self.solve_with_model(program, basis)
        rows = program.balance.shape[0] + program.limit.shape[0]
        return answer, _Basis(model.getBasis(), rows, len(program.worth))

    def solve_with_model(
        self, program: Program, basis: object = None
    ) -> tuple[Answer, highspy.Highs]:
        """The optimum at a vertex, and HiGHS's model, which tells what finding it took.

        Parameters
        ----------
        basis : where another program ended, to begin from; see `solve_from`

        Raises
        ------
        NoAnswer : infeasible, unbounded, or HiGHS stopped for another reason
        """
        units = scaling(program)
        scaled = units.apply(program)
        model = _load(scaled)
        if isinstance(basis, _Basis) and basis.fits(program):
            status = _run_from(model, basis.found)
        elif self._by_blocks(program) and (joined := join_blocks(scaled)) is not None:
            status = _run_from(model, joined, most=len(joined.row_status))
            if status != highspy.HighsModelStatus.kOptimal:
                # What is wrong with the market is for a search that starts from nothing to say.
                status = highspy.HighsModelStatus.kUnknown
        else:
            status = highspy.HighsModelStatus.kNotset
        for method, tolerance in self._attempts(program):
            if _reason(status) != "failed":
                break
            status = _run(model, method, tolerance)
        if status != highspy.HighsModelStatus.kOptimal:
            raise NoAnswer(_reason(status), model.modelStatusToString(status))
        return units.undo(_answer(model, program)), model

    def _by_blocks(self, program: Program) -> bool:
        """Whether to begin with the blocks of a program."""
        size = SIMPLEX_UP_TO < len(program.worth) <= BLOCKS_UP_TO
        return self.method == "blocks" or (self.method == "choose" and size)

    def _attempts(self, program: Program) -> tuple[tuple[str, float], ...]:
        """Methods to try: where rounding defeats one at the finest tolerance, another may do."""
        large = self.method == "choose" and len(program.worth) > BLOCK_UP_TO
        first, other = "simplex", "ipx"
        if self.method == "ipx" or large:
            first, other = other, first
        return (first, TOLERANCE), (other, TOLERANCE), ("simplex", COARSE), ("ipx", COARSE)


def _answer(model: highspy.Highs, program: Program) -> Answer:
    """What the model found, in the solver's units."""
    solution = model.getSolution()
    dual = np.asarray(solution.row_dual)
    m = program.balance.shape[0]
    # HiGHS minimises: a balance's dual is the worth of one more unit of it, a limit's is
    # what one more unit of room takes off the cost, hence the signs.
    return Answer(level=np.asarray(solution.col_value), price=dual[:m], rent=-dual[m:])


class _Basis:
    """Where the simplex ended; carried to other processes as plain numbers."""

    def __init__(self, found: highspy.HighsBasis, rows: int, columns: int) -> None:
        self.found, self.rows, self.columns = found, rows, columns

    def fits(self, program: Program) -> bool:
        """Whether a program has the shape of the one that it comes from."""
        rows = program.balance.shape[0] + program.limit.shape[0]
        return (self.rows, self.columns) == (rows, len(program.worth))

    def __reduce__(self) -> tuple[object, ...]:
        return _unpacked, tuple(
            bytes(int(each) for each in side)
            for side in (self.found.row_status, self.found.col_status)
        )


def _unpacked(rows: bytes, columns: bytes) -> _Basis:
    return _Basis(_basis(rows, columns), len(rows), len(columns))


def _basis(rows: Iterable[int], columns: Iterable[int]) -> highspy.HighsBasis:
    """A basis from the numbers of its statuses."""
    found = highspy.HighsBasis()
    found.row_status = [_STATUS[each] for each in rows]
    found.col_status = [_STATUS[each] for each in columns]
    found.valid = True
    return found


_STATUS = [highspy.HighsBasisStatus(number) for number in range(5)]


def _run_from(
    model: highspy.Highs, basis: highspy.HighsBasis, most: int = NO_LIMIT
) -> highspy.HighsModelStatus:
    """The simplex from a basis, for `most` steps, without a presolve, which would forget it."""
    model.setOptionValue("solver", "simplex")
    model.setOptionValue("presolve", "off")
    model.setOptionValue("simplex_iteration_limit", most)
    model.setOptionValue("primal_feasibility_tolerance", TOLERANCE)
    model.setOptionValue("dual_feasibility_tolerance", TOLERANCE)
    model.setBasis(basis)
    model.run()
    model.setOptionValue("presolve", "choose")
    model.setOptionValue("simplex_iteration_limit", NO_LIMIT)
    return model.getModelStatus()


def join_blocks(program: Program) -> highspy.HighsBasis | None:
    """The blocks' optimal bases side by side; None where a block is too large or has no optimum.

    Limits have room in it, and what belongs to no block stands still.
    """
    parts = blocks(program)
    if max((len(part.columns) for part in parts), default=0) > BLOCK_UP_TO:
        return None
    status = highspy.HighsBasisStatus
    unbounded = np.where(np.isinf(program.upper), int(status.kZero), int(status.kUpper))
    columns = np.where(np.isfinite(program.lower), int(status.kLower), unbounded)
    rows = np.full(program.balance.shape[0] + program.limit.shape[0], int(status.kBasic))
    for part in parts:
        model = _load(part.program(program))
        if _run(model, "simplex", TOLERANCE) != highspy.HighsModelStatus.kOptimal:
            return None
        found = model.getBasis()
        columns[part.columns] = [int(each) for each in found.col_status]
        rows[part.rows] = [int(each) for each in found.row_status]
    return _basis(rows.tolist(), columns.tolist())


def _run(model: highspy.Highs, method: str, tolerance: float) -> highspy.HighsModelStatus:
    model.clearSolver()
    model.setOptionValue("solver", method)
    model.setOptionValue("primal_feasibility_tolerance", tolerance)
    model.setOptionValue("dual_feasibility_tolerance", tolerance)
    model.run()
    status = model.getModelStatus()
    if status == highspy.HighsModelStatus.kUnboundedOrInfeasible:
        # Presolve knows only that there is no optimum; the simplex without it knows why.
        model.setOptionValue("presolve", "off")
        model.setOptionValue("solver", "simplex")
        model.run()
        model.setOptionValue("presolve", "choose")
        status = model.getModelStatus()
    return status


class _Quiet(highspy.Highs):
    """HiGHS without its banner, which it prints before an option can be set from outside."""

    def enableCallbacks(self) -> None:  # noqa: N802 - HiGHS's own name
        """Called while HiGHS is being made, and what prints the banner."""
        self.silent()
        super().enableCallbacks()  # type: ignore[no-untyped-call]


def _load(program: Program) -> highspy.Highs:
    rows = sparse.vstack([program.balance, program.limit], format="csc")
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = rows.shape
    lp.col_cost_ = -program.worth
    lp.col_lower_, lp.col_upper_ = program.lower, program.upper
    lp.row_lower_ = np.concatenate([-program.given, program.limit_lower])
    lp.row_upper_ = np.concatenate([-program.given, program.limit_upper])
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = rows.indptr.astype(np.int32)
    lp.a_matrix_.index_ = rows.indices.astype(np.int32)
    lp.a_matrix_.value_ = rows.data
    model = _Quiet()  # type: ignore[no-untyped-call]
    model.setOptionValue("threads", 1)
    model.passModel(lp)
    return model


def _reason(status: highspy.HighsModelStatus) -> str:
    if status == highspy.HighsModelStatus.kOptimal:
        return "optimal"
    if status == highspy.HighsModelStatus.kInfeasible:
        return "infeasible"
    if status in (
        highspy.HighsModelStatus.kUnbounded,
        highspy.HighsModelStatus.kUnboundedOrInfeasible,
    ):
        return "unbounded"
    return "failed"
