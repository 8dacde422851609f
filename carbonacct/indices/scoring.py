"""The score of an index: values to scores of leaves, weighted up the tree of indicators."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from carbonacct.display import legible
from carbonacct.errors import Finding, IndexDataError, name_some
from carbonacct.indices.aggregate import join_parts
from carbonacct.indices.index_declaration import load_index
from carbonacct.indices.index_panel import Panel, panel_from_frame, read_panel
from carbonacct.indices.indicator_values import Values, compute_values
from carbonacct.indices.inventory_values import (
    add_coal_equivalent,
    add_inventory,
    add_quantities,
)
from carbonacct.indices.normalise import apply_rule, count_greater
from carbonacct.inventory.record import Inventory
from carbonacct.sectors.energy.energy_use import list_energy_use
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray

    from carbonacct.indices.index_declaration import Index
    from carbonacct.sectors.energy.energy_use import EnergySource

    Array = NDArray[np.float64]

_SHOWN = 12
EQUAL_DIGITS = 12  # sums of the same parts are equal, rounding in the last digits aside
COLUMNS = ("area", "indicator", "level", "value", "unit", "score", "weight", "weighted", "status")


@legible
@dataclass(frozen=True, repr=False, eq=False)
class IndexResult:
    """The scores of areas and years: area x year x indicator; the index itself stands first, under its own id.

    Attributes
    ----------
    value
        Of the leaves, in the unit of each.
    score
        On the scale of the index.
    weight
        Share of the whole index that each node had; where the missing rule spreads the weight of an
        absent part, what came of it.
    weighted
        Score times weight: the leaves of an area add up to the score of the index. Absent where
        scores are joined by a geometric mean, which is no sum.
    status
        Of a leaf as in :class:`carbonacct.indices.indicator_values.Values`, or ``"no-score"`` where the rule
        gives none (a group of equals); of a node ``"complete"``, ``"partial"`` (weights scaled up)
        or ``"missing"``.
    """

    index: Index
    panel: Panel
    values: Values
    value: xr.DataArray
    score: xr.DataArray
    weight: xr.DataArray
    weighted: xr.DataArray
    status: xr.DataArray
    findings: tuple[Finding, ...] = ()

    def total(self) -> xr.DataArray:
        """Return the score of the index: area x year."""
        return self.score.sel(indicator=self.index.id, drop=True)

    def rank(self) -> xr.DataArray:
        """Return the rank of each area in its year, 1 the best.

        Equals share a rank, an area without a score has none.
        """
        total = self.total()
        return total.copy(data=rank_areas(total.values.T).T)

    def to_frame(self, year: int | None = None) -> pd.DataFrame:
        """Return the rows of one year (the last unless given), one per area and indicator in the source's order."""
        import pandas as pd  # noqa: PLC0415 - xarray has loaded it; only the name is needed late

        chosen = choose_year(self.score["year"].values.tolist(), year)
        nodes = [(self.index.id, 0, ""), *((i.id, i.level, i.unit) for i in self.index.indicators)]
        areas = self.score["area"].values
        repeated = {"area": np.repeat(areas, len(nodes))}
        fixed = {
            name: [node[at] for node in nodes] * len(areas)
            for at, name in enumerate(("indicator", "level", "unit"))
        }
        held = {
            name: getattr(self, name).sel(year=chosen).values.ravel()
            for name in ("value", "score", "weight", "weighted", "status")
        }
        return pd.DataFrame({**repeated, **fixed, **held}, columns=list(COLUMNS))


