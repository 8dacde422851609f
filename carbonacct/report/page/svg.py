"""Charts as inline SVG: shapes with classes, whose colours the page's style gives for light, dark and print."""

from __future__ import annotations

from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any

from carbonacct.report.page.page_words import FILES, section
from carbonacct.templates import open_templates
from carbonacct.texts import add_unit, join_clauses, join_parts

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

    from carbonacct.charts import Drawing


_MARKS = frozenset("&<>\"'")  # what markup cannot hold as it is


@cache
def _environment() -> Environment:
    environment = open_templates(FILES)
    environment.globals |= {
        "of": show_number,
        "add_unit": add_unit,
        "join_clauses": join_clauses,
        "join_parts": join_parts,
    }
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
    """Return a number that opens its derivation, or the trace of a cell of the inventory.

    A plain text where it opens nothing.

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
    """Return one of the page's words with texts and numbers put in.

    Every text is escaped, a number keeps its button.
    """
    from markupsafe import Markup, escape  # noqa: PLC0415

    return Markup(escape(section(key.partition(".")[0], lang)[key.partition(".")[2]])).format(  # noqa: S704 - escaped
        **values
    )


def draw_chart(chart: Drawing, *, summary: str) -> Markup:
    """Return a chart with its numbers in a table that opens under it."""
    from markupsafe import Markup  # noqa: PLC0415

    # A shape at a time in the template takes three times as long.
    shapes = Markup("\n".join(_write_shape(*shape) for shape in chart.shapes))  # noqa: S704 - escaped
    return fill_template("chart.html", chart=chart, shapes=shapes, summary=summary)


def _write_shape(kind: str, text: str, attributes: dict[str, Any]) -> str:
    """Return a shape as markup; what is None is left out."""
    # Nearly all are numbers: one look at all of them spares thousands of searches for a mark.
    is_plain = _MARKS.isdisjoint("".join([str(value) for value in attributes.values()]))
    words = "".join(
        [
            f' {name}="{value if is_plain else escape(str(value))}"'
            for name, value in attributes.items()
            if value is not None
        ]
    )
    inner = escape(text) if text else ""
    if kind != "text" and text:
        inner = f"<title>{inner}</title>"
    return f"<{kind}{words}>{inner}</{kind}>"
