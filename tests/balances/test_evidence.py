"""Which id makes the sums of a table close: the digits that agree, by hand."""

from __future__ import annotations

import math

import pandas as pd
import pytest

import carbonacct as ca
from carbonacct.balances.check.evidence import find_closing
from tests.balances.cases import FUELS, PARTS, make_table
from tests.balances.test_remainders import frame, make

HALF = 0.5e-6  # half a unit of numbers that stand in no file


def digits(number, *, total, numbers=3):
    """Return the digits of a number that a sum of so many numbers can tell from rounding."""
    return math.log10(number / (2 * (HALF * numbers + 1e-9 * total)))


ROWS = {
    "final_consumption": {"diesel": 9.0},
    "industry": {"diesel": 6.0},
    "losses": {"diesel": 3.0},
}


def test_ids_that_close_a_sum_count_its_digits():
    """9 = 6 + 3: any part of final consumption; what the table has, a remainder, and rows of other sums are none."""
    asked = [
        "transport",
        "construction",
        "industry",
        "imports",
        "transport.remainder",
        "non_energy_use",
    ]
    closing = find_closing(make(ROWS), "flow", "losses", asked)
    assert closing == dict.fromkeys(
        ["transport", "construction"], pytest.approx(digits(3, total=9))
    )


def test_sums_that_fail_speak_against():
    """Diesel closes, coke is off by a half: the digits of the one less those of the other."""
    rows = {
        "final_consumption": {"diesel": 9.0, "coke": 3.0},
        "industry": {"diesel": 6.0, "coke": 2.0},
        "transport": {"diesel": 3.0, "coke": 0.5},
    }
    closing = find_closing(make(rows), "flow", "transport", [])
    assert closing == {"transport": pytest.approx(digits(3, total=9) - digits(0.5, total=3))}
    rows["final_consumption"]["coke"], rows["industry"]["coke"], rows["transport"]["coke"] = (
        9.0,
        6.0,
        4.0,
    )
    assert (
        find_closing(make(rows), "flow", "transport", []) == {}
    )  # more speaks against it than for it


def test_ids_of_products_close_sums_of_columns():
    """Oil is diesel and the column in two rows: gasoline, or kerosene, and neither gas nor coal."""
    rows = {
        "industry": {"oil_total": 9.0, "diesel": 6.0, "coke": 3.0},
        "transport": {"oil_total": 5.0, "diesel": 1.0, "coke": 4.0},
    }
    closing = find_closing(
        make(rows), "product", "coke", ["gasoline", "kerosene", "natural_gas", "raw_coal"]
    )
    found = digits(3, total=9) + digits(4, total=5)
    assert closing == dict.fromkeys(["gasoline", "kerosene"], pytest.approx(found))


@pytest.mark.parametrize(
    ("supply", "closing"),
    [(9.0, {"imports", "moved_in", "stock_change"}), (3.0, {"exports", "bunkers_home"})],
)
def test_a_row_of_the_other_sign_turns_its_numbers(supply, closing):
    """Production 6 and a row of 3 are 9 if it comes in, and 3 if it leaves: a row that leaves is negative."""
    rows = {"primary_supply": supply, "production": 6.0, "opening_stock": 0.0, "imports": 3.0}
    table = make({flow: {"diesel": amount} for flow, amount in rows.items()})
    asked = ["moved_in", "exports", "bunkers_home", "stock_change"]
    assert set(find_closing(table, "flow", "imports", asked)) == closing


