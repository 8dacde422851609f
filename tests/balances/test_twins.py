"""Several numbers for one place: rows of one table are several things, tables print one thing again."""

from __future__ import annotations

import re

import pytest

import carbonacct as ca
from carbonacct.errors import CarbonacctError, TableError
from carbonacct.sheets import values
from tests.balances.test_layout import TITLE, amount, read, rules

LONG = """
    area,year,flow,product,unit,amount
    苏州市,2009,居民生活,Petrol,吨,3
    苏州市,2009,居民生活,汽油,吨,{}
    """


@pytest.mark.parametrize("second", ["3", "4"])
def test_two_names_of_one_product_in_a_table_are_asked_about(tmp_path, second):
    """Petrol and 汽油 in one flow and year are never one number in silence, equal or not."""
    with pytest.raises(
        TableError,
        match=rf"F3: gasoline .* is {second} t here as '汽油' and 3 t in table.csv!F2 as 'Petrol'",
    ):
        read(tmp_path, LONG.format(second))
    (tmp_path / "own.csv").write_text("kind,name,id\nproduct,Petrol,gasoline\n", encoding="utf-8")
    balance = read(tmp_path, LONG.format(second), mapping=tmp_path / "own.csv")
    assert amount(balance, "households", "gasoline") == 3 + int(second)
    assert [(f.rule, f.severity) for f in balance.findings] == [("added-up", "warning")]
    for cell in ("table.csv!F2", "table.csv!F3"):
        assert cell in balance.findings[0].message


def test_rows_and_columns_that_a_mapping_gives_one_id_add_up(tmp_path):
    """Two rows, and two columns in two units, of one id by the mapping are summed, blanks apart."""
    (tmp_path / "own.csv").write_text(
        "kind,name,id\nflow,甲厂,industry\nflow,乙厂,industry\nproduct,好煤,raw_coal\nproduct,差煤,raw_coal\n",
        encoding="utf-8",
    )
    balance = read(
        tmp_path,
        f"""
        {TITLE}
        项目,好煤(万吨),差煤(吨),焦炭(万吨)
        甲厂,1,20000,4
        乙厂,5,,7
        建筑业,1,,2
        """,
        mapping=tmp_path / "own.csv",
    )
    assert amount(balance, "industry", "raw_coal") == 1e4 + 2e4 + 5e4
    assert amount(balance, "industry", "coke") == 11e4
    assert amount(balance, "construction", "raw_coal") == 1e4
    assert set(rules(balance)) == {"added-up"}


def test_a_total_under_two_names_is_one(tmp_path):
    """A total that a table prints twice under two names is counted once with a finding; two unlike ones stop."""
    table = f"{TITLE}\n项目,原煤(万吨)\n终端消费量,{{}}\n工业,5\n建筑业,2\n能源终端消费量,7"
    balance = read(tmp_path, table.format(7))
    assert amount(balance, "final_consumption", "raw_coal") == 7e4
    assert rules(balance) == ["printed-twice"]
    with pytest.raises(
        TableError, match=r"as '能源终端消费量' and 8 1e4 t in table\.csv!B3 as '终端消费量'"
    ):
        read(tmp_path, table.format(8))


def test_one_label_twice_in_a_table(tmp_path):
    """The same label twice is one number where they are equal, with a finding, and stops where they are not."""
    table = f"{TITLE}\n项目,原煤(万吨)\n工业,5\n建筑业,2\n工业,{{}}"
    assert rules(read(tmp_path, table.format(5))) == ["printed-twice"]
    with pytest.raises(
        TableError,
        match=r"B5: raw_coal of industry in 2015 is 6 1e4 t here and 5 1e4 t in table\.csv!B3",
    ):
        read(tmp_path, table.format(6))


@pytest.mark.parametrize(
    ("whole", "part", "flow", "product"),
    [
        ("煤制品,吨,1000", "其中:型煤,吨,1000", "industry", "briquettes"),
        ("煤制品,吨,1000", "#型煤,吨,600", "industry", "briquettes"),
    ],
)
def test_a_part_under_the_name_of_its_whole_is_not_counted_again(
    tmp_path, whole, part, flow, product
):
    """其中:型煤 below 煤制品 is one product printed with its part, whatever the part's number."""
    balance = read(
        tmp_path,
        f"苏州市规模以上工业能源消费量(2016年)\n能源名称,计量单位,消费量\n{whole}\n{part}\n柴油,吨,5",
    )
    assert amount(balance, flow, product) == 1000
    assert rules(balance) == ["part-of-itself"]


