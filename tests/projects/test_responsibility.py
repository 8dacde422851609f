"""Targets of a province divided over its cities."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import carbonacct as ca
from carbonacct.cli.main import main
from carbonacct.errors import PanelError, ProjectError
from carbonacct.projects.project_declaration import read_declaration
from carbonacct.projects.responsibility import share_declared
from tests.projects.folders import build_at, make_project
from tests.projects.test_project_areas import make_province

DRIVERS = "area,year,gdp (亿元),population (万人)\n" + "".join(
    f"{area},{year},{gdp},{people}\n"
    for area, gdp, people in (
        ("济南市", 100, 10),
        ("青岛市", 200, 30),
        ("莱芜市", 50, 10),
        ("山东省", 360, 50),
    )
    for year in (2018, 2019)
)
HEAD = """drivers = [{ file = "drivers.csv" }]
share = [{ target = "t", over = "level:city", SHARE }]

[[target]]
id = "t"
area = "山东"
quantity = "QUANTITY"
statistic = "cut"
bound = "at_least"
value = 10
unit = "%"
due = 2025
base = { year = 2019 }
prices = "constant 2019"
"""


def build_shares(folder, share, *, quantity="co2", growth=""):
    """Build a province with one target to divide; return the table and the output."""
    make_province(folder, more=HEAD.replace("QUANTITY", quantity).replace("SHARE", share))
    (folder / "drivers.csv").write_text(DRIVERS, encoding="utf-8")
    if growth:
        (folder / "growth.csv").write_text(growth, encoding="utf-8")
    file = folder / "carbonacct.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text.replace("[outputs]", '[outputs]\nshares = "output/shares.csv"'), encoding="utf-8"
    )
    (output,) = [one for one in build_at(folder).outputs if one.name == "shares"]
    path = folder / "output" / "shares.csv"
    return (pd.read_csv(path).set_index("part") if path.exists() else None), output


def test_a_cut_is_divided_over_cities(tmp_path):
    """90 % of the province's own 7 units over cities of 2 and 3; a city that ended gets none."""
    table, _ = build_shares(tmp_path / "省", 'rule = "proportional"')
    assert list(table.index) == ["济南市", "青岛市"]
    assert table["share"].sum() == pytest.approx(table["own"].sum() / 5 * 7 * 0.9, abs=0.51)
    assert table.loc["青岛市", "share"] == pytest.approx(table["share"].sum() * 3 / 5, abs=1)


def test_equal_intensity_takes_the_gdp(tmp_path):
    """Shares are as GDP, 1 to 2."""
    table, _ = build_shares(tmp_path / "省", 'rule = "equal_intensity"')
    assert table.loc["青岛市", "share"] == pytest.approx(2 * table.loc["济南市", "share"], abs=2)


def test_cuts_of_an_intensity_are_refused_without_growth(tmp_path):
    """They do not add up: with growth each part gets the cut, and what the whole makes is said."""
    _, output = build_shares(tmp_path / "省", 'rule = "proportional"', quantity="co2/gdp")
    assert "cuts do not add up" in output.message
    growth = "area,year,gdp\n济南市,2025,100\n青岛市,2025,200\n"
    more = 'rule = "equal_cut", growth = "growth.csv"'
    _, output = build_shares(tmp_path / "一", more, quantity="co2/gdp", growth=growth[:-13])
    assert output.message == "growth.csv has no gdp of 青岛市 in 2025; add it"
    _, output = build_shares(tmp_path / "零", more, quantity="co2/gdp", growth="area,year,money\n")
    assert output.message == "growth.csv has no column gdp; write area,year,gdp"
    table, output = build_shares(tmp_path / "二", more, quantity="co2/gdp", growth=growth)
    assert table["share"].tolist() == pytest.approx([0.1, 0.1])
    assert not output.message


@pytest.mark.parametrize(("grown", "word", "whole"), [(500, "warning", -0.29), (80, "note", 11.29)])
def test_what_equal_cuts_make_of_the_whole_is_said(tmp_path, capsys, grown, word, whole):
    """Where the dirtier city grows more, equal cuts make less of the whole, else more; a .csv has no place for either.

    Of 2 and 3 units over 100 and 200 of GDP: 1 - 0.9 (0.02 * 80 + 0.015 * 200) / 280 / (5 / 300) = 11.29 %.
    """
    growth = f"area,year,gdp\n济南市,2025,{grown}\n青岛市,2025,200\n"
    more = 'rule = "equal_cut", growth = "growth.csv"'
    build_shares(tmp_path / "省", more, quantity="co2/gdp", growth=growth)
    text = f"t: every part cuts by 10.00%, and the whole by {whole:.2f}% with the growth given"
    for command in (["build"], ["check", "--lang", "en"]):
        assert main([*command, "--project", str(tmp_path / "省")]) == 0
        said = capsys.readouterr()
        assert text in f"{said.out}{said.err}"
        if command == ["build"]:
            assert f"{word}: {text}" in said.err


