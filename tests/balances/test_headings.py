"""What the headings over each column say together: `` / `` between header rows, ``|`` between columns."""

from __future__ import annotations

import pytest

from carbonacct.balances.label.headers import Header
from carbonacct.balances.path.headings import inherit, read_headings
from carbonacct.balances.split.heading_spans import spread_headings
from carbonacct.balances.words.mapping import Mapping

WORDS = Mapping()


def say(one):
    """Return what a heading says: product, flow, year, > direction, @ area, ^ coverage, [unit].

    Further marks: # part, :word, ! rows that say nothing.
    """
    header = one.header
    said = [header.product, header.flow or header.weak, str(header.year or "")]
    said += [
        mark + text
        for mark, text in ((">", header.direction), ("@", header.area), ("^", header.coverage))
        if text
    ]
    said += [
        f"-{header.years_back}" if header.years_back else "",
        f"[{'+'.join(header.units)}]" if header.units else "",
    ]
    said += [
        "#" * header.of_which,
        "whole" if header.is_whole else "",
        f":{header.word}" if header.word else "",
    ]
    said += [
        "?" if one.may_be_share else "",
        "!" + ",".join(map(str, one.unread)) if one.unread else "",
    ]
    return " ".join(filter(None, said)) or "-"


def read(text, words=WORDS):
    """Return what each column is, but that of the labels."""
    rows = [line.split("|") for line in text.split(" / ")]
    width = max(map(len, rows))
    found = read_headings([row + [""] * (width - len(row)) for row in rows], words)
    return " | ".join(map(say, found[found[0].header.word in {"label", "unit", "area"} :]))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        # One name a column, with its unit beside or below it.
        ("项目|原煤|焦炭", "raw_coal | coke"),
        ("项目|原煤(万吨)|焦炭(吨)", "raw_coal [万吨] | coke [吨]"),
        ("项目|原煤|焦炭 / |万吨|吨", "raw_coal [万吨] | coke [吨]"),
        ("项目|原煤 (万|焦炭 / |吨)|吨", "raw_coal [万吨] | coke [吨]"),
        ("项目|原煤 / |ton", "raw_coal [ton]"),
        ("单位|万吨|吨", "[万吨] | [吨]"),
        # Stacked headings: a flow over a product or below it, a group over its member, years.
        ("项目|煤炭|煤炭 / |工业|居民", "coal_total industry | coal_total households"),
        ("项目|工业|工业 / |原煤|焦炭", "raw_coal industry | coke industry"),
        ("项目|煤炭|煤炭 / |原煤|洗精煤", "raw_coal | cleaned_coal"),
        ("项目|煤炭|石油 / |柴油|汽油", "diesel | gasoline"),
        ("项目|原煤|洗精煤 / |煤炭|煤炭", "raw_coal | cleaned_coal"),
        ("项目|2018|2019 / |原煤|焦炭", "raw_coal 2018 | coke 2019"),
        ("项目|原煤|焦炭 / |2018|2019", "raw_coal 2018 | coke 2019"),
        ("项目|煤炭消费量|焦炭消费量 / |工业|居民", "coal_total industry | coke households"),
        ("项目|Coal|Coal / |Industry|Homes", "coal_total industry | coal_total households"),
        (
            "项目|火力发电|火力发电 / |投入量|产出量",
            "thermal_power.input >input | thermal_power.output >output",
        ),
        ("项目|投入量|产出量 / |原煤|焦炭", "raw_coal >input | coke >output"),
        ("项目|全市|市辖区 / |原煤|原煤", "raw_coal :physical | raw_coal ^市辖区 :physical"),
        ("项目|全市:原煤|市辖区:原煤", "raw_coal | raw_coal ^市辖区"),
        ("项目|上年|今年 / |原煤|原煤", "raw_coal -1 :physical | raw_coal :physical"),
        ("项目|原煤|原煤 / |进口量(+)|出口量(-)", "raw_coal imports | raw_coal exports"),
        ("项目|实物量|标准量 / |原煤|原煤", "raw_coal :physical | raw_coal :standard"),
        # 合计 below a heading, or as a column of its own.
        ("项目|煤炭|煤炭 / |合计|原煤", "coal_total | raw_coal"),
        ("项目|等价值|等价值 / |电力|热力", "electricity | heat"),
        ("项目|电力|电力 / |等价值|当量值", "- | electricity"),
        ("项目|合计|原煤|焦炭", "coal_and_coke_total | raw_coal | coke"),
        ("范围1|范围2|合计", ":scope | :scope | whole"),
        # A heading that nobody knows closes its column, where those beside it name what the column lacks.
        ("项目|煤炭|煤炭 / |怪物|原煤", "!1 | raw_coal"),
        ("项目|怪物|怪物 / |怪兽|原煤", "!1,0 | raw_coal !0"),
        ("项目|怪物|怪物 / |工业|原煤", "industry !0 | raw_coal !0"),
        ("项目|怪物|原煤 / |2018|2018", "- | raw_coal 2018"),
        ("项目|LNG 公交|原煤", "- | raw_coal"),
        ("项目|煤炭|焦炭 / |x|y / |工业|居民", "coal_total industry !1 | coke households !1"),
        ("项目|原煤 / |1 / |2018 / |2019", "raw_coal 2018 !1,3"),
        ("项目|怪物|工业 / |原煤|焦炭", "!0 | coke industry"),
        ("项目|怪物|怪兽 / |原煤|焦炭", "raw_coal !0 | coke !0"),
        # A part takes what it lacks from the whole to its left.
        ("项目|原煤|#无烟煤|#烟煤", "raw_coal | anthracite # | bituminous_coal #"),
        (
            "项目|天然气供气总量(万立方米)|#家庭用量|其中:工业",
            (
                "natural_gas network_supply [万立方米] | natural_gas households [万立方米] # | "
                "natural_gas industry [万立方米] #"
            ),
        ),
        (
            "项目|天然气供气总量(万立方米)|#家庭用量(立方米)|##城镇居民",
            (
                "natural_gas network_supply [万立方米] | natural_gas households [立方米] # | "
                "natural_gas households_urban [立方米] ##"
            ),
        ),
        (
            "项目|能源消费总量|其中:煤炭|其中:石油",
            "total_consumption | coal_total total_consumption # | oil_total total_consumption #",
        ),
        ("项目|购进量|#怪物|工业", ":skip | # :skip | industry"),
        ("项目|#原煤|焦炭 / |工业|居民", "raw_coal industry # | coke households"),
        ("项目|工业|居民 / |#原煤|焦炭", "raw_coal industry # | coke households"),
        ("项目|#原煤|焦炭", "raw_coal # | coke"),
        # 其他, 水电: by the columns beside them.
        ("项目|原煤|焦炭|其他", "raw_coal | coke | other_energy"),
        ("项目|原煤|其他", "raw_coal | other_services"),
        ("项目|原煤|焦炭|其他|其他行业", "raw_coal | coke | other_services | other_services"),
        ("项目|原煤|焦炭|居民", "raw_coal | coke | households"),
        ("项目|工业|居民|其他", "industry | households | other_services"),
        ("项目|发电量|水电|火电", "generation | generation.hydro | generation.thermal"),
        ("项目|水电|火电", "hydro_power | generation.thermal"),
        # Products behind a flow, and the same behind another, are of the one to their left.
        (
            "项目|生产量|原煤|焦炭|消费量|原煤|焦炭",
            (
                "production | raw_coal production | coke production | total_consumption | "
                "raw_coal total_consumption | coke total_consumption"
            ),
        ),
        (
            "项目|进口量|原煤|焦炭|出口量|原煤|焦炭",
            "imports | raw_coal imports | coke imports | exports | raw_coal exports | coke exports",
        ),
        (
            "项目|进口量|原煤|焦炭|出口量|汽油|柴油",
            "imports | raw_coal | coke | exports | gasoline | diesel",
        ),
        ("项目|原煤|进口量|原煤|出口量|原煤", "raw_coal | imports | raw_coal | exports | raw_coal"),
        ("项目|进口量|原煤|2018|出口量|原煤", "imports | raw_coal | 2018 | exports | raw_coal"),
        ("项目|进口量|原煤|进口量|原煤", "imports | raw_coal | imports | raw_coal"),
        # Shares, growth and capacity hold for the blanks on their right, above headings of their own.
        ("项目|比重||原煤 / |原煤|焦炭|焦炭", ":skip | :skip | coke"),
        ("项目|比重|| / |煤炭|石油|天然气", ":skip | :skip | :skip"),
        ("项目|原煤|焦炭 / |比重|", ":skip | coke ?"),
        ("项目|供热能力||原煤 / |蒸汽|热水|焦炭", "steam_by_heat :skip | :skip | coke"),
        ("项目|增长率(%)|原煤", ":skip | raw_coal"),
        ("供热能力||原煤 / 蒸汽|热水|焦炭", "steam_by_heat :skip | hot_water | coke"),
        # A row of areas, of where series come from, a corner over labels.
        ("项目|原煤|焦炭 / 地区|北京|天津", "raw_coal @北京 | coke @天津"),
        ("项目|原煤|焦炭 / 地区|北京|怪物", "!1 | !1"),
        ("TIME|2018|2019 / GEO||", "2018 | 2019"),
        ("Frequency|A|A / 项目|原煤|焦炭", "raw_coal | coke"),
        ("项目|原煤|焦炭 / Frequency|A|A", "raw_coal | coke"),
        (
            "项目|Total consumption (GWh): Industry|Total consumption (GWh): Homes",
            "industry [GWh] | households [GWh]",
        ),
    ],
)
def test_what_stacked_headings_say(text, says):
    """The lowest heading comes first and those above complete it; an unknown one closes its column."""
    assert read(text) == says