def test_a_flow_and_a_column_that_are_parts_of_themselves(tmp_path):
    """其中:规模以上工业 below 工业, and #型煤 beside 煤制品, are parts of what they are named like."""
    balance = read(
        tmp_path,
        f"{TITLE}\n项目,煤制品(万吨),#型煤(万吨)\n工业,100,60\n其中:规模以上工业,90,50\n建筑业,3,",
    )
    assert amount(balance, "industry", "briquettes") == 100e4
    assert set(rules(balance)) == {"part-of-itself"}


BALANCE = """
    重庆能源平衡表(实物量)-2015
    项目,原煤(万吨),焦炭(万吨)
    可供本地区消费的能源量,1000,100
    终端消费量,{},95.5
    工业,890.55,90
    建筑业,7.2,5.5
    """
BRANCHES = """
    重庆分行业能源消费 2015
    项目,原煤(万吨),焦炭(万吨)
    工业,{},90
    纺织业,890,90
    """


@pytest.mark.parametrize("turned", [False, True])
def test_two_tables_that_round_one_number(tmp_path, turned):
    """The number of the balance counts in any order of files; a warning names both cells and numbers."""
    pages = [BALANCE.format("897.75"), BRANCHES.format("890.6")]
    balance = read(tmp_path, *(reversed(pages) if turned else pages))
    assert amount(balance, "industry", "raw_coal") == pytest.approx(8_905_500)
    (finding,) = balance.findings
    own, other = (
        ("1_table.csv!B5", "table.csv!B3") if turned else ("table.csv!B5", "1_table.csv!B3")
    )
    assert (finding.rule, finding.severity, finding.where) == ("printed-apart", "warning", own)
    assert f"is 890.55 1e4 t ({own}) and 890.6 1e4 t ({other})" in finding.message
    assert finding.message.startswith(
        "two tables round one number to different digits, the first is taken"
    )


def test_two_tables_that_differ_beyond_print(tmp_path):
    """Two numbers of equal decimals are not one number rounded: an error, but there is still a result."""
    balance = read(tmp_path, BALANCE.format("897.75"), BRANCHES.format("890.56"))
    assert [(f.rule, f.severity) for f in balance.findings] == [("printed-apart", "error")]
    assert balance.findings[0].message.startswith(
        "two tables print different numbers for one thing, the first is taken"
    )
    assert amount(balance, "industry", "raw_coal") == pytest.approx(8_905_500)
    with pytest.raises(ca.errors.ChecksFailedError, match=r"1_table\.csv!B3"):
        read(tmp_path, BALANCE.format("897.75"), BRANCHES.format("890.56"), strict=True)


@pytest.mark.parametrize(
    ("printed", "severity"),
    [("891", "warning"), ("890.6", "warning"), ("892", "error"), ("890.50", "error")],
)
def test_a_print_is_within_half_a_unit_of_the_last_digit_of_each(tmp_path, printed, severity):
    """891 and 890.6 are 890.55 rounded; 890.50 is printed with two decimals and is not."""
    balance = read(tmp_path, BALANCE.format("897.75"), BRANCHES.format(printed))
    assert [(f.rule, f.severity) for f in balance.findings] == [("printed-apart", severity)]


def test_a_continued_page_that_repeats_a_row_prints_it_again(tmp_path):
    """A row of 续表, and a table read twice, are second prints and do not add up."""
    page = BALANCE.format("897.75")
    assert rules(read(tmp_path, page, page)) == []
    balance = read(
        tmp_path, page + "续表\n项目,原煤(万吨),焦炭(万吨)\n工业,890.55,90\n居民生活,1,2\n"
    )
    assert amount(balance, "industry", "raw_coal") == pytest.approx(8_905_500)
    assert amount(balance, "households", "coke") == 2e4


SCOPES = "Energy use of Leeds 2019\nSector,Fuel,Scope 1 (TJ),{} (TJ)\nIndustry,Diesel,5,6\nTransport,Diesel,7,{}"


@pytest.mark.parametrize(("last", "transport"), [("8", 15e3), ("", 7e3), ("-", 7e3)])
def test_what_counts_in_two_scopes_adds_up(tmp_path, last, transport):
    """Both columns of a row; where one has no number the other stands alone. It is said once for the two columns."""
    balance = read(tmp_path, SCOPES.format("Scope 2", last), area="Leeds")
    assert amount(balance, "industry", "diesel") == 11e3
    assert amount(balance, "transport", "diesel") == transport
    (finding,) = balance.findings
    assert (finding.rule, finding.severity) == ("added-up", "info")
    assert finding.message.startswith(
        "'Scope 1' (table.csv!C3: 5) and 'Scope 2' (table.csv!D3: 6) stand in the columns"
    )
    assert ("and 1 more such pairs" in finding.message) is (last == "8")


