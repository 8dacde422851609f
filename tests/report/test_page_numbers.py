"""Every number of a page in a real browser: what it opens, down to the cell and the row of the factor table."""

from __future__ import annotations

import re

import numpy as np
import pytest

import carbonacct as ca
from carbonacct.report.kaya import collect_effects
from carbonacct.report.page import collect_reference, render_page
from carbonacct.report.page.page_content import collect_content
from carbonacct.report.page.page_words import format_mass
from carbonacct.report.page.sankey_layout import arrange_flows
from carbonacct.report.population_and_gdp import read_drivers
from carbonacct.report.scores import read_scores
from carbonacct.report.uncertainty_tables import assess_uncertainty
from carbonacct.sectors.energy.reference_approach import compile_reference
from tests.report.chromium import BROWSER
from tests.report.pages import (
    HOSTILE,
    hostile_inventory,
    scaled_inventories,
    write_drivers,
    write_scores,
)

pytestmark = pytest.mark.skipif(
    BROWSER is None, reason="no Chromium is installed (Debian: apt-get install chromium)"
)
KEYS = [(area, year) for area in ("重庆", "北京") for year in (2007, 2008, 2009)]


@pytest.fixture(scope="module")
def inventories(tmp_path_factory):
    """Return the inventories of two areas and three years, each 7 % above the one before."""
    return scaled_inventories(tmp_path_factory.mktemp("tables"), KEYS)


@pytest.fixture(scope="module")
def drivers(tmp_path_factory):
    """Return population and GDP of both areas and of the nation."""
    return read_drivers(write_drivers(tmp_path_factory.mktemp("drivers") / "drivers.csv", KEYS))


@pytest.fixture(scope="module")
def effects(inventories, drivers):
    """Return what drove the change."""
    return collect_effects(inventories, drivers)[0]


@pytest.fixture(scope="module")
def page(inventories, drivers, effects, tmp_path_factory):
    """Return a page with everything on it."""
    folder = tmp_path_factory.mktemp("page")
    scores = read_scores(
        write_scores(folder / "scores.csv", ["重庆", "北京", "上海"]), "state=22,trend,aim"
    )
    reference, findings = collect_reference(inventories)
    path = folder / "page.html"
    path.write_text(
        render_page(
            inventories,
            drivers=drivers,
            effects=effects,
            reference=reference,
            scores=scores,
            findings=findings,
            uncertainty=assess_uncertainty(inventories).intervals,
        ),
        encoding="utf-8",
    )
    return path


# What is open: the heading, the formula, the rows of each table as texts, and which rows lead on.
OPEN = """(() => { const box = document.getElementById('trace');
    const rows = (name) => [...box.querySelectorAll(`table.${name} tbody tr`)].map(
        row => [...row.cells].map(cell => cell.innerText));
    return {open: box.open, title: box.querySelector('h2').innerText,
            formula: box.querySelector('.formula')?.innerText ?? '',
            total: Number(box.querySelector('[data-total]')?.dataset.total),
            parts: rows('parts'), terms: rows('terms'), sources: rows('sources'),
            note: box.querySelector('.note')?.innerText ?? ''}; })()"""


def click(browser, section, text, column=0, *, chart=False):
    """Click a number in the row of a name, in a table or the numbers of a chart.

    Return its text and what opens.
    """
    found = browser.run(f"""(() => {{
        document.querySelectorAll('#en-{section} details').forEach(one => {{ one.open = {str(chart).lower()}; }});
        const row = [...document.querySelectorAll('[data-body=en] #en-{section} table tr')].find(row =>
            row.checkVisibility() && [...row.cells].some(cell => cell.innerText === {text!r}));
        const button = [...row.querySelectorAll('.n')].at({column});
        button.click(); return button.innerText; }})()""")
    return found, browser.run(OPEN)


def follow(browser, name):
    """Click the number of a row of what is open, and return what opens."""
    browser.run(
        f"[...document.querySelectorAll('#trace tr')].find(row => row.cells[0].innerText === "
        f"{name!r}).querySelector('.n').click()"
    )
    return browser.run(OPEN)


def direct(inventories, area, year, **labels):
    """Return direct CO2 of an area and year in t, of some category if named."""
    (inventory,) = [
        one for one in inventories if one.balance.areas == [area] and one.balance.years == [year]
    ]
    frame = inventory.to_frame()
    frame = frame[frame["scope"] == 1]
    for column, value in labels.items():
        frame = frame[frame[column] == value]
    return float(frame["value"].sum())


