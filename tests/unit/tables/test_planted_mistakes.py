"""Each mistake is planted alone into a sound study; what is said of it must lead to the cure."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from entrepot.errors import Problem
from tests.unit.small_study import TABLES, edited, problems_in


def errors_in(folder: Path, **tables: str | None) -> list[Problem]:
    return [p for p in problems_in(folder, **tables) if p.severity == "error"]


# name: table, old text, new text -> file, row, column, value, part of message, part of remedy
CELLS = {
    "a word for a number": (
        ("bids", "40,300", "many,300"),
        ("bids.csv", 2, "quantity", "many", "is not a number", "plain number such as 800"),
    ),
    "thousands separators": (
        ("bids", "40,300", '"40,000",300'),
        ("bids.csv", 2, "quantity", "40,000", "is not a number", "write 40000, without thousands"),
    ),
    "thousands parted by spaces": (
        ("bids", "40,300", "40 000,300"),
        ("bids.csv", 2, "quantity", "40 000", "is not a number", "write 40000, without thousands"),
    ),
    "a decimal comma": (
        ("bids", "40,300", '"40,5",300'),
        ("bids.csv", 2, "quantity", "40,5", "is not a number", "write 40.5, with a decimal point"),
    ),
    "both the other way round": (
        ("bids", "40,300", '"1.234,5",300'),
        ("bids.csv", 2, "quantity", "1.234,5", "is not a number", "write 1234.5"),
    ),
    "a percentage": (
        ("duties", "AZ,0.05", "AZ,5%"),
        ("duties.csv", 2, "ad_valorem", "5%", "is not a number", "share that 5 percent is"),
    ),
    "a unit in the cell": (
        ("bids", "40,300", "40 kt,300"),
        ("bids.csv", 2, "quantity", "40 kt", "is not a number", "write 40 alone; the column is in"),
    ),
    "NaN": (
        ("bids", "40,300", "40,NaN"),
        ("bids.csv", 2, "price", "NaN", "is not a number", "leave the cell blank"),
    ),
    "infinity": (
        ("legs", "30,100", "30,inf"),
        ("legs.csv", 2, "capacity", "inf", "is not a number", "or leave it blank"),
    ),
    "negative capacity": (
        ("legs", "30,100", "30,-100"),
        ("legs.csv", 2, "capacity", "-100", "is negative", "at least 0 units per period"),
    ),
    "a required cell left blank": (
        ("legs", "rail,30,100", "rail,,100"),
        ("legs.csv", 2, "cost", None, "blank but required", "fill it in"),
    ),
    "off the globe to the north": (
        ("places", "53.9,27.6", "153.9,27.6"),
        ("places.csv", 2, "latitude", "153.9", "is above 90", "at most 90"),
    ),
    "off the globe to the west": (
        ("places", "53.9,27.6", "53.9,-227.6"),
        ("places.csv", 2, "longitude", "-227.6", "is below -180", "at least -180"),
    ),
    "half a position": (
        ("places", "53.9,27.6", "53.9,"),
        ("places.csv", 2, "latitude", "53.9", "without a longitude", "give both"),
    ),
    "a mode that is none": (
        ("legs", "baku,road", "baku,raod"),
        ("legs.csv", 3, "mode", "raod", "not one of the values", "did you mean 'road'?"),
    ),
    "a flag that is neither": (
        ("legs", "100,true", "100,both"),
        ("legs.csv", 2, "two_way", "both", "neither true nor false", "write true or false"),
    ),
    "a date the other way round": (
        ("sessions", "2024-03-01", "01.03.2024"),
        ("sessions.csv", 2, "date", "01.03.2024", "is not a date", "such as 2024-03-01"),
    ),
    "a day that the calendar lacks": (
        ("sessions", "2024-03-01", "2023-02-29"),
        ("sessions.csv", 2, "date", "2023-02-29", "is not a date", "a day of the calendar"),
    ),
    "a name in capitals": (
        ("blocs", "eaeu,BY", "eaeu,BY\nEAEU,AZ"),
        ("blocs.csv", 3, "bloc", "EAEU", "is not a name", "write 'eaeu' here and wherever"),
    ),
    "a leg that is called like a way back": (
        ("legs", "5,,", "5,,\nrail~,baku,minsk,rail,9,,"),
        ("legs.csv", 4, "leg", "rail~", "is not a name", "kept for the way back"),
    ),
    "an HS code of odd length": (
        ("goods", "040510", "40510"),
        ("goods.csv", 3, "hs", "40510", "not written the way", "dropped a leading zero"),
    ),
    "an unknown place": (
        ("bids", "baku,potash", "bakku,potash"),
        ("bids.csv", 2, "place", "bakku", "is not a place", "did you mean 'baku'?"),
    ),
    "an unknown good": (
        ("leg_goods", "rail~,potash", "rail~,ptash"),
        ("leg_goods.csv", 2, "good", "ptash", "is not a good", "did you mean 'potash'?"),
    ),
    "the way back of a one-way leg": (
        ("corridors", "south,last", "south,last~"),
        ("corridors.csv", 3, "leg", "last~", "is not a leg", "set two_way of leg 'last' to true"),
    ),
    "a country that is none": (
        ("places", "baku,AZ", "baku,Azerbaidjan"),
        ("places.csv", 3, "country", "Azerbaidjan", "is not a country", "ISO 3166-1"),
    ),
    "an unknown bloc": (
        ("duties", "eaeu", "eeau"),
        ("duties.csv", 3, "origin", "eeau", "country or a bloc", "did you mean 'eaeu'?"),
    ),
    "a duty on a good that is none": (
        ("duties", "food,04", "food,buter"),
        ("duties.csv", 2, "good", "buter", "prefix of an HS code", "did you mean 'butter'?"),
    ),
    "one unknown leg in a list": (
        ("bans", "last", "rail;lost"),
        ("bans.csv", 2, "via", "rail;lost", "'lost' is not a country or a leg", "mean 'last'?"),
    ),
    "an unknown recipe": (
        ("plants", "refine", "refind"),
        ("plants.csv", 2, "recipe", "refind", "is not a recipe", "did you mean 'refine'?"),
    ),
    "an observation of nothing": (
        ("observed", "destination,AZ", "corridor,sout"),
        ("observed.csv", 2, "target", "sout", "is not a corridor", "did you mean 'south'?"),
    ),
    "a project that adds to nothing": (
        ("projects", "p1,rail", "p1,rails"),
        ("projects.csv", 2, "adds", "rails", "'rails' is not a plant", "did you mean 'rail'?"),
    ),
    "a ramp above one": (
        ("projects", "0.5;1,", "0.5;1.5,"),
        ("projects.csv", 2, "ramp", "0.5;1.5", "'1.5' is not a share", "shares from 0 to 1"),
    ),
    "shares without a country": (
        ("projects", "AZ:0.5;BY:0.5", "AZ:0.5;0.5"),
        ("projects.csv", 2, "shares", "AZ:0.5;0.5", "'0.5' is not a country", "country:share"),
    ),
    "shares of more than all": (
        ("projects", "AZ:0.5;BY:0.5", "AZ:0.5;BY:0.75"),
        ("projects.csv", 2, "shares", "AZ:0.5;BY:0.75", "add up to 1.25", "1 at most"),
    ),
    "a leg from a place to itself": (
        ("legs", "5,,", "5,,\nloop,baku,baku,road,1,,"),
        ("legs.csv", 4, "destination", "baku", "joins the place to itself", "the other end"),
    ),
    "a transfer between legs that do not meet": (
        ("transfers", "rail,last", "last,rail"),
        ("transfers.csv", 2, "to_leg", "rail", "begins at 'minsk', but 'last' ends", "that meet"),
    ),
    "a price beside a curve": (
        ("offers", "butter,,,dairy", "butter,,500,dairy"),
        ("offers.csv", 3, "price", "500", "stands beside a curve", "either price or curve"),
    ),
    "neither a price nor a curve": (
        ("offers", "50,200", "50,"),
        ("offers.csv", 2, "price", None, "is blank and so is curve", "the name of a curve"),
    ),
    "a bid without end": (
        ("bids", "40,300", ",300"),
        ("bids.csv", 2, "quantity", None, "the bid has no end", "the most that is wanted"),
    ),
    "an offer's curve that falls": (
        ("curves", "10,600", "10,400"),
        ("curves.csv", 3, "price", "400", "falls behind row 2", "never fall"),
    ),
    "points out of order": (
        ("curves", "0,500", "20,500"),
        ("curves.csv", 3, "quantity", "10", "below the quantity of the point", "in order"),
    ),
    "a recipe that makes nothing": (
        ("recipes", "butter,1", "butter,-1"),
        ("recipes.csv", 2, "recipe", "refine", "makes nothing", "a positive amount"),
    ),
    "a quantity of nothing": (
        ("commitments", "potash,5", ",5"),
        ("commitments.csv", 2, "quantity", "5", "quantity of no good", "name the good"),
    ),
    "a claim outside its own range": (
        ("claims", "450", "550"),
        ("claims.csv", 2, "value", "550", "above its own range", "mend the figure"),
    ),
    "the same place twice": (
        ("places", "alat,AZ,,", "alat,AZ,,\nbaku,AZ,,"),
        ("places.csv", 5, "place", "baku", "place 'baku' already stands in row 3", "take one"),
    ),
    "the same pair twice": (
        ("recipes", "butter,1", "butter,1\nrefine,potash,-2"),
        ("recipes.csv", 4, "recipe", "refine", "good 'potash' already stands in row 2", "take"),
    ),
}


@pytest.mark.parametrize("name", CELLS)
def test_one_mistake_in_a_cell_is_one_problem(name: str, tmp_path: Path) -> None:
    (table, old, new), (file, row, column, value, message, remedy) = CELLS[name]

    (problem,) = errors_in(tmp_path, **edited(table, old, new))

    assert (problem.file, problem.row, problem.column) == (file, row, column)
    assert problem.value == value
    assert message in problem.message
    assert remedy in problem.remedy


def test_the_study_without_mistakes_has_no_problem(tmp_path: Path) -> None:
    assert problems_in(tmp_path) == ()


WHOLE_TABLES: dict[str, tuple[dict[str, str | None], tuple[Any, ...]]] = {
    "a leg that closes before it opens": (
        {
            "legs": "leg,origin,destination,mode,cost,opens,closes\n"
            "rail,minsk,alat,rail,30,2025,2024-06\nlast,alat,baku,road,5,,\n",
            "leg_goods": None,
        },
        ("legs.csv", 2, "closes", "2024-06-01", "comes before opens = 2025-01-01", "mend one"),
    ),
    "one leg in two places": (
        {
            "legs": "leg,origin,destination,mode,cost,period\n"
            "rail,minsk,alat,rail,30,\nrail,minsk,baku,rail,20,2023\nlast,alat,baku,road,5,\n",
            "leg_goods": None,
        },
        ("legs.csv", 3, "destination", "baku", "differs from row 2", "another name"),
    ),
    "a range that does not hold its figure": (
        {
            "bids": "place,good,quantity,quantity_low,quantity_high,price\n"
            "baku,potash,40,41,50,300\nbaku,butter,3,,,900\n"
        },
        (
            "bids.csv",
            2,
            "quantity",
            "40",
            "below its own range, which ends at quantity_low = 41",
            "quantity_low",
        ),
    ),
    "a range of nothing": (
        {
            "legs": TABLES["legs"]
            .replace("capacity,", "capacity,capacity_high,")
            .replace("100,", "100,120,")
            .replace("5,,", "5,,9,")
        },
        ("legs.csv", 3, "capacity_high", "9", "range of a blank capacity", "leave capacity_high"),
    ),
    "a basis that is none": (
        {
            "bids": "place,good,quantity,quantity_basis,price\n"
            "baku,potash,40,guess,300\nbaku,butter,3,,900\n"
        },
        ("bids.csv", 2, "quantity_basis", "guess", "not one of the values", "published, derived"),
    ),
    "slope and elasticity": (
        {
            "offers": "place,good,quantity,price,slope,elasticity\n"
            "minsk,potash,50,200,1,0.5\nminsk,butter,9,500,,\n"
        },
        ("offers.csv", 2, "elasticity", "0.5", "stands beside a slope", "either slope or"),
    ),
    "an elastic offer without a quantity": (
        {
            "offers": "place,good,quantity,price,elasticity\n"
            "minsk,potash,,200,0.5\nminsk,butter,9,500,\n"
        },
        ("offers.csv", 2, "quantity", None, "blank beside an elasticity", "at which the price"),
    ),
    "an elastic bid at no price": (
        {
            "bids": "place,good,quantity,price,elasticity\n"
            "baku,potash,40,-1,-0.5\nbaku,butter,3,900,\n"
        },
        ("bids.csv", 2, "price", "-1", "not positive beside an elasticity", "positive price"),
    ),
    "demand that rises with the price": (
        {
            "bids": "place,good,quantity,price,elasticity\n"
            "baku,potash,40,300,0.5\nbaku,butter,3,900,\n"
        },
        ("bids.csv", 2, "elasticity", "0.5", "is not below 0", "below 0"),
    ),
    "supply that falls with the price": (
        {
            "offers": "place,good,quantity,price,elasticity\n"
            "minsk,potash,40,300,-0.5\nminsk,butter,3,900,\n"
        },
        ("offers.csv", 2, "elasticity", "-0.5", "is not above 0", "above 0"),
    ),
    "a negative slope": (
        {"offers": "place,good,quantity,price,slope\nminsk,potash,40,300,-1\nminsk,butter,3,9,\n"},
        ("offers.csv", 2, "slope", "-1", "is negative", "at least 0"),
    ),
    "a bid's curve that rises, beside another": (
        {
            "curves": TABLES["curves"] + "taste,0,900\ntaste,2,950\n",
            "bids": "place,good,quantity,price,curve\nbaku,potash,40,300,\nbaku,butter,,,taste\n",
        },
        ("curves.csv", 5, "price", "950", "rises behind row 4", "never rise"),
    ),
    "periods out of order": (
        {"periods": "period,starts\np2,2025\np1,2024\n"},
        ("periods.csv", 3, "starts", "2024-01-01", "does not come after", "in the order of time"),
    ),
    "a period of no table": (
        {
            "bids": "place,good,quantity,price,period\nbaku,potash,40,300,2024\n"
            "baku,butter,3,900,2023\n"
        },
        ("bids.csv", 2, "period", "2024", "is not a period", "did you mean '2023'?"),
    ),
    "a bloc called like a country": (
        {"countries": "country\nAZ\nBY\neaeu\n"},
        ("blocs.csv", 2, "bloc", "eaeu", "is also a country", "call the bloc something else"),
    ),
}


@pytest.mark.parametrize("name", WHOLE_TABLES)
def test_one_mistake_in_a_table_is_one_problem(name: str, tmp_path: Path) -> None:
    tables, (file, row, column, value, message, remedy) = WHOLE_TABLES[name]

    (problem,) = errors_in(tmp_path, **tables)

    assert (problem.file, problem.row, problem.column) == (file, row, column)
    assert problem.value == value
    assert message in problem.message
    assert remedy in problem.remedy


def test_a_good_that_nobody_offers_is_a_warning(tmp_path: Path) -> None:
    tables = {**edited("offers", "minsk,butter,,,dairy\n", ""), "plants": None}

    (problem,) = problems_in(tmp_path, **tables)

    assert (problem.file, problem.row, problem.column) == ("bids.csv", 3, "good")
    assert "nobody offers or makes 'butter'" in problem.message
    assert "add an offer of 'butter'" in problem.remedy
    assert problem.severity == "warning"


def test_a_good_that_cannot_reach_its_buyer_is_a_warning(tmp_path: Path) -> None:
    barred = TABLES["leg_goods"].replace("cost", "cost,allowed").replace("31", "31,")
    tables = {"leg_goods": barred + "rail,potash,,false\n"}

    found = problems_in(tmp_path, **tables)

    assert [(p.file, p.row, p.column, p.value) for p in found] == [
        ("bids.csv", 2, "good", "potash"),
        ("plants.csv", 2, "recipe", "refine"),
    ]
    assert "no leg brings 'potash' to 'baku'" in found[0].message
    assert "no leg brings 'potash' to 'alat'" in found[1].message
    assert {p.severity for p in found} == {"warning"}


def test_a_place_that_lets_nothing_through_cuts_off_what_lies_behind(tmp_path: Path) -> None:
    closed = "place,country,through\nminsk,BY,\nbaku,AZ,\nalat,AZ,no\n"

    (problem,) = problems_in(tmp_path, places=closed)

    assert (problem.file, problem.row) == ("bids.csv", 2)
    assert "no leg brings 'potash' to 'baku'" in problem.message


def test_a_place_that_lets_nothing_through_still_sells_its_own(tmp_path: Path) -> None:
    closed = "place,country,through\nminsk,BY,\nbaku,AZ,\nalat,AZ,no\n"
    offers = TABLES["offers"] + "alat,potash,5,250,\n"

    assert problems_in(tmp_path, places=closed, offers=offers) == ()


def test_a_network_in_pieces_is_a_warning_and_unused_places_do_not_count(tmp_path: Path) -> None:
    places = TABLES["places"] + "ganja,AZ,,\nqusar,AZ,,\nidle,AZ,,\n"
    legs = TABLES["legs"] + "far,ganja,qusar,road,2,,\n"

    (problem,) = problems_in(tmp_path, places=places, legs=legs)

    assert (problem.file, problem.row, problem.value) == ("places.csv", 5, "ganja")
    assert "no leg joins it with 'qusar' to the largest part" in problem.message
    assert problem.severity == "warning"


def test_without_legs_no_network_is_in_pieces(tmp_path: Path) -> None:
    bids = "place,good,quantity,price\nminsk,potash,40,300\n"
    offers = TABLES["offers"] + "baku,potash,5,250,\n"
    absent = dict.fromkeys(
        ("legs", "transfers", "leg_goods", "corridors", "quotas", "bans", "projects", "plants"),
    )

    assert problems_in(tmp_path, bids=bids, offers=offers, **absent) == ()


def test_a_prefix_that_no_good_has_is_a_warning(tmp_path: Path) -> None:
    (problem,) = problems_in(tmp_path, **edited("duties", "food,04", "food,99"))

    assert (problem.file, problem.row, problem.column) == ("duties.csv", 2, "good")
    assert "no good of the study has an HS code" in problem.message
    assert problem.severity == "warning"


def test_a_ban_of_everything_is_a_warning(tmp_path: Path) -> None:
    (problem,) = problems_in(tmp_path, **edited("bans", "b1,butter,last", "b1,,"))

    assert (problem.file, problem.row, problem.value) == ("bans.csv", 2, "b1")
    assert "bans all trade" in problem.message
    assert problem.severity == "warning"


def test_an_empty_study_is_one_problem(tmp_path: Path) -> None:
    nothing = dict.fromkeys(TABLES) | {"places": TABLES["places"], "goods": TABLES["goods"]}

    (problem,) = problems_in(tmp_path, **nothing)

    assert problem.file == "offers.csv"
    assert "the study is empty" in problem.message
    assert "consignments" in problem.remedy


def test_a_missing_table_is_told_once_and_with_the_row_that_needs_it(tmp_path: Path) -> None:
    (problem,) = problems_in(tmp_path, curves=None)

    assert problem.file == "curves.csv"
    assert problem.row is None
    assert "offers.csv, row 3 names 'dairy'" in problem.message
    assert "curve, quantity, price" in problem.remedy


def test_a_table_that_cannot_be_read_does_not_make_its_names_unknown(tmp_path: Path) -> None:
    (problem,) = problems_in(tmp_path, goods='good,hs\n"potash,310420\n')

    assert (problem.file, problem.row) == ("goods.csv", 2)


def test_everything_is_told_at_once_and_in_order(tmp_path: Path) -> None:
    tables = (
        edited("places", "53.9,27.6", "153.9,27.6")
        | edited("legs", "30,100", "thirty,-100")
        | edited("bids", "baku,butter", "baku,buter")
        | edited("curves", "10,600", "10,400")
    )

    found = errors_in(tmp_path, **tables)

    assert [(p.file, p.row, p.column) for p in found] == [
        ("places.csv", 2, "latitude"),
        ("legs.csv", 2, "cost"),
        ("legs.csv", 2, "capacity"),
        ("bids.csv", 3, "good"),
        ("curves.csv", 3, "price"),
    ]
