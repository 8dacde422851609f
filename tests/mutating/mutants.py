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
    """

    module: str
    line: int
    column: int
    end_line: int
    end_column: int
    before: str
    after: str

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
    for node in _walk(ast.parse(source)):
        for changed in _change(node):
            yield Mutant(
                module,
                node.lineno,
                node.col_offset,
                node.end_lineno or node.lineno,
                node.end_col_offset or node.col_offset,
                ast.get_source_segment(source, node) or "",
                ast.unparse(changed),
            )


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
        if isinstance(node, ast.FunctionDef):
            for statement in node.body:
                yield from _walk(ast.Module([statement], []))
            continue
        if isinstance(node, ast.expr):
            yield node
        yield from _walk(node)


def _name(call: ast.Call) -> str:
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


def _change(node: ast.expr) -> Iterator[ast.expr]:
    """Yield what stands in the place of an expression."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        other = copy.deepcopy(node)
        other.ops = [_COMPARISONS[type(node.ops[0])]()]
        yield other
    elif isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        if not _is_text(node):
            other = copy.deepcopy(node)
            other.op = _OPERATORS[type(node.op)]()
            yield other
    elif isinstance(node, ast.BoolOp):
        swapped = copy.deepcopy(node)
        swapped.op = ast.And() if isinstance(node.op, ast.Or) else ast.Or()
        yield swapped
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.Not, ast.Invert, ast.USub)):
        yield node.operand
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        yield ast.Constant(node.value + 1)
    elif isinstance(node, ast.IfExp):
        yield ast.IfExp(node.test, node.orelse, node.body)


def _is_text(node: ast.BinOp) -> bool:
    sides = (node.left, node.right)
    return any(
        isinstance(side, ast.JoinedStr) or (isinstance(side, ast.Constant) and isinstance(side.value, str))
        for side in sides
    )