def test_no_number_of_a_table_opens_nothing(browser, page):
    """Whatever reads as a number in a table is a button, but for the year that a row is of."""
    browser.open(page)
    browser.unfold()
    plain = browser.run(r"""[...document.querySelectorAll('[data-body=en] section:not(#en-documents) td')]
            .filter(cell => !cell.querySelector('.n')).map(cell => cell.textContent.trim())
        .filter(text => /^[+−-]?[\d,.]+(e-?\d+)?( %)?$/.test(text))""")
    assert set(plain) <= {"2007", "2008", "2009"}
    assert browser.run("document.querySelectorAll('[data-body=en] .n').length") > 1500


def test_no_shape_of_a_chart_that_tells_a_number_opens_nothing(browser, page):
    """A shape with a tip opens how its number came about."""
    browser.open(page)
    assert (
        browser.run(
            "[...document.querySelectorAll('svg title')].filter(e => !e.parentNode.dataset.d).map(e => e.textContent)"
        )
        == []
    )


def test_everything_opens(browser, page):
    """Each derivation has a heading and says something, and nothing complains."""
    browser.open(page)
    empty = browser.run("""[...new Set(
        [...document.querySelectorAll('[data-d]')].map(e => e.dataset.d))].filter(number => {
        document.querySelector(`[data-d="${number}"]`).dispatchEvent(new MouseEvent('click', {bubbles: true}));
        const box = document.getElementById('trace');
        const isFull = box.querySelector('.formula') || box.querySelector('tbody tr');
        return !(box.open && box.querySelector('h2').textContent && isFull
            && !/undefined|NaN|null/.test(box.textContent));
    })""")
    assert empty == []
    assert browser.complaints() == []


@pytest.mark.parametrize(
    ("lang", "scales"), [("en", (1, 1e3, 1e6)), ("zh", (1, 1e4, 1e4 * 29.3076))]
)
def test_what_opens_is_the_number_that_was_clicked(browser, page, lang, scales):
    """Each formula and sum gives the number on its button, in t, GJ or percent, to the digits shown."""
    browser.open(page)
    browser.unfold()
    shown = browser.run(f"""[...document.querySelectorAll('[data-body={lang}] .n[data-d]')].map(button => {{
        button.click();
        const line = document.querySelector('#trace .formula');
        return [button.textContent, line?.dataset.total ?? line?.textContent ?? '']; }})""")
    compared = 0
    for text, formula in shown:
        found = re.search(r"(?:^|= )(-?[\d.]+(?:e[-+]?\d+)?)(?: [^=]*)?$", formula)
        if (
            not found
            or " ... " in formula
            or not re.fullmatch(r"[+−]?[\d,.]+(?:e-?\d+)?(?: %)?", text)
        ):
            continue  # a rank, both ends of an interval, a cell of a table
        number = text.removesuffix(" %").replace(",", "").replace("−", "-").replace("+", "")
        digits = len(number.partition(".")[2]) if "e" not in number else 12
        near = [
            abs(float(found[1]) / scale - float(number))
            <= max(0.5000001 * 10**-digits, 0.06 * abs(float(number)) * (abs(float(number)) < 0.1))
            for scale in scales
        ]
        assert any(near), (text, formula)
        compared += 1
    assert compared > 1000


def test_a_change_opens_both_years(browser, page, inventories):
    """The difference and the percentage of a category are those of the inventories, and lead to their cells."""
    browser.open(page)
    before, after = (direct(inventories, "重庆", year, category="1.A.3") for year in (2007, 2009))
    text, found = click(browser, "changes", "1.A.3 Transport", column=-2)
    assert found["title"] == "重庆 · 2007–2009 · 1.A.3 Transport"
    assert (
        found["formula"]
        == f"{after:.12g} t CO₂ - {before:.12g} t CO₂ = {after - before:.12g} t CO₂"
    )
    assert text == f"+{format_mass(after - before, 'en')}"
    text, found = click(browser, "changes", "1.A.3 Transport", column=-1)
    assert text == f"+{100 * (after / before - 1):.1f} %"
    assert float(re.search(r"= ([\d.]+) %$", found["formula"])[1]) == pytest.approx(
        100 * (after / before - 1), rel=1e-9
    )
    assert follow(browser, "2007")["total"] == pytest.approx(before, rel=1e-12)
    cell = follow(browser, "Transport, storage and post · Diesel")
    assert "5882537.90189707 t CO2" in cell["formula"]
    assert cell["sources"]


