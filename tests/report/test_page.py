"""The page as text: what it holds, what it escapes, what it refuses, and how large it is."""

from __future__ import annotations

import json
import re
import tomllib

import numpy as np
import pandas as pd
import pytest

import carbonacct as ca
from carbonacct import vocabulary
from carbonacct.errors import OutputError
from carbonacct.report import write_inventory
from carbonacct.report.page import SECTIONS, collect_reference, render_page
from carbonacct.report.page.approaches_section import show_reference
from carbonacct.report.page.changes_section import show_changes
from carbonacct.report.page.comparison import find_intensities, show_comparison
from carbonacct.report.page.headline import show_breakdown, show_headline
from carbonacct.report.page.inventory_table import show_inventory
from carbonacct.report.page.page_content import collect_content
from carbonacct.report.page.page_words import FILES, LANGUAGES
from carbonacct.report.page.peaks import show_peaks
from carbonacct.report.page.table_parts import add_parts
from carbonacct.sectors.energy import compile_reference
from tests.report.pages import hostile_inventory, scaled_inventories, write_scaled
from tests.sectors.energy.building import table


@pytest.fixture(scope="module")
def inventory():
    """Return the inventory of Chongqing 2007."""
    return ca.compile_inventory("docs/tables/chongqing_2007.csv", method="provincial-2011")


@pytest.fixture(scope="module")
def decade(tmp_path_factory):
    """Return ten years of one city."""
    return scaled_inventories(
        tmp_path_factory.mktemp("decade"), [("重庆", year) for year in range(2007, 2017)]
    )


def read_data(page):
    """Return the data that the page's script reads."""
    return json.loads(
        re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)[1]
    )


def test_every_number_of_the_inventory_is_in_the_page_with_its_trace(inventory):
    """The cells are those of the inventory, as floats, each with the formula, cells and rows that trace gives."""
    data = read_data(render_page([inventory]))
    frame = inventory.to_frame()
    assert [cell[5] for cell in data["cells"]] == frame["value"].tolist()
    for row, (_, _, _, _, _, _, _, where, formula, factors) in zip(
        frame.itertuples(), data["cells"], strict=True
    ):
        found = ca.trace(inventory, flow=row.flow, product=row.product)
        assert formula == found.formula()
        assert where == list(found.where)
        assert [data["factors"][i][-1] for i in factors] == [step.row.place for step in found.steps]
        assert [data["factors"][i][8] for i in factors] == [step.row.status for step in found.steps]


def test_a_city_of_ten_years_is_small_enough_to_mail(decade):
    """Under 3 MB with all flows, tables and traces in both languages."""
    page = render_page(decade)
    assert len(page.encode()) < 3e6
    assert (
        page.count('class="inventory"') == 2 * 11
    )  # of each year scope 1, and scope 2 of the one with a grid factor


def test_the_page_needs_nothing_else(inventory):
    """No address of another file or of the network, one style, and scripts that stand in the page."""
    page = render_page([inventory])
    assert not re.findall(r"(?:src|href)=[\"'](?!#|data:,)", page)
    assert not re.search(r"https?://|@import|url\(", page)
    assert "default-src 'none'" in page


def test_names_from_the_input_are_never_markup(tmp_path):
    """An area and a file named <script> stand in text, attributes and data as what they are."""
    page = render_page([hostile_inventory(tmp_path)])
    assert page.count("<script") == 3  # ours
    assert "<img" not in page
    assert "alert(1)" in read_data(page)["areas"][0]


def test_every_section_is_a_function_of_content_and_language(inventory):
    """Sections are a plain list; one with nothing to show is an empty text."""
    content = collect_content([inventory])
    shown = {
        name: {lang: show(content, lang) for lang in LANGUAGES} for name, show in SECTIONS.items()
    }
    empty = [name for name, by_lang in shown.items() if not by_lang["en"]]
    of_several = [
        "changes.changes",
        "peaks.peaks",
        "targets.targets",
        "indices.indices",
        "comparison.comparison",
        "scores.scores",
    ]
    of_sectors = [
        "sectors.sectors",
        "keys.keys",
        *of_several,
        "reference.reference",
        "official.official",
    ]
    assert empty == [*of_sectors, "filled.filled", "stated.stated", "accepted.accepted"]
    for by_lang in shown.values():
        assert bool(by_lang["zh"]) == bool(by_lang["en"])


