"""A person at a browser: what they see, click and type, and what a check of the page finds."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.report.chromium import Browser

# axe-core is not shipped here: where the variable names axe.min.js, every page is checked by it as well.
AXE = os.environ.get("CARBONACCT_AXE", "")
_CHECKS = (Path(__file__).parent / "checks.js").read_text(encoding="utf-8")
_PHONE = {"width": 390, "height": 844}


class Person:
    """Somebody who works on the page."""

    def __init__(self, browser: Browser, origin: str) -> None:
        self.browser, self.origin = browser, origin
        browser.events.clear()

    def see(self, script: str) -> Any:
        """Return the value of an expression in the page."""
        return self.browser.run(script)

    @property
    def text(self) -> str:
        """What stands on the page."""
        return str(self.see("document.body.innerText"))

    @property
    def path(self) -> str:
        """Where the person is."""
        return str(self.see("location.pathname"))

    def wait(self, script: str, seconds: float = 90) -> None:
        """Wait until an expression in the page is true; a page that changes meanwhile is asked again."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                if self.see(f"document.readyState === 'complete' && !!({script})"):
                    return
            except AssertionError:  # the page changes
                pass
            time.sleep(0.1)
        raise AssertionError(f"never: {script}\n{self.path}\n{self.text[:2000]}")

    def go(self, path: str) -> None:
        """Open a page of the site."""
        self.see("window.was = true")
        self.browser.send("Page.navigate", url=self.origin + path)
        self.wait("!window.was")

    def fill(self, form: str, **fields: str) -> None:
        """Write into the fields of a form."""
        for name, value in fields.items():
            self.see(
                f"(() => {{ const e = document.querySelector({form!r}).elements[{json.dumps(name)}]; e.value = "
                f"{json.dumps(value)};"
                " e.dispatchEvent(new Event('input', { bubbles: true })); })()"
            )

    def send(self, form: str) -> None:
        """Send a form and wait for the page behind it."""
        self.see(f"window.was = true; document.querySelector({form!r}).requestSubmit()")
        self.wait("!window.was || document.getElementById('alert').textContent")
        assert not self.see("!!window.was"), self.see(
            "document.getElementById('alert').textContent"
        )

    def click(self, selector: str) -> None:
        """Click on an element."""
        self.see(f"document.querySelector({selector!r}).click()")

    def choose_files(self, *files: Path) -> None:
        """Give files to the page's first field for files, as the dialog of the system does."""
        root = self.browser.send("DOM.getDocument")["root"]["nodeId"]
        node = self.browser.send("DOM.querySelector", nodeId=root, selector="input[type=file]")[
            "nodeId"
        ]
        self.browser.send("DOM.setFileInputFiles", nodeId=node, files=list(map(str, files)))

    def write(self, text: str) -> None:
        """Type a text into what has the focus."""
        self.browser.send("Input.insertText", text=text)

    def tab_to(self, script: str) -> None:
        """Press Tab until what has the focus fits, as one without a mouse does."""
        for _ in range(80):
            self.browser.press("Tab")
            if self.see(f"(e => {script})(document.activeElement)"):
                assert self.see("document.activeElement.matches(':focus-visible')")
                return
        raise AssertionError(f"no way by keyboard to {script}")

    def inspect(self) -> None:
        """Find nothing wrong with a page: names, headings, contrast, light and dark, and at the width of a phone."""
        where = self.path
        for dark in (False, True):
            self.browser.show(dark=dark)
            assert self.see(_CHECKS) == [], where
            if AXE:
                found = self.see(
                    f"{Path(AXE).read_text(encoding='utf-8')}; axe.run(document, {{ iframes: false, runOnly: "
                    f"['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] }})"
                    ".then(r => r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html.slice(0, "
                    "120)).slice(0, 3)))"
                )
                assert found == [], where
        self.browser.show(**_PHONE)
        assert self.see("document.documentElement.scrollWidth <= innerWidth"), where
        self.browser.show()

    def check_quiet(self) -> None:
        """Find no complaint of the console, and no request beyond the origin."""
        assert self.browser.complaints() == []
        beyond = [
            one
            for one in self.browser.requests()
            if not one.startswith((self.origin, "data:", "about:", "file:"))
        ]
        assert beyond == []
