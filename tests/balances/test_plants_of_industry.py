"""Plants behind industry that no label calls a part of it: which sums of a table say whether it holds them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct.balances.assemble.plants_of_industry import PlantSums, tell_plants_of_industry

WITHIN = "industry.transformation."
NOT = float("nan")


def make(rows, products=("raw_coal",), unit="t"):
    """Return a balance of rows, each with one number or one for each product."""
    lines = [
        {"area": "A", "year": 2019, "unit": unit, "flow": flow, "product": product, "value": value}
        for flow, numbers in rows.items()
        for product, value in zip(products, np.broadcast_to(numbers, len(products)), strict=True)
    ]
    return ca.make_balance(pd.DataFrame(lines))


def read(text):
    """Return rows of a text: the id and the number of each."""
    return {flow: float(number) for flow, number in (row.split() for row in text.split(", "))}


def tell(text, open_plants="coking", **made):
    """Return the rows of a table once its sums have told, the parents that they gave, and the findings."""
    balance = make(read(text) if isinstance(text, str) else text, **made)
    found = tell_plants_of_industry(balance, frozenset(open_plants.split()))
    rows = [f"{flow} {found.amounts.sel(flow=flow).values.ravel()[0]:g}" for flow in found.flows]
    new = [one for one in found.findings if one not in balance.findings]
    return ", ".join(rows), dict(found.parents), new


def vote(**told):
    """Return how many numbers say within, and how many beside; what is not told is not there."""
    sums = {"held": 70, "holder": 100, "slack": 1} | told
    names = PlantSums._fields
    return PlantSums(**{name: np.array([sums.get(name, NOT)], float) for name in names}).vote()


@pytest.mark.parametrize(
    ("told", "verdict"),
    [
        ({}, (0, 0)),
        ({"total": 110, "uses": 110}, (1, 0)),
        ({"total": 180, "uses": 110}, (0, 1)),
        ({"total": 111, "uses": 110}, (1, 0)),  # within the rounding, to the last unit
        ({"total": 181, "uses": 110}, (0, 1)),
        ({"total": 109, "uses": 110}, (1, 0)),
        ({"total": 112, "uses": 110}, (0, 0)),
        ({"total": 178, "uses": 110}, (0, 0)),
        ({"parts": 30}, (1, 0)),  # industry is its branches and the plants
        ({"parts": 31}, (1, 0)),
        ({"parts": 32}, (0, 0)),
        ({"parts": 100}, (0, 0)),  # its branches alone: the plants may lie in one that is as large
        ({"parts": 100, "branch": 80}, (1, 0)),
        ({"parts": 100, "branch": 69}, (1, 0)),
        ({"parts": 100, "branch": 68}, (0, 0)),
        ({"parts": 90, "branch": 80}, (0, 0)),
        ({"held": 170}, (0, 1)),  # more than all industry
        ({"held": 101}, (0, 0)),
        ({"held": 102}, (0, 1)),
        ({"held": 1, "total": 110, "uses": 110}, (0, 0)),  # no more than the rounding says nothing
        ({"held": 2, "total": 110, "uses": 110}, (1, 0)),
        ({"holder": NOT, "total": 110, "uses": 110}, (0, 0)),
        ({"total": 180, "uses": 110, "parts": 30}, (1, 1)),  # two sums say two things
    ],
)
def test_what_a_number_says(told, verdict):
    """The sums of one fuel of one year, in t: 70 go into plants behind industry, which prints 100."""
    assert vote(**told) == verdict


def test_numbers_vote_one_by_one():
    """Two fuels hold their plants, one does not, and one says nothing."""
    sums = {name: np.full(4, NOT) for name in PlantSums._fields}
    sums |= {
        "held": np.full(4, 70.0),
        "holder": np.full(4, 100.0),
        "uses": np.full(4, 110.0),
        "slack": np.ones(4),
    }
    sums["total"] = np.array([110.0, 180.0, 110.0, 150.0])
    assert PlantSums(**sums).vote() == (2, 1)


TOTAL = "total_consumption"
HELD = f"{WITHIN}coking 70"


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        # The total of all uses without the plants, or with them; more than all industry.
        (
            f"{TOTAL} 110, industry 100, coking 70, households 10",
            f"{TOTAL} 110, industry 100, {HELD}, households 10",
        ),
        (f"{TOTAL} 180, industry 100, coking 70, households 10", None),
        ("industry 100, coking 170, households 10", None),
        # An input is printed as such: as a part of industry it is a use.
        (
            f"{TOTAL} 110, industry 100, coking.input -70, households 10",
            f"{TOTAL} 110, industry 100, {HELD}, households 10",
        ),
        # The branches of industry with the plants, or with a branch that may hold them.
        (
            "industry 100, industry.mining 30, coking 70",
            f"industry 100, industry.mining 30, {HELD}",
        ),
        # A row of plants is taken as what it lies in: its kinds do not count again.
        (
            f"{TOTAL} 110, industry 100, transformation.input -70, coking.input -50, refining.input -20, households 10",
            f"{TOTAL} 110, industry 100, {WITHIN[:-1]} 70, {WITHIN}coking 50, {WITHIN}refining 20, households 10",
        ),
        # All of the secondary industry, where a table has it.
        (
            f"{TOTAL} 120, secondary_industry 110, industry 100, construction 10, coking 70, households 10",
            f"{TOTAL} 120, secondary_industry 110, industry 100, construction 10, {HELD}, households 10",
        ),
        # Supply, transformation or signs say what a plant is; without industry nothing holds them.
        (f"{TOTAL} 110, production 5, industry 100, coking 70, households 10", None),
        (f"{TOTAL} 110, transformation 70, industry 100, coking 70, households 10", None),
        (f"{TOTAL} 110, industry 100, coking -70, households 10", None),
        (f"{TOTAL} 10, coking 70, households 10", None),
        # Stocks are supply; a difference is no use, a loss is one.
        (f"{TOTAL} 110, opening_stock 5, industry 100, coking 70, households 10", None),
        (
            f"{TOTAL} 110, statistical_difference 5, industry 100, coking 70, households 10",
            f"{TOTAL} 110, statistical_difference 5, industry 100, {HELD}, households 10",
        ),
        (
            f"{TOTAL} 115, losses 5, industry 100, coking 70, households 10",
            f"{TOTAL} 115, losses 5, industry 100, {HELD}, households 10",
        ),
    ],
)
def test_the_sums_of_a_table_tell(text, rows):
    """Plants become a part of industry, with a finding that names both; or the table stays as it is."""
    found, _, findings = tell(
        text, "transformation coking refining" if "refining" in text else "coking"
    )
    assert sorted(found.split(", ")) == sorted((rows or text).split(", "))
    assert [one.rule for one in findings] == (["plants-within"] if rows else [])
    for one in findings:
        assert one.severity == "info"
        holder = "secondary_industry" if "secondary" in text else "industry"
        assert f"stand behind {holder} without a mark" in one.message


def test_plants_that_a_label_places_are_not_asked():
    """The sums of a table speak of those alone that no label does."""
    text = f"{TOTAL} 110, industry 100, coking 70, households 10"
    assert tell(text, "refining") == tell(text, "") == (text, {}, [])


@pytest.mark.parametrize(
    "text",
    [
        "industry 100, coking 70, households 10",
        f"{TOTAL} 150, industry 100, coking 70, households 10",
        "industry 100, industry.mining 95, industry.power_heat_supply 5, coking 70, households 10",
        f"{TOTAL} 180, industry 100, industry.mining 30, coking 70, households 10",
    ],
)
def test_where_nothing_tells_both_readings_are_said(text):
    """No sum, one that is neither, or two that say two things: an error with both, and what it is worth."""
    rows, parents, (finding,) = tell(text)
    assert (rows, parents) == (text, {})
    assert (finding.rule, finding.severity) == ("plants-open", "error")
    assert "if it does, 110 t of raw_coal are used, and 180 if not" in finding.message
    assert "coking stand behind industry" in finding.message
    assert f"coking beside it, {WITHIN}coking within it" in finding.action
    (gap,) = finding.gaps
    assert (gap.area, gap.year, gap.flow, gap.product, gap.amount) == (
        "A",
        2019,
        "coking",
        "raw_coal",
        70,
    )


def test_the_fuel_of_most_energy_speaks():
    """1,000 m3 of gas are less than 100 t of coal; each fuel has its gap, and electricity is none."""
    text = {
        "industry": (100.0, 9000.0, 500.0),
        "coking": (70.0, 1000.0, 400.0),
        "households": (10.0, 0.0, 0.0),
    }
    lines = [
        {"area": "A", "year": 2019, "unit": unit, "flow": flow, "product": product, "value": value}
        for flow, numbers in text.items()
        for (product, unit), value in zip(
            {"raw_coal": "t", "natural_gas": "m3", "electricity": "kWh"}.items(),
            numbers,
            strict=True,
        )
    ]
    balance = tell_plants_of_industry(ca.make_balance(pd.DataFrame(lines)), {"coking"})
    (finding,) = (one for one in balance.findings if one.rule == "plants-open")
    assert "110 t of raw_coal are used, and 180 if not" in finding.message
    assert {(one.product, one.amount) for one in finding.gaps} == {
        ("raw_coal", 70),
        ("natural_gas", 1000),
    }


@pytest.mark.parametrize(
    ("text", "branch"),
    [
        (
            "industry 100, industry.mining 20, industry.power_heat_supply 80, coking 70",
            "industry.power_heat_supply",
        ),
        (
            "industry 100, industry.mining 20, industry.utilities 80, coking 70",
            "industry.power_heat_supply",
        ),
        (
            f"{TOTAL} 100, industry 100, industry.mining 20, industry.chemicals 80, coking 70",
            "industry.chemicals",
        ),
        # Two branches are large enough, a subtotal is no branch, or the plants stand beside the branches.
        (f"{TOTAL} 160, industry 160, industry.mining 80, industry.chemicals 80, coking 70", ""),
        (
            f"{TOTAL} 100, industry 100, industry.mining 20, industry.manufacturing 80, coking 70",
            "",
        ),
        ("industry 150, industry.mining 0, industry.chemicals 80, coking 70", ""),
        (f"{TOTAL} 100, industry 100, industry.mining 50, industry.chemicals 50, coking 70", ""),
    ],
)
def test_plants_lie_in_the_branch_that_can_hold_them(text, branch):
    """Where branches alone add up to industry: that of power and heat, or the one that is large enough."""
    rows, parents, _ = tell(text)
    assert HELD in rows.split(", ")
    assert parents == ({f"{WITHIN}coking": branch} if branch else {})


@settings(max_examples=25, deadline=None)
@given(
    industry=st.integers(100, 900),
    plants=st.integers(10, 99),
    homes=st.integers(1, 900),
    is_held=st.booleans(),
    scale=st.sampled_from([1e-3, 1, 1e4]),
)
def test_a_total_tells_whatever_the_numbers(industry, plants, homes, is_held, scale):
    """All uses are the total: with the plants where they stand beside industry, without where it holds them."""
    total = industry + homes + (0 if is_held else plants)
    numbers = {TOTAL: total, "industry": industry, "coking": plants, "households": homes}
    rows, _, _ = tell({flow: number * scale for flow, number in numbers.items()})
    assert (f"{WITHIN}coking" in rows) == is_held


def test_one_fuel_with_a_sign_is_a_table_with_signs():
    """What a plant puts out is printed negative there: nothing is moved into industry."""
    rows = {TOTAL: (110, 110), "industry": (100, 100), "coking": (70, -5), "households": (10, 10)}
    products = ("raw_coal", "coke")
    assert tell(rows, products=products)[2] == []
    assert [one.rule for one in tell(rows | {"coking": (70, 0)}, products=products)[2]] == [
        "plants-within"
    ]


@pytest.mark.parametrize(("beyond", "is_told"), [(0, True), (100, True), (10_000, False)])
def test_sums_hold_to_a_billionth(beyond, is_told):
    """Numbers of a computer have no print to be rounded to: 1.1e12 and what its parts add up to are one number."""
    rows = {TOTAL: 1.1e12 + beyond, "industry": 1e12, "coking": 7e11, "households": 1e11}
    assert [one.rule for one in tell(rows)[2]] == (
        ["plants-within"] if is_told else ["plants-open"]
    )


def test_plants_of_an_industry_that_is_not_printed():
    """They stay where they are: no branch can be told."""
    text = f"{WITHIN}coking 70, industry.mining 20, households 10"
    assert tell(text) == (text, {}, [])


def test_the_place_of_plants_is_their_first_number(tmp_path):
    """A blank before it is no number of theirs."""
    path = tmp_path / "a.csv"
    lines = "某市2019年能源消费 单位:吨\n项目,原煤,洗精煤\n消费总量,5,110\n工业,3,100\n炼焦,,70\n居民生活,2,10\n"
    path.write_text(lines, encoding="utf-8")
    places = [
        one.where
        for one in ca.read_balance(path).findings
        if one.rule in {"plants-within", "plants-open"}
    ]
    assert places == ["a.csv!C5"]
