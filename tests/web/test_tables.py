"""Tables on the page: parts of large ones, cells asked for, words settled, areas and years stated."""

from __future__ import annotations

import re

import openpyxl
import pytest

import carbonacct as ca
from carbonacct.cli import main
from carbonacct.projects.project_declaration import FILE, read_declaration
from carbonacct.web.finding_tasks import list_findings
from carbonacct.web.keeping import find_version
from carbonacct.web.mapping_file import add_words
from carbonacct.web.project_tasks import list_methods
from carbonacct.web.project_view import list_tables
from carbonacct.web.setting_tasks import declare_table
from tests.projects.test_project_areas import TIMES, make_province
from tests.web.sites import TABLE, field, make_project, serve_folder

ROWS = 5000


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    """Return the page of a project without tables."""
    with serve_folder(make_project(tmp_path_factory.mktemp("tables") / "p", tables=False)) as site:
        site.enter()
        yield site


def rows_of(page):
    """Return the numbers of the rows of a page."""
    return [int(number) for number in re.findall(r'<th scope="row">(\d+)</th>', page.text)]


def cells_of(page):
    """Return what the cells of a page hold, by their names."""
    return dict(re.findall(r'data-a="([A-Z]+\d+)">([^<]*)</td>', page.text))


def test_every_cell_stands_where_it_stands(empty):
    """The page shows the sheet as it is: each cell under its name, each fate as the reader gives it."""
    place = empty.drop("as it is.csv", TABLE.read_bytes()).record["go"]
    page = empty.get(place)
    reading = ca.read_tables(TABLE, area="重庆")
    shown = {name: text for name, text in cells_of(page).items() if text}
    held = {f"{row.column}{row.row}": row.fate for row in reading.fates.itertuples()}
    assert shown.keys() == held.keys()
    assert shown["C14"] == "-1547.7"
    fates = dict(re.findall(r'<td class="f(\d) r\d"[^>]*data-a="([A-Z]+\d+)"', page.text))
    assert len(re.findall(r'<td class="f\d r\d"', page.text)) == len(held)
    assert fates


def test_a_long_table_comes_in_windows(empty):
    """5,000 rows are shown 200 at a time, each by its link; a cell that is asked for is in the window that comes."""
    lines = [f"第{number}行,{number}" for number in range(ROWS)]
    place = empty.drop(
        "long.csv", "\n".join(["重庆能源平衡表 2015", "项目,原煤(万吨)", *lines]).encode()
    ).record["go"]
    first = empty.get(place)
    assert rows_of(first) == list(range(1, 201))
    assert "top=200" in first.text
    last = empty.get(f"{place}?sheet=0&top=999999")
    assert rows_of(last)[-1] == ROWS + 2
    assert 4500 in rows_of(empty.get(f"{place}?cell=B4500"))
    assert 'data-chosen="B4500"' in empty.get(f"{place}?cell=B4500").text
    for wrong in ("sheet=x", "top=-1", "sheet=99", "top=1e9", "cell=ZZZZ9", "cell=%00", "cell=A0"):
        assert empty.get(f"{place}?{wrong}").status == 200, wrong
    assert len(first.body) < 2_000_000


def test_a_wide_table_is_bounded(empty):
    """A sheet of 450 columns is cut to what a page holds, and that is said."""
    content = "\n".join(",".join(f"{row}x{column}" for column in range(450)) for row in range(20))
    page = empty.get(empty.drop("wide.csv", content.encode()).record["go"])
    assert page.status == 200
    assert len(cells_of(page)) <= 20_000
    assert "50 more columns" in page.text


@pytest.mark.parametrize(
    "content",
    [b"", b"\0" * 100, b"\x89PNG\r\n", b"PK\x03\x04broken", "只有文字".encode(), b"a,b\n1,2\n"],
    ids=range(6),
)
def test_what_is_no_table_is_said_and_stays(empty, content):
    """A file that cannot be read is shown with the reason, and the page goes on."""
    place = empty.drop(f"no table {len(content)}.csv", content).record["go"]
    page = empty.get(place)
    assert page.status == 200
    assert 'class="said error"' in page.text
    assert empty.get(f"{place}/summary").text.strip()


