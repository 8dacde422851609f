"""Official tables on the page: the numbers of the tables, each of which opens what gives it."""

from __future__ import annotations

import json
import re

import numpy as np
import openpyxl
import pytest

import carbonacct as ca
from carbonacct.inventory.official.layouts import SCALES
from carbonacct.report.inventories import write_inventory
from carbonacct.report.key_category_tables import rank_key_categories
from carbonacct.report.page import render_page
from carbonacct.report.page.page_words import LANGUAGES
from carbonacct.sectors.sources.activities import read_activities
from carbonacct.sectors.sources.source_compiling import compile_sources
from tests.report.chromium import BROWSER
from tests.report.spreadsheet import recalculate
from tests.sectors.energy.building import table as table_of_energy

BALANCE, ACTIVITIES = "docs/tables/chongqing_2007.csv", "docs/tables/chongqing_2007_activities.csv"
GWP = "AR5GWP100"
SECTORS = ("energy", "processes", "agriculture", "land", "waste")
NAMES = ["provincial", *(f"provincial-{one}" for one in SECTORS), "gpc"]
USED = {
    "moved_in": {"electricity": 60, "diesel": 10},
    "thermal_power": {"electricity": 50, "raw_coal": -200},
    "losses": {"electricity": 10},
    "industry": {"electricity": 70, "diesel": 4},
    "households": {"electricity": 25},
}


@pytest.fixture(scope="module")
def cube():
    """Return the energy part."""
    return ca.compile_inventory(BALANCE, method="provincial-2011", gases=["all"])


@pytest.fixture(scope="module")
def whole(cube):
    """Return an inventory of energy and three other sectors."""
    sources = compile_sources(
        read_activities([ACTIVITIES], "provincial-2011"), allow_unverified=True
    )
    return ca.join_inventories([ca.to_inventory(cube), sources])


@pytest.fixture(scope="module")
def page(whole):
    """Return the page."""
    return render_page(whole, gwp=GWP)


@pytest.fixture(scope="module")
def data(page):
    """Return the data of the page's script."""
    return json.loads(
        re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)[1]
    )


def total_of(data, number):
    """Return what a derivation comes to: the sum of its cells or parts, or the result of its formula."""
    one = data["derived"][number]
    if isinstance(one, dict):
        names = {2: "flows", 3: "products", 4: "gases"}
        at = {"a": 0, "y": 1, "f": 2, "p": 3, "g": 4}

        def fits(cell, key, wanted):
            if key == "s":
                return data["products"][cell[3]][3] == wanted
            held = data[names[at[key]]][cell[at[key]]][0] if at[key] in names else cell[at[key]]
            return held in wanted if isinstance(wanted, list) else held == wanted

        return sum(
            cell[5] for cell in data["cells"] if all(fits(cell, *pair) for pair in one.items())
        )
    if one[1]:
        return float(re.search(r"= (-?[\d.e+-]+)[^=]*$", one[1])[1])
    return sum(part[1] for part in one[2])


def test_every_number_is_that_of_the_table_and_opens_it(whole, cube, data):
    """Each cell has the table's number or key, and what it opens comes to the number, down to entries."""
    opened = 0
    for name, shown in zip(NAMES, data["official"], strict=True):
        table = ca.fill_official(whole, name, energy=[cube], gwp=GWP)
        (period,) = shown["periods"]
        assert [place for place, _ in period["lines"]] == table.shown_rows(0)
        for place, cells in period["lines"]:
            first = len(table.layout.rows[0].extra)
            for column, cell in enumerate(cells[first : first + len(table.columns)]):
                value, key = (
                    float(table.values[0, place, column]),
                    str(table.keys[0, place, column]),
                )
                if np.isnan(value):
                    assert cell == key
                    continue
                number, mark, opens = cell
                assert mark == key
                assert number == pytest.approx(value, rel=1e-7)
                total = total_of(data, opens) * SCALES[table.columns[column].unit]
                assert total == pytest.approx(value, rel=1e-9, abs=1e-9), (name, place, column)
                opened += 1
    assert opened > 100


