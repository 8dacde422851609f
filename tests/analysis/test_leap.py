"""Sheets of LEAP: expressions as its help has them, written and read back; what only LEAP knows is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbonacct import (
    Basis,
    Driven,
    LeapSpan,
    project_scenarios,
    read_assumptions,
    read_leap,
    take_leap,
    to_leap,
    write_inventory,
)
from carbonacct.analysis import leap_reader
from carbonacct.analysis.leap import ACCOUNTS, COLUMNS
from carbonacct.analysis.leap_expressions import (
    LeapStart,
    evaluate,
    read_expression,
    write_expression,
)
from carbonacct.analysis.leap_reader import is_leap
from carbonacct.cli import main
from carbonacct.errors import PanelError
from tests.analysis.test_scenario import BASE, ENTRIES, drive, record

SPAN = LeapSpan(2020, 2030)
GDP = "Key Assumptions\\GDP"
FINITE = st.floats(0.01, 1e9)


def values(text, years, start=None):
    """Return the value of each year of an expression, straight between those that it gives."""
    path = evaluate(read_expression(text), start, years)
    return dict(zip(years, np.interp(years, list(path), list(path.values())).tolist(), strict=True))


# The examples of LEAP's help (https://leap.sei.org/help/Expressions/): Interp.htm, Step.htm, Data.htm, Growth.htm.
@pytest.mark.parametrize(
    ("text", "start", "known"),
    [
        (
            "Interp(2000, 10.0, 2010, 16.0, 2020, 30.0, 2%)",
            None,
            {2000: 10.0, 2005: 13.0, 2020: 30.0, 2021: 30.6},
        ),
        (
            "Interp(2000, 10.0, 2010, 16.0, 2020, 30.0, 2%)",
            LeapStart(1998, 6.0, 1998, 6.0),
            {1999: 8.0},
        ),
        (
            "Step (2000, 300.0, 2010, 500.0, 2020, 900.0)",
            None,
            {2000: 300.0, 2012: 500.0, 2022: 900.0},
        ),
        (
            "Step (2000, 300.0, 2010, 500.0, 2020, 900.0)",
            LeapStart(1997, 200.0, 1997, 200.0),
            {1998: 200.0, 1999: 200.0, 2000: 300.0, 2009: 300.0, 2010: 500.0},
        ),
        ("Growth(5%)", LeapStart(2000, 100.0, 2000, 100.0), {2001: 105.0, 2002: 110.25}),
        ("Growth(0.05, 2002, 2%)", LeapStart(2000, 100.0, 2000, 100.0), {2001: 105.0, 2002: 107.1}),
        ("Data(2000, 10, 2001, 16)", None, {2000: 10.0, 2001: 16.0}),
        ("3.1415", None, {2000: 3.1415, 2022: 3.1415}),
        ("3", LeapStart(2000, 1.0, 2000, 1.0), {2000: 1.0, 2001: 3.0, 2022: 3.0}),
        # Interp ties to the base year of the model, InterpFSY to the year before its scenarios.
        (
            "Interp(2030, 40)",
            LeapStart(2010, 20.0, 2020, 100.0),
            {2020: 100.0, 2021: 31.0, 2030: 40.0},
        ),
        (
            "InterpFSY(2030, 40)",
            LeapStart(2010, 20.0, 2020, 100.0),
            {2020: 100.0, 2021: 94.0, 2030: 40.0},
        ),
        # Where a comma is the decimal sign, semicolons cut lists.
        ("interp(2000; 1,1; 2020; 1,2)", None, {2000: 1.1, 2010: 1.15}),
    ],
)
def test_expressions_of_the_help(text, start, known):
    """Each gives the values that the help says."""
    last = max(2022, *known) if "Data" not in text else 2001
    years = range(start.year if start else 2000, last + 1)
    found = values(text, years, start)
    assert {year: found[year] for year in known} == pytest.approx(known, rel=1e-12)


@pytest.mark.parametrize(
    "text",
    [
        "GrowthAs(Key\\Income, 1.1)",
        "Interp(mysheet.xlsx, myrange)",
        "Interp(LCDS, UNPopulation, Medium, ARG)",
        "Passenger: Activity Level * 1.1",
        "Interp(2020, 1, 2010, 2)",
        "Interp(2010, 1, 2010, 2)",
        "Interp(10, 1)",
        "Interp()",
        "Step(2010, 1, 2020)",
        "Growth(1%,2010,2%,2011,3%,2012,4%,2013,5%,2014,6%)",
        "LinForecast(2000, 1, 2010, 2)",
        "Remainder(60, 40)",
        "1,5",
        "nan",
    ],
)
def test_what_only_leap_evaluates_is_refused_by_name(text):
    """The cell, the expression, and what is known."""
    table = sheet([(GDP, ACCOUNTS, "1"), (GDP, "Plan", text)])
    with pytest.raises(PanelError) as caught:
        take_leap(table, SPAN, branch=GDP)
    assert str(caught.value).startswith(
        f"a.xlsx!Export!L5: {text!r} cannot be evaluated from the sheet"
    )


@given(st.dictionaries(st.integers(1950, 2100), FINITE, min_size=1, max_size=8))
def test_numbers_are_read_back_to_the_last_bit(points):
    """What is written as years and numbers is read as they were."""
    held = dict(sorted(points.items()))
    assert read_expression(write_expression("Interp", held)).points == held


def test_removals_start_at_nothing_where_the_inventory_has_none():
    """An amount of a land that takes nothing up in the base year starts at 0."""
    drivers = [
        drive("all", "activity", "rate", {2030: 0.0}),
        drive("land", "removals", "amount", {2030: -5.0}),
    ]
    entries = [entry for entry in ENTRIES if entry[2] != "removal"]
    table = to_leap(project_scenarios(record(entries), {"s": drivers}, BASE)).set_index(
        "Branch Path"
    )
    own = table.loc["Key Assumptions\\removals\\land\\whole"]
    assert own["Expression"].tolist() == ["0", "Interp(2030, -5)"]
    assert own["Units"].tolist() == ["Metric Tonne"] * 2


def sheet(rows, *, scale="", unit="", region="China"):
    """Return rows of branch, scenario and expression as they are read."""
    return pd.DataFrame(
        [
            [
                branch,
                "Key Assumption",
                name,
                region,
                scale,
                unit,
                "",
                text,
                f"a.xlsx!Export!L{4 + number}",
            ]
            for number, (branch, name, text) in enumerate(rows)
        ],
        columns=[
            "branch",
            "variable",
            "scenario",
            "region",
            "scale",
            "unit",
            "per",
            "expression",
            "where",
        ],
    )


RATES = st.dictionaries(st.integers(2021, 2029), st.floats(-0.2, 0.2), max_size=3)
LEVELS = st.dictionaries(st.integers(2021, 2029), FINITE, max_size=3)
SHARES = st.dictionaries(st.integers(2021, 2029), st.floats(0, 0.6), max_size=3)


@st.composite
def scenarios(draw):
    """Return drivers of every term and form that reach 2030, as an assumption table would give them."""
    level = {2020: draw(FINITE), **draw(LEVELS), 2030: draw(FINITE)}
    coal = {2020: 2 / 3, **draw(SHARES), 2030: 0.3}
    return [
        drive(
            "all",
            "activity",
            "rate",
            dict(sorted({**draw(RATES), 2030: draw(st.floats(-0.2, 0.2))}.items())),
            "GDP",
        ),
        drive("industry", "activity", "level", dict(sorted(level.items())), "steel"),
        drive("all", "efficiency", "rate", {2030: -0.02}),
        drive("industry", "fuel_mix", "share", dict(sorted(coal.items())), "coal"),
        drive("industry", "fuel_mix", "rest", {}, "*"),
        drive("moved_in", "grid_factor", "level", {2020: 0.6, 2030: 0.3}),
        drive("thermal_power", "structure", "share", {2020: 0.5, 2030: 0.4}, "economy"),
        drive("industry", "structure", "rest", {}, "economy"),
        drive("land", "removals", "amount", {2025: -12.0, 2030: -15.0}),
    ]


@settings(max_examples=25)
@given(scenarios())
def test_scenarios_are_written_and_read_back(drivers):
    """The assumptions that come back are those that went, number by number, and give the same paths."""
    basis = Basis(gas="CO2", draws=0, scopes=(1, 2))
    paths = project_scenarios(record(), {"s": drivers}, basis)
    table = to_leap(paths).rename(columns=str)
    read = pd.DataFrame(
        table[list(COLUMNS[4:])].to_numpy(), columns=list(sheet([]).columns[:-1])
    ).assign(where="a!L1")
    taken = take_leap(read, SPAN)
    found = {}
    for line in taken.itertuples():
        numbers = found.setdefault((line.sector, line.term, line.of, line[6]), {})
        if line[6] != "rest":
            numbers[line.until] = line.value
    assert found == {
        (one.sector, one.term, one.of, one.form): {
            number.until: number.middle for number in one.numbers
        }
        for one in drivers
    }
    again = [
        drive(sector, term, form, numbers, of)
        for (sector, term, of, form), numbers in found.items()
    ]
    (path,) = project_scenarios(record(), {"s": again}, basis)
    assert path.net[0] == pytest.approx(paths[0].net[0], rel=1e-12)


def test_emissions_of_sectors_stand_beside_their_drivers():
    """Their sum is the path, year by year, and Current Accounts are the inventory."""
    paths = project_scenarios(
        record(),
        {
            "cut": [
                drive("all", "activity", "rate", {2025: -0.05}),
                drive("all", "removals", "rate", {2025: 0.0}),
            ]
        },
        BASE,
    )
    table = to_leap(paths)
    own = table[table["Branch Path"].str.startswith("Key Assumptions\\emissions\\")]
    sums = {}
    for text in own.loc[own["Scenario"] == "cut", "Expression"]:
        for year, value in read_expression(text).points.items():
            sums[year] = sums.get(year, 0.0) + value
    assert sums == pytest.approx(
        dict(zip(range(2021, 2026), paths[0].net[0, 1:].tolist(), strict=True)), rel=1e-12
    )
    accounts = own.loc[own["Scenario"] == ACCOUNTS, "Expression"].astype(float)
    assert accounts.sum() == pytest.approx(
        sum(value for *_, kind, value in ENTRIES if kind != "scope2"), rel=1e-12
    )
    assert set(own["Units"]) == {"Metric Tonne"}


def test_the_workbook_has_the_layout_of_leap_and_is_taken_back(tmp_path, capsys):
    """Titles, a blank row, the columns; ids and a level a part of the path; the command reads its own book."""
    lines = "scenario,sector,term,of,until,as,value,lower,upper,source\n,all,activity,GDP,2030,rate,4%,,,plan\n"
    (tmp_path / "a.csv").write_text(lines, encoding="utf-8")
    inventory, book, back = (str(tmp_path / name) for name in ("i.csv", "leap.xlsx", "b.csv"))
    write_inventory(record([("industry", "raw_coal", "emission", 60.0)]), inventory)
    words = [
        "scenario",
        inventory,
        "--assumptions",
        str(tmp_path / "a.csv"),
        "--gas",
        "CO2",
        "--draws",
        "0",
    ]
    assert main([*words, "--show", "leap", "-o", book]) == 0
    held = pd.read_excel(book, sheet_name=None, header=None, dtype=str, engine="calamine")
    assert list(held) == ["Export"]
    rows = held["Export"].fillna("").to_numpy().tolist()
    assert rows[0][4:8] == ["Area:", "甲市", "Ver:", "2"]
    assert not any(rows[1])
    assert rows[2][:12] == list(COLUMNS)
    assert rows[2][13:17] == ["Level 1", "Level 2", "Level 3", "Level 4"]
    assert rows[4][4:12] == [
        "Key Assumptions\\activity\\all\\GDP",
        "Key Assumption",
        "甲市",
        "甲市",
        "",
        "",
        "",
        "Growth(0.04)",
    ]
    assert rows[4][13:17] == ["Key Assumptions", "activity", "all", "GDP"]
    assert main(["levels", book, "--base", "2020", "--until", "2030", "-o", back]) == 0
    (driver,) = read_assumptions(tmp_path / "b.csv")["甲市"]
    assert (driver.key, driver.form, driver.numbers[0].middle) == (
        ("all", "activity", "GDP"),
        "rate",
        0.04,
    )
    capsys.readouterr()
    assert main(["levels", book]) == 2
    assert (
        "leap.xlsx: a sheet of LEAP does not hold its years; give --base" in capsys.readouterr().err
    )


def test_a_file_of_another_format_is_told_by_its_head(tmp_path, monkeypatch):
    """A database of scenarios may be larger than any sheet: it is not laid out to find that it is none of LEAP."""
    path = tmp_path / "iamc.csv"
    path.write_text(
        "Model,Scenario,Region,Variable,Unit,2020\nm,s,r,GDP,billion,1\n", encoding="utf-8"
    )
    monkeypatch.setattr(
        leap_reader, "_read_sheets", lambda _: pytest.fail("the whole file is read")
    )
    assert not is_leap(path)
    assert not is_leap(tmp_path / "absent.csv")
    path.write_text(",".join(COLUMNS) + "\n", encoding="utf-8")
    assert is_leap(path)


@pytest.mark.parametrize("name", ["plan.xlsx", "plan.csv"])
def test_a_branch_of_any_model_drives_what_is_said(tmp_path, name):
    """Current Accounts of several years, percentages of a scale, and names in any case."""
    rows = [
        ["Area:", "Freedonia", "Ver:", 2],
        [],
        [*COLUMNS[4:]],
        [
            "Demand\\Households",
            "Activity Level",
            ACCOUNTS,
            "R",
            "%",
            "Share",
            "",
            "Data(2018, 40, 2019, 42, 2020, 45)",
        ],
        [
            "Demand\\Households",
            "Activity Level",
            "Plan",
            "R",
            "%",
            "Share",
            "",
            "InterpFSY(2030, 25)",
        ],
        ["Demand\\Households", "Final Energy Intensity", "Plan", "R", "", "GJ", "", "7"],
    ]
    frame = pd.DataFrame([[*row, *[None] * (8 - len(row))] for row in rows])
    path = tmp_path / name
    frame.to_csv(path, index=False, header=False) if name.endswith("csv") else frame.to_excel(
        path, index=False, header=False
    )
    driven = Driven("households", "structure", "economy")
    taken = take_leap(
        read_leap(path), SPAN, branch="demand\\households", variable="activity level", driven=driven
    )
    assert taken[["scenario", "sector", "term", "of", "until", "as"]].to_numpy().tolist() == [
        ["Plan", "households", "structure", "economy", 2020, "share"],
        ["Plan", "households", "structure", "economy", 2030, "share"],
    ]
    assert taken["value"].tolist() == pytest.approx([0.45, 0.25])
    assert taken["source"].iloc[0] == "LEAP Plan Demand\\Households:Activity Level (% Share)"


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (
            [(GDP, ACCOUNTS, "Data(2018, 1)"), (GDP, "Plan", "2")],
            r"L4: Current Accounts have no value of 2020",
        ),
        ([(GDP, ACCOUNTS, "1"), (GDP, "Plan", "")], r"L5: an expression is inherited"),
        (
            [(GDP, ACCOUNTS, "1"), (GDP, "Plan", "Data(2021, 1, 2030, 2)")],
            r"L5: 'Data\(2021, 1, 2030, 2\)' cannot be",
        ),
        (
            [(GDP, "Plan", "Interp(2025, 1, 2030, 2)")],
            r"L4: 'Interp\(2025, 1, 2030, 2\)' cannot be evaluated",
        ),
        ([(GDP, ACCOUNTS, "1")], r"no branch of scenarios to take"),
        (
            [("Key Assumptions\\GPD", "Plan", "1")],
            r"no branch 'Key Assumptions\\\\GDP'; did you mean",
        ),
    ],
)
def test_a_sheet_without_the_numbers_of_a_path(rows, message):
    """Which cell, what it lacks, and what to do: a blank year is not LEAP's zero."""
    with pytest.raises(PanelError, match=message):
        take_leap(sheet(rows), SPAN, branch=GDP)


