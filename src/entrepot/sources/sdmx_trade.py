"""SDMX: trade as statistical offices exchange it, read into table ``trade`` with `sdmx1`.

Statistics of merchandise trade have dimensions for the reporter, its partner, the flow, the product
and the time; offices name them differently (the global structure IMTS says REF_AREA and
COUNTERPART_AREA, Eurostat's Comext says REPORTER and PARTNER). Names in use are known here, others
are told. A dimension that is none of these must have one value, or one is chosen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl

from entrepot.errors import CertificateError, Problem, QuestionError, StudyError
from entrepot.sources.countries import numbers, three_letters
from entrepot.sources.levels import TOTAL

ROLES: Mapping[str, tuple[str, ...]] = {
    "reporter": ("REPORTER", "REF_AREA", "REPORTING_COUNTRY", "DECLARANT"),
    "partner": ("PARTNER", "COUNTERPART_AREA", "PARTNER_COUNTRY"),
    "flow": ("FLOW", "TRADE_FLOW", "FLOW_CODE"),
    "hs": ("PRODUCT", "COMMODITY", "PRODUCT_CODE", "COMMODITY_CODE", "HS"),
    "period": ("TIME_PERIOD", "TIME"),
}
FLOWS = {
    "1": "import", "2": "export", "M": "import", "X": "export", "I": "import", "E": "export",
    "IMP": "import", "EXP": "export", "IMPORT": "import", "EXPORT": "export",
}  # fmt: skip
NO_COUNTRY = "a group of countries, or no country"
NO_FLOW = "neither imports nor exports"
NO_PRODUCT = "not a code of goods of 2 to 10 digits, nor the total"
NO_VALUE = "no value"
ITSELF = "of a country with itself"
KEY = ["period", "reporter", "partner", "flow", "hs"]


@dataclass(frozen=True)
class Message:
    """What was read from a message.

    Attributes
    ----------
    trade : rows of table ``trade``, values as the message has them
    audit : (reason, rows, value): observations left out; with the rows of `trade` those read
    read : observations in the message that were asked for
    """

    trade: pl.DataFrame
    audit: pl.DataFrame
    read: int


def read_sdmx(
    path: Path, named: Mapping[str, str] | None = None, keep: Mapping[str, str] | None = None
) -> Message:
    """The observations of a message: SDMX-ML, SDMX-JSON or SDMX-CSV.

    Parameters
    ----------
    named : the message's own dimensions by what they are here (`ROLES`), where it calls them
        otherwise
    keep : dimension and the one value of it to take, such as {"INDICATORS": "VALUE_IN_EUROS"}

    Raises
    ------
    StudyError : the file is no message with data
    QuestionError : `sdmx1` is not installed; dimensions that are not there, or have several values
        of which none is chosen
    CertificateError : one flow twice, or observations lost
    """
    rows = _observations(path)
    dimensions = [name for name in rows.columns if name not in ("value", "UNIT_MULT")]
    roles = _roles(path, dimensions, named or {})
    for name, value in (keep or {}).items():
        if name not in dimensions:
            raise QuestionError(f"{path.name} has no dimension {name}: {', '.join(dimensions)}")
        values = sorted(rows[name].drop_nulls().unique().to_list())
        if value not in values:
            raise QuestionError(f"{name} of {path.name} has no {value!r}: {', '.join(values[:20])}")
        rows = rows.filter(pl.col(name) == value)
    _one_value(path, rows, [name for name in dimensions if name not in roles.values()])
    return _message(path, rows, roles)


def _message(path: Path, rows: pl.DataFrame, roles: Mapping[str, str]) -> Message:
    """The observations that are trade, and a count of the others by why they are none."""
    read = _as_trade(rows, roles)
    tried = (
        (pl.col("reporter").is_null() | pl.col("partner").is_null(), NO_COUNTRY),
        (pl.col("reporter") == pl.col("partner"), ITSELF),
        (pl.col("flow").is_null(), NO_FLOW),
        (pl.col("hs").is_null(), NO_PRODUCT),
        (pl.col("value").is_null() | pl.col("value").is_nan(), NO_VALUE),
    )
    reason = pl.coalesce(pl.when(test).then(pl.lit(why)) for test, why in tried)
    read = read.with_columns(reason=reason)
    trade = read.filter(pl.col("reason").is_null()).drop("reason").sort(KEY)
    audit = (
        read.filter(pl.col("reason").is_not_null())
        .group_by("reason")
        .agg(rows=pl.len().cast(pl.Int64), value=pl.col("value").sum())
        .sort("rows", "reason", descending=[True, False])
    )
    lost = trade.height + int(audit["rows"].sum()) != rows.height
    if lost or trade.select(KEY).is_duplicated().any():
        raise CertificateError(f"{path.name}: an observation stands twice, or was lost")
    if not trade.height:
        told = "; ".join(f"{row['rows']}: {row['reason']}" for row in audit.to_dicts())
        raise _refused(path, f"nothing is left of {rows.height} observations ({told})")
    return Message(trade, audit, rows.height)


def _as_trade(rows: pl.DataFrame, roles: Mapping[str, str]) -> pl.DataFrame:
    """(period, reporter, partner, flow, hs, value); null where a code is not known here."""
    scale = pl.lit(10.0) ** pl.col("UNIT_MULT").cast(pl.Float64, strict=False).fill_null(0.0)
    country = {**{each: each for each in numbers().values()}, **three_letters()}
    country |= {f"{number:03d}": name for number, name in numbers().items()}
    product = pl.col(roles["hs"])
    code = pl.when(product.str.contains(r"^(\d\d){1,5}$")).then(product)
    return rows.select(
        pl.col(roles["period"]).alias("period"),
        *(
            pl.col(roles[end]).replace_strict(country, default=None).alias(end)
            for end in ("reporter", "partner")
        ),
        pl.col(roles["flow"]).str.to_uppercase().replace_strict(FLOWS, default=None).alias("flow"),
        pl.when(product.str.to_uppercase() == "TOTAL")
        .then(pl.lit(TOTAL))
        .otherwise(code)
        .alias("hs"),
        value=pl.col("value") * scale,
    )


def _observations(path: Path) -> pl.DataFrame:
    """Observations of all data sets: dimensions as text, UNIT_MULT and value."""
    try:
        import sdmx
    except ImportError as error:
        raise QuestionError(
            "reading SDMX needs the package sdmx1: install entrepot with its extra 'sdmx'"
        ) from error
    try:
        content = path.read_bytes()
    except OSError as error:
        raise _refused(path, f"cannot be read ({error.strerror})") from None
    try:
        # Bytes, since sdmx1 leaves a file open that it has opened itself.
        message: Any = sdmx.read_sdmx(BytesIO(content), format=_format(path, content))
        frames = [_as_text(sdmx.to_pandas(each, attributes="osgd")) for each in message.data]
    except Exception as error:
        raise _refused(path, f"is no message with data: {error}") from None
    if not frames or not sum(each.height for each in frames):
        raise _refused(path, "has no observations")
    rows = pl.concat(frames, how="diagonal")
    if "UNIT_MULT" not in rows.columns:
        rows = rows.with_columns(UNIT_MULT=pl.lit(None, dtype=pl.String))
    return rows


def _format(path: Path, content: bytes) -> str:
    begins = content.lstrip()[:1]
    return {b"<": "XML", b"{": "JSON"}.get(begins, path.suffix.strip(".").upper() or "CSV")


def _as_text(found: Any) -> pl.DataFrame:
    """A data set of sdmx1 with its dimensions as columns of text."""
    index = found.index
    columns: dict[str, Any] = {
        str(name): [str(each) for each in index.get_level_values(name)] for name in index.names
    }
    values = found["value"] if getattr(found, "ndim", 1) == 2 else found
    columns["value"] = [float(each) for each in values]
    if getattr(found, "ndim", 1) == 2 and "UNIT_MULT" in found.columns:
        columns["UNIT_MULT"] = [
            None if each is None else str(getattr(each, "value", each))
            for each in found["UNIT_MULT"]
        ]
    return pl.DataFrame(columns).with_columns(pl.col("value").fill_nan(None))


def _roles(path: Path, dimensions: list[str], named: Mapping[str, str]) -> dict[str, str]:
    """The message's dimension for each of `ROLES`."""
    found, missing = {}, []
    for role, usual in ROLES.items():
        if role in named:
            if named[role] not in dimensions:
                raise QuestionError(
                    f"{path.name} has no dimension {named[role]}: {', '.join(dimensions)}"
                )
            found[role] = named[role]
            continue
        there = [name for name in usual if name in dimensions]
        if there:
            found[role] = there[0]
        else:
            missing.append(role)
    if missing:
        raise QuestionError(
            f"which dimension of {path.name} is the {', the '.join(missing)}? It has "
            f"{', '.join(dimensions)}; say --name {missing[0]}=DIMENSION"
        )
    return found


def _one_value(path: Path, rows: pl.DataFrame, others: list[str]) -> None:
    several = {name: sorted(rows[name].drop_nulls().unique().to_list()) for name in others}
    told = [
        f"{name} ({', '.join(values[:6])}{', …' if len(values) > 6 else ''})"
        for name, values in several.items()
        if len(values) > 1
    ]
    if told:
        raise QuestionError(
            f"{path.name} has several values of {'; '.join(told)}: choose one of each with "
            "--keep DIMENSION=VALUE"
        )


def _refused(path: Path, message: str) -> StudyError:
    cure = "name a data message: SDMX-ML, SDMX-JSON or SDMX-CSV"
    return StudyError(path.name, [Problem(path.name, None, None, None, message, cure)])
