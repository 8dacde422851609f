"""What a table measures, in the unit in which a product is kept: volume to mass, gross to net.

A litre of petrol is mass through a density, gross calorific energy is net energy through a
ratio. Both are published numbers, tables under ``factors/vocabulary``; where there is none the
unit does not fit. What was converted so is a finding.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from carbonacct import vocabulary
from carbonacct.answers import may_keep
from carbonacct.data import data_folder, read_rows
from carbonacct.texts import say
from carbonacct.units import conversion_factor, measures_energy, parse_unit

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

Basis = Literal["", "gross", "net"]
_GROSS = " GCV"
_OF_LIQUIDS = ("gallon", "barrel")
_GASES = frozenset({"gas", "coal_gas"})


class UnitConversion(NamedTuple):
    """Unit in which a product is kept, and how many of it one printed unit is.

    ``source`` is the published number that it takes, if any; ``is_left_out`` says that gross
    energy of this product has no ratio and burns in no method, so that its cells are not used.
    """

    unit: str
    scale: float
    source: str = ""
    is_left_out: bool = False


@lru_cache(maxsize=4096)
def convert(product: str, unit: str) -> UnitConversion | None:
    """Return how a printed unit becomes the unit in which a product is kept; None if it does not.

    Parameters
    ----------
    product
        Id of a product.
    unit
        An expression of the registry; ``""`` is the product's own unit.

    Examples
    --------
    >>> convert("raw_coal", "1e4 t").scale, convert("raw_coal", "1e4 tce").unit
    (10000.0, 'tce')
    >>> convert("natural_gas", "TJ GCV").scale
    900.0
    >>> convert("gasoline", "kL").scale, convert("ethanol", "kL")
    (0.74019..., None)
    """
    own = vocabulary.products()[product].unit
    if not unit:
        return UnitConversion(own, 1.0)
    if own == "kWh" or vocabulary.is_electricity_or_heat(product):
        unit = unit.removesuffix(_GROSS)  # of one basis only
    if unit.endswith(_OF_LIQUIDS) and vocabulary.products()[product].group in _GASES:
        return None  # gas in gallons is petrol, or a liquefied gas
    kept = "tce" if unit.endswith("ce") else own if same_dimension(unit, own) else "GJ"
    if same_dimension(unit, kept):
        return UnitConversion(kept, conversion_factor(unit, kept))
    if unit.endswith(_GROSS):
        return _from_gross(product, unit)
    if same_dimension(unit, "m3") and own == "t" and product in _densities():
        volume, item, reference = _densities()[product]
        source = f"{1 / volume:.3f} t/m3 ({reference}: {item}, {volume:g} m3/t)"
        return UnitConversion(own, conversion_factor(unit, "m3") / volume, source)
    return None


def printed_scale(product: str, unit: str) -> float:
    """Return how many of the unit in which a product is kept one printed unit is.

    Examples
    --------
    >>> printed_scale("raw_coal", "1e4 t"), printed_scale("raw_coal", "")
    (10000.0, 1.0)
    """
    conversion = convert(product, unit)
    return conversion.scale if conversion else 1.0


def _from_gross(product: str, unit: str) -> UnitConversion | None:
    scale = conversion_factor(unit, f"GJ{_GROSS}")
    kind = vocabulary.products()[product]
    ratio, reference = _ratios().get(product) or _ratios().get(kind.group) or (0.0, "")
    if ratio:
        return UnitConversion("GJ", scale * ratio, f"{ratio:g} ({reference})")
    burns_nowhere = kind.group in {"total", "biomass"} or kind.unit == "tce"
    return UnitConversion("GJ", scale, is_left_out=True) if burns_nowhere else None


def why_not(product: str, unit: str) -> str:
    """Return why a unit does not measure a product, as a clause, or an empty string.

    Examples
    --------
    >>> why_not("ethanol", "kL")
    'there is no checked density of ethanol: give tonnes, or energy, or pass it over in a mapping file'
    """
    if unit.endswith(_GROSS):
        return say(
            "there is no ratio of net to gross calorific value for {product}: give net energy",
            product=product,
        )
    kind = vocabulary.products()[product]
    is_liquid = kind.group not in {"coal", "peat", "total"} and kind.unit == "t"
    if is_liquid and same_dimension(unit, "m3"):
        return say(
            "there is no checked density of {product}: give tonnes, or energy, "
            "or pass it over in a mapping file",
            product=product,
        )
    return ""


def on_basis(product: str, unit: str, printed_basis: Basis) -> str:
    """Return a unit of energy on the basis that the table says, or that the unit itself implies.

    Electricity, heat and coal equivalent have one basis only.

    Examples
    --------
    >>> on_basis("natural_gas", "1e3 toe", "gross"), on_basis("electricity", "GWh", "gross")
    ('1e3 toe GCV', 'GWh')
    >>> on_basis("diesel", "1e12 Btu", ""), on_basis("diesel", "1e12 Btu", "net")
    ('1e12 Btu GCV', '1e12 Btu')
    """
    own = vocabulary.products()[product].unit
    if unit.endswith("ce") or own in {"kWh", "GJ"} or not measures_energy(unit):
        return unit
    basis = printed_basis or ("gross" if _implies_gross(unit) else "")
    return unit + _GROSS if basis == "gross" else unit


def find_bases(texts: Iterable[str]) -> dict[Basis, str]:
    """Return the bases of energy that texts name, each with the first text that does.

    Examples
    --------
    >>> find_bases(["Table 1.1 Energy balance (gross calorific value basis)"]).keys()
    dict_keys(['gross'])
    """
    found: dict[Basis, str] = {}
    for text in texts:
        if len(text) > 2 and (basis := basis_of(text)):
            found.setdefault(basis, text)
    return found


@lru_cache(maxsize=65536)
def basis_of(text: str) -> Basis:
    """Return the basis of energy that a text names, or an empty string."""
    match = _words().search(text)
    return "" if match is None else "gross" if match.lastgroup == "gross" else "net"


@cache
def _words() -> re.Pattern[str]:
    rows = [row for row in read_rows(_vocabulary("bases")) if row["kind"] == "text"]
    patterns = (
        f"(?P<{basis}>{'|'.join(row['pattern'] for row in rows if row['basis'] == basis)})"
        for basis in ("gross", "net")
    )
    return re.compile("|".join(patterns), re.IGNORECASE)


@lru_cache(maxsize=1024)
def _implies_gross(unit: str) -> bool:
    words = (row["pattern"] for row in read_rows(_vocabulary("bases")) if row["kind"] == "unit")
    return unit.rpartition(" ")[2].endswith(tuple(words))


@cache
def _densities() -> dict[str, tuple[float, str, str]]:
    return {
        row["product"]: (float(row["m3_per_t"]), row["item"], row["reference"])
        for row in read_rows(_vocabulary("densities"))
    }


@cache
def _ratios() -> dict[str, tuple[float, str]]:
    """Return the ratios by group of products, or by the total of a group."""
    rows = read_rows(_vocabulary("net_to_gross"))
    return {row["products"]: (float(row["ratio"]), row["reference"]) for row in rows}


def _vocabulary(table: str) -> Path:
    return data_folder() / "vocabulary" / f"{table}.csv"


def fits(product: str, unit: str) -> bool:
    """Return whether a unit can measure a product: its physical quantity, or its energy content.

    Examples
    --------
    >>> fits("raw_coal", "1e4 t"), fits("raw_coal", "1e4 tce"), fits("electricity", "1e4 t")
    (True, True, False)
    """
    return convert(product, unit) is not None


@may_keep
def same_dimension(one: str, other: str) -> bool:
    """Return whether two units measure the same thing.

    Examples
    --------
    >>> same_dimension("1e4 tce", "TJ"), same_dimension("1e4 t", "1e4 tce")
    (True, False)
    """
    return bool(parse_unit(one)[1].dimensionality == parse_unit(other)[1].dimensionality)