def score_index(
    index: str | Index,
    data: str | Path | pd.DataFrame | Panel,
    *,
    inventory: Inventory | pd.DataFrame | None = None,
    balance: Sequence[EnergySource] | None = None,
    coal_equivalent: str | None = None,
    power_rate: float | None = None,
) -> IndexResult:
    """Return the scores of areas and years under an index.

    Parameters
    ----------
    index
        Its id, the path of a declaration of one's own, or an index.
    data
        The filled-in template, a table like it, or a data frame with ``area``, ``year`` and the
        inputs.
    inventory
        An inventory of any sectors (of energy as :func:`carbonacct.to_inventory` gives it), or its
        rows, from which emissions are taken.
    balance
        Energy balances, or inventories, from which amounts of energy are taken (electricity used);
        those of the inventory unless given.
    coal_equivalent, power_rate
        A method by which energy is taken from the balances as well, and the coal that power plants
        use, kgce/kWh: see
        :meth:`carbonacct.sectors.energy.energy_use.EnergyUse.sum_coal_equivalent`.

    Raises
    ------
    IndexDataError
        If the table cannot be used (all faults, with their cells), or the index is a form, which
        has no weights.

    Examples
    --------
    >>> import pandas as pd
    >>> data = pd.DataFrame({"area": ["a", "b"], "year": 2000, "patents": [994, 497]})
    >>> data = data.assign(royalties=[272.6, 0], internet=[232.4, 0], exports=[80.8, 0])
    >>> data = data.assign(telephones=[901, 1], electricity_per_head=[6969, 22])
    >>> data = data.assign(schooling=[12, 0.8], university=[27.4, 0.1])
    >>> score_index("tai-2001", data).total().values.ravel()
    array([1.    , 0.0625])
    """
    chosen = load_index(index) if isinstance(index, str) else index
    if chosen.kind == "form":
        raise IndexDataError(
            say(
                "{id} is a form: its indicators have no weights and no score; carbonacct "
                "index form {id} fills it in",
                id=chosen.id,
            )
        )
    panel = make_panel(
        chosen,
        data,
        inventory=inventory,
        balance=balance,
        coal_equivalent=coal_equivalent,
        power_rate=power_rate,
    )
    values = compute_values(chosen, panel)
    scores = score_leaves(chosen, values)
    return _aggregate(chosen, panel, values, scores)


def make_panel(
    index: Index,
    data: str | Path | pd.DataFrame | Panel,
    *,
    inventory: Inventory | pd.DataFrame | None = None,
    balance: Sequence[EnergySource] | None = None,
    coal_equivalent: str | None = None,
    power_rate: float | None = None,
) -> Panel:
    """Return the inputs of an index from a table, with what an inventory and its energy give."""
    import pandas as pd  # noqa: PLC0415 - xarray has loaded it; only the name is needed late

    if not isinstance(data, Panel):
        data = (
            panel_from_frame(data, index)
            if isinstance(data, pd.DataFrame)
            else read_panel(data, index)
        )
    if inventory is not None:
        data = add_inventory(data, _rows_of(inventory), index)
    sources: Sequence[EnergySource] = balance or ()
    if balance is None and isinstance(inventory, Inventory):
        sources = [inventory]
    for use in (use for source in sources for use in list_energy_use(source)):
        data = add_quantities(data, use, index)
        if coal_equivalent is not None:
            data = add_coal_equivalent(
                data, use, index, method=coal_equivalent, power_rate=power_rate
            )
    return data


def _rows_of(inventory: object) -> pd.DataFrame:
    """Return the rows of an inventory of entries, which may be rows already."""
    import pandas as pd  # noqa: PLC0415 - xarray has loaded it; only the name is needed late

    if isinstance(inventory, pd.DataFrame):
        return inventory
    if isinstance(inventory, Inventory):
        return inventory.to_frame()
    text = "an index takes an inventory of entries, not {kind}; give to_inventory(...) of it"
    raise IndexDataError(say(text, kind=type(inventory).__name__))


def score_leaves(index: Index, values: Values) -> Array:
    """Return the scores of the leaves between 0 and 1: area x year x leaf."""
    rated = values.rated.values
    columns = [
        apply_rule(rated[..., position], index.rules[leaf.rule], more=leaf.direction == "more")
        for position, leaf in enumerate(index.leaves)
    ]
    return np.stack(columns, axis=-1)


