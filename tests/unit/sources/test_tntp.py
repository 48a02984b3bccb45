"""TNTP files become studies; what cannot be read is told with its line."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import pytest

from entrepot.cli import FAILURE, SUCCESS, run
from entrepot.errors import StudyError
from entrepot.routing.route import route_consignments
from entrepot.sources.tntp import Tntp, read_tntp
from entrepot.study import read_study, study_from_tables

NETWORK = """\
<NUMBER OF ZONES> 2
<NUMBER OF NODES> 3
<FIRST THRU NODE> 3
<NUMBER OF LINKS> 5
<END OF METADATA>

~ \tinit\tterm\tcapacity\tlength\ttime\tB\tpower\tspeed\ttoll\ttype\t;
\t1\t3\t100\t2\t5\t0.15\t4\t60\t7\t1\t;
\t3\t1\t100\t2\t5\t0.15\t4\t60\t0\t1\t; ~ way back
\t3\t2\t50\t1\t3\t0\t0\t60\t0\t1\t;
\t3\t2\t50\t1\t4\t1\t1\t60\t0\t1\t;
\t2\t3\t50\t1\t3\t0\t0\t;
"""

TRIPS = """\
<NUMBER OF ZONES> 2
<TOTAL OD FLOW> 17.5
<END OF METADATA>

Origin \t1
    1 :   3.5;     2 :    10.0;