def test_optional_tables_are_shown_where_they_are_given(decade):
    """The interval, the drivers of the change and the reference approach come as plain tables."""
    totals = {one.balance.years[0]: float(one.total().data.magnitude.item()) for one in decade}
    years = pd.DataFrame(
        {
            "area": "重庆",
            "year": list(totals),
            "lower": [v * 0.9 for v in totals.values()],
            "upper": [v * 1.1 for v in totals.values()],
            "level": "95 %",
        }
    )
    change = totals[2016] - totals[2007]
    effects = pd.DataFrame(
        {
            "from": 2007,
            "to": 2016,
            "term": ["population", "energy/gdp", "total"],
            "value": [change * 1.5, change * -0.5, change],
        }
    )
    reference = pd.DataFrame(
        {
            "area": ["重庆"],
            "year": [2016],
            "fuel": ["coal_total"],
            "reference": [110.0e4],
            "sectoral": [100.0e4],
        }
    )
    content = add_parts(
        collect_content(decade, uncertainty=years, effects=effects, reference=reference)
    )
    changes = show_changes(content, "en")
    assert changes.count('class="whisker"') == 10
    assert "What drove the change" in changes
    assert "Difference from the inventory" not in changes
    assert "+10.0 %" in show_reference(content, "en")
    other = effects.assign(value=[change, 0.0, change * 1.2])
    assert "Difference from the inventory" not in show_changes(
        collect_content(decade, effects=other), "en"
    )
    short = effects.assign(value=[change * 0.5, 0.0, change])
    assert "Difference from the inventory" in show_changes(
        collect_content(decade, effects=short), "en"
    )


def test_two_areas_are_drawn_at_the_scale_of_many_and_every_colour_is_named(tmp_path):
    """Small multiples keep their width; the grey of other categories and every area have whole names."""
    two, five = (
        show_comparison(
            collect_content(
                scaled_inventories(tmp_path, [(area, 2007) for area in "甲乙丙丁戊"[:count]])
            ),
            "en",
        )
        for count in (2, 5)
    )
    assert "0 0 1120.0 " in two
    assert "0 0 1120.0 " in five
    named = re.findall(
        r'<rect [^>]*height="11"[^>]*class="(s\d)"></rect>\n<text [^>]*>([^<]*)</text>', two
    )
    assert [color for color, _ in named] == ["s0", "s1", "s2", "s3", "s4", "s7"]
    assert named[-1][1] == "Other categories"
    assert not any("…" in name for _, name in named)


def test_the_reference_approach_is_shown_where_a_table_has_supply(inventory):
    """Both totals are those of the approaches; a table of consumption alone says why it has none."""
    frame, _ = collect_reference([inventory])
    total = frame[frame["fuel"] == "total"]
    assert total["sectoral"].item() == pytest.approx(
        float(inventory.total().data.magnitude.item()), rel=1e-12
    )
    assert total["reference"].item() == pytest.approx(
        compile_reference(inventory.balance, method=inventory.method)
        .by_group()["emissions"]
        .sum()
        .item(),
        rel=1e-12,
    )
    frame, findings = collect_reference(
        [ca.compile_inventory("docs/tables/qingdao_2019.csv", method="provincial-2011")]
    )
    assert frame is None
    assert "no supply rows" in findings[0].message


