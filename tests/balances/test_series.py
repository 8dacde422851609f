"""What is kept of one table for the next of its kind changes nothing: each is read as if it were the first."""

from __future__ import annotations

import random
import struct
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct.balances.account import unit_notes
from carbonacct.balances.assemble import (
    arrangement,
    assembly,
    printed_outputs,
    spread_arrays,
    wholes,
)
from carbonacct.balances.join import kept_forms
from carbonacct.balances.label import sibling_words, siblings, topics
from carbonacct.balances.path import column_units, plants_within, rows
from carbonacct.balances.reading import read_files
from carbonacct.balances.split import grid, republic_years
from carbonacct.balances.words import mapping
from carbonacct.sheets.raw_sheets import Sheet, read_sheets
from tests.balances.printing import write
from tests.balances.test_fuzz import MANY, REAL, SHIPPED, _real, mutate, seeds, shipped

ROOT = Path(__file__).resolve().parents[2]
SOME = settings(MANY, max_examples=40)  # each reads five tables


def forget() -> None:
    """Forget every table that was read."""
    of_labels = (
        grid._read_labels,
        rows._kept_stub,
        rows._kept_rows,
        kept_forms._kept_form,
        kept_forms._kept_form_of_kinds,
        arrangement._kept_arrangement,
        mapping._no_words,
        mapping._layouts_for,
    )
    for kept in (
        *of_labels,
        spread_arrays._empty_array,
        assembly._find_parents,
        siblings._list_family,
        wholes._class_of,
        unit_notes._list_sources,
        printed_outputs._list_plants,
        sibling_words._has_word,
        topics._name_title,
        topics._name_note,
        topics._name_cell,
        column_units._list_parts,
        plants_within._inside,
        plants_within.find_level,
        republic_years._may_be_year,
        grid._may_be_planned,
    ):
        kept.cache_clear()


def everything(balance: ca.EnergyBalance) -> dict[str, object]:
    """Return all that a balance says."""
    places = balance.places
    return {
        "labels": {
            str(name): coord.values.tolist() for name, coord in balance.amounts.coords.items()
        },
        "amounts": balance.amounts.values.tobytes(),
        "status": balance.status.values.tolist(),
        "place": balance.place.values.tolist(),
        "addresses": [places.address(n) for n in range(len(places.row))],
        "printed": places.printed.tobytes(),
        "units": [places.units[unit] for unit in places.unit],
        "parents": dict(balance.parents),
        "findings": balance.findings,
    }


def outcome(sheet: Sheet) -> object:
    """Return all that a sheet is read as, or why it is not."""
    reading = read_files(
        [[Sheet(sheet.file, sheet.name, [list(row) for row in sheet.rows], sheet.merged)]]
    )
    stops = [
        (type(stop.error), str(stop.error), stop.unknown, stop.cells) for stop in reading.stops
    ]
    return everything(reading.balance) if reading.balance else (stops, reading.pages[0].left_over)


def change_numbers(sheet: Sheet, randomly: random.Random, file: str) -> Sheet:
    """Return the next table of a series: other numbers, and other cells blank or marked."""

    def change(cell: object) -> object:
        if not isinstance(cell, float) and not (
            isinstance(cell, str) and cell.replace(".", "").isdigit()
        ):
            return cell if cell != "" or randomly.random() < 0.98 else "1.5"
        return randomly.choice(
            [
                "",
                "-",
                "NE",
                randomly.uniform(-9e3, 9e3),
                float(randomly.randint(1940, 2110)),
                cell,
                cell,
                cell,
            ]
        )

    return Sheet(
        file, sheet.name, [[change(cell) for cell in row] for row in sheet.rows], sheet.merged
    )


def assert_alike(first: Sheet, second: Sheet) -> None:
    """Assert that a table is read behind another of its kind, and the other again behind it, as when it comes first."""
    forget()
    alone = outcome(second)
    forget()
    before = outcome(first)
    assert outcome(second) == alone
    assert outcome(first) == before
    assert outcome(second) == alone


