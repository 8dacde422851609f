"""Calorific values that an area's own tables imply, as factors of its inventory, and their worth.

Where a year comes in physical and in standard quantity, the two tables say what a unit of each fuel
held. :mod:`carbonacct.sectors.energy.table_pairs` finds the values; here they become rows that a method
asks before its published editions, if they are asked for. The rule stands in ``docs/methods.md``.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from carbonacct import vocabulary
from carbonacct.errors import Finding, MethodError, TableError, name_some
from carbonacct.factors import FactorRow, FactorSource, edition_ids, find_stand_ins
from carbonacct.records.area_names import area_id
from carbonacct.sectors.energy.activity import find_activity
from carbonacct.sectors.energy.chain import find_factors
from carbonacct.sectors.energy.table_pairs import (
    OUTCOMES,
    ImpliedValues,
    implied_values,
    read_rules,
)
from carbonacct.texts import join_texts, say
from carbonacct.units import conversion_factor

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from carbonacct.balances import EnergyBalance
    from carbonacct.factors import Method

TABLES = "tables"  # what the option is told
_EDITION = "paired-tables"  # the id of the edition that the rows form
_MOST_PAIRS = 1
_MOST_PRODUCTS = 3
_MOST_FLOWS = 3


def choose_calorific_values(
    balance: EnergyBalance,
    method: Method,
    asked: str | None,
) -> tuple[Method, list[Finding]]:
    """Return the method, with the calorific values of the tables if asked, and what they are worth.

    Parameters
    ----------
    balance
        A table in physical quantity; its ``standard`` is the one in coal equivalent, if it came
        too.
    method
        The method; its overlay, if any, is asked before the tables.
    asked
        ``"tables"``, or None for the values of the method.

    Raises
    ------
    MethodError
        If there are no such calorific values.
    TableError
        If they are asked for and an area and year has no pair of tables that can be used.

    Notes
    -----
    A gas whose carbon content belongs to a published calorific value (``kept`` of
    ``factors/vocabulary/pairs.toml``, and ``prefer`` of the method) keeps it, and so does a product
    that takes the factors of one.

    Examples
    --------
    >>> import carbonacct as ca
    >>> balance = ca.read_balance("docs/tables/chongqing_2007.csv")  # in physical quantity alone
    >>> method, findings = choose_calorific_values(balance, ca.load_method("ceads"), None)
    >>> findings
    []
    """
    _refuse_unknown(asked)
    implied = _find_implied(balance)
    if asked:
        _refuse_unpaired(balance, implied)
    if implied is None:
        return method, []
    kept = frozenset((*read_rules()["kept"], *method.prefer))
    own = _lay_over(method, _make_source(balance, implied, kept, method.stand_ins))
    tonnes = _measure(balance, own) - _measure(balance, method)
    findings = list(
        _note_worth(balance, implied, tonnes, say("against {id}", id=method.id), used=bool(asked))
    )
    return own if asked else method, [*implied.findings, *findings]


def choose_coefficients(
    balance: EnergyBalance, method: Method, asked: str | None
) -> tuple[Method, list[Finding]]:
    """Return a method of coal equivalent, with the coefficients of the tables if asked.

    Gases keep none of their own here: no carbon content goes with their calorific value.

    Raises
    ------
    MethodError, TableError
        As :func:`choose_calorific_values`.
    """
    _refuse_unknown(asked)
    if asked is None:
        return method, []
    implied = _find_implied(balance)
    _refuse_unpaired(balance, implied)
    if implied is None:
        return method, []
    source = _make_source(balance, implied, frozenset(), method.stand_ins)
    return _lay_over(method, source), list(implied.findings)


def _refuse_unknown(asked: str | None) -> None:
    if asked not in (None, TABLES):
        raise MethodError(
            say("no calorific values {asked!r}; known: {tables}", asked=asked, tables=TABLES)
        )


def _find_implied(balance: EnergyBalance) -> ImpliedValues | None:
    """Return what the tables imply, None where they are no pair."""
    if balance.standard is None:
        return None
    try:
        return implied_values(balance, balance.standard)
    except TableError:  # no row of one stands in the other
        return None


def _find_usable(balance: EnergyBalance, implied: ImpliedValues) -> np.ndarray:
    """Return the area-years (area, year) whose pair is evidence: one vintage, and not computed."""
    kinds = [vocabulary.products()[product].group != "total" for product in balance.products]
    refused = implied.outcome.values == OUTCOMES.index("refused")
    usable: np.ndarray = ~refused[..., kinds].any(axis=(2, 3))
    return usable


def _refuse_unpaired(balance: EnergyBalance, implied: ImpliedValues | None) -> None:
    """Refuse a balance of which an area and year has no pair of tables that can be used."""
    if implied and not _find_usable(balance, implied).all():
        why = [one for one in implied.findings if one.rule in ("pair-vintage", "pair-computed")]
        raise TableError(join_texts("; ", map(str, why)))
    products = [vocabulary.products()[product] for product in balance.products]
    fuel = [not vocabulary.is_electricity_or_heat(product) for product in balance.products]
    lacks = ~np.isnan(balance.amounts.values[..., fuel]).all(axis=(2, 3))
    if implied:
        lacks &= np.isnan(implied.values.values[..., fuel]).all(axis=(2, 3))
    if not lacks.any():
        return
    units = zip(balance.amounts["unit"].values, products, fuel, strict=True)
    held = {str(unit) for unit, product, burns in units if burns and product.unit != "tce"}
    missing = "physical" if "tce" in held else "standard"
    named = [f"{balance.areas[a]} {balance.years[y]}" for a, y in np.argwhere(lacks).tolist()]
    raise TableError(
        say(
            "{first_address}: calorific values of the tables need a pair: the table in "
            "{missing} quantity of {named} is missing; name both (with --area where one "
            "says no area), or leave the option out",
            first_address=balance.first_address(),
            missing=missing,
            named=name_some(named, 5),
        )
    )


def _lay_over(method: Method, source: FactorSource) -> Method:
    """Return a method that asks the tables before its editions, and after the user's overlay."""
    published = set(edition_ids())
    overlays = [one for one in method.sources if one.id not in published]
    others = [one for one in method.sources if one.id in published]
    return replace(method, sources=(*overlays, source, *others))