def test_units_say_what_a_number_is():
    """An unknown scale, two units of one branch, and removals that are no tonnes are refused."""
    rows = [(GDP, ACCOUNTS, "1"), (GDP, "Plan", "2")]
    with pytest.raises(PanelError, match=r"L5: the scale 'Dozen' is not known; known: %, hundred"):
        take_leap(sheet(rows, scale="Dozen"), SPAN, branch=GDP)
    mixed = sheet(rows)
    mixed.loc[1, "unit"] = "USD"
    with pytest.raises(PanelError, match=r"L5: is in USD, and Current Accounts in -"):
        take_leap(mixed, SPAN, branch=GDP)
    with pytest.raises(PanelError, match=r"L5: is in 'GJ'; removals are in Metric Tonne"):
        take_leap(sheet(rows, unit="GJ"), SPAN, branch=GDP, driven=Driven("land", "removals"))
    taken = take_leap(
        sheet([(GDP, ACCOUNTS, "-1"), (GDP, "Plan", "-2")], scale="Million", unit="Tonne"),
        SPAN,
        branch=GDP,
        driven=Driven("land", "removals"),
    )
    assert taken["value"].tolist() == [-2e6, -2e6]
    with pytest.raises(PanelError, match=r"no term 'activty'; did you mean activity"):
        take_leap(sheet(rows), SPAN, branch=GDP, driven=Driven("all", "activty"))


