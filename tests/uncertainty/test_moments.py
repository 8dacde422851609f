"""Closed moments of totals by hand: what cells share, what divides, and what is summed as noise."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct.errors import UncertaintyError
from carbonacct.uncertainty.agreement import compare_approaches
from carbonacct.uncertainty.computed import Computed
from carbonacct.uncertainty.distributions import Uncertainty, dirichlet_parts, normal_quantile
from carbonacct.uncertainty.moments import combination_moments, match_lognormal
from tests.uncertainty.building import multiply_moments

CV = st.floats(0.01, 0.29)


def factor(name, cv, mean=20.0):
    """Return a normal input with a coefficient of variation."""
    return ca.DrawInput(name, "emission_factor", "coal", ca.fit_cv(mean, cv, kind="normal"))


def model_of(values, inputs, uses, *, powers=None, noise=None, **labels):
    """Return a model of cells of one area; ``noise``: coefficient of variation of each activity."""
    cells = pd.DataFrame(
        {
            "area": "A",
            "year": 2020,
            "flow": [f"flow {i}" for i in range(len(values))],
            "value": values,
        }
        | labels
    )
    options = {}
    if noise is not None:
        options = {
            "activity": [ca.fit_cv(1.0, cv, kind="normal") for cv in noise],
            "activity_of": np.arange(len(values)),
        }
    return ca.build_model(
        cells,
        inputs,
        np.array(uses).reshape(len(values), -1),
        powers=None if powers is None else np.array(powers).reshape(len(values), -1),
        **options,
    )


def total(model):
    """Return mean and standard deviation of the one total."""
    table = ca.approximate(model).table
    return table["mean"].item(), table["sd"].item()


@given(CV, CV)
def test_a_factor_that_two_cells_share_moves_both(one, other):
    """(100 + 50) x cv, against the root of the squares where each has its own."""
    shared = model_of([100.0, 50.0], [factor("a", one)], [[0], [0]])
    assert total(shared) == pytest.approx((150.0, 150 * one))
    own = model_of([100.0, 50.0], [factor("a", one), factor("b", other)], [[0], [1]])
    assert total(own) == pytest.approx((150.0, math.hypot(100 * one, 50 * other)))


@given(CV, CV)
def test_a_product_has_the_variance_of_goodman(ncv, carbon):
    """1 + cv^2 of a product is the product of 1 + cv_i^2."""
    model = model_of([100.0], [factor("ncv", ncv), factor("carbon", carbon)], [[0, 1]])
    wanted = 100 * math.sqrt((1 + ncv**2) * (1 + carbon**2) - 1)
    assert total(model) == pytest.approx((100.0, wanted))
    assert multiply_moments([10.0, 10.0], [10 * ncv, 10 * carbon]) == pytest.approx((100.0, wanted))


@given(CV)
def test_a_row_that_is_used_twice_in_a_cell_is_its_square(cv):
    """E[x^2] = 1 + cv^2 and E[x^4] = 1 + 6 cv^2 + 3 cv^4 of a normal around 1; by quadrature, to a few digits."""
    model = model_of([100.0], [factor("a", cv)], [[0, 0]])
    mean, sd = total(model)
    assert mean == pytest.approx(100 * (1 + cv**2))
    assert sd == pytest.approx(
        100 * math.sqrt(1 + 6 * cv**2 + 3 * cv**4 - (1 + cv**2) ** 2), rel=1e-3
    )


@given(st.floats(0.01, 0.5))
def test_a_divisor_of_a_lognormal_is_exact(sigma):
    """E[1/x] of a lognormal with median 1 is exp(sigma^2 / 2); a product and a quotient move opposite ways."""
    known = Uncertainty(
        "lognormal", 1.0, math.exp(-1.96 * sigma), math.exp(1.96 * sigma), (0.0, sigma)
    )
    one = ca.DrawInput("a", "net_calorific_value", "coal", known)
    mean, covariance = combination_moments(
        model_of([1.0, 1.0], [one], [[0], [0]], powers=[[1], [-1]])
    )
    assert mean == pytest.approx([math.exp(sigma**2 / 2)] * 2)
    variance = math.exp(sigma**2) * (math.exp(sigma**2) - 1)
    assert np.diag(covariance) == pytest.approx([variance] * 2)
    assert covariance[0, 1] == pytest.approx(1 - math.exp(sigma**2), rel=1e-9)


@given(CV, CV, CV)
def test_noise_of_activities_adds_to_that_of_factors(cv, one, other):
    """Var = (sum A)^2 cv^2 + (1 + cv^2) sum A_i^2 cv_i^2, with independent activities A_i and one factor."""
    model = model_of([100.0, 50.0], [factor("a", cv)], [[0], [0]], noise=[one, other])
    wanted = (150 * cv) ** 2 + (1 + cv**2) * ((100 * one) ** 2 + (50 * other) ** 2)
    assert total(model) == pytest.approx((150.0, math.sqrt(wanted)))


def test_what_is_certain_is_held_at_its_mean():
    """Of two shared factors one is known: what is left is the other's."""
    model = model_of([100.0], [factor("a", 0.1), factor("b", 0.2)], [[0, 1]])
    for certain, cv in (([], math.sqrt(1.01 * 1.04 - 1)), ([0], 0.2), ([1], 0.1), ([0, 1], 0.0)):
        mean, covariance = combination_moments(model, certain)
        assert mean == pytest.approx([1.0])
        assert math.sqrt(covariance[0, 0]) == pytest.approx(cv, abs=1e-9)


