"""Compiled kernels: plain loops over arrays, made fast by numba.

A kernel is compiled when it is first called and kept on disk, beside its file where that can be
written and in the user's cache otherwise.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from numba import njit

Kernel = TypeVar("Kernel", bound=Callable[..., object])


def compiled(kernel: Kernel) -> Kernel:
    """A function of arrays and numbers, compiled; its annotations hold as written."""
    return cast(Kernel, njit(cache=True, nogil=True)(kernel))
