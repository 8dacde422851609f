"""What hangs on a label of a sheet: its numbers, what its column holds, what stands beside it."""

from __future__ import annotations

import pytest

import carbonacct as ca
from carbonacct.balances.join.sheet_tables import Page
from carbonacct.balances.proposals.hanging import (
    contradicts_its_unit,
    count_numbers,
    find_beside,
    find_topic,
    find_translation,
    holds_numbers,
    rank_columns,
    sum_sizes,
)
from carbonacct.balances.split.grid import read_grid
from carbonacct.sheets.raw_sheets import Sheet


@pytest.fixture(name="page")
def _page(tmp_path):
    """Return what reads the one sheet of a text: ``/`` between rows, ``,`` between cells."""

    def read(text, **given):
        path = tmp_path / "a.csv"
        path.write_text("\n".join(text.split("/")) + "\n", encoding="utf-8")
        return ca.read_tables(path, area="某市", year=2019, **given).pages[0]

    return read


COAL = "能源消费/项目,原煤（吨）,佚名（吨）/工业,1,2/胡言,3,-4/建筑业,,10"


@pytest.mark.parametrize(
    ("cells", "count", "share"),
    [
        (((3, 0),), 2, 7 / 20),  # a row: its numbers, whatever their signs
        (((1, 2),), 3, 16 / 20),  # a header: what stands below it
        (((1, 1),), 2, 4 / 20),
        (((2, 0), (3, 0)), 4, 10 / 20),
        (((2, 1),), 1, 1 / 20),  # a number that lacks its unit
        (((3, 0), (3, 0)), 2, 7 / 20),
        (((0, 0),), 0, 0.0),
    ],
)
def test_the_numbers_of_a_label(page, cells, count, share):
    """Those of its row, or those below it; and what they are of the sum of all."""
    sheet = page(COAL)
    assert count_numbers(sheet, cells) == count
    assert sum_sizes(sheet, cells) == pytest.approx(share)


def test_columns_that_are_passed_over_hold_no_amounts(page):
    """Shares beside a row are none of its numbers."""
    sheet = page("能源消费/项目,原煤（吨）,比重（%）/工业,1,40/胡言,3,60")
    assert count_numbers(sheet, ((3, 0),)) == 1
    assert sum_sizes(sheet, ((3, 0),)) == pytest.approx(3 / 4)


@pytest.mark.parametrize(
    ("title", "flow"),
    [
        ("居民生活能源消费", "households"),
        ("能源消费", ""),
        ("终端能源消费", "final_consumption"),  # plants are none of it
        ("能源生产", ""),
    ],
)
def test_the_use_that_a_title_is_about(page, title, flow):
    """Final uses or one of them, and neither all energy nor what is produced; a cell outside the table has no title."""
    sheet = page(f"{title}/项目,原煤（吨）/工业,1/建筑业,3")
    assert find_topic(sheet, (2, 0)) == flow
    assert find_topic(sheet, (9, 0)) == ""


@pytest.mark.parametrize(
    ("other", "both"),
    [
        ("Diesel consumption of agriculture", "farming + diesel"),
        ("Diesel", ""),  # it must say both
        ("农业柴油消费量", ""),  # in the same script it is no translation
        ("Nonsense of agriculture", ""),
    ],
)
def test_what_a_translation_says_of_a_label(page, other, both):
    """A label in another script in the same row, where it names a flow and a product."""
    sheet = page(
        f"能源消费/指标,Item,2019（吨）/胡言,{other},1/工业煤炭消费量,Coal consumption of industry,3"
    )
    assert find_translation(sheet, (2, 0)) == both
    assert find_translation(sheet, (1, 0)) == find_translation(sheet, (0, 0)) == ""