def test_a_word_is_settled_by_any_of_its_names(empty):
    """A name in Chinese becomes its id; one that is none is refused with near ones, and nothing is written."""
    text = TABLE.read_text(encoding="utf-8").replace("4.交通运输", "4.楼宇经济交通")
    place = empty.drop("word.csv", text.encode()).record["go"]
    page = empty.get(place)
    assert "fieldset" in page.text
    fields = {"version": field(page.text, "version"), "word-0": "other", "other-0": "交通运输业楼"}
    answer = empty.post(f"{place}/words", fields)
    assert answer.status == 422
    assert "交通运输业楼" in answer.record["message"]
    assert not (empty.folder / "mapping.csv").exists()
    assert empty.post(f"{place}/words", fields | {"other-0": ""}).status == 422
    assert empty.post(f"{place}/words", {"version": fields["version"]}).status == 422
    assert (
        empty.post(f"{place}/words", fields | {"other-0": "交通运输、仓储和邮政业"}).status == 200
    )
    assert ",transport,," in (empty.folder / "mapping.csv").read_text(encoding="utf-8")
    assert "Read:" in empty.get(place).text
    assert empty.post(f"{place}/words", fields).status == 409


def test_what_does_not_add_up_stands_beside_its_cell(empty):
    """A digit that was misread is said under its row as soon as the table is dropped."""
    text = TABLE.read_text(encoding="utf-8").replace(",1176.38,", ",1276.38,")
    page = empty.get(empty.drop("misread.csv", text.encode()).record["go"]).text
    row = page.index('<th scope="row">23</th>')
    assert '<p class="said error">' in page[row : page.index('<th scope="row">24</th>')]
    assert page[:row].count('<p class="said error">') == 1  # of a page without scripts


def test_leaving_out_needs_a_reason(empty):
    """A row is passed over with a reason or not at all."""
    text = TABLE.read_text(encoding="utf-8").replace("2.工业", "2.楼宇工业甲")
    place = empty.drop("left out.csv", text.encode()).record["go"]
    fields = {"version": field(empty.get(place).text, "version"), "word-0": "pass over"}
    answer = empty.post(f"{place}/words", fields)
    assert answer.status == 422
    assert "reason" in answer.record["message"]


def test_an_area_and_year_are_said(tmp_path):
    """A table that does not say its year asks for it; what is said stands in carbonacct.toml for that table alone."""
    folder = make_project(tmp_path / "p", tables=False)
    with serve_folder(folder) as site:
        site.enter()
        text = TABLE.read_text(encoding="utf-8").replace(
            "6-22 重庆能源平衡表(实物量)-2007", "能源平衡表(实物量)"
        )
        place = site.drop("a.csv", text.encode()).record["go"]
        page = site.get(place)
        assert "year" in page.text
        version = re.findall(
            r'action="/tables/\w+/declared"[^>]*>\s*<input type="hidden" name="version" value="(\w+)"',
            page.text,
        )[0]
        assert (
            site.post(f"{place}/declared", {"version": version, "area": "", "year": "二〇"}).status
            == 422
        )
        assert (
            site.post(f"{place}/declared", {"version": version, "area": "", "year": "2007"}).status
            == 200
        )
        assert "重庆, 2007" in site.get(place).text
        toml = (folder / "carbonacct.toml").read_text(encoding="utf-8")
        assert '[[table]]\nfiles = "tables/a.csv"\nyear = 2007\n' in toml
        assert toml.startswith("# 重庆:")


