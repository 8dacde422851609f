"""The Mann-Kendall tests: published results, ties, gaps, series too short, and what must not change a result."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pandas as pd
import pymannkendall
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from carbonacct import mann_kendall
from carbonacct.errors import PanelError
from carbonacct.units import registry

# pyMannKendall 1.4.2 (Hussain and Mahmud, JOSS 4 (2019) 1556), its own test data: 360 values, 7 of them missing.
# method: trend, p, z, tau, S, var(S)
PUBLISHED = {
    "original": (
        "none",
        0.37591058740506833,
        -0.8854562842589916,
        -0.03153167653875869,
        -1959,
        4889800.333333333,
    ),
    "hamed-rao": (
        "decreasing",
        0.00012203829241275166,
        -3.8419950613710894,
        -0.03153167653875869,
        -1959,
        259723.81316716125,
    ),
    "yue-wang": (
        "decreasing",
        0.008401398144858296,
        -2.6354977553857504,
        -0.03153167653875869,
        -1959,
        551950.4269211816,
    ),
    "pre-whitening": (
        "none",
        0.9212742990272651,
        -0.09882867695903437,
        -0.003545066045066045,
        -219,
        4865719.0,
    ),
    "trend-free-pre-whitening": (
        "none",
        0.7755465706913385,
        -0.28512735834365455,
        -0.010198135198135198,
        -630,
        4866576.0,
    ),
}
SEASONAL = (
    "decreasing",
    0.03263834596177739,
    -2.136504114534638,
    -0.0794979079497908,
    -399,
    34702.333333333336,
)
SLOPE, SEASONAL_SLOPE = -0.006369426751592357, -0.08695652173913043
REFERENCE = {
    "original": pymannkendall.original_test,
    "hamed-rao": pymannkendall.hamed_rao_modification_test,
    "yue-wang": pymannkendall.yue_wang_modification_test,
    "pre-whitening": pymannkendall.pre_whitening_modification_test,
    "trend-free-pre-whitening": pymannkendall.trend_free_pre_whitening_modification_test,
}
few = settings(max_examples=40)
series = st.lists(st.integers(-50, 50), min_size=3, max_size=25)


def published_series() -> pd.DataFrame:
    """Return the 360 values under the steps 0 to 359."""
    values = pd.read_csv("tests/data/pymannkendall_series.csv", skip_blank_lines=False)["value"]
    return pd.DataFrame({"year": range(len(values)), "value": values})


def run_one(values, **options) -> pd.Series:
    """Return the result of one series of consecutive years."""
    return mann_kendall(
        pd.DataFrame({"year": range(2000, 2000 + len(values)), "value": values}), **options
    ).iloc[0]


def assert_published(found, expected):
    """Compare a result with a published one to 1e-10 of its size."""
    assert found["trend"] == expected[0]
    for name, number in zip(("p", "z", "tau", "s", "var_s"), expected[1:], strict=True):
        assert found[name] == pytest.approx(number, rel=1e-10, abs=0), name


@pytest.mark.parametrize("method", PUBLISHED)
def test_published_results_of_five_tests(method):
    """Each variant gives the results that pyMannKendall publishes, and the slope of the series as given."""
    found = mann_kendall(published_series(), method=method).iloc[0]
    assert_published(found, PUBLISHED[method])
    assert found["slope"] == pytest.approx(SLOPE, rel=1e-10)
    assert found["n"] == (
        353 if method not in {"pre-whitening", "trend-free-pre-whitening"} else 352
    )


def test_published_result_of_the_seasonal_test():
    """Months pooled over years give the published seasonal test."""
    table = published_series()
    table = table.assign(month=table["year"] % 12, year=table["year"] // 12)
    found = mann_kendall(table, by="month", pool="month")
    assert len(found) == 1
    assert_published(found.iloc[0], SEASONAL)
    assert found.iloc[0]["slope"] == pytest.approx(SEASONAL_SLOPE, rel=1e-10)


@pytest.mark.parametrize(
    "method", [name for name in REFERENCE if name != "trend-free-pre-whitening"]
)
@pytest.mark.parametrize("years", [5, 12, 30])
def test_many_series_agree_with_the_reference_package(method, years):
    """Series with ties and gaps agree with pyMannKendall one by one, wherever it gives a number."""
    values = np.random.default_rng(years).normal(size=(60, years)).cumsum(axis=1)
    values[::2] = np.round(values[::2])
    values[1::5, 1] = np.nan
    found = mann_kendall(
        xr.DataArray(values, dims=("area", "year"), coords={"year": range(1990, 1990 + years)}),
        method=method,
    )
    compared = 0
    for row, one in enumerate(values):
        with (
            warnings.catch_warnings(action="ignore"),
            np.errstate(all="ignore"),
        ):  # the reference divides by zero
            expected = REFERENCE[method](one)
        if (
            math.isnan(expected.var_s)
            or found["reason"].values[row]
            or np.nanmax(one) == np.nanmin(one)
        ):
            continue  # of a constant series the reference takes NaN for values that do not tie
        compared += 1
        for name, number in (
            ("s", expected.s),
            ("var_s", expected.var_s),
            ("z", expected.z),
            ("p", expected.p),
            ("tau", expected.Tau),
            ("slope", expected.slope),
        ):
            assert found[name].values[row] == pytest.approx(number, rel=1e-10, abs=1e-12), (
                row,
                name,
            )
        assert str(found["trend"].values[row]) == expected.trend.replace("no trend", "none")
    assert compared > 40


def test_trend_free_pre_whitening_without_ties_agrees_with_the_reference_package():
    """Where no values tie, rounding decides no pair, and the variant agrees as well."""
    values = np.random.default_rng(7).normal(size=(40, 20)).cumsum(axis=1)
    found = mann_kendall(
        xr.DataArray(values, dims=("area", "year")), method="trend-free-pre-whitening"
    )
    for row, one in enumerate(values):
        expected = pymannkendall.trend_free_pre_whitening_modification_test(one)
        assert (found["s"].values[row], found["var_s"].values[row]) == (expected.s, expected.var_s)


def test_ties_by_hand():
    """Values 1, 2, 2, 3: five pairs rise, and one group of two ties takes 18 from 4 * 3 * 13."""
    found = run_one([1, 2, 2, 3])
    assert (found["s"], found["var_s"], found["tau"]) == (5, (156 - 18) / 18, 5 / 6)
    assert found["z"] == pytest.approx(4 / math.sqrt(138 / 18), rel=1e-15)


def test_a_constant_series_has_no_trend():
    """Equal values: S and its variance are 0, z is 0, p is 1; also under every variant."""
    for method in REFERENCE:
        found = run_one([3.5] * 8, method=method)
        assert found[["s", "var_s", "z", "p", "tau", "slope", "trend", "reason"]].tolist() == [
            0,
            0,
            0,
            1,
            0,
            0,
            "none",
            "",
        ]


@pytest.mark.parametrize(
    "values", [[1.0], [1.0, 2.0], [math.nan, 1.0, math.nan, 2.0], [math.nan, math.nan]]
)
def test_too_few_years_are_absent_with_the_reason(values):
    """Fewer than three numbers give no test, and say so."""
    found = run_one(values)
    assert found[["s", "var_s", "z", "p", "tau"]].isna().all()
    assert (found["trend"], found["reason"]) == ("", "fewer than 3 years with a number")
    for method, fewest in (
        ("hamed-rao", 3),
        ("yue-wang", 3),
        ("pre-whitening", 4),
        ("trend-free-pre-whitening", 4),
    ):
        assert (
            run_one(values, method=method)["reason"] == f"fewer than {fewest} years with a number"
        )


def test_a_negative_corrected_variance_is_absent_with_the_reason():
    """Hamed and Rao's correction can turn the variance negative: then there is no z, and S stays."""
    values = np.sin(np.arange(10) * 2.5) + np.random.default_rng(3).normal(
        scale=0.2, size=(50, 10)
    )  # up and down by turns
    found = mann_kendall(xr.DataArray(values, dims=("area", "year")), method="hamed-rao")
    negative = found["reason"].values == "the corrected variance of S is not above zero"
    assert negative.any()
    assert np.isnan(found["z"].values[negative]).all()
    assert np.isfinite(found["s"].values[negative]).all()
    assert (found["trend"].values[negative] == "").all()


