"""A table of another area than the project's is refused until a person says of which area it is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import carbonacct as ca
from carbonacct.errors import ProjectError
from carbonacct.projects.own_area import take_own_area
from carbonacct.projects.project_declaration import read_declaration
from carbonacct.projects.starting import start_project

BEIJING = Path("docs/tables/beijing_2007.csv").read_text(encoding="utf-8")
TWO = "省份,年份,煤炭消费量(万吨),柴油消费量(万吨)\n北京,2015,1165,180\n天津,2015,4538,360\n"


def open_project(folder, area="北京"):
    """Return a project of an area."""
    start_project(folder, name=area, method="provincial-2011", years="2007", lang="zh")
    return read_declaration(folder)


def read(folder, text, area="北京"):
    """Return a table as a project of an area reads it."""
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    return ca.read_balance(path, area=area)


@pytest.mark.parametrize(
    ("text", "others"),
    [
        (BEIJING.replace("北京", "天津"), "天津"),
        (
            "北京市、天津市、河北省能源消费量 2015\n项目,原煤(万吨),柴油(万吨)\n工业,71,2\n",
            "天津, 河北",
        ),
        (TWO.replace("北京", "上海"), "上海, 天津"),
    ],
)
def test_a_table_of_others_stops(text, others, tmp_path):
    """By its title or by its cells; the message names the others and the project's."""
    declaration = open_project(tmp_path)
    balance = read(tmp_path, text)
    message = f"a.csv: names {others}, and the project is of 北京; take the table out, or say of which area it is"
    with pytest.raises(ProjectError) as stop:
        take_own_area(balance, declaration, declaration.tables[0], "a.csv")
    assert str(stop.value) == message


@pytest.mark.parametrize(
    ("area", "text"),
    [
        ("北京", BEIJING),
        ("北京市", BEIJING),
        ("Beijing", BEIJING),
        ("海淀区", BEIJING),  # what nobody knows is no contradiction
        ("中国", TWO),  # areas that lie in the project's
        ("苏州", BEIJING.replace("北京", "江苏")),  # its province's yearbook
    ],
)
def test_a_table_of_its_own_is_read(area, text, tmp_path):
    """Any spelling of its name, an unknown name, what lies in it, and what it lies in."""
    declaration = open_project(tmp_path, area)
    balance = read(tmp_path, text, area)
    assert take_own_area(balance, declaration, declaration.tables[0], "a.csv") is balance


def test_a_table_with_the_own_area_among_others_says_what_takes_it_alone(tmp_path):
    """Writing the project's own area takes its rows; the table need not go."""
    declaration = open_project(tmp_path)
    with pytest.raises(
        ProjectError, match=r"has 北京 and 天津, .* write 北京 as the area of this table"
    ):
        take_own_area(read(tmp_path, TWO), declaration, declaration.tables[0], "a.csv")


@pytest.mark.parametrize("declared", ["", "北京市", "北京"])
def test_an_area_goes_by_the_name_that_the_project_gives_it(declared, tmp_path):
    """北京市 in cells and 北京 of the project are one series, not two areas side by side."""
    declaration = open_project(tmp_path)
    text = TWO.replace("北京", "北京市").replace(
        "天津,2015,4538,360\n", "天津,2015,4538,360\n" * bool(declared)
    )
    own = replace(declaration.tables[0], area=declared)
    taken = take_own_area(read(tmp_path, text), declaration, own, "a.csv")
    assert taken.areas == ["北京"]
    assert float(taken.amounts.sel(product="coal_total", area="北京").item()) == pytest.approx(
        1165e4
    )


def test_what_is_declared_for_a_table_holds(tmp_path):
    """One area of several is taken alone, with a note; a title is overruled as before."""
    declaration = open_project(tmp_path)
    own = replace(declaration.tables[0], area="北京市")
    taken = take_own_area(read(tmp_path, TWO), declaration, own, "a.csv")
    assert taken.areas == ["北京"]
    assert float(taken.amounts.sel(product="coal_total", area="北京").item()) == pytest.approx(
        1165e4
    )
    (told,) = [
        finding
        for finding in taken.findings
        if finding.severity == "info" and "alone" in str(finding)
    ]
    assert "the numbers of 北京 alone are taken, not those of 天津" in str(told)
    other = read(tmp_path, BEIJING.replace("北京", "天津"))
    assert take_own_area(other, declaration, own, "a.csv").areas == ["北京"]


def test_the_build_and_the_status_say_it(tmp_path):
    """The inventory does not hold it, and saying the area mends it though the bytes are the same."""
    from carbonacct.projects.build import open_workshop  # noqa: PLC0415 - loads what reads tables

    open_project(tmp_path)
    (tmp_path / "tables" / "other.csv").write_text(
        BEIJING.replace("北京", "天津"), encoding="utf-8"
    )
    ((_, run),) = open_workshop(read_declaration(tmp_path)).runs()
    assert "names 天津, and the project is of 北京" in str(run.refused)
    toml = tmp_path / "carbonacct.toml"
    toml.write_text(
        toml.read_text(encoding="utf-8").replace(
            'files = "tables/*"', 'files = "tables/*"\narea = "北京"'
        ),
        encoding="utf-8",
    )
    ((_, run),) = open_workshop(read_declaration(tmp_path)).runs()
    assert not run.refused