def test_own_words_pass_over_a_column():
    """Named with its unit or without, alone or below a heading."""
    words = Mapping(ignored_columns=frozenset({"怪物"}))
    assert read("项目|怪物(万吨)|原煤", words) == ":skip | raw_coal"
    assert read("项目|煤炭|煤炭 / |怪物|原煤", words).endswith(":skip !1 | raw_coal")
    assert read("项目|怪物|原煤") == "- | raw_coal"


def test_a_part_inherits_from_the_whole_before_it():
    """From the nearest of fewer marks; its own unit stays, and one of another product takes none."""
    gas = Header("供气", "natural_gas", "network_supply", units=("万立方米",))
    homes = Header("家庭", flow="households", of_which=1)
    assert inherit(homes, [gas]) == Header(
        "家庭", "natural_gas", "households", units=("万立方米",), of_which=1
    )
    own = Header("家庭", flow="households", of_which=1, units=("吨",))
    assert inherit(own, [gas]).units == ("吨",)
    coal = Header("家庭煤", "raw_coal", "households", of_which=1)
    assert inherit(coal, [gas]) == coal
    same = Header("家庭气", "natural_gas", "households", of_which=1)
    assert inherit(same, [gas]).units == ("万立方米",)
    city = Header("城镇", flow="households_urban", of_which=2)
    assert inherit(city, [gas, inherit(homes, [gas])]).product == "natural_gas"
    assert (
        inherit(city, [gas, Header("煤", "raw_coal", "industry", of_which=1)]).product == "raw_coal"
    )
    assert inherit(homes, []) == homes
    assert (
        inherit(homes, [Header("煤", "raw_coal", of_which=1)]) == homes
    )  # a part beside it is no whole
    assert (
        inherit(homes, [Header("煤", "raw_coal")]) == homes
    )  # a product without a flow is no whole of a flow


def test_a_second_heading_goes_no_further_than_the_first_above_it():
    """What the merges of a header have left in a CSV: Coal over its two years, and nothing over those of all fuels."""
    rows = [
        ["", "Fuels", "", "All", ""],
        ["", "Coal", "", "", ""],
        ["", "2018", "2019", "2018", "2019"],
        ["Industry", 1.0, 2.0, 3.0, 4.0],
    ]
    spread_headings(rows, Mapping(), (0, 0, 3))
    assert rows[1] == ["", "Coal", "Coal", "", ""]
