"""`entrepot trade gravity`: how trade depends on what lies between countries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

import polars as pl
from cyclopts import App

from entrepot.cli.console import working
from entrepot.cli.trade.asking import Answer, Source, Trade, first_day, give
from entrepot.cli.trade.panels import panel_of
from entrepot.cli.trade.plots import check_plot
from entrepot.cli.trade.world_plots import plot_estimates, plot_fitted
from entrepot.errors import QuestionError
from entrepot.sources.countries import three_letters
from entrepot.sources.panel_file import read_panel
from entrepot.statistics.certificate import Measure
from entrepot.statistics.gravity import Estimate, ols, ppml
from entrepot.statistics.gravity.reset import reset as tested
from entrepot.statistics.relations.covariates import with_alignment, with_ideal_distance
from entrepot.statistics.relations.ideal_points import ideal_points as points_of
from entrepot.study import find_study, read_study

app = App(
    name="gravity",
    help_epilogue="A covariate is a column, log(column), column=value (1 where it holds), or a "
    "product\nof these with *; an effect or a cluster is columns joined by ^.\n\nExamples:\n\n"
    "  entrepot trade gravity panel.csv --covariate rta --covariate 'log(dist)' \\\n"
    "      --effect exporter^period --effect importer^period --cluster exporter^importer\n"
    "  entrepot trade gravity panel.parquet --covariate rta --effect exporter^period \\\n"
    "      --effect importer^period --effect exporter^importer --out estimates\n"
    "  entrepot trade gravity panel.csv --covariate rta --covariate 'border*period=2000' \\\n"
    "      --effect exporter^period --effect importer^period --effect exporter^importer",
)


@app.default
def gravity(
    study: str,
    /,
    *,
    covariate: list[str],
    effect: list[str] | None = None,
    cluster: list[str] | None = None,
    method: Literal["ppml", "ols"] = "ppml",
    errors: Literal["stata", "fixest"] = "stata",
    reset: bool = False,
    trade: str = "trade",
    covariates: Path | None = None,
    alignment: str | None = None,
    ideal_points: Path | None = None,
    plot: Path | None = None,
    plot_fit: Path | None = None,
    source: Source = Source(),  # noqa: B008
    answer: Answer = Answer(),  # noqa: B008
) -> None:
    """Estimate gravity: how trade depends on agreements, distance and what else is given.

    Estimated by Poisson pseudo-maximum likelihood with fixed effects. Rows that cannot be used
    are left out and counted by reason.

    Parameters
    ----------
    study
        A file .csv or .parquet with columns exporter, importer, trade and covariates; or a study or
        a table of trade, whose totals are taken.
    covariate
        A column, log(column), column=value, or a product such as 'log(dist)*period=1990'; given
        several times.
    effect
        A fixed effect, such as exporter^period; given several times.
    cluster
        Columns that errors are clustered by; robust errors without it. Given several times, by each
        of them (multi-way).
    method
        ppml, or ols of the logarithm of trade.
    errors
        Whose small-sample factor errors have: stata (ppmlhdfe, reghdfe) or fixest.
    reset
        Test the form of the equation (RESET).
    trade
        The column of trade.
    covariates
        A file with columns exporter, importer, perhaps period, and further ones, to join.
    alignment
        A study whose relations give the column alignment, by the first day of each period.
    ideal_points
        A table of ideal points (iso3c, session, IdealPointAll), for the column ideal_distance.
    plot
        Draw the estimates with their intervals: a file .svg; it must not exist yet.
    plot_fit
        Draw fitted against observed trade: a file .svg; it must not exist yet.
    """
    answer.check()
    check_plot(plot)
    check_plot(plot_fit)
    if answer.out is not None and answer.out.suffix:
        raise QuestionError(f"estimates are several tables; name a folder, not {answer.out}")
    found = panel_of(study, source, covariates)
    rows = _with_relations(found.rows, alignment, ideal_points)
    with working("estimating") as show:

        def estimate(chosen: pl.DataFrame, names: Sequence[str]) -> Estimate:
            if method == "ols":
                return ols(
                    chosen, names, effect or [], outcome=f"log({trade})", cluster=cluster,
                    convention=errors,
                )  # fmt: skip
            return ppml(
                chosen, names, effect or [], trade=trade, cluster=cluster, convention=errors,
                progress=show,
            )  # fmt: skip

        made = estimate(rows, covariate)
        answers = told(made, answer.out is not None or answer.json)
        if reset:
            answers.insert(1, ("RESET", tested(made, rows, estimate)))
    plain = Trade(found.rows.head(0), found.title, "")
    heading, first = answers[0]
    answers[0] = (heading, replace(first, notes=(*first.notes, *found.notes)))
    fitted = fitted_of(made, rows, trade)
    if plot is not None:
        plot_estimates(plot, found.title, answers[0][1], trade)
    if plot_fit is not None:
        plot_fitted(plot_fit, found.title, fitted, answers[0][1].notes)
    give(answer, plain, answers, written=[fitted] if answer.out is not None else [])


def fitted_of(estimate: Estimate, rows: pl.DataFrame, trade: str) -> Measure:
    """Observed and fitted trade, a row a flow; a counterfactual can start from it."""
    names = [name for name in ("exporter", "importer", "period") if name in rows.columns]
    used = rows[estimate.fitted["row"].to_numpy()].select(*names, trade)
    name = "fitted" if estimate.method == "ppml" else "fitted_logarithm"
    table = used.with_columns(estimate.fitted["fitted"].alias(name))
    return Measure("fitted", table, estimate.identity, estimate.residual)


def _with_relations(rows: pl.DataFrame, alignment: str | None, points: Path | None) -> pl.DataFrame:
    """The rows with covariates of relations, where asked for."""
    if alignment is not None:
        known = read_study(find_study(alignment))
        rows = with_alignment(rows, known.table("relations"), known.table("blocs"), first_day)
    if points is not None:
        found = points_of(read_panel(points))
        if rows["exporter"].cast(pl.String).str.len_chars().max() == 2:
            shorter = pl.col("country").replace_strict(dict(three_letters()), default=None)
            found = found.with_columns(shorter).drop_nulls("country")
        rows = with_ideal_distance(rows, found)
    return rows


def told(estimate: Estimate, whole: bool) -> list[tuple[str, Measure]]:
    """Tables of an estimate: slopes, what was left out and, where all is asked for, covariance."""
    levels = ", ".join(f"{name} ({count:,})" for name, count in estimate.levels.items())
    notes = (
        f"{estimate.method} of {estimate.outcome}: {estimate.rows:,} rows; effects: {levels}",
        f"errors: {estimate.errors}"
        + (
            f"; {' and '.join(f'{n:,}' for n in estimate.clusters)} clusters"
            if estimate.clusters
            else ""
        )
        + "; low and high are 95 %",
        f"squared correlation of fitted and observed: {estimate.r_squared:.4f}",
    )
    proof = (estimate.identity, estimate.residual)
    found = [("Estimates", Measure("estimates", estimate.table, *proof, notes))]
    if estimate.dropped.height:
        left = int(estimate.dropped["rows"].sum())
        identity = "rows used and left out are all rows"
        note = (f"{estimate.rows:,} used, {left:,} left out",)
        found.append(("Rows left out", Measure("left_out", estimate.dropped, identity, 0.0, note)))
    if whole:
        names = estimate.table["covariate"].to_list()
        table = pl.DataFrame({"covariate": names}).with_columns(
            pl.Series(name, column) for name, column in zip(names, estimate.covariance.T,
                                                            strict=True)
        )  # fmt: skip
        found.append(("Covariance", Measure("covariance", table, *proof)))
    return found
