"""Why a file has no energy balance: what it seems to be, what it names and what it lacks. `` / `` between rows."""

from __future__ import annotations

import pytest

from carbonacct.balances.account.diagnosis import (
    describe,
    find_other_row,
    heads_enterprises,
    heads_objects,
    say_no_table,
)
from tests.balances.test_leftovers import page

CHECK = "check that it is the table, or name its words in a mapping file (--mapping)"
SENTENCES = (
    "it is made of sentences, and no amount is taken out of one: it may be a growth, a share or a part; write those "
    "that are meant as a table, a line each (项目,数值,单位), such as "
)
NOTHING = "there are no numbers in it; check that it is the table"


def tell(text):
    """Return what is said of a file, behind that no balance is found in it."""
    start, _, what = str(say_no_table([page(text)], None).error).partition(
        ": no energy balance found: "
    )
    assert start == "a.csv"
    return what


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("重庆 / 项目|甲", NOTHING),
        ("", NOTHING),
        # Amounts in sentences: the words before the number, without what opens the sentence or says that it is one.
        ("全年能源消费总量2 150万吨标准煤，比上年增长3.3%。", "能源消费总量,2150,万吨标准煤"),
        (
            "全年全社会用电量为1,234.5亿千瓦时；其中工业用电量900亿千瓦时。",
            "全社会用电量,1234.5,亿千瓦时",
        ),
        ("城市天然气供气总量达到12.5亿立方米。", "天然气供气总量,12.5,亿立方米"),
        ("全年人口100万人；其中原煤产量达3吨。", "原煤产量,3,吨"),
        # Behind a growth the words are those with which the sentence begins, date apart.
        ("能源消费总量比上年增长3.3%，达到6754.8万吨标准煤。", "能源消费总量,6754.8,万吨标准煤"),
        (
            "2019年，能源消费总量比上年增长3.3%，达到6754.8万吨标准煤。",
            "能源消费总量,6754.8,万吨标准煤",
        ),
        ("全市人口8人。能源消费总量同比下降3%，约为67万吨标准煤。", "能源消费总量,67,万吨标准煤"),
        (
            "Total energy consumption reached 54.3 Mtce in 2019. Coal fell by 3%.",
            "Total energy consumption,54.3,Mtce",
        ),
        ("Use of coal was 12,000 t of standard coal. 2018 was less.", "Use of coal,12000,t"),
        # No amount of energy in them.
        ("全年人口100万人。", NOTHING),
        # Lines of a text without the names of its columns.
        (
            "重庆 / 原煤 3 / 焦炭 4",
            (
                "2 lines hold numbers behind texts, and no line above them says what their columns are; write one "
                "(项目  原煤  天然气, or 项目  2018), or put | between the cells"
            ),
        ),
    ],
)
def test_a_file_without_numbers(text, said):
    """Sentences, lines of a text, or nothing."""
    assert tell(text) == (
        SENTENCES + said if said.count(",") == 2 and "write" not in said else said
    )


