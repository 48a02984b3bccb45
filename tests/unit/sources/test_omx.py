"""Matrices in OMX: what is written is read, by h5py alone too, and bad files say what they are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from entrepot.cli import FAILURE, SUCCESS, run
from entrepot.errors import QuestionError, StudyError
from entrepot.results.matrices import matrices
from entrepot.sources.omx import Matrices, consignments_from, read_omx, within_zones, write_omx
from entrepot.study import read_study, write_study
from tests.unit.routing.networks import goes, leg, network

h5py = pytest.importorskip("h5py", reason="OMX needs h5py, an extra")

SQUARE = np.array([[5.0, 2.0], [0.0, 7.0]])


def test_what_is_written_is_read(tmp_path: Path) -> None:
    write_omx(tmp_path / "m.omx", {"cost": SQUARE}, "place", ["a", "b"])
    found = read_omx(tmp_path / "m.omx")
    assert found.lookups == {"place": ["a", "b"]}
    assert (found.data["cost"] == SQUARE).all()


def test_the_file_is_as_the_specification_says(tmp_path: Path) -> None:
    write_omx(tmp_path / "m.omx", {"cost": SQUARE}, "place", ["a", "b"])
    with h5py.File(tmp_path / "m.omx") as file:
        assert file.attrs["OMX_VERSION"] in (b"0.2", "0.2")
        assert file.attrs["SHAPE"].tolist() == [2, 2]
        assert sorted(file) == ["data", "lookup"]
        assert file["data/cost"].shape == (2, 2)


def test_a_matrix_becomes_consignments() -> None:
    found = Matrices("m.omx", {"trips": SQUARE}, {"zone": ["a", "b"]})
    rows = consignments_from(found, ["a", "b", "c"], "salt", None, None)
    assert rows.rows() == [("a-b", "salt", "a", "b", 2.0)]


def test_wrong_zones_and_quantities_are_told_at_once() -> None:
    found = Matrices("m.omx", {"trips": np.array([[0, -1], [np.nan, 0]])}, {"zone": ["a", "x"]})
    with pytest.raises(StudyError) as caught:
        consignments_from(found, ["a", "b"], "salt", None, None)
    assert len(caught.value.problems) == 3


def test_what_is_meant_of_several_must_be_said() -> None:
    found = Matrices("m.omx", {"morning": SQUARE, "evening": SQUARE}, {"zone": ["a", "b"]})
    with pytest.raises(QuestionError, match="say which matrix is meant; it holds morning, evening"):
        consignments_from(found, ["a", "b"], "salt", None, None)
    with pytest.raises(QuestionError, match="holds no matrix 'mornin'; did you mean 'morning'"):
        consignments_from(found, ["a", "b"], "salt", "mornin", None)


@pytest.mark.parametrize("content", ["text", "empty", "oblong"])
def test_a_file_that_is_none_says_so(content: str, tmp_path: Path) -> None:
    path = tmp_path / "m.omx"
    if content == "text":
        path.write_text("a,b\n")
    else:
        with h5py.File(path, "w") as file:
            if content == "oblong":
                file["data/cost"] = np.zeros((2, 3))
    with pytest.raises(StudyError, match=r"m\.omx"):
        read_omx(path)


def test_matrices_of_a_study() -> None:
    study = network(
        [leg("x", "ab", 3, days=1, length_km=10), leg("y", "bc", 4)], [goes("ac", 5), goes("ab", 2)]
    )
    found = matrices(study)
    assert found["cost"][0].tolist() == [0.0, 3.0, 7.0]
    assert found["generalised"][0].tolist() == [0.0, 5.0, 9.0]
    assert np.isinf(found["cost"][2, :2]).all()
    assert found["km"][0, 1] == 10.0
    assert found["quantity"][0].tolist() == [0.0, 2.0, 5.0]


def test_zones_without_names_and_names_that_stand_twice() -> None:
    with pytest.raises(StudyError, match="names none of its 2 zones: it has no lookup of that"):
        consignments_from(Matrices("m.omx", {"t": SQUARE}, {}), ["a"], "salt", None, None)
    twice = Matrices("m.omx", {"t": SQUARE}, {"zone": ["a", "a"]})
    with pytest.raises(StudyError, match="'a': stands 2 times among the zones"):
        consignments_from(twice, ["a"], "salt", None, None)


def test_many_wrong_cells_are_counted() -> None:
    names = [f"z{number}" for number in range(9)]
    found = Matrices("m.omx", {"t": np.full((9, 9), np.nan)}, {"zone": names})
    with pytest.raises(StudyError, match="holds 81 cells that are no quantities") as caught:
        consignments_from(found, names, "salt", None, None)
    assert len(caught.value.problems) == 21


@pytest.mark.parametrize("zones", [np.array([1, 2]), np.array([1.0, 2.0]), np.array([b"1", b"2"])])
def test_zones_numbered_in_any_way(zones: np.ndarray, tmp_path: Path) -> None:
    with h5py.File(tmp_path / "m.omx", "w") as file:
        file["data/trips"], file["lookup/taz"] = SQUARE, zones

    found = read_omx(tmp_path / "m.omx")

    assert found.lookups == {"taz": ["1", "2"]}
    assert within_zones(found, None) == 12.0


def test_a_matrix_takes_the_place_of_a_goods_consignments(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    goods = [{"good": "salt"}, {"good": "wine"}]
    places = {"a": {"name": "Aa"}}
    study = network([leg("x", "ab", 3)], [goes("ab", 9)], goods=goods, places=places)
    write_study(study, tmp_path / "before")
    write_omx(tmp_path / "m.omx", {"trips": SQUARE}, "place", ["a", "b"])
    files = [str(tmp_path / "m.omx"), str(tmp_path / "before")]

    assert run(["import", "omx", *files, str(tmp_path / "salt"), "--good", "salt"]) == SUCCESS
    assert "1 consignments, 2 in all; 12 within zones are left out" in capsys.readouterr().out
    after = read_study(tmp_path / "salt").table("consignments")
    assert after.select("consignment", "good", "quantity").rows() == [("a-b", "salt", 2.0)]
    files[1] = str(tmp_path / "salt")
    assert run(["import", "omx", *files, str(tmp_path / "both"), "--good", "wine"]) == SUCCESS
    both = read_study(tmp_path / "both").table("consignments")
    assert both["consignment"].to_list() == ["a-b", "a-b-wine"]
    assert run(["import", "omx", *files, str(tmp_path / "none"), "--good", "win"]) == FAILURE
    assert "has no good 'win'; did you mean 'wine'" in capsys.readouterr().err
