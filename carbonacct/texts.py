"""Sentences for people: a template and what fills it, so that another language can say them too."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Self

_INNER_BRACKETS = re.compile(r" ?[（(]([^（）()]*)[）)]")


def end_once(text: str, clauses: Iterable[object]) -> str:
    """Return a sentence without the mark that its template sets behind a clause which is a question.

    Examples
    --------
    >>> end_once("no area 'Xian'; did you mean Xi'an?; give it an id", ["did you mean Xi'an?"])
    "no area 'Xian'; did you mean Xi'an? give it an id"
    """
    for clause in clauses:
        if isinstance(clause, str) and clause.endswith(("?", "？")):
            text = text.replace(f"{clause};", clause).replace(f"{clause}；", clause)
    return text


class Text(str):
    """A sentence in English that knows its template and the values in it.

    Attributes
    ----------
    template
        The sentence with names in braces, which is its key in the catalogue of messages.
    values
        What stands for each name; a text among them is said in the same language.
    """

    __slots__ = ("template", "values")

    template: str
    values: Mapping[str, object]

    def __new__(cls, template: str, values: Mapping[str, object]) -> Self:
        """Fill the template; of an exception among the values counts what it says."""
        shown = {
            name: str(value) if isinstance(value, Exception) else value
            for name, value in values.items()
        }
        text = super().__new__(cls, end_once(template.format_map(shown), shown.values()))
        text.template = template
        text.values = shown
        return text

    def __str__(self) -> Text:
        """Stay what it is: ``str(error)`` of an error that was given a text is that text."""
        return self

    def __add__(self, other: str) -> Text:
        """Set a text behind this one; both stay what they are."""
        return join_texts("", (self, other)) if other else self

    def __radd__(self, other: str) -> Text:
        """Set a text before this one; both stay what they are."""
        return join_texts("", (other, self)) if other else self

    def __reduce__(self) -> tuple[type[Text], tuple[str, Mapping[str, object]]]:
        """Travel between processes with what it is made of."""
        return Text, (self.template, self.values)


def say(template: str, /, **values: object) -> Text:
    """Return a sentence made of a template and its values.

    Examples
    --------
    >>> text = say("{area} has no number for {year}", area="重庆", year=2007)
    >>> print(text)
    重庆 has no number for 2007
    >>> text.template, text.values["year"]
    ('{area} has no number for {year}', 2007)
    """
    return Text(template, values)


class Both(str):
    """A text of a table of data that is there in both languages; as a string it is the English one.

    Attributes
    ----------
    zh
        The same in Chinese.
    """

    __slots__ = ("zh",)

    zh: str

    def __new__(cls, en: str, zh: str) -> Self:
        """Keep both."""
        text = super().__new__(cls, en)
        text.zh = zh
        return text

    def __str__(self) -> Both:
        """Stay what it is."""
        return self

    def __reduce__(self) -> tuple[type[Both], tuple[str, str]]:
        """Travel between processes with both."""
        return Both, (super().__str__(), self.zh)


def join_texts(separator: str, texts: Iterable[str]) -> Text:
    """Return some sentences as one, each of which stays what it is.

    Examples
    --------
    >>> print(join_texts("; ", [say("no {what}", what="year"), "2 tables"]))
    no year; 2 tables
    """
    values = {f"part{n}": text for n, text in enumerate(texts)}
    return Text(separator.join(f"{{{name}}}" for name in values), values)


def as_typed(names: Iterable[str]) -> Text:
    """Return names in a sentence that a reader types or finds in a file: every language leaves them as they are.

    Examples
    --------
    >>> names = as_typed(["year", "value"])
    >>> print(names, "|", names.values["part0"].zh)
    year, value | year
    """
    return join_texts(", ", (Both(name, name) for name in names))


def describe_text(text: object) -> object:
    """Return a text as data that JSON holds: its template and its values.

    Examples
    --------
    >>> describe_text(say("no {what}", what="year"))
    {'template': 'no {what}', 'values': {'what': 'year'}}
    """
    if isinstance(text, Text):
        values = {name: describe_text(value) for name, value in text.values.items()}
        return {"template": text.template, "values": values}
    if isinstance(text, Both):
        return {"en": str.__str__(text), "zh": text.zh}
    if hasattr(text, "item") and not isinstance(text, str):  # a number of numpy
        text = text.item()
    if isinstance(text, float) and not math.isfinite(text):
        return {"number": repr(text)}
    return text if isinstance(text, (str, int, float)) or text is None else str(text)


def read_text(held: Any) -> Any:
    """Return the text that `describe_text` described.

    Examples
    --------
    >>> read_text({"template": "no {what}", "values": {"what": "year"}})
    'no year'
    """
    if not isinstance(held, dict):
        return held
    if "number" in held:
        return float(held["number"])
    if "template" not in held:
        return Both(held["en"], held["zh"])
    return Text(
        held["template"], {name: read_text(value) for name, value in held["values"].items()}
    )


def add_unit(text: str, unit: str, lang: str) -> str:
    """Return a heading with its unit in the brackets of the language; Chinese brackets in brackets are square.

    Examples
    --------
    >>> add_unit("排放", "万吨", "zh"), add_unit("emissions", "kt", "en"), add_unit("GDP", "", "en")
    ('排放（万吨）', 'emissions (kt)', 'GDP')
    >>> add_unit("排放", "万吨 CO₂e（AR5GWP100）", "zh")
    '排放（万吨 CO₂e［AR5GWP100］）'

    Notes
    -----
    GB/T 15834-2011, 4.9.3: brackets that stand in brackets take another form.
    """
    if not unit:
        return text
    if lang != "zh":
        return f"{text} ({unit})"
    inner = _INNER_BRACKETS.sub(r"［\1］", unit)
    return f"{text}（{inner}）"


def add_unit_below(text: str, unit: str, lang: str) -> str:
    r"""Return the head of a column with its unit on a line of its own.

    Examples
    --------
    >>> add_unit_below("排放量", "万吨", "zh"), add_unit_below("emissions", "kt", "en")
    ('排放量\n（万吨）', 'emissions\n(kt)')
    """
    return f"{text}\n{add_unit('', unit, lang).strip()}" if unit else text


def tell_value(name: str, value: str, lang: str) -> str:
    """Return a name and what it has, with the colon of the language between.

    Examples
    --------
    >>> tell_value("煤 → 工业", "12.5 万吨", "zh"), tell_value("coal", "12.5 kt", "en")
    ('煤 → 工业：12.5 万吨', 'coal: 12.5 kt')
    """
    return f"{name}：{value}" if lang == "zh" else f"{name}: {value}"


def join_names(names: Iterable[str], lang: str) -> str:
    """Return names as a list in a sentence.

    Examples
    --------
    >>> join_names(["煤", "焦炭"], "zh"), join_names(["coal", "coke"], "en")
    ('煤、焦炭', 'coal, coke')
    """
    return ("、" if lang == "zh" else ", ").join(names)


def join_clauses(clauses: Iterable[str], lang: str) -> str:
    """Return clauses as one sentence, with the semicolon of the language between; empty ones are left out.

    Examples
    --------
    >>> join_clauses(["没有因子", "", "请补上"], "zh"), join_clauses(["no factor", "give one"], "en")
    ('没有因子；请补上', 'no factor; give one')
    """
    return ("；" if lang == "zh" else "; ").join(filter(None, clauses))


def join_parts(lang: str, *parts: str) -> str:
    """Return the parts of a heading with the comma of the language between.

    Examples
    --------
    >>> join_parts("zh", "构成", "重庆 2007"), join_parts("en", "shares", "", "Chongqing 2007")
    ('构成，重庆 2007', 'shares, Chongqing 2007')
    """
    return ("，" if lang == "zh" else ", ").join(filter(None, parts))
