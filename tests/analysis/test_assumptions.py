"""Lines of assumptions: which numbers of each form are right, which are refused, and what a line says of its driver."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonacct.analysis.assumptions import COLUMNS, Assumed, read_assumptions, read_number
from carbonacct.errors import AssumptionError, PanelError

FAST = "a year; rates are fractions or percentages, write 5 % as 0.05 or 5%"
SHARE = "a share lies between 0 and 1; write 40 % as 0.4 or 40%"
LEVEL = "a level is above zero; its change since the base year is what counts"
REMOVAL = "removals are zero or below, as in an inventory; write -2e6"
WHICH = "give value, or lower and upper, or all three"


def write(folder, *lines):
    """Write lines of term, of, until, as, value, lower and upper, each of all sectors with a source."""
    path = folder / "drivers.csv"
    text = [",".join(COLUMNS), *(f",all,{line},a plan" for line in lines)]
    path.write_text("\n".join(text) + "\n", encoding="utf-8")
    return path


def faults_of(folder, *lines):
    """Return the faults of lines without their places, or nothing."""
    path = write(folder, *lines)
    try:
        read_assumptions(path)
    except AssumptionError as error:
        return [
            one.removeprefix(f"{path}:").removeprefix("drivers.csv:")
            for one in str(error).splitlines()
        ]
    return []


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("activity,,2030,rate,0.49,,", ""),
        ("activity,,2030,rate,-49%,,", ""),
        ("activity,,2030,rate,0.5,,", f"50% {FAST}"),
        ("activity,,2030,rate,-5,,", f"-500% {FAST}"),
        ("activity,,2030,rate,0.1,0.05,0.6", f"60% {FAST}"),
        ("activity,,2030,rate,,0.05,0.06", ""),
        ("activity,,2030,rate,0.05,0.05,0.05", ""),
        ("activity,,2030,rate,0.04,0.05,0.06", "the range 0.05 to 0.06 does not hold 0.04"),
        ("activity,,2030,rate,0.07,0.05,0.06", "the range 0.05 to 0.06 does not hold 0.07"),
        ("activity,,2030,rate,,0.06,0.05", "the range 0.06 to 0.05 does not hold 0.055"),
        ("activity,,2030,rate,,0.05,", WHICH),
        ("activity,,2030,rate,0.05,,0.06", WHICH),
        ("activity,,2030,rate,,,", WHICH),
        ("activity,,2030,rate,much,,", "value is 'much', no number; write -0.05 or -5%"),
        ("activity,,2030,rate,inf,,", "value is 'inf', no number; write -0.05 or -5%"),
        ("activity,,30,rate,0.05,,", "until is '30', no year; write it as 2030"),
        ("activity,,soon,rate,0.05,,", "until is 'soon', no year; write it as 2030"),
        ("activity,,2030,level,1e-9,,", ""),
        ("activity,,2030,level,0,,", LEVEL),
        ("activity,,2030,level,2,0,3", LEVEL),
        ("fuel_mix,coal_total,2030,share,0,,", ""),
        ("fuel_mix,coal_total,2030,share,1,,", ""),
        ("fuel_mix,coal_total,2030,share,0.4,-0.1,0.5", SHARE),
        ("fuel_mix,coal_total,2030,share,0.9,0.8,1.1", SHARE),
        ("fuel_mix,coal_total,2030,share,40,,", SHARE),
        (
            "fuel_mix,,2030,share,0.4,,",
            "a fuel mix names the product in column 'of'; * is all others",
        ),
        ("removals,,2030,amount,0,,", ""),
        ("removals,,2030,amount,-2e6,,", ""),
        ("removals,,2030,amount,-1,-2,1", REMOVAL),
        ("removals,,2030,amount,2e6,,", REMOVAL),
        (
            "removals,forest,2030,amount,-1,,",
            "removals are of a sector as a whole; leave the column 'of' empty",
        ),
        ("fuel_mix,*,,rest,,,", ""),
        ("fuel_mix,*,2030,rest,,,", "a rest is what others leave; leave until empty"),
        ("fuel_mix,*,,rest,,,0.1", "a rest is what others leave; leave upper empty"),
    ],
)
def test_the_numbers_of_a_line(tmp_path, line, fault):
    """What each form may be, at the edges too: the fault alone is said, with its line."""
    assert faults_of(tmp_path, line) == ([f"2: {fault}"] if fault else [])


def test_lines_of_one_driver_go_together(tmp_path):
    """One form, each year once; all faults at once in the order of the lines."""
    rate, other = "activity,,{},rate,0.05,,", "activity,,{},level,2,,"
    assert faults_of(tmp_path, rate.format(2030), rate.format(2040)) == []
    assert faults_of(tmp_path, rate.format(2030), rate.format(2030)) == [
        "3: there are two lines of all activity until 2030; leave one out"
    ]
    assert faults_of(tmp_path, rate.format(2030), other.format(2040), "activity,,x,rate,9,,") == [
        "3: is given as level, and as rate in line 2; give one of both",
        "4: until is 'x', no year; write it as 2030",
        f"4: 900% {FAST}",
    ]


@given(st.floats(-0.4, 0.4), st.floats(0, 0.05), st.sampled_from(["value", "range", "both"]))
def test_the_middle_and_the_range_of_a_number(tmp_path_factory, middle, half, given_as):
    """A number alone is its own range; of a range alone the middle is between; years stand in their order."""
    lower, upper = middle - half, middle + half
    cells = {
        "value": f"{middle!r},,",
        "range": f",{lower!r},{upper!r}",
        "both": f"{middle!r},{lower!r},{upper!r}",
    }[given_as]
    lines = ["activity,,2040,rate,0.01,,", f"activity,,2030,rate,{cells}"]
    ((driver,),) = read_assumptions(write(tmp_path_factory.mktemp("a"), *lines)).values()
    assert [one.until for one in driver.numbers] == [2030, 2040]
    found = driver.numbers[0]
    assert found.middle == pytest.approx(middle, abs=1e-15)
    wanted = (found.middle, found.middle) if given_as == "value" else (lower, upper)
    assert (found.lower, found.upper) == wanted
    assert driver.numbers[1] == Assumed(2040, 0.01, 0.01, 0.01)
    assert driver.where.endswith("drivers.csv:2")


def test_a_scenarios_own_line_stands_before_the_one_for_all(tmp_path):
    """Of the same sector, term and name; the others it shares. Without scenarios there is one without a name."""
    path = tmp_path / "drivers.csv"
    lines = [
        ",all,activity,,2030,rate,0.01,,,a",
        ",all,removals,,2030,amount,-5,,,a",
        "low,all,activity,,2030,rate,-0.02,,,b",
        "high,all,activity,heads,2030,rate,0.03,,,c",
    ]
    path.write_text("\n".join([",".join(COLUMNS), *lines]) + "\n", encoding="utf-8")
    found = read_assumptions(path)
    shown = {
        name: [(one.term, one.of, one.numbers[0].middle) for one in drivers]
        for name, drivers in found.items()
    }
    assert shown == {
        "low": [("activity", "", -0.02), ("removals", "", -5)],
        "high": [("activity", "", 0.01), ("removals", "", -5), ("activity", "heads", 0.03)],
    }
    path.write_text("\n".join([",".join(COLUMNS), *lines[:2]]) + "\n", encoding="utf-8")
    assert list(read_assumptions(path)) == [""]


def test_a_file_that_is_none(tmp_path):
    """It says the columns."""
    path = tmp_path / "drivers.csv"
    path.write_text("sector,term,source\nall,activity,x\n", encoding="utf-8")
    with pytest.raises(
        PanelError, match=r"drivers.csv:1: no column 'as'; the columns are scenario,sector"
    ):
        read_assumptions(path)
    path.write_text(",".join(COLUMNS) + "\n", encoding="utf-8")
    with pytest.raises(PanelError, match="has no assumptions; the columns are scenario,sector"):
        read_assumptions(path)
    with pytest.raises(PanelError, match="cannot be read"):
        read_assumptions(tmp_path / "absent.csv")


@pytest.mark.parametrize(
    ("text", "number"), [("5%", 0.05), ("5％", 0.05), ("-2e6", -2e6), ("0.4", 0.4), ("0%", 0)]
)
def test_numbers_and_percentages(text, number):
    """A sign of either width; what is no finite number is none."""
    assert read_number(text) == number
    assert all(
        read_number(one) != read_number(one) for one in ("", "%", "x%", "nan", "inf", "-inf%")
    )
