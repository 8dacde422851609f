"""The sentences of the brief in both languages, from ``factors/reports/brief.csv``."""

from __future__ import annotations

from functools import cache

from carbonacct.data import data_folder, read_rows


def phrase(key: str, lang: str, /, **values: object) -> str:
    """Return a sentence of the brief.

    Examples
    --------
    >>> phrase("peak", "zh"), phrase("part", "en", name="Road", value="+3.00")
    ('达峰情况', 'Road (+3.00)')
    """
    return _phrases()[key][lang].format_map(values)


@cache
def _phrases() -> dict[str, dict[str, str]]:
    rows = read_rows(data_folder() / "reports" / "brief.csv")
    return {row["key"]: {"zh": row["zh"], "en": row["en"]} for row in rows}


def unit_of(lang: str) -> tuple[float, str]:
    """Return the tonnes in the unit of tables and charts, and its name."""
    return (1e4, "万吨") if lang == "zh" else (1e3, "kt")


def amount(tonnes: float, lang: str, *, signed: bool = False, like: float | None = None) -> str:
    """Return tonnes as a bureau writes them: 万吨, and 亿吨 where there are many, or where `like` these there are.

    Examples
    --------
    >>> amount(123_456_789.0, "zh"), amount(1_234_567.0, "en"), amount(-20_000.0, "zh", signed=True)
    ('1.23亿吨', '1.23 Mt', '−2.00万吨')
    >>> amount(86_636_048.0, "zh", like=103_480_567.0)
    '0.87亿吨'
    """
    scale, unit = unit_of(lang)
    large, name = (1e8, "亿吨") if lang == "zh" else (1e6, " Mt")
    if abs(tonnes if like is None else like) >= large:
        scale, unit = large, name
    elif lang == "en":
        unit = f" {unit}"
    return f"{write_number(tonnes / scale, 2, signed=signed)}{unit}"


def percent(share: float, *, signed: bool = False) -> str:
    """Return a fraction as percent with one decimal.

    Examples
    --------
    >>> percent(0.1234), percent(-0.05, signed=True)
    ('12.3%', '−5.0%')
    """
    return f"{write_number(100 * share, 1, signed=signed)}%"


def write_number(number: float, digits: int, *, signed: bool = False) -> str:
    """Return a number with so many decimals; what is rounded to zero has no sign.

    Examples
    --------
    >>> write_number(-1234.5, 2), write_number(3.0, 1, signed=True)
    ('−1,234.50', '+3.0')
    >>> write_number(-0.001, 2), write_number(-0.001, 2, signed=True), write_number(0.001, 2, signed=True)
    ('0.00', '0.00', '0.00')
    """
    is_zero = float(f"{number:.{digits}f}") == 0
    sign = "+" if signed and not is_zero else ""
    return f"{0.0 if is_zero else number:{sign},.{digits}f}".replace("-", "−")
