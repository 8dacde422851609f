"""Motor fuels of other rows count in transport by shares with a source; the total stays."""

from __future__ import annotations

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct.errors import FactorDataError, MethodError, TableError
from carbonacct.report.workbook import write_workbook
from carbonacct.sectors.energy.approach_comparison import compare_approaches
from carbonacct.sectors.energy.bridge import make_bridge
from carbonacct.sectors.energy.motor_fuels import find_move
from carbonacct.sectors.energy.product_account import make_account
from tests.factors.building import sound, write_edition
from tests.report.spreadsheet import recalculate
from tests.sectors.energy.building import table

ROWS = {
    "final_consumption": {"gasoline": 100, "diesel": 60, "kerosene": 5},
    "industry": {"gasoline": 20, "diesel": 30},
    "feedstock": {"diesel": 10},
    "transport": {"gasoline": 40, "diesel": 25, "kerosene": 5},
    "other_services": {"gasoline": 10, "diesel": 5},
    "households_urban": {"gasoline": 30},
}
HEAD = "flow,product,share,source\n"
GASOLINE = 2.92505598  # t CO2/t
ENERGY = {"gasoline": 43.070, "diesel": 42.652}  # GJ/t


def shares(folder, *lines):
    """Return a file of shares."""
    path = folder / "shares.csv"
    path.write_text(HEAD + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def compile_moved(folder, *lines, rows=ROWS, **options):
    """Return the inventory without and with shares of motor fuels."""
    balance = table(folder, rows)
    plain = ca.compile_inventory(balance, method="provincial-2011", **options)
    path = shares(folder, *lines)
    return plain, ca.compile_inventory(
        balance, method="provincial-2011", motor_fuels=path, **options
    )


def tonnes(inventory, flow, product, gas="CO2"):
    """Return t of a gas of one cell."""
    return inventory.emissions.sel(flow=flow, product=product, gas=gas).item()


def of(inventory, rule):
    """Return the findings of a rule."""
    return [finding for finding in inventory.findings if finding.rule == rule]


def test_the_share_moves_to_transport_and_the_total_stays(tmp_path):
    """Of 20 x 10^4 t of gasoline of industry, 0.9 moves: 18 x 10^4 t; CO2 as a whole does not."""
    before, after = compile_moved(
        tmp_path, "工业,汽油,0.9,survey 2020", "households_urban,gasoline,1,survey 2020"
    )
    assert tonnes(after, "industry", "gasoline") == pytest.approx(2e4 * GASOLINE, rel=1e-9)
    assert tonnes(after, "transport", "gasoline") == pytest.approx(88e4 * GASOLINE, rel=1e-9)
    assert tonnes(after, "households_urban", "gasoline") == 0
    assert after.total().item().magnitude == pytest.approx(
        before.total().item().magnitude, rel=1e-12
    )
    (found,) = of(after, "motor-fuels")
    assert found.severity == "info"
    assert "480,000 t of gasoline of industry, households_urban" in found.message
    assert f"{48e4 * GASOLINE:,.0f} t CO2" in found.message
    assert found.message.endswith("by survey 2020")
    assert not of(before, "motor-fuels")
    assert not of(after, "motor-fuels-kept")


def test_ch4_and_n2o_of_what_moves_are_those_of_vehicles(tmp_path):
    """Diesel on the road: 3.9 kg of each per TJ (IPCC 2006, table 3.2.2); boilers: 10 and 0.6."""
    before, after = compile_moved(tmp_path, "other_services,diesel,0.4,survey", gases=["all"])
    moved = 2e4 * ENERGY["diesel"] / 1e6  # TJ x 1e-3, for kg to t
    for gas, boiler in (("CH4", 10), ("N2O", 0.6)):
        change = after.total(gas=gas).item().magnitude - before.total(gas=gas).item().magnitude
        assert change == pytest.approx(moved * (3.9 - boiler), rel=1e-9)


def test_a_factor_of_one_row_alone_is_said_to_move_the_total(tmp_path):
    """An overlay gives transport other gasoline: what moves there takes it, with a warning."""
    factor = {"product": "gasoline", "flow": "transport", "unit": "t CO2/t", "value": "3"}
    overlay = write_edition(tmp_path / "own", emission_factor=[sound("emission_factor", **factor)])
    before, after = compile_moved(tmp_path, "industry,gasoline,0.5,survey", overlay=overlay)
    change = (after.total().item() - before.total().item()).magnitude
    assert change == pytest.approx(10e4 * (3 - GASOLINE), rel=1e-6)
    (found,) = of(after, "motor-fuels")
    assert found.severity == "warning"
    assert f"total CO2 moves by {change:+,.0f} t" in found.message


def test_biofuel_moves_as_well_and_without_co2_the_tonnes_are_said(tmp_path):
    """CO2 of ethanol is a memo item; an inventory of CH4 alone still says what moved."""
    rows = {
        "final_consumption": {"ethanol": 3, "gasoline": 9},
        "industry": {"ethanol": 2, "gasoline": 4},
        "transport": {"ethanol": 1, "gasoline": 5},
    }
    frame = pd.DataFrame(
        [
            ("X", 2020, flow, product, amount, "t")
            for flow, cells in rows.items()
            for product, amount in cells.items()
        ],
        columns=["area", "year", "flow", "product", "value", "unit"],
    )
    path = shares(tmp_path, "industry,ethanol,0.5,a", "industry,gasoline,0.5,a")
    for gases in (["CO2"], ["CH4"]):
        made = ca.compile_inventory(frame, method="ipcc-2006", motor_fuels=path, gases=gases)
        (found,) = of(made, "motor-fuels")
        assert "2 t of gasoline" in found.message
        assert "1 t of ethanol" in found.message
        assert ("t CO2" in found.message) == (gases == ["CO2"])
        assert "nan" not in found.message


def test_feedstock_goes_first_and_the_share_is_of_what_burns(tmp_path):
    """Of 30 x 10^4 t of diesel 10 are feedstock: a half of 20 moves."""
    before, after = compile_moved(tmp_path, "industry,diesel,0.5,survey")
    share = tonnes(after, "industry", "diesel") / tonnes(before, "industry", "diesel")
    assert share == pytest.approx(0.5, rel=1e-12)
    found = ca.trace(after, flow="industry", product="diesel")
    assert (found.deduction, found.moved) == (20e4, -10e4)
    assert "taken out: 100000 t" in found.to_text()
    assert "counts in transport: 100000 t  [0.5; survey]" in found.to_text()
    assert found.recompute() == found.value


def test_the_trace_of_transport_names_the_cells_that_it_holds(tmp_path):
    """A cell of transport is the sum of its own number and of the parts of other cells."""
    _, after = compile_moved(
        tmp_path, "industry,gasoline,0.5,survey", "other_services,gasoline,1,survey"
    )
    found = ca.trace(after, flow="transport", product="gasoline")
    text = found.to_text()
    cells = [
        f"table.csv!{after.balance.address('重庆', 2021, flow, 'gasoline').split('!')[-1]}"
        for flow in ("industry", "other_services")
    ]
    assert f"motor fuel of other rows: 200000 t  [{'; '.join(cells)}]" in text
    assert "(400000 t + 200000 t) x" in found.formula()
    assert "taken out" not in text
    assert found.recompute() == found.value


def test_the_nearest_row_and_fuel_give_the_share(tmp_path):
    """A branch has its own share before that of industry, a kind before its total."""
    rows = {
        "final_consumption": {"gasoline": 40, "diesel": 10},
        "industry": {"gasoline": 30, "diesel": 10},
        "industry.chemicals": {"gasoline": 10},
        "industry.textile": {"gasoline": 20},
        "transport": {"gasoline": 10, "diesel": 0},
    }
    before, after = compile_moved(
        tmp_path,
        "industry,oil_total,0.5,a",
        "industry,diesel,0,b",
        "industry.chemicals,gasoline,0.2,c",
        rows=rows,
    )
    left = {
        flow: tonnes(after, flow, "gasoline") / tonnes(before, flow, "gasoline")
        for flow in ("industry.chemicals", "industry.textile")
    }
    assert left == {
        "industry.chemicals": pytest.approx(0.8, rel=1e-12),
        "industry.textile": pytest.approx(0.5, rel=1e-12),
    }
    assert tonnes(after, "industry", "diesel") == tonnes(before, "industry", "diesel")


def test_a_blank_cell_of_transport_takes_what_moves(tmp_path):
    """A bureau leaves a cell blank where transport enterprises use nothing."""
    rows = {**ROWS, "transport": {"gasoline": "", "diesel": 25, "kerosene": 5}}
    before, after = compile_moved(tmp_path, "industry,gasoline,0.9,survey", rows=rows)
    assert tonnes(after, "transport", "gasoline") == pytest.approx(18e4 * GASOLINE, rel=1e-9)
    assert after.total().item().magnitude == pytest.approx(
        before.total().item().magnitude, rel=1e-12
    )
    # Where nothing is there to move it stays blank.
    rows["industry"] = {"gasoline": 20, "diesel": 0}
    rows["transport"] = {"gasoline": 40, "diesel": "", "kerosene": 5}
    del rows["feedstock"]
    _, after = compile_moved(tmp_path, "industry,oil_total,0.9,survey", rows=rows)
    printed = after.balance.amounts.sel(flow="transport")
    assert np.isnan(printed.sel(product=["gasoline", "diesel"])).values.ravel().tolist() == [
        False,
        True,
    ]


@pytest.mark.parametrize("times", [1, 1e-9])
def test_what_moved_is_said_of_the_cells_that_it_left_and_entered(tmp_path, times):
    """However small: out of a row negative, by its share; into transport positive, by the cells; elsewhere nothing."""
    frame = pd.DataFrame(
        [("industry", 20.0), ("construction", 8.0), ("transport", 40.0)], columns=["flow", "value"]
    ).assign(area="X", year=2020, product="gasoline", unit="t")
    frame["value"] *= times
    path = shares(tmp_path, "industry,gasoline,0.5,survey")
    made = ca.compile_inventory(frame, motor_fuels=path, method="provincial-2011")
    found = {flow: find_move(made, (0, 0, f, 0)) for f, flow in enumerate(made.balance.flows)}
    assert found["industry"] == (pytest.approx(-10 * times), "0.5; survey")
    assert found["construction"] == (0.0, "")
    assert found["transport"] == (pytest.approx(10 * times), "X 2020")
    (said,) = of(made, "motor-fuels")
    assert said.message.startswith(f"{10 * times:,.0f} t of gasoline of industry")


def test_fuel_stays_where_transport_prints_a_total_alone(tmp_path):
    """Oil as one number in transport: gasoline put beside it would take its place."""
    rows = {
        "final_consumption": {"oil_total": 60, "gasoline": 20},
        "farming": {"oil_total": 0, "gasoline": 0},
        "industry": {"oil_total": 20, "gasoline": 20},
        "transport": {"oil_total": 40},
    }
    before, after = compile_moved(tmp_path, "industry,gasoline,0.9,survey", rows=rows)
    assert after.total().item().magnitude == before.total().item().magnitude
    (found,) = of(after, "motor-fuels-kept")
    assert found.where == after.balance.address("重庆", 2021, "industry", "gasoline")
    assert "180,000 t of gasoline stay in their rows" in found.message
    assert not of(after, "motor-fuels")


def test_a_notation_key_in_transport_is_no_zero(tmp_path):
    """NE in transport: nothing is added to what is not known."""
    rows = {**ROWS, "transport": {"gasoline": "NE", "diesel": 25, "kerosene": 5}}
    _, after = compile_moved(tmp_path, "industry,gasoline,0.9,survey", rows=rows)
    assert of(after, "motor-fuels-kept")


def test_the_road_takes_it_where_transport_is_printed_by_kind(tmp_path):
    """The row of the road stands before that of transport."""
    rows = {
        "final_consumption": {"gasoline": 60},
        "industry": {"gasoline": 20},
        "transport": {"gasoline": 40},
        "transport.road": {"gasoline": 39},
        "transport.rail": {"gasoline": 1},
    }
    frame = pd.DataFrame(
        [
            ("X", 2020, flow, product, amount * 1e4, "t")
            for flow, cells in rows.items()
            for product, amount in cells.items()
        ],
        columns=["area", "year", "flow", "product", "value", "unit"],
    )
    made = ca.compile_inventory(
        frame,
        motor_fuels=shares(tmp_path, "industry,gasoline,0.5,survey"),
        method="provincial-2011",
    )
    assert tonnes(made, "transport.road", "gasoline") == pytest.approx(49e4 * GASOLINE, rel=1e-9)


def test_a_table_without_transport_says_so(tmp_path):
    """There is nowhere to move it to; where there is nothing to move nothing is said."""
    rows = {"final_consumption": {"gasoline": 20}, "industry": {"gasoline": 20}}
    with pytest.raises(TableError, match="no row of transport to count motor fuels in"):
        compile_moved(tmp_path, "industry,gasoline,0.9,survey", rows=rows)
    for nothing in ({}, {"diesel": 0}):
        rows["industry"] = {"gasoline": 20, **nothing}
        before, after = compile_moved(tmp_path, "industry,diesel,0.9,survey", rows=rows)
        assert after.total().item() == before.total().item()
        assert after.findings == before.findings


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("industryy,gasoline,0.9,a", "shares.csv:2: flow 'industryy' does not exist; did you mean"),
        ("transport,gasoline,0.9,a", "transport is no row of final consumption outside transport"),
        ("thermal_power,diesel,0.9,a", "thermal_power is no row of final consumption"),
        ("industry,gasolin,0.9,a", "product 'gasolin' does not exist; did you mean"),
        ("industry,electricity,0.9,a", "electricity is no motor fuel"),
        ("industry,gasoline,90,a", "share '90' is no fraction from 0 to 1; write 0.9 for 90 %"),
        ("industry,gasoline,nan,a", "share 'nan' is no fraction"),
        ("industry,gasoline,,a", "share '' is no fraction"),
        ("industry,gasoline,0.9,", "no source; name the document that says so"),
    ],
)
def test_a_fault_of_a_line_names_it(tmp_path, line, fault):
    """What, where and how to mend it."""
    with pytest.raises(FactorDataError) as caught:
        ca.load_method("provincial-2011", motor_fuels=shares(tmp_path, line))
    assert fault in str(caught.value)


