"""What activity tables call the activities of a method: ids, names, yearbooks' words, items."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING

from carbonacct.data import data_folder, read_rows
from carbonacct.dim_names import label_words
from carbonacct.equations import load_sector, sector_ids
from carbonacct.equations.evaluation import inputs_of, with_needs
from carbonacct.equations.expression_tree import looks_over_years
from carbonacct.equations.sector import AskedActivity
from carbonacct.errors import MethodError, ask, did_you_mean, find_near
from carbonacct.factors.method_names import find_sources_id
from carbonacct.inventory.entry_columns import SECTORS
from carbonacct.records.heading_roles import whole_words
from carbonacct.texts import Both, join_texts, say
from carbonacct.vocabulary import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from carbonacct.equations import Sector
    from carbonacct.factors.keyed import Parameter

UNSPECIFIED = "unspecified"
ALL = "all"  # of a dim that takes any label: forest whose species nobody tells apart
_BETWEEN = re.compile(r"[,，/／|｜;；×*+]|\s{1,}")


@dataclass(frozen=True)
class NameMeaning:
    """What a name in an activity table means: a symbol, with labels where the name says them."""

    symbol: str
    labels: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Names:
    """The names of all that a method's sector files ask for, and which files ask for it."""

    method: str
    sectors: tuple[Sector, ...]
    meanings: Mapping[str, tuple[NameMeaning, ...]]
    spelled: Mapping[str, str]
    refused: Mapping[str, str]
    wholes: Mapping[str, str]

    def find(self, name: str) -> tuple[NameMeaning, ...]:
        """Return what a name may mean; an id means itself alone."""
        found = self.meanings.get(fold(name), ())
        own = tuple(meaning for meaning in found if meaning.symbol == name.strip())
        return own or found

    def knows(self, folded: str) -> bool:
        """Return whether a folded name is one of an activity, or is known to be none."""
        return folded in self.meanings or folded in self.refused

    def why_not(self, name: str) -> str:
        """Return why a yearbook's word is no activity, or an empty string."""
        return self.refused.get(fold(name), "")

    def parts_of(self, name: str) -> str:
        """Return the parts of what a name is a total of, as the vocabulary has them, or an empty string."""
        return self.wholes.get(fold(name), "")

    @cached_property
    def looking_back(self) -> frozenset[str]:
        """The activities whose numbers of other years count: waste that decays, forest between surveys."""
        return frozenset(
            symbol
            for sector in self.sectors
            for source in sector.sources
            if any(
                looks_over_years(line.tree)
                for name in with_needs(sector, [source.id])
                for line in sector.blocks[name].lines
            )
            for name in with_needs(sector, [source.id])
            for symbol in inputs_of(sector.blocks[name])
        )

    def near(self, name: str) -> str:
        """Return near names as a question, or an empty string."""
        return ask(
            dict.fromkeys(self.spelled[word] for word in find_near(fold(name), self.spelled))
        )

    def using(self, symbol: str) -> tuple[Sector, ...]:
        """Return the sector files that ask for a symbol."""
        return tuple(
            sector
            for sector in self.sectors
            if symbol in sector.activities or symbol in sector.parameters
        )

    def called(self, symbol: str) -> Both:
        """Return a symbol as a message says it: its id, in Chinese behind what people call it."""
        return self.using(symbol)[0].called(symbol)

    def about(self, symbol: str) -> AskedActivity | Parameter:
        """Return what an activity or a parameter is."""
        sector = self.using(symbol)[0]
        return sector.activities.get(symbol) or sector.parameters[symbol]


def list_sectors(method: str, sectors: Sequence[str] | None = None) -> tuple[Sector, ...]:
    """Return the sector files of a method, those of some sectors alone where named.

    Raises
    ------
    MethodError
        If there is no such method or sector.

    Examples
    --------
    >>> [sector.id for sector in list_sectors("provincial-2011", ["waste", "land"])]
    ['provincial-2011/land', 'provincial-2011/waste']
    """
    for name in sectors or ():
        if name not in SECTORS:
            near = did_you_mean(name, SECTORS) or say(
                "known: all, {sectors}", sectors=join_texts(", ", SECTORS)
            )
            raise MethodError(say("no sector {name!r}; {near}", name=name, near=near))
    folder = f"{find_sources_id(method)}/"
    found = [
        identifier
        for identifier in sector_ids()
        if identifier.startswith(folder) and (sectors is None or sector_name(identifier) in sectors)
    ]
    found.sort(key=lambda identifier: SECTORS.index(sector_name(identifier)))
    return tuple(map(load_sector, found))


def methods_with_sectors() -> tuple[str, ...]:
    """Return the methods that have sector files.

    Examples
    --------
    >>> "provincial-2011" in methods_with_sectors()
    True
    """
    return tuple(dict.fromkeys(identifier.partition("/")[0] for identifier in sector_ids()))