def test_missing_years_keep_their_distance_in_the_slope():
    """2000: 0, 2001: 1, 2004: 4 has the slope 1 whether the years between are blank or not in the table at all."""
    blank = run_one([0, 1, math.nan, math.nan, 4])
    left_out = mann_kendall(pd.DataFrame({"year": [2000, 2001, 2004], "value": [0, 1, 4]})).iloc[0]
    assert blank["slope"] == left_out["slope"] == 1
    assert blank.drop("slope").equals(left_out.drop("slope"))


def test_alpha_sets_what_a_trend_is():
    """Seven rising years of which two swap: a trend at 0.05 and none at 0.001."""
    values = [1, 2, 4, 3, 5, 6, 7]
    assert run_one(values, alpha=0.05)["trend"] == "increasing"
    assert run_one(values, alpha=0.001)["trend"] == "none"


def test_lags_limit_what_the_corrections_look_at():
    """One lag gives the result of the reference package's lag=1, and not that of all lags."""
    values = np.random.default_rng(1).normal(size=30).cumsum()
    found = run_one(values, method="yue-wang", lags=1)
    assert found["var_s"] == pytest.approx(
        pymannkendall.yue_wang_modification_test(values, lag=1).var_s, rel=1e-10
    )
    assert found["var_s"] != pytest.approx(run_one(values, method="yue-wang")["var_s"], rel=1e-3)


