"""The command that shows a project in a browser."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from carbonacct.cli.parser import add_command
from carbonacct.cli.project_commands import project_option
from carbonacct.cli.speaking import manner
from carbonacct.texts import say

if TYPE_CHECKING:
    from carbonacct.cli.parser import Commands

_LOWEST, _HIGHEST = 1024, 65535


def add_commands(commands: Commands) -> None:
    """Add the commands of this module."""
    text = say("work on a project in a browser, on this machine alone")
    command = add_command(commands, "serve", _serve, text, project_option())
    command.add_argument(
        "--port", type=_port, default=8765, help=say("or the next free one (8765)")
    )
    command.add_argument("--no-open", action="store_true", help=say("open no browser"))


def _port(text: str) -> int:
    """Return the number of a port that a program may listen at; 0 is any that is free.

    Examples
    --------
    >>> _port("8765"), _port("0")
    (8765, 0)
    >>> _port("70000")
    Traceback (most recent call last):
    argparse.ArgumentTypeError: '70000' is no port; write a number from 1024 to 65535, or 0 for any that is free
    """
    if text.isdecimal() and (int(text) == 0 or _LOWEST <= int(text) <= _HIGHEST):
        return int(text)
    raise argparse.ArgumentTypeError(
        say(
            "{text!r} is no port; write a number from {lowest} to {highest}, or 0 for any that is free",
            text=text,
            lowest=_LOWEST,
            highest=_HIGHEST,
        )
    )


def _serve(options: argparse.Namespace) -> int:
    from carbonacct.errors import ProjectError  # noqa: PLC0415 - a command loads what it needs
    from carbonacct.projects.project_declaration import find_project  # noqa: PLC0415
    from carbonacct.web.serving import serve  # noqa: PLC0415

    folder = Path(options.project)
    try:
        folder = find_project(folder)
    except ProjectError:  # a project is started on the page
        folder.mkdir(parents=True, exist_ok=True)
    serve(
        folder.resolve(),
        port=options.port,
        opens=not options.no_open,
        say=lambda address: print(address, flush=True),
        lang=options.lang if any(word.startswith("--lang") for word in manner().words) else "",
    )
    return 0
