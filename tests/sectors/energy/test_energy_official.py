"""Official tables, and the commands of accounting."""

from __future__ import annotations

import csv
import io

import pytest

import carbonacct as ca
from carbonacct.cli import main
from carbonacct.errors import FactorNotFoundError, MethodError
from carbonacct.sectors.energy.energy_official import fill_tables
from carbonacct.sectors.energy.notation import KEYS
from tests.sectors.energy.building import table

BEIJING, CHONGQING = "docs/tables/beijing_2007.csv", "docs/tables/chongqing_2007.csv"


@pytest.fixture(scope="module")
def beijing():
    """Return the inventory of Beijing 2007 with all gases."""
    return ca.compile_inventory(BEIJING, method="ipcc-2006", gases=["all"])


def test_every_blank_has_a_key(beijing):
    """A cell of a gas or of energy is a number, or notation keys."""
    for name, frame in fill_tables(beijing).items():
        if name not in {"1.A(b)", "1.A(c)", "1.A(d)"}:
            for column in frame.columns:
                if column.endswith(("kt", "_tj")):
                    for cell in frame[column]:
                        assert isinstance(cell, float) or set(cell.split(",")) <= set(KEYS), (
                            name,
                            column,
                            cell,
                        )


@pytest.mark.parametrize("gas", ["CO2", "CH4", "N2O"])
def test_the_tables_add_up_to_the_inventory(beijing, gas):
    """1.A is the total in both tables; fuel groups and sub-categories add up to it."""
    total = float(beijing.total(gas=gas).item().magnitude)
    tables = fill_tables(beijing)
    sectoral = tables["1.A(a)"].set_index(["category", "fuel_group"])[f"{gas}_kt"]
    assert sectoral["1.A", "total"] == pytest.approx(total / 1e3, rel=1e-12)
    groups = [
        sectoral["1.A", group]
        for group in ("liquid", "solid", "gaseous", "other", "peat", "biomass")
    ]
    assert sum(value for value in groups if isinstance(value, float)) == pytest.approx(
        total / 1e3, rel=1e-12
    )
    parts = [sectoral[f"1.A.{number}", "total"] for number in range(1, 6)]
    assert sum(value for value in parts if isinstance(value, float)) == pytest.approx(
        total / 1e3, rel=1e-12
    )
    summary = tables["guideline"].set_index("code")[f"{gas}_10kt"]
    assert summary["1.1"] == pytest.approx(total / 1e4, rel=1e-12)  # the table has no biomass
    assert summary["1.2"] == ("NA" if gas == "CO2" else "NE")
    assert summary["1.5"] == "NE"


def test_the_comparison_table_holds_both_approaches(beijing):
    """1.A(c) is the reference approach of 1.A(b) and the sectoral one of 1.A(a), by fuel group."""
    tables = fill_tables(beijing)
    comparison = tables["1.A(c)"].set_index("fuel_group")
    sectoral = tables["1.A(a)"].set_index(["category", "fuel_group"])["CO2_kt"]
    reference = tables["1.A(b)"].groupby("fuel_group").emissions.sum() / 1e3
    for group in ("liquid", "solid", "gaseous"):
        assert comparison.loc[group, "co2_sectoral_kt"] == pytest.approx(
            sectoral["1.A", group], rel=1e-12
        )
        assert comparison.loc[group, "co2_reference_kt"] == pytest.approx(
            reference[group], rel=1e-9
        )


def test_a_table_of_consumption_has_no_reference_tables(tmp_path):
    """Without supply rows the three tables of the reference approach are not made; a wrong name is said."""
    inventory = ca.compile_inventory(
        table(tmp_path, {"industry": {"diesel": 5}}), method="ipcc-2006"
    )
    assert sorted(fill_tables(inventory)) == ["1.A(a)", "1.D", "guideline"]
    with pytest.raises(
        MethodError,
        match=r"^no table '1.A\(e\)'; did you mean 1.A\(d\), 1.A\(c\), 1.A\(b\)\? known:",
    ):
        fill_tables(inventory, tables=["1.A(e)"])


