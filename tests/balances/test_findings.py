"""What the reader says: once, with the cells, and what to do."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from openpyxl import Workbook

import carbonacct as ca
from carbonacct.balances.account.leftovers import merge_findings
from carbonacct.balances.check import checks
from carbonacct.errors import Finding, TableError
from tests.balances.printing import write

HEAD = ["项目", "原煤(万吨)", "焦炭(万吨)"]


def sheets(*extra: list[object]) -> dict[str, list[list[object]]]:
    """Return a sheet for each of three years, each with the same further rows."""
    return {
        str(year): [
            [f"重庆能源平衡表-{year}"],
            HEAD,
            ["工业", 1.0, 2.0],
            *[list(row) for row in extra],
        ]
        for year in (2013, 2014, 2015)
    }


def test_one_finding_for_many_sheets(tmp_path):
    """The same thing in three sheets is said once, with the places."""
    balance = ca.read_balance(
        write(sheets(["8.出口量(-)", 5.0, 6.0], ["", 7.0, 8.0]), tmp_path / "t.xlsx")
    )
    assert [str(f) for f in balance.findings] == [
        (
            "t.xlsx: 6 cells hold numbers and belong to no table: 2013!B5:C5 (7.0), 2014!B5:C5 (7.0), 2015!B5:C5 "
            "(7.0); label their row and column if they belong to it"
        ),
        "t.xlsx!2013!B4: 6 cells of exports are printed positive and are taken as leaving the area",
    ]


def test_equal_findings_are_merged():
    """Only equal words are merged, and the order stays."""
    one, other = Finding("a", "info", "x", "f!1"), Finding("a", "info", "x", "f!2")
    different = Finding("a", "warning", "x", "f!3")
    assert [str(f) for f in merge_findings([one, different, other, one])] == [
        "f!1: x (and in 1 more place: f!2)",
        "f!3: x",
    ]


def test_sheets_without_a_table_are_named(tmp_path):
    """A sheet with numbers that is no table is a warning with the reason, one with texts alone is for information."""
    pages = {**sheets(), "Notes": [["a", 1.0], ["b", 2.0]], "More": [["c"]]}
    balance = ca.read_balance(write(pages, tmp_path / "t.ods"))
    assert [(f.severity, str(f)) for f in balance.findings] == [
        (
            "warning",
            (
                "t.ods: no energy balance found in 1 sheet (Notes): neither header nor rows name anything that is "
                "known; 2 numbers not used; mend the header if it is one"
            ),
        ),
        ("info", "t.ods: no numbers in 1 sheet (More): not used"),
    ]


def test_long_lists_are_cut(tmp_path):
    """A long list of cells ends with how many more there are."""
    rows = [["重庆能源平衡表-2015"], HEAD, *(["", float(number), ""] for number in range(40))]
    scattered = [row if number % 2 else [""] for number, row in enumerate(rows)]
    scattered[:2] = rows[:2]
    balance = ca.read_balance(write([*scattered, ["工业", 1.0, 2.0]], tmp_path / "t.xlsx"))
    message = balance.findings[0].message
    assert message.startswith("20 cells hold numbers and belong to no table: ")
    assert message.endswith("and 8 more ranges")


def test_one_product_in_two_kinds_of_units(tmp_path):
    """Two tables that give a product in units of different kinds are not put together."""
    first = write([["重庆能源平衡表-2014"], HEAD, ["工业", 1.0, 2.0]], tmp_path / "a.xlsx")
    second = write(
        [["重庆能源平衡表-2015"], ["项目", "原煤(TJ)", "焦炭(万吨)"], ["工业", 1.0, 2.0]],
        tmp_path / "b.xlsx",
    )
    with pytest.raises(
        TableError,
        match=r"raw_coal is in GJ here and in t in a\.xlsx!Sheet1!B3; read these tables apart",
    ):
        ca.read_balance(first, second)


def test_physical_and_standard_tables_together(tmp_path):
    """A table in coal equivalent beside the physical one is read, and not used where the other has numbers."""
    first = write([["重庆能源平衡表(实物量)-2015"], HEAD, ["工业", 1.0, 2.0]], tmp_path / "a.xlsx")
    second = write(
        [
            ["重庆能源平衡表(标准量)-2015"],
            ["单位:万吨标准煤"],
            ["项目", "原煤", "焦炭"],
            ["工业", 0.7, 1.9],
        ],
        tmp_path / "b.xlsx",
    )
    balance = ca.read_balance(first, second)
    assert balance.amounts.values.ravel().tolist() == [1e4, 2e4]
    assert [f.rule for f in balance.findings] == ["standard-quantity"]
    assert ca.read_balance(second).amounts.values.ravel().tolist() == [7e3, 1.9e4]


def test_number_beside_nothing(tmp_path):
    """A number in one table and a blank or a mark for the same place in another: the number counts."""
    first = write([["重庆能源平衡表-2015"], HEAD, ["工业", "-", 2.0]], tmp_path / "a.xlsx")
    second = write([["重庆能源平衡表-2015"], HEAD, ["工业", 1.0, ""]], tmp_path / "b.xlsx")
    for pair in ((first, second), (second, first)):
        assert ca.read_balance(*pair).amounts.values.ravel().tolist() == [1e4, 2e4]


def test_one_number_in_two_units(tmp_path):
    """The same amount printed in two units is one amount."""
    first = write([["重庆能源平衡表-2015"], HEAD, ["工业", 0.57, 2.0]], tmp_path / "a.xlsx")
    second = write(
        [["重庆能源平衡表-2015"], ["项目", "原煤(吨)", "焦炭(千吨)"], ["工业", 5700.0, 20.0]],
        tmp_path / "b.xlsx",
    )
    assert ca.read_balance(first, second).amounts.shape == (1, 1, 1, 2)


def test_records_answer(tmp_path):
    """A balance gives quantities with units, addresses, and says what it does not have."""
    balance = ca.read_balance(
        write([["重庆能源平衡表-2015"], HEAD, ["工业", 1.0, ""]], tmp_path / "a.xlsx")
    )
    assert str(balance.quantity("raw_coal").data.units) == "t"
    assert balance.address("重庆", 2015, "industry", "raw_coal") == "a.xlsx!Sheet1!B3"
    with pytest.raises(TableError, match="has no diesel; it has raw_coal, coke"):
        balance.quantity("diesel")


def test_one_year_of_a_workbook_with_a_sheet_for_each(tmp_path):
    """The option takes one sheet of a workbook that has one for each year; a year that no sheet has is refused."""
    path = write(sheets(), tmp_path / "t.xlsx")
    balance = ca.read_balance(path, year=2014)
    assert balance.years == [2014]
    assert [str(f) for f in balance.findings] == [
        "4 numbers are of other years than 2014 and are not used"
    ]
    with pytest.raises(
        TableError, match="the table says 2013, 2014, 2015 and the option says 2020"
    ):
        ca.read_balance(path, year=2020)
    other = write([["重庆能源平衡表-2012"], HEAD, ["工业", 1.0, 2.0]], tmp_path / "u.xlsx")
    with pytest.raises(TableError, match=r"u\.xlsx.*the table says 2012 and the option says 2014"):
        ca.read_balance(path, other, year=2014)


@pytest.mark.parametrize(
    ("column", "unit"),
    [
        ("天然气(亿立方米)", "万立方米"),
        ("电力(亿千瓦时)", "万千瓦时"),
        ("热力(百亿千焦)", "百万千焦"),
        ("焦炭(万吨)", "吨"),
        ("其他能源(万吨标煤)", "吨标煤"),
    ],
)
def test_a_unit_of_another_order_than_the_table(tmp_path, column, unit):
    """Tables in 万吨 print 亿立方米, 亿千瓦时 and 百亿千焦: a single column of another order is named."""
    text = Path("docs/tables/chongqing_2007.csv").read_text(encoding="utf-8-sig")
    path = tmp_path / "one.csv"
    path.write_text(
        text.replace("," + column, f",{column.partition('(')[0]}({unit})", 1), encoding="utf-8"
    )
    odd = [
        finding
        for finding in ca.check_balance(ca.read_balance(path))
        if finding.rule == "unit-scale"
    ]
    assert [(finding.severity, finding.action) for finding in odd] == [
        ("warning", "check the unit in the header")
    ]
    assert "and a table in 1e4 t prints it in" in odd[0].message
    path.write_text(text.replace("万吨", "吨").replace("亿", "万"), encoding="utf-8")
    for name in (path, "docs/tables/qingdao_2019.csv", "docs/tables/beijing_2007.csv"):
        assert not [
            finding
            for finding in ca.check_balance(ca.read_balance(name))
            if finding.rule == "unit-scale"
        ]


@pytest.mark.parametrize(
    ("units", "numbers", "warned"),
    [
        ("原煤(万吨),焦炭(万吨),天然气(万立方米)", "120,30,8000", False),  # 10.6 万吨标煤 of gas
        ("原煤(万吨),焦炭(万吨),天然气(万立方米)", "120,30,0.8", True),  # 亿立方米 is meant
        ("原煤(万吨),焦炭(万吨),液化石油气(吨)", "120,30,800", False),  # little, and no thousandth
        ("原煤(吨),焦炭(吨),电力(亿千瓦时)", "9000000,30000,52", False),
        ("原煤(吨),焦炭(吨),电力(亿千瓦时)", "9000,3000,520000", True),
        ("Coal(TJ),Coke(TJ),Electricity(GWh)", "5000,300,900", False),
        ("原煤(万吨),焦炭(万吨),天然气(万立方米)", "0,0,8000", False),  # nothing to compare with
        ("原煤(万吨),焦炭(万吨),天然气(万立方米)", "120,30,0", False),
    ],
)
def test_a_unit_of_another_order_is_right_where_the_energy_is(tmp_path, units, numbers, warned):
    """City tables print 万吨 beside 万立方米, and TJ beside GWh: amounts a thousandfold beside the others are named."""
    path = tmp_path / "city.csv"
    path.write_text(f"某市能源消费 2019\n项目,{units}\n工业,{numbers}\n", encoding="utf-8")
    findings = ca.check_balance(ca.read_balance(path, area="某市"))
    assert [finding.rule for finding in findings if finding.rule == "unit-scale"] == [
        "unit-scale"
    ] * warned


def test_several_sheets_without_a_table_are_said_at_once(tmp_path):
    """How many, their names and numbers, and why of the first."""
    book = Workbook()
    book.active.title = "a"
    book.active.append(["x", 1, 2])
    book.create_sheet("b").append(["y", 3])
    book.create_sheet("words").append(["z"])
    book.save(tmp_path / "two.xlsx")
    said = [str(finding) for finding in ca.read_tables(tmp_path / "two.xlsx").findings]
    assert said[0] == (
        "two.xlsx: no energy balance found in 2 sheets (a, b): of the first, neither header nor rows name anything "
        "that is known; 3 numbers not used; mend the header if it is one"
    )


@pytest.mark.parametrize(("amount", "where"), [("5", "B3"), ("", "B4")])
def test_the_first_number_of_no_flow_is_named(tmp_path, amount, where):
    """A column of coal beside the electricity of industry: the first cell that is not blank, with its header."""
    path = tmp_path / "t.csv"
    path.write_text(
        f"重庆能源消费\n年份,原煤(万吨),工业用电量(亿千瓦时)\n2019,{amount},3\n2020,6,4\n",
        encoding="utf-8",
    )
    [stop] = ca.read_tables(path).stops
    assert str(stop.error).startswith(
        f"t.csv!{where}: no row, header ('原煤') or title says which flow this is; "
    )


def test_a_column_of_no_flow_that_is_blank_stops_nothing(tmp_path):
    """Nothing stands there that could be lost."""
    path = tmp_path / "t.csv"
    path.write_text(
        "重庆能源消费\n年份,原煤(万吨),工业用电量(亿千瓦时)\n2019,,3\n2020,,4\n", encoding="utf-8"
    )
    assert ca.read_balance(path).amounts.sel(product="electricity").values.ravel().tolist() == [
        3e8,
        4e8,
    ]


@pytest.mark.parametrize(("count", "said"), [(1, 1), (2, 2), (3, 3)])
def test_of_many_cells_with_a_doubtful_sign_the_first_are_named_and_the_rest_is_counted(
    monkeypatch, count, said
):
    """Two of at most two by name; of three the third says how many more there are, and where they begin."""
    monkeypatch.setattr(checks, "_MOST_NAMED", 2)
    frame = pd.DataFrame(
        {
            "flow": ["farming", "industry", "transport"],
            "value": [-1.0] * count + [1.0] * (3 - count),
        }
    )
    balance = ca.make_balance(frame.assign(area="A", year=2020, product="coke", unit="t"))
    found = [
        str(finding) for finding in ca.check_balance(balance) if finding.rule == "negative-number"
    ]
    assert len(found) == said
    assert ("1 more cells like these, from coke of transport of A 2020 on" in found[-1]) is (
        count > 2
    )
