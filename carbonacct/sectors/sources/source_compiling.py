"""Activities x equations of a method's sector files -> entries of an inventory."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from carbonacct.data import shown_name
from carbonacct.equations import arrange, choose_factors, evaluate, read_overlay
from carbonacct.equations.arithmetic import KEYS, MISSING, NO, NUMBER, any_over, states_of
from carbonacct.equations.evaluation import counted_in, pick_gases, with_needs
from carbonacct.equations.expression_tree import looks_over_years
from carbonacct.equations.missing_reasons import find_unasked
from carbonacct.errors import ActivityDataError
from carbonacct.inventory.entry_columns import make_entries, make_words, sector_of
from carbonacct.inventory.equation_origin import SourceOrigin
from carbonacct.inventory.joining import join_inventories, stack_entries
from carbonacct.inventory.making import describe_making
from carbonacct.inventory.record import Inventory
from carbonacct.sectors.sources.activity_names import list_sectors, names_of
from carbonacct.sectors.sources.departments import find_worth
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from carbonacct.equations import Evaluation, Sector
    from carbonacct.equations.sector import EquationBlock
    from carbonacct.sectors.sources.activities import Activities

_UNREPORTED = np.int8(-1)


def compile_sources(
    activities: Activities,
    *,
    sectors: Sequence[str] | None = None,
    overlay: str | Path | None = None,
    partitions: Mapping[str, Mapping[str, str]] | None = None,
    allow_unverified: bool = False,
) -> Inventory:
    """Return the entries of all sources whose activities are given.

    Parameters
    ----------
    activities
        Of :func:`carbonacct.sectors.sources.activities.read_activities`.
    sectors
        Only these; all that the method has files for where not given.
    overlay
        A folder of the user's own factors: ``<overlay>/<sector>/<parameter>.csv``.
    partitions
        Members of groups that tables print: the climate zone of a city.
    allow_unverified
        Use factors that nobody could check; each leaves a finding.

    Returns
    -------
    Inventory
        A source has an entry where its activities are given: its value in t, or a notation key
        with a finding that says what lacks. Where an activity that it needs is not given at all,
        it has none, and a finding says so.

    Raises
    ------
    ActivityDataError
        If there is no number of an activity.
    FactorDataError
        Faults of the factor tables or the overlay, all of them.
    """
    rows = activities.rows
    if rows.empty or not _areas(rows) or not _years(rows):
        files_read = join_texts(", ", (shown_name(path) for path in activities.files))
        raise ActivityDataError(
            say(
                "{files_read}: holds no number of an activity; fill in the column value",
                files_read=files_read,
            )
        )
    files = [*activities.files, *([overlay] if overlay else [])]
    options = {"overlay": overlay and Path(overlay).name, "allow_unverified": allow_unverified}
    made = []
    for sector in list_sectors(activities.method, sectors):
        own = rows[rows["symbol"].isin([*sector.activities, *sector.parameters])]
        if not own["symbol"].isin(sector.activities).any():
            continue
        data = arrange(sector, _spread(sector, own), years=_years(rows), areas=_areas(rows))
        overlays = [read_overlay(sector, overlay)] if overlay else []
        chosen = choose_factors(
            sector,
            data,
            overlays=overlays,
            partitions=_partitions_of(sector, {**activities.groups, **(partitions or {})}),
            allow_unverified=allow_unverified,
        )
        made.append(_to_inventory(sector, evaluate(sector, chosen)))
    joined = join_inventories(made)
    editions = [edition for one in made for making in one.made_from for edition in making.editions]
    making = describe_making(activities.method, editions=editions, options=options, files=files)
    worth = find_worth(names_of(activities.method), activities, joined.entries)
    findings = tuple(dict.fromkeys((*activities.findings, *worth, *joined.findings)))
    return Inventory(joined.entries, findings, (making,), joined.origins)


def _areas(rows: pd.DataFrame) -> list[str]:
    return [area for area in rows["area"].unique() if area]


def _years(rows: pd.DataFrame) -> list[int]:
    """Return all years from the first to the last: decay and stocks look back over them."""
    known = [int(year) for year in rows["year"].unique() if year]
    return list(range(min(known), max(known) + 1)) if known else []


def _spread(sector: Sector, rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows with a column for each dim of a sector."""
    dims = dict.fromkeys(
        dim for name in (*sector.activities, *sector.parameters) for dim in sector.dims_of(name)
    )
    codes, different = pd.factorize(rows["labels"])
    labels_of_each = [dict(labels) for labels in different]
    columns = {
        dim: make_words(*_number_words(codes, [labels.get(dim, "") for labels in labels_of_each]))
        for dim in dims
    }
    years = rows["year"].where(rows["year"] > 0)
    return rows.drop(columns="labels").assign(**columns, year=years)