def write_sheet(path, *rows):
    """Write a sheet of LEAP with its columns in the third row, and return its path."""
    head = [["Area:", "F"], [], list(COLUMNS[4:])]
    frame = pd.DataFrame([[*row, *[None] * (8 - len(row))] for row in (*head, *rows)])
    frame.to_excel(path, index=False, header=False)
    return path


def test_rows_of_a_sheet_as_they_are_read(tmp_path):
    """A row without a branch is none, a number is an expression, an empty one is inherited; each has its cell."""
    rows = [
        ["Key\\GDP", "Key Assumption", ACCOUNTS, "R", "", "", "", 5],
        [None, "Key Assumption", "Plan", "R", "", "", "", 6],
        ["Key\\GDP", "Key Assumption", "Plan", "R", "Million", "t", "", 0.25],
        ["Key\\GDP", "Key Assumption", "Other", "R"],
    ]
    table = read_leap(write_sheet(tmp_path / "a.xlsx", *rows))
    assert table["scenario"].tolist() == [ACCOUNTS, "Plan", "Other"]
    assert table["expression"].tolist() == ["5", "0.25", ""]
    assert table[["scale", "unit", "per"]].to_numpy().tolist() == [
        ["", "", ""],
        ["Million", "t", ""],
        ["", "", ""],
    ]
    assert [where.rpartition("!")[2] for where in table["where"]] == ["H4", "H6", "H7"]


