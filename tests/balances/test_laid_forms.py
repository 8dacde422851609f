"""What rows and columns say together: ``lay_form`` asked directly, of rows and headers that are already read."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbonacct.balances.join.cell_kinds import find_kinds
from carbonacct.balances.join.kept_forms import find_form
from carbonacct.balances.join.table_form import lay_form
from carbonacct.balances.label.headers import Header
from carbonacct.balances.label.printed_units import Corner
from carbonacct.balances.path.columns import Columns, TableColumn
from carbonacct.balances.path.row_reader import RowKey
from carbonacct.balances.path.rows import Rows
from carbonacct.balances.words.mapping import Mapping
from carbonacct.sheets.raw_sheets import MisreadError

LABELS = TableColumn(Header("", word="label"), "label")
WORDS = Mapping()  # one object: it remembers what it was asked
T, KWH = "t", "kWh"


def amounts(unit="", *, own=False, **said):
    """Return a column of amounts."""
    return TableColumn(Header(said.pop("text", ""), **said), "data", unit, has_own_unit=own)


def make_rows(keys, columns, *, corner=None, words=WORDS, first=2, **told):
    """Return rows of a table: what each says, below the columns of amounts."""
    return Rows(
        columns=Columns(words, (LABELS, *columns), corner or Corner()),
        at=tuple(range(first, first + len(keys))),
        keys=tuple(keys),
        left_out=frozenset(),
        parents={},
        product_parents=told.pop("product_parents", {}),
        own_parts=frozenset(),
        notes=(),
        **told,
    )


def lay(keys, columns, title=("", "", ""), **told):
    """Return the form of a table."""
    return lay_form(make_rows(keys, columns, **told), *title)


def say(axis):
    """Return what each cell says of one thing."""
    return [[axis.labels[code] for code in row] for row in axis.codes.tolist()]


INDUSTRY, HOMES = RowKey(flow="industry"), RowKey(flow="households")
COAL, COKE, DIESEL = (amounts(T, product=one) for one in ("raw_coal", "coke", "diesel"))
GAS = amounts("m3", product="natural_gas")


def test_each_cell_is_of_its_row_and_its_column():
    """Cells stand where their row and their column stand in the sheet; what neither says is that of the title."""
    form = lay([INDUSTRY, HOMES], [COAL, GAS])
    assert say(form.flow) == [["industry"] * 2, ["households"] * 2]
    assert say(form.product) == [["raw_coal", "natural_gas"]] * 2
    assert say(form.unit) == [["t", "m3"]] * 2
    assert (form.rows.tolist(), form.columns.tolist()) == ([2, 3], [1, 2])
    assert [part.tolist() for part in form.places] == [[[2], [3]], [[1, 2]]]
    assert say(form.year) == [[None] * 2] * 2
    assert say(form.area) == [[None] * 2] * 2
    assert form.takes_area
    assert form.takes_year
    assert set(form.measured) == {("raw_coal", "t"), ("natural_gas", "m3")}
    assert not form.may_contradict
    assert form.of_no_flow is None


@pytest.mark.parametrize(
    ("row", "column", "title", "flow"),
    [
        (RowKey(flow="industry"), {}, "", "industry"),
        (RowKey(), {"flow": "industry"}, "", "industry"),
        (RowKey(), {}, "households", "households"),
        (RowKey(), {"weak": "total_consumption"}, "", "total_consumption"),
        (RowKey(), {"weak": "total_consumption"}, "industry", "industry"),
        (
            RowKey(),
            {"flow": "total_consumption"},
            "industry",
            "industry",
        ),  # 消费量 in a table about industry
        (RowKey(flow="transport"), {"flow": "total_consumption"}, "industry", "transport"),
        (RowKey(), {}, "", ""),
    ],
)
def test_the_flow_is_that_of_the_row_then_the_column_then_the_title(row, column, title, flow):
    """The innermost that speaks counts; a column of consumption is of the sector that the title names."""
    form = lay([row], [amounts(T, product="raw_coal", **column)], (title, "", ""))
    assert say(form.flow) == [[flow]]
    assert (form.of_no_flow is None) == bool(flow)


def test_what_no_label_says_of_the_flow_is_told_cell_by_cell():
    """One column names a flow, the other none: its cells alone lack one."""
    form = lay([RowKey()], [amounts(T, product="raw_coal", flow="industry"), COKE])
    assert form.of_no_flow.tolist() == [[False, True]]


def test_flows_of_rows_that_say_no_firmer_one():
    """煤炭消费量 as a row is what the title leaves open."""
    assert say(lay([RowKey()], [COAL], weak="total_consumption").flow) == [["total_consumption"]]
    assert say(lay([RowKey()], [COAL], ("industry", "", ""), weak="total_consumption").flow) == [
        ["industry"]
    ]


def test_the_product_is_that_of_the_row_then_the_column_then_the_title():
    """A column of no product takes that of the title."""
    keys = [RowKey(flow="industry", product="lpg"), INDUSTRY]
    form = lay(keys, [amounts(T), DIESEL], ("", "gasoline", ""))
    assert say(form.product) == [["lpg", "lpg"], ["gasoline", "diesel"]]
    assert form.crossed.tolist() == [[False, True], [False, False]]
    assert form.may_contradict


@pytest.mark.parametrize(
    ("row", "column", "is_crossed"),
    [
        ("raw_coal", "raw_coal", False),
        ("raw_coal", "coal_total", False),  # a part of it, either way round
        ("coal_total", "raw_coal", False),
        ("raw_coal", "total_energy", False),
        ("electricity", "total_energy", False),
        ("raw_coal", "electricity", True),
        ("raw_coal", "oil_total", True),
        ("diesel", "gasoline", True),
    ],
)
def test_a_number_is_not_of_two_products(row, column, is_crossed):
    """One holds the other, or is all energy; else the cell must hold no amount."""
    form = lay([RowKey(flow="industry", product=row)], [amounts(product=column, flow="")])
    assert form.crossed.tolist() == [[is_crossed]]
    assert form.may_contradict == is_crossed


@pytest.mark.parametrize(
    ("row", "column", "is_crossed"),
    [
        ("industry", "final_consumption", False),
        ("final_consumption", "industry", False),
        ("industry", "feedstock", False),  # #用于原材料 beside all industry is a part of it
        ("industry", "households", True),
        ("households", "other_services.commercial", True),
        ("thermal_power", "intermediate_consumption", False),  # 中间消费 is of plants
        ("industry", "intermediate_consumption", True),
        ("industry", "total_consumption", False),  # a column of whatever the rows use
        ("households", "final_uses", False),
        ("households", "network_sale", False),  # a sale is final consumption
    ],
)
def test_a_number_is_not_of_two_flows(row, column, is_crossed):
    """A row lies in its column or around it; else the cell must hold no amount."""
    form = lay([RowKey(flow=row)], [amounts(KWH, product="electricity", flow=column)])
    assert form.crossed_flows.tolist() == [[is_crossed]]


@pytest.mark.parametrize(
    ("keys", "heads", "of_title"),
    [
        ([2019, 2020], [None, None], False),
        ([None, None], [2019, 2020], False),
        ([2019, None], [None, None], True),
        ([None, None], [2019, None], True),
        ([2019, None], [2018, None], True),
    ],
)
def test_years_of_rows_and_columns(keys, heads, of_title):
    """A row's year counts before its column's; the title's is asked for where neither axis says all."""
    rows = [RowKey(flow="industry", year=year) for year in keys]
    form = lay(rows, [amounts(T, product="raw_coal", year=year) for year in heads])
    assert say(form.year) == [
        [str(row or "") if row else (str(head) if head else None) for head in heads] for row in keys
    ]
    assert form.takes_year == of_title
    assert {form.year.labels[code] for code in form.years_used} == {
        one for row in say(form.year) for one in row
    }


