"""Inventories and drivers side by side, and analyses that take them as they are."""

from __future__ import annotations

import io

import openpyxl
import pandas as pd
import pytest

import carbonacct as ca
from carbonacct.cli.main import main
from carbonacct.errors import PanelError
from carbonacct.inventory.entry_columns import COLUMNS
from carbonacct.projects.driver_bases import DriverBasis
from carbonacct.projects.driver_tables import (
    read_driver_table,
    read_driver_tables,
    strip_units,
)
from carbonacct.projects.project_panel import make_panel, read_panel

TABLE = "docs/tables/chongqing_2007.csv"
LONG = (
    "地区,年份,常住人口(万人),地区生产总值(亿元)\n重庆,2007,2816,4676.13\n重庆,2008,2839,5793.66\n"
)
TURNED = "指标,单位,2007年,2008年\n常住人口,万人,2816,2839\n地区生产总值,亿元,4676.13,5793.66\n"


@pytest.fixture(scope="module")
def years(tmp_path_factory):
    """Return the CSV of an inventory of two years; the second is the first of another year."""
    folder = tmp_path_factory.mktemp("years")
    one = ca.compile_inventory(TABLE, method="provincial-2011").to_frame()
    both = pd.concat([one, one.assign(year=2008, value=one["value"] * 1.1)], ignore_index=True)
    path = folder / "inventory.csv"
    both.to_csv(path, index=False)
    return path


def write(tmp_path, text, name="drivers.csv", encoding="utf-8"):
    """Return the path of a file with a text."""
    path = tmp_path / name
    path.write_text(text, encoding=encoding)
    return path


def write_sheet(tmp_path, text):
    """Return the path of a workbook with the cells of a CSV."""
    book = openpyxl.Workbook()
    for line in text.splitlines():
        cells = line.split(",")
        book.active.append([float(c) if c.replace(".", "").isdigit() else c for c in cells])
    book.save(tmp_path / "drivers.xlsx")
    return tmp_path / "drivers.xlsx"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("text", [LONG, TURNED], ids=["long", "turned"])
def test_drivers_of_any_shape_and_encoding(tmp_path, text, encoding):
    """Years as rows or columns, in UTF-8 or GB 18030, in text or a workbook: one panel."""
    for path in (write(tmp_path, text, encoding=encoding), write_sheet(tmp_path, text)):
        frame, findings = read_driver_table(path)
        assert findings == []
        assert frame["year"].tolist() == [2007, 2008]
        assert frame["population"].tolist() == [2816, 2839]
        assert frame["gdp"].tolist() == [4676.13, 5793.66]
        assert frame.attrs["units"] == {"population": "万人", "gdp": "亿元"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("area,population\nA,1\n", r"csv!1:1: no columns 'year' .* or write years as columns"),
        ("area,year,人口(万人),常住人口(人)\nA,2007,1,2\n", "are both population"),
        (
            "area,year,gdp\nA,2007,1\nA,2007,2\n",
            r"csv!3:3: A 2007 stands there twice \(also in row 2\)",
        ),
        ("指标,2007,2008\n人口(万人),1,2\n人口(人),1,2\n", "is in 万人 and in 人"),
        ("area,year,gdp\nA,,1\n", r"csv!B2: the row has no year"),
        ("area,year,gdp\nA,2007,1\nA,2008,many\n", r"csv!C3: gdp is 'many', which is not a number"),
    ],
)
def test_drivers_that_cannot_be_used(tmp_path, text, words):
    """Each fault of a table of drivers is one line that says what and where."""
    with pytest.raises(PanelError, match=words):
        read_driver_table(write(tmp_path, text))


def test_a_panel_has_units_and_every_scope(years, tmp_path):
    """Emissions by scope beside drivers, each column with its unit, one row an area and year."""
    panel = make_panel(years, write(tmp_path, TURNED))
    assert panel["year"].tolist() == [2007, 2008]
    assert panel["population"].tolist() == [2816, 2839]
    one = ca.compile_inventory(TABLE, method="provincial-2011")
    assert panel["co2"].iloc[0] == pytest.approx(float(one.total().item().magnitude), rel=1e-12)
    assert panel["co2"].iloc[1] == pytest.approx(1.1 * panel["co2"].iloc[0], rel=1e-12)
    assert panel.attrs["units"] == {"co2": "t", "population": "万人", "gdp": "亿元"}


def test_a_metric_and_a_definition_are_named():
    """CO2-equivalent comes of a named metric, energy of a named definition."""
    cube = ca.compile_inventory(TABLE, method="ipcc-2006", gases=["all"])
    panel = make_panel(cube, metric="AR5GWP100", energy="calorific")
    assert panel.attrs["units"]["co2e"] == "t CO2e (AR5GWP100)"
    assert panel["co2e"].item() > panel["co2"].item()
    weighted = cube.co2e("AR5GWP100").sum().item()
    assert panel["co2e"].item() == pytest.approx(weighted, rel=1e-12)
    assert 1e7 < panel["energy"].item() < 1e8


