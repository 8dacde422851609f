"""The targets of the two documents of 2021, recounted by hand from their paragraphs.

意见: 中共中央 国务院关于完整准确全面贯彻新发展理念做好碳达峰碳中和工作的意见, 2021-09-22.
方案: 2030年前碳达峰行动方案, 国发〔2021〕23号.
"""

import re

import pytest

from carbonacct.published import load_published

# id: where it stands, quantity, statistic, bound, number, unit, base year, due year.
RECOUNTED = {
    "energy-intensity-2025": (
        "意见 二；方案 二",
        "energy/gdp",
        "cut",
        "at_least",
        13.5,
        "%",
        2020,
        2025,
    ),
    "co2-intensity-2025": ("意见 二；方案 二", "co2/gdp", "cut", "at_least", 18, "%", 2020, 2025),
    "non-fossil-2025": (
        "意见 二；方案 二",
        "non_fossil_share",
        "level",
        "at_least",
        20,
        "%",
        None,
        2025,
    ),
    "forest-cover-2025": ("意见 二", "forest_cover", "level", "at_least", 24.1, "%", None, 2025),
    "forest-stock-2025": (
        "意见 二",
        "forest_stock",
        "level",
        "at_least",
        180,
        "亿立方米",
        None,
        2025,
    ),
    "co2-intensity-2030": ("意见 二；方案 二", "co2/gdp", "cut", "at_least", 65, "%", 2005, 2030),
    "non-fossil-2030": (
        "意见 二；方案 二",
        "non_fossil_share",
        "level",
        "at_least",
        25,
        "%",
        None,
        2030,
    ),
    "wind-solar-2030": (
        "意见 二；方案 三（一）",
        "wind_and_solar_capacity",
        "level",
        "at_least",
        12,
        "亿千瓦",
        None,
        2030,
    ),
    "forest-cover-2030": (
        "意见 二；方案 三（八）",
        "forest_cover",
        "level",
        "at_least",
        25,
        "%",
        None,
        2030,
    ),
    "forest-stock-2030": (
        "意见 二；方案 三（八）",
        "forest_stock",
        "level",
        "at_least",
        190,
        "亿立方米",
        None,
        2030,
    ),
    "peak-2030": ("意见 二", "co2", "peak_year", "at_most", 2030, "", None, 2035),
    "peak-before-2030": ("方案 二", "co2", "peak_year", "at_most", 2029, "", None, 2034),
    "non-fossil-2060": ("意见 二", "non_fossil_share", "level", "at_least", 80, "%", None, 2060),
    "neutrality-2060": ("意见 二", "co2", "level", "at_most", 0, "t", None, 2060),
    "line-renewables": (
        "方案 三（一）",
        "new_line_renewable_share",
        "level",
        "at_least",
        50,
        "%",
        None,
        2030,
    ),
    "hydro-2025": (
        "方案 三（一）",
        "hydro_capacity",
        "added",
        "at_least",
        4000,
        "万千瓦",
        2020,
        2025,
    ),
    "hydro-2030": (
        "方案 三（一）",
        "hydro_capacity",
        "added",
        "at_least",
        4000,
        "万千瓦",
        2025,
        2030,
    ),
    "storage-2025": (
        "方案 三（一）",
        "new_storage_capacity",
        "level",
        "at_least",
        3000,
        "万千瓦",
        None,
        2025,
    ),
    "pumped-storage-2030": (
        "方案 三（一）",
        "pumped_storage_capacity",
        "level",
        "at_least",
        1.2,
        "亿千瓦",
        None,
        2030,
    ),
    "peak-load-2030": (
        "方案 三（一）",
        "peak_load_response",
        "level",
        "at_least",
        5,
        "%",
        None,
        2030,
    ),
    "data-centres": (
        "方案 三（二）",
        "data_centre_monitored_share",
        "level",
        "at_least",
        100,
        "%",
        None,
        2030,
    ),
    "refining-2025": (
        "方案 三（三）",
        "crude_processing_capacity",
        "level",
        "at_most",
        10,
        "亿吨",
        None,
        2025,
    ),
    "utilisation-2025": (
        "方案 三（三）",
        "petrochemical_utilisation",
        "level",
        "at_least",
        80,
        "%",
        None,
        2025,
    ),
    "green-buildings-2025": (
        "方案 三（四）",
        "green_building_share",
        "level",
        "at_least",
        100,
        "%",
        None,
        2025,
    ),
    "building-renewables-2025": (
        "方案 三（四）",
        "building_renewable_share",
        "level",
        "at_least",
        8,
        "%",
        None,
        2025,
    ),
    "roof-solar-2025": (
        "方案 三（四）",
        "roof_solar_share",
        "level",
        "at_least",
        50,
        "%",
        None,
        2025,
    ),
    "clean-vehicles-2030": (
        "方案 三（五）",
        "clean_vehicle_share",
        "level",
        "at_least",
        40,
        "%",
        None,
        2030,
    ),
    "transport-intensity-2030": (
        "方案 三（五）",
        "transport_co2/transport_turnover",
        "cut",
        "at_least",
        9.5,
        "%",
        2020,
        2030,
    ),
    "rail-energy-2030": (
        "方案 三（五）",
        "rail_energy/rail_turnover",
        "cut",
        "at_least",
        10,
        "%",
        2020,
        2030,
    ),
    "road-oil-2030": ("方案 三（五）", "road_oil", "peak_year", "at_most", 2029, "", None, 2034),
    "rail-water-2025": (
        "方案 三（五）",
        "rail_water_containers",
        "rate",
        "at_least",
        15,
        "%",
        2020,
        2025,
    ),
    "green-travel-2030": (
        "方案 三（五）",
        "green_travel_share",
        "level",
        "at_least",
        70,
        "%",
        None,
        2030,
    ),
    "airport-vehicles-2030": (
        "方案 三（五）",
        "airport_electric_share",
        "level",
        "at_least",
        100,
        "%",
        None,
        2030,
    ),
    "parks-2030": (
        "方案 三（六）",
        "circular_park_share",
        "level",
        "at_least",
        100,
        "%",
        None,
        2030,
    ),
    "solid-waste-2025": (
        "方案 三（六）",
        "solid_waste_use",
        "level",
        "at_least",
        40,
        "亿吨",
        None,
        2025,
    ),
    "solid-waste-2030": (
        "方案 三（六）",
        "solid_waste_use",
        "level",
        "at_least",
        45,
        "亿吨",
        None,
        2030,
    ),
    "recycling-2025": (
        "方案 三（六）",
        "recycled_resources",
        "level",
        "at_least",
        4.5,
        "亿吨",
        None,
        2025,
    ),
    "recycling-2030": (
        "方案 三（六）",
        "recycled_resources",
        "level",
        "at_least",
        5.1,
        "亿吨",
        None,
        2030,
    ),
    "garbage-2025": (
        "方案 三（六）",
        "garbage_use_share",
        "level",
        "at_least",
        60,
        "%",
        None,
        2025,
    ),
    "garbage-2030": (
        "方案 三（六）",
        "garbage_use_share",
        "level",
        "at_least",
        65,
        "%",
        None,
        2030,
    ),
    "garbage-sorting-2030": (
        "方案 三（六）",
        "garbage_sorted_share",
        "level",
        "at_least",
        100,
        "%",
        None,
        2030,
    ),
}
# Whom or what a document asks it of, where that is less than the nation.
OF = {
    "line-renewables": "新建跨区通道",
    "peak-load-2030": "省级电网",
    "data-centres": "年综合能耗超过1万吨标准煤的数据中心",
    "utilisation-2025": "石化化工主要产品",
    "green-buildings-2025": "城镇新建建筑",
    "building-renewables-2025": "城镇建筑",
    "roof-solar-2025": "新建公共机构建筑、新建厂房",
    "clean-vehicles-2030": "当年新增",
    "transport-intensity-2030": "营运交通工具",
    "rail-energy-2030": "国家铁路",
    "road-oil-2030": "陆路交通",
    "green-travel-2030": "城区常住人口100万以上的城市",
    "airport-vehicles-2030": "民用运输机场场内车辆装备",
    "parks-2030": "省级以上重点产业园区",
    "recycling-2025": "9种主要再生资源",
    "recycling-2030": "9种主要再生资源",
    "garbage-2025": "城市",
    "garbage-2030": "城市",
    "garbage-sorting-2030": "城市",
}
# 力争; and what the five-year plan of 2021 calls binding (约束性).
STRIVE = {"roof-solar-2025", "road-oil-2030", "airport-vehicles-2030"}
BINDING = {"energy-intensity-2025", "co2-intensity-2025", "forest-cover-2025"}
ALL = ("全面", "全部", "全覆盖")


