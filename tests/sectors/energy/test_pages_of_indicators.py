"""A city's page of indicators: uses of electricity, gas and heat, and industry's energy as one number."""

from __future__ import annotations

import pytest

import carbonacct as ca
from tests.sectors.energy.made_balances import inventory_of, panel_of

# As a county prints its main indicators of energy; the numbers are ours.
PAGE = """主要能源消费情况,,,,
指标名称,计量单位,2020年,2021年,2021年比上年增长%
全社会用电量,亿千瓦时,88.30,95.21,7.8
其中：工业用电,亿千瓦时,57.31,61.20,6.8
城乡居民生活用电,亿千瓦时,13.21,14.52,9.9
天然气供应量,亿立方米,3.62,4.01,10.8
其中：居民用气,亿立方米,1.02,1.15,12.7
液化石油气供应量,万吨,2.20,2.05,-6.8
集中供热面积,万平方米,2460,2530,2.8
供热总量,万吉焦,1080,1132,4.8
规模以上工业综合能源消费量,万吨标准煤,320.1,331.2,3.5
单位GDP能耗,吨标准煤/万元,0.50,0.48,-4.0
"""


def test_each_line_of_the_page_counts_once_or_is_said(tmp_path):
    """Uses and their totals leave remainders, industry's energy is said, growth and floor space passed over."""
    path = tmp_path / "page.csv"
    path.write_text(PAGE, encoding="utf-8")
    made = ca.compile_inventory(path, area="重庆", method="provincial-2011")
    cells = {
        (flow, product): float(
            made.balance.amounts.sel(year=2021, flow=flow, product=product).item()
        )
        for flow, product in [
            ("industry", "electricity"),
            ("households", "electricity"),
            ("total_consumption.remainder", "electricity"),
            ("households", "natural_gas"),
            ("final_consumption.remainder", "natural_gas"),
            ("final_consumption", "lpg"),
            ("final_consumption", "heat"),
        ]
    }
    assert list(cells.values()) == pytest.approx(
        [61.20e8, 14.52e8, 19.49e8, 1.15e8, 2.86e8, 2.05e4, 1132e4]
    )
    assert {finding.rule for finding in made.findings if finding.severity == "error"} == set()
    said = [finding for finding in made.findings if finding.rule == "energy-without-fuels"]
    assert [(finding.where.split("!")[1], finding.message) for finding in said] == [
        (
            "C11",
            "3,201,000 tce, 3,312,000 tce of total energy of industry stand without its fuels: they do not count",
        )
    ]
    # Guideline 2011: 0.11 t CO2/GJ of heat; Chongqing 2021 as announced, 0.4743 kg CO2/kWh.
    per_kwh = made.chains and made.by("area", "year", "product", scope=2).sel(year=2021)
    assert float(per_kwh.sel(product="heat").item().magnitude) == pytest.approx(1132e4 * 0.11)
    assert float(per_kwh.sel(product="electricity").item().magnitude) == pytest.approx(
        95.21e8 * 0.4743e-3, rel=1e-3
    )


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ({"industry": {"total_energy": 5, "electricity": 2}}, True),
        ({"industry": {"total_energy": 5, "raw_coal": 2}}, False),
        ({"industry": {"total_energy": 5}, "industry.mining": {"raw_coal": 2}}, False),
        ({"industry.mining": {"total_energy": 5}, "industry": {"raw_coal": 2}}, False),
        ({"industry": {"total_energy": 5}, "households": {"raw_coal": 2}}, True),
        ({"production": {"total_energy": 5}, "households": {"raw_coal": 2}}, False),
    ],
)
def test_total_energy_without_fuels_is_said(rows, said):
    """Of its row, its parts and what it is a part of one must print a fuel; supply is no use."""
    made = inventory_of(rows, method="provincial-2011", units={"total_energy": "万吨标准煤"})
    assert ("energy-without-fuels" in {finding.rule for finding in made.findings}) == said


@pytest.mark.parametrize(
    ("years", "more"), [(1, ""), (6, ""), (7, " and 1 more"), (9, " and 3 more")]
)
def test_amounts_beyond_the_sixth_are_counted(years, more):
    """None is left out in silence."""
    tables = {
        ("重庆", 2001 + n): {"industry": {"total_energy": n + 1}, "households": {"diesel": 1}}
        for n in range(years)
    }
    made = ca.compile_inventory(
        panel_of(tables, units={"total_energy": "万吨标准煤"}), method="ipcc-2006"
    )
    (said,) = (finding for finding in made.findings if finding.rule == "energy-without-fuels")
    shown = ", ".join(f"{n + 1}0,000 tce" for n in range(min(years, 6)))
    assert said.message.startswith(
        f"{shown}{more} of total energy of industry stand without its fuels"
    )
