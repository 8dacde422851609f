"""Methods: which editions in which order, which flows burn, and every choice that is ours, as data.

A method is one file, ``factors/methods/<method>.toml``. Nothing in the code knows a method's name.
"""

from __future__ import annotations

import os
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonacct import vocabulary
from carbonacct.errors import FactorDataError, MethodError
from carbonacct.factors.edition_series import load_series
from carbonacct.factors.editions import FactorSource, edition_ids, read_edition
from carbonacct.factors.method import (
    POOL_COUNTS,
    CarbonPool,
    Exclusion,
    FactorCategory,
    ImportedEnergy,
    Method,
    PoolSource,
    Substitute,
    Transformed,
)
from carbonacct.factors.method_faults import find_method_faults, say_unknown
from carbonacct.factors.method_names import (
    find_method_file,
    find_method_id,
    is_own_file,
    list_method_files,
    method_ids,
    read_method,
    shown_file,
)
from carbonacct.factors.road_shares import read_motor_fuels
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def load_method(
    identifier: str | Path | None,
    *,
    overlay: str | Path | None = None,
    allow_unverified: bool = False,
    carbon_pool: str | None = None,
    motor_fuels: str | Path | None = None,
    feedstock_counts: Sequence[str] = (),
) -> Method:
    """Return a method by its id.

    Parameters
    ----------
    identifier
        One of :func:`method_ids`, a name that people give it (:func:`find_method_id`), or a file of
        one's own (a path that ends in ``.toml``), which may extend a method.
    overlay
        A folder with the shape of an edition, asked before all editions of the method.
    allow_unverified
        Also use rows that could not be checked against the document; each leaves a finding.
    carbon_pool
        Which counts of a derived gas and the fuel that it is made of, if not what the method says:
        ``"gas"``, ``"fuel"`` or ``"both"`` (:class:`CarbonPool`).
    motor_fuels
        A file of the shares of motor fuels that burn on the road
        (:func:`carbonacct.factors.road_shares.read_motor_fuels`).
    feedstock_counts
        Products, with their kinds, whose feedstock counts as burnt, beside those that the method
        names.

    Raises
    ------
    MethodError
        If none is named (no method is better than another unasked), there is no such method, it has
        no such pool, or there is no such product.
    FactorDataError
        If the method, one of its editions, the overlay or the shares have faults.

    Examples
    --------
    >>> load_method("ipcc-2006").sources[0].id
    'ipcc-2006'
    """
    if identifier is None:
        raise MethodError(
            say(
                "no method is named; write method= and one of {methods}, or a file of your own",
                methods=join_texts(", ", method_ids()),
            )
        )
    method = _load_file(str(identifier))
    if overlay is not None:
        path = Path(overlay)
        if not path.is_dir():
            raise FactorDataError(
                say(
                    "{overlay}: an overlay is a folder with a source.toml and parameter tables",
                    overlay=overlay,
                )
            )
        if Path(os.path.realpath(path)).name in edition_ids():
            raise FactorDataError(
                say(
                    "{overlay}: an overlay cannot have the name of a published edition; "
                    "rename the folder",
                    overlay=overlay,
                )
            )
        if any(path.glob("*.csv")) or not any(path.glob("*/*.csv")):  # else of other sectors alone
            method = _ask_first(method, read_edition(path))
    if carbon_pool is not None:
        method = replace(method, pool=_choose_pool(method, carbon_pool))
    if motor_fuels is not None:
        method = replace(method, motor_fuels=read_motor_fuels(motor_fuels))
    if unknown := [
        say_unknown("product", one, vocabulary.products())
        for one in feedstock_counts
        if one not in vocabulary.products()
    ]:
        raise MethodError(join_texts("; ", unknown))
    if feedstock_counts:
        method = replace(method, feedstock_counts=(*method.feedstock_counts, *feedstock_counts))
    return replace(method, allow_unverified=True) if allow_unverified else method


def _choose_pool(method: Method, count: str) -> CarbonPool:
    """Return the carbon pool of a method with another choice of what counts."""
    if count not in POOL_COUNTS:
        raise MethodError(
            say(
                "no carbon pool {count!r}; known: {pool_counts}",
                count=count,
                pool_counts=join_texts(", ", POOL_COUNTS),
            )
        )
    if method.pool is None:
        raise MethodError(
            say(
                "{id} counts no gas that is made of another fuel: it has no carbon pool to choose",
                id=method.id,
            )
        )
    if count == "gas" and not method.pool.sources:
        raise MethodError(
            say("{id} does not say which fuels bear the gas; choose fuel or both", id=method.id)
        )
    return replace(method.pool, count=count, reason="as chosen")


# How a factor of emissions, per tonne, cubic metre, tce or energy, meets an activity.
_BY_EMISSION_FACTOR = (
    ("emission_factor",),
    ("coal_equivalent_coefficient", "emission_factor"),
    ("net_calorific_value", "emission_factor"),
)


