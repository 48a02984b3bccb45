"""Conjugate gradients for several right-hand sides at once, one pass over the weights each time.

Hestenes, M. and Stiefel, E. (1952), "Methods of conjugate gradients for solving linear systems".
The normal equations of fixed effects are singular (a constant moves from one effect to another) and
consistent, for which the method finds a solution. It is preconditioned by the diagonal, and where
that is not enough by a factor of the whole matrix.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from entrepot.statistics.gravity.kernels import Flags, Floats

Apply = Callable[[Floats, Flags, Floats], None]
"""Takes values (C, L) and which columns are active, and writes their images."""

Precondition = Callable[[Floats], Floats]
"""An approximate solution (C, L) for right-hand sides (C, L)."""


def by_diagonal(diagonal: Floats) -> Precondition:
    """The preconditioner that divides by the diagonal (L,)."""
    inverse = one_over(diagonal)
    return lambda values: values * inverse


def one_over(values: Floats) -> Floats:
    """One over each, 0 where it is not above 0."""
    return np.divide(1.0, values, out=np.zeros_like(values), where=values > 0)


def conjugate_gradients(
    apply: Apply,
    diagonal: Floats,
    right: Floats,
    start: Floats,
    tolerance: Floats,
    precondition: Precondition,
    most: int,
) -> tuple[Floats, int, float]:
    """Solve the normal equations.

    Parameters
    ----------
    diagonal : (L,); levels where it is zero are left at `start`
    right, start : (C, L)
    tolerance : of each column (C,): what remains against the right-hand side, in the norm of the
        diagonal and at every level
    most : passes after which it gives up

    Returns
    -------
    The solution (C, L), the number of passes, and by how much it is off at most, against what was
    asked for: 1 or less where it is as close
    """
    if right.shape[1] == 0:
        return start.copy(), 0, 0.0
    inverse = one_over(diagonal)
    bound = tolerance**2 * np.einsum("cl,l,cl->c", right, inverse, right)
    # By level too: a level of little weight would otherwise be let go astray.
    highest = tolerance * np.abs(right * inverse).max(axis=1)
    solution = start.copy()
    image = np.zeros_like(right)
    apply(solution, np.ones(len(right), dtype=np.bool_), image)
    left = right - image
    towards = precondition(left)
    norm = np.einsum("cl,cl->c", left, towards)
    direction = towards.copy()
    flat = np.zeros(len(right), dtype=np.bool_)
    passes = 0
    while passes < most:
        passes += 1
        scaled = left * inverse
        far = np.einsum("cl,cl->c", left, scaled) > bound
        active = ~flat & (far | (np.abs(scaled).max(axis=1) > highest))
        if not active.any():
            break
        apply(direction, active, image)
        bend = np.einsum("cl,cl->c", direction, image)
        # A direction that does not bend lies in the null space: nothing is left to find along it.
        flat |= active & ~(bend > 0)
        active &= ~flat
        along = np.where(active, norm / np.where(bend > 0, bend, 1.0), 0.0)
        solution += along[:, None] * direction
        left -= along[:, None] * np.where(active[:, None], image, 0.0)
        towards = precondition(left)
        now = np.einsum("cl,cl->c", left, towards)
        turn = np.where(active & (norm > 0), now / np.where(norm > 0, norm, 1.0), 0.0)
        direction *= turn[:, None]
        direction += towards
        norm = np.where(active, now, norm)
    remains = np.einsum("cl,l,cl->c", left, inverse, left)
    ratio = np.divide(remains, bound, out=np.zeros_like(bound), where=bound > 0)
    return solution, passes, float(np.sqrt(ratio.max(initial=0.0)))
