"""The page's words and numbers in Chinese and English; both stand in data, ids never change."""

from __future__ import annotations

import math
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from carbonacct.catalogue import name_unit
from carbonacct.charts.look import STYLE
from carbonacct.inventory.metrics import name_gas

if TYPE_CHECKING:
    from collections.abc import Mapping

FILES = Path(__file__).parent / "files"
LANGUAGES = ("zh", "en")
_ENERGY = {"zh": (1e4 * 29.3076, "万吨标准煤"), "en": (1e6, "PJ")}  # GJ in one of the unit
_MASS = {"zh": (1e4, "万吨"), "en": (1e3, "kt")}


@cache
def _words() -> Mapping[str, Mapping[str, tuple[str, str]]]:
    return tomllib.loads((FILES / "words.toml").read_text(encoding="utf-8"))


@cache
def page_style() -> str:
    """Return the style of a page and of the charts on it."""
    return STYLE.read_text(encoding="utf-8") + (FILES / "page.css").read_text(encoding="utf-8")


def section(name: str, lang: str) -> dict[str, str]:
    """Return the words of one section of words.toml in a language."""
    return {key: pair[LANGUAGES.index(lang)] for key, pair in _words()[name].items()}


def word(key: str, lang: str, **values: object) -> str:
    """Return one of the page's words, ``"section.key"``, with values put in.

    Examples
    --------
    >>> word("headline.of_direct", "en", share="44 %"), word("node.coal", "zh")
    ('44 % of direct emissions', '煤')
    """
    part, _, name = key.partition(".")
    return _words()[part][name][LANGUAGES.index(lang)].format(**values)


def name_category(category: str, lang: str) -> str:
    """Return an IPCC category with its name, or the category alone where it has none here.

    Examples
    --------
    >>> name_category("1.A.3", "en"), name_category("9.Z", "en")
    ('1.A.3 Transport', '9.Z')
    """
    pair = _words()["categories"].get(category)
    return f"{category} {pair[LANGUAGES.index(lang)]}" if pair else category


def name_term(term: str, lang: str) -> str:
    """Return what a factor of an identity is called, or the factor as written.

    Examples
    --------
    >>> name_term("energy/gdp", "zh"), name_term("co2/output", "zh")
    ('能源强度', 'co2/output')
    """
    pair = _words()["terms"].get(term)
    return pair[LANGUAGES.index(lang)] if pair else term


def format_number(value: float, digits: int) -> str:
    """Return a number with separators; one that would round to zero keeps two significant digits.

    Examples
    --------
    >>> format_number(4156.456, 2), format_number(0.00012, 2), format_number(0.0, 2), format_number(float("nan"), 2)
    ('4,156.46', '0.00012', '0', '')
    """
    if math.isnan(value):
        return ""
    if value == 0:
        return "0"
    if abs(value) < 0.5 * 10**-digits:
        return f"{value:.2g}".replace("-", "−")
    return f"{value:,.{digits}f}".replace("-", "−")


def show_gas(gas: str) -> str:
    """Return a gas as it is printed.

    Examples
    --------
    >>> show_gas("CO2"), show_gas("CH4"), show_gas("CO2e AR5GWP100")
    ('CO₂', 'CH₄', 'CO₂e AR5GWP100')
    """
    formula, _, rest = gas.partition(" ")
    return " ".join(
        filter(None, (formula.translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")), rest))
    )


def mass_unit(lang: str, gas: str = "CO2") -> str:
    """Return the unit in which emissions are shown: 万吨 or kt of CO2, t of other gases."""
    unit = _MASS[lang][1] if gas.startswith("CO2") else "t"
    return f"{unit} {name_gas(show_gas(gas), lang)}"


def mass_scale(lang: str) -> float:
    """Return the tonnes in one unit of :func:`mass_unit` of CO2."""
    return _MASS[lang][0]


def ten_thousand(currency: str, lang: str = "en") -> str:
    """Return ten thousand of a currency, in its own script; the year of its prices as the language writes it.

    Examples
    --------
    >>> ten_thousand("元"), ten_thousand("yuan"), ten_thousand("元, 2007年价", "zh")
    ('万元', '10⁴ yuan', '万元（2007年价）')
    """
    unit = f"10⁴ {currency}" if currency[:1].isascii() else f"万{currency}"
    return name_unit(unit, lang)


def format_mass(value: float, lang: str, gas: str = "CO2", *, short: bool = False) -> str:
    """Return tonnes as they are shown, without the unit; ``short`` leaves decimals out from 100 on.

    Examples
    --------
    >>> format_mass(41564560.4, "zh"), format_mass(41564560.4, "en"), format_mass(3.26, "en", "CH4")
    ('4,156.46', '41,564.6', '3.3')
    """
    if not gas.startswith("CO2"):
        return format_number(value, 1)
    return _format(value / _MASS[lang][0], lang, short=short)


def format_signed(value: float, lang: str) -> str:
    """Return a change in tonnes of CO2 with its sign.

    Examples
    --------
    >>> format_signed(41564.4, "en"), format_signed(-41564.4, "zh")
    ('+41.6', '−4.16')
    """
    text = format_mass(value, lang)
    return f"+{text}" if value > 0 else text


def format_energy(value: float, lang: str, *, short: bool = False) -> str:
    """Return GJ as they are shown: 万吨标准煤 in Chinese, PJ in English; ``short`` leaves decimals out from 100 on."""
    return _format(value / _ENERGY[lang][0], lang, short=short)


def _format(value: float, lang: str, *, short: bool) -> str:
    return format_number(value, 0 if short and abs(value) >= 100 else 2 if lang == "zh" else 1)


def energy_unit(lang: str) -> str:
    """Return the unit of :func:`format_energy`."""
    return _ENERGY[lang][1]


def format_share(part: float, whole: float) -> str:
    """Return a share in percent, blank where the whole is nothing or zero.

    Examples
    --------
    >>> format_share(1, 3), format_share(1, 0)
    ('33.3 %', '')
    """
    return (
        format_number(100 * part / whole, 1) + " %"
        if whole and not math.isnan(whole) and not math.isnan(part)
        else ""
    )


def format_change(after: float, before: float) -> str:
    """Return a relative change in percent with its sign.

    Examples
    --------
    >>> format_change(90, 100), format_change(100.5, 100), format_change(100, 100)
    ('−10.0 %', '+0.5 %', '0 %')
    """
    share = format_share(after - before, abs(before))
    return share if not share or share.startswith(("−", "0 ")) else f"+{share}"