@pytest.mark.parametrize(
    ("text", "known", "lacking"),
    [
        (
            "怪丙|怪甲|怪乙 / 怪丁|1|2 / 怪戊|3|4",
            "neither header nor rows name anything that is known",
            "products that are not known: '怪甲' (B1), '怪乙' (C1); flows that are not known: '怪丁' (A2), '怪戊' (A3)",
        ),
        (
            "怪丙|原煤|怪乙 / 怪丁|1|2 / 农业|3|4",
            "its header names 1 product (原煤) and its rows name 1 flow (农业)",
            "product that is not known: '怪乙' (C1); flow that is not known: '怪丁' (A2)",
        ),
        (
            "项目|2018|2019 / 原煤|1|2 / 焦炭|3|4",
            "its header names 2018 to 2019 and its rows name 2 products (原煤, 焦炭)",
            "nothing says which flow the numbers are: put it into the title (工业能源消费量) or a header",
        ),
        (
            "项目|2019 / 工业|1 / 农业|3",
            "its header names 2019 and its rows name 2 flows (工业, 农业)",
            "nothing says which product the numbers are of: put it into the title or a header",
        ),
        (
            "项目|2019 / 工业|1 / 农业|3 / 建筑业|4 / 交通|4 / 居民|5",
            "its header names 2019 and its rows name 5 flows (工业, 农业, 建筑业, 交通 and 1 more)",
            "nothing says which product the numbers are of: put it into the title or a header",
        ),
        (
            "地区|怪 / 江津区|3 / 合川区|4",
            "its rows are areas (江津区, 合川区)",
            "product that is not known: '怪' (B1)",
        ),
        (
            "指标|构成(%) / 工业|10 / 农业|90",
            "its rows name 2 flows (工业, 农业)",
            "its numbers are shares, of which no amounts follow; use the table of amounts",
        ),
        (
            "项目|1月|2月 / 原煤|1|2 / 焦炭|2|3",
            "its rows name 2 products (原煤, 焦炭)",
            "its columns are parts of a year: add them up in a column behind them (Total)",
        ),
    ],
)
def test_what_numbers_stand_between_and_what_lacks(text, known, lacking):
    """By header and rows, with the cell of each unknown label; parts of a year and shares are asked nothing."""
    assert tell(text) == f"{known}; {lacking}"
    assert describe(page(text)) == known
    if "shares" in lacking or "parts of a year" in lacking:
        assert say_no_table([page(text)], None).unknown == ()


def test_labels_of_products_alone_are_asked_for_their_flow():
    """Where nothing may say one: each product is asked, with its cells."""
    stop = say_no_table([page("项目|2018|2019 / 原煤|1|2 / 焦炭|3|4")], None)
    assert [(one.kind, one.text, one.cells) for one in stop.unknown] == [
        ("flow", "原煤", ((1, 0),)),
        ("flow", "焦炭", ((2, 0),)),
    ]
    assert stop.cells == ((1, 0), (2, 0))


@pytest.mark.parametrize(
    ("text", "kind", "action"),
    [
        (
            "From|To|PJ / 怪甲|怪乙|3 / 怪乙|怪丙|4",
            "flows from one node to the next (Sankey) (From | To)",
            "use the",
        ),
        (
            "企业名称|数|怪 / 甲厂|3|4 / 乙厂|4|5",
            "enterprises (企业名称)",
            "sum them by branch of industry first",
        ),
        (
            "建筑名称|用量 / 甲楼|3 / 乙楼|4",
            "single buildings or stations (建筑名称)",
            "add them up first",
        ),
        (
            "用户|单价(元/千瓦时) / 怪甲|3 / 怪乙|5",
            "prices (单价(元/千瓦时))",
            "use the table of quantities",
        ),
    ],
)
def test_a_table_of_another_kind_is_named_with_its_words(text, kind, action):
    """Objects may add up, and a line of a mapping file says so: their header is asked; others are asked nothing."""
    known, _, rest = tell(text).partition(", its numbers seem to be ")
    assert known == "neither header nor rows name anything that is known"
    assert rest.startswith(f"{kind}; {action}")
    stop = say_no_table([page(text)], None)
    name = text.partition("|")[0]
    if name.endswith("名称"):
        assert [(one.kind, one.text, one.cells) for one in stop.unknown] == [
            ("column", name, ((0, 0),))
        ]
        assert rest.endswith(
            f"or say in a mapping file that they add up (column,{name},sum where a column names the branch of each, "
            f"else column,{name},other_services)"
        )
    else:
        assert stop.unknown == ()


@pytest.mark.parametrize(
    ("header", "are_objects", "are_enterprises"),
    [
        ("企业名称", True, True),
        ("建筑名称", True, False),
        ("所属行业", False, False),
        ("原煤", False, False),
    ],
)
def test_headers_of_objects(header, are_objects, are_enterprises):
    """Buildings and stations are objects, enterprises are both."""
    assert (heads_objects(header), heads_enterprises(header)) == (are_objects, are_enterprises)


def test_a_row_of_headings_of_another_kind():
    """As a whole, and not by one of its words."""
    kind, words = find_other_row(["From", "To ", "PJ"])
    assert (kind.rows_are, words) == ("flows from one node to the next (Sankey)", "From | To")
    assert find_other_row(["From", "PJ"]) is None
    assert find_other_row(["企业名称", "原煤"]) is None  # one of its cells does
