"""The whole work in a real browser in both languages, from an empty folder to a revised submission."""

from __future__ import annotations

import contextlib
import http.server
import re
import threading
import time

import docx
import openpyxl
import pytest

import carbonacct as ca
from carbonacct.projects.kept_corrections import read_corrections
from carbonacct.report.activity_template import write_template
from tests.report.chromium import BROWSER
from tests.web.person import Person
from tests.web.sites import TABLE, make_project, serve_folder

pytestmark = pytest.mark.skipif(
    BROWSER is None, reason="no Chromium is installed (Debian: apt-get install chromium)"
)
UNKNOWN = "楼宇经济"
ADDED = f"5.{UNKNOWN}、零售业和住宿、餐饮业"
SAYS = {
    "zh": {
        "question": "这一行是什么",
        "read": "已读懂",
        "used": "采用",
        "direct": "直接排放",
        "moves": "各年变化",
        "changed": "变化",
    },
    "en": {
        "question": "What is the row",
        "read": "Read:",
        "used": "Used",
        "direct": "Direct emissions",
        "moves": "By year (t)",
        "changed": "What changed since",
    },
}


def enter(browser, site, tmp_path, lang):
    """Come in as the program lets a browser in: by a file that leads to the address."""
    file = tmp_path / "start.html"
    file.write_text(
        f'<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0; '
        f'url={site.app.guard.make_address()}">',
        encoding="utf-8",
    )
    browser.send("Network.setExtraHTTPHeaders", headers={"Accept-Language": lang})
    person = Person(browser, site.origin)
    browser.send("Page.navigate", url=file.as_uri())
    person.wait("location.pathname === '/' && document.querySelector('main h1')")
    assert "token" not in person.see(
        "location.href + document.referrer + JSON.stringify(performance.getEntries().map(e => e.name))"
    )
    return person


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_whole_story(browser, tmp_path, lang):
    """An empty folder becomes a submission; all that a person did stands in files, and each page passes its checks."""
    says = SAYS[lang]
    folder = tmp_path / "project"
    folder.mkdir()
    table = tmp_path / "重庆 2007.csv"
    table.write_text(
        TABLE.read_text(encoding="utf-8")
        .replace("5.批发和零售业", f"5.{UNKNOWN}")
        .replace("5.批发", f"5.{UNKNOWN}"),
        encoding="utf-8",
    )
    with serve_folder(folder) as site:
        person = enter(browser, site, tmp_path, lang)
        person.inspect()
        person.fill("form.card", name="重庆", years="2007")
        person.send("form.card")
        person.inspect()

        person.choose_files(table)
        person.wait("location.pathname.startsWith('/tables/')")
        assert says["question"] in person.text
        person.inspect()
        person.click("input[value='wholesale_retail']")
        person.send("form[action$='/words']")
        assert says["read"] in person.text
        assert "wholesale_retail" in (folder / "mapping.csv").read_text(encoding="utf-8")
        person.see(
            "[...document.querySelectorAll('td[data-a]')].find(e => e.dataset.a === 'C14').click()"
        )
        assert says["used"] in person.see("document.querySelector('.detail').innerText")
        person.fill("form.correct", value="-1500", because="年鉴", by="王")
        person.send("form.correct")
        (correction,) = read_corrections(folder / "corrections.csv")
        assert (correction.cell, correction.seen, correction.value) == ("C14", "-1547.7", "-1500")
        assert (folder / "tables" / table.name).read_bytes() == table.read_bytes()
        person.inspect()

        person.go("/method")
        person.inspect()
        person.fill("form[action='/method']", grid="nation")
        person.send("form[action='/method']")
        person.fill("form[action^='/drivers']", **{"cell-0-2": "2816", "cell-0-3": "4676.13"})
        person.send("form[action^='/drivers']")
        target = {
            "id": "强度",
            "quantity": "co2/gdp",
            "statistic": "cut",
            "value": "18",
            "unit": "%",
            "due": "2010",
            "base": "2007",
            "prices": "constant 2007",
        }
        person.fill("form[action='/targets']", **target)
        person.send("form[action='/targets']")
        person.go("/activity?sector=waste")
        person.inspect()
        person.fill("form[action='/activity']", **{"value-0": "12"})
        person.send("form[action='/activity']")

        person.go("/")
        person.wait(
            "!document.querySelector('[data-load] .mark.asked') && "
            "[...document.querySelectorAll('[data-load]')].every(e => e.innerText.includes('2007'))"
        )
        person.inspect()
        person.send("form[action='/jobs']")
        person.wait("location.pathname === '/inventory'")
        person.inspect()
        person.go(person.see("document.querySelector('iframe').getAttribute('src').split('#')[0]"))
        assert person.see("origin") == "null"
        assert says["direct"] in person.text
        person.click("button.n")
        assert person.see("document.querySelector('dialog').open")

        person.go("/findings")
        person.inspect()
        before = person.see("document.querySelectorAll('[name^=pick-]').length")
        person.see(
            "document.querySelectorAll('details').forEach(e => { e.open = true; }); "
            "document.querySelector('[name^=pick-]').checked = true"
        )
        person.inspect()
        person.fill("section.group form", because="核对过", by="王")
        person.send("section.group form")
        assert person.see("document.querySelectorAll('[name^=pick-]').length") < before
        assert "核对过" in (folder / "accepted.csv").read_text(encoding="utf-8")
        assert "核对过" in person.text

        person.go("/factors")
        person.inspect()
        person.see("window.was = true; document.querySelector('tbody a').click()")
        person.wait("!window.was && document.querySelector('form[action=\"/factors/trials\"]')")
        person.inspect()
        person.fill(
            "form[action='/factors/trials']",
            value=person.see(
                "String(1.01 * parseFloat(document.querySelector('main strong').innerText))"
            ),
        )
        person.send("form[action='/factors/trials']")
        person.wait("location.pathname.startsWith('/factors/trials/')")
        assert says["moves"] in person.text
        person.inspect()
        person.fill("form[action='/factors']", because="实测", by="王")
        person.send("form[action='/factors']")
        assert "实测" in next((folder / "own_factors").glob("*.csv")).read_text(encoding="utf-8")

        person.go("/handing-in")
        person.fill("form[action='/submissions']", name="2007")
        person.send("form[action='/submissions']")
        person.wait(
            "location.pathname === '/handing-in' && document.querySelector('form[action=\"/changes\"]')"
        )
        assert (folder / "submissions" / "2007" / "inputs" / "corrections.csv").is_file()
        assert (
            folder / "submissions" / "2007" / "inputs" / "own_factors" / "source.toml"
        ).is_file()
        person.inspect()
        (folder / "corrections.csv").unlink()
        person.see("document.querySelector('form[action=\"/changes\"] button').click()")
        person.wait("location.pathname.startsWith('/changes/')")
        assert says["changed"] in person.text
        assert "−1500" in person.text
        assert "−1547.7" in person.text
        person.inspect()
        person.check_quiet()


