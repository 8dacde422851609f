"""What the labels of rows say: `` / `` between rows, ``|`` between cells."""

from __future__ import annotations

import pytest

import carbonacct as ca
from carbonacct.balances.sheet_stages import read_page
from carbonacct.sheets.raw_sheets import Sheet


def read(text):
    """Return the page of a sheet."""
    return read_page(Sheet("a.csv", "", [line.split("|") for line in text.split(" / ")]))


def say(key):
    """Return what a row says: @ area, year, flow, product, [unit]."""
    said = [
        "@" + key.area if key.area else "",
        str(key.year or ""),
        key.flow,
        key.product,
        f"[{key.unit}]" if key.unit else "",
    ]
    return " ".join(filter(None, said)) or "."


@pytest.mark.parametrize(
    ("text", "rows", "stops"),
    [
        # Labels of flows, of parts, of shares and people; 合计 before or behind its parts.
        (
            "项目|柴油(万吨) / 终端消费量|10 / 工业|5 / 其中:纺织业|2 / 居民|5",
            "1:final_consumption | 2:industry | 3:industry.textile | 4:households",
            "",
        ),
        ("项目|柴油(万吨) / 工业|5 / 怪物|2 / 居民|5", "1:industry | 3:households", "A3"),
        ("项目|柴油(万吨) / 工业|5 / #怪物|2 / 居民|5", "1:industry | 3:households", "A3"),
        ("项目|柴油(万吨) / 工业|5 / 占比(%)|2 / 居民|5", "1:industry | 3:households", ""),
        ("项目|柴油(万吨) / 工业|5 / 人口|2 / 居民|5", "1:industry | 3:households", ""),
        (
            "项目|柴油(万吨) / 城镇居民|5 / 农村居民|2 / 合计|7",
            "1:households_urban | 2:households_rural | 3:households",
            "",
        ),
        (
            "项目|柴油(万吨) / 合计|7 / 城镇居民|5 / 农村居民|2",
            "1:households | 2:households_urban | 3:households_rural",
            "",
        ),
        (
            "项目|柴油(万吨) / 城镇居民|5 / 合计|7 / 农村居民|2",
            "1:households_urban | 3:households_rural",
            "A3",
        ),
        ("项目|柴油(万吨) / 第一产业4|20 / Other1|9", "1:primary_industry | 2:other_services", ""),
        ("项目|柴油(万吨) / 工业| / |5 / 居民|2", "1:industry | 2:industry | 3:households", ""),
        (
            "项目|柴油(万吨) / 能源消费总量|20 / 工业|9 / 终端消费量|10 / 工业|5",
            "1:total_consumption | 2:industry_total | 3:final_consumption | 4:industry",
            "",
        ),
        # The total of consumption in a table of one sector is that sector's, unless it or another stands beside it.
        (
            "重庆工业能源消费 2019 / 行业|原煤(万吨) / 能源消费总量|10 / 采矿业|4 / 制造业|6",
            "2:industry | 3:industry.mining | 4:industry.manufacturing",
            "",
        ),
        (
            "重庆工业能源消费 2019 / 行业|原煤(万吨) / 采矿业|4 / 制造业|6 / 消费总量|10",
            "2:industry.mining | 3:industry.manufacturing | 4:industry",
            "",
        ),
        (
            "重庆居民生活能源消费 2019 / 项目|原煤(万吨) / 能源消费总量|10 / 城镇居民|4 / 农村居民|6",
            "2:households | 3:households_urban | 4:households_rural",
            "",
        ),
        ("重庆工业能源消费 2019 / 行业|原煤(万吨) / 能源消费总量|10", "2:industry", ""),
        (
            "重庆工业能源消费 2019 / 行业|原煤(万吨) / 全社会能源消费总量|10 / 采矿业|4 / 制造业|6",
            "2:total_consumption | 3:industry.mining | 4:industry.manufacturing",
            "",
        ),
        (
            "重庆工业能源消费 2019 / 行业|原煤(万吨) / 能源消费总量|10 / 工业|4 / 采矿业|6",
            "2:total_consumption | 3:industry | 4:industry.mining",
            "",
        ),
        (
            "重庆工业能源消费 2019 / 行业|原煤(万吨) / 能源消费总量|10 / 采矿业|4 / 居民生活|6",
            "2:total_consumption | 3:industry.mining | 4:households",
            "",
        ),
        (
            "重庆工业能源消费 2019 / 行业|原煤(万吨) / 能源消费总量|10 / 采矿业|4 / 火力发电|6",
            "2:total_consumption | 3:industry.mining | 4:thermal_power",
            "",
        ),
        (
            "重庆能源消费 2019 / 项目|柴油(万吨) / Industry 工业|5 / 怪物 Households|3 / Transport 怪兽|1",
            "2:industry",
            "A4",
        ),
        (
            "重庆能源消费 2019 / 项目|Item|柴油(万吨) / 工业|Industry|5 / 怪物|Households|3 / 居民|Monsters|1",
            "2:industry | 4:households",
            "A4",
        ),
        # Products, below a heading or beside a label; 小计 of a sector in units of energy.
        (
            "品种|消费量(万吨) / 原煤|5 / 其中:无烟煤|2 / #烟煤|1 / 柴油|3",
            "1:raw_coal | 2:anthracite | 3:bituminous_coal | 4:diesel",
            "",
        ),
        ("品种|消费量(万吨) / 煤炭|5 / 其中:柴油|2", "1:coal_total | 2:diesel", ""),
        (
            "部门|品种|消费量(万吨) / 工业|原煤|5 / |柴油|3 / 居民|原煤|1 / 合计|原煤|6",
            "1:industry raw_coal | 2:industry diesel | 3:households raw_coal | 4:total_consumption raw_coal",
            "",
        ),
        (
            "部门|品种|消费量(吨标准煤) / 工业|原煤|5 / |柴油|3 / |小计|8 / 居民|原煤|1 / |小计|1",
            (
                "1:industry raw_coal | 2:industry diesel | 3:industry total_energy | 4:households raw_coal | "
                "5:households total_energy"
            ),
            "",
        ),
        (
            "部门|品种|消费量(吨标准煤) / 工业|原煤|5 / 合计||8",
            "1:industry raw_coal | 2:total_consumption total_energy",
            "",
        ),
        (
            "重庆能源消费 2019 / 品种|消费量(万吨) / 工业| / 原煤|5 / 柴油|3 / 居民| / 原煤|1",
            "2:industry | 3:industry raw_coal | 4:industry diesel | 5:households | 6:households raw_coal",
            "",
        ),
        (
            "重庆能源消费 2019 / 品种|消费量(万吨) / 怪物| / 原煤|5 / 柴油|3 / 居民| / 原煤|1",
            "5:households | 6:households raw_coal",
            "A3",
        ),
        (
            "重庆能源消费 2019 / 品种|消费量(吨标准煤) / 工业| / 原煤|5 / 小计|8 / 居民| / 原煤|1 / 小计|1",
            (
                "2:industry | 3:industry raw_coal | 4:industry total_energy | 5:households | 6:households raw_coal | "
                "7:households total_energy"
            ),
            "",
        ),
        (
            "重庆能源消费 2019 / 品种|消费量(吨标准煤) / 工业| / 原煤|5 / 居民| / 原煤|1 / 合计|1",
            "2:industry | 3:industry raw_coal | 4:households | 5:households raw_coal | 6:total_consumption",
            "",
        ),
        (
            "重庆能源消费 2019 / 部门|品种|消费量(万吨) / 工业|原煤|5 / |怪物|3",
            "2:industry raw_coal",
            "B4",
        ),
        (
            "重庆能源消费 2019 / 部门|品种|消费量(万吨) / 工业用煤|原煤|5 / 工业用煤|柴油|3",
            "2:industry raw_coal",
            "B4",
        ),
        ("部门|品种|消费量(万吨) / 工业原煤|柴油|5", "", "A2"),
        (
            "重庆 2019 / 指标|数量(万吨) / 原煤消费量|5 / 柴油消费量|3 / 怪物消费量|1",
            "2:raw_coal | 3:diesel",
            "A5",
        ),
        # Units in a column of their own or in the label; a part takes that of its whole.
        (
            "品种|单位|消费量 / 原煤|万吨|5 / 其中:无烟煤||2 / 天然气|亿立方米|3 / 电力||2",
            "1:raw_coal [1e4 t] | 2:anthracite [1e4 t] | 3:natural_gas [1e8 m3] | 4:electricity",
            "C5",
        ),
        ("品种|单位|消费量 / 原煤|怪物|5 / 柴油|万吨|3", "2:diesel [1e4 t]", "B2"),
        ("品种|消费量 / 原煤(万吨)|5 / 柴油(吨)|3", "1:raw_coal [1e4 t] | 2:diesel [t]", ""),
        ("品种|单位|消费量 / 原煤(万吨)|吨|5 / 柴油|吨|3", "2:diesel [t]", "A2"),
        ("品种|产量(万吨) / 原煤|5 / 水电|3", "1:raw_coal | 2:hydro_power", "B3"),
        (
            "指标|单位|2018|2019 / 原煤消费量|万吨|5|6 / 工业用电量|亿千瓦时|3|4",
            "1:raw_coal [1e4 t] | 2:industry electricity [1e8 kWh]",
            "",
        ),
        (
            (
                "重庆能源消费 2019 / 部门|品种|单位|消费量 / 工业|原煤|万吨|5 / |柴油||3 / 居民|天然气|亿立方米|1 / "
                "|柴油||1"
            ),
            (
                "2:industry raw_coal [1e4 t] | 3:industry diesel [1e4 t] | 4:households natural_gas [1e8 m3] | "
                "5:households diesel"
            ),
            "D6",
        ),
        (
            "重庆能源消费 2019 / 指标|数量 / 能源使用(万吨)| / 原煤|5 / 比重(%)| / 焦炭|3 / 柴油|3",
            "3:raw_coal [1e4 t]",
            "",
        ),
        (
            (
                "重庆 2019 / 指标|数量 / 天然气供气总量(万立方米)|5 / #家庭用量|3 / #工业|1 / "
                "全社会用电量(万千瓦时)|3 / #工业用电|2 / ##纺织业|1"
            ),
            (
                "2:network_supply natural_gas [1e4 m3] | 3:households natural_gas [1e4 m3] | "
                "4:industry natural_gas [1e4 m3] | 5:total_consumption electricity [1e4 kWh] | "
                "6:industry electricity [1e4 kWh] | 7:industry.textile electricity [1e4 kWh]"
            ),
            "",
        ),
        # Areas and years: a blank takes the one above; a sum, a number or another word is none.
        (
            "地区|项目|原煤(万吨) / 重庆|工业|5 / |居民|3 / 北京|工业|2",
            "1:@重庆 industry | 2:@重庆 households | 3:@北京 industry",
            "",
        ),
        ("地区|项目|原煤(万吨) / |工业|5 / 重庆|居民|3", "2:@重庆 households", "A2"),
        (
            "年份|项目|原煤(万吨) / 2018|工业|5 / |居民|1 / 2019|工业|2",
            "1:2018 industry | 2:2018 households | 3:2019 industry",
            "",
        ),
        (
            "2019年工业能源消费 / 地区|原煤(万吨)|柴油(万吨) / 重庆|5|1 / 全国|5|2 / 小计|3|4",
            "2:@重庆 | 3:@全国",
            "A5",
        ),
        (
            "2019年工业能源消费 / 地区|原煤(万吨)|柴油(万吨) / 重庆|5|1 / 合 计|5|2 / 合　肥|3|4",
            "2:@重庆 | 3:. | 4:@合肥",
            "",
        ),
        ("2019年工业能源消费 / 地区|原煤(万吨)|柴油(万吨) / 重庆|5|1 / 5|5|2", "2:@重庆", "A4"),
        (
            "2019年工业能源消费 / 省|市|原煤(万吨)|柴油(万吨) / 四川|成都|5|1 / 四川|绵阳|2|1 / 湖北|武汉|1|1",
            "2:@成都 | 3:@绵阳 | 4:@武汉",
            "",
        ),
        (
            "2019年工业能源消费 / 地区|Region|原煤(万吨)|柴油(万吨) / 北京|Beijing|5|1 / 上海|Shanghai|2|1",
            "2:@北京 | 3:@上海",
            "",
        ),
        (
            "2019年工业能源消费 / 地区|省份|原煤(万吨)|柴油(万吨) / 成都|四川|5|1 / 绵阳|四川|2|1 / 武汉|湖北|2|1",
            "2:@成都 | 3:@绵阳 | 4:@武汉",
            "",
        ),
        (
            "重庆工业能源消费 / 年份|原煤(万吨)|柴油(万吨) / 2018|5|1 / 2019年|2|1 / 怪年|1|1",
            "2:2018 | 3:2019",
            "A5",
        ),
        (
            "重庆工业能源消费 / 年份|年份|原煤(万吨)|柴油(万吨) / 2018|2019|5|1 / 2018|2018|5|1",
            "3:2018",
            "B3",
        ),
        ("重庆工业能源消费 / 年份|原煤(万吨)|柴油(万吨) / 十一五|| / 2018|5|1", "3:2018", ""),
        # Plants: what stands below one goes in or comes out; recovery belongs to its section.
        (
            "重庆能源平衡 2019 / 项目|柴油(万吨) / 火力发电| / 投入|-5 / 产出|3",
            "2:thermal_power | 3:thermal_power.input",
            "A5",
        ),
        (
            "项目|柴油(万吨) / 一、可供量|5 / 1.生产量|3 / 回收能|1 / 二、加工转换|-1 / 火力发电|-1 / 回收能|1",
            "1:primary_supply | 2:production | 3:recovery | 4:transformation | 5:thermal_power | 6:recovery",
            "",
        ),
    ],
)
def test_what_rows_say(text, rows, stops):
    """Each row by its place; what is not known, or contradicts itself, stops reading at its cell."""
    page = read(text)
    found = page.tables[0].rows
    assert (
        " | ".join(f"{i}:{say(key)}" for i, key in zip(found.at, found.keys, strict=True)) == rows
    )
    assert (
        " ".join(str(stop.error).removeprefix("a.csv!").partition(":")[0] for stop in page.stops)
        == stops
    )


