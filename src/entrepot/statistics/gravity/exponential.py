"""The exponential of many numbers at once, several in one step of the processor.

The library's own takes them one by one. Here e^x = 2^k e^r with k a whole number and r between
-ln 2 / 2 and ln 2 / 2 (Cody, W. and Waite, W. 1980, "Software manual for the elementary
functions"), and e^r is its Taylor series up to r^13, which leaves less than rounding does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import numpy as np
import numpy.typing as npt
from numba import njit

Floats = npt.NDArray[np.float64]

LEAST = -700.0
"""Below this the exponential is taken as e^-700, which is no less than the smallest number."""

PER_LN2 = 1.4426950408889634
LN2, LN2_REST = 6.93147180369123816490e-01, 1.90821492927058770002e-10
"""In two parts, so that k times the first is exact."""

WHOLE = 6755399441055744.0
"""Adding 1.5 * 2^52 leaves a whole number, which then stands in the last bits."""


def _exponentials(values: Floats, room: Floats) -> None:
    """Put e^x in the place of each x, 0 or less (n,).

    Parameters
    ----------
    room : (n,), written over
    """
    last_bits, bits = room.view(np.int64), values.view(np.int64)
    for s in range(len(values)):
        x = max(values[s], LEAST)
        room[s] = x * PER_LN2 + WHOLE
        k = room[s] - WHOLE
        r = (x - k * LN2) - k * LN2_REST
        series = 1.6059043836821613e-10
        series = series * r + 2.08767569878681e-09
        series = series * r + 2.505210838544172e-08
        series = series * r + 2.755731922398589e-07
        series = series * r + 2.7557319223985893e-06
        series = series * r + 2.48015873015873e-05
        series = series * r + 0.0001984126984126984
        series = series * r + 0.001388888888888889
        series = series * r + 0.008333333333333333
        series = series * r + 0.041666666666666664
        series = series * r + 0.16666666666666666
        series = series * r + 0.5
        series = series * r + 1.0
        values[s] = series * r + 1.0
    for s in range(len(values)):
        # Times 2^k: k is added to the exponent.
        bits[s] += last_bits[s] << 52


# In the order that is written: taken in any other, the whole number would be lost.
exponentials = cast(
    Callable[[Floats, Floats], None],
    njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract"})(_exponentials),
)
