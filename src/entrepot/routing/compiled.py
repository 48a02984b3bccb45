"""Compiled kernels: plain loops over arrays, made fast by numba.

A kernel is compiled when it is first called and kept on disk, beside its file where that can be
written and in the user's cache otherwise. It is compiled anew when its own file changes: numba
keeps a caller and looks at the caller's file alone, so that after a change of a kernel in another
file its callers must be compiled anew.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
import numpy.typing as npt
from numba import njit

Kernel = TypeVar("Kernel", bound=Callable[..., object])
Number = TypeVar("Number", np.int64, np.float64)


def compiled(kernel: Kernel) -> Kernel:
    """A function of arrays and numbers that Python calls; its annotations hold as written.

    Division by zero gives infinity, as in numpy: the checks for it cost a tenth of the time.
    """
    return _made(kernel)


def inner(kernel: Kernel) -> Kernel:
    """A kernel that only kernels call: with no way in from Python it compiles in half the time."""
    return _made(kernel, no_cpython_wrapper=True, no_cfunc_wrapper=True)


def _made(kernel: Kernel, **more: Any) -> Kernel:
    return cast(Kernel, njit(cache=True, nogil=True, error_model="numpy", **more)(kernel))


@compiled
def longer(values: npt.NDArray[Number], size: int) -> npt.NDArray[Number]:
    """The same values with room for `size` of them."""
    made = np.empty(size, values.dtype)
    for i in range(len(values)):
        made[i] = values[i]
    return made
