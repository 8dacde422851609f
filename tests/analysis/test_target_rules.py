"""What a row of targets asks for: kinds and directions by their words, cuts in %, shares as fractions."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonacct.analysis.target_cells import is_blank, read_target_number, read_target_year
from carbonacct.analysis.target_rules import TargetRule, find_rule, read_number, scale_shares
from carbonacct.data import data_folder, read_rows
from carbonacct.errors import PanelError

DIRECTIONS = read_rows(data_folder() / "vocabulary" / "target_directions.csv")
INDICATORS = read_rows(data_folder() / "vocabulary" / "target_indicators.csv")
CUT, LEVEL = TargetRule("cut", "co2/gdp"), TargetRule("level", "share")


@pytest.mark.parametrize(
    ("word", "row"),
    [
        (word, row)
        for row in DIRECTIONS
        for word in (row["id"], row["id"].replace("_", " ").upper(), *row["words"].split("|"))
    ],
)
def test_each_word_of_a_direction(word, row):
    """Says which kind of target an indicator that the list lacks has, and on which side it is met."""
    rule = find_rule({"indicator": "buses", "direction": f" {word} "})
    assert rule == TargetRule(row["kind"], "buses", at_most=row["id"] == "at_most")


@pytest.mark.parametrize("row", INDICATORS, ids=[row["id"] for row in INDICATORS])
def test_each_indicator_has_its_rule(row):
    """With no word, with its own, and with one that contradicts it."""
    rule = TargetRule(row["kind"], row["of"], at_most=row["direction"] == "at_most")
    for word in (None, math.nan, pd.NA, "", "  ", row["direction"]):
        assert find_rule({"indicator": row["id"], "direction": word}) == rule
    assert find_rule({"indicator": row["id"]}) == rule
    if row["kind"] != "level":
        assert find_rule({"indicator": row["id"], "direction": row["kind"]}) == rule
    others = {"at_most", "at_least", "cut", "rise"} - {row["direction"], row["kind"]}
    for word in others:
        with pytest.raises(
            PanelError,
            match=f"{row['id']}: the direction '{word}' contradicts the indicator, which is",
        ):
            find_rule({"indicator": row["id"], "direction": word})


def test_a_direction_or_an_indicator_that_is_none():
    """With near ones where there are some."""
    with pytest.raises(
        PanelError, match=r"buses: the direction 'at_lest' is not known; did you mean at_least"
    ):
        find_rule({"indicator": "buses", "direction": "at_lest"})
    with pytest.raises(
        PanelError,
        match=r"buses: the direction 5 is not known; write at_least, at_most, cut or rise",
    ):
        find_rule({"indicator": "buses", "direction": 5})
    with pytest.raises(
        PanelError, match=r"use an indicator of the list \(did you mean co2_per_gdp_cut, "
    ):
        find_rule({"indicator": "co2_per_gdp_cuts"})
    with pytest.raises(PanelError, match=r"use an indicator of the list$"):
        find_rule({"indicator": "zzz"})


@pytest.mark.parametrize(
    ("unit", "number", "cut"),
    [
        ("%", 17, 0.17),
        (" ％ ", 17, 0.17),
        ("Percent", 1, 0.01),
        ("%", 99.9, 0.999),
        ("", 0.17, 0.17),
        (None, 0.17, 0.17),
        (math.nan, 0.17, 0.17),
        (pd.NA, 0.17, 0.17),
        ("1", 0.001, 0.001),
        ("fraction", 0.99, 0.99),
    ],
)
def test_a_cut_is_a_fraction(unit, number, cut):
    """In % or without a unit."""
    assert read_number({"indicator": "c", "unit": unit}, CUT, number) == pytest.approx(
        cut, rel=1e-15
    )


@pytest.mark.parametrize(
    ("unit", "number", "said"),
    [
        ("%", 0.5, r"0\.5 % is not a cut; 17 % is 17 with the unit %"),
        ("%", 100, "100 % is not a cut"),
        ("%", 0, "0 % is not a cut"),
        ("", 17, "17 is not a cut; 17 % is 0.17 without a unit, or 17 with the unit %"),
        ("", 1, "1 is not a cut"),
        ("", 0, "0 is not a cut"),
        ("", -0.1, "-0.1 is not a cut"),
        ("t", 0.1, "a cut is in % or a fraction .unit 1., not in t"),
    ],
)
def test_what_is_no_cut(unit, number, said):
    """Nothing, everything, and a percentage without its sign."""
    with pytest.raises(PanelError, match=f"c: {said}"):
        read_number({"indicator": "c", "unit": unit}, CUT, number)


def test_a_level_stays_in_its_unit():
    """Whatever its unit and number."""
    for number in (-5, 0, 0.5, 17, 1e6):
        assert read_number({"indicator": "c", "unit": "t"}, LEVEL, number) == number


def scale(values, number, unit="%", base=0.0):
    """Return how a column is read for a target."""
    return scale_shares(
        pd.Series(values, dtype=float), {"indicator": "share", "unit": unit}, number, base
    )


@pytest.mark.parametrize(
    ("values", "number", "unit", "base", "found"),
    [
        ([0.1, 0.2], 20, "%", 0, 100),
        ([0.1, 0.2], 20, "百分比", 0, 100),
        ([0.1, None, 0.2, 0.0], 20, "%", 0, 100),  # what is nothing or lacks tells nothing
        ([10, 20], 20, "%", 0, 1),
        ([0.1, 1.01], 20, "%", 0, 1),  # above one: a percentage
        ([0.1, 1.0], 90, "%", 0, 100),
        ([0.5, 0.8], 1, "%", 0, 1),
        ([0.1, 0.2], 20, "t", 0, 1),
        ([0.1, 0.2], 20, None, 0, 1),
        ([0.1, 0.2], -20, "%", 0, 1),
        ([0.1, 0.2], 0, "%", 0, 1),
        ([-0.1, 0.2], 20, "%", 0, 1),
        ([None, None], 20, "%", 0, 1),
        ([0.0, 0.0], 20, "%", 0, 1),
        ([0.2], 99, "%", 0, 100),  # nearly five times the share
        ([0.9], 4.4, "%", 0, 1),
        ([0.20, 0.24], 3, "%", 0.2, 100),  # a rise by 3 points on 20
        ([0.20, 0.24], 0.03, "%", 0.2, 1),
    ],
)
def test_a_share_of_0_2_is_20_percent(values, number, unit, base, found):
    """Where the target in % is near the one reading and far from the other; it is said."""
    factor, why = scale(values, number, unit, base)
    assert factor == found
    assert bool(why) == (found == 100)
    if why:
        last = [value for value in values if value][-1]
        assert why == f"read as fractions: {last:g} is {last * 100:g} %"


@pytest.mark.parametrize(("last", "number"), [(0.19, 99), (0.9, 4.6)])
def test_more_than_five_times_off_is_near_neither_reading(last, number):
    """A share and its target in one unit seldom lie further apart."""
    with pytest.raises(PanelError, match="write the column in %"):
        scale([last], number)


@given(st.floats(0.01, 0.99), st.floats(0.25, 4))
def test_what_lies_near_neither_reading_is_refused(last, away):
    """Ten times off either is as far as it gets."""
    with pytest.raises(PanelError, match=r"in the data may be .*; write the column in %"):
        scale([last], last * 10 * (1 + (away - 1) / 100))
    for factor in (1, 100):
        assert scale([last], last * factor * away)[0] == factor


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("1,200", 1200),
        (" 17 ", 17),
        ("１７", 17),
        (5, 5),
        (0, 0),
        (-2.5, -2.5),
        ("-", None),
        ("NE", None),
        ("", None),
        (None, None),
        (math.nan, None),
        (pd.NA, None),
    ],
)
def test_a_number_of_a_cell(cell, number):
    """As tables print it; a mark in its place, or nothing, is none."""
    found = read_target_number("g", "value", cell)
    assert found == number if number is not None else math.isnan(found)
    assert is_blank(cell) == (number is None and str(cell) not in {"-", "NE"})


@pytest.mark.parametrize("cell", ["x", " X ", "17 bis 18", True, [17], {}, math.inf, "5%%"])
def test_a_cell_that_is_no_number(cell):
    """Named with target and column."""
    with pytest.raises(PanelError, match=r"g: value is .*, not a number; correct it"):
        read_target_number("g", "value", cell)


def test_a_year_of_a_cell():
    """Whole, as a number or a text; nothing is none."""
    assert [read_target_year("g", "due", cell) for cell in (2025, 2025.0, "2025", None, "")] == [
        2025
    ] * 3 + [None] * 2
    with pytest.raises(PanelError, match=r"g: due is 2025\.5, not a whole year"):
        read_target_year("g", "due", 2025.5)
