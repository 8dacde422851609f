"""What the library says, in the language of the page and with the places of the page for options."""

from __future__ import annotations

import re

from carbonacct.catalogue import in_language
from carbonacct.web.web_words import has_word, word

_OPTION = re.compile(r"--([a-z]+(?:-[a-z]+)*)(?![a-z-])")


def tell(text: str, lang: str) -> str:
    """Return a text in a language, each option in it as the place of the page that does the same.

    Examples
    --------
    >>> from carbonacct.texts import say
    >>> tell(say("pass --year if it is another"), "zh")
    '如果不对，请用“本表的地区和年份”指定'
    """
    told = in_language(text, lang)

    def place(found: re.Match[str]) -> str:
        key = f"option.{found[1].replace('-', '_')}"
        return word(key, lang) if has_word(key) else found[0]

    return re.sub(r" ?(“[^”]*”) (?=[\u3400-\u9fff])", r"\1", _OPTION.sub(place, told))
