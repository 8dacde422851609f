"""What drove the emissions: the Kaya identity over inventories, and its charts on the page."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import carbonacct as ca
from carbonacct.report import write_inventory
from carbonacct.report.kaya import IDENTITY, collect_effects
from carbonacct.report.page import render_page
from carbonacct.report.page.effects_section import show_effects
from carbonacct.report.page.page_content import collect_content
from carbonacct.report.population_and_gdp import read_drivers
from tests.report.pages import scaled_inventories

YEARS = (2005, 2006, 2007)


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """Return three years of one city."""
    return scaled_inventories(tmp_path_factory.mktemp("city"), [("重庆", year) for year in YEARS])


def drivers_of(area="重庆", years=YEARS, **more):
    """Return population and GDP at constant prices."""
    frame = pd.DataFrame(
        {
            "area": area,
            "year": years,
            "population": 28e6 * 1.01 ** np.arange(len(years)),
            "gdp": 3e11 * 1.12 ** np.arange(len(years)),
            **more,
        }
    )
    frame.attrs["currency"] = "元, 2005年价"
    return frame


def test_the_effects_are_those_of_the_identity_on_the_inventory(city):
    """They are those of decompose for the inventory's CO2 and energy, and add up to the change."""
    drivers = drivers_of()
    effects, findings = collect_effects(city, drivers)
    energy = [
        ca.fill_tables(inventory, tables=["1.A(a)"])["1.A(a)"]["consumption_tj"].iloc[0]
        for inventory in city
    ]
    panel = drivers.assign(
        co2=[float(inventory.total().item().magnitude) for inventory in city], energy=energy
    )
    expected = ca.decompose(panel, IDENTITY, by="area", chained=True).to_frame()
    keys = ["area", "from", "to", "term"]
    merged = effects.merge(expected, on=keys, validate="one_to_one")
    assert len(merged) == len(effects) == len(expected)
    assert merged["value_x"].to_numpy() == pytest.approx(
        merged["value_y"].to_numpy(), rel=1e-9, abs=1e-3
    )
    assert not findings
    whole = effects[(effects["from"] == 2005) & (effects["to"] == 2007)].set_index("term")["value"]
    assert whole.drop(["total", "residual"]).sum() == pytest.approx(
        panel["co2"].iloc[-1] - panel["co2"].iloc[0]
    )
    assert whole["co2/energy"] == pytest.approx(0, abs=1)  # one mix of fuels in all years


def test_areas_match_in_either_language(city):
    """Chongqing in the table of drivers is 重庆 in the inventories."""
    effects, _ = collect_effects(city, drivers_of("Chongqing"))
    assert set(effects["area"]) == {"重庆"}


def test_a_year_without_drivers_is_named_and_left_out(city):
    """The chain spans the year that lacks; a lone year with numbers makes no decomposition."""
    effects, findings = collect_effects(city, drivers_of(years=(2005, 2007)))
    assert {tuple(pair) for pair in effects[["from", "to"]].to_numpy()} == {(2005, 2007)}
    assert [finding.rule for finding in findings] == ["not-decomposed"]
    assert "重庆 2006: no population or GDP" in findings[0].message
    assert collect_effects(city, drivers_of(years=(2005,)))[0] is None


def test_prices_are_asked_for_unless_stated_or_deflated(city):
    """GDP of unknown prices is a finding; a base year settles it, and a price index is divided out."""
    unknown = drivers_of()
    unknown.attrs["currency"] = "元"
    assert [finding.rule for finding in collect_effects(city, unknown)[1]] == ["prices"]
    index = np.array([100.0, 104.0, 110.0])
    nominal = drivers_of(deflator=index).assign(gdp=drivers_of()["gdp"] * index)
    nominal.attrs["currency"] = "元"
    deflated, findings = collect_effects(city, nominal)
    assert not findings
    assert deflated["value"].to_numpy() == pytest.approx(
        collect_effects(city, drivers_of())[0]["value"].to_numpy(), abs=1e-3
    )