def test_a_year_before_that_of_the_title():
    """上年 is -1."""
    assert say(lay([INDUSTRY], [amounts(T, product="raw_coal", years_back=1)]).year) == [["-1"]]


def test_areas_of_columns_and_their_parts():
    """市辖区 is an area of its own, of what its row or the title names."""
    columns = [COAL, amounts(T, product="raw_coal", coverage="市辖区")]
    form = lay([RowKey(area="甲市", flow="industry"), INDUSTRY], columns)
    assert say(form.area) == [["甲市", "甲市市辖区"], [None, "+市辖区"]]
    assert form.takes_area
    named = [amounts(T, product="raw_coal", area=area) for area in ("甲市", "乙市")]
    form = lay([INDUSTRY], named)
    assert say(form.area) == [["甲市", "乙市"]]
    assert not form.takes_area
    assert not lay([RowKey(area="甲市", flow="industry")], columns).takes_area
    assert lay([INDUSTRY], [*named, COAL]).takes_area


@pytest.mark.parametrize(
    ("row", "is_refused"),
    [("重庆市", False), ("重庆", False), ("", False), ("+市辖区", False), ("成都", True)],
)
def test_a_row_of_another_area_than_a_column_is_refused(row, is_refused):
    """With both names and its row; the same area in another spelling is no contradiction."""
    keys = [INDUSTRY, RowKey(area=row, flow="industry")]
    columns = [COAL, amounts(T, product="coke", area="重庆市")]
    if not is_refused:
        assert say(lay(keys, columns).flow) == [["industry"] * 2] * 2
        return
    with pytest.raises(MisreadError, match="the row is of 成都 and a column of 重庆市") as caught:
        lay(keys, columns)
    assert caught.value.row == 3