@pytest.mark.parametrize(("lang", "moves"), [("en", "By year (t)"), ("zh", "各年变化")])
def test_a_factor_that_is_tried_changes_nothing(browser, tmp_path, lang, moves):
    """A factor 1 % larger moves its year by 1 % of what hangs on it; no file of the project is another one."""
    with serve_folder(make_project(tmp_path / "p", lang=lang)) as site:
        person = enter(browser, site, tmp_path, lang)
        person.wait("document.querySelector('form[action=\"/jobs\"]')")
        person.send("form[action='/jobs']")
        person.wait("location.pathname === '/inventory'")
        before = {file: file.read_bytes() for file in site.folder.glob("*.*") if file.is_file()}
        person.go("/factors")
        person.see("window.was = true; document.querySelector('tbody a').click()")
        person.wait("!window.was && document.querySelector('form[action=\"/factors/trials\"]')")
        value = float(person.see("document.querySelector('main strong').innerText").split()[0])
        (worth,) = re.findall(r"\d{1,3}(?:,\d{3})+", person.text)
        person.fill("form[action='/factors/trials']", value=str(1.01 * value))
        person.send("form[action='/factors/trials']")
        person.wait("location.pathname.startsWith('/factors/trials/')")
        assert moves in person.text
        change = person.see("document.querySelector('table.numbers tbody td').innerText")
        assert _count(change) == pytest.approx(_count(worth) / 100, abs=1)
        person.inspect()
        assert {file: file.read_bytes() for file in before} == before
        person.check_quiet()


