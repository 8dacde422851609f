"""Inventories put together: sectors of a city, cities of a province, years of a series."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from carbonacct.errors import Finding, MethodError, name_some
from carbonacct.inventory.entry_columns import (
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

    from carbonacct.inventory.record import EntryOrigin, MadeFrom


def join_inventories(inventories: Sequence[Inventory]) -> Inventory:
    """Return several inventories as one, entries in their order.

    Two sources that exclude each other, such as a landfill by mass balance and by decay, never
    count both in one area's series, whichever methods they are of: the one that says so has no
    number there (NE), and a finding says why.

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
    joined, origins = stack_inventories(inventories)
    parts = [one.entries for one in inventories]
    refuse_twice(joined, [name_making(one.made_from) for one in inventories], parts)
    joined, excluded = _take_out_excluded(joined, origins)
    findings = [found for one in inventories for found in one.findings]
    return Inventory(
        entries=joined,
        findings=tuple(dict.fromkeys([*findings, *excluded])),
        made_from=tuple(dict.fromkeys(made for one in inventories for made in one.made_from)),
        origins=origins,
    )


def stack_inventories(
    inventories: Sequence[Inventory],
) -> tuple[pd.DataFrame, tuple[EntryOrigin, ...]]:
    """Return the entries of inventories one below another, and their ways back."""
    entries: list[pd.DataFrame] = []
    origins: list[EntryOrigin] = []
    for inventory in inventories:
        held = inventory.entries
        moved = np.where(held["origin"] < 0, -1, held["origin"] + len(origins))
        entries.append(held.assign(origin=moved.astype(np.int32)))
        origins += inventory.origins
    return stack_entries(entries), tuple(origins)


def _take_out_excluded(
    entries: pd.DataFrame, origins: Sequence[EntryOrigin]
) -> tuple[pd.DataFrame, list[Finding]]:
    """Return entries without the numbers of sources that another one excludes in the same area."""
    findings: list[Finding] = []
    for number, origin in enumerate(origins):
        if not origin.excludes:
            continue
        own = (entries["origin"] == number).to_numpy()
        counts = entries["value"].fillna(0.0).to_numpy() != 0
        for other in origin.excludes:
            others = (entries["flow"] == other).to_numpy() & ~own & counts
            both = set(entries.loc[own & counts, "area"]) & set(entries.loc[others, "area"])
            if not both:
                continue
            gone = own & counts & entries["area"].isin(both).to_numpy()
            source = str(entries.loc[gone, "flow"].iloc[0])
            entries = _without_numbers(entries, gone)
            counts &= ~gone
            text = "{source} and {other} both count the same in one series"
            action = "take the activity data of one out; {source} has no number"
            findings.append(
                Finding(
                    "counted-twice",
                    "error",
                    say(text, source=source, other=other),
                    name_some(sorted(map(str, both)), 5),
                    say(action, source=source),
                )
            )
    return entries, findings


def _without_numbers(entries: pd.DataFrame, gone: np.ndarray) -> pd.DataFrame:
    """Return entries of which some are not estimated."""
    words = entries["notation"].astype(object).to_numpy().copy()
    words[gone] = "NE"
    columns = {name: entries[name].array for name in ENTRY}
    value = np.where(gone, np.nan, entries["value"])
    return make_entries({**columns, "value": value, "notation": words})


def stack_entries(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return entries one below another, each word kept once."""
    filled = [frame for frame in frames if len(frame)]
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
    places = [
        say("{row} ({name})", row=_say(joined.iloc[at]), name=names[owners[at]])
        for at in (first, second)
    ]
    more = say(", and {twice_sum} more", twice_sum=int(twice.sum()) - 1) if twice.sum() > 1 else ""
    raise MethodError(
        say(
            "{entry} is there twice: {place} and {other_place}{more}; leave one of them out",
            entry=name_entry(labels),
            place=places[0],
            other_place=places[1],
            more=more,
        )
    )


def _say(entry: pd.Series) -> str:
    return entry["notation"] or f"{entry['value']} t"


def name_making(made: Sequence[MadeFrom]) -> str:
    """Return what an inventory was made from in a few words: its files, or its method."""
    files = [name for one in made for name, _ in one.files]
    return join_texts(", ", files[:3]) or join_texts(", ", (one.method for one in made))