def test_signs_multiply():
    """A layout may turn a row, a column, or both."""
    keys = [RowKey(flow="exports", sign=-1), INDUSTRY]
    form = lay(keys, [COAL, amounts(T, product="coke", sign=-1)])
    assert form.sign.tolist() == [[-1, 1], [1, -1]]


def test_columns_of_coal_equivalent():
    """They are told from those of the quantity itself, and keep their unit beside that of the row."""
    columns = [amounts(product="raw_coal"), amounts("tce", product="raw_coal", word="standard")]
    form = lay([RowKey(flow="industry", unit="t"), RowKey(flow="households", unit="t")], columns)
    assert form.standard.tolist() == [[False, True]] * 2
    assert say(form.unit) == [["t", "tce"]] * 2
    assert not form.has_twins
    assert lay([INDUSTRY], [COAL, COAL]).has_twins
    assert not lay([INDUSTRY], [COAL, amounts("tce", product="raw_coal")]).has_twins


@pytest.mark.parametrize(
    ("row", "column", "own", "is_refused"),
    [
        ("t", "t", True, False),
        ("1e4 t", "t", True, True),
        ("t", "tce", True, True),
        ("1e4 t", "t", False, False),  # the unit of the title, which the row's passes over
        ("", "t", True, False),
    ],
)
def test_units_that_a_row_and_a_column_print(row, column, own, is_refused):
    """A column that prints its own unit and a row of another: both are said, with the first row that prints it."""
    keys = [HOMES, RowKey(flow="industry", unit=row), RowKey(flow="transport", unit=row)]
    columns = [amounts(column, text="Coal", own=own, product="raw_coal")]
    if not is_refused:
        assert say(lay(keys, columns).unit) == [[column], [row or column], [row or column]]
        return
    with pytest.raises(MisreadError, match=r"correct one of them") as caught:
        lay(keys, columns)
    assert all(part in str(caught.value) for part in (row, column, "'Coal'"))
    assert caught.value.row == 3


def test_what_is_measured_in_watt_hours_and_named_by_nothing_is_electricity():
    """In any other unit of energy it is all energy; what is generated is electricity by its flow."""
    form = lay([INDUSTRY], [amounts("MWh"), amounts("GJ"), COAL])
    assert say(form.product) == [["electricity", "total_energy", "raw_coal"]]
    assert form.by_unit.tolist() == [[True, True, False]]
    assert form.told_by_unit == {"electricity", "total_energy"}
    assert form.electricity[0].tolist() == [[True, False, False]]
    assert not form.has_electricity_in_coal
    generated = lay([RowKey(flow="generation")], [amounts("MWh")])
    assert say(generated.product) == [["electricity"]]
    assert generated.by_unit.tolist() == [
        [False]
    ]  # what is generated is electricity, whatever names it


def test_watt_hours_among_rows_of_fuels_are_all_energy():
    """Where rows name fuels and no column flows, a first row of none is their sum."""
    columns = Columns(
        WORDS, (TableColumn(Header("", word="product"), "product"), amounts("MWh")), Corner()
    )
    keys = (RowKey(), RowKey(product="natural_gas"))
    told = {
        "left_out": frozenset(),
        "parents": {},
        "product_parents": {},
        "own_parts": frozenset(),
        "notes": (),
    }
    form = lay_form(Rows(columns=columns, at=(1, 2), keys=keys, **told), "industry", "")
    assert say(form.product) == [["total_energy"], ["natural_gas"]]


