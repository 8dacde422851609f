"""Real inventories: where each uncertainty comes from, and the commands."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest

import carbonacct as ca
from carbonacct.cli.main import main
from carbonacct.data import data_folder, read_rows
from carbonacct.errors import UncertaintyError
from carbonacct.factors import load_edition
from carbonacct.report.uncertainty_tables import assess_uncertainty
from carbonacct.uncertainty import compare_approaches
from carbonacct.uncertainty.uncertain_inputs import (
    choose_activity_sources,
    find_activity_uncertainty,
    read_overrides,
)
from tests.sectors.energy.building import write_table

TABLE = "docs/tables/chongqing_2007.csv"
HEADER = "input,area,flow,product,category,gas,percent,cv,lower,upper,kind,source\n"


@pytest.fixture(scope="module")
def inventory():
    """Return the inventory of Chongqing 2007 with IPCC factors."""
    return ca.compile_inventory(TABLE, method="ipcc-2006")


def own(folder, text):
    """Write a file of a user's own uncertainties."""
    path = folder / "own.csv"
    path.write_text(HEADER + text, encoding="utf-8")
    return path


def test_cells_are_those_of_the_inventory(inventory):
    """The model holds each cell of the scope that has a number, and their sum is the total."""
    model = ca.model_inventory(inventory)
    assert model.value.sum() == pytest.approx(inventory.total().item().magnitude, rel=1e-12)
    frame = inventory.to_frame().query("scope == 1")
    assert len(model.value) == len(frame)
    assert ca.simulate(model, draws=1000).table["value"].item() == pytest.approx(
        frame["value"].sum(), rel=1e-12
    )


def test_a_published_row_is_one_input_for_all_its_cells(inventory):
    """All coal of the table has one emission factor: one input, with the bounds of IPCC table 1.4 as printed."""
    model = ca.model_inventory(inventory)
    (coal,) = (
        one
        for one in model.inputs
        if one.item == "Other Bituminous Coal" and one.parameter == "emission_factor"
    )
    assert (coal.uncertainty.lower, coal.uncertainty.upper) == (89500, 99700)
    ranked = ca.rank_contributions(model).set_index("input")
    # Gangue and washed coal have no row of their own either.
    raw_coal = inventory.to_frame().query("product in ('raw_coal', 'gangue', 'other_washed_coal')")
    assert ranked["cells"][coal.name] == len(raw_coal[raw_coal["value"] > 0])


def test_several_tables_share_their_rows(inventory):
    """Two cities with one method are one model; each keeps its interval.

    The sum is less certain than that of independent cities.
    """
    beijing = ca.compile_inventory("docs/tables/beijing_2007.csv", method="ipcc-2006")
    both = ca.model_inventory([inventory, beijing])
    alone = [ca.simulate(ca.model_inventory(one), draws=4096).table for one in (inventory, beijing)]
    together = ca.simulate(both, draws=4096).table
    for one in alone:
        np.testing.assert_allclose(
            together.sel(area=one["area"])["lower"], one["lower"], rtol=1e-12
        )
    whole = ca.approximate(both, by=[]).table["sd"].item()
    apart = np.sqrt(sum(one["sd"].item() ** 2 for one in alone))
    assert 1.1 * apart < whole < 2 * apart
    with pytest.raises(
        UncertaintyError, match="two of the inventories have the same area and year"
    ):
        ca.model_inventory([inventory, inventory])


