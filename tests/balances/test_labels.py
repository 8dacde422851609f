"""A label that is not known never falls back to a coarser one; blank keys take the label above them."""

from __future__ import annotations

import pytest

import carbonacct as ca
from carbonacct.balances.path.above import LabelsAbove
from carbonacct.errors import TableError
from tests.balances.test_layout import TITLE, amount, read, rules

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
    inventory = ca.compile_inventory(
        tmp_path / "table.csv", method="provincial-2011", mapping=tmp_path / "own.csv"
    )
    assert inventory.total(scope=1).data.magnitude.item() == pytest.approx(
        1_860_832.908 + 154_795.482
    )
    (tmp_path / "own.csv").write_text("kind,name,id\nignore_column,细分,\n", encoding="utf-8")
    balance = read(tmp_path, FINER_FLOW.format(last="建筑业"), mapping=tmp_path / "own.csv")
    assert amount(balance, "industry", "naphtha") == 50e4


def test_a_sector_below_a_block_that_is_not_known_stops(tmp_path):
    """能源新部门 under 第二产业 is not 第二产业, also where the block is printed once."""
    with pytest.raises(TableError, match=r"'能源新部门' \(B3\), '工业新部门' \(B5\)"):
        read(
            tmp_path,
            """
            江苏省能源消费量
            项目,子项,单位,细分项,2010,2011
            第二产业,能源新部门,万吨标准煤,煤炭,105,131
            ,,,油品,17,14
            ,工业新部门,,煤炭,73,78
            ,,,油品,14,12
            """,
        )


def test_a_finer_product_that_is_not_known_stops(tmp_path):
    """水煤膏新品 beside 煤炭 is not 煤炭; a known part, or an unknown group beside a known product, is taken."""
    table = """
        江苏省能源消费 2015
        部门,能源类别,品种,单位,数量
        工业,{},{},万吨,100
        工业,石油,汽油,万吨,5
        """
    with pytest.raises(
        TableError, match=r"C3: labels that are not known .* beside '煤炭': '水煤膏新品' \(C3\)"
    ):
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
    assert "'Feedstock only' beside '工业' (B3)" in str(balance.findings[0])
    with pytest.raises(TableError, match=r"'Feedstock only' \(B3\), 'Burnt' \(B4\)"):
        read(tmp_path, table.format("工业"))
    with pytest.raises(TableError, match=r"beside 'Industry': '化工原料用途' \(A4\)"):
        read(tmp_path, table.format("化工原料用途").replace("Burnt", "Industry"))


def test_a_column_that_goes_with_its_labels_adds_nothing(tmp_path):
    """A code, a group or a source beside known labels stops nothing."""
    balance = read(
        tmp_path,
        """
        江苏省能源消费 2015
        部门,代号,品种,来源,单位,数量
        工业,甲类,原煤,统计局,万吨,100
        工业,甲类,柴油,调查队,万吨,5
        建筑业,乙类,柴油,统计局,万吨,3
        """,
    )
    assert amount(balance, "construction", "diesel") == 3e4
    assert rules(balance) == ["unused-texts"]


def test_blank_areas_take_the_label_above(tmp_path):
    """Merged cells of 地区 leave blanks that are the city above and never the province of the title."""
    balance = read(
        tmp_path,
        """
        江苏省分地区能源消费 2016
        地区,部门,原煤(万吨),柴油(万吨),电力(亿千瓦时)
        南京市,工业,500,10,200
        ,交通运输业,1,30,5
        苏州市,工业,800,12,900
        ,建筑业,1,40,9
        """,
    )
    assert balance.areas == ["南京市", "苏州市"]
    assert amount(balance, "transport", "diesel", area="南京市") == 30e4
    assert amount(balance, "construction", "raw_coal", area="苏州市") == 1e4


