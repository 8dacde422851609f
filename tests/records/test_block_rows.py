"""Rows of labels and numbers: which label a row lies below, where tables begin, which columns are what."""

from __future__ import annotations

import pytest

from carbonacct.records.block_rows import (
    LabelPaths,
    list_heads,
    list_rows,
    list_titles,
    texts_above,
)
from carbonacct.records.note_rows import count_notes, find_notes
from carbonacct.records.repeated_rows import find_repeated
from carbonacct.records.sheet_layout import SheetLayout, find_blocks
from carbonacct.records.table_heads import find_head, find_tables, is_title
from carbonacct.sheets.raw_sheets import Sheet


def climb(*labels):
    """Return the last label and those that it lies below."""
    paths = LabelPaths()
    return [paths.climb(label) for label in labels][-1]


@pytest.mark.parametrize(
    ("labels", "path"),
    [
        (
            ["一、工业", "(一)轻工业", "1.纺织", "#棉纺"],
            ["#棉纺", "1.纺织", "(一)轻工业", "一、工业"],
        ),
        (["一、工业", "(一)轻工业", "二、农业"], ["二、农业"]),
        (["一、工业", "(一)轻工业", "(二)重工业"], ["(二)重工业", "一、工业"]),
        (["1.纺织", "其中：棉纺", "2.化工"], ["2.化工"]),
        (["原煤", "  其中：无烟煤", "  烟煤"], ["烟煤", "原煤"]),
        (["原煤", "其中：无烟煤", "烟煤"], ["烟煤"]),
        (["牲畜", "  牛", "    奶牛", "  羊"], ["羊", "牲畜"]),
        (["牛", "羊"], ["羊"]),
    ],
)
def test_a_label_lies_below_those_it_belongs_to(labels, path):
    """By numbering, 其中 and indentation."""
    assert climb(*labels) == path


def test_a_section_holds_what_follows_it_and_ends_the_one_before():
    """Whatever its numbering."""
    paths = LabelPaths()
    paths.climb("城市", is_section=True)
    assert paths.climb("用电") == ["用电", "城市"]
    paths.climb("农村", is_section=True)
    assert paths.climb("一、用电") == ["一、用电", "农村"]


def test_labels_beside_each_other_are_one_path():
    """Columns of labels from the outermost; two languages are one label; a row without any has those above it."""
    paths = LabelPaths()
    assert paths.place(["工业", "用煤"]) == ["用煤", "工业"]
    assert paths.place(["水泥", "Cement"]) == ["水泥 Cement"]
    assert paths.place([]) == ["水泥 Cement"]
    assert paths.place(["甲", "乙", "x"]) == ["x", "乙", "甲"]


def read(rows, merged=()):
    """Return the layout and the blocks of a sheet."""
    layout = SheetLayout(Sheet("a.csv", "", rows, merged))
    return layout, find_blocks(layout)


PAGE = [
    ["表1 主要产品", None, None, None],
    ["单位：万吨", None, None, None],
    ["指标", "计量单位", "2018年", "2019年"],
    ["水泥", "万吨", 1, 2],
    ["  熟料", "万吨", 3, "-"],
    ["农村", None, None, None],
    ["化肥", "吨", 5, 6],
    ["注：2019年为快报数。", None, None, None],
]


def test_a_page_by_its_parts():
    """Titles above the head, labels and units beside the numbers, a section, and a note that is none of it."""
    layout, (block,) = read(PAGE)
    assert list_titles(layout, block) == ["表1 主要产品", "单位：万吨"]
    assert texts_above(layout, block) == ["表1 主要产品", "单位：万吨", "指标", "计量单位"]
    assert block.numbers == [2, 3]
    assert block.units == {1}
    assert block.left == 2
    assert [list_heads(layout, block, column) for column in block.numbers] == [
        ["2018年"],
        ["2019年"],
    ]
    lines = list(list_rows(layout, block))
    assert [(line.row, line.labels, line.unit) for line in lines] == [
        (3, ("水泥",), "万吨"),
        (4, ("熟料", "水泥"), "万吨"),
        (6, ("化肥", "农村"), "吨"),
    ]


def test_groups_of_columns_have_labels_of_their_own():
    """Two tables side by side: each number belongs to the label at its left."""
    layout, (block,) = read(
        [["产品", "产量", "产品", "产量"], ["水泥", 1, "钢", 2], ["玻璃", 3, "纸", 4]]
    )
    assert [(group.stub, group.numbers) for group in block.groups] == [((0,), (1,)), ((2,), (3,))]
    assert [(line.labels, line.group.numbers) for line in list_rows(layout, block)] == [
        (("水泥",), (1,)),
        (("钢",), (3,)),
        (("玻璃",), (1,)),
        (("纸",), (3,)),
    ]


def test_areas_years_and_codes_beside_a_row():
    """A column of areas or years is no label of an item, nor is a code."""
    layout, (block,) = read(
        [
            ["代码", "地区", "年份", "水泥产量"],
            ["1", "厦门", "2018年", 5],
            ["2", "福州", "2019年", 6],
        ]
    )
    assert (block.areas, block.years) == ({1}, {2})
    assert [(line.area, line.year, line.labels) for line in list_rows(layout, block)] == [
        ("厦门", "2018年", ()) if block.codes else ("厦门", "2018年", ("1",)),
        ("福州", "2019年", ()) if block.codes else ("福州", "2019年", ("2",)),
    ]
    assert all(group.areas_said for group in block.groups)
    assert block.roles == block.areas | block.years | block.codes