def test_a_share_stands_once_and_all_faults_are_said_at_once(tmp_path):
    """Two shares of one cell contradict each other."""
    lines = ("industry,gasoline,0.9,a", "工业,汽油,0.8,b", "industry,diesel,2,c")
    with pytest.raises(FactorDataError) as caught:
        ca.load_method("provincial-2011", motor_fuels=shares(tmp_path, *lines))
    assert "shares.csv:3: industry x gasoline stands in line 2" in str(caught.value)
    assert "shares.csv:4: share '2'" in str(caught.value)
    lines = (
        "no row,gasoline,0.9,a",
        "another,gasoline,0.8,b",
        "industry,no fuel,1,c",
        "industry,other fuel,1,d",
    )
    with pytest.raises(FactorDataError) as caught:
        ca.load_method("provincial-2011", motor_fuels=shares(tmp_path, *lines))
    assert str(caught.value).count("does not exist") == 4
    assert "stands in line" not in str(caught.value)


@pytest.mark.parametrize("content", ["", "flow,product\nindustry,gasoline\n", None])
def test_what_is_no_file_of_shares(tmp_path, content):
    """No line, no column, no file."""
    path = tmp_path / "shares.csv"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(FactorDataError, match="CSV flow,product,share,source"):
        ca.load_method("provincial-2011", motor_fuels=path)


