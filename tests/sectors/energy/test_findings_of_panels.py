"""What is said of a table is said of it in a panel too: of its own cell, in the same words, and of no other table."""

from __future__ import annotations

import pytest

import carbonacct as ca

HEAD = "area,year,flow,product,unit,value\n"
# Of this table there is nothing to say.
CLEAN = [("industry", "diesel", 1), ("industry", "coke", 1), ("transport", "gasoline", 1)]
# Rows (flow, product, 10^4 t or 10^8 kWh), and what is said: the rule, the row that is named, some of the words.
CASES = {
    "one row of own use and losses": (
        [
            ("industry", "diesel", 1),
            ("own_use_and_losses", "coke", 3),
            ("own_use_and_losses", "diesel", 2),
        ],
        [("role-assumed", 1, "own_use_and_losses counts as burnt")],
    ),
    "all plants as one": (
        [
            ("industry", "diesel", 1),
            ("transformation", "coke", -5),
            ("transformation", "diesel", -2),
            ("transformation", "gasoline", 1),
        ],
        [("plants-as-one", 1, "2 fuels (coke, diesel) go into transformation as a whole")],
    ),
    "use for production beside plants": (
        [
            ("industry.production_use", "coke", 49),
            ("thermal_power", "diesel", -1),
            ("thermal_power", "coke", -40),
            ("heating", "coke", -5),
        ],
        [("inputs-within-use", 2, "2 inputs to transformation are not counted")],
    ),
    "crude oil of industry": (
        [("industry", "diesel", 2), ("industry", "crude_oil", 3)],
        [("transformed-inside", 1, "30,000 t of crude_oil of industry is not counted")],
    ),
    "use below zero": (
        [("industry", "coke", 2), ("industry", "diesel", -3), ("transport", "gasoline", -1)],
        [
            (
                "negative-consumption",
                1,
                "diesel of industry is consumed in a negative amount: -30000 t",
            ),
            (
                "negative-consumption",
                2,
                "gasoline of transport is consumed in a negative amount: -10000 t",
            ),
        ],
    ),
    "a fuel that a plant puts out": (
        [("industry", "coke", 1), ("thermal_power", "coke", -7), ("thermal_power", "diesel", 2)],
        [
            (
                "fuel-from-plant",
                2,
                "diesel of thermal_power is put out, not in, by a plant and does not burn",
            )
        ],
    ),
    "totals without their parts": (
        [("industry", "diesel", 1), ("industry", "coal_total", 3), ("transport", "coal_total", 2)],
        [
            (
                "total-alone",
                1,
                "2 cells print a total without its parts, such as coal_total of industry",
            )
        ],
    ),
    "energy of rows that print no fuel": (
        [
            ("households", "diesel", 1),
            ("farming", "total_energy", 2),
            ("industry", "total_energy", 5),
        ],
        [
            (
                "energy-without-fuels",
                1,
                "20,000 tce of total energy of farming stand without its fuels",
            ),
            (
                "energy-without-fuels",
                2,
                "50,000 tce of total energy of industry stand without its fuels",
            ),
        ],
    ),
    "feedstock of another fuel": (
        [("industry", "diesel", 10), ("feedstock", "coke", 4)],
        [("feedstock-alone", 1, "feedstock of coke is 40,000 t, but no row to take it from")],
    ),
    "feedstock above the use": (
        [("industry", "diesel", 10), ("feedstock", "diesel", 12)],
        [
            (
                "feedstock-exceeds-use",
                1,
                "feedstock of diesel is 120,000 t, 20,000 more than is used",
            )
        ],
    ),
    "refuelling abroad above the use": (
        [("transport", "kerosene", 9), ("bunkers_abroad", "kerosene", 12)],
        [
            ("bunkers-exceeds-use", 1, "bunkers_abroad of kerosene is 120,000 t, 30,000 more than"),
            (
                "bunkers-taken-out",
                1,
                "90,000 t of kerosene refuelled abroad is taken out of transport",
            ),
        ],
    ),
    # IPCC 2006 Vol. 2, tables 1.2 and 1.4: cleaned coal by the guideline is not asked here, only which side is larger.
    "coke of too little coal": (
        [("industry", "coke", 1), ("coking", "cleaned_coal", -5), ("coking", "coke", 10)],
        [("carbon-made", 2, "coking puts out carbon for ")],
    ),
    "coke of too much coal": (
        [("industry", "coke", 1), ("coking", "cleaned_coal", -20), ("coking", "coke", 1)],
        [("carbon-lost", 1, "coking puts out carbon for ")],
    ),
    "electricity without a row of supply": (
        [
            ("industry", "diesel", 1),
            ("industry", "electricity", 3),
            ("transport", "electricity", 0),
        ],
        [("consumption-as-brought-in", 1, "the table has no supply rows: all electricity used")],
    ),
    "a notation key where fuel would burn": (
        [
            ("industry", "coke", 1),
            ("industry", "diesel", "NE"),
            ("transport", "diesel", "NE"),
            ("losses", "coke", "NE"),
        ],
        [
            (
                "notation-key",
                1,
                "2 cells that would count are NE (not estimated), such as diesel of industry",
            )
        ],
    ),
    "keys of every kind": (
        [
            ("industry", "coke", "C"),
            ("industry", "diesel", "IE"),
            ("transport", "diesel", "NO"),
            ("transport", "coke", 1),
        ],
        [
            (
                "notation-key",
                1,
                "1 cells that would count are IE (included elsewhere), such as diesel",
            ),
            ("notation-key", 0, "1 cells that would count are C (confidential), such as coke"),
        ],
    ),
}
ASKED = {rule for _, said in CASES.values() for rule, _, _ in said}


