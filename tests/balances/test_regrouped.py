"""Electricity by the three sectors of the economy and by branch in one table: they sort some branches otherwise."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct.balances.check.remainders import find_remainders

BRANCHES = {
    "primary_industry": ["farming"],
    "secondary_industry": ["industry", "construction"],
    "tertiary_industry": ["transport", "wholesale_retail", "services.finance"],
}


def table(branches, moved):
    """Return a balance of branches and of the three sectors, some of whose amounts stand in another one."""
    sums = {sector: sum(branches[one] for one in members) for sector, members in BRANCHES.items()}
    cells = branches | {sector: total + moved.get(sector, 0) for sector, total in sums.items()}
    frame = pd.DataFrame({"flow": list(cells), "value": list(cells.values())})
    return ca.make_balance(
        frame.assign(area="重庆", year=2022, product="electricity", unit="万千瓦时")
    )


def counted(balance):
    """Return the kWh that count in scope 2."""
    made = ca.compile_inventory(balance, method="provincial-2011", grid="重庆")
    per_kwh = made.indirect.values / made.balance.amounts.values[..., None]
    return np.nansum(made.indirect.values) / np.nanmax(per_kwh)


@settings(max_examples=10, deadline=None)
@given(amounts=st.lists(st.integers(10, 900), min_size=6, max_size=6), moved=st.integers(1, 9))
def test_services_to_farming_stand_among_the_tertiary_sector(amounts, moved):
    """第一产业 is less than 农林牧渔业, 第三产业 more than its branches by as much: branches count, once.

    No number is in doubt.
    """
    names = [one for members in BRANCHES.values() for one in members]
    branches = dict(zip(names, amounts, strict=True))
    balance = table(branches, {"primary_industry": -moved, "tertiary_industry": moved})
    assert counted(balance) == pytest.approx(1e4 * sum(amounts))
    found = ca.check_balance(balance)
    assert [(one.rule, len(one.gaps)) for one in found] == [("subtotals-otherwise", 2)]
    assert find_remainders(balance).balance.flows == balance.flows


@pytest.mark.parametrize(
    "moved",
    [
        {"tertiary_industry": 5},
        {"primary_industry": -5},
        {"primary_industry": -5, "tertiary_industry": 6},
    ],
)
def test_subtotals_that_do_not_agree_together_are_compared_one_by_one(moved):
    """What one of them has more is a remainder or in doubt."""
    balance = table(
        dict.fromkeys((one for members in BRANCHES.values() for one in members), 100), moved
    )
    rules = {one.rule for one in ca.check_balance(balance)}
    assert rules & {"remainder", "sum-of-parts"}
    assert "subtotals-otherwise" not in rules


def test_no_other_subtotals_are_sorted_otherwise():
    """Exchanged numbers, and a sector not as in the rule of 2012, stay in doubt."""
    branches = {"industry.coal_mining": 15, "industry.textile": 60}
    cells = branches | {"industry.mining": 60, "industry.manufacturing": 15}
    frame = pd.DataFrame({"flow": list(cells), "value": list(cells.values())})
    balance = ca.make_balance(
        frame.assign(area="重庆", year=2022, product="electricity", unit="万千瓦时")
    )
    assert "sum-of-parts" in {one.rule for one in ca.check_balance(balance)}
    names = [one for members in BRANCHES.values() for one in members]
    back = table(dict.fromkeys(names, 100), {"primary_industry": 5, "tertiary_industry": -5})
    assert "subtotals-otherwise" not in {one.rule for one in ca.check_balance(back)}
