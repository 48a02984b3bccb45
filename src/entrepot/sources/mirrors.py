"""Mirror statistics: one figure for what two countries report of the same flow.

What one country exports to another stands twice in the world's statistics: the exporter reports it
free on board (FOB), the importer with the cost of insurance and freight (CIF), and both make
mistakes. The rule here follows Gaulier and Zignago (2010), "BACI: International Trade Database at
the Product-Level", CEPII working paper 2010-23, section 3, in a simpler form:

1. Reports of imports are brought to FOB: divided by one and a margin, the same for all flows.
2. A country is the less reliable the further its reports lie from its partners'. The gap between
   the logarithms of both reports is taken for the exporter's deviation plus the importer's, as
   there; the deviations are found by Tukey's median polish (1977, Exploratory Data Analysis,
   chapter 11) over the median gaps of all pairs, so that a few wild reports do not count.
3. Where both report, the flow is the geometric mean, each report weighted by the square of the
   other's deviation; where one reports, it is that report.

A margin of 6 % is what the International Monetary Fund takes in its Direction of Trade Statistics
(Marini, Dippelsman and Stanger 2018, IMF working paper 18/16).
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from entrepot.errors import CertificateError, QuestionError

MARGIN = 0.06
FLOW = ["period", "exporter", "importer", "hs", "unit"]
ROUNDS = 30
SMALLEST = 0.05
"""Of the median gap: no country is taken for more reliable than that."""
ROUNDING = 1e-9


@dataclass(frozen=True)
class Mirrored:
    """Flows, each once.

    Attributes
    ----------
    trade : rows of table ``trade``, all exports, FOB; `source` says whose report they are:
        "both", "exporter" or "importer"
    reliability : (country, flows, deviation): flows that both sides report, and how far the
        logarithm of the country's reports typically lies off
    counts : (source, rows, value)
    ratio : median of reported imports over reported exports where both report; nan where none
    """

    trade: pl.DataFrame
    reliability: pl.DataFrame
    counts: pl.DataFrame
    ratio: float


def reconcile(rows: pl.DataFrame, margin: float = MARGIN) -> Mirrored:
    """One figure for each flow out of the reports of both sides.

    Parameters
    ----------
    rows : of table ``trade``; reports of the same products, so that both sides can be compared
    margin : cost of insurance and freight as a share of the FOB value

    Raises
    ------
    QuestionError : a margin that is none, or no rows with a value
    CertificateError : a flow that does not lie between its reports, or a report lost or used twice
    """
    if not 0 <= margin < 1:
        raise QuestionError(f"a margin of {margin:g} is none; name a share such as {MARGIN}")
    reports = _reports(rows)
    if not reports.height:
        raise QuestionError("no row of trade has a value: there is nothing to reconcile")
    flows = _side_by_side(reports, margin)
    both = flows.filter(pl.col("x").is_not_null() & pl.col("m").is_not_null())
    reliability = _reliability(both)
    settled = _settle(flows, reliability)
    _certify(settled, reports)
    trade = settled.select(
        "period",
        reporter=pl.col("exporter"),
        partner=pl.col("importer"),
        flow=pl.lit("export"),
        hs=pl.col("hs"),
        value=pl.col("value"),
        quantity=pl.col("quantity"),
        unit=pl.col("unit"),
        source=pl.col("source"),
    ).sort("period", "reporter", "partner", "hs", "unit")
    counts = (
        settled.group_by("source")
        .agg(rows=pl.len().cast(pl.Int64), value=pl.col("value").sum())
        .sort("source")
    )
    ratio = both.select((pl.col("m") * (1 + margin) / pl.col("x")).median()).item()
    return Mirrored(trade, reliability, counts, float("nan") if ratio is None else float(ratio))


def _reports(rows: pl.DataFrame) -> pl.DataFrame:
    """(period, exporter, importer, hs, unit, flow, value, quantity); what is 0 is not reported."""
    for name, kind in (("quantity", pl.Float64), ("unit", pl.String)):
        if name not in rows.columns:
            rows = rows.with_columns(pl.lit(None, dtype=kind).alias(name))
    sends = pl.col("flow") == "export"
    return (
        rows.filter(pl.col("value") > 0)
        .with_columns(
            exporter=pl.when(sends).then("reporter").otherwise("partner"),
            importer=pl.when(sends).then("partner").otherwise("reporter"),
        )
        .group_by(*FLOW, "flow")
        .agg(pl.col("value").sum(), pl.col("quantity").sum(), known=pl.col("quantity").count())
        .with_columns(quantity=pl.when(pl.col("known") > 0).then("quantity"))
        .drop("known")
    )


def _side_by_side(reports: pl.DataFrame, margin: float) -> pl.DataFrame:
    """A flow a row: x and m, the reports of its exporter and (made FOB) of its importer.

    Units say nothing of whose report it is: where the two sides count in different units, their
    values are compared all the same, and the exporter's unit stands.
    """
    key = FLOW[:-1]
    sides = {}
    for flow, name in (("export", "x"), ("import", "m")):
        mine = reports.filter(pl.col("flow") == flow).sort(*FLOW)
        one_unit = pl.col("unit").n_unique() == 1
        sides[name] = mine.group_by(key, maintain_order=True).agg(
            pl.col("value").sum().alias(name),
            pl.when(one_unit).then(pl.col("quantity").sum()).alias(f"{name}_quantity"),
            pl.when(one_unit).then(pl.col("unit").first()).alias(f"{name}_unit"),
            pl.col("quantity").null_count().alias(f"{name}_unknown"),
        )
    joined = sides["x"].join(sides["m"], on=key, how="full", coalesce=True)
    return joined.with_columns(
        pl.col("m") / (1 + margin),
        *(
            pl.when(pl.col(f"{name}_unknown") == 0)
            .then(f"{name}_quantity")
            .alias(f"{name}_quantity")
            for name in ("x", "m")
        ),
    )


def _reliability(both: pl.DataFrame) -> pl.DataFrame:
    """(country, flows, deviation) of all countries that somebody mirrors."""
    gap = (pl.col("m") / pl.col("x")).log().abs()
    pairs = both.group_by("exporter", "importer").agg(flows=pl.len(), gap=gap.median())
    sides = (("exporter", "importer"), ("importer", "exporter"))
    seen = pl.concat(
        pairs.select("flows", "gap", country=pl.col(mine), other=pl.col(theirs))
        for mine, theirs in sides
    )
    found = seen.group_by("country").agg(
        flows=pl.col("flows").sum().cast(pl.Int64), deviation=pl.col("gap").median() / 2
    )
    typical = pairs.select(pl.col("gap").median()).item()
    least = SMALLEST * max(float(typical or 0.0), 1e-12)
    for _ in range(ROUNDS):
        others = found.select(other="country", theirs="deviation")
        rest = (pl.col("gap") - pl.col("theirs")).median().clip(lower_bound=least)
        polished = seen.join(others, on="other").group_by("country").agg(deviation=rest)
        # Half steps: whole ones swing to and fro where two countries mirror mainly each other.
        found = (
            found.rename({"deviation": "last"})
            .join(polished, on="country")
            .select("country", "flows", deviation=(pl.col("last") + pl.col("deviation")) / 2)
        )
    return found.sort("country")


def _settle(flows: pl.DataFrame, reliability: pl.DataFrame) -> pl.DataFrame:
    """Flows with `value`, `quantity`, `unit` and `source`."""
    variance = reliability.select("country", variance=pl.col("deviation") ** 2)
    for end in ("exporter", "importer"):
        flows = flows.join(
            variance.rename({"country": end, "variance": f"of_{end}"}), on=end, how="left"
        )
    share = pl.col("of_importer") / (pl.col("of_exporter") + pl.col("of_importer"))

    def mean(x: str, m: str) -> pl.Expr:
        return (share * pl.col(x).log() + (1 - share) * pl.col(m).log()).exp()

    has_x, has_m = pl.col("x").is_not_null(), pl.col("m").is_not_null()
    alike = (
        (pl.col("x_unit") == pl.col("m_unit"))
        & (pl.col("x_quantity") > 0)
        & (pl.col("m_quantity") > 0)
    ).fill_null(False)
    theirs = pl.col("x_quantity").is_not_null()
    return flows.with_columns(
        source=pl.when(has_x & has_m)
        .then(pl.lit("both"))
        .when(has_x)
        .then(pl.lit("exporter"))
        .otherwise(pl.lit("importer")),
        value=pl.when(has_x & has_m).then(mean("x", "m")).otherwise(pl.coalesce("x", "m")),
        quantity=pl.when(alike)
        .then(mean("x_quantity", "m_quantity"))
        .otherwise(pl.coalesce("x_quantity", "m_quantity")),
        unit=pl.when(theirs).then("x_unit").otherwise("m_unit"),
    )


def _certify(settled: pl.DataFrame, reports: pl.DataFrame) -> None:
    """Every report stands in one flow, and every flow lies between its reports."""
    used = settled.select(
        pl.col("x").sum().alias("x"),
        outside=(
            (pl.col("value") < pl.min_horizontal("x", "m") * (1 - ROUNDING))
            | (pl.col("value") > pl.max_horizontal("x", "m") * (1 + ROUNDING))
            | pl.col("value").is_null()
        ).sum(),
    ).row(0, named=True)
    sent = float(reports.filter(pl.col("flow") == "export")["value"].sum())
    key = FLOW[:-1]
    once = settled.height == reports.select(key).unique().height
    if used["outside"] or not once or abs((used["x"] or 0.0) - sent) > ROUNDING * max(sent, 1.0):
        raise CertificateError("mirror statistics: a flow does not lie between its reports")