def lines_of(rows, area, year):
    """Return lines of a long table: 10^4 t of fuels, 10^8 kWh of electricity."""
    units = {"electricity": "1e8 kWh", "total_energy": "1e4 tce"}
    return [
        f"{area},{year},{flow},{product},{units.get(product, '1e4 t')},{value}\n"
        for flow, product, value in rows
    ]


def said_of(path, lines):
    """Return rule, line of the file and message of the findings that are asked here."""
    path.write_text(HEAD + "".join(lines), encoding="utf-8")
    found = ca.compile_inventory(path, method="ipcc-2006", allow_empty=True).findings
    return [(one.rule, one.where, one.message) for one in found if one.rule in ASKED]


@pytest.mark.parametrize("name", CASES)
def test_each_finding_names_its_cell_wherever_the_table_stands(tmp_path, name):
    """Behind another area and year: the same rules, words and cells as alone; of two such tables the first."""
    rows, said = CASES[name]
    own, other = lines_of(rows, "北京", 2021), lines_of(CLEAN, "上海", 2020)
    found = said_of(tmp_path / "t.csv", other + own)
    assert [one[:2] for one in found] == [
        (rule, f"t.csv!F{len(other) + place + 2}") for rule, place, _ in said
    ]
    assert all(
        words in message for (_, _, message), (_, _, words) in zip(found, said, strict=True)
    ), found
    both = said_of(tmp_path / "t.csv", own + lines_of(rows, "天津", 2020))
    assert both[0][:2] == (said[0][0], f"t.csv!F{said[0][1] + 2}")
    assert {rule for rule, _, _ in both} == {rule for rule, _, _ in found}
    assert len({one[:2] for one in both}) == len(both) >= len(found)


def test_of_a_table_without_faults_nothing_is_said(tmp_path):
    """The table that stands beside the others has none of their findings."""
    assert said_of(tmp_path / "t.csv", lines_of(CLEAN, "上海", 2020)) == []


# A difference of less than a tonne of CO2 is rounding, whatever the table.
LIMITS = {"coke of too little coal", "coke of too much coal"}


@pytest.mark.parametrize("name", [name for name in CASES if name not in LIMITS])
def test_no_table_is_too_small_to_be_told(tmp_path, name):
    """A millionth of every number: the same rules and cells."""
    rows, said = CASES[name]
    small = [
        (*keys, number if isinstance(number, str) else f"{number * 1e-6:.12f}")
        for *keys, number in rows
    ]
    found = said_of(tmp_path / "t.csv", lines_of(small, "北京", 2021))
    assert [one[:2] for one in found] == [(rule, f"t.csv!F{place + 2}") for rule, place, _ in said]


@pytest.mark.parametrize("name", [name for name in CASES if "key" not in name])
def test_of_nothing_nothing_is_said(tmp_path, name):
    """Zeros in the same rows are no amount that counts nowhere, twice or against its sign."""
    rows = [(*keys, 0) for *keys, _ in CASES[name][0]]
    assert said_of(tmp_path / "t.csv", lines_of(rows, "北京", 2021)) == []
