"""A chart: shapes with classes, whose look the style of the page gives, and the numbers that they show."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

# A number as shown, and how it came about: of a derivation the number that opens it.
Shown = tuple[str, int | None]


@cache
def _spell(name: str) -> str:
    """Return the name of an attribute as SVG spells it, of one that Python can have as a keyword."""
    return name.rstrip("_").replace("_", "-")


@dataclass(repr=False)
class Drawing:
    """A drawing with a name for people who do not see it, and the numbers that it shows as a table.

    A notebook shows it. :func:`carbonacct.charts.save_charts` writes files of it, and
    :func:`carbonacct.charts.plot_chart` draws the same on axes of matplotlib.

    Attributes
    ----------
    label
        Heading, and what a screen reader says.
    width, height
        In 1/96 inch, as the coordinates of the shapes.
    shapes
        (kind, text, attributes): kind is an SVG element, text stands in a ``text`` or as the
        tooltip of another shape.
    heads, rows
        The numbers of the chart; the first column names the row. A shape with ``data_d`` opens what
        the number in the table opens. Heads without rows (from, to, what stands for ``to`` of a
        node, unit): the script writes the table of the shapes' ``data_row`` (from, to or nothing,
        number).
    wide
        Whether it takes the whole width of a page.
    kind
        ``line``, ``bar``, ``column``, ``stacked`` or ``plane``: axes and spreadsheets draw these as
        well; empty for any other chart.
    names
        What the rows are of, such as years.
    series
        The numbers of each series by its name; NaN where it has none.
    parts
        The lines, bars, steps or points that it is of.
    show
        Gives one of its numbers as text.
    net
        Of stacks, what their sum is called.
    x_label, y_label
        What the axes of a plane are.
    lang
        Language of its texts, whose marks join a name and its number.
    """

    label: str
    width: float
    height: float
    shapes: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    heads: Sequence[str] = ()
    rows: Sequence[Sequence[str | Shown]] = ()
    wide: bool = False
    kind: str = ""
    names: Sequence[str] = ()
    series: dict[str, Sequence[float]] = field(default_factory=dict)
    parts: Sequence[Any] = ()
    show: Callable[[float], str] = str
    net: str = ""
    x_label: str = ""
    y_label: str = ""
    lang: str = "en"

    def add(self, kind: str, text: str = "", /, **attributes: float | str | None) -> None:
        """Add a shape; coordinates are rounded to a hundredth, ``cls`` is its class, and what is None is left out."""
        shown = {
            _spell(name): (
                f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else value
            )
            for name, value in attributes.items()
        }
        if "cls" in shown:
            shown["class"] = shown.pop("cls")
        self.shapes.append((kind, text, shown))

    def tell(self, show: Callable[[float], str]) -> None:
        """Put the numbers into the table that stands below the chart."""
        self.show = show
        self.heads = ["", *self.series]
        self.rows = [
            [name, *("" if math.isnan(value) else (show(value), None) for value in values)]
            for name, *values in zip(self.names, *self.series.values(), strict=True)
        ]

    def __repr__(self) -> str:
        """Return what it is of and how large it is."""
        return (
            f"<Drawing {self.label!r}, {self.width:g} x {self.height:g}, {len(self.shapes)} shapes>"
        )

    def _repr_svg_(self) -> str:
        """Return the chart as a notebook shows it."""
        from carbonacct.charts.picture import draw_svg  # noqa: PLC0415 - it knows this record

        return draw_svg([self])
