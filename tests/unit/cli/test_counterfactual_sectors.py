"""`entrepot trade counterfactual` of several sectors: from files to answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from entrepot.statistics.equilibrium.caliendo_parro import caliendo_parro
from tests.unit.cli.conftest import Called
from tests.unit.trade_statistics.equilibrium.test_sectors import economy

Call = Callable[..., Called]
BOTH = ["--exporter", "C0", "--exporter", "C1", "--importer", "C0", "--importer", "C1"]


@pytest.fixture
def files(tmp_path: Path) -> list[object]:
    """The economy of the tests of sectors, as files; the words that name them."""
    world = economy(1)
    flows, links = [], []
    for s, sector in enumerate(world.sectors):
        for i, exporter in enumerate(world.countries):
            flows += [
                (sector, exporter, importer, world.trade[s, i, j], world.tariffs[s, i, j])
                for j, importer in enumerate(world.countries)
            ]
            links += [
                (exporter, sector, used, world.inputs[i, u, s])
                for u, used in enumerate(world.sectors)
            ]
    names = ["sector", "exporter", "importer"]
    whole = pl.DataFrame(flows, schema=[*names, "trade", "tariff"], orient="row")
    whole.drop("tariff").write_csv(tmp_path / "sectors.csv")
    whole.drop("trade").filter(pl.col("tariff") > 0).write_csv(tmp_path / "tariffs.csv")
    pl.DataFrame(links, schema=["country", "sector", "used", "share"], orient="row").write_csv(
        tmp_path / "inputs.csv"
    )
    pl.DataFrame({"sector": world.sectors, "theta": world.theta}).write_csv(tmp_path / "theta.csv")
    return [tmp_path / "sectors.csv", "--inputs", tmp_path / "inputs.csv",
            "--tariffs", tmp_path / "tariffs.csv", "--theta", tmp_path / "theta.csv"]  # fmt: skip


def table(called: Called, at: int = 0) -> pl.DataFrame:
    assert called.status == 0, called.err
    result = json.loads(called.out)["results"][at]
    assert result["certificate"]["residual"] < 1e-8
    return pl.DataFrame(result["table"])


def test_tariffs_between_two_go(call: Call, files: list[object]) -> None:
    found = table(call("trade", "counterfactual", *files, "--tariff", "0", *BOTH, "--json"))
    world = economy(1)
    free = world.tariffs.copy()
    free[:, [0, 1], [1, 0]] = 0.0
    expected = caliendo_parro(world, tariffs=free).table.sort("country")
    for name in ("real_income_full", "real_wage_full", "terms_of_trade_full"):
        ours = found.sort("country")[name].to_numpy()
        assert ours == pytest.approx(expected[name].to_numpy(), abs=1e-7)
    assert found["real_income_full"].abs().is_sorted(descending=True)


def test_a_file_of_changes_is_the_same_as_words(
    call: Call, files: list[object], tmp_path: Path
) -> None:
    changes = tmp_path / "changes.csv"
    changes.write_text(
        "sector,exporter,importer,tariff,cost\n,C0,C1,0,\n,C1,C0,0,\n", encoding="utf-8"
    )
    by_file = table(call("trade", "counterfactual", *files, "--changes", changes, "--json"))
    by_words = table(call("trade", "counterfactual", *files, "--tariff", "0", *BOTH, "--json"))
    assert by_file.equals(by_words)
    changes.write_text(
        "sector,exporter,importer,tariff,cost\nS0,C0,C1,,0.9\n,C1,C0,,0.9\n", encoding="utf-8"
    )
    cheaper = table(call("trade", "counterfactual", *files, "--changes", changes, "--json"), 1)
    assert cheaper["sector"].n_unique() == 3


def test_sectors_are_chosen_and_answers_written(
    call: Call, files: list[object], tmp_path: Path
) -> None:
    out = tmp_path / "answer"
    words = ["--cost", "1.1", *BOTH, "--sector", "S1", "--balanced", "--out", out]
    called = call("trade", "counterfactual", *files, *words)
    assert called.status == 0, called.err
    assert "deficits: none, from the start" in called.out
    assert sorted(file.name for file in out.iterdir()) == ["by_sector.csv", "counterfactual.csv"]
    assert pl.read_csv(out / "by_sector.csv").height == 12


def test_an_agreement_with_intervals(call: Call, files: list[object]) -> None:
    words = ["--agreement", "C0", "--agreement", "C1", "--effect", "0.3"]
    doubt = ["--error", "0.1", "--draws", "20"]
    found = table(call("trade", "counterfactual", *files, *words, *doubt, "--json"))
    row = found.filter(country="C0").row(0, named=True)
    assert row["exports_full_low"] < row["exports_full"] < row["exports_full_high"]
    shown = call("trade", "counterfactual", *files, *words, "--sector", "S0")
    assert "terms of" in shown.out


def test_autarky_of_several_sectors(call: Call, files: list[object]) -> None:
    found = table(call("trade", "counterfactual", *files, "--autarky", "--balanced", "--json"))
    assert found["gains"].is_between(0, 100).all()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--tariff", "0", "--exporter", "C0", "--importer", "C0"], "no tariff on itself"),
        (["--tariff", "0", "--exporter", "C9", "--importer", "C0"], "no country 'C9' trades here"),
        (["--tariff", "0", *BOTH, "--sector", "S9"], "no sector 'S9' trades here"),
        (["--tariff", "0", *BOTH, "--effect", "1"], "leave out --effect"),
        (["--tariff", "0"], "between an --exporter and an --importer"),
        (["--cost", "1", *BOTH], "the changes change nothing"),
        (["--cost", "-1", *BOTH], "a factor above 0"),
        (["--every-pair", "--effect", "0.4"], "leave out --every-pair"),
        (["--autarky", "--effect", "0.4"], "autarky is known"),
        (["--tariff", "0", *BOTH, "--kind", "book"], "leave out --kind"),
        (["--tariff", "0", *BOTH, "--period", "2020"], "no rows of period 2020"),
        (["--tariff", "0", *BOTH, "--trade", "value"], "leave --trade out"),
        (["--border", "all"], "say how large the effect is"),
    ],
)
def test_words_that_are_refused(
    call: Call, files: list[object], words: list[object], said: str
) -> None:
    called = call("trade", "counterfactual", *files, *words)
    assert called.status == 1
    assert said in called.err
    assert called.err.count("entrepot:") == 1


def test_tables_of_sectors_beside_trade_without_sectors(call: Call, tmp_path: Path) -> None:
    rows = np.ones((2, 2))
    trade = tmp_path / "plain.csv"
    pl.DataFrame(
        [(f"C{i}", f"C{j}", rows[i, j]) for i in range(2) for j in range(2)],
        schema=["exporter", "importer", "trade"],
        orient="row",
    ).write_csv(trade)
    called = call("trade", "counterfactual", trade, "--theta", "5", "--autarky", "--balanced")
    assert "has no column sector" in called.err
    called = call("trade", "counterfactual", trade, "--theta", tmp_path / "t.csv", "--autarky")
    assert "--theta is a number where trade has no sectors" in called.err