def test_a_sheet_that_is_none_or_says_one_thing_twice(tmp_path):
    """The columns that are looked for; branch, variable, scenario and region tell rows apart."""
    row = ["Key\\GDP", "Key Assumption", "Plan", "R", "", "", "", 5]
    with pytest.raises(
        PanelError, match=r"a\.xlsx.*H5: Key.GDP of Plan is there twice; leave one out"
    ):
        read_leap(write_sheet(tmp_path / "a.xlsx", row, row))
    for other in ("Output", "S"):
        changed = [
            row[0],
            other if other == "Output" else row[1],
            row[2],
            other if other == "S" else row[3],
            *row[4:],
        ]
        assert len(read_leap(write_sheet(tmp_path / "a.xlsx", row, changed))) == 2
    (tmp_path / "b.csv").write_text("Branch Path,Variable\nx,y\n", encoding="utf-8")
    with pytest.raises(
        PanelError,
        match=r"b\.csv: no sheet of LEAP; it has the columns Branch Path, Variable, Scenario",
    ):
        read_leap(tmp_path / "b.csv")
    assert not is_leap(tmp_path / "b.csv")
    assert is_leap(tmp_path / "a.xlsx")


def test_a_remainder_is_of_one():
    """Of a whole, as shares are: of 100 in per cent, of 1 without a scale; of another number it is no rest."""
    driven = Driven("industry", "structure", "economy")
    for scale, text, is_rest in (
        ("", "Remainder(1)", True),
        ("%", "Remainder(100)", True),
        ("", "Remainder(100)", False),
    ):
        table = sheet([(GDP, ACCOUNTS, text), (GDP, "Plan", text)], scale=scale)
        if is_rest:
            assert take_leap(table, SPAN, branch=GDP, driven=driven)["as"].tolist() == ["rest"]
        else:
            with pytest.raises(PanelError, match=r"'Remainder\(100\)' cannot be evaluated"):
                take_leap(table, SPAN, branch=GDP, driven=driven)
    with pytest.raises(PanelError, match="cannot be evaluated"):  # an activity has no rest
        take_leap(sheet([(GDP, "Plan", "Remainder(1)")]), SPAN, branch=GDP)


