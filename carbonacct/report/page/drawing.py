"""Charts as inline SVG: shapes with classes, whose colours the page's style gives for light, dark and print."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from carbonacct.report.page.words import FILES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jinja2 import Environment
    from markupsafe import Markup


@dataclass
class Chart:
    """A drawing with a name for people who do not see it, and the numbers that it shows as a table.

    Attributes
    ----------
    label
        What a screen reader says.
    shapes
        (kind, text, attributes): kind is an SVG element, text stands in a ``text`` or as the tooltip of another shape.
    heads, rows
        The numbers of the chart; the first column names the row.
    """

    label: str
    width: float
    height: float
    shapes: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    heads: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    wide: bool = False

    def add(self, kind: str, text: str = "", /, **attributes: float | str) -> None:
        """Add a shape; coordinates are rounded to a hundredth, and ``cls`` is its class."""
        shown = {
            name.rstrip("_").replace("_", "-"): f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else value
            for name, value in attributes.items()
        }
        if "cls" in shown:
            shown["class"] = shown.pop("cls")
        self.shapes.append((kind, text, shown))


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - a page alone needs it

    environment = Environment(loader=FileSystemLoader(FILES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "allow_nan": False, "separators": (",", ":")}
    return environment


def fill_template(name: str, **values: Any) -> Markup:
    """Return a template with values put in; every text is escaped unless it was made by a template."""
    from markupsafe import Markup  # noqa: PLC0415

    return Markup(_environment().get_template(name).render(**values))  # noqa: S704 - the template escapes


def draw_chart(chart: Chart, *, summary: str) -> Markup:
    """Return a chart with its numbers in a table that opens under it."""
    return fill_template("chart.html", chart=chart, summary=summary)


def find_ticks(low: float, high: float, count: int = 5) -> list[float]:
    """Return round numbers that cover a range.

    Examples
    --------
    >>> find_ticks(0, 95.3), find_ticks(-3, 12)
    ([0.0, 20.0, 40.0, 60.0, 80.0, 100.0], [-5.0, 0.0, 5.0, 10.0, 15.0])
    """
    if not high > low:
        return [low, low + 1.0]
    raw = (high - low) / count
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= raw * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(step * i, 12) for i in range(first, last + 1)]


def shorten(text: str, columns: int) -> str:
    """Return a text of at most so many columns; a wide character counts double.

    Examples
    --------
    >>> shorten("Wholesale and retail", 10), shorten("批发零售", 6)
    ('Wholesale…', '批发…')
    """
    from carbonacct.report.terminal import width  # noqa: PLC0415

    if width(text) <= columns:
        return text
    while width(text) > columns - 1:
        text = text[:-1]
    return text + "…"