def test_a_scope_beside_an_amount_of_no_scope_is_asked(tmp_path):
    """Whether the amount holds what the scope does, the table does not say."""
    with pytest.raises(
        TableError,
        match=r"D3: diesel of industry in 2019 is 6 TJ here as 'Amount' and 5 TJ in table\.csv!C3",
    ):
        read(tmp_path, SCOPES.format("Amount", "8"), area="Leeds")


@pytest.mark.parametrize(("first", "second"), [("万吨", "吨"), ("吨", "万吨")])
def test_what_adds_up_is_printed_in_the_unit_of_the_first(tmp_path, first, second):
    """Two columns in two units under one id: the sum as printed is in the unit of the first, and its cell is that."""
    (tmp_path / "own.csv").write_text(
        "kind,name,id\nproduct,好煤,raw_coal\nproduct,差煤,raw_coal\n", encoding="utf-8"
    )
    numbers = {"万吨": "3", "吨": "20000"}
    table = f"{TITLE}\n项目,好煤({first}),差煤({second}),焦炭(万吨)\n工业,{numbers[first]},{numbers[second]},4"
    balance = read(tmp_path, table, mapping=tmp_path / "own.csv")
    assert amount(balance, "industry", "raw_coal") == 5e4
    place = int(balance.place.sel(flow="industry", product="raw_coal").item())
    assert balance.places.printed[place] == pytest.approx(5.0 if first == "万吨" else 5e4)
    assert balance.address("重庆", 2015, "industry", "raw_coal") == "table.csv!B3"


PAIR = "重庆能源消费 2015\n项目,原煤(吨),焦炭(吨)\n工业,{},{}\n建筑业,1,2\n"


@pytest.mark.parametrize(
    ("first", "second", "severity"),
    [
        ("890.55", "890.9", "error"),
        ("10", "11", "error"),
        ("0.3", "0.34", "warning"),
        ("0.3", "0.4", "error"),
        ("890.9", "890.55", "error"),
    ],
)
def test_of_two_tables_alike_the_first_counts(tmp_path, first, second, severity):
    """Neither is nearer the balance: the first that is named, and a difference of less than a tonne is one."""
    balance = read(tmp_path, PAIR.format(first, 4), PAIR.format(second, 4))
    assert amount(balance, "industry", "raw_coal") == pytest.approx(float(first))
    (finding,) = balance.findings
    assert (finding.rule, finding.severity, finding.where) == (
        "printed-apart",
        severity,
        "table.csv!B3",
    )
    assert (
        f"raw_coal of industry in 2015 is {first} t (table.csv!B3) and {second} t (1_table.csv!B3)"
        in finding.message
    )
    assert "more" not in finding.message


def test_numbers_that_are_apart_are_counted(tmp_path):
    """Two numbers of two tables are one finding with both; of ten the first six are named."""
    balance = read(tmp_path, PAIR.format(5, 4), PAIR.format(7, 9))
    (finding,) = balance.findings
    assert finding.message.count(" and ") == 2
    flows = [
        "farming",
        "industry",
        "construction",
        "transport",
        "wholesale_retail",
        "other_services",
        "households_urban",
    ]
    table = "重庆能源消费 2015\n项目,原煤(吨)\n{}"
    pages = [
        table.format("\n".join(f"{flow},{k + more}" for k, flow in enumerate(flows, 3)))
        for more in (0, 20)
    ]
    (finding,) = read(tmp_path, *pages).findings
    assert finding.message.endswith(" and 1 more")


@pytest.mark.parametrize(
    ("rows", "more"), [(["工业,6"], ""), (["工业,6", "建筑业,9"], " (and 1 more such pairs)")]
)
def test_a_contradiction_says_how_many_there_are_like_it(tmp_path, rows, more):
    """One pair is named; of several with the same labels, how many more."""
    head = "重庆能源消费\n地区,年份,项目,Petrol(吨),汽油(吨)"
    lines = [f"重庆,2009,{row.replace(',', ',5,')}" for row in rows]
    with pytest.raises(TableError) as raised:
        read(tmp_path, "\n".join([head, *lines]))
    assert (
        f"gasoline of industry in 2009 is 6 t here as '汽油' and 5 t in table.csv!D3 as 'Petrol'{more}; give"
        in str(raised.value)
    )


