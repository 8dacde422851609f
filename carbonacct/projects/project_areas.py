"""areas.csv: the areas of a project, since when and until when each was there, and its successor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from carbonacct import vocabulary
from carbonacct.data import read_rows
from carbonacct.errors import Finding, ProjectError, did_you_mean
from carbonacct.texts import join_texts, say
from carbonacct.trees import climb

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    import pandas as pd

COLUMNS = ("id", "name", "parent", "level", "from", "to", "successor")
_LEVEL = "level:"  # of compare_sum_of: all areas of one


@dataclass(frozen=True)
class ProjectArea:
    """An area of a project.

    Attributes
    ----------
    id
        As files and folders name it, such as the code of GB/T 2260.
    name
        As tables print it.
    parent, level
        The id of the area that it lies in, and what it is: ``city``, ``district``.
    first, last
        Years for which it was there as it is; None where they have no end.
    successor
        The id of the area that it became a part of after its last year.
    """

    id: str
    name: str
    parent: str = ""
    level: str = ""
    first: int | None = None
    last: int | None = None
    successor: str = ""

    def has(self, year: int) -> bool:
        """Return whether it was there in a year."""
        return (self.first is None or year >= self.first) and (
            self.last is None or year <= self.last
        )


def read_areas(path: Path) -> tuple[ProjectArea, ...]:
    """Return the areas of a project, in the order of their file.

    Raises
    ------
    ProjectError
        If it cannot be read, or a line contradicts itself or another.
    """
    try:
        rows = read_rows(path)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ProjectError(
            say(
                "{file}: cannot be read ({reason}); write {columns}",
                file=path.name,
                reason=reason,
                columns=",".join(COLUMNS),
            )
        ) from None
    areas = [
        _read_area(row, say("{name}: line {line}", name=path.name, line=row["line"]))
        for row in rows
    ]
    for area, row in zip(areas, rows, strict=True):
        _check(area, areas, say("{name}: line {line}", name=path.name, line=row["line"]))
    return tuple(areas)


def _read_area(row: Mapping[str, str], where: str) -> ProjectArea:
    for name in ("id", "name"):
        if not row.get(name):
            raise ProjectError(
                say(
                    "{where}: has no {column}; write {columns}",
                    where=where,
                    column=name,
                    columns=",".join(COLUMNS),
                )
            )
    if not row["id"].isalnum():
        raise ProjectError(
            say(
                "{where}: the id {id} is to name files; write letters and digits",
                where=where,
                id=repr(row["id"]),
            )
        )
    years: list[int | None] = []
    for name in ("from", "to"):
        text = row.get(name, "")
        if text and not (text.isascii() and text.isdigit() and len(text) == 4):
            raise ProjectError(
                say(
                    "{where}: {column} is {text}, no year; write 2018 or nothing",
                    where=where,
                    column=name,
                    text=repr(text),
                )
            )
        years.append(int(text) if text else None)
    return ProjectArea(
        id=row["id"],
        name=row["name"],
        parent=row.get("parent", ""),
        level=row.get("level", ""),
        first=years[0],
        last=years[1],
        successor=row.get("successor", ""),
    )


def _check(area: ProjectArea, areas: Sequence[ProjectArea], where: str) -> None:
    """Refuse a line that contradicts itself or another."""
    known = {one.id: one for one in areas}
    for word in (area.id, area.name):
        if sum(word in {one.id, one.name} for one in areas) > 1:
            raise ProjectError(
                say(
                    "{where}: {word} is there twice; each area has an id and a name of its own",
                    where=where,
                    word=word,
                )
            )
    for name, other in (("parent", area.parent), ("successor", area.successor)):
        if other and (other not in known or other == area.id):
            near = did_you_mean(other, known) or say("give it a line of its own")
            raise ProjectError(
                say(
                    "{where}: the {column} {id} is no other area of the file; {near}",
                    where=where,
                    column=name,
                    id=other,
                    near=near,
                )
            )
    if area.first is not None and area.last is not None and area.first > area.last:
        raise ProjectError(
            say(
                "{where}: {id} ends in {last} before it starts in {first}; correct them",
                where=where,
                id=area.id,
                last=area.last,
                first=area.first,
            )
        )
    if area.successor and area.last is None:
        raise ProjectError(
            say(
                "{where}: {id} has a successor and no last year; write it under to",
                where=where,
                id=area.id,
            )
        )
    above = [area.id]
    while (parent := known[above[-1]].parent) and parent in known:
        if parent in above:
            raise ProjectError(
                say("{where}: {id} lies in itself; correct the parents", where=where, id=area.id)
            )
        above.append(parent)


def find_area(word: str, areas: Iterable[ProjectArea]) -> ProjectArea | None:
    """Return the area that a word names: its id, its name, or another spelling of it.

    Examples
    --------
    >>> areas = [ProjectArea("440100", "广州市"), ProjectArea("440300", "深圳市")]
    >>> find_area("Guangzhou", areas).id, find_area("440300", areas).id, find_area("北京", areas)
    ('440100', '440300', None)
    """
    areas = list(areas)
    exact = [area for area in areas if word in {area.id, area.name}]
    if exact:
        return exact[0] if len(exact) == 1 else None
    meant = vocabulary.resolve("area", word)
    alike = [area for area in areas if meant and meant == vocabulary.resolve("area", area.name)]
    return alike[0] if len(alike) == 1 else None


def known_area(key: str, word: object, areas: Sequence[ProjectArea]) -> str:
    """Return the id of an area that a key names; "" of nothing."""
    if not word:
        return ""
    found = find_area(str(word), areas)
    if found is None:
        near = did_you_mean(str(word), [one.id for one in areas]) or say("list it in project.areas")
        raise ProjectError(
            say(
                "{key} names {area}, which is no area of the project; {near}",
                key=key,
                area=repr(word),
                near=near,
            )
        )
    return found.id


def read_level(word: object, areas: Sequence[ProjectArea]) -> str:
    """Return the level of areas that "level:city" names."""
    text = str(word)
    levels = sorted({area.level for area in areas if area.level})
    if text and text.removeprefix(_LEVEL) not in levels:
        raise ProjectError(
            say(
                "project.compare_sum_of is {text}; write level: and one of {levels}",
                text=repr(text),
                levels=join_texts(", ", levels) or "none",
            )
        )
    return text.removeprefix(_LEVEL)


def find_perimeters(areas: Sequence[ProjectArea], entries: pd.DataFrame) -> list[Finding]:
    """Return a finding for each area whose successor goes on in a wider perimeter.

    Parameters
    ----------
    entries
        Of all areas.
    """
    known = {area.id: area for area in areas}
    direct = name_by_id(entries, areas)
    direct = direct[(direct["scope"] == 1) & (direct["kind"] != "memo") & (direct["gas"] == "CO2")]
    held = direct.groupby(["area", "year"])["value"].sum()
    findings = []
    for area in areas:
        if not area.successor or area.last is None:
            continue
        heir, key = known[area.successor], (area.id, area.last)
        if heir.id not in set(direct["area"]):
            continue
        size = float(held[key]) if key in held.index else None
        what = say(
            "{heir} holds {area} from {year} on: its series has another perimeter there",
            heir=heir.name,
            area=area.name,
            year=area.last + 1,
        )
        action = say(
            "compare {heir} with {area} added to the years until {last}",
            heir=heir.name,
            area=area.name,
            last=area.last,
        )
        findings.append(Finding("perimeter", "warning", what, action=action, worth=size))
    return findings


def compare_areas(
    entries: pd.DataFrame, areas: Sequence[ProjectArea], own: str, level: str
) -> pd.DataFrame:
    """Return an area's own inventory beside the sum of those that lie in it; they are never added.

    Parameters
    ----------
    entries
        Of all areas.
    own
        Id of the area that has tables of its own.
    level
        Of the areas that are added up.

    Returns
    -------
    DataFrame
        ``area, year, gas, scope, own, parts`` (t), ``difference`` (t, parts less own),
        ``percent`` of own, ``counted`` (areas with a number) and ``lacking`` (ids of those
        without). A sum that lacks an area is given, and is a part.
    """
    import pandas as pd  # noqa: PLC0415 - loaded where a table is asked for

    columns = ["area", "year", "gas", "scope"]
    counted = name_by_id(entries, areas)
    counted = counted[counted["kind"] != "memo"]
    inside = [one for one in areas if one.level == level and lies_in(one, own, areas)]
    sums = counted.groupby(columns)["value"].agg(lambda values: values.sum(skipna=False))
    title = next(area.name for area in areas if area.id == own)
    rows = []
    for name, year, gas, scope, value in sums.reset_index().itertuples(index=False, name=None):
        if name != own:
            continue
        keys = {one.id: (one.id, year, gas, scope) for one in inside if one.has(int(year))}
        parts = {id_: float(sums[key]) for id_, key in keys.items() if key in sums.index}
        known = {id_: part for id_, part in parts.items() if part == part}  # noqa: PLR0124 - NaN
        total = sum(known.values()) if known else float("nan")
        rows.append(
            {
                "area": title,
                "year": year,
                "gas": gas,
                "scope": scope,
                "own": value,
                "parts": total,
                "difference": total - value,
                "percent": 100 * (total - value) / value if value else float("nan"),
                "counted": len(known),
                "lacking": " ".join(id_ for id_ in keys if id_ not in known),
            }
        )
    names = [*columns, "own", "parts", "difference", "percent", "counted", "lacking"]
    return pd.DataFrame(rows, columns=names)


def name_by_id(entries: pd.DataFrame, areas: Sequence[ProjectArea]) -> pd.DataFrame:
    """Return entries whose areas are ids of the project, whatever the tables call them."""
    found = {name: find_area(str(name), areas) for name in entries["area"].unique()}
    ids = {name: area.id if area else str(name) for name, area in found.items()}
    return entries.assign(area=entries["area"].map(ids).astype(object))


def lies_in(area: ProjectArea, whole: str, areas: Sequence[ProjectArea]) -> bool:
    """Return whether an area is a part of another (by id), or of one that is."""
    parents = {one.id: one.parent for one in areas}
    return whole in climb(area.parent, lambda one: parents.get(one, ""))
