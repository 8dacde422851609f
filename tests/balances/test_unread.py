"""Labels that say nothing beside one that does, and labels behind 其中."""

from __future__ import annotations

import pytest

import carbonacct as ca
from carbonacct.balances.path.of_which import Ladder, join
from carbonacct.balances.path.unread import (
    LabelColumns,
    UnreadLabel,
    goes_with,
    one_line,
    refuse,
    repeats,
    sort_unread,
)
from carbonacct.balances.words.mapping import Mapping
from carbonacct.characters import same_script
from carbonacct.errors import TableError


def cut(text):
    """Return rows: ``/`` between rows, ``|`` between cells."""
    return [line.split("|") for line in text.split("/")]


@pytest.mark.parametrize(
    ("text", "others", "is_made"),
    [
        ("coal_terminal", ["coal", "terminal", "1995"], True),
        ("coal_feedstock", ["coal", "terminal"], False),
        ("工业煤", ["煤", "工业"], True),
        ("coal coal", ["coal"], False),  # one of them twice
        ("coal", ["coal"], False),  # the same text adds nothing to itself
        ("coalcoking", ["coal", "coking", "coalcoking"], True),
        ("coking coal", ["coal", "coking coal"], False),
        ("coal gas", ["gas", "coal", ""], True),
        ("coal 1995", ["coal", 1995.0], False),  # a number is no text
        ("", [], True),
    ],
)
def test_a_text_that_is_made_of_those_beside_it(text, others, is_made):
    """Each of them once, the longest first; nothing is left."""
    assert repeats(text, others) is is_made


@pytest.mark.parametrize(
    ("texts", "labels", "goes"),
    [
        ("aab", "xyz", True),
        ("aab", "xxy", True),
        ("ab", "xx", False),
        ("aba", "xyx", True),
        ("abb", "xyx", False),
        ("", "", True),
    ],
)
def test_one_text_beside_each_label(texts, labels, goes):
    """A function of the labels."""
    assert goes_with(texts, labels) is goes


def test_blanks_say_nothing_of_which_column_follows_which():
    """Rows in which either is blank are passed; the answer of one direction is none of the other."""
    beside = LabelColumns(cut("甲|x/甲|y/乙|z/|x/乙|"))
    assert (beside.follows(0, 1), beside.follows(1, 0)) == (True, False)
    assert (beside.follows(0, 1), beside.follows(1, 0)) == (True, False)  # as remembered


@pytest.mark.parametrize(
    ("table", "unread", "known", "finer", "translated"),
    [
        # The outer of two columns adds nothing; the finer one is asked.
        ("怪甲|工业/怪甲|建筑业", 0, 1, 0, 0),
        ("工业|怪甲/工业|怪乙", 1, 0, 1, 0),
        # Each goes with the other: the right one is the finer.
        ("怪甲|工业/怪乙|建筑业", 0, 1, 0, 0),
        ("工业|怪甲/建筑业|怪乙", 1, 0, 1, 0),
        # Neither follows from the other.
        ("怪甲|工业/怪乙|工业/怪甲|建筑业", 0, 1, 1, 0),
        # English beside known Chinese is its translation where it goes with it alone; the other way round it says more.
        ("工业|Odd/建筑业|Other", 1, 0, 0, 1),
        ("工业|Odd/工业|Other", 1, 0, 1, 0),
        ("Industry|怪甲/Construction|怪乙", 1, 0, 1, 0),
        ("怪甲|Industry/怪乙|Construction", 0, 1, 1, 0),
    ],
)
def test_which_unread_labels_stop_the_reading(table, unread, known, finer, translated):
    """Those that may be finer than what is known."""
    cells = cut(table)
    found = sort_unread([UnreadLabel(10, unread, known)], LabelColumns(cells), 10)
    assert tuple(map(len, found)) == (finer, translated)


def test_labels_that_stop_the_reading_are_named_with_their_cells():
    """Each text once per column, with at most three of its cells; a column of products asks for products."""
    cells = cut("工业|怪甲|x/工业|怪乙|y/建筑业|怪甲|x/农业|怪甲|x/运输|怪甲|x")
    finer = [UnreadLabel(10 + k, 1, 0) for k in range(5)] + [UnreadLabel(10, 2, 0)]
    error = refuse(finer, cells, 10, [(3, "label"), (4, "label"), (7, "product")], words=Mapping())
    assert (error.row, error.column) == (10, 4)
    assert [(one.kind, one.text, len(one.cells)) for one in error.unknown] == [
        ("flow", "怪甲", 4),
        ("flow", "怪乙", 1),
        ("product", "x", 1),
    ]
    assert str(error.text).startswith(
        "labels that are not known stand beside known ones, as beside '工业': '怪甲' (E11, E13, E14 and 1 more), "
        "'怪乙' (E12), 'x' (H11); give each an id in a mapping file (flow,怪甲,...)"
    )