def test_a_city_under_another_province_is_not_filled_down(tmp_path):
    """A blank city takes the city above within one province; a row of the next province is the province's."""
    balance = read(
        tmp_path,
        """
        能源消费 2016
        省份,城市,部门,原煤(万吨),柴油(万吨)
        江苏省,南京市,工业,500,10
        ,,建筑业,1,2
        江苏省,苏州市,工业,800,12
        浙江省,,工业,900,13
        """,
    )
    assert balance.areas == ["南京市", "苏州市", "浙江省"]
    assert amount(balance, "construction", "diesel", area="南京市") == 2e4


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
    assert read(
        tmp_path, table.format("").replace("2015,", ",").replace(",工业,800,12", "")
    ).years == [2016]


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
    beside = read(
        tmp_path,
        """
        江苏省能源消费
        部门,品种,单位,2010,2011
        工业,原煤,万吨,100,110
        ,柴油,,10,11
        建筑业,柴油,万吨,5,6
        """,
    )
    heading = read(
        tmp_path,
        """
        江苏省能源消费
        品种,单位,2010,2011
        工业,,,
        原煤,万吨,100,110
        柴油,,10,11
        建筑业,,,
        柴油,万吨,5,6
        """,
    )
    for balance in (beside, heading):
        assert amount(balance, "industry", "diesel", year=2011) == 11e4
        assert amount(balance, "construction", "diesel", year=2010) == 5e4
        assert rules(balance) == []


def test_products_below_a_heading_that_is_not_known_stop(tmp_path):
    """An unknown heading between sectors does not leave its products to the sector before."""
    with pytest.raises(
        TableError, match=r"A6: heading '商业楼宇' is not known, and A7 stands below it"
    ):
        read(
            tmp_path,
            """
            江苏省能源消费 2010
            品种,单位,数量
            居民生活,,
            原煤,万吨,100
            柴油,万吨,10
            商业楼宇,,
            汽油,万吨,5
            """,
        )


def test_a_unit_is_not_filled_down_to_what_it_does_not_measure_alike(tmp_path):
    """A blank unit under 亿千瓦时 is not that of heat; coal equivalent is that of all."""
    table = "{TITLE}\n项目,单位,工业\n{first}\n热力,,200".replace("{TITLE}", TITLE)
    with pytest.raises(ca.errors.UnitError, match="heat has no unit"):
        read(tmp_path, table.replace("{first}", "电力,亿千瓦时,5"))
    assert (
        amount(read(tmp_path, table.replace("{first}", "电力,万吨标准煤,5")), "industry", "heat")
        == 200e4
    )


def test_a_label_in_two_languages_is_read_in_full(tmp_path):
    """An English half that is not known is a finding; a Chinese one beside a known English one makes another label."""
    table = "{TITLE}\n项目,原煤(万吨),柴油(万吨)\n{label},100,5\n建筑业 Construction,1,2".replace(
        "{TITLE}", TITLE
    )
    balance = read(tmp_path, table.replace("{label}", "工业 Feedstock only"))
    assert [(f.rule, f.where) for f in balance.findings] == [("label-unread", "table.csv!A3")]
    with pytest.raises(TableError, match="row '化工原料用途 Industry' is not known"):
        read(tmp_path, table.replace("{label}", "化工原料用途 Industry"))
    with pytest.raises(TableError, match="column '公交 LNG' is"):
        read(tmp_path, f"{TITLE}\n项目,公交 LNG(万吨),柴油(万吨)\n工业,100,5")


def test_a_finer_heading_that_is_not_known_stops(tmp_path):
    """Stacked headings: an unknown one below a known one is finer; above it, it is a group."""
    table = f"{TITLE}\n单位:万吨\n项目,{{}},石油\n,{{}},柴油\n工业,100,5\n建筑业,1,2"
    with pytest.raises(TableError, match=r"column '煤炭 ?水煤膏新品' is not known"):
        read(tmp_path, table.format("煤炭", "水煤膏新品"))
    assert read(tmp_path, table.format("固体", "原煤")).products == ["raw_coal", "diesel"]


BRANCHES = """
    7-5 规模以上工业企业分行业主要能源品种消费量(2016年)
    行业,综合能源消费量(吨标准煤),原煤(吨)
    总计,2150000,1650000
    煤炭开采和洗选业,12000,9000
    农副食品加工业,61000,52000
    化学原料和化学制品制造业,420000,330000
    非金属矿物制品业,510000,590000
    黑色金属冶炼和压延加工业,690000,140000
    电力、热力生产和供应业,430000,520000
    {other},27000,9000
    """


@pytest.mark.parametrize("other", ["其他行业", "其他", "其他工业", "Other Sectors"])
def test_others_among_branches_of_industry_are_a_branch(tmp_path, other):
    """其他行业 among branches of industry is none of the services: every column closes."""
    balance = read(tmp_path, BRANCHES.format(other=other), area="某市")
    assert amount(balance, "industry.other_branches", "raw_coal") == 9000
    assert amount(balance, "industry", "raw_coal") == 1_650_000
    assert (rules(balance), ca.check_balance(balance)) == ([], [])


