"""How the effects of a decomposition came about: the factors of the identity in both years, and where each is from."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from carbonacct.analysis.logarithmic_mean import log_ratio, logarithmic_mean
from carbonacct.report.page.derivations import (
    Derivation,
    FormulaPart,
    both,
    combine,
    in_both,
    join,
    write,
)
from carbonacct.report.page.page_words import name_term
from carbonacct.report.page.shared_derivations import (
    CO2,
    derive_given,
    derive_ratio,
    derive_sum,
    find_co2,
    find_driver,
)
from carbonacct.report.page.traces import list_factors
from carbonacct.sectors.energy.product_measures import find_energy, list_rates

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from carbonacct.report.page.derivations import Pair, Title
    from carbonacct.report.page.page_content import Content

# of the change: a formula that gives another number than the table of effects is not shown for it
_CLOSE = 1e-6


def derive_effect(
    content: Content,
    area: str,
    period: tuple[int, int],
    term: str,
    *,
    value: float,
    steps: Mapping[tuple[int, int], pd.Series],
) -> int | None:
    """Return the derivation of an effect: of one step by the logarithmic mean, of a chain as the sum of its steps.

    Parameters
    ----------
    steps
        The effects by term of the steps of a chain, by period; nothing where there is no chain.
    """
    title = join(area, f"{period[0]}–{period[1]}", _name(term))
    years = sorted({year for one in steps for year in one})
    inside = [one for one in pairwise(years) if one in steps]
    if period not in steps and len(inside) > 1 and (years[0], years[-1]) == period:
        parts = [
            FormulaPart(
                (f"{first}–{last}",) * 2,
                float(steps[first, last].get(term, np.nan)),
                CO2,
                derive_effect(
                    content,
                    area,
                    (first, last),
                    term,
                    value=float(steps[first, last].get(term, np.nan)),
                    steps=steps,
                ),
            )
            for first, last in inside
        ]
        if abs(sum(part.value for part in parts) - value) <= _CLOSE * max(
            abs(part.value) for part in parts
        ):
            return derive_sum(content, title, parts)
    return _derive_step(content, area, period, term, value=value, title=title)


def derive_rest(
    content: Content,
    area: str,
    period: tuple[int, int],
    name: str,
    *,
    terms: pd.Series,
    change: float,
) -> int | None:
    """Return the derivation of what a decomposition leaves of the change of the inventory."""
    before, after = (find_co2(content, area, year) for year in period)
    if before is None or after is None:
        return None
    parts = (
        after,
        before,
        *(FormulaPart(_name(str(term)), float(value), CO2) for term, value in terms.items()),
    )
    formula = (
        f"{write(after.value)} - {write(before.value)} -"
        f" ({' + '.join(write(float(value)) for value in terms)}) ="
        f" {write(change - float(terms.sum()))} {CO2}"
    )
    return content.refer(
        Derivation(join(area, f"{period[0]}–{period[1]}", both(f"changes.{name}")), formula, parts)
    )


def _name(term: str) -> Pair:
    return in_both(lambda lang: name_term(term, lang))


def _derive_step(
    content: Content, area: str, period: tuple[int, int], term: str, *, value: float, title: Title
) -> int | None:
    """Return ``L(co2) x ln(factor)`` with the numbers of both years, where it gives the value.

    Else the value as given.
    """
    co2 = [find_co2(content, area, year) for year in period]
    for deflated in (True, False):
        factor = [_find_factor(content, area, year, term, deflated=deflated) for year in period]
        if any(part is None for part in (*co2, *factor)):
            continue
        (one, other), (first, last) = (
            [part for part in co2 if part],
            [part for part in factor if part],
        )
        found = float(logarithmic_mean(one.value, other.value)) * float(
            log_ratio(first.value, last.value)
        )
        if abs(found - value) <= _CLOSE * max(abs(value), abs(other.value - one.value)):
            formula = (
                f"L({write(other.value)} {CO2}, {write(one.value)} {CO2}) x ln({write(last.value)}"
                f" / {write(first.value)}) = {write(value)} {CO2}"
            )
            names = [
                FormulaPart(combine(part.name, year), part.value, part.unit, part.opens, part.place)
                for part, year in zip((one, other, first, last), period * 2, strict=True)
            ]
            return content.refer(
                Derivation(title, formula, tuple(names), note=both("trace.lmdi_note"))
            )
    return derive_given(content, title, value, CO2)


def _find_factor(
    content: Content, area: str, year: int, term: str, *, deflated: bool
) -> FormulaPart | None:
    """Return a factor of an identity, such as ``population`` or ``energy/gdp``, in a year."""
    found = [
        _find_column(content, area, year, name.strip(), deflated=deflated)
        for name in term.split("/")
    ]
    if any(part is None for part in found) or len(found) > 2:
        return None
    parts = [part for part in found if part is not None]
    if len(parts) == 1:
        return parts[0]
    over, under = parts
    unit = f"{over.unit}/{under.unit}"
    opens = derive_ratio(content, join(area, year, _name(term)), over, under, unit=unit)
    return FormulaPart(_name(term), over.value / under.value, unit, opens) if under.value else None


def _find_column(
    content: Content, area: str, year: int, name: str, *, deflated: bool
) -> FormulaPart | None:
    if name == "co2":
        return find_co2(content, area, year)
    if name == "energy":
        return content.keep(("energy", area, year), lambda: derive_energy(content, area, year))
    if name == "gdp" and deflated:
        gdp, index = (find_driver(content, area, year, column) for column in ("gdp", "deflator"))
        if gdp is None or index is None:
            return None
        real = derive_ratio(
            content, join(area, year, both("trace.real_gdp")), gdp, index, unit=gdp.unit
        )
        return FormulaPart(both("trace.real_gdp"), gdp.value / index.value, gdp.unit, real)
    return find_driver(content, area, year, name) if name in {"population", "gdp"} else None


def derive_energy(content: Content, area: str, year: int) -> FormulaPart | None:
    """Return the energy of the fuels whose burning is the direct CO2 of an area and year, with every amount in it."""
    inventory = content.keys[area, year]
    table, measure = inventory.table, find_energy(inventory)
    a, y = table.areas.index(area), table.years.index(year)
    emissions = inventory.emissions.sel(area=area, year=year, gas="CO2").transpose(
        "flow", "product"
    )
    burnt = inventory.activity[a, y]
    rates = measure.per_unit[a, y]
    counted = np.nan_to_num(emissions.values) != 0
    if np.isnan((burnt * rates)[counted]).any() or not counted.any():
        return None
    terms = tuple(
        (content.put_amount(inventory, (a, y, int(f), int(p)), float(burnt[f, p])), float(rates[p]))
        for f, p in np.argwhere(counted)
    )
    factors = dict.fromkeys(
        i
        for p in np.flatnonzero(counted.any(axis=0))
        for i in list_factors(
            content, list_rates(measure, inventory, area, year, product=table.products[int(p)])
        )
    )
    opens = content.refer(
        Derivation(
            join(area, year, both("trace.energy")), terms=terms, unit="GJ", factors=tuple(factors)
        )
    )
    return FormulaPart(both("trace.energy"), float((burnt * rates)[counted].sum()), "GJ", opens)