def test_parts_open_what_they_say(data):
    """From the cells down: a part of a sum is what it opens comes to, so that no link leads to another number."""
    cells = [
        cell for one in data["official"] for line in one["periods"][0]["lines"] for cell in line[1]
    ]
    left = [cell[2] for cell in cells if isinstance(cell, list) and len(cell) > 2]
    seen = set(left)
    while left:
        one = data["derived"][left.pop()]
        parts = (
            []
            if isinstance(one, dict) or one[1]
            else [part for part in one[2] if len(part) > 3 and part[3] >= 0]
        )
        for part in parts:
            assert total_of(data, part[3]) == pytest.approx(part[1], rel=1e-9, abs=1e-9)
        left += [part[3] for part in parts if part[3] not in seen]
        seen |= {part[3] for part in parts}
    assert len(seen) > 60


@pytest.fixture(scope="module")
def users(tmp_path_factory):
    """Return a city whose grid has a factor, with its inventory of all sectors."""
    balance = table_of_energy(
        tmp_path_factory.mktemp("users"), USED, title="北京能源平衡表(实物量)-2021"
    )
    cube = ca.compile_inventory(balance, method="provincial-2011", grid="nation")
    return cube, ca.to_inventory(cube, options={"grid": "nation"})


def test_a_number_of_cities_opens_use_losses_and_the_factor_of_the_grid(users):
    """Scope 2 of industry is its use by the factor; scope 3 its part of what is lost; each names cell and row."""
    _, whole = users
    text = render_page(whole)
    found = json.loads(
        re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)[1]
    )
    lines = dict(found["official"][-1]["periods"][0]["lines"])
    codes = [row[1].split()[0] for row in found["official"][-1]["rows"]]
    for code, formula, cells in (
        ("I.3.2", "7000000000 kWh x ", 1),
        ("I.3.3", "7000000000 kWh / 9500000000 kWh x 1000000000 kWh x ", 2),
    ):
        value, _, opens = lines[codes.index(code)][2]
        heading, written, parts, _, _, factors = found["derived"][opens]
        assert written.startswith(formula)
        assert total_of(found, opens) == pytest.approx(value, rel=1e-7)
        assert sum(len(part) > 4 and "!" in part[4] for part in parts) == cells
        assert found["factors"][factors[0]][-1].startswith("mee-grid")
        assert found["texts"][heading[2]] == ["工业", "Industry"]
    assert lines[codes.index("I.4.4")][:2] == [["1", "1"], ["地域", "territorial"]]


def test_the_workbook_adds_up_users_and_follows_the_factor(tmp_path, users):
    """Numbers of cities are formulas over the sheet of users, of the latest year; another factor moves them."""
    cube, whole = users
    path = tmp_path / "a.xlsx"
    write_inventory(whole, str(path), lang="zh")
    live, plain = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    table = ca.fill_official(whole, "gpc", energy=[cube])
    for at, place in enumerate(table.shown_rows(0)):
        shown = table.cell(0, place, 0)
        assert plain["GPC"].cell(5 + at, 5).value == (
            shown if isinstance(shown, str) else pytest.approx(shown)
        )
        assert str(live["GPC"].cell(5 + at, 5).value).startswith("=") == isinstance(shown, float)
    factors = live["因子出处"]
    cell = next(row[2] for row in factors.iter_rows(min_row=5) if "mee-grid" in str(row[-1].value))
    cell.value *= 2
    live.save(tmp_path / "b.xlsx")
    (book,) = recalculate(tmp_path, tmp_path / "b.xlsx")
    for code in ("I.3.2", "I.3.3"):
        line = [row.code for row in table.layout.rows].index(code)
        moved = book["GPC"].cell(5 + table.shown_rows(0).index(line), 5).value
        assert moved == pytest.approx(2 * table.values[0, line, 0], rel=1e-9)


