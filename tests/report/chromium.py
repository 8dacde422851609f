"""A page in a real Chromium without a window, over the DevTools protocol: what it says, asks for and shows."""

from __future__ import annotations

import base64
import contextlib
import itertools
import json
import shutil
import subprocess
import time
from typing import TYPE_CHECKING, Any

from websockets.sync.client import connect

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BROWSER = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
_OPTIONS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--remote-debugging-port=0",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextlib.contextmanager
def open_browser(profile: Path) -> Iterator[Browser]:
    """Start a browser with an empty profile and one page, and end it afterwards whatever happens."""
    with start_browser(profile) as address, open_page(address) as browser:
        yield browser


@contextlib.contextmanager
def open_page(address: str) -> Iterator[Browser]:
    """Open a page of a browser that runs, with cookies and storage of its own."""
    with connect(address, max_size=None, proxy=None) as socket:
        browser = Browser(socket)
        yield browser
        browser.close()


@contextlib.contextmanager
def start_browser(profile: Path) -> Iterator[str]:
    """Start a browser and return where it listens; end it afterwards whatever happens."""
    assert BROWSER
    process = subprocess.Popen(
        [BROWSER, *_OPTIONS, f"--user-data-dir={profile}", "about:blank"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        found = profile / "DevToolsActivePort"
        for _ in range(400):
            if found.exists() and len(found.read_text(encoding="utf-8").split()) == 2:
                break
            assert process.poll() is None, "Chromium did not start"
            time.sleep(0.05)
        port, path = found.read_text(encoding="utf-8").split()
        yield f"ws://127.0.0.1:{port}{path}"
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=10)
        process.kill()
        process.wait()


class Browser:
    """One page of one browser. ``events`` holds every event of the page since it was opened."""

    def __init__(self, socket: Any) -> None:
        self.socket, self.numbers, self.events, self.session = socket, itertools.count(1), [], ""
        self.context = self.send("Target.createBrowserContext")["browserContextId"]
        target = self.send("Target.createTarget", url="about:blank", browserContextId=self.context)[
            "targetId"
        ]
        self.session = self.send("Target.attachToTarget", targetId=target, flatten=True)[
            "sessionId"
        ]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.send(f"{domain}.enable")

    def close(self) -> None:
        """Close the page, and forget its cookies and storage."""
        self.session = ""
        self.send("Target.disposeBrowserContext", browserContextId=self.context)

    def send(self, command: str, **parameters: Any) -> dict[str, Any]:
        """Send a command and return its result; events on the way are kept."""
        number = next(self.numbers)
        message = {"id": number, "method": command, "params": parameters} | (
            {"sessionId": self.session} if self.session else {}
        )
        self.socket.send(json.dumps(message))
        while True:
            answer = json.loads(self.socket.recv(timeout=30))
            if answer.get("id") == number:
                assert "error" not in answer, answer
                return answer["result"]
            if "method" in answer:
                self.events.append(answer)

    def open(self, path: Path, fragment: str = "") -> None:
        """Open a file and wait until it has loaded."""
        self.send("Page.navigate", url="about:blank")
        self.events.clear()
        self.visit(path.resolve().as_uri() + fragment)

    def visit(self, address: str) -> None:
        """Open an address and wait until it has loaded."""
        self.send("Page.navigate", url=address)
        self.wait_for_load(address)

    def wait_for_load(self, what: str) -> None:
        """Wait until a page has loaded since the events were cleared."""
        for _ in range(600):
            if (
                any(event["method"] == "Page.loadEventFired" for event in self.events)
                and self.run("document.readyState") == "complete"
            ):
                return
            time.sleep(0.02)
            self.send("Runtime.evaluate", expression="0")
        raise AssertionError(f"{what} did not load")

    def run(self, script: str) -> Any:
        """Return the value of an expression in the page."""
        result = self.send(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in result, result["exceptionDetails"]
        return result["result"].get("value")

    def unfold(self) -> None:
        """Open all that is folded, and wait until the page's script has written what stands in it."""
        self.run("""(async () => { document.querySelectorAll("details").forEach(one => { one.open = true; });
            await new Promise(done => setTimeout(done, 300)); })()""")

    def press(self, key: str) -> None:
        """Press a key as a person at the keyboard does."""
        codes = {"Tab": 9, "Enter": 13, "Escape": 27, " ": 32}
        text = {"Enter": "\r", " ": " "}.get(key, "")
        for kind in ("keyDown", "keyUp"):
            more = {"text": text} if text and kind == "keyDown" else {}
            self.send(
                "Input.dispatchKeyEvent",
                type=kind,
                key=key,
                code=key,
                windowsVirtualKeyCode=codes[key],
                **more,
            )

    def complaints(self) -> list[str]:
        """Return what the console said, and every exception."""
        kinds = {"Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded"}
        return [json.dumps(event["params"]) for event in self.events if event["method"] in kinds]

    def requests(self) -> list[str]:
        """Return the addresses that the page asked for."""
        return [
            event["params"]["request"]["url"]
            for event in self.events
            if event["method"] == "Network.requestWillBeSent"
        ]

    def show(
        self, *, width: int = 1280, height: int = 900, dark: bool = False, media: str = ""
    ) -> None:
        """Give the page a size, light or dark, screen or print."""
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 600,
        )
        self.send(
            "Emulation.setEmulatedMedia",
            media=media,
            features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}],
        )

    def picture(self, path: Path, *, whole: bool = True) -> None:
        """Save what the page looks like as .png."""
        path.write_bytes(
            base64.b64decode(
                self.send("Page.captureScreenshot", format="png", captureBeyondViewport=whole)[
                    "data"
                ]
            )
        )

    def print(self, path: Path) -> None:
        """Save the page as .pdf."""
        path.write_bytes(
            base64.b64decode(self.send("Page.printToPDF", preferCSSPageSize=True)["data"])
        )
