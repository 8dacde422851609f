"""Electricity of a city whose page prints a total and some uses: all of it counts once."""

from __future__ import annotations

import pytest

import carbonacct as ca
from carbonacct.cities import tabulate_spread
from carbonacct.errors import TableError
from tests.cities.building import amount, origin, rules, write_page

# 95.21 in all, of which 61.20 and 14.52 are said.
POWER = """甲市主要能源指标
指标,单位,2020年,2021年
全社会用电量,亿千瓦时,88.30,95.21
其中：工业用电量,亿千瓦时,57.31,61.20
城乡居民生活用电量,亿千瓦时,13.21,14.52
"""
PLANTS = "火力发电量,亿千瓦时,30,40\n"
# A form of enterprises: 12,000 t are used as raw material, within the 523,610 t.
FORM = """规模以上工业企业能源消费量(2020年)
名称,计量单位,消费量合计,1.工业生产消费,#用于原材料,2.非工业生产消费
原煤,吨,523610,520000,12000,3610
"""


def scope_2(city, year=2021):
    """Return the electricity that scope 2 counts, in kWh, with a province's grid factor."""
    made = ca.compile_inventory(city, method="provincial-2011", grid="重庆")
    tonnes = made.by("area", "year", "product", scope=2).sel(year=year, product="electricity")
    return float(tonnes.item().magnitude) / 0.4743e-3


def test_what_a_total_of_electricity_leaves_is_used(tmp_path):
    """The total stands beside its uses in each year that the table names, and all of it counts."""
    page = write_page(tmp_path, "page.csv", POWER)
    assert ca.build_city_balance(page, area="甲市").years == [2020, 2021]
    city = ca.build_city_balance(page, area="甲市", year=2021)
    assert amount(city, "total_consumption", "electricity") == pytest.approx(95.21e8)
    assert scope_2(city) == pytest.approx(95.21e8, rel=1e-3)
    used = tabulate_spread(city).set_index(["year", "product"])
    assert used.loc[(2021, "electricity"), ["value", "low", "high"]].tolist() == pytest.approx(
        [95.21e8] * 3
    )


def test_a_total_alone_is_used_and_uses_above_it_are_refused(tmp_path):
    """A page of the total alone is of case delta; uses above their total make no total."""
    alone = "\n".join(POWER.splitlines()[:3])
    city = ca.build_city_balance(write_page(tmp_path, "alone.csv", alone), area="甲市", year=2021)
    assert origin(city, "total_consumption", "electricity").case == "delta"
    assert scope_2(city) == pytest.approx(95.21e8, rel=1e-3)
    assert tabulate_spread(city)["value"].tolist() == pytest.approx([95.21e8])
    above = write_page(tmp_path, "above.csv", POWER.replace("95.21", "70"))
    city = ca.build_city_balance(above, area="甲市", year=2021)
    assert "total_consumption" not in city.flows
    assert "city-residual" in rules(city)


@pytest.mark.parametrize(
    ("uses", "is_fault"), [((80.69, 14.53), False), ((80.6, 14.64), True), ((80.7, 14.52), False)]
)
def test_uses_that_are_rounded_up_are_no_fault(tmp_path, uses, is_fault):
    """95.21 of two parts may be 95.22 as they are printed, half a hundredth each, and not 95.24."""
    text = POWER.replace("61.20", str(uses[0])).replace("14.52", str(uses[1]))
    city = ca.build_city_balance(write_page(tmp_path, "page.csv", text), area="甲市", year=2021)
    assert ("city-residual" in rules(city)) == is_fault
    assert "total_consumption" not in city.flows


def test_plants_bring_the_rest_in(tmp_path):
    """Of 95.21, 40 are generated here and the rest is brought in, though the printed uses sum to 75.72."""
    city = ca.build_city_balance(
        write_page(tmp_path, "page.csv", POWER + PLANTS), area="甲市", year=2021
    )
    assert amount(city, "moved_in", "electricity") == pytest.approx(55.21e8)
    assert scope_2(city) == pytest.approx(55.21e8, rel=1e-3)


def test_raw_material_lies_inside_what_industry_uses(tmp_path):
    """The use of a product holds its feedstock once; the title says the year."""
    city = ca.build_city_balance(write_page(tmp_path, "form.csv", FORM), area="甲市")
    assert city.years == [2020]
    assert tabulate_spread(city)["value"].tolist() == pytest.approx([523610])


@pytest.mark.parametrize(
    "label", ["液化石油气供应量", "液化石油气供气总量", "液化气用气量", "液化石油气销售量"]
)
def test_supply_of_gas_is_its_total(tmp_path, label):
    """As gas works call what they deliver to a city."""
    page = write_page(tmp_path, "gas.csv", f"甲市供气\n指标,单位,2021年\n{label},吨,7\n")
    assert amount(ca.build_city_balance(page, area="甲市"), "final_consumption", "lpg") == 7


def test_a_table_that_names_no_year_is_asked_for_it(tmp_path):
    """Where nothing says the year, not even a title, the cell is named."""
    page = write_page(tmp_path, "coal.csv", "甲市生活用煤\n指标,单位,数值\n生活用煤,吨,3\n")
    with pytest.raises(TableError, match=r"coal\.csv!C3: no year"):
        ca.build_city_balance(page, area="甲市")
