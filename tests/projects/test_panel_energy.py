"""Energy consumption of a project's own balances in its panel, by the definition that it declares."""

import pandas as pd
import pytest

from carbonacct.errors import ProjectError
from carbonacct.projects.freezing import freeze
from carbonacct.projects.recalculation import explain_submission
from carbonacct.report.outputs import make_renderers
from tests.projects.folders import build_at, declare, make_project, open_at, states_of

# Final consumption alone: energy by hand with the coefficients of GB/T 2589-2020, tables A.1 and A.2, in 万吨标准煤:
# raw coal 0.7143 kgce/kg, diesel 1.4571 kgce/kg, electricity 0.1229 kgce/kWh.
TABLE = """北京能源平衡表(实物量)-{year}
项目,原煤(万吨),柴油(万吨),电力(亿千瓦小时)
终端消费量,{coal},10,20
工业,{coal},10,20
"""
BY_HAND = {year: 0.7143 * coal + 14.571 + 24.58 for year, coal in ((2018, 100), (2019, 110))}
MORE = 'energy = {{ tce = "{tce}" }}\nanalysis = {{ decompose = ["co2 = gdp * energy/gdp * co2/energy"] }}'


def _make(folder, tce="calorific", *, is_whole=False):
    make_project(folder, more=MORE.format(tce=tce))
    file = folder / "carbonacct.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(f'{text}decompose = "output/decompose.csv"\n', encoding="utf-8")
    for year, coal in ((2018, 100), (2019, 110)):
        (folder / "tables" / f"北京{year}.csv").write_text(
            TABLE.format(year=year, coal=coal), encoding="utf-8"
        )
    if not is_whole:  # the table of 2020 has no final consumption
        return folder
    (folder / "tables" / "北京2020.csv").unlink()
    return folder


def test_energy_of_the_balances_stands_in_the_panel(tmp_path):
    """Each year has its own, and a table that cannot give it is named."""
    folder = _make(tmp_path / "project")
    built = build_at(folder)
    panel = pd.read_csv(folder / "output" / "panel.csv").set_index("year")
    for year, value in BY_HAND.items():
        assert panel.loc[year, "energy (tce)"] == pytest.approx(1e4 * value, rel=1e-12)
    assert pd.isna(panel.loc[2020, "energy (tce)"])
    told = [one.message for one in built.told]
    assert any(
        "energy of the panel is calorific" in one and "gb-t-2589-2020" in one for one in told
    )
    (lacking,) = [one for one in told if one.startswith("北京 2020 has no energy consumption")]
    assert "no final consumption" in lacking


def test_an_identity_may_use_it(tmp_path):
    """The effects of activity, of energy per GDP and of carbon per energy add up to the change."""
    folder = _make(tmp_path / "project", is_whole=True)
    assert not build_at(folder).has_failed
    terms = pd.read_csv(folder / "output" / "decompose.csv")
    own = terms[(terms["from"] == 2018) & (terms["to"] == 2019)].drop_duplicates("term")
    effects = own.set_index("term")["value"]
    assert effects["energy/gdp"] != 0
    parts = effects["gdp"] + effects["energy/gdp"] + effects["co2/energy"]
    assert parts == pytest.approx(effects["total"])


def test_another_definition_makes_the_panel_stale_alone(tmp_path):
    """The inventory shows no energy, so that it stays; totals come out of the store where nothing changed."""
    folder = _make(tmp_path / "project")
    build_at(folder)
    kept = (folder / "output" / "panel.csv").read_bytes()
    text = (folder / "carbonacct.toml").read_text(encoding="utf-8")
    changed = text.replace('tce = "calorific"', 'tce = "equivalent", power_rate = 0.3')
    (folder / "carbonacct.toml").write_text(changed, encoding="utf-8")
    states = states_of(build_at(folder))
    assert (states["data"], states["panel"]) == ("current", "made")
    panel = pd.read_csv(folder / "output" / "panel.csv").set_index("year")
    # 2e9 kWh at 0.3 kgce, and at 0.1229 before
    changed = 1e4 * BY_HAND[2018] + 2e6 * (0.3 - 0.1229)
    assert panel.loc[2018, "energy (tce)"] == pytest.approx(changed, rel=1e-12)
    (folder / "carbonacct.toml").write_text(text, encoding="utf-8")
    assert states_of(build_at(folder))["panel"] == "restored"
    assert (folder / "output" / "panel.csv").read_bytes() == kept


def test_a_target_of_energy_is_judged_and_its_base_is_watched(tmp_path):
    """A cut of energy per GDP by hand; a base year that moved since the submission is said with both numbers."""
    folder = _make(tmp_path / "project", is_whole=True)
    file = folder / "carbonacct.toml"
    target = """[[target]]
id = "e"
quantity = "energy/gdp"
statistic = "cut"
bound = "at_least"
value = 1
unit = "%"
base = { year = 2018 }
due = 2019
prices = "constant 2018"

[outputs]
targets = "output/targets.csv"
"""
    text = file.read_text(encoding="utf-8").replace("[outputs]\n", target)
    file.write_text(text, encoding="utf-8")
    submission = freeze(open_at(folder), "1", make_renderers())
    (row,) = pd.read_csv(folder / "output" / "targets.csv").to_dict("records")
    by_hand = 1 - (BY_HAND[2019] / 31000) / (BY_HAND[2018] / 30000)
    assert row["reached"] == pytest.approx(by_hand, rel=1e-9)
    table = folder / "tables" / "北京2018.csv"
    table.write_text(TABLE.format(year=2018, coal=120), encoding="utf-8")
    found = explain_submission(open_at(folder), submission).difference.findings
    (moved,) = [one.message for one in found if one.rule == "base-moved"]
    old, new = (1e4 * value / 30000 for value in (BY_HAND[2018], BY_HAND[2018] + 20 * 0.7143))
    assert f"the base goes from {old:.6g} tce/亿元 (2018) to {new:.6g} tce/亿元 (2018)" in moved


def test_energy_of_balances_and_of_drivers_is_one_too_many(tmp_path):
    """A driver of the same name is no second number that is passed over: the panel fails and says so."""
    folder = _make(tmp_path / "project")
    (folder / "drivers.csv").write_text(
        "area,year,gdp (亿元),energy (tce)\n北京,2018,1,1\n", encoding="utf-8"
    )
    (panel,) = [one for one in build_at(folder).outputs if one.name == "panel"]
    assert panel.state == "failed"
    assert "have a column 'energy' of the inventory as well" in panel.message


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('energy = { tce = "caloric" }', "did you mean calorific"),
        ("energy = { power_rate = 0.3 }", "write energy.tce beside it"),
        ('energy = { tce = "equivalent", power_rate = "300 g" }', "is no number"),
    ],
)
def test_a_definition_that_cannot_be_is_refused(tmp_path, more, said):
    """Each fault of the declaration has its own words."""
    declare(tmp_path, more=more)
    with pytest.raises(ProjectError, match=r"carbonacct\.toml") as caught:
        open_at(tmp_path)
    assert said in str(caught.value)
