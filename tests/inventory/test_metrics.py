"""Metrics: values as the assessment reports print them, the origin of methane, and names that are near."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonacct.categories import categories
from carbonacct.errors import MethodError
from carbonacct.inventory.metrics import find_gwp, metric_ids, name_equivalent, origin_of


@pytest.mark.parametrize(
    ("metric", "gas", "origin", "value"),
    [
        # IPCC: SAR WG I (1995), table 4; AR4 WG I (2007), table 2.14; AR5 WG I (2013), tables 8.A.1 and 8.7;
        # AR6 WG I (2021), table 7.15.
        ("SARGWP100", "CH4", "", 21),
        ("SARGWP100", "N2O", "", 310),
        ("SARGWP20", "CH4", "", 56),
        ("AR4GWP100", "CH4", "", 25),
        ("AR4GWP100", "N2O", "", 298),
        ("AR5GWP100", "CH4", "", 28),
        ("AR5GWP100", "CH4", "non-fossil", 28),
        ("AR5GWP100", "CH4", "fossil", 30),
        ("AR5GWP100", "N2O", "", 265),
        ("AR5GWP100", "SF6", "", 23500),
        ("AR5GWP20", "CH4", "non-fossil", 84),
        ("AR5GWP20", "CH4", "fossil", 85),
        ("AR5CCFGWP100", "CH4", "", 34),
        ("AR6GWP100", "CH4", "fossil", 29.8),
        ("AR6GWP100", "CH4", "non-fossil", 27.0),
        ("AR6GWP20", "CH4", "fossil", 82.5),
        ("AR6GWP100", "N2O", "", 273),
        ("AR6GWP100", "N2O", "fossil", 273),
        ("AR6GWP100", "SF6", "", 25200),
    ],
)
def test_values_as_printed(metric, gas, origin, value):
    """What tells origins apart has no value without one."""
    assert find_gwp(metric, gas, origin=origin) == value


@given(st.sampled_from(metric_ids()), st.sampled_from(["", "fossil", "non-fossil"]))
def test_carbon_dioxide_is_one_by_every_metric(metric, origin):
    """Whatever its origin; and the equivalent bears the name of its metric."""
    assert find_gwp(metric, "CO2", origin=origin) == 1
    assert name_equivalent(metric) == f"CO2e ({metric})"


@pytest.mark.parametrize("metric", ["AR5GWP20", "AR6GWP100", "AR6GWP20"])
def test_methane_without_an_origin_has_no_number_where_origins_differ(metric):
    """The mean of two is no published number."""
    with pytest.raises(
        MethodError, match=f"{metric} tells CH4 of fossil and of non-fossil origin apart"
    ):
        find_gwp(metric, "CH4")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (
            ("ar5", "CH4"),
            "no metric 'ar5'; did you mean AR5GWP100, AR5CCFGWP100, AR5GWP20? known: AR4GWP100, ",
        ),
        (("AR6", "CH4"), "no metric 'AR6'; did you mean AR6GWP100, AR6GWP20, AR6GWP500? known: "),
        (("AR5GWP10", "CH4"), "no metric 'AR5GWP10'; did you mean AR5GWP100"),
        (("xx", "CH4"), "no metric 'xx'; known: AR4GWP100, "),
        (("AR5GWP100", "SF"), "AR5GWP100 has no value for SF; did you mean SF6"),
        (("AR5GWP100", "NH3", "fossil"), "AR5GWP100 has no value for NH3 of fossil origin; "),
        (("AR5GWP100", "CH4", "cows"), "no origin 'cows' of methane; known: fossil, non-fossil"),
    ],
)
def test_names_that_are_none_are_said_with_near_ones(asked, said):
    """Who writes AR5 is asked whether a hundred years are meant."""
    metric, gas, *origin = asked
    with pytest.raises(MethodError) as caught:
        find_gwp(metric, gas, origin=origin[0] if origin else "")
    assert str(caught.value).startswith(said)


def test_the_origin_follows_the_category():
    """Methane of mines and gas grids is fossil, of animals and waste it is not; other gases have none."""
    origins = {
        code: origin_of("CH4", code) for code in ("1.B.1.a", "1.B.2", "3.A.1", "4.A", "9.unknown")
    }
    assert origins == {
        "1.B.1.a": "fossil",
        "1.B.2": "fossil",
        "3.A.1": "non-fossil",
        "4.A": "non-fossil",
        "9.unknown": "non-fossil",
    }
    for code in categories():
        assert origin_of("N2O", code) == ""
        assert not math.isnan(find_gwp("AR6GWP100", "CH4", origin=origin_of("CH4", code)))