def test_electricity_in_coal_equivalent():
    """It is told by its unit, cell by cell."""
    form = lay(
        [INDUSTRY, RowKey(flow="households", unit="tce")], [amounts("MWh", product="electricity")]
    )
    assert form.electricity[1].tolist() == [[False], [True]]
    assert form.has_electricity_in_coal


@pytest.mark.parametrize(
    ("product", "unit", "is_doubt"),
    [
        ("raw_coal", "t", False),
        ("raw_coal", "m3", True),
        ("raw_coal", "", True),
        ("electricity", "MWh", False),
        ("", "t", True),
    ],
)
def test_a_unit_that_cannot_measure_its_product_is_a_doubt(product, unit, is_doubt):
    """Nothing is assumed where the table and its words give none: tonnes of nothing are no energy."""
    form = lay([INDUSTRY, HOMES], [COKE, amounts(unit, product=product)])
    found = [(one.product, one.unit, one.is_named, one.cells.tolist()) for one in form.doubts]
    of_column = [[False, True], [False, True]]
    assert found == (
        [(product or "total_energy", unit, bool(product), of_column)] if is_doubt else []
    )


def test_units_that_the_words_of_a_table_give():
    """One of the product counts before one of all; what the title prints and is not known lets nothing be assumed."""
    words = Mapping(
        units={"*": "1e4 t", "coke": "t"}, unit_origins={"*": "layout a", "coke": "b.csv"}
    )
    columns = [amounts(product="raw_coal"), amounts(product="coke")]
    form = lay([INDUSTRY], columns, words=words)
    assert say(form.unit) == [["1e4 t", "t"]]
    assert {(one.product, one.unit, one.origin) for one in form.assumed} == {
        ("raw_coal", "1e4 t", "layout a"),
        ("coke", "t", "b.csv"),
    }
    assert not form.doubts
    form = lay([INDUSTRY], columns, words=words, corner=Corner(unread="万箱"))
    assert [one.product for one in form.doubts] == ["raw_coal", "coke"]
    assert not form.assumed


def test_one_of_several_units_of_a_title():
    """吨、万立方米: each product takes the one that measures it, and none is assumed."""
    columns = [amounts(product="raw_coal"), amounts(product="natural_gas")]
    form = lay([INDUSTRY], columns, corner=Corner(several=("t", "1e4 m3")))
    assert say(form.unit) == [["t", "1e4 m3"]]
    assert (form.assumed, form.doubts) == ((), ())


def test_gross_energy_that_the_title_says():
    """Gas in MWh on the gross basis is kept as such, coal in tonnes as it is."""
    form = lay(
        [INDUSTRY], [amounts("MWh", product="natural_gas"), COAL], corner=Corner(basis="gross")
    )
    assert say(form.unit) == [["MWh GCV", "t"]]


def test_parts_behind_marks():
    """#汽油 behind 油品 is a part of it, 原煤 behind 煤合计 another; # of the same product makes its column a part."""
    marked = amounts(T, product="natural_gas", of_which=1)
    form = lay(
        [INDUSTRY],
        [amounts(T, product="other_gas"), marked, COAL, amounts(T, product="raw_coal", of_which=1)],
    )
    assert form.product_parents == {"natural_gas": "other_gas"}
    assert form.own_parts == {4}
    assert lay([INDUSTRY], [COAL, COAL]).own_parts == frozenset()


def test_flows_behind_marks():
    """Those of rows and of columns."""
    column = amounts(T, product="raw_coal", flow="households", of_which=1)
    assert lay([RowKey()], [column], marked=frozenset({"industry"})).marked == {
        "industry",
        "households",
    }
    unmarked = amounts(T, product="raw_coal", flow="households")
    assert lay([RowKey()], [unmarked, amounts(T, product="coke", of_which=1)]).marked == frozenset()


def test_open_plants_of_rows_stay_open():
    """No label says whether industry holds them."""
    assert lay([INDUSTRY], [COAL], open_plants=frozenset({"coking"})).open_plants == {"coking"}