def test_coal_equivalent_of_other_rows_is_left_out_beside_the_quantity(tmp_path):
    """Coal of industry in t, of construction in tce: the product is kept in t, and the other is said."""
    standard = "重庆能源消费(标准量) 2015\n项目,原煤(吨标准煤),电力(吨标准煤)\n建筑业,7,8\n"
    balance = read(tmp_path, "重庆能源消费 2015\n项目,原煤(吨)\n工业,5\n", standard)
    assert amount(balance, "industry", "raw_coal") == 5
    assert balance.units[balance.products.index("raw_coal")] == "t"
    (finding,) = [one for one in balance.findings if one.rule == "standard-quantity"]
    assert finding.message.startswith("1 cells in standard quantity")
    assert amount(balance.standard, "construction", "raw_coal") == 7
    assert amount(balance, "construction", "electricity") == 8  # of which there is no other


@pytest.mark.parametrize(
    ("cell", "other", "status"),
    [("", "", "blank"), ("-", "", "mark"), ("", "-", "mark"), ("", "7", "number")],
)
def test_of_two_prints_of_a_place_without_a_number_a_mark_counts_and_then_a_blank(
    tmp_path, cell, other, status
):
    """A number before a mark, a mark before a blank; what is blank in both is blank, and not absent."""
    balance = read(tmp_path, PAIR.format(5, cell), PAIR.format(5, other))
    found = balance.status.sel(flow="industry", product="coke").item()
    assert values.STATUS_NAMES[found] == status


def test_numbers_of_one_label_that_differ_by_less_than_a_tonne_stop(tmp_path):
    """5 and 5.4 t are two numbers, however small they are beside a unit."""
    table = f"{TITLE}\n项目,原煤(吨)\n工业,5\n建筑业,2\n工业,{{}}"
    assert rules(read(tmp_path, table.format("5.0"))) == ["printed-twice"]
    with pytest.raises(
        TableError,
        match=r"B5: raw_coal of industry in 2015 is 5\.4 t here and 5 t in table\.csv!B3;",
    ):
        read(tmp_path, table.format("5.4"))


@pytest.mark.parametrize(
    "text",
    [
        "项目,原煤(吨)\n工业,900\n工业消费,800\n居民生活,100\n",
        "项目,原煤(吨)\n工业,900\n其他,100\n其他,50\n",
        "项目,柴油(吨),轻柴油(吨)\n工业,50,3\n",
        "项目,原煤(吨),柴油(吨),柴油(吨)\n工业,900,50,7\n",
        "行业,原煤(吨),建筑业(吨)\n煤炭开采和洗选业,80,90\n纺织业,30,10\n",
    ],
)
def test_the_line_that_a_stop_names_settles_it(tmp_path, text):
    """Written into a mapping file as it stands, the table reads."""
    table, words = tmp_path / "t.csv", tmp_path / "m.csv"
    table.write_text(f"某市能源消费量2015年\n{text}", encoding="utf-8")
    with pytest.raises(CarbonacctError) as caught:
        ca.read_balance(table, area="某市")
    lines = re.findall(
        r"(?:flow|product|ignore_column),[^,]+,(?:pass over)?,,why", str(caught.value)
    )
    words.write_text("kind,name,id,sign,note\n" + "\n".join(lines) + "\n", encoding="utf-8")
    assert lines
    assert ca.read_balance(table, area="某市", mapping=words).areas == ["某市"]


@pytest.mark.parametrize(("number", "kept"), [(2, 4000), (1, 10_000)])
def test_columns_that_begin_or_end_with_their_unit_are_told_apart_by_their_place(
    tmp_path, number, kept
):
    """industrial_kwh beside industrial_mwh: the line that the error proposes settles it; it changed nothing."""
    path, words = tmp_path / "use.csv", tmp_path / "mapping.csv"
    path.write_text(
        "City,Year,industrial_kwh,industrial_mwh\nAustin,2019,1000,7\nBoston,2019,3000,3\n"
    )
    with pytest.raises(TableError, match="flow,industrial#2,pass over,,why"):
        ca.read_balance(path)
    words.write_text(f"kind,name,id,sign,note\nflow,industrial#{number},pass over,,why\n")
    balance = ca.read_balance(path, mapping=words)
    assert float(balance.amounts.sum()) == pytest.approx(kept)  # kWh