def test_a_removal_that_shares_a_factor_takes_its_error_away():
    """100 emitted and 100 removed by one factor: nothing is left to be uncertain."""
    mean, sd = total(model_of([100.0, -100.0], [factor("a", 0.2)], [[0], [0]]))
    assert mean == pytest.approx(0, abs=1e-9)
    assert sd == pytest.approx(0, abs=1e-6)
    assert total(model_of([100.0, -40.0], [factor("a", 0.2)], [[0], [0]])) == pytest.approx(
        (60.0, 12.0)
    )


def beside_products(cvs, *, as_equation):
    """Return cells x, y/x, x^2, y and x y, of which the first and the last are equations where asked."""
    inputs = [factor(name, cv) for name, cv in zip("xy", cvs, strict=True)]
    uses = [[0, -1], [1, 0], [0, 0], [1, -1], [0, 1]]
    powers = [[1, 1], [1, -1], [1, 1], [1, 1], [1, 1]]
    cells = pd.DataFrame(
        {"flow": ["a", "b", "c", "d", "e"], "value": [100.0, 60.0, -30.0, 50.0, 20.0]}
    )
    if not as_equation:
        return ca.build_model(cells, inputs, np.array(uses), powers=np.array(powers))
    uses[0] = uses[4] = [-1, -1]
    computed = [
        Computed(np.array([0]), np.ones(1), np.ones((1, 1)), lambda relative: relative),
        Computed(
            np.array([0, 1]),
            np.ones(1),
            np.ones((1, 2)),
            lambda relative: relative.prod(axis=0, keepdims=True),
        ),
    ]
    of = np.array([0, -1, -1, -1, 1])
    return ca.build_model(
        cells, inputs, np.array(uses), powers=np.array(powers), computed=computed, computed_of=of
    )


@given(st.tuples(*[st.floats(0.01, 0.19)] * 2))
def test_an_equation_that_is_a_product_goes_with_others_as_a_product_does(cvs):
    """Draws are the same; moments of x are exact, those of x y beside what has one of its inputs as well."""
    plain, worked = (beside_products(cvs, as_equation=one) for one in (False, True))
    for by in (["flow"], []):
        one, other = (ca.simulate(model, by=by, draws=256).table for model in (plain, worked))
        for name in ("value", "mean", "sd", "lower", "upper"):
            np.testing.assert_allclose(one[name], other[name], rtol=1e-9)
    for certain in ([], [0], [1], [0, 1]):
        (mean, spread), (same, linear) = (
            combination_moments(one, certain) for one in (plain, worked)
        )
        mean, same = mean[plain.combination], same[worked.combination]
        spread, linear = (
            spread[np.ix_(*[plain.combination] * 2)],
            linear[np.ix_(*[worked.combination] * 2)],
        )
        np.testing.assert_allclose(same, mean, rtol=1e-12)
        np.testing.assert_allclose(linear[:4, :4], spread[:4, :4], atol=1e-12)
        np.testing.assert_allclose(linear[4, [0, 3]], spread[4, [0, 3]], atol=1e-12)
        # What both inputs do together is left out: x y has its first order.
        first = sum(cv**2 for number, cv in enumerate(cvs) if number not in certain)
        assert linear[4, 4] == pytest.approx(first, abs=1e-12)
        np.testing.assert_array_equal(linear, linear.T)


@pytest.mark.parametrize(
    ("divisor", "kind"),
    [
        (ca.fit_cv(20.0, 0.2, kind="normal"), "normal"),
        (ca.fit_cv(-20.0, 0.2, kind="normal"), "normal"),
        (Uncertainty("uniform", 1.0, 0.05, 1.95, (0.0, 2.0)), "uniform"),
        (Uncertainty("triangular", 1.0, 0.2, 1.8, (0.0, 1.0, 2.0)), "triangular"),
    ],
)
def test_what_divides_stays_away_from_0(divisor, kind):
    """Mean and deviation of 1/x hang on the few draws next to 0: neither draws nor moments settle."""
    inputs = [ca.DrawInput("coal a tonne", "", "", divisor)]
    cells = pd.DataFrame({"flow": ["a"], "value": [100.0]})
    assert ca.build_model(cells, inputs, np.array([[0]])).inputs == tuple(inputs)  # it may multiply
    with pytest.raises(
        UncertaintyError, match=rf"coal a tonne: divides, .*\({kind}\) comes near 0"
    ):
        ca.build_model(cells, inputs, np.array([[0]]), powers=np.array([[-1]]))


