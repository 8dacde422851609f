"""The account of a table closes: printed is counted, or left out with a reason."""

from __future__ import annotations

import csv
from collections import defaultdict
from itertools import groupby
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct import vocabulary
from carbonacct.balances.assemble.signs import PLANTS
from carbonacct.factors import load_method
from carbonacct.sectors.energy import make_account
from tests.sectors.energy.building import table
from tests.strategies_balances import METHODS, above, any_frames, nested_tables

SOME = settings(max_examples=25, suppress_health_check=list(HealthCheck))
WHERE = ["counted", "deducted", "excluded", "transformed", "not_burnt"]
KEYS = ["area", "year", "flow", "product"]
methods = pytest.mark.parametrize("method", METHODS)


def account_of(frame, method):
    """Return an inventory and its account; pass over a table that is refused."""
    try:
        inventory = ca.compile_inventory(frame, method=method)
    except ca.CarbonacctError:
        assume(condition=False)
    return inventory, make_account(inventory).set_index(KEYS)


def by_account_row(frame, account):
    """Return the numbers of a long table by the row of the account that each belongs to.

    A walk of its own: up the parents of the vocabulary, to the last row and column that the table
    prints; subtotals belong to the row above them.
    """
    flows, products = set(frame["flow"]), set(frame["product"])
    found = defaultdict(dict)
    for cell in frame.dropna().itertuples():
        tops = []
        for dim, label, printed in (
            ("flow", cell.flow, flows),
            ("product", cell.product, products),
        ):
            above_it = [each for each in above(dim, label) if each in printed]
            tops.append(above_it[-1])
        found[(cell.area, cell.year, *tops)][cell.flow, cell.product] = cell.value
    return {key: numbers for key, numbers in found.items() if key in account.index}


def add_up(numbers, flow, product):
    """Return a number of a table, or the sum of its parts where it has none: plain recursion."""
    if (flow, product) in numbers:
        return numbers[flow, product]
    lower = {
        other
        for other, same in numbers
        if same == product and vocabulary.flows()[other].parent == flow
    }
    return sum(add_up(numbers, other, product) for other in sorted(lower))


def is_inside(flow, row, parents):
    """Return whether a flow belongs to a row: a part of it, or of a member of a subtotal."""
    members = (row, *vocabulary.flows()[row].members)
    return any(vocabulary.is_within(flow, member, parents) for member in members)


@methods
@SOME
@given(data=st.data())
def test_the_account_of_any_table(method, data):
    """What is printed is counted, or left out with a reason; what is counted stands in one row."""
    frame = data.draw(any_frames(method))
    # Light and heavy industry without the row above are subtotals of nothing that is printed.
    wholes = {"industry.light", "industry.heavy"} & set(frame["flow"])
    assume(not wholes or "industry" in set(frame["flow"]))
    inventory, account = account_of(frame, method)
    _check_differences(inventory, account, frame["value"].abs().sum())
    _check_counted(inventory, account)
    _check_printed(account, frame)


def _check_differences(inventory, account, size):
    """Check that what is neither counted nor left out has a finding that names it, by product, area and year."""
    balance = inventory.balance
    left = account["printed"] - account[WHERE].sum(axis=1)
    np.testing.assert_allclose(account["difference"], left, atol=1e-9 * size)
    named = {
        (gap.area, gap.year, gap.flow, gap.product)
        for finding in inventory.findings
        if finding.severity != "info"
        for gap in finding.gaps
    }
    for (area, year, flow, product), difference in left.items():
        below = [each for each in balance.flows if is_inside(each, flow, balance.parents)]
        burns = any(inventory.method.role(each, balance.parents) == "combustion" for each in below)
        if burns and abs(difference) > 1e-9 * size + 1e-6 * len(below):
            assert any(
                (a, y) == (area, year) and f in below and vocabulary.is_product_within(p, product)
                for a, y, f, p in named
            ), (area, year, flow, product, difference)