def test_drivers_that_do_not_fit_are_said(years):
    """A year without drivers is a finding, a column of the inventory among them an error."""
    drivers = pd.DataFrame({"area": ["重庆市"], "year": [2007], "gdp (亿元)": [1.0]})
    panel = make_panel(years, drivers)
    assert panel["gdp"].isna().tolist() == [False, True]
    (finding,) = panel.attrs["findings"]
    assert "重庆 2008" in finding.message
    with pytest.raises(PanelError, match="a column 'co2' of the inventory as well"):
        make_panel(years, drivers.assign(co2=1.0))


def test_a_table_of_drivers_that_nobody_filled_yet(years, tmp_path):
    """The head of a template alone leaves every year without drivers, and says so."""
    held = pd.read_csv(years)
    both = pd.concat([held, held.assign(area="北京")])
    both.to_csv(tmp_path / "two.csv", index=False)
    head = write(tmp_path, "area,year,population (万人),gdp (亿元)\n")
    panel = make_panel(tmp_path / "two.csv", head)
    assert panel["co2"].notna().all()
    assert len(panel.attrs["findings"]) == 4


def test_units_are_stripped_only_where_no_name_is_lost():
    """A header that is asked for as it stands stays; two headers of one name are refused."""
    table = pd.DataFrame([[1.0, 2.0]], columns=["gdp (亿元)", "co2 (t)"])
    assert list(strip_units(table)[0].columns) == ["gdp", "co2"]
    assert list(strip_units(table, ["gdp (亿元)"])[0].columns) == ["gdp (亿元)", "co2"]
    for printed in (
        "GDP",
        "GDP/亿元",
        "GDP(亿元)",
        "生产总值 / 亿元",
    ):  # GB 3101: a quantity over its unit
        made, units = strip_units(table.rename(columns={"gdp (亿元)": printed}), ["gdp"])
        assert (list(made.columns), units.get("gdp", "")) == (
            ["gdp", "co2"],
            "亿元" if "亿" in printed else "",
        )
    assert list(strip_units(pd.DataFrame(columns=["co2/gdp"]))[0].columns) == ["co2/gdp"]
    assert list(
        strip_units(table.rename(columns={"gdp (亿元)": "生产总值(亿元)"}), ["gdp"])[0]
    ) == [
        "gdp",
        "co2",
    ]
    with pytest.raises(PanelError, match="are both gdp"):
        strip_units(pd.DataFrame([[1, 2]], columns=["gdp (亿元)", "gdp (万元)"]))


COMMANDS = [
    ["trend", "--value", "co2", "--by", "area"],
    ["peak", "--value", "co2", "--by", "area"],
    ["decoupling", "--pressure", "co2", "--driver", "gdp", "--by", "area"],
    ["decompose", "--identity", "co2 = population * gdp/population * co2/gdp", "--by", "area"],
    ["target", "--by", "area", "--ratio", "co2/gdp", "--cut", "17", "--base-year", "2007"],
]


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: words[0])
def test_analyses_take_an_inventory_and_drivers(years, tmp_path, capsys, words):
    """An inventory CSV and a file of drivers go into each analysis as a panel would."""
    drivers = str(write(tmp_path, LONG, encoding="gb18030"))
    more = ["--target-year", "2010"] if words[0] == "target" else []
    command, *rest = words
    assert main([command, str(years), *rest, *more, "--drivers", drivers]) == 0
    direct = capsys.readouterr()
    if command != "decompose":  # which does not say what is no news
        assert "is an inventory: scope 1 is summed" in direct.err
    panel = str(tmp_path / "panel.csv")
    assert main(["panel", str(years), "--drivers", drivers, "-o", panel]) == 0
    capsys.readouterr()
    assert main([command, panel, *rest, *more]) == 0
    assert capsys.readouterr().out == direct.out


def test_scope_two_and_the_column_of_an_inventory(tmp_path, capsys):
    """`--scope 2` sums electricity and heat brought in; `value` is the column of the inventory."""
    rows = [
        f"A,{year},{flow},{product},,{scope},CO2,{value},t,m\n"
        for year, times in ((2019, 1), (2020, 2))
        for flow, product, scope, value in (
            ("transport", "diesel", 1, 100 * times),
            ("moved_in", "electricity", 2, 30 * times),
        )
    ]
    head = "area,year,flow,product,category,scope,gas,value,unit,method\n"
    path = str(write(tmp_path, head + "".join(rows), "inventory.csv"))
    for scope, level in (("1", "200.0"), ("2", "60.0")):
        assert main(["peak", path, "--value", "value", "--by", "area", "--scope", scope]) == 0
        assert level in capsys.readouterr().out


