"""What a heading says by itself: what its column holds, or a year."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from carbonacct import vocabulary
from carbonacct.characters import simplify
from carbonacct.data import data_folder, read_rows
from carbonacct.sheets.marks import split_flags
from carbonacct.sheets.values import printed
from carbonacct.units import INVISIBLE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from carbonacct.sheets.raw_sheets import Cell

FIRST_YEAR, LAST_YEAR = 1949, 2100
_TOTAL, _SUBTOTAL, _GROUP = "total", "subtotal", "group"
_FORECAST = "f"  # 2030F
_NOT_FINAL = re.compile(  # 2020 provisional, 2019年（快报数）
    r"\s*[(（]?(?:(?:provisional|preliminary|prelim|revised|estimated?|est)[.]?"
    r"|(?:快报|初步|初步核算|最终核实|核实|修订|调整)数?)[)）]?$",
    re.IGNORECASE,
)
_NOTED = re.compile(  # 2019-20 (P), 2020 (1), 2020/21*
    r"(?P<year>(?:FY\s?)?(?:19|20)\d\d(?:\s?[-–—/]\s?\d{2}(?:\d{2})?)?)"
    r"\s*(?:[(\[](?P<note>[^()\[\]]{1,12})[)\]]|(?P<flag>\*{1,3}|\s[a-z]))",
    re.IGNORECASE,
)
LAST_MONTH = 12
# In a column of areas: the area of the title as a whole.
WHOLE_AREAS = frozenset({"全省", "全区", "全县", "全州", "全市", "全域", "totalcity", "wholecity"})

_YEAR_END = re.compile(
    r"(?P<first>(?:19|20)\d\d)(?:[-/.]12(?:[-/.]31)?|年12月(?:31日)?)(?:[ T]00:00(?::00)?)?"
    r"|(?:12/(?:31/)?|31[/.]12[/.]|Dec(?:ember)?[- ])(?P<last>(?:19|20)\d\d)",
    re.IGNORECASE,
)
_FISCAL = re.compile(
    r"(?P<mark>(?:FY|F\.Y\.|Fiscal Year|Financial Year)\s?['’]?)?"
    r"(?P<first>(?:19|20)?\d\d)(?:\s?[-–—/]\s?(?P<last>(?:(?:19|20)\d\d|\d\d)))?",
    re.IGNORECASE,
)
_ERA = re.compile(r"(?P<era>昭和|平成|令和|民国)(?P<count>元|\d{1,3})年度?")
_ERAS = {"昭和": 1925, "平成": 1988, "令和": 2018, "民国": 1911}  # the year before the first
_YEAR = re.compile(r"(?<!\d)(19[5-9]\d|20\d\d)(?!\d|s\b|年代)")  # the 1980s are no year
_DIGITS = "〇一二三四五六七八九"
_WRITTEN_YEAR = re.compile(  # 一九八五年, as yearbooks wrote until the 1990s
    r"(?<![〇○零一二三四五六七八九十])(?:一九|二[〇○零])[〇○零一二三四五六七八九]{2}(?=年(?!代))"
)


@cache
def _column_words() -> dict[str, str]:
    rows = read_rows(data_folder() / "vocabulary" / "column_words.csv")
    return {vocabulary.fold(word): row["kind"] for row in rows for word in row["words"].split("|")}


@cache
def total_words() -> frozenset[str]:
    """Return what a row or column is called that holds all others together, folded.

    Examples
    --------
    >>> "合计" in total_words(), "summe" in total_words(), "raw coal" in total_words()
    (True, True, False)
    """
    return _words_of(_TOTAL) | subtotal_words()


@cache
def subtotal_words() -> frozenset[str]:
    """Return what a row or column is called that holds some of the others together, folded.

    Examples
    --------
    >>> "小计" in subtotal_words(), "合计" in subtotal_words()
    (True, False)
    """
    return _words_of(_SUBTOTAL)


@cache
def group_words() -> frozenset[str]:
    """Return what a heading over products is called that says of no product which it is, folded.

    Examples
    --------
    >>> "fossilfuels" in group_words(), "oilproducts" in group_words()
    (True, False)
    """
    return _words_of(_GROUP)


@cache
def whole_words() -> frozenset[str]:
    """Return what a row that holds all others is called, folded: a total, or the area as a whole.

    Examples
    --------
    >>> {"合计", "全市", "全市合计"} <= whole_words(), "市辖区" in whole_words()
    (True, False)
    """
    areas = {f"{area}{total}" for area in WHOLE_AREAS for total in total_words()}
    return total_words() | WHOLE_AREAS | areas


def names_part(area: str) -> bool:
    """Return whether a text in a column of areas names one, and not the area as a whole.

    Examples
    --------
    >>> names_part("渝中区"), names_part("全市"), names_part("全国合计"), names_part("")
    (True, False, False, False)
    """
    return bool(area) and vocabulary.fold(area).removeprefix("全国") not in whole_words()


@cache
def _words_of(wanted: str) -> frozenset[str]:
    return frozenset(word for word, kind in _column_words().items() if kind == wanted)


def column_word(text: str) -> str | None:
    """Return what a header says that its column holds (``"area"``, ``"unit"`` ...), or None.

    Examples
    --------
    >>> column_word("地区"), column_word("TIME_PERIOD"), column_word("原煤")
    ('area', 'year', None)
    """
    word = _column_words().get(vocabulary.fold(text))
    return None if word in {_TOTAL, _SUBTOTAL, _GROUP} else word


def heading_of(text: str) -> str | None:
    """Return what a column of a heading holds, also where it is in two languages.

    Examples
    --------
    >>> heading_of("单位 Unit"), heading_of("水泥 Cement")
    ('unit', None)
    """
    words = {column_word(part) for part in vocabulary.split_scripts(vocabulary.fold(text))} - {None}
    return column_word(text) or (words.pop() if len(words) == 1 else None)


def year_of(cell: object) -> int | None:
    """Return the year that a cell is, or None.

    Examples
    --------
    >>> year_of(2007.0), year_of("2012年"), year_of(130.2), year_of("2015-2020")
    (2007, 2012, None, None)
    >>> year_of("FY2019"), year_of("2019-20"), year_of("平成30年度")
    (2019, 2019, 2018)
    >>> year_of("2019年（快报数）"), year_of("2020年预计"), year_of("2019年1-12月"), year_of("2019年1-6月")
    (2019, None, 2019, None)
    >>> year_of("2022 p"), year_of("2030F")
    (2022, None)
    """
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return int(cell) if FIRST_YEAR <= cell <= LAST_YEAR and cell == cell // 1 else None
    return _year_of_text(cell) if isinstance(cell, str) and 4 <= len(cell) <= 20 else None


@lru_cache(maxsize=65536)
def _year_of_text(cell: str) -> int | None:
    year, flags = split_flags(INVISIBLE.sub("", cell).strip())  # 2022 p
    if flags.lower() == _FORECAST:
        return None
    text = _in_digits(unicodedata.normalize("NFKC", _NOT_FINAL.sub("", year)).strip())
    noted = _NOTED.fullmatch(text)
    if noted and _is_note(noted["note"] or noted["flag"]):
        text = noted["year"]
    match = re.fullmatch(
        r"((?:19|20)\d\d)(?:年度?|年0?1月?[-–—~至]12月份?(?:累计)?)?(?:\.0)?", text
    )
    return int(match[1]) if match else fiscal_year(text) or _year_of_era(text)


def find_years(row: Iterable[Cell]) -> dict[int, int]:
    """Return the year of each column that a row of a head names one for.

    Examples
    --------
    >>> find_years(["指标", "2018年", 2019.0, None])
    {1: 2018, 2: 2019}
    """
    years = ((at, year_of(cell) or year_of(printed(cell))) for at, cell in enumerate(row))
    return {at: year for at, year in years if year}


def _is_note(text: str) -> bool:
    """Return whether what stands behind a year is the number of a note or a flag: p, (1), *."""
    return text.strip().isdigit() or bool(split_flags(f"1 {text.strip().lower()}")[1])


@lru_cache(maxsize=4096)
def fiscal_year(text: str) -> int | None:
    """Return the year in which a fiscal year begins, or the one that it is called by if it names no other.

    None if the text is none.

    Examples
    --------
    >>> fiscal_year("2019-20"), fiscal_year("FY 2019/2020"), fiscal_year("FY2019"), fiscal_year("FY20")
    (2019, 2019, 2019, 2020)
    >>> fiscal_year("2019-21"), fiscal_year("2019"), fiscal_year("2019-2020")
    (None, None, None)
    """
    match = _FISCAL.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if match is None:
        return None
    first = int(match["first"]) + (2000 if len(match["first"]) == 2 else 0)
    last = match["last"]
    # 2019-20 and 2019/2020 are one year, 2019-21 are not, and 2019-2020 may be two.
    is_next = not last or (first + 1) % 10 ** len(last) == int(last)
    is_period = last and len(last) == 4 and "/" not in text
    is_marked = match["mark"] or (last and len(match["first"]) == 4 and not is_period)
    return first if is_next and is_marked else None


def _year_of_era(text: str) -> int | None:
    """Return the year that a text counts in an era of Japan or from the founding of the Republic of China."""
    match = _ERA.fullmatch(simplify(text))
    if match is None:
        return None
    count = 1 if match["count"] == "元" else int(match["count"])
    return _ERAS[match["era"]] + count


def end_of_year(cell: object) -> int | None:
    """Return the year whose last day, or last month, a cell names, as exports of annual series date them; or None.

    Examples
    --------
    >>> end_of_year("2015-12-31"), end_of_year("2015年12月"), end_of_year("12/2015"), end_of_year("2015-06-30")
    (2015, 2015, 2015, None)
    """
    if isinstance(cell, date):
        return cell.year if cell.month == LAST_MONTH else None
    match = _YEAR_END.fullmatch(cell.strip()) if isinstance(cell, str) else None
    return int(match["first"] or match["last"]) if match else None


def years_in(text: str) -> list[int]:
    """Return the years that stand in a text.

    Examples
    --------
    >>> years_in("6-22 重庆能源平衡表(实物量)-2007"), years_in("一九八五年工业能源消费"), years_in("gas_1980s")
    ([2007], [1985], [])
    """
    return [int(found) for found in _YEAR.findall(_in_digits(unicodedata.normalize("NFKC", text)))]


def _in_digits(text: str) -> str:
    """Return a text with its years in digits: 一九八五年 is 1985年, 二○○五年 2005年."""
    return _WRITTEN_YEAR.sub(lambda found: "".join(map(_digit, found[0])), text)


def _digit(character: str) -> str:
    return str(max(_DIGITS.find(character), 0))  # ○ and 零 are zero as well
