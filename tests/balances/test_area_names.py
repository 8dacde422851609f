"""Areas in titles: the right one is found, and words that only look like one are left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonacct import vocabulary
from carbonacct.data import data_folder, read_rows
from carbonacct.records.area_names import find_area, find_places

LATIN_BEFORE = st.sampled_from(["Energy balance of ", "Table 3. ", "2019 ", "", "Balance_"])
LATIN_BEHIND = st.sampled_from([", 2019", " - energy balance", "", "_2021", " (physical)"])
FOUND_ANYWHERE = (
    "IE",
    "NO",
    "DE",
    "NZ",
    "PG",
    "ZA",
    "GB",
    "chengdu",
    "chifeng",
    "inner_mongolia",
    "tangshan",
)


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ("河北省唐山市能源平衡表", "唐山市"),  # the part, and not the whole before it
        ("河北唐山能源平衡表", "唐山"),
        ("吉林省吉林市能源平衡表", "吉林市"),
        ("吉林能源平衡表", "吉林"),
        ("青海省海南州能源平衡表", "海南州"),
        ("附表一 苏州能源平衡表", "苏州"),
        ("2019年爱尔兰能源平衡表", "爱尔兰"),
        ("北京市朝阳区能源消费", "朝阳区"),  # neither the city of Liaoning, nor all of Beijing
        ("2020年苏州工业园区能源平衡表", "苏州工业园区"),
        ("江苏省苏州市苏州工业园区能源平衡表", "苏州工业园区"),
        ("新疆霍尔果斯经济开发区能源平衡表", "霍尔果斯经济开发区"),
        ("伊犁哈萨克自治州霍尔果斯经济开发区能源平衡表", "霍尔果斯经济开发区"),
        ("北京经济技术开发区能源平衡表", "北京经济技术开发区"),
        ("成都高新区能源消费", "成都高新区"),
        ("河南省洛阳市老城区能源平衡表", "洛阳市老城区"),
        ("山西省阳泉市矿区能源消费", "阳泉市矿区"),
        ("荆州市沙市区能源消费", "沙市区"),
        ("中国（上海）自由贸易试验区能源平衡表", "上海自由贸易试验区"),
        ("陕西杨凌示范区能源平衡表", "杨凌示范区"),
        ("东莞市长安镇能源平衡表", "长安镇"),
        ("杭州市西湖区北山街道能源平衡表", "北山街道"),
        ("江苏省江阴市华西村能源消费", "华西村"),
        ("内蒙古准格尔旗能源平衡表", "准格尔旗"),
        ("新疆生产建设兵团能源平衡表", "新疆生产建设兵团"),
        ("江苏省苏北能源消费", "苏北"),
        ("江苏北部地区能源消费", "江苏北部地区"),
        ("河北雄安新区能源平衡表", "雄安新区"),
        ("合肥市庐阳区、蜀山区能源消费", "庐阳区蜀山区"),
        ("苏州市市区能源消费", "苏州市市区"),
        (
            "苏州昆山2019年能源平衡表",
            "昆山市",
        ),  # without its rank a county is not the city that it lies in
        ("江苏昆山能源平衡表", "昆山市"),
        ("合肥庐阳2019年能源消费", "庐阳区"),
        ("合肥庐阳区2019年能源消费", "庐阳区"),
        ("安徽合肥庐阳区能源消费", "庐阳区"),
        ("西安雁塔区工业企业能源消费", "雁塔区"),
        ("深圳南山区用电量", "南山区"),
        ("上海浦东新区用电量", "浦东新区"),
        ("南昌新建区能源消费", "新建区"),  # 新建 alone is a word of titles
        ("合肥庐阳区域能源消费", None),
        ("浙江义乌能源消费", "义乌市"),
        ("苏州新兴产业能源消费", "苏州"),
        ("河南新乡能源平衡表", "新乡"),  # the city, and not 新乡县 within it
        ("江苏省市县能源消费", "江苏省"),  # ranks alone, and places in general
        ("江苏省各开发区能源消费", "江苏省"),
        ("苏州市工业能源消费", "苏州市"),
        ("苏州市农村能源消费", "苏州市"),
        ("苏州市高新技术产业能源消费", "苏州市"),
        ("河南省县域能源消费", "河南省"),
        ("北京地区能源平衡表", "北京"),
        ("苏州市能源平衡表（苏州市吴江区统计局）", "苏州市"),
        ("沿海地区能源消费", None),  # 海地
        ("白银有色集团能源消费", None),
        ("东方电气能源消费", None),
        ("大庆石油管理局", None),
        ("中国北方能源", "中国"),
        ("Dalian, Liaoning", "Dalian"),
        ("Papua New Guinea", "Papua New Guinea"),
        ("National energy balance of Ireland", "Ireland"),
        ("National energy balance", None),
        ("Energy balance of Northern Ireland", "Northern Ireland"),
        ("New Jersey", None),
        ("Energy of South Dublin", None),  # South is a grid region of China as a label only
        ("M. Jordan: energy balances", None),
        ("Georgia Power Company", None),
        ("Jordan 2019", "Jordan"),  # alone
        ("Table NO. 3", None),
        ("DE", None),
        ("shenanigans", None),  # henan
        ("Chinatown", None),
        ("EnergyBalanceBeijing2012", "Beijing"),
    ],
)
def test_titles(text, area):
    """Each case is a way in which a word can look like an area, or an area like a word."""
    assert find_area([text]) == area


def test_national_is_the_last_resort():
    """The nation of the yearbooks, where nothing else says which; a direction is none."""
    assert find_area(["National energy balance"], last=True) == "China"
    assert find_area(["National energy balance", "Ireland"]) == "Ireland"
    assert find_area(["South Dublin", "国家统计局"], last=True) is None


@given(st.sampled_from(FOUND_ANYWHERE), LATIN_BEFORE, LATIN_BEHIND)
def test_names_are_found_as_whole_words(identifier, before, behind):
    """A name in Latin script is found between other words, and not within a longer word."""
    name = vocabulary.areas()[identifier].name_en
    assert find_area([f"{before}{name}{behind}"]) == name
    assert find_area([f"{before}{name}ish{behind}"]) != name


@pytest.mark.parametrize("area", list(vocabulary.areas().values()), ids=lambda area: area.id)
def test_chinese_names_stand_in_titles(area):
    """Every area's Chinese name is found in the plain title of its balance, but for words that mean other things."""
    found = find_area([f"2019年{area.name_zh}能源平衡表"])
    assert found is None or vocabulary.resolve("area", found) == area.id
    assert found is not None or area.id in {"dongfang", "baiyin", "xinxing", "shuanghe"}


