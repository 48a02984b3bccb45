"""Compiled kernels: plain loops over arrays, made fast by numba.

A kernel is compiled when it is first called and kept on disk, beside its file where that can be
written and in the user's cache otherwise.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numpy as np
import numpy.typing as npt
from numba import njit

Kernel = TypeVar("Kernel", bound=Callable[..., object])


def compiled(kernel: Kernel) -> Kernel:
    """A function of arrays and numbers, compiled; its annotations hold as written."""
    return cast(Kernel, njit(cache=True, nogil=True)(kernel))


@compiled
def more_ints(values: npt.NDArray[np.int64], size: int) -> npt.NDArray[np.int64]:
    """The same values with room for `size` of them."""
    longer = np.empty(size, np.int64)
    for i in range(len(values)):
        longer[i] = values[i]
    return longer


@compiled
def more_floats(values: npt.NDArray[np.float64], size: int) -> npt.NDArray[np.float64]:
    """The same values with room for `size` of them."""
    longer = np.empty(size)
    for i in range(len(values)):
        longer[i] = values[i]
    return longer
