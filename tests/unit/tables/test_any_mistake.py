"""Whatever stands in a file, checking it tells problems and never breaks."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from entrepot.study import check_study
from tests.unit.small_study import SETTINGS, TABLES, write_small

SCENARIO = (
    'title = "More"\n[[change]]\ntable = "legs"\nwhere = { corridor = "south" }\n'
    "scale = { cost = 0.9 }\n"
)
PERIODS = "period,starts,years\n2023,2023,1\n2024,2024,1\n"
CELLS = st.one_of(
    st.text(max_size=8),
    st.sampled_from(
        ["", "nan", "-1", "1e400", "~", "*", "a;b", '"', "2024-13-01", "minsk", "rail~", "310420"]
    ),
)


@settings(max_examples=50)
@given(data=st.data())
def test_any_text_in_any_cell_is_told_or_sound(data: st.DataObject) -> None:
    tables = {**TABLES, "periods": PERIODS}
    for name in data.draw(st.lists(st.sampled_from(sorted(tables)), min_size=1, max_size=3)):
        lines = [line.split(",") for line in tables[name].splitlines()]
        row = data.draw(st.integers(0, len(lines) - 1))
        lines[row][data.draw(st.integers(0, len(lines[row]) - 1))] = data.draw(CELLS)
        tables[name] = "\n".join(map(",".join, lines)) + "\n"

    with tempfile.TemporaryDirectory() as folder:
        for problem in check_study(write_small(Path(folder), **tables)):
            assert problem.message
            assert problem.remedy
            assert problem.row is None or problem.row >= 1


@settings(max_examples=50)
@given(data=st.data())
def test_any_bytes_in_any_file_are_told_or_sound(data: st.DataObject) -> None:
    texts = {f"{name}.csv": text for name, text in TABLES.items()}
    texts |= {"study.toml": SETTINGS, "scenarios/more.toml": SCENARIO}
    name = data.draw(st.sampled_from(sorted(texts)))
    before = texts[name].encode()
    place = data.draw(st.integers(0, len(before)))
    length = data.draw(st.integers(0, 10))
    after = before[:place] + data.draw(st.binary(max_size=6)) + before[place + length :]

    with tempfile.TemporaryDirectory() as folder:
        study = write_small(Path(folder))
        (study / "scenarios").mkdir()
        (study / "scenarios" / "more.toml").write_text(SCENARIO, encoding="utf-8")
        (study / name).write_bytes(after)
        for problem in check_study(study):
            assert problem.message
            assert problem.remedy
