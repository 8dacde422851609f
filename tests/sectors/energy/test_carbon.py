"""Carbon of transformations by hand: what goes in, what comes out, what is told of the rest."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct.sectors.energy.carbon import (
    COLUMNS,
    check_carbon,
    find_carbon,
    find_conversions,
    tabulate_carbon,
)
from tests.sectors.energy.made_balances import balance_of, panel_of

METHOD = ca.load_method("provincial-2011")
# t CO2 of a tonne, or of 10^4 m3, before oxidation: GB/T 2589-2008 and guideline 2011, table by table.
PER_UNIT = {
    "raw_coal": 20.908 * 26.1 * 44 / 12e3,
    "cleaned_coal": 26.344 * 25.41 * 44 / 12e3,
    "coke": 28.435 * 29.42 * 44 / 12e3,
    "crude_oil": 41.816 * 20.08 * 44 / 12e3,
    "diesel": 42.652 * 20.2 * 44 / 12e3,
    "gasoline": 43.070 * 18.9 * 44 / 12e3,
    "natural_gas": 389.31 * 15.32 * 44 / 12e3,
}
GROUPS = {"natural_gas": "gaseous", "crude_oil": "liquid", "diesel": "liquid", "gasoline": "liquid"}


def carbon_of(cells):
    """Return the carbon of amounts (product -> 10^4 t or 10^8 m3), t CO2."""
    return sum(
        amount * 1e4 * PER_UNIT[product] for product, amount in cells.items() if product in PER_UNIT
    )


@pytest.mark.parametrize("product", PER_UNIT)
def test_carbon_of_a_unit_is_there_burnt_or_not(product):
    """Calorific value x carbon content x 44/12; of electricity and heat none is known."""
    balance = balance_of(
        {"coking": {product: -1, "electricity": -1, "heat": -1}, "industry": {"diesel": 1}}
    )
    found = find_carbon(balance, METHOD, [product, "electricity"])
    assert found.shape[2:] == (2, 2)
    expected = PER_UNIT[product] / (1e4 if product == "natural_gas" else 1)
    assert found[..., 0].ravel().tolist() == pytest.approx([expected] * found[..., 0].size)
    assert np.isnan(found[..., 1]).all()


ROWS = {
    "coking": {"cleaned_coal": -40, "coke": 30, "electricity": -1},
    "refining": {"crude_oil": -50, "diesel": 20, "gasoline": 15, "heat": -2},
    "gas_works": {"raw_coal": -10, "natural_gas": 0.5},
    "thermal_power": {"raw_coal": -100, "electricity": 25},
    "industry": {"raw_coal": 5, "diesel": 1},
}


def test_each_transformation_has_a_row():
    """Power plants burn and pass nothing on; each fuel group has its part of the rest, which is all of it."""
    frame = tabulate_carbon(balance_of(ROWS), METHOD)
    assert list(frame) == list(COLUMNS)
    assert frame["process"].tolist() == ["coking", "refining", "gas_works"]
    for row in frame.to_dict("records"):
        cells = ROWS[row["process"]]
        into = -carbon_of({product: amount for product, amount in cells.items() if amount < 0})
        out = carbon_of({product: amount for product, amount in cells.items() if amount > 0})
        assert (row["area"], row["year"]) == ("重庆", 2022)
        assert (row["carbon_in"], row["carbon_out"]) == pytest.approx((into, out), rel=1e-6)
        assert row["rest"] == pytest.approx(out - into)
        assert row["rest_percent"] == pytest.approx((out - into) / into * 100)
        for group in ("solid", "liquid", "gaseous"):
            own = {
                product: n for product, n in cells.items() if GROUPS.get(product, "solid") == group
            }
            assert row[f"rest_{group}"] == pytest.approx(carbon_of(own), rel=1e-6)


def test_rows_that_are_put_in_again_belong_to_their_process():
    """Oil put in again stands with refining, coke with gas works: one balance of carbon each, named after it."""
    rows = {
        "refining": {"crude_oil": -50, "diesel": 60},
        "oil_reinput": {"diesel": -15},
        "coke_reinput": {"coke": -2},
        "gas_works": {"natural_gas": 1},
        "industry": {"diesel": 1},
    }
    found = tabulate_carbon(balance_of(rows), METHOD).set_index("process")
    assert found.index.tolist() == ["refining", "gas_works"]
    assert found.loc["refining", "carbon_out"] == pytest.approx(carbon_of({"diesel": 45}))
    assert found.loc["refining", "carbon_in"] == pytest.approx(
        carbon_of({"crude_oil": 50}), rel=1e-6
    )
    assert found.loc["gas_works", "carbon_in"] == pytest.approx(carbon_of({"coke": 2}))
    alone = {flow: cells for flow, cells in rows.items() if flow not in {"refining", "gas_works"}}
    assert tabulate_carbon(balance_of(alone), METHOD)["process"].tolist() == [
        "oil_reinput",
        "coke_reinput",
    ]


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"cleaned_coal": -40}, (40 * 1e4 * PER_UNIT["cleaned_coal"], 0)),  # nothing comes out
        ({"coke": 3}, (0, 3 * 1e4 * PER_UNIT["coke"])),  # out of nothing: no percentage of it
        ({"cleaned_coal": 0, "coke": 0}, None),
        ({"electricity": -4}, None),
        (
            {"cleaned_coal": -4e-5, "coke": 3e-5},
            (0.4 * PER_UNIT["cleaned_coal"], 0.3 * PER_UNIT["coke"]),
        ),
    ],
)
def test_one_side_alone_and_nothing(cells, told):
    """A process that only takes in or only puts out has a row, one of nothing has none."""
    frame = tabulate_carbon(balance_of({"coking": cells, "industry": {"diesel": 1}}), METHOD)
    if told is None:
        assert frame.empty
        return
    (row,) = frame.to_dict("records")
    assert (row["carbon_in"], row["carbon_out"]) == pytest.approx(told)
    assert np.isnan(row["rest_percent"]) == (told[0] == 0)


def test_areas_and_years_have_rows_of_their_own():
    """One area cokes in one year, the other washes in the next: two rows, not four."""
    tables = {
        ("重庆", 2021): {"coking": {"cleaned_coal": -4, "coke": 3}, "industry": {"diesel": 1}},
        ("四川", 2022): {
            "gas_works": {"raw_coal": -7, "natural_gas": 0.1},
            "industry": {"diesel": 1},
        },
    }
    frame = tabulate_carbon(panel_of(tables), METHOD)
    assert frame[["area", "year", "process"]].to_numpy().tolist() == [
        ["重庆", 2021, "coking"],
        ["四川", 2022, "gas_works"],
    ]
    findings = check_carbon(panel_of(tables), METHOD)
    assert [(one.rule, one.where) for one in findings] == [
        ("carbon-lost", "重庆 2021"),
        ("carbon-lost", "四川 2022"),
    ]


@settings(max_examples=10)
@given(st.floats(0.9, 1.1), st.sampled_from([1e-6, 1.0, 100.0]))
def test_two_percent_and_a_tonne_are_no_finding(ratio, size):
    """Coke with so much of the coal's carbon: less or more than that is said, with the side that is larger."""
    coal = 40 * size
    coke = coal * PER_UNIT["cleaned_coal"] / PER_UNIT["coke"] * ratio
    balance = balance_of(
        {"coking": {"cleaned_coal": -coal, "coke": coke}, "industry": {"diesel": 1}}
    )
    into, out = carbon_of({"cleaned_coal": coal}), carbon_of({"coke": coke})
    limit = into * 0.02 + 1
    if abs(abs(out - into) - limit) < 1e-6 * into:
        return
    expected = [] if abs(out - into) < limit else ["carbon-made" if out > into else "carbon-lost"]
    assert [one.rule for one in check_carbon(balance, METHOD)] == expected


def test_a_method_of_some_fuels_alone_or_a_table_without_plants_says_nothing():
    """Without factors of all fuels no balance of carbon closes; nor does one of a table of users."""
    assert find_conversions(balance_of(ROWS), ca.load_method("whitepaper-2022")) == []
    assert find_conversions(balance_of({"industry": {"raw_coal": 5}}), METHOD) == []
    assert (
        find_conversions(
            balance_of({"coking": {"electricity": -5}, "industry": {"heat": 5}}), METHOD
        )
        == []
    )
    assert tabulate_carbon(balance_of({"industry": {"raw_coal": 5}}), METHOD).empty
