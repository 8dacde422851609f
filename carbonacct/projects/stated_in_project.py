"""What a project states in words: notation keys with their reasons, and notes for its reports."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from carbonacct.categories import categories
from carbonacct.errors import NotationError, ProjectError, near_or_known
from carbonacct.inventory.stated_keys import StatedKey
from carbonacct.projects.declaration_keys import read_years
from carbonacct.records.area_names import area_id
from carbonacct.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from carbonacct.inventory.record import Inventory
    from carbonacct.projects.project_declaration import Declaration


@dataclass(frozen=True)
class StatedNote:
    """A text for reports.

    Attributes
    ----------
    category
        IPCC 2006 code that it is of, ``""`` for none.
    area, years
        Of which it is; of all where nothing is named.
    """

    text: str
    category: str = ""
    area: str = ""
    years: tuple[int, ...] = ()

    def is_of(self, area: str, year: int) -> bool:
        """Return whether it is of an area (in any spelling) and year."""
        return is_of_area(self, area) and (not self.years or year in self.years)


def is_of_area(one: StatedKey | StatedNote, area: str) -> bool:
    """Return whether something is stated of an area, in any spelling, or of all."""
    return not one.area or area_id(one.area) == area_id(area)


def read_stated(one: Mapping[str, Any]) -> StatedKey:
    """Return the notation key that a declaration states.

    Raises
    ------
    ProjectError
        If there is no such category or key, or it has no reason.
    """
    gases = one.get("gas", ())
    try:
        return StatedKey(
            category=str(one.get("category", "")),
            key=str(one.get("key", "")),
            because=str(one.get("because", "")),
            included_in=str(one.get("in", "")),
            area=str(one.get("area", "")),
            years=read_years(one["years"]) if "years" in one else (),
            gases=(gases,) if isinstance(gases, str) else tuple(map(str, gases)),
        )
    except NotationError as error:
        raise ProjectError(say("notation: {error}", error=error)) from None


def read_note(one: Mapping[str, Any]) -> StatedNote:
    """Return the note that a declaration has.

    Raises
    ------
    ProjectError
        If it has no text, or is of no category.
    """
    category = str(one.get("category", ""))
    if not one.get("text"):
        raise ProjectError(say("note has no text; write what reports are to say"))
    if category and category not in categories():
        near = near_or_known(category, list(categories()))
        raise ProjectError(
            say("note: no category {category!r}; {near}", category=category, near=near)
        )
    years = read_years(one["years"]) if "years" in one else ()
    return StatedNote(str(one["text"]), category, str(one.get("area", "")), years)


def check_places(declaration: Declaration) -> Declaration:
    """Return a declaration whose statements and notes name areas as tables do.

    Raises
    ------
    ProjectError
        If one is of no year of the project, or of an area that it does not list.
    """

    def place(key: str, one: Any) -> Any:
        if one.years and not set(one.years) & set(declaration.years):
            text = "{key}.years are none of project.years; correct them"
            raise ProjectError(say(text, key=key))
        if not one.area or not declaration.areas:
            return one
        listed = declaration.find_area(one.area)
        if listed is None:
            near = near_or_known(one.area, [area.name for area in declaration.areas])
            text = "{key}.area is {area!r}, which is no area of the project; {near}"
            raise ProjectError(say(text, key=key, area=one.area, near=near))
        return replace(one, area=listed.name)

    return replace(
        declaration,
        stated=tuple(place("notation", one) for one in declaration.stated),
        notes=tuple(place("note", one) for one in declaration.notes),
    )


def check_stated(declaration: Declaration, whole: Inventory, *, is_complete: bool) -> None:
    """Refuse what is stated against the numbers of an inventory, or of an area that it does not have.

    Parameters
    ----------
    whole
        The inventory of the project.
    is_complete
        Whether no table was refused: an area may be lacking for that.

    Raises
    ------
    ProjectError
        With both: the statement, and the number or the areas.
    """
    areas = list(dict.fromkeys(map(str, whole.entries["area"])))
    every: tuple[StatedKey | StatedNote, ...] = (*declaration.stated, *declaration.notes)
    for one in every:
        if is_complete and not any(is_of_area(one, area) for area in areas):
            near = near_or_known(one.area, areas)
            text = "notation or note of {area!r}, of which there is no table; {near}"
            raise ProjectError(say(text, area=one.area, near=near))
    if not declaration.stated:
        return
    from carbonacct.sectors.coverage import (  # noqa: PLC0415 - it loads pandas
        find_coverage,
    )

    try:
        find_coverage(whole, (), statements=declaration.stated)
    except NotationError as error:
        raise ProjectError(say("notation: {error}", error=error)) from None


def list_stated(
    declaration: Declaration, area: str
) -> tuple[tuple[StatedKey, ...], tuple[StatedNote, ...]]:
    """Return the statements and the notes of an area, of all for ``""``."""

    def pick(all_of: Iterable[Any]) -> tuple[Any, ...]:
        return tuple(one for one in all_of if not area or is_of_area(one, area))

    return pick(declaration.stated), pick(declaration.notes)