def test_a_label_in_a_message_is_one_line():
    """And no longer than sixty letters."""
    assert one_line(" 甲 \n 乙 ") == "甲 乙"
    assert one_line("a" * 99) == "a" * 60
    assert [same_script("工业", "煤"), same_script("工业", "Coal"), same_script("A", "Coal")] == [
        True,
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("rows", "parents"),
    [
        ("oil 0, naphtha 1, lpg 1", ",oil,oil"),
        ("oil 0, naphtha 1, light 2, lpg 1", ",oil,naphtha,oil"),
        ("naphtha 1, lpg 1", ","),  # of what nobody printed: beside each other
        ("naphtha 1, light 2, lpg 1", ",naphtha,"),
        (
            "oil 0, light 3, lpg 2, coke 0",
            ",oil,oil,",
        ),  # marks without the labels between: of the nearest there is
        ("oil 0, naphtha 1, coal 0, coke 1", ",oil,,coal"),
    ],
)
def test_a_label_behind_a_mark_is_a_part_of_the_one_above(rows, parents):
    """By how many marks stand before it; a label without a mark begins anew."""
    ladder = Ladder()
    found = [
        ladder.add(name, int(depth)) for name, depth in (row.split() for row in rows.split(", "))
    ]
    assert ",".join(found) == parents
    ladder.restart()
    assert ladder.add("lpg", 1) == ""


@pytest.mark.parametrize(
    ("known", "product", "parent", "noted"),
    [
        ({}, "naphtha", "other_petroleum_products", {"naphtha": "other_petroleum_products"}),
        ({}, "diesel", "oil_products", {"diesel": "oil_products"}),  # the mark says it as well
        ({}, "diesel", "total_energy", {}),
        ({}, "diesel", "", {}),
        ({}, "oil_products", "diesel", {}),  # no whole is a part of its part
        (
            {"naphtha": "lpg"},
            "naphtha",
            "other_petroleum_products",
            {"naphtha": "lpg"},
        ),  # what was noted first stays
        ({}, "jet_kerosene", "oil_products", {}),  # which the tree has between them
    ],
)
def test_a_parent_is_noted_where_the_print_says_more_than_the_tree(known, product, parent, noted):
    """Unless it is energy as a whole, or a part of the product."""
    parents = dict(known)
    join(parents, product, parent)
    assert parents == noted


MARKED = "苏州市规模以上工业能源消费量(2016年)\n{}"


@pytest.mark.parametrize(
    "table",
    [
        "能源名称,计量单位,消费量\n#石脑油,吨,1000\n#液化石油气,吨,600\n柴油,吨,5\n",
        "项目,#石脑油(吨),#液化石油气(吨),柴油(吨)\n工业,1000,600,5\n",
    ],
)
def test_products_behind_a_mark_with_none_above_count_beside_each_other(tmp_path, table):
    """Naphtha 1,000 and LPG 600, both marked as parts of what is not printed: none is a part of the other."""
    (tmp_path / "t.csv").write_text(MARKED.format(table), encoding="utf-8")
    balance = ca.read_balance(tmp_path / "t.csv")
    assert balance.product_parents == {}
    inventory = (
        ca.compile_inventory(balance, method="ipcc-2006").to_frame().set_index("product")["value"]
    )
    # IPCC 2006 Guidelines, Vol. 2, tables 1.2 and 2.2: 44.5 TJ/Gg and 73.3 t CO2/TJ, 47.3 and 63.1.
    assert inventory["naphtha"] == pytest.approx(1000 * 44.5e-3 * 73.3)
    assert inventory["lpg"] == pytest.approx(600 * 47.3e-3 * 63.1)


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        (
            '项目,原煤（万吨）,柴油（万吨）\n"工业\n交通运输业","1200\n3","20\n60"\n居民生活,50,1\n',
            "B3 holds 2 numbers",
        ),
        (
            '项目,数值\n"能源消费总量（万吨标准煤）\n其中：煤炭（万吨）","2100\n1200"\n',
            "B3 holds 2 numbers",
        ),
    ],
)
def test_rows_joined_into_one_are_told(tmp_path, text, cell):
    """Several numbers in a cell, one a line, are rows of their own; none of them is left out without a word."""
    path = tmp_path / "t.csv"
    path.write_text(f"某市2020年能源消费情况表\n{text}", encoding="utf-8")
    with pytest.raises(TableError, match=cell):
        ca.read_balance(path, area="某市")
