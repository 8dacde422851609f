"""What a printed parent has beyond its parts, where several rows, columns and sums have a say."""

from __future__ import annotations

import pandas as pd
import pytest

import carbonacct as ca
from carbonacct.balances.check.remainders import find_remainders
from tests.balances.test_remainders import frame, make, rests


def left(rows, **options):
    """Return the remainders of a table of flow -> product -> number."""
    return rests(find_remainders(make(rows), **options))


def read(folder, *lines):
    """Return a table of whole 万吨, as read."""
    (folder / "t.csv").write_text("\n".join(["某市能源平衡表 2019", *lines]), encoding="utf-8")
    return ca.read_balance(folder / "t.csv")


@pytest.mark.parametrize(("part", "rest"), [(0, 100), (0.5, 0), (30, 0)])
def test_parts_of_nothing_cannot_be_scaled(part, rest):
    """A method brings chemicals to the row of industry; where they are zero, the row itself counts."""
    rows = {"industry": {"diesel": 100}, "industry.chemicals": {"diesel": part}}
    assert left(rows, scaled=["industry"]) == (
        {("industry.remainder", "diesel"): rest} if rest else {}
    )


def test_print_explains_a_difference_beside_one_that_it_does_not(tmp_path):
    """Whole numbers: a row and two parts may be 1.5 apart, whatever other columns of the table leave."""
    lines = [
        "项目,柴油(万吨),汽油(万吨),煤油(万吨)",
        "工业,11,12,30",
        "纺织业,5,5,5",
        "食品制造业,5,5,5",
    ]
    found = rests(find_remainders(read(tmp_path, *lines)))
    assert found == {
        ("industry.remainder", "gasoline"): 2e4,
        ("industry.remainder", "kerosene"): 20e4,
    }


def test_a_subtotal_of_rests_counts_with_its_members_once():
    """Oil beyond diesel: industry 40, of it manufacturing 20, of it chemicals 10."""
    rows = {
        "industry": {"oil_total": 100, "diesel": 60},
        "industry.manufacturing": {"oil_total": 70, "diesel": 50},
        "industry.chemicals": {"oil_total": 30, "diesel": 20},
    }
    found = {
        flow: rest
        for (flow, product), rest in left(rows).items()
        if product == "oil_total.remainder"
    }
    assert found == {
        "industry.remainder": 20,
        "industry.manufacturing.remainder": 10,
        "industry.chemicals": 10,
    }


def test_a_total_of_a_tree_without_kinds_is_not_judged_as_a_rest():
    """Oil of urban households, where no row beside it has a kind: a number as any, whatever households say."""
    rows = {
        "industry": {"oil_total": 10, "diesel": 3},
        "households": {"oil_total": 0},
        "households_urban": {"oil_total": 5},
    }
    assert left(rows) == {
        ("industry", "oil_total.remainder"): 7,
        ("households_urban", "oil_total.remainder"): 5,
    }


def vote(*, transport, final=100_000, products=None):
    """Return what is said of industry 69,000 beside parts of 60,000, and what of it counts."""
    numbers = {"final_consumption": final, "industry": 69_000, "transport": transport}
    numbers |= {"industry.chemicals": 30_000, "industry.textile": 30_000}
    rows = {flow: {"diesel": number} for flow, number in numbers.items()}
    rows["industry"] |= products or {}
    found = find_remainders(make(rows))
    said = {finding.severity for finding in found.findings if finding.gaps[0].flow == "industry"}
    return rests(found).get(("industry.remainder", "diesel"), 0), said


