"""What crosses the border of an area, row by row: its amount, its factor and where that is from."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from carbonacct.errors import MethodError
from carbonacct.sectors.energy.transfers import account_transfers
from tests.sectors.energy.made_balances import balance_of, panel_of

# kg CO2/kWh of 2022 as announced: Hebei, and the residual of the nation; heat 0.11 t CO2/GJ (guideline 2011).
HEBEI, RESIDUAL, HEAT = 0.7252e-3, 0.5856e-3, 0.11
CROSSING = {
    "moved_in": {"electricity": 100, "heat": 30},
    "imports": {"electricity": 20},
    "moved_out": {"electricity": -40, "heat": -10},
    "exports": {"electricity": -5},
    "industry": {"electricity": 70, "heat": 20},
}


def hebei(rows=CROSSING, **options):
    """Return what crosses the border of Hebei in 2022."""
    return account_transfers(balance_of(rows, area="河北", year=2022), **options)


def contracts(*rows):
    """Return contracts of Hebei in 2022: name, kWh, t CO2/kWh."""
    frame = pd.DataFrame(rows, columns=["name", "amount", "factor"])
    return frame.assign(area="河北", year=2022)


def test_each_row_by_its_location():
    """What comes in is positive, what goes out negative; 10^8 kWh and 10^10 kJ (10^4 GJ)."""
    found = hebei()
    table = found.table.set_index(["product", "flow"])
    amounts = {
        ("electricity", flow): CROSSING[flow]["electricity"] * 1e8
        for flow in ("moved_in", "imports", "moved_out", "exports")
    }
    amounts |= {("heat", flow): CROSSING[flow]["heat"] * 1e4 for flow in ("moved_in", "moved_out")}
    assert table["amount"].to_dict() == pytest.approx(amounts)
    factors = {"electricity": HEBEI, "heat": HEAT}
    for (product, flow), amount in amounts.items():
        row = table.loc[(product, flow)]
        assert row["factor"] == pytest.approx(factors[product])
        assert row["emissions"] == pytest.approx(amount * factors[product])
        assert (row["unit"], row["factor_unit"]) == (
            ("kWh", "t CO2/kWh") if product == "electricity" else ("GJ", "t CO2/GJ")
        )
        assert row["grid"] == ("hebei" if product == "electricity" else "")
    assert table.loc[("electricity", "moved_in"), "edition"] == "mee-grid-2022"
    net = found.net().set_index("product")["emissions"]
    assert net["electricity"] == pytest.approx((100 + 20 - 40 - 5) * 1e8 * HEBEI)
    assert net["heat"] == pytest.approx(20e4 * HEAT)


def test_a_row_may_come_from_another_grid():
    """Named rows take their own, the others the area's."""
    table = hebei(sources={"imports": "grid_east", "moved_in": "hebei"}).table.set_index(
        ["product", "flow"]
    )
    grids = table.xs("electricity")["grid"].to_dict()
    assert grids == {
        "moved_in": "hebei",
        "imports": "grid_east",
        "moved_out": "hebei",
        "exports": "hebei",
    }
    assert (
        table.loc[("electricity", "imports"), "factor"]
        != table.loc[("electricity", "moved_in"), "factor"]
    )


def test_no_factor_leaves_a_row_without_emissions_and_says_the_years():
    """An amount of nothing emits nothing all the same, and asks for none."""
    balance = balance_of(
        {"moved_in": {"electricity": 3}, "moved_out": {"electricity": 0}}, area="河北", year=2003
    )
    found = account_transfers(balance)
    emissions = found.table.set_index("flow")["emissions"]
    assert np.isnan(emissions["moved_in"])
    assert emissions["moved_out"] == 0
    assert found.table["factor"].isna().all()
    (said,) = found.findings
    assert said.message.startswith(
        "no grid_emission_factor for moved_in of 河北 in 2003; years that exist: hebei: 2021, "
    )
    assert np.isnan(found.net()["emissions"].item())
    unknown = account_transfers(balance_of({"moved_in": {"electricity": 3}}, area="Kranj"))
    assert unknown.findings[0].message.endswith(
        "years that exist: the grid of the area is not known"
    )


def test_areas_years_and_rows_that_print_nothing():
    """One row for each number; a year without any is no row; a table without electricity has none."""
    tables = {
        ("河北", 2021): {"moved_in": {"electricity": 1}, "industry": {"electricity": 1}},
        ("河北", 2022): {"moved_in": {"electricity": 2}},
        ("山西", 2022): {"moved_out": {"electricity": -3}},
    }
    table = account_transfers(panel_of(tables)).table
    assert table[["area", "year", "flow", "amount"]].to_numpy().tolist() == [
        ["河北", 2021, "moved_in", 1e8],
        ["河北", 2022, "moved_in", 2e8],
        ["山西", 2022, "moved_out", -3e8],
    ]
    assert account_transfers(balance_of({"industry": {"diesel": 1}})).table.empty


