"""What a table makes the reader say of itself, and where: `` / `` between rows, ``|`` between cells."""

from __future__ import annotations

import pytest

import carbonacct as ca
from carbonacct.errors import CarbonacctError

TWO = "项目|原煤(万吨)|焦炭(万吨) / 工业|3|4"


def write(folder, text, name="t.csv"):
    """Write a table."""
    path = folder / name
    path.write_text(text.replace(" / ", "\n").replace("|", ","), encoding="utf-8")
    return path


def say(folder, text, name="t.csv", **options):
    """Return rule, severity and place of each finding of a table, in one text, and their messages."""
    findings = ca.read_balance(write(folder, text, name), **options).findings
    places = (f"{one.rule} {one.severity} {one.where.rpartition('!')[2]}" for one in findings)
    return ", ".join(places), " / ".join(one.message for one in findings)


@pytest.mark.parametrize(
    ("text", "said", "part"),
    [
        # A fiscal year is that in which it begins: said once, of the title, the header or the first row.
        (
            "Energy use 2018-19 / Sector|Coal (t)|Coke (t) / Industry|3|4",
            "fiscal-year info A1",
            "2018-19 is a fiscal year: it is taken as 2018",
        ),
        (
            "Coal use (t) / Sector|2018-19|2019-20 / Industry|3|4",
            "fiscal-year info B2",
            "2018-19 is a fiscal year",
        ),
        (
            "Energy use / |2018-19|2019-20 / Sector|Coal (t)|Coal (t) / Industry|3|4",
            "fiscal-year info B2",
            "2018-19 is a fiscal year",
        ),
        (
            "Energy use / Year|Sector|Coal (t) / 2018-19|Industry|3 / 2019-20|Industry|4",
            "fiscal-year info A3",
            "2018-19 is a fiscal year",
        ),
        # Where each row has its year, the title's is none of theirs.
        (
            "Energy use 2017-18 / Year|Sector|Coal (t) / 2018-19|Industry|3",
            "fiscal-year info A3",
            "2018-19 is a fiscal year",
        ),
        ("Energy use 2017-18 / Year|Sector|Coal (t) / 2018|Industry|3", "", ""),
        ("Energy use 2018 / Sector|Coal (t)|Coke (t) / Industry|3|4", "", ""),
    ],
)
def test_a_fiscal_year_is_said_once(tmp_path, text, said, part):
    """Where it stands first."""
    places, messages = say(tmp_path, text, area="Delhi")
    assert places == said
    assert messages.startswith(part)


@pytest.mark.parametrize(
    ("title", "part"),
    [
        ("重庆2019年1-6月能源消费", "1-6月"),
        ("重庆2019年1-12月能源消费", ""),
        ("重庆2019年1月至12月能源消费", ""),
        ("重庆2019年1月至11月能源消费", "1月至11月"),
        ("重庆2019年上半年能源消费", "上半年"),
        ("重庆2019年第三季度能源消费", "第三季度"),
        ("重庆2019年 Q2 能源消费", "Q2"),
        ("重庆2019年六月份能源消费", "六月份"),
        ("重庆2019年6月能源消费", "2019年6月"),
        ("重庆2019年12月能源消费", "2019年12月"),
        # The day on which it was printed.
        ("重庆2019年6月20日能源消费", ""),
        ("重庆2019年6月底能源消费", ""),
        ("重庆2019年6月发布能源消费", ""),
        ("重庆2019年能源消费", ""),
    ],
)
def test_a_part_of_a_year_is_an_error(tmp_path, title, part):
    """Amounts of some months would be read as those of the year; all twelve are the year."""
    places, messages = say(tmp_path, f"{title} / {TWO}")
    assert places == ("part-of-year error A1" if part else "")
    assert messages.startswith(f"the title says {part}: " if part else "")


