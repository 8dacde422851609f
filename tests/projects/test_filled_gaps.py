"""Rules that fill years, on entries alone: what counts as a gap, what is left out, what is printed without a factor."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from carbonacct.projects import filled_entries
from carbonacct.projects.filled_entries import fill_gaps
from carbonacct.projects.filled_rows import FILLED, read_fill
from carbonacct.projects.splice_rules import Splice

ENTRY = {
    "area": "A",
    "year": 2018,
    "sector": "energy",
    "scope": 1,
    "kind": "emission",
    "flow": "industry",
    "product": "coke",
    "category": "1.A.2",
    "gas": "CO2",
    "method": "m",
    "value": 100.0,
    "notation": "",
    "activity": 40.0,
    "activity_unit": "t",
    "printed": "40 t",
    "factors": "f",
    "status": "",
    "where": "a.csv!B2",
}
TRANSPORT = {"flow": "transport", "product": "diesel"}


def entries(*rows):
    """Return entries that differ from one in some columns."""
    return pd.DataFrame([{**ENTRY, **row} for row in rows])


def years(values, **more):
    """Return what differs in the years of a series; a text is a notation key."""
    return [
        {
            "year": year,
            **({"notation": one, "value": np.nan} if isinstance(one, str) else {"value": one}),
            **more,
        }
        for year, one in values.items()
    ]


def fill(held, *rules, takes_fuel=(), drivers=None):
    """Return all entries after rules, those that were filled, and the findings."""
    workshop = SimpleNamespace(
        declaration=SimpleNamespace(splices=rules, drivers=()),
        drivers=drivers,
        takes_fuel_out=lambda flows: bool({*flows} & {*takes_fuel}),
        sources_runs=list,
    )
    whole, findings = fill_gaps(held, workshop)
    return whole, whole[whole["status"] == FILLED], findings


def rule(*wanted, technique="interpolation", **more):
    """Return a rule of some years."""
    return Splice(years=wanted, technique=technique, because="lost", **more)


def test_a_gap_is_filled_and_a_print_stays():
    """Half way between 100 and 200; other columns are of the last print, but those of a table are cleared."""
    held = entries(*years({2018: 100.0, 2020: 200.0}), *years({2018: 5.0, 2019: 7.0}, area="B"))
    whole, filled, findings = fill(held, rule(2019))
    (row,) = filled.to_dict("records")
    assert (row["area"], row["year"], row["value"], row["flow"]) == ("A", 2019, 150.0, "industry")
    assert (row["printed"], row["factors"], row["notation"]) == ("", "", "")
    assert math.isnan(row["activity"])
    assert len(whole) == 5
    assert [(one.rule, str(one.message)) for one in findings] == [
        ("filled", "1 entries of 2019 are filled by interpolation: lost")
    ]
    assert fill(held.iloc[:0].assign(), rule(2019))[2][0].rule == "splice-refused"


@pytest.mark.parametrize(
    ("small", "is_refused"),
    [
        ({2018: 1.0, 2020: 1.0}, False),  # 1 of 100 is next to nothing
        ({2018: 1.02}, True),  # and 1.02 of 100.02 no more
        ({2018: -5.0}, True),  # of removals as of emissions
        ({2018: math.nan}, False),
        ({2017: 50.0}, False),  # a year that is not beside the gap says nothing of it
        ({2021: 50.0}, False),
    ],
)
def test_a_year_is_filled_whole_or_not_at_all(small, is_refused):
    """What rules leave out of a year without a table, beside the prints before and after it; memos are no part."""
    whole = {2017: 99.0, 2018: 99.0, 2020: 99.0, 2021: 99.0}
    memo = years({2018: 500.0}, kind="memo", flow="bunkers_abroad")
    held = entries(*years(whole), *years(small, **TRANSPORT), *memo)
    _, filled, findings = fill(held, rule(2019, flow="industry"))
    refused = [str(one.message) for one in findings if one.rule == "splice-refused"]
    assert (len(filled), len(refused)) == ((0, 1) if is_refused else (1, 0))
    if is_refused:
        assert refused[0].startswith("A 2019 has no table, and its rules leave out ")
        assert refused[0].endswith("of what 2018 emits")


def test_a_year_with_a_table_has_what_its_table_says():
    """There a rule completes one series, and what the others of other years emit is no matter."""
    held = entries(
        *years({2018: 99.0, 2020: 99.0}),
        *years({2018: 80.0, 2020: 80.0}, **TRANSPORT),
        *years({2019: 3.0}, flow="farming"),
    )
    _, filled, findings = fill(held, rule(2019, flow="industry"))
    assert filled["value"].tolist() == [99.0]
    assert [one.rule for one in findings] == ["filled"]


def test_what_the_prints_beside_do_not_estimate_is_not_estimated():
    """Once for both sides, of the nearest prints alone; other keys and what is filled are not taken over."""
    held = entries(
        *years({2016: 1.0, 2018: 100.0, 2020: 200.0, 2022: 1.0}),
        *years({2018: "NE", 2020: "NE"}, **TRANSPORT),
        *years({2020: "NE"}, flow="farming"),
        *years({2018: "NO"}, flow="construction"),
        *years({2016: "NE", 2022: "NE"}, flow="losses"),
        *years({2018: "NE"}, flow="transit", kind="memo"),
        *years({2018: "NE", 2020: "NE"}, gas="CH4", area="B"),
    )
    whole, filled, _ = fill(held, rule(2019, flow="industry"))
    made = whole[(whole["year"] == 2019) & (whole["notation"] == "NE")]
    assert made[["area", "flow", "where"]].values.tolist() == [
        ["A", "transport", "NE in 2018"],
        ["A", "farming", "NE in 2020"],
    ]
    assert set(made["status"]) == {FILLED}
    assert len(filled) == 3
    # A year that has its table says itself what it does not estimate.
    printed = pd.concat([held, entries(*years({2019: 4.0}, flow="households"))])
    whole, _, _ = fill(printed, rule(2019, flow="industry"))
    assert not ((whole["year"] == 2019) & (whole["notation"] == "NE")).any()


def test_an_entry_is_filled_by_the_rule_that_is_declared_first():
    """The second fills what the first leaves, and says how many."""
    held = entries(
        *years({2015: 100.0, 2016: 100.0, 2017: 100.0, 2018: 100.0, 2020: 200.0}),
        *years({2015: 4.0, 2016: 4.0, 2017: 4.0, 2018: 4.0}, **TRANSPORT),
    )
    lines = (rule(2019, flow="industry"), rule(2019, technique="extrapolation", flow="*"))
    _, filled, findings = fill(held, *lines)
    found = filled.set_index("flow")["value"].to_dict()
    assert found == {"industry": 150.0, "transport": pytest.approx(4.0)}
    said = [str(one.message) for one in findings if one.rule == "filled"]
    assert said == [
        "1 entries of 2019 are filled by interpolation: lost",
        "1 entries of 2019 are filled by extrapolation: lost",
    ]


@pytest.mark.parametrize(("wanted", "is_said"), [((2019,), False), ((2013,), True)])
def test_a_gap_that_stays_is_said_of_the_years_that_are_asked_for(wanted, is_said):
    """Six years are too many between two prints: it is told where a rule names one of them."""
    held = entries(*years({2010: 1.0, 2017: 1.0, 2018: 100.0, 2020: 200.0}))
    _, filled, findings = fill(held, rule(*wanted))
    gaps = [str(one.message) for one in findings if one.rule == "splice-gap"]
    text = "A energy 1 emission industry coke 1.A.2 CO2: 2011-2016 stays empty: 6 years are more than 5"
    assert gaps == ([text] if is_said else [])
    assert len(filled) == (not is_said)


def test_a_series_that_a_technique_does_not_fit_is_named_and_others_are_filled():
    """Three prints are no trend; four are."""
    held = entries(
        *years(dict.fromkeys(range(2015, 2019), 100.0)),
        *years(dict.fromkeys(range(2016, 2019), 0.5), **TRANSPORT),
    )
    _, filled, findings = fill(held, rule(2019, technique="extrapolation"))
    assert filled["flow"].tolist() == ["industry"]
    more = pd.concat([held, entries(*years(dict.fromkeys(range(2015, 2019), 0.1), flow="farming"))])
    _, filled, _ = fill(more, rule(2019, technique="extrapolation"))
    assert filled["flow"].tolist() == ["farming", "industry"]  # in the order of their labels
    (refused,) = [str(one.message) for one in findings if one.rule == "splice-refused"]
    assert refused.startswith("A energy 1 emission transport diesel 1.A.2 CO2: extrapolation fills")


def test_carbon_that_an_energy_table_counts_is_not_filled_beside_it():
    """Of a source whose carbon is fuel: not in the years of the area's energy tables, in others."""
    source = {"sector": "processes", "flow": "ammonia", "product": "", "category": "2.B.1"}
    held = entries(
        *years({2018: 9.0, 2022: 9.0}, **source),
        *years({2018: 8.0, 2022: 8.0}, **source, area="B"),
        *years({2018: 100.0, 2019: 100.0, 2022: 100.0}),
    )
    asked = rule(2019, 2020, flow="ammonia")
    _, filled, findings = fill(held, asked, takes_fuel=["ammonia"])
    assert filled[["area", "year"]].values.tolist() == [["B", 2019], ["B", 2020]]
    twice = [str(one.message) for one in findings if "count twice" in str(one.message)]
    assert len(twice) == 1
    assert "ammonia is not filled" in twice[0]
    _, filled, _ = fill(held, asked)
    assert filled[["area", "year"]].values.tolist()[0] == ["A", 2019]


