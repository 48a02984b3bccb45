"""Units that suit a solver: quantities and money scaled by powers of two, undone afterwards.

Solvers judge feasibility by absolute tolerances. A study in cubic kilometres and one in kilograms
are the same market, so both are brought to the same size first; powers of two change no digit.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from entrepot.clearing.program import Answer, Program

Floats = npt.NDArray[np.float64]

LARGEST_QUANTITY = 2.0**14
TYPICAL_WORTH = 2.0**7


@dataclass(frozen=True)
class Scaling:
    """One program unit is `quantity` solver units; one unit of money is `money` solver units."""

    quantity: float
    money: float

    def apply(self, program: Program) -> Program:
        """The program in the solver's units."""
        return replace(
            program,
            worth=program.worth * self.money,
            slope=program.slope * self.money / self.quantity,
            lower=program.lower * self.quantity,
            upper=program.upper * self.quantity,
            given=program.given * self.quantity,
            limit_lower=program.limit_lower * self.quantity,
            limit_upper=program.limit_upper * self.quantity,
        )

    def undo(self, answer: Answer) -> Answer:
        """The answer in the program's units."""
        return Answer(
            level=answer.level / self.quantity,
            price=answer.price / self.money,
            rent=answer.rent / self.money,
        )


def scaling(program: Program) -> Scaling:
    """Powers of two that bring the largest bound and the typical worth to a standard size."""
    bounds = np.concatenate(
        [program.lower, program.upper, program.limit_upper, program.limit_lower]
    )
    bounds = np.abs(np.concatenate([bounds[np.isfinite(bounds)], program.given]))
    worth = np.abs(program.worth[program.worth != 0])
    return Scaling(
        quantity=_power(LARGEST_QUANTITY, bounds.max(initial=0.0)),
        money=_power(TYPICAL_WORTH, float(np.median(worth)) if len(worth) else 0.0),
    )


def _power(wanted: float, found: float) -> float:
    return float(2.0 ** np.round(np.log2(wanted / found))) if found > 0 else 1.0
