"""Zeros, signs and equal values: the analytical limits, against closed forms and many digits."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from mpmath import mp, mpf

import carbonacct as ca
from carbonacct.analysis.logarithmic_mean import log_ratio, logarithmic_mean
from carbonacct.errors import PanelError
from tests.analysis.panels import ACTIVITY, effects, two_years

mp.dps = 60


def exact_mean(one: float, other: float) -> float:
    """Return the logarithmic mean with sixty digits."""
    a, b = mpf(one), mpf(other)
    return float(a if a == b else (b - a) / mp.log(b / a))


def by_small_number(before: list[float], after: list[float]) -> list[float]:
    """Return LMDI-I effects of a product with every zero replaced by one number near the limit."""
    with mp.workdps(60):
        tiny = mpf(10) ** -(10**9)
        x0, x1 = ([mpf(value) or tiny for value in side] for side in (before, after))
        v0, v1 = mp.fprod(x0), mp.fprod(x1)
        mean = v0 if v0 == v1 else (v1 - v0) / mp.log(v1 / v0)
        return [float(mean * mp.log(b / a)) for a, b in zip(x0, x1, strict=True)]


@pytest.mark.parametrize(
    "near", [0.0, 1e-16, 3e-16, 1e-12, 1e-9, 1e-6, 1e-3, 0.3, 0.5, 0.7, 2.0, 1e6, 1e200]
)
@pytest.mark.parametrize("size", [1e-280, 1e-5, 1.0, 7.3, 1e80])
def test_the_logarithmic_mean_to_the_last_digits(near, size):
    """It holds near equality and far from it, to four last bits, and is the number itself where both are equal."""
    other = size * (1 + near)
    assert logarithmic_mean(size, other) == pytest.approx(exact_mean(size, other), rel=9e-16)
    assert log_ratio(size, other) == pytest.approx(float(mp.log(mpf(other) / mpf(size))), rel=4e-16)
    assert logarithmic_mean(-size, -other) == -logarithmic_mean(size, other)
    assert logarithmic_mean(other, size) == pytest.approx(logarithmic_mean(size, other), rel=4e-16)


def test_the_logarithmic_mean_at_zero():
    """It is 0 where one value is 0 or the signs differ."""
    one, other = [0.0, 3.0, 0.0, -1.0, -3.0, 0.0], [3.0, 0.0, 0.0, 1.0, 0.0, -3.0]
    assert logarithmic_mean(one, other).tolist() == [0] * len(one)
    assert log_ratio(one, other).tolist() == [0] * len(one)


def test_numbers_of_one_sign_beside_zeros_and_others():
    """Zeros and signs that differ in the same array change nothing of what stands beside them."""
    one, other = [2.0, -2.0, 0.0, -1.0, 3.0, 1e-300], [6.0, -6.0, 5.0, 1.0, 3.0, 1e300]
    mean = [logarithmic_mean(a, b).item() for a, b in zip(one, other, strict=True)]
    assert logarithmic_mean(one, other).tolist() == mean
    assert log_ratio(one, other).tolist() == [
        log_ratio(a, b).item() for a, b in zip(one, other, strict=True)
    ]
    assert log_ratio(one, other) == pytest.approx([np.log(3), np.log(3), 0, 0, 0, 600 * np.log(10)])


@pytest.mark.parametrize("turned", [False, True])
def test_a_change_of_sign_takes_all_from_a_factor_that_comes_from_zero_or_goes_there(turned):
    """The value goes through zero where the sign changes, wherever the other factor begins or ends."""
    a, b = (0.0, 2.0), (-1.0, 3.0)
    made = ca.decompose(
        two_years(a=a[::-1] if turned else a, b=b[::-1] if turned else b), "v = a * b"
    )
    assert effects(made) == {"a": 0, "b": -6 if turned else 6}


def test_offsetting_factors_under_an_unchanged_total():
    """Effects that cancel stay: L(a, a) is a, not 0."""
    made = ca.decompose(two_years(a=(2.0, 4.0), b=(6.0, 3.0)), "v = a * b")
    assert effects(made) == pytest.approx({"a": 12 * np.log(2), "b": -12 * np.log(2)})
    assert made.total.item() == 0


def test_a_factor_that_stays_has_no_effect():
    """An equal factor takes exactly nothing in every method."""
    panel = two_years(a=(2.0, 5.0), b=(3.0, 3.0))
    for method in ("lmdi-1", "lmdi-2", "shapley", "laspeyres", "marshall-edgeworth"):
        assert effects(ca.decompose(panel, "v = a * b", method=method))["b"] == 0


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([2.0, 3.0, 5.0], [2.5, 0.0, 4.0]),
        ([2.0, 0.0, 5.0], [2.5, 3.0, 4.0]),
        ([2.0, 3.0, 5.0], [0.0, 0.0, 4.0]),
        ([2.0, 3.0, 5.0], [0.0, 0.0, 0.0]),
        ([0.0, 3.0, 5.0], [2.0, 0.0, 5.0]),
        ([0.0, 3.0, 5.0], [0.0, 4.0, 6.0]),
        ([0.0, 3.0, 5.0], [0.0, 0.0, 6.0]),
    ],
    ids=[
        "goes",
        "comes",
        "two go",
        "all go",
        "one comes and one goes",
        "stays at zero",
        "another goes under zero",
    ],
)
def test_zeros_are_the_limit_of_small_numbers(before, after):
    """Where a factor comes or goes, effects are what a number of 10^-1000000000 for each zero gives."""
    panel = two_years(**dict(zip("abc", zip(before, after, strict=True), strict=True)))
    made = ca.decompose(panel, "v = a * b * c")
    assert list(effects(made).values()) == pytest.approx(by_small_number(before, after), abs=1e-6)
    assert made.residual.item() == 0


def test_eight_cases_of_ang_and_liu():
    """Ang and Liu (2007), Energy Policy 35, 238-246, table 1: the factor at zero takes the change or none does."""
    cases = [
        ((0, 4), (2, 2), 0, 8),
        ((4, 0), (2, 2), 0, -8),
        ((2, 3), (0, 4), 0, 0),
        ((2, 3), (4, 0), 0, 0),
        ((2, 3), (0, 0), 0, 0),
        ((0, 0), (0, 0), 0, 0),
        ((4, 0), (0, 0), 0, 0),
        ((0, 4), (0, 0), 0, 0),
    ]
    for a, b, other, expected in cases:
        found = effects(ca.decompose(two_years(a=a, b=b), "v = a * b"))
        assert found["a"] == expected, (a, b)
        assert found["b"] in {other, 12 if b == (0, 4) else -8 if b == (4, 0) else 0}


def test_a_fuel_that_vanishes_takes_its_change_in_its_share():
    """Where a sector's energy falls to 0, its share takes the change; a factor of 0/0 has no effect."""
    panel = pd.DataFrame(
        {
            "year": [2010, 2010, 2020, 2020],
            "sector": ["a", "b"] * 2,
            "gdp": [1.0, 1, 2, 2],
            "energy": [3.0, 1, 4, 0],
            "co2": [6.0, 5, 8, 0],
        }
    )
    made = ca.decompose(panel, ACTIVITY)
    gone = made.attribute("sector").sel(sector="b").squeeze("period")
    assert gone.sel(term="energy[sector]/energy").item() == -5
    assert gone.sel(term="co2[sector]/energy[sector]").item() == 0
    assert gone.sum().item() == -5
    assert abs(made.residual.item()) < 1e-14


