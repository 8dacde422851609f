"""Distributions of inputs and what they are fitted to."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import carbonacct as ca
from carbonacct.errors import UncertaintyError
from carbonacct.factors import load_edition
from carbonacct.uncertainty.distributions import (
    Uncertainty,
    compute_mean,
    compute_moment,
    compute_quantiles,
    compute_sd,
    dirichlet_parts,
)

SAME = [
    (Uncertainty("normal", 5, 0, 0, (5.0, 2.0)), stats.norm(5, 2)),
    (Uncertainty("lognormal", 5, 0, 0, (1.5, 0.4)), stats.lognorm(0.4, scale=math.exp(1.5))),
    (
        Uncertainty("truncated_normal", 5, 0, 0, (1.0, 2.0, 0.0, math.inf)),
        stats.truncnorm(-0.5, np.inf, 1, 2),
    ),
    (
        Uncertainty("truncated_normal", 5, 0, 0, (1.0, 2.0, 0.0, 4.0)),
        stats.truncnorm(-0.5, 1.5, 1, 2),
    ),
    (Uncertainty("triangular", 5, 0, 0, (2.0, 5.0, 11.0)), stats.triang(1 / 3, 2, 9)),
    (Uncertainty("uniform", 5, 0, 0, (2.0, 7.0)), stats.uniform(2, 5)),
    (Uncertainty("beta", 0.9, 0, 0, (9.0, 2.0, 0.0, 1.0)), stats.beta(9, 2)),
    (Uncertainty("beta", 0.9, 0, 0, (9.0, 2.0, 0.3, 3.8)), stats.beta(9, 2, 0.3, 3.5)),
    (Uncertainty("gamma", 0.9, 0, 0, (3.0,)), stats.gamma(3)),
]


@pytest.mark.parametrize(("ours", "theirs"), SAME, ids=lambda one: getattr(one, "kind", ""))
def test_quantiles_and_moments_are_those_of_scipy(ours, theirs):
    """Quantiles, mean and standard deviation agree with scipy's distributions."""
    p = np.array([1e-6, 0.025, 0.2, 0.5, 0.8, 0.975, 1 - 1e-6])
    np.testing.assert_allclose(compute_quantiles(ours, p), theirs.ppf(p), rtol=1e-10)
    assert compute_mean(ours) == pytest.approx(theirs.mean(), rel=1e-12)
    assert compute_sd(ours) == pytest.approx(theirs.std(), rel=1e-9)
    assert compute_moment(ours, 0) == 1


@pytest.mark.parametrize("power", [-2, -1, 3])
def test_other_powers(power):
    """Powers of an input that divides: exact for the lognormal, by quadrature for the uniform."""
    mu, sigma = 1.5, 0.4
    assert compute_moment(Uncertainty("lognormal", 5, 0, 0, (mu, sigma)), power) == math.exp(
        power * mu + (power * sigma) ** 2 / 2
    )
    low, high = 2.0, 7.0
    exact = (
        math.log(high / low) / (high - low)
        if power == -1
        else (high ** (power + 1) - low ** (power + 1)) / (power + 1) / (high - low)
    )
    assert compute_moment(Uncertainty("uniform", 5, 0, 0, (low, high)), power) == pytest.approx(
        exact, rel=1e-12
    )


@pytest.mark.parametrize(
    "kind", ["", "normal", "lognormal", "triangular", "uniform", "beta", "truncated_normal"]
)
@pytest.mark.parametrize(
    ("value", "lower", "upper"), [(0.5, 0.4, 0.6), (0.45, 0.3, 0.7), (0.95, 0.9, 0.99)]
)
def test_published_bounds_are_kept(kind, value, lower, upper):
    """Whatever the distribution, its 2.5 % and 97.5 % quantiles are the published bounds, even or uneven."""
    fitted = ca.fit_bounds(value, lower, upper, kind=kind)
    np.testing.assert_allclose(
        compute_quantiles(fitted, np.array([0.025, 0.975])), [lower, upper], rtol=1e-6
    )
    assert (fitted.lower, fitted.upper) == (lower, upper)
    assert not kind or fitted.kind == kind


@given(st.floats(0.01, 1e6), st.floats(0, 1), st.floats(0, 3))
def test_any_bounds_in_order_have_a_distribution(value, below, above):
    """Any bounds round a positive value are held; a bound at the value itself as well."""
    lower, upper = value * (1 - below), value * (1 + above)
    fitted = ca.fit_bounds(value, lower, upper)
    if fitted.kind != "exact":
        np.testing.assert_allclose(
            compute_quantiles(fitted, np.array([0.025, 0.975])),
            [lower, upper],
            rtol=1e-7,
            atol=1e-7 * value,
        )
    assert fitted.findings == ()


def test_choice_of_distribution():
    """Even and narrow: normal; skewed as a lognormal: lognormal; else, or with a bound at the value: triangular."""
    assert ca.fit_bounds(94600, 89500, 99700).kind == "normal"
    assert ca.fit_bounds(1, 0.3, 3).kind == "lognormal"  # methane of coal, table 2.2
    assert ca.fit_bounds(25.8, 19.9, 30.5).kind == "triangular"  # other bituminous coal, table 1.2
    assert ca.fit_bounds(27.5, 27.5, 28.3).kind == "triangular"  # orimulsion, table 1.2
    assert ca.fit_bounds(1, 1, 1).kind == "exact"
    assert ca.fit_percent(1, 58).kind == "normal"
    assert ca.fit_percent(1, 60).kind == "lognormal"