FACTOR = {"level": "factor", "flow": "industry"}


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_printed_amount_takes_the_filled_factor(sign):
    """Factors 2 and 4 t/t: 3 of 50 t is 150 t, its interval that of the factor times the amount, in order."""
    held = entries(
        *years({2016: sign * 40.0 * 2, 2018: sign * 40.0 * 2, 2020: sign * 40.0 * 4}),
        *years({2019: "NE"}, activity=np.nan, printed="50 t", factors=""),
    )
    whole, filled, _ = fill(held, rule(2019, percent=10.0, **FACTOR))
    (row,) = filled.to_dict("records")
    assert row["value"] == pytest.approx(sign * 150.0)
    assert (row["activity"], row["printed"]) == (50.0, "50 t")
    assert row["factors"] == f"emission_factor {sign * 3.0!r} t CO2/t"
    assert row["method"] == "interpolation of factor (2018, 2020)"
    lower, upper, _ = read_fill(row["where"])
    # Without 2018 its place on the line is 3, 1 off: t(1) = 12.7062; and 10 % of the larger, 4.
    half = 50 * math.hypot(12.7062047 * 1.0, 0.4)
    assert (row["value"] - lower, upper - row["value"]) == (pytest.approx(half),) * 2
    assert len(whole) == 4  # it stands in the place of what was not estimated