def test_shares_are_for_a_method_that_is_not_loaded(tmp_path):
    """As the other options of a method."""
    path = shares(tmp_path, "industry,gasoline,0.9,a")
    method = ca.load_method("provincial-2011")
    with pytest.raises(MethodError, match="motor_fuels and feedstock_counts to load_method"):
        ca.compile_inventory(table(tmp_path, ROWS), method=method, motor_fuels=path)


def test_the_bridge_and_the_account_do_not_notice(tmp_path):
    """What moves between rows that burn is no step between the approaches."""
    path = shares(tmp_path, "industry,gasoline,0.95,a", "industry,diesel,0.35,a")
    file = "docs/tables/chongqing_2007.csv"
    plain, moved = (
        ca.compile_inventory(file, motor_fuels=one, method="provincial-2011")
        for one in (None, path)
    )
    bridges = [make_bridge(compare_approaches(one)) for one in (plain, moved)]
    steps = [bridge.set_index("step")["total"].astype(float) for bridge in bridges]
    assert steps[1].to_dict() == pytest.approx(steps[0].to_dict(), rel=1e-9, abs=1e-3)
    accounts = [make_account(one).set_index(["flow", "product"]) for one in (plain, moved)]
    assert accounts[1]["counted"].to_dict() == pytest.approx(
        accounts[0]["counted"].to_dict(), rel=1e-9, abs=1e-3
    )


