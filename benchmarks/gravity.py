"""Gravity and general equilibrium by entrepot and its peers; writes docs/benchmarks-gravity.md.

``python benchmarks/gravity.py [--limit SECONDS] [--out FILE]``. Each PPML is a process of its own.
Real data is no part of this package: what needs it is left out where it does not lie.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.equilibria import equilibria  # noqa: E402
from benchmarks.one_panel import ENGINES, Taken  # noqa: E402
from benchmarks.panels import FILE, REAL  # noqa: E402

PANELS = (
    ("200x10", "400,000 rows, drawn: 200 countries, 10 periods"),
    ("200x100", "4,000,000 rows, drawn: 200 countries, 100 periods"),
    (REAL, "316,317 rows, real: the world every fourth year from 1964 to 2016"),
)
REPEAT, QUICK = 3, 15.0


def measure(panel: str, engine: str, limit: float) -> Taken | None:
    """The quickest of three runs, or of one that is slow; None where it takes too long."""
    found: list[Taken] = []
    while len(found) < REPEAT:
        try:
            done = subprocess.run(
                [sys.executable, "-m", "benchmarks.one_panel", panel, engine],
                capture_output=True,
                text=True,
                timeout=limit,
                cwd=ROOT,
            )
        except subprocess.TimeoutExpired:
            return None
        if done.returncode:
            raise RuntimeError(f"{engine}: {done.stderr[-2000:]}")
        found.append(Taken(**json.loads(done.stdout.splitlines()[-1])))
        if found[-1].seconds > QUICK:
            break
    return min(found, key=lambda each: each.seconds)


def compare(panel: str, title: str, limit: float) -> str:
    """A panel with all programs, as a section in Markdown."""
    lines = [
        f"## {title}",
        "",
        "| program | CPU s | times entrepot's | wall s | MB | slopes differ by | errors differ by |"
        " first call, CPU s |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    own: Taken | None = None
    for engine in ENGINES:
        print(f"{title}: {engine} …", file=sys.stderr, flush=True)
        taken = measure(panel, engine, limit)
        if taken is None:
            lines.append(f"| {engine} | over {limit:.0f} s | | | | | | |")
            continue
        own = own or taken
        slopes = max(abs(a - b) for a, b in zip(taken.slopes, own.slopes, strict=True))
        errors = max(abs(a / b - 1) for a, b in zip(taken.errors, own.errors, strict=True))
        apart = "| | |" if taken is own else f"| {slopes:.0e} | {100 * errors:.3f} % |"
        lines.append(
            f"| {engine} | {taken.seconds:.2f} | {taken.seconds / own.seconds:.1f} | "
            f"{taken.wall:.2f} | {taken.memory:,.0f} {apart} {taken.first:.2f} |"
        )
    return "\n".join([*lines, ""])


def compiling() -> float:
    """CPU seconds of the first call ever, when entrepot's kernels are compiled."""
    with tempfile.TemporaryDirectory() as empty:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.one_panel", "12x5", "entrepot"],
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT,
            env=os.environ | {"NUMBA_CACHE_DIR": empty},
        )
    return Taken(**json.loads(done.stdout.splitlines()[-1])).first


HEAD = """# Benchmarks of gravity and general equilibrium

<!-- written by `make bench`; edit benchmarks/gravity.py instead -->

Poisson pseudo-maximum likelihood with exporter-period, importer-period and pair effects, errors
clustered by pair, from a data frame to slopes and errors; each run a process of its own, the
quickest of three where it takes less than {quick:.0f} seconds. CPU seconds are of all threads.
What is compiled late is told apart as the first call, on a tiny panel: entrepot compiles kernels
once, in {compiling:.1f} CPU seconds, and keeps them. entrepot goes on until fitted margins
equal observed ones to 1e-9 or closer and refuses an estimate that is off by more than 1e-8; the
peers stop by their own defaults. A program that takes longer than {limit:.0f} seconds is stopped.

Python {python}, {versions}, {cores} cores.

"""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--limit", type=float, default=900.0, help="seconds for one run")
    options.add_argument("--out", type=Path, default=ROOT / "docs" / "benchmarks-gravity.md")
    chosen = options.parse_args()
    names = ("fereg", "pyfixest", "numba", "polars")
    head = HEAD.format(
        limit=chosen.limit,
        quick=QUICK,
        compiling=compiling(),
        python=platform.python_version(),
        versions=", ".join(f"{name} {version(name)}" for name in names),
        cores=os.cpu_count() or 1,
    )
    sections = [
        compare(panel, title, chosen.limit)
        for panel, title in PANELS
        if panel != REAL or FILE.exists()
    ]
    text = head + "\n".join([*sections, equilibria()])
    chosen.out.write_text(text, encoding="utf-8")
    print(f"written: {chosen.out.name}", file=sys.stderr)


if __name__ == "__main__":
    main()
