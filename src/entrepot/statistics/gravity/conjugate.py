"""Conjugate gradients for several right-hand sides at once, one pass over the weights each time.

Hestenes, M. and Stiefel, E. (1952), "Methods of conjugate gradients for solving linear systems",
with the diagonal as preconditioner. The normal equations of fixed effects are singular (a constant
moves from one effect to another) and consistent, for which the method finds a solution.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from entrepot.errors import CertificateError
from entrepot.statistics.gravity.kernels import Flags, Floats

MOST = 20_000
Apply = Callable[[Floats, Flags, Floats], None]
"""Takes values (C, L) and which columns are active, and writes their images."""


def conjugate_gradients(
    apply: Apply, diagonal: Floats, right: Floats, start: Floats, tolerance: Floats
) -> tuple[Floats, int]:
    """Solve the normal equations.

    Parameters
    ----------
    diagonal : (L,); levels where it is zero are left at `start`
    right, start : (C, L)
    tolerance : of each column (C,): what remains against the right-hand side, in the norm of the
        diagonal and at every level

    Returns
    -------
    The solution (C, L) and the number of passes

    Raises
    ------
    CertificateError : more passes than `MOST`
    """
    if right.shape[1] == 0:
        return start.copy(), 0
    inverse = np.divide(1.0, diagonal, out=np.zeros_like(diagonal), where=diagonal > 0)
    size = np.einsum("cl,l,cl->c", right, inverse, right)
    bound = tolerance**2 * size
    # By level too: a level of little weight would otherwise be let go astray.
    highest = tolerance * np.abs(right * inverse).max(axis=1)
    solution = start.copy()
    image = np.zeros_like(right)
    everyone = np.ones(len(right), dtype=np.bool_)
    apply(solution, everyone, image)
    left = right - image
    towards = left * inverse
    norm = np.einsum("cl,cl->c", left, towards)
    direction = towards.copy()
    for passes in range(1, MOST):
        active = (norm > bound) | (np.abs(towards).max(axis=1) > highest)
        if not active.any():
            return solution, passes
        apply(direction, active, image)
        bend = np.einsum("cl,cl->c", direction, image)
        along = np.where(active & (bend > 0), norm / np.where(bend > 0, bend, 1.0), 0.0)
        # A direction that does not bend lies in the null space: nothing is left to find along it.
        norm = np.where(active & ~(bend > 0), 0.0, norm)
        solution += along[:, None] * direction
        left -= along[:, None] * np.where(active[:, None], image, 0.0)
        towards = left * inverse
        now = np.where(active, np.einsum("cl,cl->c", left, towards), norm)
        turn = np.where(active & (norm > 0), now / np.where(norm > 0, norm, 1.0), 0.0)
        direction *= turn[:, None]
        direction += towards
        norm = np.where(bend > 0, now, norm)
        towards = np.where((norm > 0)[:, None], towards, 0.0)
    raise CertificateError(
        f"fixed effects are not separated after {MOST:,} passes over the data; "
        "look for parts of the data that hang together by a few rows only"
    )
