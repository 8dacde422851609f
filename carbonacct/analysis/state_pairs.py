"""Which states are compared with which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from carbonacct.analysis.states import MEAN
from carbonacct.errors import Finding, MethodError, PanelError, did_you_mean, name_some
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from carbonacct.analysis.identity import Identity
    from carbonacct.analysis.panel_cells import PanelCells
    from carbonacct.analysis.state_changes import Mask, Places

PAIRS = "pairs"
_SHOWN = 5


@dataclass(frozen=True)
class Pairs:
    """Pairs of places within groups; a place one past the last is the mean of all.

    Attributes
    ----------
    group, first, last
        One entry a pair.
    period
        The pair's number among ``periods``, the labels (from, to) that occur.
    """

    group: Places
    first: Places
    last: Places
    period: Places
    periods: tuple[tuple[object, object], ...]
    findings: tuple[Finding, ...] = ()

    @property
    def indices(self) -> tuple[Places, Places, Places]:
        """Return group, place before and place after."""
        return self.group, self.first, self.last


def list_pairs(cells: PanelCells, identity: Identity, *, chained: bool, reference: object) -> Pairs:
    """Return the pairs: each place with the one before, with a reference, with the mean, or with every other.

    Raises
    ------
    MethodError
        If a chain is asked for along labels without an order, or with a reference.
    PanelError
        If nothing is left to compare, or the reference is no label.
    """
    ordered = cells.places.dtype.kind in "iuf"
    if chained and (not ordered or reference is not None):
        why = (
            say("{name} has no order", name=cells.places.name)
            if not ordered
            else say("a chain compares each label with the one before, not with a reference")
        )
        raise MethodError(say("{why}; leave chained or reference out", why=why))
    there = _find_states(cells, identity)
    findings = tuple(report_gaps(there, cells.places.tolist(), cells.name)) if ordered else ()
    mean = len(cells.places)
    chosen = reference if reference is not None else None if ordered else MEAN
    fixed = None if chosen in {None, MEAN, PAIRS} else _find_place(cells, chosen)
    if fixed is not None and not there[:, fixed].all():
        lacking = int(there[:, fixed].argmin())
        raise PanelError(
            say(
                "{name}: {chosen!r} has no numbers to compare with; choose another "
                "reference, or leave that out",
                name=cells.name(lacking),
                chosen=chosen,
            )
        )
    if chosen == PAIRS:
        one, other = np.triu_indices(mean, 1)
        group, pair = np.nonzero(there[:, one] & there[:, other])
        rows = np.stack([group, one[pair], other[pair]])
    else:
        group, last = np.nonzero(there)
        if chained:
            starts = np.concatenate([[True], group[1:] != group[:-1]])
            first = np.where(starts, last, np.roll(last, 1))
        elif chosen == MEAN:
            first = np.full_like(last, mean)
        else:
            first = there.argmax(axis=1)[group] if fixed is None else np.full_like(last, fixed)
        rows = np.stack([group, first, last])[:, first != last]
    if not rows.size:
        raise PanelError(
            say(
                "there is nothing to compare along {name}: 1 label ({places}); give at least two"
                if len(cells.places) == 1
                else "there is nothing to compare along {name}: {place_count} labels ({places}); "
                "give at least two",
                name=cells.places.name,
                place_count=len(cells.places),
                places=join_texts(", ", map(str, cells.places[:_SHOWN])),
            )
        )
    group, first, last = rows
    labels = [*cells.places.tolist(), MEAN]
    codes = first * (mean + 1) + last
    held, period = np.unique(codes, return_inverse=True)
    periods = tuple((labels[code // (mean + 1)], labels[code % (mean + 1)]) for code in held)
    return Pairs(group, first, last, period.ravel(), periods, findings)


def _find_states(cells: PanelCells, identity: Identity) -> Mask:
    """Return which places of each group have any number of their own."""
    if not cells.has_gaps:
        return np.ones(cells.present.shape[:2], dtype=bool)
    return np.asarray(
        ~np.all([np.isnan(array).all(axis=2) for array in cells.telling(identity.names)], axis=0)
    )


def _find_place(cells: PanelCells, label: object) -> int:
    texts = [str(place) for place in cells.places]
    if str(label) not in texts:
        known = say(
            "{mean}, {pairs} or a label: {texts}{rest}",
            mean=MEAN,
            pairs=PAIRS,
            texts=join_texts(", ", texts[:_SHOWN]),
            rest=" ..." if len(texts) > _SHOWN else "",
        )
        raise PanelError(
            say(
                "no {name} {label!r} to compare with; {near}",
                name=cells.places.name,
                label=label,
                near=did_you_mean(str(label), [*texts, MEAN, PAIRS]) or known,
            )
        )
    return texts.index(str(label))


def report_gaps(there: Mask, places: Sequence[object], name: Callable[[int], str]) -> list[Finding]:
    """Return a finding for each group (row of `there`) that lacks places which others have."""
    found = []
    for group in np.flatnonzero(~there.all(axis=1)):
        gone = [str(place) for place, has in zip(places, there[group], strict=True) if not has]
        missing = name_some(gone, _SHOWN)
        left = (
            say("what is there is compared")
            if there[group].sum() > 1
            else say("there is nothing to compare")
        )
        found.append(
            Finding(
                "no-numbers",
                "warning",
                say(
                    "{name} has no numbers for {missing}: {left}",
                    name=name(int(group)),
                    missing=missing,
                    left=left,
                ),
                action=say("the columns from and to say with what"),
            )
        )
    return found
