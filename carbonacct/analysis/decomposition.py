"""Index decomposition: what each factor of an identity contributes to a change."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from carbonacct.analysis.dataset_cells import read_dataset
from carbonacct.analysis.identity import Identity, parse_identity
from carbonacct.analysis.index_methods import find_method
from carbonacct.analysis.labelling import (
    join_chain,
    label_pairs,
    lay_out,
    list_rows,
    with_totals,
)
from carbonacct.analysis.panel_cells import read_cells
from carbonacct.analysis.panel_inputs import deflate, join_labels, list_findings, to_table
from carbonacct.analysis.state_pairs import list_pairs
from carbonacct.analysis.states import (
    average_places,
    check_ratio,
    compare_states,
    find_absent,
    total_quantities,
)
from carbonacct.blocks import in_blocks
from carbonacct.display import legible
from carbonacct.errors import Finding, PanelError
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from carbonacct.analysis.panel_cells import PanelCells
    from carbonacct.analysis.state_changes import Array
    from carbonacct.analysis.state_pairs import Pairs

DRAW = "draw"
_OUTPUT = frozenset({"from", "to", "term", "value", "period", "cell"})


@legible
@dataclass(frozen=True, repr=False, eq=False)
class Decomposition:
    """Effects of the factors of an identity, with the total change and what the method leaves over.

    Attributes
    ----------
    identity
        The identity that was decomposed.
    method, form
        As asked for. In multiplicative form every number is a ratio, and effects multiply up.
    over, by, sum_over
        Dims: what is compared, what is kept apart, what is summed.
    effects
        ``(*by, period, term)``; the coordinates ``from`` and ``to`` of ``period`` say what is
        compared.
    start, end
        The left side before and after ``(*by, period)``.
    total, residual
        Its change, and what the effects leave of it ``(*by, period)``. The residual of LMDI,
        Shapley and Fisher is 0 (1 in multiplicative form) to rounding.
    chain
        Effects, ``total`` and ``residual`` as terms ``(*by, term)`` from the first to the last
        label of a chain: the sum (product) of its steps; ``None`` without a chain.
    contributions
        What each cell of the summed dims adds to an effect ``(*by, period, term, cell)``, in
        logarithms in multiplicative form; ``None`` where the method cannot say.
    findings
        What a reader should know.
    """

    identity: Identity
    method: str
    form: str
    over: str
    by: tuple[str, ...]
    sum_over: tuple[str, ...]
    effects: xr.DataArray
    start: xr.DataArray
    end: xr.DataArray
    total: xr.DataArray
    residual: xr.DataArray
    chain: xr.DataArray | None
    contributions: xr.DataArray | None
    findings: tuple[Finding, ...] = ()

    def attribute(self, *dims: str) -> xr.DataArray:
        """Return what each label of some summed dims contributes to each effect; the others are added up.

        Raises
        ------
        PanelError
            If a dim is not summed, or the method does not say where an effect comes from.

        Notes
        -----
        Contributions to an additive effect add up to it, those to a multiplicative effect multiply
        up to it: its logarithm is a sum over cells.

        Examples
        --------
        >>> import pandas as pd
        >>> panel = pd.DataFrame({"year": [0, 0, 1, 1], "fuel": ["a", "b"] * 2})
        >>> panel = panel.assign(use=[1.0, 2, 2, 2], factor=[3.0, 2, 3, 1])
        >>> changed = decompose(panel, "co2 = use * factor", sum_over=["fuel"])
        >>> changed.attribute("fuel").sel(term="factor").squeeze().round(2).values.tolist()
        [0.0, -2.0]
        """
        if self.contributions is None:
            raise PanelError(
                say(
                    "{method} in {form} form does not say which cell an effect comes from; "
                    "use lmdi-1, or the additive form",
                    method=self.method,
                    form=self.form,
                )
            )
        for dim in dims:
            if dim not in self.sum_over:
                raise PanelError(
                    say(
                        "{dim!r} is not summed over here; summed: {sum_over}",
                        dim=dim,
                        sum_over=join_texts(", ", self.sum_over) or say("nothing"),
                    )
                )
        parts = self.contributions
        other = [dim for dim in self.sum_over if dim not in dims]
        summed = parts.unstack("cell")  # noqa: PD010 - of xarray
        if other:
            summed = summed.sum(other, skipna=True, min_count=1)
        return (
            summed.copy(data=np.exp(summed.values))
            if self.form == "multiplicative"
            else summed + 0.0
        )  # no minus zero

    def to_frame(self) -> pd.DataFrame:
        """Return rows: the ``by`` dims, ``from``, ``to``, ``term``, ``value``.

        After the factors ``total`` and ``residual``.

        The chain from first to last stands behind its steps.
        """
        held = with_totals(self.effects, self.total, self.residual)
        return list_rows(held, self.chain, self.by)


def decompose(
    panel: pd.DataFrame | xr.Dataset,
    identity: str | Identity,
    *,
    over: Sequence[str] | str = "year",
    by: Sequence[str] | str = (),
    sum_over: Sequence[str] | str = (),
    chained: bool = False,
    form: str = "additive",
    method: str = "lmdi-1",
    reference: object = None,
    deflator: Mapping[str, str] | None = None,
    tolerance: float = 1e-6,
) -> Decomposition:
    """Return the effect of each factor of an identity on the change of its left side.

    Parameters
    ----------
    panel
        A long table, one row for each combination of labels, or a Dataset with the labels as dims.
        Any units.
    identity
        Text, preset id or parsed identity.
    over
        The dim along which states are compared: years, or areas. Several, ``["area", "year"]``,
        compare every area and year with one another; a state is then called by its labels,
        ``"Germany 2016"``.
    by
        Dims that are kept apart.
    sum_over
        Dims that the left side is the sum over; those of the identity's tags are added.
    chained
        Compare each label with the one before, and give the whole chain too; else each with the
        reference.
    form
        ``"additive"``: differences; ``"multiplicative"``: ratios.
    method
        ``"lmdi-1"``, ``"lmdi-2"``, ``"shapley"``, ``"fisher"``, ``"laspeyres"`` or
        ``"marshall-edgeworth"``.
    reference
        A label of ``over`` that all are compared with, ``"mean"`` (the mean of all), or ``"pairs"``
        (every pair). The first label by default for years, the mean for other labels.
    deflator
        Price index column for columns of money: ``{"gdp": "gdp_deflator"}`` divides gdp by it.
    tolerance
        How far, as a share, the factors may miss a left side that is a column of its own.

    Returns
    -------
    Decomposition

    Raises
    ------
    IdentityError
        If the identity cannot be read or does not cancel.
    MethodError
        If the method has no such form, or the options contradict each other.
    PanelError
        If a column, a row or a number is missing or contradicts, or an effect has no limit.

    Notes
    -----
    A number absent on both sides is no cell; one absent on one side raises, as absent is not zero.
    Limits at zero are those of `carbonacct.analysis.logarithmic_mean.share_change`.

    Examples
    --------
    >>> import pandas as pd
    >>> panel = pd.DataFrame({"year": [2010, 2020], "gdp": [1.0, 2.0], "energy": [3.0, 4.0], "co2": [6.0, 6.0]})
    >>> decompose(panel, "co2 = gdp * energy/gdp * co2/energy").effects.round(4).squeeze().values.tolist()
    [4.1589, -2.4328, -1.7261]
    """
    kernel = find_method(method, form)
    known, cells, over = _read_panel(
        panel, identity, over, by, sum_over=sum_over, deflator=deflator or {}
    )
    groups, summed = cells.grouped, cells.summed
    pairs = list_pairs(cells, known, chained=chained, reference=reference)
    findings = [*cells.findings, *pairs.findings]
    if (pairs.first == len(cells.places)).any():
        cells = average_places(cells, known.names)
        findings += _note_means(known)
    quantities = total_quantities(cells, known)
    check_ratio(cells, known, quantities)
    absent = find_absent(cells, known, pairs.indices)
    values = np.empty(absent.shape), np.empty(absent.shape)
    effects = np.empty((len(absent), len(known.factors)))
    # What each cell adds, where the method can say: pair x term x cell.
    shares = np.empty((*effects.shape, absent.shape[1])) if summed else None

    def explain(rows: slice) -> bool:
        indices = pairs.group[rows], pairs.first[rows], pairs.last[rows]
        changes = compare_states(cells, known, quantities, indices, absent=absent[rows])
        values[0][rows], values[1][rows] = changes.start, changes.end
        if form == "multiplicative":
            changes.need_ratio(say("the multiplicative form"), say("the additive form"))
        room = None if shares is None else shares[rows]
        effects[rows], parts = kernel(replace(changes, room=room))
        if room is not None and parts is not None and parts.base is not room.base:
            room[:] = parts.transpose(0, 2, 1)
        return parts is not None

    # Some eight arrays of this size are at work at once.
    says_parts = all(in_blocks(explain, (len(absent), absent.shape[1] * len(known.factors), 2)))
    findings += list_findings(cells, known, values, deflator=deflator or {}, over=over)
    total0, total1 = _totals(cells, known, values, pairs, tolerance=tolerance, findings=findings)
    effects, total, residual = _close(effects, total0, total1, form)
    layout, terms = lay_out(cells), known.terms
    arrays = {"effect": effects, "start": total0, "end": total1, "total": total}
    arrays["residual"] = residual
    if shares is not None and says_parts:
        arrays["contribution"] = shares
    labelled = label_pairs(layout, pairs, cells, arrays, terms=terms)
    chain = None
    if chained:
        steps = {**dict(zip(terms, effects.T, strict=True)), "total": total, "residual": residual}
        chain = join_chain(layout, pairs, cells.places, steps, multiply=form == "multiplicative")
    return Decomposition(
        identity=known,
        method=method,
        form=form,
        over=over,
        by=groups,
        sum_over=summed,
        effects=labelled["effect"],
        start=labelled["start"],
        end=labelled["end"],
        total=labelled["total"],
        residual=labelled["residual"],
        chain=chain,
        contributions=labelled.get("contribution"),
        findings=tuple(findings),
    )


def _close(effects: Array, before: Array, after: Array, form: str) -> tuple[Array, Array, Array]:
    """Return effects, the total change and what the effects leave of it: sums, or products of ratios."""
    if form == "multiplicative":
        effects, total = np.exp(effects), after / before
        residual = total / effects.prod(axis=1)
    else:
        total = after - before
        residual = total - effects.sum(axis=1)
    return effects + 0.0, total, residual + 0.0  # no minus zero


def _read_panel(
    panel: pd.DataFrame | xr.Dataset,
    identity: str | Identity,
    over: Sequence[str] | str,
    by: Sequence[str] | str,
    *,
    sum_over: Sequence[str] | str,
    deflator: Mapping[str, str],
) -> tuple[Identity, PanelCells, str]:
    """Return the identity, the cells of its columns, and the name of the dim that is compared."""
    # A Dataset has its numbers in order already, where nothing must be done to its columns.
    is_direct = isinstance(panel, xr.Dataset) and len(_as_tuple(over)) == 1 and not deflator
    if is_direct:
        over, columns = _as_tuple(over)[0], [str(name) for name in (*panel.dims, *panel.data_vars)]
    else:
        panel, over = join_labels(to_table(panel), _as_tuple(over))
        columns = [str(column) for column in panel.columns]
    known = (
        identity if isinstance(identity, Identity) else parse_identity(identity, columns=columns)
    )
    groups, summed = _as_tuple(by), tuple(dict.fromkeys((*_as_tuple(sum_over), *known.dims)))
    if DRAW in columns and DRAW not in (over, *groups, *summed):
        groups = (*groups, DRAW)
    for dim in (*groups, *summed):
        if dim in _OUTPUT:
            raise PanelError(
                say(
                    "a label column cannot be called {dim!r}, which names a column of the "
                    "result; rename it",
                    dim=dim,
                )
            )
    left = [
        quantity.name
        for quantity in (*known.left.numerator, *known.left.denominator)
        if quantity.name in columns
    ]
    needed = list(dict.fromkeys([*known.names, *left]))
    cells = None
    if is_direct and isinstance(panel, xr.Dataset):
        cells = read_dataset(panel, needed, over=over, by=groups, sum_over=summed)
    if cells is None:
        table = deflate(to_table(panel), deflator, known)
        cells = read_cells(table, needed, over=over, by=groups, sum_over=summed)
    return known, cells, over


def _note_means(identity: Identity) -> list[Finding]:
    if not identity.defines:
        return []
    text = say(
        "the mean of each column is compared, and what the means multiply to is "
        "not the mean of {text}",
        text=identity.left.text,
    )
    return [
        Finding(
            rule="mean-of-factors",
            severity="warning",
            message=text,
            action=say("write factors that cancel, or compare with one label"),
        )
    ]


def band(decomposition: Decomposition, *, level: float = 0.95) -> xr.Dataset:
    """Return the mean and the percentile band of each effect over the draws of the inputs.

    Parameters
    ----------
    decomposition
        Of a panel with a dim ``draw``.
    level
        Share of the draws inside the band.

    Returns
    -------
    xarray.Dataset
        ``mean``, ``lower`` and ``upper`` with the terms, ``total`` and ``residual``; the mean is
        arithmetic for differences, geometric for ratios, so that it adds (multiplies) up as each
        draw does.

    Raises
    ------
    PanelError
        If the panel had no draws, or the level is not between 0 and 1.

    Notes
    -----
    IPCC 2006 Guidelines, volume 1, chapter 3, section 3.1.3: the 95 percent range is the 2.5 to the
    97.5 percentile.
    """
    if DRAW not in decomposition.by:
        raise PanelError(
            say(
                "the panel has no dim {draw!r}; give draws of the inputs, or leave the band out",
                draw=DRAW,
            )
        )
    if not 0 < level < 1:
        raise PanelError(
            say(
                "a level of {level} is no share; give one between 0 and 1, such as 0.95",
                level=level,
            )
        )
    held = with_totals(decomposition.effects, decomposition.total, decomposition.residual)
    ratios = decomposition.form == "multiplicative"
    mean = held.copy(data=np.log(held.values)).mean(DRAW) if ratios else held.mean(DRAW)
    tails = held.quantile([(1 - level) / 2, (1 + level) / 2], dim=DRAW)
    return xr.Dataset(
        {
            "mean": mean.copy(data=np.exp(mean.values)) if ratios else mean,
            "lower": tails.isel(quantile=0, drop=True),
            "upper": tails.isel(quantile=1, drop=True),
        }
    )


def _as_tuple(dims: Sequence[str] | str) -> tuple[str, ...]:
    return (dims,) if isinstance(dims, str) else tuple(dims)


def _totals(
    cells: PanelCells,
    identity: Identity,
    values: tuple[Array, Array],
    pairs: Pairs,
    *,
    tolerance: float,
    findings: list[Finding],
) -> tuple[Array, Array]:
    """Return the left side before and after.

    A left side with a column of its own must be what the factors multiply to.
    """
    made = values[0].sum(axis=1), values[1].sum(axis=1)
    name = identity.left.numerator[0].name
    if not identity.defines:
        return made
    if name not in cells.values:
        findings.append(
            Finding(
                "new-name",
                "info",
                say(
                    "{name} is no column of the panel: it is what the factors multiply to, {text}",
                    name=name,
                    text=identity.product.text,
                ),
            )
        )
        return made
    column = cells.values[name]
    whole = (
        np.fmax.reduce(column, axis=2)
        if name not in cells.own
        else np.where(np.isnan(column).all(axis=2), np.nan, np.nansum(column, axis=2))
    )
    printed = whole[pairs.group, pairs.first], whole[pairs.group, pairs.last]
    for side, own, place in zip(made, printed, (pairs.first, pairs.last), strict=True):
        apart = np.abs(side - own) / np.maximum(np.abs(own), np.finfo(float).tiny)
        worst = int(np.nanargmax(np.where(np.isnan(apart), np.inf, apart)))
        where = cells.name(int(pairs.group[worst]), int(place[worst]))
        if np.isnan(own[worst]):
            raise PanelError(
                say(
                    "{where}: has no {name}; give the number, or leave the column out",
                    where=where,
                    name=name,
                )
            )
        if not apart[worst] <= tolerance:
            raise PanelError(
                say(
                    "{where}: {name} is {own:.12g}, the factors multiply to {side:.12g}; "
                    "correct a column, or give a tolerance above {apart:.1g}",
                    where=where,
                    name=name,
                    own=own[worst],
                    side=side[worst],
                    apart=apart[worst],
                )
            )
    return printed
