"""The one pint registry: species are dimensions, and Chinese unit names parse.

Carbon, CO2, CH4 and N2O are dimensions of their own, so ``t C`` becomes ``t CO2`` only through
a factor that a method names. The registry knows the units of energy statistics and nothing
else: a word that is not here is an error, never a guess.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from carbonacct.data import data_folder, read_rows
from carbonacct.errors import UnitError

if TYPE_CHECKING:
    import pint

# tce after GB/T 2589-2020, 8.2 (29 307.6 kJ/kgce); toe and the international table calorie after the IEA manual.
_DEFINITIONS = """
milli- = 1e-3 = m-
kilo- = 1e3 = k-
mega- = 1e6 = M-
giga- = 1e9 = G-
tera- = 1e12 = T-
peta- = 1e15 = P-
exa- = 1e18 = E-
meter = [length] = m = metre
second = [time] = s
gram = [mass] = g
cubic_meter = meter ** 3 = m3
liter = 1e-3 * meter ** 3 = l = L
hour = 3600 * second = h
tonne = 1e6 * gram = t
joule = kilogram * meter ** 2 / second ** 2 = J
watt = joule / second = W
watt_hour = watt * hour = Wh
calorie = 4.1868 * joule = cal
ton_coal_equivalent = 29.3076e9 * joule = tce
gram_coal_equivalent = 29.3076e3 * joule = gce
ton_oil_equivalent = 41.868e9 * joule = toe
percent = 0.01
carbon = [carbon] = C
carbon_dioxide = [CO2] = CO2
methane = [CH4] = CH4
nitrous_oxide = [N2O] = N2O
person = [person]
yuan = [money] = CNY
vehicle = [vehicle]
hectare = 1e4 * meter ** 2 = ha
"""

_AMBIGUOUS = {
    "ton": "t (metric tonne), short ton (907.185 kg), long ton (1016.05 kg), tce or toe",
    "tons": "t (metric tonne), short ton (907.185 kg), long ton (1016.05 kg), tce or toe",
    "tn": "t (metric tonne) or short ton (907.185 kg)",
    "吨煤": "吨 (of raw coal) or 吨标准煤",
    "标准吨": "吨 or 吨标准煤",
    "方": "立方米 or 标准立方米",
    "卡": "千卡 or 卡 (4.1868 J)",
    "cal": "kcal or cal",
    "btu": "Btu (international table) or Btu (thermochemical)",
}

# What stands at the end of a Chinese unit name, longest first, and its meaning.
_CHINESE_UNITS = {
    "吨标准煤": "tce", "吨标煤": "tce", "吨煤当量": "tce", "千克标准煤": "kgce", "公斤标准煤": "kgce", "千克标煤": "kgce",
    "吨标准油": "toe", "吨油当量": "toe", "标准立方米": "m3", "标立方米": "m3", "立方米": "m3", "立方": "m3",
    "千瓦小时": "kWh", "千瓦时": "kWh", "千瓦·时": "kWh", "千瓦·小时": "kWh", "兆瓦时": "MWh", "度": "kWh",
    "千焦耳": "kJ", "千焦": "kJ", "兆焦耳": "MJ", "兆焦": "MJ", "吉焦耳": "GJ", "吉焦": "GJ", "太焦": "TJ", "焦耳": "J", "焦": "J",
    "千卡": "kcal", "大卡": "kcal", "千克": "kg", "公斤": "kg", "公吨": "t", "吨": "t",
}  # fmt: skip
_CHINESE_NUMERALS = {"十": 10.0, "百": 1e2, "千": 1e3, "万": 1e4, "亿": 1e8}
_CHINESE = re.compile(f"([十百千万亿]*?)({'|'.join(sorted(_CHINESE_UNITS, key=len, reverse=True))})")

_ENGLISH_UNITS = {
    "tce": "tce", "toe": "toe", "tonsofsce": "tce", "tonofsce": "tce", "tonnesofsce": "tce", "tsce": "tce", "tonsofce": "tce",
    "tonscoalequivalent": "tce", "tonsofstandardcoalequivalent": "tce", "tonsofstandardcoal": "tce",
    "tonnes": "t", "tonne": "t", "metrictons": "t", "metricton": "t", "t": "t", "kg": "kg", "g": "g",
    "cu.m": "m3", "cum": "m3", "cu.m.": "m3", "m3": "m3", "m^3": "m3", "cubicmeters": "m3", "cubicmetres": "m3", "nm3": "m3",
    "kwh": "kWh", "kw.h": "kWh", "mwh": "MWh", "gwh": "GWh", "twh": "TWh", "wh": "Wh",
    "j": "J", "joule": "J", "joules": "J", "kj": "kJ", "kjoule": "kJ", "kilojoules": "kJ", "mj": "MJ", "gj": "GJ", "tj": "TJ",
    "terajoule": "TJ", "terajoules": "TJ", "terajoule(tj)": "TJ", "pj": "PJ", "ej": "EJ", "kcal": "kcal", "gcal": "Gcal",
    "kgce": "kgce", "gce": "gce", "ktce": "ktce", "mtce": "Mtce", "ktoe": "ktoe", "mtoe": "Mtoe", "kt": "kt", "gg": "Gg",
    "tn": "t", "tons": "t", "ton": "t",
}  # fmt: skip
_ENGLISH_NUMERALS = {"thousand": 1e3, "million": 1e6, "billion": 1e9}
# The power of ten: 10^4, 10**4, 10E4, "104" whose superscript was lost, or a plain number such as 10000.
_POWER = re.compile(r"^(?:10(?:\^|\*\*|e)?(?P<power>[3-9]|1[0-2])(?=[^\d,.])|(?P<number>\d[\d,]*))?"
                    r"(?P<word>thousand|million|billion)?(?P<unit>.*)$")  # fmt: skip


@cache
def registry() -> pint.UnitRegistry[Any]:
    """Return the registry; every quantity of this package belongs to it.

    Examples
    --------
    >>> ureg = registry()
    >>> ureg.Quantity(1, "tce").to("GJ").magnitude
    29.3076
    >>> ureg.Quantity(1, "t C").is_compatible_with("t CO2")
    False
    """
    import pint  # noqa: PLC0415 - a command that needs no unit starts without it

    ureg: pint.UnitRegistry[Any] = pint.UnitRegistry(None, autoconvert_offset_to_baseunit=False)
    ureg.load_definitions(_DEFINITIONS.strip().splitlines())
    _define_nouns(ureg)
    ureg.formatter.default_format = "~P"
    ureg.formatter.default_sort_func = lambda units, _: units  # t·CO2, as it is said, not CO2·t
    return ureg


# ---- Nouns: what a mass is a mass of, or what is counted. Each is a dimension of its own.


@cache
def nouns() -> dict[str, str]:
    """Return what may stand behind a mass or be counted, with its kind: gases, elements, goods, beings.

    Examples
    --------
    >>> nouns()["clinker"], nouns()["HFC23"]
    ('good', 'gas')
    """
    return {row["id"]: row["kind"] for row in read_rows(data_folder() / "vocabulary" / "nouns.csv")}


def _define_nouns(ureg: pint.UnitRegistry[Any]) -> None:
    if "yr" not in ureg:
        ureg.define("yr = 1")  # amounts are annual amounts
    for noun in map(_plain, nouns()):
        if noun not in ureg:
            ureg.define(f"{noun} = [{noun}]")


def _plain(noun: str) -> str:
    """Return a noun as pint can read it: N2O-N would be a difference."""
    return noun.replace("-", "_")


@cache
def _measured_mass() -> re.Pattern[str]:
    words = "|".join(re.escape(noun) for noun in sorted(nouns(), key=len, reverse=True))
    return re.compile(rf"\b(\w*[gt])\s+({words})\b")


@lru_cache(maxsize=4096)
def parse_unit(expression: str) -> tuple[float, Any]:
    """Return the number and the unit of an expression such as ``"1e4 t"`` or ``"t CO2/TJ"``.

    Parameters
    ----------
    expression
        A unit in the registry's own words; a gas or carbon may follow a mass (``"kg CO2/TJ"``).

    Raises
    ------
    UnitError
        If a word is not a unit.

    Examples
    --------
    >>> scale, _ = parse_unit("kJ/(1e4 m3)")
    >>> scale
    0.0001
    """
    ureg = registry()
    # pint reads "t CO2/t C" as t * CO2 / t * C: bind what is measured to its mass first.
    bound = _measured_mass().sub(lambda mass: f"({mass[1]}*{_plain(mass[2])})", expression)
    try:
        quantity = ureg.parse_expression(bound) if bound != "dimensionless" else ureg.Quantity(1.0)
        quantity = ureg.Quantity(quantity)
    except Exception as error:  # noqa: BLE001 - pint raises many kinds, and none is for a user
        raise UnitError(f"{expression!r} is not a unit known here ({error})") from None
    return float(quantity.magnitude), quantity.units


@lru_cache(maxsize=4096)
def conversion_factor(unit: str, to: str) -> float:
    """Return the number of ``to`` in one ``unit``; both may carry a power of ten.

    Raises
    ------
    UnitError
        If the two do not measure the same thing.

    Examples
    --------
    >>> conversion_factor("1e10 kJ", "GJ")
    10000.0
    >>> conversion_factor("t C", "t CO2")
    Traceback (most recent call last):
        ...
    carbonacct.errors.UnitError: t C cannot be turned into t CO2: they do not measure the same thing
    """
    scale, source = parse_unit(unit)
    target_scale, target = parse_unit(to)
    if source.dimensionality != target.dimensionality:
        raise UnitError(f"{unit} cannot be turned into {to}: they do not measure the same thing")
    ratio = registry().Quantity(1.0, source).to(target).magnitude * scale / target_scale
    rounded = float(f"{ratio:.15g}")  # 1e4 and not 9999.999999999998: unit ratios are short decimals
    return rounded if abs(rounded - ratio) <= abs(ratio) * 1e-14 else float(ratio)


@cache
def _irregular() -> dict[str, str]:
    return {fold_unit(row["spelling"]): row["unit"] for row in read_rows(data_folder() / "vocabulary" / "units.csv")}


def fold_unit(text: str) -> str:
    """Return a printed unit without spaces, brackets, case and full-width forms."""
    text = unicodedata.normalize("NFKC", text.replace("_x000D_", "")).lower()
    text = re.sub(r"[\s•·∙・*]+(?=h)", ".", text)
    return re.sub(r"\s+", "", text).strip("()[]:;,、")


@lru_cache(maxsize=4096)
def read_unit(text: str) -> str:
    """Return the unit that a table prints, as an expression of the registry.

    Parameters
    ----------
    text
        As printed: ``"万吨"``, ``"(108 cu.m)"`` (whose superscript was lost), ``"百亿千焦"``.

    Raises
    ------
    UnitError
        If the word is unknown, or has two meanings.

    Examples
    --------
    >>> read_unit("（万吨标煤）"), read_unit("万百万千焦"), read_unit("104 tn"), read_unit("1010 kJ")
    ('1e4 tce', '1e10 kJ', '1e4 t', '1e10 kJ')
    >>> read_unit("ton")
    Traceback (most recent call last):
        ...
    carbonacct.errors.UnitError: 'ton' has more than one meaning: t (metric tonne), short ton (907.185 kg), ...
    """
    word = fold_unit(text)
    if word in _irregular():
        return _irregular()[word]
    if word in _AMBIGUOUS:
        raise UnitError(f"{text.strip()!r} has more than one meaning: {_AMBIGUOUS[word]}")
    if match := _CHINESE.fullmatch(word):
        scale = 1.0
        for numeral in match[1]:
            scale *= _CHINESE_NUMERALS[numeral]
        return _expression(scale, _CHINESE_UNITS[match[2]])
    match = _POWER.match(word)
    if match and match["unit"] in _ENGLISH_UNITS:
        scale = 10.0 ** int(match["power"]) if match["power"] else float((match["number"] or "1").replace(",", ""))
        return _expression(scale * _ENGLISH_NUMERALS.get(match["word"] or "", 1.0), _ENGLISH_UNITS[match["unit"]])
    raise UnitError(f"{text.strip()!r} is not a unit known here; say it in a mapping file (kind unit)")


def is_unit(text: str) -> bool:
    """Return whether a printed word can be read as a unit."""
    try:
        read_unit(text)
    except UnitError:
        return False
    return True


def is_ambiguous(text: str) -> bool:
    """Return whether a printed word is a unit with more than one meaning."""
    return fold_unit(text) in _AMBIGUOUS


def _expression(scale: float, unit: str) -> str:
    if scale == 1:
        return unit
    exponent = len(f"{scale:.0f}") - 1
    return f"1e{exponent} {unit}" if scale == 10.0**exponent else f"{scale:g} {unit}"
