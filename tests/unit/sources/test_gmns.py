"""GMNS networks: what is read, what is written, and what is said of files that do not fit."""

from __future__ import annotations

from pathlib import Path

import pytest

import entrepot
from entrepot.errors import QuestionError, StudyError
from entrepot.sources.gmns import GmnsOptions, read_gmns
from entrepot.sources.gmns_files import gmns_files, left_out
from entrepot.study import Study, study_from_tables

FILES = {
    "config": "dataset_name,long_length,speed,currency\nCrossing,mile,mph,EUR\n",
    "node": (
        "node_id,name,x_coord,y_coord,node_type,zone_id\n"
        "1,West,-71.1,42.3,,A\n2,Middle,-71.0,42.3,signal,\n3,East,-70.9,42.3,,B\n"
    ),
    "link": (
        "link_id,from_node_id,to_node_id,directed,length,facility_type,capacity,free_speed,lanes,"
        "allowed_uses,toll\n"
        "12,1,2,true,10,ARTERIAL,500,50,2,ALL,\n"
        "23,2,3,0,20,rail,,,,ALL,1.5\n"
        '99,1,3,1,30,BIKEWAY,0,12,0,"WALK, BIKE",\n'
    ),
    "movement": "mvmt_id,node_id,ib_link_id,ob_link_id,type,penalty\n1,2,12,23,thru,43200\n",
    "demand": "o_zone_id,d_zone_id,volume\nA,B,40\nB,A,0\n",
}


def write(folder: Path, **files: str | None) -> Path:
    """The files of a small network, some of them replaced or left out."""
    folder.mkdir()
    for name, text in {**FILES, **files}.items():
        if text is not None:
            (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def study_of(folder: Path, options: GmnsOptions | None = None) -> Study:
    found = read_gmns(folder, options)
    return study_from_tables("gmns", found["tables"], title=found["title"])


def test_a_network_becomes_a_study(tmp_path: Path) -> None:
    options = GmnsOptions(use="auto", hours=24, cost_per_km=0.1)

    found = read_gmns(write(tmp_path / "net"), options)
    study = study_from_tables("gmns", found["tables"], title=found["title"])

    assert (found["title"], found["currency"]) == ("Crossing", "EUR")
    columns = ["leg", "origin", "destination", "mode", "two_way", "length_km", "capacity"]
    assert study.table("legs").select(columns).rows() == [
        ("12", "1", "2", "road", False, pytest.approx(16.09344), 24_000),
        ("23", "2", "3", "rail", True, pytest.approx(32.18688), None),
    ]
    assert study.table("legs")["days"].to_list() == pytest.approx([0.2 / 24, 0])
    assert study.table("legs")["cost"].to_list() == pytest.approx([1.609344, 1.5 + 3.218688])
    assert study.table("consignments").select("origin", "destination", "quantity").rows() == [
        ("1", "3", 40.0)
    ]
    assert study.table("transfers").select("from_leg", "to_leg", "days", "allowed").rows() == [
        ("12", "23", 0.5, True),
        ("23~", "23", 0.0, False),
    ]


def test_what_is_imported_can_be_routed(tmp_path: Path) -> None:
    routes = entrepot.route(study_of(write(tmp_path / "net"), GmnsOptions(use="auto"))).routes

    assert routes.select("legs", "quantity").rows() == [("12;23", 40.0)]


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "net",
        config=None,
        link="link_id,from_node_id,to_node_id,directed,length,free_speed\n"
        "12,1,2,yes,ten,50\n12,2,4,maybe,3,\n",
        movement="mvmt_id,node_id,ib_link_id,ob_link_id\n1,1,12,77\n",
        demand="o_zone_id,d_zone_id,volume\nA,C,-3\n",
    )

    with pytest.raises(StudyError) as caught:
        read_gmns(folder)

    told = {(p.file, p.row, p.column) for p in caught.value.problems}
    assert told == {
        ("config.csv", None, "long_length"),
        ("config.csv", None, "speed"),
        ("link.csv", 2, "length"),
        ("link.csv", 3, "link_id"),
        ("link.csv", 3, "to_node_id"),
        ("link.csv", 3, "directed"),
        ("movement.csv", 2, "ib_link_id"),
        ("movement.csv", 2, "ob_link_id"),
        ("demand.csv", 2, "d_zone_id"),
        ("demand.csv", 2, "volume"),
    }


