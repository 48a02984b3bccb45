"""Linear programs whose answer is proved by its prices: no gap between primal and dual.

    least c x   where A x <= b,  0 <= x <= u

The prices y of the limits and the rents r of the bounds prove the answer: y >= 0, r >= 0,
c + A'y + r >= 0 and -b y - u r = c x (strong duality). Solved by HiGHS through scipy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from entrepot.errors import CertificateError
from entrepot.statistics.certificate import TOLERANCE

if TYPE_CHECKING:
    from scipy.sparse import csr_array

SMALL = 1e-3
Floats = npt.NDArray[np.float64]
Columns = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Solved:
    """The least cost and what proves it.

    Attributes
    ----------
    level : x, shape (X,)
    price : what one more unit of each limit saves, shape (L,)
    rent : what one more unit of each bound saves, shape (X,)
    cost : c x
    bound : the cost that the prices prove nothing can be below
    """

    level: Floats
    price: Floats
    rent: Floats
    cost: float
    bound: float


def least(
    cost: Floats,
    rows: Sequence[tuple[Columns, Floats]],
    limit: Floats,
    upper: Floats,
) -> Solved:
    """The levels of least cost.

    Parameters
    ----------
    cost : c, shape (X,)
    rows : of each limit the columns and their coefficients
    limit : b, shape (L,)
    upper : u, finite, shape (X,)

    Raises
    ------
    CertificateError : no answer, or one whose limits or prices do not prove it
    """
    # Loaded with the first program, not with every measure of trade.
    from scipy.sparse import csr_array

    if not len(cost):
        return Solved(cost, np.zeros(len(limit)), cost, 0.0, 0.0)
    place = [np.full(len(columns), at) for at, (columns, _) in enumerate(rows)]
    matrix = csr_array(
        (
            np.concatenate([np.empty(0), *(values for _, values in rows)]),
            (
                np.concatenate([np.empty(0, dtype=np.int64), *place]),
                np.concatenate([np.empty(0, dtype=np.int64), *(columns for columns, _ in rows)]),
            ),
        ),
        shape=(len(rows), len(cost)),
    )
    price = np.zeros(len(limit))
    share = np.zeros_like(cost)
    if (upper > 0).any():
        share, price = _scaled(cost, matrix, limit, upper)
    level = np.clip(share, 0.0, 1.0) * upper
    # The rents that go with the prices, whatever the solver says of them.
    rent = np.maximum(0.0, -(cost + matrix.T @ price))
    bound = -float(limit @ price) - float(upper @ rent)
    return _proved(
        matrix, limit, upper, Solved(level, price, rent, float(cost @ level), bound), cost
    )


def _scaled(cost: Floats, matrix: csr_array, limit: Floats, upper: Floats) -> tuple[Floats, Floats]:
    """Shares of the bounds and prices of the limits: the solver sees figures of about one."""
    from scipy.optimize import linprog
    from scipy.sparse import diags_array

    worth = cost * upper
    size = float(np.abs(worth).max()) or 1.0
    shares = (matrix @ diags_array(upper)).tocsr()
    most, rows, most_used = limit, None, None
    if len(limit):
        most = abs(shares).max(axis=1).toarray().ravel()
        most = np.where(most > 0, most, 1.0)
        rows = (diags_array(1.0 / most) @ shares).tocsr()
        # No row can come to more than it has entries: a greater limit binds as little.
        most_used = np.minimum(limit / most, np.diff(rows.indptr) + 1.0)
    found = linprog(
        worth / size, A_ub=rows, b_ub=most_used, bounds=(0.0, 1.0),
        method="highs",
        options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
    )  # fmt: skip
    if found.x is None or not found.success:
        raise CertificateError(f"the program has no answer: {found.message}")
    prices = np.maximum(0.0, -found.ineqlin.marginals) * size / most if len(limit) else limit
    return np.asarray(found.x), np.asarray(prices)


def _proved(matrix: csr_array, limit: Floats, upper: Floats, found: Solved, cost: Floats) -> Solved:
    """The answer, or an error where a limit is passed or the prices leave a gap."""
    if len(limit):
        used = matrix @ found.level
        size = np.maximum(np.abs(limit), abs(matrix) @ upper)
        over = float(((used - limit) / np.where(size > 0, size, 1.0)).max())
        if not over <= TOLERANCE:
            raise CertificateError(f"a limit is passed by {over:.3g} of its size; no answer")
    # Where next to nothing can be done, the gap is measured by what there is to do.
    scale = max(
        float(np.abs(cost) @ found.level), abs(found.bound), SMALL * float(np.abs(cost) @ upper)
    )
    gap = abs(found.cost - found.bound) / scale if scale > 0 else 0.0
    if not gap <= TOLERANCE:
        raise CertificateError(f"the prices leave a gap of {gap:.3g}; no answer")
    return found
