"""How exactly a table prints."""

from __future__ import annotations

import pandas as pd
import pytest

import carbonacct as ca
from carbonacct.balances.amounts.rounding import find_rounding

FLOWS = (
    *("农业", "建筑业", "交通运输业", "纺织业", "食品制造业", "烟草制品业"),
    *("家具制造业", "医药制造业", "金属制品业", "农村居民", "城镇居民"),
)


@pytest.mark.parametrize(
    ("numbers", "half"),
    [
        (["12", "7"], 0.5),
        (["12.5", "7"], 0.05),
        (["12.25", "7"], 0.005),
        (["0.1234", "7"], 0.00005),
        (["0.12345", "0.54321"], 0.5e-6),  # more than four decimals are of no print: taken as six
        (["12.2500004", "7"], 0.005),  # less than a millionth is left behind by a calculation
        (["12.25000105", "7"], 0.5e-6),
        (["12.5"] * 10 + ["0.123"], 0.05),  # ten of eleven numbers
        (["12.5"] * 9 + ["0.123"], 0.0005),  # nine of ten are not more than nine of ten
    ],
)
@pytest.mark.parametrize(("unit", "scale"), [("吨", 1), ("万吨", 1e4)])
def test_half_of_the_last_decimal_that_most_numbers_need(tmp_path, numbers, half, unit, scale):
    """In canonical units; columns are judged alone, and coke of whole numbers changes nothing."""
    flows = FLOWS[: len(numbers)]
    lines = [f"{flow},{number},3" for flow, number in zip(flows, numbers, strict=True)]
    text = f"甲市能源平衡表 2019 单位:{unit}\n项目,原煤,焦炭\n" + "\n".join(lines) + "\n"
    (tmp_path / "t.csv").write_text(text, encoding="utf-8")
    balance = ca.read_balance(tmp_path / "t.csv", area="甲市")
    found = dict(zip(balance.products, find_rounding(balance).tolist(), strict=True))
    assert found == pytest.approx({"raw_coal": half * scale, "coke": 0.5 * scale})


def test_products_have_the_units_of_their_own_columns(tmp_path):
    """Gas in 亿立方米 with one decimal is known to five million cubic metres."""
    text = "甲市能源平衡表 2019\n项目,原煤(万吨),天然气(亿立方米)\n工业,3.25,1.5\n"
    (tmp_path / "t.csv").write_text(text, encoding="utf-8")
    balance = ca.read_balance(tmp_path / "t.csv", area="甲市")
    found = dict(zip(balance.products, find_rounding(balance).tolist(), strict=True))
    assert found == pytest.approx({"raw_coal": 50.0, "natural_gas": 5e6})


def test_numbers_of_no_file_are_exact():
    """Cities and scenarios make balances that nobody printed: only the room of floats is left."""
    frame = pd.DataFrame(
        {"area": "A", "year": 2019, "flow": "industry", "product": "coke", "value": [7.0]}
    )
    balance = ca.make_balance(frame)
    assert find_rounding(balance).tolist() == [0.5e-6]