@pytest.mark.parametrize("method", ["lmdi-1", "shapley", "laspeyres", "marshall-edgeworth"])
def test_an_emission_factor_that_is_not_known_stays_as_it_was(method):
    """0/0 on one side has no effect in any method, whichever side it is."""
    panel = pd.DataFrame(
        {
            "year": [2010, 2010, 2020, 2020],
            "sector": ["a", "b"] * 2,
            "gdp": [1.0, 1, 2, 2],
            "energy": [3.0, 1, 4, 0],
            "co2": [6.0, 5, 8, 0],
        }
    )
    for table in (panel, panel.assign(year=-panel["year"])):
        made = ca.decompose(table, ACTIVITY, method=method)
        assert made.attribute("sector").sel(
            sector="b", term="co2[sector]/energy[sector]"
        ).item() == pytest.approx(0, abs=1e-15)
        assert method not in {"lmdi-1", "shapley"} or abs(made.residual.item()) < 1e-14


def test_a_fuel_that_an_area_never_had_has_no_effect():
    """0/0 on both sides, or no rows at all, is no cell."""
    panel = pd.DataFrame(
        {
            "year": [0, 0, 1, 1],
            "fuel": ["a", "b"] * 2,
            "energy": [3.0, 0, 4, 0],
            "co2": [6.0, 0, 9, 0],
        }
    )
    identity = "co2 = energy * energy[fuel]/energy * co2[fuel]/energy[fuel]"
    with_zeros, without = (
        ca.decompose(panel, identity),
        ca.decompose(panel[panel["fuel"] == "a"], identity),
    )
    assert np.array_equal(with_zeros.effects, without.effects)
    blank = ca.decompose(
        panel.assign(
            energy=panel["energy"].replace(0, np.nan), co2=panel["co2"].replace(0, np.nan)
        ),
        identity,
    )
    assert np.array_equal(blank.effects, without.effects)


