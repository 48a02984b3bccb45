"""Equilibria of standard networks by entrepot and by its peers; writes docs/benchmarks-routing.md.

``python benchmarks/routing.py [--networks FOLDER] [--limit SECONDS] [--only SECTION]
[--out FILE]``. The networks are for research only and no part of this package: FOLDER holds the
files of the public collection (bstabler/TransportationNetworks). Each run is a process of its own,
on one thread. A tiny network comes first, so that compiling is told apart.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.chance import SCALES, SLOW, measure_calibration, measure_shared  # noqa: E402
from benchmarks.city import Large  # noqa: E402
from benchmarks.one_network import ENGINES, Taken  # noqa: E402

FOLDER = ROOT.parent / "shared" / "cases" / "routing"
GAPS = (1e-4, 1e-6, 1e-10)
CASES = (("Anaheim", 1.0), ("ChicagoSketch", 1.0), ("ChicagoSketch", 2.0))
CITY_GAPS = (1e-4, 1e-6)
REPEAT, QUICK = 3, 10.0


def measure(
    folder: Path, name: str, demand: float, gap: float, engine: str, limit: float
) -> Taken | None:
    """The quickest of three runs, or of one that is slow; None where it takes too long."""
    found: list[Taken] = []
    words = [str(folder), name, str(demand), str(gap), engine]
    while len(found) < REPEAT:
        try:
            done = subprocess.run(
                [sys.executable, "-m", "benchmarks.one_network", *words],
                capture_output=True,
                text=True,
                timeout=limit,
                cwd=ROOT,
                env=os.environ | {"OMP_NUM_THREADS": "1", "RAYON_NUM_THREADS": "1"},
            )
        except subprocess.TimeoutExpired:
            return None
        if done.returncode:
            raise RuntimeError(f"{engine}: {done.stderr[-2000:]}")
        found.append(Taken(**json.loads(done.stdout.splitlines()[-1])))
        if found[-1].solve > QUICK:
            break
    return min(found, key=lambda each: each.solve)


def compare(folder: Path, name: str, demand: float, limit: float) -> str:
    """A network with all engines at all gaps, as a section in Markdown."""
    title = name if demand == 1.0 else f"{name}, demand x {demand:g}"
    lines = [
        f"## {title}",
        "",
        "| engine | "
        + " | ".join(f"to {gap:.0e}, CPU s | times entrepot's | gap reached" for gap in GAPS)
        + " |",
        "|---|" + "---:|---:|---:|" * len(GAPS),
    ]
    own: dict[float, Taken] = {}
    gone: set[str] = set()
    for engine in ENGINES:
        cells = []
        for gap in GAPS:
            print(f"{title}: {engine} to {gap:.0e} …", file=sys.stderr, flush=True)
            taken = None if engine in gone else measure(folder, name, demand, gap, engine, limit)
            if taken is None:
                gone.add(engine)
                cells.append(f"over {limit:.0f} s | | ")
                continue
            if engine == "entrepot":
                own[gap] = taken
            times = taken.solve / own[gap].solve
            cells.append(f"{taken.solve:.2f} | {times:.1f} | {taken.gap:.0e}")
        lines.append(f"| {engine} | " + " | ".join(cells) + " |")
    reached = own[min(GAPS)]
    lines += ["", f"Objective {reached.objective:.10g} at a gap of {reached.gap:.1e}.", ""]
    return "\n".join(lines)


def large() -> str:
    """A city of the size of the Chicago region, as a section in Markdown."""
    rows = []
    for gap in CITY_GAPS:
        print(f"city to {gap:.0e} …", file=sys.stderr, flush=True)
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.city", str(gap)],
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT,
            env=os.environ | {"OMP_NUM_THREADS": "1"},
        )
        found = Large(**json.loads(done.stdout.splitlines()[-1]))
        rows.append(f"| {gap:.0e} | {found.gap:.1e} | {found.solve:.0f} | {found.memory:.1f} |")
    return CITY.format(**asdict(found), rows="\n".join(rows))


HEAD = """# Benchmarks of route choice

