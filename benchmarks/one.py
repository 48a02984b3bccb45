"""One engine on one market in a process of its own; prints what it took as a line of JSON.

``python -m benchmarks.one MARKET.npz ENGINE``, which `benchmarks/clearing.py` calls.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.markets import Market, load
from benchmarks.program import highs, program_of, solve

Built = Callable[[], float]


@dataclass(frozen=True)
class Taken:
    """What one run took.

    Attributes
    ----------
    build, solve : seconds of processor time, all threads
    wall : seconds from the market's arrays to the answer
    memory : greatest resident memory of the process, in MB
    welfare : the answer's objective
    """

    build: float
    solve: float
    wall: float
    memory: float
    welfare: float


def entrepot(market: Market) -> Built:
    """The study, checked; then flows, prices, rents, ties and the proof of them."""
    from benchmarks.studies import study_of
    from entrepot.clearing.clear import clear

    study = study_of(market)
    return lambda: clear(study).welfare


def simplex(market: Market) -> Built:
    """HiGHS called directly, with its default method."""
    model = highs(program_of(market), "simplex")
    return lambda: -solve(model)[0]


def interior(market: Market) -> Built:
    """HiGHS called directly, with its interior point method and crossover."""
    model = highs(program_of(market), "ipx")
    return lambda: -solve(model)[0]


def linopy(market: Market) -> Built:
    from benchmarks.peers import linopy_model, solve_linopy

    model = linopy_model(market)
    return lambda: -solve_linopy(model)


def pypsa(market: Market) -> Built:
    from benchmarks.peers import pypsa_network, solve_pypsa

    network = pypsa_network(market)
    return lambda: -solve_pypsa(network, market)


def pypsa_alone(market: Market) -> Built:
    """PyPSA's model solved, its results not written back into the network."""
    from benchmarks.peers import pypsa_model, pypsa_network, solve_linopy

    model = pypsa_model(pypsa_network(market), market)
    return lambda: -solve_linopy(model)


def method(name: str) -> Callable[[Market], Built]:
    """The first linear program of entrepot's own, by one of its methods."""

    def build(market: Market) -> Built:
        from benchmarks.studies import study_of
        from entrepot.clearing.solvers.highs import Highs
        from entrepot.clearing.stack import stack_up, survey

        program = stack_up(survey(study_of(market))).program()
        return lambda: program.objective(Highs(name).solve(program).level)

    return build


METHODS = {f"by {name}": method(name) for name in ("simplex", "blocks", "ipx")}

ENGINES = {
    "entrepot": entrepot,
    "HiGHS simplex": simplex,
    "HiGHS interior point": interior,
    "linopy": linopy,
    "PyPSA's model": pypsa_alone,
    "PyPSA": pypsa,
}


def measure(market: Market, engine: Callable[[Market], Built]) -> Taken:
    """Build and solve once; imports are not counted."""
    wall, first = time.perf_counter(), time.process_time()
    built = engine(market)
    second = time.process_time()
    welfare = built()
    third = time.process_time()
    return Taken(
        build=second - first,
        solve=third - second,
        wall=time.perf_counter() - wall,
        memory=_memory(),
        welfare=welfare,
    )


def _memory() -> float:
    """Greatest resident memory so far, in MB."""
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def main(path: str, name: str) -> None:
    # The first market is small: whatever an engine imports or compiles late is not measured.
    from benchmarks.markets import draw

    engine = (ENGINES | METHODS)[name]
    engine(draw("s"))()
    print(json.dumps(asdict(measure(load(Path(path)), engine))))


if __name__ == "__main__":
    main(*sys.argv[1:])
