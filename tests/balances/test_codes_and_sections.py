"""Sheets that say a product otherwise than in a header: codes of series, headings above rows, lines of text."""

from __future__ import annotations

import pytest

from carbonacct.balances.split.listed import cut_lines
from carbonacct.balances.split.product_sections import add_sections
from carbonacct.balances.split.series_codes import expand_codes
from carbonacct.balances.words.mapping import Mapping
from carbonacct.sheets.raw_sheets import Sheet


def make(text):
    """Return a sheet: ``/`` between rows, ``|`` between cells; numbers of up to three digits are numbers."""
    rows = [line.split("|") for line in text.split("/")]
    return Sheet(
        "a.csv", "", [[float(c) if c.isdigit() and len(c) < 4 else c for c in row] for row in rows]
    )


def show(sheet):
    """Return the rows of a sheet as text."""
    return "/".join(
        "|".join(f"{c:g}" if isinstance(c, float) else c for c in row) for row in sheet.rows
    )


GAS = "天然气|/供气总量|5/煤气|/供气总量|7"
READ = "||天然气/供气总量|5|天然气/||煤气/供气总量|7|煤气"


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (f"指标|2019/{GAS}", f"指标|2019|Product/{READ}"),
        (f"标题|/指标|2019/{GAS}", f"标题||/指标|2019|Product/{READ}"),
        (f"指标|2019/说明|/{GAS}", f"指标|2019|Product/说明||/{READ}"),
        (
            "指标|2019/天然气(万立方米)|/供气总量|5/煤气|/其他|7",
            "指标|2019|Product/||天然气(万立方米)/供气总量|5|天然气(万立方米)/||煤气/其他|7|煤气",
        ),
        (
            "指标|原煤|x/天然气||/供气总量|5|6/煤气||/供气总量|7|8",
            "指标|原煤|x|Product/|||天然气/供气总量|5|6|天然气/|||煤气/供气总量|7|8|煤气",
        ),
        (
            "指标|2019|x/天然气/供气总量|5/煤气/供气总量|7|8",
            "指标|2019|x|Product/|||天然气/供气总量|5||天然气/|||煤气/供气总量|7|8|煤气",
        ),
        # A heading that names neither ends the section.
        (
            "指标|2019/天然气|/供气总量|5/说明文字|/供气总量|6/煤气|/供气总量|7",
            "指标|2019|Product/||天然气/供气总量|5|天然气/说明文字||/供气总量|6|/||煤气/供气总量|7|煤气",
        ),
        (
            "指标|2018|2019/天然气||/供气总量|5|/说明文字||6/供气总量|6|/煤气||/供气总量|7|",
            "指标|2018|2019|Product/|||天然气/供气总量|5||天然气/说明文字||6|天然气/供气总量|6||天然气/|||煤气/供气总量|7||煤气",
        ),
        (
            "指标|2019/天然气|/供气总量|5/说明文字|6/供气总量|6/煤气|/供气总量|7",
            "指标|2019|Product/||天然气/供气总量|5|天然气/说明文字|6|天然气/供气总量|6|天然气/||煤气/供气总量|7|煤气",
        ),
    ],
)
def test_headings_that_name_products_become_a_column(text, rows):
    """供气总量 below 天然气 is of natural gas, that below 煤气 of town gas."""
    assert show(add_sections(make(text))) == rows


@pytest.mark.parametrize(
    "text",
    [
        "指标|2019/天然气|/供气总量|5",  # one heading is a row without a number
        f"指标|原煤|焦炭/{GAS}",  # the columns name products
        GAS,  # no header above
        f"标题|/{GAS}",
        "指标|2019/天然气|/供气总量|5/煤气|/原煤|7",  # a row names its own
        "指标|2019/天然气|/供气总量|5/煤气|/原煤消费量|7",
        "指标|2019/天然气|x/供气总量|5/煤气|/供气总量|7",  # with something beside it
        "指标|2019/天然气|/说明|5/煤气|/文字|7",  # no row names a flow
        "指标/天然气/供气总量/煤气",
    ],
)
def test_a_sheet_without_sections_stays_as_it_is(text):
    """Where rows or columns name products themselves, or a heading holds numbers, nothing is added."""
    sheet = make(text)
    assert add_sections(sheet) is sheet


