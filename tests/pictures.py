"""The pictures of the documentation, made anew: ``python -m tests.pictures`` from a checkout (`make pictures`).

Needs Chromium and a Chinese font. Each picture is of what the program shows now, in a palette of few colours.
"""

from __future__ import annotations

import base64
import csv
import io
import tempfile
from pathlib import Path

import pypdfium2
from PIL import Image

from carbonacct.cli import main
from tests.report.chromium import Browser, open_browser
from tests.web.person import Person
from tests.web.sites import TABLE, make_project, serve_folder

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
COLOURS = 96
WORD = "楼宇经济"
# Invented: what one printed year is times, so that a brief has something to tell.
TIMES = {2005: 0.86, 2006: 0.94, 2007: 1.0, 2008: 1.04, 2009: 1.01, 2010: 0.97}


def save(picture: Image.Image, path: Path) -> None:
    """Write a picture in a palette."""
    path.parent.mkdir(exist_ok=True)
    picture.convert("RGB").quantize(COLOURS).save(path, optimize=True)


def shoot(browser: Browser, *, width: int, height: int) -> Image.Image:
    """Return what a window of a size shows."""
    browser.show(width=width, height=height)
    data = browser.send("Page.captureScreenshot", format="png")["data"]
    return Image.open(io.BytesIO(base64.b64decode(data)))


def run(*words: object) -> None:
    """Run a command that must succeed."""
    assert main(list(map(str, words))) == 0, words


def make_years(folder: Path) -> list[Path]:
    """Write the table of 2007 as that of other years, times an invented number."""
    with TABLE.open(encoding="utf-8", newline="") as stream:
        title, header, *rows = csv.reader(stream)
    paths = []
    for year, times in TIMES.items():
        path = folder / f"{year}.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerows([[title[0].replace("2007", str(year)), *title[1:]], header])
            writer.writerows(
                [name, *(f"{float(one) * times:.2f}" if one else "" for one in row)]
                for name, *row in rows
            )
        paths.append(path)
    return paths


def draw_page(browser: Browser, folder: Path) -> None:
    """Draw the first screen of the page of an inventory."""
    page = folder / "page.html"
    run("inventory", TABLE, "--method", "provincial-2011", "--quiet", "--lang", "en", "-o", page)
    browser.show(width=1100, height=1100)
    browser.open(page)
    save(shoot(browser, width=1100, height=1100), ROOT / "docs" / "page.png")


def draw_brief(folder: Path) -> None:
    """Draw the two pages of a brief."""
    brief = folder / "city.brief.pdf"
    words = ["--method", "provincial-2011", "--quiet", "--lang", "zh", "-o", brief]
    run("inventory", *make_years(folder), *words)
    pages = [page.render(scale=1.0).to_pil() for page in pypdfium2.PdfDocument(brief)]
    picture = Image.new("RGB", (sum(page.width for page in pages) + 12, pages[0].height), "#d9dee2")
    for number, page in enumerate(pages):
        picture.paste(page, (number * (page.width + 12), 0))
    save(picture, IMAGES / "brief.png")


def draw_serve(browser: Browser, folder: Path, lang: str) -> None:
    """Draw a table with a question beside its cell."""
    table = folder / "重庆 2007.csv"
    text = (
        TABLE.read_text(encoding="utf-8")
        .replace("5.批发和零售业", f"5.{WORD}")
        .replace("5.批发", f"5.{WORD}")
    )
    table.write_text(text, encoding="utf-8")
    with serve_folder(make_project(folder / f"project_{lang}", tables=False, lang=lang)) as site:
        browser.send("Network.setExtraHTTPHeaders", headers={"Accept-Language": lang})
        person = Person(browser, site.origin)
        start = folder / "start.html"
        address = site.app.guard.make_address()
        start.write_text(
            f'<meta http-equiv="refresh" content="0; url={address}">', encoding="utf-8"
        )
        browser.send("Page.navigate", url=start.as_uri())
        person.wait("location.pathname === '/' && document.querySelector('[data-drop]')")
        person.choose_files(table)
        person.wait("document.querySelector('.question')")
        browser.show(width=1060, height=940)
        person.see(
            "(() => { const [sheet, asked] = ['.sheet', '.question'].map(e => document.querySelector(e));"
            " sheet.scrollTop += asked.getBoundingClientRect().top - sheet.getBoundingClientRect().top - 200;"
            " scrollTo(0, 0); })()"
        )
        save(shoot(browser, width=1060, height=940), IMAGES / f"serve_{lang}.png")


def draw_all() -> None:
    """Draw every picture."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "profile").mkdir()
        draw_brief(folder)
        with open_browser(folder / "profile") as browser:
            browser.send("Emulation.setScrollbarsHidden", hidden=True)
            draw_page(browser, folder)
            for lang in ("zh", "en"):
                draw_serve(browser, folder, lang)


if __name__ == "__main__":
    draw_all()