def test_a_label_is_printed_once_for_the_rows_below_it():
    """What stands in an outer column holds until another one does; an inner one ends with it."""
    layout, (block,) = read(
        [
            ["大类", "小类", "产量"],
            ["粮食", "小麦", 1],
            [None, "玉米", 2],
            ["油料", None, 3],
            [None, "花生", 4],
        ]
    )
    assert [line.labels for line in list_rows(layout, block)] == [
        ("小麦", "粮食"),
        ("玉米", "粮食"),
        ("油料",),
        ("花生", "油料"),
    ]


def test_merged_cells_say_the_same_in_each():
    """A heading over two columns heads both, in a merged range or above blanks."""
    head = ["指标", "水泥", None, "钢"]
    below = [None, "2018年", "2019年", "2019年"]
    rows = [head, below, ["甲", 1, 2, 3], ["乙", 4, 5, 6]]
    for merged in ((), [((0, 1), (0, 2))]):
        layout, (block,) = read(rows, merged)
        assert [list_heads(layout, block, column) for column in block.numbers] == [
            ["2018年", "水泥"],
            ["2019年", "水泥"],
            ["2019年", "钢"],
        ]


def test_numbers_in_the_place_of_years():
    """A row of years heads the columns; behind a label that was there before it is amounts."""
    _, (block,) = read([["指标", 2018, 2019], ["用电", 1900, 2000], ["用煤", 5, 6]])
    assert block.table.head == [0]
    assert block.table.rows == [1, 2]
    _, blocks = read([["指标", 2018, 2019], ["用电", 1, 2], ["指标", 2020, 2021], ["用煤", 3, 4]])
    assert [found.table.head for found in blocks] == [[0], [2]]


def tables(kinds, naming):
    """Return the tables of rows: d has data, t is a text; those of some places name columns."""
    return [
        (one.titles, one.head, one.rows, sorted(one.sections))
        for one in find_tables(
            range(len(kinds)),
            holds_data=lambda row, _: kinds[row] == "d",
            names_columns=lambda row, _: row in naming,
        )
    ]


@pytest.mark.parametrize(
    ("kinds", "naming", "found"),
    [
        ("tthdd", {2}, [([0, 1], [2], [3, 4], [])]),
        ("thhdd", {1, 2}, [([0], [1, 2], [3, 4], [])]),
        ("hthd", {0, 2}, [([0, 1], [2], [3], [])]),  # a row between ends the head
        ("thsd", {1}, [([0], [1], [2, 3], [2])]),  # what stands below the head is a section
        ("hdtd", {0}, [([], [0], [1, 2, 3], [2])]),
        ("hdthd", {0, 3}, [([], [0], [1], []), ([2], [3], [4], [])]),
        ("dd", set(), [([], [], [0, 1], [])]),
        ("tdd", set(), [([0], [], [1, 2], [])]),
        ("hdt", {0}, [([], [0], [1], [])]),  # what ends a sheet is no row of a table
        ("hdth", {0, 3}, [([], [0], [1], []), ([2], [3], [], [])]),  # a head without rows
        ("", set(), []),
        ("tt", set(), []),
    ],
)
def test_where_tables_begin(kinds, naming, found):
    """Titles, then rows that name columns, then what is below them."""
    assert tables(kinds, naming) == found


def test_a_head_is_looked_for_among_the_first_rows():
    """Below a title and remarks; far down it is none."""
    rows = [["title"], ["a", "b"], ["1", "2"]]
    assert find_head(rows, lambda row: "a" in row) == 1
    assert find_head([["t"]] * 39 + rows[1:], lambda row: "a" in row) == 39
    assert find_head([["t"]] * 40 + rows[1:], lambda row: "a" in row) is None
    assert find_head(rows, lambda row: "z" in row) is None


@pytest.mark.parametrize(
    ("row", "is_one"),
    [
        (["x", "", None], True),
        (["x", "x"], True),
        (["x", "y"], False),
        ([5], False),
        ([""], False),
        ([], False),
    ],
)
def test_a_title_is_one_text_alone(row, is_one):
    """Merged over its cells it stands there several times."""
    assert is_title(row) is is_one


def test_notes_below_a_table():
    """Texts in the first cell alone, from the last row up; one with a number beside it is none."""
    assert count_notes([["注：初步数"], ["来源：统计局", "", None], ["甲", 1]]) == 2
    assert count_notes([["注：初步数", 5], ["来源：统计局"]]) == 0
    assert count_notes([[5]]) == count_notes([[]]) == count_notes([]) == 0
    assert find_notes("a.csv", []) == []
    (one,) = find_notes("a.csv", [(7, " 注：初步数 ")])
    assert one.message == "1 row below the panel is a note and is left out: row 7 (注：初步数)"
    (two,) = find_notes("a.csv", [(7, "x" * 50), (8, 5)])
    assert (
        two.message
        == f"2 rows below the panel are notes and are left out: row 7 ({'x' * 40}), row 8 (5)"
    )


def test_rows_whose_labels_are_there_twice():
    """The first that repeats one above it."""
    pd = pytest.importorskip("pandas")
    table = pd.DataFrame({"a": [1, 2, 1, 2], "b": [1, 1, 1, 1], "c": [5, 6, 7, 8]})
    assert find_repeated(table, ["a", "b"])["c"] == 7
    assert find_repeated(table, ["c"]) is None
