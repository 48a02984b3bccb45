"""Matrices in OMX: what is written is read, by h5py alone too, and bad files say what they are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from entrepot.errors import QuestionError, StudyError
from entrepot.results.matrices import matrices
from entrepot.sources.omx import Matrices, consignments_from, read_omx, write_omx
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
