"""What an index takes from the activity tables of other sectors: an amount that is the sum over all labels."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, cast

import numpy as np

from carbonacct.indices.inventory_values import (
    GivenAmount,
    fold_area,
    name_cells,
    put_amounts,
)
from carbonacct.sectors.sources.activity_names import list_sectors
from carbonacct.sectors.sources.method_labels import usable_labels
from carbonacct.texts import join_texts
from carbonacct.units import conversion_factor

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from carbonacct.indices.index_declaration import Index, Input
    from carbonacct.indices.index_panel import Panel
    from carbonacct.sectors.sources.activities import Activities


def add_activities(panel: Panel, activities: Activities, index: Index) -> Panel:
    r"""Return the panel with activity data in the inputs that stand for them.

    Parameters
    ----------
    panel
        The user's table.
    activities
        Of one method, as read.
    index
        Says which inputs it wants: ``activities`` in ``factors/vocabulary/index_inputs.csv``.

    Raises
    ------
    IndexDataError
        If the table gives the same amount and they differ by more than 0.5 %.

    Notes
    -----
    An amount is the sum over all labels of an activity (natural forest and plantations): where one
    has neither a number nor ``NO`` there is no sum, and a finding names it.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> import pandas as pd
    >>> from carbonacct.indices.index_declaration import load_index
    >>> from carbonacct.indices.index_panel import panel_from_frame
    >>> from carbonacct.sectors.sources.activities import read_activities
    >>> index = load_index("peaking-pilot-city")
    >>> panel = panel_from_frame(pd.DataFrame({"area": ["甲"], "year": [2022], "land_total": [100.0]}), index)
    >>> rows = ["area,year,activity,item,value,unit", "甲,2022,forest_area,natural,3000,ha"]
    >>> text = "\n".join([*rows, "甲,2022,forest_area,plantation,1000,ha"])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder, "land.csv")
    ...     _ = file.write_text(text, encoding="utf-8")
    ...     made = add_activities(panel, read_activities([file], "ipcc-2006"), index)
    >>> made.values.sel(input="forest_area").item(), made.place.sel(input="forest_area").item()
    (40.0, 'land.csv!E2; land.csv!E3')
    """
    wanted = [about for about in index.inputs.values() if about.activities]
    areas = {fold_area(str(area)) for area in panel.values["area"].values}
    years = set(panel.values["year"].values.tolist())
    rows = activities.rows
    known = rows["area"].map(lambda area: fold_area(str(area)) in areas) & rows["year"].isin(years)
    amounts = [
        amount
        for about in wanted
        for symbol in about.activities
        for amount in _sum_labels(
            rows[known & (rows["symbol"] == symbol)], symbol, about, activities
        )
    ]
    return put_amounts(panel, amounts, "activity")


def _sum_labels(
    rows: pd.DataFrame, symbol: str, about: Input, activities: Activities
) -> Iterator[GivenAmount]:
    """Yield the sum of an activity by area and year, or which labels lack for it."""
    if rows.empty:
        return
    needed = _list_labels(activities.method, symbol)
    factor = conversion_factor(str(rows["unit"].iloc[0]), about.unit)
    for key, own in rows.groupby(["area", "year"], sort=False):
        area, year = cast("tuple[str, int]", key)
        given = dict(zip(own["labels"], own.index, strict=True))
        numbers = own["value"].where(own["notation"] != "NO", 0.0)
        lacking = [
            " ".join([symbol, *(label for _, label in labels)])
            for labels in needed
            if labels not in given or np.isnan(numbers[given[labels]])
        ]
        yield GivenAmount(
            area=str(area),
            year=int(year),
            about=about,
            number=float(numbers.sum()) * factor,
            lacking=join_texts(", ", lacking),
            place=name_cells([str(place) for place in own["place"]]),
        )


def _list_labels(method: str, symbol: str) -> list[tuple[tuple[str, str], ...]]:
    """Return every label of an activity that a method can use, as pairs of dim and label."""
    sector = next(one for one in list_sectors(method) if symbol in one.activities)
    dims = sector.activities[symbol].dims
    known = [[(dim, label) for label in usable_labels(sector, symbol, dim)] for dim in dims]
    return [tuple(labels) for labels in product(*known)]