def test_pooled_areas_are_the_sum_of_their_tests():
    """The regional test adds S and its variance over the areas of a group."""
    table = pd.DataFrame(
        {
            "province": ["P"] * 12 + ["Q"] * 4,
            "area": [*"AAAABBBBCCCC", *"DDDD"],
            "year": [*range(4)] * 4,
            "value": [1, 2, 3, 4, 2, 2, 1, 5, 9, 8, 7, 6, 1, 3, 2, 4],
        }
    )
    single = mann_kendall(table, by=["province", "area"])
    pooled = mann_kendall(table, by=["province", "area"], pool="area")
    assert pooled["province"].tolist() == ["P", "Q"]
    for name in ("s", "var_s", "n"):
        assert pooled[name].tolist() == single.groupby("province")[name].sum().tolist()


@few
@given(series, st.randoms(use_true_random=False))
def test_order_of_rows_and_of_areas_changes_nothing(values, random):
    """Rows in any order give the same result for each area."""
    rows = [
        (area, year, value + shift)
        for area, shift in (("A", 0), ("B", 5))
        for year, value in enumerate(values)
    ]
    table = pd.DataFrame(rows, columns=["area", "year", "value"])
    shuffled = table.sample(frac=1, random_state=random.randint(0, 2**31))
    one, other = (
        mann_kendall(each, by="area").set_index("area").sort_index() for each in (table, shuffled)
    )
    pd.testing.assert_frame_equal(one, other)


@few
@given(series)
def test_reversal_flips_the_sign(values):
    """Time reversed: S, z, tau and the slope change their sign, var(S) and p stay."""
    one, other = run_one(values), run_one(values[::-1])
    assert other[["s", "z", "tau"]].tolist() == (-one[["s", "z", "tau"]]).tolist()
    assert other[["var_s", "p"]].tolist() == one[["var_s", "p"]].tolist()
    assert other["slope"] == pytest.approx(-one["slope"], abs=1e-12)


@few
@given(series)
def test_a_rising_transformation_leaves_the_test(values):
    """S and its variance are about order alone: x cubed plus x has the same."""
    one, other = run_one(values), run_one([value**3 + value for value in values])
    assert (
        other[["n", "s", "var_s", "z", "p", "tau"]].tolist()
        == one[["n", "s", "var_s", "z", "p", "tau"]].tolist()
    )


