"""Anderson's acceleration of a search that repeats one step until nothing moves.

Anderson, D. (1965), "Iterative procedures for nonlinear integral equations", Journal of the ACM
12(4); Walker, H. and Ni, P. (2011), SIAM Journal on Numerical Analysis 49(4). The next point is the
combination of the last few images whose moves cancel best.
"""

from __future__ import annotations

import numpy as np

from entrepot.statistics.equilibrium.world import Floats

MEMORY = 8
WORSE = 10.0
"""How much further off than the best so far makes it forget what it knows."""


class Anderson:
    """Points and images so far, the last few of them."""

    def __init__(self) -> None:
        self._points: list[Floats] = []
        self._moves: list[Floats] = []
        self._best = np.inf

    def next(self, point: Floats, image: Floats, off: float) -> Floats:
        """Where to go on from.

        Parameters
        ----------
        point, image : where it stands, and where the plain step leads (n,)
        off : how far it is from the end, however measured
        """
        if off > WORSE * self._best:
            self.forget()
        self._best = min(self._best, off)
        self._points = [*self._points[-MEMORY:], point]
        self._moves = [*self._moves[-MEMORY:], image - point]
        if len(self._moves) < 2:
            return image
        moves = np.diff(np.stack(self._moves), axis=0)
        points = np.diff(np.stack(self._points), axis=0)
        # By the normal equations: points are long, and few of them are kept.
        weights = np.linalg.lstsq(moves @ moves.T, moves @ self._moves[-1], rcond=1e-14)[0]
        return np.asarray(image - weights @ (points + moves))

    def forget(self) -> None:
        """Begin anew, from a plain step."""
        self._points, self._moves, self._best = [], [], np.inf
