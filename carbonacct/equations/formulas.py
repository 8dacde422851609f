"""The equation of a source for people: with ids or names, as text, for a page, or for LaTeX."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Literal

from carbonacct.equations.equation_text import write, write_latex
from carbonacct.equations.expression_tree import Symbol
from carbonacct.errors import EquationError, near_or_known
from carbonacct.texts import say

if TYPE_CHECKING:
    from carbonacct.equations.sector import Sector


def write_block(
    sector: Sector,
    block: str,
    *,
    lang: str = "",
    form: Literal["text", "html", "latex"] = "text",
) -> str:
    """Return the equation of a source or a quantity, one line each.

    Parameters
    ----------
    lang
        ``"zh"`` or ``"en"``: names in place of ids.
    form
        ``"html"`` escapes what a page would read as markup.

    Raises
    ------
    EquationError
        If there is no such block.

    Examples
    --------
    >>> from carbonacct.equations import load_sector
    >>> sector = load_sector("provincial-2011/processes")
    >>> print(write_block(sector, "lime"))
    CO2 = lime_output * lime_factor
    >>> print(write_block(sector, "lime", lang="zh"))
    CO2 = 石灰产量 × 石灰排放因子
    """
    if block not in sector.blocks:
        near = near_or_known(block, sector.blocks)
        raise EquationError(
            say(
                "{id} has no source or quantity {block!r}; {near}",
                id=sector.id,
                block=block,
                near=near,
            )
        )

    def name(symbol: str) -> str:
        return sector.name_of(symbol, lang) if lang else symbol

    lines = sector.blocks[block].lines
    if form == "latex":
        sides = ((write_latex(Symbol(line.name), name), line.tree) for line in lines)
        return "\n".join(f"{left} = {write_latex(tree, name)}" for left, tree in sides)
    signs = {"times": "×", "minus": "−"} if lang else {}
    text = "\n".join(f"{name(line.name)} = {write(line.tree, name, **signs)}" for line in lines)
    return html.escape(text) if form == "html" else text