def test_a_factor_that_changes_its_sign_takes_the_change():
    """A stock change from -5 to 3 leads its emissions through zero: it takes the way down and the way up."""
    panel = two_years(stock=(-5.0, 3.0), factor=(2.0, 2.5))
    assert effects(ca.decompose(panel, "v = stock * factor")) == {"stock": 17.5, "factor": 0}
    twice = ca.decompose(two_years(a=(-5.0, 3.0), b=(-2.0, 2.5)), "v = a * b")
    assert effects(twice) == {"a": -1.25, "b": -1.25}


def test_negative_on_both_sides_is_the_mirror_of_positive():
    """Net exports of -5 and -8: effects are those of 5 and 8 with the sign turned."""
    positive = ca.decompose(two_years(trade=(5.0, 8.0), factor=(2.0, 3.0)), "v = trade * factor")
    negative = ca.decompose(two_years(trade=(-5.0, -8.0), factor=(2.0, 3.0)), "v = trade * factor")
    assert np.array_equal(negative.effects, -positive.effects)


def test_a_sector_total_through_zero():
    """The aggregate may pass zero: additive effects add up, a ratio is refused by name."""
    panel = pd.DataFrame(
        {
            "year": [0, 0, 1, 1],
            "part": ["in", "out"] * 2,
            "use": [5.0, -3, 4, -6],
            "factor": [2.0, 2, 3, 2],
        }
    )
    made = ca.decompose(panel, "v = use * factor", sum_over="part")
    assert made.total.item() == -4
    assert abs(made.residual.item()) < 1e-14
    with pytest.raises(
        PanelError,
        match="0 to 1: the total goes from 4 to 0, and the multiplicative form needs a ratio; use the additive form",
    ):
        ca.decompose(
            panel.assign(use=[5.0, -3, 4, -6]).assign(factor=[2.0, 2, 3, 2]).replace({-6.0: -6.0}),
            "v = use * factor",
            sum_over="part",
            form="multiplicative",
        )


def test_what_has_no_limit_is_refused():
    """A factor that divides by zero where there is a value, or turns through it, has no effect that could be right."""
    with pytest.raises(PanelError, match="year=2020: co2/energy divides by zero or through it"):
        ca.decompose(two_years(energy=(3.0, 0.0), co2=(6.0, 5.0)), "co2 = energy * co2/energy")
    with pytest.raises(PanelError, match="divides by zero or through it"):
        ca.decompose(two_years(energy=(3.0, -1.0), co2=(6.0, 5.0)), "co2 = energy * co2/energy")
    with pytest.raises(PanelError, match="divides by zero; correct the denominator"):
        ca.decompose(
            two_years(output=(3.0, 0.0), energy=(1.0, 1.0), co2=(6.0, 5.0)),
            "co2/output = energy/output * co2/energy",
        )


def test_no_small_number_is_added():
    """Sectors that differ by three hundred orders of magnitude keep their exact limits."""
    panel = pd.DataFrame(
        {
            "year": [0, 0, 1, 1],
            "s": ["big", "small"] * 2,
            "use": [1e150, 1e-150, 2e150, 0],
            "factor": [1.0, 1, 1, 1],
        }
    )
    parts = ca.decompose(panel, "v = use * factor", sum_over="s").attribute("s").squeeze("period")
    assert parts.sel(s="small", term="use").item() == -1e-150
    assert parts.sel(s="big", term="use").item() == pytest.approx(1e150)