HEADS = "Flow|Product|Unit"
HOMES, SHOPS = "households|raw_coal|billion Btu", "other_services.commercial|raw_coal|billion Btu"


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        # State Energy Data System: CLRCB is coal, residential, billion Btu. GA is Georgia of the United States.
        ("MSN|StateCode|Data/CLRCB|TX|5", f"MSN|StateCode|Data|{HEADS}/CLRCB|US-TX|5|{HOMES}"),
        (
            "seriesId|stateId|value/CLRCB|TX|5/CLCCB|GA|6",
            f"seriesId|stateId|value|{HEADS}/CLRCB|US-TX|5|{HOMES}/CLCCB|US-GA|6|{SHOPS}",
        ),
        (
            "MSN|State|Data/CLRCB|Texas|5/CLCCB|Georgia|6",
            f"MSN|State|Data|{HEADS}/CLRCB|Texas|5|{HOMES}/CLCCB|US-GA|6|{SHOPS}",
        ),
        (
            "MSN|State|Data/CLRCB|X3|5/CLCCB|US|6",
            f"MSN|State|Data|{HEADS}/CLRCB|X3|5|{HOMES}/CLCCB|United States|6|{SHOPS}",
        ),
        # A column that lists another country is none of states: Georgia is a country there.
        (
            "MSN|State|Data/CLRCB|Georgia|5/CLCCB|France|6",
            f"MSN|State|Data|{HEADS}/CLRCB|Georgia|5|{HOMES}/CLCCB|France|6|{SHOPS}",
        ),
        ("title/MSN|Year|Data/CLRCB|2019|5", f"title/MSN|Year|Data|{HEADS}/CLRCB|2019|5|{HOMES}"),
        ("MSN|Data|x/CLRCB|5", f"MSN|Data|x|{HEADS}/CLRCB|5||{HOMES}"),
        # A blank row is no series, and replaces none.
        ("MSN|Data/CLRCB|5/|7/", f"MSN|Data|{HEADS}/CLRCB|5|{HOMES}/|/"),
        ("State|CLRCB|CLCCB/Texas|5|6", "State|CLRCB|CLCCB/Texas|5|6"),
    ],
)
def test_codes_of_series_become_columns(text, rows):
    """What a code says at once stands behind the last column, one row for each."""
    sheet = expand_codes(make(text))
    assert show(sheet) == rows
    assert sheet.findings == ()


def test_series_that_are_no_fuel_lose_their_numbers():
    """Prices and sums are left out and counted; motor gasoline without fuel ethanol takes the place of that with it."""
    sheet = expand_codes(make("MSN|Data/CLRCB|5/XXXXX|6/XXXXX|7/YYYYY|8"))
    assert show(sheet) == f"MSN|Data|{HEADS}/CLRCB|5|{HOMES}/XXXXX|/XXXXX|/YYYYY|"
    (finding,) = sheet.findings
    assert finding.message.startswith("3 rows of 2 series (XXXXX, YYYYY) are no use")
    assert (finding.rule, finding.severity, finding.where) == ("left-out", "info", "a.csv!2:2")
    with_both = expand_codes(make("MSN|Data/MGACB|5/MMACB|4"))
    assert show(with_both).split("/")[1:] == [
        "MGACB|",
        "MMACB|4|transport|motor_gasoline|billion Btu",
    ]
    alone = expand_codes(make("MSN|Data/MGACB|5"))
    assert show(alone).split("/")[1:] == ["MGACB|5|transport|motor_gasoline|billion Btu"]