def test_rates_hold_within_the_years_of_scenarios():
    """A rate that ended before them is left out, one that goes on beyond them ends with them."""
    table = sheet([(GDP, ACCOUNTS, "1"), (GDP, "Plan", "Growth(1%, 2015, 2%, 2025, 3%, 2035, 4%)")])
    taken = take_leap(table, SPAN, branch=GDP)
    assert taken[["until", "as", "value"]].to_numpy().tolist() == [
        [2024, "rate", 0.02],
        [2030, "rate", 0.03],
    ]


def test_the_region_that_is_asked_for():
    """In any case; where there are several one is named."""
    both = pd.concat(
        [
            sheet([(GDP, ACCOUNTS, "1"), (GDP, "Plan", str(n))], region=name)
            for n, name in ((2, "A"), (3, "B"))
        ]
    )
    assert take_leap(both, SPAN, branch=GDP, region="b")["value"].iloc[-1] == 3
    with pytest.raises(PanelError, match="no region ''; it has A, B"):
        take_leap(both, SPAN, branch=GDP)


@pytest.mark.parametrize("until", [2020, 2019])
def test_scenarios_end_after_they_begin(until):
    """A last year that is the year before the first one leaves nothing to take."""
    with pytest.raises(PanelError, match=f"scenarios go on from 2020 until {until}"):
        take_leap(
            sheet([(GDP, ACCOUNTS, "1"), (GDP, "Plan", "2")]), LeapSpan(2020, until), branch=GDP
        )


def test_one_branch_has_one_start():
    """Two scenarios whose levels start apart cannot share Current Accounts."""
    held = {
        name: [drive("all", "activity", "level", {2020: start, 2030: 9.0})]
        for name, start in (("a", 1.0), ("b", 2.0))
    }
    entries = [entry for entry in ENTRIES if entry[2] != "removal"]
    paths = project_scenarios(record(entries), held, BASE)
    with pytest.raises(PanelError, match=r"scenarios start at 1\.0 and 2\.0"):
        to_leap(paths)
    rates = dict.fromkeys(range(2025, 2031), 0.01)
    (path,) = project_scenarios(
        record(entries), {"a": [drive("all", "activity", "rate", rates)]}, BASE
    )
    with pytest.raises(PanelError, match=r"6 rates one after another; Growth of LEAP takes 5"):
        to_leap([path])
