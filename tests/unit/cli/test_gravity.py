"""`entrepot trade gravity` and `counterfactual`: from a panel to answers, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.unit.cli.conftest import Called
from tests.unit.trade_statistics.gravity.worlds import world

Call = Callable[..., Called]
EFFECTS = ["--effect", "exporter^period", "--effect", "importer^period"]


@pytest.fixture
def panel(tmp_path: Path) -> Path:
    path = tmp_path / "panel.csv"
    world(1, 8, 4).write_csv(path)
    return path


@pytest.fixture
def one_year(tmp_path: Path) -> Path:
    """Trade of one period, with more at home than abroad."""
    home = pl.col("exporter") == pl.col("importer")
    rows = world(1, 6, 2).filter(pl.col("period") == 1)
    path = tmp_path / "world.csv"
    rows.with_columns(
        trade=pl.when(home).then(20.0 + pl.col("trade")).otherwise("trade")
    ).write_csv(path)
    return path


@pytest.fixture
def estimates(call: Call, panel: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "estimates"
    words = ["--covariate", "deal", "--covariate", "noise", *EFFECTS]
    called = call("trade", "gravity", panel, *words, "--cluster", "exporter^importer",
                  "--out", folder)  # fmt: skip
    assert called.status == 0, called.err
    return folder


def results(called: Called) -> list[dict[str, Any]]:
    assert called.status == 0, called.err
    found = json.loads(called.out)["results"]
    assert isinstance(found, list)
    return found


def test_estimates_are_told_and_written(call: Call, panel: Path, estimates: Path) -> None:
    called = call("trade", "gravity", panel, "--covariate", "deal", *EFFECTS)
    assert called.status == 0
    assert "certificate: fitted trade adds up to observed trade" in called.out
    assert "stata (ppmlhdfe): n / (n - 1), by rows" in called.out
    written = sorted(file.name for file in estimates.iterdir())
    assert written == ["covariance.csv", "estimates.csv", "fitted.csv"]
    fitted = pl.read_csv(estimates / "fitted.csv")
    assert fitted.columns == ["exporter", "importer", "period", "trade", "fitted"]
    sums = fitted.group_by("exporter", "period").agg(pl.col("trade", "fitted").sum())
    assert sums["fitted"].to_numpy() == pytest.approx(sums["trade"].to_numpy(), rel=1e-8)


def test_a_counterfactual_of_fitted_trade(call: Call, estimates: Path) -> None:
    fitted = [estimates / "fitted.csv", "--trade", "fitted", "--period", "1"]
    found = results(call("trade", "counterfactual", *fitted, *AGREEMENT, "--effect", "0.4",
                         "--theta", "5", "--json"))  # fmt: skip
    assert found[0]["table"][0]["country"] in {"C00", "C01"}


def test_errors_by_several_ways_and_reset(call: Call, panel: Path) -> None:
    ways = ["--cluster", "exporter", "--cluster", "importer"]
    words = ["--covariate", "deal", "--covariate", "noise", *EFFECTS, *ways, "--reset"]
    found = results(call("trade", "gravity", panel, *words, "--json"))
    assert "clustered by exporter and by importer" in found[0]["notes"][1]
    assert "8 and 8 clusters" in found[0]["notes"][1]
    assert found[1]["measure"] == "reset"
    assert 0 <= found[1]["table"][0]["p"] <= 1
    assert "RESET" in call("trade", "gravity", panel, *words, "--method", "ols").out


def test_estimates_as_json_say_how_errors_are_computed(call: Call, panel: Path) -> None:
    words = ["--covariate", "log(size)", "--covariates", panel.parent / "more.csv"]
    names = [f"C{number:02d}" for number in range(8)]
    pl.DataFrame(
        [(a, b, 1.0 + i * j) for i, a in enumerate(names) for j, b in enumerate(names)],
        schema=["exporter", "importer", "size"],
        orient="row",
    ).write_csv(panel.parent / "more.csv")
    fixest = ["--errors", "fixest", "--cluster", "exporter^importer"]
    found = results(call("trade", "gravity", panel, *words, *EFFECTS, *fixest, "--json"))
    assert found[0]["certificate"]["residual"] < 1e-8
    assert "fixest: (n - 1) / (n - K) × G / (G - 1); 64 clusters" in found[0]["notes"][1]
    by_squares = call("trade", "gravity", panel, *words, *EFFECTS, "--method", "ols", "--json")
    told = results(by_squares)
    assert told[1]["table"][0]["reason"] == "no trade, so no logarithm"


def test_an_agreement_from_estimates_with_intervals(
    call: Call, one_year: Path, estimates: Path
) -> None:
    words = ["--agreement", "C00", "--agreement", "C01", "--theta", "5"]
    size = ["--estimates", estimates, "--by", "deal", "--draws", "40"]
    found = results(call("trade", "counterfactual", one_year, *words, *size, "--json"))[0]
    assert {row["country"] for row in found["table"][:2]} == {"C00", "C01"}
    first = found["table"][0]
    assert first["exports_full_low"] < first["exports_full"] < first["exports_full_high"]
    assert found["certificate"]["residual"] < 1e-8
    shown = call("trade", "counterfactual", one_year, *words, *size)
    assert "95 % of 40 draws" in shown.out


@pytest.mark.parametrize(
    ("words", "columns"),
    [
        (["--border", "all", "--effect", "0.5", "--kind", "conditional"], "exports_conditional"),
        (["--border", "C00", "--effect", "0.5", "--undo"], "real_output_full"),
        (["--cost", "1.1", "--exporter", "C00", "--importer", "C01"], "real_output_full"),
        (["--tariff", "0.1", "--exporter", "C00", "--importer", "C01"], "tariff_revenue_full"),
        (["--every-pair", "--effect", "0.4", "--had", "deal"], "others_full"),
        (["--border", "all", "--effect", "0.5", "--kind", "book", "--numeraire", "C02"],
         "real_output_book"),
        (["--autarky"], "gains"),
    ],
)  # fmt: skip
def test_every_change_has_its_answer(
    call: Call, one_year: Path, words: list[str], columns: str
) -> None:
    called = call("trade", "counterfactual", one_year, "--theta", "5", *words, "--json")
    found = results(called)[0]
    assert columns in found["table"][0]
    kinds = {name.split("_")[-1] for name in found["table"][0]} & {"full", "conditional", "book"}
    assert len(kinds) == 1 or "gains" in columns


AGREEMENT = ["--agreement", "C00", "--agreement", "C01"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([*AGREEMENT], "say how large the effect is"),
        ([*AGREEMENT, "--effect", "0.4", "--draws", "50"], "--draws needs the doubt"),
        ([*AGREEMENT, "--effect", "0.4", "--error", "0.1"], "--error is for intervals"),
        ([*AGREEMENT, "--effect", "900"], "an effect is a logarithm between -100 and 100"),
        ([*AGREEMENT, "--effect", "nan"], "an effect is a logarithm"),
        ([*AGREEMENT, "--effect", "0.4", "--error", "0.1", "--draws", "-4"], "take 20 or more"),
        ([*AGREEMENT, "--effect", "0.4", "--cost", "1.1"], "say one change"),
        ([*AGREEMENT, "--effect", "0.4", "--period", "7"], "no rows of period 7"),
        ([*AGREEMENT, "--estimates", "nowhere", "--by", "deal"], "cannot be read"),
        ([*AGREEMENT, "--agreement", "C0", "--effect", "0.4"], "'C0' does not trade here"),
        (["--tariff", "0.1"], "between an --exporter and an --importer"),
        (["--tariff", "0.1", "--exporter", "C00", "--importer", "C00"], "no tariff on itself"),
        ([*AGREEMENT, "--effect", "0.4", "--kind", "conditional", "--numeraire", "C00"],
         "has no prices"),
        (["--border", "all", "--effect", "0.4", "--kind", "book"], "needs a --numeraire"),
    ],
)  # fmt: skip
def test_what_is_refused(call: Call, one_year: Path, words: list[str], said: str) -> None:
    called = call("trade", "counterfactual", one_year, "--theta", "5", *words)
    assert called.status == 1
    assert said in called.err
    assert called.err.count("entrepot:") == 1


def test_an_estimate_that_is_not_there(call: Call, one_year: Path, estimates: Path) -> None:
    words = [*AGREEMENT, "--estimates", estimates, "--by", "deel"]
    called = call("trade", "counterfactual", one_year, "--theta", "5", *words)
    assert "has no covariate 'deel'; did you mean 'deal'?" in called.err


def test_trade_without_trade_at_home(call: Call, one_year: Path) -> None:
    rows = pl.read_csv(one_year).filter(pl.col("exporter") != pl.col("importer"))
    abroad = one_year.parent / "abroad.csv"
    rows.write_csv(abroad)
    called = call("trade", "counterfactual", abroad, "--theta", "5", *AGREEMENT, "--effect", "0.4")
    assert "have no trade at home" in called.err


@pytest.mark.parametrize("question", ["gravity", "counterfactual"])
def test_the_shipped_study_says_what_it_would_take(call: Call, question: str) -> None:
    words = (
        ["--covariate", "alignment", "--alignment", "caspian"]
        if question == "gravity"
        else ["--theta", "5", "--agreement", "AZ", "--agreement", "BY", "--effect", "0.4"]
    )
    called = call("trade", question, "caspian", *words)
    assert called.status == 1
    assert "need nearly all trade between 3 countries or more" in called.err


def test_a_panel_whose_covariates_do_not_fit(call: Call, panel: Path) -> None:
    more = panel.parent / "more.csv"
    more.write_text("exporter,importer,size\nC00,C01,1\n", encoding="utf-8")
    called = call("trade", "gravity", panel, "--covariate", "size", "--covariates", more)
    assert "has no row for" in called.err
    more.write_text("exporter,importer,size\nC00,C01,1\nC00,C01,2\n", encoding="utf-8")
    called = call("trade", "gravity", panel, "--covariate", "size", "--covariates", more)
    assert "C00 C01 twice" in called.err


def test_relations_of_a_country(call: Call, tmp_path: Path) -> None:
    asked = ("trade", "relations", "caspian", "--on", "2024-01-01", "--country", "BY")
    called = call(*asked, "--json")
    assert called.status == 0
    assert "union-state" in called.out
    assert "Alignment" in call(*asked).out
    out = tmp_path / "by.csv"
    written = call("trade", "relations", "caspian", "--over-time", "--out", out)
    assert written.status == 0, written.err
    table = pl.read_csv(out)
    assert {"date", "a", "b", "alignment", "membership", "transport"} <= set(table.columns)
    assert table["date"].n_unique() > 3


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "either --on which day, or --over-time"),
        (["--on", "2024-13-01"], "is not a day"),
        (["--on", "2024-01-01", "--country", "ZZ"], "'ZZ' has no relation"),
    ],
)
def test_relations_that_cannot_be_told(call: Call, words: list[str], said: str) -> None:
    called = call("trade", "relations", "caspian", *words)
    assert called.status == 1
    assert said in called.err


def test_cells_parted_by_something_else(call: Call, panel: Path) -> None:
    panel.write_text(panel.read_text(encoding="utf-8").replace(",", ";"), encoding="utf-8")
    for words in (["gravity", "--covariate", "deal"], ["counterfactual", "--theta", "5",
                                                       "--autarky"]):  # fmt: skip
        called = call("trade", words[0], panel, *words[1:])
        assert "the cells are parted by semicolons; save it with commas" in called.err


def test_estimates_and_fit_are_drawn(call: Call, panel: Path, tmp_path: Path) -> None:
    words = ["--covariate", "deal", "--covariate", "noise", *EFFECTS]
    plots = [tmp_path / "estimates.svg", tmp_path / "fit.svg"]
    called = call("trade", "gravity", panel, *words, "--plot", plots[0], "--plot-fit", plots[1])
    assert called.status == 0, called.err
    estimates, fit = (plot.read_text(encoding="utf-8") for plot in plots)
    for said in ("deal", "noise", "effect in logarithms", "95 % intervals", "robust"):
        assert said in estimates
    assert "observed trade" in fit
    again = call("trade", "gravity", panel, *words, "--plot", plots[0])
    assert "exists already" in again.err
    of_logs = call("trade", "gravity", panel, *words, "--method", "ols", "--plot-fit",
                   tmp_path / "other.svg")  # fmt: skip
    assert "is drawn for --method ppml" in of_logs.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--agreement", "C00", "--agreement", "C01", "--effect", "0.4", "--error", "0.1",
          "--draws", "20"], "agreement of C00, C01, effect 0.4"),
        (["--tariff", "0.1", "--exporter", "C00", "--importer", "C01"],
         "tariff of 0.1 from C00 to C01"),
        (["--autarky"], "no trade at all"),
        (["--border", "all", "--effect", "0.5", "--kind", "conditional"], "borders of all"),
    ],
)  # fmt: skip
def test_changes_are_drawn(call: Call, one_year: Path, words: list[str], said: str) -> None:
    plot = one_year.parent / "change.svg"
    called = call("trade", "counterfactual", one_year, "--theta", "5", *words, "--plot", plot)
    assert called.status == 0, called.err
    drawing = plot.read_text(encoding="utf-8")
    assert said in drawing
    assert "C00" in drawing
    assert "certificate" in drawing


def test_pairs_are_not_drawn(call: Call, one_year: Path) -> None:
    plot = one_year.parent / "pairs.svg"
    words = ["--every-pair", "--effect", "0.4", "--plot", plot]
    called = call("trade", "counterfactual", one_year, "--theta", "5", *words)
    assert "pairs are a table" in called.err
    assert not plot.exists()


def test_relations_are_drawn(call: Call, tmp_path: Path) -> None:
    plot = tmp_path / "relations.svg"
    called = call("trade", "relations", "caspian", "--over-time", "--plot", plot)
    assert called.status == 0, called.err
    drawing = plot.read_text(encoding="utf-8")
    assert drawing.count("<g transform") == 4
    assert "alignment from -1 (hostile) to +1 (allied)" in drawing