@few
@given(series, st.sampled_from([0.25, 8, 1024]))
def test_scale_moves_the_slope_alone(values, scale):
    """Another unit (here a power of two, which is exact) scales the slope and leaves the test."""
    one, other = run_one(values), run_one([value * scale for value in values])
    assert other["slope"] == one["slope"] * scale
    assert (
        other[["s", "var_s", "z", "p", "tau", "trend"]].tolist()
        == one[["s", "var_s", "z", "p", "tau", "trend"]].tolist()
    )


@few
@given(series, st.integers(0, 24))
def test_a_missing_year_is_a_year_left_out(values, place):
    """A series with a blank year gives what it gives without the row."""
    table = pd.DataFrame({"year": range(len(values)), "value": np.array(values, dtype=float)})
    place %= len(values)
    blank = table.assign(value=table["value"].where(table["year"] != place))
    pd.testing.assert_frame_equal(mann_kendall(blank), mann_kendall(table.drop(index=place)))


def test_tables_and_arrays_give_the_same():
    """A long table, a Dataset and a DataArray with units give the same numbers under their own labels."""
    table = pd.DataFrame(
        {"area": [*"AAAABBBB"], "year": [*range(2000, 2004)] * 2, "co2": [1.0, 2, 3, 5, 7, 6, 5, 4]}
    )
    data = table.set_index(["area", "year"]).to_xarray()
    with_units = data["co2"].copy(data=registry().Quantity(data["co2"].values, "t"))
    frame = mann_kendall(table, value="co2", by="area").set_index("area")
    for found in (
        mann_kendall(data, value="co2"),
        mann_kendall(data["co2"]),
        mann_kendall(with_units),
        mann_kendall(data.isel(year=[2, 0, 3, 1]), value="co2"),
    ):
        assert isinstance(found, xr.Dataset)
        pd.testing.assert_frame_equal(
            found.to_dataframe(), frame, check_dtype=False, check_index_type=False
        )
    for other in (
        table.set_index(["area", "year"]),
        table.astype({"area": "category"}),
        table.astype({"co2": str}),
    ):
        found = mann_kendall(other, value="co2", by="area")
        assert found["area"].tolist() == ["A", "B"]
        pd.testing.assert_frame_equal(found.drop(columns="area"), frame.reset_index(drop=True))


@pytest.mark.parametrize(
    ("change", "options", "message"),
    [
        ({}, {"value": "co"}, "no column 'co'; did you mean co2"),
        ({}, {"by": "aera"}, "no column 'aera'; did you mean area"),
        ({}, {"over": "yaer"}, "no column 'yaer'; did you mean year"),
        ({}, {"by": ()}, "rows 0 and 2: year 2000 is there twice"),
        (
            {"year": [2000, 2001, 2000, 2000]},
            {},
            "rows 2 and 3: area B, year 2000 is there twice; keep one row",
        ),
        (
            {"year": [2000, 2001.5, 2000, 2001]},
            {},
            "row 1, column 'year': 2001.5 is not a whole year",
        ),
        (
            {"year": [2000, None, 2000, 2001]},
            {},
            "row 1, column 'year': a blank is not a whole year",
        ),
        (
            {"co2": [1, "abc", 2, 3]},
            {},
            "row 1, column 'co2': 'abc' is not a number; correct the cell",
        ),
        (
            {"co2": [1, math.inf, 2, 3]},
            {},
            "row 1, column 'co2': 'inf' is not a number; correct the cell",
        ),
        ({"co2": [True, False, True, True]}, {}, "column 'co2' holds truth values, not numbers"),
        (
            {"year": pd.to_datetime(["2000", "2001", "2000", "2001"])},
            {},
            "column 'year' holds dates, not numbers; correct it",
        ),
        (
            {},
            {"by": ["area", "year"]},
            "'year' cannot both tell the series apart and run along them",
        ),
        ({"area": ["A", None, "B", "B"]}, {}, "row 1: has no area; name what the row is about"),
        ({}, {"method": "hamed"}, "no Mann-Kendall method 'hamed'; did you mean hamed-rao"),
        ({}, {"alpha": 5}, "alpha is 5, not between 0 and 1"),
        ({}, {"lags": 0}, "lags is 0, not 1 or more"),
        ({}, {"pool": "month"}, "no label to pool over 'month'; known: area"),
        (
            {"s": ["A", "A", "B", "B"]},
            {"by": "s"},
            "the label 's' is the name of a result as well; rename it",
        ),
    ],
)
def test_what_cannot_be_used_is_named(change, options, message):
    """Columns, rows and options that cannot be used are named with their place and near names."""
    table = pd.DataFrame(
        {"area": [*"AABB"], "year": [2000, 2001, 2000, 2001], "co2": [1.0, 2.0, 3.0, 4.0]}
    ).assign(**change)
    with pytest.raises(PanelError, match=message.replace("(", r"\(")):
        mann_kendall(table, **{"value": "co2", "by": "area", **options})


