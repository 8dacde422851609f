"""Stated correlations of activities over one dim."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from carbonacct.errors import UncertaintyError, near_or_known
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Mapping

_DERIVED = {
    "flow": "category",
    "product": "fuel",
}  # what follows from a label: two flows of unlike category differ in flow alone


def correlate_activities(
    codes: Mapping[str, np.ndarray],
    labels: Mapping[str, np.ndarray],
    own: np.ndarray,
    correlation: Mapping[str, float | pd.DataFrame],
) -> tuple[tuple[np.ndarray, np.ndarray], ...]:
    """Return groups of inputs that are correlated, each with a factor L of its matrix, L L' = matrix.

    Raises
    ------
    UncertaintyError
        If there is no such dim, the matrix is not a correlation matrix, or no two activities differ
        in the dim alone.
    """
    if len(correlation) != 1:
        raise UncertaintyError(
            say(
                "correlation over {correlation_count} dims ({correlation}); state it for one",
                correlation_count=len(correlation),
                correlation=join_texts(", ", correlation),
            )
        )
    ((dim, stated),) = correlation.items()
    if dim not in codes:
        raise UncertaintyError(
            say(
                "no dim {dim!r} to correlate over; {near}",
                dim=dim,
                near=near_or_known(dim, codes),
            )
        )
    matrix = _read_correlation(dim, labels[dim], stated)
    rest = np.zeros(len(own), np.int64)
    for name, code in codes.items():
        if name not in {dim, "gas", _DERIVED.get(dim)}:
            rest = rest * len(labels[name]) + code
    # The gases of one fuel share its activity: one of its cells stands for all.
    activities, used = np.unique(own, return_index=True)
    used = used[activities >= 0]
    used = used[np.argsort(rest[used], kind="stable")]
    cuts = np.flatnonzero(np.diff(rest[used])) + 1
    groups = []
    for members in np.split(used, cuts):
        # Nothing goes with one alone, nor with none: so it is where no activity is uncertain.
        if len(members) < 2:
            continue
        at = codes[dim][members]
        if len(set(at.tolist())) < len(at):
            raise UncertaintyError(
                say(
                    "two cells are alike in all dims but {dim}, and in {dim} as well; "
                    "correlation needs one cell for each label",
                    dim=dim,
                )
            )
        groups.append((own[members], _factorise(dim, matrix[np.ix_(at, at)])))
    if not groups:
        raise UncertaintyError(
            say("nothing to correlate: no two uncertain activities differ in {dim} alone", dim=dim)
        )
    return tuple(groups)


def _read_correlation(dim: str, labels: np.ndarray, stated: float | pd.DataFrame) -> np.ndarray:
    if not isinstance(stated, pd.DataFrame):
        if not -1 <= float(stated) <= 1:
            raise UncertaintyError(
                say(
                    "correlation over {dim} is {stated}; it lies between -1 and 1",
                    dim=dim,
                    stated=stated,
                )
            )
        return np.where(np.eye(len(labels), dtype=bool), 1.0, float(stated))
    for side in (stated.index, stated.columns):
        if lacking := [label for label in labels if label not in side]:
            raise UncertaintyError(
                say(
                    "the correlation matrix lacks {dim} {lacking}; it has {side}",
                    dim=dim,
                    lacking=lacking[0],
                    side=join_texts(", ", map(str, side[:20])),
                )
            )
    return stated.loc[list(labels), list(labels)].to_numpy(dtype=float)


def _factorise(dim: str, matrix: np.ndarray) -> np.ndarray:
    """Return L of a correlation matrix L L', or say why it is none."""
    fault = ""
    if not np.isfinite(matrix).all():
        fault = say("has entries that are no numbers")
    elif not np.allclose(matrix, matrix.T, rtol=0, atol=1e-12):
        fault = say("is not symmetric")
    elif not np.allclose(np.diag(matrix), 1, rtol=0, atol=1e-12):
        fault = say("has a diagonal that is not 1")
    elif np.abs(matrix).max() > 1:
        fault = say(
            "has an entry of {number:g}, outside -1 to 1",
            number=matrix.flat[int(np.abs(matrix).argmax())],
        )
    else:
        # Not Cholesky, which refuses what goes wholly together: such a matrix has no full rank.
        values, vectors = np.linalg.eigh(matrix)
        if values.min() < -1e-10:
            fault = say(
                "contradicts itself (smallest eigenvalue {eigenvalue:.3g}, below 0)",
                eigenvalue=values.min(),
            )
        else:
            return np.asarray(vectors * np.sqrt(np.clip(values, 0, None)))
    raise UncertaintyError(
        say(
            "the correlation matrix over {dim} {fault}; give a symmetric matrix with 1 on "
            "the diagonal that some numbers can have",
            dim=dim,
            fault=fault,
        )
    )
