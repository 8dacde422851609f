"""Tables put together: whose year a table is of, what is not used and why, and what is a part of what by the print."""

from __future__ import annotations

import numpy as np
import pytest

import carbonacct as ca
from carbonacct.balances.assemble.assembly import assemble
from carbonacct.balances.sheet_stages import read_page
from carbonacct.errors import TableError
from carbonacct.sheets.raw_sheets import Sheet
from tests.balances.test_layout import amount, read, rules

PLAIN = "重庆能源平衡表\n项目,原煤(万吨),焦炭(万吨)\n工业,{},2\n"
OF_2015 = "重庆能源平衡表-2015\n项目,原煤(万吨),焦炭(万吨)\n建筑业,3,4\n"
OF_2016 = OF_2015.replace("2015", "2016")
YEARS = "重庆能源消费\n项目,品种,2014,2015\n工业,原煤(万吨),1,2\n建筑业,原煤(万吨),3,4\n"


def test_a_table_without_a_year_is_of_the_one_year_of_the_others(tmp_path):
    """Beside tables of one year it is of that; beside two, or alone, the year is asked for, and the option gives it."""
    balance = read(tmp_path, OF_2015, PLAIN.format(1))
    assert balance.years == [2015]
    assert amount(balance, "industry", "raw_coal") == 1e4
    for pages in ((PLAIN.format(1),), (OF_2015, OF_2016, PLAIN.format(1))):
        with pytest.raises(
            TableError, match=r"A1: neither title, sheet nor file name says one year; pass --year"
        ):
            read(tmp_path, *pages)
    assert read(tmp_path, PLAIN.format(1), year=2019).years == [2019]


def test_one_of_many_years_is_taken_and_the_others_are_counted(tmp_path):
    """The numbers of other years are counted and their cells named; for a missing year the known ones are said."""
    balance = read(tmp_path, YEARS, year=2014)
    assert (balance.years, amount(balance, "construction", "raw_coal")) == ([2014], 3e4)
    (finding,) = [one for one in balance.findings if one.rule == "other-years"]
    assert finding.message == "2 numbers are of other years than 2014 and are not used"
    with pytest.raises(
        TableError,
        match=r"A1: the table says 2014, 2015 and the option says 2013; correct one of them",
    ):
        read(tmp_path, YEARS, year=2013)
    assert "other-years" not in rules(read(tmp_path, OF_2015, year=2015))


def test_the_year_of_another_sheet_of_a_file_is_no_contradiction(tmp_path):
    """Tables of one file each of their own year: the option takes one; of two files the other is a contradiction."""
    both = f"{OF_2015}\n{OF_2016.replace('3,4', '5,6')}"
    balance = read(tmp_path, both, year=2016)
    assert (balance.years, amount(balance, "construction", "coke")) == ([2016], 6e4)
    with pytest.raises(
        TableError, match=r"table\.csv!A1: the table says 2015 and the option says 2016"
    ):
        read(tmp_path, OF_2015, OF_2016, year=2016)


@pytest.mark.parametrize(("base", "years"), [("2015", [2014, 2015]), ("2020", [2019, 2020])])
def test_the_year_before_is_that_of_the_title(tmp_path, base, years):
    """上年 is the year before the one of the title, or before the one that the option gives."""
    table = "重庆能源消费{}\n项目,品种,本年,上年\n工业,原煤(万吨),5,4\n建筑业,原煤(万吨),3,2\n"
    titled = read(tmp_path, table.format(f"({base}年)"))
    given = read(tmp_path, table.format(""), year=int(base))
    assert titled.years == years
    assert [amount(titled, "industry", "raw_coal", year=year) for year in years] == [4e4, 5e4]
    assert given.years == [int(base)]
    assert amount(given, "industry", "raw_coal") == 5e4


