"""The text of a file, whatever it is encoded in: what the bytes themselves say, not the machine.

UTF-8 and UTF-16 show themselves. Of the encodings that give any bytes some text, the one counts
whose common characters these are: GB 18030, Big5, or a code page of Windows for Cyrillic, Central
European, Turkish or Western letters.
"""

from __future__ import annotations

import re

from carbonacct.errors import TableError
from carbonacct.texts import say

_SAMPLE = 200_000
_PAIR = re.compile(rb"[\x81-\xfe][\x40-\xfe]|[\x80-\xff]")
_RUN = re.compile(rb"[\x80-\xff]+")
_CHARACTERS = re.compile(rb"(?:[\x81-\xfe][\x40-\xfe])+")
_MOSTLY = 0.6
_MOST_ODD = 0.2
_WORDS = 2.5  # bytes beyond ASCII in a row
_IN_A_ROW = 1.5  # characters of two bytes: the letter of Polish and the one behind it stand alone
# Lead bytes of the characters that most texts consist of, with the punctuation beside them.
_COMMON_GB = frozenset((*range(0xA1, 0xAA), *range(0xB0, 0xD8)))
_COMMON_BIG5 = frozenset((*range(0xA1, 0xC7),))
_LOW_TRAIL = 0x7F
_LETTER = rb"[a-zA-Z\x80-\xff]"
# A letter here, a sign in the code page of the West: no word has it between its letters.
_CENTRAL = re.compile(_LETTER + rb"[\xb3\xb9\xbe\xbf\x9c\x9f\xa3\xa5\xaf]" + _LETTER)
_TURKISH = re.compile(
    rb"[a-zA-Z\xc7\xd6\xdc\xe7\xf6\xfc][\xf0\xfd\xfe\xdd\xde\xd0]|[\xf0\xfd\xfe][a-z]"
)


def decode(file: str, content: bytes) -> str:
    r"""Return the text of a file.

    Raises
    ------
    TableError
        If it is no text.

    Examples
    --------
    >>> [decode("a.csv", "项目,原煤\n工业,12".encode(name))[:5] for name in ("utf-8", "gb18030", "utf-16")]
    ['项目,原煤', '项目,原煤', '项目,原煤']
    >>> decode("a.csv", "項目,燃料油\n工業,12\n運輸,5".encode("big5"))[:6]
    '項目,燃料油'
    >>> decode("a.csv", "Consumo;Gás Natural;Óleo Diesel".encode("cp1252"))
    'Consumo;Gás Natural;Óleo Diesel'
    """
    for encoding in _list_encodings(content):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        # What decodes with many zeros is binary, whatever the encoding takes it for.
        if text.count("\0") * 100 <= len(text):
            return text.replace("\0", "")
    raise TableError(
        say(
            "{file}: is neither a workbook nor text in UTF-8, UTF-16, GB 18030, Big5 or a "
            "code page of Windows; save it as .xlsx or UTF-8 .csv",
            file=file,
        )
    )


def _list_encodings(content: bytes) -> list[str]:
    """Return the encodings that a file may have, the likeliest first."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return ["utf-16"]
    # Without a byte order mark UTF-16 shows by its digits, signs and blanks: every second byte is 0.
    zeros = content[1:200:2].count(0), content[0:200:2].count(0)
    if max(zeros) * 4 > len(content[1:200:2]):
        return ["utf-16-le" if zeros[0] >= zeros[1] else "utf-16-be"]
    return ["utf-8-sig", *_guess_code_page(content[:_SAMPLE])]


def _guess_code_page(sample: bytes) -> list[str]:
    """Return the encodings of two bytes or one that a sample may have, the likeliest first."""
    pairs = [pair for pair in _PAIR.findall(sample) if len(pair) > 1]
    runs = _RUN.findall(sample)
    if not pairs:
        return ["gb18030", "cp1252"]
    common_gb = sum(pair[0] in _COMMON_GB and pair[1] > _LOW_TRAIL for pair in pairs) / len(pairs)
    common_big5 = sum(pair[0] in _COMMON_BIG5 for pair in pairs) / len(pairs)
    # A common character of GB 18030 is two bytes beyond ASCII; the second of Big5 may be a letter.
    odd = sum(len(run) % 2 for run in runs) / len(runs)
    is_in_rows = len(pairs) >= _IN_A_ROW * len(_CHARACTERS.findall(sample))
    if common_gb >= max(_MOSTLY, common_big5) and odd <= _MOST_ODD:
        guesses = ["gb18030"]
    elif common_big5 >= max(_MOSTLY, common_gb) and is_in_rows:
        guesses = ["big5hkscs"]
    elif sum(map(len, runs)) >= _WORDS * len(runs):  # whole words of letters beyond ASCII
        guesses = ["cp1251"]
    elif _TURKISH.search(sample):
        guesses = ["cp1254"]
    else:
        guesses = ["cp1250" if _CENTRAL.search(sample) else "cp1252"]
    return list(dict.fromkeys([*guesses, "gb18030", "cp1251", "cp1252"]))
