"""Tables of a study as files of a GMNS network; `entrepot.sources.gmns` reads them back."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from entrepot.sources.gmns_movements import SECONDS_A_DAY

VERSION = 0.97
"""Of the specification."""

CARRIED = ("countries", "places", "goods", "legs", "transfers", "consignments")
"""Tables whose rows go into the files; of `leg_goods`, only what may not use a leg."""


def gmns_files(
    tables: Mapping[str, pl.DataFrame], title: str, currency: str
) -> dict[str, pl.DataFrame]:
    """The files of a GMNS network by name, without their ending.

    What the specification has no column for stands in columns of our own, so that reading the
    files gives the same places, goods, legs, transfers and consignments. Links without coordinates
    of their nodes have none in the files either.
    """
    files = {
        "config": pl.DataFrame(
            {
                "dataset_name": [title],
                "long_length": ["km"],
                "speed": ["km/hour"],
                "crs": ["EPSG:4326"],
                "geometry_field_format": ["WKT"],
                "currency": [currency],
                "version_number": [VERSION],
                "id_type": ["string"],
            }
        ),
        "node": _nodes(tables["places"]),
        "link": _links(tables),
        "use_definition": tables["goods"].select(
            use="good",
            description="name",
            unit="unit",
            hs="hs",
            value_of_time="value_of_time",
        ),
    }
    if tables["transfers"].height:
        files["movement"] = _movements(tables["transfers"], tables["legs"])
    if tables["consignments"].height:
        files["demand"] = tables["consignments"].select(
            o_zone_id="origin",
            d_zone_id="destination",
            volume="quantity",
            consignment="consignment",
            good="good",
        )
    return files


def left_out(tables: Mapping[str, pl.DataFrame]) -> list[str]:
    """Tables with rows that a GMNS network cannot hold."""
    own = tables["leg_goods"]
    others = [
        name
        for name, frame in tables.items()
        if frame.height and name not in (*CARRIED, "leg_goods")
    ]
    figures = pl.any_horizontal(pl.col("cost", "days", "capacity").is_not_null())
    one_way = ~pl.col("allowed") & pl.col("leg").str.ends_with("~")
    lost = own.select(figures | one_way).to_series().any()
    return sorted([*others, "leg_goods"] if lost else others)


def _nodes(places: pl.DataFrame) -> pl.DataFrame:
    return places.select(
        node_id="place",
        name="name",
        x_coord="longitude",
        y_coord="latitude",
        node_type="kind",
        zone_id="place",
        country="country",
        unlocode="unlocode",
        through="through",
    )


def _links(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    legs, shut = tables["legs"], tables["leg_goods"].filter(~pl.col("allowed"))
    goods = tables["goods"]["good"].to_list()
    banned: dict[str, set[str]] = {}
    for leg, good in shut.select("leg", "good").iter_rows():
        banned.setdefault(leg, set()).add(good)
    uses = [
        ", ".join(good for good in goods if good not in banned[leg]) if leg in banned else "ALL"
        for leg in legs["leg"]
    ]
    speed = pl.when(pl.col("days") > 0).then(pl.col("length_km") / (24.0 * pl.col("days")))
    return legs.with_columns(allowed_uses=pl.Series(uses, dtype=pl.String)).select(
        link_id="leg",
        from_node_id="origin",
        to_node_id="destination",
        directed=~pl.col("two_way"),
        length="length_km",
        facility_type="mode",
        free_speed=speed,
        allowed_uses="allowed_uses",
        toll=pl.when(pl.col("cost") >= 0).then(pl.col("cost")),
        cost="cost",
        days="days",
        period_capacity="capacity",
        delay_alpha="delay_alpha",
        delay_power="delay_power",
        opens="opens",
        closes="closes",
    )


def _movements(transfers: pl.DataFrame, legs: pl.DataFrame) -> pl.DataFrame:
    """Transfers as movements; the column `allowed` says that others are possible too."""
    ends = {
        name: end
        for leg, origin, destination in legs.select("leg", "origin", "destination").iter_rows()
        for name, end in ((leg, destination), (f"{leg}~", origin))
    }
    node = [ends[leg] for leg in transfers["from_leg"]]
    return transfers.select(
        mvmt_id=pl.int_range(1, pl.len() + 1),
        node_id=pl.Series(node, dtype=pl.String),
        ib_link_id=pl.col("from_leg").str.strip_suffix("~"),
        ob_link_id=pl.col("to_leg").str.strip_suffix("~"),
        type=pl.lit("thru"),
        penalty=pl.col("days") * SECONDS_A_DAY,
        cost="cost",
        days="days",
        allowed="allowed",
        period_capacity="capacity",
        delay_alpha="delay_alpha",
        delay_power="delay_power",
    )
