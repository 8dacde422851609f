"""LMDI-I and LMDI-II: Divisia indices weighted by logarithmic means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.analysis.logarithmic_mean import logarithmic_mean, share_change
from carbonacct.errors import PanelError
from carbonacct.texts import say

if TYPE_CHECKING:
    from carbonacct.analysis.state_changes import Array, Changes, Effects


_LEAST = (
    0.1  # of the weight, below which parts that stay do not stand for those that vanish or appear
)


def decompose_lmdi1(changes: Changes) -> Effects:
    """Return additive LMDI-I effects.

    Notes
    -----
    Ang (2015), LMDI decomposition approach: a guide for implementation, Energy Policy 86, 233-238,
    table 2, model 1.
    """
    parts, _ = share_change(
        changes.start, changes.end, changes.factors0, changes.factors1, room=changes.room
    )
    return parts.sum(axis=1), parts


def decompose_lmdi1_ratio(changes: Changes) -> Effects:
    """Return multiplicative LMDI-I effects as logarithms: additive effects over the mean of the totals.

    Notes
    -----
    Ang (2015), table 2, model 3.
    """
    parts, _ = share_change(
        changes.start, changes.end, changes.factors0, changes.factors1, room=changes.room
    )
    parts /= logarithmic_mean(changes.start.sum(axis=1), changes.end.sum(axis=1))[:, None, None]
    return parts.sum(axis=1), parts


def decompose_lmdi2(changes: Changes) -> Effects:
    """Return additive LMDI-II effects.

    Notes
    -----
    Ang (2015), table 2, model 5: weights by the logarithmic mean of shares, made to add up to one.
    """
    parts = _share_lmdi2(changes)
    mean = logarithmic_mean(changes.start.sum(axis=1), changes.end.sum(axis=1))
    parts *= mean[:, None, None]
    return parts.sum(axis=1), parts


def decompose_lmdi2_ratio(changes: Changes) -> Effects:
    """Return multiplicative LMDI-II effects as logarithms.

    Notes
    -----
    Ang and Choi (1997), Decomposition of aggregate energy and gas emission intensities for
    industry, Energy Journal 18, 59-73; Ang (2015), table 2, model 7.
    """
    parts = _share_lmdi2(changes)
    return parts.sum(axis=1), parts


def _share_lmdi2(changes: Changes) -> Array:
    """Return what each cell contributes to the logarithm of each effect; the limits are those of LMDI-I, of shares.

    A part that vanishes or appears has no weight. Where nearly all do, the weights of the few
    others would be blown up to one, and effects run to zero and infinity: that is refused.
    """
    changes.need_ratio("lmdi-2", say("lmdi-1 in additive form"))
    shares0 = changes.start / changes.start.sum(axis=1, keepdims=True)
    shares1 = changes.end / changes.end.sum(axis=1, keepdims=True)
    parts, means = share_change(
        shares0, shares1, changes.factors0, changes.factors1, room=changes.room
    )
    whole = means.sum(axis=1)
    through = ((shares0 == 0) != (shares1 == 0)).any(axis=1)
    if (lacking := (whole == 0) | (through & (whole < _LEAST))).any():
        at = int(lacking.argmax())
        what = (
            say("every part goes")
            if whole[at] == 0
            else say(
                "parts that stay hold {whole:.2g} of the weight, the others go", whole=whole[at]
            )
        )
        raise PanelError(
            say(
                "{name}: {what} through zero, so lmdi-2 has no weights; use lmdi-1",
                name=changes.name(at),
                what=what,
            )
        )
    parts /= whole[:, None, None]
    return parts