def test_what_is_found_of_an_id_does_not_depend_on_the_others():
    """Kerosene holds jet kerosene, naphtha does not; manufacturing holds chemicals, transport does not."""
    columns = {
        "oil_total": 9.0,
        "diesel": 6.0,
        "coke": 3.0,
        "jet_kerosene": 1.0,
        "lng": 2.0,
        "other_gas": 2.0,
    }
    table = make(
        {"industry": columns, "transport": {name: 2 * number for name, number in columns.items()}}
    )
    asked = [
        "naphtha",
        "kerosene",
        "gasoline",
        "natural_gas",
        "raw_coal",
        "oil_products",
        "coke_oven_gas",
    ]
    alone = {}
    for name in asked:
        alone |= find_closing(table, "product", "coke", [name])
    assert find_closing(table, "product", "coke", asked) == alone
    assert find_closing(table, "product", "coke", asked[::-1]) == alone
    assert "kerosene" in alone  # 6 + 3, of which 1 is for jets
    assert "naphtha" not in alone  # 6 + 3 + 1
    numbers = {"final_consumption": 10.0, "industry": 5.0, "industry.chemicals": 5.0, "losses": 5.0}
    table = make({flow: {"diesel": number} for flow, number in numbers.items()})
    asked = [
        "farming",
        "transport",
        "industry.textile",
        "industry.mining",
        "industry.manufacturing",
        "non_energy_use",
    ]
    alone = {}
    for name in asked:
        alone |= find_closing(table, "flow", "losses", [name])
    assert (
        find_closing(table, "flow", "losses", asked)
        == find_closing(table, "flow", "losses", asked[::-1])
        == alone
    )
    assert "industry.manufacturing" in alone  # 5, all of it chemicals
    assert "industry.mining" not in alone


@pytest.mark.parametrize(("number", "says"), [(1e-6, False), (2e-6, False), (4.5e-6, True)])
def test_a_number_of_the_order_of_rounding_says_little(number, says):
    """Three numbers of half a millionth each may be off by 1.5e-6: what is less than twice that is no digit."""
    rows = {"final_consumption": 6.0 + number, "industry": 6.0, "transport": number}
    closing = find_closing(
        make({flow: {"diesel": each} for flow, each in rows.items()}), "flow", "transport", []
    )
    assert closing == (
        {"transport": pytest.approx(digits(number, total=6), rel=1e-6)} if says else {}
    )


def test_the_fullest_year_speaks():
    """2018 prints one sum, which fails, and 2019 two, which hold."""
    rows = {
        flow: {"diesel": number, "coke": number}
        for flow, number in zip(ROWS, (9.0, 6.0, 3.0), strict=True)
    }
    rows["transport"] = rows.pop("losses")
    poor = {
        "final_consumption": {"diesel": 9.0},
        "industry": {"diesel": 6.0},
        "transport": {"diesel": 2.0},
    }
    for years in ((2018, 2019), (2019, 2018)):
        cells = [frame(part, year=year) for part, year in zip((poor, rows), years, strict=True)]
        closing = find_closing(ca.make_balance(pd.concat(cells)), "flow", "transport", [])
        assert closing == {"transport": pytest.approx(2 * digits(3, total=9))}


def test_any_row_of_a_sound_table_closes_and_is_told_from_rows_of_other_sums():
    """The sums of all products confirm each part in turn, and no row that nothing adds up."""
    table = make({flow: row.to_dict() for flow, row in make_table().iterrows()})
    for part in PARTS:
        closing = find_closing(table, "flow", part, ["wholesale_retail", "imports", "recovery"])
        assert list(closing) == [part, "wholesale_retail"]
        assert closing[part] == closing["wholesale_retail"] > 8 * 6
    for fuel in FUELS:
        closing = find_closing(table, "product", fuel, ["naphtha", "lng", "natural_gas"])
        assert fuel in closing
        assert "natural_gas" not in closing


def test_the_eight_largest_numbers_of_a_row_speak():
    """Of nine products the smallest does not: it alone fails."""
    products = ["raw_coal", "coke", *FUELS, "naphtha"]
    rows = {"final_consumption": {}, "industry": {}, "transport": {}}
    for k, product in enumerate([*products, "gangue"]):
        rows["transport"][product], rows["industry"][product] = 20.0 - k, 50.0
        rows["final_consumption"][product] = 70.0 - k + (5.0 if product == "gangue" else 0.0)
    closing = find_closing(make(rows), "flow", "transport", [])
    assert closing["transport"] == pytest.approx(
        sum(digits(20 - k, total=70 - k) for k in range(8))
    )