@pytest.mark.parametrize(
    ("keys", "heads", "title", "flows", "transformed"),
    [
        ([RowKey(flow="coking", direction="input")], [{}], "", [["coking.input"]], [[False]]),
        ([RowKey(flow="coking")], [{}], "input", [["coking.input"]], [[False]]),
        (
            [RowKey(flow="coking")],
            [{"direction": "output"}],
            "input",
            [["coking.output"]],
            [[False]],
        ),
        ([RowKey(flow="industry")], [{}], "", [["industry"]], [[False]]),
        ([RowKey(flow="industry")], [{}], "input", [["industry.transformation"]], [[False]]),
        (
            [RowKey(flow="industry")],
            [{"weak": "total_consumption"}],
            "input",
            [["industry"]],
            [[False]],
        ),
        ([RowKey(flow="industry")], [{}], "output", [["industry"]], [[True]]),
        (
            [RowKey(flow="industry.ferrous_smelting")],
            [{}],
            "input",
            [["industry.ferrous_smelting"]],
            [[True]],
        ),
        (
            [RowKey(flow="industry.power_heat_supply")],
            [{}],
            "input",
            [["industry.power_heat_supply"]],
            [[False]],
        ),
        (
            [RowKey(flow="industry.power_heat_supply")],
            [{}],
            "output",
            [["industry.power_heat_supply"]],
            [[True]],
        ),
        ([RowKey(flow="households")], [{}], "input", [["households"]], [[False]]),
    ],
)
def test_inputs_and_outputs_of_plants(keys, heads, title, flows, transformed):
    """Plants have a row for each; industry's inputs are its plants', a branch's are asked for."""
    columns = [amounts(T, product="raw_coal", **head) for head in heads]
    form = lay(keys, columns, ("", "", title))
    assert say(form.flow) == flows
    assert form.transformed.tolist() == transformed
    assert form.may_contradict == any(map(any, transformed))


@pytest.mark.parametrize(
    ("product", "unit", "traded"),
    [("natural_gas", "m3", False), ("electricity", KWH, False), ("gasoline", T, True)],
)
def test_what_a_network_supplies_and_sells(product, unit, traded):
    """供气总量 is all that is used beside a sale, else final consumption; others are sold elsewhere too."""
    column = [amounts(unit, product=product)]
    supply, sale, losses = (
        RowKey(flow=flow) for flow in ("network_supply", "network_sale", "losses")
    )
    both = lay([supply, sale], column)
    assert say(both.flow) == [["total_consumption"], ["final_consumption"]]
    assert both.traded.tolist() == [[traded], [traded]]
    assert not both.supply_holds_losses
    alone = lay([supply, losses], column)
    assert say(alone.flow) == [["final_consumption"], ["losses"]]
    assert alone.traded.tolist() == [[traded], [False]]
    assert alone.supply_holds_losses
    assert not lay([supply], column).supply_holds_losses
    assert not lay([supply, sale, losses], column).supply_holds_losses
    assert not lay([INDUSTRY, losses], column).supply_holds_losses


def test_a_supply_is_whole_only_where_its_own_product_is_sold():
    """Gas with a sale and LPG without one, side by side."""
    keys = [
        RowKey(flow="network_supply", product="natural_gas", unit="m3"),
        RowKey(flow="network_sale", product="natural_gas", unit="m3"),
        RowKey(flow="network_supply", product="lpg", unit="t"),
    ]
    form = lay(keys, [amounts()])
    assert say(form.flow) == [["total_consumption"], ["final_consumption"], ["final_consumption"]]


FLOWS = (
    "industry",
    "households",
    "transport",
    "farming",
    "coking",
    "thermal_power",
    "final_consumption",
)
PRODUCTS = (
    ("raw_coal", "t"),
    ("coke", "1e4 t"),
    ("natural_gas", "m3"),
    ("diesel", "tce"),
    ("electricity", "MWh"),
)