def test_energy_by_a_named_definition(tmp_path, capsys):
    """Of the balance at hand or of tables that are named, in the spelling of the inventory; without one it is said."""
    cube = ca.compile_inventory(TABLE, method="provincial-2011")
    path = tmp_path / "a.csv"
    ca.to_inventory(cube).to_frame().replace({"重庆": "Chongqing"}).to_csv(path, index=False)
    expected = make_panel(cube, energy="calorific-gross")["energy"].item()
    assert (
        main(["panel", str(path), "--energy", "calorific-gross", "--tables", TABLE, "--lang", "en"])
        == 0
    )
    out = pd.read_csv(io.StringIO(capsys.readouterr().out))
    assert (out["area"].item(), out["energy (tce)"].item()) == ("Chongqing", expected)
    assert (
        expected > make_panel(path, energy="calorific", tables=[TABLE])["energy"].item()
    )  # recovered energy in
    other = make_panel(path, energy="calorific", tables=["docs/tables/beijing_2007.csv"])
    assert other["energy"].isna().all()
    assert "no energy balance is of Chongqing 2007" in str(other.attrs["findings"][-1])
    assert main(["panel", str(path), "--energy", "calorific"]) == 2
    assert "name its tables with --tables" in capsys.readouterr().err
    with pytest.raises(PanelError, match="energy consumption is of an area and year"):
        make_panel(cube, by=["flow"], energy="calorific")


def test_what_is_no_driver_is_said(tmp_path):
    """A column of units beside drivers as columns is passed over and said; one called value is a driver."""
    frame, findings = read_driver_table(
        write(tmp_path, "area,year,value,unit\nA,2007,1,万人\nA,2008,2,万人\n")
    )
    assert frame["value"].tolist() == [1, 2]
    assert [(one.rule, one.where) for one in findings] == [("column-not-used", "drivers.csv!D1")]


def test_drivers_of_several_files_are_one_table(tmp_path):
    """A file for each city, or for each driver: the column is one, and what contradicts stops with both files."""
    head = "area,year,gdp (亿元)\n"
    write(tmp_path, f"{head}甲,2019,100\n甲,2020,\n", "a.csv")
    write(tmp_path, f"{head}乙,2019,50\n甲,2020,110\n", "b.csv")
    write(tmp_path, "area,year,population (万人)\n甲,2019,7\n", "c.csv")
    found = read_driver_tables(tmp_path, map(DriverBasis, ["a.csv", "b.csv", "c.csv"]))
    assert found.attrs["units"] == {"gdp": "亿元", "population": "万人"}
    held = found.set_index(["area", "year"])
    assert held["gdp"].to_dict() == {("甲", 2019): 100, ("甲", 2020): 110, ("乙", 2019): 50}
    assert held["population"].dropna().to_dict() == {("甲", 2019): 7}
    assert read_driver_tables(tmp_path, []) is None
    write(tmp_path, f"{head}甲,2019,101\n", "d.csv")
    with pytest.raises(PanelError, match=r"gdp of 甲 2019 is 100 in a\.csv and 101 in d\.csv"):
        read_driver_tables(tmp_path, map(DriverBasis, ["a.csv", "d.csv"]))
    write(tmp_path, "area,year,gdp (万元)\n乙,2019,500000\n", "e.csv")
    with pytest.raises(
        PanelError, match=r"gdp is in 亿元 in a\.csv and in 万元 in e\.csv; use one unit"
    ):
        read_driver_tables(tmp_path, map(DriverBasis, ["a.csv", "e.csv"]))


@pytest.mark.parametrize("more", ["", ",note"])
def test_a_table_with_the_columns_of_an_inventory_is_one(tmp_path, more):
    """With those alone, or others beside them; one that lacks any is a panel as it stands."""
    head = ",".join(COLUMNS)
    rows = "".join(
        f"A,2020,{flow},coke,1.A.2,{scope},CO2,{value},t,m{more and ',x'}\n"
        for flow, scope, value in (("industry", 1, 5), ("transport", 1, 7), ("moved_in", 2, 3))
    )
    (tmp_path / "a.csv").write_text(f"{head}{more}\n{rows}", encoding="utf-8")
    for scope, expected in ((1, 12.0), (2, 3.0)):
        panel, findings = read_panel(tmp_path / "a.csv", wanted=["value"], scope=scope)
        assert panel[["co2", "value"]].values.tolist() == [[expected, expected]]
        assert [one.rule for one in findings] == ["inventory-summed"]
    plain = f"{head.replace(',method', '')}\n" + rows.replace(f",m{more and ',x'}", "")
    (tmp_path / "b.csv").write_text(plain, encoding="utf-8")
    panel, findings = read_panel(tmp_path / "b.csv", wanted=["value"])
    assert len(panel) == 3
    assert findings == []
