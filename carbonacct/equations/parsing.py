"""Read the text of an equation: a small grammar, and nothing of it is ever run as code.

    equation = line { newline line }
    line     = name "=" sum
    sum      = product { ("+" | "-") product }
    product  = signed { ("*" | "/") signed }
    signed   = "-" signed | power
    power    = atom [ "^" signed ]
    atom     = name | "0" | "1" | "(" sum ")" | call
    call     = "sum(" sum { "," dim } ")" | "first(" sum "," sum { "," sum } ")" | "exp(" sum ")"
             | "previous(" name ")" | "change(" sum ")" | "average(" sum "," name ")"
    rule     = sum ("<=" | "==") sum

A name has letters of any script, digits and _. Full-width signs are read as the plain ones.
"""

from __future__ import annotations

import re

from carbonacct.equations.expression_tree import (
    FUNCTIONS,
    Binary,
    Call,
    Condition,
    EquationLine,
    Literal,
    Negative,
    Symbol,
    Tree,
)
from carbonacct.errors import EquationError, near_or_known
from carbonacct.texts import say

_SIGNS = str.maketrans("＋－−×·＊÷／＝（）［］，＾≤", "+--***//=()[],^≤")
_TOKEN = re.compile(
    r"(?P<space>\s+)|(?P<name>[^\W\d]\w*)|(?P<number>\d+(?:\.\d*)?(?:[eE][-+]?\d+)?|\.\d+)"
    r"|(?P<sign><=|==|\*\*|\S)"
)


def parse_equation(text: str, *, scales: bool = False) -> tuple[EquationLine, ...]:
    """Return the lines of an equation.

    Parameters
    ----------
    text
        One line each ``name = ...``; the last one is the result. A line may go on below where
        brackets are open.

    Raises
    ------
    EquationError
        What stands where something else is expected, with its line.

    Examples
    --------
    >>> [line.name for line in parse_equation("net = made - sold" + chr(10) + "CO2 = net * factor")]
    ['net', 'CO2']
    >>> parse_equation("CO2 = 0.5 * output")
    Traceback (most recent call last):
        ...
    carbonacct.errors.EquationError: the number 0.5 has no source; declare it as a parameter ...
    """
    lines = [_parse_line(line, scales=scales) for line in _split_lines(text)]
    if not lines:
        raise EquationError(
            say("the equation is empty; write a line such as CO2 = output * factor")
        )
    return tuple(lines)


def parse_rule(text: str) -> Condition:
    """Return what must hold from its text.

    Raises
    ------
    EquationError
        If it is not two expressions with ``<=`` or ``==`` between them.

    Examples
    --------
    >>> parse_rule("recovered <= generated").sign
    '<='
    """
    reader = _TokenReader(text.translate(_SIGNS).replace("≤", "<="))
    left = reader.sum()
    sign = reader.take()
    if sign not in {"<=", "=="}:
        raise EquationError(
            say(
                "the check {text!r} has no <= or ==; write one between two expressions",
                text=text.strip(),
            )
        )
    right = reader.sum()
    reader.end()
    return Condition(left, sign, right)


def _split_lines(text: str) -> list[str]:
    """Return the lines that are not blank, each with what belongs to its open brackets."""
    lines: list[str] = []
    depth = 0
    for line in text.translate(_SIGNS).splitlines():
        if line.strip() and depth > 0:
            lines[-1] += " " + line
        elif line.strip():
            lines.append(line)
        depth = lines[-1].count("(") - lines[-1].count(")") if lines else 0
    return lines


def _parse_line(text: str, *, scales: bool) -> EquationLine:
    reader = _TokenReader(text, scales=scales)
    name = reader.name(say("a name and ="))
    if (seen := reader.take()) != "=":
        raise reader.unexpected(seen, "=")
    line = EquationLine(name, reader.sum())
    reader.end()
    return line


