"""One program's PPML on one panel in a process of its own; prints what it took as a line of JSON.

``python -m benchmarks.one_panel PANEL ENGINE``, which `benchmarks/gravity.py` calls.
"""

from __future__ import annotations

import json
import resource
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import asdict, dataclass

import polars as pl

from benchmarks.panels import COVARIATES, drawn, panel

Slopes = list[float]
Run = Callable[[], tuple[Slopes, Slopes]]


@dataclass(frozen=True)
class Taken:
    """What one run took.

    Attributes
    ----------
    first : processor seconds of the first, tiny panel: what is compiled late
    seconds : processor seconds of the panel, all threads
    wall : seconds of it
    memory : greatest resident memory of the process, in MB
    slopes, errors : of the covariates, clustered by pair with fixest's small-sample factor
    """

    first: float
    seconds: float
    wall: float
    memory: float
    slopes: Slopes
    errors: Slopes


def entrepot(rows: pl.DataFrame, covariates: tuple[str, ...]) -> Run:
    from entrepot.statistics.gravity import ppml

    def run() -> tuple[Slopes, Slopes]:
        found = ppml(rows, covariates, ("i^t", "j^t", "i^j"), cluster="i^j", convention="fixest")
        return found.table["estimate"].to_list(), found.table["standard_error"].to_list()

    return run


def _like_fixest(module: str, rows: pl.DataFrame, covariates: tuple[str, ...]) -> Run:
    """Pyfixest and fereg read the same words; effects are made beforehand and not counted."""
    from importlib import import_module

    data = rows.with_columns(
        pl.struct("i", "t").rank("dense").cast(pl.Int64).alias("it"),
        pl.struct("j", "t").rank("dense").cast(pl.Int64).alias("jt"),
        pl.struct("i", "j").rank("dense").cast(pl.Int64).alias("ij"),
    ).to_pandas()
    program = import_module(module)
    words = f"trade ~ {' + '.join(covariates)} | it + jt + ij"

    def run() -> tuple[Slopes, Slopes]:
        found = program.fepois(words, data, vcov={"CRV1": "ij"}, lean=True, copy_data=False)
        names = list(covariates)
        return found.coef()[names].tolist(), found.se()[names].tolist()

    return run


def pyfixest(rows: pl.DataFrame, covariates: tuple[str, ...]) -> Run:
    return _like_fixest("pyfixest", rows, covariates)


def fereg(rows: pl.DataFrame, covariates: tuple[str, ...]) -> Run:
    return _like_fixest("fereg", rows, covariates)


ENGINES = {"entrepot": entrepot, "fereg": fereg, "pyfixest": pyfixest}


def main(name: str, engine: str) -> None:
    warnings.simplefilter("ignore")
    rows, covariates = panel(name)
    tiny = ENGINES[engine](drawn(12, 5), COVARIATES)
    start = time.process_time()
    tiny()
    first = time.process_time() - start
    run = ENGINES[engine](rows, covariates)
    wall, start = time.perf_counter(), time.process_time()
    slopes, errors = run()
    seconds, wall = time.process_time() - start, time.perf_counter() - wall
    unit = 2**20 if sys.platform == "darwin" else 2**10
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
    print(json.dumps(asdict(Taken(first, seconds, wall, memory, slopes, errors))))


if __name__ == "__main__":
    main(*sys.argv[1:])