def _count(text):
    return float(text.replace(",", "").replace("+", ""))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_workbook_that_was_filled_in_is_taken(browser, tmp_path, lang):
    """The template with one number becomes a file of the project; an unknown unit is refused and named once."""
    book = tmp_path / "activity.xlsx"
    write_template(str(book), "provincial-2011", area="重庆", year=2007)
    with serve_folder(make_project(tmp_path / "p", lang=lang)) as site:
        person = enter(browser, site, tmp_path, lang)
        person.go("/method")
        person.choose_files(fill_first(book, tmp_path / "wrong.xlsx", unit="楼"))
        person.wait("document.getElementById('alert').textContent")
        said = person.see("document.getElementById('alert').textContent")
        assert said.count("wrong.xlsx") == 1
        assert not (site.folder / "activity" / "wrong.xlsx").exists()
        person.see("window.was = true")
        person.choose_files(fill_first(book, tmp_path / "right.xlsx", unit="万吨"))
        person.wait(
            "!window.was && document.querySelector('main').innerText.includes('right.xlsx')"
        )
        person.inspect()
        assert 'file = "activity/right.xlsx"' in (site.folder / "carbonacct.toml").read_text(
            encoding="utf-8"
        )
        assert (site.folder / "activity" / "right.xlsx").is_file()


def fill_first(template, target, *, unit):
    """Write a number into the first row of the first sheet of a template."""
    book = openpyxl.load_workbook(template)
    sheet = book.worksheets[1]
    at = {str(cell.value).split()[-1]: cell.column for cell in sheet[1]}
    sheet.cell(2, at["value"]).value = 1000
    sheet.cell(2, at["unit"]).value = unit
    book.save(target)
    return target


def test_by_the_keyboard_alone(browser, tmp_path):
    """Without a mouse: a project is started, a word settled and a cell looked at; where the focus is can be seen."""
    folder = tmp_path / "project"
    folder.mkdir()
    with serve_folder(folder) as site:
        person = enter(browser, site, tmp_path, "en")
        browser.press("Tab")
        assert person.see("document.activeElement.className") == "skip"
        person.tab_to("e.name === 'name'")
        person.write("重庆")
        browser.press("Enter")
        person.wait("document.querySelector('[data-drop]')")
        table = tmp_path / "a.csv"
        table.write_text(
            TABLE.read_text(encoding="utf-8")
            .replace("5.批发和零售业", f"5.{UNKNOWN}")
            .replace("5.批发", f"5.{UNKNOWN}"),
            encoding="utf-8",
        )
        person.tab_to("e.type === 'file'")
        person.choose_files(table)
        person.wait("document.querySelector('.question')")
        person.tab_to("e.getAttribute('href') && e.getAttribute('href').endsWith('#q0')")
        browser.press("Enter")
        person.wait("location.hash === '#q0'")
        person.tab_to("e.name === 'word-0'")
        person.see("window.was = true")
        browser.send(
            "Input.dispatchKeyEvent",
            type="keyDown",
            key=" ",
            code="Space",
            windowsVirtualKeyCode=32,
            text=" ",
        )
        browser.send(
            "Input.dispatchKeyEvent", type="keyUp", key=" ", code="Space", windowsVirtualKeyCode=32
        )
        person.see("document.querySelector('input[value=wholesale_retail]').focus()")
        browser.press(" ")
        person.tab_to("e.className === 'main'")
        browser.press("Enter")
        person.wait("!window.was && document.body.innerText.includes('Read:')")
        person.tab_to("e.dataset.a")
        first = person.see("document.activeElement.dataset.a")
        for key, code in (("ArrowDown", 40), ("ArrowRight", 39)):
            for kind in ("keyDown", "keyUp"):
                browser.send(
                    "Input.dispatchKeyEvent",
                    type=kind,
                    key=key,
                    code=key,
                    windowsVirtualKeyCode=code,
                )
        assert (first, person.see("document.activeElement.dataset.a")) == ("A1", "B2")
        assert "B2" in person.see("document.querySelector('.detail').innerText")
        person.check_quiet()


