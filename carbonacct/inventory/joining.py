"""Inventories put together: sectors of a city, cities of a province, years of a series."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from carbonacct.errors import MethodError
from carbonacct.inventory.columns import (
    ENTRY,
    IDENTITY,
    WORDS,
    make_entries,
    make_words,
    name_entry,
)
from carbonacct.inventory.record import Inventory
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from carbonacct.inventory.record import MadeFrom, Origin


def join_inventories(inventories: Sequence[Inventory]) -> Inventory:
    """Return several inventories as one, entries in their order.

    Raises
    ------
    MethodError
        If two of them have the same entry: area, year, source, category, scope, kind and gas.

    Examples
    --------
    >>> import carbonacct as ca
    >>> cube = ca.compile_inventory("docs/tables/chongqing_2007.csv", method="ceads")
    >>> one = ca.to_inventory(cube)
    >>> ca.join_inventories([one]).equals(one)
    True
    """
    entries: list[pd.DataFrame] = []
    origins: list[Origin] = []
    for inventory in inventories:
        held = inventory.entries
        moved = np.where(held["origin"] < 0, -1, held["origin"] + len(origins))
        entries.append(held.assign(origin=moved.astype(np.int32)))
        origins += inventory.origins
    joined = stack_entries(entries)
    refuse_twice(joined, [name_making(one.made_from) for one in inventories], entries)
    return Inventory(
        entries=joined,
        findings=tuple(dict.fromkeys(found for one in inventories for found in one.findings)),
        made_from=tuple(dict.fromkeys(made for one in inventories for made in one.made_from)),
        origins=tuple(origins),
    )


def stack_entries(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return entries one below another, each word kept once."""
    filled = [frame for frame in frames if len(frame)] or list(frames[:1])
    if not filled:
        return make_entries({name: [] for name in ENTRY})
    columns = {
        name: (
            _stack_words([frame[name] for frame in filled])
            if name in WORDS
            else np.concatenate([frame[name].to_numpy() for frame in filled])
        )
        for name in ENTRY
    }
    return make_entries(columns)


def _stack_words(columns: Sequence[pd.Series]) -> pd.Categorical[Any]:
    words: dict[str, int] = {}
    codes = []
    for column in columns:
        places = [words.setdefault(word, len(words)) for word in column.cat.categories]
        codes.append(np.array(places, int)[column.cat.codes])
    return make_words(np.concatenate(codes), words)


def refuse_twice(joined: pd.DataFrame, names: Sequence[str], parts: Sequence[pd.DataFrame]) -> None:
    """Refuse entries that are there twice, with both values and where they are from.

    Raises
    ------
    MethodError
        For the first of them.
    """
    twice = joined.duplicated(list(IDENTITY)).to_numpy()
    if not twice.any():
        return
    second = int(np.argmax(twice))
    labels = joined[list(IDENTITY)].iloc[second]
    first = int(np.argmax((joined[list(IDENTITY)] == labels).all(axis=1)))
    owners = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    said = [
        say("{row} ({name})", row=_say(joined.iloc[at]), name=names[owners[at]])
        for at in (first, second)
    ]
    more = say(", and {twice_sum} more", twice_sum=int(twice.sum()) - 1) if twice.sum() > 1 else ""
    raise MethodError(
        say(
            "{entry} is there twice: {said} and {said_1}{more}; leave one of them out",
            entry=name_entry(labels),
            said=said[0],
            said_1=said[1],
            more=more,
        )
    )


def _say(entry: pd.Series) -> str:
    return entry["notation"] or f"{entry['value']} t"


def name_making(made: Sequence[MadeFrom]) -> str:
    """Return what an inventory was made from in a few words: its files, or its method."""
    files = [name for one in made for name, _ in one.files]
    return join_texts(", ", files[:3]) or join_texts(", ", (one.method for one in made))