@pytest.mark.parametrize(
    ("bought", "residual", "rows"),
    [
        # GHG Protocol Scope 2 Guidance, Ch. 6: contracts first, the rest of what comes in at a residual factor.
        ([("wind", 60e8, 0.0)], None, [("wind", 60e8, 0.0), ("rest", 60e8, RESIDUAL)]),
        (
            [("wind", 60e8, 0.0), ("coal", 20e8, 0.9e-3)],
            0.7e-3,
            [("wind", 60e8, 0.0), ("coal", 20e8, 0.9e-3), ("rest", 40e8, 0.7e-3)],
        ),
        ([("wind", 120e8, 0.0)], None, [("wind", 120e8, 0.0), ("rest", 0.0, RESIDUAL)]),
        ([], None, [("rest", 120e8, RESIDUAL)]),
        ([], 0.0, [("rest", 120e8, 0.0)]),
    ],
)
def test_market_based_by_hand(bought, residual, rows):
    """What goes out is no part of what the area buys: 100 + 20 come in."""
    found = hebei(approach="market", contracts=contracts(*bought), residual=residual)
    power = found.table[found.table["product"] == "electricity"]
    assert list(zip(power["flow"], power["amount"], power["factor"], strict=True)) == [
        (name, pytest.approx(amount), pytest.approx(factor)) for name, amount, factor in rows
    ]
    assert power["emissions"].to_list() == pytest.approx(
        [amount * factor for _, amount, factor in rows]
    )
    grids = ["contract"] * len(bought) + (["CN"] if residual is None else ["chosen"])
    assert power["grid"].to_list() == grids
    heat = found.table[found.table["product"] == "heat"]
    assert heat["flow"].to_list() == [
        "moved_in",
        "moved_out",
    ]  # by its location: there is no market of it


def test_contracts_are_of_their_own_area_and_year():
    """Those of another year buy nothing in this one."""
    tables = {("河北", year): {"moved_in": {"electricity": 10}} for year in (2021, 2022)}
    bought = pd.DataFrame(
        {"area": "河北", "year": [2021], "name": "wind", "amount": 4e8, "factor": 0.0}
    )
    found = account_transfers(panel_of(tables), approach="market", contracts=bought, residual=1e-3)
    rest = found.table[found.table["flow"] == "rest"].set_index("year")["amount"]
    assert rest.to_dict() == {2021: 6e8, 2022: 10e8}


@pytest.mark.parametrize(
    ("amount", "is_refused"),
    [(120e8, False), (120e8 + 1.0, False), (120e8 + 100.0, True), (121e8, True)],
)
def test_more_than_comes_in_cannot_be_bought(amount, is_refused):
    """But for what an order of adding may do in the ninth digit."""
    if not is_refused:
        assert len(hebei(approach="market", contracts=contracts(("wind", amount, 0.0))).table)
        return
    with pytest.raises(
        MethodError, match="more than the 12,000,000,000 kWh that come in; take the rest out"
    ):
        hebei(approach="market", contracts=contracts(("wind", amount, 0.0)))


def test_a_residual_that_nobody_published_is_said_where_something_is_left():
    """Of a year without one; where contracts are all that comes in, nothing is asked."""
    balance = balance_of({"moved_in": {"electricity": 10}}, area="河北", year=2003)
    found = account_transfers(balance, approach="market")
    (said,) = found.findings
    assert said.message.startswith(
        "no residual_grid_emission_factor of the nation of 河北 for 2003; years that exist: "
    )
    assert np.isnan(found.net()["emissions"].item())
    bought = pd.DataFrame(
        {"area": ["河北"], "year": [2003], "name": ["wind"], "amount": [10e8], "factor": [0.0]}
    )
    whole = account_transfers(balance, approach="market", contracts=bought)
    assert whole.findings == ()
    assert whole.net()["emissions"].item() == 0


@pytest.mark.parametrize(
    ("amount", "factor", "is_refused"),
    [
        (0.0, 0.0, False),
        (-1.0, 0.0, True),
        (1.0, -1e-9, True),
        (np.nan, 0.0, True),
        (1.0, np.nan, True),
    ],
)
def test_contracts_are_numbers_of_nothing_or_more(amount, factor, is_refused):
    """Neither less than nothing nor unknown."""
    if not is_refused:
        assert len(hebei(approach="market", contracts=contracts(("a", amount, factor))).table)
        return
    with pytest.raises(MethodError, match="both must be numbers of 0 or more"):
        hebei(approach="market", contracts=contracts(("a", amount, factor)))


def test_a_grid_that_does_not_exist_is_refused_whatever_the_table_prints():
    """Also of a row that it does not have."""
    with pytest.raises(MethodError, match="no grid or area '火星电网'"):
        account_transfers(
            balance_of({"industry": {"electricity": 1}}), sources={"moved_in": "火星电网"}
        )
    for options in ({"contracts": contracts(("a", 1.0, 0.0))}, {"residual": 0.0}):
        with pytest.raises(MethodError, match="contracts and residual are for approach='market'"):
            hebei(**options)
