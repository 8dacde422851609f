"""A new project: its folders, its declaration, and templates to fill."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.errors import ProjectError
from carbonacct.projects.project_declaration import FILE
from carbonacct.projects.store import FOLDER, write_whole
from carbonacct.texts import say

if TYPE_CHECKING:
    from pathlib import Path

# A comment of the file, in the language of the project.
_ABOUT = {
    "en": "{name}: what goes into the inventory and what comes out of it; docs/projects.md says all keys.",
    "zh": "{name}：清单由哪些资料编成、产出哪些文件；全部键见 docs/projects.md。",
}
_TOML = """\
# {about}
schema = 1

[project]
name = "{name}"
area = "{name}"
lang = "{lang}"
years = "{years}"
gases = ["CO2"]

[methods]
energy = "{method}"

[[table]]
files = "tables/*"

{activity}[[drivers]]
file = "drivers.csv"

[outputs]
page = "output/{name}.html"
workbook = "output/{name}.xlsx"
data = "output/inventory.csv"
panel = "output/panel.csv"
"""
_ACTIVITY = """\
[[activity]]
file = "activity.xlsx"

"""
_DRIVERS = "area,year,population (万人),gdp (亿元)\n"
# Version control must not change the bytes of tables, and need not keep what can be made again.
_ATTRIBUTES = "tables/** -text\nsubmissions/** -text\n"
_IGNORED = f"{FOLDER}/\n~$*\n.~lock*\n"


def start_project(
    folder: Path,
    *,
    name: str,
    method: str,
    years: str,
    lang: str,
    template: bytes | None = None,
) -> list[Path]:
    """Write a new project into a folder, which may hold tables already; return what was written.

    Parameters
    ----------
    template
        The workbook in which activity data are filled in
        (:func:`carbonacct.report.activity_template.make_template`); it is declared, and no activity
        table while nothing is filled in. None of a method that is of energy alone.

    Raises
    ------
    ProjectError
        If there is a project already, or it cannot be written.
    """
    if (folder / FILE).exists():
        raise ProjectError(
            say("{folder}: is a project already ({file}); edit it", folder=folder, file=FILE)
        )
    if any(letter in name for letter in '"\\\n/'):
        raise ProjectError(
            say(
                "the name {name!r} holds a quote, a slash or a line end; write it plainly",
                name=name,
            )
        )
    about = _ABOUT[lang].format(name=name)
    declared = _TOML.format(
        about=about,
        name=name,
        method=method,
        years=years,
        lang=lang,
        activity="" if template is None else _ACTIVITY,
    )
    files = {FILE: declared.encode(), "drivers.csv": _DRIVERS.encode()}
    if template is not None:
        files["activity.xlsx"] = template
    files |= {".gitattributes": _ATTRIBUTES.encode(), ".gitignore": _IGNORED.encode()}
    written = []
    for file, content in files.items():
        if not (folder / file).exists():
            write_whole(folder / file, content)
            written.append(folder / file)
    for room in ("tables", "output", "submissions"):
        (folder / room).mkdir(exist_ok=True)
    return written
