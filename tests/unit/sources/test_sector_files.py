"""Files of a world of several sectors: read whole, and everything wrong with them at once."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from entrepot.errors import StudyError
from entrepot.sources.sector_files import SectorPaths, read_sector_files

TRADE = """# made up
sector,exporter,importer,trade,source
food,A,A,10,
food,A,B,1,
food,B,A,1,
food,B,B,10,
"""


def lay(folder: Path, **files: str) -> SectorPaths:
    paths = {}
    for name, text in {"trade": TRADE, **files}.items():
        paths[name] = folder / f"{name}.csv"
        paths[name].write_text(text, encoding="utf-8")
    return SectorPaths(**paths)


def test_files_are_read(tmp_path: Path) -> None:
    paths = lay(tmp_path, tariffs="sector,exporter,importer,tariff\nfood,A,B,0.1\n")
    found = read_sector_files(paths)
    assert found.trade["trade"].sum() == 22
    assert found.tariffs is not None
    assert found.tariffs.row(0, named=True)["tariff"] == 0.1
    assert found.inputs is None


def test_parquet_is_read(tmp_path: Path) -> None:
    file = tmp_path / "trade.parquet"
    pl.read_csv(TRADE.encode(), comment_prefix="#").write_parquet(file)
    assert read_sector_files(SectorPaths(trade=file)).trade["trade"].sum() == 22


def test_everything_wrong_is_told_at_once_with_its_place(tmp_path: Path) -> None:
    paths = lay(
        tmp_path,
        inputs="country,sector,used,share\nA,food,food,1.2\nA,fod,food,0.1\n",
        elasticities="sector,theta\nfood,-4\n",
        changes="sector,exporter,importer,tarif\n,A,C,0\n",
        value_added="country,sector,share\n",
    )
    with pytest.raises(StudyError) as told:
        read_sector_files(paths)
    for said in (
        "inputs.csv, row 2, share = '1.2': is above 1",
        "inputs.csv, row 3, sector = 'fod': does not stand in trade.csv; did you mean 'food'?",
        "elasticities.csv, row 2, theta = '-4'",
        "'tarif' is not a column of table changes; did you mean 'tariff'?",
        "changes.csv, row 2, importer = 'C': does not stand in trade.csv",
        "value_added.csv: has no rows",
    ):
        assert said in str(told.value)


def test_rows_that_stand_twice_and_lines_behind_comments(tmp_path: Path) -> None:
    paths = lay(tmp_path, trade=TRADE + "food,A,B,many,\nfood,B,A,3,\n")
    with pytest.raises(StudyError) as told:
        read_sector_files(paths)
    assert "trade.csv, row 7, trade = 'many': is not a number" in str(told.value)
    assert "trade.csv, row 8, sector = 'food'" in str(told.value)
    assert "already stands in row 5" in str(told.value)


def test_files_that_are_none(tmp_path: Path) -> None:
    lay(tmp_path)
    paths = SectorPaths(trade=tmp_path / "trade.csv", inputs=tmp_path / "inputs.csv",
                        tariffs=tmp_path / "tariffs.xls")  # fmt: skip
    with pytest.raises(StudyError) as told:
        read_sector_files(paths)
    assert "inputs.csv: cannot be read (No such file or directory)" in str(told.value)
    assert "with the columns country, sector, used, share" in str(told.value)
    assert "tariffs.xls: is neither .csv nor .parquet" in str(told.value)