def _check_counted(inventory, account):
    """Check that the account adds up to the activity: no cell in two of its rows, and none in no row."""
    balance = inventory.balance
    plants = [balance.is_part(flow, "transformation") for flow in balance.flows]
    fuels = [not vocabulary.is_electricity_or_heat(product) for product in balance.products]
    sign = np.where(plants, -1.0, 1.0)[:, None]
    counted = (sign * np.nan_to_num(inventory.activity))[..., fuels]
    size = np.abs(counted).sum() + 1.0
    assert account["counted"].sum() == pytest.approx(counted.sum(), abs=1e-9 * size)


def _check_printed(account, frame):
    """Check that a row with a number of its own prints it: by a walk of the raw numbers.

    What plants take in is printed negative here: a table of use alone may print it positive, and then it is turned.
    """
    if (frame["flow"].isin(PLANTS) & (frame["value"] > 0)).any():
        return
    for (area, year, flow, product), numbers in by_account_row(frame, account).items():
        if (flow, product) in numbers:
            assert account.loc[(area, year, flow, product), "printed"] == numbers[flow, product]


@pytest.mark.parametrize("method", ["provincial-2011", "ipcc-2006"])
@SOME
@given(data=st.data())
def test_a_table_that_adds_up_closes(method, data):
    """Parents that are the sums of their parts, or hold more: nothing is left open."""
    tables = data.draw(nested_tables(method, deep=False))
    _, account = account_of(tables.printed, method)
    size = tables.printed["value"].abs().sum()
    assert account["difference"].abs().max() <= 1e-9 * size
    for (area, year, flow, product), numbers in by_account_row(tables.printed, account).items():
        if {each for _, each in numbers} == {product}:
            printed = account.loc[(area, year, flow, product), "printed"]
            assert printed == pytest.approx(add_up(numbers, flow, product))


@pytest.mark.parametrize("times", [1, 1e-7])
def test_where_each_tonne_went(tmp_path, times):
    """By hand: feedstock, scope 2, what plants take in and put out, what a method leaves out; be it tonnes or grams."""
    rows = {
        "transformation": {"raw_coal": -70, "coke": 6, "electricity": 50},
        "thermal_power": {"raw_coal": -60, "electricity": 50},
        "coal_washing": {"raw_coal": -10},
        "coking": {"coke": 6},
        "final_consumption": {"raw_coal": 40, "diesel": 9, "electricity": 50, "other_energy": 3},
        "industry": {"raw_coal": 40, "diesel": 4, "electricity": 50, "other_energy": 3},
        "feedstock": {"raw_coal": 5},
        "transport": {"diesel": 5},
    }
    rows = {
        flow: {product: number * times for product, number in cells.items()}
        for flow, cells in rows.items()
    }
    inventory = ca.compile_inventory(table(tmp_path, rows), method="provincial-2011")
    account = make_account(inventory).set_index(["flow", "product"])
    account = account[["printed", *WHERE, "difference"]]
    expected = {
        ("transformation", "raw_coal"): [-70, -60, 0, 0, 0, -10, 0],
        ("transformation", "coke"): [6, 0, 0, 0, 0, 6, 0],
        ("final_consumption", "raw_coal"): [40, 35, 5, 0, 0, 0, 0],
        ("final_consumption", "diesel"): [9, 9, 0, 0, 0, 0, 0],
        ("feedstock", "raw_coal"): [5, 0, 0, 0, 0, 5, 0],
    }
    for place, numbers in expected.items():
        np.testing.assert_allclose(
            account.loc[place].to_numpy() / times,
            np.array(numbers) * 1e4,
            atol=1e-9,
            err_msg=str(place),
        )
    electricity = account.loc["final_consumption", "electricity"]
    assert electricity["not_burnt"] == electricity["printed"] == pytest.approx(50e8 * times)
    other = account.loc["final_consumption", "other_energy"]
    assert other["excluded"] == other["printed"] == pytest.approx(3e4 * times)


def test_crude_oil_of_refineries_is_transformed(tmp_path):
    """In a table of branches it is neither burnt nor lost."""
    rows = {"industry": {"crude_oil": 10}, "industry.petroleum_coking": {"crude_oil": 8}}
    inventory = ca.compile_inventory(
        table(tmp_path, rows | {"transport": {"diesel": 1}}), method="provincial-2011"
    )
    account = make_account(inventory).set_index(["flow", "product"]).loc["industry", "crude_oil"]
    assert (account["printed"], account["transformed"], account["difference"]) == (1e5, 1e5, 0)