def test_a_file_that_cannot_be_read_is_said(browser, tmp_path):
    """A file that is gone when it is sent is not taken for a program that does not answer."""
    with serve_folder(make_project(tmp_path / "p", tables=False)) as site:
        person = enter(browser, site, tmp_path, "en")
        table = tmp_path / "gone.csv"
        table.write_text("a", encoding="utf-8")
        person.see(
            "window.held = fetch; window.fetch = (...a) => new Promise(r => setTimeout(r, 500)).then(() => held(...a))"
        )
        person.choose_files(table)
        table.unlink()
        person.wait(
            "document.getElementById('alert').textContent.includes('cannot be read')", seconds=20
        )


def test_a_page_at_another_port_does_nothing(browser, tmp_path):
    """Forms, fetches and frames of another server here change and see nothing, though they get the cookie."""

    class Evil(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            page = (
                f"<iframe id=f src='{site.origin}/'></iframe><form method=post target=f "
                f"action='{site.origin}/jobs'></form><script>"
                f"fetch('{site.origin}/', {{credentials: 'include', mode: 'no-cors'}}).catch(() => 0);"
                f"fetch('{site.origin}/jobs', {{method: 'POST', credentials: 'include', mode: 'no-cors', body: "
                f"'x=1'}}).then(() => document.title = 'sent', () => document.title = 'sent');"
                "document.forms[0].submit()</script>"
            )
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *_arguments):
            """Say nothing."""

    with (
        serve_folder(make_project(tmp_path / "p")) as site,
        http.server.ThreadingHTTPServer(("127.0.0.1", 0), Evil) as evil,
    ):
        threading.Thread(target=evil.serve_forever, daemon=True).start()
        person = enter(browser, site, tmp_path, "en")
        browser.send("Page.navigate", url=f"http://127.0.0.1:{evil.server_address[1]}/")
        person.wait("document.title === 'sent'")
        time.sleep(0.5)
        assert not site.app.desk.jobs._jobs
        assert person.see(
            "(() => { try { return document.getElementById('f').contentDocument.body.innerText } catch { "
            "return '' } })()"
        ) in {"", None}
        evil.shutdown()


def test_a_server_that_is_gone_is_said(browser, tmp_path):
    """A button that nobody answers says so, and what to do; the page stays."""
    with contextlib.ExitStack() as stack:
        site = stack.enter_context(serve_folder(make_project(tmp_path / "p")))
        person = enter(browser, site, tmp_path, "en")
        person.go("/method")
        site.server.shutdown()
        site.server.server_close()
        site.app.guard._sessions.clear()
        person.see("document.querySelector('form[action=\"/method\"]').requestSubmit()")
        person.wait("document.getElementById('alert').textContent")
        assert "again" in person.see("document.getElementById('alert').textContent")


def test_a_tab_that_outlives_the_server_says_how_to_come_in(browser, tmp_path):
    """After a restart an open tab says to open the address again; what was done is there."""
    folder = make_project(tmp_path / "p")
    with serve_folder(folder) as site:
        person = enter(browser, site, tmp_path, "en")
        person.go("/method")
        site.app.guard._sessions.clear()
        person.see("document.querySelector('form[action=\"/method\"]').requestSubmit()")
        person.wait("document.getElementById('alert').textContent")
        assert "Open the address again" in person.see(
            "document.getElementById('alert').textContent"
        )
        assert (
            enter(browser, site, tmp_path, "en").see("document.querySelector('.rows a').innerText")
            == "tables/chongqing_2007.csv"
        )


def test_enter_that_chooses_a_character_sends_nothing(browser, tmp_path):
    """Enter ends the choice of an input method and leaves the form alone."""
    folder = tmp_path / "project"
    folder.mkdir()
    with serve_folder(folder) as site:
        person = enter(browser, site, tmp_path, "zh")
        person.see("document.querySelector('[name=name]').focus()")
        browser.send("Input.imeSetComposition", text="chongqing", selectionStart=9, selectionEnd=9)
        browser.send(
            "Input.dispatchKeyEvent",
            type="rawKeyDown",
            key="Process",
            code="Enter",
            windowsVirtualKeyCode=229,
        )
        time.sleep(0.3)
        assert not (folder / "carbonacct.toml").exists()
        person.write("重庆")
        assert person.see("document.querySelector('[name=name]').value") == "重庆"