<!-- written by `make bench`; edit benchmarks/routing.py instead -->

User equilibria of standard networks (bstabler/TransportationNetworks) to three relative gaps, each
run a process of its own on one thread. entrepot compiles its kernels once and keeps them; compiling
is not in the figures, here or with the peers. A peer that takes longer than {limit:.0f} seconds is
stopped, and not asked for finer gaps. Each engine stops by its own measure of the gap; the gap
reached is that of the link flows it gives back, by entrepot's checker, which shares no code with
the solver and is not in the figures. TAPLite reads and writes files, which is in them.

Not here: path4gmns takes whole numbers as capacities and lets links without a length have no delay;
DTALite and taplite, not run, go by their descriptions back to TAPLite's kernel; the C and R engines
(tap-b, cppRouting) are not on PyPI.

Python {python}, {versions}, {cores} cores.

"""

CITY = """## A large network

A drawn city (`benchmarks/city.py`): {nodes:,} nodes, {arcs:,} links, {pairs:,} pairs, the size of
the Chicago region. Load over capacity, mean weighed by load: {load:.2f}. Each gap is a run of its
own.

| gap asked for | gap reached | CPU s | memory, GB |
|---:|---:|---:|---:|
{rows}
"""

CHANCE = """## Chance and calibration

| what | CPU s |
|---|---:|
| logit over all routes: {nodes:,} nodes, {arcs:,} arcs, {pairs:,} pairs | {logit:.2f} |
{rows}
| calibration: two parameters with standard errors, {facts} figures, {routed:,} pairs | {fit:.2f} |

Drawn networks (`benchmarks/chance.py`), the quickest of five runs in one process; what takes longer
than {slow:.0f} seconds is run once. The cheapest routes cost {mean:.0f} in the mean; the scale
of the logit is {scale:g}. The more routes the scale lets in, the longer perturbed utility takes.
"""


def chance() -> str:
    """Choices by chance and a calibration, as a section in Markdown."""
    print("chance and calibration …", file=sys.stderr, flush=True)
    shared = measure_shared()
    rows = [
        f"| perturbed utility: the same pairs, scale {scale:g} | {took:.2f} |"
        for scale, took in shared.perturbed.items()
    ]
    told = asdict(shared) | asdict(measure_calibration())
    return CHANCE.format(**told, rows="\n".join(rows), slow=SLOW, scale=SCALES[0])


SECTIONS = {"large": large, "chance": chance}


def put(page: str, section: str) -> str:
    """A page with a section in place of the one that has its title."""
    title, parts = section.splitlines()[0], page.split("\n## ")
    told = [f"## {part}".rstrip() for part in parts[1:]]
    told = [section.rstrip() if each.splitlines()[0] == title else each for each in told]
    return "\n\n".join([parts[0].rstrip(), *told]) + "\n"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--networks", type=Path, default=FOLDER)
    options.add_argument("--only", choices=list(SECTIONS), help="put this section anew, no other")
    options.add_argument("--limit", type=float, default=120.0, help="seconds for one run")
    options.add_argument("--out", type=Path, default=ROOT / "docs" / "benchmarks-routing.md")
    chosen = options.parse_args()
    if chosen.only:
        section = SECTIONS[chosen.only]()
        chosen.out.write_text(put(chosen.out.read_text("utf-8"), section), encoding="utf-8")
        print(f"written: {chosen.out.name}", file=sys.stderr)
        return
    if not chosen.networks.is_dir():
        print(f"no networks in {chosen.networks}: nothing measured", file=sys.stderr)
        return
    names = ("aequilibrae", "pytraf", "taplite4mpo", "numba")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    head = HEAD.format(
        limit=chosen.limit,
        python=platform.python_version(),
        versions=versions,
        cores=os.cpu_count() or 1,
    )
    sections = [compare(chosen.networks, *case, chosen.limit) for case in CASES]
    chosen.out.write_text(head + "\n".join([*sections, large(), chance()]), encoding="utf-8")
    print(f"written: {chosen.out.name}", file=sys.stderr)


if __name__ == "__main__":
    main()
