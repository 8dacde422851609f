"""Labels of an array by id or name, one or many; and the order in which rows are written."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

import carbonacct as ca
from carbonacct.balances.amounts.energy_balance import select_labels
from carbonacct.balances.write import list_rows
from carbonacct.errors import MethodError

FRAME = pd.DataFrame(
    {
        "area": ["重庆", "四川"] * 2,
        "year": [2019, 2019, 2020, 2020],
        "flow": "industry",
        "product": ["raw_coal", "raw_coal", "diesel", "diesel"],
        "value": [1.0, 2.0, 3.0, 4.0],
    }
)
AMOUNTS = ca.make_balance(FRAME).amounts


@pytest.mark.parametrize(
    ("labels", "dims", "expected"),
    [
        ({"area": "四川", "year": 2019}, ("flow", "product"), [[2.0, None]]),
        ({"area": "四川", "year": 2020, "product": "柴油"}, ("flow",), [4.0]),
        (
            {"area": "Sichuan", "year": [2020], "product": ["Diesel"]},
            ("year", "flow", "product"),
            [[[4.0]]],
        ),
        (
            {"area": ["四川", "重庆"], "year": 2019, "flow": "工业", "product": "raw_coal"},
            ("area",),
            [2.0, 1.0],
        ),
    ],
)
def test_one_label_or_a_list(labels, dims, expected):
    """One label takes its dim away, a list keeps it and its order; words of the vocabulary are ids as well."""
    found = select_labels(AMOUNTS, labels, MethodError)
    assert found.dims == dims
    assert found.astype(object).where(found.notnull(), None).values.tolist() == expected  # noqa: PD004 - of xarray


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        ({"gas": "CO2"}, "no dim 'gas'; known: area, year, flow, product"),
        ({"flow": "冰"}, "there is no flow '冰'; it has industry"),
        ({"year": [2019, 2021]}, "there is no year 2021; did you mean 2020"),
        (
            {"product": ["raw_coal", "coke", "lng"]},
            "there is no product 'coke'; it has raw_coal, diesel",
        ),
        ({"area": "重庄"}, "there is no area '重庄'; did you mean 重庆"),
    ],
)
def test_a_label_that_is_not_there_is_named(labels, words):
    """The first that lacks, with near ones or all there are."""
    with pytest.raises(MethodError) as raised:
        select_labels(AMOUNTS, labels, MethodError)
    assert str(raised.value).startswith(words)


def test_a_row_printed_under_another_stands_behind_it():
    """The tidy form keeps whose part a row is by its place: behind its parent, or last without one."""
    frame = FRAME.assign(
        product="diesel", flow=["construction", "industry", "transport", "fisheries"], area="A"
    )
    balance = ca.make_balance(frame.assign(year=2019))
    moved = replace(balance, parents={"construction": "transport", "fisheries": "farming"})
    order = [str(row[2]) for row in list_rows(moved)]
    assert order == ["industry", "transport", "construction", "fisheries"]
    assert [str(row[2]) for row in list_rows(balance)] == balance.flows