@pytest.mark.parametrize(
    ("array", "options", "message"),
    [
        (xr.DataArray([1.0, 2.0], dims="time"), {}, "no dim 'year'; known: time"),
        (
            xr.DataArray([1.0, 2.0], dims="year", coords={"year": [2000, 2000]}),
            {},
            "year 2000 is there twice; keep one",
        ),
        (
            xr.DataArray([1.0, 2.0], dims="year", coords={"year": ["a", "b"]}),
            {},
            "year 0: a is not a whole year",
        ),
        (xr.DataArray([1.0, np.inf], dims="year"), {}, "value has a number that is not finite"),
        (
            xr.DataArray(np.ones((2, 2)), dims=("area", "year")),
            {"by": "city"},
            "by is city and the arrays have the dims area beside year",
        ),
    ],
)
def test_arrays_that_cannot_be_used_are_named(array, options, message):
    """Dims and coordinates that cannot be used are named."""
    with pytest.raises(PanelError, match=message):
        mann_kendall(array, **options)


def test_a_column_that_is_there_twice():
    """Two columns of one name are not guessed between."""
    table = pd.DataFrame([[2000, 1.0, 2.0]], columns=["year", "co2", "co2"])
    with pytest.raises(PanelError, match="the column 'co2' is there twice; rename one"):
        mann_kendall(table, value="co2")


@pytest.mark.parametrize("method", REFERENCE)
def test_every_fifth_year(method):
    """A panel of every fifth year has the tests of the same values year by year, and a fifth of the slope."""
    values = np.random.default_rng(4).normal(size=12).cumsum()
    yearly = run_one(values, method=method)
    fifth = mann_kendall(
        pd.DataFrame({"year": range(1950, 2010, 5), "value": values}), method=method
    ).iloc[0]
    assert fifth[["n", "s", "trend"]].tolist() == yearly[["n", "s", "trend"]].tolist()
    assert fifth[["var_s", "z", "p", "tau"]].tolist() == pytest.approx(
        yearly[["var_s", "z", "p", "tau"]].tolist(), rel=1e-9
    )
    assert fifth["slope"] == pytest.approx(yearly["slope"] / 5, rel=1e-12)


@pytest.mark.parametrize("method", ["hamed-rao", "yue-wang"])
def test_a_series_with_gaps_has_no_lag_beyond_its_numbers(method):
    """Twice ten equal numbers, 30 years apart, are 20: lags of 20 and more count nothing, alike as they are."""
    values = [3.0, 9.0, 1.0, 8.0, 2.0, 7.0, 0.0, 10.0, 4.0, 5.0]
    series = pd.DataFrame({"year": range(1950, 1990), "value": values + [math.nan] * 20 + values})
    every, own = (mann_kendall(series, method=method, lags=lags) for lags in (None, 19))
    pd.testing.assert_frame_equal(every, own, check_exact=True)