@pytest.mark.parametrize(
    ("text", "name", "options", "said"),
    [
        (f"重庆能源消费 2019 / {TWO}", "t.csv", {}, ""),
        (f"重庆能源消费 2019 / {TWO}", "t.csv", {"area": "北京"}, "area-overruled warning A1"),
        (f"2019 / 重庆能源消费 / {TWO}", "t.csv", {"area": "北京"}, "area-overruled warning A2"),
        (f"重庆能源消费 2019 / {TWO}", "t.csv", {"area": "Chongqing"}, ""),
        (
            f"重庆和北京能源消费 2019 / {TWO}",
            "t.csv",
            {"area": "重庆"},
            "area-overruled warning A1",
        ),
        (f"能源消费 2019 / {TWO}", "重庆.csv", {}, "area-from-name info A1"),
        (f"能源消费 2019 / {TWO}", "t.csv", {}, "area-unknown warning A1"),
        (f"能源消费 2019 / {TWO}", "t.csv", {"area": "t"}, ""),
        (f"重庆能源消费 / {TWO}", "重庆2018.csv", {}, "year-from-name info A1"),
        (
            "能源消费 / 地区|年份|项目|原煤(万吨)|焦炭(万吨) / 北京|2019|工业|3|4",
            "重庆2018.csv",
            {},
            "",
        ),
    ],
)
def test_where_area_and_year_come_from_is_said_where_it_is_not_the_title(
    tmp_path, text, name, options, said
):
    """The name of a file stands in with a note; nothing is said where each row has its own."""
    assert say(tmp_path, text, name, **options)[0] == said


