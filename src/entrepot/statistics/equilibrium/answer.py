"""An answer to a counterfactual, with what proves it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from entrepot.errors import CertificateError
from entrepot.statistics.equilibrium.world import Floats, World

TOLERANCE = 1e-8
IDENTITY = "every country sells its output and spends its expenditure, and these add up to the same"


@dataclass(frozen=True, eq=False)
class Counterfactual:
    """The world after a change of trade costs.

    Attributes
    ----------
    kind : "conditional" or "full"; columns are named by it and never mixed
    closure : what expenditure does, in words
    theta : trade elasticity; None where it plays no part
    table : a row a country, changes in percent
    flows : of trade after the change (N, N)
    identity : what was checked, in words
    residual : by how much it is off at most, relative; at most `TOLERANCE`
    steps : of the search
    notes : what the reader must know
    """

    kind: str
    closure: str
    theta: float | None
    table: pl.DataFrame
    flows: Floats
    identity: str
    residual: float
    steps: int
    notes: tuple[str, ...] = ()


def answer(
    world: World,
    flows: Floats,
    columns: dict[str, Floats],
    *,
    kind: str,
    closure: str,
    theta: float | None,
    totals: tuple[Floats, Floats],
    steps: int,
    notes: tuple[str, ...] = (),
) -> Counterfactual:
    """The answer, if markets clear.

    Parameters
    ----------
    totals : the outputs and expenditures that rows and columns of `flows` must add up to

    Raises
    ------
    CertificateError : they do not, to `TOLERANCE`
    """
    residual = clearing_residual(flows, *totals)
    if not residual <= TOLERANCE:
        raise CertificateError(
            f"{kind} equilibrium: markets do not clear (off by {residual:.3g}); no answer is given"
        )
    table = pl.DataFrame({"country": list(world.countries), **columns}).fill_nan(None)
    return Counterfactual(kind, closure, theta, table, flows, IDENTITY, residual, steps, notes)


def clearing_residual(flows: Floats, output: Floats, expenditure: Floats) -> float:
    """By how much markets fail to clear at most, relative to each market and to the world."""
    gaps = (
        np.abs(flows.sum(axis=1) / output - 1.0).max(),
        np.abs(flows.sum(axis=0) / expenditure - 1.0).max(),
        abs(float(expenditure.sum() / output.sum()) - 1.0),
    )
    worst = float(np.max(gaps))
    return worst if np.isfinite(worst) else float("inf")


def change(after: Floats, before: Floats) -> Floats:
    """In percent; not a number where there was nothing before."""
    ratio = np.divide(after, before, out=np.full_like(after, np.nan), where=before > 0)
    return np.asarray(100.0 * (ratio - 1.0))
