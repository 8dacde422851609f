"""A project of many tables is read in several processes, and is what one process makes of it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from carbonacct import processes
from carbonacct.errors import ProjectError
from carbonacct.projects import runs
from carbonacct.projects.project_declaration import Tables
from carbonacct.projects.scanning import Source
from tests.projects.folders import build_at, make_project, open_at, outputs_of, write_table
from tests.projects.test_project_areas import make_province

if TYPE_CHECKING:
    from pathlib import Path


def _look(folder: Path) -> tuple[list[tuple[object, ...]], list[str]]:
    """Return the groups of tables of a new project, one broken and one of another area, and what was said."""
    make_project(folder, range(1960, 2015))
    (folder / "tables" / "北京1970.csv").write_text("年,工业\n", encoding="utf-8")
    write_table(folder, 2016, area="上海")
    said: list[str] = []
    workshop = open_at(folder, progress=said.append)
    groups = workshop._groups()
    return [
        (g.files, g.places, g.refused, getattr(g.refused, "template", "")) for g in groups
    ], said


def test_two_processes_make_the_groups_that_one_makes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files, places, refusals and what is said come in one order; what was read is not read again."""
    counts: list[int] = []
    monkeypatch.setattr(processes, "may_copy", lambda: True)
    monkeypatch.setattr(runs, "count_workers", lambda count: counts.append(count) or 2)
    two = _look(tmp_path / "two")
    monkeypatch.setattr(runs, "count_workers", lambda _: 1)
    one = _look(tmp_path / "one")
    assert two == one
    assert len(one[0]) == 56
    assert len([refused for *_, refused, _ in one[0] if refused]) == 1
    monkeypatch.setattr(runs, "count_workers", lambda count: counts.append(count) or 1)
    open_at(tmp_path / "two")._groups()
    assert counts == [56, 0]


def _page(
    folder: Path,
    name: str,
    *,
    coal: float,
    declared: str,
    title: str = "北京能源平衡表(实物量)-2018",
) -> None:
    """Write a second page of the table of 2018, whose one row is of a works of its own, and declare it."""
    text = f"{title}\n项目,原煤(万吨)\n第一厂,{coal}\n"
    (folder / "tables" / name).write_text(text, encoding="utf-8")
    file = folder / "carbonacct.toml"
    whole = file.read_text(encoding="utf-8")
    more = f'table = [{{ files = "tables/{name}", {declared} }}, {{ files = "tables/*.csv" }}]'
    start = whole.index("table = ")
    file.write_text(whole[:start] + more + whole[whole.index("\n", start) :], encoding="utf-8")


def _read_coal(folder: Path) -> dict[str, float]:
    """Return the coal of 2018 by flow, in Mt of coal as the factor of industry makes it."""
    table = pd.read_csv(folder / "output" / "inventory.csv")
    coal = table[(table["product"] == "raw_coal") & (table["year"] == 2018)].set_index("flow")
    return (coal["value"] / coal.loc["construction", "value"] * 1.5).round(9).to_dict()


def test_pages_of_one_year_are_read_each_with_its_own_words(tmp_path: Path) -> None:
    """第一厂 of the second page is what its own mapping says, whichever page comes first."""
    for name, words in (("a.csv", "wholesale_retail"), ("北京2018b.csv", "other_services")):
        folder = make_project(tmp_path / name, (2018,))
        (folder / "words.csv").write_text(f"kind,name,id\nflow,第一厂,{words}\n", encoding="utf-8")
        _page(folder, name, coal=7.0, declared='mapping = "words.csv"')
        build_at(folder)
        assert _read_coal(folder) == {
            "industry": 100,
            "construction": 1.5,
            "transport": 0.5,
            words: 7,
        }
        before = outputs_of(folder)
        # Other words make another inventory, though the words of the other page are the same.
        (folder / "words.csv").write_text("kind,name,id\nflow,第一厂,farming\n", encoding="utf-8")
        build_at(folder)
        assert _read_coal(folder)["farming"] == 7
        assert outputs_of(folder) != before


def test_a_year_that_one_page_declares_is_that_of_both(tmp_path: Path) -> None:
    """A page without a title is of 2018 by its declaration, and stays so beside one that prints it."""
    folder = make_project(tmp_path / "甲", (2018,))
    (folder / "words.csv").write_text("kind,name,id\nflow,第一厂,farming\n", encoding="utf-8")
    declared = 'mapping = "words.csv", area = "北京", year = 2018'
    _page(folder, "a.csv", coal=7.0, declared=declared, title="第二页")
    build_at(folder)
    assert _read_coal(folder) == {
        "industry": 100,
        "construction": 1.5,
        "transport": 0.5,
        "farming": 7,
    }


def test_tables_of_several_years_are_declared_alike(tmp_path: Path) -> None:
    """A declared year picks one of many: beside a table of two years nobody knows what it should pick there."""
    folder = make_project(tmp_path / "甲", (2018,))
    table = "北京能源平衡表(实物量)\n年份,项目,原煤(万吨)\n2018,农林牧渔业,7\n2019,农林牧渔业,8\n"
    (folder / "tables" / "北京年.csv").write_text(table, encoding="utf-8")
    (folder / "words.csv").write_text("kind,name,id\nflow,第一厂,farming\n", encoding="utf-8")
    _page(folder, "a.csv", coal=7.0, declared='mapping = "words.csv", year = 2018')
    with pytest.raises(ProjectError, match="declared with another area or year each"):
        build_at(folder)


