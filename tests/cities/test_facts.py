"""Single numbers of a city's tables: sums of parts, numbers printed twice, contradictions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from carbonacct.balances.label.labels import count_energy_names
from carbonacct.cities.indicator_table import read_indicator_unit
from carbonacct.cities.meaning import (
    Fact,
    StatementMeaning,
    _find_product,
    find_meaning,
    is_above_size,
)
from carbonacct.cities.own_tables import _add_up, _drop_alternatives, _drop_spellings, _drop_sums
from carbonacct.cities.yearbook import _name_coal, _sum_months, check_coefficients
from carbonacct.errors import TableError, UnitError
from carbonacct.records.periods import YEAR
from carbonacct.records.statements import Statement


def state(
    *labels,
    sector="",
    product="",
    year=2019,
    months=YEAR,
    value=1.0,
    unit="t",
    row=1,
    table="某市能源",
    sheet="a",
):
    """Return a printed number."""
    return Statement(
        table=table,
        labels=labels,
        sector=sector,
        product=product,
        year=year,
        months=months,
        unit=unit,
        value=value,
        area="",
        source="",
        sheet=(f"{sheet}.csv", ""),
        row=row,
        column=1,
    )


def make(
    value,
    *,
    kind="use",
    flow="industry",
    product="raw_coal",
    unit="t",
    converted="",
    label="煤",
    group="",
    rank=0,
    is_part=False,
    **stated,
):
    """Return a number that is understood."""
    meaning = StatementMeaning(kind, flow, product, group=group, rank=rank, is_part=is_part)
    return Fact(state(label, value=value, unit=unit, **stated), meaning, value, unit, converted)


def test_one_number_of_a_row_is_printed():
    """Equal numbers are one; a whole stands before its parts."""
    assert _add_up([make(5.0)]).value == 5.0
    assert _add_up([make(5.0), make(5.0 * (1 + 0.9e-6))]).value == 5.0
    cell = _add_up([make(2.0, is_part=True), make(5.0), make(3.5, is_part=True)])
    assert (cell.value, cell.origin.how, cell.is_part) == (5.0, "printed", False)


def test_parts_add_up_with_their_cells():
    """Several parts and no whole: the sum names each; one part alone is the row."""
    cell = _add_up(
        [make(2.0, is_part=True, label="甲", row=1), make(3.5, is_part=True, label="乙", row=2)]
    )
    assert (cell.value, cell.unit, cell.is_part, cell.origin.how) == (5.5, "t", True, "derived")
    assert cell.origin.source == "sum of 甲 a.csv!B2; 乙 a.csv!B3"
    assert _add_up([make(2.0, is_part=True)]).origin.how == "printed"


def test_numbers_of_one_row_that_differ_are_refused():
    """Both cells are named; parts in two units are none of one sum."""
    with pytest.raises(
        TableError,
        match=r"a\.csv!B3: raw_coal of industry is 6 t here and 5 in a\.csv!B2; keep one",
    ):
        _add_up([make(5.0), make(6.0, row=2)])
    with pytest.raises(
        TableError, match=r"a\.csv!B4: raw_coal of industry is 5\.1 t here and 5 in a\.csv!B2"
    ):
        _add_up([make(5.0), make(5.000001, row=2), make(5.1, row=3)])
    with pytest.raises(
        TableError,
        match=r"a\.csv!B2: the parts of industry are in t and tce; give them in one unit",
    ):
        _add_up([make(2.0, is_part=True), make(3.0, is_part=True, unit="tce", row=2)])


def test_of_two_spellings_the_one_in_the_unit_of_the_product_counts():
    """Tonnes before coal equivalent, printed before converted, and the other is told."""
    notes = []
    tonnes, tce = make(5.0), make(3.6, unit="tce", row=2)
    assert _drop_spellings([tce, tonnes], notes) == [tonnes]
    assert _drop_spellings([tonnes, tce], notes) == [tonnes]
    assert [(one.rule, one.severity, one.where) for one in notes] == [
        ("city-alternative", "info", "a.csv!B3")
    ] * 2
    turned = make(5.0, converted="from tce", row=3)
    assert _drop_spellings([turned, tonnes], []) == [tonnes]
    assert _drop_spellings([tonnes, make(4.0, label="焦", row=2)], []) == [
        tonnes,
        make(4.0, label="焦", row=2),
    ]
    with pytest.raises(TableError, match=r"煤 is .* here and .*; keep one"):
        _drop_spellings([tonnes, make(5.1, row=2)], [])
    assert len(_drop_spellings([tonnes, make(5.0 * (1 + 0.9e-6), row=2)], [])) == 1


def test_of_several_offices_the_first_in_the_order_counts():
    """The lowest rank of a group and product; labels outside the boundary stay."""
    notes = []
    first, second = (
        make(5.0, group="g", rank=1, label="甲"),
        make(6.0, group="g", rank=2, label="乙", row=2),
    )
    other = make(7.0, group="g", rank=2, product="coke", label="丙", row=3)
    assert _drop_alternatives([second, first, other], [], notes) == [first, other]
    (note,) = notes
    assert (note.rule, note.severity, note.where) == ("city-alternative", "warning", "a.csv!B3")
    assert note.message == "乙 prints 6 t and 甲 5 t (a.csv!B2): the second counts"
    assert _drop_alternatives([second, first], ["乙"], []) == [second, first]
    plain = make(1.0, group="g")
    assert _drop_alternatives([plain, replace(plain, value=2.0)], [], []) == [
        plain,
        replace(plain, value=2.0),
    ]


def test_a_sum_beside_its_parts():
    """The parts count where they lie in the row of the sum, the sum where a part has no number.

    Both count where their rows differ.
    """
    whole = make(10.0, kind="sum", group="g", label="合计")
    parts = [make(4.0, group="g", label="甲", row=2), make(6.0, group="g", label="乙", row=3)]
    notes = []
    assert _drop_sums([whole, *parts], [], notes) == parts
    assert notes == []
    lost = make(0.0, group="g", label="丙", row=4)
    used = replace(
        whole, meaning=replace(whole.meaning, kind="use")
    )  # what is left of sums is a use as any
    assert _drop_sums([whole, *parts], [lost], []) == [used]
    assert _drop_sums([whole, *parts], [replace(lost, statement=state("甲", row=4))], []) == parts
    apart = [parts[0], replace(parts[1], meaning=replace(parts[1].meaning, flow="transport"))]
    assert _drop_sums([whole, *apart], [], []) == [used, *apart]
    assert _drop_sums([whole], [], []) == [used]
    assert _drop_sums(parts, [], []) == parts


def test_parts_of_nothing_are_nothing():
    """Zeros add up to a zero, and nothing is said."""
    notes = []
    parts = [make(0.0, group="g", label="甲", row=2), make(0.0, group="g", label="乙", row=3)]
    _drop_sums([make(0.0, kind="sum", group="g", label="合计"), *parts], [], notes)
    assert notes == []


@pytest.mark.parametrize(("total", "is_told"), [(10.049, False), (10.06, True), (9.94, True)])
def test_parts_that_are_not_their_sum_are_told(total, is_told):
    """More than half a per cent off, with what counts."""
    parts = [make(4.0, group="g", label="甲", row=2), make(6.0, group="g", label="乙", row=3)]
    notes = []
    _drop_sums([make(total, kind="sum", group="g", label="合计"), *parts], [], notes)
    assert [note.message.endswith("its parts give 10: the parts count") for note in notes] == [
        True
    ] * is_told
    apart = [parts[0], replace(parts[1], meaning=replace(parts[1].meaning, flow="transport"))]
    notes = []
    _drop_sums([make(total, kind="sum", group="g", label="合计"), *apart], [], notes)
    assert [note.message.endswith("both are kept") for note in notes] == [True] * is_told


def coal(year, tonnes, each):
    """Return a total in tonnes and in tce of a year."""
    tce = make(tonnes * each, kind="total", flow="", unit="tce", year=year, row=2)
    return [make(tonnes, kind="total", flow="", year=year, row=1), tce]


@pytest.mark.parametrize(
    ("each", "told"), [(0.7143, []), (0.7143 * 1.049, []), (0.7143 * 1.051, [2019]), (0.67, [2019])]
)
def test_a_total_that_implies_another_coefficient(each, told):
    """Five per cent from that of the other years: one of the two numbers is wrong."""
    facts = [*coal(2017, 100, 0.7143), *coal(2018, 110, 0.7143), *coal(2019, 120, each)]
    found = check_coefficients(facts, [2017, 2018, 2019])
    assert [one.rule for one in found] == ["city-coefficient"] * len(told)
    assert all("raw_coal of 2019 is 120 t and" in one.message for one in found)
    assert check_coefficients(facts, [2018]) == []


def test_two_years_have_no_usual_coefficient():
    """Nor has a year of one number, or of nothing."""
    assert check_coefficients([*coal(2018, 110, 0.7143), *coal(2019, 120, 2.0)], [2018, 2019]) == []
    facts = [
        *coal(2017, 100, 0.7),
        *coal(2018, 0, 0.7),
        *coal(2019, 120, 2.0)[:1],
        *coal(2016, 1, 0.7),
    ]
    assert check_coefficients(facts, [2016, 2017, 2018, 2019]) == []
    uses = [
        replace(one, meaning=replace(one.meaning, kind="use"))
        for one in [*coal(2017, 1, 1), *coal(2018, 1, 1), *coal(2019, 1, 2)]
    ]
    assert check_coefficients(uses, [2017, 2018, 2019]) == []


def test_months_make_a_year_where_all_are_there():
    """Four quarters, or half a year and two of them; the year itself counts before its months."""
    quarters = [make(float(n), months=(3 * n - 2, 3 * n), row=n) for n in (1, 2, 3, 4)]
    (year,), notes = _sum_months(quarters)
    assert (year.value, year.statement.months, year.converted, notes) == (
        10.0,
        YEAR,
        "sum of 4 periods",
        [],
    )
    assert year.statement.source == "a.csv!B2; a.csv!B3; a.csv!B4; a.csv!B5"
    half = make(3.5, months=(1, 6), row=5)
    assert _sum_months([half, *quarters])[0][0].value == 10.5
    printed = make(9.0)
    assert _sum_months([printed, *quarters]) == ([printed], [])
    kept, (note,) = _sum_months(quarters[:3])
    assert (kept, note.rule, note.severity) == ([], "city-months", "error")
    assert "the year lacks month 10, 11, 12" in note.message
    assert (
        "periods that do not overlap"
        in _sum_months([make(1.0, months=(1, 7)), make(1.0, months=(6, 12))])[1][0].message
    )


def test_coal_beside_coal_products_holds_none_of_them():
    """In the table of branches alone, and not where raw coal has a column of its own."""
    facts = [make(1.0, kind="branch", product=one) for one in ("coal_total", "briquettes")]
    assert [one.meaning.product for one in _name_coal(facts)] == ["raw_coal", "briquettes"]
    raw = make(1.0, kind="branch", product="raw_coal")
    assert [one.meaning.product for one in _name_coal([*facts, raw])] == [
        "coal_total",
        "briquettes",
        "raw_coal",
    ]
    assert [one.meaning.product for one in _name_coal(facts[:1])] == ["coal_total"]
    apart = [facts[0], make(1.0, kind="branch", product="briquettes", sheet="b")]
    assert [one.meaning.product for one in _name_coal(apart)] == ["coal_total", "briquettes"]
    uses = [make(1.0, product=one) for one in ("coal_total", "briquettes")]
    assert [one.meaning.product for one in _name_coal(uses)] == ["coal_total", "briquettes"]


@pytest.mark.parametrize(
    ("statement", "kind", "flow", "product"),
    [
        (state("煤炭", sector="纺织业"), "branch", "industry.textile", "coal_total"),
        (state("煤炭(万吨)", sector="纺织业"), "branch", "industry.textile", "coal_total"),
        (state(sector="纺织业", product="柴油"), "branch", "industry.textile", "diesel"),
        (state("人数", sector="纺织业"), "unread", "", ""),
        (state("煤炭", sector="居民"), "unread", "", ""),
        (state("煤炭", sector="怪物"), "unread", "", ""),
        (state("怪物"), "unread", "", ""),
        (state(), "unread", "", ""),
        # A label that joins a use to a product says both, as in a balance.
        (state("规模以上工业原煤消费量"), "branch", "industry", "raw_coal"),
        (state("工业用煤量"), "use", "industry", "coal_total"),
        (state("农业用电量"), "use", "farming", "electricity"),
        (state("第三产业用电量"), "unread", "", ""),
        (state("规模以上工业消费量"), "unread", "", ""),
        (state("工业能源消费量"), "unread", "", ""),
    ],
)
def test_what_a_number_of_a_branch_means(statement, kind, flow, product):
    """A branch of industry and a fuel; another sector, or what is no fuel, is not read."""
    found = find_meaning(statement)
    assert (found.kind, found.flow, found.product) == (kind, flow, product)


@pytest.mark.parametrize(
    ("indicator", "text", "unit", "factor"),
    [
        ("population", "万人", "1e4 person", 1.0),
        ("population", "人", "1e4 person", 1e-4),
        ("gdp", "亿元(2015年价)", "1e8 CNY", 1.0),
        ("coverage", "%", "", 1.0),
        (None, "户", "户", 1.0),
        (None, "%", "percent", 1.0),
    ],
)
def test_the_unit_of_an_indicator(indicator, text, unit, factor):
    """That of the indicator; one that nobody converts stays as written."""
    assert read_indicator_unit(indicator, text, "x!A1") == (unit, pytest.approx(factor))


@pytest.mark.parametrize(
    ("indicator", "text"), [("population", "户"), ("population", "吨"), (None, ""), (None, "ton")]
)
def test_a_unit_that_cannot_measure_an_indicator(indicator, text):
    """It is refused at its cell: not known, of something else, not printed, of several meanings."""
    with pytest.raises(UnitError, match="x!A1: "):
        read_indicator_unit(indicator, text, "x!A1")


def test_a_table_of_larger_industry_says_so():
    """In a title or the name of a file, as a word."""
    assert [
        is_above_size(text) for text in ("规上工业", "ads_2019.csv", "above designated size")
    ] == [True] * 3
    assert not is_above_size("工业", "loads.csv", "roads")


def test_flows_and_products_that_texts_name():
    """Each once, alone or joined; what names neither is none."""
    assert count_energy_names(["煤炭消费量", "工业用煤", "水泥产量", "Residential"]) == (2, 1)
    assert count_energy_names(["原煤", "焦炭", "工业"]) == (1, 2)
    assert count_energy_names(["水泥产量", ""]) == count_energy_names([]) == (0, 0)


@pytest.mark.parametrize(
    ("texts", "product"),
    [
        (("天然气发电",), "natural_gas"),  # the longest word of a text, wherever it stands
        (("发电用天然气",), "natural_gas"),
        (("natural gas, generation",), "electricity"),
        (("居民", "天然气", "全社会用电"), "natural_gas"),  # the nearest text that names one
        (("gasoline",), "gasoline"),  # an English word is whole
        (("megasite", ""), ""),
        (("Sold Gas",), "natural_gas"),
    ],
)
def test_the_product_that_a_text_names(texts, product):
    """By a word of the list, the longest first."""
    assert _find_product(texts) == product