def test_all_published_bounds_of_the_ipcc_have_a_distribution():
    """Each row of the IPCC's tables that prints bounds gets one, and keeps both."""
    rows = [
        row for row in load_edition("ipcc-2006").rows if not math.isnan(row.lower) and row.value > 0
    ]
    kinds = {}
    for row in rows:
        fitted = ca.fit_bounds(row.value, row.lower, row.upper)
        kinds[fitted.kind] = kinds.get(fitted.kind, 0) + 1
        if fitted.kind != "exact":
            np.testing.assert_allclose(
                compute_quantiles(fitted, np.array([0.025, 0.975])),
                [row.lower, row.upper],
                rtol=1e-6,
                atol=1e-9,
            )
    assert len(rows) > 600
    assert set(kinds) <= {"normal", "lognormal", "triangular", "exact"}


def test_large_percentages_are_lognormal_with_the_same_mean():
    """IPCC 2006, Vol. 1, Ch. 3, eq. 3.5 to 3.7: the mean stays, the range is uneven and above 0."""
    fitted = ca.fit_percent(10, 150)
    assert compute_mean(fitted) == pytest.approx(10, rel=1e-12)
    assert compute_sd(fitted) == pytest.approx(10 * 1.5 / 1.959963984540054, rel=1e-12)
    assert fitted.lower > 0
    assert 10 - fitted.lower < fitted.upper - 10


@pytest.mark.parametrize(
    ("kind", "bounds", "words"),
    [
        (
            "lognormal",
            (1, 0, 3),
            "a lognormal distribution cannot hold the lower bound 0: taken as triangular",
        ),
        ("beta", (0.95, 0.9, 1.1), "a beta distribution cannot hold the bounds 0.9 and 1.1"),
        (
            "truncated_normal",
            (1, 0, 2),
            "a truncated normal distribution cannot hold the lower bound 0",
        ),
        ("exact", (1, 0.9, 1.1), "an exact distribution cannot hold the different bounds"),
        (
            "normal",
            (1, 0.9, 3),
            "a normal distribution with the bounds 0.9 and 3 is centred at 1.95, not at 1",
        ),
        (
            "lognormal",
            (2.5, 0.9, 3),
            "a lognormal distribution with the bounds 0.9 and 3 is centred at 1.64317, not at 2.5",
        ),
    ],
)
def test_what_a_distribution_cannot_hold_is_a_finding(kind, bounds, words):
    """A distribution that cannot have the numbers is said, and another keeps the bounds."""
    fitted = ca.fit_bounds(*bounds, kind=kind, what="coal")
    (finding,) = fitted.findings
    assert finding.rule == "distribution"
    assert finding.message.startswith(f"coal: {words}")
    assert (fitted.lower, fitted.upper) == bounds[1:]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda: ca.fit_bounds(1, 2, 0.5, what="coal"),
            "coal: lower bound 2 is above upper bound 0.5; exchange them",
        ),
        (lambda: ca.fit_bounds(3, 1, 2), "value 3 is outside its bounds 1 to 2"),
        (
            lambda: ca.fit_bounds(-26, -28, -24, what="carbon_content of coal"),
            "carbon_content of coal: value -26 is negative; this quantity cannot be",
        ),
        (lambda: ca.fit_bounds(1, -0.5, 2), "lower bound -0.5 is negative"),
        (lambda: ca.fit_bounds(1, math.nan, 2), "no lower bound"),
        (lambda: ca.fit_bounds(1, 0.5, math.nan), "no upper bound"),
        (lambda: ca.fit_bounds(math.nan, 0.5, 2), "no value"),
        (lambda: ca.fit_bounds(1, 0.5, math.inf), "the upper bound is infinite"),
        (lambda: ca.fit_bounds(1, 0.5, 2, level=95), "level 95 is not between 0 and 1"),
        (
            lambda: ca.fit_bounds(1, 0.5, 2, kind="log-normal"),
            "no distribution 'log-normal'; did you mean lognormal",
        ),
        (lambda: ca.fit_percent(1, -5), "uncertainty of -5 %"),
        (lambda: ca.fit_percent(1, math.nan), "uncertainty of nan %"),
        (lambda: ca.fit_cv(1, -0.1), "coefficient of variation -0.1"),
        (lambda: ca.fit_cv(1, 0.1, kind="beta"), "gives no beta distribution"),
        (lambda: dirichlet_parts({"a": 0.5, "b": 0.6}, 10), "shares of a, b add up to 1.1, not 1"),
        (lambda: dirichlet_parts({"a": 1.5, "b": -0.5}, 10), "share of b is -0.5"),
        (
            lambda: dirichlet_parts({"a": 0.5, "b": 0.5}, 0),
            "concentration 0 of shares is not a positive number",
        ),
    ],
)
def test_impossible_numbers(call, words):
    """What cannot be is one line that says what was seen."""
    with pytest.raises(UncertaintyError) as caught:
        call()
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("concentration", [0.5, 2.0, 50.0])
@pytest.mark.parametrize(
    "shares", [{"coal": 0.7, "gas": 0.3}, {"coal": 0.9, "gas": 0.06, "oil": 0.04}, {"coal": 1.0}]
)
def test_a_share_of_a_dirichlet_lies_in_the_interval_of_its_beta(shares, concentration):
    """Its marginal is Beta(a, c - a); a share that is the whole is certain (Johnson and Kotz 1972, ch. 40.5)."""
    for name, part in dirichlet_parts(shares, concentration).items():
        alpha = shares[name] * concentration
        if len(shares) == 1:
            assert (part.lower, part.upper) == (1.0, 1.0)
        else:
            wanted = stats.beta.ppf([0.025, 0.975], alpha, concentration - alpha)
            assert (part.lower, part.upper) == pytest.approx(tuple(wanted), rel=1e-6, abs=1e-12)
        assert part.value == shares[name]