def _make_source(
    balance: EnergyBalance,
    implied: ImpliedValues,
    kept: frozenset[str],
    stand_ins: Mapping[str, str],
) -> FactorSource:
    """Return the values of the tables as an edition, but for products that keep their own."""
    usable = _find_usable(balance, implied)
    rows = []
    for p, product in enumerate(balance.products):
        tied = not kept.isdisjoint(find_stand_ins(vocabulary.base_of(product), stand_ins))
        if tied or vocabulary.is_electricity_or_heat(product):
            continue
        known = ~np.isnan(implied.values.values[..., p]) & usable[:, :, None]
        has_one = ~np.isnan(implied.constants.values[..., p])
        known[:, :, 1:] &= ~has_one[:, :, None]  # one row for all flows
        for a, y, f in np.argwhere(known).tolist():
            rows += _make_rows(balance, implied, (a, y, f, p))
    return FactorSource(
        id=_EDITION,
        title=say("Energy balance tables of the area in physical and in standard quantity"),
        title_zh="本地区实物量与标准量能源平衡表",
        publisher="",
        edition=", ".join(map(str, balance.years)),
        date="",
        reference="",
        changes="",
        note="",
        rows=tuple(rows),
    )


def _make_rows(
    balance: EnergyBalance,
    implied: ImpliedValues,
    cell: tuple[int, int, int, int],
) -> list[FactorRow]:
    """Return the value of a cell, or of its whole product: calorific value and coal equivalent."""
    a, y, f, p = cell
    product, unit = balance.products[p], str(balance.amounts["unit"].values[p])
    area, year = balance.areas[a], balance.years[y]
    coefficient = float(implied.values.values[cell])
    of_flow = int(implied.flow.values[cell])
    pairs = implied.trace(*cell)
    addresses = name_some(
        [join_texts(" and ", pair) for pair in pairs], _MOST_PAIRS, say("more pairs")
    )
    if of_flow < 0:
        held = implied.outcome.values[a, y, :, p]
        compared = np.isin(held, [OUTCOMES.index(word) for word in ("used", "outlier")]).sum()
        why = say(
            "{coefficient:.6g} tce/{unit} in {pair_count} of {compared} cells that tell",
            coefficient=coefficient,
            unit=unit,
            pair_count=len(pairs),
            compared=compared,
        )
    else:
        why = say(
            "{coefficient:.6g} tce/{unit} in {flow}",
            coefficient=coefficient,
            unit=unit,
            flow=balance.flows[of_flow],
        )
    energy = conversion_factor("tce", "GJ")
    steps = (
        (
            "net_calorific_value",
            coefficient * energy,
            f"GJ/{unit}",
            say("{why}, times 29.3076 GJ/tce", why=why),
        ),
        ("coal_equivalent_coefficient", coefficient, f"tce/{unit}", why),
    )
    return [
        FactorRow(
            edition=_EDITION,
            parameter=parameter,
            product=product,
            flow="" if of_flow < 0 else balance.flows[f],
            category="",
            area=area_id(area),
            first_year=year,
            last_year=year,
            gas="",
            item=vocabulary.name("product", product, "en"),
            value=value,
            lower=math.nan,
            upper=math.nan,
            unit=of_unit,
            table="",
            page="",
            status="derived",
            note=note,
            file="",
            line=0,
            origin=say(
                "{edition}/{parameter} of {area} {year}: {addresses}",
                edition=_EDITION,
                parameter=parameter,
                area=area,
                year=year,
                addresses=addresses,
            ),
        )
        for parameter, value, of_unit, note in steps
    ]


