"""Pages of tables: dropped, shown as the sheets they are, asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from carbonacct import vocabulary
from carbonacct.web.exchange import WebError, go_to, send_page, send_record
from carbonacct.web.keeping import store_file
from carbonacct.web.page_rendering import render
from carbonacct.web.project_pages import show_page
from carbonacct.web.project_view import open_project
from carbonacct.web.safe_names import make_id
from carbonacct.web.web_words import word

if TYPE_CHECKING:
    from carbonacct.web.desk import Desk
    from carbonacct.web.exchange import Response, WebRequest
    from carbonacct.web.guard import Session

ROOM = "tables"
_MEANINGS = ("area", "year", "flow", "product", "unit", "labels")


def add_table(desk: Desk, request: WebRequest, session: Session) -> Response:
    """Take a table in; its name stands in the head of the request, its bytes behind it."""
    del session
    open_project(desk.folder)
    name = unquote(request.header("X-Name") or "", errors="replace")
    path = store_file(desk.folder, ROOM, name, request.body)
    return go_to(f"/tables/{make_id('table', path)}")


def show_table(desk: Desk, request: WebRequest, session: Session, name: str) -> Response:
    """Show a window of a sheet, with what is asked beside its cells."""
    sheet = _read_number(request.query["sheet"]) if "sheet" in request.query else -1
    top = _read_number(request.query.get("top", "0"))
    cell = request.query.get("cell", "")
    held = desk.read("view", name=name, lang=session.lang, sheet=sheet, top=top, cell=cell)
    return show_page(
        "table.html", session, "tables", **arrange(held), **_list_words(held, session.lang)
    )


def summarise(desk: Desk, request: WebRequest, session: Session, name: str) -> Response:
    """Return in a few words how a table reads, for the list of tables."""
    del request
    held = desk.read("summary", name=name, lang=session.lang)
    return send_page(render("summary.html", session.lang, **held))


def choose_words(desk: Desk, request: WebRequest, session: Session, name: str) -> Response:
    """Keep what a person says the words of a table mean."""
    del session
    form = request.form
    answers: dict[str, dict[str, str]] = {}
    for field, value in form.items():
        kind, _, number = field.partition("-")
        if kind == "word" and value:
            answers[number] = {
                "id": form.get(f"other-{number}", "").strip() if value == "other" else value,
                "sign": form.get(f"sign-{number}", ""),
                "note": form.get(f"note-{number}", "").strip(),
            }
    if any(not one["id"] for one in answers.values()):
        raise WebError(422, "error.no_word")
    version = form.get("version", "")
    desk.read("choose", name=name, version=version, answers=answers)
    return send_record({"go": f"/tables/{name}"})


def say_sheets(desk: Desk, request: WebRequest, session: Session, name: str) -> Response:
    """Keep which sheets of a workbook are read, or take that back."""
    del session
    form = request.form
    read = [_read_number(key.partition("-")[2]) for key in form if key.startswith("read-")]
    if not read and "undo" not in form:
        raise WebError(422, "error.no_sheet")
    desk.read(
        "sheets",
        name=name,
        version=form.get("version", ""),
        read=[] if "undo" in form else read,
        reason=form.get("reason", "").strip(),
        everywhere="everywhere" in form,
    )
    return go_to(f"/tables/{name}")


def correct(desk: Desk, request: WebRequest, session: Session, name: str) -> Response:
    """Keep a correction of a cell."""
    del session
    form = request.form
    if not form.get("because", "").strip() or not form.get("by", "").strip():
        raise WebError(422, "error.no_reason")
    desk.read(
        "correct",
        name=name,
        version=form.get("version", ""),
        at=(_read_number(form.get("sheet", "")), form.get("cell", "")),
        value=form.get("value", ""),
        because=form["because"],
        by=form["by"],
    )
    return go_to(f"/tables/{name}?sheet={_read_number(form.get('sheet', ''))}")


def take_out(desk: Desk, request: WebRequest, session: Session, name: str) -> Response:
    """Move a table out of the project."""
    del session
    desk.read("take_out", name=name, version=request.form.get("version", ""))
    return go_to("/")


def _read_number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def arrange(held: dict[str, Any]) -> dict[str, Any]:
    """Return a view with what is said of cells under their rows, and links to rows elsewhere."""
    if not held.get("read"):  # the colours of the cells and the questions say it
        held = held | {"findings": []}
    by_row: dict[int, list[tuple[str, dict[str, Any]]]] = {}
    loose = []
    for kind in ("questions", "stops", "findings"):
        for one in held[kind]:
            place = one["place"]
            if place is None:
                loose.append((kind, one))
            elif place[0] == held.get("sheet") and _is_shown(held, place[1]):
                by_row.setdefault(place[1], []).append((kind, one))
    links = [
        {"number": one["number"], "name": one["name"], "place": one["place"]}
        for one in held["questions"]
    ]
    return held | {"by_row": by_row, "loose": loose, "links": links}


def _list_words(held: dict[str, Any], lang: str) -> dict[str, Any]:
    """Return what cells are called in the panel beside them."""
    return {
        "fate_words": [word(f"fate.{one}", lang) for one in held.get("fates", ())],
        "role_words": [word(f"role.{one}", lang) for one in held.get("roles", ())],
        "meaning_words": [word(f"meaning.{one}", lang) for one in _MEANINGS],
        "known": _list_known(held, lang),
    }


def _list_known(held: dict[str, Any], lang: str) -> dict[str, list[tuple[str, str]]]:
    """Return the flows or products that a question may be answered with, where one asks for them."""
    asked = {one["kind"] for one in held["questions"]}
    flows = vocabulary.flows() if "flow" in asked else ()
    products = vocabulary.products() if "product" in asked else ()
    return {
        "flow": [(one, vocabulary.name("flow", one, lang)) for one in flows],
        "product": [(one, vocabulary.name("product", one, lang)) for one in products],
    }


def _is_shown(held: dict[str, Any], row: int) -> bool:
    return bool(held["top"] <= row < held["top"] + held["height"])


ROUTES = (
    ("POST", "/tables", add_table),
    ("GET", "/tables/{name}", show_table),
    ("GET", "/tables/{name}/summary", summarise),
    ("POST", "/tables/{name}/words", choose_words),
    ("POST", "/tables/{name}/sheets", say_sheets),
    ("POST", "/tables/{name}/cells", correct),
    ("POST", "/tables/{name}/remove", take_out),
)
