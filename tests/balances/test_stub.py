"""The labels of a table taken together: what a row of 合计 among products is."""

from __future__ import annotations

import pytest

import carbonacct as ca
from carbonacct.errors import CarbonacctError

USES = (
    "重庆能源消费 2015\n行业,品种,单位,数量\n工业,原煤,吨,5\n,汽油,{part},1\n,合计,{whole},{sum}\n建筑业,原煤,吨,2\n"
    ",汽油,{part},3\n,合计,{whole},{sum}\n"
)


def read(tmp_path, text):
    """Return the balance of a table."""
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    return ca.read_balance(path)


@pytest.mark.parametrize("part", ["吨", "吨标准煤"])
def test_a_sum_of_products_in_a_unit_of_energy_is_all_energy(tmp_path, part):
    """Coal and gasoline have no sum in tonnes: the unit beside the sum counts, not those of the parts."""
    balance = read(tmp_path, USES.format(part=part, whole="吨标准煤", sum=5))
    assert set(balance.products) == {"raw_coal", "gasoline", "total_energy"}


def test_a_sum_of_products_in_tonnes_is_no_energy(tmp_path):
    """It is asked about, whatever the units of its parts."""
    with pytest.raises(CarbonacctError, match="合计"):
        read(tmp_path, USES.format(part="吨标准煤", whole="吨", sum=6))