def test_the_workbook_moves_with_the_number(tmp_path):
    """A spreadsheet program finds our numbers, and moves the share of a number that is changed."""
    _, after = compile_moved(
        tmp_path,
        "industry,gasoline,0.9,a",
        "other_services,gasoline,0.5,a",
        "industry,diesel,0.5,a",
    )
    write_workbook([after], tmp_path / "made.xlsx", lang="en")
    book = openpyxl.load_workbook(tmp_path / "made.xlsx")
    sheet = book["activity data"]
    heads = {cell.value: cell.column for cell in sheet[4]}
    (row,) = [
        n
        for n in range(5, sheet.max_row + 1)
        if (sheet.cell(n, heads["flow"]).value, sheet.cell(n, heads["product"]).value)
        == ("Industry", "Gasoline")
    ]
    sheet.cell(row, heads["as printed"]).value = 40
    book.save(tmp_path / "changed.xlsx")
    same, changed = recalculate(tmp_path, tmp_path / "made.xlsx", tmp_path / "changed.xlsx")
    values = [
        {(r[2], r[3]): r[7] for r in one["inventory"].iter_rows(min_row=2, values_only=True)}
        for one in (same, changed)
    ]
    for (flow, product), value in values[0].items():
        assert value == pytest.approx(tonnes(after, flow, product), rel=1e-12)
    moved = values[1]["transport", "gasoline"] - values[0]["transport", "gasoline"]
    assert moved == pytest.approx(18e4 * GASOLINE, rel=1e-9)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(share=st.floats(0, 1), other=st.floats(0, 1), first=st.sampled_from(["gasoline", "diesel"]))