class _TokenReader:
    """The tokens of one line, and how far they have been read."""

    def __init__(self, text: str, *, scales: bool = False) -> None:
        self.text = text.strip()
        self.scales = scales
        self.tokens = [
            (found.lastgroup or "", found[0])
            for found in _TOKEN.finditer(text)
            if found.lastgroup != "space"
        ]
        self.at = 0

    def peek(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def take(self) -> str:
        word = self.peek()
        self.at += 1
        return word

    def unexpected(self, seen: str, wanted: str) -> EquationError:
        return EquationError(
            say(
                "{text!r}: {seen} stands where {wanted} is expected",
                text=self.text,
                seen=repr(seen) if seen else say("nothing"),
                wanted=wanted,
            )
        )

    def name(self, wanted: str) -> str:
        kind = self.tokens[self.at][0] if self.at < len(self.tokens) else ""
        word = self.take()
        if kind != "name":
            raise self.unexpected(word, wanted)
        if word in FUNCTIONS:
            raise EquationError(
                say("{text!r}: {word} is a function; write {word}(...)", text=self.text, word=word)
            )
        return word

    def end(self) -> None:
        if self.peek():
            raise self.unexpected(self.peek(), say("a sign or the end of the line"))

    def sum(self) -> Tree:
        tree = self.product()
        while self.peek() in {"+", "-"}:
            tree = Binary(self.take(), tree, self.product())
        return tree

    def product(self) -> Tree:
        tree = self.signed()
        while self.peek() in {"*", "/"}:
            tree = Binary(self.take(), tree, self.signed())
        return tree

    def signed(self) -> Tree:
        if self.peek() == "-":
            self.take()
            return Negative(self.signed())
        tree = self.atom()
        if self.peek() in {"^", "**"}:
            self.take()
            return Binary("^", tree, self.signed())
        return tree

    def atom(self) -> Tree:
        kind, word = self.tokens[self.at] if self.at < len(self.tokens) else ("", "")
        if kind == "number":
            if not self.scales and word not in {"0", "1"}:
                raise EquationError(
                    say(
                        "the number {word} has no source; declare it as a parameter (only 0 "
                        "and 1 may stand in an equation)",
                        word=word,
                    )
                )
            self.take()
            return Literal(float(word))
        if word == "(":
            self.take()
            tree = self.sum()
            self.close()
            return tree
        if kind == "name" and self.at + 1 < len(self.tokens) and self.tokens[self.at + 1][1] == "(":
            return self.call()
        return Symbol(self.name(say("a name, 0, 1 or a bracket")))

    def close(self) -> None:
        if self.peek() != ")":
            raise self.unexpected(self.peek(), say(") or a sign"))
        self.take()

    def call(self) -> Tree:
        function = self.take()
        self.take()
        if function not in FUNCTIONS:
            near = near_or_known(function, FUNCTIONS)
            raise EquationError(
                say(
                    "{text!r}: there is no function {function}; {near}",
                    text=self.text,
                    function=function,
                    near=near,
                )
            )
        call = self._look_back() if function == "previous" else self._rest(function, self.sum())
        self.close()
        return call

    def _look_back(self) -> Call:
        return Call("previous", (Symbol(self.name(say("the name of a line"))),))

    def _rest(self, function: str, first: Tree) -> Call:
        others: list[Tree] = []
        dims: list[str] = []
        while self.peek() == ",":
            self.take()
            if function == "sum":
                dims.append(self.name(say("a dim")))
            elif function == "average":
                others.append(Symbol(self.name(say("a parameter with a number of years"))))
            else:
                others.append(self.sum())
        wanted = {"sum": bool(dims), "first": bool(others), "average": len(others) == 1}
        if not wanted.get(function, not others):
            usage = {
                "sum": say("sum(x, dim)"),
                "first": say("first(x, y)"),
                "average": say("average(x, years)"),
            }
            count = 1 + len(dims) + len(others)
            raise EquationError(
                say(
                    "{text!r}: {function} has {count} part; write {usage}",
                    text=self.text,
                    function=function,
                    count=count,
                    usage=usage.get(function, function + "(x)"),
                )
                if count == 1
                else say(
                    "{text!r}: {function} has {count} parts; write {usage}",
                    text=self.text,
                    function=function,
                    count=count,
                    usage=usage.get(function, function + "(x)"),
                )
            )
        return Call(function, (first, *others), tuple(dims))