def test_a_table_of_any_name_is_declared_as_it_was_read(tmp_path):
    """A name with brackets is no pattern, and what was said of the table before stays: its words, its layout."""
    folder = make_project(tmp_path / "p", tables=False)
    (folder / "layouts").mkdir()
    words = "kind,name,id,sign,note\nmatch,能源平衡表,,,\nflow,园区工业甲,industry,,\n"
    (folder / "layouts" / "city.csv").write_text(words, encoding="utf-8")
    toml = folder / "carbonacct.toml"
    said = toml.read_text(encoding="utf-8").replace(
        'files = "tables/*"', 'files = "tables/*"\nlayout = "layouts"'
    )
    toml.write_text(said, encoding="utf-8")
    with serve_folder(folder) as site:
        site.enter()
        text = TABLE.read_text(encoding="utf-8").replace(
            "6-22 重庆能源平衡表(实物量)-2007", "能源平衡表(实物量)"
        )
        place = site.drop("a [1].csv", text.replace("2.工业", "2.园区工业甲").encode()).record["go"]
        form = re.search(
            r'action="/tables/\w+/declared"[^>]*>\s*<input type="hidden" name="version" value="(\w+)"',
            site.get(place).text,
        )
        assert (
            site.post(f"{place}/declared", {"version": form[1], "area": "", "year": "2007"}).status
            == 200
        )
        assert "Read: 重庆, 2007" in site.get(place).text
        assert 'files = "tables/a [1].csv"\nlayout = "layouts"\nyear = 2007\n' in toml.read_text(
            encoding="utf-8"
        )


def test_the_list_of_tables_says_what_is_wrong_with_one(tmp_path):
    """A table that reads and has an error says so; several areas are joined as the language does."""
    with serve_folder(make_project(tmp_path / "p", tables=False, lang="zh")) as site:
        site.enter()
        wrong = "重庆能源平衡表（标准量）2007\n单位:万吨\n项目,原煤,柴油\n终端消费量,75,9\n工业,71,2\n建筑业,4,7\n"
        place = site.drop("a.csv", wrong.encode()).record["go"]
        said = site.get(f"{place}/summary", **{"Accept-Language": "zh"}).text
        assert "1 个错误待核对" in said
        assert "已读懂：重庆，2007 年" in said
        both = "年份,地区,项目,原煤(万吨)\n2006,重庆,工业,1\n2007,渝北新区,工业,2\n"
        place = site.drop("b.csv", both.encode()).record["go"]
        said = site.get(f"{place}/summary", **{"Accept-Language": "zh"}).text
        assert "已读懂：重庆、渝北新区，2006、2007 年" in said
        assert "错误" not in said


def test_a_table_is_taken_out_and_kept(tmp_path):
    """A table that was dropped by mistake goes to a folder of its own; the same name can come again."""
    with serve_folder(make_project(tmp_path / "p", tables=False)) as site:
        site.enter()
        for number in range(2):
            place = site.drop("a.csv", TABLE.read_bytes() + b"\n" * number).record["go"]
            assert (
                site.post(
                    f"{place}/remove", {"version": field(site.get(place).text, "version")}
                ).status
                == 200
            )
            assert site.get(place).status == 404
        assert sorted(path.name for path in (site.folder / "taken-out").iterdir()) == [
            "a-2.csv",
            "a.csv",
        ]
        assert not list((site.folder / "tables").iterdir())


def test_a_table_of_another_area_is_asked_about(empty):
    """It is shown with what is wrong and where to say it, counts as not read, and is read when its area is said."""
    place = empty.drop(
        "tj.csv", TABLE.read_text(encoding="utf-8").replace("重庆", "天津").encode()
    ).record["go"]
    page = empty.get(place)
    assert "names 天津, and the project is of 重庆" in page.text
    assert '<details class="declare" open>' in page.text
    assert cells_of(page)["C14"] == "-1547.7"
    assert "names 天津" in empty.get(f"{place}/summary").text
    form = re.search(
        r'action="/tables/\w+/declared"[^>]*>\s*<input type="hidden" name="version" value="(\w+)"',
        page.text,
    )
    declared = {"version": form[1], "area": "重庆", "year": ""}
    assert empty.post(f"{place}/declared", declared).status == 200
    page = empty.get(place)
    assert "the project is of 重庆" not in page.text
    assert "Read: 重庆, 2007" in page.text