@pytest.mark.parametrize(
    ("others", "counted", "said"),
    [
        (
            {"transport": 40_000},
            0,
            set(),
        ),  # the sum above holds with the parts: the row is wrong, the checks say it
        ({"transport": 31_000}, 9_000, {"info"}),  # it holds with the row
        ({"transport": 20_000}, 9_000, {"warning"}),  # with neither
        # It fails by 9,183 with the row and by 183 with its parts, fifty times less; then by 9,184 and 184.
        ({"transport": 40_183}, 0, set()),
        ({"transport": 40_184}, 9_000, {"warning"}),
        # The sum above holds with the row, that of its products with the parts; both with the parts; both with the row.
        (
            {"transport": 31_000, "products": {"oil_total": 60_005, "gasoline": 5}},
            9_000,
            {"warning"},
        ),
        ({"transport": 40_000, "products": {"oil_total": 60_005, "gasoline": 5}}, 0, set()),
        ({"transport": 31_000, "products": {"oil_total": 69_005, "gasoline": 5}}, 9_000, {"info"}),
    ],
)
def test_other_sums_vote_on_a_rest(others, counted, said):
    """What is left counts unless more sums of the table hold with the parts than with the row; else it is said so."""
    assert vote(**others) == (counted, said)


@pytest.mark.parametrize(("transport", "rest"), [(4, 3), (5, 0), (7, 0), (8, 3)])
def test_a_sum_that_print_explains_holds(tmp_path, transport, rest):
    """Whole numbers: industry 9 beside parts of 6, and 12 of final consumption; it may be 1.5 apart from its rows."""
    parts = ["工业,9", "纺织业,3", "食品制造业,3"]
    found = rests(
        find_remainders(
            read(tmp_path, "项目,柴油(万吨)", "终端消费量,12", *parts, f"交通运输,{transport}")
        )
    )
    assert found.get(("industry.remainder", "diesel"), 0) == rest * 1e4


SOUND = {
    "rows and products": {
        "final_consumption": {"oil_total": 14, "diesel": 9, "gasoline": 5},
        "industry": {"oil_total": 9, "diesel": 6, "gasoline": 3},
        "transport": {"oil_total": 5, "diesel": 3, "gasoline": 2},
    },
    # What refineries make of crude oil is oil again: the total of this row is no sum (yearbook, notes to the tables).
    "a total that nets out": {"total_consumption": {"oil_total": 9, "diesel": 9, "gasoline": 5}},
    "a part that is blank stands for its own": {
        "final_consumption": {"diesel": 9, "coke": 1},
        "industry": {"coke": 1},
        "industry.chemicals": {"diesel": 4, "coke": 1},
        "industry.textile": {"diesel": 5},
    },
    "subtotals with all their members, beside a branch": {
        "industry": {"diesel": 20},
        "industry.mining": {"diesel": 5},
        "industry.coal_mining": {"diesel": 5},
        "industry.chemicals": {"diesel": 15},
    },
    "subtotals without members": {
        "industry": {"diesel": 20},
        "industry.mining": {"diesel": 5},
        "industry.manufacturing": {"diesel": 15},
    },
    "a subtotal that is blank": {
        "industry": {"diesel": 20, "coke": 3},
        "industry.mining": {"coke": 2},
        "industry.coal_mining": {"diesel": 5, "coke": 2},
        "industry.chemicals": {"diesel": 15, "coke": 1},
    },
    "light and heavy industry alone": {
        "industry": {"diesel": 20},
        "industry.light": {"diesel": 5},
        "industry.heavy": {"diesel": 15},
    },
    "light and heavy industry beside branches": {
        "industry": {"diesel": 20},
        "industry.light": {"diesel": 5},
        "industry.heavy": {"diesel": 15},
        "industry.chemicals": {"diesel": 20},
    },
    "kinds in all rows of a tree, or in none": {
        "industry": {"oil_total": 9, "diesel": 6, "gasoline": 3},
        "industry.chemicals": {"oil_total": 9, "diesel": 6, "gasoline": 3},
        "losses": {"oil_total": 2},
    },
    "parts of nothing printed": {"industry.chemicals": {"diesel": 4}, "transport": {"diesel": 3}},
}


