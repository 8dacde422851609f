"""Pages of activity data: a form for each sector and year, and the workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote, urlencode

from carbonacct.web.exchange import go_to
from carbonacct.web.keeping import store_file
from carbonacct.web.project_pages import send_file, show_page
from carbonacct.web.project_view import open_project

if TYPE_CHECKING:
    from carbonacct.web.desk import Desk
    from carbonacct.web.exchange import Response, WebRequest
    from carbonacct.web.guard import Session

ROOM = "activity"
_FIELDS = ("value", "unit", "source", "note")


def show_form(desk: Desk, request: WebRequest, session: Session) -> Response:
    """Show the form of a sector and year."""
    query = request.query
    wanted = {key: query.get(key, "") for key in ("sector", "year")}
    held = desk.ask("activity_form", lang=session.lang, **wanted)
    return show_page("activity.html", session, "method", **held)


def save_form(desk: Desk, request: WebRequest, session: Session) -> Response:
    """Keep what was entered."""
    form = request.form
    entered: dict[str, dict[str, str]] = {}
    for field, value in form.items():
        kind, _, number = field.partition("-")
        if kind in _FIELDS and number.isdigit():
            entered.setdefault(number, {})[kind] = value
    place = {key: form.get(key, "") for key in ("sector", "year")}
    desk.ask(
        "save_activity",
        lang=session.lang,
        version=form.get("version", ""),
        entered=entered,
        **place,
    )
    return go_to(f"/activity?{urlencode(place)}")


def send_template(desk: Desk, request: WebRequest, session: Session) -> Response:
    """Send the workbook to fill in."""
    del request, session
    return send_file("activity.xlsx", desk.ask("activity_template"))


def add_file(desk: Desk, request: WebRequest, session: Session) -> Response:
    """Take a workbook in that was filled in."""
    del session
    open_project(desk.folder)
    name = unquote(request.header("X-Name") or "", errors="replace")
    path = store_file(desk.folder, ROOM, name, request.body)
    desk.ask("declare_activity", path=path)
    return go_to("/method")


def leave_out(desk: Desk, request: WebRequest, session: Session) -> Response:
    """Leave a file out of the project."""
    del session
    form = request.form
    desk.ask("leave_out_activity", version=form.get("version", ""), picked=form.get("picked", ""))
    return go_to("/method")


ROUTES = (
    ("GET", "/activity", show_form),
    ("POST", "/activity", save_form),
    ("GET", "/activity/template", send_template),
    ("POST", "/activity/files", add_file),
    ("POST", "/activity/remove", leave_out),
)