@pytest.mark.parametrize(
    "change",
    [
        {"printed": "50 kg"},  # another unit than the others'
        {"printed": "-"},
        {"notation": "IE"},
        {"year": 2021},  # the rule does not name it
    ],
)
def test_an_amount_that_is_none_of_the_series_takes_no_factor(change):
    """Only what is not estimated, printed in the unit of the activity, in a year of the rule."""
    held = entries(
        *years({2018: 80.0, 2020: 160.0, 2022: 160.0}),
        {"year": 2019, "notation": "NE", "value": np.nan, "activity": np.nan, "printed": "50 t"}
        | change,
    )
    _, filled, _ = fill(held, rule(2019, **FACTOR))
    assert filled.empty


def test_a_factor_is_known_where_an_amount_is_not_nothing():
    """0 t of 0 t has no factor; two units of one activity are no series."""
    gap = {"year": 2019, "notation": "NE", "value": np.nan, "activity": np.nan, "printed": "1 t"}
    nothing = {"year": 2017, "value": 0.0, "activity": 0.0}
    held = entries(*years({2016: 80.0, 2020: 80.0}), nothing, gap)
    _, filled, _ = fill(held, rule(2019, **FACTOR))
    assert filled["value"].tolist() == [2.0]
    other = pd.concat([held, entries({"year": 2021, "activity_unit": "tce"})])
    _, filled, findings = fill(other, rule(2019, **FACTOR))
    assert filled.empty
    assert "its activity is in t, tce in different years" in str(findings[0].message)


ACTIVITY = {"level": "activity", "flow": "industry"}
GASES = [{"gas": gas, "value": value} for gas, value in (("CO2", 80.0), ("CH4", 0.4))]


def fill_activity(monkeypatch, held, *rules, factors):
    """Return what rules of activity fill, with these factors of the year by gas; None where nothing is made."""
    asked = []

    def find(_, area, year, cells):
        asked.append((area, year, sorted(cells)))
        return (
            None
            if factors is None
            else {("industry", "coke", gas): one for gas, one in factors.items()}
        )

    monkeypatch.setattr(filled_entries, "find_year_factors", find)
    return fill(held, *rules), asked