def test_what_rows_leave_to_the_checks():
    """Rows of no amounts, parts in the print, rows that take the label above, the flow of all."""
    rows = (
        read("项目|柴油(万吨) / 工业|5 / 占比(%)|2 / 工业|2 / #工业|1 / 其中:纺织业|1")
        .tables[0]
        .rows
    )
    assert (rows.left_out, rows.own_parts, rows.marked) == (
        {2},
        {4},
        {"industry", "industry.textile"},
    )
    rows = read("品种|消费量(万吨) / 煤炭|5 / 其中:柴油|2").tables[0].rows
    assert rows.product_parents == {"diesel": "coal_total"}
    rows = read("部门|品种|消费量(万吨) / 工业|原煤|5 / |柴油|3 / 居民|原煤|1").tables[0].rows
    assert (rows.below, rows.weak) == ({2: 1}, "")
    rows = read("指标|单位|2018 / 原煤消费量|万吨|5 / 柴油消费量|万吨|3").tables[0].rows
    assert rows.weak == "total_consumption"
    rows = (
        read("项目|柴油(万吨) / 一、可供量|5 / 1.生产量|3 / 二、加工转换|-1 / 回收能|1")
        .tables[0]
        .rows
    )
    assert rows.parents == {"recovery": "transformation"}


