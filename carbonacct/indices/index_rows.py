"""The indicators of an index or a form as rows: each with its number, its score, its cells, or what to give."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from carbonacct.indices.assessment_form import say_how_to_fill
from carbonacct.indices.indicator_values import compute_values
from carbonacct.indices.scoring import score_index
from carbonacct.texts import Both

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.errors import Finding
    from carbonacct.indices.index_declaration import Index, Indicator
    from carbonacct.indices.index_panel import Panel

ROW = (
    *("area", "year", "indicator", "level", "value", "unit"),
    *("score", "weight", "weighted", "status", "cells", "remark"),
)
_LOOKS_BACK = ("change", "cut", "decoupling")
_SCORES = ("score", "weight", "weighted")
NUMBERS = ("value", *_SCORES)


def list_rows(index: Index, panel: Panel) -> tuple[pd.DataFrame, Sequence[Finding]]:
    """Return every indicator of each area and year, and what a reader should know.

    Returns
    -------
    DataFrame
        Columns `ROW`, in the order of the source; of an index the index itself first, at level 0. A
        form has no scores. ``cells`` are those of the inputs, ``remark`` says what to give where a
        leaf has no number.
    list of Finding
        Of the panel and of the arithmetic.

    Examples
    --------
    >>> from carbonacct.indices.index_declaration import load_index
    >>> from carbonacct.indices.index_panel import panel_from_frame
    >>> index = load_index("peaking-pilot-city")
    >>> data = pd.DataFrame({"area": ["甲"], "year": [2022], "gdp": [3000.0], "gva_tertiary": [1800.0]})
    >>> rows, _ = list_rows(index, panel_from_frame(data, index))
    >>> rows.loc[rows["indicator"] == "tertiary_share", ["value", "unit", "cells"]].values.tolist()
    [[60.0, '%', 'table!D2; table!C2']]
    """
    scores: dict[str, np.ndarray] = {}
    heads: list[tuple[str, int, str]] = []
    if index.kind == "form":
        values = compute_values(index, panel)
        value, status, findings = values.value, values.status, values.findings
    else:
        result = score_index(index, panel)
        value, status, findings = result.value, result.status, result.findings
        scores = {name: getattr(result, name) for name in _SCORES}
        heads.append((index.id, 0, ""))
    units = {one.id: Both(one.unit, one.unit_zh or one.unit) for one in index.indicators}
    nodes = [*heads, *((one.id, one.level, units[one.id]) for one in index.indicators)]
    leaves = {leaf.id: leaf for leaf in index.leaves}
    known = set(value["indicator"].values.tolist())
    rows: list[dict[str, Any]] = []
    for area in panel.values["area"].values.tolist():
        for year in panel.years:
            for node, level, unit in nodes:
                row: dict[str, Any] = dict.fromkeys(("status", "cells", "remark"), "")
                row |= {"area": area, "year": year, "indicator": node, "level": level, "unit": unit}
                if node in known:
                    at = {"area": area, "year": year, "indicator": node}
                    arrays: dict[str, Any] = {"value": value, **scores, "status": status}
                    row |= {name: array.sel(at).item() for name, array in arrays.items()}
                if node in leaves:
                    row["cells"] = _name_cells(leaves[node], panel, area, year)
                    if np.isnan(row["value"]):
                        row["remark"] = say_how_to_fill(
                            index, leaves[node], panel, area=area, years=[year]
                        )
                rows.append(row)
    # As objects: a column of plain strings would lose the Chinese of units and remarks.
    frame = pd.DataFrame(rows, columns=list(ROW), dtype=object)
    return frame.astype({"year": int, "level": int, **dict.fromkeys(NUMBERS, float)}), findings


def _name_cells(leaf: Indicator, panel: Panel, area: str, year: int) -> str:
    """Return the cells of the inputs of a leaf, or of the leaf itself, in a year and the one that it looks back on."""
    before = year - leaf.span if leaf.op.startswith(_LOOKS_BACK) else year
    years = [one for one in dict.fromkeys((year, before)) if one in panel.years]
    inputs = list(dict.fromkeys((*leaf.needs, leaf.id)))
    held = panel.place.sel(area=area, year=years, input=inputs).values.T.ravel()
    return "; ".join(dict.fromkeys(str(cell) for cell in held if cell))