@pytest.mark.parametrize(
    ("number", "fits"), [("1e96", True), ("1.1e96", False), ("-1.1e96", False)]
)
def test_no_amount_is_beyond_what_sums_can_hold(tmp_path, number, fits):
    """10^100 of a canonical unit: larger ones, of either sign, are refused with their cell."""
    if fits:
        assert amount(
            read(tmp_path, PLAIN.format(number), year=2015), "industry", "raw_coal"
        ) == pytest.approx(1e100)
    else:
        shown = number.replace("e", r"e\+")
        words = (
            rf"table\.csv!B3: raw_coal of industry is {shown} 1e4 t, more than any amount can be"
        )
        with pytest.raises(TableError, match=words):
            read(tmp_path, PLAIN.format(number), year=2015)


GROSS = "Energy use of 重庆 2015 (gross calorific value)\nSector,Coal (TJ),Wood (TJ),Electricity (GWh)\n"


def test_gross_energy_without_a_ratio_is_left_out_and_said(tmp_path):
    """Wood in gross energy: its numbers are named by the first cell; without a number nothing is said."""
    balance = read(tmp_path, GROSS + "Industry,100,7,1\nTransport,200,8,2\n")
    (finding,) = [one for one in balance.findings if one.rule == "gross-left-out"]
    assert (finding.severity, finding.where) == ("warning", "table.csv!C3")
    assert finding.message.startswith("2 numbers of wood are gross calorific energy")
    assert "wood" not in balance.products
    assert amount(balance, "industry", "electricity") == 1e6
    silent = read(tmp_path, GROSS + "Industry,100,,1\nTransport,200,-,2\n")
    assert "gross-left-out" not in rules(silent)
    assert "wood" not in silent.products


@pytest.mark.parametrize(
    "rows", ["Industry,100\nTransport,200\n", "Industry,100\nNobody knows,200\n"]
)
def test_a_table_of_nothing_but_gross_totals_says_so(tmp_path, rows):
    """Totals in Btu alone (U.S. Bureau of Transportation Statistics, table 4-2), also beside an unknown label."""
    title = "Energy use of 重庆 2015 (gross calorific value)\nSector,Total energy (TJ)\n"
    with pytest.raises(
        TableError,
        match=r"B3: no number of the table can be used: \d numbers? of .* gross calorific",
    ):
        read(tmp_path, title + rows)


@pytest.mark.parametrize(
    ("rows", "parents"),
    [
        (
            ["stock_change,5", "opening_stock,9", "closing_stock,-4"],
            {"opening_stock": "stock_change"},
        ),
        (["stock_change,5", "opening_stock,9"], {}),
        (["opening_stock,9", "closing_stock,-4"], {}),
    ],
)
def test_stocks_are_parts_of_the_change_that_is_printed_beside_both(tmp_path, rows, parents):
    """Opening and closing stock are parts of a printed change; without it, or one alone, they stand apart."""
    balance = read(tmp_path, "重庆能源平衡表-2015\n项目,原煤(万吨)\n" + "\n".join(rows))
    assert balance.parents == parents | ({"closing_stock": "stock_change"} if parents else {})
    assert np.isfinite(balance.amounts.values).all()


def test_a_place_has_one_area_however_it_is_spelt(tmp_path):
    """重庆 and 重庆市 are one area, under the first spelling."""
    balance = read(tmp_path, OF_2015, PLAIN.format(1).replace("重庆", "重庆市"))
    assert balance.areas == ["重庆"]


def test_the_year_before_is_that_of_the_other_tables(tmp_path):
    """本年 and 上年 of a table that names no year, beside one of 2015."""
    table = "重庆能源消费\n项目,品种,本年,上年\n工业,原煤(万吨),5,4\n运输,原煤(万吨),3,2\n"
    balance = read(tmp_path, OF_2015, table)
    assert balance.years == [2014, 2015]
    assert [amount(balance, "industry", "raw_coal", year=year) for year in (2014, 2015)] == [
        4e4,
        5e4,
    ]