def _number_words(codes: np.ndarray, words: list[str]) -> tuple[np.ndarray, list[str]]:
    """Return a word of each row by its place among the different words."""
    known = {word: position for position, word in enumerate(dict.fromkeys(words))}
    return np.array([known[word] for word in words], np.int32)[codes], list(known)


def _partitions_of(
    sector: Sector, partitions: Mapping[str, Mapping[str, str]]
) -> dict[str, Mapping[str, str]]:
    asked = {name for about in sector.parameters.values() for _, name in about.groups}
    return {name: members for name, members in partitions.items() if name in asked}


def _to_inventory(sector: Sector, evaluation: Evaluation) -> Inventory:
    """Return the entries of a sector file."""
    entries: list[pd.DataFrame] = []
    origins: list[SourceOrigin] = []
    for block in sector.sources:
        found = _of_block(sector, evaluation, block, len(origins))
        if len(found):
            entries.append(found)
            origins.append(SourceOrigin(evaluation, block.id))
    making = describe_making(sector.id, editions=_editions(sector))
    return Inventory(
        entries=stack_entries(entries),
        findings=evaluation.findings,
        made_from=(making,),
        origins=tuple(origins),
    )


def _editions(sector: Sector) -> list[str]:
    own = [edition for about in sector.parameters.values() for edition in about.editions]
    return [*sector.editions, *own]


def _of_block(
    sector: Sector, evaluation: Evaluation, block: EquationBlock, origin: int
) -> pd.DataFrame:
    """Return the entries of a source: where it has a number, or lacks one that it should have."""
    worked = evaluation.find(block.id)
    states = evaluation.squeeze(block.id, states_of(worked.cells))
    reported = _find_reported(sector, evaluation, block)
    there = reported != _UNREPORTED
    # What counts as zero where it is not reported is no number beside keys alone.
    states = np.where(there & (reported != NUMBER), reported, states)
    lacking = (states == MISSING) & there
    if lacking.any():  # a source of which only some activities are given is not reported
        unasked = find_unasked(sector, evaluation.data, [block.id])[block.id]
        lacking &= ~evaluation.squeeze(block.id, unasked)
    counted = (states != MISSING) & (states != NO) & there
    if block.starts:  # a bank of a gas that nobody names begins with nothing, and is none
        counted &= _find_named(sector, evaluation, block)
    keep = counted | lacking | _find_none(states, there)
    cells = np.flatnonzero(keep)
    values = np.where(states == NUMBER, evaluation.values(block.id), np.nan).ravel()[cells]
    labels = evaluation.labels(block.id)
    place = np.unravel_index(cells, states.shape)
    axes = evaluation.data.axes
    along = dict(zip(labels, place[2:], strict=True))
    items = [np.array(labels[dim], dtype=object)[at] for dim, at in along.items() if dim != "gas"]
    gases = labels.get("gas", block.gases)
    return make_entries(
        {
            "area": make_words(place[0], axes.areas),
            "year": np.array(axes.years)[place[1]],
            "sector": sector_of(block.category),
            "flow": block.id,
            "product": _join_items(items, len(cells)),
            "category": block.category,
            "kind": _kinds(block, values),
            "gas": make_words(along.get("gas", np.zeros(len(cells), int)), gases),
            "value": values,
            "notation": np.array(KEYS, dtype=object)[states.ravel()[cells]],
            "method": sector.id.partition("/")[0],
            "origin": np.full(len(cells), origin),
            "cell": cells,
        }
    )