def test_rows_without_uncertainty_are_named():
    """Rows without published uncertainty take the default of their kind, or are exact where asked, and are named."""
    provincial = ca.compile_inventory(TABLE, method="provincial-2011")
    model = ca.model_inventory(provincial, exact=True)
    (finding,) = model.findings
    assert finding.rule == "no-uncertainty"
    assert not model.inputs
    assert finding.message.startswith(f"{model.exact} factor rows")
    default = ca.model_inventory(provincial)
    (finding,) = default.findings
    assert (finding.rule, default.exact) == ("default-range", 0)
    assert "the range of the world" in finding.message
    assert "net_calorific_value of 原煤 (gb-t-2589-2008) -22.9 % +18.2 %" in finding.message
    oxidation = next(
        one.uncertainty
        for one in default.inputs
        if one.parameter == "oxidation_factor" and one.item == "烟煤"
    )
    assert (oxidation.lower, oxidation.value, oxidation.upper) == pytest.approx((0.86, 0.93, 1.0))
    borrowed = ca.model_inventory(provincial, bounds_from="ipcc-2006")
    raw = next(
        one
        for one in borrowed.inputs
        if one.parameter == "net_calorific_value" and one.item == "原煤"
    )
    assert raw.uncertainty.lower / raw.uncertainty.value == pytest.approx(19.9 / 25.8)
    assert raw.uncertainty.source.startswith("bounds of ipcc-2006/net_calorific_value.csv")
    assert (
        ca.approximate(borrowed).table["sd"].item() > 2 * ca.approximate(model).table["sd"].item()
    )


def test_coefficients_of_variation_are_those_of_the_edition():
    """Coefficients of variation agree with the notes of their edition's rows, none more and none less."""
    rows = read_rows(data_folder() / "uncertainty" / "coefficients_of_variation.csv")
    noted = {
        (row.product, row.note.split("%", maxsplit=1)[0])
        for row in load_edition("national-db-2026").rows
        if row.note.startswith("cv ")
    }
    assert {(row["product"], f"cv {row['cv']}") for row in rows if row["edition"]} == noted


def test_table_2_15_is_used_only_when_asked_for(inventory):
    """The kinds of source of table 2.15 could not be checked: they take an explicit word, and leave a finding."""
    with pytest.raises(
        UncertaintyError,
        match="could not be checked against the document; allow unverified numbers",
    ):
        ca.model_inventory(inventory, statistics="less-developed surveys")
    model = ca.model_inventory(
        inventory, statistics="less-developed surveys", allow_unverified=True
    )
    assert "unverified-uncertainty" in {finding.rule for finding in model.findings}
    with pytest.raises(
        UncertaintyError,
        match="no kind of statistics 'less developed surveys'; did you mean less-developed surveys",
    ):
        ca.model_inventory(inventory, statistics="less developed surveys")


@pytest.mark.parametrize(
    ("category", "fuel", "percent"),
    [
        ("1.A.1.a.i", "solid", 2),
        ("1.A.2.a", "solid", 3),
        ("1.A.2.k", "liquid", 15),
        ("1.A.4.a", "gas", 15),
        ("1.A.4.b", "biomass", 60),
        ("1.A.3", "liquid", 5),
        ("", "electricity", 5),
    ],
)
def test_kinds_of_source(category, fuel, percent):
    """A category takes the upper end of its range in table 2.15 (less developed, surveys), others 5 %."""
    sources = choose_activity_sources("less-developed surveys", allow_unverified=True)
    found = find_activity_uncertainty(sources, category, fuel)
    assert ca.fit_percent(1.0, percent).shape == found.shape


def test_a_users_own_numbers_come_first(inventory, tmp_path):
    """The line with most keys comes first, before published ranges; a category stands for those below."""
    path = own(
        tmp_path,
        "activity,,,,,,7,,,,,survey\nactivity,,,,1.A.1,,2,,,,,metered\nactivity,,industry,raw_coal,,,,,-20,30,"
        "triangular,\nemission_factor,,,bituminous_coal,,,,1.5,,,,measured\n",
    )
    model = ca.model_inventory(inventory, inputs=path)
    flows, products = (model.labels[dim][model.codes[dim]] for dim in ("flow", "product"))
    sd = {
        (flow, product): sd
        for flow, product, sd in zip(flows, products, model.activity_sd, strict=True)
    }
    assert sd["transport", "diesel"] == pytest.approx(0.07 / 1.96, rel=1e-4)
    assert sd["thermal_power", "raw_coal"] == pytest.approx(0.02 / 1.96, rel=1e-4)
    assert sd["industry", "raw_coal"] == 0  # drawn
    drawn = next(one for one in model.inputs if one.parameter == "activity")
    assert "industry, raw_coal" in drawn.name
    assert (drawn.uncertainty.lower, drawn.uncertainty.upper) == (0.8, 1.3)
    coal = next(
        one
        for one in model.inputs
        if one.item == "Other Bituminous Coal" and one.parameter == "emission_factor"
    )
    assert coal.uncertainty.shape == (94600, pytest.approx(1419))


