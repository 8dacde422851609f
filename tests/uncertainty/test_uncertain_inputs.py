"""What is known of an input: which line of one's own counts, whose bounds are taken, and how a range is scaled."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct.errors import UncertaintyError
from carbonacct.factors import load_edition
from carbonacct.uncertainty.distributions import compute_quantiles
from carbonacct.uncertainty.knowledge import Knowledge, find_idle
from carbonacct.uncertainty.uncertain_inputs import (
    ActivitySource,
    Override,
    borrow_bounds,
    choose_activity_sources,
    find_activity_source,
    find_activity_uncertainty,
    find_factor_uncertainty,
    match_override,
    note_exact,
    read_overrides,
    scale,
)

PLANT = {
    "area": "重庆",
    "flow": "thermal_power",
    "product": "raw_coal",
    "category": "1.A.1.a.i",
    "gas": "CO2",
}


def line(place, name="activity", **keys):
    """Return a line of one's own."""
    return Override(name, keys, ca.fit_percent(1.0, 5), place)


@pytest.mark.parametrize(
    ("lines", "place"),
    [
        ([], None),
        ([line("A2")], "A2"),
        ([line("A2", "carbon_content")], None),
        ([line("A2"), line("A3", product="raw_coal")], "A3"),  # the one with most keys
        ([line("A3", product="raw_coal"), line("A2")], "A3"),
        ([line("A2"), line("A3", product="coke")], "A2"),
        ([line("A2", category="1.A"), line("A3", category="1.A.1")], "A3"),  # the nearest category
        ([line("A2", category="1.A.1.a.i"), line("A3", category="1.A.1")], "A2"),
        ([line("A2", category="1.A.10")], None),
        ([line("A2", category="1.A.1.a.i.x")], None),
        ([line("A2", flow="thermal_power", gas="CO2"), line("A3", category="1.A.1")], "A2"),
        ([line("A2", flow="thermal"), line("A3", flow="thermal_power")], "A3"),
    ],
)
def test_the_line_that_says_most_counts(lines, place):
    """A category stands for those below it, and for no other that begins alike."""
    found = match_override(lines, "activity", PLANT)
    assert (found.place if found else None) == place


@pytest.mark.parametrize(
    "keys",
    [
        ({}, {}),
        ({"product": "raw_coal"}, {"gas": "CO2"}),
        ({"category": "1.A"}, {"category": "1.A"}),
    ],
)
def test_two_lines_that_say_as_much_are_refused(keys):
    """Nobody knows which is meant."""
    lines = [line(place, **own) for place, own in zip(("A2", "A3"), keys, strict=True)]
    with pytest.raises(
        UncertaintyError, match="A2 and A3 are equally specific for activity of 重庆 thermal_power"
    ):
        match_override(lines, "activity", PLANT)


@given(
    st.sampled_from(["normal", "lognormal", "triangular", "uniform", "beta", "truncated_normal"]),
    st.floats(0.01, 1e4),
)
def test_a_range_around_one_is_scaled_whole(kind, value):
    """Quantiles and bounds are multiples; whatever the distribution is."""
    relative = ca.fit_bounds(0.5, 0.4, 0.62, kind=kind)
    found = scale(relative, value)
    p = np.array([0.01, 0.025, 0.5, 0.975, 0.99])
    np.testing.assert_allclose(
        compute_quantiles(found, p), compute_quantiles(relative, p) * value, rtol=1e-9
    )
    assert (found.value, found.lower, found.upper) == pytest.approx(
        (value, 0.4 * value, 0.62 * value)
    )
    assert (found.kind, found.level, found.source) == (
        relative.kind,
        relative.level,
        relative.source,
    )


@given(st.floats(0.01, 1e4))
def test_a_beta_that_begins_above_nothing_is_scaled_at_both_ends(value):
    """Between 0.2 and 1.1 of a number, and so between the same parts of the other."""
    relative = replace(ca.fit_bounds(0.5, 0.4, 0.62, kind="beta"), shape=(2.0, 3.0, 0.2, 1.1))
    ends = compute_quantiles(scale(relative, value), np.array([1e-12, 1 - 1e-12]))
    np.testing.assert_allclose(ends, [0.2 * value, 1.1 * value], rtol=1e-3)


def test_kinds_of_statistics():
    """The default comes last, where nothing else is known; unverified numbers only by an explicit word."""
    default = choose_activity_sources("default")
    assert not any(one.system or one.status == "unverified" for one in default)
    assert default[-1].upper == 5
    assert default[-1].reference == "IPCC 2006 Guidelines, Vol. 2, Ch. 1, section 1.5.2.1"
    more = choose_activity_sources("well-developed surveys", allow_unverified=True)
    assert more[-1].upper == 5
    assert "IPCC 2006 Guidelines, Vol. 2, Ch. 2, table 2.15" in {one.reference for one in more}
    assert {f"{one.system} {one.basis}" for one in more if one.system} == {"well-developed surveys"}
    with pytest.raises(
        UncertaintyError,
        match="no kind of statistics 'none'; known: default, well-developed surveys",
    ):
        choose_activity_sources("none")