def test_a_year_without_a_table_is_said(tmp_path):
    """A part that lacks a number is named: a share of the others would be none of the whole."""
    _, output = build_shares(tmp_path / "省", 'rule = "proportional", year = 2017')
    assert "2017 has no number of 370100, 370200, 371200" in output.message


LEVEL = {
    "id": "t",
    "quantity": "co2",
    "statistic": "level",
    "bound": "at_most",
    "value": 10,
    "unit": "t",
}
CUT = {"statistic": "cut", "bound": "at_least", "value": 10, "unit": "%", "base": {"year": 2019}}
ROWS = pd.DataFrame(
    {
        "area": ["济南市", "青岛市", "山东省"],
        "year": 2019,
        "co2": [200.0, 300.0, 700.0],
        "co2_scope2": [20.0, np.nan, 70.0],
    }
)
ROWS.attrs = {"units": {"co2": "t", "co2_scope2": "t"}}


@pytest.fixture(scope="module")
def province(tmp_path_factory):
    """Return what a province declares."""
    return read_declaration(make_province(tmp_path_factory.mktemp("shares") / "省"))


def share_rows(declaration, *, panel=ROWS, printed=None, target=None, **how):
    """Return what the parts of a target get of the numbers of a panel."""
    target = LEVEL | {"due": 2025} | (target or {})
    how = {"target": "t", "over": "level:city", "rule": "proportional", "year": 2019} | how
    asked = replace(declaration, targets=(target,), shares=(how,))
    table, _ = share_declared(panel, printed, asked)
    return table.set_index("part")["share"].to_dict()


def test_a_target_is_divided_over_what_lies_in_its_area(province):
    """Cities of a province are its parts, and no city is a part of another."""
    assert share_rows(province, target={"area": "山东"}) == {"济南市": 4, "青岛市": 6}
    with pytest.raises(PanelError, match=r"none of areas\.csv lies in 青岛市"):
        share_rows(province, target={"area": "青岛"})


def test_a_cut_is_of_the_whole_and_of_all_its_scopes(province):
    """90 % of 700 t, or of 770 t with scope 2; a base of one part, or of one scope, is none."""
    cut = CUT | {"area": "山东"}
    assert sum(share_rows(province, target=cut).values()) == 630
    whole = ROWS.assign(co2_scope2=[20.0, 30.0, 70.0])
    whole.attrs = ROWS.attrs
    both = cut | {"scope": [1, 2]}
    assert share_rows(province, panel=whole, target=both) == {"济南市": 277, "青岛市": 416}
    with pytest.raises(PanelError, match="青岛市 has no number for co2"):
        share_rows(province, target=both)
    lacking = whole.assign(co2_scope2=[20.0, 30.0, np.nan])
    lacking.attrs = ROWS.attrs
    with pytest.raises(PanelError, match=r"no co2 \+ co2_scope2 in the base year 2019"):
        share_rows(province, panel=lacking, target=both)
    with pytest.raises(PanelError, match="names none of 山东省, 济南市, 青岛市 as the whole"):
        share_rows(province, target=CUT)


def test_what_is_no_one_amount_is_not_divided(province):
    """A range has two ends, and an equal cut is of an intensity."""
    ends = {"bound": "range", "lower": 1, "upper": 2}
    with pytest.raises(PanelError, match="is a range"):
        share_rows(province, target={**ends, "value": None})
    with pytest.raises(PanelError, match="which alone is divided by equal_cut"):
        share_rows(province, rule="equal_cut", growth="growth.csv")


