"""A reading comes back: every fault at once, and the fate of every cell."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct.balances.account.fates import FATES, ROLES
from carbonacct.balances.reading import Reading, read_files
from carbonacct.errors import CarbonacctError, StoppedError, TableError, UnitError
from carbonacct.sheets.raw_sheets import Sheet
from tests.balances.test_fuzz import SHIPPED, mutate, seeds, shipped

FEW = settings(
    max_examples=60, phases=[Phase.generate], suppress_health_check=[HealthCheck.too_slow]
)


def put(folder, text, name="t.csv"):
    """Write a file."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def count_cells(reading: Reading) -> int:
    """Return how many cells of the sheets are not blank, but for those that a merged heading was written into."""
    written = [{*page.spread} for page in reading.pages]
    return sum(
        cell is not None and str(cell).strip("\0 \t\r\n\u3000\xa0") != "" and (i, j) not in spread
        for page, spread in zip(reading.pages, written, strict=True)
        for i, row in enumerate(page.sheet.rows)
        for j, cell in enumerate(row)
    )


def assert_accounted(reading: Reading) -> None:
    """Assert that each cell that is not blank has one fate, and each number that the balance holds is used."""
    cells = reading.fates
    assert len(cells) == count_cells(reading)
    assert not cells[["file", "sheet", "row", "column"]].duplicated().any()
    assert set(cells["role"]) <= set(ROLES)
    assert set(cells["fate"]) <= set(FATES)
    assert (cells.loc[cells["fate"].isin(["passed", "asked", "refused"]), "reason"] != "").all()
    used = cells[(cells["fate"] == "used") & (cells["role"] == "number")]
    assert (used[["area", "flow", "product", "unit", "column_labels"]] != "").all(axis=None)
    if reading.balance is not None:
        added = sum(finding.rule == "added-up" for finding in reading.balance.findings)
        held = int(reading.balance.amounts.count())
        assert len(used) == held or (added and len(used) > held)
        assert not cells["fate"].isin(["asked"]).any()


@pytest.mark.parametrize(
    "path", sorted(Path("docs/tables").glob("*.csv")), ids=lambda path: path.name
)
def test_every_cell_of_a_shipped_table_has_a_fate(path):
    """The fates of the cells of a file add up to its cells, whether it is an energy balance or not."""
    assert_accounted(ca.read_tables(path))


def test_every_cell_of_a_real_table_has_a_fate(real_tables):
    """The same of real files: those that are read and those that are refused."""
    files = [
        path
        for folder in (real_tables, real_tables.parent / "field")
        for path in sorted(folder.rglob("*"))
        if path.suffix in {".csv", ".xls", ".xlsx", ".txt", ".tsv"}
    ]
    small = [
        path for path in files if path.stat().st_size < 300_000 and "hostile" not in path.parts
    ]
    for path in random.Random(5).sample(small, min(60, len(small))):
        try:
            reading = ca.read_tables(path)
        except CarbonacctError:
            continue  # no table at all
        assert_accounted(reading)


@FEW
@given(st.sampled_from(SHIPPED), seeds)
def test_every_cell_of_a_broken_table_has_a_fate(name, randomly):
    """The same of tables whose cells, rows, columns, units and merged ranges are broken at random."""
    assert_accounted(read_files([[mutate(shipped(name), randomly)]]))


def test_all_faults_come_at_once(tmp_path):
    """Unknown labels, units and twins of a file are one error: a line per cell, and the command after it."""
    path = put(
        tmp_path,
        "重庆能源平衡表 2015\n项目,原煤(万吨),怪煤(万吨),柴油(立方尺),电力\n工业,1,2,3,4\n怪行,1,2,3,4\n工业,5,6,7,8\n",
    )
    with pytest.raises(StoppedError) as caught:
        ca.read_balance(path)
    lines = str(caught.value).splitlines()
    assert [line.partition(": ")[0] for line in lines] == [
        "t.csv!C2",
        "t.csv!D2",
        "t.csv!A4",
        "t.csv!E3",
        "t.csv!B5",
    ]
    for line, words in zip(
        lines,
        (
            "column '怪煤'",
            "unit '立方尺'",
            "row '怪行'",
            "electricity has no unit",
            "raw_coal of industry in 2015",
        ),
        strict=True,
    ):
        assert words in line
    assert lines[-1].endswith("propose ids with: carbonacct map t.csv -o mapping.csv")
    assert isinstance(caught.value, TableError)
    assert isinstance(caught.value, UnitError)


def test_one_fault_is_that_error(tmp_path):
    """A single fault keeps its own kind."""
    path = put(tmp_path, "重庆能源平衡表 2015\n项目,原煤(万吨),电力\n工业,1,2\n")
    with pytest.raises(UnitError, match=r"^t\.csv!C3: electricity has no unit") as caught:
        ca.read_balance(path)
    assert type(caught.value) is UnitError


def test_a_reading_that_stops_says_what_is_asked(tmp_path):
    """Cells that are known are used, an unknown label and its numbers are asked, and there is no balance."""
    path = put(tmp_path, "重庆能源平衡表 2015\n项目,原煤(万吨),怪煤(万吨)\n工业,1,2\n建筑业,-,NE\n")
    reading = ca.read_tables(path)
    assert reading.balance is None
    (stop,) = reading.questions
    assert [(one.kind, one.text, one.cells) for one in stop.unknown] == [
        ("product", "怪煤", ((1, 2),))
    ]
    cells = reading.fates.set_index(["column", "row"])
    assert cells.loc[("C", 2), ["role", "fate"]].tolist() == ["label", "asked"]
    assert cells.loc[("C", 3), ["role", "fate"]].tolist() == ["number", "asked"]
    assert cells.loc[("B", 4), "fate"] == cells.loc[("C", 4), "fate"] == "nothing"
    known = cells.loc[("B", 3)]
    assert known[["fate", "area", "year", "flow", "product", "unit"]].tolist() == [
        "used",
        "重庆",
        "2015",
        "industry",
        "raw_coal",
        "1e4 t",
    ]
    assert known[["row_labels", "column_labels", "context"]].tolist() == ["A3", "B2", "A1"]
    with pytest.raises(TableError, match="怪煤"):
        reading.require()