def rank_areas(scores: Array) -> Array:
    """Return ranks along the last axis, 1 the greatest; equals share the better rank, NaN has none.

    Examples
    --------
    >>> rank_areas(np.array([0.5, 0.7, np.nan, 0.5]))
    array([ 2.,  1., nan,  2.])
    """
    # Equal but for the last bits of a sum is equal: an order of adding makes no rank.
    return 1 + count_greater(np.round(scores, EQUAL_DIGITS))


def choose_year(years: Sequence[int], year: int | None) -> int:
    """Return the year that is asked for, or the last one.

    Raises
    ------
    IndexDataError
        If the table does not have it.
    """
    chosen = years[-1] if year is None else year
    if chosen not in years:
        raise IndexDataError(
            say(
                "no year {chosen} in the table; it has {years}",
                chosen=chosen,
                years=join_texts(", ", map(str, years)),
            )
        )
    return chosen


def _aggregate(index: Index, panel: Panel, values: Values, leaf_scores: Array) -> IndexResult:
    """Weight the scores up the tree, from the deepest node to the index."""
    names = [index.id, *(indicator.id for indicator in index.indicators)]
    at = {name: position for position, name in enumerate(names)}
    shape = (*leaf_scores.shape[:2], len(names))
    value, score, status = (
        np.full(shape, np.nan),
        np.full(shape, np.nan),
        np.full(shape, "missing", dtype=object),
    )
    for position, leaf in enumerate(index.leaves):
        value[..., at[leaf.id]] = values.value.values[..., position]
        score[..., at[leaf.id]] = leaf_scores[..., position]
        given = values.status.values[..., position]
        scored = ~np.isnan(values.value.values[..., position]) & np.isnan(
            leaf_scores[..., position]
        )
        status[..., at[leaf.id]] = np.where(scored, "no-score", given)
    shares = _add_up_tree(index, at, score, status)
    weight = np.ones(shape)
    for indicator in sorted(index.indicators, key=lambda i: _depth(index, i.id)):
        weight[..., at[indicator.id]] = (
            shares[indicator.id] * weight[..., at[indicator.parent or index.id]]
        )
    score *= index.scale
    weighted = score * weight if index.sums else np.full(shape, np.nan)
    coords = {**values.value.coords, "indicator": names}
    arrays = {
        name: xr.DataArray(array, dims=("area", "year", "indicator"), coords=coords)
        for name, array in (
            ("value", value),
            ("score", score),
            ("weight", weight),
            ("weighted", weighted),
            ("status", status),
        )
    }
    return IndexResult(
        index,
        panel,
        values,
        **arrays,
        findings=(
            *values.findings,
            *_unscored(index, status),
            *_unconfirmed(index, leaf_scores),
            *_clipped(index, panel, values),
        ),
    )


def _add_up_tree(
    index: Index, at: Mapping[str, int], score: Array, status: NDArray[np.object_]
) -> dict[str, Array]:
    """Write the score and status of each node, the deepest first; return the weight of each part in its node."""
    shares: dict[str, Array] = {}
    nodes = [indicator.id for indicator in index.indicators if not indicator.leaf]
    for node in [*sorted(nodes, key=lambda name: -_depth(index, name)), ""]:
        parts = index.children(node)
        held = score[..., [at[part.id] for part in parts]]
        there = ~np.isnan(held)
        # A part that lacks gives its weight to those that are there, or voids the node.
        weights = np.where(there, [part.weight for part in parts], 0.0)
        whole = weights.sum(axis=-1)
        enough = np.asarray(whole > 0 if index.missing == "renormalise" else there.all(axis=-1))
        with np.errstate(invalid="ignore", divide="ignore"):
            used = np.where(
                enough[..., None], weights / whole[..., None], [part.weight for part in parts]
            )
        shares |= {part.id: used[..., position] for position, part in enumerate(parts)}
        position = at[node or index.id]
        score[..., position] = np.where(
            enough, join_parts(held, weights, index.aggregation_of(node)), np.nan
        )
        status[..., position] = np.where(
            ~enough, "missing", np.where(there.all(axis=-1), "complete", "partial")
        )
    return shares


