"""Open Matrix (OMX 0.2): matrices between zones in HDF5, as transport models exchange them.

A file holds matrices of one shape under ``/data`` and names of the zones under ``/lookup``; its
root carries ``OMX_VERSION`` and ``SHAPE`` (specification of the Open Matrix group, version 0.2).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from entrepot.errors import OutputError, Problem, QuestionError, StudyError
from entrepot.tables.nearest import did_you_mean

Floats = npt.NDArray[np.float64]

VERSION = "0.2"

MOST = 20
"""Wrong cells of a matrix that are told one by one."""


@dataclass(frozen=True)
class Matrices:
    """Matrices between Z zones.

    Attributes
    ----------
    file : where they stood
    data : by name, shape (Z, Z)
    lookups : names of the zones by name of the lookup, length Z
    """

    file: str
    data: dict[str, Floats]
    lookups: dict[str, list[str]]


def read_omx(path: Path) -> Matrices:
    """All matrices and lookups of a file.

    Raises
    ------
    StudyError : not a file of matrices between the same zones
    OutputError : the package `h5py` is not installed
    """
    h5py = _hdf5()
    if not path.is_file():
        raise StudyError(path.name, [_wrong(path, "is no file")])
    try:
        with h5py.File(path, "r") as file:
            data = {name: np.asarray(each, dtype=float) for name, each in _in(file, "data")}
            lookups = {name: _names(each) for name, each in _in(file, "lookup")}
    except (OSError, ValueError, TypeError) as error:
        raise StudyError(path.name, [_wrong(path, f"cannot be read ({error})")]) from None
    shapes = {each.shape for each in data.values()}
    if not data:
        raise StudyError(path.name, [_wrong(path, "holds no matrix under /data")])
    if len(shapes) > 1 or len(set(next(iter(shapes)))) != 1 or len(next(iter(shapes))) != 2:
        raise StudyError(path.name, [_wrong(path, "holds matrices that are not all square alike")])
    zones = next(iter(shapes))[0]
    return Matrices(
        path.name, data, {name: each for name, each in lookups.items() if len(each) == zones}
    )


def write_omx(path: Path, data: Mapping[str, Floats], lookup: str, names: list[str]) -> None:
    """Write matrices between named zones; the same input gives the same bytes.

    Raises
    ------
    OutputError : the file cannot be written, or the package `h5py` is not installed
    """
    h5py = _hdf5()
    try:
        with h5py.File(path, "x", track_order=True) as file:
            file.attrs["OMX_VERSION"] = np.bytes_(VERSION)
            file.attrs["SHAPE"] = np.array([len(names), len(names)], dtype=np.int32)
            for name, matrix in data.items():
                file.create_dataset(
                    f"data/{name}", data=matrix, compression="gzip", compression_opts=1
                )
            text = np.array([name.encode("utf-8") for name in names], dtype=np.bytes_)
            file.create_dataset(f"lookup/{lookup}", data=text)
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error}") from error


def consignments_from(
    matrices: Matrices,
    places: list[str],
    good: str,
    matrix: str | None,
    lookup: str | None,
    taken: Collection[str] = (),
) -> pl.DataFrame:
    """A matrix as consignments of a good: what is above nothing, off the diagonal.

    Parameters
    ----------
    places : of the study; the zones must be named as they are
    matrix, lookup : which of several
    taken : names of consignments that stay beside these: where ``origin-destination`` is one of
        them, the good follows it

    Returns
    -------
    Rows of table ``consignments``.

    Raises
    ------
    QuestionError : which matrix or lookup is not said, or there is none of that name
    StudyError : zones without names, that are no places or stand twice, quantities below nothing
        or not finite, or none at all; all of them
    """
    quantity = matrices.data[_chosen(matrices.file, "matrix", matrix, list(matrices.data))]
    if not matrices.lookups:
        message = f"names none of its {len(quantity)} zones: it has no lookup of that length"
        cure = "write a lookup with the places of the study under /lookup"
        raise StudyError(matrices.file, [_wrong(Path(matrices.file), message, None, cure)])
    names = matrices.lookups[_chosen(matrices.file, "lookup", lookup, list(matrices.lookups))]
    problems = []
    for name, times in Counter(names).items():
        if times > 1:
            cure = "give every zone a name of its own"
            told = f"stands {times} times among the zones"
            problems.append(_wrong(Path(matrices.file), told, name, cure))
        if name not in places:
            cure = did_you_mean(name, places, "name the zones as the places of the study")
            problems.append(_wrong(Path(matrices.file), "is no place of the study", name, cure))
    bad = ~np.isfinite(quantity) | (quantity < 0)
    wrong = np.argwhere(bad).tolist()
    if len(wrong) > MOST:
        message = f"holds {len(wrong)} cells that are no quantities, these among them"
        problems.append(_wrong(Path(matrices.file), message, None, "mend the matrix"))
    for i, j in wrong[:MOST]:
        where = f"{names[i]} to {names[j]} = {quantity[i, j]:g}"
        problems.append(_wrong(Path(matrices.file), "is no quantity", where, "mend the matrix"))
    if problems:
        raise StudyError(matrices.file, problems)
    start, end = np.nonzero(quantity * ~np.eye(len(names), dtype=bool))
    if not len(start):
        message, cure = "has nothing between two zones", "name another matrix"
        raise StudyError(matrices.file, [_wrong(Path(matrices.file), message, matrix, cure)])
    called = [f"{names[i]}-{names[j]}" for i, j in zip(start, end, strict=True)]
    return pl.DataFrame(
        {
            "consignment": [f"{name}-{good}" if name in taken else name for name in called],
            "good": good,
            "origin": [names[i] for i in start],
            "destination": [names[j] for j in end],
            "quantity": quantity[start, end],
        }
    )


def within_zones(matrices: Matrices, matrix: str | None) -> float:
    """What stays in its zone, which is no consignment."""
    name = _chosen(matrices.file, "matrix", matrix, list(matrices.data))
    return float(np.trace(matrices.data[name]))


def _chosen(file: str, kind: str, name: str | None, known: list[str]) -> str:
    if name is None and len(known) == 1:
        return known[0]
    if name is None:
        raise QuestionError(f"{file}: say which {kind} is meant; it holds {', '.join(known)}")
    if name not in known:
        cure = did_you_mean(name, known, f"it holds {', '.join(known)}")
        raise QuestionError(f"{file} holds no {kind} {name!r}; {cure}")
    return name


def _hdf5() -> Any:
    try:
        import h5py
    except ImportError:
        raise OutputError(
            "matrices in OMX need the package h5py: install entrepot with its extra 'omx'"
        ) from None
    return h5py


def _in(file: Any, group: str) -> list[tuple[str, Any]]:
    """Data sets of a group; what is deeper is not part of the format."""
    return [(name, each) for name, each in file.get(group, {}).items() if hasattr(each, "shape")]


def _names(lookup: Any) -> list[str]:
    """Names of zones, which may be text or numbers; whole ones are told without a point."""
    return [
        each.decode("utf-8").strip()
        if isinstance(each, bytes)
        else f"{int(each) if isinstance(each, float) and each.is_integer() else each}"
        for each in np.asarray(lookup).tolist()
    ]


def _wrong(path: Path, message: str, value: str | None = None, cure: str | None = None) -> Problem:
    remedy = cure or "name a file in the Open Matrix format, version 0.2"
    return Problem(path.name, None, None, value, message, remedy)