@SOME
@given(st.sampled_from(SHIPPED), seeds, st.booleans())
def test_a_table_after_another_of_its_kind(name, randomly, is_broken):
    """Other numbers, blanks, cells, rows, columns and merged ranges."""
    first = shipped(name)
    second = change_numbers(first, randomly, "second.xlsx")
    assert_alike(first, mutate(second, randomly) if is_broken else second)


@SOME
@given(st.sampled_from(REAL), seeds, st.booleans())
def test_a_real_table_after_another_of_its_kind(real_tables, name, randomly, is_broken):
    """The same with real tables: several panels, pages and languages, and pasted text."""
    first = next(sheet for sheet in _real(real_tables / name) if sheet.rows)
    second = change_numbers(first, randomly, "second.xlsx")
    assert_alike(first, mutate(second, randomly) if is_broken else second)


def reorder(sheet: Sheet, randomly: random.Random) -> Sheet:
    """Return a table with the rows below some row, and the columns behind the first, in an order of their own."""
    width = max(map(len, sheet.rows))
    columns = list(range(1, width))
    randomly.shuffle(columns)
    filled = [[*row, *[""] * (width - len(row))] for row in sheet.rows]
    rows = [[row[0], *(row[j] for j in columns)] for row in filled]
    first = randomly.randrange(min(len(rows), 6))  # of the title, the header or the data
    below = rows[first:]
    randomly.shuffle(below)
    return Sheet(sheet.file, sheet.name, [*rows[:first], *below])


@SOME
@given(st.sampled_from(SHIPPED), seeds)
def test_a_table_after_its_labels_in_another_order(name, randomly):
    """Rows and columns that were read in one order are read in another as if they came first."""
    first = shipped(name)
    second = reorder(change_numbers(first, randomly, "second.xlsx"), randomly)
    assert_alike(first, second)
    assert_alike(second, reorder(second, randomly))