def test_a_key_category_opens_its_own_fuels(whole, page, data):
    """Of a flow that burns solid, liquid and gaseous fuels each category opens its own products alone."""
    section = re.search(r'<section id="en-keys".*?</section>', page, re.DOTALL)[0]
    names = {"solid": "solid fuels", "liquid": "liquid fuels", "gas": "gaseous fuels"}
    table = rank_key_categories(whole, gwp=GWP).table
    for fuel, name in names.items():
        row = re.search(rf">1\.A\.2 [^<]*, {name}</th><td[^>]*>CO₂.*?</tr>", section)[0]
        wanted = table[(table["category"] == f"1.A.2 {fuel}") & (table["gas"] == "CO2")][
            "latest"
        ].item()
        opens = int(re.search(r"data-d=(\d+)", row)[1])
        assert total_of(data, opens) == pytest.approx(wanted, rel=1e-9)
        parts = data["derived"][opens][2]
        assert sum(total_of(data, part[3]) for part in parts) == pytest.approx(wanted, rel=1e-9)


def test_totals_by_sector_are_told_in_the_metric_too(whole, page, data):
    """Each sector and the total have a column of CO2-equivalent, whose number opens gases and weights."""
    section = re.search(r'<section id="en-sectors".*?</table>', page, re.DOTALL)[0]
    rows = [
        re.findall(r"<td>(?:<button data-d=(\d+)[^>]*>)?([\d,.]+)", row)
        for row in section.split("<tr")[2:]
    ]
    found = [row[-1] for row in rows if row]
    values = [*whole.by("sector", gwp=GWP)["value"], whole.total(gwp=GWP)["value"].item()]
    shown = sorted(float(number.replace(",", "")) for _, number in found)
    assert shown == pytest.approx(sorted(values), abs=0.06)
    for opens, number in found:
        assert total_of(data, int(opens)) == pytest.approx(float(number.replace(",", "")), abs=0.06)


def test_what_stands_in_no_cell_is_listed(whole, cube, data):
    """Below each table, in both languages, with the reason."""
    table = ca.fill_official(whole, "provincial", energy=[cube], gwp=GWP)
    for side in range(len(LANGUAGES)):
        rest = data["official"][0]["periods"][0]["rest"][side]
        assert len(rest) == len(table.listed)


@pytest.mark.skipif(not BROWSER, reason="no Chromium")
def test_a_table_is_written_when_it_is_opened(browser, tmp_path, page, whole, cube):
    """Folded at first; opened it has the table's cells, a number opens, and a name that is markup stays text."""
    path = tmp_path / "page.html"
    path.write_text(page, encoding="utf-8")
    browser.open(path, "#lang=en")
    assert browser.run("document.querySelectorAll('details.official td').length") == 0
    found = browser.run("""(async () => { const one = document.querySelector('#en-official details'); one.open = true;
        await new Promise(done => setTimeout(done, 200));
        const row = [...one.querySelectorAll('tbody tr')].find(row => row.cells[0].textContent.includes('Cement'));
        row.querySelector('button').click();
        return [row.cells[1].textContent, document.querySelector('#trace .formula').textContent,
            one.querySelectorAll('tbody tr').length]; })()""")
    assert found[0] == "1,129.80"
    assert "clinker_factor = 11298000 t CO2" in found[1]
    assert found[2] == len(
        ca.fill_official(whole, "provincial", energy=[cube], gwp=GWP).shown_rows(0)
    )
    table = browser.run("""(async () => {
        const one = document.querySelector('#en-energy details.shapes'); one.open = true;
        await new Promise(done => setTimeout(done, 200));
        return [...one.querySelectorAll('tbody tr')].map(row => [...row.cells].map(cell => cell.textContent)); })()""")
    assert ["Coal", "Power plants", "336.7"] in table
    browser.send("Emulation.setEmulatedMedia", media="print")
    shown = browser.run("""[...document.querySelectorAll('#en-sectors table, #en-keys .chosen table')].map(
        one => getComputedStyle(one).display)""")
    assert shown
    assert shown[0] == "table"  # a table of the page itself is printed, unlike those under charts
    assert browser.complaints() == []


def test_without_energy_every_year_is_shown(whole):
    """A page of other sectors alone chooses no year, so that its tables have no pick."""
    text = render_page(whole.select(sector=["processes", "waste"]))
    data = json.loads(
        re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)[1]
    )
    assert {period["pick"] for one in data["official"] for period in one["periods"]} == {""}
