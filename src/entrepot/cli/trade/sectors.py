"""Counterfactuals of several sectors: their files, their changes, their answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from cyclopts import Parameter

from entrepot.cli.console import working
from entrepot.cli.trade.asking import FILES
from entrepot.cli.trade.effects import Asked, Effect
from entrepot.cli.trade.one_sector import largest_first
from entrepot.errors import QuestionError
from entrepot.sources.panel_file import read_headings
from entrepot.sources.sector_files import SectorFiles, SectorPaths, read_sector_files
from entrepot.statistics.certificate import Measure
from entrepot.statistics.equilibrium.caliendo_parro import (
    SectorAnswer,
    caliendo_parro,
    without_deficits,
)
from entrepot.statistics.equilibrium.gains import gains_of_sectors
from entrepot.statistics.equilibrium.sector_changes import of_factors, of_pairs, of_rows, together
from entrepot.statistics.equilibrium.sector_tables import sectors_of
from entrepot.statistics.equilibrium.sectors import Sectors
from entrepot.statistics.equilibrium.shocks import agreement as agreed
from entrepot.statistics.equilibrium.shocks import border as bordered
from entrepot.statistics.equilibrium.uncertainty import with_intervals
from entrepot.statistics.equilibrium.welfare import Change

WHOLE = ("country", "real_income_full", "terms_of_trade_full", "volume_of_trade_full",
         "trade_costs_full", "real_wage_full", "exports_full", "imports_full")  # fmt: skip
OF_SECTORS = ("country", "sector", "output_full", "price_full", "home_share_full")


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class SectorTables:
    """What a world of several sectors has beside its trade.

    Parameters
    ----------
    inputs
        A file (country, sector, used, share): the share of a sector's output that it spends on the
        goods of the sector used.
    value_added
        A file (country, sector, share); with it, inputs may be shares of all inputs.
    tariffs
        A file (sector, exporter, importer, tariff): those there are, as shares; 0 without a row.
    changes
        A file (sector, exporter, importer, tariff, cost): new tariffs and factors on costs; a blank
        cell stays, a blank sector is every sector.
    sector
        Which sectors change; given several times, all without it.
    balanced
        Begin with the world without deficits, as Caliendo and Parro do.
    """

    inputs: Path | None = None
    value_added: Path | None = None
    tariffs: Path | None = None
    changes: Path | None = None
    sector: list[str] | None = None
    balanced: bool = False

    def refuse(self, study: str) -> None:
        """Refuse tables of sectors beside trade without sectors.

        Raises
        ------
        QuestionError : some are given
        """
        if self != SectorTables():
            raise QuestionError(
                f"{study} has no column sector; --inputs, --value-added, --tariffs, --changes, "
                "--sector and --balanced are of trade with sectors"
            )


def has_sectors(study: str) -> bool:
    """Whether the file of trade tells sectors apart.

    Raises
    ------
    QuestionError : it cannot be read
    """
    path = Path(study)
    return path.suffix in FILES and "sector" in read_headings(path)


def of_sectors(
    study: str, theta: float | Path, tables: SectorTables, asked: Asked
) -> list[tuple[str, Measure]]:
    """The answer of several sectors: by country, and by country and sector.

    Raises
    ------
    StudyError, StatisticsError, QuestionError : files or words that make no world or no change
    CertificateError : markets do not clear to 1e-8
    """
    _check(asked)
    with working(f"reading {study}") as show:
        read = read_sector_files(
            SectorPaths(
                trade=Path(study), inputs=tables.inputs, value_added=tables.value_added,
                tariffs=tables.tariffs, changes=tables.changes,
                elasticities=theta if isinstance(theta, Path) else None,
            )
        )  # fmt: skip
        world = sectors_of(
            _one_period(read.trade, asked.period), _elasticities(theta, read),
            inputs=read.inputs, value_added=read.value_added, tariffs=read.tariffs,
        )  # fmt: skip
        if tables.balanced:
            show("letting deficits go")
            world = without_deficits(world)
        if asked.autarky:
            return [_autarky(world, asked)]
        show("looking for equilibrium")
        found = _answered(world, tables, read, asked, show)
    closure = "none, from the start" if tables.balanced else "additive: they keep their amount"
    note = f"{len(world.countries)} countries, {len(world.sectors)} sectors; deficits: {closure}"
    return _told(found, (note, *found.notes))


def _autarky(world: Sectors, asked: Asked) -> tuple[str, Measure]:
    if asked.size != Effect() or asked.exporter or asked.importer:
        raise QuestionError("autarky is known: leave out --effect, --estimates, --draws, "
                            "--exporter and --importer")  # fmt: skip
    return "Without trade, percent of real income", largest_first(gains_of_sectors(world))


def _check(asked: Asked) -> None:
    """Refuse words that several sectors have no answer to."""
    if asked.every_pair or asked.had:
        raise QuestionError("several sectors are asked about one change at a time: leave out "
                            "--every-pair and --had")  # fmt: skip
    if asked.kind != "full" or asked.closure == "multiplicative" or asked.numeraire:
        raise QuestionError("several sectors have a full answer that keeps deficits as amounts: "
                            "leave out --kind, --closure and --numeraire")  # fmt: skip
    if asked.trade != "trade":
        raise QuestionError("trade of several sectors stands in a column trade; leave --trade out")


def _answered(
    world: Sectors,
    tables: SectorTables,
    read: SectorFiles,
    asked: Asked,
    show: Callable[[str], None],
) -> SectorAnswer:
    by_effect = _by_effect(world, tables, asked)
    if by_effect is None:
        change = _known(world, tables, read, asked)
        return caliendo_parro(world, tariffs=change.tariffs, factors=change.factors)

    def compute(effect: float) -> SectorAnswer:
        return caliendo_parro(world, factors=by_effect(effect).factors)

    effect, error = asked.size.value()
    if not asked.size.draws:
        return compute(effect)
    draws, seed = asked.size.draws, asked.size.seed
    return with_intervals(compute, effect, error or 0.0, draws=draws, seed=seed, progress=show)


def _by_effect(
    world: Sectors, tables: SectorTables, asked: Asked
) -> Callable[[float], Change] | None:
    """The change by the effect, where it is one of an agreement or a border."""
    plain, members, borders = together(world), asked.agreement, asked.border
    if members is not None:
        return lambda effect: of_factors(world, agreed(plain, members, effect), tables.sector)
    if borders is not None:
        some = None if borders == ["all"] else borders
        return lambda effect: of_factors(world, bordered(plain, effect, some), tables.sector)
    return None


def _known(world: Sectors, tables: SectorTables, read: SectorFiles, asked: Asked) -> Change:
    """The change of tariffs and costs that are given as numbers."""
    if asked.size != Effect():
        raise QuestionError("tariffs and costs are known: leave out --effect, --estimates and "
                            "--draws")  # fmt: skip
    if read.changes is not None:
        if asked.exporter or asked.importer or tables.sector:
            raise QuestionError("--changes says who and what: leave out --exporter, --importer "
                                "and --sector")  # fmt: skip
        return of_rows(world, read.changes)
    if not asked.exporter or not asked.importer:
        what = "tariff" if asked.tariff is not None else "cost"
        raise QuestionError(f"a {what} is between an --exporter and an --importer")
    return of_pairs(
        world, asked.exporter, asked.importer, tables.sector, tariff=asked.tariff, cost=asked.cost
    )


def _elasticities(theta: float | Path, read: SectorFiles) -> float | dict[str, float]:
    if isinstance(theta, Path):
        assert read.elasticities is not None
        return dict(read.elasticities.select("sector", "theta").iter_rows())
    return theta


def _one_period(rows: pl.DataFrame, period: str | None) -> pl.DataFrame:
    periods = [str(each) for each in rows["period"].unique().sort().drop_nulls()]
    if period is None:
        if len(periods) > 1:
            raise QuestionError(f"say which --period is meant: {', '.join(periods[:12])}")
        return rows
    if period not in periods:
        raise QuestionError(f"no rows of period {period}; there are: {', '.join(periods[:12])}")
    return rows.filter(pl.col("period") == period)


def _told(found: SectorAnswer, notes: tuple[str, ...]) -> list[tuple[str, Measure]]:
    parts = (
        "real income is welfare; terms of trade, volume of trade, trade costs and the rest (in "
        "--out and --json) add up to it"
    )
    by_sector = found.by_sector.sort(
        pl.col("output_full").abs(), "country", "sector", descending=[True, False, False],
        nulls_last=True,
    )  # fmt: skip
    proof = (found.identity, found.residual)
    return [
        ("Full equilibrium of several sectors, changes in percent",
         largest_first(Measure("counterfactual", found.table, *proof, (*notes, parts)))),
        ("By sector, changes in percent", Measure("by_sector", by_sector, *proof)),
    ]  # fmt: skip


def brief_of_sectors(table: pl.DataFrame) -> dict[str, list[str]]:
    """Columns that a terminal is wide enough for, by table; costs where some change."""
    if "gains" in table.columns:
        return {}
    shown = [name for name in WHOLE if name != "trade_costs_full" or (table[name] != 0).any()]
    if "real_income_full_low" in table.columns:
        shown = ["country", *(f"{name}{end}" for name in ("real_income_full", "exports_full")
                              for end in ("", "_low", "_high"))]  # fmt: skip
    return {"counterfactual": shown, "by_sector": list(OF_SECTORS)}
