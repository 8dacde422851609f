"""Which distribution bounds have, at the edges of each rule, and what it holds."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct.errors import UncertaintyError
from carbonacct.uncertainty.distributions import (
    compute_mean,
    compute_quantiles,
    compute_sd,
    dirichlet_parts,
    normal_quantile,
)
from carbonacct.uncertainty.fitting import CENTRE_TOLERANCE, LARGEST_NORMAL_CV

Z = 1.959963984540054  # of the standard normal at 97.5 %


def even(value, half):
    """Return the kind of bounds at the same distance to both sides."""
    return ca.fit_bounds(value, value - half, value + half).kind


@pytest.mark.parametrize(
    ("cv", "kind"),
    [(0.05, "normal"), (0.299, "normal"), (0.301, "lognormal"), (0.5, "lognormal")],
)
def test_a_percentage_is_normal_up_to_a_coefficient_of_variation_of_30_percent(cv, kind):
    """IPCC 2006, Vol. 1, Ch. 3, 3.2.2.4; half the 95 % range is 1.96 of it."""
    fitted = ca.fit_percent(50.0, 100 * Z * cv)
    assert fitted.kind == kind
    assert compute_mean(fitted) == pytest.approx(50.0)
    assert compute_sd(fitted) == pytest.approx(50.0 * cv)
    assert ca.fit_cv(50.0, cv).kind == kind


def test_thirty_percent_itself_is_normal():
    """Whatever the last bit of a division is."""
    assert (
        ca.fit_cv(50.0, LARGEST_NORMAL_CV).kind
        == ca.fit_percent(50.0, 100 * Z * 0.3).kind
        == "normal"
    )


@pytest.mark.parametrize(
    ("half", "kind"), [(0.58, "normal"), (0.59, "triangular"), (0.9, "triangular")]
)
def test_even_bounds_are_normal_while_they_are_narrow(half, kind):
    """A normal of more than 30 % would reach below 0: 1.96 x 0.3 = 0.588 of the value."""
    assert even(1.0, half) == even(1e6, half * 1e6) == kind


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (100.0, "normal"),
        (100.99, "normal"),
        (99.01, "normal"),
        (101.01, "triangular"),
        (98.9, "lognormal"),
    ],
)
def test_the_centre_may_be_off_by_a_tenth_of_half_the_range(value, kind):
    """Bounds 90 to 110: one to each side; a little below the middle a lognormal has its median and mean."""
    assert CENTRE_TOLERANCE == 0.1
    assert ca.fit_bounds(value, 90.0, 110.0).kind == kind


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (math.sqrt(0.9) - 0.136, "triangular"),
        (math.sqrt(0.9) - 0.134, "lognormal"),  # the median, less a tenth of half of 0.3 to 3
        (1.0, "lognormal"),
        (1.1273 + 0.134, "lognormal"),  # the mean, exp(mu + sigma^2 / 2), and as much
        (1.1273 + 0.136, "triangular"),
    ],
)
def test_a_lognormal_has_its_centre_between_median_and_mean(value, kind):
    """Bounds 0.3 and 3: median sqrt(0.9), sigma ln(10) / 2 / 1.96."""
    sigma = math.log(10) / 2 / Z
    assert math.sqrt(0.9) * math.exp(sigma**2 / 2) == pytest.approx(1.1273, abs=1e-4)
    assert ca.fit_bounds(value, 0.3, 3.0).kind == kind


@pytest.mark.parametrize(
    "kind", ["normal", "lognormal", "triangular", "uniform", "truncated_normal", "beta"]
)
@pytest.mark.parametrize("level", [0.5, 0.9, 0.95, 0.99])
def test_bounds_are_quantiles_at_their_level(kind, level):
    """A 90 % range is wider than its 95 % distribution says: the tails are those of the level."""
    fitted = ca.fit_bounds(0.5, 0.4, 0.62, kind=kind, level=level)
    tails = np.array([(1 - level) / 2, (1 + level) / 2])
    np.testing.assert_allclose(compute_quantiles(fitted, tails), [0.4, 0.62], rtol=1e-6)
    assert fitted.level == level


@pytest.mark.parametrize(
    ("kind", "value", "lower", "upper", "centre"),
    [
        ("normal", 1.0, 0.1, 1.9, None),  # wider than it would be taken of itself, and centred
        ("normal", 1.2, 0.1, 1.9, "1"),
        ("normal", 100.9, 90.0, 110.0, None),
        ("normal", 102.0, 90.0, 110.0, "100"),
        ("normal", 98.0, 90.0, 110.0, "100"),
        ("lognormal", 1.0, 0.3, 3.0, None),
        ("lognormal", 2.0, 0.3, 3.0, "0.948683"),
    ],
)
def test_a_kind_of_ones_own_says_where_it_is_centred(kind, value, lower, upper, centre):
    """Where that is more than a tenth of half the range away from the value, and there alone."""
    said = [one.message for one in ca.fit_bounds(value, lower, upper, kind=kind).findings]
    assert len(said) == (centre is not None)
    assert all(f"is centred at {centre}, not at {value:g}" in one for one in said)


@given(st.floats(0, 1), st.floats(0.5, 0.99), st.floats(0.1, 1e4))
def test_a_triangle_keeps_its_mode_wherever_that_lies(place, level, size):
    """Also at a bound: the ends solve both tails."""
    lower, upper = size, 3 * size
    mode = lower + place * (upper - lower)
    fitted = ca.fit_bounds(mode, lower, upper, kind="triangular", level=level)
    low, at, high = fitted.shape
    assert at == mode
    assert low <= lower <= mode <= upper <= high
    below = (lower - low) ** 2 / ((high - low) * (mode - low)) if mode > low else 0.0
    above = (high - upper) ** 2 / ((high - low) * (high - mode)) if high > mode else 0.0
    assert below == pytest.approx((1 - level) / 2, rel=1e-6)
    assert above == pytest.approx((1 - level) / 2, rel=1e-6)


@pytest.mark.parametrize("kind", ["normal", "lognormal", "uniform"])
@given(value=st.floats(0.1, 1e4), cv=st.floats(0.01, 0.55))
def test_a_coefficient_of_variation_is_kept(kind, value, cv):
    """Mean and standard deviation are those given; the bounds are the quantiles of the distribution."""
    fitted = ca.fit_cv(value, cv, kind=kind, level=0.9)
    assert fitted.kind == kind
    assert compute_mean(fitted) == pytest.approx(value)
    assert compute_sd(fitted) == pytest.approx(cv * value)
    np.testing.assert_allclose(
        compute_quantiles(fitted, np.array([0.05, 0.95])), [fitted.lower, fitted.upper]
    )


def test_a_uniform_by_hand():
    """From 0 to 10 the 95 % range is 0.25 to 9.75; a coefficient of variation of 1 / sqrt(3) reaches down to 0."""
    assert ca.fit_bounds(5.0, 0.25, 9.75, kind="uniform").shape == pytest.approx(
        (0.0, 10.0), abs=1e-12
    )
    assert ca.fit_cv(5.0, 1 / math.sqrt(3), kind="uniform").shape == pytest.approx(
        (0.0, 10.0), abs=1e-12
    )


@pytest.mark.parametrize("value", [0.0, 7.0, -7.0])
def test_what_is_certain_or_nothing_is_exact(value):
    """No variation, or of nothing."""
    assert ca.fit_cv(value, 0.0).kind == "exact"
    assert ca.fit_cv(0.0, 0.5).kind == "exact"
    assert ca.fit_bounds(value, value, value, positive=False).kind == "exact"


def test_a_removal_is_normal_however_wide():
    """A lognormal of a negative number there is none; its standard deviation is a size."""
    wide = ca.fit_cv(-10.0, 0.8)
    assert (wide.kind, wide.shape) == ("normal", (-10.0, 8.0))
    assert wide.lower < -10 < wide.upper
    with pytest.raises(UncertaintyError, match="gives no lognormal distribution of -10"):
        ca.fit_cv(-10.0, 0.2, kind="lognormal")
    assert ca.fit_bounds(-10, -11, -9, positive=False).kind == "normal"


@pytest.mark.parametrize("level", [0.0, 1.0, -0.1, 95.0])
def test_a_level_lies_between_nothing_and_all(level):
    """0.95 and not 95."""
    with pytest.raises(UncertaintyError, match="is not between 0 and 1"):
        ca.fit_bounds(1, 0.5, 2, level=level)


def test_bounds_at_zero():
    """A quantity that cannot be negative may be nothing; a lognormal may not."""
    assert ca.fit_bounds(1.0, 0.0, 2.0).kind == "triangular"
    assert ca.fit_bounds(1.0, 0.0, 2.0, kind="uniform").findings == ()
    assert [
        one.severity for one in ca.fit_bounds(1.0, 0.0, 2.0, kind="truncated_normal").findings
    ] == ["warning"]
    assert ca.fit_bounds(
        0.5, 0.1, 1.0, kind="beta"
    ).findings  # a fraction of all of it is no quantile of a beta


@pytest.mark.parametrize("kind", ["normal", "lognormal"])
def test_a_centre_that_is_not_the_value_is_said_and_one_that_is_near_is_not(kind):
    """A tenth of half the range is near."""
    assert not ca.fit_bounds(1.005, 0.8, 1.25, kind=kind).findings
    assert not ca.fit_bounds(1.2, 0.8, 1.25, kind="triangular").findings
    (said,) = ca.fit_bounds(1.2, 0.8, 1.25, kind=kind, source="table 2.2").findings
    assert (said.rule, said.where) == ("distribution", "table 2.2")
    assert f"a {kind} distribution with the bounds 0.8 and 1.25 is centred at" in said.message


@given(st.floats(0.05, 0.95), st.floats(1, 1e3))
def test_the_parts_of_a_whole_have_the_variance_of_a_dirichlet(share, concentration):
    """A share s has s (1 - s) / (c + 1); each part alone is a gamma whose sum is divided out."""
    parts = dirichlet_parts({"coal": share, "gas": 1 - share}, concentration, source="survey")
    assert [one.kind for one in parts.values()] == ["gamma", "gamma"]
    assert sum(one.shape[0] for one in parts.values()) == pytest.approx(concentration)
    assert parts["coal"].shape[0] == pytest.approx(share * concentration)
    from scipy import stats  # noqa: PLC0415

    own = stats.beta(share * concentration, (1 - share) * concentration)
    assert own.var() == pytest.approx(share * (1 - share) / (concentration + 1))
    assert (parts["coal"].lower, parts["coal"].upper) == pytest.approx(
        tuple(own.ppf([0.025, 0.975])), rel=1e-6
    )
    assert parts["coal"].source == "survey"


@pytest.mark.parametrize(
    ("shares", "concentration", "said"),
    [
        ({"a": 0.5, "b": 0.5 + 2e-9}, 10, "add up to"),
        ({"a": 1.0, "b": 0.0}, 10, "share of b is 0"),
        ({"a": 0.5, "b": 0.5}, -1, "is not a positive number"),
        ({"a": 0.5, "b": 0.5}, math.inf, "is not a positive number"),
        ({"a": math.nan, "b": 0.5}, 10, "add up to nan"),
    ],
)
def test_shares_that_are_none(shares, concentration, said):
    """They add up to 1, each above 0, known to some degree."""
    with pytest.raises(UncertaintyError, match=said):
        dirichlet_parts(shares, concentration)
    assert dirichlet_parts({"a": 0.5, "b": 0.5 + 5e-10}, 10)
    assert dirichlet_parts({"a": 1.0}, 10)["a"].value == 1.0


def test_the_quantile_of_the_standard_normal():
    """97.5 %, as every table of it prints."""
    assert normal_quantile(0.975) == pytest.approx(Z, rel=1e-12)


@pytest.mark.parametrize("scale", [1e-9, 1e-3, 1e9])
@pytest.mark.parametrize("cv", [0.1, 0.5, 2.0])
def test_a_spread_has_no_unit(scale, cv):
    """Whether a number is in t or in Gt its distribution is one, of a removal as well."""
    for value in (1.0, -1.0):
        plain, other = ca.fit_cv(value, cv), ca.fit_cv(value * scale, cv)
        assert other.kind == plain.kind == ("lognormal" if cv > 0.3 and value > 0 else "normal")
        assert (other.lower, other.upper) == pytest.approx(
            (plain.lower * scale, plain.upper * scale)
        )
    for bounds in ((1.0, 0.9, 1.1), (1.0, 0.3, 3.0), (1.0, 0.9, 2.0), (0.0, -1.0, 1.0)):
        plain, other = (
            ca.fit_bounds(*(one * by for one in bounds), positive=False) for by in (1.0, scale)
        )
        assert other.kind == plain.kind
        p = np.array([0.01, 0.5, 0.99])
        np.testing.assert_allclose(
            compute_quantiles(other, p),
            scale * compute_quantiles(plain, p),
            rtol=1e-9,
            atol=1e-12 * scale,
        )
