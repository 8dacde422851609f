"""Where an effect comes from: the rows of a decomposition by sector, product or area."""

from __future__ import annotations

from typing import TYPE_CHECKING

import xarray as xr

from carbonacct.analysis.labelling import list_rows

if TYPE_CHECKING:
    import pandas as pd

    from carbonacct.analysis.decomposition import Decomposition


def list_contributions(decomposition: Decomposition, *dims: str) -> pd.DataFrame:
    """Return what each label of some summed dims contributes to every effect, as rows, with its own total.

    Parameters
    ----------
    decomposition
        Of a left side that is a sum over these dims.
    dims
        The level: each dim kept; the other summed dims are added up.

    Returns
    -------
    DataFrame
        The ``by`` dims, the dims of the level, ``from``, ``to``, ``term``, ``value``. ``total``
        adds up (multiplies up) the terms of a label. Along a chain the whole stands behind its
        steps.

    Raises
    ------
    PanelError
        If a dim is not summed, or the method does not say where an effect comes from.

    Notes
    -----
    Over the labels of a level the rows of a term add up to its effect in additive form and multiply
    up to it in multiplicative form.

    Examples
    --------
    >>> import pandas as pd
    >>> from carbonacct.analysis.decomposition import decompose
    >>> panel = pd.DataFrame({"year": [0, 0, 1, 1], "fuel": ["a", "b"] * 2})
    >>> panel = panel.assign(use=[1.0, 2, 2, 2], factor=[3.0, 2, 3, 1])
    >>> rows = list_contributions(decompose(panel, "co2 = use * factor", sum_over=["fuel"]), "fuel")
    >>> rows[rows["term"] == "total"].round(2)[["fuel", "value"]].to_numpy().tolist()
    [['a', 3.0], ['b', -2.0]]
    """
    parts = decomposition.attribute(*dims)
    ratios = decomposition.form == "multiplicative"
    whole = (
        parts.prod("term", skipna=True, min_count=1)
        if ratios
        else parts.sum("term", skipna=True, min_count=1)
    )
    held = xr.concat([parts, whole.expand_dims(term=["total"])], dim="term")
    level = (*decomposition.by, *dims)
    chain = None
    if decomposition.chain is not None:
        joined = (
            held.prod("period", skipna=True, min_count=1)
            if ratios
            else held.sum("period", skipna=True, min_count=1)
        )
        ends = {name: decomposition.chain[name] for name in ("from", "to")}
        chain = joined.transpose(*level, "term").assign_coords(ends)
    return list_rows(held.transpose(*level, "period", "term"), chain, level)
