"""A label that is not known never falls back to a coarser one; blank keys take the label above them."""

from __future__ import annotations

import pytest

import carbonacct as ca
from carbonacct.errors import TableError
from tests.tables.test_layout import TITLE, amount, read, rules

FINER_FLOW = """
    江苏省能源消费 2010
    部门,细分,品种,单位,数量
    工业,燃料用途,原煤,万吨,100
    工业,化工原料用途,石脑油,万吨,50
    工业,回收外供,焦炉煤气,亿立方米,2
    建筑业,{last},柴油,万吨,5
    """


@pytest.mark.parametrize("last", ["建筑业", "施工", ""])
def test_a_finer_flow_that_is_not_known_stops(tmp_path, last):
    """Labels beside 工业 that are not known are all named, also where no label of their column is known."""
    with pytest.raises(TableError) as error:
        read(tmp_path, FINER_FLOW.format(last=last))
    for text in ("'燃料用途' (B3)", "'化工原料用途' (B4)", "'回收外供' (B5)"):
        assert text in str(error.value)


def test_a_finer_flow_is_read_as_mapped_or_passed_over(tmp_path):
    """A mapped label counts before the coarser one beside it; a row passed over is left out and listed."""
    (tmp_path / "own.csv").write_text(
        "kind,name,id\nflow,燃料用途,industry\nflow,化工原料用途,non_energy_use\nignore_row,回收外供,\n",
        encoding="utf-8",
    )
    balance = read(tmp_path, FINER_FLOW.format(last="建筑业"), mapping=tmp_path / "own.csv")
    assert amount(balance, "industry", "raw_coal") == 100e4
    assert amount(balance, "non_energy_use", "naphtha") == 50e4
    assert "coke_oven_gas" not in balance.products
    assert rules(balance) == ["left-out"]
    inventory = ca.compile_inventory(tmp_path / "table.csv", method="provincial-2011", mapping=tmp_path / "own.csv")
    assert inventory.total(scope=1).data.magnitude.item() == pytest.approx(1_860_832.908 + 154_795.482)
    (tmp_path / "own.csv").write_text("kind,name,id\nignore_column,细分,\n", encoding="utf-8")
    balance = read(tmp_path, FINER_FLOW.format(last="建筑业"), mapping=tmp_path / "own.csv")
    assert amount(balance, "industry", "naphtha") == 50e4


def test_a_finer_product_that_is_not_known_stops(tmp_path):
    """水煤膏新品 beside 煤炭 is not 煤炭; a known part of it is taken, and so is an unknown group beside a known product."""
    table = """
        江苏省能源消费 2015
        部门,能源类别,品种,单位,数量
        工业,{},{},万吨,100
        工业,石油,汽油,万吨,5
        """
    with pytest.raises(TableError, match=r"C3: labels that are not known .* beside '煤炭': '水煤膏新品' \(C3\)"):
        read(tmp_path, table.format("煤炭", "水煤膏新品"))
    for group in ("煤炭", "固体燃料"):
        balance = read(tmp_path, table.format(group, "原煤"))
        assert balance.products == ["raw_coal", "gasoline"]
        assert rules(balance) == []


def test_a_translation_that_is_not_known_is_said(tmp_path):
    """An English label that is not known beside a Chinese one is a finding; it stops where it tells rows apart."""
    table = """
        江苏省能源消费 2015
        部门,Sector,原煤(万吨),柴油(万吨)
        工业,Feedstock only,100,5
        {},Burnt,7,5
        建筑业,Construction,1,2
        """
    balance = read(tmp_path, table.replace("{},Burnt,7,5", ""))
    assert [(f.rule, f.where) for f in balance.findings] == [("label-unread", "table.csv!B3")]
    assert "'Feedstock only' beside '工业'" in str(balance.findings[0])
    with pytest.raises(TableError, match=r"'Feedstock only' \(B3\), 'Burnt' \(B4\)"):
        read(tmp_path, table.format("工业"))


def test_a_column_that_goes_with_its_labels_adds_nothing(tmp_path):
    """A code, a group or a source beside known labels stops nothing."""
    balance = read(tmp_path, """
        江苏省能源消费 2015
        部门,代号,品种,来源,单位,数量
        工业,甲类,原煤,统计局,万吨,100
        工业,甲类,柴油,调查队,万吨,5
        建筑业,乙类,柴油,统计局,万吨,3
        """)
    assert amount(balance, "construction", "diesel") == 3e4
    assert rules(balance) == ["unused-texts"]


