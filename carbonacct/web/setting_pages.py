"""Pages of what a project is made by: method and years, activity data, drivers, targets, what is stated in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.web.exchange import WebError, go_to
from carbonacct.web.project_pages import show_page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from carbonacct.web.desk import Desk
    from carbonacct.web.exchange import Response, WebRequest
    from carbonacct.web.guard import Session

_CHOICES = ("area", "years", "method", "grid", "carbon_pool", "calorific_values", "lang")
_MOST_CELLS = 40_000


def show_settings(desk: Desk, request: WebRequest, session: Session) -> Response:
    """Show the forms of method and data."""
    del request
    held = desk.ask("settings", lang=session.lang)
    return show_page("settings.html", session, "method", **held)


def save_settings(desk: Desk, request: WebRequest, session: Session) -> Response:
    """Keep method, years and options."""
    del session
    form = request.form
    settings: dict[str, object] = {key: form.get(key, "").strip() for key in _CHOICES}
    settings["allow_unverified"] = "allow_unverified" in form
    settings["gases"] = [key.removeprefix("gas-") for key in form if key.startswith("gas-")]
    return _change(desk, request, "save_settings", settings=settings)


def declare_table(desk: Desk, request: WebRequest, session: Session, name: str) -> Response:
    """Keep of which area and year a table is."""
    del session
    form = request.form
    desk.ask(
        "declare",
        name=name,
        version=form.get("version", ""),
        area=form.get("area", ""),
        year=form.get("year", "").strip(),
    )
    return go_to(f"/tables/{name}")


def save_drivers(desk: Desk, request: WebRequest, session: Session, name: str) -> Response:
    """Keep a table of drivers."""
    del session
    rows = read_cells(request.form)
    return _change(desk, request, "save_drivers", name=name, rows=rows)


def read_cells(form: Mapping[str, str]) -> list[list[str]]:
    """Return the cells of a form, whose fields are named ``cell-ROW-COLUMN``.

    Raises
    ------
    WebError
        400 if they make no table.

    Examples
    --------
    >>> read_cells({"cell-0-0": "2015", "cell-0-1": "30", "version": "x"})
    [['2015', '30']]
    """
    cells: dict[tuple[int, int], str] = {}
    for field, value in form.items():
        kind, _, rest = field.partition("-")
        row, _, column = rest.partition("-")
        if (
            kind == "cell"
            and row.isascii()
            and row.isdigit()
            and column.isascii()
            and column.isdigit()
        ):
            cells[int(row[:6]), int(column[:6])] = value
    height = max((row for row, _ in cells), default=-1) + 1
    width = max((column for _, column in cells), default=-1) + 1
    if height * width != len(cells) or len(cells) > _MOST_CELLS:
        raise WebError(400, "error.form")
    return [[cells[row, column] for column in range(width)] for row in range(height)]


def _change(desk: Desk, request: WebRequest, task: str, **fields: object) -> Response:
    """Let a task change the declaration of the version that the form was made from; show the settings again."""
    desk.ask(task, version=request.form.get("version", ""), **fields)
    return go_to("/method")


def add_target(desk: Desk, request: WebRequest, session: Session) -> Response:
    """Declare a target."""
    del session
    return _change(desk, request, "add_target", target=request.form)


def remove_target(desk: Desk, request: WebRequest, session: Session) -> Response:
    """Take a target back."""
    del session
    return _change(desk, request, "remove_target", picked=request.form.get("picked", ""))


def add_stated(desk: Desk, request: WebRequest, session: Session) -> Response:
    """State a notation key or a note."""
    del session
    return _change(desk, request, "add_stated", stated=request.form)


def remove_stated(desk: Desk, request: WebRequest, session: Session) -> Response:
    """Take a notation key or a note back."""
    del session
    return _change(desk, request, "remove_stated", picked=request.form.get("picked", ""))


ROUTES = (
    ("GET", "/method", show_settings),
    ("POST", "/method", save_settings),
    ("POST", "/tables/{name}/declared", declare_table),
    ("POST", "/drivers/{name}", save_drivers),
    ("POST", "/targets", add_target),
    ("POST", "/targets/remove", remove_target),
    ("POST", "/stated", add_stated),
    ("POST", "/stated/remove", remove_stated),
)