def put_together(*tables, year=None):
    """Return the balance of some tables, and of its reasons which cells were passed over (table, row, column)."""
    pages = []
    for number, table in enumerate(tables):
        rows = [line.split(",") for line in table.strip().split("\n")]
        cells = [
            [float(cell) if cell.replace(".", "").isdigit() else cell for cell in row]
            for row in rows
        ]
        pages.append(read_page(Sheet(f"{number}.csv", "", cells)))
    found = assemble(pages, year)
    passed = {
        str(each.reason): list(
            zip(each.block.tolist(), each.row.tolist(), each.column.tolist(), strict=True)
        )
        for each in found.passed
        if len(each.row)
    }
    return found.balance, passed


def test_each_number_that_is_not_used_has_its_reason():
    """Another year, a repeat, coal equivalent beside tonnes: these numbers, and no counted or blank cell."""
    assert put_together(OF_2015)[1] == {}
    _, passed = put_together(YEARS, year=2014)
    assert passed == {"of another year than 2014": [(0, 2, 3), (0, 3, 3)]}
    again = OF_2015.replace("3,4", "3,")
    _, passed = put_together(OF_2015, again)
    assert passed == {"printed again: another cell of the same meaning counts": [(1, 2, 1)]}
    standard = "重庆能源消费(标准量)-2015\n项目,原煤(吨标准煤),电力(吨标准煤)\n建筑业,7,8\n"
    balance, passed = put_together(OF_2015, standard)
    assert passed == {"standard quantity beside the physical, which counts": [(1, 2, 1)]}
    assert balance.amounts.sel(product="electricity").item() == 8
    _, passed = put_together(GROSS + "Industry,100,7,1\nTransport,200,8,2\n")
    assert passed == {"gross energy without a ratio of net to gross": [(0, 2, 2), (0, 3, 2)]}


@pytest.mark.parametrize("cell", ["甲", "1,2,3"])
def test_an_unreadable_cell_is_told_from_the_shorter_file_of_the_same_name(tmp_path, cell):
    """Two files of one name: the text of the cell is that of the one that has it, whose table is longer or broader."""
    short = "重庆能源平衡表-2015\n项目,原煤(万吨)\n工业,1\n"
    long = f'重庆能源平衡表-2016\n项目,原煤(万吨),焦炭(万吨)\n工业,1,2\n建筑业,3,"{cell}"\n'
    paths = []
    for name, text in (("a", short), ("b", long)):
        (tmp_path / name).mkdir()
        paths.append(tmp_path / name / "t.csv")
        paths[-1].write_text(text, encoding="utf-8")
    for order in (paths, paths[::-1]):
        found = [
            one.message
            for one in ca.read_balance(*order).findings
            if one.rule == "unreadable-number"
        ]
        assert found == [f"coke of construction is '{cell}', not a number"]


@pytest.mark.parametrize("across", [False, True], ids=["flows below", "flows across"])
@pytest.mark.parametrize(
    ("labels", "parents"),
    [
        (["终端消费量", "工业"], {}),
        (["终端消费量", "#工业"], {"industry": "final_consumption"}),
        (["终端消费量", "#工业", "#交通运输"], {}),  # of two the sum is what it is
        (["终端消费量", "工业", "#用作原料"], {}),  # no part of a sum
    ],
)
def test_the_one_part_that_a_mark_names_is_not_all_of_its_parent(tmp_path, labels, parents, across):
    """Industry behind # as the one printed part of final consumption, in rows as in columns."""
    labels = [*labels, "损失量"]
    numbers = range(9, 9 - len(labels), -1)
    lines = [
        ["项目", *labels],
        *([product, *numbers] for product in ("原煤(吨)", "焦炭(吨)", "柴油(吨)", "汽油(吨)")),
    ]
    turned = lines if across else [list(line) for line in zip(*lines, strict=True)]
    balance = read(
        tmp_path, "重庆能源消费 2015\n" + "\n".join(",".join(map(str, line)) for line in turned)
    )
    assert balance.parents == parents
