"""Pages of the project: how it stands, its jobs, its inventory, its files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from carbonacct.data import read_regular
from carbonacct.web.exchange import Response, WebError, go_to, send_page, send_record
from carbonacct.web.guard import list_headers
from carbonacct.web.page_rendering import render
from carbonacct.web.safe_names import check_inside
from carbonacct.web.web_words import word
from carbonacct.web.workers import FAILED

if TYPE_CHECKING:
    from carbonacct.web.desk import Desk
    from carbonacct.web.exchange import WebRequest
    from carbonacct.web.guard import Session
    from carbonacct.web.workers import Job

_MOST_SENT = 2**28
# Where a page goes when its job is done.
_NEXT = {
    "build": "/inventory",
    "freeze": "/handing-in",
    "compare": "/changes/{id}",
    "try_factor": "/factors/trials/{id}",
}


def show_page(template: str, session: Session, at: str, **values: Any) -> Response:
    """Return a page of the thread of work; `at` is its place there."""
    return send_page(render(template, session.lang, mark=session.mark, at=at, **values))


def show_project(desk: Desk, request: WebRequest, session: Session) -> Response:
    """Show how the project stands, or start one."""
    del request
    held = desk.ask("overview", lang=session.lang)
    if held["project"] is None:
        return show_page("new.html", session, "tables", methods=held["methods"])
    return show_page("project.html", session, "tables", **held)


def start_project(desk: Desk, request: WebRequest, session: Session) -> Response:
    """Start a project."""
    form = request.form
    desk.ask(
        "start",
        name=form.get("name", ""),
        years=form.get("years", ""),
        method=form.get("method", ""),
        lang=session.lang,
    )
    return go_to("/")


def start_job(desk: Desk, request: WebRequest, session: Session) -> Response:
    """Start a build, or find the one that runs."""
    overwrite = "overwrite" in request.form
    job = desk.start("build", lang=session.lang, overwrite=overwrite)
    return go_to(f"/jobs/{job.id}")


def show_job(desk: Desk, request: WebRequest, session: Session, name: str) -> Response:
    """Show how a job stands; its script asks again until it is over."""
    job = _find_job(desk, name)
    record = _describe_job(job, session.lang)
    if request.headers.get("X-Carbonacct"):
        return send_record(record)
    return show_page("job.html", session, "inventory", job=record)


def cancel_job(desk: Desk, request: WebRequest, session: Session, name: str) -> Response:
    """End a job."""
    del request, session
    desk.jobs.cancel(_find_job(desk, name).id)
    return go_to(f"/jobs/{name}")


def _find_job(desk: Desk, name: str) -> Job:
    job = desk.jobs.find(name)
    if job is None:
        raise WebError(404, "error.no_job")
    return job


def _describe_job(job: Job, lang: str) -> dict[str, Any]:
    kind, _, what = job.stage.partition("\n")
    stage = word(f"stage.{kind}", lang, what=what) if kind else what
    error = job.error
    progress = (
        ""
        if error is None
        else error.say(lang)
        if isinstance(error, WebError)
        else word("error.stopped", lang)
    )
    result = job.result or {}
    refused = result.get("refused", []) if isinstance(result, dict) else []
    return {
        "id": job.id,
        "task": job.task,
        "state": job.state,
        "over": job.is_over,
        "stage": stage,
        "text": word(f"job.{job.state}", lang),
        "error": progress if job.state == FAILED else "",
        "refused": refused,
        "result": result,
        "go": _NEXT[job.task].format(id=job.id),
    }


def show_inventory(desk: Desk, request: WebRequest, session: Session) -> Response:
    """Show the inventory page of the project in a frame that knows nothing of this page."""
    held = desk.ask("overview", lang=session.lang)
    if held["project"] is None:
        raise WebError(404, "error.no_project")
    pages = [one for one in held["outputs"] if one["path"].endswith(".html") and one["there"]]
    wanted = request.query.get("page", "")
    chosen = next((one for one in pages if one["id"] == wanted), pages[0] if pages else None)
    return show_page("inventory.html", session, "inventory", pages=pages, chosen=chosen, **held)


def send_framed(desk: Desk, request: WebRequest, session: Session, name: str) -> Response:
    """Send an inventory page, which runs in an origin of its own."""
    del request
    output = _find_output(desk, session, name)
    if not output["path"].endswith(".html"):
        raise WebError(404, "error.no_page")
    return Response(read_file(desk, output["path"]), headers=list_headers(framed=True))


def send_file(name: str, content: bytes) -> Response:
    """Return a file to keep, whatever it holds."""
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return Response(content, kind="application/octet-stream", headers=headers)


def _find_output(desk: Desk, session: Session, name: str) -> dict[str, Any]:
    held = desk.ask("overview", lang=session.lang)
    for one in held.get("outputs", ()):
        if one["id"] == name and one["there"]:
            return dict(one)
    raise WebError(404, "error.no_page")


def read_file(desk: Desk, path: str) -> bytes:
    """Return a file of the project that the server itself found."""
    try:
        return read_regular(check_inside(desk.folder, path), most=_MOST_SENT)
    except OSError as error:
        raise WebError(404, "error.unread", name=path, why=error.strerror or "") from None


ROUTES = (
    ("GET", "/", show_project),
    ("POST", "/project", start_project),
    ("POST", "/jobs", start_job),
    ("GET", "/jobs/{name}", show_job),
    ("POST", "/jobs/{name}/cancel", cancel_job),
    ("GET", "/inventory", show_inventory),
    ("GET", "/outputs/{name}/page", send_framed),
)