def test_a_line_that_nothing_uses_is_a_finding(inventory, tmp_path):
    """A line of one's own that is for nothing in the inventory is named: a word of it may be off."""
    path = own(
        tmp_path,
        "activity,,,,1.A.1,,2,,,,,\nactivity,,refining,,,,3,,,,,\ncarbon_content,,,,,,4,,,,,\n",
    )
    found = {
        finding.rule: finding.message
        for finding in ca.model_inventory(inventory, inputs=path).findings
    }
    assert (
        found["inputs-unused"]
        == "2 lines of your own uncertainties are used by nothing: own.csv!A3, own.csv!A4"
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "activity,,,,,,,,20,-10,,\n",
            "own.csv!A2: lower bound 1.2 is above upper bound 0.9; exchange them",
        ),
        (
            "carbon_contents,,,,,,5,,,,,\n",
            "own.csv!A2: no input 'carbon_contents'; did you mean carbon_content",
        ),
        ("activity,,,,,,,,-150,10,,\n", "own.csv!A2: lower -150 % makes the value negative"),
        ("activity,,,,,,five,,,,,\n", "own.csv!A2: percent 'five' is not a number"),
        ("activity,,,,,,nan,,,,,\n", "own.csv!A2: uncertainty of nan %"),
        ("activity,,,,,,,,nan,10,,\n", "own.csv!A2: no lower bound (not a number)"),
        (
            "activity,,,,,,5,3,,,,\n",
            "give percent (without kind), or cv, or lower and upper; seen: cv, percent",
        ),
        ("activity,,,,,,,,,,,\n", "seen: none"),
        ("activity,,,,,,,5,,,gaussian,\n", "no distribution 'gaussian'"),
        (
            "activity,,,,,,5,,,,,\nactivity,,,,,,6,,,,,\n",
            "own.csv!A2 and own.csv!A3 are equally specific for activity",
        ),
        (
            "activity,,,,,,-5,,,,,\nactivity,,,,,,x,,,,,\n",
            "own.csv!A2: uncertainty of -5 %; give half the 95 % range in percent, 0 or more; own.csv!A3: percent 'x'",
        ),
    ],
)
def test_faults_of_a_users_file(inventory, tmp_path, text, words):
    """Each fault of a file of one's own is named with its line."""
    with pytest.raises(UncertaintyError) as caught:
        ca.model_inventory(inventory, inputs=own(tmp_path, text))
    assert words in str(caught.value)


def test_a_users_file_that_is_none(tmp_path):
    """A missing file, and a column that does not exist, are one line."""
    with pytest.raises(UncertaintyError, match="cannot be opened"):
        read_overrides(tmp_path / "missing.csv")
    (tmp_path / "own.csv").write_text("input,precent\nactivity,5\n", encoding="utf-8")
    with pytest.raises(
        UncertaintyError,
        match=r"own\.csv!B1: the column 'precent' is not known; did you mean percent",
    ):
        read_overrides(tmp_path / "own.csv")


def test_scopes_and_gases_that_do_not_exist(inventory):
    """A scope, a gas or an empty list is one line."""
    with pytest.raises(UncertaintyError, match="no scope 3"):
        ca.model_inventory(inventory, scope=3)
    with pytest.raises(UncertaintyError, match="the inventory has no SF6"):
        ca.model_inventory(inventory, gas="SF6")
    with pytest.raises(UncertaintyError, match="no inventory given"):
        ca.model_inventory([])


