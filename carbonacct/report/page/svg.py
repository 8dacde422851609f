"""Charts as inline SVG: shapes with classes, whose colours the page's style gives for light, dark and print."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any

from carbonacct.report.page.page_words import FILES, section
from carbonacct.templates import open_templates

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jinja2 import Environment
    from markupsafe import Markup

# A number as shown, and how it came about: of a derivation the number that opens it.
Shown = tuple[str, int | None]


@dataclass
class SvgChart:
    """A drawing with a name for people who do not see it, and the numbers that it shows as a table.

    Attributes
    ----------
    label
        What a screen reader says.
    shapes
        (kind, text, attributes): kind is an SVG element, text stands in a ``text`` or as the
        tooltip of another shape.
    heads, rows
        The numbers of the chart; the first column names the row. A shape with ``data_d`` opens what
        the number in the table opens. Heads without rows (from, to, what stands for ``to`` of a
        node, unit): the script writes the table of shapes whose tooltips are ``from → to: number``.
    """

    label: str
    width: float
    height: float
    shapes: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    heads: Sequence[str] = ()
    rows: Sequence[Sequence[str | Shown]] = ()
    wide: bool = False

    def add(self, kind: str, text: str = "", /, **attributes: float | str | None) -> None:
        """Add a shape; coordinates are rounded to a hundredth, ``cls`` is its class, and what is None is left out."""
        shown = {
            name.rstrip("_").replace("_", "-"): (
                f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else value
            )
            for name, value in attributes.items()
        }
        if "cls" in shown:
            shown["class"] = shown.pop("cls")
        self.shapes.append((kind, text, shown))


@cache
def _environment() -> Environment:
    environment = open_templates(FILES)
    environment.globals["of"] = show_number
    environment.policies["json.dumps_kwargs"] = {
        "ensure_ascii": False,
        "allow_nan": False,
        "separators": (",", ":"),
    }
    return environment


def fill_template(name: str, **values: Any) -> Markup:
    """Return a template with values put in; every text is escaped unless it was made by a template."""
    from markupsafe import Markup  # noqa: PLC0415

    return Markup(_environment().get_template(name).render(**values))  # noqa: S704 - the template escapes


def show_number(
    text: str, opens: int | None = None, cell: int | None = None, *, unit: str = ""
) -> Markup:
    """Return a number that opens its derivation, or the trace of a cell of the inventory; a plain text where it opens nothing.

    Examples
    --------
    >>> print(show_number("41.6", 7, unit="kt"), show_number("<1", cell=3), show_number("n/a"))
    <button data-d=7>41.6</button> kt <button data-c=3>&lt;1</button> n/a
    """
    from markupsafe import Markup, escape  # noqa: PLC0415

    shown = escape(text)
    if text and (opens is not None or cell is not None):
        kind, number = ("d", opens) if cell is None else ("c", cell)
        shown = Markup(f"<button data-{kind}={number}>{shown}</button>")  # noqa: S704 - the text is escaped
    return Markup("{} {}").format(shown, unit) if unit else shown


def fill_sentence(key: str, lang: str, **values: object) -> Markup:
    """Return one of the page's words with texts and numbers put in; every text is escaped, a number keeps its button."""
    from markupsafe import Markup, escape  # noqa: PLC0415

    return Markup(escape(section(key.partition(".")[0], lang)[key.partition(".")[2]])).format(  # noqa: S704 - escaped
        **values
    )


def draw_chart(chart: SvgChart, *, summary: str) -> Markup:
    """Return a chart with its numbers in a table that opens under it."""
    from markupsafe import Markup  # noqa: PLC0415

    # A shape at a time in the template takes three times as long.
    shapes = Markup("\n".join(_write_shape(*shape) for shape in chart.shapes))  # noqa: S704 - escaped
    return fill_template("chart.html", chart=chart, shapes=shapes, summary=summary)


def _write_shape(kind: str, text: str, attributes: dict[str, Any]) -> str:
    """Return a shape as markup; what is None is left out."""
    words = "".join(
        f' {name}="{escape(str(value))}"' for name, value in attributes.items() if value is not None
    )
    inner = escape(text) if kind == "text" or not text else f"<title>{escape(text)}</title>"
    return f"<{kind}{words}>{inner}</{kind}>"


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
    from carbonacct.text_columns import count_columns  # noqa: PLC0415

    if count_columns(text) <= columns:
        return text
    while count_columns(text) > columns - 1:
        text = text[:-1]
    return text + "…"
