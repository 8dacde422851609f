"""A tiny workbook: the formulas that equations write, read the way a workbook reads them."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_TOKEN = re.compile(r"\s*([A-Z]+\d+|[A-Z]+|\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|.)")


def work_out(formula: str, cells: Mapping[str, float | None]) -> float:
    """Return what a workbook shows: a minus in front binds tighter than ^, ^ from the left."""
    return _Formula(formula, cells).comparison()


class _Formula:
    def __init__(self, text: str, cells: Mapping[str, float | None]) -> None:
        self.tokens, self.cells, self.at = _TOKEN.findall(text), cells, 0

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self) -> str:
        self.at += 1
        return self.tokens[self.at - 1]

    def comparison(self) -> float:
        left = self.sum()
        if self.peek() == "=":
            self.take()
            return float(left == self.sum())
        return left

    def sum(self) -> float:
        found = self.product()
        while self.peek() in {"+", "-"}:
            found = found + self.product() if self.take() == "+" else found - self.product()
        return found

    def product(self) -> float:
        found = self.power()
        while self.peek() in {"*", "/"}:
            found = found * self.power() if self.take() == "*" else found / self.power()
        return found

    def power(self) -> float:
        found = self.signed()
        while self.peek() == "^":
            self.take()
            found = found ** self.signed()
        return found

    def signed(self) -> float:
        if self.peek() == "-":
            self.take()
            return -self.signed()
        return self.atom()

    def atom(self) -> float:
        word = self.take()
        if word == "(":
            found = self.comparison()
            assert self.take() == ")"
            return found
        if self.peek() == "(" and word.isalpha():
            return self.call(word)
        if re.fullmatch(r"[A-Z]+\d+", word):
            return self.cells[word] or 0.0  # a blank cell counts as 0 in arithmetic
        return float(word)

    def call(self, function: str) -> float:
        self.take()
        if function == "COUNT":
            count = 0
            while self.peek() != ")":
                word = self.take()
                count += word != "," and self.cells[word] is not None
            self.take()
            return float(count)
        parts = [self.comparison()]
        while self.peek() == ",":
            self.take()
            parts.append(self.comparison())
        assert self.take() == ")"
        match function:
            case "SUM":
                return math.fsum(parts)
            case "EXP":
                return math.exp(parts[0])
            case "AND":
                return float(all(parts))
            case "IF":
                return parts[1] if parts[0] else parts[2]
        raise AssertionError(function)