def test_what_two_declarations_contradict_is_refused_beside_a_third() -> None:
    """A table of two years is declared otherwise than both of its partners, which are declared alike."""
    of_2018, of_2019, of_both = (
        runs.TableGroup(
            (Source(f"{years[0]}.csv", ""),),
            Tables("*", area=area),
            tuple(("北京", y) for y in years),
        )
        for area, years in (("北京", (2018,)), ("北京", (2019,)), ("", (2018, 2019)))
    )
    assert "declared with another area" in of_2018.join(of_2019.join(of_both)).refused


def test_a_table_of_several_years_joins_all_of_them(tmp_path: Path) -> None:
    """Its rows stand beside those of each year; a row that a yearly table prints too is an error, counted once."""
    folder = make_project(tmp_path / "甲", (2018, 2019, 2020))
    table = "北京能源平衡表(实物量)\n年份,项目,原煤(万吨)\n2018,{},7\n2019,{},8\n"
    place = folder / "tables" / "年.csv"
    place.write_text(table.format("农林牧渔业", "农林牧渔业"), encoding="utf-8")
    (joined, alone) = open_at(folder)._groups()
    assert [len(joined.files), len(alone.files)] == [3, 1]
    build_at(folder)
    held = pd.read_csv(folder / "output" / "inventory.csv")
    assert held.loc[held["flow"] == "farming", "year"].tolist() == [2018, 2019]
    assert not held.duplicated(["year", "flow", "product"]).any()
    place.write_text(table.format("农林牧渔业", "工业"), encoding="utf-8")
    built = build_at(folder)
    held = pd.read_csv(folder / "output" / "inventory.csv")
    assert not held.duplicated(["year", "flow", "product"]).any()
    assert [one.rule for run in built.runs for one in run.findings if one.severity == "error"] == [
        "printed-apart"
    ]


def test_a_table_of_several_areas_is_not_counted_beside_their_own(tmp_path: Path) -> None:
    """Cities of a province have their own tables: one of all cities cannot be told apart from them."""
    folder = make_province(tmp_path / "省")
    (folder / "tables" / "all.csv").write_text(
        "能源消费表\n地区,年份,项目,原煤(万吨)\n济南市,2019,工业,7\n青岛市,2019,工业,8\n",
        encoding="utf-8",
    )
    file = folder / "carbonacct.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text.replace("table = [", 'table = [{ files = "tables/all.csv" }, '), encoding="utf-8"
    )
    built = build_at(folder)
    (reason,) = built.reasons
    assert "have numbers of one area and year" in reason
    (run,) = built.refused
    assert [one.path for one in run.files] == [
        "areas/370100/tables/2019.csv",
        "areas/370200/tables/2019.csv",
        "tables/all.csv",
    ]


SEVERAL = "能源消费表\n地区,年份,项目,原煤(万吨)\n济南市,2019,工业,7\n青岛市,2019,工业,8\n"


def make_several(folder: Path, *, more: str = "", choosing: str = "370100") -> Path:
    """Write a province whose two cities stand in one table, and what some of them choose."""
    make_province(folder, more=more)
    for place in ("areas", "tables"):
        shutil.rmtree(folder / place)
    (folder / "tables").mkdir()
    (folder / "tables" / "all.csv").write_text(SEVERAL, encoding="utf-8")
    file = folder / "carbonacct.toml"
    lines = file.read_text(encoding="utf-8").splitlines()
    lines = [
        'table = [{ files = "tables/*" }]' if one.startswith("table") else one for one in lines
    ]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    for city in choosing.split():
        (folder / "areas" / city).mkdir(parents=True)
        (folder / "areas" / city / "area.toml").write_text(
            'methods = { energy = "ceads" }\n', encoding="utf-8"
        )
    return folder


def test_areas_of_one_table_that_choose_otherwise_are_refused(tmp_path: Path) -> None:
    """The method of 济南 holds for none of a table that is of 青岛 as well: both are named, nothing is compiled."""
    workshop = open_at(make_several(tmp_path / "省"))
    (run,) = workshop.all_runs()
    assert run.refused.startswith(
        "tables/all.csv: is of 370100 and 370200, which choose methods, options or own"
    )
    overlaid = 'overlay = [{ folder = "own", areas = ["370200"] }]'
    (run,) = open_at(make_several(tmp_path / "率", more=overlaid, choosing="")).all_runs()
    assert "which choose methods, options or own factors otherwise" in run.refused


@pytest.mark.parametrize(
    ("choosing", "method"), [("", "provincial-2011"), ("370100 370200", "ceads")]
)
def test_areas_of_one_table_that_choose_alike_are_compiled_so(
    tmp_path: Path, choosing: str, method: str
) -> None:
    """What both say in their area.toml holds for both, in the inventory and in its key."""
    workshop = open_at(make_several(tmp_path / "省", choosing=choosing))
    (run,) = workshop.all_runs()
    assert not run.refused
    entries = workshop.entries(run)
    assert set(entries["method"]) == {method}
    assert set(entries["area"]) == {"济南市", "青岛市"}


def test_a_fault_of_one_area_stays_no_secret_in_a_table_of_several(tmp_path: Path) -> None:
    """An area.toml that cannot be read refuses the table: what it would choose is not known."""
    folder = make_several(tmp_path / "省")
    (folder / "areas" / "370100" / "area.toml").write_text("methods = {\n", encoding="utf-8")
    (run,) = open_at(folder).all_runs()
    assert "area.toml" in run.refused