def test_the_reference_approach_opens_supply_rows_and_factors(browser, page, inventories):
    """A total leads to fuels, a fuel to its formula and factors, apparent consumption to the cells."""
    browser.open(page, "#lang=en&show=0.2007")
    inventory = inventories[0]
    table = compile_reference(inventory.balance, method=inventory.method).table
    whole = float(table["emissions"].sum())
    text, found = click(browser, "reference", "Total", column=1)
    assert text == format_mass(whole, "en")
    assert found["total"] == pytest.approx(whole, rel=1e-9)
    coal = follow(browser, "Raw coal")
    numbers = [float(number) for number in re.findall(r"(?:^|x |= )\(?([\d.]+)", coal["formula"])]
    assert np.prod(numbers[:-1]) == pytest.approx(numbers[-1], rel=1e-9)
    assert numbers[-1] == pytest.approx(
        float(table["emissions"].sel(product="raw_coal").item()), rel=1e-11
    )
    assert [row[0] for row in coal["sources"]] == [
        "Net calorific value",
        "Carbon content",
        "Oxidation factor",
        "Carbon to CO₂",
    ]
    assert all(re.search(r"\.csv:\d+$", row[-1]) for row in coal["sources"])
    supply = follow(browser, "Apparent consumption")
    assert supply["total"] == pytest.approx(
        float(table["apparent_consumption"].sel(product="raw_coal").item()), rel=1e-12
    )
    assert inventory.balance.address("重庆", 2007, "production", "raw_coal") in {
        row[-1] for row in supply["terms"]
    }
    _, found = click(browser, "reference", "Solid fuels", column=-1)
    assert found["formula"].endswith("%")


def test_per_head_opens_the_cell_of_the_population(browser, page, inventories, drivers):
    """Emissions over population, and the cell of the table of drivers in which that stands."""
    browser.open(page)
    text, found = click(browser, "comparison", "北京", column=2)
    people = float(
        drivers[(drivers["area"] == "北京") & (drivers["year"] == 2009)]["population"].iloc[0]
    )
    value = direct(inventories, "北京", 2009) / people
    assert text == f"{value:.2f}"
    assert found["formula"].endswith(f"{people:.12g} persons = {value:.12g} t CO₂/person")
    assert [row[-1] for row in found["parts"]] == ["", "drivers.csv!C7"]
    text, found = click(browser, "comparison", "北京")
    assert text == "1"
    assert [row[0] for row in found["parts"]] == ["北京 · 2009", "重庆 · 2009"]
    assert "Rank = 1 +" in found["note"]


def test_an_effect_opens_its_logarithmic_mean(browser, page, effects):
    """The effect of a chain is the sum of its steps, and a step recomputes from the numbers that it shows."""
    browser.open(page)
    mine = effects[(effects["area"] == "重庆") & (effects["term"] == "energy/gdp")].set_index(
        ["from", "to"]
    )["value"]
    text, found = click(browser, "changes", "Energy per GDP", chart=True)
    assert text == format_mass(mine[2007, 2009], "en")
    assert found["total"] == pytest.approx(mine[2007, 2009], rel=1e-9)
    step = follow(browser, "2007–2008")
    after, before, last, first, value = (
        float(number)
        for number in re.findall(
            r"-?[\d.]+(?:e-?\d+)?(?= t CO₂|\)| /)", step["formula"].replace("t CO₂,", "t CO₂ ,")
        )
    )
    assert (after - before) / np.log(after / before) * np.log(last / first) == pytest.approx(
        value, rel=1e-6
    )
    assert value == pytest.approx(mine[2007, 2008], rel=1e-9)
    energy = follow(browser, "Energy per GDP · 2007")
    energy = follow(browser, "Energy of the fuels burnt")
    assert energy["terms"]
    assert energy["sources"]


