"""What is said of sums that do not hold: once for each cause, with both sides, the cells and what they should hold."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import carbonacct as ca
from carbonacct.balances.check import checks
from carbonacct.balances.check.cause_evidence import Fault
from carbonacct.balances.check.causes import Cause
from carbonacct.balances.check.identities import make_system
from carbonacct.balances.check.line_wording import describe_line
from carbonacct.balances.check.lines import LineCause
from tests.balances.cases import make_case, make_table
from tests.balances.test_remainders import frame
from tests.sectors.energy.building import table

FIRST = 2018


def tell(*tables):
    """Return the findings of errors of a table for each year, its numbers in tonnes."""
    lines = [
        frame({flow: row.to_dict() for flow, row in one.iterrows()}, year=FIRST + k)
        for k, one in enumerate(tables)
    ]
    findings = ca.check_balance(ca.make_balance(pd.concat(lines)))
    return [finding for finding in findings if finding.severity == "error"]


def gaps_of(finding):
    """Return what each cell of a finding holds beyond what it should: (year, flow, product) -> t."""
    return {(gap.year, gap.flow, gap.product): pytest.approx(gap.amount) for gap in finding.gaps}


def change(*changes):
    """Return the sound table with more, or another, number in some cells."""
    wrong = make_table()
    for flow, product, more in changes:
        wrong.loc[flow, product] += more
    return wrong


def test_a_number_that_two_sums_ask_for():
    """Coal of final consumption, 2095.38 for 1774.31: one finding with both sides, the other sum and the gap."""
    (found,) = tell(change(("final_consumption", "raw_coal", 321.07)))
    assert (found.rule, found.where) == ("sum-of-parts", "A 2018")
    assert found.message == (
        "raw_coal of final_consumption is 2095.38, the rows give 1774.31: difference 321.07; "
        "raw_coal of statistical_difference fails with it"
    )
    assert (
        found.action
        == "raw_coal of final_consumption may hold another number: 2095.38 for 1774.31, as 2 sums say"
    )
    assert gaps_of(found) == {(2018, "final_consumption", "raw_coal"): 321.07}


def test_cells_that_no_other_sum_confirms_are_named():
    """Losses 321.07: supply or losses, since other rows confirm final consumption; supply has the gap."""
    (found,) = tell(change(("losses", "raw_coal", 321.07)))
    assert (
        found.message
        == "raw_coal of statistical_difference is 0, the rows give -321.07: difference 321.07"
    )
    assert found.action == (
        "raw_coal of primary_supply may be wrong: 1774.31 for 2095.38; "
        "or raw_coal of losses may be wrong: 321.07 for 0; "
        "other sums confirm the rest"
    )
    assert gaps_of(found) == {(2018, "primary_supply", "raw_coal"): -321.07}


@pytest.mark.parametrize("construction", [1, 4])
def test_a_part_that_would_be_negative_is_not_confirmed_by_that(tmp_path, construction):
    """80 beside parts that exceed it by 3.3: of 1 nothing would be left, and no other sum says that it is right."""
    rows = {
        "final_consumption": 80.0,
        "industry": 60.7,
        "transport": 22.6 - construction,
        "construction": construction,
    }
    balance = table(
        tmp_path, {flow: {"raw_coal": number, "coke": ""} for flow, number in rows.items()}
    )
    (found,) = ca.check_balance(balance)
    if construction == 1:
        assert found.action == (
            "table.csv!B3 may be wrong: 80 for 83.3; or table.csv!B4 may be wrong: 60.7 for 57.4; "
            "or table.csv!B5 may be wrong: 21.6 for 18.3"
        )
    else:  # four cells are too many to name
        assert found.action == "no other sum tells which of its cells is off: check them"


def test_one_cause_of_several_years_is_one_finding():
    """Diesel of industry with the wrong sign in 2018 and 2020."""
    wrong = make_table()
    number = wrong.loc["industry", "diesel"]
    wrong.loc["industry", "diesel"] = -number
    (found,) = tell(wrong, make_table(), wrong)
    assert found.message.endswith("; so it is in 2 years: 2018, 2020")
    assert (
        found.action
        == f"diesel of industry may have the wrong sign: {-number:.10g} for {number:.10g}"
    )
    assert gaps_of(found) == {(year, "industry", "diesel"): -2 * number for year in (2018, 2020)}


def test_one_line_of_several_years_is_one_finding():
    """The row of industry ten times too large in both years, with the gap of each of its cells."""
    right = make_table()
    wrong = right.copy()
    wrong.loc["industry"] *= 10
    (found,) = tell(wrong, wrong)
    assert found.rule == "line-scaled"
    assert found.message == (
        "the row industry may be in another unit: 8 sums hold if its numbers are multiplied by 0.1; "
        "so it is in 2 years: 2018, 2019"
    )
    cells = right.loc["industry"].items()
    assert gaps_of(found) == {
        (year, "industry", product): 9 * number
        for product, number in cells
        for year in (2018, 2019)
    }


BLANK = {
    "industry": {"oil_total": "", "diesel": 5, "gasoline": 2},
    "transport": {"oil_total": "", "diesel": 7, "gasoline": 1.5},
    "construction": {"oil_total": 9, "diesel": 8, "gasoline": 1},
}


def test_totals_that_are_left_blank_are_one_warning(tmp_path):
    """Oil is blank beside 7 and 8.5 of its products: relative to its sides each is all of it."""
    (found,) = ca.check_balance(table(tmp_path, BLANK))
    assert (found.rule, found.severity, found.where) == (
        "sum-of-products",
        "warning",
        "table.csv!B3",
    )
    assert found.message == (
        "oil_total is blank in 2 rows whose products have numbers, the furthest: "
        "oil_total of industry is blank, the products give 7: difference -7"
    )
    assert found.action == "the total is left blank: fill it in, or leave it out"
    assert gaps_of(found) == {
        (2021, "industry", "oil_total"): -7e4,
        (2021, "transport", "oil_total"): -8.5e4,
    }


def test_one_total_that_is_left_blank(tmp_path):
    """It is named with both sides, and no list."""
    rows = BLANK | {"transport": {"oil_total": 8.5, "diesel": 7, "gasoline": 1.5}}
    (found,) = ca.check_balance(table(tmp_path, rows))
    assert found.message == "oil_total of industry is blank, the products give 7: difference -7"


@pytest.mark.parametrize(("most", "named", "said"), [(1, 1, 2), (2, 2, 0)])
def test_of_many_causes_the_first_are_named_and_the_rest_is_counted(monkeypatch, most, named, said):
    """Coal is off in one year and coke in two: so many causes by name, then how many more sums from where on."""
    monkeypatch.setattr(checks, "_MOST_NAMED", most)
    findings = tell(
        *(change(("losses", product, 321.07)) for product in ("raw_coal", "coke", "coke"))
    )
    assert sum("difference 321.07" in finding.message for finding in findings) == named
    more = [finding.message for finding in findings if "more cells" in finding.message]
    assert more == [
        f"{said} more cells like these, from coke of statistical_difference of A 2019 on"
    ] * bool(said)


def test_what_a_supply_does_not_print_is_one_warning():
    """The stock at the start of the year: products of supply that are not what its rows give, the furthest first."""
    products = ("raw_coal", "coke", "diesel", "gasoline", "kerosene")
    rows = {
        "primary_supply": dict.fromkeys(products, 100.0),
        "production": dict.fromkeys(products, 0.0),
    }
    rows["imports"] = dict(zip(products, (90.0, 50.0, 99.0, 20.0, 98.0), strict=True))
    findings = ca.check_balance(ca.make_balance(frame(rows)))
    (found,) = [finding for finding in findings if finding.rule == "sum-of-parts"]
    assert (found.severity, found.gaps) == ("warning", ())
    assert found.message == (
        "5 products of primary_supply are not what the rows give, the furthest: gasoline of primary_supply is 100, "
        "the rows give 20: difference 80, then coke, raw_coal, kerosene and 1 more"
    )
    assert found.action == "the stock at the start of the year may not be printed"


SCALES = {
    1e-4: "10000 (亿 for 万, or 万 for one)",
    1e4: "0.0001 (万 for 亿, or one for 万)",
    1e-3: "1000 (千 for one)",
    1e3: "0.001 (one for 千)",
    0.1: "10",
    0.4: "2.5",
}


@pytest.mark.parametrize(("factor", "said"), SCALES.items())
def test_a_column_in_another_unit_says_which(factor, said):
    """Thousands, and the Chinese steps of ten thousand, by their words; other factors by their number."""
    wrong = make_table()
    wrong["diesel"] *= factor
    (found,) = tell(wrong)
    assert (found.rule, found.action) == ("line-scaled", "check the unit in the header")
    assert found.message == (
        f"the column diesel may be in another unit: 6 sums hold if its numbers are multiplied by {said}"
    )


@pytest.mark.parametrize(("axis", "name"), [("row", "industry"), ("column", "diesel")])
def test_a_line_with_the_wrong_sign_says_so(axis, name):
    """Of a row its sums over rows, of a column those over products."""
    wrong = make_table()
    wrong.loc[(name, slice(None)) if axis == "row" else (slice(None), name)] *= -1
    (found,) = tell(wrong)
    sums = 8 if axis == "row" else 6
    assert (found.rule, found.action) == ("line-scaled", "check its sign")
    assert (
        found.message
        == f"the {axis} {name} may have the wrong sign: {sums} sums hold with the other"
    )


@pytest.mark.parametrize(
    ("product", "axis", "factor", "content"),
    [
        ("raw_coal", "column", 1.4, "20.9"),  # 29.3076 GJ / 1.4: Chinese coal
        ("raw_coal", "column", 1.95, "15"),
        ("raw_coal", "column", 0.95, "30.9"),
        ("raw_coal", "column", 0.9, None),  # 32.6 GJ/t: no coal has so much
        ("raw_coal", "column", 2.5, None),  # 11.7: as likely something else
        ("diesel", "column", 0.6863, "42.7"),
        ("diesel", "column", 1.4, None),
        ("raw_coal", "row", 1.4, None),
        ("natural_gas", "column", 1.4, None),  # no tonnes
    ],
)
def test_a_factor_that_is_the_energy_of_a_tonne_says_coal_equivalent(
    product, axis, factor, content
):
    """A column of tonnes printed in coal equivalent, where the product may have that energy (energy_content.csv)."""
    balance = ca.make_balance(
        frame({"industry": dict.fromkeys(("raw_coal", "diesel", "natural_gas"), 1.0)})
    )
    at = 0 if axis == "row" else balance.products.index(product)
    line = LineCause("scaled", axis, at, np.array([0]), np.array([1.0]), (0, 1, 2), factor=factor)
    rule, message, _ = describe_line(balance, None, line)
    assert rule == "line-scaled"
    words = f" (as tonnes of coal equivalent at {content} GJ/t)" if content else ""
    assert message.endswith(f"multiplied by {factor:.6g}{words}")


def test_a_row_that_is_missing_says_which_may_be_and_where_the_gap_is_widest():
    """Rows of final consumption that the table does not print, in the order of the vocabulary."""
    (found,) = tell(make_table().drop("construction"))
    assert found.rule == "missing-row"
    assert found.message == (
        "8 products of final_consumption are not what its rows give, and the differences add up like a row of their "
        "own, the furthest: oil_total of final_consumption is 8222.3, the rows give 6510.39: difference 1711.91"
    )
    assert found.action == (
        "a row of final_consumption may be missing (fisheries, construction, wholesale_retail and 12 more not printed)"
    )


@pytest.mark.parametrize(
    ("axis", "by", "way"),
    [("row", 1, "right"), ("row", -1, "left"), ("column", 1, "down"), ("column", -1, "up")],
)
def test_a_line_that_is_shifted_says_which_way_and_from_where(axis, by, way):
    """From the first number that stands beside its place on."""
    balance = ca.make_balance(frame({flow: row.to_dict() for flow, row in make_table().iterrows()}))
    case, _ = make_case(make_table())
    cells = np.arange(case.width) if axis == "row" else np.arange(len(balance.flows)) * case.width
    numbers = case.numbers[cells].copy()
    numbers[1:] = numbers[1:] + 5.0
    line = LineCause("shifted", axis, 0, cells, numbers, (0, 1, 2), factor=float(by))
    fault = Fault(0, 0, Cause((0, 1, 2), line=line), case)
    rule, message, action = describe_line(balance, fault, line)
    flow, product = (
        (balance.flows[0], balance.products[1])
        if axis == "row"
        else (balance.flows[1], balance.products[0])
    )
    assert (rule, action) == ("line-shifted", "check its cells")
    name = balance.flows[0] if axis == "row" else balance.products[0]
    assert message == (
        f"the {axis} {name} may be shifted by one cell ({way}) from {product} of {flow} on: 3 sums hold without that"
    )


def test_a_sum_that_proves_something_speaks_before_one_that_is_known_to_fail():
    """Supply 321.07 too large: its rows, where opening stock may be missing, and the balance, the error."""
    right = make_table()
    right.loc["production"] = right.loc["primary_supply"]
    assert tell(right) == []
    right.loc["primary_supply", "raw_coal"] += 321.07
    (found,) = tell(right)
    assert (found.rule, found.severity) == ("balance", "error")
    assert found.message.startswith(
        "raw_coal of statistical_difference is 0, the rows give 321.07: difference -321.07"
    )
    assert found.message.endswith("; raw_coal of primary_supply fails with it")


def test_what_a_line_in_another_unit_does_to_plants_is_said_once():
    """Plants that put out too much in both years: of that in which a row is in another unit, the row alone is named."""
    right = make_table()
    right["electricity"] = (right["coke"] * 1e5).round()
    right.loc["thermal_power"] = right.loc["transformation"]
    right.loc["thermal_power", ["raw_coal", "electricity"]] = [
        -30.0,
        1e6,
    ]  # 630 GJ in, 3,600 GJ out
    right.loc["transformation"] = right.loc["thermal_power"]
    right.loc["primary_supply"] -= right.loc["transformation"]
    wrong = right.copy()
    wrong.loc["industry"] *= 10
    lines = [
        frame({flow: row.to_dict() for flow, row in one.iterrows()}, year=2018 + k)
        for k, one in enumerate((wrong, right))
    ]
    findings = ca.check_balance(ca.make_balance(pd.concat(lines)))
    told = [(finding.rule, finding.gaps[0].year) for finding in findings if finding.gaps]
    assert [rule for rule, year in told if year == 2018 and not rule.startswith("jump")] == [
        "line-scaled"
    ]
    assert [rule for rule, year in told if year == 2019 and not rule.startswith("jump")] == [
        "conversion"
    ]


@pytest.mark.parametrize(("most", "named"), [(0, 0), (1, 1), (2, 2), (3, 2)])
def test_the_search_of_causes_is_bounded_over_all_years(monkeypatch, most, named):
    """Two slips in two years, each another: beyond the bound the sums are told without a cause, and none is lost."""
    monkeypatch.setattr(checks, "_MOST_SEARCHED", most)
    years = [make_table(), make_table()]
    for year, product in zip(years, ("raw_coal", "coke"), strict=True):
        year.loc["industry", product] *= 100
    findings = tell(*years)
    slips = [
        finding for finding in findings if "decimal point in the wrong place" in finding.action
    ]
    assert len(slips) == named
    assert {gap.product for finding in findings for gap in finding.gaps} == {"raw_coal", "coke"}


@pytest.mark.parametrize(("most", "named"), [(0, 0), (1, 1), (2, 2)])
def test_years_in_which_only_sums_fail_that_are_known_to_have_a_bound_of_their_own(
    monkeypatch, most, named
):
    """Supply without its opening stock, a lost point in its rows: so many years are searched, whatever others cost."""
    monkeypatch.setattr(checks, "_MOST_SOFT", most)
    years = []
    for product in ("raw_coal", "coke"):
        year = make_table()
        year.loc["production"] = year.loc["primary_supply"]
        year.loc["production", product] *= 100
        years.append(year)
    lines = [
        frame({flow: row.to_dict() for flow, row in one.iterrows()}, year=FIRST + k)
        for k, one in enumerate(years)
    ]
    findings = [
        one
        for one in ca.check_balance(ca.make_balance(pd.concat(lines)))
        if one.rule == "sum-of-parts"
    ]
    assert {one.severity for one in findings} == {"warning"}
    assert sum("decimal point in the wrong place" in one.action for one in findings) == named
    assert sum("the stock at the start" in one.action for one in findings) == (2 - named > 0)


@pytest.mark.parametrize("size", [1, 2, 7])
def test_what_fails_does_not_depend_on_how_many_years_are_looked_at_together(monkeypatch, size):
    """Five years in blocks of any size: the sums that fail are those of each year."""
    years = [change(("industry", product, 50.0)) for product in ("raw_coal", "coke", "diesel")]
    years = [years[0], make_table(), years[1], years[2], make_table()]
    lines = [
        frame({flow: row.to_dict() for flow, row in one.iterrows()}, year=FIRST + k)
        for k, one in enumerate(years)
    ]
    balance = ca.make_balance(pd.concat(lines))
    system = make_system(balance)
    monkeypatch.setattr(checks, "_BLOCK", size)
    found = checks.find_failing(balance, system)
    assert {y: len(failing) for (_, y), failing in found.items()} == {0: 1, 2: 1, 3: 2}
    products = [
        {balance.products[system.identities[i].total[1]] for i in found[0, y]} for y in (0, 2, 3)
    ]
    assert products == [{"raw_coal"}, {"coke"}, {"diesel", "oil_total"}]
