"""The flow of each column of a table, and whether it is of what goes into plants or comes out."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from carbonacct import vocabulary
from carbonacct.balances.label.siblings import read_by_siblings
from carbonacct.balances.path.above import Scope
from carbonacct.balances.path.plants_within import PlantColumn, place_columns
from carbonacct.balances.words.compounds import names_direction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carbonacct.balances.label.headers import Header
    from carbonacct.balances.words.mapping import Mapping


def column_directions(heads: Sequence[Header]) -> list[str]:
    """Return the direction of each column: its own, or that of the plants behind 加工转换投入合计."""
    scope = Scope()
    return [scope.direction_of(head.flow or "", head.direction) for head in heads]


def _names_final(text: str) -> bool:
    """Return whether a header or its headings name final consumption: 终端消费量:工业."""
    folded = vocabulary.fold(text)
    return any(word in folded for word in _final_words())


@cache
def _final_words() -> tuple[str, ...]:
    words = vocabulary.words_of("flow").items()
    return tuple(word for word, flow in words if flow == "final_consumption" and len(word) > 1)


def column_flows(
    heads: Sequence[Header], about: str, words: Mapping
) -> tuple[list[str], frozenset[str]]:
    """Return the flow of each column, and the plants of which none says whether industry holds them.

    消费量 in a table about industry is industry's.
    """
    meant = read_by_siblings((head.text, head.flow) for head in heads if head.flow)
    flows = [meant.get((head.text, head.flow or ""), head.flow) for head in heads]
    header_flows = set(flows)
    named = [
        about or head.weak
        if not flow
        else about
        if flow == "total_consumption" and about and about not in header_flows
        else flow
        for flow, head in zip(flows, heads, strict=True)
    ]
    columns = [
        PlantColumn(
            flow,
            head.of_which,
            # 发电用煤 says by itself that it goes in, 火力发电 behind 加工转换投入 is said to.
            "" if head.direction and not names_direction(head.text) else way,
            is_told=vocabulary.fold(head.text) in words.flows,
            is_final=_names_final(head.text),
        )
        for flow, head, way in zip(named, heads, column_directions(heads), strict=True)
    ]
    return place_columns(columns, about=about)