def _measure(balance: EnergyBalance, method: Method) -> np.ndarray:
    """Return the direct CO2 of each cell in t; 0 where nothing counts, and of biomass."""
    activity = find_activity(balance, method)
    factor = find_factors(balance, method, activity.used, "CO2").factor
    fuel = [vocabulary.products()[product].group != "biomass" for product in balance.products]
    return np.where(activity.used & fuel, activity.burnt() * factor, 0.0)


def _note_worth(
    balance: EnergyBalance, implied: ImpliedValues, tonnes: np.ndarray, against: str, *, used: bool
) -> Iterator[Finding]:
    """Yield for each area and year what its tables imply, and what that is worth in t CO2."""
    for a, y in np.argwhere((tonnes != 0).any(axis=(2, 3))).tolist():
        moved = tonnes[a, y]
        columns = np.argsort(-np.abs(moved.sum(axis=0)), kind="stable").tolist()
        columns = [p for p in columns if moved[:, p].any()]
        products = [_tell_product(balance, implied, (a, y, p), moved[:, p]) for p in columns]
        largest = int(np.argmax(np.abs(moved[:, columns[0]])))
        yield Finding(
            "calorific-values",
            "info" if used else "warning",
            say(
                "the tables of {area} {year} in physical and standard quantity imply the "
                "calorific values used, worth {moved_sum:+,.0f} t CO2 {against}: {products}",
                area=balance.areas[a],
                year=balance.years[y],
                moved_sum=moved.sum(),
                against=against,
                products=name_some(products, _MOST_PRODUCTS, say("more products")),
            )
            if used
            else say(
                "the tables of {area} {year} in physical and standard quantity imply other "
                "calorific values, worth {moved_sum:+,.0f} t CO2 {against}: {products}",
                area=balance.areas[a],
                year=balance.years[y],
                moved_sum=moved.sum(),
                against=against,
                products=name_some(products, _MOST_PRODUCTS, say("more products")),
            ),
            balance.locate(a, y, largest, columns[0]),
            "" if used else say("--calorific-values tables uses them"),
        )


def _tell_product(
    balance: EnergyBalance,
    implied: ImpliedValues,
    where: tuple[int, int, int],
    tonnes: np.ndarray,
) -> str:
    """Return a product with its worth and its calorific values, in GJ/t or MJ/m3."""
    a, y, p = where
    unit = str(balance.amounts["unit"].values[p])
    per, scale = ("MJ/m3", 1e3) if unit == "m3" else (f"GJ/{unit}", 1.0)
    energy = implied.calorific_values().values[a, y, :, p] * scale
    flows = np.argsort(-np.abs(tonnes), kind="stable").tolist()
    flows = [f for f in flows if tonnes[f] and not np.isnan(energy[f])]
    shown = [f"{balance.flows[f]} {energy[f]:.2f}" for f in flows]
    if flows and not np.isnan(implied.constants.values[a, y, p]):
        shown = [f"{energy[flows[0]]:.2f}"]
    values = (
        say(" ({shown}, {per})", shown=name_some(shown, _MOST_FLOWS, say("more flows")), per=per)
        if flows
        else ""
    )
    return f"{balance.products[p]} {tonnes.sum():+,.0f}{values}"