@pytest.mark.parametrize("form", ["additive", "multiplicative"])
def test_lmdi2_refuses_weights_of_next_to_nothing(form):
    """One sector vanishes by its amount, one appears by its rate: weights of 1e-9 are refused by LMDI-II alone."""
    table = pd.DataFrame(
        {
            "year": [0, 0, 0, 1, 1, 1],
            "sector": list("abc") * 2,
            "x": [5.0, 5, 1, 0, 5, 1],
            "y": [1.0, 0, 1e-9, 1, 1.4, 1e-9],
        }
    )
    table["e"] = table["x"] * table["y"]
    asked = {"sum_over": "sector", "form": form}
    with pytest.raises(PanelError, match="through zero, so lmdi-2 has no weights; use lmdi-1"):
        ca.decompose(table, "e = x * y", method="lmdi-2", **asked)
    found = ca.decompose(table, "e = x * y", method="lmdi-1", **asked).effects.values
    assert np.isfinite(found).all()
    assert (found != 0).all()
    kept = table.assign(y=[1.0, 0, 1, 1, 1.4, 1])
    effects = ca.decompose(
        kept.assign(e=kept["x"] * kept["y"]), "e = x * y", method="lmdi-2", **asked
    )
    assert np.isfinite(effects.effects.values).all()
    assert effects.residual.item() == pytest.approx(
        1.0 if form == "multiplicative" else 0.0, abs=1e-12
    )


@pytest.mark.parametrize("ends", [(0.0, 1.4), (1.4, 0.0)])
def test_lmdi2_refuses_a_part_that_appears_as_one_that_goes(ends):
    """All but a thousand-millionth comes or goes: what stays has no weight, read forwards or backwards."""
    table = pd.DataFrame(
        {"year": [0, 1, 0, 1], "sector": [*"aabb"], "x": [5.0, 5, 1, 1], "y": [*ends, 1e-9, 1e-9]}
    )
    table["e"] = table["x"] * table["y"]
    with pytest.raises(
        PanelError, match=r"parts that stay hold 0\.044 of the weight, the others go through zero"
    ):
        ca.decompose(table, "e = x * y", method="lmdi-2", sum_over="sector")


@pytest.mark.parametrize(
    ("method", "form", "bad", "said"),
    [
        ("lmdi-2", "additive", (0.0, 6.0), "from 0 to 6, and lmdi-2"),
        ("lmdi-2", "multiplicative", (-2.0, 6.0), "from -2 to 6, and the multiplicative form"),
        ("fisher", "multiplicative", (4.0, 0.0), "from 4 to 0, and the multiplicative form"),
    ],
)
@pytest.mark.parametrize("order", ["AB", "BA"])
def test_one_area_without_a_ratio_is_named(method, form, bad, said, order):
    """Beside one that has one, whichever comes first."""
    totals = {"A": (2.0, 3.0), "B": bad}
    rows = [(area, year, totals[area][year], 1.0) for area in order for year in (0, 1)]
    panel = pd.DataFrame(rows, columns=["area", "year", "a", "b"])
    with pytest.raises(PanelError, match=f"area=B, 0 to 1: the total goes {said} needs a ratio"):
        ca.decompose(panel, "v = a * b", by="area", method=method, form=form)


def test_a_label_may_be_called_group():
    """A column group tells areas apart, or is summed over, as any other name."""
    table = pd.DataFrame(
        {
            "group": ["a", "a", "b", "b"],
            "year": [0, 1, 0, 1],
            "x": [1.0, 2, 3, 4],
            "y": [1.0, 3, 2, 2],
        }
    )
    table["e"] = table["x"] * table["y"]
    by_group = ca.decompose(table, "e = x * y", by="group").to_frame()
    renamed = ca.decompose(
        table.rename(columns={"group": "city"}), "e = x * y", by="city"
    ).to_frame()
    assert next(iter(by_group.columns)) == "group"
    pd.testing.assert_frame_equal(by_group.rename(columns={"group": "city"}), renamed)
    summed = ca.decompose(table, "e = x * y", sum_over="group").to_frame()
    assert summed["value"].notna().all()
