"""What each cell of a table is, from what rows, columns and title say: `` / `` between rows, ``|`` between cells."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonacct.balances.join.form_axes import Axis, code_of, lay_axis, present_codes, relabel
from carbonacct.balances.join.table_form import _may_be_one, _may_meet
from tests.balances.test_leftovers import page

USE, GAS = "重庆能源消费 2019", "重庆供气 2019"


def form_of(text):
    """Return the form of the one table of a page."""
    (block,) = page(text).blocks
    return block.form


def said(axis):
    """Return what the cells say of one thing, row by row."""
    return [" ".join(axis.labels[code] or "-" for code in row) for row in axis.codes.tolist()]


@pytest.mark.parametrize(
    ("text", "flows", "products", "units"),
    [
        # What the row does not say the column says, and the title what neither does.
        (
            f"{USE} / 项目|单位|工业|建筑业 / 原煤|吨|1|2 / 电力|万千瓦时|3|4",
            ["industry construction"] * 2,
            ["raw_coal raw_coal", "electricity electricity"],
            ["t t", "1e4 kWh 1e4 kWh"],
        ),
        (
            f"{USE} / 地区|原煤(万吨)|焦炭(吨) / 江津区|1|2",
            ["total_consumption total_consumption"],
            ["raw_coal coke"],
            ["1e4 t t"],
        ),
        # 消费量 beside a branch is the branch's; 用电量 as well.
        (
            f"{USE} / 项目|用电量(万千瓦时) / 工业|1 / 建筑业|2",
            ["industry", "construction"],
            ["electricity"] * 2,
            ["1e4 kWh"] * 2,
        ),
        # A number without a product is electricity if it is measured in watt hours, else energy.
        (f"{USE} / 项目|消费量(万千瓦时) / 工业|1", ["industry"], ["electricity"], ["1e4 kWh"]),
        (f"{USE} / 项目|消费量(吨标准煤) / 工业|1", ["industry"], ["total_energy"], ["tce"]),
        # Inputs and outputs of plants; what industry takes in is that of the plants within it.
        (
            "重庆加工转换投入 2019 / 项目|原煤(万吨) / 火力发电|1 / 供热|2 / 工业|3",
            ["thermal_power.input", "heating.input", "industry.transformation"],
            ["raw_coal"] * 3,
            ["1e4 t"] * 3,
        ),
        (
            "重庆能源 2019 / 项目|投入原煤(万吨)|产出焦炭(万吨) / 炼焦|1|2",
            ["coking.input coking.output"],
            ["raw_coal coke"],
            ["1e4 t 1e4 t"],
        ),
    ],
)
def test_a_cell_is_what_its_row_says_else_its_column(text, flows, products, units):
    """Flow, product and unit of each cell."""
    form = form_of(text)
    assert (said(form.flow), said(form.product), said(form.unit)) == (flows, products, units)


@pytest.mark.parametrize(
    ("rows", "supply", "holds_losses"),
    [
        # With what it sells beside it, a supply is all that is used; without, it is what reaches users.
        ("供气总量|10 / 销售气量|9 / #家庭用量|3 / 损失量|1", "total_consumption", False),
        ("供气总量|10 / #家庭用量|3 / 损失量|1", "final_consumption", True),
        ("供气总量|10 / #家庭用量|3", "final_consumption", False),
    ],
)
def test_what_a_network_supplies_sells_and_loses(rows, supply, holds_losses):
    """A sale is final consumption; losses lie in a supply where nothing is said of sales."""
    form = form_of(f"{GAS} / 指标|天然气(万立方米) / {rows}")
    flows = said(form.flow)
    assert flows[0] == supply
    assert flows[1] == ("final_consumption" if "销售" in rows else "households")
    assert form.supply_holds_losses is holds_losses
    assert form.marked == {"households"}
    assert not form.may_contradict


def test_a_network_of_one_product_says_nothing_of_another():
    """Gas is sold beside its supply, liquefied gas is not: each by itself."""
    text = f"{GAS} / 指标|天然气(万立方米)|液化石油气(吨) / 供气总量|10|7"
    assert said(form_of(text).flow) == ["final_consumption final_consumption"]


@pytest.mark.parametrize(
    ("text", "at"),
    [
        # Petrol is sold to whoever comes; coal beside coke; households beside a branch.
        ("重庆 2019 / 指标|天然气(万立方米)|汽油(吨) / 销售量|9|3", "C3"),
        (f"{USE} / 项目|原煤(万吨)|焦炭(万吨) / 焦炭|4|5", "B3"),
        (f"{USE} / 项目|工业用煤(万吨)|居民用煤(万吨) / 工业|4|5", "C3"),
        # Industry's inputs of plants are told from what it uses, of a branch of it they are not.
        ("重庆加工转换投入 2019 / 项目|原煤(万吨) / 火力发电|1 / 黑色金属冶炼和压延加工业|2", "B4"),
    ],
)
def test_an_amount_of_two_things_is_refused_at_its_cell(text, at):
    """A zero or a blank in its place is none."""
    (stop,) = page(text).stops[:1]
    assert str(stop.error).startswith(f"a.csv!{at}: ")
    number = {"C3": text.rpartition("|")[2], "B3": "4", "B4": text.rpartition("|")[2]}[at]
    for nothing in ("0", ""):
        head, _, tail = text.rpartition(f"|{number}")
        assert not page(f"{head}|{nothing}{tail}").stops


@pytest.mark.parametrize(
    ("row", "column", "is_one"),
    [
        ("raw_coal", "raw_coal", True),
        ("raw_coal", "coal_total", True),
        ("coal_total", "raw_coal", True),
        ("raw_coal", "coke", False),
        ("total_energy", "coke", True),
        ("coke", "total_energy", True),
        ("electricity", "heat", False),
    ],
)
def test_products_that_a_number_may_be_of(row, column, is_one):
    """One holds the other, or is a total of all energy."""
    assert _may_be_one(row, column) is is_one


@pytest.mark.parametrize(
    ("row", "column", "meets"),
    [
        ("industry", "industry", True),
        ("industry.textile", "industry", True),
        ("industry", "industry.textile", True),
        ("households", "wholesale_retail", False),
        ("households", "final_consumption", True),
        ("households", "network_sale", True),
        ("network_sale", "network_sale", True),
        ("thermal_power", "intermediate_consumption", True),
        ("industry", "intermediate_consumption", False),
        ("losses", "network_sale", False),
    ],
)
def test_flows_that_a_number_may_be_of(row, column, meets):
    """One lies in the other; a sale is final consumption; plants are of what is consumed on the way."""
    assert _may_meet(row, column) is meets


@pytest.mark.parametrize(
    ("text", "doubts"),
    [
        (f"{USE} / 项目|原煤|焦炭(吨) / 工业|1|2", [("raw_coal", "", True)]),
        (f"{USE} / 项目|2018|2019 / 工业|1|2", [("total_energy", "", False)]),
        (f"{USE} / 项目|单位|电力|焦炭 / 工业|吨|1|2", [("electricity", "t", True)]),
        (f"{USE} / 项目|原煤(吨)|焦炭(吨) / 工业|1|2", []),
        (f"{USE} 单位:万吨 / 项目|原煤|焦炭 / 工业|1|2", []),
    ],
)
def test_a_product_needs_a_unit_that_can_measure_it(text, doubts):
    """Else its cells must not hold amounts; whether anything names the product is kept."""
    assert [(one.product, one.unit, one.is_named) for one in form_of(text).doubts] == doubts


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            f"{USE} / 项目|煤炭(万吨)|#原煤(万吨) / 工业|1|2",
            {"product_parents": {"raw_coal": "coal_total"}},
        ),
        (f"{USE} / 项目|煤炭(万吨)|原煤(万吨) / 工业|1|2", {"product_parents": {}}),
        (f"{USE} / 项目|原煤(吨)|原煤(吨) / 工业|1|2", {"has_twins": True}),
        (f"{USE} / 项目|原煤(吨)|原煤(吨标准煤) / 工业|1|2", {"has_twins": False}),
        (
            f"{USE} / 项目|2018(吨标准煤)|2019(吨标准煤) / 工业|1|2",
            {"has_twins": False, "takes_year": False},
        ),
        (
            f"{USE} / 项目|电力(万千瓦时)|电力(吨标准煤) / 工业|3|4",
            {"has_electricity_in_coal": True},
        ),
        (
            f"{USE} / 项目|电力(万千瓦时)|原煤(吨标准煤) / 工业|3|4",
            {"has_electricity_in_coal": False},
        ),
        (f"{USE} / 地区|原煤(万吨) / 江津区|1", {"takes_area": False, "takes_year": True}),
        (
            f"{USE} / 项目|原煤(万吨) / 工业|1",
            {"takes_area": True, "takes_year": True, "told_by_unit": frozenset()},
        ),
        (f"{USE} / 项目|合计(万千瓦时) / 工业|1", {"told_by_unit": frozenset({"electricity"})}),
    ],
)
def test_what_a_table_says_as_a_whole(text, names):
    """Parts by the print, twins, years and areas that the title gives, electricity in coal equivalent."""
    form = form_of(text)
    assert {name: getattr(form, name) for name in names} == names


def test_a_part_of_the_area_is_an_area_of_its_own():
    """市辖区 of the title's area; of a row's area it is behind its name."""
    form = form_of(f"{USE} / 项目|原煤(万吨)|市辖区原煤(万吨) / 工业|1|2")
    assert form.area.labels[form.area.codes[0, 0]] is None
    assert str(form.area.labels[form.area.codes[0, 1]]).endswith("市辖区")


def test_a_row_and_a_column_in_different_units_contradict_each_other():
    """With both; tonnes of a unit that is the same are one."""
    (stop,) = page(f"{USE} / 项目|单位|原煤(吨) / 工业|万吨|1").stops
    assert str(stop.error).endswith(
        "the row is in 1e4 t and the column '原煤' in t; correct one of them"
    )
    assert not page(f"{USE} / 项目|单位|原煤(吨) / 工业|吨|1").stops


LABELS = st.lists(st.sampled_from(["", "a", "b"]), min_size=1, max_size=4)


@given(LABELS, LABELS, st.sampled_from(["a", "c"]))
def test_rows_over_columns(rows, columns, new):
    """Each cell has its row's label, else its column's; another label is given to some cells and to no other."""
    axis = lay_axis(rows, columns)
    held = [[row or column for column in columns] for row in rows]
    assert [[axis.labels[code] for code in line] for line in axis.codes.tolist()] == held
    assert [axis.labels[code] for code in present_codes(axis.codes)] == [
        label for label in axis.labels if any(label in line for line in held)
    ]
    chosen = np.indices(axis.codes.shape).sum(axis=0) % 2 == 0
    renamed = relabel(axis, chosen, new)
    for i, j in product(range(len(rows)), range(len(columns))):
        assert renamed.labels[renamed.codes[i, j]] == (new if chosen[i, j] else held[i][j])
    assert len(set(renamed.labels)) == len(renamed.labels)
    assert code_of(axis, "z") == -1


def test_a_code_that_no_cell_has_is_not_present():
    """Labels without cells are no labels of the table."""
    axis = Axis(("a", "b", "c"), np.array([[2, 0]]))
    assert present_codes(axis.codes).tolist() == [0, 2]
    assert code_of(axis, "b") == 1