def test_whatever_the_shares_co2_is_the_same(tmp_path, share, other, first):
    """A law: the sum over rows does not depend on the shares, and no row falls below zero."""
    before, after = compile_moved(
        tmp_path, f"industry,{first},{share!r},a", f"other_services,oil_total,{other!r},a"
    )
    assert after.total().item().magnitude == pytest.approx(
        before.total().item().magnitude, rel=1e-12
    )
    assert after.emissions.min() > -1e-6


@pytest.mark.parametrize(("count", "said"), [(6, ""), (7, "and 1 more rows")])
def test_up_to_six_rows_are_named(tmp_path, count, said):
    """From which fuel moved; of more, how many."""
    users = [
        "farming",
        "construction",
        "other_services",
        "wholesale_retail",
        "households_urban",
        "households_rural",
    ]
    users = [*users, "industry"][:count]
    rows = {flow: {"gasoline": 10} for flow in users} | {"transport": {"gasoline": 40}}
    _, moved = compile_moved(
        tmp_path, *(f"{flow},gasoline,0.5,survey" for flow in users), rows=rows
    )
    (found,) = of(moved, "motor-fuels")
    assert [flow in found.message for flow in users].count(True) == 6
    assert said in found.message
    assert ("more rows" in found.message) == (count > 6)