@pytest.mark.parametrize("rows", SOUND.values(), ids=SOUND)
def test_nothing_is_left_of_a_sound_table(rows):
    """No area and year is told apart, nothing is said, and the balance is the same."""
    balance = make(rows)
    found = find_remainders(balance)
    assert found.balance is balance
    assert (found.findings, found.explained, len(found.apart)) == ((), frozenset(), 0)


@pytest.mark.parametrize(
    "name",
    [name for name in SOUND if name not in {"a total that nets out", "parts of nothing printed"}],
)
def test_one_number_more_tells_a_sound_table_apart(name):
    """The first number of it, one more than its parts hold: that year alone is told apart, beside one that is sound."""
    rows = {flow: dict(line) for flow, line in SOUND[name].items()}
    flow = next(iter(rows))
    product = next(iter(rows[flow]))
    rows[flow][product] += 1
    both = ca.make_balance(pd.concat([frame(SOUND[name], year=2018), frame(rows, year=2019)]))
    assert find_remainders(both).apart.tolist() == [[0, 1]]


def test_a_kind_that_other_sums_refute_is_said():
    """Kerosene of industry is 3 more than that of jets, and final consumption holds with the jets alone."""
    rows = {"final_consumption": {"kerosene": 10}, "industry": {"kerosene": 9, "jet_kerosene": 6}}
    found = find_remainders(make(rows | {"transport": {"kerosene": 4}}))
    (finding,) = found.findings
    assert (finding.rule, finding.severity, found.explained) == (
        "remainder-refuted",
        "error",
        frozenset(),
    )
    assert str(finding) == (
        "A 2019: industry has 3 t of kerosene beyond its printed kinds, and other sums of the table hold without: "
        "it is not counted; check the number and its parts"
    )
    assert [tuple(gap) for gap in finding.gaps] == [("A", 2019, "industry", "kerosene", 3)]
    assert rests(found) == {}


def test_a_remainder_stands_behind_the_last_part_of_its_parent():
    """Rows and columns as in the table, each remainder behind all parts, and parts of parts, of its total."""
    numbers = {
        "final_consumption": 100,
        "industry": 60,
        "industry.chemicals": 20,
        "industry.textile": 20,
    }
    rows = {flow: {"diesel": number} for flow, number in numbers.items()} | {
        "transport": {"diesel": 30, "kerosene": 9}
    }
    rows["transport"] |= {"jet_kerosene": 4, "lng": 3}
    balance = find_remainders(make(rows)).balance
    industry = ["industry", "industry.chemicals", "industry.textile", "industry.remainder"]
    order = [
        flow
        for flow in balance.flows
        if flow in {*industry, "final_consumption", "final_consumption.remainder"}
    ]
    assert order == ["final_consumption", *industry, "final_consumption.remainder"]
    kerosene = [product for product in balance.products if "kerosene" in product]
    assert kerosene == ["kerosene", "jet_kerosene", "kerosene.remainder"]


@pytest.mark.parametrize("others", [1, 2, 3])
def test_a_row_is_one_of_many_that_a_sum_holds(others):
    """Final consumption of industry and one to three more rows: it holds with the parts of industry alone."""
    numbers = {"transport": 40_000, "construction": 500, "farming": 70}
    kept = dict(list(numbers.items())[:others])
    rows = {"final_consumption": 60_000 + sum(kept.values()), "industry": 69_000, **kept}
    rows |= {"industry.chemicals": 30_000, "industry.textile": 30_000}
    assert left({flow: {"diesel": number} for flow, number in rows.items()}) == {}
    rows["final_consumption"] += 9_000
    found = left({flow: {"diesel": number} for flow, number in rows.items()})
    assert found == {("industry.remainder", "diesel"): 9_000}


def test_a_refuted_rest_is_none_of_the_row_above():
    """Oil and petrol show that industry uses 60,000 of diesel: final consumption keeps the other 20,000."""
    rows = {
        flow: {"diesel": n}
        for flow, n in {"final_consumption": 120_000, "transport": 40_000}.items()
    }
    rows |= {f"industry.{part}": {"diesel": 30_000} for part in ("chemicals", "textile")}
    rows["industry"] = {"diesel": 69_000, "oil_total": 60_005, "gasoline": 5}
    assert left(rows) == {("final_consumption.remainder", "diesel"): 20_000}