def test_a_reserve_is_in_the_unit_of_the_amount(province):
    """Of 10 kt 1 kt is kept back: 9,000 t are divided. Of a cut it is in t."""
    kilotonnes = share_rows(province, target={"unit": "kt"}, reserve=1)
    assert kilotonnes == {"济南市": 3600, "青岛市": 5400}
    cut = share_rows(province, target=CUT | {"area": "山东"}, reserve=30)
    assert sum(cut.values()) == 600


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            CUT | {"area": "山东", "statistic": "rise", "bound": "at_most"},
            770,
        ),  # 10 % more than 700
        (CUT | {"area": "山东", "base": {"year": 2019, "value": 500}}, 450),  # of a base as given
        (CUT | {"base": {"year": 2019, "value": 500}}, 450),  # which needs no area
        ({"value": 0}, 0),
    ],
)
def test_an_amount_is_what_the_target_leaves(province, change, expected):
    """A rise is added to its base; a base as submitted is the base."""
    assert sum(share_rows(province, target=change, reserve=0).values()) == expected


def test_shares_are_of_the_year_that_is_named_or_the_base_year_or_the_last(province):
    """Of 2018 cities are 1 to 1 (and one more was there), of 2019 2 to 3."""
    early = ROWS.assign(year=2018, co2=[10.0, 10.0, 30.0])
    ended = pd.DataFrame({"area": ["莱芜市"], "year": 2018, "co2": [20.0]})
    panel = pd.concat([early, ROWS, ended])
    panel.attrs = ROWS.attrs
    late, whole = {"济南市": 4, "青岛市": 6}, {"济南市": 3, "青岛市": 2, "莱芜市": 5}
    for how, base, expected in (
        ({"year": 2018}, 2019, whole),
        ({}, 2018, whole),
        ({}, 2019, late),
        ({}, None, late),
    ):
        target = LEVEL | {"due": 2025} | ({"base": {"year": base}} if base else {})
        asked = {"target": "t", "over": "level:city", "rule": "proportional"} | how
        declared = replace(province, targets=(target,), shares=(asked,))
        table, _ = share_declared(panel, None, declared)
        assert table.set_index("part")["share"].to_dict() == expected
        assert (table["target"] == "t").all()


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"over": "city"}, "share.over is 'city'; write level:city"),
        ({"over": "level:county"}, "2019 has no number of level:county"),
        ({"year": 2017}, "2017 has no number of 370100, 370200, 371200"),  # all three were there
    ],
)
def test_what_cannot_be_divided_says_what_to_write(province, how, said):
    """Over what, which target, and which parts have no number."""
    with pytest.raises(PanelError) as refused:
        share_rows(province, **how)
    assert said in str(refused.value)
    asked = replace(province, targets=(LEVEL | {"due": 2025},), shares=({"target": "u"},))
    with pytest.raises(PanelError, match="names the target 'u', which is not declared; known: t"):
        share_declared(ROWS, None, asked)
    with pytest.raises(PanelError, match="no target is to be divided"):
        share_declared(ROWS, None, replace(asked, shares=()))


@pytest.mark.parametrize(
    ("quantity", "statistic"), [("co2/population", "level"), ("co2", "peak_year"), ("gdp", "level")]
)
def test_only_amounts_of_emissions_are_divided(province, quantity, statistic):
    """No ratio, no year and no other quantity."""
    with pytest.raises(PanelError, match="is no amount of emissions that can be divided"):
        share_rows(province, target={"quantity": quantity, "statistic": statistic, "value": 2024})


def _cut_equally(declaration, folder, growth):
    """Return each part's share and the finding, of cities of 2 and 3 units over 100 and 200 of GDP."""
    (folder / "growth.csv").write_text(growth, encoding="utf-8")
    panel = ROWS.assign(gdp=[100.0, 200.0, 300.0])
    panel.attrs = ROWS.attrs
    how = {"target": "t", "over": "level:city", "rule": "equal_cut", "growth": "growth.csv"}
    target = LEVEL | CUT | {"quantity": "co2/gdp", "due": 2025, "prices": "constant 2019"}
    asked = replace(declaration, folder=folder, targets=(target,), shares=(how,))
    table, (finding,) = share_declared(panel, None, asked)
    return table, finding


@pytest.mark.parametrize(
    ("grown", "severity", "whole"),
    [(100, "info", "10.00%"), (80, "info", "11.29%"), (120, "warning", "8.88%")],
)
def test_equal_cuts_warn_where_they_make_less_of_the_whole(
    province, tmp_path, grown, severity, whole
):
    """The same growth leaves the cut as it is; the dirtier city growing more makes less of it.

    1 - 0.9 (0.02 * 120 + 0.015 * 200) / 320 / (5 / 300) = 8.88 %. Other years and blanks say nothing.
    """
    growth = f"area,year,gdp\nJinan,2025,{grown}\n青岛市,2025,200\n济南市,2024,999\n莱芜市,2025,\n"
    table, finding = _cut_equally(province, tmp_path, growth)
    assert (finding.rule, finding.severity) == ("implied-cut", severity)
    assert f"the whole by {whole} with the growth given from 2019 to 2025" in str(finding.message)
    assert table["share"].tolist() == [0.1, 0.1]
    assert table["own"].tolist() == [200.0, 300.0]


