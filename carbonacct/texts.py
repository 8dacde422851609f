"""Sentences for people: a template and what fills it, so that another language can say them too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Self


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
        said = {
            name: str(value) if isinstance(value, Exception) else value
            for name, value in values.items()
        }
        text = super().__new__(cls, template.format_map(said))
        text.template = template
        text.values = said
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


def join_texts(separator: str, texts: Iterable[str]) -> Text:
    """Return some sentences as one, each of which stays what it is.

    Examples
    --------
    >>> print(join_texts("; ", [say("no {what}", what="year"), "2 tables"]))
    no year; 2 tables
    """
    values = {f"part{n}": text for n, text in enumerate(texts)}
    return Text(separator.join(f"{{{name}}}" for name in values), values)