def test_the_interval_opens_its_draws(browser, page):
    """The interval says from how many draws it is, and leads to the total."""
    browser.open(page)
    found = browser.run(
        "[...document.querySelectorAll('[data-body=en] .chosen .below .n')].find(e => "
        "e.parentNode.innerText.includes('interval')).click()"
    ) or browser.run(OPEN)
    rows = {row[0]: row[1] for row in found["parts"]}
    assert {"Lower", "Upper", "Draws", "Seed", "Direct emissions (scope 1)"} <= rows.keys()
    assert "Approach 2" in found["note"]


@pytest.mark.parametrize("kind", ["energy", "carbon"])
def test_links_and_nodes_of_a_flow_open_what_they_sum(browser, page, inventories, kind):
    """What a link opens sums to the link: amounts times factors or a node's balance; emitted is the inventory."""
    browser.open(page, "#lang=en&show=0.2007")
    flows = getattr(collect_content(inventories[:1]), kind)["重庆", 2007]
    drawn = {(link.source, link.target): link.value for link in arrange_flows(flows.links).links}
    shown = browser.run(f"""[...document.querySelectorAll('#en-{kind} .chosen path.link')].map(path => {{
        path.dispatchEvent(new MouseEvent('click', {{bubbles: true}}));
        return [path.querySelector('title').textContent,
            Number(document.querySelector('#trace [data-total]').dataset.total),
            document.querySelectorAll('#trace table.terms').length]; }})""")
    assert len(shown) == len(drawn)
    assert sorted(total for _, total, _ in shown) == pytest.approx(
        sorted(drawn.values()), rel=1e-6, abs=1e-3
    )
    assert sum(terms for _, _, terms in shown) > len(drawn) / 3
    if kind == "carbon":
        _, found = click(browser, "breakdown", "Total")
        emitted = browser.run("""(() => { [...document.querySelectorAll('#en-carbon .chosen text')].find(
                e => e.textContent.startsWith('Emitted')).dispatchEvent(new MouseEvent('click', {bubbles: true}));
            return Number(document.querySelector('#trace [data-total]').dataset.total); })()""")
        assert emitted == pytest.approx(found["total"], rel=1e-9)


def test_a_score_opens_its_parts_down_to_the_value(browser, page):
    """A score is the weighted mean of its parts, a leaf its value, both with the cell of the file.

    Lines are as given, or medians.
    """
    browser.open(page)
    text, found = click(browser, "scores", "北京", column=1, chart=True)
    assert text == "39.67"
    assert [row[:2] for row in found["parts"]] == [["aim", "41"], ["state", "25"], ["trend", "53"]]
    assert [row[-1] for row in found["parts"]] == [
        "scores.csv!F9",
        "scores.csv!F11",
        "scores.csv!F12",
    ]
    assert follow(browser, "aim")["parts"] == [["aim_leaf", "41", "", "scores.csv!F10"]]
    assert follow(browser, "aim_leaf")["parts"][0] == ["Value", "82", "%", "scores.csv!D10"]
    lines = browser.run(
        "[...document.querySelectorAll('#en-scores .note .n')].map(e => e.innerText)"
    )
    assert lines == ["22.00", "53.00"]
    assert browser.run("document.querySelectorAll('#en-scores circle.point').length") == 3
    assert browser.run("document.querySelectorAll('#en-scores circle.other').length") == 1


def test_a_finding_opens_the_cell_that_it_names(browser, page):
    """The address behind a finding opens the number as the table prints it."""
    browser.open(page)
    where = browser.run(
        "(() => { const one = document.querySelector('#en-findings code .n'); one.click(); return one.innerText; })()"
    )
    assert browser.run(OPEN)["parts"][0][-1] == where


@pytest.mark.parametrize("key", ["Enter", " "])
def test_a_derived_number_opens_and_closes_by_keyboard(browser, page, key):
    """Enter and Space open it and lead on and back; Escape closes it and the focus returns to the number."""
    browser.open(page, "#lang=zh")
    browser.run("[...document.querySelectorAll('#zh-changes .chosen tfoot .n')].at(-1).focus()")
    number = browser.run("document.activeElement.dataset.d")
    browser.press(key)
    first = browser.run(OPEN)
    assert first["open"]
    browser.press("Tab")
    assert browser.run("document.activeElement.matches('#trace table .n')")
    browser.press(key)
    assert browser.run(OPEN)["title"] != first["title"]
    assert browser.run("document.activeElement.matches('#trace .back')")
    browser.press(key)
    assert browser.run(OPEN)["title"] == first["title"]
    browser.press("Escape")
    assert browser.run(
        "[document.getElementById('trace').open, document.activeElement.dataset.d]"
    ) == [False, number]


