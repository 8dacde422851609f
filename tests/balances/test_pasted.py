"""Text pasted from a page."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct.balances.split.pasted import cut_into_products
from carbonacct.errors import CarbonacctError
from carbonacct.sheets import values

HEAD = ["重庆能源平衡表(标准量)-2015", "单位:万吨标准煤", "项目 煤合计 原煤 洗精煤 焦炭"]
LABELS = ["1.年初库存量", "2.一次能源生产量", "3.进口量", "4.工业", "5.建筑业", "6.城 镇"]


def read(tmp_path, lines, **options):
    """Read lines of pasted text."""
    path = tmp_path / "page.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    return ca.read_balance(path, **options)


def test_pages_under_one_another(tmp_path):
    """Each page is cut by its own header."""
    balance = read(
        tmp_path,
        [*HEAD, "4.工业 30 20 10 5", "续表", "项目 柴油 汽油", "4.工业 7 8", "5.建筑业 1 2"],
    )
    assert balance.products == [
        "coal_total",
        "raw_coal",
        "cleaned_coal",
        "coke",
        "gasoline",
        "diesel",
    ]
    assert balance.amounts.sel(flow="construction", product="gasoline").item() == 2e4


def test_years_as_columns(tmp_path):
    """Years in the header, and rows that look like years."""
    balance = read(
        tmp_path,
        [
            "重庆能源消费总量",
            "单位:万吨标准煤",
            "指标 2013 2014 2015",
            "4.工业 2001 2002 2003",
            "5.建筑业 1 2 3",
        ],
    )
    assert balance.years == [2013, 2014, 2015]
    assert balance.amounts.sel(flow="industry", year=2014).item() == 2002e4


def test_physical_and_standard_quantity(tmp_path):
    """Two measures under each year."""
    balance = read(
        tmp_path,
        [
            "重庆电力平衡表",
            "单位:(实物量)亿千瓦时、(标准量)万吨标准煤",
            "指标 2014 2015",
            "(实物量) (标准量) (实物量) (标准量)",
            "4.工业 10 12.3 20 24.6",
        ],
    )
    assert balance.amounts.sel(flow="industry", product="electricity").values.ravel().tolist() == [
        1e9,
        2e9,
    ]


def test_columns_that_say_what_they_hold(tmp_path):
    """A header of column words."""
    balance = read(
        tmp_path, ["重庆电力平衡表2015", "单位:亿千瓦时", "项目 实物量", "4.工业 10", "5.建筑业 20"]
    )
    assert balance.amounts.sel(flow="construction").item() == 2e9


def test_wrapped_labels(tmp_path):
    """A label on two lines, its numbers on the first or on the second."""
    head = ["Energy Balance of Chongqing 2015", "(10^4 tce)", "Item Raw Coal Coke"]
    first = read(tmp_path, [*head, "Transport, Storage 1 2", "and Post", "Industry 3 4"])
    second = read(tmp_path, [*head, "Transport, Storage", "and Post 1 2", "Industry 3 4"])
    assert first.amounts.sel(flow="transport", product="coke").item() == 2e4
    assert second.amounts.equals(first.amounts)


def test_remarks_with_numbers(tmp_path):
    """A line with text behind its numbers is not placed, and its numbers are counted; a note is a note."""
    balance = read(tmp_path, [*HEAD, "4.工业 30 20 10 5", "5.建筑业 1 2 3 4 ?", "注: 1 2 3"])
    assert balance.flows == ["industry"]
    assert [f.message.split(",")[0] for f in balance.findings if f.rule == "unplaced-numbers"] == [
        "4 numbers in 1 lines cannot be placed"
    ]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "Item Total Volume of Coal Crude Coal Coal Washing Coke",
            ["totalvolumeofcoal", "crudecoal", "coalwashing", "coke"],
        ),
        ("项目 综合能耗 (吨标准煤)", ["综合能耗 (吨标准煤)"]),
        ("原煤 焦炭", []),  # no heading of the labels
        ("项目 原煤 胡言", []),
        ("项目 原煤 原煤", []),  # twice
    ],
)
def test_cut_into_products(text, names):
    """A run of names is cut into the fewest that it is made of, or not at all."""
    assert cut_into_products(text) == names


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**32))
def test_no_number_is_lost(tmp_path, seed):
    """In rows with too few or many numbers, or with text, each is placed or counted in a finding.

    Else the file is refused.
    """
    randomly = random.Random(seed)
    lines = []
    for label in randomly.sample(LABELS, 4):
        cells = [
            f"{randomly.randint(0, 999) / 10:.1f}"
            for _ in range(randomly.choice([0, 1, 2, 3, 4, 4, 4, 5]))
        ]
        if randomly.random() < 0.2:
            cells.insert(randomly.randint(0, len(cells)), randomly.choice(["x", "?", "(估)", "…"]))
        lines.append(randomly.choice([" ", "  ", "   "]).join([label, *cells]))
    try:
        balance = read(tmp_path, [*HEAD, *lines])
    except CarbonacctError as error:
        assert "\n" not in str(error)  # noqa: PT017 - both ways out are right
        return
    placed = int((balance.status.values == values.NUMBER).sum())
    unplaced = sum(
        int(f.message.split()[0]) for f in balance.findings if f.rule == "unplaced-numbers"
    )
    assert placed + unplaced == sum(len(re.findall(r"\d+\.\d(?=\s|$)", line)) for line in lines)


def test_marks_are_cells(tmp_path):
    """A dash between numbers is a cell that holds a mark."""
    balance = read(tmp_path, [*HEAD, "4.工业 30 — 30 5", "5.建筑业 - - - …", "6.城 镇 1 1 0 --"])
    assert balance.amounts.sel(flow="industry", product="cleaned_coal").item() == 30e4
    assert [
        values.STATUS_NAMES[code] for code in balance.status.sel(flow="construction").values.ravel()
    ] == ["mark"] * 4
    assert balance.status.sel(flow="households_urban", product="coke").item() == values.MARK
    assert balance.findings == ()


@pytest.mark.parametrize(
    ("parts", "is_placed"), [("0.06 0.06", True), ("0.06 0.07", False), ("0.05 0.05", True)]
)
def test_a_total_may_differ_from_its_kinds_by_their_rounding(tmp_path, parts, is_placed):
    """By 0.06 for each that is printed behind it, to the last; beyond that nothing says which column is blank."""
    lines = [*HEAD, f"4.工业 0 {parts}", "5.建筑业 3 2 1 4"]
    balance = read(tmp_path, lines)
    assert ("industry" in balance.flows) is is_placed
