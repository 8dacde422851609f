"""Pages of handing in: files to keep, submissions, and what changed since one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.web.exchange import WebError, go_to
from carbonacct.web.project_pages import read_file, send_file, show_page
from carbonacct.web.workers import DONE

if TYPE_CHECKING:
    from carbonacct.web.desk import Desk
    from carbonacct.web.exchange import Response, WebRequest
    from carbonacct.web.guard import Session


def show_handing(desk: Desk, request: WebRequest, session: Session) -> Response:
    """Show what can be handed in."""
    del request
    held = desk.ask("handing", lang=session.lang)
    return show_page("handing.html", session, "handing", **held)


def choose_outputs(desk: Desk, request: WebRequest, session: Session) -> Response:
    """Keep which files the project makes."""
    del session
    form = request.form
    picked = [key.removeprefix("output-") for key in form if key.startswith("output-")]
    desk.ask("choose_outputs", version=form.get("version", ""), picked=picked)
    return go_to("/handing-in")


def submit(desk: Desk, request: WebRequest, session: Session) -> Response:
    """Start to make a submission."""
    name = request.form.get("name", "").strip()
    job = desk.start("freeze", lang=session.lang, name=name)
    return go_to(f"/jobs/{job.id}")


def start_comparison(desk: Desk, request: WebRequest, session: Session) -> Response:
    """Start to work out what changed since a submission."""
    names = {key: request.form.get(key, "") for key in ("name", "other")}
    job = desk.start("compare", lang=session.lang, **names)
    return go_to(f"/jobs/{job.id}")


def show_changes(desk: Desk, request: WebRequest, session: Session, name: str) -> Response:
    """Show what changed since a submission."""
    del request
    job = desk.jobs.find(name)
    if job is None or job.task != "compare" or job.state != DONE:
        raise WebError(404, "error.no_job")
    return show_page("changes.html", session, "handing", **job.result)


def send_output(desk: Desk, request: WebRequest, session: Session, name: str) -> Response:
    """Send an output, or a file of a submission, as a file to keep."""
    del request, session
    path = desk.ask("find_file", name=name)
    return send_file(path.rpartition("/")[2], read_file(desk, path))


ROUTES = (
    ("GET", "/handing-in", show_handing),
    ("POST", "/handing-in", choose_outputs),
    ("POST", "/submissions", submit),
    ("POST", "/changes", start_comparison),
    ("GET", "/changes/{name}", show_changes),
    ("GET", "/outputs/{name}", send_output),
)