@pytest.mark.parametrize(
    ("scaled", "of_industry", "of_final"),
    [
        ([], {"diesel": 40, "gasoline": 100}, {"diesel": 20, "gasoline": 20, "coke": 60}),
        (["industry"], {"gasoline": 100}, {"diesel": 20, "gasoline": 20, "coke": 60}),
    ],
)
def test_rows_that_are_scaled_count_in_the_row_above_as_they_are_printed(
    scaled, of_industry, of_final
):
    """What is below is brought to the printed row: 150 less 100 and 30. Where none is printed the parts count."""
    rows = {
        "final_consumption": dict.fromkeys(["diesel", "gasoline", "coke"], 150),
        "industry": {"diesel": 100, "gasoline": 100},
        "industry.chemicals": {"diesel": 60, "gasoline": 0, "coke": 60},
        "transport": dict.fromkeys(["diesel", "gasoline", "coke"], 30),
    }
    assert left(rows, scaled=scaled) == {
        (f"{flow}.remainder", product): number
        for flow, numbers in (("industry", of_industry), ("final_consumption", of_final))
        for product, number in numbers.items()
    }


USES = {
    "total_consumption": {"electricity": 100, "diesel": 100},
    "industry": {"electricity": 60, "diesel": 60},
}


@pytest.mark.parametrize(
    ("others", "rest"),
    [
        ({}, 40),
        # Plants beside the uses take in fuels, and what they put out is no use.
        ({"thermal_power": {"diesel": -10}}, 40),
        ({"thermal_power": {"diesel": -10, "electricity": 30}}, 40),
        ({"thermal_power": {"diesel": -10}, "industry.chemicals": {"electricity": 60}}, 40),
        ({"transport": {"electricity": 40}, "thermal_power": {"diesel": -10}}, 0),
        # Supply says where it came from, so that uses need not be all of it.
        ({"production": {"electricity": 30}}, 0),
    ],
)
def test_electricity_beyond_the_uses_of_a_table_of_uses_counts(others, rest):
    """Whatever else of the table leaves something; of a fuel it may be what plants take in."""
    expected = {("total_consumption.remainder", "electricity"): rest} if rest else {}
    assert left(USES | others) == expected


PLANTS_OF_INDUSTRY = "industry.transformation"


@pytest.mark.parametrize(
    ("parts", "rest", "rest_where_scaled"),
    [
        ({f"{PLANTS_OF_INDUSTRY}.coking": 70}, 30, 30),
        (
            {
                PLANTS_OF_INDUSTRY: 70,
                f"{PLANTS_OF_INDUSTRY}.coking": 50,
                f"{PLANTS_OF_INDUSTRY}.refining": 20,
            },
            30,
            30,
        ),
        ({f"{PLANTS_OF_INDUSTRY}.coking": 70, "industry.mining": 20}, 10, None),
        ({"industry.mining": 20}, 80, None),
        ({f"{PLANTS_OF_INDUSTRY}.coking": 100}, None, None),
    ],
)
def test_what_plants_of_industry_leave_burns_there(parts, rest, rest_where_scaled):
    """Industry of 100: plants leave a rest of it, also where a method scales its branches."""
    table = pd.DataFrame({"flow": ["industry", *parts], "value": [100.0, *parts.values()]})
    balance = ca.make_balance(table.assign(area="A", year=2019, product="raw_coal", unit="t"))
    for scaled, expected in (((), rest), (("industry",), rest_where_scaled)):
        found = find_remainders(balance, scaled=scaled).balance
        left = {
            flow: found.amounts.sel(flow=flow).item()
            for flow in found.flows
            if flow not in balance.flows
        }
        assert left == ({} if expected is None else {"industry.remainder": expected})
