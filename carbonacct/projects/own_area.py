"""Whether a table is of the area that a project is of: a table of another stops until somebody says so."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from carbonacct import vocabulary
from carbonacct.errors import Finding, ProjectError
from carbonacct.texts import Both, Text, join_texts, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from carbonacct.balances import EnergyBalance
    from carbonacct.projects.project_declaration import Declaration, Tables

RULE = "area-overruled"


def take_own_area(
    balance: EnergyBalance, declaration: Declaration, tables: Tables, name: str
) -> EnergyBalance:
    """Return the numbers of a table that a project is of: all, or those of the area that is declared for the table.

    The area goes by the name that the project gives it, however a table spells it, so that 重庆
    of one table and 重庆市 of another are one series.

    Raises
    ------
    ProjectError
        If a project of one area has a table whose title or cells name another, and nothing declares
        of which area the table is.
    """
    own = tables.area or declaration.area
    if not own or declaration.areas:
        return balance
    if tables.area:
        return _rename(_select(balance, tables.area), declaration.area or own)
    if others := _find_others(balance, own):
        joined = join_texts(", ", others)
        if len(balance.areas) > 1 and list_own(balance, own):
            raise ProjectError(
                say(
                    "{name}: has {area} and {others}, and the project is of {area}; write {area} as "
                    "the area of this table to take its numbers alone, or take the table out",
                    name=name,
                    others=joined,
                    area=own,
                )
            )
        raise ProjectError(
            say(
                "{name}: names {others}, and the project is of {area}; take the table out, or say "
                "of which area it is",
                name=name,
                others=joined,
                area=own,
            )
        )
    return _rename(balance, own)


def key_area(declaration: Declaration, tables: Tables) -> list[object]:
    """Return what decides of which area tables are, for the key of what is made of them."""
    return [tables.area or declaration.area, bool(tables.area or declaration.areas)]


def _find_others(balance: EnergyBalance, own: str) -> list[Both]:
    """Return the areas that a table names which are known, and neither the own one, nor in it, nor what it lies in."""
    mine = vocabulary.resolve("area", own)
    if mine is None:
        return []
    found = {
        name: identifier
        for name in _list_named(balance)
        if (identifier := vocabulary.resolve("area", name))
    }
    around = {mine, *_climb(mine)}
    return [
        Both(name, vocabulary.name("area", identifier, "zh") or name)
        for name, identifier in found.items()
        if identifier not in around and mine not in _climb(identifier)
    ]


def _list_named(balance: EnergyBalance) -> Iterator[str]:
    yield from balance.areas
    for finding in balance.findings:
        if finding.rule == RULE and isinstance(finding.message, Text):
            overruled = finding.message.values["overruled"]
            yield from map(
                str, overruled.values.values() if isinstance(overruled, Text) else [overruled]
            )


def _climb(identifier: str) -> Iterator[str]:
    areas = vocabulary.areas()
    while identifier in areas and (identifier := areas[identifier].parent):
        yield identifier


def _select(balance: EnergyBalance, area: str) -> EnergyBalance:
    """Return the numbers of an area alone, where a table has several and it is one of them."""
    mine = list_own(balance, area)
    if len(balance.areas) == 1 or len(mine) != 1:
        return balance
    left = [name for name in balance.areas if name not in mine]
    told = Finding(
        RULE,
        "info",
        say(
            "the numbers of {area} alone are taken, not those of {others}",
            area=mine[0],
            others=join_texts(", ", left),
        ),
        balance.first_address(),
    )
    return replace(_cut(balance, mine), findings=(*balance.findings, told))


def list_own(balance: EnergyBalance, area: str) -> list[str]:
    """Return the names by which a balance has an area."""
    known = vocabulary.resolve("area", area) or area
    return [
        name for name in balance.areas if name == area or vocabulary.resolve("area", name) == known
    ]


def rename_areas(balance: EnergyBalance, areas: Iterable[str]) -> EnergyBalance:
    """Return a balance whose areas go by some names, however its tables spell them."""
    for area in areas:
        balance = _rename(balance, area)
    return balance


def _rename(balance: EnergyBalance, area: str) -> EnergyBalance:
    """Return a balance in which an area goes by a name; where it stands under two, nothing is guessed."""
    mine = list_own(balance, area)
    if len(mine) != 1 or mine == [area]:
        return balance
    names = [area if name in mine else name for name in balance.areas]
    return replace(
        balance,
        amounts=balance.amounts.assign_coords(area=names),
        status=balance.status.assign_coords(area=names),
        place=balance.place.assign_coords(area=names),
        standard=_rename(balance.standard, area) if balance.standard is not None else None,
    )


def _cut(balance: EnergyBalance, areas: Iterable[str]) -> EnergyBalance:
    names = list(areas)
    return replace(
        balance,
        amounts=balance.amounts.sel(area=names),
        status=balance.status.sel(area=names),
        place=balance.place.sel(area=names),
        standard=_cut(balance.standard, names) if balance.standard is not None else None,
    )
