"""PPML: its conditions, its errors, what it leaves out and what it refuses."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from entrepot.errors import StatisticsError
from entrepot.statistics.gravity import Estimate, ols, ppml
from tests.unit.trade_statistics.gravity import data
from tests.unit.trade_statistics.gravity.worlds import world

THREE = ("exporter^period", "importer^period", "exporter^importer")


def margins(frame: pl.DataFrame, found: Estimate, by: list[str]) -> float:
    """The largest relative difference of fitted and observed trade, summed here."""
    used = frame.with_row_index("row").join(
        found.fitted.with_columns(pl.col("row").cast(pl.UInt32)), on="row"
    )
    sums = used.group_by(by).agg(pl.col("trade").sum(), pl.col("fitted").sum())
    return float((sums["fitted"] / sums["trade"] - 1).abs().to_numpy().max())


@pytest.mark.parametrize("missing", [0.0, 0.7])
def test_fitted_margins_are_the_observed_ones(missing: float) -> None:
    frame = world(1, 15, 10, missing)
    found = ppml(frame, ["deal", "noise"], THREE)
    for effect in THREE:
        assert margins(frame, found, effect.split("^")) < 1e-8


def test_a_full_panel_and_its_rows_one_by_one_give_the_same() -> None:
    frame = world(2, 10, 6)
    # A fourth effect of one level changes nothing but which kernel runs.
    plain = ppml(frame, ["deal"], THREE)
    other = ppml(frame.with_columns(all=pl.lit(1)), ["deal"], (*THREE, "all"))
    assert other.slope("deal") == pytest.approx(plain.slope("deal"), rel=1e-9)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.floats(1e-3, 1e6))
def test_order_and_unit_are_nothing(seed: int, unit: float) -> None:
    frame = world(seed, 6, 4, missing=0.2)
    one = ppml(frame, ["deal"], THREE[:2], cluster=THREE[2])
    mixed = frame.sample(fraction=1.0, shuffle=True, seed=seed)
    two = ppml(mixed.with_columns(pl.col("trade") * unit), ["deal"], THREE[:2], cluster=THREE[2])
    assert two.slope("deal") == pytest.approx(one.slope("deal"), rel=1e-7, abs=1e-9)
    errors = [each.table["standard_error"][0] for each in (one, two)]
    assert errors[1] == pytest.approx(errors[0], rel=1e-6)


@pytest.mark.parametrize("seed", [0, 2])
def test_sizes_of_twelve_orders_of_magnitude(seed: int) -> None:
    # Levels hang together by rows of little trade: dividing by the diagonal is not enough there.
    draw = np.random.default_rng(seed)
    frame = world(seed, 21, 3, missing=0.6, zeros=0.5)
    sizes = {f"C{n:02d}": float(np.exp(draw.normal(0, 4))) for n in range(21)}
    grown = frame.with_columns(
        pl.col("trade")
        * pl.col("exporter").replace_strict(sizes)
        * pl.col("importer").replace_strict(sizes)
    )
    assert grown["trade"].max() > 1e12 * grown.filter(pl.col("trade") > 0)["trade"].min()  # type: ignore[operator]
    found = ppml(grown, ["deal"], THREE)
    for effect in THREE:
        assert margins(grown, found, effect.split("^")) < 1e-8


# Computed by pyfixest 0.60 (fepois and feols, CRV1 by directed pair), of AGTPA's data every fourth
# year, trade at home included, without its singletons and levels without trade.
PYFIXEST = {
    ("ppml", "stata"): (0.56710553, 0.10351158),
    ("ppml", "fixest"): (0.56710553, 0.10506163),
}


@pytest.mark.parametrize("convention", ["stata", "fixest"])
def test_both_conventions_of_errors(convention: str) -> None:
    effects = ("exporter^year", "importer^year", "exporter^importer")
    frame = data.panel()
    found = ppml(frame, ["rta"], effects, cluster="pair_id", convention=convention)  # type: ignore[arg-type]
    row = found.table.row(0, named=True)
    told = (row["estimate"], row["standard_error"])
    assert told == pytest.approx(PYFIXEST["ppml", convention], abs=2e-8)
    assert convention in found.errors


@pytest.mark.filterwarnings("ignore")  # of pyfixest's own use of pandas
@pytest.mark.parametrize("effects", [(), THREE[:2], THREE])
@pytest.mark.parametrize("cluster", [None, "exporter^importer", ("exporter", "importer")])
@pytest.mark.parametrize("method", ["ppml", "ols"])
def test_the_same_as_pyfixest(
    effects: tuple[str, ...], cluster: str | tuple[str, ...] | None, method: str
) -> None:
    import pyfixest

    frame = world(5, 10, 6).filter(pl.col("trade") > 0)
    outcome = "trade" if method == "ppml" else "log(trade)"
    words = (["noise", "deal"], effects)
    if method == "ppml":
        found = ppml(frame, *words, cluster=cluster, convention="fixest")
    else:
        found = ols(frame, *words, cluster=cluster, convention="fixest")
    formula = f"{outcome} ~ noise + deal" + (f" | {' + '.join(effects)}" if effects else "")
    data = frame.with_columns(pair=pl.col("exporter") + pl.col("importer")).to_pandas()
    fit = pyfixest.fepois if method == "ppml" else pyfixest.feols
    vcov: object = {"CRV1": "pair" if isinstance(cluster, str) else "exporter + importer"}
    vcov = "hetero" if cluster is None else vcov
    formula = formula.replace("log(trade)", "np.log(trade)")
    accurate = pyfixest.MapDemeaner(fixef_tol=1e-12)
    more = {"iwls_tol": 1e-12} if method == "ppml" else {}
    theirs = fit(formula, data, vcov=vcov, fixef_rm="singleton", demeaner=accurate, **more)
    names = ["noise", "deal"]
    assert found.rows == theirs._N
    ours = found.table["estimate"].to_numpy()
    assert ours == pytest.approx(theirs.coef()[names].to_numpy(), abs=1e-7)
    errors = found.table["standard_error"].to_numpy()
    assert errors == pytest.approx(theirs.se()[names].to_numpy(), rel=1e-6)


def test_levels_without_trade_and_lonely_rows_go_until_nothing_changes() -> None:
    frame = pl.DataFrame(
        {
            "exporter": ["A", "A", "A", "B", "B", "B", "C", "C", "D"],
            "importer": ["A", "B", "C", "A", "B", "C", "A", "B", "E"],
            "trade": [3.0, 1.0, 0.0, 2.0, 5.0, 0.0, 1.0, 2.0, 7.0],
            "x": [1.0, 2.0, 0.0, 4.0, 0.0, 1.0, 1.0, 1.5, 2.0],
        }
    )
    found = ppml(frame, ["x"], ["exporter", "importer"])
    # D is alone; nobody sells to C.
    assert found.rows == 6
    assert found.dropped.rows() == [
        ("alone at this level", "exporter", 1),
        ("no trade at this level", "importer", 2),
    ]


def truly_separated(frame: pl.DataFrame, covariates: list[str], effects: list[str]) -> set[int]:
    """By linear programming, again and again: the rows that some combination tells apart."""
    parts = [frame[name].to_numpy()[:, None] for name in covariates]
    parts += [frame[name].to_dummies().to_numpy() for name in effects]
    design = np.hstack(parts).astype(float)
    trade = frame["trade"].to_numpy() > 0
    left, found = np.flatnonzero(~trade), set[int]()
    while len(left):
        count = design.shape[1]
        told = optimize.linprog(
            -design[left].sum(axis=0),
            A_eq=design[trade],
            b_eq=np.zeros(int(trade.sum())),
            A_ub=np.vstack([-design[left], design[left]]),
            b_ub=np.r_[np.zeros(len(left)), np.ones(len(left))],
            bounds=[(None, None)] * count,
        )
        apart = design[left] @ np.asarray(told.x) > 1e-6
        if not apart.any():
            break
        found |= {int(row) for row in left[apart]}
        left = left[~apart]
    return found


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 100_000), st.floats(0.3, 0.8))
def test_separated_rows_are_those_of_a_linear_program(seed: int, zeros: float) -> None:
    frame = world(seed, 5, 1, zeros=zeros).with_columns(
        deal=(pl.col("noise") > 0.8).cast(pl.Float64)
    )
    effects = ["exporter", "importer"]
    try:
        found = ppml(frame, ["deal"], effects)
    except StatisticsError:
        return  # too little is left to tell the slope
    used = set(found.fitted["row"].to_list())
    separated = truly_separated(frame, ["deal"], effects)
    assert not used & separated
    # What else is left out is alone at a level once these are gone.
    others = frame.height - len(used | separated)
    alone = found.dropped.filter(reason="alone at this level")["rows"].to_list()
    assert others <= sum(alone)


def test_a_covariate_that_separates() -> None:
    frame = world(4, 8, 4, zeros=0.1)
    # In force on some rows without trade only.
    never = ((pl.col("trade") == 0) & (pl.col("noise") > 0)).cast(pl.Float64)
    with pytest.raises(StatisticsError, match="never cannot be told from the fixed effects"):
        ppml(frame.with_columns(never=never), ["deal", "never"], THREE[:2])
    mixed = (never + 0.5 * (pl.col("noise") < -1)).alias("mixed")
    frame = frame.with_columns(mixed, other=0.5 * (pl.col("noise") < -1).cast(pl.Float64))
    found = ppml(frame, ["deal", "mixed", "other"][:2], THREE[:2])
    assert found.residual < 1e-8


BASE = world(3, 6, 4)


@pytest.mark.parametrize(
    ("frame", "words", "said"),
    [
        (BASE.with_columns(trade=-pl.col("trade")), {}, "trade is negative in .* rows"),
        (BASE.with_columns(trade=pl.lit(0.0)), {}, "trade is 0 in every row"),
        (BASE.with_columns(deal=pl.lit(None, pl.Float64)), {}, "deal is no number in"),
        (BASE.with_columns(deal=pl.lit(float("nan"))), {}, "deal is no number in"),
        (BASE.with_columns(deal=pl.lit("yes")), {}, r"deal is no number in .*, such as 'yes'"),
        (BASE.with_columns(deal=pl.lit("1")), {}, "deal holds String, not numbers"),
        (BASE, {"covariates": ["near"], "effects": THREE}, "near cannot be told from the fixed"),
        (BASE.with_columns(deal=pl.lit(1.0)), {}, "deal cannot be told .*the same in every row"),
        (BASE.with_columns(trade=pl.lit(2.0)), {"effects": ["exporter"]}, "the same in every row"),
        (BASE, {"covariates": ["deal*period=9"]}, "no row has period=9; there are 0, 1, 2"),
        (BASE, {"covariates": ["deal*exporter=C1"]}, "exporter=C1; did you mean 'C01'"),
        (BASE, {"covariates": ["deal*perod=1"]}, "no column 'perod'; did you mean 'period'"),
        (BASE, {"covariates": ["deals"]}, "no column 'deals'; did you mean 'deal'"),
        (BASE, {"covariates": ["deal", "deal"]}, "deal is given twice"),
        (BASE, {"covariates": ["log(deal)"]}, r"log\(deal\) needs deal above 0"),
        (BASE, {"effects": ["exporter^importer^period"]}, "every row is alone at a level"),
        (BASE.head(0), {}, "there are no rows"),
        (BASE.with_columns(exporter=pl.lit(None, pl.String)), {"effects": ["exporter"]},
         "exporter is blank in"),
        (BASE.with_columns(c=pl.lit(1)), {"cluster": "c"}, "two clusters or more"),
    ],
)  # fmt: skip
def test_what_is_refused(frame: pl.DataFrame, words: dict[str, object], said: str) -> None:
    asked = {"covariates": ["deal"], **words}
    with pytest.raises(StatisticsError, match=said):
        ppml(frame, **asked)  # type: ignore[arg-type]


def test_products_and_values_are_the_columns_made_by_hand() -> None:
    frame = world(8, 8, 4).with_columns(size=pl.col("noise").exp())
    by_hand = frame.with_columns(
        late=(pl.col("deal") * (pl.col("period") == 2)),
        mixed=pl.col("size").log() * pl.col("deal"),
    )
    words = ["deal", "deal*period=2", "log(size)*deal"]
    ours = ppml(frame, words, THREE[:2])
    theirs = ppml(by_hand, ["deal", "late", "mixed"], THREE[:2])
    assert ours.covariance == pytest.approx(theirs.covariance)
    assert list(ours.slopes) == words
    # A column of that very name is itself.
    named = by_hand.rename({"late": "deal*period=2"})
    own = ppml(named, words, THREE[:2])
    assert list(own.slopes.values()) == pytest.approx(list(ours.slopes.values()))


def test_rows_are_told_as_in_a_file_where_the_heading_is_the_first() -> None:
    frame = BASE.with_row_index("n").with_columns(
        trade=pl.when(pl.col("n") == 1).then(-1.0).otherwise("trade"),
        deal=pl.when(pl.col("n").is_in([0, 4])).then(None).otherwise("deal"),
    )
    with pytest.raises(StatisticsError, match=r"trade is negative in row 3;") as told:
        ppml(frame, ["deal"])
    assert "deal is no number in 2 rows (2, 6);" in str(told.value)


def test_a_covariate_of_separated_rows_alone_says_so() -> None:
    frame = world(7, 8, 4).with_columns(
        trade=pl.when(pl.col("deal") == 1).then(0.0).otherwise("trade")
    )
    with pytest.raises(StatisticsError, match=r"deal cannot .*are left out before \(separation\)"):
        ppml(frame, ["deal"], THREE[:2])


def test_everything_wrong_is_told_at_once() -> None:
    with pytest.raises(StatisticsError) as told:
        ppml(BASE.with_columns(deal=pl.lit(None, pl.Float64), trade=-1.0), ["deal"])
    assert "trade is negative" in str(told.value)
    assert "deal is no number" in str(told.value)


@pytest.mark.parametrize(
    "effects",
    [
        ("exporter^period", "period^exporter", "importer^period"),
        ("exporter", "period", "exporter^period", "importer^period"),
    ],
)
def test_effects_that_follow_from_others_change_nothing(effects: tuple[str, ...]) -> None:
    one, two = (ppml(BASE, ["deal"], each) for each in (THREE[:2], effects))
    assert two.slope("deal") == pytest.approx(one.slope("deal"), rel=1e-9)
    assert two.residual < 1e-8


@pytest.mark.parametrize("unit", [1e-200, 1e200])
def test_units_of_any_size(unit: float) -> None:
    found = ppml(BASE.with_columns(pl.col("trade") * unit), ["deal"], THREE[:2])
    plain = ppml(BASE, ["deal"], THREE[:2])
    columns = ["estimate", "standard_error"]
    ours, theirs = (each.table.select(columns).to_numpy() for each in (found, plain))
    assert ours == pytest.approx(theirs, rel=1e-6)
    assert found.r_squared == pytest.approx(plain.r_squared)


def test_effects_alone() -> None:
    found = ppml(BASE, [], THREE[:2])
    assert found.table.is_empty()
    assert margins(BASE, found, ["exporter", "period"]) < 1e-8


def test_draws_have_the_covariance_of_the_estimate() -> None:
    found = ppml(world(6, 10, 5), ["deal", "noise"], THREE[:2], cluster=THREE[2])
    drawn = found.draws(20_000, seed=1)
    assert np.cov(drawn.T) == pytest.approx(found.covariance, rel=0.1, abs=1e-4)
