"""Is a rank real? Ranks under other weights, other normalisations and data within their ranges.

What holds an area back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from carbonacct.display import legible
from carbonacct.errors import IndexDataError, near_or_known
from carbonacct.indices.aggregate import combine_draws
from carbonacct.indices.normalise import apply_rule
from carbonacct.indices.rank_counts import add_ranks
from carbonacct.indices.scoring import choose_year, score_index
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from numpy.typing import NDArray

    from carbonacct.indices.index_declaration import Index, Indicator, ScoreRule
    from carbonacct.indices.scoring import IndexResult

    Array = NDArray[np.float64]

COLUMNS = ("area", "score", "rank", "rank_low", "rank_median", "rank_high", "holds_back", "gain")
_BLOCK = 2_000_000  # numbers of a block of draws: memory does not grow with the number of draws
_GROUP_RULES = ("min-max", "group-min-max", "percentile", "ratio")


@legible
@dataclass(frozen=True, repr=False, eq=False)
class Sensitivity:
    """Ranks over many draws: area x year.

    Attributes
    ----------
    rank
        As declared.
    low, median, high
        Quantiles of the rank over the draws; ``level`` of them lie between low and high.
    holds_back, gain
        The leaf whose best score would raise the area most, and by how much on the scale of the
        index.
    draws, seed, level
        How it was made: the same seed gives the same numbers.
    """

    result: IndexResult
    rank: xr.DataArray
    low: xr.DataArray
    median: xr.DataArray
    high: xr.DataArray
    holds_back: xr.DataArray
    gain: xr.DataArray
    draws: int
    seed: int
    level: float

    def to_frame(self, year: int | None = None) -> pd.DataFrame:
        """Return a row per area of one year (the last one unless given), the best first."""
        import pandas as pd  # noqa: PLC0415 - xarray has loaded it; only the name is needed late

        chosen = choose_year(self.rank["year"].values.tolist(), year)
        arrays = (
            self.result.total(),
            self.rank,
            self.low,
            self.median,
            self.high,
            self.holds_back,
            self.gain,
        )
        columns = {
            name: array.sel(year=chosen).values
            for name, array in zip(COLUMNS[1:], arrays, strict=True)
        }
        frame = pd.DataFrame({"area": self.rank["area"].values, **columns}, columns=list(COLUMNS))
        return frame.sort_values("rank", kind="stable", ignore_index=True)


def draw_ranks(
    result: IndexResult,
    *,
    draws: int = 1000,
    seed: int = 0,
    weight_range: float = 0.25,
    data_range: float | Mapping[str, float] = 0.0,
    vary_rules: bool = False,
    level: float = 0.9,
) -> Sensitivity:
    """Return the ranks of areas over draws of weights, data and normalisations.

    Parameters
    ----------
    result
        Of :func:`carbonacct.indices.scoring.score_index`. Areas without a score have no rank in any
        draw.
    draws, seed
        How many, and from which seed.
    weight_range
        Each weight of a node is multiplied by a number drawn between 1 - r and 1 + r, and the
        node's weights brought back to one.
    data_range
        Each value is multiplied by a number drawn between 1 - r and 1 + r; judgements and states
        are not. A mapping gives each indicator a range of its own; one that it does not name does
        not vary.
    vary_rules
        In each draw, each leaf is normalised by its own rule, min-max over its group, or
        percentile, at random; judgements, states and points tables keep their rule.
    level
        Share of the draws that lie within the interval of ranks.

    Notes
    -----
    OECD/JRC, Handbook on Constructing Composite Indicators (2008), step 7: uncertainty analysis by
    Monte Carlo over the choices of weighting, normalisation and data. Draws come from one stream a
    kind, so that blocks do not matter.

    Examples
    --------
    >>> import pandas as pd
    >>> data = pd.DataFrame({"area": ["a", "b"], "year": 2000, "patents": [994, 497]})
    >>> data = data.assign(royalties=[272.6, 0], internet=[232.4, 0], exports=[80.8, 0])
    >>> data = data.assign(telephones=[901, 1], electricity_per_head=[6969, 22])
    >>> data = data.assign(schooling=[12, 0.8], university=[27.4, 0.1])
    >>> draw_ranks(score_index("tai-2001", data), draws=50).high.values.ravel()
    array([1., 2.])
    """
    index, rated = result.index, result.values.rated.values
    spreads = _spread_data(index, data_range)
    for name, value in (
        ("weight_range", weight_range),
        *(
            (f"data_range of {leaf.id}", float(r))
            for leaf, r in zip(index.leaves, spreads, strict=True)
        ),
    ):
        if not 0 <= value < 1:
            raise IndexDataError(
                say(
                    "{name} is {value}, expected from 0 to below 1 (0.25 is 25 % up and down)",
                    name=name,
                    value=value,
                )
            )
    if draws < 1 or not 0 < level < 1:
        raise IndexDataError(
            say(
                "draws is {draws} and level {level}, expected at least 1 draw and a level "
                "between 0 and 1",
                draws=draws,
                level=level,
            )
        )
    areas, years, leaves = rated.shape
    present = ~np.isnan(result.total().values)
    base = np.stack(
        [
            _score_all(index, rated, None),
            _score_all(index, rated, "group-min-max"),
            _score_all(index, rated, "percentile"),
        ]
    )
    # A group of one or of equals has no score by a group rule; there the leaf keeps its own.
    base = np.where(np.isnan(base), base[:1], base)
    # A stream for each kind: drawing the data as well leaves the weights as they were drawn.
    streams = [np.random.default_rng(part) for part in np.random.SeedSequence(seed).spawn(3)]
    counts = np.zeros((areas, years, areas + 1), dtype=np.int64)
    size = max(1, _BLOCK // (areas * years * (leaves if spreads.any() or vary_rules else 1)))
    for start in range(0, draws, size):
        number = min(size, draws - start)
        weights = _draw_weights(index, number, weight_range, streams[0])
        choice = streams[1].integers(0, 3, (number, leaves)) if vary_rules else None
        totals = _draw_totals(
            index, rated, base, weights, choice=choice, spreads=spreads, stream=streams[2]
        )
        add_ranks(counts, np.where(present.T, totals, np.nan))
    quantiles = [
        _quantile(counts, share, present) for share in ((1 - level) / 2, 0.5, (1 + level) / 2)
    ]
    holds_back, gain = find_brakes(result)
    rank = result.rank()
    low, median, high = (rank.copy(data=quantile) for quantile in quantiles)
    return Sensitivity(
        result=result,
        rank=rank,
        low=low,
        median=median,
        high=high,
        holds_back=holds_back,
        gain=gain,
        draws=draws,
        seed=seed,
        level=level,
    )


def find_brakes(result: IndexResult) -> tuple[xr.DataArray, xr.DataArray]:
    """Return the leaf that holds each area back, and what its best score would add, the others staying as they are."""
    index, total = result.index, result.total()
    leaves = [leaf.id for leaf in index.leaves]
    scores = {leaf: result.score.sel(indicator=leaf).values[None] / index.scale for leaf in leaves}
    weights = np.array([[indicator.weight for indicator in index.indicators]])
    present = ~np.isnan(total.values)
    best = [
        combine_draws(index, "", {**scores, leaf: np.where(np.isnan(held), np.nan, 1.0)}, weights)[
            0
        ]
        for leaf, held in scores.items()
    ]
    added = np.stack(best, axis=-1) * index.scale - total.values[..., None]
    # A leaf without a score is no advice: nobody knows how far it is from the best.
    added = np.where(np.isnan(result.score.sel(indicator=leaves).values), -1.0, added)
    which = np.array(leaves, dtype=object)[added.argmax(axis=-1)]
    return total.copy(data=np.where(present, which, "")), total.copy(
        data=np.where(present, added.max(axis=-1), np.nan)
    )


def what_if(
    result: IndexResult, changes: Mapping[tuple[str, str], float], *, year: int | None = None
) -> pd.DataFrame:
    """Return scores and ranks before and after inputs take other values.

    Parameters
    ----------
    result
        The scores as they are.
    changes
        The new value of an (area, input), in the unit of the input (of a judgement, its score); a
        leaf that is computed may be named as well.
    year
        The last one of the table unless given.

    Returns
    -------
    DataFrame
        Columns ``area, score, rank, new_score, new_rank``; with a group rule, others than the
        changed areas may move.

    Raises
    ------
    IndexDataError
        If an area or an input does not exist.
    """
    import pandas as pd  # noqa: PLC0415 - xarray has loaded it; only the name is needed late

    values = result.panel.values.copy(deep=True)
    chosen = values["year"].values.tolist()[-1] if year is None else year
    for (area, name), value in changes.items():
        for dim, word in (("area", area), ("input", name), ("year", chosen)):
            known = [str(label) for label in values[dim].values]
            if str(word) not in known:
                raise IndexDataError(
                    say(
                        "no {dim} {word!r} in the table; {near}",
                        dim=dim,
                        word=word,
                        near=near_or_known(str(word), known, listed=known[:20]),
                    )
                )
        leaf = next(
            (leaf for leaf in result.index.leaves if leaf.id == name and leaf.op != "column"), None
        )
        if leaf:  # it was computed: the new value replaces what it was computed from
            for need in leaf.needs:
                users = [other.id for other in result.index.leaves if need in other.needs]
                if users != [name]:
                    raise IndexDataError(
                        say(
                            "{name} is computed from {need}, which {users} use as well; "
                            "change {needs}",
                            name=name,
                            need=need,
                            users=join_texts(", ", (u for u in users if u != name)),
                            needs=join_texts(" or ", leaf.needs),
                        )
                    )
                values.loc[{"area": area, "input": need, "year": chosen}] = np.nan
        values.loc[{"area": area, "input": name, "year": chosen}] = value
    after = score_index(result.index, replace(result.panel, values=values))
    columns = {
        name: array.sel(year=chosen).values
        for name, array in (
            ("score", result.total()),
            ("rank", result.rank()),
            ("new_score", after.total()),
            ("new_rank", after.rank()),
        )
    }
    return pd.DataFrame({"area": values["area"].values, **columns})


def _spread_data(index: Index, data_range: float | Mapping[str, float]) -> Array:
    """Return the range of each leaf."""
    leaves = [leaf.id for leaf in index.leaves]
    if not isinstance(data_range, Mapping):
        return np.full(len(leaves), float(data_range))
    if unknown := [name for name in data_range if name not in leaves]:
        raise IndexDataError(
            say(
                "data_range: no indicator {unknown!r} with values; {near}",
                unknown=unknown[0],
                near=near_or_known(unknown[0], leaves),
            )
        )
    return np.array([float(data_range.get(name, 0.0)) for name in leaves])


def _score_all(index: Index, rated: Array, kind: str | None) -> Array:
    """Return the scores of all leaves, by their own rules or, where a leaf has a number, by a group rule."""
    return np.stack(
        [
            apply_rule(rated[..., position], _other(index.rules[leaf.rule], kind), more=_more(leaf))
            for position, leaf in enumerate(index.leaves)
        ],
        axis=-1,
    )


def _other(rule: ScoreRule, kind: str | None) -> ScoreRule:
    return rule if kind is None or rule.kind not in _GROUP_RULES else replace(rule, kind=kind)


def _more(leaf: Indicator) -> bool:
    return leaf.direction == "more"


def _draw_weights(index: Index, number: int, spread: float, stream: np.random.Generator) -> Array:
    """Return weights within their nodes: draw x indicator. Every node's weights are drawn, and brought back to one."""
    factors = stream.uniform(1 - spread, 1 + spread, (number, len(index.indicators)))
    drawn = factors * [indicator.weight for indicator in index.indicators]
    for parent in dict.fromkeys(indicator.parent for indicator in index.indicators):
        parts = [
            position
            for position, indicator in enumerate(index.indicators)
            if indicator.parent == parent
        ]
        drawn[:, parts] /= drawn[:, parts].sum(axis=1, keepdims=True)
    return drawn