def test_names_that_are_markup_do_nothing_in_a_derivation(browser, tmp_path):
    """No name of an area, a file or an indicator comes to life in anything that opens."""
    inventories = [hostile_inventory(tmp_path, year) for year in (2007, 2008)]
    name = HOSTILE.replace('"', '""')
    drivers = read_drivers(
        write_drivers(
            tmp_path / "<script>alert(5)</script>.csv".replace("/", "_"),
            [(name, 2007), (name, 2008)],
        )
    )
    scores = read_scores(
        write_scores(tmp_path / "<img src=x onerror=alert(6)>.csv", [HOSTILE, "<b>x</b>"]),
        "state,trend",
    )
    reference, _ = collect_reference(inventories)
    path = tmp_path / "page.html"
    path.write_text(
        render_page(
            inventories,
            drivers=drivers,
            effects=collect_effects(inventories, drivers)[0],
            reference=reference,
            scores=scores,
        ),
        encoding="utf-8",
    )
    browser.open(path)
    texts = browser.run("""[...new Set(
        [...document.querySelectorAll('[data-d]')].map(e => e.dataset.d))].map(number => {
        document.querySelector(`[data-d="${number}"]`).dispatchEvent(new MouseEvent('click', {bubbles: true}));
        return [document.getElementById('trace').innerText,
            document.querySelectorAll('#trace :is(script, img, b)').length];
    })""")
    assert any("<script>alert(1)</script>" in text for text, _ in texts)
    assert any("onerror=alert(6)" in text for text, _ in texts)
    assert sum(count for _, count in texts) == 0
    assert browser.run(
        "[document.scripts.length, document.images.length, document.querySelectorAll('main b').length]"
    ) == [3, 0, 0]
    assert not [
        event for event in browser.events if event["method"] == "Page.javascriptDialogOpening"
    ]
    assert browser.complaints() == []


def test_a_table_of_somebody_else_says_that_it_is_given(browser, inventories, tmp_path):
    """Effects and approaches that the inventory does not give are shown as given, not dressed with a formula."""
    import pandas as pd  # noqa: PLC0415

    effects = pd.DataFrame(
        {
            "area": "重庆",
            "from": 2007,
            "to": 2009,
            "term": ["population", "total"],
            "value": [1e6, 1e6],
        }
    )
    reference = pd.DataFrame(
        {"area": ["重庆"], "year": [2009], "fuel": ["solid"], "reference": [1e6], "sectoral": [2e6]}
    )
    path = tmp_path / "page.html"
    path.write_text(
        render_page(inventories[:3], effects=effects, reference=reference), encoding="utf-8"
    )
    browser.open(path)
    for section, row, column in (
        ("changes", "Population", 0),
        ("reference", "Solid fuels", 0),
        ("reference", "Solid fuels", 1),
    ):
        assert (
            "not computed here"
            in click(browser, section, row, column, chart=section == "changes")[1]["note"]
        )
    text, found = click(browser, "changes", "Difference from the inventory", chart=True)
    change = direct(inventories, "重庆", 2009) - direct(inventories, "重庆", 2007)
    assert text == f"+{format_mass(change - 1e6, 'en')}"
    assert found["formula"].endswith(f"= {change - 1e6:.12g} t CO₂")


def test_gases_open_their_weights(browser, tmp_path):
    """CO2-equivalent opens each gas times its weight."""
    inventory = ca.compile_inventory(
        "docs/tables/chongqing_2007.csv", method="ipcc-2006", gases=["all"]
    )
    path = tmp_path / "page.html"
    path.write_text(render_page([inventory], gwp="AR5GWP100"), encoding="utf-8")
    browser.open(path)
    text, found = click(browser, "inventory", "Total", column=-1)
    whole = float(inventory.total(gwp="AR5GWP100").data.magnitude.item())
    assert text == format_mass(whole, "en")
    parts = [part.split(" x ") for part in found["formula"].partition(" = ")[0].split(" + ")]
    assert [weight for _, weight in parts] == ["1", "28", "265"]
    assert sum(
        float(amount.split()[0]) * float(weight) for amount, weight in parts
    ) == pytest.approx(whole, rel=1e-9)