def test_gases_are_weighted_by_a_metric():
    """In CO2-equivalent the model holds the cells of all gases with their weights, and their sum is the inventory's."""
    gases = ca.compile_inventory(TABLE, method="ipcc-2006", gases=["all"])
    model = ca.model_inventory(gases, gwp="AR5GWP100")
    co2e = gases.co2e("AR5GWP100")
    assert model.value.sum() == pytest.approx(float(co2e.sum()), rel=1e-12)
    parts = {
        gas: ca.approximate(ca.model_inventory(gases, gas=gas, exact=True)).table
        for gas in ("CO2", "CH4", "N2O")
    }
    assert (
        parts["CH4"]["sd"].item() / parts["CH4"]["mean"].item()
        > 5 * parts["CO2"]["sd"].item() / parts["CO2"]["mean"].item()
    )
    closed, drawn = ca.approximate(model).table, ca.simulate(model, draws=40_000).table
    assert abs(closed["sd"].item() / drawn["sd"].item() - 1) < 4 * 1.5 / np.sqrt(2 * 40_000)
    assert ca.rank_contributions(model)["share"].sum() == pytest.approx(1)


@pytest.fixture
def run(capsys):
    """Return a function that runs the command line and returns its status and what it says on both streams."""

    def call(*words):
        status = main(words)
        return status, *capsys.readouterr()

    return call


def test_uncertainty_command(run):
    """The CSV gives the interval round the inventory's total; the same words give the same numbers."""
    words = ("uncertainty", TABLE, "--method", "ipcc-2006", "--draws", "4096", "-o", "-")
    status, one, said = run(*words)
    assert status == 0
    assert said.startswith("warning: ")
    assert run(*words)[1] == one
    (row,) = csv.DictReader(io.StringIO(one))
    assert list(row) == [
        "area",
        "year",
        "gas",
        "scope",
        "quantity",
        "value",
        "mean",
        "sd",
        "lower",
        "upper",
        "unit",
        "level",
        "draws",
        "seed",
        "method",
    ]
    assert float(row["lower"]) < float(row["value"]) < float(row["upper"])
    assert (row["area"], row["unit"], row["draws"], row["level"]) == ("重庆", "t", "4096", "0.95")


@pytest.mark.parametrize(
    "command",
    [("contributions",), ("key-categories",), ("uncertainty",), ("uncertainty", "--approach", "1")],
    ids=" ".join,
)
def test_a_base_year_needs_its_table_and_a_later_one(run, command):
    """A base year that is not in the data, or the only one, is refused with the years that are."""
    for base, message in (
        (2005, "the base year 2005 is not in the data, which have 2007; give its table as well"),
        (2007, "the base year 2007 is the latest in the data, which have 2007; a trend needs"),
    ):
        status, out, err = run(
            command[0], TABLE, "--method", "ipcc-2006", *command[1:], "--base", str(base)
        )
        assert (status, out, err.count("\n")) == (2, "", 1)
        assert err.startswith(message)


def test_approach_1_command(run):
    """Approach 1 writes table 3.2 with its total as the last row."""
    _, written, _ = run("uncertainty", TABLE, "--method", "ipcc-2006", "--approach", "1", "-o", "-")
    rows = list(csv.DictReader(io.StringIO(written)))
    assert rows[-1]["category"] == "total"
    assert float(rows[-1]["variance_contribution"]) == pytest.approx(
        float(rows[-1]["combined_uncertainty"]) ** 2
    )
    assert float(rows[-1]["latest"]) == pytest.approx(
        sum(float(row["latest"]) for row in rows[:-1])
    )