@settings(max_examples=30, deadline=None)
@given(
    flows=st.lists(st.sampled_from(FLOWS), min_size=1, max_size=6),
    heads=st.lists(
        st.tuples(st.sampled_from(PRODUCTS), st.sampled_from([1, -1]), st.booleans()),
        min_size=1,
        max_size=5,
    ),
    title=st.sampled_from(["", "industry", "total_consumption"]),
    signs=st.lists(st.sampled_from([1, -1]), min_size=6, max_size=6),
)
def test_a_table_in_any_order_is_laid_as_the_print_lays_it(flows, heads, title, signs):
    """What is kept of all tables with these rows and columns says of each cell what the table alone says."""
    keys = [RowKey(flow=flow, sign=sign) for flow, sign in zip(flows, signs, strict=False)]
    columns = [
        amounts(
            unit,
            product=product,
            sign=sign,
            word="standard" if unit == "tce" and is_standard else None,
        )
        for (product, unit), sign, is_standard in heads
    ]
    rows = make_rows(
        keys, columns, marked=frozenset({"industry"}), open_plants=frozenset({"coking"})
    )
    kept, alone = find_form(rows, title, ""), lay_form(rows, title, "")
    for name in ("flow", "product", "unit", "year", "area"):
        assert say(getattr(kept, name)) == say(getattr(alone, name))
        assert getattr(kept, name).labels == getattr(alone, name).labels
    for name in (
        "rows",
        "columns",
        "sign",
        "standard",
        "by_unit",
        "crossed",
        "crossed_flows",
        "traded",
        "transformed",
    ):
        assert np.array_equal(getattr(kept, name), getattr(alone, name)), name
    for name in (
        "heads",
        "takes_area",
        "takes_year",
        "supply_holds_losses",
        "product_parents",
        "marked",
        "open_plants",
    ):
        assert getattr(kept, name) == getattr(alone, name), name
    if kept.of_kinds is not None:
        place = [(i, j) for i in range(len(keys)) for j in range(len(columns))]
        for (i, j), cell in zip(place, kept.of_kinds.tolist(), strict=True):
            k, m = divmod(cell, len(kept.kinds.columns))
            assert say(kept.kinds.flow)[k][m] == say(kept.flow)[i][j]
            assert say(kept.kinds.product)[k][m] == say(kept.product)[i][j]
            assert kept.kinds.sign[k, m] == kept.sign[i, j]


PLAIN = [COAL, COKE]


@pytest.mark.parametrize(
    ("keys", "columns", "kinds"),
    [
        ([INDUSTRY, HOMES], PLAIN, (2, 2)),
        ([HOMES, INDUSTRY, HOMES], [COKE, COAL, COKE], (2, 2)),
        ([INDUSTRY], [COAL, amounts("1e4 t", product="raw_coal")], (1, 2)),
        ([INDUSTRY], [COAL, amounts(T, product="raw_coal", sign=-1)], (1, 2)),
        ([INDUSTRY], [COAL, amounts(T, product="raw_coal", own=True)], (1, 2)),
        ([INDUSTRY], [COAL, amounts(T, product="raw_coal", word="standard")], (1, 2)),
        ([RowKey(flow="industry", area="甲市")], PLAIN, None),
        ([RowKey(flow="industry", year=2019)], PLAIN, None),
        ([RowKey(flow="industry", product="lpg")], PLAIN, None),
        ([RowKey(flow="industry", unit="t")], PLAIN, None),
        *(
            ([INDUSTRY], [COAL, amounts(T, product="coke", **{name: value})], None)
            for name, value in {
                "flow": "industry",
                "weak": "total_consumption",
                "direction": "input",
                "of_which": 1,
                "year": 2019,
                "years_back": 1,
                "area": "甲市",
                "coverage": "市辖区",
            }.items()
        ),
    ],
)
def test_which_tables_say_nothing_by_their_order(keys, columns, kinds):
    """Rows of a flow alone over columns of a product alone; each that differs once, and which of them each is."""
    rows = make_rows(keys, columns, weak="total_consumption")
    found = find_kinds(rows)
    if kinds is None:
        assert found is None
        return
    table, of_rows, of_columns = found
    assert (len(table.keys), len(table.columns.data)) == kinds
    assert [table.keys[n] for n in of_rows] == list(keys)
    each = [table.columns.each[table.columns.data[n]] for n in of_columns]
    assert [
        (one.header.product, one.unit, one.header.sign, one.header.word, one.has_own_unit)
        for one in each
    ] == [
        (one.header.product, one.unit, one.header.sign, one.header.word, one.has_own_unit)
        for one in columns
    ]
    turned = find_kinds(make_rows(keys[::-1], columns[::-1], weak="total_consumption"))
    assert turned[0] == table  # one object for all orders, by which what is kept is found
    laid = table.as_rows()
    assert (laid.weak, laid.keys, laid.at) == (
        "total_consumption",
        table.keys,
        tuple(range(len(table.keys))),
    )


def test_a_table_without_labels_of_flows_has_an_order():
    """What its rows are hangs on more than their labels."""
    columns = Columns(WORDS, (TableColumn(Header("", word="product"), "product"), COAL), Corner())
    told = {
        "left_out": frozenset(),
        "parents": {},
        "product_parents": {},
        "own_parts": frozenset(),
        "notes": (),
    }
    assert find_kinds(Rows(columns=columns, at=(1,), keys=(INDUSTRY,), **told)) is None
