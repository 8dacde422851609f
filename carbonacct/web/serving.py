"""The page started: a port, an address that lets one browser in, and a browser that opens it."""

from __future__ import annotations

import os
import tempfile
import threading
import webbrowser
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from carbonacct.web.app import App
from carbonacct.web.desk import Desk
from carbonacct.web.guard import Guard
from carbonacct.web.keeping import sweep
from carbonacct.web.project_view import is_project
from carbonacct.web.server import listen

if TYPE_CHECKING:
    from collections.abc import Callable

PORT = 8765


def serve(
    folder: Path,
    *,
    port: int = PORT,
    opens: bool = True,
    say: Callable[[str], None] = print,
    lang: str = "",
) -> None:
    """Serve the page of a project on this machine until it is interrupted.

    Parameters
    ----------
    folder
        Of the project, or where it is to be.
    port
        To listen at, or the next one that is free.
    opens
        Whether to open a browser.
    say
        Is told the address.
    lang
        Of the page, before the language of the project and the browser.
    """
    if is_project(folder):
        sweep(folder)
    server = listen(port)
    desk = Desk(folder)
    guard = Guard(server.port)
    server.app = App(guard, desk, call=say, lang=lang)
    address = guard.make_address()
    say(address)
    if opens:
        threading.Thread(target=open_browser, args=(address,), daemon=True).start()
    threading.Thread(target=desk.warm, daemon=True).start()
    try:
        server.serve_forever()
    finally:
        server.server_close()
        desk.close()


def open_browser(address: str) -> None:
    """Open an address in the browser, without its token on a command line, which others can see.

    A file that this user alone can read leads there.
    """
    handle, name = tempfile.mkstemp(prefix="carbonacct-", suffix=".html")
    path = Path(name)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(
            f'<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer">'
            f'<meta http-equiv="refresh" content="0; url={escape(address)}">'
        )
    webbrowser.open(path.as_uri())
    threading.Timer(60.0, path.unlink, kwargs={"missing_ok": True}).start()