def test_blank_areas_take_the_label_above(tmp_path):
    """Merged cells of 地区 leave blanks that are the city above and never the province of the title."""
    balance = read(tmp_path, """
        江苏省分地区能源消费 2016
        地区,部门,原煤(万吨),柴油(万吨),电力(亿千瓦时)
        南京市,工业,500,10,200
        ,交通运输业,1,30,5
        苏州市,工业,800,12,900
        ,建筑业,1,40,9
        """)
    assert balance.areas == ["南京市", "苏州市"]
    assert amount(balance, "transport", "diesel", area="南京市") == 30e4
    assert amount(balance, "construction", "raw_coal", area="苏州市") == 1e4


def test_a_city_under_another_province_is_not_filled_down(tmp_path):
    """A blank city takes the city above within one province; a row of the next province is the province's."""
    balance = read(tmp_path, """
        能源消费 2016
        省份,城市,部门,原煤(万吨),柴油(万吨)
        江苏省,南京市,工业,500,10
        ,,建筑业,1,2
        江苏省,苏州市,工业,800,12
        浙江省,,工业,900,13
        """)
    assert balance.areas == ["江苏省 南京市", "江苏省 苏州市", "浙江省"]
    assert amount(balance, "construction", "diesel", area="江苏省 南京市") == 2e4


def test_blank_years_take_the_label_above(tmp_path):
    """A blank under 2014 is 2014, whatever the title says."""
    table = """
        江苏省能源消费 2016
        年份,部门,原煤(万吨),柴油(万吨)
        {},工业,500,10
        ,交通运输业,1,30
        2015,工业,800,12
        ,建筑业,1,40
        """
    balance = read(tmp_path, table.format("2014"))
    assert balance.years == [2014, 2015]
    assert amount(balance, "transport", "diesel", year=2014) == 30e4
    with pytest.raises(TableError, match=r"A3: no year stands here or above"):
        read(tmp_path, table.format(""))
    assert read(tmp_path, table.format("").replace("2015,", ",").replace(",工业,800,12", "")).years == [2016]


def test_a_blank_area_above_the_first_label_is_refused(tmp_path):
    """A column of areas gives the title's area to none of its blanks, unless it is blank altogether."""
    table = """
        江苏省能源消费 2016
        地区,部门,原煤(万吨),柴油(万吨)
        ,工业,500,10
        {},建筑业,1,30
        """
    with pytest.raises(TableError, match=r"A3: no area stands here or above"):
        read(tmp_path, table.format("南京市"))
    assert read(tmp_path, table.format("")).areas == ["江苏省"]


def test_products_below_a_sector_are_of_that_sector(tmp_path):
    """A sector named once holds for the products below it, in its own column or as a heading; so does its unit."""
    beside = read(tmp_path, """
        江苏省能源消费
        部门,品种,单位,2010,2011
        工业,原煤,万吨,100,110
        ,柴油,,10,11
        建筑业,柴油,万吨,5,6
        """)
    heading = read(tmp_path, """
        江苏省能源消费
        品种,单位,2010,2011
        工业,,,
        原煤,万吨,100,110
        柴油,,10,11
        建筑业,,,
        柴油,万吨,5,6
        """)
    for balance in (beside, heading):
        assert amount(balance, "industry", "diesel", year=2011) == 11e4
        assert amount(balance, "construction", "diesel", year=2010) == 5e4
        assert rules(balance) == []


def test_products_below_a_heading_that_is_not_known_stop(tmp_path):
    """An unknown heading between sectors does not leave its products to the sector before."""
    with pytest.raises(TableError, match=r"A6: heading '商业楼宇' is not known, and A7 stands below it"):
        read(tmp_path, """
            江苏省能源消费 2010
            品种,单位,数量
            居民生活,,
            原煤,万吨,100
            柴油,万吨,10
            商业楼宇,,
            汽油,万吨,5
            """)


def test_a_unit_is_not_filled_down_to_what_it_does_not_measure_alike(tmp_path):
    """A blank unit under 亿千瓦时 is not that of heat; coal equivalent is that of all."""
    table = "{TITLE}\n项目,单位,工业\n{first}\n热力,,200".replace("{TITLE}", TITLE)
    with pytest.raises(ca.errors.UnitError, match="heat has no unit"):
        read(tmp_path, table.replace("{first}", "电力,亿千瓦时,5"))
    assert amount(read(tmp_path, table.replace("{first}", "电力,万吨标准煤,5")), "industry", "heat") == 200e4