@pytest.mark.parametrize(
    ("head", "below", "held"),
    [
        ("佚名", ("重庆", "成都", "北京"), {"area": 1.0}),
        ("佚名", ("吨", "万吨", "吨"), {"unit": 1.0}),
        ("佚名", ("工业", "建筑业", "胡言"), {"flow": 2 / 3}),
        ("佚名", ("原煤", "焦炭", "原油"), {"product": 1.0}),
        ("佚名", ("胡言", "乱语", "佚事"), {}),
        ("佚名", ("1", "2", "3"), {}),
        ("佚名", ("", "", ""), {}),
        ("佚名", ("工业", "1", "2"), {}),  # mostly numbers
    ],
)
def test_what_a_column_holds_by_its_cells(page, head, below, held):
    """The share of its texts that are known as one kind; nothing where most are numbers or nothing is known."""
    rows = "/".join(
        f"{label},{text},{n}"
        for n, (label, text) in enumerate(zip(("甲", "乙", "丙"), below, strict=True), 1)
    )
    sheet = page(f"能源消费/项目,{head},原煤（吨）/{rows}")
    found = rank_columns(sheet, "column", ((1, 1),))
    assert {
        kind: share for kind, share in found.items() if kind in held or not held
    } == pytest.approx(held)
    assert next(iter(found), "") == next(iter(held), "")


def test_rows_that_end_before_a_column_hold_nothing_of_it():
    """A line with fewer cells has none below the header."""
    rows = [["项目", "佚名"], ["工业", "吨"], ["建筑业"], ["居民", "万吨"]]
    sheet = Sheet("a.csv", "", rows)
    page = Page(sheet, grid=read_grid(Sheet("a.csv", "", [[*row] for row in rows])))
    assert rank_columns(page, "column", ((0, 1),)) == {"unit": 1.0}


def test_a_sheet_without_numbers_has_no_sizes():
    """Nothing hangs on its labels, whether it was looked at or not."""
    sheet = Sheet("a.csv", "", [["工业", "胡言"]])
    for page in (Page(sheet), Page(sheet, grid=read_grid(sheet))):
        assert (count_numbers(page, ((0, 0),)), sum_sizes(page, ((0, 0),))) == (0, 0.0)


def test_years_below_a_header(page):
    """They are years beside two columns of labels, where the title names none."""
    rows = "工业,消费,2018,1/工业,消费,2019,2"
    several = page(f"能源消费/项目,乙,佚名,原煤（吨）/{rows}")
    assert rank_columns(several, "column", ((1, 2),)) == {"year": 1.0}
    one = page("能源消费/佚名,原煤（吨）/2018,1/2019,2")
    assert rank_columns(one, "column", ((1, 0),)) == {}


def test_most_cells_below_a_header_are_numbers(page):
    """More than four fifths of them."""
    lines = [f"工业{n},{'x' if n < 2 else n}" for n in range(10)]
    sheet = page("能源消费/项目,佚名/" + "/".join(lines))
    assert not holds_numbers(sheet, (1, 1))  # eight of ten
    assert holds_numbers(sheet, (2, 1))  # eight of nine
    assert not holds_numbers(sheet, (11, 1))


@pytest.mark.parametrize(
    ("text", "cell", "does"),
    [
        ("能源消费/项目,电力（吨）,原煤（吨）/工业,1,2", (1, 1), True),
        ("能源消费/项目,电力（吨）,原煤（吨）/工业,1,2", (1, 2), False),
        ("能源消费/项目,单位,数量/工业,吨,1/电力,吨,1", (3, 0), True),
        ("能源消费/项目,单位,数量/工业,吨,1/电力,吨,1", (2, 0), False),
        ("能源消费/项目,电力（吨）,原煤（吨）/工业,1,2", (0, 0), False),
    ],
)
def test_a_label_whose_unit_cannot_measure_what_it_names(page, text, cell, does):
    """Electricity in tonnes: over a column, or in a row."""
    assert contradicts_its_unit(page(text), cell) is does


def test_what_stands_beside_a_label(page):
    """The nearest known labels before and behind it, and the ids that the table has."""
    sheet = page("能源消费/项目,原煤（吨）/农业,1/工业,1/胡言,3/建筑业,2/居民生活,2")
    beside = find_beside(sheet, "flow", (4, 0))
    assert (beside.before, beside.behind) == ("industry", "construction")
    assert {"farming", "industry", "construction", "households"} <= set(beside.used)