def laid_out_alone(sheet: Sheet) -> object:
    """Return what a table is read as where no other order of its labels is asked."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kept_forms, "_sort_out", lambda *_: None)
        forget()
        found = outcome(sheet)
    forget()
    return found


@SOME
@given(st.sampled_from(SHIPPED), seeds)
def test_a_table_in_its_order_and_by_itself(name, randomly):
    """What is kept in any order gives each table what laying its own rows over its own columns does."""
    sheet = reorder(shipped(name), randomly)
    assert laid_out_alone(sheet) == outcome(sheet)


@pytest.mark.parametrize("name", ["beijing_2007.csv", "chongqing_2007.csv"])
def test_columns_whose_order_says_nothing_are_of_one_kind(name):
    """Each table takes its own order from what is kept of the first: every cell is what it is when it comes first."""
    balances = []
    for seed in range(4):
        read = read_sheets(ROOT / "docs/tables" / name)[0]
        order = list(range(1, len(read.rows[1])))
        random.Random(seed).shuffle(order)
        rows = [[row[0], *(row[j] for j in order)] for row in read.rows[1:]]
        sheet = Sheet(read.file, read.name, [read.rows[0][:1], *rows])
        alone = laid_out_alone(sheet)
        for other in balances:
            outcome(other)
        assert outcome(sheet) == alone
        balances.append(sheet)
    forget()
    for sheet in balances:
        outcome(sheet)
    assert kept_forms._kept_form_of_kinds.cache_info().misses == 1
    assert kept_forms._kept_form_of_kinds.cache_info().hits >= len(balances) - 1


# What a cell of a title, a header, a label, a unit or a note may say instead.
TEXTS = (
    *(
        "原煤(吨)",
        "标准煤",
        "万吨标准煤",
        "单位：吨",
        "计量单位：万吨标准煤",
        "小计",
        "合计",
        "其中：原煤",
        "#焦炭",
        "电力(亿千瓦时)",
    ),
    *(
        "工业",
        "# 火力发电",
        "火力发电",
        "加工转换投入产出量",
        "其他",
        "Other",
        "Gas",
        "Solar",
        "能源品种",
        "单位",
        "比重(%)",
    ),
    *(
        "注：本表数据均为预测数。",
        "约束性",
        "2025年（规划）",
        "注：2007年为规划数",
        "110年",
        "2007",
        "2006年",
        "上海市",
        "上海能源平衡表 2009",
    ),
    *(
        "2007年碳排放",
        "人均能源消费量",
        "单位：万吨（高位发热量）",
        "gross calorific value",
        "12.5 万吨",
        "(1)",
        "",
        "12,5",
        "1,234",
        "1.5 e",
    ),
)


@SOME
@given(st.sampled_from(SHIPPED), seeds, st.sampled_from(TEXTS), st.sampled_from(["texts", "all"]))
def test_one_other_text_is_read_anew(name, randomly, text, where):
    """Another label, unit, title, note, number or merged range in a table that was read before."""
    first = shipped(name)
    rows_ = [list(row) for row in first.rows]
    places = [
        (i, j)
        for i, row in enumerate(rows_)
        for j, cell in enumerate(row)
        if where == "all"
        or (isinstance(cell, str) and cell and not cell.replace(".", "").lstrip("-").isdigit())
    ]
    above = [
        place for place in places if place[0] < 3
    ]  # title and header, which hold for many cells
    i, j = randomly.choice(above if randomly.random() < 0.5 else places)
    rows_[i][j] = text
    merged = first.merged
    if randomly.random() < 0.2:
        merged = (*merged, ((i, j), (i + randomly.randint(0, 1), j + randomly.randint(0, 3))))
    assert_alike(first, Sheet("second.xlsx", first.name, rows_, merged))


def test_many_threads():
    """Threads that read tables of a few kinds at once read what one does."""
    sheets = [
        change_numbers(shipped(name), random.Random(seed), f"{seed}.xlsx")
        for seed in range(12)
        for name in SHIPPED
    ]
    sheets += [mutate(sheet, random.Random(number)) for number, sheet in enumerate(sheets)]
    forget()
    alone = [outcome(sheet) for sheet in sheets]
    forget()
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(outcome, [*sheets, *reversed(sheets)])) == [
            *alone,
            *reversed(alone),
        ]


def test_findings_and_errors_name_their_own_file(tmp_path):
    """What is found in the labels is kept without the file: each table says where in itself it stands."""
    head = [["2019年某市能源平衡表"], ["项目", "行业", "原煤(万吨)(亿立方米)", "焦炭(万吨)"]]
    for file in ("one.xlsx", "two.xlsx", "three.xlsx"):
        balance = ca.read_balance(
            write(
                [*head, ["终端消费量", "", 5.0, 1.0], ["农业", "建筑业", float(len(file)), 2.0]],
                tmp_path / file,
            )
        )
        found = {finding.rule: str(finding) for finding in balance.findings}
        assert (
            f"farming ({file}!Sheet1!A4) is taken, not construction ({file}!Sheet1!B4)"
            in found["labels-disagree"]
        )
        assert found["unit-contradiction"].startswith(f"{file}!Sheet1!C2: ")
    for file in ("four.xlsx", "five.xlsx"):
        with pytest.raises(ca.CarbonacctError, match=rf"^{file}!Sheet1!B4: '石'"):
            ca.read_balance(
                write(
                    [
                        ["2019年某市"],
                        ["项目", "计量单位", "原煤", "焦炭"],
                        ["终端消费量", "万吨", 5.0, 1.0],
                        ["农业", "石", 5.0, 1.0],
                    ],
                    tmp_path / file,
                )
            )


def test_what_tables_share_cannot_be_written():
    """Tables of one kind share the arrays of places and units: to write into one would change the others."""
    balance = ca.read_balance(ROOT / "docs/tables/chongqing_2007.csv")
    for shared in (
        balance.places.row,
        balance.places.column,
        balance.places.sheet,
        balance.places.unit,
        balance.amounts["unit"].values,
    ):
        with pytest.raises(ValueError, match="read-only"):
            shared[0] = shared[1]
    balance.amounts[0, 0, 0, 0] = 1e9
    assert not np.array_equal(
        ca.read_balance(ROOT / "docs/tables/chongqing_2007.csv").amounts,
        balance.amounts,
        equal_nan=True,
    )


@pytest.mark.parametrize(("at", "said"), [(16, "is damaged"), (24, "is damaged")])
def test_a_part_that_is_not_what_the_archive_says(tmp_path, at, said):
    """A false checksum or size in the directory of an archive is damage, as for all archive readers."""
    path = write(
        [["2019年某市能源平衡表"], ["项目", "原煤(万吨)", "焦炭(万吨)"], ["农业", 5.0, 1.0]],
        tmp_path / "t.xlsx",
    )
    with zipfile.ZipFile(path) as archive:
        member = archive.getinfo("xl/worksheets/sheet1.xml")
    content = bytearray(path.read_bytes())
    entry = content.rindex(b"PK\x01\x02", 0, content.rindex(member.filename.encode()))
    (value,) = struct.unpack_from("<I", content, entry + at)
    struct.pack_into("<I", content, entry + at, value - 7)
    path.write_bytes(content)
    with pytest.raises(ca.CarbonacctError, match=said):
        ca.read_balance(path)


def test_what_a_title_says_beside_its_year_is_kept_and_the_year_is_its_own():
    """Pages of one series differ in the year of their title: each has its own year, text and cells."""
    forget()
    for year in (2010, 1999, 2010, 2023):
        page = [
            [f"6-22 重庆能源平衡表(实物量)-{year}"],
            ["项目", "原煤(万吨)", "柴油(万吨)"],
            ["工业", 71.0, 2.0],
        ]
        reading = read_files([[Sheet("a.csv", "", page)]])
        (block,) = reading.pages[0].blocks
        assert (reading.balance.years, reading.balance.areas) == ([year], ["重庆"])
        assert block.title.text.startswith(page[0][0])
    for rows_above, cell in ((0, "A1"), (2, "A3")):
        page = [[""]] * rows_above + [
            [f"北京市、天津市能源消费量 {2015 + rows_above}"],
            ["项目", "原煤(万吨)", "柴油(万吨)"],
            ["工业", 71.0, 2.0],
        ]
        (stop,) = read_files([[Sheet("a.csv", "", [list(row) for row in page])]]).stops
        assert str(stop.error).startswith(f"a.csv!{cell}: the title names several areas")


def test_a_unit_of_the_title_is_that_of_its_own_page():
    """Pages with the same labels below titles that print other units, one after another."""
    forget()
    for unit, tonnes in (("吨", 71.0), ("万吨", 710_000.0), ("千吨", 71_000.0), ("吨", 71.0)):
        page = [
            [f"重庆能源消费量 2019 单位：{unit}"],
            ["项目", "原煤", "柴油"],
            ["工业", 71.0, 2.0],
        ]
        balance = read_files([[Sheet("a.csv", "", page)]]).require()
        assert balance.quantity("raw_coal").item().to("t").magnitude == tonnes


def test_what_is_done_to_the_labels_of_one_balance_is_not_done_to_the_next():
    """Balances of one series share the labels that they are made of, and nothing that can be changed."""
    page = [
        ["6-22 重庆能源平衡表(实物量)-2010"],
        ["项目", "原煤(万吨)", "柴油(万吨)"],
        ["工业", 71.0, 2.0],
        ["建筑业", 1.0, 3.0],
    ]
    one, other = (
        read_files([[Sheet("a.csv", "", [list(row) for row in page])]]).balance for _ in range(2)
    )
    del one.amounts.coords["unit"]
    one.amounts.coords["flow"] = ["甲", "乙"]
    one.amounts[:] = 0
    third = read_files([[Sheet("a.csv", "", [list(row) for row in page])]]).balance
    for balance in (other, third):
        assert everything(balance)["labels"]["unit"] == ["t", "t"]
        assert (balance.amounts.name, balance.status.name) == ("amounts", "status")
        assert (
            balance.amounts["flow"].values.tolist() == balance.flows == ["industry", "construction"]
        )
        assert balance.quantity("raw_coal").sel(flow="industry").item().magnitude == 710_000
