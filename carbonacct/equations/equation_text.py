"""Write an equation out: canonical text, text with names for people, LaTeX."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.equations.expression_tree import (
    Binary,
    Call,
    Literal,
    Negative,
    Symbol,
    Tree,
)

if TYPE_CHECKING:
    from collections.abc import Callable

# How tightly a sign binds: brackets stand where a looser one is inside of a tighter one.
_SUM, _PRODUCT, _SIGNED, _POWER, _ATOM = range(5)
_BINDS = {"+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, "^": _POWER}


def write(
    tree: Tree, name: Callable[[str], str] = str, *, times: str = "*", minus: str = "-"
) -> str:
    """Return the text of an equation, with as few brackets as it needs.

    Parameters
    ----------
    name
        Turns an id into what is written: the id itself, or its name in a language.
    times, minus
        Signs to write.

    Examples
    --------
    >>> from carbonacct.equations.parsing import parse_equation
    >>> write(parse_equation("CO2 = (a - (b)) * ((c) / d)")[0].tree)
    '(a - b) * (c / d)'
    """

    def text(part: Tree, around: int) -> str:
        binds = _binds(part)
        match part:
            case Literal(value):
                written = write_number(value)
            case Symbol(word):
                written = name(word)
            case Negative(of):
                written = minus + text(of, _SIGNED)
            case Binary("^", base, exponent):
                written = f"{text(base, _ATOM)} ^ {text(exponent, _SIGNED)}"
            case Binary(sign, left, right):
                shown = {"*": times, "-": minus}.get(sign, sign)
                written = f"{text(left, binds)} {shown} {text(right, binds + 1)}"
            case Call(function, of, dims):
                written = f"{function}({', '.join([*(text(one, _SUM) for one in of), *dims])})"
        return f"({written})" if binds < around else written

    return text(tree, _SUM)


def write_latex(tree: Tree, name: Callable[[str], str] = str) -> str:
    r"""Return an equation for LaTeX: quotients as fractions, names as upright text.

    Examples
    --------
    >>> from carbonacct.equations.parsing import parse_equation
    >>> print(write_latex(parse_equation("CO2 = lime_output * f / 1")[0].tree))
    \frac{\text{lime\_output} \cdot \text{f}}{1}
    """

    def text(part: Tree, around: int) -> str:
        binds = _binds(part)
        match part:
            case Literal(value):
                return write_number(value)
            case Symbol(word):
                return rf"\text{{{_escape(name(word))}}}"
            case Negative(of):
                written = "-" + text(of, _SIGNED)
            case Binary("/", left, right):
                return rf"\frac{{{text(left, _SUM)}}}{{{text(right, _SUM)}}}"
            case Binary("^", base, exponent):
                written = f"{text(base, _ATOM)}^{{{text(exponent, _SUM)}}}"
            case Binary(sign, left, right):
                shown = r"\cdot" if sign == "*" else sign
                written = f"{text(left, binds)} {shown} {text(right, binds + 1)}"
            case Call(function, of, dims):
                return _latex_call(function, [text(one, _SUM) for one in of], dims)
        return rf"\left({written}\right)" if binds < around else written

    return text(tree, _SUM)


def _latex_call(function: str, inside: list[str], dims: tuple[str, ...]) -> str:
    within = rf"\left({', '.join(inside)}\right)"
    if function == "sum":
        return rf"\sum_{{\text{{{', '.join(map(_escape, dims))}}}}} {within}"
    return (r"\exp" if function == "exp" else rf"\operatorname{{{function}}}") + within


def write_number(value: float) -> str:
    """Return a scale as people write it: 0.001, 1000, 44.

    Examples
    --------
    >>> write_number(0.001), write_number(1e9), write_number(1.0)
    ('0.001', '1000000000', '1')
    """
    return f"{value:.15g}" if 1e-5 < abs(value) < 1e15 or value == 0 else repr(value)


def _binds(tree: Tree) -> int:
    match tree:
        case Negative():
            return _SIGNED
        case Binary(sign):
            return _BINDS[sign]
        case _:
            return _ATOM


def _escape(text: str) -> str:
    for sign in "\\&%$#_{}~^":
        text = text.replace(sign, {"\\": r"\textbackslash "}.get(sign, "\\" + sign))
    return text
