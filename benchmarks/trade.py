"""Questions of trade by entrepot and by its peers; writes docs/benchmarks-trade.md.

``python benchmarks/trade.py [--data FOLDER] [--out FILE]``. Each run is a process of its own.
Export potential is of random flows from a seed; the indicators are of real exports of 2017, which
FOLDER holds and which are no part of this package: without them that part is left out. A peer that
is not installed (`pip install -e '.[bench]'`) is left out too, and said so.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.one_trade import COUNTRIES, FLOWS, PRODUCTS, QUESTIONS, Taken  # noqa: E402

DATA = ROOT.parent / "shared" / "data" / "trade"
EXPORTS = "world_exports_hs4_2017.parquet"
REPEAT, SLOW = 3, 10.0
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS")
ONE_THREAD = dict.fromkeys(THREADS, "1")

HEAD = """# Benchmarks of trade statistics

<!-- written by `make bench`; edit benchmarks/trade.py instead -->

Each run is a process of its own on one thread; the best of three counts, or one that takes longer
than {slow:.0f} seconds. Memory is the most that the process held, rows included.

Python {python}, {versions}, {cores} cores.

"""
POTENTIAL = """## Export potential of a whole world

{countries} x {countries} x {products:,} cells and {flows:,} flows, **drawn at random**
(`benchmarks/one_trade.py`): nobody's trade looks like this. Potential, realised and unrealised of
every country and product, with the certificate. The NumPy peer is the formulas as they stand, over
all cells, one figure and no tables; no package was found that computes export potential.

"""
INDICATORS = """## Indicators of real exports

The 153 countries with exports of a thousand million dollars or more, 1,222 headings, 2017 (UN
Comtrade). entrepot's figures come as tables, each with its certificate.

"""


def taken(question: str, engine: str, files: list[str]) -> Taken | str:
    """The quickest run of an engine, or why there is none."""
    found: list[Taken] = []
    while len(found) < REPEAT:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.one_trade", question, engine, *files],
            capture_output=True,
            text=True,
            cwd=ROOT,
            env=os.environ | ONE_THREAD,
        )
        if "ModuleNotFoundError" in done.stderr:
            return "not installed"
        if done.returncode:
            raise RuntimeError(f"{engine}: {done.stderr[-2000:]}")
        found.append(Taken(**json.loads(done.stdout.splitlines()[-1])))
        if found[-1].cpu > SLOW:
            break
    return min(found, key=lambda each: each.cpu)


def compare(question: str, head: str, figure: str, files: list[str]) -> str:
    """All engines on one question, as a section in Markdown."""
    lines = [f"| engine | CPU s | memory, MB | {figure} |", "|---|---:|---:|---:|"]
    for engine in QUESTIONS[question]:
        print(f"{question}: {engine} …", file=sys.stderr, flush=True)
        best = taken(question, engine, files)
        if isinstance(best, str):
            lines.append(f"| {engine} | {best} | | |")
            continue
        cells = f"{best.cpu:.2f} | {best.memory:.0f} | {best.answer:.10g}"
        lines.append(f"| {engine} | {cells} |")
    return head + "\n".join(lines) + "\n"


def versions() -> str:
    """The packages that matter, as installed."""
    told = []
    for name in ("polars", "numpy", "ecomplexity"):
        try:
            told.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return ", ".join(told)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, default=DATA)
    options.add_argument("--out", type=Path, default=ROOT / "docs" / "benchmarks-trade.md")
    chosen = options.parse_args()
    sizes = {"countries": COUNTRIES, "products": PRODUCTS, "flows": FLOWS}
    sections = [
        compare("potential", POTENTIAL.format(**sizes), "unrealised", []),
    ]
    file = chosen.data / EXPORTS
    if file.exists():
        sections.append(compare("indicators", INDICATORS, "ECI of Belarus", [str(file)]))
    else:
        print(f"no data at {file}: indicators are left out", file=sys.stderr)
    head = HEAD.format(
        slow=SLOW, python=platform.python_version(), versions=versions(), cores=os.cpu_count() or 1
    )
    chosen.out.write_text(head + "\n".join(sections), encoding="utf-8")
    print(f"written: {chosen.out.name}", file=sys.stderr)


if __name__ == "__main__":
    main()
