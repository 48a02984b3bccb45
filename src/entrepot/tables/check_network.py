"""Legs and transfers that join nothing, and networks in pieces."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce

import polars as pl

from entrepot.errors import Problem
from entrepot.tables.sheet import Sheet, listed

WAY_BACK = "~"


def check_network(sheets: Mapping[str, Sheet]) -> list[Problem]:
    """Legs lead somewhere else, transfers join legs that meet, all places hang together."""
    problems = _half_positions(sheets["places"])
    if not sheets["legs"].frame.height:
        return problems
    return [
        *problems,
        *_loops(sheets["legs"]),
        *_differing_ends(sheets["legs"]),
        *_transfers(sheets),
        *_pieces(sheets),
    ]


def _half_positions(sheet: Sheet) -> list[Problem]:
    problems = []
    for one, other in (("latitude", "longitude"), ("longitude", "latitude")):
        alone = sheet[one].is_not_null() & sheet.blank(other)
        message, cure = f"stands without a {other}", f"give both, or leave {one} blank too"
        problems += sheet.problems(alone, one, message, cure)
    return problems


def _loops(sheet: Sheet) -> list[Problem]:
    wrong = sheet["origin"] == sheet["destination"]
    message = "is where the leg begins: it joins the place to itself"
    cure = "name the place at the other end, or take the leg out"
    return sheet.problems(wrong, "destination", message, cure)


def _differing_ends(sheet: Sheet) -> list[Problem]:
    """Rows of one leg, for its periods, are the same movement."""
    problems: list[Problem] = []
    repeated = sheet["leg"].is_duplicated() & sheet["leg"].is_not_null()
    if not repeated.any():
        return problems
    first: dict[str, tuple[int, tuple[object, ...]]] = {}
    columns = ("origin", "destination", "two_way")
    for index in repeated.arg_true().to_list():
        leg = sheet["leg"][index]
        ends = tuple(sheet[column][index] for column in columns)
        if leg not in first:
            first[leg] = (index, ends)
            continue
        before, other = first[leg]
        for column, here, there in zip(columns, ends, other, strict=True):
            if here != there and None not in (here, there):
                row = int(sheet.rows[before])
                message = f"differs from row {row}, which is the same leg {leg!r}"
                cure = "give the two rows the same ends, or the leg another name"
                problems.append(sheet.problem(index, column, message, cure))
    return problems


def _transfers(sheets: Mapping[str, Sheet]) -> list[Problem]:
    """The first leg of a transfer ends where the second begins."""
    sheet, legs = sheets["transfers"], sheets["legs"].frame
    if not sheet.frame.height:
        return []
    there = legs.select("leg", "origin", "destination")
    back = legs.filter(pl.col("two_way")).select(
        leg=pl.col("leg") + WAY_BACK, origin="destination", destination="origin"
    )
    ends = pl.concat([there, back]).unique("leg", keep="first", maintain_order=True)
    arrive = sheet.frame.select(leg="from_leg").join(
        ends, on="leg", how="left", maintain_order="left"
    )
    leave = sheet.frame.select(leg="to_leg").join(ends, on="leg", how="left", maintain_order="left")
    wrong = (arrive["destination"] != leave["origin"]).fill_null(False)
    problems = []
    for index in wrong.arg_true().to_list():
        at = f"{sheet['from_leg'][index]!r} ends at {arrive['destination'][index]!r}"
        message = f"begins at {leave['origin'][index]!r}, but {at}"
        cure = "name legs that meet; the way back of a two-way leg has a ~ behind its name"
        problems.append(sheet.problem(index, "to_leg", message, cure))
    return problems


def _pieces(sheets: Mapping[str, Sheet]) -> list[Problem]:
    """A warning for each part of the network that no leg joins to the largest part.

    Places that nothing uses are left out.
    """
    import numpy as np
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    places = sheets["places"]
    names = places["place"]
    number = pl.DataFrame({"place": names}).with_row_index("number").drop_nulls()
    number = number.unique("place", keep="first", maintain_order=True)

    def numbers(cells: pl.Series) -> pl.Series:
        return cells.replace_strict(number["place"], number["number"], default=None)

    origin, destination = (numbers(sheets["legs"][end]) for end in ("origin", "destination"))
    whole = (origin.is_not_null() & destination.is_not_null()).to_numpy()
    start, end = origin.to_numpy()[whole].astype(np.int64), destination.to_numpy()[whole]
    count = names.len()
    joined = coo_array((np.ones(len(start)), (start, end.astype(np.int64))), shape=(count, count))
    _, part = connected_components(joined, directed=False)
    used = reduce(
        lambda a, b: a | b,
        (
            names.is_in(sheets[table][column].drop_nulls().unique().to_list())
            for table, column in _USES
        ),
    )
    parts = pl.DataFrame({"part": part, "used": used, "index": range(count), "place": names})
    groups = (
        parts.filter("used")
        .unique("place", keep="first", maintain_order=True)
        .group_by("part", maintain_order=True)
        .agg("index", "place")
        .sort(pl.col("place").list.len(), descending=True, maintain_order=True)
    )
    return [_piece(places, group, groups["place"][0].len()) for group in groups[1:].iter_rows()]


_USES = (
    ("legs", "origin"),
    ("legs", "destination"),
    ("offers", "place"),
    ("bids", "place"),
    ("plants", "place"),
    ("warehouses", "place"),
    ("consignments", "origin"),
    ("consignments", "destination"),
)


def _piece(sheet: Sheet, group: tuple[object, ...], largest: int) -> Problem:
    _, index, places = group
    assert isinstance(index, list)
    assert isinstance(places, list)
    others = f" with {listed([repr(name) for name in places[1:]])}" if places[1:] else ""
    message = f"no leg joins it{others} to the largest part of the network ({largest} places)"
    cure = "add the leg that is missing, or correct the ends of one"
    return sheet.problem(index[0], "place", message, cure, "warning")