WIDE, LISTED = "重庆能源消费 2019 / 部门|品种|消费量(万吨)", "重庆能源消费 2019 / 品种|消费量(万吨)"


@pytest.mark.parametrize(
    ("text", "passed", "numbers"),
    [
        # The blank labels below a label that is passed over are its own, and no longer of the label above it.
        (f"{WIDE} / 工业|原煤|5 / 怪物|柴油|3 / |焦炭|2 / |原煤|9", True, {"industry raw_coal": 5}),
        (
            f"{WIDE} / 工业|原煤|5 / |柴油|3 / 怪物|柴油|3 / 居民|柴油|2",
            True,
            {"industry raw_coal": 5, "industry diesel": 3, "households diesel": 2},
        ),
        (
            f"{LISTED} / 工业| / 原煤|5 / 怪物| / 柴油|3 / 居民| / 原煤|1",
            True,
            {"industry raw_coal": 5, "households raw_coal": 1},
        ),
        # The second line of a label or heading is none, nor is a text where no heading names a sector.
        (
            f"{LISTED} / 工业| / 怪物| / 原煤|5 / 柴油|3 / 居民| / 原煤|1",
            True,
            {"industry raw_coal": 5, "industry diesel": 3, "households raw_coal": 1},
        ),
        (
            f"{WIDE} / 工业|原煤|5 / 怪物|| / |柴油|3",
            True,
            {"industry raw_coal": 5, "industry diesel": 3},
        ),
        (
            f"{LISTED} / 原煤|5 / 怪物| / 柴油|3",
            True,
            {"total_consumption raw_coal": 5, "total_consumption diesel": 3},
        ),
        # Where the product alone is passed over, the label beside it holds for those below.
        (
            f"{WIDE} / 居民|原煤|1 / 工业|怪物|3 / |柴油|2",
            True,
            {"households raw_coal": 1, "industry diesel": 2},
        ),
        # A row of shares is passed over by itself, and so are those below its label; its unit alone says nothing
        # of them.
        (
            f"{WIDE} / 工业|原煤|5 / 占比(%)|原煤|3 / |柴油|2 / 居民|柴油|2",
            False,
            {"industry raw_coal": 5, "households diesel": 2},
        ),
        (
            "重庆能源消费 2019 / 部门|品种|单位|消费量 / 居民|原煤|万吨|1 / 工业|原煤|%|5 / |柴油|万吨|3",
            False,
            {"households raw_coal": 1, "industry diesel": 3},
        ),
    ],
)
def test_products_below_a_label_that_is_passed_over(tmp_path, text, passed, numbers):
    """They are of that label: no other sector takes them, and those that are left out are listed."""
    path, words = tmp_path / "t.csv", tmp_path / "map.csv"
    path.write_text(text.replace(" / ", "\n").replace("|", ","), encoding="utf-8")
    words.write_text("kind,name,id,sign,note\nignore_row,怪物,,,\n", encoding="utf-8")
    balance = ca.read_balance(path, mapping=words if passed else None)
    series = balance.amounts.squeeze(["area", "year"]).to_series().dropna()
    assert {
        f"{flow} {product}": amount / 1e4 for (flow, product), amount in series.items()
    } == numbers
    assert [one for one in balance.findings if one.rule == "left-out" or "left out" in one.message]


def test_a_heading_directly_below_the_header_is_none_of_it(tmp_path):
    """Fuels below a first heading that is not known are not those of all sectors: reading stops at it by name."""
    path = tmp_path / "t.csv"
    path.write_text(
        "重庆能源消费 2019\n品种,消费量(万吨)\n怪物,\n原煤,5\n柴油,3\n居民,\n原煤,1\n",
        encoding="utf-8",
    )
    with pytest.raises(
        ca.errors.CarbonacctError,
        match=r"t\.csv!A3: heading '怪物' is not known, and A4 stands below it",
    ):
        ca.read_balance(path)
