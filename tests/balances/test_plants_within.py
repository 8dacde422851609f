"""Plants that a table prints inside industry: which rows are parts of it, and what a branch transforms or burns."""

from __future__ import annotations

import pytest

from carbonacct.balances.path.of_which import Ladder
from carbonacct.balances.path.plants_within import (
    Level,
    PlantRow,
    PlantsBelow,
    add_flow,
    find_plants_below,
    is_plant,
    tell_industry,
)
from carbonacct.balances.path.row_reader import RowKey


@pytest.mark.parametrize(
    ("rows", "placed"),
    [
        # Behind a mark below industry, or a branch of it, plants are a part of it.
        ("industry 0, thermal_power 1", "industry, transformation.thermal_power<industry"),
        (
            "industry.chemicals 0, refining 1",
            "industry.chemicals, transformation.refining<industry.chemicals",
        ),
        (
            "secondary_industry 0, coking 1",
            "secondary_industry, transformation.coking<secondary_industry",
        ),
        # Without a mark they stand beside it, unless plants with one stand above them.
        ("industry 0, thermal_power 0", "industry, thermal_power"),
        (
            "industry 0, thermal_power 1, coking 0, heating 0",
            (
                "industry, transformation.thermal_power<industry, transformation.coking<industry, "
                "transformation.heating<industry"
            ),
        ),
        # Of 加工转换投入 the plants are kinds; those of another row are none of industry.
        (
            "industry 0, transformation.input 1, thermal_power 2, coking 0",
            (
                "industry, transformation<industry, transformation.thermal_power<transformation, "
                "transformation.coking<transformation"
            ),
        ),
        (
            "industry 0, thermal_power 1, losses 0, coking 0",
            "industry, transformation.thermal_power<industry, losses, coking",
        ),
        (
            "final_consumption 0, thermal_power 1",
            "final_consumption, thermal_power<final_consumption",
        ),
        # Beside industry below a total they are no part of it, below it they are.
        (
            "total_consumption 0, industry 1, coking 1",
            "total_consumption, industry<total_consumption, coking<total_consumption",
        ),
        (
            "total_consumption 0, industry 1, coking 2, farming 1",
            "total_consumption, industry<total_consumption, transformation.coking<industry, farming<total_consumption",
        ),
        # Final consumption behind a mark below industry is its own.
        (
            "industry 0, final_consumption 1, thermal_power 1",
            "industry, industry.final_use<industry, transformation.thermal_power<industry",
        ),
        ("industry 0, final_consumption 0", "industry, final_consumption"),
        # What is no plant stays what it is.
        ("industry 0, industry.textile 1", "industry, industry.textile<industry"),
        ("industry 0, losses 1, coking 0", "industry, losses<industry, coking"),
    ],
)
def test_plants_behind_a_mark_are_a_part_of_industry(rows, placed):
    """And so are those behind them without one: counted beside industry their coal would count twice."""
    ladder = Ladder()
    found = []
    for row in rows.split(", "):
        flow, depth = row.split()
        found.append("<".join(text for text in add_flow(ladder, flow, int(depth)) if text))
    assert ", ".join(found).replace("industry.transformation", "transformation") == placed


@pytest.mark.parametrize(
    ("flow", "direction", "is_it"),
    [
        ("industry.transformation.coking", "", True),
        ("industry.transformation", "output", True),
        ("industry.power_heat_supply", "input", True),
        ("industry.power_heat_supply", "", False),
        ("industry.power_heat_supply", "output", False),
        ("industry.utilities", "input", False),
        ("industry", "input", False),
    ],
)
def test_the_branch_of_power_and_heat_burns_what_it_transforms(flow, direction, is_it):
    """Of other branches the input of a transformation says nothing of plants."""
    assert is_plant(flow, direction) is is_it


@pytest.mark.parametrize(
    ("branch", "branches"),
    [
        (
            "industry.power_heat_supply",
            {"industry.transformation.thermal_power": "industry.power_heat_supply"},
        ),
        (
            "industry.utilities",
            {"industry.transformation.thermal_power": "industry.power_heat_supply"},
        ),
        ("industry.chemicals", {}),
    ],
)
def test_plants_below_the_branch_of_power_are_parts_of_it(branch, branches):
    """The row above that is none of plants says whose they are, in the order of the table."""
    thermal, coking = "industry.transformation.thermal_power", "industry.transformation.coking"
    keys = {9: RowKey(flow="farming"), 4: RowKey(flow="thermal_power"), 3: RowKey(flow=branch)}
    keys |= {10: RowKey(flow="coking", product="coke")}
    found = find_plants_below(keys, {4: thermal, 10: coking}, lambda _: PlantRow(Level()), about="")
    assert found == PlantsBelow({4: thermal, 10: coking}, branches, frozenset())


WITHIN = "industry.transformation.thermal_power"


@pytest.mark.parametrize(
    ("rows", "within", "open_"),
    [
        # Set in below industry; on its level; behind another sector; in a table of final consumption.
        ("industry 0, thermal_power 2", True, False),
        ("industry 0, thermal_power 0", False, True),
        ("industry 0, construction 0, thermal_power 0", False, False),
        ("final_consumption 0, industry 0, thermal_power 0", False, False),
        # Behind parts set in they stand beside industry, unless the branch of power may hold them.
        ("industry 0, industry.mining 2, industry.manufacturing 2, thermal_power 0", False, False),
        (
            "industry 0, industry.mining 2, industry.power_heat_supply 2, thermal_power 0",
            False,
            True,
        ),
        ("industry 0, industry.mining 0, industry.manufacturing 0, thermal_power 0", False, True),
    ],
)
def test_where_plants_stand_says_whether_industry_holds_them(rows, within, open_):
    """Their level does, or nothing does."""
    flows, indents = zip(*(row.split() for row in rows.split(", ")), strict=True)
    keys = {i: RowKey(flow=flow) for i, flow in enumerate(flows)}
    found = find_plants_below(keys, {}, lambda i: PlantRow(Level(indent=int(indents[i]))), about="")
    assert found.within == ({len(flows) - 1: WITHIN} if within else {})
    assert found.open == ({"thermal_power"} if open_ else set())


PRINTED_TWICE = ["total_consumption", "industry", "final_consumption", "industry"]


@pytest.mark.parametrize(
    ("flows", "told"),
    [
        (PRINTED_TWICE, 1),
        (["total_consumption", "farming", *PRINTED_TWICE[1:]], 2),
        (PRINTED_TWICE[:3], None),
        (["final_consumption", "industry", "total_consumption", "industry"], None),
        ([*PRINTED_TWICE, "industry"], None),
    ],
)
def test_industry_of_the_total_is_told_from_that_of_final_consumption(flows, told):
    """工业 below 消费量合计 holds what plants take in; the second, below 终端消费, does not."""
    keys = {n: RowKey(flow=flow, unit=f"{n} t") for n, flow in reversed([*enumerate(flows)])}
    tell_industry(keys)
    expected = ["industry_total" if n == told else flow for n, flow in enumerate(flows)]
    assert [keys[n] for n in range(len(flows))] == [
        RowKey(flow=flow, unit=f"{n} t") for n, flow in enumerate(expected)
    ]


def test_industry_of_products_in_a_column_is_not_told_apart():
    """Rows that name a product print industry once for each."""
    keys = {n: RowKey(flow=flow, product="coke") for n, flow in enumerate(PRINTED_TWICE)}
    tell_industry(keys)
    assert [key.flow for key in keys.values()] == PRINTED_TWICE
