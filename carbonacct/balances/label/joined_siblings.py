"""Joined labels that mean something by the others of their sheet: 其他煤炭消费总量 behind 工业煤炭消费总量."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from carbonacct import vocabulary
from carbonacct.balances.label.labels import read_label

if TYPE_CHECKING:
    from collections.abc import Iterable

    from carbonacct.balances.words.compounds import Compound
    from carbonacct.balances.words.mapping import Mapping

_MAY_BE = re.compile(r"其[他它][^\n]{0,40}(?:消费|消耗|用)|工业[^\n]{0,40}终端|终端[^\n]{0,40}工业")
_OTHER = "其他"
_FINAL = "终端"
_FEWEST_PEERS = 2


def read_joined_siblings(
    joined: str, texts: Iterable[object], words: Mapping
) -> dict[str, Compound]:
    """Return what joined labels mean by the others of their sheet, folded.

    Parameters
    ----------
    joined
        All texts of the sheet, one a line.
    texts
        The same, one by one.
    words
        The words of the sheet.

    Notes
    -----
    Behind several sectors with the same words (工业煤炭消费总量), 其他 with those words is the other
    sectors and no other coal. Where industry is printed with 终端 and without, what has none holds
    what its plants take in as well.

    Examples
    --------
    >>> from carbonacct.balances.words.mapping import Mapping
    >>> texts = ["工业煤炭消费总量", "建筑业煤炭消费总量", "其他煤炭消费总量", "工业煤炭终端消费量"]
    >>> {text: one.flow for text, one in read_joined_siblings(chr(10).join(texts), texts, Mapping()).items()}
    {'工业煤炭消费总量': 'industry_total', '其他煤炭消费总量': 'other_services'}
    """
    if not _MAY_BE.search(joined):
        return {}
    labels = [read_label(text, words) for text in dict.fromkeys(texts) if isinstance(text, str)]
    named = {one.names[0]: one.joined for one in labels if one.joined and one.joined.flow}
    final = {(one.flow, one.product) for text, one in named.items() if _FINAL in text}
    found = {
        text: replace(one, flow="industry_total")
        for text, one in named.items()
        if one.flow == "industry" and (one.flow, one.product) in final and _FINAL not in text
    }
    for label in labels:
        text = label.names[0]
        if text.startswith(_OTHER) and not (label.flow or label.product or label.joined):
            peers = [
                one
                for other, one in named.items()
                if other.endswith(text.removeprefix(_OTHER))
                and vocabulary.is_within(one.flow, "final_consumption")
            ]
            # Of coal and of diesel, 其他消费总量 is of neither.
            if len(peers) >= _FEWEST_PEERS and len({one.product for one in peers}) == 1:
                found[text] = replace(peers[0], flow="other_services")
    return found
