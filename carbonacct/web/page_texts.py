"""What the library says, in the language of the page and with the places of the page for options."""

from __future__ import annotations

import re

from carbonacct.catalogue import in_language
from carbonacct.texts import Both, Text
from carbonacct.web.web_words import has_word, load_words, word

# What reading says of the command line, and the page by a word of its own.
_INSTEAD = {
    "name the sheet to read (--sheet), or pass over the others in a mapping file; propose its "
    "lines with: {command}": "remedy.sheets",
}
_OPTION = re.compile(r"--([a-z]+(?:-[a-z]+)*)(?![a-z-])")


def tell(text: str, lang: str) -> str:
    """Return a text in a language, each option in it as the place of the page that does the same.

    Examples
    --------
    >>> from carbonacct.texts import say
    >>> tell(say("pass --year if it is another"), "zh")
    '如果不对，请用“本表的地区和年份”指定'
    """
    told = in_language(_on_the_page(text), lang)

    def place(found: re.Match[str]) -> str:
        key = f"option.{found[1].replace('-', '_')}"
        return word(key, lang) if has_word(key) else found[0]

    return re.sub(r" ?(“[^”]*”) (?=[\u3400-\u9fff])", r"\1", _OPTION.sub(place, told))


def name_parameter(parameter: str, lang: str) -> str:
    """Return the name of a parameter of factors in a language.

    Examples
    --------
    >>> name_parameter("net_calorific_value", "en"), name_parameter("net_calorific_value", "zh")
    ('Net calorific value', '平均低位发热量')
    """
    return (
        in_language(parameter, lang) if lang == "zh" else parameter.replace("_", " ").capitalize()
    )


def _on_the_page(text: str) -> str:
    """Return a text with what is done on the page in the place of what is done by commands."""
    if not isinstance(text, Text):
        return text
    if text.template in _INSTEAD:
        section, _, key = _INSTEAD[text.template].partition(".")
        zh, en = load_words()[section][key]
        return Both(en, zh)
    values = {
        name: _on_the_page(value) if isinstance(value, str) else value
        for name, value in text.values.items()
    }
    return Text(text.template, values)