def test_a_table_of_several_areas_shows_what_is_not_taken(tmp_path):
    """The rows of others are passed over, and the own area goes by the name of the project."""
    with serve_folder(make_project(tmp_path / "p", tables=False, lang="zh")) as site:
        site.enter()
        text = "2007年能源消费\n地区,部门,原煤(万吨)\n重庆市,工业,500\n苏州市,工业,800\n"
        place = site.drop("a.csv", text.encode()).record["go"]
        page = site.get(place, **{"Accept-Language": "zh"})
        assert "请把本表的地区写为重庆" in page.text
        form = re.search(
            r'action="/tables/\w+/declared"[^>]*>\s*<input type="hidden" name="version" value="(\w+)"',
            page.text,
        )
        assert (
            site.post(f"{place}/declared", {"version": form[1], "area": "重庆", "year": ""}).status
            == 200
        )
        page = site.get(place, **{"Accept-Language": "zh"}).text
        assert "已读懂：重庆，2007 年" in page
        assert re.search(r'<td class="f2 r0"[^>]*data-a="C4"', page)
        assert re.search(r'<td class="f0 r0"[^>]*data-a="C3"', page)
        assert "万吨" in page
        assert "1e4 t" not in page


def test_a_declared_layout_settles_its_words_and_others_are_asked(tmp_path):
    """Of two labels that are not known, the project's layout knows one: the page asks the other alone."""
    folder = make_project(tmp_path / "p", tables=False)
    text = (
        TABLE.read_text(encoding="utf-8")
        .replace("4.交通运输", "4.楼宇经济交通")
        .replace("2.工业", "2.园区工业甲")
    )
    (folder / "tables" / "two.csv").write_text(text, encoding="utf-8")
    (folder / "layouts").mkdir()
    words = "kind,name,id,sign,note\nmatch,重庆能源平衡表,,,\nflow,园区工业甲,industry,,\n"
    (folder / "layouts" / "city.csv").write_text(words, encoding="utf-8")
    toml = folder / "carbonacct.toml"
    said = toml.read_text(encoding="utf-8")
    toml.write_text(
        said + '\n[[table]]\nfiles = "tables/two.csv"\nlayout = "layouts"\n', encoding="utf-8"
    )
    with serve_folder(folder) as site:
        site.enter()
        (place,) = set(re.findall(r'href="(/tables/\w+)"', site.get("/").text))
        page = site.get(place).text
        assert "楼宇经济交通" in page
        assert 'name="word-0"' in page
        assert 'name="word-1"' not in page
        fields = {"version": field(page, "version"), "word-0": "transport"}
        assert site.post(f"{place}/words", fields).status == 200
        assert "Read:" in site.get(place).text