def test_a_filled_activity_takes_the_factors_of_its_year_for_all_gases(monkeypatch):
    """40 t and 60 t are 50 t half way: 3 t CO2/t and 0.01 t CH4/t of 2019, whatever the prints had."""
    held = entries(
        *(
            {"year": year, "activity": amount, **gas}
            for year, amount in ((2016, 40.0), (2018, 40.0), (2020, 60.0))
            for gas in GASES
        )
    )
    (_, filled, findings), asked = fill_activity(
        monkeypatch, held, rule(2019, **ACTIVITY), factors={"CO2": 3.0, "CH4": 0.01}
    )
    rows = filled.set_index("gas")
    assert rows["value"].to_dict() == {"CO2": pytest.approx(150.0), "CH4": pytest.approx(0.5)}
    assert set(rows["activity"]) == {50.0}
    assert rows["factors"].to_dict() == {
        "CO2": "emission_factor 3.0 t CO2/t",
        "CH4": "emission_factor 0.01 t CH4/t",
    }
    assert set(rows["notation"]) == {""}
    lower, upper, _ = read_fill(rows.loc["CO2", "where"])
    # Without 2018 its place on the line is 50, 10 off: t(1) = 12.7062.
    assert (150 - lower, upper - 150) == (pytest.approx(3 * 127.062047),) * 2
    assert asked == [("A", 2019, [("industry", "coke", "CH4"), ("industry", "coke", "CO2")])]
    assert [one.rule for one in findings] == ["filled"]


@pytest.mark.parametrize("scope", [1, 2])
def test_a_filled_activity_without_a_factor_is_refused_or_not_estimated(monkeypatch, scope):
    """Of what burns the rule is refused with its year; of what is bought the entry is NE, as in print."""
    held = entries(*years({2018: 80.0, 2020: 90.0}, scope=scope))
    (whole, _, findings), _ = fill_activity(monkeypatch, held, rule(2019, **ACTIVITY), factors={})
    made = whole[whole["year"] == 2019]
    if scope == 1:
        assert made.empty
        assert "the method has no factor of CO2 for it in 2019" in str(findings[0].message)
    else:
        assert made[["notation", "activity", "factors"]].values.tolist() == [["NE", 40.0, ""]]
        assert made["value"].isna().all()


def test_a_status_makes_no_factors_and_an_activity_of_nothing_needs_none(monkeypatch):
    """Where nothing is to be made nothing is filled; 0 t emit nothing with any factor or none."""
    held = entries(*years({2018: 80.0, 2020: 80.0}))
    (_, filled, _), _ = fill_activity(monkeypatch, held, rule(2019, **ACTIVITY), factors=None)
    assert filled.empty
    (_, filled, _), _ = fill_activity(
        monkeypatch, held.assign(activity=0.0), rule(2019, **ACTIVITY), factors={}
    )
    assert filled["value"].tolist() == [0.0]
    mixed = entries({}, {"year": 2020, "activity_unit": "tce"})
    (_, filled, findings), _ = fill_activity(
        monkeypatch, mixed, rule(2019, **ACTIVITY), factors={"CO2": 1.0}
    )
    assert filled.empty
    assert "its activity is in t, tce in different years" in str(findings[0].message)


def test_an_entry_is_filled_by_activity_before_factors_before_emissions(monkeypatch):
    """Whatever is declared first: 50 t at 3 t/t are 150 t, and not the mean of the prints."""
    held = entries(*years({2018: 80.0}, activity=40.0), *years({2020: 90.0}, activity=60.0))
    rules = [rule(2019), rule(2019, **ACTIVITY)]
    for lines in (rules, rules[::-1]):
        (_, filled, _), _ = fill_activity(monkeypatch, held, *lines, factors={"CO2": 3.0})
        assert filled["value"].tolist() == [pytest.approx(150.0)]


def test_a_surrogate_is_of_the_area_or_of_none():
    """100 t at 50 is 120 t at 60, however the driver spells the area; one for all areas serves each."""
    held = entries(*years({2018: 100.0}, area="北京"), *years({2018: 10.0}, area="天津"))
    asked = rule(2019, technique="surrogate", surrogate="gdp")
    own = pd.DataFrame(
        {"area": ["北京市"] * 2 + ["Tianjin"] * 2, "year": [2018, 2019] * 2, "gdp": [50, 60, 1, 3]}
    )
    _, filled, findings = fill(held, asked, drivers=own)
    assert filled["value"].tolist() == [120.0, 30.0]
    assert sum("fills 1 series, with n = 1 printed years" in str(one) for one in findings) == 2
    _, filled, _ = fill(held, asked, drivers=own.iloc[:2].assign(area=""))
    assert filled["value"].tolist() == [120.0, 12.0]
    for drivers in (None, own.rename(columns={"gdp": "g"})):
        _, filled, findings = fill(held, asked, drivers=drivers)
        assert filled.empty
        assert sum("no drivers hold the column 'gdp'" in str(one) for one in findings) == 2