def test_what_contradicts_itself_is_refused(inventory, tmp_path):
    """Two inventories of one area and year, none at all, and tables with missing or contradicting columns."""
    with pytest.raises(OutputError, match="重庆 2007 is in two inventories"):
        render_page([inventory, inventory])
    with pytest.raises(OutputError, match="needs an inventory"):
        render_page([])
    drivers = pd.DataFrame(
        {"area": ["重庆", "Chongqing"], "year": 2007, "population": [2e7, 2e7], "gdp": [4e11, 4e11]}
    )
    with pytest.raises(OutputError, match="does not name its currency"):
        render_page([inventory], drivers=drivers)
    drivers.attrs["currency"] = "元"
    with pytest.raises(
        OutputError, match="drivers of a page holds 重庆 2007 twice, perhaps in two spellings"
    ):
        render_page([inventory], drivers=drivers)
    two = scaled_inventories(tmp_path, [("北京", 2007), ("上海", 2007)])
    with pytest.raises(
        OutputError,
        match="effects of a page has no column 'area'; it needs area, from, to, term, value",
    ):
        render_page(
            two, effects=pd.DataFrame({"from": [2007], "to": [2008], "term": ["x"], "value": [1.0]})
        )
    with pytest.raises(
        OutputError,
        match="uncertainty of a page has no column 'upper'; it needs area, year, lower, upper",
    ):
        render_page([inventory], uncertainty=pd.DataFrame(columns=["area", "year", "lower"]))


def test_intensities_and_ranks(tmp_path):
    """Per head and per GDP are totals over drivers; areas match in any spelling; no national inventory is needed."""
    inventories = scaled_inventories(tmp_path, [("重庆", 2007), ("北京", 2007)])
    drivers = pd.DataFrame(
        {
            "area": ["Chongqing", "Beijing", "全国"],
            "year": 2007,
            "population": [2e7, 1e7, 1e9],
            "gdp": [4e11, 9e11, 2e13],
            "co2": [np.nan, np.nan, 6e9],
        }
    )
    drivers.attrs["currency"] = "元"
    content = collect_content(inventories, drivers=drivers)
    table = find_intensities(content).set_index("area")
    total = float(inventories[0].total().data.magnitude.item())
    assert table.loc["重庆", "co2_per_head"] == pytest.approx(total / 2e7, rel=1e-15)
    assert table.loc["重庆", "co2_per_gdp"] == pytest.approx(total / 4e11, rel=1e-15)
    assert table.loc["北京", "gdp_per_head"] == 9e4
    assert not table.loc["全国", "here"]
    page = render_page(inventories, drivers=drivers)
    assert "全国 (as given, not computed here)" in page
    assert page.count('class="level"') == 2 * 2


def test_scope_2_is_in_no_share_and_no_intensity(tmp_path):
    """With electricity brought in, per head, shares and bars are of direct emissions alone."""
    (inventory,) = scaled_inventories(tmp_path, [("重庆", 2012)])
    assert float(inventory.total(scope=2).data.magnitude.item()) > 1e6
    direct = float(inventory.total().data.magnitude.item())
    drivers = pd.DataFrame({"area": ["重庆"], "year": [2012], "population": [1e6], "gdp": [4e11]})
    drivers.attrs["currency"] = "元"
    content = add_parts(collect_content([inventory], drivers=drivers))
    headline = show_headline(content, "en")
    assert f">{direct / 1e6:,.2f}</button></span> t CO₂<" in headline
    coal = float(inventory.by("product").sel(product="raw_coal").data.magnitude)
    assert f">{100 * coal / direct:.1f} %</button> of direct emissions" in headline
    assert show_breakdown(content, "en").count(f">{direct / 1e3:,.1f}</button>") == 2


def test_drivers_of_another_year_are_not_carried_over(inventory):
    """No population of that year: no number per head, and the area is named as lacking."""
    drivers = pd.DataFrame({"area": ["重庆"], "year": [2006], "population": [2e7], "gdp": [4e11]})
    drivers.attrs["currency"] = "元"
    assert (
        find_intensities(collect_content([inventory], drivers=drivers))["co2_per_head"].isna().all()
    )


def test_many_areas_are_compared_and_not_traced(decade, monkeypatch):
    """Above the limit a page says so, and holds no trace that would make it too large to mail."""
    monkeypatch.setattr("carbonacct.report.page.page_content.DETAILS", 3)
    page = render_page(decade)
    assert "compares them only" in page
    assert read_data(page)["cells"] == []
    assert "<button data-" not in page