@pytest.mark.parametrize(
    ("label", "identifier"),
    [
        ("河北唐山", "tangshan"),
        ("河北省唐山市", "tangshan"),
        ("湖北恩施州", "enshi"),
        ("EL", "GR"),
        ("UK", "GB"),
        ("NO", "NO"),
        ("Germany (until 1990 former territory of the FRG)", "DE"),
        ("Viet Nam", "VN"),
        ("Hong Kong SAR, China", "hong_kong"),
        ("Fuzhou", None),  # two cities
        ("江苏唐山", None),  # not in that province
    ],
)
def test_labels(label, identifier):
    """A label of a column of areas is looked up whole: codes count, and a name that two cities share does not."""
    assert vocabulary.resolve("area", label) == identifier


def test_counties_lie_in_cities_and_provinces_of_china():
    """Each row is of an area that lies in China, and names each of its counties once, with a rank."""
    rows = read_rows(data_folder() / "vocabulary" / "counties.csv")
    assert len({row["area"] for row in rows}) == len(rows) == 340
    for row in rows:
        counties = row["counties"].split("|")
        assert "CN" in vocabulary.list_above(row["area"]), row
        assert vocabulary.areas()[row["area"]].level in {"city", "province"}
        assert len(set(counties)) == len(counties)
        assert all(county[-1] in "市县区旗" for county in counties), row


@pytest.mark.parametrize(
    ("title", "area"),
    [
        ("2019年北京市朝阳区能源消费", "朝阳区"),
        ("吉林省长春市朝阳区能源消费", "朝阳区"),
        ("牡丹江市西安区能源消费", "西安区"),
        ("乌海市海南区能源消费", "海南区"),
        ("天津市河北区能源消费", "河北区"),
        ("2019年辽宁省朝阳市能源消费", "朝阳市"),
    ],
)
def test_a_district_is_no_city_or_province_that_is_called_alike(title, area):
    """Names of divisions as of 2023 (National Bureau of Statistics): behind its city it is the district alone."""
    assert find_area([title]) == area
    assert len(find_places(title)) == 1