def _depth(index: Index, name: str) -> int:
    parents = {indicator.id: indicator.parent for indicator in index.indicators}
    depth = 0
    while name:
        name, depth = parents[name], depth + 1
    return depth


def _unscored(index: Index, status: NDArray[np.object_]) -> list[Finding]:
    """Return a finding for each leaf that has values and no scores: its group does not tell its members apart."""
    found = []
    for position, indicator in enumerate(index.indicators, start=1):
        if indicator.leaf and (status[..., position] == "no-score").any():
            rule = index.rules[indicator.rule]
            text = say(
                "{id} ({indicator_name}) gives no score: {kind} over the {over} finds "
                "nothing to compare, one value or equal ones",
                id=indicator.id,
                indicator_name=indicator.zh,
                kind=rule.kind,
                over=rule.over,
            )
            found.append(
                Finding(
                    "nothing-to-compare",
                    "error",
                    text,
                    "",
                    say("score more areas or years, or state bounds in a declaration of your own"),
                )
            )
    return found


def _clipped(index: Index, panel: Panel, values: Values) -> list[Finding]:
    """Return a finding for each leaf with values beyond the bounds of its rule, which count as the bound."""
    found = []
    areas, years = panel.values["area"].values, panel.values["year"].values
    for position, leaf in enumerate(index.leaves):
        rule, rated = index.rules[leaf.rule], values.rated.values[..., position]
        if rule.kind != "min-max" or not ((rated < rule.minimum) | (rated > rule.maximum)).any():
            continue
        at = panel.place.sel(input=leaf.id if leaf.op == "column" else leaf.of[0]).values
        beyond = np.argwhere((rated < rule.minimum) | (rated > rule.maximum))
        cells = [
            say(
                "{at} ({rated:g} as {minimum:g})",
                at=at[a, y] or f"{areas[a]} {years[y]}",
                rated=rated[a, y],
                minimum=rule.minimum if rated[a, y] < rule.minimum else rule.maximum,
            )
            for a, y in beyond[:_SHOWN]
        ]
        count = "1 cell" if len(beyond) == 1 else say("{cell_count} cells", cell_count=len(beyond))
        text = say(
            "{id} ({leaf_name}) lies beyond the bounds {minimum:g} and {maximum:g} in "
            "{count} and counts as the bound: {cells}",
            id=leaf.id,
            leaf_name=leaf.zh,
            minimum=rule.minimum,
            maximum=rule.maximum,
            count=count,
            cells=name_some([*cells, *[""] * (len(beyond) - len(cells))], _SHOWN),
        )
        found.append(Finding("beyond-bounds", "info", text, "", say("check the cells")))
    return found


def _unconfirmed(index: Index, leaf_scores: Array) -> list[Finding]:
    """Return a finding for each leaf that is scored against a number which could not be checked in full."""
    found = []
    for position, leaf in enumerate(index.leaves):
        rule = index.rules[leaf.rule]
        if rule.unconfirmed and not np.isnan(leaf_scores[..., position]).all():
            text = say(
                "{id} ({leaf_name}) is scored against {reference:g} {unit}: {unconfirmed}",
                id=leaf.id,
                leaf_name=leaf.zh,
                reference=rule.reference,
                unit=leaf.unit,
                unconfirmed=rule.unconfirmed,
            )
            found.append(
                Finding(
                    "unconfirmed-benchmark",
                    "warning",
                    text,
                    "",
                    say(
                        "copy the declaration and give rule.{name} a reference that you can defend",
                        name=rule.name,
                    ),
                )
            )
    return found