@pytest.mark.parametrize(
    ("command", "words"),
    [("key-categories", "1.A.2 solid"), ("contributions", "ipcc-2006/emission_factor.csv")],
)
def test_other_commands(run, command, words):
    """Key categories and contributions print what a person reads, in the language asked for."""
    status, printed, _ = run(command, TABLE, "--method", "ipcc-2006", "--lang", "zh")
    assert status == 0
    assert words in printed
    assert ("关键类别" if command == "key-categories" else "改进何处数据最有效") in printed


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--sampler", "halton"), "no sampler 'halton'"),
        (("--draws", "5"), "5 draws; an interval"),
        (("--base", "2005"), "the base year 2005 is not in the data, which have 2007"),
        (("--by", "aera"), "no dim 'aera'; did you mean area"),
        (
            ("--inputs", "missing.csv"),
            "missing.csv: cannot be opened (No such file or directory); check the path; give",
        ),
        (("--bounds-from", "ipcc-2005"), "no factor edition 'ipcc-2005'"),
        (("--gwp", "AR5"), "no metric 'AR5'"),
        (("--scope", "2"), "no cell of scope 2 has a number of CO2"),
    ],
)
def test_words_that_cannot_be_used(run, words, message):
    """A word that cannot be used is one line and status 2."""
    status, _, said = run("uncertainty", TABLE, "--method", "ipcc-2006", *words)
    assert status == 2
    assert message in said
    assert said.count("\n") == 1


def write_years(folder):
    """Write tables of one city in two years: coal falls, gas rises, the factors are the same."""
    rows = {2010: ((500, 20), (300, 10)), 2020: ((400, 30), (200, 30))}
    return [
        str(
            write_table(
                folder / f"{year}.csv",
                {
                    "thermal_power": {"raw_coal": -coal, "natural_gas": -gas},
                    "industry": {"raw_coal": coal_2, "natural_gas": gas_2},
                },
                title=f"重庆能源平衡表(实物量)-{year}",
            )
        )
        for year, ((coal, gas), (coal_2, gas_2)) in rows.items()
    ]


def test_trend_of_two_tables(run, tmp_path):
    """With a base year the trend has an interval in both approaches, narrower than with independent factors."""
    files = write_years(tmp_path)
    _, written, _ = run(
        "uncertainty",
        *files,
        "--method",
        "ipcc-2006",
        "--base",
        "2010",
        "--draws",
        "8192",
        "-o",
        "-",
    )
    rows = list(csv.DictReader(io.StringIO(written)))
    assert [(row["year"], row["quantity"], row["unit"]) for row in rows] == [
        ("2010", "emissions", "t"),
        ("2020", "emissions", "t"),
        ("2020", "change since 2010", "%"),
    ]
    before, after, change = ({name: float(row[name]) for name in ("value", "sd")} for row in rows)
    assert change["value"] == pytest.approx(100 * (after["value"] / before["value"] - 1))
    independent = (
        100
        * after["value"]
        / before["value"]
        * np.hypot(after["sd"] / after["value"], before["sd"] / before["value"])
    )
    assert change["sd"] < 0.9 * independent
    status, printed, _ = run(
        "uncertainty",
        *files,
        "--method",
        "ipcc-2006",
        "--base",
        "2010",
        "--approach",
        "1",
        "--lang",
        "en",
    )
    assert status == 0
    assert f"change since 2010  {change['value']:+.2f} %" in printed
    _, printed, _ = run(
        "key-categories", *files, "--method", "ipcc-2006", "--base", "2010", "--lang", "en"
    )
    assert "L1, T1" in printed
    _, printed, _ = run(
        "contributions", *files, "--method", "ipcc-2006", "--base", "2010", "--lang", "en"
    )
    assert "activity 重庆 2010 thermal_power raw_coal" in printed


