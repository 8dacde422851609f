"""What an equation is once it has been read: symbols, 0 and 1, signs and a few functions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

# Functions, and the grammar's words for what stands in their brackets.
FUNCTIONS = ("sum", "first", "exp", "previous", "change", "average")
OVER_YEARS = ("previous", "change", "average")


@dataclass(frozen=True)
class Literal:
    """0 or 1 as written, or a scale such as 0.001 that the units check put in."""

    value: float


@dataclass(frozen=True)
class Symbol:
    """A name: an activity, a parameter, a quantity, another source, or a line above."""

    name: str


@dataclass(frozen=True)
class Negative:
    """A part with its sign changed."""

    of: Tree


@dataclass(frozen=True)
class Binary:
    """Two parts with one of ``+ - * / ^`` between them."""

    sign: str
    left: Tree
    right: Tree


@dataclass(frozen=True)
class Call:
    """A function of parts; ``dims`` are those that ``sum`` adds over."""

    function: str
    of: tuple[Tree, ...]
    dims: tuple[str, ...] = ()


Tree: TypeAlias = Literal | Symbol | Negative | Binary | Call


@dataclass(frozen=True)
class EquationLine:
    """One line of an equation: a name, and what it is."""

    name: str
    tree: Tree


@dataclass(frozen=True)
class Condition:
    """What must hold beside an equation: ``left <= right`` or ``left == right``."""

    left: Tree
    sign: str
    right: Tree


def parts_of(tree: Tree) -> tuple[Tree, ...]:
    """Return the parts right under the top of a tree."""
    match tree:
        case Negative(of):
            return (of,)
        case Binary(_, left, right):
            return (left, right)
        case Call(_, of, _):
            return of
        case _:
            return ()


def walk(tree: Tree) -> Iterator[Tree]:
    """Go over a tree and everything under it, from the top and from the left."""
    yield tree
    for part in parts_of(tree):
        yield from walk(part)


def names_in(tree: Tree) -> tuple[str, ...]:
    """Return the names in a tree, each once, in the order written.

    Examples
    --------
    >>> names_in(Binary("*", Symbol("clinker"), Binary("-", Literal(1), Symbol("share"))))
    ('clinker', 'share')
    """
    return tuple(dict.fromkeys(part.name for part in walk(tree) if isinstance(part, Symbol)))


def looked_back_at(tree: Tree) -> tuple[str, ...]:
    """Return the names whose value of the year before a tree uses.

    Examples
    --------
    >>> looked_back_at(Call("previous", (Symbol("stock"),)))
    ('stock',)
    """
    calls = (part for part in walk(tree) if isinstance(part, Call) and part.function == "previous")
    return tuple(
        dict.fromkeys(part.name for call in calls for part in call.of if isinstance(part, Symbol))
    )


def looks_over_years(tree: Tree) -> bool:
    """Return whether an expression uses other years than its own.

    Examples
    --------
    >>> looks_over_years(Call("change", (Symbol("volume"),))), looks_over_years(Symbol("volume"))
    (True, False)
    """
    return any(isinstance(part, Call) and part.function in OVER_YEARS for part in walk(tree))


def names_now(tree: Tree) -> tuple[str, ...]:
    """Return the names whose value of the same year a tree uses."""
    if isinstance(tree, Symbol):
        return (tree.name,)
    if isinstance(tree, Call) and tree.function == "previous":
        return ()
    return tuple(dict.fromkeys(name for part in parts_of(tree) for name in names_now(part)))
