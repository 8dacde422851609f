"""Commands in processes that are already there: the program is imported once, and forked for every command.

A page of the documentation runs some hundred commands, each of which would take most of its time to import the program.
``carbonacct`` in the folder of a `WarmProgram` asks a server for a process of its own, with its own arguments, folder,
environment, input and output. Everything else is as from a shell. `WarmProgram.run` is the same from Python.
"""

from __future__ import annotations

import array
import contextlib
import gc
import importlib
import io
import json
import os
import pkgutil
import signal
import socket
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

_CLIENT = """#!{python} -SEs
import array, json, os, socket, sys
there = socket.socket(socket.AF_UNIX)
there.connect({address!r})
asked = json.dumps([sys.argv[1:], os.getcwd(), dict(os.environ), {{}}]).encode()
files = array.array("i", [0, 1, 2]).tobytes()
there.sendmsg([len(asked).to_bytes(4, "big")], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, files)])
there.sendall(asked)
sys.exit(json.loads(there.recv(64) or b"[70]")[0])
"""

NO_LIMITS: Mapping[str, int] = MappingProxyType({})
ROOT = Path(__file__).resolve().parents[1]
WARMING = (
    "inventory docs/tables/chongqing_2007.csv docs/tables/chongqing_2007_activities.csv --method provincial-2011",
    "inventory docs/tables/chongqing_2007.csv --method ipcc-2006 --lang zh",
    "check docs/tables/countries_1990_2016.csv",
)


class Done(NamedTuple):
    """How a command ended, what it printed, and the most memory that it held."""

    returncode: int
    stdout: str
    stderr: str
    megabytes: int


class WarmProgram:
    """A folder with a command ``carbonacct``, and the process behind it."""

    def __init__(self, folder: Path) -> None:
        self._address = address = str(folder / "there")
        self.command = folder / "carbonacct"
        self.command.write_text(
            _CLIENT.format(python=sys.executable, address=address), encoding="utf-8"
        )
        self.command.chmod(0o755)
        environment = {
            **os.environ,
            "PYTHONUTF8": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "LC_ALL": "C.UTF-8",
        }
        words = [sys.executable, str(Path(__file__).resolve()), address]
        self._process = subprocess.Popen(
            words, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n"

    def run(
        self,
        *words: str,
        environment: Mapping[str, str] = os.environ,
        limits: Mapping[str, int] = NO_LIMITS,
    ) -> Done:
        """Run one command in this folder, with limits by the names of ``resource``, and of the seconds (``ALARM``)."""
        asked = json.dumps([words, str(Path.cwd()), dict(environment), dict(limits)]).encode()
        with (
            socket.socket(socket.AF_UNIX) as there,
            tempfile.TemporaryFile("w+", encoding="utf-8") as out,
            tempfile.TemporaryFile("w+", encoding="utf-8") as err,
            open(os.devnull, encoding="utf-8") as nothing,  # noqa: PTH123
        ):
            there.connect(self._address)
            files = array.array("i", [nothing.fileno(), out.fileno(), err.fileno()]).tobytes()
            there.sendmsg(
                [len(asked).to_bytes(4, "big")], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, files)]
            )
            there.sendall(asked)
            status, kilobytes = json.loads(there.recv(64))
            out.seek(0)
            err.seek(0)
            return Done(status, out.read(), err.read(), kilobytes // 1024)

    def stop(self) -> None:
        """End the process."""
        with self._process:
            self._process.terminate()


def load_all() -> None:
    """Load every module, and what a command loads of the data, so that it is there for the next."""
    import carbonacct.cli  # noqa: PLC0415

    for module in pkgutil.walk_packages(carbonacct.__path__, "carbonacct."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    for words in WARMING:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            carbonacct.cli.main(words.split())


def serve(address: str) -> None:
    """Fork for every request; the process of a command is a child, so that one that ends badly has a status."""
    load_all()
    gc.collect()
    gc.freeze()  # else the first collection of every command looks through all that, and copies it

    here = socket.socket(socket.AF_UNIX)
    here.bind(address)
    here.listen(16)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True)
    while True:
        asker, _ = here.accept()
        if os.fork():
            asker.close()
            continue
        here.close()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        size, files, *_ = asker.recvmsg(4, socket.CMSG_SPACE(3 * array.array("i").itemsize))
        asked = b""
        while len(asked) < int.from_bytes(size, "big"):
            asked += asker.recv(1 << 16)
        opened = array.array("i")
        opened.frombytes(files[0][2])
        child = os.fork()
        if not child:
            asker.close()
            run(json.loads(asked), opened)
        _, ended, used = os.wait4(child, 0)
        status = os.waitstatus_to_exitcode(ended)
        asker.sendall(
            json.dumps([status if status >= 0 else 128 - status, used.ru_maxrss]).encode()
        )
        os._exit(0)


def run(
    asked: tuple[list[str], str, dict[str, str], dict[str, int]], files: array.array[int]
) -> None:
    """Run one command as a process of its own would."""
    import resource  # noqa: PLC0415 - not everywhere

    from carbonacct.cli import main  # noqa: PLC0415

    words, folder, environment, limits = asked
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    # Streams know whether they can seek from when they were opened.
    sys.stdin, sys.stdout = open(0, encoding="utf-8"), open(1, "w", encoding="utf-8")  # noqa: SIM115
    sys.stderr = open(2, "w", buffering=1, encoding="utf-8")  # noqa: SIM115
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    signal.alarm(limits.pop("ALARM", 0))
    for name, most in limits.items():
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (most, most))
    status = 70
    try:
        status = main(words)
    except SystemExit as stop:
        status = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    except BaseException:  # noqa: BLE001 - shown as Python would
        traceback.print_exc()
        status = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    serve(sys.argv[1])