@pytest.fixture(scope="module")
def rows():
    """Rows of the file by id."""
    table = load_published("carbon-peak-2021", "targets")
    return {row["id"]: row for row in table.to_dict("records")}


def test_each_row_is_what_its_paragraph_asks(rows):
    """Quantity, statistic, bound, number, unit, base and due year, subset and firmness of all 41."""
    assert rows.keys() == RECOUNTED.keys()
    for name, row in rows.items():
        base = row["base_year"] or None
        held = (row["section"], row["quantity"], row["statistic"], row["bound"])
        assert (*held, row["value"], row["unit"] or "", base, row["due"]) == RECOUNTED[name], name
        assert (row["subset"] or "") == OF.get(name, ""), name
        firmness = "strive" if name in STRIVE else "binding" if name in BINDING else "expected"
        assert row["firmness"] == firmness, name
        assert row["area"] == "全国"


def test_the_words_of_a_number_give_its_bound(rows):
    """左右 has a tolerance of 5 %, 以内 is at most, 力争 is to strive, and all (全部) is 100 %."""
    for name, row in rows.items():
        printed = row["printed"]
        is_about = "左右" in printed
        tolerance = row["tolerance"] if row["tolerance"] == row["tolerance"] else None
        width = pytest.approx(0.05 * row["value"]) if is_about else None
        assert tolerance == width, name
        assert ("以内" in printed) == (name == "refining-2025"), name
        assert ("力争" in printed) == (row["firmness"] == "strive"), name
        numbers = re.findall(r"\d+(?:\.\d+)?", printed)
        if any(word in printed for word in ALL):
            assert (row["value"], row["unit"], numbers) == (100, "%", []), name
        elif "年前" in printed:
            assert [int(number) for number in numbers] == [row["value"] + 1], name
        elif name != "neutrality-2060":  # which is zero net emissions, without a number
            assert [float(number) for number in numbers] == [row["value"]], name