ROWS = (
    ("终端消费量", "120", "47.75"),
    ("工业", "100", "5.5"),
    ("建筑业", "20", "2.25"),
    ("交通运输、仓储和邮政业", "", "40"),
)


def write_raw_files(folder):
    """Write five tables as a bureau gets them, each of another kind, one with a word that nobody knows."""
    head = ("项目", "原煤(万吨)", "柴油(万吨)")
    title = "北京能源平衡表(实物量)-{}"
    rows = [head, *ROWS]
    (folder / "2018.csv").write_text(
        "\n".join([title.format(2018), *(",".join(row) for row in rows)]), encoding="gb18030"
    )
    book = openpyxl.Workbook()
    for row in ([title.format(2019)], *rows):
        book.active.append(
            [float(cell) if cell.replace(".", "").isdigit() else cell for cell in row]
        )
    book.save(folder / "2019.xlsx")
    strange = [(UNKNOWN if row[0] == "建筑业" else row[0], *row[1:]) for row in rows]
    (folder / "2020.txt").write_text(
        "\n".join([title.format(2020), *("\t".join(row) for row in strange)]), encoding="utf-8"
    )
    cells = "".join(
        f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>"
        for row in ([title.format(2021)], *rows)
    )
    (folder / "2021.html").write_text(f"<table>{cells}</table>", encoding="utf-8")
    text = docx.Document()
    text.add_paragraph(title.format(2022))
    table = text.add_table(len(rows), 3)
    for place, row in enumerate(rows):
        for cell, word in zip(table.rows[place].cells, row, strict=True):
            cell.text = word
    text.save(folder / "2022.docx")
    return [
        folder / name for name in ("2018.csv", "2019.xlsx", "2020.txt", "2021.html", "2022.docx")
    ]


def test_the_clerk_goes_from_five_raw_files_to_a_brief(browser, tmp_path):
    """In Chinese, without a terminal: five years of five kinds of tables, a word settled, and a brief."""
    folder = tmp_path / "project"
    folder.mkdir()
    tables = write_raw_files(tmp_path)
    with serve_folder(folder) as site:
        person = enter(browser, site, tmp_path, "zh")
        person.fill("form.card", name="北京", years="2018-2022")
        person.send("form.card")
        person.choose_files(*tables)
        person.wait(
            "document.querySelectorAll('.rows a').length === 5 && !document.querySelector('[data-load] .mark.asked')"
        )
        person.wait(
            "[...document.querySelectorAll('[data-load]')].some(e => e.innerText.includes('1 个词待确认'))"
        )
        person.see(
            "window.was = true; [...document.querySelectorAll('.rows li')].find(e => "
            "e.innerText.includes('待确认')).querySelector('a').click()"
        )
        person.wait("!window.was && document.querySelector('.question')")
        person.click("input[value='construction']")
        person.send("form[action$='/words']")
        assert "已读懂" in person.text
        person.go("/handing-in")
        for name, wanted in (("page", "false"), ("workbook", "false"), ("brief", "true")):
            person.see(f"document.querySelector('[name=output-{name}]').checked = {wanted}")
        person.send("form[action='/handing-in']")
        person.send("form[action='/jobs']")
        person.wait("location.pathname === '/inventory'")
        person.go("/handing-in")
        briefs = person.see("[...document.querySelectorAll('a[download]')].map(e => e.innerText)")
        assert "output/北京.brief.docx" in briefs
        person.check_quiet()
    told = [part.text for part in docx.Document(folder / "output" / "北京.brief.docx").paragraphs]
    total = (
        ca.read_inventory(folder / "output" / "inventory.csv")
        .total(gas="CO2")
        .set_index("year")["value"]
    )
    assert sorted(total.index) == [2018, 2019, 2020, 2021, 2022]
    assert told[0] == "北京2022年温室气体排放简报"
    assert any(f"直接排放{total[2022] / 1e4:.2f}万吨" in line for line in told)
