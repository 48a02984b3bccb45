"""Clears the same drawn markets with entrepot and with its peers; writes docs/benchmarks.md.

``python benchmarks/clearing.py [--sizes s,m1,m] [--limit SECONDS] [--out FILE]``. Each run is a
process of its own, on one thread, one after the other. What counts is processor time: the runs of
one table stand beside each other whatever the machine; seconds from two machines do not.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.markets import SIZES, draw  # noqa: E402
from benchmarks.one import ENGINES, METHODS, Taken  # noqa: E402
from benchmarks.program import program_of  # noqa: E402
from entrepot.clearing.solvers.highs import BLOCKS_UP_TO, SIMPLEX_UP_TO  # noqa: E402

# One run of what takes long says enough; of what is quick, the middle one of three.
REPEAT, QUICK = 3, 20.0
# PyPSA at 2,000 places x 20 goods asks for more than 20 GB before it solves anything.
TOO_LARGE = {("m", "PyPSA"), ("m", "PyPSA's model")}
DIRECT = ("entrepot", "HiGHS simplex", "HiGHS interior point")
SAME = 1e-6


@dataclass(frozen=True)
class Run:
    """An engine on a market: what it took, or why there is nothing to tell."""

    engine: str
    taken: Taken | None
    why: str = ""


def measure(path: Path, engine: str, limit: float) -> Run:
    """The run with the median processor time of one or three."""
    found: list[Taken] = []
    while len(found) < REPEAT:
        try:
            done = subprocess.run(
                [sys.executable, "-m", "benchmarks.one", str(path), engine],
                capture_output=True,
                text=True,
                timeout=limit,
                cwd=ROOT,
                env=os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
            )
        except subprocess.TimeoutExpired:
            return Run(engine, None, f"stopped after {limit:.0f} s")
        if done.returncode:
            raise RuntimeError(f"{engine}: {done.stderr}")
        found.append(Taken(**json.loads(done.stdout.splitlines()[-1])))
        if found[-1].build + found[-1].solve > QUICK:
            break
    middle = statistics.median_low([each.build + each.solve for each in found])
    return Run(engine, next(each for each in found if each.build + each.solve == middle))


def compare(
    size: str, limit: float, engines: tuple[str, ...], *, book: bool
) -> tuple[str, list[Run]]:
    """A market in words, and engines on it.

    Raises
    ------
    RuntimeError : two engines do not find the same welfare
    """
    market = draw(size, book=book)
    program = program_of(market)
    rows, columns = program.matrix.shape
    words = (
        f"{market.places:,} places, {market.goods} goods, {len(market.tail):,} legs, "
        f"{len(market.offers.price):,} steps of offers and {len(market.bids.price):,} of bids, "
        f"{len(market.plant_place)} plants: {columns:,} activities under {rows:,} conditions"
    )
    runs = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "market.npz"
        market.save(path)
        for engine in engines:
            print(f"{size}{' in lots' if book else ''}: {engine} …", file=sys.stderr, flush=True)
            if (size, engine) in TOO_LARGE:
                runs.append(Run(engine, None, "not run: needs more than 20 GB"))
            else:
                runs.append(measure(path, engine, limit))
    welfare = {run.engine: run.taken.welfare for run in runs if run.taken}
    middle = statistics.median(welfare.values())
    for engine, each in welfare.items():
        if abs(each / middle - 1) > SAME:
            raise RuntimeError(f"{engine} finds a welfare of {each}, the others {middle}")
    return words, runs


def table(runs: list[Run]) -> str:
    """The runs as a table in Markdown, with ratios to entrepot's."""
    own = next(run.taken for run in runs if run.engine == "entrepot")
    assert own is not None
    lines = [
        "| engine | build, CPU s | solve, CPU s | in all, times entrepot's | peak memory, MB | "
        "times entrepot's |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for run in runs:
        if run.taken is None:
            lines.append(f"| {run.engine} | {run.why} | | | | |")
            continue
        taken, total = run.taken, run.taken.build + run.taken.solve
        lines.append(
            f"| {run.engine} | {taken.build:.2f} | {taken.solve:.2f} "
            f"| {total / (own.build + own.solve):.2f} | {taken.memory:.0f} "
            f"| {taken.memory / own.memory:.2f} |"
        )
    return "\n".join(lines)


def by_method(found: list[tuple[str, str, list[Run]]]) -> str:
    """How long each of entrepot's methods takes for the linear program alone."""
    lines = [METHODS_HEAD, "| market | " + " | ".join(METHODS) + " |", "|---|" + "---:|" * 3]
    for title, _, runs in found:
        cells = [f"{run.taken.solve:.2f}" if run.taken else run.why for run in runs]
        lines.append(f"| {title} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def page(found: list[tuple[str, str, list[Run]]], methods: list[tuple[str, str, list[Run]]]) -> str:
    """The whole page."""
    names = ("highspy", "linopy", "pypsa")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    parts = [
        HEAD.format(versions=versions, python=platform.python_version(), cores=os.cpu_count() or 1)
    ]
    parts += [f"## {title}\n\n{words}.\n\n{table(runs)}\n" for title, words, runs in found]
    return "\n".join([*parts, by_method(methods)])


METHODS_HEAD = f"""## By which method

CPU seconds of entrepot's solver for the first linear program of each market: the dual simplex from
nothing; *blocks*, one good after the other, joined by the dual simplex; the interior point with
crossover. Programs of up to {SIMPLEX_UP_TO:,} activities go to the simplex, of up to
{BLOCKS_UP_TO:,} to blocks, larger ones to the interior point.
"""

HEAD = """# Benchmarks

<!-- written by `make bench`; edit benchmarks/clearing.py instead -->

The same markets, drawn from a seed, cleared by entrepot and by its peers in one run of
`make bench`: HiGHS called directly with arrays, with both its methods, and linopy and PyPSA, which
hand the market to HiGHS with its default settings (*PyPSA's model* is PyPSA without writing its
results back, which takes most of its time here). A tenth of the legs in use is full. Every run
is a process of its own on one thread; imports are not counted, a small market is cleared first so
that nothing is compiled late, and of what is quick the middle one of three runs is told. All
engines find the same welfare to {same}, or the run ends with an error.

What is compared is not quite the same work. *Build* is for entrepot the tables of a study and all
their checks. *Solve* is for the peers the optimum; for entrepot it is drawing the market up, the
optimum, the rule that shares ties, the rule that picks prices within their ranges, the proof of
both without the solver, and the result tables.

Python {python}, {versions}, {cores} cores.
""".replace("{same}", f"{SAME:.0e}")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", default=",".join(SIZES))
    options.add_argument("--limit", type=float, default=300.0, help="seconds for one run")
    options.add_argument("--out", type=Path, default=ROOT / "docs" / "benchmarks.md")
    chosen = options.parse_args()
    found, methods = [], []
    for size in chosen.sizes.split(","):
        places, goods, _ = SIZES[size]
        title = f"{places:,} places x {goods} goods"
        found.append((title, *compare(size, chosen.limit, tuple(ENGINES), book=False)))
        methods.append((title, *compare(size, chosen.limit, tuple(METHODS), book=False)))
    size = chosen.sizes.split(",")[0] if "m1" not in chosen.sizes.split(",") else "m1"
    places, goods, _ = SIZES[size]
    title = f"{places:,} places x {goods} goods as an exchange quotes: whole prices, round lots"
    found.append((title, *compare(size, chosen.limit, DIRECT, book=True)))
    chosen.out.write_text(page(found, methods), encoding="utf-8")
    print(f"written: {chosen.out.name}", file=sys.stderr)


if __name__ == "__main__":
    main()