def test_equal_cuts_need_the_growth_of_each_part(province, tmp_path):
    """A part without a GDP in the due year is named, and so is what else an intensity needs."""
    for growth, said in (
        ("area,year,gdp\n济南市,2025,100\n青岛市,2024,200\n", "no gdp of 青岛市 in 2025"),
        ("area,year,money\n济南市,2025,100\n", "growth.csv has no column gdp"),
    ):
        with pytest.raises(PanelError, match=said):
            _cut_equally(province, tmp_path, growth)
    intensity = CUT | {"quantity": "co2/gdp"}
    for how in ({"rule": "proportional", "growth": "growth.csv"}, {"rule": "equal_cut"}):
        with pytest.raises(PanelError, match="cuts do not add up"):
            share_rows(province, target=intensity, **how)
    with pytest.raises(PanelError, match="which alone is divided by equal_cut"):
        share_rows(province, target=intensity | {"statistic": "rise"}, rule="equal_cut")


def test_sectors_divide_what_the_target_is_of(province):
    """Land stands apart from a target without land, and scope 2 is in one of both scopes."""
    lines = [
        ("energy", 1, "emission", 80.0),
        ("energy", 2, "scope2", 40.0),
        ("processes", 1, "emission", 20.0),
        ("land", 1, "removal", -30.0),
    ]
    cube = ca.compile_inventory("docs/tables/chongqing_2007.csv", method="provincial-2011")
    inventory = ca.to_inventory(cube)
    entries = inventory.entries.head(len(lines)).assign(area="山东省", year=2019, notation="")
    for name, values in zip(
        ("sector", "scope", "kind", "value"), zip(*lines, strict=True), strict=True
    ):
        entries[name] = list(values)
    words = dict.fromkeys(("area", "notation", "sector", "kind"), "category")
    printed = replace(inventory, entries=entries.astype(words))
    own = {"area": "山东", "value": 50}
    shared = [
        share_rows(province, printed=printed, target=own | more, over="sector")
        for more in ({}, {"scope": [1, 2]}, {"boundary": "with_land"})
    ]
    with pytest.raises(PanelError, match=r"t is of co2e; write project\.metric"):
        share_rows(province, printed=printed, target=own | {"quantity": "co2e"}, over="sector")
    co2e = share_rows(
        replace(province, metric="AR5GWP100"),
        printed=printed,
        target=own | {"quantity": "co2e"},
        over="sector",
    )
    assert co2e == shared[0]  # CO2 alone weighs what it is
    lime = entries[entries["sector"] == "processes"].assign(gas="CH4")
    both = pd.concat([entries, lime]).astype(words | {"gas": "category"})
    by_gas = [
        share_rows(
            replace(province, metric="AR5GWP100"),
            printed=replace(printed, entries=both),
            target=own | more,
            over="sector",
        )
        for more in ({}, {"quantity": "co2e"})
    ]
    assert by_gas == [shared[0], {"energy": 6, "processes": 44}]  # 80 beside 20 + 20 x 28
    assert shared[0] == {"energy": 40, "processes": 10}
    assert shared[1] == {"energy": 43, "processes": 7}
    assert shared[2] == {"energy": 64, "processes": 16, "land": -30}


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('rule = "capacity", weights = ["gdp"]', "share.weights is"),
        ('rule = "capacity", weights = { gdp = "half" }', "share.weights.gdp is 'half'"),
        ('rule = "proportional", reserve = "10 %"', "share.reserve is '10 %'"),
        ('rule = "convergence", by_year = 2030.5', "share.by_year is 2030.5"),
    ],
)
def test_a_share_of_another_kind_is_an_error_of_the_declaration(tmp_path, text, what):
    """What is no number is said with its key, before anything is made."""
    more = f'share = [{{ target = "t", over = "sector", {text} }}]\n'
    folder = make_project(tmp_path / "甲", more=more)
    with pytest.raises(ProjectError, match=what):
        read_declaration(folder)