def test_labels_above_say_what_a_cell_is(tmp_path):
    """A sector once, an area that fills down, and a heading that is merged: the cells that said it are named."""
    path = put(
        tmp_path,
        "能源消费量 2015\n地区,部门,品种,消费量(吨)\n北京,工业,原煤,1\n,,焦炭,2\n天津,建筑业,原煤,3\n",
    )
    cells = ca.read_tables(path).fates.set_index(["column", "row"])
    assert cells.loc[("D", 4), ["area", "flow", "product", "row_labels"]].tolist() == [
        "北京",
        "industry",
        "coke",
        "B3 A3 C4",
    ]


def test_numbers_that_the_balance_leaves_out_say_why(tmp_path):
    """Numbers of other years, and the standard quantity beside the physical, are passed over with their reason."""
    path = put(tmp_path, "重庆工业能源消费量\n品种,2014,2015\n原煤(吨),1,2\n焦炭(吨),3,4\n")
    cells = ca.read_tables(path, year=2015).fates.set_index(["column", "row"])
    assert cells.loc[("B", 3), ["fate", "reason"]].tolist() == [
        "passed",
        "of another year than 2015",
    ]
    assert cells.loc[("C", 3), "fate"] == "used"
    path = put(
        tmp_path, "重庆工业能源消费量 2015\n品种,实物量(吨),标准量(吨标准煤)\n原煤,1,2\n焦炭,3,4\n"
    )
    cells = ca.read_tables(path).fates.set_index(["column", "row"])
    assert cells.loc[("C", 4), ["fate", "reason"]].tolist() == [
        "passed",
        "standard quantity beside the physical, which counts",
    ]


def test_a_product_is_asked_for_as_a_product(tmp_path):
    """A long table with a misspelt product names its column and near products, and no flow."""
    path = put(
        tmp_path,
        "地区,年份,部门,能源品种,消费量(吨)\n北京,2015,工业,原煤,1\n北京,2015,工业,烟没,2\n北京,2015,建筑业,焦炭,2\n",
    )
    with pytest.raises(
        TableError,
        match=r"t\.csv!D3: product '烟没' in column '能源品种' is not known; did you mean",
    ) as caught:
        ca.read_balance(path)
    assert "工业" not in str(caught.value)
    assert "烟煤" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "法人单位代码,原煤(吨),焦炭(吨)\nA1,3,4\nA2,5,6\n",
            (
                r"its header names 2 products \(原煤, 焦炭\), its numbers seem to be enterprises \(法人单位代码\); "
                r"sum them "
                r"by branch"
            ),
        ),
        (
            "年份,煤炭,月壤油\n2014,3,4\n2015,5,6\n",
            r"its header names 1 product \(煤炭\).*product that is not known: '月壤油' \(C1\)",
        ),
        (
            "能源价格\n品种,价格(元)\n原煤,3\n焦炭,4\n",
            r"its rows name 2 products \(原煤, 焦炭\), its numbers seem to be prices",
        ),
        (
            "地区,2014,2015\n北京,3,4\n天津,5,6\n",
            r"its header names 2014 to 2015 and its rows are areas \(北京, 天津\)",
        ),
        ("只有文字\n没有数\n", "there are no numbers in it"),
    ],
)
def test_a_refusal_says_what_the_table_seems_to_be(tmp_path, text, words):
    """What header and rows name is said, and what is lacking: never that nothing is named where something is."""
    with pytest.raises(TableError, match=words):
        ca.read_balance(put(tmp_path, text))


def test_a_heading_that_is_merged_is_one_cell():
    """A heading over several columns has one fate, and names each number below it."""
    rows = [
        ["重庆工业能源消费量"],
        ["品种", "煤炭(万吨)", "", "焦炭(万吨)", ""],
        ["年份", 2014.0, 2015.0, 2014.0, 2015.0],
        ["工业", 1.0, 2.0, 3.0, 4.0],
    ]
    sheet = Sheet("t.xlsx", "S", rows, merged=(((1, 1), (1, 2)), ((1, 3), (1, 4))))
    reading = read_files([[sheet]])
    assert_accounted(reading)
    assert len(reading.fates) == 14
    fates = reading.fates.set_index(["column", "row"])
    assert fates.loc[("E", 4), ["year", "product", "column_labels"]].tolist() == [
        "2015",
        "coke",
        "D2 E3",
    ]


def test_a_number_that_is_merged_over_columns_is_no_number_of_each():
    """Text that is a number and merged over several columns stays in its own cell."""
    rows = [
        ["重庆能源平衡表 2015"],
        ["项目", "原煤(万吨)", "焦炭(万吨)", "柴油(万吨)"],
        ["工业", "1.5", "", "2.5"],
    ]
    reading = read_files([[Sheet("t.xlsx", "S", rows, merged=(((2, 1), (2, 2)),))]])
    assert reading.require().amounts.sel(product="coke").isnull().all()
    assert_accounted(reading)