def write_book(path, year=2007, *, hidden=()):
    """Write a workbook that holds a balance twice, in tonnes and in energy, and a sheet of remarks."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, unit, coal in (
        ("热值", "太焦", 12540),
        (f"实物量 {year}", "万吨", 60),
        ("附", "", 0),
    ):
        sheet = book.create_sheet(name)
        head = [[f"重庆能源平衡表 {year}"], ["项目", f"原煤（{unit}）"]]
        for row in [*head, ["终端消费量", coal], ["工业", coal]] if unit else [["说明"]]:
            sheet.append(row)
        sheet.sheet_state = "hidden" if name in hidden else "visible"
    book.save(path)
    return path.read_bytes()


def test_sheets_that_contradict_one_another_are_chosen(tmp_path):
    """The page asks which sheets are read; the answer is a line of one file's mapping, or of its kin.

    It can be taken back.
    """
    folder = make_project(tmp_path / "p", tables=False)
    with serve_folder(folder) as site:
        site.enter()
        place = site.drop("a.xlsx", write_book(tmp_path / "a.xlsx")).record["go"]
        other = site.drop("b.xlsx", write_book(tmp_path / "b.xlsx", 2008)).record["go"]
        page = site.get(place).text
        assert "These sheets contradict one another" in page
        assert "alone it reads: 2 flows x 1 products" in page
        assert "carbonacct map" not in page
        assert "contradict one another: 2; choose" in site.get(f"{place}/summary").text
        form = {"version": field(page, "version"), "read-1": "on"}
        assert (
            "Tick one sheet"
            in site.post(f"{place}/sheets", {"version": form["version"]}).record["message"]
        )
        assert not (folder / "mapping.csv").exists()
        assert site.post(f"{place}/sheets", form).status == 200
        lines = (folder / "mapping.csv").read_text(encoding="utf-8").splitlines()
        assert lines == ["kind,name,id,sign,note", "sheet,a.xlsx!实物量 2007,read,,"]
        assert site.post(f"{place}/sheets", form).status == 409
        page = site.get(place).text
        assert "Read: 重庆, 2007, 2 flows x 1 products" in page
        assert cells_of(site.get(place))["B3"] == "60"  # of the sheet that is read
        assert "热值<small> (Left out)</small>" in page
        assert "These sheets contradict one another" in site.get(other).text

        form = {
            "version": field(page, "version"),
            "read-1": "on",
            "reason": "twice",
            "everywhere": "on",
        }
        assert site.post(f"{place}/sheets", form).status == 200
        assert "Read: 重庆, 2008" in site.get(other).text
        assert cells_of(site.get(other))["B3"] == "60"
        lines = (folder / "mapping.csv").read_text(encoding="utf-8").splitlines()
        assert lines[1:] == [
            line
            for file, year in (("a.xlsx", 2007), ("b.xlsx", 2008))
            for line in (
                f"sheet,{file}!实物量 {year},read,,",
                f"sheet,{file}!热值,pass over,,twice",
                f"sheet,{file}!附,pass over,,twice",
            )
        ]
        assert (
            site.post(
                f"{place}/sheets", {"version": field(site.get(place).text, "version"), "undo": "1"}
            ).status
            == 200
        )
        assert "These sheets contradict one another" in site.get(place).text
        assert "Read: 重庆, 2008" in site.get(other).text


def test_a_hidden_sheet_is_read_where_it_is_ticked(tmp_path):
    """The page lists hidden sheets; words of the mapping stay as they are, whatever is chosen and taken back."""
    folder = make_project(tmp_path / "p", tables=False)
    words = 'kind,name,id,sign,note\nflow,甲,industry,,"two\nlines"\n\nsheet,c.xlsx!甲,read,,\n'
    (folder / "mapping.csv").write_text(words, encoding="utf-8")
    with serve_folder(folder) as site:
        site.enter()
        place = site.drop("a.xlsx", write_book(tmp_path / "a.xlsx", hidden=["实物量 2007"])).record[
            "go"
        ]
        page = site.get(place).text
        assert "hidden, not read" in page
        assert "Read: 重庆, 2007" in page
        assert cells_of(site.get(place))["B3"] == "12540"
        assert (
            site.post(f"{place}/sheets", {"version": field(page, "version"), "read-2": "on"}).status
            == 200
        )
        assert cells_of(site.get(place))["B3"] == "60"
        assert (folder / "mapping.csv").read_text(encoding="utf-8").startswith(words)
        assert (
            site.post(
                f"{place}/sheets", {"version": field(site.get(place).text, "version"), "undo": "1"}
            ).status
            == 200
        )
        assert (folder / "mapping.csv").read_text(encoding="utf-8") == words
        assert cells_of(site.get(place))["B3"] == "12540"


def test_sheets_can_be_chosen_where_the_mapping_names_none_of_them(tmp_path):
    """A mapping of other workbooks stops the table, and the page still shows its sheets to choose from."""
    folder = make_project(tmp_path / "p", tables=False)
    (folder / "mapping.csv").write_text(
        "kind,name,id,sign,note\nsheet,Balance,read,,\n", encoding="utf-8"
    )
    toml = folder / "carbonacct.toml"
    said = toml.read_text(encoding="utf-8")
    toml.write_text(
        said.replace('files = "tables/*"', 'files = "tables/*"\nmapping = "mapping.csv"'),
        encoding="utf-8",
    )
    with serve_folder(folder) as site:
        site.enter()
        place = site.drop("a.xlsx", write_book(tmp_path / "a.xlsx")).record["go"]
        page = site.get(place).text
        assert "has no sheet &#39;Balance&#39;" in page
        assert (
            site.post(f"{place}/sheets", {"version": field(page, "version"), "read-0": "on"}).status
            == 200
        )
        assert cells_of(site.get(place))["B3"] == "12540"


def test_what_is_said_of_a_table_of_many_areas_is_said_in_its_own_entry(tmp_path):
    """A pattern with {area} is one entry of several tables: the entry behind it is that of the province's own."""
    folder = make_province(tmp_path / "省")
    file = folder / FILE
    text = file.read_text(encoding="utf-8")
    pattern = 'files = "areas/{area}/tables/*"'
    assert pattern in text
    file.write_text(
        text.replace(pattern, f'{pattern}, mapping = "areas/{{area}}/words.csv"'), encoding="utf-8"
    )
    for area in TIMES:
        (folder / "areas" / area / "words.csv").write_text(
            "kind,name,id\nflow,某厂,industry\n", encoding="utf-8"
        )
    before = read_declaration(folder)
    for path in ("tables/2018.csv", "areas/370200/tables/2018.csv"):
        (table,) = [one for one in list_tables(read_declaration(folder)) if one.path == path]
        asked = {"folder": str(folder), "name": table.id, "version": find_version(file)}
        declare_table(lambda _: None, **asked, area="", year="2018")
        declared = read_declaration(folder)
        (again,) = [one.tables for one in list_tables(declared) if one.path == path]
        assert (again.files, again.year, again.area_id) == (
            path,
            2018,
            table.tables.area_id if "areas" in path else "",
        )
        assert again.mapping == table.tables.mapping
        assert [one for one in declared.tables if one.files != path][: len(before.tables)] == [
            one for one in before.tables if one.files != path
        ]
    (table,) = [one for one in list_tables(declared) if one.path == "tables/2019.csv"]
    add_words(declared, table, [{"kind": "flow", "name": "某矿", "id": "industry"}])
    mappings = {one.files: one.mapping for one in read_declaration(folder).tables}
    assert mappings["tables/*"] == "mapping.csv"
    assert mappings["areas/370200/tables/*"] == "areas/370200/words.csv"