~ a comment
Origin 2
1:4;
2 : 0.0;
"""


BRAESS = """\
<NUMBER OF ZONES> 2
<NUMBER OF NODES> 4
<FIRST THRU NODE> 1
<NUMBER OF LINKS> 5
<END OF METADATA>
~ \tInit node \tTerm node \tCapacity \tLength \tFree Flow Time \tB\tPower\tSpeed\tToll \tType\t;
\t1\t3\t1\t0\t0.00000001\t1000000000\t1\t0\t0\t1\t;
\t1\t4\t1\t0\t50\t0.02\t1\t0\t0\t1\t;
\t3\t2\t1\t0\t50\t0.02\t1\t0\t0\t1\t;
\t3\t4\t1\t0\t10\t0.1\t1\t0\t0\t1\t;
\t4\t2\t1\t0\t0.00000001\t1000000000\t1\t0\t0\t1\t;
"""

SIX = "<NUMBER OF ZONES> 2\n<TOTAL OD FLOW> 6.0\n<END OF METADATA>\nOrigin 1\n1 : 0.0; 2 : 6.0;\n"


def read(folder: Path, network: str = NETWORK, trips: str = TRIPS, **factors: float) -> Tntp:
    (folder / "small_net.tntp").write_text(network)
    (folder / "small_trips.tntp").write_text(trips)
    return read_tntp(folder / "small_net.tntp", folder / "small_trips.tntp", **factors)


def test_links_become_legs(tmp_path: Path) -> None:
    found = read(tmp_path, distance_factor=0.5, toll_factor=2.0)

    assert found.tables["legs"].rows() == [
        ("1-3", "1", "3", "road", 15.0, 5.0, 100.0, 0.15, 4.0),
        ("3-1", "3", "1", "road", 1.0, 5.0, 100.0, 0.15, 4.0),
        ("3-2", "3", "2", "road", 0.5, 3.0, None, None, None),
        ("3-2.2", "3", "2", "road", 0.5, 4.0, 50.0, 1.0, 1.0),
        ("2-3", "2", "3", "road", 0.5, 3.0, None, None, None),
    ]


def test_nodes_before_the_first_through_node_are_not_passed(tmp_path: Path) -> None:
    assert read(tmp_path).tables["places"]["through"].to_list() == [False, False, True]


def test_trips_become_consignments_and_some_stay_at_home(tmp_path: Path) -> None:
    found = read(tmp_path)

    assert found.tables["consignments"].rows() == [
        ("1-2", "vehicle", "1", "2", 10.0),
        ("2-1", "vehicle", "2", "1", 4.0),
    ]
    assert (found.trips, found.intrazonal) == (14.0, 3.5)
    assert "3.5 trips within zones stay at home" in found.tables["goods"]["note"][0]


def test_the_tables_are_a_sound_study(tmp_path: Path) -> None:
    study = study_from_tables("small", read(tmp_path).tables, title="Small")

    assert study.table("legs").height == 5


def test_a_time_that_does_not_grow_has_no_delay(tmp_path: Path) -> None:
    constant = NETWORK.replace("50\t1\t4\t1\t1", "0\t1\t4\t1\t0").replace(
        "2\t5\t0.15", "2\t0\t0.15"
    )
    legs = read(tmp_path, network=constant).tables["legs"]

    assert legs["days"].to_list() == [0.0, 0.0, 3.0, 8.0, 3.0]
    assert legs["delay_alpha"].null_count() == legs["capacity"].null_count() == 5


def test_links_that_lead_nowhere_are_left_out(tmp_path: Path) -> None:
    found = read(tmp_path, network=NETWORK.replace("\t2\t3\t50", "\t3\t3\t50"))

    assert (found.links, found.loops) == (4, 1)


def test_comments_in_any_encoding_a_mark_of_order_and_other_ends_of_line(tmp_path: Path) -> None:
    plain = read(tmp_path).tables["legs"]
    text = NETWORK.replace("way back", "zurück").replace("\n", "\r\n").rstrip()
    (tmp_path / "small_net.tntp").write_bytes(text.encode("latin-1"))
    (tmp_path / "small_trips.tntp").write_bytes(TRIPS.encode("utf-8-sig"))
    found = read_tntp(tmp_path / "small_net.tntp", tmp_path / "small_trips.tntp")

    assert found.tables["legs"].equals(plain)
    assert found.trips == 14


def test_gzipped_files_are_read(tmp_path: Path) -> None:
    read(tmp_path)
    trips = tmp_path / "small_trips.tntp.gz"
    trips.write_bytes(gzip.compress(TRIPS.encode()))

    assert read_tntp(tmp_path / "small_net.tntp", trips).trips == 14


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("\t3\t2\t50\t1\t3", "\t3\t9\t50\t1\t3", "row 10 = '9': is not a node; nodes are whole"),
        ("5\t0.15\t4\t60\t7", "fast\t0.15\t4\t60\t7", "row 8 = 'fast': is not a free flow time"),
        ("2\t5\t0.15\t4\t60\t7\t1\t;", ";", r"row 8 = .*: has 3 fields, a link at least 7"),
        ("<NUMBER OF LINKS> 5", "<NUMBER OF LINKS> 6", "row 4 = '6': is not the number of links"),
        ("<NUMBER OF NODES> 3", "", "does not say <NUMBER OF NODES>"),
        ("<NUMBER OF NODES> 3", "<NUMBER OF NODES> few", "row 2 = 'few': is not a number of nodes"),
        ("<END OF METADATA>", "", "has no line <END OF METADATA>"),
    ],
)
def test_a_network_that_cannot_be_read(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(StudyError, match=r"small_net\.tntp.*" + message) as raised:
        read(tmp_path, network=NETWORK.replace(old, new, 1))

    assert len(raised.value.problems) == 1


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("2 :    10.0;", "2 :    ten;", "row 6 = 'ten': is not a number of trips"),
        ("2 :    10.0;", "2     10.0;", r"row 6 = '2     10\.0;': is not an entry of trips"),
        ("2 :    10.0;", "5 :    10.0;", "row 6 = '5': is not a zone of the network"),
        ("Origin \t1\n", "", r"row 5 = .*: belongs to no origin"),
        ("4;", "-4;", "row 9 = '-4': is not a number of trips"),
    ],
)
def test_trips_that_cannot_be_read(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(StudyError, match=r"small_trips\.tntp.*" + message):
        read(tmp_path, trips=TRIPS.replace(old, new, 1))


def test_files_that_are_none(tmp_path: Path) -> None:
    read(tmp_path)
    binary = tmp_path / "binary"
    binary.write_bytes(b"\n\xff\xfe")
    cut = tmp_path / "cut.gz"
    cut.write_bytes(gzip.compress(TRIPS.encode())[:40])

    with pytest.raises(StudyError, match=r"cannot be read \(No such file"):
        read_tntp(tmp_path / "absent", tmp_path / "small_trips.tntp")
    with pytest.raises(StudyError, match="binary, row 2: is not text in UTF-8"):
        read_tntp(binary, tmp_path / "small_trips.tntp")
    with pytest.raises(StudyError, match="cannot be read"):
        read_tntp(tmp_path / "small_net.tntp", cut)


def test_the_command_writes_a_study(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    read(tmp_path)
    files = [str(tmp_path / "small_net.tntp"), str(tmp_path / "small_trips.tntp")]
    folder = str(tmp_path / "study")

    status = run(["import", "tntp", *files, folder, "--toll-factor", "2"])

    assert status == SUCCESS
    assert "5 legs, 2 consignments of 14 vehicles; 3.5 trips within" in capsys.readouterr().out
    assert read_study(tmp_path / "study").table("legs")["cost"].to_list() == [14, 0, 0, 0, 0]
    assert run(["import", "tntp", *files, folder]) == FAILURE


def test_braess(tmp_path: Path) -> None:
    study = study_from_tables("braess", read(tmp_path, BRAESS, SIX).tables)

    found = route_consignments(study, None, "equilibrium")

    # Six units, two by each of three ways of 92: the integrals add up to 386.
    assert found.objective == pytest.approx(386.00000008, rel=1e-12)
    assert found.routes["quantity"].to_list() == pytest.approx([2.0] * 3)
    assert found.gap is not None
    assert found.gap <= 1e-12


def test_columns_stand_in_the_order_of_the_heading(tmp_path: Path) -> None:
    plain = read(tmp_path).tables["legs"]
    heading = (
        "~\tlink_id\tcapacity\tinit_node\tterm_node\tfree_flow_time\tlength\tb\tpower\ttoll\t;"
    )
    rows = [
        line.split("~")[0].strip(" ;\t").split("\t")
        for line in NETWORK.splitlines()
        if line.startswith("\t")
    ]
    other = [
        "\t".join(["", str(n), row[2], row[0], row[1], row[4], row[3], *row[5:7], "0", ";"])
        for n, row in enumerate(rows, start=10)
    ]
    head = NETWORK[: NETWORK.index("~")]

    assert read(tmp_path, network="\n".join([head, heading, *other])).tables["legs"].equals(plain)


def test_factors_of_the_file_count_unless_others_are_given(tmp_path: Path) -> None:
    network = "<TOLL FACTOR> 2\n<DISTANCE FACTOR>\t0.5\n" + NETWORK
    costs = read(tmp_path, network).tables["legs"]["cost"]

    assert costs.to_list() == [15.0, 1.0, 0.5, 0.5, 0.5]
    assert read(tmp_path, network, toll_factor=0.0).tables["legs"]["cost"][0] == 1.0
    with pytest.raises(StudyError, match=r"row 1 = 'two': is not a toll factor"):
        read(tmp_path, network.replace("R> 2", "R> two", 1))


def test_numbers_of_nodes_may_have_gaps(tmp_path: Path) -> None:
    gaps = NETWORK.replace("1\t3\t", "1\t70\t").replace("3\t1\t", "70\t1\t")
    gaps = gaps.replace("\t3\t2\t", "\t70\t2\t").replace("\t2\t3\t", "\t2\t70\t")

    places = read(tmp_path, gaps).tables["places"]

    assert places["place"].to_list() == ["1", "2", "70"]
    assert places["through"].to_list() == [False, False, True]


def test_fields_left_blank_between_tabs(tmp_path: Path) -> None:
    blank = NETWORK.replace("4\t60\t7\t1\t;", "4\t\t7\t1\t;")

    assert read(tmp_path, blank, toll_factor=1.0).tables["legs"]["cost"][0] == 7.0


@pytest.mark.parametrize(
    "text",
    [
        "Origin 1  2 : 10.0; 1 : 3.5;\nOrigin 2\n1 : 4;",
        "Origin 1;\n2 , 10.0 ; 1 , 3.5\nOrigin : 2\n1 : 4;",
        "ORIGIN\t1\n2:1e1;1:3.5;;\norigin 2\n\n1 :4",
    ],
)
def test_spellings_of_trips(tmp_path: Path, text: str) -> None:
    found = read(tmp_path, trips=f"< Number of  zones >2\n<END OF METADATA>\n{text}\n")

    assert found.tables["consignments"]["quantity"].to_list() == [10.0, 4.0]
    assert found.intrazonal == 3.5


def test_a_total_that_the_trips_do_not_add_up_to_is_told(tmp_path: Path) -> None:
    assert read(tmp_path).said is None
    assert read(tmp_path, trips=TRIPS.replace("17.5", "14")).said is None
    assert read(tmp_path, trips=TRIPS.replace("17.5", "99")).said == 99


def test_zipped_files_are_read(tmp_path: Path) -> None:
    read(tmp_path)
    for name, inside in (("one.zip", ["trips"]), ("two.zip", ["trips", "more"])):
        with zipfile.ZipFile(tmp_path / name, "w") as packed:
            for each in inside:
                packed.writestr(each, TRIPS)

    assert read_tntp(tmp_path / "small_net.tntp", tmp_path / "one.zip").trips == 14
    with pytest.raises(StudyError, match="a zip with 2 files in it"):
        read_tntp(tmp_path / "small_net.tntp", tmp_path / "two.zip")


def test_files_in_the_wrong_order(tmp_path: Path) -> None:
    read(tmp_path)
    network, trips = tmp_path / "small_net.tntp", tmp_path / "small_trips.tntp"

    with pytest.raises(StudyError, match="holds trips where links are expected; name the network"):
        read_tntp(trips, network)
    with pytest.raises(StudyError, match="holds links where trips are expected; name the network"):
        read_tntp(network, network)


def test_everything_wrong_with_a_file_is_told_at_once(tmp_path: Path) -> None:
    network = NETWORK.replace("0.15\t4", "0.15\tfour").replace("3\t2\t50", "3\tB\t50")

    with pytest.raises(StudyError) as raised:
        read(tmp_path, network)

    assert [problem.row for problem in raised.value.problems] == [8, 9, 10, 11]
    with pytest.raises(StudyError) as raised:
        read(tmp_path, trips="<END OF METADATA>\nOrigin 1\n" + "9 : 1;\n" * 50)
    assert len(raised.value.problems) == 20


def test_a_capacity_of_nothing_where_time_grows(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match=r"row 8 = .*: has a capacity of 0 and a time that grows"):
        read(tmp_path, NETWORK.replace("1\t3\t100", "1\t3\t0"))
    assert read(tmp_path, NETWORK.replace("3\t2\t50\t1\t3", "3\t2\t0\t1\t3")).links == 5


def test_no_trips_at_all(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="has no trips from one zone to another, only within"):
        read(tmp_path, trips="<END OF METADATA>\nOrigin 1\n1 : 5;\n")