@pytest.mark.parametrize(
    ("text", "said", "part"),
    [
        (
            "重庆(实物量) 2019 / 项目|原煤(万吨标准煤)|焦炭(万吨)|电力(万吨标准煤) / 工业|3|4|5",
            "B3",
            (
                "physical quantity and the units are of standard quantity: raw_coal in 1e4 tce (t.csv!B3); "
                "beside units 1e4 t, 1e4 tce; title"
            ),
        ),
        (
            "重庆(标准量) 2019 / 项目|原煤(万吨标准煤)|焦炭(万吨)|电力(亿千瓦时) / 工业|3|4|5",
            "C3",
            (
                "standard quantity and the units are of physical quantity: coke in 1e4 t (t.csv!C3); "
                "beside units 1e4 tce, 1e8 kWh; title"
            ),
        ),
        # A mark is no amount in a unit.
        ("重庆(标准量) 2019 / 项目|原煤(万吨)|焦炭(万吨标准煤) / 工业|-|4", "", ""),
        (
            "重庆(标准量) 2019 / 项目|原煤(万吨)|焦炭(万吨标准煤) / 农业|-|4 / 工业|2|4",
            "B4",
            "raw_coal in 1e4 t (t.csv!B4)",
        ),
        # Electricity and heat are measured in energy, whatever a title says.
        ("重庆(实物量) 2019 / 项目|电力(亿千瓦时)|热力(万吉焦) / 工业|3|4", "", ""),
        # Both words, or none, say neither.
        ("重庆(实物量、标准量) 2019 / 项目|原煤(万吨)|焦炭(万吨标准煤) / 工业|2|4", "", ""),
        ("重庆 2019 / 项目|原煤(万吨)|焦炭(万吨标准煤) / 工业|2|4", "", ""),
    ],
)
def test_units_against_the_kind_of_quantity_that_a_title_says(tmp_path, text, said, part):
    """Tonnes below 标准量, and coal equivalent below 实物量, are an error that names the first cell."""
    places, messages = say(tmp_path, text)
    assert places == (f"basis-contradiction error {said}" if said else "")
    assert part in messages


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "重庆(等价值) 2019 / 项目|电力(万吨标准煤)|原煤(万吨) / 农业|-|1 / 工业|3|4",
            "electricity-at-generation error B4",
        ),
        ("重庆(当量值) 2019 / 项目|电力(万吨标准煤)|原煤(万吨) / 工业|3|4", ""),
        ("重庆(当量值及等价值) 2019 / 项目|电力(万吨标准煤)|原煤(万吨) / 工业|3|4", ""),
        (
            "重庆 2019 / 项目|等价值(万吨标准煤) / 工业用电量|3 / 农业用电量|4",
            "electricity-at-generation error B3",
        ),
        # Where kilowatt hours stand beside it these count.
        (
            "重庆(等价值) 2019 / 项目|电力(万吨标准煤)|电力(亿千瓦时) / 工业|3|4",
            "standard-quantity info ",
        ),
        ("重庆(等价值) 2019 / 项目|电力(亿千瓦时)|原煤(万吨) / 工业|3|4", ""),
        ("重庆(等价值) 2019 / 项目|电力(万吨标准煤)|原煤(万吨) / 工业|-|4", ""),
    ],
)
def test_electricity_at_the_coal_that_plants_burn_for_it(tmp_path, text, said):
    """GB/T 2589, calculation of comprehensive energy consumption: 等价值 holds the losses of plants.

    当量值 does not.
    """
    assert say(tmp_path, text)[0] == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        # A title that names several areas, over cells that name none.
        (
            f"重庆和北京能源消费 2019 / {TWO}",
            [
                "A1: the title names several areas, 重庆 (t.csv!A1), 北京 (t.csv!A1), and the cells none"
            ],
        ),
        # The same column twice.
        (
            "重庆 2019 / 项目|原煤(万吨)|焦炭(万吨)|原煤(万吨) / 农业|-|1|- / 工业|3|1|4",
            [
                (
                    "D2: a second column of raw_coal, beside t.csv!B2; remove one, "
                    "or tell them apart in a mapping file (product,原煤#2,"
                ),
                "D4: raw_coal of industry in 2019 is 4 1e4 t here and 3 1e4 t in t.csv!B4",
            ],
        ),
        (
            "重庆电力 2019 / 项目|kWh|kWh / 工业|1000|10",
            [
                "C2: a second column in kWh, beside t.csv!B2; remove one, or name what each is of",
                "C3: electricity of industry in 2019 is 10 kWh here and 1000 kWh in t.csv!B3",
            ],
        ),
        # Watt hours and energy of no product.
        (
            "重庆燃气 2019 / 项目|万吨标准煤 / 农业|- / 工业|3",
            [
                (
                    "B4: no row or header says which product these amounts are of, "
                    "and the title names another than all energy"
                )
            ],
        ),
        (
            "重庆能源消费 2019 / 项目|亿千瓦时 / 农业|- / 工业|3",
            ["B4: no row or header says which product these kWh are of"],
        ),
        (
            "重庆能源消费 2019 / 指标|单位|2019 / 全社会用电量|亿千瓦时|10 / 工业|万千瓦时|3",
            ["C4: no row or header says which product these kWh are of"],
        ),
        (
            "重庆能源消费 2019 / 指标|单位|2019 / 工业|亿千瓦时|3 / 全社会用电量|亿千瓦时|10",
            ["C3: no row or header says which product these kWh are of"],
        ),
        (
            "重庆能源消费 2019 / 指标|单位|2019 / 工业用电量|亿千瓦时|9 / 工业用热量|亿千瓦时|1 / 居民|亿千瓦时|3",
            ["C5: no row or header says which product these kWh are of"],
        ),
        # No unit, or one that is not known.
        (
            "重庆能源消费 2019 / 项目|原煤|汽油|焦炭(万吨) / 农业|-|-|1 / 工业|3|4|5",
            ["B4: raw_coal has no unit (nor has gasoline)"],
        ),
        (
            "重庆能源消费 2019 / 单位:怪物 / 项目|原煤|焦炭 / 工业|-|4",
            ["C4: the table prints its unit: '怪物' is not a unit known here"],
        ),
        (
            "重庆能源消费 2019 / 项目|万吨 / 农业|- / 工业|3",
            ["B4: no row, header or title says which product these 1e4 t are of"],
        ),
    ],
)
def test_what_contradicts_itself_or_is_said_nowhere_stops(tmp_path, text, said):
    """Each stop names the first cell that holds a number, or the headers of two columns that hold one each."""
    stops = ca.read_tables(write(tmp_path, text)).stops
    assert [
        str(stop.error)[: len(f"t.csv!{one}")] for stop, one in zip(stops, said, strict=True)
    ] == [f"t.csv!{one}" for one in said]


