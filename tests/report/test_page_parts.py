"""Parts of a page: each table apart, kept with it, and opening in the page what they open alone."""

from __future__ import annotations

import json
import re
from html import escape
from pathlib import Path

import pytest

import carbonacct as ca
from carbonacct.report.page import collect_reference, render_page, table_parts
from carbonacct.sectors.energy.inventory_cache import put_on_shelf

OPENS = re.compile(r'data-([dc])="?(\d+)')


class Shelf(dict):
    """A shelf in memory."""

    find = dict.get
    put = dict.__setitem__


@pytest.fixture(scope="module")
def tables():
    """Return the inventories of two cities, with all gases."""
    names = ("chongqing_2007", "beijing_2007")
    return [
        ca.compile_inventory(f"docs/tables/{name}.csv", method="ipcc-2006", gases=["all"])
        for name in names
    ]


def _render(inventories):
    reference, found = collect_reference(inventories)
    return render_page(inventories, gwp="AR5GWP100", reference=reference, findings=found)


@pytest.fixture(scope="module")
def page(tables):
    """Return the page of both."""
    return _render(tables)


def _data(page):
    return json.loads(page.partition('id="data">')[2].partition("</script>")[0])


def _cell(data, number):
    area, year, flow, product, gas, *rest, factors = data["cells"][number]
    names = data["flows"][flow][0], data["products"][product][0], data["gases"][gas][0]
    return data["areas"][area], year, *names, rest, [data["factors"][one] for one in factors]


def _opened(data, number):
    """Return all that a derivation shows and opens, whatever the numbers are called."""
    row = data["derived"][number]
    if isinstance(row, dict):
        return {**row, "a": data["areas"][row["a"]]}
    texts, amounts = data["texts"], data["amounts"]
    title, formula, parts, unit, *more = row
    terms, factors, note = [*more, *[[], [], -1][len(more) :]]
    shown = [
        [
            texts[name],
            value,
            texts[of],
            _opened(data, rest[0]) if rest and rest[0] >= 0 else None,
            rest[1:],
        ]
        for name, value, of, *rest in parts
    ]
    taken = [
        [texts[amounts[one][0]], amounts[one][1], texts[amounts[one][2]], amounts[one][3], times]
        for one, times in terms
    ]
    named = [data["factors"][one] for one in factors]
    words = [texts[word] for word in title], texts[unit], texts[note] if note >= 0 else ""
    return words, formula, shown, taken, named


def _sections(page, pick):
    """Return what the page shows of one table, of the sections that are made of parts, in both languages."""
    names = [
        f"{lang}-{name}"
        for lang in ("zh", "en")
        for name in ("energy", "carbon", "breakdown", "reference", "inventory")
    ]
    found = []
    for name in names:
        section = page.partition(f'<section id="{name}"')[2].partition("</section>")[0]
        assert section
        found += [
            part.partition(">")[2]
            for part in section.split('<div class="pick')[1:]
            if f'data-k="{pick}"' in part[:40]
        ]
    return found


@pytest.mark.parametrize("number", [0, 1])
def test_a_part_opens_in_a_page_of_several_what_it_opens_alone(tables, page, number):
    """Every number of the part leads to the same cells, formulas and factors, in both languages."""
    alone = _render([tables[number]])
    own, among = (_data(one) for one in (alone, page))
    pairs = list(zip(_sections(alone, "0.2007"), _sections(page, f"{number}.2007"), strict=True))
    assert len(pairs) > 10
    count = 0
    for one, other in pairs:
        assert OPENS.sub("#", one).split() == OPENS.sub("#", other).split()
        for (kind, place), (_, elsewhere) in zip(
            OPENS.findall(one), OPENS.findall(other), strict=True
        ):
            look = _cell if kind == "c" else _opened
            assert look(own, int(place)) == look(among, int(elsewhere))
            count += 1
    assert count > 1000


def test_what_a_page_opens_is_there(page):
    """No number leads beyond the lists, and the cells of the script are those of the inventories, in their order."""
    data = _data(page)
    for kind, number in OPENS.findall(page.partition('id="data"')[0]):
        assert int(number) < len(data["cells" if kind == "c" else "derived"])


def test_the_part_of_a_table_is_made_once(tables, monkeypatch):
    """It comes from the shelf of its table, to the same bytes; one with another metric is another part."""
    made = []
    make = table_parts._make_part
    monkeypatch.setattr(table_parts, "_make_part", lambda own: made.append(own.gwp) or make(own))
    shelf = Shelf()
    pages = []
    for _ in range(2):
        one = ca.compile_inventory(
            "docs/tables/beijing_2007.csv", method="ipcc-2006", gases=["all"]
        )
        put_on_shelf(one, shelf)
        pages.append(_render([one]))
    assert made == ["AR5GWP100"]
    assert pages[0] == pages[1] == _render([tables[1]])
    render_page([one], gwp="AR4GWP100")
    assert made[-1] == "AR4GWP100"


def test_a_part_made_before_the_page_is_that_of_the_page(tables, monkeypatch):
    """A build makes the parts that the page of both tables asks for, and none beyond the page's limit."""
    both = []
    for name in ("chongqing_2007", "beijing_2007"):
        both.append(
            ca.compile_inventory(f"docs/tables/{name}.csv", method="ipcc-2006", gases=["all"])
        )
        put_on_shelf(both[-1], shelf := Shelf())
        table_parts.begin_part(both[-1], table_parts.DETAILS + 1, "AR5GWP100")
        assert not any(piece.startswith("page ") for piece in shelf)
        table_parts.begin_part(both[-1], 2, "AR5GWP100")
    monkeypatch.setattr(table_parts, "_make_part", None)  # nothing is made again
    assert _render(both) == _render_anew(tables, monkeypatch)


def _render_anew(tables, monkeypatch):
    monkeypatch.undo()
    return _render(tables)


def test_no_text_of_a_table_looks_like_what_opens():
    """What a label could hold is escaped before parts are numbered anew."""
    text = '<button data-d=3> data-d="5" <button data-c=7>'
    assert len(table_parts._OPENS.findall(text)) == 3
    assert not table_parts._OPENS.findall(escape(text))


def test_numbers_are_written_as_parts_are_numbered():
    """Every place of the page's templates and shapes that opens something has the form that is found again."""
    folder = Path(table_parts.__file__).parent
    written = [
        line
        for file in folder.glob("files/*.html")
        for line in file.read_text("utf-8").splitlines()
    ]
    assert [
        line for line in written if "data-d" in re.sub(r'{"data-d": [^}]+}\|xmlattr', "", line)
    ] == []
