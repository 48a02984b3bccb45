"""How the kernels of this folder are compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

Kernel = TypeVar("Kernel", bound=Callable[..., object])


def compiled(kernel: Kernel) -> Kernel:
    """A kernel that Python calls; kept on disk, and compiled anew when its file changes.

    Division by zero gives infinity, as in numpy: the checks for it cost a tenth of the time.
    """
    return cast(Kernel, njit(cache=True, nogil=True, error_model="numpy")(kernel))


def inner(kernel: Kernel) -> Kernel:
    """A kernel that only kernels call; it compiles in half the time without a way in from Python.

    Numba keeps the caller and looks at the caller's file alone: after a change here, callers must
    be compiled anew.
    """
    without: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    return cast(Kernel, njit(cache=True, nogil=True, error_model="numpy", **without)(kernel))
