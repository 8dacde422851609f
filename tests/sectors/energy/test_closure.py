"""What some areas send out arrives in the others: electricity and heat over the parts of one whole."""

from __future__ import annotations

import pytest

import carbonacct as ca
from carbonacct.sectors.energy.closure import check_transfers
from tests.sectors.energy.made_balances import balance_of, inventory_of, panel_of

USED = {"industry": {"raw_coal": 1, "electricity": 1, "heat": 1}}
POWER = {"industry": {"raw_coal": 1, "electricity": 1}}  # a table without a column of heat


def area(name, product="electricity", year=2022, **moved):
    """Return the inventory of an area that moves a product, 10^8 kWh or 10^10 kJ."""
    rows = {flow: {product: value} for flow, value in moved.items()} | USED
    return inventory_of(rows, area=name, year=year)


@pytest.mark.parametrize(
    ("sent", "taken", "said"),
    [
        (-100, 100, ""),
        (-100, 99, ""),  # losses of lines
        (
            -100,
            98.9,
            "is 9.9 TWh and moved out 10.0 over 2 areas in 2022: inflow and outflow do not close by -0.1 TWh",
        ),
        (
            -90,
            100,
            "is 10.0 TWh and moved out 9.0 over 2 areas in 2022: inflow and outflow do not close by +1.0 TWh",
        ),
        (-100, 0, ""),  # one area alone moves something: the others are not there
    ],
)
def test_inflow_is_outflow_within_one_percent(sent, taken, said):
    """10^8 kWh are a tenth of a TWh."""
    found = check_transfers([area("山西", moved_out=sent), area("北京", moved_in=taken)])
    assert [one.message for one in found] == ([f"electricity moved in {said}"] if said else [])
    assert {(one.rule, one.severity) for one in found} <= {("transfers-open", "warning")}


@pytest.mark.parametrize(
    ("sent", "taken", "is_said"),
    [(-100, 99.2, False), (-99.2, 100, False), (-100, 98.5, True), (-1, 0.985, True)],
)
def test_one_percent_is_one_percent_of_a_village_too(sent, taken, is_said):
    """A hundred kWh, and one, close as the power of a nation does."""
    kwh = 1e-8
    found = check_transfers(
        [area("山西", moved_out=sent * kwh), area("北京", moved_in=taken * kwh)]
    )
    assert [one.rule for one in found] == ["transfers-open"] * is_said


def test_a_table_in_coal_equivalent_is_turned_into_kwh():
    """10^4 tce are 81.41 x 10^6 kWh: what one table prints in kWh and the other in tce closes."""
    units = {"electricity": "万吨标准煤"}
    taken = ca.compile_inventory(
        balance_of({"moved_in": {"electricity": 12.2835}} | POWER, area="北京", units=units),
        method="ipcc-2006",
    )
    assert not check_transfers(
        [inventory_of({"moved_out": {"electricity": -10}} | POWER, area="山西"), taken]
    )
    assert check_transfers(
        [inventory_of({"moved_out": {"electricity": -11}} | POWER, area="山西"), taken]
    )


def test_heat_is_said_in_its_own_unit():
    """1000 x 10^10 kJ are 10 PJ."""
    found = check_transfers(
        [area("山西", "heat", moved_out=-1000), area("北京", "heat", moved_in=500)]
    )
    assert found[0].message == (
        "heat moved in is 5.0 PJ and moved out 10.0 over 2 areas in 2022: inflow and outflow do not close by -5.0 PJ"
    )


def test_each_year_closes_by_itself():
    """Sent in one year and taken in the next closes in neither; years and products come in order."""
    parts = [
        area("山西", year=2021, moved_out=-100),
        area("北京", year=2021, moved_in=10),
        area("山西", year=2020, moved_out=-10),
        area("北京", year=2020, moved_in=100),
    ]
    found = check_transfers(parts)
    assert ["in 2020" in one.message for one in found] == [True, False]
    assert ["in 2021" in one.message for one in found] == [False, True]


def test_both_directions_of_one_area_count_and_a_table_of_several_areas_does():
    """What an area takes in and sends out are two amounts; areas may stand in one table."""
    tables = {
        ("山西", 2022): {"moved_in": {"electricity": 20}, "moved_out": {"electricity": -120}}
        | USED,
        ("北京", 2022): {"moved_in": {"electricity": 100}} | USED,
        ("天津", 2022): {"moved_in": {"electricity": 40}} | USED,
    }
    (found,) = check_transfers([ca.compile_inventory(panel_of(tables), method="ipcc-2006")])
    assert "moved in is 16.0 TWh and moved out 12.0 over 3 areas" in found.message


def test_what_crosses_the_border_of_the_whole_is_no_part():
    """Imports and exports of a nation have no other side; areas that move nothing are not counted."""
    assert not check_transfers([area("山西", imports=100), area("北京", exports=-40)])
    assert not check_transfers(
        [inventory_of(USED), inventory_of({"industry": {"raw_coal": 1}}, area="北京")]
    )
    assert not check_transfers([])