def test_others_are_read_at_their_level(tmp_path):
    """其他 behind branches at their indent is a branch; behind sectors, or undecided, it is Others."""
    table = """重庆能源平衡表-2015
项目,原煤(万吨)
1.工业,100
  纺织业,30
  {inside},70
2.建筑业,5
3.其他,6"""
    path = tmp_path / "table.csv"
    path.write_text(table.format(inside="其他"), encoding="utf-8")
    balance = ca.read_balance(path)
    assert amount(balance, "industry.other_branches", "raw_coal") == 70e4
    assert amount(balance, "other_services", "raw_coal") == 6e4
    path.write_text(table.format(inside="食品制造业").replace("3.其他", "其他"), encoding="utf-8")
    assert amount(ca.read_balance(path), "other_services", "raw_coal") == 6e4
    path.write_text(
        "重庆能源平衡表-2015\n项目,原煤(万吨)\n工业,100\n纺织业,30\n其他,6\n建筑业,5",
        encoding="utf-8",
    )
    assert amount(ca.read_balance(path), "other_services", "raw_coal") == 6e4


def test_a_mapping_is_not_read_by_siblings(tmp_path):
    """What a mapping file says of a label holds wherever it stands."""
    (tmp_path / "own.csv").write_text(
        "kind,name,id\nflow,其他行业,other_services\n", encoding="utf-8"
    )
    balance = read(
        tmp_path, BRANCHES.format(other="其他行业"), area="某市", mapping=tmp_path / "own.csv"
    )
    assert amount(balance, "other_services", "raw_coal") == 9000


def test_words_of_a_layout_hold_for_a_label_in_two_languages(tmp_path):
    """炼焦 under losses of transformation means those losses, also beside its English name."""
    balance = read(
        tmp_path,
        """
        福建省综合能源平衡表 overall energy balance sheet(万吨标准煤)
        项目 item,2003,2004
        能源消费总量 total energy consumption,3900,4500
        终端消费 final consumption,3850,4350
        加工转换损失量 losses in processing and transformation,37,13
        #炼焦 coking,13,6
        炼油 petroleum refining,24,7
        损失量 other losses,13,137
        """,
    )
    assert amount(balance, "transformation_losses.coking", "total_energy", year=2003) == 13e4
    assert amount(balance, "transformation_losses.refining", "total_energy", year=2004) == 7e4
    assert amount(balance, "losses", "total_energy", year=2004) == 137e4


def test_power_under_intermediate_consumption_is_input_to_thermal_power(tmp_path):
    """发电 is what old coal balances call thermal power under 中间消费, and not known elsewhere."""
    table = """
        9-5 江苏煤炭平衡表
        单位:万吨
        项目,2015,2016
        消费量,1500,1600
        在消费量中：,,
        (一)终端消费,500,520
        {heading}
        #发电,690,740
        供热,200,220
        """
    balance = read(tmp_path, table.format(heading="(二)中间消费(用于加工转换),980,1060"))
    assert amount(balance, "thermal_power.input", "coal_total", year=2015) == -690e4
    with pytest.raises(TableError, match="row '#发电' is not known"):
        read(tmp_path, table.format(heading=""))


def test_keys_lack_where_other_rows_of_the_table_have_one():
    """A row without a key that others have lacks it; a column that is blank everywhere lacks nothing."""
    rows = [["北京", "", "工业"], ["", "", "农业"], ["天津", "", ""]]
    above = LabelsAbove(rows, range(3))
    assert [above.is_lacking(row, (0,)) for row in rows] == [False, True, False]
    assert [above.is_lacking(row, (0, 2)) for row in [*rows, ["", "", ""]]] == [
        False,
        False,
        False,
        True,
    ]
    assert not any(above.is_lacking(row, (1,)) for row in rows)
    assert above.has_blanks
    assert not LabelsAbove([["a", "b"]], range(2)).has_blanks


def test_a_blank_key_takes_the_label_above_within_the_key_to_its_left():
    """A city goes down as far as its province; keys of another kind do not end it."""
    rows = [["河北", "唐山", "煤"], ["", "", "焦"], ["", "邢台", ""], ["山西", "", "煤"]]
    above = LabelsAbove(rows, range(3))
    filled = [above.fill(row, (0, 1), (2,)) for row in rows]
    assert filled == [
        ["河北", "唐山", "煤"],
        ["河北", "唐山", "焦"],
        ["河北", "邢台", "焦"],
        ["山西", "", "煤"],
    ]
