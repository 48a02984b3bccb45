"""What is asked to change, and by how much: a number, or from estimates that were written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import polars as pl
from cyclopts import Parameter

from entrepot.errors import QuestionError
from entrepot.statistics.equilibrium.full import Closure
from entrepot.tables.nearest import did_you_mean

Kind = Literal["full", "conditional", "book"]


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Effect:
    """How much trade changes at given prices.

    Parameters
    ----------
    effect
        In logarithms: 0.4 is trade by the factor exp(0.4).
    error
        Its standard error, for intervals.
    estimates
        A folder that `entrepot trade gravity --out` wrote, instead of both.
    by
        The covariate of the estimates; given several times, their sum.
    undo
        The other way round: an agreement that ends, a border that goes.
    draws
        Give intervals, from so many draws of the effect.
    seed
        Of the draws.
    """

    effect: float | None = None
    error: float | None = None
    estimates: Path | None = None
    by: list[str] | None = None
    undo: bool = False
    draws: int = 0
    seed: int = 1

    def value(self) -> tuple[float, float | None]:
        """The effect and its standard error, None where it is not known.

        Raises
        ------
        QuestionError : it is given twice, not at all, or not in the estimates
        """
        if (self.effect is None) == (self.estimates is None):
            raise QuestionError("say how large the effect is: --effect, or --estimates with --by")
        if self.effect is not None:
            if self.by:
                raise QuestionError("--by names a covariate of --estimates; none are given")
            found, error = self.effect, self.error
        else:
            found, error = self._estimated()
        if self.error is not None and not self.draws:
            raise QuestionError("--error is for intervals: say with how many --draws")
        if self.draws and error is None:
            raise QuestionError("--draws needs the doubt of the effect: --error, or --estimates")
        return (-found if self.undo else found), error

    def _estimated(self) -> tuple[float, float]:
        assert self.estimates is not None
        if not self.by:
            raise QuestionError("say --by which covariate of the estimates")
        if self.error is not None:
            raise QuestionError("estimates have errors of their own; leave --error out")
        table = _read(self.estimates / "estimates.csv", ("covariate", "estimate"))
        known = dict(table.select("covariate", "estimate").iter_rows())
        missing = [name for name in self.by if name not in known]
        if missing:
            told = f"it has {', '.join(known)}"
            raise QuestionError(
                f"{self.estimates} has no covariate {missing[0]!r}; "
                f"{did_you_mean(missing[0], known, told)}"
            )
        covariance = _read(self.estimates / "covariance.csv", ("covariate", *self.by))
        part = covariance.filter(pl.col("covariate").is_in(self.by)).select(self.by)
        return sum(float(known[name]) for name in self.by), float(part.to_numpy().sum()) ** 0.5


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The change that is asked about, in the words of the command."""

    agreement: list[str] | None = None
    border: list[str] | None = None
    cost: float | None = None
    tariff: float | None = None
    every_pair: bool = False
    autarky: bool = False
    had: str | None = None
    exporter: list[str] | None = None
    importer: list[str] | None = None
    kind: Kind = "full"
    closure: Closure | None = None
    numeraire: str | None = None
    period: str | None = None
    trade: str = "trade"
    size: Effect = Effect()

    def told(self) -> str:
        """The change in words, for a chart."""
        between = f"from {_names(self.exporter)} to {_names(self.importer)}"
        kinds: list[tuple[object, str]] = [
            (self.agreement, f"agreement of {_names(self.agreement)}"),
            (self.border, f"borders of {_names(self.border)}"),
            (self.cost, f"costs times {self.cost or 0:g} {between}"),
            (self.tariff, f"tariff of {self.tariff or 0:g} {between}"),
            (self.autarky or None, "no trade at all"),
        ]
        words = next((words for there, words in kinds if there is not None), "changes of a file")
        if self.agreement is None and self.border is None:
            return words
        return f"{words}, effect {self.size.value()[0]:.3g}"

    def check_one(self, *more: object) -> None:
        """Refuse no change, and several at once.

        Parameters
        ----------
        more : further changes, None where not asked for

        Raises
        ------
        QuestionError : so it is
        """
        asked = [self.agreement, self.border, self.cost, self.tariff, self.every_pair or None,
                 self.autarky or None, *more]  # fmt: skip
        if sum(each is not None for each in asked) != 1:
            raise QuestionError(
                "say one change: --agreement, --border, --cost, --tariff, --every-pair or "
                "--autarky; or --changes of several sectors"
            )


def _names(countries: list[str] | None) -> str:
    return ", ".join(countries or [])


def _read(path: Path, needed: tuple[str, ...]) -> pl.DataFrame:
    try:
        table = pl.read_csv(path)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise QuestionError(
            f"{path} cannot be read ({error}); name a folder of entrepot trade gravity --out"
        ) from None
    missing = [name for name in needed if name not in table.columns]
    if missing:
        raise QuestionError(f"{path} has no column {', '.join(missing)}; it has "
                            f"{', '.join(table.columns)}")  # fmt: skip
    return table
