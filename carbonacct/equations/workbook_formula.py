"""Write an equation as the live formula of a workbook's cell."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Protocol

from carbonacct.equations.equation_text import write, write_number
from carbonacct.equations.expression_tree import Binary, Call, Literal, Negative, Symbol, Tree

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_MOST = 200  # parts of one SUM: a workbook takes 255


class CellLocator(Protocol):
    """Says which cell holds a number."""

    def __call__(self, name: str, labels: Mapping[str, str], years_back: int) -> str:
        """Return the address of a symbol's number for these labels, or that of some years before.

        What looks over years (``change``, ``average``) has a cell of its own, named by its text.
        """


def write_formula(
    tree: Tree,
    cell: CellLocator,
    labels: Mapping[str, Sequence[str]],
    here: Mapping[str, str] | None = None,
) -> str:
    """Return the formula of an expression for a workbook, without the equals sign.

    Parameters
    ----------
    cell
        Gives the address of each number.
    labels
        Labels of the dims that are added over.
    here
        Labels of the entry.

    Notes
    -----
    A workbook reads ``-A1^2`` as ``(-A1)^2`` and ``2^3^2`` from the left: powers stand in brackets.
    ``first`` counts the numbers that an option needs, since a blank cell times a number is 0 there.

    Examples
    --------
    >>> from carbonacct.equations.parsing import parse_equation
    >>> cells = {"made": "B2", "known": "C2", "share": "D2"}
    >>> tree = parse_equation("x = first(made, known * share) * -share ^ 1")[0].tree
    >>> write_formula(tree, lambda name, labels, years_back: cells[name], {})
    'IF(COUNT(B2)=1,B2,C2*D2)*(-(D2^1))'
    """
    writer = _Writer(cell, labels)
    return writer.write(tree, dict(here or {}))


class _Writer:
    def __init__(self, cell: CellLocator, labels: Mapping[str, Sequence[str]]) -> None:
        self.cell = cell
        self.labels = labels

    def write(self, tree: Tree, here: Mapping[str, str]) -> str:
        match tree:
            case Literal(value):
                return write_number(value)
            case Symbol(name):
                return self.cell(name, here, 0)
            case Negative(of):
                return "-" + self.bracketed(of, here, tight=True)
            case Binary(sign, left, right):
                tight = sign == "^"
                loose = sign in {"*", "/"}
                one = self.bracketed(left, here, tight=tight, loose=loose)
                other = self.bracketed(right, here, tight=tight or sign in {"/", "-"}, loose=True)
                return f"{one}{sign}{other}"
            case Call():
                return self.call(tree, here)

    def bracketed(
        self, tree: Tree, here: Mapping[str, str], *, tight: bool = False, loose: bool = False
    ) -> str:
        """Return a part, in brackets where its sign binds less than what is around it.

        Parameters
        ----------
        tight
            Any sign needs brackets.
        loose
            Sums and signs in front need them.
        """
        text = self.write(tree, here)
        compound = isinstance(tree, (Binary, Negative))
        sum_or_sign = isinstance(tree, Negative) or (
            isinstance(tree, Binary) and tree.sign in {"+", "-"}
        )
        return f"({text})" if (compound and tight) or (sum_or_sign and loose) else text

    def call(self, call: Call, here: Mapping[str, str]) -> str:
        match call:
            case Call("sum", (of,), dims):
                each = product(*(self.labels[dim] for dim in dims))
                parts = [
                    self.write(of, {**here, **dict(zip(dims, one, strict=True))}) for one in each
                ]
                return _add(parts)
            case Call("exp", (of,)):
                return f"EXP({self.write(of, here)})"
            case Call("previous", (Symbol(name),)):
                return self.cell(name, here, 1)
            case Call("first", (*options, last)):
                text = self.write(last, here)
                for option in reversed(options):
                    text = f"IF({self.has_number(option, here)},{self.write(option, here)},{text})"
                return text
        return self.cell(write(call), here, 0)

    def has_number(self, tree: Tree, here: Mapping[str, str]) -> str:
        """Return the condition that every cell which an option needs holds a number."""
        cells = self.cells_of(tree, here)
        parts = [cells[start : start + _MOST] for start in range(0, len(cells), _MOST)]
        counts = [f"COUNT({','.join(part)})={len(part)}" for part in parts]
        return counts[0] if len(counts) == 1 else f"AND({','.join(counts) or 'TRUE'})"

    def cells_of(self, tree: Tree, here: Mapping[str, str]) -> list[str]:
        match tree:
            case Literal():
                return []
            case Negative(of) | Call("exp", (of,)):
                return self.cells_of(of, here)
            case Binary(_, left, right):
                return list(
                    dict.fromkeys([*self.cells_of(left, here), *self.cells_of(right, here)])
                )
            case Call("sum", (of,), dims):
                each = product(*(self.labels[dim] for dim in dims))
                places = [{**here, **dict(zip(dims, one, strict=True))} for one in each]
                return list(
                    dict.fromkeys(one for place in places for one in self.cells_of(of, place))
                )
            case Call("first", (*_, last)):  # its last option serves where no other does
                return self.cells_of(last, here)
        return [self.write(tree, here)]


def _add(parts: list[str]) -> str:
    """Return a SUM of parts; of more than a workbook takes, a sum of sums."""
    while len(parts) > _MOST:
        parts = [_add(parts[start : start + _MOST]) for start in range(0, len(parts), _MOST)]
    return f"SUM({','.join(parts)})"
