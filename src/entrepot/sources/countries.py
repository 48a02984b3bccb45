"""Codes of countries: ISO 3166-1 and the numbers of the United Nations, with what differs.

The numbers of ISO 3166-1 are those of the United Nations' "Standard country or area codes for
statistical use" (M49). Trade statistics differ from it in a few countries, whose customs territory
is not the country's, and have numbers for groups of countries and for what nobody assigned
(UN Comtrade, reference tables of reporters and partners; BACI takes its numbers from there).
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from types import MappingProxyType

import polars as pl

# Customs territories whose number in trade statistics is not that of M49.
TERRITORIES = MappingProxyType(
    {
        251: "FR",  # with Monaco
        381: "IT",  # with San Marino and the Holy See
        490: "TW",  # "Other Asia, not elsewhere specified"
        579: "NO",  # with Svalbard and Jan Mayen
        699: "IN",
        757: "CH",  # with Liechtenstein
        842: "US",  # with Puerto Rico and the Virgin Islands
    }
)

# No longer countries: their codes in ISO 3166-3, which no other country will ever have. Where a
# customs union reported as one country there is no such code, and the number stands in the name.
FORMER = MappingProxyType(
    {
        58: "m49-58",  # Belgium and Luxembourg
        200: "CSHH",
        230: "m49-230",  # Ethiopia with Eritrea
        278: "DDDE",
        280: "m49-280",  # Germany before 1990
        530: "ANHH",
        532: "m49-532",  # Netherlands Antilles with Aruba
        582: "PCHH",
        588: "m49-588",  # Pakistan with Bangladesh
        590: "m49-590",  # Panama without the Canal Zone
        592: "m49-592",  # Panama Canal Zone
        711: "m49-711",  # Southern African Customs Union
        717: "RHZW",
        720: "YDYE",
        736: "m49-736",  # Sudan with South Sudan
        810: "SUHH",
        841: "m49-841",  # United States before 1981
        866: "VDVN",
        868: "m49-868",  # Viet Nam, Republic of
        886: "m49-886",  # Yemen before 1990
        890: "YUCS",
        891: "CSXX",
    }
)

# Sums over countries.
GROUPS = frozenset({0, 97, 975})  # the world, the European Union, ASEAN

# How trade statistics call all partners together, where they have no numbers.
WORLD = ("WORLD", "WLD", "W00", "0", "000", "001")

# What is in no country: not elsewhere specified, bunkers, free zones, special categories.
# 492 is Monaco in M49, and "Europe EU, not elsewhere specified" in trade statistics.
UNASSIGNED = frozenset(
    {129, 221, 290, 471, 472, 473, 492, 527, 536, 568, 577, 636, 637, 697}
    | {837, 838, 839, 849, 879, 899}
)


@cache
def _codes() -> pl.DataFrame:
    """The table of codes: alpha2, alpha3, m49, all text."""
    file = resources.files("entrepot.sources").joinpath("countries.csv")
    return pl.read_csv(file.read_bytes(), comment_prefix="#", infer_schema=False)


@cache
def numbers() -> MappingProxyType[int, str]:
    """The country of each number: alpha-2 codes, and what `FORMER` says of those that are gone."""
    codes = _codes()
    plain = {int(number): code for number, code in codes.select("m49", "alpha2").iter_rows()}
    known = {**plain, **TERRITORIES, **FORMER}
    return MappingProxyType(
        {number: code for number, code in known.items() if number not in UNASSIGNED}
    )


@cache
def three_letters() -> MappingProxyType[str, str]:
    """The alpha-2 code of each alpha-3 code."""
    return MappingProxyType(dict(_codes().select("alpha3", "alpha2").iter_rows()))
