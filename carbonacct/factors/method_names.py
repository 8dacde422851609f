"""The ids of methods, the names that people give them, and the files that hold them."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonacct.data import list_data, read_toml
from carbonacct.errors import FactorDataError, MethodError, did_you_mean
from carbonacct.factors.method_shape import find_shape_faults
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Mapping

_SUFFIX = ".toml"
_MOST_EXTENDED = 10


def method_ids() -> list[str]:
    """Return the ids of the methods that ship with the package, and those that other packages bring.

    Examples
    --------
    >>> {"provincial-2011", "ipcc-2006", "ceads", "whitepaper-2022"} <= set(method_ids())
    True
    """
    return sorted(_method_files())


def _method_files() -> Mapping[str, Path]:
    return {path.stem: path for path in list_data("methods/*.toml").values()}


def is_own_file(method: str) -> bool:
    """Return whether a method is named by a file of one's own."""
    return method.endswith(_SUFFIX)


def find_method_id(word: str) -> str:
    """Return the id of a method by its id, one of its names or its title, without regard to case and punctuation.

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


def find_sources_id(word: str) -> str:
    """Return the id of the method whose equations serve the sectors other than energy.

    A file of one's own has those of the method that it extends.

    Raises
    ------
    MethodError
        If there is no such method, or the file extends none.
    """
    if not is_own_file(word):
        return find_method_id(word)
    extended: list[Path] = read_method(Path(word))["extended"]
    known = [path.stem for path in extended if path.stem in method_ids()]
    if not known:
        raise MethodError(
            say(
                "{file}: extends no method, so it has no equations of sectors other than energy; "
                'write extends = "provincial-2011", or name another method for them',
                file=word,
            )
        )
    return known[0]


def find_method_file(identifier: str) -> Path:
    """Return the file of a method that ships, or that another package brings."""
    return _method_files()[identifier]


def list_method_files(path: Path) -> list[Path]:
    """Return a method file of one's own and those of one's own that it extends.

    Raises
    ------
    FactorDataError
        If one cannot be read, or extends what does not exist.
    """
    shipped = set(list_data("methods/**/*.toml").values())
    return [one for one in (path, *read_method(path)["extended"]) if one not in shipped]


def read_method(path: Path) -> dict[str, Any]:
    """Return the content of a method's file, laid over that of the file it extends.

    ``extends`` names a file of ``methods/bases``, a method, or a file beside it. The files that were
    gone through stand under ``extended``, and what the file itself says under ``own``.

    Raises
    ------
    FactorDataError
        If a file cannot be read, or extends what does not exist.
    """
    content = own = _read(path)
    above: list[Path] = []
    while base := content.get("extends"):
        found = _find_base(above[-1] if above else path, str(base))
        if found in (path, *above) or len(above) == _MOST_EXTENDED:
            raise FactorDataError(
                say("{file}: extends itself, by way of others; mend extends", file=shown_file(path))
            )
        above.append(found)
        content = _lay_over(_read(found), {**content, "extends": ""})
    return {**content, "extended": above, "own": own}


def shown_file(path: Path) -> str:
    """Return what messages call a method's file: one that ships by its folder, one's own as it was named."""
    return f"methods/{path.name}" if path in _method_files().values() else str(path)


def _read(path: Path) -> dict[str, Any]:
    """Return what a method's file holds, of the kinds that its keys ask for."""
    try:
        content = read_toml(path)
    except OSError as error:
        raise FactorDataError(
            say(
                "{file}: cannot be opened ({strerror}); name a method or a .toml file",
                file=shown_file(path),
                strerror=error.strerror,
            )
        ) from None
    except (ValueError, tomllib.TOMLDecodeError) as error:
        raise FactorDataError(say("{file}: {fault}", file=shown_file(path), fault=error)) from None
    if faults := find_shape_faults(content):
        shown = shown_file(path)
        raise FactorDataError(
            join_texts("\n", (say("{file}: {fault}", file=shown, fault=one) for one in faults))
        )
    return content


def _find_base(path: Path, base: str) -> Path:
    """Return the file that a method extends."""
    if is_own_file(base):
        return path.parent / base
    bases = {one.stem: one for one in list_data("methods/bases/*.toml").values()}
    known = {**_method_files(), **bases}
    if base not in known:
        raise FactorDataError(
            say(
                "{file}: extends {base!r}, not one of {known}",
                file=shown_file(path),
                base=base,
                known=join_texts(", ", sorted(known)),
            )
        )
    return known[base]


# What each entry of a table must say.
ENTRY_KEYS = {
    "transformed": ("flow", "products", "reason"),
    "exclude": ("products", "reason"),
    "substitute": ("product", "use", "reason"),
    "imported_energy": ("flows", "parameter", "editions"),
    "factor_categories": ("flow", "category", "reason"),
}


def _lay_over(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a method says, beside what the one that it extends says: tables by key, lists one after the other."""
    joined = {**base, **own, "extends": base.get("extends", "")}
    for key in base.keys() & own.keys():
        if isinstance(own[key], dict):
            joined[key] = {**base[key], **own[key]}
        elif key == "substitute":
            named = {item.get("product") for item in own[key]}
            joined[key] = [
                *own[key],
                *(item for item in base[key] if item.get("product") not in named),
            ]
        elif key in ENTRY_KEYS:
            joined[key] = [*own[key], *base[key]]
    return joined


def _list_names() -> list[tuple[str, str]]:
    """Return the names of all methods, each with the id."""
    found = []
    for identifier, path in _method_files().items():
        content = _read(path)
        titles = (content.get("title", identifier), content.get("title_zh", identifier))
        found += [(name, identifier) for name in (identifier, *content.get("names", ()), *titles)]
    return found


def _fold(word: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", word).casefold())