@given(st.floats(0.01, 0.19), st.floats(0.01, 1.5))
def test_moments_of_a_divisor(cv, wide):
    """E[1/x] of a normal is 1 + c^2 + 3 c^4 + 15 c^6 + ..., of a lognormal 1 + c^2."""
    cells = pd.DataFrame({"flow": ["a"], "value": [100.0]})
    for known, expected in (
        (ca.fit_cv(20.0, cv, kind="normal"), 1 + cv**2 + 3 * cv**4 + 15 * cv**6),
        (ca.fit_cv(20.0, wide, kind="lognormal"), 1 + wide**2),
    ):
        inputs = [ca.DrawInput("x", "", "", known)]
        model = ca.build_model(cells, inputs, np.array([[0]]), powers=np.array([[-1]]))
        (mean,), _ = combination_moments(model)
        assert mean == pytest.approx(expected, rel=1e-3)


def test_closed_moments_say_that_nothing_was_drawn():
    """No draws, no seed, and the distribution whose bounds they are."""
    found = ca.approximate(model_of([100.0], [factor("a", 0.1)], [[0]]), level=0.9)
    assert (found.level, found.draws, found.seed, found.sampler) == (0.9, 0, 0, "matched lognormal")


def test_shares_and_correlations_have_no_closed_moments():
    """They are drawn."""
    parts = dirichlet_parts({"a": 0.4, "b": 0.6}, 50)
    inputs = [ca.DrawInput(name, "share", "coal", known) for name, known in parts.items()]
    cells = pd.DataFrame({"area": "A", "year": 2020, "flow": ["x", "y"], "value": [4.0, 6.0]})
    model = ca.build_model(cells, inputs, np.array([[0], [1]]), shares=[["a", "b"]])
    with pytest.raises(
        UncertaintyError, match="shares and correlated activities have no closed moments here"
    ):
        ca.approximate(model)


@given(st.floats(1, 1e6), st.floats(0.001, 2), st.sampled_from([0.5, 0.9, 0.95]))
def test_the_matched_lognormal_has_the_moments_that_it_matches(mean, cv, level):
    """Its bounds give back sigma and mu; those of a removal are the mirror."""
    lower, upper = (
        float(bound) for bound in match_lognormal(np.array(mean), np.array(cv * mean), level)
    )
    z = normal_quantile((1 + level) / 2)
    sigma, mu = math.log(upper / lower) / 2 / z, math.log(upper * lower) / 2
    assert math.exp(mu + sigma**2 / 2) == pytest.approx(mean)
    assert math.expm1(sigma**2) == pytest.approx(cv**2)
    assert [
        -float(bound) for bound in match_lognormal(np.array(-mean), np.array(cv * mean), level)
    ] == pytest.approx([upper, lower])


def test_where_nothing_is_left_of_a_mean_the_bounds_are_those_of_a_normal():
    """A total of 0 of large parts."""
    lower, upper = match_lognormal(np.array([0.0]), np.array([10.0]))
    assert (lower[0], upper[0]) == pytest.approx((-19.6, 19.6), abs=1e-2)


@pytest.mark.parametrize(
    ("drawn_cv", "level", "said"),
    [
        (0.10, 19.6, ""),
        (0.10, 18.0, ""),  # within a tenth of the larger
        (0.10, 21.5, ""),
        (0.10, 17.5, "factor rows that several categories share have one error"),
        (0.10, 22.0, "Approach 1 takes the larger side of an uneven range for both"),
        (0.10, 0.0, "factor rows that several categories share have one error"),
    ],
)
def test_the_two_approaches_beside_each_other(drawn_cv, level, said):
    """1.96 x 10 % are 19.6 %: said where Approach 1 is more than a tenth away, with the likely cause."""
    model = model_of([100.0, 50.0], [factor("a", drawn_cv)], [[0], [0]])
    found = compare_approaches(model, level, area="A", year=2020)
    assert [one.rule for one in found] == (["approaches-differ"] if said else [])
    if said:
        assert found[0].message.startswith(
            f"A 2020: Approach 1 gives +/- {level:.1f} %, Approach 2 +/- 19.6 %: {said}"
        )


def test_a_total_of_nothing_has_no_percentage_to_compare():
    """Emissions and removals that are equal."""
    model = model_of([100.0, -100.0], [factor("a", 0.1), factor("b", 0.1)], [[0], [1]])
    assert compare_approaches(model, 5.0, area="A", year=2020) == []


@pytest.mark.parametrize(
    ("value", "low", "high", "is_near"),
    [
        (20.0, 0.1, 39.9, True),
        (20.0, 0.3, 39.7, False),
        (0.001, 0.0005, 0.0015, False),
        (0.001, 1e-6, 0.002, True),
    ],
)
def test_how_near_to_0_is_measured_in_parts_of_the_value(value, low, high, is_near):
    """A hundredth of it, whatever its unit makes of it."""
    known = Uncertainty("uniform", value, low, high, (low, high), 1.0)
    cells = pd.DataFrame({"flow": ["a"], "value": [100.0]})
    given = cells, [ca.DrawInput("x", "", "", known)], np.array([[0]])
    if is_near:
        with pytest.raises(
            UncertaintyError, match=r"x: divides, and its distribution .* comes near 0"
        ):
            ca.build_model(*given, powers=np.array([[-1]]))
    else:
        ca.build_model(*given, powers=np.array([[-1]]))
