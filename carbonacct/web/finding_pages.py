"""Pages of findings: by cause, beside their cells, corrected, accepted or left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct.web.exchange import go_to
from carbonacct.web.project_pages import show_page

if TYPE_CHECKING:
    from carbonacct.web.desk import Desk
    from carbonacct.web.exchange import Response, WebRequest
    from carbonacct.web.guard import Session


def show_findings(desk: Desk, request: WebRequest, session: Session) -> Response:
    """Show the findings of what was made."""
    del request
    held = desk.ask("findings", lang=session.lang)
    return show_page("findings.html", session, "findings", **held)


def accept(desk: Desk, request: WebRequest, session: Session) -> Response:
    """Accept the findings that were picked, for one reason."""
    del session
    form = request.form
    desk.ask(
        "accept",
        version=form.get("version", ""),
        picked=[field.removeprefix("pick-") for field in form if field.startswith("pick-")],
        because=form.get("because", ""),
        by=form.get("by", ""),
        review_by=form.get("review_by", ""),
    )
    return go_to("/findings")


def withdraw(desk: Desk, request: WebRequest, session: Session) -> Response:
    """Take an acceptance or a correction back."""
    del session
    form = request.form
    desk.ask("withdraw", version=form.get("version", ""), picked=form.get("picked", ""))
    return go_to("/findings")


ROUTES = (
    ("GET", "/findings", show_findings),
    ("POST", "/findings", accept),
    ("POST", "/findings/withdraw", withdraw),
)