def kind_of(group, categories, fuel="", upper=10.0):
    """Return a kind of source."""
    return ActivitySource(group, tuple(categories), fuel, "", "", 0.0, upper, "single", "a test")


KINDS = [
    kind_of("plants", ["1.A.1.a"]),
    kind_of("metals", ["1.A.2.a", "1.A.2.b"]),
    kind_of("industry", ["1.A.2"]),
    kind_of("biomass", ["1.A.4"], "biomass"),
    kind_of("homes", ["1.A.4.b"]),
    kind_of("any", ["1.A"]),
]


@pytest.mark.parametrize(
    ("category", "fuel", "group"),
    [
        ("1.A.1.a.i", "solid", "plants"),
        ("1.A.1.a", "solid", "plants"),
        ("1.A.1.b", "solid", "any"),
        ("1.A.2.b", "gas", "metals"),
        ("1.A.2.c", "gas", "industry"),
        ("1.A.4.b", "biomass", "biomass"),  # its fuel says more than its category
        ("1.A.4.b", "gas", "homes"),
        ("1.A.4.a", "gas", "any"),
        ("1.A.20", "gas", "any"),
        ("2.C.1", "", "any"),  # of none: the last
    ],
)
def test_the_kind_of_source_of_a_category(category, fuel, group):
    """The nearest category, and the fuel where the kind is of one."""
    assert find_activity_source(KINDS, category, fuel).group == group


def test_the_range_of_activity_data_is_around_one():
    """The upper end of its kind, half the 95 % range."""
    found = find_activity_uncertainty(KINDS, "1.A.2.b", "gas")
    assert (found.value, found.lower, found.upper) == pytest.approx((1.0, 0.9, 1.1))
    assert found.source == "a test: metals"


OWN = "input,area,flow,product,category,gas,percent,cv,lower,upper,kind,source\n"


def read_own(folder, *lines, names=()):
    """Return the lines of a file of one's own."""
    path = folder / "own.csv"
    path.write_text(OWN + "".join(f"{one}\n" for one in lines), encoding="utf-8")
    return read_overrides(path, names)


@pytest.mark.parametrize(
    ("text", "kind", "value", "lower", "upper"),
    [
        ("10,,,,", "normal", 1.0, 0.9, 1.1),
        (",5,,,", "normal", 1.0, 1 - 0.05 * 1.959964, 1 + 0.05 * 1.959964),
        (
            ",5,,,uniform",
            "uniform",
            1.0,
            1 - 0.95 * 0.05 * math.sqrt(3),
            1 + 0.95 * 0.05 * math.sqrt(3),
        ),
        (",,-10,10,", "normal", 1.0, 0.9, 1.1),
        (",,-10,30,triangular", "triangular", 1.0, 0.9, 1.3),
        (",,-100,30,triangular", "triangular", 1.0, 0.0, 1.3),
    ],
)
def test_a_line_of_ones_own_is_in_percent_of_the_value(tmp_path, text, kind, value, lower, upper):
    """Half the 95 % range, a coefficient of variation, or what lies below and above."""
    (found,) = read_own(tmp_path, f"activity,,industry,,,,{text},a survey")
    assert (found.input, found.keys, found.place) == (
        "activity",
        {"flow": "industry"},
        "own.csv!A2",
    )
    known = found.uncertainty
    assert (known.kind, known.source) == (kind, "a survey")
    assert (known.value, known.lower, known.upper) == pytest.approx((value, lower, upper), abs=1e-6)


def test_a_line_without_a_source_is_its_own(tmp_path):
    """Its place stands for it; names of other sectors are known where they are given."""
    (found,) = read_own(tmp_path, "clinker_output,,,,,,10,,,,,", names=["clinker_output"])
    assert found.uncertainty.source == "own.csv!A2"
    with pytest.raises(UncertaintyError, match=r"own\.csv!A2: no input 'clinker_output'"):
        read_own(tmp_path, "clinker_output,,,,,,10,,,,,")
    with pytest.raises(UncertaintyError, match=r"own\.csv: holds no row; give a table input,area"):
        read_own(tmp_path)


def ipcc(parameter, product):
    """Return a row of the IPCC's tables with bounds."""
    return next(
        row
        for row in load_edition("ipcc-2006").rows
        if (row.parameter, row.product, row.category) == (parameter, product, "")
    )