def _weigh_leaves(index: Index, weights: Array) -> Array:
    """Return weights of the leaves in the whole: draw x leaf."""
    at = {indicator.id: position for position, indicator in enumerate(index.indicators)}
    whole: dict[str, Array] = {"": np.ones(len(weights))}

    def weigh(name: str) -> Array:
        if name not in whole:
            whole[name] = weights[:, at[name]] * weigh(index.indicators[at[name]].parent)
        return whole[name]

    return np.stack([weigh(leaf.id) for leaf in index.leaves], axis=1)


def _draw_totals(
    index: Index,
    rated: Array,
    base: Array,
    weights: Array,
    *,
    choice: NDArray[np.int64] | None,
    spreads: Array,
    stream: np.random.Generator,
) -> Array:
    """Return the scores of a block of draws: draw x year x area."""
    areas, years, leaves = rated.shape
    if (
        not spreads.any()
        and choice is None
        and index.sums
        and (index.missing == "absent" or not np.isnan(base[0]).any())
    ):
        # Sums of fixed scores: all draws of weights are one matrix product.
        flat = base[0].transpose(1, 0, 2).reshape(-1, leaves)
        return np.asarray(
            (_weigh_leaves(index, weights) @ flat.T).reshape(len(weights), years, areas)
        )
    scores: dict[str, Array] = {}
    each = spreads[:, None, None]
    noise = (
        stream.uniform(1 - each, 1 + each, (len(weights), leaves, areas, years))
        if spreads.any()
        else None
    )
    for position, leaf in enumerate(index.leaves):
        rule, chosen = index.rules[leaf.rule], choice[:, position] if choice is not None else None
        if noise is not None and spreads[position] and rule.kind not in {"grades", "states"}:
            scores[leaf.id] = _score_noisy(
                rule, rated[..., position] * noise[:, position], chosen, more=_more(leaf)
            )
        else:
            scores[leaf.id] = (
                base[chosen, ..., position] if chosen is not None else base[:1, ..., position]
            )
    return combine_draws(index, "", scores, weights).transpose(0, 2, 1)


