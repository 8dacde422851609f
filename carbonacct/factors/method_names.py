"""The ids of methods, and the names that people give them."""

from __future__ import annotations

import re
import unicodedata

from carbonacct.data import data_folder, read_toml
from carbonacct.errors import MethodError, did_you_mean
from carbonacct.texts import join_texts, say


def method_ids() -> list[str]:
    """Return the ids of the methods that ship with the package.

    Examples
    --------
    >>> {"provincial-2011", "ipcc-2006", "ceads", "whitepaper-2022"} <= set(method_ids())
    True
    """
    return sorted(path.stem for path in (data_folder() / "methods").glob("*.toml"))


def find_method_id(word: str) -> str:
    """Return the id of a method by its id, one of its names or its title, whatever the case and the signs between.

    Raises
    ------
    MethodError
        If no method, or more than one, is called so.

    Examples
    --------
    >>> find_method_id("IPCC2006"), find_method_id("省级指南")
    ('ipcc-2006', 'provincial-2011')
    """
    if word in method_ids():
        return word
    found = sorted({one for name, one in _list_names() if _fold(name) == _fold(word)})
    if len(found) == 1:
        return found[0]
    near = did_you_mean(word, method_ids()) or did_you_mean(
        word, [name for name, _ in _list_names()]
    )
    raise MethodError(
        say(
            "no method {word!r}; {near}known: {method_ids}",
            word=word,
            near=near + " " if near else "",
            method_ids=join_texts(", ", method_ids()),
        )
    )


def _list_names() -> list[tuple[str, str]]:
    """Return the names of all methods, each with the id."""
    found = []
    for identifier in method_ids():
        content = read_toml(data_folder() / "methods" / f"{identifier}.toml")
        titles = (content["title"], content.get("title_zh", identifier))
        found += [(name, identifier) for name in (identifier, *content.get("names", ()), *titles)]
    return found


def _fold(word: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", word).casefold())