def test_a_price_index_is_read_from_the_table_of_drivers(tmp_path):
    """The column deflator is a pure number; one that is not positive is refused."""
    path = tmp_path / "drivers.csv"
    path.write_text(
        "地区,年份,人口 (万人),地区生产总值 (亿元),平减指数\n重庆,2005,2798,3066.9,100\n重庆,2006,2808,3600,104.2\n",
        encoding="utf-8",
    )
    assert read_drivers(path)["deflator"].tolist() == [100.0, 104.2]
    path.write_text(
        "area,year,population (万人),gdp (亿元),deflator\n重庆,2005,2798,3066.9,0\n",
        encoding="utf-8",
    )
    with pytest.raises(ca.CarbonacctError, match="csv!E2: deflator is 0; it must be more than 0"):
        read_drivers(path)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_shows_one_waterfall_and_the_steps(city, lang):
    """A chain of three years is one waterfall from first to last and one chart of two steps, in words."""
    effects, _ = collect_effects(city, drivers_of())
    charts = [
        str(chart) for chart in show_effects(collect_content(city, effects=effects), "重庆", lang)
    ]
    assert len(charts) == 2
    words = {"zh": ("人均 GDP", "能源强度"), "en": ("GDP per head", "Energy per GDP")}[lang]
    assert all(word in chart for word in words for chart in charts)
    assert "与清单之差" not in charts[0]
    assert "Difference" not in charts[0]
    assert charts[1].count("2005–2006") >= 1
    changes = [float(inventory.total().item().magnitude) for inventory in city]
    shown = (
        f"+{(changes[2] - changes[1]) / {'zh': 1e4, 'en': 1e3}[lang]:,.{2 if lang == 'zh' else 1}f}"
    )
    assert shown in charts[1]


def test_a_waterfall_of_other_data_shows_the_difference(city):
    """Effects that do not make the inventory's change get a column of what lacks."""
    effects = pd.DataFrame({"from": [2005], "to": [2007], "term": ["population"], "value": [1e6]})
    chart = str(show_effects(collect_content(city, effects=effects), "重庆", "en")[0])
    assert "Difference from the inventory" in chart


def test_drivers_of_several_years_bring_the_waterfall_to_the_written_page(city, tmp_path):
    """write_inventory decomposes by itself; one year has nothing to decompose."""
    write_inventory(city, str(tmp_path / "city.html"), drivers=drivers_of())
    page = (tmp_path / "city.html").read_text(encoding="utf-8")
    assert len(re.findall("What drove the change", page)) == 1
    write_inventory(city[:1], str(tmp_path / "one.html"), drivers=drivers_of())
    assert "What drove the change" not in (tmp_path / "one.html").read_text(encoding="utf-8")


def test_a_column_of_no_change_has_no_sign(city):
    """A page with effects of zero draws them without a rise."""
    effects = pd.DataFrame(
        {
            "from": [2005, 2005],
            "to": [2007, 2007],
            "term": ["population", "gdp/population"],
            "value": [0.0, 1e6],
        }
    )
    assert "Population: 0 kt" in render_page(city, effects=effects)


def test_energy_is_that_of_the_fuels_counted(tmp_path):
    """With another mix of fuels the carbon effect is that of the official tables' energy, feedstock taken out."""
    other = tmp_path / "other.csv"
    other.write_text(
        Path("docs/tables/beijing_2007.csv")
        .read_text(encoding="utf-8")
        .replace("北京", "重庆")
        .replace("2007", "2008"),
        encoding="utf-8",
    )
    made = [
        ca.compile_inventory(path, method="provincial-2011")
        for path in ("docs/tables/chongqing_2007.csv", other)
    ]
    drivers = drivers_of(years=(2007, 2008))
    effects = collect_effects(made, drivers)[0].set_index("term")["value"]
    energy = [
        ca.fill_tables(inventory, tables=["1.A(a)"])["1.A(a)"]["consumption_tj"].iloc[0]
        for inventory in made
    ]
    panel = drivers.assign(
        co2=[float(inventory.total().item().magnitude) for inventory in made], energy=energy
    )
    expected = ca.decompose(panel, IDENTITY, by="area").to_frame().set_index("term")["value"]
    assert effects[expected.index].to_numpy() == pytest.approx(
        expected.to_numpy(), rel=1e-9, abs=1e-3
    )
    assert abs(effects["co2/energy"]) > 1e5


@pytest.mark.parametrize("rounding", [-1.1e-9, 4.7e-9])
def test_what_is_rounding_is_no_effect(city, rounding):
    """Logarithms of factors that stay leave some 10^-9 t: that is shown as 0."""
    effects, _ = collect_effects(city, drivers_of())
    effects.loc[effects["term"] == "co2/energy", "value"] = rounding
    content = collect_content(city, effects=effects)
    shown = "".join(map(str, show_effects(content, "重庆", "zh")))
    assert "碳强度" in shown
    assert "e−" not in shown