@pytest.mark.parametrize("file", ["node", "link"])
def test_a_file_that_a_network_must_have_is_missed(tmp_path: Path, file: str) -> None:
    with pytest.raises(StudyError, match=rf"{file}\.csv: is not there"):
        read_gmns(write(tmp_path / "net", **{file: None}))


@pytest.mark.parametrize(
    ("files", "message", "cure"),
    [
        ({"demand": None}, "is not there", "o_zone_id, d_zone_id and volume, such as the row A,B"),
        ({"demand": "o_zone_id,d_zone_id,volume\nA,B,0\n"}, "no row with a volume", "A,B,100"),
        (
            {"demand": None, "node": "node_id,x_coord,y_coord\n1,1,1\n2,2,2\n3,3,3\n"},
            "is not there",
            "give two nodes of node.csv or more a zone_id each",
        ),
    ],
)
def test_a_network_alone_is_told_what_makes_it_a_study(
    tmp_path: Path, files: dict[str, str | None], message: str, cure: str
) -> None:
    with pytest.raises(StudyError) as caught:
        read_gmns(write(tmp_path / "net", **files))

    (problem,) = caught.value.problems
    assert problem.file == "demand.csv"
    assert message in problem.message
    assert cure in problem.remedy


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    folder = write(tmp_path / "net")
    (folder / "link.csv").write_bytes(b"\xff\xfe\x00link")

    with pytest.raises(StudyError, match=r"link\.csv: cannot be read"):
        read_gmns(folder)


def test_a_missing_column_is_named_with_its_nearest(tmp_path: Path) -> None:
    folder = write(tmp_path / "net", node="node_di,x_coord,y_coord\n1,0,0\n")

    with pytest.raises(StudyError, match=r"node_id: is missing; did you mean 'node_di'"):
        read_gmns(folder)


def test_a_study_comes_back_as_it_went(tmp_path: Path) -> None:
    study = entrepot.read_study(entrepot.shipped_studies()["caspian"])
    files = gmns_files(study.tables, study.settings.title, study.settings.currency)
    for name, frame in files.items():
        frame.write_csv(tmp_path / f"{name}.csv")

    back = study_of(tmp_path)

    same = {
        "places": ["place", "name", "country", "kind", "latitude", "longitude", "through"],
        "goods": ["good", "name", "unit", "hs", "value_of_time"],
        "legs": [
            *("leg", "origin", "destination", "mode", "length_km", "cost", "days", "capacity"),
            *("two_way", "opens", "closes", "delay_alpha", "delay_power"),
        ],
        "consignments": ["consignment", "good", "origin", "destination", "quantity"],
    }
    for table, columns in same.items():
        assert back.table(table).select(columns).equals(study.table(table).select(columns)), table
    shut = study.table("leg_goods").filter(~study.table("leg_goods")["allowed"])
    keys = ["leg", "good"]
    assert back.table("leg_goods").select(keys).sort(keys).equals(shut.select(keys).sort(keys))
    assert "bans" in left_out(study.tables)


def test_transfers_come_back_as_they_went(tmp_path: Path) -> None:
    plain = study_of(write(tmp_path / "net"), GmnsOptions(use="auto"))
    under_load = {"capacity": 20, "delay_alpha": 0.15, "delay_power": 4}
    study = plain.change("transfers", where={"allowed": True}, set=under_load)
    for name, frame in gmns_files(study.tables, "Crossing", "EUR").items():
        frame.write_csv(tmp_path / f"{name}.csv")

    back = study_of(tmp_path)

    columns = ["from_leg", "to_leg", "cost", "days", "allowed", *under_load]
    assert back.table("transfers").select(columns).equals(study.table("transfers").select(columns))


def test_movements_over_links_of_another_use_are_left_out_with_them(tmp_path: Path) -> None:
    movement = FILES["movement"] + "2,3,99,23,uturn,0\n"

    study = study_of(write(tmp_path / "net", movement=movement), GmnsOptions(use="auto"))

    ends = study.table("transfers").select("from_leg", "to_leg").rows()
    assert ends == [("12", "23"), ("23~", "23"), ("23", "23~")]


@pytest.mark.parametrize(
    "options", [{"hours": 0.0}, {"hours": float("nan")}, {"cost_per_km": -1.0}]
)
def test_options_that_make_no_sense(tmp_path: Path, options: dict[str, float]) -> None:
    with pytest.raises(QuestionError, match="must be finite and above 0, costs 0 or more"):
        read_gmns(write(tmp_path / "net"), GmnsOptions(**options))  # type: ignore[arg-type]
