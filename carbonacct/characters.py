"""One word for one word, wherever it is printed.

Traditional Chinese characters become simplified ones, English words lose their endings.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from carbonacct.data import data_folder, read_rows

_HERE = re.compile(r"本(?:自治[区州县]|地区|[省市区县州])|全[省市区县州]")
# 国外 is abroad, and 外国 too.
_ELSEWHERE = re.compile(r"外(?:自治区|地区|[省市区县州])+|[省市区县州]外")
_CJK = re.compile(r"[\u3400-\u9fff]")
_ENDS_CHINESE = re.compile(r"[\u3400-\u9fff)]$")
_SHORT_WORD = 4  # characters: 生产 is the use of producers as well


@cache
def _simplified() -> dict[int, str]:
    rows = read_rows(data_folder() / "vocabulary" / "traditional.csv")
    return str.maketrans({row["traditional"]: row["simplified"] for row in rows})


@cache
def _traditional() -> frozenset[str]:
    return frozenset(map(chr, _simplified()))


def simplify(text: str) -> str:
    """Return a text in simplified characters, as ``factors/vocabulary/traditional.csv`` pairs them.

    Examples
    --------
    >>> simplify("輕柴油"), simplify("百萬度"), simplify("Diesel")
    ('轻柴油', '百万度', 'Diesel')
    """
    # Most texts hold none of these characters, and to translate takes far longer than to look.
    return text if _traditional().isdisjoint(text) else text.translate(_simplified())


_WORD = re.compile(r"[a-z]+")
_NUMBER_BEFORE = re.compile(r"^\W*(?:\d+(?:\.\d+)*|[ivx]+)[.)]\s*")


def same_script(one: str, other: str) -> bool:
    """Return whether two labels are of one script: what is not may be a translation.

    Examples
    --------
    >>> same_script("工业", "煤"), same_script("工业", "Industry")
    (True, False)
    """
    return bool(_CJK.search(one)) == bool(_CJK.search(other))


@cache
def _same_words() -> tuple[dict[str, str], frozenset[str]]:
    """Return what words stand for, and those that join two others."""
    rows = read_rows(data_folder() / "vocabulary" / "english_words.csv")
    return {row["word"]: row["as"] for row in rows}, frozenset(
        row["word"] for row in rows if row["joins"]
    )


@lru_cache(maxsize=4096)
def stem(text: str) -> str:
    """Return a label of several English words without what official translations change over years; "" of any other.

    That is the plural, small words, and the words of ``factors/vocabulary/english_words.csv``. What begins
    or ends with a word that joins, and a list without one, is a part of a label, broken over two rows.

    Examples
    --------
    >>> stem("Stock Changes in the Year") == stem("Stock Change in Year"), stem("Coal")
    (True, '')
    >>> stem("Transportation, Storage and Postal Services"), stem("of Energy Conversion")
    ('transport storage post', '')
    """
    bare = _NUMBER_BEFORE.sub("", text.lower())
    if not bare.isascii() or any(map(str.isdigit, bare)):  # No. 2 fuel oil is not No. 6
        return ""
    same, joining = _same_words()
    words = [_singular(word) for word in _WORD.findall(bare)]
    is_open = "," in bare and "&" not in bare and joining.isdisjoint(words)  # Transport, Storage
    if is_open or not joining.isdisjoint((*words[:1], *words[-1:])):
        return ""
    kept = [meant for word in words if (meant := same.get(word, word))]
    return " ".join(kept) if len(kept) > 1 else ""


def call_here(folded: str) -> str:
    """Return a Chinese label with one word for the place that the table is about, and one for elsewhere.

    Examples
    --------
    >>> call_here("可供本县消费的能源量"), call_here("市外调入量"), call_here("国外调入量")
    ('可供本地消费的能源量', '外地调入量', '国外调入量')
    """
    return _ELSEWHERE.sub("外地", _HERE.sub("本地", folded))


def with_amount(folded: str) -> str:
    """Return a Chinese label of some length with 量 behind it; "" of any other.

    Examples
    --------
    >>> with_amount("库存增(-)减(+)"), with_amount("生产"), with_amount("工业消费量")
    ('库存增(-)减(+)量', '', '')
    """
    is_open = len(folded) >= _SHORT_WORD and _ENDS_CHINESE.search(folded)
    return f"{folded}量" if is_open and not folded.endswith("量") else ""


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