def sector_name(identifier: str) -> str:
    """Return the sector that a sector file belongs to: fugitive emissions are energy's.

    Examples
    --------
    >>> sector_name("provincial-2011/waste"), sector_name("provincial-2011/fugitives")
    ('waste', 'energy')
    """
    name = identifier.rpartition("/")[2]
    return name if name in SECTORS else "energy"


@cache
def names_of(method: str) -> Names:
    """Return the names of what a method's sector files ask for.

    Examples
    --------
    >>> names_of("provincial-2011").find("水泥熟料产量")
    (NameMeaning(symbol='clinker_output', labels=()),)
    >>> names_of("provincial-2011").find("年末存栏 猪")
    (NameMeaning(symbol='heads', labels=(('animal', 'pigs'),)),)
    """
    sectors = list_sectors(method)
    meanings: dict[str, dict[NameMeaning, None]] = {}
    spelled: dict[str, str] = {}
    for sector in sectors:
        asked: list[AskedActivity | Parameter] = [*sector.activities.values()]
        for about in (*asked, *sector.parameters.values()):
            for word, meaning in _spell(about):
                meanings.setdefault(fold(word), {})[meaning] = None
                if not meaning.labels:
                    spelled.setdefault(fold(word), word)
    refused, wholes = {}, {}
    known = {name for sector in sectors for name in (*sector.activities, *sector.parameters)}
    for row in read_rows(data_folder() / "vocabulary" / "activity_names.csv"):
        if row["method"] not in {"", method}:
            continue
        if row["why_en"]:
            refused[fold(row["name"])] = Both(row["why_en"], row["why_zh"])
            if parts := _known_parts(row["parts"], known):
                wholes[fold(row["name"])] = parts
        elif row["symbol"] in known:
            pairs = [pair.partition("=") for pair in filter(None, row["labels"].split(";"))]
            meaning = NameMeaning(row["symbol"], tuple((dim, label) for dim, _, label in pairs))
            meanings.setdefault(fold(row["name"]), {})[meaning] = None
            spelled.setdefault(fold(row["name"]), row["name"])
    return Names(
        method=method,
        sectors=sectors,
        meanings={word: tuple(found) for word, found in meanings.items()},
        spelled=spelled,
        refused=refused,
        wholes=wholes,
    )


def _known_parts(parts: str, known: Collection[str]) -> str:
    """Return the parts of a total that are activities of a method."""
    symbols, _, split = parts.partition(" ")
    asked = [symbol for symbol in symbols.split("|") if symbol in known]
    return " ".join(filter(None, ("|".join(asked), split))) if asked else ""


def _spell(about: AskedActivity | Parameter) -> Iterator[tuple[str, NameMeaning]]:
    """Yield the names of a symbol, alone and with a label of one of its dims beside it."""
    words = [about.id, about.zh, about.en, *getattr(about, "aliases", ())]
    for word in filter(None, words):
        yield word, NameMeaning(about.id)
        for dim in about.dims if isinstance(about, AskedActivity) else ():
            for label, identifier in label_words(dim).items():
                for whole in (f"{word} {label}", f"{label} {word}"):
                    yield whole, NameMeaning(about.id, ((dim, identifier),))


def read_items(about: AskedActivity | Parameter, text: str) -> tuple[dict[str, str], str]:
    """Return the labels that an item says, by dim, and what of it is understood by none.

    Examples
    --------
    >>> heads = names_of("provincial-2011").about("heads")
    >>> read_items(heads, "猪, 规模化饲养")
    ({'animal': 'pigs', 'mode': 'large_scale'}, '')
    >>> read_items(heads, "unicorn")
    ({}, 'unicorn')
    >>> read_items(names_of("provincial-2011").about("tree_volume"), "合计")
    ({'species': 'all'}, '')
    """
    if not text.strip():
        return {}, ""
    for parts in ([text], [part for part in _BETWEEN.split(text) if part]):
        found, left = _assign(about.dims, parts)
        if not left:
            return found, ""
    return found, join_texts(", ", left)


def _assign(dims: Sequence[str], parts: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """Give each part to the first dim that knows it; one that the vocabulary lacks takes any."""
    found: dict[str, str] = {}
    left = []
    for part in parts:
        for dim in dims:
            known = label_words(dim)
            label = known.get(fold(part)) if known else _any_label(part)
            if label is not None and dim not in found:
                found[dim] = label
                break
        else:
            left.append(part.strip())
    return found, left


def _any_label(part: str) -> str:
    """Return a label of a dim that takes any; the words of a total are all of it."""
    return ALL if fold(part) in {ALL, *whole_words()} else part.strip()
