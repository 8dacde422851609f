"""What a panel comes as and what is said of it: labels joined, prices taken out, totals among the parts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct.analysis.identity import parse_identity
from carbonacct.analysis.panel_inputs import deflate, join_labels, to_table
from carbonacct.errors import PanelError
from carbonacct.units import registry

MONEY = parse_identity("co2 = gdp * co2/gdp")


def test_labels_in_the_index_become_columns():
    """Those that have a name and are no columns yet; a table without such is handed on as it is."""
    table = pd.DataFrame({"area": ["A", "B"], "year": [1, 2], "co2": [3.0, 4.0]})
    assert to_table(table) is table
    assert to_table(table.set_index(["area", "year"])).equals(table)
    both = table.set_index("year", drop=False)
    assert to_table(both) is both


def test_a_dataset_becomes_a_table():
    """A row for each combination of its dims, units taken off, other coordinates left out, attributes kept."""
    data = xr.Dataset(
        {
            "co2": (
                ("area", "year"),
                registry().Quantity(np.array([[1.0, 2.0], [3.0, 4.0]]), "t"),
                {"long_name": "CO2"},
            )
        },
        coords={"area": ["A", "B"], "year": [2010, 2020], "name": ("area", ["甲", "乙"])},
    )
    table = to_table(data)
    assert table.to_dict("list") == {
        "area": ["A", "A", "B", "B"],
        "year": [2010, 2020, 2010, 2020],
        "co2": [1.0, 2.0, 3.0, 4.0],
    }
    assert table.attrs == {"co2": {"long_name": "CO2"}}


def test_several_labels_in_one_column():
    """Side by side with a space; years that were read as 2010.0 are 2010, and a blank label leaves the whole blank."""
    table = pd.DataFrame(
        {
            "area": ["A", "B", None],
            "year": [2010.0, 2020.0, 2020.0],
            "half": [0.5, 1.0, 1.5],
            "x": 1,
        }
    )
    joined, name = join_labels(table, ["area", "year", "half"])
    assert name == "area year half"
    assert joined[name].tolist()[:2] == ["A 2010 0.5", "B 2020 1"]
    assert pd.isna(joined[name].iloc[2])
    assert list(joined) == ["x", name]
    assert join_labels(table, ["area"]) == (table, "area")


@pytest.mark.parametrize("bad", [0.0, -1.0, None])
@pytest.mark.parametrize("at", [0, 1])
def test_one_price_that_is_none_is_named(bad, at):
    """With its row, wherever it stands; where there is no money no price is needed."""
    prices = [2.0, 4.0, 5.0]
    prices[at] = bad
    table = pd.DataFrame({"gdp": [10.0, 12.0, 15.0], "index": prices}, index=[7, 8, 9])
    with pytest.raises(
        PanelError, match=f"row {7 + at}, column 'index': a price index is a positive number"
    ):
        deflate(table, {"gdp": "index"}, MONEY)
    several = table.assign(index=[*prices[:at], bad, bad, 5.0][:3])
    with pytest.raises(PanelError, match=f"row {7 + at}, "):  # of several the first
        deflate(several, {"gdp": "index"}, MONEY)
    without = table.assign(gdp=table["gdp"].where(table["index"] > 0))
    found = deflate(without, {"gdp": "index"}, MONEY)["gdp"]
    assert found.notna().sum() == 2
    assert found.iloc[2] == 3


def test_money_is_divided_by_its_price():
    """And nothing else is; without a deflator the table stays as it is."""
    table = pd.DataFrame({"gdp": ["1,000", "1500"], "index": [1.0, 1.25], "co2": [3.0, 4.0]})
    found = deflate(table, {"gdp": "index"}, MONEY)
    assert found["gdp"].tolist() == [1000, 1200]
    assert found.drop(columns="gdp").equals(table.drop(columns="gdp"))
    assert deflate(table, {}, MONEY) is table


def say_of_money(name, **options):
    """Return what is said of a column of money between two years."""
    panel = pd.DataFrame(
        {"year": [2010, 2020], name: [1.0, 2.0], "co2": [3.0, 4.0], "index": [1.0, 1.1]}
    )
    made = ca.decompose(panel, f"co2 = `{name}` * co2/`{name}`", **options)
    return [finding.severity for finding in made.findings if finding.rule == "prices"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("gdp", ["info"]),
        ("value_added_industry", ["info"]),
        ("地区生产总值", ["info"]),
        ("gdp_current", ["warning"]),
        ("income_nominal", ["warning"]),
        ("工业增加值（现价）", ["warning"]),
        ("现价产值", ["warning"]),  # it names prices and no money
        ("gdp_real", []),
        ("gdp_ppp", []),
        ("gdp_2015", []),
        ("生产总值（2015年不变价）", []),
        ("energy", []),
        ("grpc", []),  # a word that only begins like one
    ],
)
def test_whether_prices_are_said_to_be_current(name, said):
    """Only its name tells what a column of money is at: current prices, perhaps, or constant ones."""
    assert say_of_money(name) == said
    if said:
        assert say_of_money(name, deflator={name: "index"}) == []


def test_prices_do_not_change_between_areas():
    """Of one year: areas are compared at the same prices."""
    panel = pd.DataFrame({"area": ["A", "B"], "gdp": [1.0, 2.0], "co2": [3.0, 4.0]})
    assert not [
        one
        for one in ca.decompose(panel, "co2 = gdp * co2/gdp", over="area").findings
        if one.rule == "prices"
    ]


def find_totals(columns, years=2):
    """Return severity and message of what is said of totals, of sectors (columns) whose numbers grow by the year."""
    rows = [
        (2000 + year, sector, number * (1 + year) + (year if sector == "odd" else 0))
        for year in range(years)
        for sector, number in columns.items()
    ]
    panel = pd.DataFrame(rows, columns=["year", "sector", "energy"]).assign(
        co2=lambda table: table["energy"] * 2
    )
    made = ca.decompose(panel, "co2 = energy * co2/energy", sum_over="sector", chained=True)
    return [
        (one.severity, one.message.split()[0])
        for one in made.findings
        if one.rule == "total-among-parts"
    ]


@given(st.lists(st.integers(1, 1000), min_size=2, max_size=5), st.data())
def test_a_total_is_found_wherever_it_stands(parts, data):
    """A sector that is the sum of the others in every year, whatever its name and place; without it none is found."""
    columns = {f"s{number}": value for number, value in enumerate(parts)}
    at = data.draw(st.integers(0, len(parts)))
    with_total = list(columns.items())
    with_total.insert(at, ("other", sum(parts)))
    assert find_totals(dict(with_total)) == [("error", "sector=other")]
    if len(parts) > 2 and max(parts) * 2 != sum(parts):
        assert find_totals(columns) == []


def test_a_total_that_fails_in_one_year_is_none():
    """The sum in two years of three, or in the first of a hundred, is chance; a name alone is a warning."""
    for years in (2, 3, 100):
        assert find_totals({"a": 1.0, "b": 2.0, "odd": 3.0}, years) == []
        assert find_totals({"a": 1.0, "b": 2.0, "Total ": 3.5}, years) == [
            ("warning", "sector=Total")
        ]
        assert find_totals({"a": 1.0, "b": 2.0, "Total": 3.0}, years) == [("error", "sector=Total")]


@pytest.mark.parametrize("at", [0, 63, 64, 65, 99])
def test_one_year_of_a_hundred_tells_that_a_label_is_no_total(at):
    """Wherever it stands among the years."""
    years = np.arange(101)
    held = {"a": 1.0 + years, "b": 2.0 + years, "c": 3.0 + 2 * years + (years == at)}
    panel = pd.DataFrame(
        [
            (2000 + year, name, numbers[year], 1.0)
            for year in years
            for name, numbers in held.items()
        ],
        columns=["year", "sector", "use", "factor"],
    )
    made = ca.decompose(panel, "co2 = use * factor", sum_over="sector", chained=True)
    assert not [one for one in made.findings if one.rule == "total-among-parts"]


def test_nothing_is_no_total_of_nothing():
    """Where every number is zero each sector is the sum of the others, which says nothing."""
    assert find_totals({"a": 0.0, "b": 0.0, "c": 0.0}) == []
    assert find_totals({"a": 0.0, "b": 0.0, "all": 0.0}) == [("warning", "sector=all")]