def _join_items(items: Sequence[np.ndarray], count: int) -> Any:
    """Return the items of entries, with several dims one behind another."""
    if not items:
        return np.full(count, "", dtype=object)
    joined = items[0]
    for more in items[1:]:
        joined = joined + "," + more
    return joined


def _kinds(block: EquationBlock, values: np.ndarray) -> np.ndarray:
    """Return the kind of each entry: below zero it is a removal, whatever the source may be."""
    if block.kind == "memo":
        return np.full(len(values), "memo", dtype=object)
    lacks = "removal" if block.kind == "removal" else "emission"
    signed = np.where(values < 0, "removal", np.where(np.isnan(values), lacks, "emission"))
    return signed.astype(object)


def _find_reported(sector: Sector, evaluation: Evaluation, block: EquationBlock) -> np.ndarray:
    """Return what is reported (area, year, 1 ...) of the activities that a source is made of.

    Returns
    -------
    ndarray
        int8: NUMBER where some activity has a number, else the strongest of their keys, and
        _UNREPORTED where nobody reports any. Of what looks over years, in any of them.
    """
    data = evaluation.data
    blocks = [sector.blocks[name] for name in with_needs(sector, [block.id])]
    looks = any(looks_over_years(line.tree) for one in blocks for line in one.lines)
    over = tuple(data.axes.axis(dim) for dim in data.axes.labels)
    shape = (len(data.axes.areas), len(data.axes.years))
    number, strongest = np.zeros(shape, bool), np.full(shape, _UNREPORTED)
    for symbol in {name for one in blocks for name in counted_in(one)} & set(sector.activities):
        origins = data.numbers[symbol].origins
        if origins is None:
            continue
        there = np.where(origins >= 0, states_of(data.numbers[symbol].cells), _UNREPORTED)
        strongest = np.maximum(strongest, there.max(axis=over).reshape(shape))
        number |= (there == NUMBER).any(axis=over).reshape(shape)
    if looks:
        number = np.broadcast_to(number.any(axis=1, keepdims=True), shape)
        strongest = np.broadcast_to(strongest.max(axis=1, keepdims=True), shape)
    return _over_entries(np.where(number, NUMBER, strongest), evaluation.values(block.id))


def _find_named(sector: Sector, evaluation: Evaluation, block: EquationBlock) -> np.ndarray:
    """Return the labels (area, 1, label ...) of which somebody reports an activity of a source in some year."""
    data = evaluation.data
    over = [data.axes.axis(dim) for dim in data.axes.labels if dim not in block.all_dims]
    named = np.zeros((1,) * len(data.axes.dims), bool)
    for symbol in set(counted_in(block)) & set(sector.activities):
        origins = data.numbers[symbol].origins
        if origins is not None:
            reported = pick_gases(origins >= 0, block, data.axes)
            named = named | any_over(reported, (*over, data.axes.axis("year")))
    return evaluation.squeeze(block.id, named)


def _over_entries(there: np.ndarray, entries: np.ndarray) -> np.ndarray:
    """Return an array of areas and years with an axis for each label of a block's entries."""
    return there.reshape(there.shape[:2] + (1,) * (entries.ndim - 2))


def _find_none(states: np.ndarray, there: np.ndarray) -> np.ndarray:
    """Return where a source that is reported does not occur in any label: one entry says so."""
    over = tuple(range(2, states.ndim))
    none = there & (states == NO).all(axis=over, keepdims=True)
    first = np.zeros(states.shape[2:], bool).reshape(-1)
    first[:1] = True
    return np.asarray(none & first.reshape(states.shape[2:]))
