"""TNTP files become studies; what cannot be read is told with its line."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from entrepot.cli import FAILURE, SUCCESS, run
from entrepot.errors import StudyError
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
