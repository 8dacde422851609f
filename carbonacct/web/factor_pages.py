"""Pages of factors: another value or edition, what it moves, and whether it is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.web.exchange import WebError, go_to
from carbonacct.web.project_pages import show_page
from carbonacct.web.workers import DONE

if TYPE_CHECKING:
    from carbonacct.web.desk import Desk
    from carbonacct.web.exchange import Response, WebRequest
    from carbonacct.web.guard import Session

_FIELDS = ("name", "chosen", "value")


def show_factors(desk: Desk, request: WebRequest, session: Session) -> Response:
    """Show the factors that the inventory uses."""
    del request
    held = desk.ask("factors", lang=session.lang)
    return show_page("factors.html", session, "inventory", **held)


def show_factor(desk: Desk, request: WebRequest, session: Session, name: str) -> Response:
    """Show a factor, and what may stand in its place."""
    del request
    held = desk.ask("factor", lang=session.lang, name=name)
    return show_page("factor.html", session, "inventory", **held)


def start_trial(desk: Desk, request: WebRequest, session: Session) -> Response:
    """Start to work out what another value would move."""
    form = request.form
    given = {key: form.get(key, "") for key in _FIELDS}
    job = desk.start("try_factor", lang=session.lang, **given)
    return go_to(f"/jobs/{job.id}")


def show_trial(desk: Desk, request: WebRequest, session: Session, name: str) -> Response:
    """Show what another value would move."""
    del request
    job = desk.jobs.find(name)
    if job is None or job.task != "try_factor" or job.state != DONE:
        raise WebError(404, "error.no_job")
    return show_page("trial.html", session, "inventory", **job.result)


def keep(desk: Desk, request: WebRequest, session: Session) -> Response:
    """Keep a value among the project's own factors."""
    del session
    form = request.form
    given = {key: form.get(key, "") for key in (*_FIELDS, "version", "because", "by")}
    desk.ask("keep_factor", **given)
    return go_to("/inventory")


ROUTES = (
    ("GET", "/factors", show_factors),
    ("POST", "/factors", keep),
    ("POST", "/factors/trials", start_trial),
    ("GET", "/factors/trials/{name}", show_trial),
    ("GET", "/factors/{name}", show_factor),
)
