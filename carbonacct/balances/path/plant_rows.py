"""Where the rows of plants stand below industry, as the labels of their table are printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.balances.path.plants_within import PlantRow, find_level, find_plants_below
from carbonacct.balances.words.compounds import names_direction

if TYPE_CHECKING:
    from carbonacct.balances.path.row_reader import RowKey, RowReader


def place_plant_rows(reader: RowReader, keys: dict[int, RowKey]) -> None:
    """Give plants that industry holds their flow, and note those of which nothing says it."""
    found = find_plants_below(
        keys, reader.plants, lambda i: _place(reader, i, keys[i]), about=reader.about
    )
    for i, flow in found.within.items():
        if i in keys:
            keys[i] = keys[i]._replace(flow=flow)
    reader.parents |= found.branches
    reader.open_plants = found.open


def _place(reader: RowReader, i: int, key: RowKey) -> PlantRow:
    """Return where the label that names the flow of a row stands, or that of the heading which gives it."""
    stub, labels = reader.stub, reader.labels
    at = reader.below.get(i, i)
    if at < reader.start:
        at = i
    row = reader.cells[at - reader.start]
    places = reader.at["label"] or reader.at["product"]
    j = places[0]
    if len(places) > 1:
        named = [j for j in places if row[j] in stub.said]
        own = next((j for j in named if labels.label(str(row[j])).flow == key.flow), None)
        j = own if own is not None else next(iter(named), j)
    text = str(row[j])
    joined = labels.joined.get(i)
    # 发电用煤 says by itself that it goes in, 火力发电 below 加工转换投入 is said to.
    is_own = joined is not None and joined.direction == key.direction and not names_direction(text)
    return PlantRow(
        find_level(text, places.index(j)),
        outer=stub.flow_around(at, places, j) if j > places[0] else "",
        is_told=not reader.words.flows.keys().isdisjoint(labels.label(text).names),
        is_headed=bool(key.direction) and not is_own,
    )