def _score_noisy(
    rule: ScoreRule, values: Array, choice: NDArray[np.int64] | None, *, more: bool
) -> Array:
    """Return the scores of draws of values (draw x area x year), each draw by the rule that was chosen for it."""
    kinds = (None, "group-min-max", "percentile") if choice is not None else (None,)
    scores = np.full(values.shape, np.nan)
    for number, kind in enumerate(kinds):
        drawn = np.flatnonzero(choice == number) if choice is not None else np.arange(len(values))
        # A column of its own for each group of each draw: the areas of a year, or the whole panel.
        held, chosen = values[drawn], replace(_other(rule, kind), over="year")
        if rule.over == "panel":
            columns = held.reshape(len(drawn), held.shape[1] * held.shape[2]).T
            scores[drawn] = apply_rule(columns, chosen, more=more).T.reshape(held.shape)
        else:
            turned = held.transpose(1, 0, 2)
            columns = turned.reshape(len(turned), len(drawn) * held.shape[2])
            scores[drawn] = (
                apply_rule(columns, chosen, more=more).reshape(turned.shape).transpose(1, 0, 2)
            )
    return scores


def _quantile(counts: NDArray[np.int64], share: float, present: NDArray[np.bool_]) -> Array:
    """Return the least rank that at least this share of the draws reach."""
    ranked = counts.copy()
    # The first place counts draws in which an area has no rank.
    ranked[..., 0] = 0
    upto = np.cumsum(ranked, axis=-1)
    # A share of the draws may lie a last bit above a whole number, and is that number.
    reached = upto >= np.ceil(share * upto[..., -1:] - 1e-9)
    reached[..., 0] = False
    return np.where(present, np.argmax(reached, axis=-1).astype(np.float64), np.nan)
