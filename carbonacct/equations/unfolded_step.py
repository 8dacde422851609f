"""One number of a trace, and what it is made of: loaded apart, as energy has traces too and no equations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from carbonacct.factors.editions import FactorRow


@dataclass(frozen=True)
class UnfoldedStep:
    """One number of a trace.

    Attributes
    ----------
    name
        The symbol, or the block.
    labels
        Its labels; its year where that is another than the entry's.
    value, unit
        NaN where ``notation`` says which nothing it is.
    notation
        A notation key, ``""`` for a number.
    formula
        Of a line: how it was worked out, with the names of ``parts``.
    origin
        Of a number that went in: address of its cell, or file and line of its factor row.
    row
        The factor row itself.
    """

    name: str
    labels: Mapping[str, str]
    value: float
    unit: str
    notation: str = ""
    formula: str = ""
    origin: str = ""
    parts: tuple[UnfoldedStep, ...] = ()
    row: FactorRow | None = None

    def __str__(self) -> str:
        """Return the trace as indented lines."""
        return "\n".join(_write_step(self, 0))

    def list_rows(self, depth: int = 0) -> Iterator[dict[str, Any]]:
        """Yield the trace as rows, each number before what it is made of, one ``depth`` below."""
        yield {
            "depth": depth,
            "name": self.name,
            "labels": ", ".join(self.labels.values()),
            "value": self.value,
            "unit": self.unit,
            "notation": self.notation,
            "formula": self.formula,
            "origin": self.origin,
        }
        for part in self.parts:
            yield from part.list_rows(depth + 1)


def _write_step(step: UnfoldedStep, depth: int) -> Iterator[str]:
    labels = f"[{', '.join(step.labels.values())}]" if step.labels else ""
    unit = "" if step.unit == "1" else f" {step.unit}"
    number = step.notation or f"{step.value:.15g}{unit}"
    how = f" = {step.formula}" if step.formula else ""
    origin = f" ({step.origin})" if step.origin else ""
    yield f"{'  ' * depth}{step.name}{labels}{how} = {number}{origin}"
    for part in step.parts:
        yield from _write_step(part, depth + 1)
