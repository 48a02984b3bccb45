"""Which unknowns a set of linear equations leaves open.

Most of a market has one answer: its prices follow from the activities with room, its levels from
the balances and the full limits. Only what these equations leave open has to be chosen by a rule.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse.linalg import splu

Flags = npt.NDArray[np.bool_]

# Relative to unit columns: what is added to make the equations regular, how often the result is
# taken again, and what then counts as more than rounding.
DAMPING, TIMES, NOTHING = 1e-8, 3, 1e-6
PROBES = 2


def undetermined(matrix: sparse.csr_array) -> Flags:
    """Which unknowns are free to move while all equations are kept.

    A generic vector is projected on the null space of the matrix: an unknown can move just where
    the projection is not zero. The projection is the limit of Tikhonov's damped least squares
    (Golub and Van Loan 2013, section 6.1.5), taken repeatedly so that what the equations do hold
    vanishes. Badly determined unknowns may be reported as free, never the other way round.

    Parameters
    ----------
    matrix : an equation a row, an unknown a column, shape (r, c)

    Returns
    -------
    shape (c,)
    """
    columns = matrix.shape[1]
    entries = sparse.csc_array(matrix)
    length = np.sqrt(np.asarray(entries.multiply(entries).sum(axis=0), dtype=float).reshape(-1))
    held: Flags = length > 0
    free: Flags = ~held
    if not held.any():
        return free
    unit = sparse.csc_array(entries[:, held] * (1.0 / length[held])[None, :])
    damped = sparse.csc_array(unit.T @ unit + DAMPING * sparse.eye_array(unit.shape[1]))
    factors = splu(
        damped,
        permc_spec="MMD_AT_PLUS_A",
        diag_pivot_thresh=0.0,
        options={"SymmetricMode": True},
    )
    probe = np.random.default_rng(columns).standard_normal((unit.shape[1], PROBES))
    for _ in range(TIMES):
        probe = DAMPING * factors.solve(probe)
    free[held] = np.abs(probe).max(axis=1) > NOTHING
    return free
