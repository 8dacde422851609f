"""Tables of a city, its province's balance and indicators -> the balance of the city."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from carbonacct import vocabulary
from carbonacct.balances import EnergyBalance, read_balance, read_words
from carbonacct.cities.allocation import Allocated, allocate
from carbonacct.cities.city_files import Yearbook
from carbonacct.cities.composition import Composition
from carbonacct.cities.declared import find_indicator, indicator_names
from carbonacct.cities.gamma import add_own_cells
from carbonacct.cities.indicator_table import read_indicators
from carbonacct.cities.indicators import (
    Indicators,
    Value,
    gather_indicators,
)
from carbonacct.cities.shares import check_written_rows
from carbonacct.cities.spread import note_single_indices
from carbonacct.cities.yearbook import read_yearbook
from carbonacct.errors import Finding, TableError, did_you_mean
from carbonacct.records.area_names import area_id
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

    from carbonacct.balances import Mapping

_FAR = 5e-3  # two numbers of one indicator that are not one, rounded


def build_city_balance(
    *tables: str | Path,
    area: str | Sequence[str] | None = None,
    year: int | Sequence[int] | None = None,
    province: str | Path | EnergyBalance | None = None,
    indicators: str | Path | pd.DataFrame | None = None,
    index: str = "",
    outside: Sequence[str] = (),
    mapping: str | Path | Mapping | None = None,
    sheet: str | Sequence[str] | None = None,
) -> EnergyBalance:
    """Make the energy balance of a city that prints none, or of all cities of a province at once.

    Parameters
    ----------
    tables
        The city's own tables: a balance, industry above designated size by branch and fuel,
        electricity by use, supply of gas, totals, answers of its offices. They are of one city.
    area
        The city; several, or None for all areas of the indicators but the province's.
    year
        The year; several, or None for all that the province's balance and the indicators have, or
        for those of the city's tables where there are neither.
    province
        The balance of the larger area: its rows are allocated where the city prints nothing. The
        larger area may be a city, and the areas its districts, counties or parks.
    indicators
        A table ``area,row,indicator,value,unit,source``
        (:func:`carbonacct.cities.indicator_table.read_indicators`).
    index
        One indicator for all rows, to see how far the answers are apart; power plants, other plants
        and electricity keep their own.
    outside
        Labels of fuel that is outside the city's boundary and within its totals: an airline's
        kerosene.
    mapping
        Words of one's own for the balances and tables of industry among the files, the larger
        area's as well.
    sheet
        The sheets of the city's workbooks that are read.

    Returns
    -------
    EnergyBalance
        With ``origins``: for each cell whether it is printed, scaled, residual, allocated or
        derived, by which index.

    Raises
    ------
    TableError, UnitError
        If a file, an indicator or a unit cannot be read, or nothing is known of the city.

    Notes
    -----
    Cell by cell, what is nearest is taken: a printed balance (alpha); the city's own tables, scaled
    to the whole or as what a total leaves (gamma); the province's row x one index (beta); totals
    alone (delta). A printed number is never changed, and what cannot be right is absent, with a
    finding. docs/cities.md has the rules.

    Examples
    --------
    >>> import carbonacct as ca, pandas as pd
    >>> rows = [("重庆", 30.0), ("甲县", 3.0)]
    >>> table = pd.DataFrame([(name, "*", "常住人口", n, "万人", "") for name, n in rows],
    ...                      columns=["area", "row", "indicator", "value", "unit", "source"])
    >>> whole = "docs/tables/chongqing_2007.csv"
    >>> county = ca.build_city_balance(area="甲县", province=whole, indicators=table)
    >>> print(county.origins.find("甲县", 2007, "households", "natural_gas"))
    None
    >>> county.origins.find("甲县", 2007, "households_urban", "natural_gas").share
    0.1
    """
    if index and find_indicator(index) is None:
        raise TableError(
            say(
                "no indicator {index!r}; {near}",
                index=index,
                near=did_you_mean(index, indicator_names()),
            )
        )
    own = read_words(mapping, sheet=sheet)
    whole = (
        province
        if province is None or isinstance(province, EnergyBalance)
        else read_balance(province, mapping=mapping)
    )
    names = [area] if isinstance(area, str) else list(area or ())
    years = [year] if isinstance(year, int) else list(year or ())
    only = (
        years[0]
        if len(years) == 1
        else whole.years[0]
        if whole is not None and len(whole.years) == 1
        else None
    )
    values = read_indicators(indicators, only) if indicators is not None else []
    years = years or _find_years(whole, values)
    whole, notes = _name_whole(whole, names, values)
    reference = area_id(whole.areas[0]) if whole is not None else ""
    names = names or _find_names(values, reference)
    if not names:
        raise TableError(
            say("no city is named; pass --area, or a table of indicators that names them")
        )
    if tables and len(names) > 1:
        raise TableError(
            say(
                "the tables are of one city, and {name_count} are named; make them one by one",
                name_count=len(names),
            )
        )
    _check_province(whole, names)
    book = read_yearbook(tables, names[0], years, own) if tables else Yearbook()
    years = years or sorted({fact.statement.year for fact in book.facts})
    if not years:
        raise TableError(say("no year is named; pass --year"))
    _check_outside(outside, book)
    # What the compiler writes goes before what the yearbook prints.
    printed, overruled = _drop_overruled(book.values, values)
    found = gather_indicators([*values, *printed, *_list_branch_energy(whole)], years)
    allocated = _allocate(whole, found, names, years, index=find_indicator(index) or "")
    made = Composition.start(names, years, whole, allocated)
    notes += [
        *overruled,
        *book.findings,
        *check_written_rows(values, whole.flows if whole is not None else []),
    ]
    if tables:
        for each in years:
            notes += add_own_cells(made, book, found, names[0], year=each, outside=outside)
    # Last: what is used has to be there before it can be supplied.
    made.derive_supply(whole)
    balance = made.to_balance([*notes, *(allocated.findings if allocated else ())])
    if not (balance.status.values == 0).any():
        reason = next((say("; {note}", note=note) for note in balance.findings), "")
        raise TableError(
            say(
                "{name}: no cell of its balance could be made{reason}; give a table of the "
                "city, or the province's balance with indicators",
                name=names[0],
                reason=reason,
            )
        )
    return replace(balance, findings=(*balance.findings, *note_single_indices(balance)))


def _name_whole(
    whole: EnergyBalance | None, names: Sequence[str], values: Sequence[Value]
) -> tuple[EnergyBalance | None, list[Finding]]:
    """Return the larger area's balance by the name that the indicators have for it.

    Raises
    ------
    TableError
        If the indicators have no number of the area that it names.
    """
    if whole is None or not values or area_id(whole.areas[0]) in {one.area for one in values}:
        return whole, []
    cities = {area_id(name) for name in names}
    others = list(dict.fromkeys(one.area for one in values if one.area not in cities))
    if any(note.rule == "area-unknown" for note in whole.findings) and names and len(others) == 1:
        message = say(
            "the balance names no area: taken as {other}, the other area of the indicators",
            other=others[0],
        )
        named = replace(whole, amounts=whole.amounts.assign_coords(area=others))
        where, action = whole.first_address(), say("name it in the title")
        return named, [Finding("city-area", "info", message, where, action)]
    listed = join_texts(", ", dict.fromkeys(one.area for one in values))
    raise TableError(
        say(
            "{first_address}: the balance is of {area}, and the indicators have {listed}; "
            "add the indicators of the larger area, or name it in the balance's title",
            first_address=whole.first_address(),
            area=whole.areas[0],
            listed=listed,
        )
    )


def _find_years(whole: EnergyBalance | None, values: Sequence[Value]) -> list[int]:
    indicator_years = sorted({value.year for value in values})
    if whole is None:
        return indicator_years
    return (
        [year for year in whole.years if year in indicator_years]
        if indicator_years
        else whole.years
    )


def _find_names(values: Sequence[Value], reference: str) -> list[str]:
    """Return the areas of the indicators but the larger one, by name."""
    ids = dict.fromkeys(value.area for value in values if value.area != reference)
    return [vocabulary.name("area", one, "zh") if one in vocabulary.areas() else one for one in ids]


def _check_province(whole: EnergyBalance | None, names: Sequence[str]) -> None:
    """Refuse a balance that is not of the area in which a city is known to lie."""
    if whole is None:
        return
    if len(whole.areas) > 1:
        raise TableError(
            say(
                "{first_address}: the balance is of {area_count} areas; give the one of the "
                "province alone",
                first_address=whole.first_address(),
                area_count=len(whole.areas),
            )
        )
    reference = area_id(whole.areas[0])
    for name in names:
        city = area_id(name)
        known = vocabulary.areas()
        if city in known and reference in known and reference not in vocabulary.list_above(city):
            above = known[known[city].parent].name_zh or known[city].parent
            raise TableError(
                say(
                    "{first_address}: {name} lies in {above}, and the balance is of {area}; "
                    "give the balance of {above}",
                    first_address=whole.first_address(),
                    name=name,
                    above=above,
                    area=whole.areas[0],
                )
            )


def _check_outside(outside: Sequence[str], book: Yearbook) -> None:
    """Refuse a label of fuel outside the boundary that no table of the city has."""
    labels = {vocabulary.fold(fact.label): fact.label for fact in book.facts}
    for label in outside:
        if vocabulary.fold(label) not in labels:
            near = did_you_mean(label, labels.values())
            raise TableError(
                say(
                    "no label {label!r} in the tables; {near}",
                    label=label,
                    near=near or say("write it as the table does"),
                )
            )


def _drop_overruled(
    printed: Sequence[Value], written: Sequence[Value]
) -> tuple[list[Value], list[Finding]]:
    """Return what pages print of indicators that the user did not give; a number that is given comes first."""
    own = {(one.area, one.year, one.row, one.indicator): one for one in written}
    kept, notes = [], []
    for one in printed:
        other = own.get((one.area, one.year, one.row, one.indicator))
        if other is None:
            kept.append(one)
        elif one.unit == other.unit and abs(one.value - other.value) > _FAR * abs(other.value):
            message = say(
                "{indicator} of {year} is {value:.6g} {unit} here and {other_value:.6g} "
                "in {where}, which counts",
                indicator=one.indicator,
                year=one.year,
                value=one.value,
                unit=one.unit,
                other_value=other.value,
                where=other.where,
            )
            notes.append(Finding("city-alternative", "warning", message, one.where))
    return kept, notes


def _list_branch_energy(whole: EnergyBalance | None) -> list[Value]:
    """Return the energy of each branch of industry, where the balance has a column of it."""
    if whole is None or "total_energy" not in whole.products:
        return []
    column = whole.products.index("total_energy")
    found = []
    for f, flow in enumerate(whole.flows):
        if not vocabulary.is_within(flow, "industry"):
            continue
        for y, year in enumerate(whole.years):
            amount = float(whole.amounts.values[0, y, f, column])
            if amount > 0:
                where = whole.locate(0, y, f, column)
                found.append(
                    Value(
                        area=area_id(whole.areas[0]),
                        year=year,
                        row=flow,
                        indicator="energy_industry",
                        value=amount / 1e4,
                        unit="1e4 tce",
                        prices="",
                        source="",
                        where=where,
                    )
                )
    return found


def _allocate(
    whole: EnergyBalance | None,
    found: Indicators,
    names: Sequence[str],
    years: Sequence[int],
    *,
    index: str,
) -> Allocated | None:
    if whole is None:
        return None
    if missing := [year for year in years if year not in whole.years]:
        listed = join_texts(", ", map(str, whole.years))
        raise TableError(
            say(
                "{first_address}: the balance of {area} has {listed} and not {missing}; "
                "give that of {missing}",
                first_address=whole.first_address(),
                area=whole.areas[0],
                listed=listed,
                missing=missing[0],
            )
        )
    return allocate(whole, found, [area_id(name) for name in names], years, index=index)
