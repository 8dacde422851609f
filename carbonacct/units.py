"""The one pint registry: species are dimensions, and Chinese unit names parse.

Carbon, CO2, CH4 and N2O are dimensions of their own, so ``t C`` becomes ``t CO2`` only through
a factor that a method names. The registry knows the units of energy statistics and nothing
else: a word that is not here is an error, never a guess. What tables print for a unit stands in
``factors/vocabulary``: ``unit_words.csv``, ``ambiguous_units.csv`` and, irregular, ``units.csv``.
"""

from __future__ import annotations

import math
import re
import unicodedata
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from carbonacct.answers import may_keep
from carbonacct.characters import simplify
from carbonacct.data import data_folder, read_rows
from carbonacct.errors import UnitError
from carbonacct.libraries import take_in
from carbonacct.texts import say

if TYPE_CHECKING:
    import pint

# tce after GB/T 2589-2020, 8.2 (29 307.6 kJ/kgce); toe and the international table calorie after
# the IEA manual.
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
gross_calorific_value = [gross_calorific_value] = GCV
british_thermal_unit = 1055.05585262 * joule = Btu
therm = 1e5 * british_thermal_unit
barrel_of_oil_equivalent = 5.8e6 * british_thermal_unit = boe
short_ton = 907.18474e3 * gram
long_ton = 1016.0469088e3 * gram
cubic_foot = 0.028316846592 * meter ** 3
us_gallon = 3.785411784e-3 * meter ** 3
imperial_gallon = 4.54609e-3 * meter ** 3
barrel = 0.158987294928 * meter ** 3
person = [person]
yuan = [money] = CNY
vehicle = [vehicle]
hectare = 1e4 * meter ** 2 = ha
mu = hectare / 15
weight_case = 50 * kilogram
"""

_NUMERALS = {
    "十": 10.0,
    "百": 1e2,
    "千": 1e3,
    "万": 1e4,
    "亿": 1e8,
    "hundred": 1e2,
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
    "trillion": 1e12,
    "quadrillion": 1e15,
    "mio": 1e6,
    "mrd": 1e9,
    "millones": 1e6,
    "milhões": 1e6,
    "milhoes": 1e6,
    "miles": 1e3,
    "milliers": 1e3,
    "tausend": 1e3,
    "duizend": 1e3,
    "tusen": 1e3,
    "bin": 1e3,
    "milyon": 1e6,
    "tys.": 1e3,
    "tys": 1e3,
    "tis.": 1e3,
    "mln.": 1e6,
    "mln": 1e6,
    "ribu": 1e3,
    "juta": 1e6,
    "ezer": 1e3,
    "миллион": 1e6,
    "тысяч": 1e3,
    "тыс.": 1e3,
    "тыс": 1e3,
    "млн.": 1e6,
    "млн": 1e6,
    "млрд.": 1e9,
    "млрд": 1e9,
    "천": 1e3,
    "백만": 1e6,
}
# The power of ten: 10^4, 10**4, 10E4, "104" whose superscript was lost, 1e4, or 10000; 2019 MWh is
# an amount, or a year and a unit.
_POWER = re.compile(
    r"10(?:\^|\*\*|e)?(?P<power>[3-9]|1[0-5])(?=[^\d,.])"
    r"|(?P<number>1(?:,?0)*(?:\.0+)?(?:e\+?\d{1,2})?)(?!\d)"
)
_WORD = re.compile("|".join(map(re.escape, sorted(_NUMERALS, key=len, reverse=True))))
# What cannot be seen.
INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")
# A numeral behind its unit: "Metric tons,  thousand", "kWh mn"; th behind watt hours is thermal.
_NUMERAL_BEHIND = re.compile(
    r"(\S[^,]{0,40}?)(?:,\s*(hundred|thousand|million|billion)|\s+(mn|bn)|(?<!h)\s+(th))$",
    re.IGNORECASE,
)
# (in ktoe), (en miles de tep), w TJ
_IN = re.compile(r"^\s*(?:(?:expressed |expresado )?(?:in|en|em|w))\s+(?=\S)", re.IGNORECASE)
_SHORT_NUMERALS = {"th": "thousand", "mn": "million", "bn": "billion"}
_TWICE = re.compile(r"\s*([^()（）]+?)\s*[(（]([^()（）]+)[)）]\s*")  # Gigawatt hours (GWh)
# Amounts are those of a year, whatever the language of the table: MWh/rok, GWh/år.
_PER_YEAR = re.compile(
    r"(?:(?:/|per)(?:years?|yr|annum|a|年|an|ano|anno|año|jahr|jaar|år|rok|god|yıl|év|год)|p\.?a\.?)$"
)
# A basis of energy that stands in the unit: TJ-gross, GWh (GCV), ktoe NCV, 吉焦(高位).
_BASIS = re.compile(
    r"[-_,;/(.]*(?:(?P<gross>gross|gcv|hhv|pcs|高位|总热值)|(?P<net>net|ncv|lhv|pci|低位|净热值))"
    r"(?:calorificvalue|calorific|heatingvalue|basis|发热量|热值)*\)?$"
)


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
    take_in("pint")
    import pint  # noqa: PLC0415 - a command that needs no unit starts without it

    ureg: pint.UnitRegistry[Any] = pint.UnitRegistry(None)
    ureg.load_definitions(_DEFINITIONS.strip().splitlines())
    _define_nouns(ureg)
    ureg.formatter.default_format = "~P"
    ureg.formatter.default_sort_func = lambda units, _: units  # t·CO2, as it is read, not CO2·t
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
        quantity: Any = ureg.Quantity(ureg.parse_expression(bound))
    except Exception as error:  # noqa: BLE001 - pint raises many kinds, and none is for a user
        words = getattr(error, "unit_names", ())
        raise UnitError(
            say(
                "{expression!r} is not a unit known here ({error})",
                expression=expression,
                error=say("{word!r} is not defined in the unit registry", word=words[0])
                if words
                else error,
            )
        ) from None
    if not quantity.magnitude > 0:  # "1 000 ha" is 1 times 000
        raise UnitError(
            say(
                "{unit!r} is no unit: it is nothing; write its number as 1000 or 1e3",
                unit=expression,
            )
        )
    return float(quantity.magnitude), quantity.units


@may_keep
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
        raise UnitError(
            say(
                "{unit} cannot be turned into {to}: they do not measure the same thing",
                unit=unit,
                to=to,
            )
        )
    ratio = registry().Quantity(1.0, source).to(target).magnitude * scale / target_scale
    # 1e4 and not 9999.999999999998: unit ratios are short decimals
    return float(f"{ratio:.15g}")


@cache
def _irregular() -> dict[str, str]:
    return {fold_unit(row["spelling"]): row["unit"] for row in _rows("units")}


_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def spell_unit(expression: str, lang: str) -> str:
    """Return a unit as tables of a language print it: a power of ten with its exponent raised in English.

    Examples
    --------
    >>> spell_unit("1e4 t", "zh"), spell_unit("1e8 kWh", "zh"), spell_unit("1e4 t", "en")
    ('万吨', '亿千瓦时', '10⁴ t')
    """
    spelt = _chinese().get(expression, expression) if lang == "zh" else expression
    return re.sub(r"^1e(\d+) ", lambda power: f"10{power[1].translate(_RAISED)} ", spelt)


@cache
def _chinese() -> dict[str, str]:
    """Return the Chinese spelling of a unit that stands first in the list."""
    rows = [row for row in _rows("units") if not row["spelling"].isascii()]
    return {row["unit"]: row["spelling"] for row in reversed(rows)}


@cache
def _words() -> dict[str, str]:
    return {fold_unit(row["word"]): row["unit"] for row in _rows("unit_words")}


@cache
def _ambiguous() -> dict[str, str]:
    return {fold_unit(row["word"]): row["meanings"] for row in _rows("ambiguous_units")}


def _rows(table: str) -> list[dict[str, str]]:
    return read_rows(data_folder() / "vocabulary" / f"{table}.csv")


def fold_unit(text: str) -> str:
    """Return a printed unit without spaces, brackets, case, full-width and traditional forms."""
    text = INVISIBLE.sub("", text.replace("_x000D_", ""))
    text = simplify(unicodedata.normalize("NFKC", text).lower())
    text = re.sub(r"[\s•·∙・*]+(?=h)", ".", text)
    return re.sub(r"\s+", "", text).strip("()[]:;,、")


@lru_cache(maxsize=4096)
def read_unit(text: str) -> str:
    """Return the unit that a table prints, as an expression of the registry.

    Parameters
    ----------
    text
        As printed: ``"万吨"``, ``"(108 cu.m)"`` (whose superscript was lost), ``"百亿千焦"``,
        ``"Million tonnes of oil equivalent"``. Gross calorific energy is a basis of its own:
        ``"TJ (GCV)"`` is ``"TJ GCV"``, which no factor of net energy fits.

    Raises
    ------
    UnitError
        If the word is unknown, or has two meanings.

    Examples
    --------
    >>> read_unit("（万吨标煤）"), read_unit("万百万千焦"), read_unit("104 tn"), read_unit("1010 kJ")
    ('1e4 tce', '1e10 kJ', '1e4 t', '1e10 kJ')
    >>> read_unit("1e4 t"), read_unit("trillion Btu"), read_unit("百萬度"), read_unit("TJ-gross")
    ('1e4 t', '1e12 Btu', '1e6 kWh', 'TJ GCV')
    >>> read_unit("Metric tons,  thousand"), read_unit("kWh mn")
    ('1e3 t', '1e6 kWh')
    >>> read_unit("Thousands of tonnes of oil equivalent (ktoe)")
    '1e3 toe'
    >>> read_unit("ton")  # doctest: +ELLIPSIS, +NORMALIZE_WHITESPACE
    Traceback (most recent call last):
        ...
    carbonacct.errors.UnitError: 'ton' has more than one meaning: t (metric tonne), short ton (907.185 kg), ...
    """
    text = _IN.sub("", text)
    if behind := _NUMERAL_BEHIND.fullmatch(text.strip()):
        numeral = (behind[2] or behind[3] or behind[4]).lower()
        text = f"{_SHORT_NUMERALS.get(numeral, numeral)} {behind[1]}"
    if agreed := _read_twice(text):
        return agreed
    word = _PER_YEAR.sub("", fold_unit(text))
    basis = _BASIS.search(word)
    if basis and basis.start():
        expression = _read_word(word[: basis.start()].strip("(["), text)
        return f"{expression} GCV" if basis["gross"] and measures_energy(expression) else expression
    return _read_word(word, text)


def _read_twice(text: str) -> str:
    """Return the unit that a text prints in words and again in brackets; "" if it does not, or they differ."""
    twice = _TWICE.fullmatch(text)
    if not (twice and is_unit(twice[1]) and is_unit(twice[2])):
        return ""
    one, other = read_unit(twice[1]), read_unit(twice[2])
    return one if one == other else ""


def _read_word(word: str, text: str) -> str:
    words, ambiguous = _words(), _ambiguous()
    if word in _irregular():
        return _irregular()[word]
    scale, rest = (1.0, word) if word in ambiguous else split_numerals(word)
    # Yearbooks print 万 tons for metric ones; beside no numeral either ton may be meant.
    if rest in words and not (scale == 1 and rest in ambiguous):
        size, _, unit = words[rest].rpartition(" ")
        return _expression(scale * float(size or 1), unit)
    if rest in ambiguous:
        raise UnitError(
            say(
                "{text!r} has more than one meaning: {meanings}",
                text=text.strip(),
                meanings=ambiguous[rest],
            )
        )
    raise UnitError(
        say(
            "{text!r} is not a unit known here; say it in a mapping file (kind unit)",
            text=text.strip(),
        )
    )


def split_numerals(word: str) -> tuple[float, str]:
    """Return the number in front of a folded unit, 1 where there is none, and the unit."""
    scale, rest, words = 1.0, word, _words()
    if (power := _POWER.match(rest)) and rest not in words:
        digits = power["number"] and power["number"].replace(",", "")
        scale = 10.0 ** int(power["power"]) if power["power"] else float(digits)
        rest = rest[power.end() :]
    while rest not in words and (numeral := _WORD.match(rest)):
        scale, rest = scale * _NUMERALS[numeral[0]], rest[numeral.end() :]
        if rest not in words:  # thousands of tonnes, milhões de kg
            rest = rest.removeprefix("s").removeprefix("of").removeprefix("de").removeprefix("d'")
    return scale, rest


@may_keep
def measures_energy(expression: str) -> bool:
    """Return whether a unit measures net energy (or energy whose basis nothing says)."""
    return bool(parse_unit(expression)[1].dimensionality == parse_unit("J")[1].dimensionality)


def is_unit(text: str) -> bool:
    """Return whether a printed word can be read as a unit."""
    try:
        read_unit(text)
    except UnitError:
        return False
    return True


def is_ambiguous(text: str) -> bool:
    """Return whether a printed word is a unit with more than one meaning."""
    return fold_unit(text) in _ambiguous()


def _expression(scale: float, unit: str) -> str:
    if scale == 1:
        return unit
    exponent = round(math.log10(scale))
    return f"1e{exponent} {unit}" if scale == 10.0**exponent else f"{scale:.15g} {unit}"