def test_a_row_with_bounds_keeps_them_and_a_range_is_uniform():
    """Table 1.2: diesel 43.0, 41.4 to 43.3 GJ/t; a row that prints a range alone has any value in it."""
    row = ipcc("net_calorific_value", "diesel")
    found = find_factor_uncertainty(row, row.value)
    assert (found.lower, found.upper, found.source) == (row.lower, row.upper, row.place)
    middle = find_factor_uncertainty(replace(row, value=math.nan), (row.lower + row.upper) / 2)
    assert middle.kind == "uniform"
    none = replace(row, lower=math.nan, upper=math.nan, edition="provincial-2011")
    assert find_factor_uncertainty(none, row.value) is None
    assert (
        find_factor_uncertainty(replace(none, lower=row.lower), row.value) is None
    )  # one bound is no range
    borrowed = find_factor_uncertainty(none, 42.652, bounds_from="ipcc-2006")
    assert borrowed.lower / 42.652 == pytest.approx(row.lower / row.value)


def test_coefficients_of_variation_stand_before_borrowed_bounds():
    """By definition exact (44/12), or as an edition's note prints: electricity coal 3.4 %."""
    row = replace(
        ipcc("net_calorific_value", "diesel"),
        parameter="carbon_to_co2",
        lower=math.nan,
        upper=math.nan,
        product="",
    )
    assert find_factor_uncertainty(row, 44 / 12, bounds_from="ipcc-2006").kind == "exact"
    coal = next(
        one
        for one in load_edition("national-db-2026").rows
        if (one.parameter, one.product) == ("emission_factor", "raw_coal")
    )
    coal = replace(coal, category="1.A.1.a", gas="CO2")
    found = find_factor_uncertainty(replace(coal, lower=math.nan, upper=math.nan), 2.0)
    assert found.shape == pytest.approx((2.0, 0.068))
    for other in ({"category": "1.A.2"}, {"product": "coke"}, {"gas": "CH4"}, {"edition": "ceads"}):
        assert (
            find_factor_uncertainty(replace(coal, lower=math.nan, upper=math.nan, **other), 2.0)
            is None
        )
    below = replace(coal, lower=math.nan, upper=math.nan, category="1.A.1.a.i")
    assert find_factor_uncertainty(below, 2.0) is not None


def test_bounds_are_those_of_the_own_product_first():
    """A substitute's where it has none; in percent of their own value."""
    row = replace(
        ipcc("net_calorific_value", "diesel"), lower=math.nan, upper=math.nan, edition="x"
    )
    diesel, coke = ipcc("net_calorific_value", "diesel"), ipcc("net_calorific_value", "gasoline")
    own = borrow_bounds(row, 10.0, "gasoline", "ipcc-2006")
    assert own.lower == pytest.approx(10 * diesel.lower / diesel.value)
    other = borrow_bounds(replace(row, product="nothing"), 10.0, "gasoline", "ipcc-2006")
    assert other.upper == pytest.approx(10 * coke.upper / coke.value)
    assert borrow_bounds(replace(row, product="nothing"), 10.0, "", "ipcc-2006") is None
    assert borrow_bounds(replace(row, parameter="density"), 10.0, "", "ipcc-2006") is None


def test_lines_that_nothing_uses_are_listed():
    """Five by their place; ranges of a system that nobody could check are said."""
    lines = [line(f"A{n}") for n in range(2, 9)]
    knowledge = Knowledge("default", [], lines, used={"A2"})
    (said,) = find_idle(knowledge)
    assert (
        said.message
        == "6 lines of your own uncertainties are used by nothing: A3, A4, A5, A6, A7 ..."
    )
    (five,) = find_idle(Knowledge("default", [], lines[:6], used={"A2"}))
    assert five.message.endswith("by nothing: A3, A4, A5, A6, A7")
    assert not list(find_idle(Knowledge("default", [], lines[:1], used={"A2"})))
    checked = replace(KINDS[0], system="s", status="single")
    assert not list(find_idle(Knowledge("s surveys", [checked])))
    (found,) = find_idle(Knowledge("s surveys", [replace(checked, status="unverified")]))
    assert (
        found.message
        == "activity uncertainties of s surveys come from a test, which could not be checked against the document"
    )


def test_rows_that_count_as_exact_are_named():
    """Three of them, with their editions; what to do depends on whether bounds were borrowed already."""
    rows = [
        row for row in load_edition("provincial-2011").rows if row.parameter == "carbon_content"
    ][:5]
    said = note_exact(rows, "")
    assert said.message.startswith("5 factor rows have no published uncertainty and count as exact")
    assert said.message.count("provincial-2011") == 3
    assert "--bounds-from" in said.action
    assert "--bounds-from" not in note_exact(rows, "ipcc-2006").action
