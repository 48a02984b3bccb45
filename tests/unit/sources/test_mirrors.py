"""Mirror statistics: each flow once, between its reports, nearer to the more reliable one."""

from __future__ import annotations

from pathlib import Path
from random import Random

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrepot.errors import QuestionError
from entrepot.sources.countries import three_letters
from entrepot.sources.mirrors import reconcile

SHARED = Path(__file__).resolve().parents[4] / "shared"
WITS = SHARED / "data" / "trade" / "wits_2009_reporter_partner_mirror.parquet"
Row = tuple[str, str, str, str, str, float]


def table(rows: list[Row]) -> pl.DataFrame:
    names = ["period", "reporter", "partner", "flow", "hs", "value"]
    return pl.DataFrame(rows, schema=names, orient="row")


def test_one_report_is_taken_as_it_is_and_brought_to_fob() -> None:
    found = reconcile(
        table(
            [
                ("2023", "AA", "BB", "export", "3104", 100.0),
                ("2023", "CC", "AA", "import", "3104", 212.0),
            ]
        ),
        margin=0.06,
    )
    rows = found.trade.select("reporter", "partner", "value", "source").rows()
    assert rows == [("AA", "BB", 100.0, "exporter"), ("AA", "CC", pytest.approx(200.0), "importer")]


def test_two_reports_by_hand() -> None:
    """Two countries alone are equally reliable: the geometric mean of 100 and 121 is 110."""
    found = reconcile(
        table(
            [
                ("2023", "AA", "BB", "export", "3104", 100.0),
                ("2023", "BB", "AA", "import", "3104", 121.0),
            ]
        ),
        margin=0.0,
    )
    assert found.trade["value"].to_list() == [pytest.approx(110.0)]
    assert found.trade["source"].to_list() == ["both"]
    assert found.ratio == pytest.approx(1.21)


def test_who_lies_further_off_counts_less() -> None:
    """Three countries agree with each other; WW reports half as much again of everything."""
    honest, rows = ("AA", "BB", "CC"), []
    for one in honest:
        for other in honest:
            if one != other:
                rows += [("2023", one, other, "export", "3104", 100.0)]
                rows += [("2023", other, one, "import", "3104", 101.0)]
        rows += [("2023", one, "WW", "export", "3104", 100.0)]
        rows += [("2023", "WW", one, "import", "3104", 150.0)]
    found = reconcile(table(rows), margin=0.0)
    deviation = dict(found.reliability.select("country", "deviation").rows())
    assert deviation["WW"] > 10 * deviation["AA"]
    to_w = found.trade.filter(partner="WW")["value"]
    assert to_w.max() < 101.0  # type: ignore[operator]
    assert to_w.min() >= 100.0  # type: ignore[operator]


countries = st.sampled_from(["AA", "BB", "CC", "DD"])
reports = st.dictionaries(
    st.tuples(countries, countries, st.sampled_from(["export", "import"])),
    st.floats(1.0, 1e9),
    min_size=1,
)


@given(reports, st.sampled_from([0.0, 0.06, 0.2]))
def test_each_flow_once_and_between_its_reports(
    said: dict[tuple[str, str, str], float], margin: float
) -> None:
    rows = [("2023", a, b, flow, "3104", value) for (a, b, flow), value in said.items() if a != b]
    if not rows:
        return
    found = reconcile(table(rows), margin=margin)
    expected: dict[tuple[str, str], list[float]] = {}
    for _, a, b, flow, _, value in rows:
        key, fob = ((a, b), value) if flow == "export" else ((b, a), value / (1 + margin))
        expected.setdefault(key, []).append(fob)
    flows = found.trade.select("reporter", "partner", "value").rows()
    got = {(a, b): value for a, b, value in flows}
    assert set(got) == set(expected)
    for key, reported in expected.items():
        assert min(reported) * (1 - 1e-9) <= got[key] <= max(reported) * (1 + 1e-9)
    assert found.counts["rows"].sum() == len(expected)


@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(random: Random) -> None:
    rows = [
        ("2023", a, b, flow, "3104", 10.0 + 7 * i)
        for i, (a, b, flow) in enumerate(
            (a, b, flow) for a in "ABC" for b in "ABC" for flow in ("export", "import") if a != b
        )
    ]
    other = list(rows)
    random.shuffle(other)
    assert reconcile(table(rows)).trade.equals(reconcile(table(other)).trade)


def test_quantities_in_one_unit_are_joined_and_others_kept() -> None:
    rows = table(
        [
            ("2023", "AA", "BB", "export", "3104", 100.0),
            ("2023", "BB", "AA", "import", "3104", 121.0),
            ("2023", "AA", "CC", "export", "3104", 50.0),
            ("2023", "CC", "AA", "import", "3104", 50.0),
        ]
    ).with_columns(quantity=pl.Series([4.0, 9.0, 2.0, 7.0]), unit=pl.Series(["t", "t", "t", "m3"]))
    found = reconcile(rows, margin=0.0)
    first, second = found.trade.select("quantity", "unit").rows()
    assert 4.0 <= first[0] <= 9.0
    assert second == (2.0, "t")


@pytest.mark.parametrize("margin", [-0.1, 1.0, float("nan")])
def test_a_margin_that_is_none(margin: float) -> None:
    with pytest.raises(QuestionError, match="margin"):
        reconcile(table([("2023", "AA", "BB", "export", "3104", 1.0)]), margin)


def test_nothing_to_reconcile() -> None:
    with pytest.raises(QuestionError, match="nothing"):
        reconcile(table([("2023", "AA", "BB", "export", "3104", 0.0)]))


@pytest.mark.skipif(not WITS.exists(), reason="the extract of WITS 2009 is not here")
def test_the_world_of_2009() -> None:
    """Both sides' reports of 2009: re-exporters are told from those who report with care."""
    codes = three_letters()
    rows = (
        pl.read_parquet(WITS)
        .with_columns(
            pl.col(end).replace_strict(codes, default=None) for end in ("reporter", "partner")
        )
        .drop_nulls()
        .filter(pl.col("reporter") != pl.col("partner"))
        .select(
            "reporter", "partner", period=pl.lit("2009"), hs=pl.lit("total"),
            flow=pl.col("flow").str.to_lowercase(), value=pl.col("value_kusd") * 1e3,
        )
    )  # fmt: skip
    found = reconcile(rows)
    deviation = dict(found.reliability.select("country", "deviation").rows())
    careful, entrepots = ("DE", "FR", "US", "IT"), ("HK", "AE", "BS")
    assert max(deviation[each] for each in careful) < 0.1
    assert min(deviation[each] for each in entrepots) > 1.0
    ours = found.trade.filter(reporter="BY", partner="AZ")["value"].item()
    # Belarus reports 69.5 million, Azerbaijan 79.3 million, which is 74.8 free on board.
    assert 69.5e6 < ours < 74.8e6
