"""Changes of Python code that a test should notice: one comparison, operator, number or branch at a time."""

from __future__ import annotations

import ast
import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.FloorDiv,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
_REDUCTIONS = {"any": "all", "all": "any", "min": "max", "max": "min"}
# What only a reader or a type checker sees, and what a person is told.
_PASSED = {"say", "Finding", "TypeVar", "cast", "legible"}


@dataclass(frozen=True)
class Mutant:
    """A change of one expression.

    Attributes
    ----------
    module
        Path of the file, from the root of the checkout.
    line, column, end_line, end_column
        Where the expression stands, as :mod:`ast` counts: columns are bytes of UTF-8.
    before, after
        Its text.
    code
        The line where it begins, which stays when lines are added above it.
    """

    module: str
    line: int
    column: int
    end_line: int
    end_column: int
    before: str
    after: str
    code: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What names the change in a list: module, line of code, before, after."""
        return self.module, self.code, _short(self.before), _short(self.after)

    def apply(self, source: str) -> str:
        """Return the file with the change."""
        lines = source.encode().splitlines(keepends=True)
        head = b"".join(lines[: self.line - 1]) + lines[self.line - 1][: self.column]
        tail = lines[self.end_line - 1][self.end_column :] + b"".join(lines[self.end_line :])
        return (head + f"({self.after})".encode() + tail).decode()

    def __str__(self) -> str:
        """Say where it is and what it does."""
        return f"{self.module}:{self.line}: {_short(self.before)}  ->  {_short(self.after)}"


def _short(text: str) -> str:
    return " ".join(text.split())[:90]


def list_mutants(module: str, source: str) -> Iterator[Mutant]:
    """Yield every change of a module.

    Examples
    --------
    >>> [mutant.after for mutant in list_mutants("m.py", "def f(a): return a + 1")]
    ['a - 1', '2']
    """
    lines = source.encode().splitlines(keepends=True)
    tree = ast.parse(source)
    conditions = {id(test) for node in ast.walk(tree) for test in _list_conditions(node)}
    for node in _walk(tree):
        for changed in _change(node, is_condition=id(node) in conditions):
            yield Mutant(
                module,
                node.lineno,
                node.col_offset,
                node.end_lineno or node.lineno,
                node.end_col_offset or node.col_offset,
                _cut(lines, node),
                ast.unparse(changed),
                lines[node.lineno - 1].decode().strip(),
            )


def _cut(lines: list[bytes], node: ast.expr) -> str:
    """Return the text of an expression: as :func:`ast.get_source_segment`, which splits the file for each anew."""
    last = node.end_lineno or node.lineno
    *before, end = lines[node.lineno - 1 : last]
    text = b"".join([*before, end[: node.end_col_offset]])
    return text[node.col_offset :].decode()


def _walk(tree: ast.AST) -> Iterator[ast.expr]:
    """Yield the expressions that run: no annotations, decorators, docstrings, messages or module constants of text."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            continue
        if isinstance(node, ast.Raise) or (isinstance(node, ast.Call) and _name(node) in _PASSED):
            continue
        if isinstance(node, ast.keyword) and node.arg == "strict":  # of zip: no test has it fire
            continue
        if isinstance(node, ast.AnnAssign):
            yield from _walk(ast.Expression(node.value)) if node.value else ()
            continue
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            for statement in node.body:
                yield from _walk(ast.Module([statement], []))
            continue
        if isinstance(node, ast.expr):
            yield node
        yield from _walk(node)


def _name(call: ast.Call) -> str:
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


def _list_conditions(node: ast.AST) -> list[ast.expr]:
    """Return what decides: the test of a branch, the conditions of a comprehension."""
    if isinstance(node, ast.comprehension):
        return node.ifs
    return [node.test] if isinstance(node, (ast.If, ast.IfExp, ast.While)) else []


def _change(node: ast.expr, *, is_condition: bool) -> Iterator[ast.expr]:
    """Yield what stands in the place of an expression."""
    operators = list(_change_operator(node))
    yield from operators
    if isinstance(node, ast.Constant):
        yield from _change_constant(node.value)
    elif isinstance(node, ast.IfExp):
        yield _with(node, body=node.orelse, orelse=node.body)
    elif is_condition and not operators:
        yield ast.UnaryOp(ast.Not(), node)
    if isinstance(node, ast.Call) and _name(node) in _REDUCTIONS:
        name = "attr" if isinstance(node.func, ast.Attribute) else "id"
        yield _with(node, func=_with(node.func, **{name: _REDUCTIONS[_name(node)]}))


def _change_operator(node: ast.expr) -> Iterator[ast.expr]:
    """Yield an expression with the other operator."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        yield _with(node, ops=[_COMPARISONS[type(node.ops[0])]()])
    elif isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS and not _is_text(node):
        yield _with(node, op=_OPERATORS[type(node.op)]())
    elif isinstance(node, ast.BoolOp):
        yield _with(node, op=ast.And() if isinstance(node.op, ast.Or) else ast.Or())
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.Not, ast.Invert, ast.USub)):
        yield node.operand


def _with(node: ast.expr, **fields: object) -> ast.expr:
    """Return a copy of an expression with other parts."""
    other = copy.copy(node)
    for name, value in fields.items():
        setattr(other, name, value)
    return other


def _change_constant(value: object) -> Iterator[ast.expr]:
    """Yield the other truth value, or the next number."""
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, (int, float)):
        yield ast.Constant(value + 1)


def _is_text(node: ast.BinOp) -> bool:
    sides = (node.left, node.right)
    return any(
        isinstance(side, ast.JoinedStr)
        or (isinstance(side, ast.Constant) and isinstance(side.value, str))
        for side in sides
    )