def test_gases_are_apart_and_added_up_by_a_named_metric_alone():
    """CH4 has tables of its own in tonnes; CO2-equivalent needs a named metric and equals the inventory's."""
    inventory = ca.compile_inventory(
        "docs/tables/chongqing_2007.csv", method="ipcc-2006", gases=["all"]
    )
    plain = show_inventory(add_parts(collect_content([inventory])), "en")
    assert "Emissions of CH₄ in 重庆, 2007, scope 1 (t CH₄)" in plain
    assert "CO₂e" not in plain
    weighted = show_inventory(add_parts(collect_content([inventory], gwp="AR5GWP100")), "en")
    total = float(np.nansum(inventory.co2e("AR5GWP100")))
    assert f">{total / 1e3:,.1f}</button></td>" in weighted
    assert "kt CO₂e (AR5GWP100)" in weighted


def test_the_words_are_whole():
    """Every word has two texts with the same places to fill; every category that emits has a name."""
    words = tomllib.loads((FILES / "words.toml").read_text(encoding="utf-8"))
    for part in words.values():
        for key, pair in part.items():
            assert len(pair) == 2, key
            assert all(pair), key
            assert {*re.findall(r"{\w+}", pair[0])} == {
                *re.findall(r"{\w+}", pair[1])
            } or key == "many_areas", key
    assert {flow.category for flow in vocabulary.flows().values()} - {""} <= {*words["categories"]}


def test_the_file_is_the_page_and_its_language_is_asked_for(inventory, tmp_path):
    """An output that ends in .html is the page in the language of --lang, both languages in it."""
    write_inventory([inventory], str(tmp_path / "city.html"), lang="zh")
    page = (tmp_path / "city.html").read_text(encoding="utf-8")
    reference, findings = collect_reference([inventory])
    assert page == render_page([inventory], lang="zh", reference=reference, findings=findings)
    assert '<html lang="zh-Hans" data-lang="zh">' in page
    assert page.index('class="body" data-body="zh"') < page.index('class="body" data-body="en"')


def test_peak_and_decoupling_are_judged_as_of_each_year(tmp_path):
    """Each year is judged by the data up to it: the rise before the maximum, then the fall below it."""
    scales = {2015: 1.0, 2016: 1.2, 2017: 1.1, 2018: 1.05}
    made = []
    for year, scale in scales.items():
        (tmp_path / str(year)).mkdir()
        rows = {"industry": {"raw_coal": 100 * scale}}
        made.append(
            ca.compile_inventory(
                table(tmp_path / str(year), rows, title=f"重庆能源平衡表(实物量)-{year}"),
                method="provincial-2011",
            )
        )
    drivers = pd.DataFrame(
        {"area": "重庆", "year": list(scales), "population": 1e6, "gdp": [100.0, 110, 121, 133]}
    )
    drivers.attrs = {"currency": "元", "file": "d.csv"}
    content = collect_content(made, drivers=drivers)
    page = str(show_peaks(content, "en"))
    views = dict(re.findall(r'data-k="0\.(\d+)">\s*<h3>.*?</h3>(.*?)</dl>', page, flags=re.DOTALL))
    assert list(views) == ["2016", "2017", "2018"]
    assert "rising" in views["2016"]
    assert "Since the maximum" not in views["2016"]
    assert "−8.3 %" in views["2017"]  # 1.1 against 1.2
    assert "+5.0 %" in views["2018"]
    assert "weak decoupling" in views["2018"]
    assert ">0.15</button>" in views["2018"]  # 5 % against 33 %


@pytest.mark.parametrize(("second", "is_named"), [(1.0, False), (1.1, True)])
def test_years_that_are_alike_have_no_largest_change(tmp_path, second, is_named):
    """Of two years with the same numbers nothing changed most: no category is named with a change of 0."""
    files = [
        write_scaled(tmp_path / f"{year}.csv", factor, area="重庆", year=year)
        for year, factor in ((2007, 1.0), (2008, second))
    ]
    content = collect_content(
        [ca.compile_inventory(file, method="provincial-2011") for file in files]
    )
    assert ("变化最大的是" in str(show_changes(add_parts(content), "zh"))) is is_named
