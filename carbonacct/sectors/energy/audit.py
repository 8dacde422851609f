"""The reverse audit: the factor that given emissions and activity imply, and whose it is."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from carbonacct import vocabulary
from carbonacct.errors import MethodError, did_you_mean
from carbonacct.factors import (
    FactorRow,
    edition_ids,
    find_stand_ins,
    load_edition,
    load_method,
    method_ids,
    row_value,
)
from carbonacct.texts import as_typed, join_texts, say
from carbonacct.units import conversion_factor

if TYPE_CHECKING:
    from collections.abc import Sequence

COLUMNS = ("implied", "factor", "deviation", "edition", "formula", "also", "place")
_UNITS = {
    "net_calorific_value": "GJ",
    "carbon_content": "t C/GJ",
    "oxidation_factor": "dimensionless",
    "carbon_to_co2": "t CO2/t C",
}
_OF_ENERGY = ("GJ", "kWh", "tce")
_CHAIN = ("net_calorific_value", "carbon_content", "oxidation_factor", "carbon_to_co2")


@dataclass(frozen=True)
class _CandidateFactor:
    """A factor in t CO2 per unit of a product, and the rows that it is made of."""

    value: float
    rows: tuple[FactorRow, ...]

    @property
    def editions(self) -> tuple[str, ...]:
        return tuple(
            dict.fromkeys(row.edition for row in self.rows if row.parameter != "carbon_to_co2")
        )

    def rank(self, product: str) -> tuple[int, int]:
        """Return how mixed it is: few editions, and rows of the product itself, come first."""
        return len(self.editions), sum(row.product not in {"", product} for row in self.rows)

    def formula(self) -> str:
        return " x ".join(f"{row.value:g} {row.unit} ({row.edition})" for row in self.rows)


def identify_factors(
    cells: pd.DataFrame, *, editions: Sequence[str] | None = None, tolerance: float = 1e-6
) -> pd.DataFrame:
    """Return, for each cell, the CO2 factor that it implies and the published rows that give it.

    Parameters
    ----------
    cells
        ``product, amount, value`` and, where known, ``flow, year, unit``: amounts in the canonical
        unit of the product (t, m3) unless ``unit`` says GJ, kWh or tce; values in t CO2. Rows for
        other areas are candidates too.
    editions
        Ids to look in; by default all that ship.
    tolerance
        Largest relative deviation of a match.

    Returns
    -------
    DataFrame
        The cells with ``implied`` (t CO2 per unit), the nearest published ``factor``, its relative
        ``deviation``, its ``edition`` (or editions, joined by " + ") and ``formula``, how many
        others match (``also``), and the ``place`` of its rows. Where nothing matches, the nearest
        is shown and ``edition`` is empty.

    Raises
    ------
    MethodError
        If a column, a product or an edition is not there, or a unit does not measure a product.

    Notes
    -----
    Candidates are emission factors per unit, calorific value x emission factor per energy, and
    calorific value x carbon content x oxidation x 44/12 of every edition with every other; also of
    the fuels that a method takes for the product. A factor made of one edition comes before one
    that is mixed.

    Examples
    --------
    >>> import pandas as pd
    >>> used = {"product": ["diesel"], "amount": [1000.0], "value": [3093.8194167220896]}
    >>> found = identify_factors(pd.DataFrame(used))
    >>> found.edition.item(), round(found.implied.item(), 4)
    ('ceads', 3.0938)
    """
    if lacking := [
        column for column in ("product", "amount", "value") if column not in cells.columns
    ]:
        raise MethodError(
            say(
                "the table has no column {lacking!r}; it has {columns}",
                lacking=lacking[0],
                columns=as_typed(map(str, cells.columns)),
            )
        )
    asked = tuple(editions) if editions is not None else tuple(edition_ids())
    if unknown := [name for name in asked if name not in edition_ids()]:
        raise MethodError(
            say(
                "no edition {unknown!r}; {near}",
                unknown=unknown[0],
                near=did_you_mean(unknown[0], edition_ids()),
            )
        )
    amounts = cells["amount"].to_numpy(float)
    implied = np.divide(
        cells["value"].to_numpy(float), amounts, out=np.full(len(cells), np.nan), where=amounts != 0
    )
    known = {
        name: (
            (cells[name] if name in cells else pd.Series(nothing, index=cells.index)).fillna(
                nothing
            )
        )
        for name, nothing in (("flow", ""), ("year", 0), ("unit", ""))
    }
    rows = [
        _identify(
            value,
            _list_candidates(str(product), str(flow), int(year), str(unit), editions=asked),
            product=str(product),
            tolerance=tolerance,
        )
        for value, product, flow, year, unit in zip(
            implied, cells["product"], known["flow"], known["year"], known["unit"], strict=True
        )
    ]
    return cells.reset_index(drop=True).join(pd.DataFrame(rows, columns=list(COLUMNS)))


def _identify(
    implied: float, candidates: tuple[_CandidateFactor, ...], *, product: str, tolerance: float
) -> tuple[object, ...]:
    if np.isnan(implied) or not candidates:
        return (implied, np.nan, np.nan, "", "", 0, "")
    values = np.array([candidate.value for candidate in candidates])
    deviation = np.abs(values - implied) / np.maximum(np.abs(implied), 1e-300)
    matching = np.flatnonzero(deviation <= tolerance)
    best = (
        min(matching, key=lambda i: (candidates[i].rank(product), deviation[i]))
        if len(matching)
        else int(np.argmin(deviation))
    )
    chosen = candidates[best]
    edition = " + ".join(chosen.editions) if len(matching) else ""
    return (
        implied,
        chosen.value,
        values[best] / implied - 1 if implied else np.nan,
        edition,
        chosen.formula(),
        max(len(matching) - 1, 0),
        "; ".join(row.place for row in chosen.rows),
    )


@cache
def _list_candidates(
    product: str, flow: str, year: int, given: str, *, editions: tuple[str, ...]
) -> tuple[_CandidateFactor, ...]:
    """Return every CO2 factor that published rows give for a product in a flow, per the unit given."""
    if product not in vocabulary.products():
        raise MethodError(
            say(
                "no product {product!r}; {near}",
                product=product,
                near=did_you_mean(product, vocabulary.products()),
            )
        )
    unit = given or vocabulary.products()[product].unit
    if unit not in {vocabulary.products()[product].unit, *_OF_ENERGY}:
        raise MethodError(
            say(
                "amounts of {product} in {unit}; known: {units}",
                product=product,
                unit=unit,
                units=join_texts(
                    ", ", dict.fromkeys([vocabulary.products()[product].unit, *_OF_ENERGY])
                ),
            )
        )
    names = _find_substitutes(product)
    rows = [
        row
        for edition in editions
        for row in load_edition(edition).rows
        if _serves(row, names, flow, year)
    ]

    def pick(parameter: str, wanted: str) -> list[tuple[float, tuple[FactorRow, ...]]]:
        found: list[tuple[float, tuple[FactorRow, ...]]] = []
        for row in rows:
            if row.parameter == parameter and row.gas in {"", "CO2"} and not np.isnan(row.value):
                try:
                    found.append((row_value(row, wanted), (row,)))
                except ValueError:  # the row is per another amount
                    continue
        return found

    direct = [
        _CandidateFactor(value, row) for value, row in pick("emission_factor", f"t CO2/{unit}")
    ]
    # Between energy and carbon stands no calorific value.
    energy = (
        [(conversion_factor(unit, "GJ"), ())]
        if unit in _OF_ENERGY
        else pick("net_calorific_value", f"GJ/{unit}")
    )
    per_energy = [
        _CandidateFactor(n * e, a + b)
        for (n, a), (e, b) in itertools.product(energy, pick("emission_factor", "t CO2/GJ"))
    ]
    carbon = [pick(parameter, _UNITS[parameter]) for parameter in _CHAIN[1:]]
    chained = [
        _CandidateFactor(n * c * o * r, a + b + d + e)
        for (n, a), (c, b), (o, d), (r, e) in itertools.product(energy, *carbon)
    ]
    return (*([] if unit in _OF_ENERGY else direct), *per_energy, *chained)


def _find_substitutes(product: str) -> frozenset[str]:
    """Return a product, and the products whose factors some method takes for it."""
    names = {product}
    for method in map(load_method, method_ids()):
        names |= {*find_stand_ins(product, method.stand_ins)}
    return frozenset(names)


def _serves(row: FactorRow, products: frozenset[str], flow: str, year: int) -> bool:
    in_years = not year or ((row.first_year or year) <= year <= (row.last_year or year))
    in_flow = not row.flow or not flow or vocabulary.is_within(flow, row.flow)
    return row.product in {"", *products} and in_flow and in_years and row.status != "unverified"
