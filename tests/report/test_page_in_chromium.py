"""The page in a real browser: what a person clicks, types, prints and hears."""

from __future__ import annotations

import itertools
import shutil
import subprocess

import pandas as pd
import pypdfium2
import pytest

import carbonacct as ca
from carbonacct.report.page import render_page
from carbonacct.report.page.page_words import format_mass
from tests.report.chromium import BROWSER
from tests.report.pages import hostile_inventory, scaled_inventories

pytestmark = pytest.mark.skipif(
    BROWSER is None, reason="no Chromium is installed (Debian: apt-get install chromium)"
)


@pytest.fixture(scope="module")
def inventory():
    """Return the inventory of Chongqing 2007."""
    return ca.compile_inventory("docs/tables/chongqing_2007.csv", method="provincial-2011")


@pytest.fixture(scope="module")
def page(inventory, tmp_path_factory):
    """Return the page of one city and year, English first."""
    path = tmp_path_factory.mktemp("page") / "city.html"
    path.write_text(render_page([inventory]), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def panel(tmp_path_factory):
    """Return the page of two areas and three years, with drivers and a decomposition."""
    folder = tmp_path_factory.mktemp("panel")
    keys = [(area, year) for area in ("重庆", "北京") for year in (2007, 2008, 2009)]
    drivers = pd.DataFrame(
        [
            {"area": area, "year": year, "population": 2e7, "gdp": 5e11}
            for area, year in [*keys, ("全国", 2009)]
        ]
    ).assign(co2=6e8)
    drivers.attrs["currency"] = "元"
    effects = pd.DataFrame(
        {
            "area": "重庆",
            "from": 2007,
            "to": 2009,
            "term": ["population", "intensity"],
            "value": [2e7, -1e7],
        }
    )
    path = folder / "panel.html"
    path.write_text(
        render_page(scaled_inventories(folder, keys), drivers=drivers, effects=effects),
        encoding="utf-8",
    )
    return path


def visible(browser, selector):
    """Return the texts of the elements that a reader sees."""
    return browser.run(
        f"[...document.querySelectorAll({selector!r})].filter(e => e.checkVisibility()).map(e => e.innerText)"
    )


@pytest.mark.parametrize("name", ["page", "panel"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_renders_without_a_complaint_and_asks_for_nothing(browser, request, name, lang):
    """No console message, no exception, and no request but for the file itself, offline."""
    path = request.getfixturevalue(name)
    browser.send(
        "Network.emulateNetworkConditions",
        offline=True,
        latency=0,
        downloadThroughput=-1,
        uploadThroughput=-1,
    )
    browser.open(path, f"#lang={lang}")
    assert browser.complaints() == []
    assert browser.requests() == [path.resolve().as_uri()]
    assert visible(browser, "h1") == browser.run(
        f"[document.querySelector('[data-body={lang}]').dataset.title]"
    )


def test_a_click_on_each_number_shows_its_trace(browser, page, inventory):
    """Every number of the table opens the formula, the cells and the rows that trace gives for it."""
    browser.open(page)
    shown = browser.run("""[...document.querySelectorAll('[data-body=en] .inventory [data-c]')].map(button => {
        button.click();
        const dialog = document.getElementById('trace');
        return [button.innerText, dialog.open, dialog.querySelector('.formula').innerText,
                dialog.querySelector('h2').innerText,
                [...dialog.querySelectorAll('td.place')].map(e => e.innerText),
                [...dialog.querySelectorAll('h3 ~ .scroll tbody tr')].map(e => [...e.cells].map(c => c.innerText))];
    })""")
    found = {
        ca.trace(inventory, flow=row.flow, product=row.product).formula(): ca.trace(
            inventory, flow=row.flow, product=row.product
        )
        for row in inventory.to_frame().itertuples()
    }
    assert len(shown) == int(
        (inventory.emissions.sum(["area", "year", "flow", "gas"]) != 0).values
        @ inventory.emissions.count(["area", "year", "flow", "gas"]).values
    )
    for text, is_open, formula, heading, places, factors in shown:
        trace = found[formula]
        assert is_open
        assert text == format_mass(trace.value, "en")
        assert ca.vocabulary.name("product", trace.product) in heading
        assert places == list(trace.where)
        assert [row[-1] for row in factors] == [step.row.place for step in trace.steps]
        assert [row[-2] for row in factors] == [step.row.status for step in trace.steps]
        for row, step in zip(factors, trace.steps, strict=True):
            assert step.source.title in row[3]
            assert step.row.table in row[3]


def test_the_sums_shown_equal_the_inventory(browser, page, inventory):
    """Headline, rows, columns, categories and fuels are the sums of the cells that they open."""
    browser.open(page)
    shown = browser.run("""(data => [...document.querySelectorAll('[data-body=en] .n[data-d]')].filter(
            button => !Array.isArray(data.derived[button.dataset.d])).map(button => {
        button.click();
        const sum = document.querySelector('#trace [data-total]');
        return [button.textContent, data.derived[button.dataset.d], Number(sum.dataset.total)];
    }))(JSON.parse(document.getElementById('data').textContent))""")
    frame = inventory.to_frame()
    columns = {"y": "year", "f": "flow", "p": "product", "g": "gas", "t": "category", "s": "scope"}
    for text, where, total in shown:
        cells = frame
        for key, value in where.items():
            cells = (
                cells
                if key == "a"
                else cells[cells[columns[key]].isin(value if isinstance(value, list) else [value])]
            )
        assert total == pytest.approx(cells["value"].sum(), rel=1e-12)
        assert text == format_mass(total, "en")
    whole = float(inventory.total().data.magnitude.item())
    assert (
        sum(total == pytest.approx(whole, rel=1e-12) for _, _, total in shown) >= 4
    )  # headline, two tables of bars, the inventory


def test_the_switch_changes_the_language_by_mouse_and_keyboard(browser, page):
    """One language shows at a time, with its title and lang; Tab and Enter switch and keep the focus."""
    browser.open(page)
    assert browser.run("document.documentElement.lang") == "en"
    browser.run("document.querySelector('[data-body=en] .switch').click()")
    assert browser.run("[document.documentElement.lang, document.title, location.hash]") == [
        "zh-Hans",
        "2007 年重庆温室气体清单",
        "#lang=zh&show=0.2007",
    ]
    assert "概要" in visible(browser, "nav a")
    assert "Headline" not in visible(browser, "nav a")
    browser.open(page)
    for _ in range(20):
        browser.press("Tab")
        if browser.run("document.activeElement.matches('.switch')"):
            break
    browser.press("Enter")
    assert browser.run("document.documentElement.lang") == "zh-Hans"
    assert browser.run("document.activeElement.matches('[data-body=zh] .switch')")


def test_a_trace_opens_and_closes_by_keyboard(browser, page):
    """Enter on a number opens it with the focus inside, Escape closes it, and the focus returns to the number."""
    browser.open(page)
    browser.run("document.querySelector('[data-body=en] .inventory [data-c]').focus()")
    browser.press("Enter")
    assert browser.run("document.getElementById('trace').contains(document.activeElement)")
    browser.press("Escape")
    assert browser.run(
        "[document.getElementById('trace').open, document.activeElement.dataset.c]"
    ) == [False, "0"]


def test_a_sum_leads_to_its_numbers_and_back(browser, page):
    """From a total to one of its cells, to its trace, and back to the sum."""
    browser.open(page)
    steps = browser.run("""(() => { const dialog = document.getElementById('trace'), seen = [];
        document.querySelector('[data-body=en] .facts [data-d]').click();
        seen.push(dialog.querySelectorAll('tbody tr').length);
        dialog.querySelector('td .n').click(); seen.push(dialog.querySelector('.formula').innerText.includes(' x '));
        dialog.querySelector('.back').click(); seen.push(dialog.querySelectorAll('tbody tr').length);
        return seen; })()""")
    assert steps[0] == steps[2] > 60
    assert steps[1]


def test_area_and_year_are_chosen(browser, panel):
    """The lists show one area and year at a time, in both languages; an address can name them."""
    browser.open(panel)
    assert visible(browser, "h3")[0] == "重庆 2009"
    browser.run(
        "(() => { const list = document.querySelector('[data-body=en] select.area'); list.value = '1'; "
        "list.dispatchEvent(new Event('change', {bubbles: true})); })()"
    )
    assert visible(browser, "h3")[0] == "北京 2009"
    assert len(visible(browser, ".inventory")) == 1
    browser.open(panel, "#lang=zh&show=0.2008")
    assert visible(browser, "h3")[0] == "重庆 2008"
    assert visible(browser, "select.year") != []


def test_a_name_that_is_markup_does_nothing(browser, tmp_path):
    """No script, picture or handler of the input comes to life, in the page or in a trace."""
    path = tmp_path / "page.html"
    path.write_text(render_page([hostile_inventory(tmp_path)]), encoding="utf-8")
    browser.open(path)
    browser.run("document.querySelector('[data-body=en] .inventory [data-c]').click()")
    assert browser.run("[document.scripts.length, document.images.length]") == [3, 0]
    assert not [
        event for event in browser.events if event["method"] == "Page.javascriptDialogOpening"
    ]
    assert browser.complaints() == []
    assert "<script>alert(1)</script>" in visible(browser, "h1")[0]
    assert "<img src=x onerror=alert(2007)>.csv" in visible(browser, "#trace td.place")[0]


def test_a_screen_reader_has_a_name_for_everything(browser, panel):
    """Pictures, buttons, lists and regions have names, charts their table, header cells a scope.

    Ids are unique and no heading level is skipped.
    """
    browser.open(panel)
    browser.unfold()
    tree = [
        node for node in browser.send("Accessibility.getFullAXTree")["nodes"] if not node["ignored"]
    ]
    named = {"image", "button", "combobox", "region", "link", "navigation"}
    assert [
        n for n in tree if n["role"]["value"] in named and not n.get("name", {}).get("value")
    ] == []
    assert browser.run(
        "[...document.querySelectorAll('.scroll[tabindex]')].every(e => e.getAttribute('aria-label'))"
    )
    assert {"image", "table", "columnheader", "rowheader", "main", "navigation", "heading"} <= {
        n["role"]["value"] for n in tree
    }
    assert browser.run("[...document.querySelectorAll('th:not([scope])')].length") == 0
    assert browser.run(
        "[...document.querySelectorAll('figure')].every(f => f.querySelector('table'))"
    )
    assert browser.run(
        "(ids => new Set(ids).size === ids.length)([...document.querySelectorAll('[id]')].map(e => e.id))"
    )
    levels = browser.run(
        "[...document.querySelectorAll('[data-body=en] :is(h1,h2,h3)')].map(e => Number(e.tagName[1]))"
    )
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def luminance(colour):
    """Return the relative luminance of rgb(...) (WCAG 2.2)."""
    parts = [float(part) / 255 for part in colour[colour.index("(") + 1 : -1].split(",")[:3]]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("dark", [False, True])
def test_texts_are_legible_in_light_and_dark(browser, panel, dark):
    """Every text has a contrast of at least 4.5 to its ground (WCAG 2.2 AA)."""
    browser.show(dark=dark)
    browser.open(panel)
    pairs = browser.run("""[...document.querySelectorAll('body *')].filter(e => !e.closest('svg') && e.checkVisibility()
            && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())).map(e => {
        let ground = e;
        const isClear = (one) => getComputedStyle(one).backgroundColor === 'rgba(0, 0, 0, 0)';
        while (ground && isClear(ground)) ground = ground.parentElement;
        return [getComputedStyle(e).color, getComputedStyle(ground || document.body).backgroundColor,
            e.tagName + '.' + e.className];
    })""")
    assert len(pairs) > 100
    for ink, ground, name in {tuple(pair) for pair in pairs}:
        light, deep = sorted((luminance(ink), luminance(ground)), reverse=True)
        assert (light + 0.05) / (deep + 0.05) >= 4.5, (name, ink, ground)
    assert (luminance(browser.run("getComputedStyle(document.body).backgroundColor")) < 0.1) == dark
    browser.show()


def test_a_phone_shows_it_without_scrolling_sideways(browser, panel):
    """Wide charts and tables scroll in their own frames; the page is as wide as the phone."""
    browser.show(width=390, height=844)
    browser.open(panel)
    assert browser.run("document.documentElement.scrollWidth") == 390
    assert browser.run(
        "[...document.querySelectorAll('[data-body=en] .facts')].every(e => e.getBoundingClientRect().right <= 390)"
    )
    browser.show()


def test_print_is_light_and_has_the_tables(browser, panel, tmp_path):
    """On paper the ground is white and tables replace controls; the print is a PDF of A4 pages."""
    browser.show(dark=True, media="print")
    browser.open(panel)
    assert luminance(browser.run("getComputedStyle(document.body).color")) < 0.05
    assert visible(browser, ".controls, nav, dialog, .numbers") == []
    assert len(visible(browser, ".inventory")) == 1
    browser.show()
    browser.print(tmp_path / "page.pdf")
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF")
    if shutil.which("pdfinfo"):
        said = subprocess.run(
            ["pdfinfo", "-l", "99", tmp_path / "page.pdf"],
            check=True,
            text=True,
            capture_output=True,
        ).stdout
        assert "(A4)" in said


def read_pages(path):
    """Return the text of each page of a .pdf."""
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(path)]


def test_no_heading_of_a_table_stands_alone_at_the_foot_of_a_page(browser, page, tmp_path):
    """A caption, a header and the first rows share a page; the last line of all stands with others."""
    browser.show()
    browser.open(page, "#lang=en")
    browser.print(tmp_path / "page.pdf")
    assert [
        "Documents of the factors" in text
        for text in read_pages(tmp_path / "page.pdf")
        if "Made with" in text
    ] == [True]
    browser.run("""(() => {
        document.querySelectorAll("[data-body=en] section:not(#en-documents)").forEach(
            e => { e.style.display = "none"; });
        const before = document.createElement("div");
        before.id = "before";
        document.getElementById("en-documents").prepend(before);
    })()""")
    for height in range(116, 164, 8):
        browser.run(f"document.getElementById('before').style.height = '{height}mm'")
        browser.print(tmp_path / "page.pdf")
        (held,) = [
            text for text in read_pages(tmp_path / "page.pdf") if "Documents of the factors" in text
        ]
        for word in ("Rows used", "GB/T 2589-2008", "2011 (trial)"):
            assert word in held, height


def test_a_page_without_traces_works_too(browser, inventory, tmp_path, monkeypatch):
    """Above the limit of details there is nothing to click, and nothing that complains."""
    monkeypatch.setattr("carbonacct.report.page.page_content.DETAILS", 0)
    path = tmp_path / "page.html"
    path.write_text(render_page([inventory], lang="zh"), encoding="utf-8")
    browser.open(path)
    browser.run("document.querySelector('[data-body=zh] .switch').click()")
    assert browser.complaints() == []
    assert browser.run("document.documentElement.lang") == "en"


def test_without_scripts_the_numbers_are_there(browser, page):
    """A reader that runs no script shows headline, charts and tables, and says what does not work."""
    browser.send("Emulation.setScriptExecutionDisabled", value=True)
    try:
        browser.send("Page.navigate", url=page.resolve().as_uri())
        tree = browser.send("Accessibility.getFullAXTree")
        for _ in range(100):
            tree = browser.send("Accessibility.getFullAXTree")
            if len(tree["nodes"]) > 500:
                break
    finally:
        browser.send("Emulation.setScriptExecutionDisabled", value=False)
    texts = {node.get("name", {}).get("value") for node in tree["nodes"]}
    assert "95,106.8" in texts
    assert any("Without scripts" in (text or "") for text in texts)


def test_tables_and_figures_are_taken_along_and_a_slider_goes_through_the_years(browser, panel):
    """Each table and figure in sight can be saved; the slider shows another year, and its findings come first."""
    browser.open(panel)
    saved = browser.run("""(() => {
        const kept = [];
        URL.createObjectURL = (blob) => { kept.push(blob); return "#"; };
        const body = document.querySelector(`[data-body="${document.documentElement.dataset.lang}"]`);
        body.querySelectorAll(".tools .save").forEach((one) => {
            one.addEventListener("click", (e) => e.preventDefault());
            one.click();
        });
        return kept.map((blob) => [blob.type, blob.size > 60]);
    })()""")
    assert {kind for kind, _ in saved} == {"text/csv", "image/svg+xml"}
    assert all(full for _, full in saved)
    years = browser.run("""(() => {
        const slider = document.querySelector("input.years");
        slider.value = 0;
        slider.dispatchEvent(new Event("input", { bubbles: true }));
        return [document.querySelector("select.year").value, location.hash.split(".").at(-1),
            slider.getAttribute("aria-valuetext")];
    })()""")
    assert len(set(years)) == 1