@pytest.mark.parametrize(
    ("columns", "rows", "said"),
    [
        ("原煤(万吨)|煤炭(万吨)|原煤(万吨)", "工业|3|4|", ""),  # a column without numbers is none
        (
            "kWh|MWh",
            "工业|1000|1 / 居民|2000|2",
            "printed-twice warning B3, printed-twice warning B4",
        ),
    ],
)
def test_two_columns_of_one_thing_that_do_not_contradict_each_other(tmp_path, columns, rows, said):
    """Two units of one amount are compared cell by cell."""
    assert say(tmp_path, f"重庆电力 2019 / 项目|{columns} / {rows}")[0] == said


@pytest.mark.parametrize(
    "text",
    [
        "重庆电力消费 2019 / 项目|亿千瓦时 / 工业|3",
        "重庆能源消费 2019 / 指标|单位|2019 / 全社会用电量|亿千瓦时|10 / 工业|亿千瓦时|3",
        (
            "重庆能源消费 2019 / 指标|单位|2019 / 能源消费总量|万吨标准煤|99 / 全社会用电量|亿千瓦时|10 / "
            "第三产业|亿千瓦时|2 / 工业|亿千瓦时|3"
        ),
    ],
)
def test_watt_hours_below_electricity_are_electricity(tmp_path, text):
    """Bulletins print 全社会用电量, then the sectors alone."""
    balance = ca.read_balance(write(tmp_path, text))
    assert float(balance.amounts.sel(product="electricity", flow="industry").squeeze()) == 3e8


@pytest.mark.parametrize(
    ("text", "options"),
    [
        (
            "能源消费 / 年份|项目|单位|原煤|汽油 / 2019|工业|万吨|3|4 / 2019|{}|万吨|1|2",
            {"area": "北京"},
        ),
        ("能源消费 2019 / 地区|项目|单位|原煤|汽油 / 北京|工业|万吨|3|4 / 北京|{}|万吨|1|2", {}),
    ],
)
def test_a_note_beside_the_year_or_area_of_its_row_is_listed_and_not_asked_for(
    tmp_path, text, options
):
    """What is a note is told by the first text that is no year, area or unit; a label that is none stops by name."""
    balance = ca.read_balance(write(tmp_path, text.format("注：不含发电")), **options)
    assert balance.amounts.values.ravel().tolist() == [3e4, 4e4]
    assert "unused-numbers" in {one.rule for one in balance.findings}
    with pytest.raises(CarbonacctError, match=r"t\.csv!B4: row '怪物' is not known"):
        ca.read_balance(write(tmp_path, text.format("怪物")), **options)


OF_LINE = "原煤,1\n焦炭,2\n"
OF_FLOW = "工业汽油消费量,3\n"


def ask_line(tmp_path, line, rows):
    """Return what is asked of numbers without a flow below a line, with its cells."""
    path = tmp_path / "a.csv"
    path.write_text(f"重庆2019年统计\n{line}\n品种,数量（吨）\n{rows}", encoding="utf-8")
    stops = [one for one in ca.read_tables(path).stops if "which flow this is" in str(one.error)]
    return {(one.kind, one.text): one.cells for stop in stops for one in stop.unknown}


@pytest.mark.parametrize(
    ("line", "is_asked"),
    [
        ("公建", True),
        (" 公建 ", True),
        ("公建1", False),  # a number of a table is no name
        ("公建楼宇胡言乱语" * 6, False),  # nor is a sentence
        ("万吨", False),  # nor a unit
        ("公建,楼宇", False),  # two texts are no line alone
    ],
)
def test_a_short_line_alone_above_a_table_of_few_flows_is_asked(tmp_path, line, is_asked):
    """What it says holds for all numbers below it that have none; else the labels of their rows are asked."""
    found = ask_line(tmp_path, line, OF_LINE + OF_FLOW)
    if is_asked:
        assert found == {("flow", "公建"): ((1, 0), (3, 1), (4, 1))}
    else:
        assert found == {("flow", "原煤"): ((3, 0),), ("flow", "焦炭"): ((4, 0),)}


def test_a_line_above_a_table_half_of_whose_numbers_have_a_flow_is_not_asked(tmp_path):
    """What lacks one is asked by its own label."""
    found = ask_line(tmp_path, "公建", OF_LINE + OF_FLOW + "工业柴油消费量,4\n")
    assert found == {("flow", "原煤"): ((3, 0),), ("flow", "焦炭"): ((4, 0),)}