def _ask_first(method: Method, overlay: FactorSource) -> Method:
    """Return a method that asks an overlay first; its emission factors stand before carbon contents."""
    gases = {row.gas or "CO2" for row in overlay.rows if row.parameter == "emission_factor"}
    chains = {}
    own: tuple[tuple[str, ...], ...] = ()
    for gas, before in method.chains.items():
        first = (
            tuple(chain for chain in _BY_EMISSION_FACTOR if chain not in before)
            if gas in gases
            else ()
        )
        chains[gas] = (*first, *before)
        own += first
    return replace(
        method,
        sources=(overlay, *method.sources),
        chains=chains,
        overlay_chains=tuple(dict.fromkeys(own)),
    )


def _load_file(identifier: str) -> Method:
    """Return a method by its id, one of its names, or its file."""
    if not is_own_file(identifier):
        return _load(find_method_id(identifier))
    path = Path(identifier)
    if path.stem in method_ids():
        raise MethodError(
            say(
                "{file}: {id} is the name of a method that ships; give the file a name of its own",
                file=identifier,
                id=path.stem,
            )
        )
    return replace(_make_method(path), files=tuple(map(str, list_method_files(path))))


@cache
def _load(identifier: str) -> Method:
    return _make_method(find_method_file(identifier))


def _make_method(path: Path) -> Method:
    """Return the method that a file holds, and those that it extends."""
    content = read_method(path)
    own = content["own"]
    faults = [
        say("{file}: {fault}", file=shown_file(path), fault=fault)
        for fault in (
            *(say("{key} is missing", key=key) for key in ("title", "reference") if key not in own),
            *find_method_faults(content),
        )
    ]
    if faults:
        raise FactorDataError(join_texts("\n", faults))
    identifier = path.stem
    feedstock, options = content.get("feedstock", {}), content.get("options", {})
    pool = content.get("carbon_pool")
    return Method(
        id=identifier,
        title=content["title"],
        title_zh=own.get("title_zh", own["title"]),
        kind=content.get("kind", "inventory"),
        reference=content["reference"],
        sources=tuple(source for edition in content["editions"] for source in load_series(edition)),
        chains={
            gas: tuple(tuple(chain) for chain in chains)
            for gas, chains in content["chains"].items()
        },
        roles=content.get("roles", {}),
        substitutes={item["product"]: Substitute(**item) for item in content.get("substitute", ())},
        exclusions=tuple(
            Exclusion(tuple(item["products"]), tuple(item.get("flows", ())), item["reason"])
            for item in content.get("exclude", ())
        ),
        factor_categories=tuple(
            _read_factor_category(item) for item in content.get("factor_categories", ())
        ),
        imported_energy=tuple(
            _read_imported_energy(product, item)
            for product, item in content.get("imported_energy", {}).items()
        ),
        feedstock_from=tuple(feedstock.get("taken_from", ())),
        feedstock_rest=feedstock.get("rest", "others"),
        feedstock_counts=tuple(feedstock.get("counts", ())),
        bunkers_from=content.get("bunkers", {}).get("taken_from", ""),
        assumed=content.get("assumed", {}),
        transformed=tuple(
            Transformed(item["flow"], tuple(item["products"]), item["counts"], item["reason"])
            for item in content.get("transformed", ())
        ),
        pool=_read_pool(pool) if pool else None,
        scale_parts=tuple(options.get("scale_parts", ())),
        standard_quantity=tuple(options.get("standard_quantity", ())),
        prefer=content.get("prefer", {}),
        covers=tuple(options.get("covers", ())),
        covers_reason=options.get("covers_reason", ""),
    )


def _read_factor_category(item: Mapping[str, Any]) -> FactorCategory:
    return FactorCategory(
        flow=item["flow"],
        products=tuple(item.get("products", ())),
        category=item["category"],
        reason=item["reason"],
        parts=item.get("parts", False),
    )


def _read_imported_energy(product: str, item: Mapping[str, Any]) -> ImportedEnergy:
    return ImportedEnergy(
        product=product,
        flows=tuple(item["flows"]),
        parameter=item["parameter"],
        editions=tuple(item["editions"]),
        levels=tuple(item.get("levels", ())),
    )


def _read_pool(item: Mapping[str, Any]) -> CarbonPool:
    return CarbonPool(
        count=item["count"],
        reason=item["reason"],
        gases=tuple(item["gases"]),
        recovered=tuple(item.get("recovered", ())),
        sources=tuple(
            PoolSource(source["flow"], tuple(source["products"]))
            for source in item.get("taken_from", ())
        ),
    )


def pick_sources(method: Method, editions: Sequence[str]) -> tuple[FactorSource, ...]:
    """Return editions by id or series, an overlay of the method first."""
    own = [source for source in method.sources if source.id not in edition_ids()]
    return (*own, *(source for edition in editions for source in load_series(edition)))
