"""Check an equation by its units and its labels, and put in the scales that its units need."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from carbonacct.equations.dimensions import (
    PLAIN,
    UnitMeasure,
    describe,
    measure,
    multiply,
    scale_between,
)
from carbonacct.equations.equation_text import write
from carbonacct.equations.expression_tree import (
    Binary,
    Call,
    Condition,
    EquationLine,
    Literal,
    Negative,
    Symbol,
    Tree,
    names_in,
)
from carbonacct.errors import EquationError, did_you_mean
from carbonacct.texts import join_texts, say

if TYPE_CHECKING:
    from collections.abc import Mapping


class Known(NamedTuple):
    """What is known of a name: what it measures, its labels, and the gases of the label ``gas``."""

    measure: UnitMeasure
    dims: tuple[str, ...]
    gases: tuple[str, ...] = ()


class Typed(NamedTuple):
    """A part of an equation with its scales put in, what it measures, and its labels."""

    tree: Tree
    measure: UnitMeasure
    dims: frozenset[str]


class UnitCheck:
    """The names that an equation may use, and what it finds when it goes over one.

    Parameters
    ----------
    names
        Every name that may be used.
    declared
        Lines of the same equation whose value of the year before may be used.
    """

    def __init__(self, names: Mapping[str, Known], declared: Mapping[str, Known]) -> None:
        self.names = dict(names)
        self.declared = declared

    def check_line(
        self, line: EquationLine, unit: str, dims: tuple[str, ...] | None
    ) -> tuple[EquationLine, Known]:
        """Return a line with its scales, and what it gives.

        Parameters
        ----------
        dims
            The labels that it keeps, if they are declared.

        Raises
        ------
        EquationError
            If its sides do not measure the same, or it keeps other labels.
        """
        right = self.type(line.tree)
        wanted = measure(unit)
        if right.measure.powers != wanted.powers:
            missing = describe(multiply(wanted, right.measure, -1))
            raise EquationError(
                say(
                    "{name} is declared {unit} ({wanted}), but the right side is {measure}: "
                    "{missing} is missing",
                    name=line.name,
                    unit=unit,
                    wanted=describe(wanted),
                    measure=describe(right.measure),
                    missing=missing,
                )
            )
        if dims is not None and (more := sorted(right.dims - set(dims))):
            raise EquationError(
                say(
                    "the right side still has {more}; write sum(..., {more}) or add it to dims",
                    more=join_texts(", ", more),
                )
            )
        if dims is not None and (fewer := sorted(set(dims) - right.dims)):
            raise EquationError(
                say(
                    "the right side has no {fewer}; take it out of dims",
                    fewer=join_texts(", ", fewer),
                )
            )
        kept = dims if dims is not None else tuple(sorted(right.dims))
        return EquationLine(line.name, _scaled(right, wanted)), Known(wanted, kept)

    def check_rule(self, rule: Condition) -> Condition:
        """Return what must hold, with both sides in one unit.

        Raises
        ------
        EquationError
            If the sides cannot be compared.
        """
        left, right = self.type(rule.left), self.type(rule.right)
        if left.measure.powers != right.measure.powers:
            raise EquationError(
                say(
                    "{rule_left} is {measure}, {rule_right} is {right_measure}: they cannot "
                    "be compared; a factor is missing on one side",
                    rule_left=write(rule.left),
                    measure=describe(left.measure),
                    rule_right=write(rule.right),
                    right_measure=describe(right.measure),
                )
            )
        return Condition(left.tree, rule.sign, _scaled(right, left.measure))

    def type(self, tree: Tree) -> Typed:
        """Return a part with its scales, what it measures, and its labels."""
        match tree:
            case Literal():
                typed = Typed(tree, PLAIN, frozenset())
            case Symbol(name):
                known = self._find(name)
                typed = Typed(tree, known.measure, frozenset(known.dims))
            case Negative(of):
                part = self.type(of)
                typed = part._replace(tree=Negative(part.tree))
            case Binary(sign, first, second):
                left, right = self._sides(sign, first, second)
                measured = left.measure
                if sign in {"*", "/"}:
                    measured = multiply(left.measure, right.measure, 1 if sign == "*" else -1)
                tree = Binary(sign, left.tree, right.tree)
                typed = Typed(tree, measured, left.dims | right.dims)
            case Call(function):
                typed = _CALLS[function](self, tree)
        return typed

    def _sides(self, sign: str, first: Tree, second: Tree) -> tuple[Typed, Typed]:
        if sign in {"+", "-"}:
            return self._alike(first, second, "added")
        if sign == "^":
            return self._plain(first, say("the base")), self._plain(second, say("the exponent"))
        return self.type(first), self.type(second)

    def _find(self, name: str) -> Known:
        if name not in self.names:
            near = did_you_mean(name, self.names) or say("declare it as an activity or a parameter")
            raise EquationError(say("there is no symbol {name}; {near}", name=name, near=near))
        return self.names[name]

    def sum(self, call: Call) -> Typed:
        """Type a sum over labels, which its part must have."""
        part = self.type(call.of[0])
        if lacking := sorted(set(call.dims) - part.dims):
            raise EquationError(
                say(
                    "{call} adds over {lacking}, which {of} does not have",
                    call=write(call),
                    lacking=join_texts(", ", lacking),
                    of=write(call.of[0]),
                )
            )
        return Typed(Call("sum", (part.tree,), call.dims), part.measure, part.dims - set(call.dims))

    def first(self, call: Call) -> Typed:
        """Type a choice, whose options must measure the same."""
        typed = [
            self._alike(call.of[0], option, say("taken for each other")) for option in call.of[1:]
        ]
        left = typed[0][0]
        others = [right for _, right in typed]
        dims = left.dims.union(*(right.dims for right in others))
        trees = (left.tree, *(right.tree for right in others))
        return Typed(Call("first", trees), left.measure, dims)

    def exp(self, call: Call) -> Typed:
        """Type an exponential, of a plain number."""
        part = self._plain(call.of[0], say("what stands in exp()"))
        return Typed(Call("exp", (part.tree,)), PLAIN, part.dims)

    def previous(self, call: Call) -> Typed:
        """Type the year before of a line of the same equation."""
        (name,) = names_in(call)
        if name not in self.declared:
            near = did_you_mean(name, self.declared) or say("only its own lines have a year before")
            raise EquationError(
                say(
                    "previous({name}): {name} is no line of this equation; {near}",
                    name=name,
                    near=near,
                )
            )
        known = self.declared[name]
        return Typed(call, known.measure, frozenset(known.dims))

    def over_years(self, call: Call) -> Typed:
        """Type the change between surveys, or the mean of a number of years."""
        part = self.type(call.of[0])
        windows = [self._plain(window, say("the number of years")) for window in call.of[1:]]
        if any(window.dims for window in windows):
            raise EquationError(say("{call}: the number of years is one number", call=write(call)))
        trees = (part.tree, *(window.tree for window in windows))
        return part._replace(tree=Call(call.function, trees))

    def _alike(self, first: Tree, second: Tree, done: str) -> tuple[Typed, Typed]:
        """Return two parts in the unit of the first, if they measure the same."""
        left, right = self.type(first), self.type(second)
        if left.measure.powers != right.measure.powers:
            raise EquationError(
                say(
                    "{first} is {measure}, {second} is {right_measure}: they cannot be "
                    "{done}; a factor is missing on one side",
                    first=write(first),
                    measure=describe(left.measure),
                    second=write(second),
                    right_measure=describe(right.measure),
                    done=done,
                )
            )
        amount = bool(left.measure.powers) and all(power > 0 for _, power in left.measure.powers)
        if amount and left.dims != right.dims:
            more, less = (first, second) if left.dims - right.dims else (second, first)
            apart = join_texts(", ", sorted(left.dims ^ right.dims))
            raise EquationError(
                say(
                    "{more} is by {apart}, {less} is not: it would count once for each; "
                    "write sum({more}, {apart})",
                    more=write(more),
                    apart=apart,
                    less=write(less),
                )
            )
        return left, right._replace(tree=_scaled(right, left.measure))

    def _plain(self, tree: Tree, what: str) -> Typed:
        part = self.type(tree)
        if not part.measure.is_plain:
            raise EquationError(
                say(
                    "{tree} is {measure}: {what} must be a plain number",
                    tree=write(tree),
                    measure=describe(part.measure),
                    what=what,
                )
            )
        return part._replace(tree=_scaled(part, PLAIN), measure=PLAIN)


def _scaled(part: Typed, wanted: UnitMeasure) -> Tree:
    """Return a part in another unit of the same dimensions: the scale stands there to be seen."""
    ratio = scale_between(part.measure, wanted)
    return part.tree if ratio == 1 else Binary("*", part.tree, Literal(ratio))


_CALLS = {
    "sum": UnitCheck.sum,
    "first": UnitCheck.first,
    "exp": UnitCheck.exp,
    "previous": UnitCheck.previous,
    "change": UnitCheck.over_years,
    "average": UnitCheck.over_years,
}