def test_totals_of_unlike_years_are_not_compared(run, tmp_path):
    """By hand: gas and Shanghai have 2010 alone, Beijing 2020 alone; no trend is made of these."""
    tables = [
        ("重庆", 2010, {"raw_coal": -500, "natural_gas": -20}),
        ("重庆", 2015, {"raw_coal": -450, "natural_gas": -25}),
        ("重庆", 2020, {"raw_coal": -400}),
        ("北京", 2020, {"raw_coal": -100}),
        ("上海", 2010, {"raw_coal": -100}),
    ]
    files = [
        str(
            write_table(
                tmp_path / f"{number}.csv",
                {"thermal_power": row},
                title=f"{area}能源平衡表(实物量)-{year}",
            )
        )
        for number, (area, year, row) in enumerate(tables)
    ]
    words = ["--method", "ipcc-2006", "--base", "2010", "--lang", "en"]
    told = (
        "重庆 has no trend from 2010 to 2020: one of the two years has no number of 1.A.1 gas",
        "北京 has no trend from 2010 to 2020: 2010 has no number",
    )
    status, written, said = run("uncertainty", *files, *words, "--draws", "2048", "-o", "-")
    assert status == 0
    assert all(one in said for one in told)
    changes = [
        row
        for row in csv.DictReader(io.StringIO(written))
        if row["quantity"] == "change since 2010"
    ]
    assert [(row["area"], row["year"]) for row in changes] == [("重庆", "2015")]
    status, printed, _ = run("uncertainty", *files, *words, "--approach", "1")
    assert (status, printed.count("change since")) == (0, 0)
    assert "上海 has no trend from 2010 to 2010: 2010 is its latest year" in printed
    status, _, said = run("contributions", *files, *words)
    assert (status, said.count(" has no trend ")) == (2, 3)
    status, written, said = run("contributions", *files[:2], *files[3:], *words, "-o", "-")
    assert status == 0
    assert {row["area"] for row in csv.DictReader(io.StringIO(written))} == {"重庆"}


def test_an_interval_that_is_too_narrow_says_so_at_the_number(tmp_path, capsys):
    """Chongqing 2007: +/-2 % with 48 rows taken as exact is marked in terminal, page and columns.

    With default ranges it is no longer so narrow.
    """
    table = assess_uncertainty(
        [ca.compile_inventory(TABLE, method="provincial-2011")], exact=True
    ).intervals
    assert table["narrow"].item() == 48
    assert (
        main(
            [
                "uncertainty",
                TABLE,
                "--method",
                "provincial-2011",
                "--exact",
                "--lang",
                "en",
                "--draws",
                "2048",
            ]
        )
        == 0
    )
    assert "(too narrow: 48 factor rows count as exact)" in capsys.readouterr().out.splitlines()[0]
    page = tmp_path / "a.html"
    words = [
        "inventory",
        TABLE,
        "--method",
        "provincial-2011",
        "--uncertainty",
        "--lang",
        "en",
        "-o",
        str(page),
        "--overwrite",
    ]
    assert main([*words, "--exact"]) == 0
    assert "too narrow: 48 factor rows count as exact" in capsys.readouterr().out
    assert '<span class="below">too narrow: 48 factor rows count as exact</span>' in page.read_text(
        encoding="utf-8"
    )
    for more in ([], ["--bounds-from", "ipcc-2006"]):  # a report takes the options of what it shows
        assert main([*words, *more]) == 0
        interval = next(line for line in capsys.readouterr().out.splitlines() if "interval" in line)
        assert "too narrow" not in interval
        low, high = (
            float(part.split()[0]) for part in interval.rsplit("interval", 1)[1].split("–")
        )
        assert (low, high) == pytest.approx((80.3, 107.9), rel=0.01)


def test_approach_1_agrees_with_approach_2_or_says_why():
    """Factor rows that categories share are one error, which table 3.2 does not count; a finding says both."""
    provincial = ca.model_inventory(ca.compile_inventory(TABLE, method="provincial-2011"))
    first = ca.propagate_errors(ca.tabulate_categories(provincial)).level_uncertainty
    (finding,) = compare_approaches(provincial, first, area="重庆", year=2007)
    assert finding.rule == "approaches-differ"
    assert finding.message.startswith(
        "重庆 2007: Approach 1 gives +/- 9.7 %, Approach 2 +/- 14.9 %: factor rows that several categories share"
    )
    exact = ca.model_inventory(ca.compile_inventory(TABLE, method="provincial-2011"), exact=True)
    alike = ca.propagate_errors(ca.tabulate_categories(exact)).level_uncertainty
    assert compare_approaches(exact, alike, area="重庆", year=2007) == []
