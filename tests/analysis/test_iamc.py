"""The format of scenario databases: what is written is read back, and a variable of it drives a path."""

from __future__ import annotations

import pandas as pd
import pytest

import carbonacct as ca
from carbonacct import (
    Basis,
    project_scenarios,
    read_assumptions,
    read_iamc,
    to_assumptions,
    to_iamc,
)
from carbonacct.cli import main
from carbonacct.errors import PanelError
from tests.analysis.test_scenario import BASE, FLAT, drive, record

SSP = (
    "MODEL,Scenario,Region,Variable,Unit,2020,2030,Notes\n"
    "OECD,SSP2,China,GDP|PPP,billion,20,30,\nOECD,SSP2,China,Population,million,1400,,x\n"
    "OECD,SSP1,China,GDP|PPP,billion,20,32,\n"
)


def test_paths_are_written_and_read_back(tmp_path):
    """Net is the sum of what stands below it, in Mt; csv and xlsx hold the same."""
    scenarios = {"flat": FLAT, "cut": [drive("all", "activity", "rate", {2030: -0.05}), FLAT[1]]}
    table = to_iamc(project_scenarios(record(), scenarios, BASE), model="ours")
    assert list(table.columns[:6]) == ["Model", "Scenario", "Region", "Variable", "Unit", "2020"]
    for _, own in table.groupby("Scenario"):
        years = own.drop(columns=["Model", "Scenario", "Region", "Variable", "Unit"])
        assert own["Variable"].iloc[0] == "Emissions|CO2"
        assert own["Variable"].iloc[1:].str.startswith("Emissions|CO2|").all()
        assert years.iloc[1:].sum().to_numpy() == pytest.approx(years.iloc[0].to_numpy(), rel=1e-12)
    assert table.loc[0, "2020"] == pytest.approx(130e-6)
    table.to_csv(tmp_path / "a.csv", index=False)
    table.to_excel(tmp_path / "a.xlsx", index=False)
    read = read_iamc(tmp_path / "a.csv")
    pd.testing.assert_frame_equal(read, read_iamc(tmp_path / "a.xlsx"))
    long = table.melt(list(table.columns[:5]), var_name="Year", value_name="Value")
    long.to_csv(tmp_path / "long.csv", index=False)
    pd.testing.assert_frame_equal(read, read_iamc(tmp_path / "long.csv"))
    assert len(read) == len(table) * 11
    assert set(read["scenario"]) == {"flat", "cut"}


def test_scopes_and_metrics_are_named():
    """Scope 2 and CO2e stand in the variable, for a sum of them is not Emissions|CO2."""
    both = project_scenarios(record(), {"s": FLAT}, Basis(gas="CO2", draws=0, scopes=(1, 2)))
    assert to_iamc(both, model="m")["Variable"].iloc[0] == "Emissions|CO2 (Scope 1 and 2)"
    weighted = project_scenarios(record(), {"s": FLAT}, Basis(gwp="AR5GWP100", draws=0))
    first = to_iamc(weighted, model="m").iloc[0]
    assert (first["Variable"], first["Unit"]) == (
        "Emissions|Kyoto Gases (AR5GWP100)",
        "Mt CO2-equiv/yr",
    )


def test_a_variable_drives_a_path(tmp_path, capsys):
    """Levels of GDP of two scenarios become assumptions, with model and scenario as their source."""
    (tmp_path / "ssp.csv").write_text(SSP, encoding="utf-8")
    out = tmp_path / "a.csv"
    assert (
        main(
            [
                "levels",
                str(tmp_path / "ssp.csv"),
                "--variable",
                "GDP|PPP",
                "--region",
                "China",
                "-o",
                str(out),
            ]
        )
        == 0
    )
    capsys.readouterr()
    scenarios = read_assumptions(out)
    assert scenarios["SSP1"][0].source == "OECD SSP1 China (billion)"
    paths = project_scenarios(record([("industry", "raw_coal", "emission", 2.0)]), scenarios, BASE)
    assert {path.name: path.net[0, -1] for path in paths} == {
        "SSP1": pytest.approx(3.2),
        "SSP2": pytest.approx(3.0),
    }
    with pytest.raises(PanelError, match="no variable 'GDP'"):
        to_assumptions(read_iamc(tmp_path / "ssp.csv"), variable="GDP", region="China")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "Variable,",
            "Item,",
            r"^a\.csv: no column 'variable'; the format has Model, Scenario, Region",
        ),
        ("2020,2030", "then,later", r"^a\.csv: no years; they stand as columns"),
        (",20,30,", ",20,soon,", r"^a\.csv:2: 'soon' of 2030 is no number"),
        ("SSP1,China", "SSP2,China", r"^a\.csv:4: GDP\|PPP of SSP2 2020 is there twice"),
    ],
)
def test_a_file_that_is_not_of_the_format(tmp_path, old, new, message):
    """File, line and what is wrong."""
    path = tmp_path / "a.csv"
    path.write_text(SSP.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PanelError, match=message):
        read_iamc(path)


def test_a_year_of_a_long_table_is_whole(tmp_path):
    """2030.5 is no year, and is not taken for one."""
    path = tmp_path / "a.csv"
    path.write_text(
        "Model,Scenario,Region,Variable,Unit,Year,Value\nm,s,r,GDP,billion,2030.5,1\n",
        encoding="utf-8",
    )
    with pytest.raises(PanelError, match=r"^a\.csv:2: '1\.0' of 2030\.5 is no number"):
        read_iamc(path)


def test_an_absent_number_is_no_row(tmp_path):
    """A blank year is not zero."""
    path = tmp_path / "a.csv"
    path.write_text(SSP, encoding="utf-8")
    read = ca.read_iamc(path)
    assert read[read["variable"] == "Population"]["year"].tolist() == [2020]
