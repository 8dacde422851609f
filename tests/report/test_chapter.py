"""The Word chapter: its tables hold the inventory's figures, and nothing else."""

from __future__ import annotations

import re
from dataclasses import replace

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from hypothesis import given, settings
from hypothesis import strategies as st

import carbonacct as ca
from carbonacct import vocabulary
from carbonacct.errors import OutputError
from carbonacct.projects.comparison_by_cause import compare_inventories
from carbonacct.report.chapter import write_chapter
from carbonacct.report.chapter.chapter_words import _SENTENCES
from carbonacct.report.chapter.word_document import Chapter, set_up
from carbonacct.sectors.energy.energy_official import fill_tables
from tests.sectors.energy.building import table
from tests.sectors.energy.made_balances import balance_of

TABLE = "docs/tables/chongqing_2007.csv"


def _tables(path):
    """Return the tables of a document by their caption."""
    document = docx.Document(path)
    captions = [
        paragraph.text.split("  ", 1)[1]
        for paragraph in document.paragraphs
        if paragraph.style.name == "Caption" and paragraph.text.startswith(("表", "Table"))
    ]
    grids = [
        [[cell.text for cell in row.cells] for row in one.rows]
        for one in document.tables
        if one.style.name != "Normal Table"
    ]
    return dict(zip(captions, grids, strict=True))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_table_of_a_program_has_no_file_to_name(tmp_path, lang):
    """The sentence on the source of the data says so, and does not end in nothing."""
    made = balance_of({"households_urban": {"raw_coal": 1.0}})
    write_chapter(
        [ca.compile_inventory(made, method="provincial-2011")], tmp_path / "a.docx", lang=lang
    )
    texts = [one.text for one in docx.Document(tmp_path / "a.docx").paragraphs]
    said = {
        "zh": "活动水平数据由程序直接给出，没有文件。",
        "en": "Activity data were given by a program, without a file.",
    }
    assert said[lang] in texts
    assert not any(
        text.startswith(("活动水平数据取自", "Activity data are from")) for text in texts
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_summary_table_is_the_inventory(tmp_path, lang):
    """Total and categories of every gas are the inventory's sums; what it does not hold is NE."""
    inventory = ca.compile_inventory(TABLE, method="provincial-2011", gases=["all"])
    write_chapter([inventory], tmp_path / "a.docx", lang=lang, gwp="AR5GWP100")
    tables = _tables(tmp_path / "a.docx")
    summary = next(
        grid for caption, grid in tables.items() if "汇总" in caption or "Summary" in caption
    )
    rows = {row[0].split(" ")[0]: row[1:] for row in summary[1:]}
    direct = inventory.to_frame(gwp="AR5GWP100")
    direct = direct[direct["scope"] == 1]
    scales = {"CO2": 1e4, "CH4": 1, "N2O": 1, "CO2e (AR5GWP100)": 1e4}
    for gas, total, transport in zip(
        scales, rows["能源活动总计" if lang == "zh" else "Energy"], rows["1.3"], strict=True
    ):
        part = direct[direct["gas"] == gas]
        assert total == f"{part['value'].sum() / scales[gas]:,.2f}"
        assert (
            transport
            == f"{part[part['category'].str.startswith('1.A.3')]['value'].sum() / scales[gas]:,.2f}"
        )
    assert rows["3."] == ["NE", "NE", "NA", "NE"]  # coal mines emit no N2O
    guideline = fill_tables(inventory, tables=["guideline"])["guideline"].set_index("code")
    for code, shown in rows.items():
        name = f"1.{code.rstrip('.')}" if code[0].isdigit() else "1"
        for gas, cell in zip(("CO2", "CH4", "N2O"), shown, strict=False):
            official = guideline.loc[name, f"{gas}_10kt"]
            assert cell == (
                official if isinstance(official, str) else f"{official * 1e4 / scales[gas]:,.2f}"
            ), (
                code,
                gas,
            )
    assert sum(
        float(rows[key][0].replace(",", "")) for key in ("1.1", "1.2", "1.3", "1.4", "1.5", "1.6")
    ) == pytest.approx(float(rows["1."][0].replace(",", "")), abs=0.04)


def test_every_flow_is_in_the_results(tmp_path):
    """The table of results has each flow with its fuels, and their total."""
    inventory = ca.compile_inventory(TABLE, method="ceads")
    write_chapter([inventory], tmp_path / "a.docx", lang="en")
    grid = next(
        grid
        for caption, grid in _tables(tmp_path / "a.docx").items()
        if caption.startswith("Emissions of CO2")
    )
    totals = {row[0]: row[-1] for row in grid}
    by_flow = inventory.by("flow")
    for flow, value in zip(by_flow["flow"].values, by_flow.data.magnitude, strict=True):
        if value == value:  # noqa: PLR0124 - a flow without a number is NaN
            assert totals[vocabulary.name_alone(flow, "en")] == f"{value / 1e4:,.2f}"
    assert totals["total"] == f"{float(inventory.total().item().magnitude) / 1e4:,.2f}"


def test_factors_name_their_documents(tmp_path):
    """Diesel takes its calorific value from GB/T 2589-2008, its carbon from the guideline and 44/12 from the IPCC."""
    write_chapter(
        [ca.compile_inventory(TABLE, method="provincial-2011")], tmp_path / "a.docx", lang="zh"
    )
    grid = next(
        grid for caption, grid in _tables(tmp_path / "a.docx").items() if "采用的因子" in caption
    )
    marks = next(row[-1] for row in grid if row[0] == "柴油")
    [listed] = [
        one.text
        for one in docx.Document(tmp_path / "a.docx").paragraphs
        if one.text.startswith("［1］")
    ]
    names = dict(part.split(" ", 1) for part in listed.split("；"))
    assert [names[mark] for mark in marks.split()] == [
        "综合能耗计算通则，GB/T 2589-2008",
        "省级温室气体清单编制指南（试行），2011（试行）",
        "2006年IPCC国家温室气体清单指南",
    ]


def test_no_figure_is_typed():
    """The sentences hold no number of their own but those of units and headings."""
    for chinese, english in _SENTENCES.values():
        for sentence in (chinese, english):
            assert not re.search(r"\d", re.sub(r"CO2|10⁴|^\d\. |\{\w+\}", "", sentence)), sentence


def test_years_are_compared_and_names_cannot_break_the_file(tmp_path):
    """Two years give one table more; a name with markup and control characters is text."""
    rows = {"industry": {"raw_coal": 10, "diesel": 2}, "transport": {"raw_coal": 1, "diesel": 5}}
    made = []
    for year in (2020, 2021):
        (tmp_path / str(year)).mkdir()
        inventory = ca.compile_inventory(
            table(tmp_path / str(year), rows, title=f"重庆能源平衡表(实物量)-{year}"),
            method="provincial-2011",
        )
        name = {"area": ["<b>\x07名"]}
        held = {
            key: getattr(inventory.balance, key).assign_coords(name)
            for key in ("amounts", "status", "place")
        }
        made.append(
            replace(
                inventory,
                emissions=inventory.emissions.assign_coords(name),
                indirect=inventory.indirect.assign_coords(name),
                balance=replace(inventory.balance, **held),
            )
        )
    write_chapter(made, tmp_path / "a.docx", lang="zh")
    tables = _tables(tmp_path / "a.docx")
    assert [row[0] for row in tables["各年燃料燃烧排放"]] == ["年份", "2020", "2021"]
    assert docx.Document(tmp_path / "a.docx").paragraphs[0].text.startswith("<b>\ufffd名 2021 年")


def test_numbers_of_a_narrow_table_are_not_broken(tmp_path):
    """A number and its notation key are one word, and their columns are as wide as they are, whatever the weights."""
    document = docx.Document()
    set_up(document, "zh")
    row = ["农业", "110,822,008.98, NE", "161,595.84, NE", "3,589.64, NE", "BASIC+"]
    Chapter(document, "zh").set_table(
        "a", ["部门", "CO2", "CH4", "N2O", "级别"], [row], weights=[9.0, 1, 1, 1, 1]
    )
    document.save(tmp_path / "a.docx")
    name, *numbers, code = docx.Document(tmp_path / "a.docx").tables[0].rows[1].cells
    assert [cell.text for cell in numbers] == [text.replace(" ", "\u00a0") for text in row[1:4]]
    # Half an em of 8.5 points is the width of a digit in Times; a bold one of other fonts has up to 0.7 em.
    assert [cell.width.pt > 0.55 * 8.5 * len(cell.text) + 11 for cell in numbers] == [True] * 3
    assert code.width.pt > 0.7 * 8.5 * len(code.text) + 11
    assert name.width.cm > 2


def test_nothing_is_no_chapter(tmp_path):
    """An inventory without a number is refused."""
    inventory = ca.compile_inventory(TABLE, method="ceads")
    with pytest.raises(OutputError, match="no number to write"):
        write_chapter(
            [
                replace(
                    inventory,
                    emissions=inventory.emissions * float("nan"),
                    indirect=inventory.indirect * float("nan"),
                )
            ],
            tmp_path / "a.docx",
        )


def test_figures_are_pictures_with_words_and_numbers_without_a_font(tmp_path, monkeypatch):
    """A figure is a picture of 300 dpi that is told in words; where none can be drawn, its numbers stand there."""
    inventory = ca.compile_inventory(TABLE, method="ceads")
    write_chapter([inventory], tmp_path / "a.docx", lang="zh")
    document = docx.Document(tmp_path / "a.docx")
    (picture,) = document.inline_shapes
    assert "火力发电" in picture._inline.docPr.get("descr")
    assert (
        document.sections[0].header.paragraphs[0].text
        == document.core_properties.title
        == "重庆 2007 年温室气体清单：能源活动"
    )

    def refuse(*_words, **_options):
        raise OutputError("no font")

    monkeypatch.setattr("carbonacct.report.chapter.word_document.draw_png", refuse)
    write_chapter([inventory], tmp_path / "b.docx", lang="zh")
    document = docx.Document(tmp_path / "b.docx")
    assert not document.inline_shapes
    largest = max(float(v) for v in inventory.by("flow").data.magnitude if v == v) / 1e4  # noqa: PLR0124 - not NaN
    assert any(
        f"{largest:,.2f}" in cell.text
        for one in document.tables
        for row in one.rows
        for cell in row.cells
    )


def test_a_recalculation_is_told_by_cause(tmp_path):
    """What changed since an earlier inventory stands by year and cause, and the causes add up to the change."""
    old, new = (
        ca.compile_inventory(TABLE, method=method) for method in ("ceads", "provincial-2011")
    )
    since = compare_inventories(ca.to_inventory(old), ca.to_inventory(new))
    write_chapter([new], tmp_path / "a.docx", lang="en", since=since)
    head, *rows = _tables(tmp_path / "a.docx")["Changes by year and cause"]
    assert head[3:6] == ["before\n(10⁴ t)", "now\n(10⁴ t)", "change\n(10⁴ t)"]
    for row in rows:
        before, after, change, *causes = (
            float(cell.replace(",", "").replace("−", "-")) for cell in row[3:]
        )
        assert after - before == pytest.approx(change, abs=0.011)
        assert sum(causes) == pytest.approx(change, abs=0.005 * (len(causes) + 1))
    write_chapter(
        [new],
        tmp_path / "b.docx",
        lang="en",
        since=compare_inventories(ca.to_inventory(new), ca.to_inventory(new)),
    )
    assert "No number changed since the earlier inventory." in [
        part.text for part in docx.Document(tmp_path / "b.docx").paragraphs
    ]


@settings(max_examples=30, deadline=None)
@given(texts=st.lists(st.text("ab <>&\"'\t\n ]]>煤", max_size=8), min_size=2, max_size=2))
def test_a_cell_of_a_table_holds_its_text(texts):
    """Blanks at the ends, tabs, new lines and what XML means otherwise stay; numbers stand right, totals are bold."""
    document = docx.Document()
    set_up(document, "en")
    chapter = Chapter(document, "en")
    chapter.table("completeness table", ["a", "b"], [texts, ["", "1,234.5"]], bold=frozenset({1}))
    table = document.tables[0]
    assert [cell.text for cell in table.rows[1].cells] == texts
    last = table.rows[2].cells[1].paragraphs[0]
    assert (last.alignment, last.runs[0].bold, last.style.name) == (
        WD_ALIGN_PARAGRAPH.RIGHT,
        True,
        "Table Text",
    )
    assert [run.bold for run in table.rows[1].cells[0].paragraphs[0].runs] == [False]
    assert table.rows[0]._tr.xpath("w:trPr/w:tblHeader")