def test_activity_data_among_the_tables_are_said_to_be_declared(tmp_path):
    """A long table of activities that is dropped asks for no ids of rows: it belongs under [[activity]]."""
    with serve_folder(make_project(tmp_path / "p", tables=False)) as site:
        site.enter()
        text = (
            "area,year,activity,item,value,unit\n重庆,2007,clinker_output,,100,万吨\n"
            "重庆,2007,livestock,pigs,10,万头\n"
        )
        said = site.get(site.drop("act.csv", text.encode()).record["go"]).text
        assert "tables/act.csv: is a table of activity data, and no balance" in said
        assert "Loji" not in said


def test_the_finding_of_a_table_that_was_refused_leads_to_it(tmp_path):
    """The list of findings names the cell of a word that is not known and the table that it stands in."""
    folder = make_project(tmp_path / "p")
    text = TABLE.read_text(encoding="utf-8").replace("5.批发", "5.楼宇经济").replace("2007", "2008")
    (folder / "tables" / "a b.csv").write_text(text, encoding="utf-8")
    main(["build", "--project", str(folder), "--quiet"])
    [table] = [one for one in list_tables(read_declaration(folder)) if one.path.endswith("a b.csv")]
    found = list_findings(lambda _: None, folder=str(folder), lang="en")
    [shown] = [
        one for group in found["groups"] for one in group["found"] if "is not known" in one["text"]
    ]
    assert (shown["table"], shown["where"], shown["cell"]) == (table.id, "a b.csv!A29", "A29")


def test_only_methods_that_make_an_inventory_are_offered():
    """A project by a table of coal equivalents would have no emissions."""
    names = {one["id"] for one in list_methods("en")}
    assert {"provincial-2011", "ipcc-2006", "ceads"} <= names
    assert not {"gb-t-2589-2020", "yearbook-2008", "yearbook-tables"} & names