NOT_CLOSED = {
    "a total far above its kinds, another below": (
        [
            ("industry.textile", "oil_total", 4_000),
            ("industry.textile", "diesel", 1),
            ("industry.timber", "oil_total", 0),
            ("industry.timber", "diesel", 9_000),
            ("industry.timber", "gasoline", 20),
        ],
        ("industry.textile", "oil_total", 3_999, "stand in none of its parts and do not count"),
    ),
    "a kind of a kind above its total": (
        [
            ("industry", "coal_total", 100),
            ("industry", "anthracite", 1_500),
            ("transport", "raw_coal", 50),
        ],
        ("industry", "coal_total", -1_400, "hold 1,400 t more than it does; they count"),
    ),
}


@pytest.mark.parametrize(("cells", "right"), NOT_CLOSED.values(), ids=NOT_CLOSED)
def test_a_number_that_nothing_explains_is_an_error(cells, right):
    """Neither counted nor left out for a reason: named with its amount, and what it is worth."""
    frame = pd.DataFrame(cells, columns=["flow", "product", "value"]).assign(area="A", year=2019)
    inventory = ca.compile_inventory(frame, method="provincial-2011")
    (found,) = [finding for finding in inventory.findings if finding.rule == "not-closed"]
    assert found.severity == "error"
    (gap,) = found.gaps
    flow, product, amount, text = right
    assert (gap.flow, gap.product, gap.amount) == (flow, product, amount)
    assert text in found.message
    assert " t CO2" in found.message


def _golden():
    """Yield the numbers by table."""
    path = Path(__file__).parents[2] / "data" / "counted_tables.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for name, lines in groupby(rows, key=lambda row: row["table"]):
        yield pytest.param(name, list(lines), id=name.rpartition("/")[2])


@pytest.mark.parametrize(("name", "lines"), list(_golden()))
def test_real_tables(real_tables, name, lines):
    """Totals of real tables, worked with other code from the rules of counting (Mt of CO2).

    China's balances of 2007 and 2019 (China Energy Statistical Yearbook) and the balances of three
    German states (Laenderarbeitskreis Energiebilanzen): remainders, plants of industry, and one carbon
    pool counted by the gas, by its fuel, or twice.
    """
    if not (real_tables / name).is_file():
        pytest.skip(f"{name} is not among the real tables")
    balance = ca.read_balance(real_tables / name)
    areas = {"Berlin": "柏林", "Hamburg": "汉堡", "Bremen": "不来梅"}
    for (method, count), group in groupby(
        lines, key=lambda row: (row["method"], row["carbon_pool"])
    ):
        chosen = load_method(method, carbon_pool=None if method == "ceads" else count)
        emissions = ca.compile_inventory(balance, method=chosen).emissions
        for row in group:
            cells = emissions
            if row["area"]:
                named = [
                    area for area in balance.areas if area in (row["area"], areas[row["area"]])
                ]
                cells = emissions.sel(area=named, year=[int(row["year"])])
            total = float(np.nansum(cells.values)) / 1e6
            assert total == pytest.approx(float(row["mt"]), abs=6e-4), row


def test_a_row_inside_one_without_a_number_stands_in_the_account():
    """Plants lie within industry; where industry prints no refinery gas, that of plants counts and has a row."""
    rows = [
        ("A", 2019, "industry", "raw_coal", 5.0, "t"),
        ("A", 2019, "industry.power_heat_supply.plants", "refinery_gas", 3.0, "t"),
    ]
    table = pd.DataFrame(rows, columns=["area", "year", "flow", "product", "value", "unit"])
    account = make_account(ca.compile_inventory(ca.make_balance(table), method="provincial-2011"))
    assert account.groupby("product")["counted"].sum().to_dict() == {
        "raw_coal": 5.0,
        "refinery_gas": 3.0,
    }
