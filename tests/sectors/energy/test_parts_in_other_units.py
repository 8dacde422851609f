"""A product and a part of it in another unit: each amount counts once, and what stands aside is named."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct.balances.amounts.energy_range import find_energy_range
from carbonacct.sectors.energy.finest_cells import find_finest_cells
from tests.sectors.energy.made_balances import balance_of, inventory_of, panel_of

RULE = "part-in-other-unit"
TABLE = """某市2021年分行业能源消费,,,,
行业,原煤（万吨）,天然气（{unit}）,{lng},电力（亿千瓦时）
工业,100,{gas},2,50
交通运输、仓储和邮政业,0,{transport},0.5,2
居民生活,3,{home},,20
"""


def read_table(tmp_path, *, lng="#液化天然气（万吨）", unit="TJ", scale=1.0):
    """Return the inventory of a table of three users; without ``lng`` its column is one of numbers of users."""
    names = dict(
        zip(
            ("gas", "transport", "home"),
            (round(n * scale, 4) for n in (38931, 3893, 7786)),
            strict=True,
        )
    )
    path = tmp_path / "table.csv"
    path.write_text(TABLE.format(unit=unit, lng=lng or "用户数（户）", **names), encoding="utf-8")
    return ca.compile_inventory(ca.read_balance(path, area="重庆"), method="ipcc-2006")


def total(inventory):
    """Return the direct CO2, t."""
    return float(inventory.total(scope=1).item().magnitude)


def named(inventory):
    """Return how many cells each finding on parts names."""
    return [len(one.gaps) for one in inventory.findings if one.rule == RULE]


@pytest.mark.parametrize(("unit", "scale"), [("TJ", 1.0), ("亿立方米", 1 / 3893.1)])
def test_what_is_marked_as_a_part_is_in_its_whole(tmp_path, unit, scale):
    """20 kt of LNG of 39 PJ of gas (or of 10^9 m3, in which no tonnes add up): the gas counts, as without it."""
    with_part = read_table(tmp_path, unit=unit, scale=scale)
    assert total(with_part) == total(read_table(tmp_path, lng="", unit=unit, scale=scale))
    assert named(with_part) == [2]
    assert not [one for one in with_part.findings if one.severity == "error"]


def test_what_stands_beside_is_no_part(tmp_path):
    """Cubic metres of gas, and tonnes of LNG without a mark: two fuels, and both count."""
    beside = read_table(tmp_path, lng="液化天然气（万吨）", unit="亿立方米", scale=1 / 3893.1)
    alone = read_table(tmp_path, lng="", unit="亿立方米", scale=1 / 3893.1)
    lng = (
        25000 * 44.2 * 56.1 / 1000
    )  # IPCC 2006, Vol. 2, tables 1.2 and 1.4: natural gas liquids stand for no LNG
    assert named(beside) == []
    assert total(beside) - total(alone) == pytest.approx(lng, rel=0.25)


UNITS = {"oil_total": "GJ", "diesel": "t"}


@given(st.floats(1.0, 1e6), st.floats(1.0, 1e6))
def test_a_total_or_its_kinds(energy, tonnes):
    """The kinds where they may be all of it, the total where they cannot: never both, never neither."""
    balance = balance_of({"transport": {"oil_total": energy, "diesel": tonnes}}, units=UNITS)
    most = find_energy_range(balance)[1][balance.products.index("diesel")] * tonnes
    assert list_counted(balance) == {
        ("transport", "oil_total" if energy * 0.95 > most else "diesel")
    }


def list_counted(balance):
    """Return the rows and products that count."""
    found = np.argwhere(find_finest_cells(balance)[0, 0]).tolist()
    return {(balance.flows[f], balance.products[p]) for f, p in found}


HELD = [  # rows, and what counts of them
    # What is printed of kinds alone is in no total of its row.
    (
        {"transport": {"oil_total": 1e6, "diesel": 10.0}, "households": {"diesel": 7.0}},
        {("transport", "oil_total"), ("households", "diesel")},
    ),
    # A branch is held where the sector above it is: in the total of either.
    (
        {
            "industry": {"oil_total": 1e6, "diesel": 10.0},
            "industry.mining": {"oil_total": 4e5, "diesel": 10.0},
        },
        {("industry.mining", "oil_total")},
    ),
    (
        {"industry": {"oil_total": 1e6}, "industry.mining": {"diesel": 10.0}},
        {("industry", "oil_total")},
    ),
    (
        {"industry": {"oil_total": 400.0}, "industry.mining": {"diesel": 10.0}},
        {("industry.mining", "diesel")},
    ),
    # Levels count on both sides: the kinds of two branches are all of their sector.
    (
        {
            "final_consumption": {"oil_total": 8e5},
            "transport": {"oil_total": 4e5, "diesel": 1e4},
            "households": {"oil_total": 4e5, "diesel": 1e4},
        },
        {("transport", "diesel"), ("households", "diesel")},
    ),
    # A kind in the unit of the total is in it as well: nothing tells what is left beside the other.
    (
        {"transport": {"oil_total": 1e6, "diesel": 10.0, "gasoline": 2e5}},
        {("transport", "oil_total")},
    ),
]


@pytest.mark.parametrize(("rows", "expected"), HELD)
def test_rows_and_branches(rows, expected):
    """Where the total counts, and where its kinds do."""
    assert list_counted(balance_of(rows, units=UNITS | {"gasoline": "GJ"})) == expected


def test_tables_are_judged_by_themselves():
    """Of two years the kinds are all of the total in one alone."""
    rows = {
        year: {"transport": {"oil_total": 430.0, "diesel": tonnes}}
        for year, tonnes in ((2020, 10.0), (2021, 1.0))
    }
    balance = panel_of({("A", year): cells for year, cells in rows.items()}, units=UNITS)
    leaf = find_finest_cells(balance)[0, :, 0]
    assert [balance.products[p] for p in leaf.argmax(axis=-1)] == ["diesel", "oil_total"]
    assert leaf.sum() == 2


def test_a_difference_is_worth_what_its_own_unit_burns():
    """1,000 GJ of gas too much are worth 56 t, whatever a tonne of LNG beside it is worth (IPCC 2006: 56.1 kg/GJ)."""
    rows = {
        "final_consumption": {"natural_gas": 21_000.0, "lng": 10.0},
        "industry": {"natural_gas": 10_000.0, "lng": 10.0},
        "households": {"natural_gas": 10_000.0},
        "transport": {"natural_gas": 0.0},
    }
    inventory = inventory_of(rows, units={"natural_gas": "GJ", "lng": "t"})
    worth = [
        one.worth
        for one in inventory.findings
        if one.severity == "error" and one.worth == one.worth
    ]
    assert all(abs(one) == pytest.approx(56.1, rel=0.01) for one in worth)
    rest = (
        inventory.to_frame()
        .set_index(["flow", "product"])["value"]
        .get(("final_consumption.remainder", "natural_gas"))
    )
    assert worth or rest == pytest.approx(56.1, rel=0.01)


def test_what_parts_may_leave_is_said():
    """10,000 GJ of oil may be 190 t of diesel and 35 of gasoline: they count, and a finding says that no rest does."""
    units = {"oil_total": "GJ", "diesel": "t", "gasoline": "t"}
    inventory = inventory_of(
        {"industry": {"oil_total": 1e4, "diesel": 190.0, "gasoline": 35.0}}, units=units
    )
    (found,) = (one for one in inventory.findings if one.rule == RULE)
    assert found.severity == "warning"
    assert "oil_total (GJ)" in found.message
    assert "diesel, gasoline count" in found.message
    alone = inventory_of({"industry": {"diesel": 190.0, "gasoline": 35.0}}, units=units)
    assert total(inventory) == pytest.approx(total(alone))
    assert not [one for one in alone.findings if one.rule == RULE]