@pytest.mark.parametrize(
    ("words", "columns"),
    [
        (
            ["reference", CHONGQING, "--method", "ipcc-2006"],
            "area,year,fuel_group,product,unit,production",
        ),
        (
            ["completeness", CHONGQING, "--method", "ipcc-2006", "--gas", "all"],
            "area,year,category,name_zh,name_en,gas,value",
        ),
        (
            ["end-use", CHONGQING, "--method", "ipcc-2006"],
            "area,year,flow,gas,direct,electricity,heat,total,unit",
        ),
        (
            ["official", CHONGQING, "--method", "ipcc-2006", "--table", "1.A(c)"],
            "area,year,fuel_group,energy_reference_tj",
        ),
        (
            ["compare", CHONGQING, "--method", "ceads", "--method", "ipcc-2006"],
            "area,year,category,ceads,ipcc-2006,lowest",
        ),
        (
            ["inventory", CHONGQING, "--method", "ipcc-2006", "--gwp", "AR5GWP100", "-o", "-"],
            "area,year,flow,product,category,scope,gas,value,unit,method",
        ),
    ],
)
def test_a_command_writes_its_table_to_standard_output(capsys, words, columns):
    """The columns as documented, rows that read back."""
    assert main(words) == 0
    printed = capsys.readouterr().out
    assert printed.startswith(columns)
    rows = list(csv.DictReader(io.StringIO(printed)))
    assert rows
    assert rows[0]["area"] == "重庆"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["inventory", CHONGQING, "--method", "ipcc-2006", "--gwp", "AR9GWP100"],
            "no metric 'AR9GWP100'",
        ),
        (
            ["inventory", CHONGQING, "--method", "ceads", "--gas", "CH4"],
            "ceads has no factors of CH4; it has CO2",
        ),
        (["official", CHONGQING, "--method", "ipcc-2006", "--table", "1.A"], "no table '1.A'"),
        (["compare", CHONGQING, "--method", "ipc"], "no method 'ipc'"),
        (["reference", CHONGQING, "--method", "ceads"], "ceads has no factor of CO2 for"),
    ],
)
def test_a_wrong_word_is_one_line(capsys, words, message):
    """One line on standard error, exit status 2."""
    assert main(words) == 2
    said = capsys.readouterr().err.strip().splitlines()
    assert len(said) == 1
    assert message in said[0]


def test_quality_lists_findings(capsys, tmp_path):
    """The command prints findings by severity and writes them as a table."""
    assert (
        main(
            [
                "quality",
                CHONGQING,
                "--method",
                "provincial-2011",
                "--lang",
                "en",
                "-o",
                str(tmp_path / "quality.csv"),
            ]
        )
        == 0
    )
    assert "implied-factor" in (tmp_path / "quality.csv").read_text(encoding="utf-8")
    assert capsys.readouterr().out.splitlines()[1] == "findings: 0 error, 8 warning, 0 info"


def test_a_method_without_factors_for_the_area_as_a_whole():
    """CEADs' coal has factors by sector alone: no reference approach, and its reason where it is asked for."""
    inventory = ca.compile_inventory("docs/tables/chongqing_2007.csv", method="ceads")
    assert sorted(fill_tables(inventory)) == ["1.A(a)", "1.D", "guideline"]
    with pytest.raises(FactorNotFoundError, match="ceads has no factor of CO2 for"):
        fill_tables(inventory, tables=["1.A(c)"])


def test_biomass_stands_apart_in_the_guidelines_table(tmp_path):
    """CH4 and N2O of wood are row 1.2, not fossil fuels; its CO2 is a memo item, in 1.A(a) under biomass."""
    rows = {
        "industry": {"raw_coal": 10, "wood": 4},
        "households_rural": {"raw_coal": 1, "wood": 20},
    }
    inventory = ca.compile_inventory(table(tmp_path, rows), method="ipcc-2006", gases=["all"])
    tables = fill_tables(inventory, tables=["guideline", "1.A(a)", "1.D"])
    summary = tables["guideline"].set_index("code")
    for gas in ("CH4", "N2O"):
        cells = inventory.emissions.sel(gas=gas)
        wood, coal = (
            float(cells.sel(product=product).sum()) / 1e4 for product in ("wood", "raw_coal")
        )
        assert wood > 0
        assert summary.loc["1.2", f"{gas}_10kt"] == pytest.approx(wood, rel=1e-12)
        assert summary.loc["1.1", f"{gas}_10kt"] == pytest.approx(coal, rel=1e-12)
        assert summary.loc["1", f"{gas}_10kt"] == pytest.approx(wood + coal, rel=1e-12)
        home = float(cells.sel(product="raw_coal", flow="households_rural").sum()) / 1e4
        assert summary.loc["1.1.5", f"{gas}_10kt"] == pytest.approx(home, rel=1e-12)
    assert summary.loc["1.2", "CO2_10kt"] == "NA"
    memo = tables["1.D"].set_index("category").loc["1.D.3", "CO2_kt"]
    sectoral = tables["1.A(a)"].set_index(["category", "fuel_group"])["CO2_kt"]
    assert sectoral["1.A", "biomass"] == pytest.approx(memo, rel=1e-12)
    assert sectoral["1.A", "total"] == pytest.approx(
        float(inventory.total().item().magnitude) / 1e3, rel=1e-12
    )


def test_compare_leaves_out_methods_of_some_fuels_unless_asked():
    """Chongqing 2007: the white paper's two fuels would spread by 48.7 %, methods of all fuels by 10.8 %."""
    balance = ca.read_balance(CHONGQING)
    table_of, _ = ca.compare_methods(balance)
    assert "whitepaper-2022" not in table_of
    assert (
        round(float(table_of.loc[table_of.category == "total", "spread_percent"].item()), 1) == 10.8
    )
    everything = [
        *[name for name in table_of.columns if name in ca.method_ids()],
        "whitepaper-2022",
    ]
    asked, _ = ca.compare_methods(balance, methods=everything)
    assert round(float(asked.loc[asked.category == "total", "spread_percent"].item()), 1) == 48.7