def test_headers_that_are_codes_say_product_flow_and_unit():
    """Statistical Review of World Energy: gdp_x and the region of a country are other series, and are left out."""
    sheet = expand_codes(
        make("Country|Year|coalcons_ej|gascons_ej|gdp_x|Region/China|2019|5|6|7|Asia")
    )
    names = "Coal total: Total consumption (EJ)|Natural gas: Total consumption (EJ)"
    assert show(sheet) == f"Country|Year|{names}||/China|2019|5|6||"
    (finding,) = sheet.findings
    assert finding.message.startswith("2 columns of other series (gdp_x, Region)")
    assert expand_codes(make("Country|Year|coalcons_ej|gascons_ej/China|2019|5|6")).findings == ()
    one = make("Country|Year|coalcons_ej/China|2019|5")
    assert expand_codes(one) is one
    seds = expand_codes(make("MSN|CLRCB|CLCCB/a|5|6"))
    assert show(seds).startswith("MSN|Raw coal: Residential (billion Btu)|")
    unnamed = make("x|CLRCB|CLCCB/a|5|6")  # its codes do not say their units by themselves
    assert expand_codes(unnamed) is unnamed


def test_a_column_without_such_codes_stays():
    """Other codes, and a header further down than twenty rows."""
    other = make("MSN|Year|Data/XXXXX|2019|5")
    assert expand_codes(other) is other
    deep = make("x/" * 20 + "MSN|Data/CLRCB|5")
    assert expand_codes(deep) is deep
    assert show(expand_codes(make("x/" * 19 + "MSN|Data/CLRCB|5"))).endswith(HOMES)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "某市2019年/工业 煤炭 120.5 万吨/建筑业 柴油 3 万吨",
            "某市2019年||数值|单位/工业|煤炭|120.5|万吨/建筑业|柴油|3|万吨",
        ),
        ("/工业煤炭: 120.5 万吨", "项目|数值|单位/工业煤炭|120.5|万吨"),
        ("标题/工业 煤炭 -1,234.5万吨/x", "标题||数值|单位/工业|煤炭|-1,234.5|万吨/x"),
        ("标题/柴油 3 吨/工业 煤炭 5 万吨", "标题||数值|单位/|柴油|3|吨/工业|煤炭|5|万吨"),
        # Between known units an unknown one is a row of its own; behind the last it is text.
        (
            "标题/工业 煤炭 5 万吨/一段话 5 人/建筑业 煤炭 6 万吨/一段话 5 人",
            "标题||数值|单位/工业|煤炭|5|万吨/|一段话|5|人/建筑业|煤炭|6|万吨/一段话 5 人",
        ),
        ("标题/一段话 5 人/工业 煤炭 5 万吨", "标题/一段话 5 人||数值|单位/工业|煤炭|5|万吨"),
        (
            "标题/注: 煤炭 5 万吨/工业 煤炭 5 万吨",
            "标题/注: 煤炭 5 万吨||数值|单位/工业|煤炭|5|万吨",
        ),
        ("标题/工业 其他 煤炭 5 万吨", "标题|数值|单位/工业 其他 煤炭|5|万吨"),
        # No line above for the headings, or no unit that is known.
        ("工业 煤炭 120.5 万吨/建筑业 柴油 3 万吨", "工业 煤炭 120.5 万吨/建筑业 柴油 3 万吨"),
        ("标题/工业 煤炭 5 人", "标题/工业 煤炭 5 人"),
    ],
)
def test_lines_of_label_amount_and_unit(text, rows):
    """工业 煤炭 120.5 万吨: two labels, a number and its unit, with headings in the line above."""
    assert (
        show(cut_lines(Sheet("a.txt", "", [[line] for line in text.split("/")]), Mapping())) == rows
    )


def test_a_long_line_is_text():
    """Two hundred letters are the most that a label, an amount and its unit take."""
    for length, is_cut in ((200, True), (201, False)):
        line = "x" * (length - len("煤炭 5 万吨")) + "煤炭 5 万吨"
        rows = cut_lines(Sheet("a.txt", "", [["标题"], [line]]), Mapping()).rows
        assert (len(rows[1]) > 1) is is_cut
