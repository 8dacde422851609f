"""The same table in other words, or another print of it: the inventory must be the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonacct import vocabulary
from carbonacct.sheets import values
from tests.fuzzing.kinds import harmless
from tests.fuzzing.labels import header_labels, row_labels
from tests.fuzzing.numbers import change_number
from tests.fuzzing.units import size_of
from tests.fuzzing.words import UNIT, words_of

if TYPE_CHECKING:
    from tests.fuzzing.base import Place, Spot
    from tests.fuzzing.draft import Draft

_WIDE = str.maketrans("0123456789.-", "０１２３４５６７８９．－")
_INVISIBLE = ["\u200b", "\ufeff", "\u200e", "\u00ad", "\u2060"]
_SPELLINGS = {
    ("t", 1e4): ["万吨", "10^4 t", "104 tn", "10000 tons"],
    ("m3", 1e8): ["亿立方米", "10^8 m3", "108 cu.m"],
    ("kWh", 1e8): ["亿千瓦时", "亿千瓦小时", "10^8 kWh"],
    ("tce", 1e4): ["万吨标准煤", "104 tce", "万吨标煤"],
}
_FINER = {
    ("t", 1e4): ("吨", 1e4),
    ("m3", 1e8): ("万立方米", 1e4),
    ("kWh", 1e8): ("万千瓦时", 1e4),
    ("tce", 1e4): ("吨标准煤", 1e4),
}


@harmless
def text_for_number(draft: Draft) -> str | None:
    """Keep a number as text."""
    spot = draft.pick(lambda spot: not isinstance(draft.get(spot.place), str))
    return draft.put(spot.place, draft.base.text_of(spot)) if spot else None


@harmless
def wide_digits(draft: Draft) -> str | None:
    """Print digits of the full width."""
    return change_number(draft, lambda text: text.translate(_WIDE))


@harmless
def thousands_comma(draft: Draft) -> str | None:
    """Print a comma as the mark of thousands."""

    def change(text: str) -> str | None:
        number, kind = values.read_value(text)
        if kind != values.NUMBER or abs(number) < 1000:
            return None
        decimals = len(text.partition(".")[2])
        return f"{number:,.{decimals}f}"

    return change_number(draft, change, lambda text: len(text.partition(".")[0]) > 3)


@harmless
def thousands_space(draft: Draft) -> str | None:
    """Print a space as the mark of thousands."""

    def change(text: str) -> str | None:
        number, kind = values.read_value(text)
        if kind != values.NUMBER or abs(number) < 1000:
            return None
        return f"{number:,.{len(text.partition('.')[2])}f}".replace(",", " ")

    return change_number(draft, change, lambda text: len(text.partition(".")[0]) > 3)


@harmless
def zeros_behind(draft: Draft) -> str | None:
    """Print zeros behind the decimal point."""
    return change_number(draft, lambda text: f"{text}00" if "." in text else f"{text}.00")


@harmless
def minus_of_another_kind(draft: Draft) -> str | None:
    """Print a minus sign, a dash or brackets for a hyphen."""
    forms = ["−{}", "－{}", "–{}", "({})", "（{}）"]
    return change_number(
        draft,
        lambda text: draft.chance.choice(forms).format(text[1:]),
        lambda text: text.startswith("-"),
    )


@harmless
def footnote_behind(draft: Draft) -> str | None:
    """Print a mark of a footnote behind a number."""
    return change_number(draft, lambda text: text + draft.chance.choice(["①", "*", " 1)", "²"]))


@harmless
def flag_behind(draft: Draft) -> str | None:
    """Print a flag with a number: estimate, provisional, revised."""
    forms = ["*{}", "{} e", "{} p", "{} r", "{}e", "{} [note 1]"]
    return change_number(draft, lambda text: draft.chance.choice(forms).format(text))


@harmless
def invisible_in_number(draft: Draft) -> str | None:
    """Print a character without width in a number."""
    return change_number(draft, lambda text: _put_in(draft, text, _INVISIBLE))


@harmless
def invisible_in_label(draft: Draft) -> str | None:
    """Print a character without width in a label or header."""
    place = _some_label(draft)
    return draft.put(place, _put_in(draft, str(draft.get(place)), _INVISIBLE)) if place else None


@harmless
def spaces_in_label(draft: Draft) -> str | None:
    """Print spaces around a label, of any width."""
    place = _some_label(draft)
    if place is None:
        return None
    space = draft.chance.choice([" ", "\u3000", "\u00a0", "\t", "   "])
    return draft.put(place, f"{space}{draft.get(place)}{space}")


@harmless
def footnote_behind_label(draft: Draft) -> str | None:
    """Print a mark of a footnote behind a label."""
    spot = draft.pick()
    places = row_labels(draft, spot) if spot else []
    if not places:
        return None
    return draft.put(
        places[0],
        f"{str(draft.get(places[0])).rstrip()}{draft.chance.choice(['①', '*', ' 1)', '³'])}",
    )


@harmless
def wide_brackets(draft: Draft) -> str | None:
    """Print brackets of the other width in a label or header."""
    pairs = str.maketrans({"(": "（", ")": "）", "（": "(", "）": ")"})
    places = [
        place
        for spot in [draft.pick()]
        if spot
        for place in [*row_labels(draft, spot), *header_labels(draft, spot)]
    ]
    places = [
        place for place in places if any(letter in "()（）" for letter in str(draft.get(place)))
    ]
    return draft.put(places[0], str(draft.get(places[0])).translate(pairs)) if places else None


@harmless
def other_word_for_row(draft: Draft) -> str | None:
    """Print another known word for a row, in place of its label in one language."""
    return _say_otherwise(draft, "flow")


@harmless
def other_word_for_product(draft: Draft) -> str | None:
    """Print another known word for a product."""
    return _say_otherwise(draft, "product")


def _say_otherwise(draft: Draft, dim: str) -> str | None:
    spot = draft.pick()
    if spot is None:
        return None
    places = row_labels(draft, spot) if dim == "flow" else header_labels(draft, spot)
    others = words_of(dim, getattr(spot, dim))
    if not places or not others or len(places) > 2:
        return None
    done = []
    word = draft.chance.choice(others)
    for number, place in enumerate(places):
        unit = UNIT.search(str(draft.get(place)))
        text = word if number == 0 else ""
        done.append(draft.put(place, f"{text}({unit[0]})" if unit else text))
    return "; ".join(done)


@harmless
def unit_spelt_otherwise(draft: Draft) -> str | None:
    """Print another spelling of a unit."""
    spot = draft.pick(lambda spot: _size(draft, spot) in _SPELLINGS)
    if spot is None:
        return None
    return draft.print_unit(
        draft.base.units[spot.place], draft.chance.choice(_SPELLINGS[_size(draft, spot)])
    )


@harmless
def finer_unit(draft: Draft) -> str | None:
    """Print a column in a finer unit, its numbers multiplied."""

    def fits(spot: Spot) -> bool:
        found = draft.base.units[spot.place]
        return _size(draft, spot) in _FINER and any(place[2] == spot.column for place, _ in found)

    spot = draft.pick(fits)
    if spot is None:
        return None
    unit, times = _FINER[_size(draft, spot)]
    for each in draft.base.spots:
        if (each.sheet, each.column) == (spot.sheet, spot.column):
            number = float(f"{values.read_value(draft.get(each.place))[0] * times:.12g}")
            was_text = isinstance(draft.get(each.place), str)
            draft.put(each.place, repr(number) if was_text else number)
    return draft.print_unit(draft.base.units[spot.place], unit)


@harmless
def dash_for_blank(draft: Draft) -> str | None:
    """Print a dash where nothing stood."""
    place = _some_blank(draft)
    return draft.put(place, draft.chance.choice(["-", "—", "…"])) if place else None


@harmless
def blank_row(draft: Draft) -> str | None:
    """Put a blank row among the rows."""
    spot = draft.pick()
    if spot is None:
        return None
    draft.insert_row(spot.sheet, spot.row, [""] * len(draft.rows(spot.sheet)[0]))
    return f"blank row in front of row {spot.row + 1}"


@harmless
def blank_column(draft: Draft) -> str | None:
    """Put a blank column among the columns."""
    spot = draft.pick()
    if spot is None:
        return None
    draft.insert_column(spot.sheet, spot.column)
    return f"blank column in front of column {spot.column + 1}"


@harmless
def note_below(draft: Draft) -> str | None:
    """Print a note below the table."""
    row = [""] * len(draft.rows(0)[0])
    row[0] = draft.chance.choice(
        [
            "注:本表数据来自统计局。",
            "资料来源:统计年鉴",
            "Source: Statistical Yearbook",
            "Note: figures may not add up due to rounding.",
        ]
    )
    draft.rows(0).append(row)
    return f"last row: {row[0]}"


@harmless
def columns_in_another_order(draft: Draft) -> str | None:
    """Put two neighbouring columns in the other order, header and all."""
    products = vocabulary.products()
    columns = draft.base.data_columns
    spot = draft.pick(lambda spot: spot.column + 1 in columns[spot.sheet])
    if spot is None:
        return None
    beside = [
        each
        for each in draft.base.spots
        if (each.sheet, each.column) == (spot.sheet, spot.column + 1)
    ]
    if any(products[each.product].parent != products[spot.product].parent for each in beside):
        return None
    for row in draft.rows(spot.sheet):
        j = spot.column
        row[j], row[j + 1] = row[j + 1], row[j]
    return f"columns of {spot.product} and {beside[0].product} in the other order"


@harmless
def rows_in_another_order(draft: Draft) -> str | None:
    """Put two neighbouring parts of one row in the other order."""
    flows = vocabulary.flows()
    row_of = {(spot.sheet, spot.row): spot.flow for spot in draft.base.spots}

    def plain(sheet: int, row: int) -> str:
        flow = row_of.get((sheet, row), "")
        return flow if flow and flows[flow].part == "sum" else ""

    def fits(spot: Spot) -> bool:
        here, below, after = (plain(spot.sheet, spot.row + step) for step in (0, 1, 2))
        if not (here and below and after) or len({here, below, after}) < 3:
            return False
        return flows[here].parent == flows[below].parent == flows[after].parent

    spot = draft.pick(fits)
    if spot is None:
        return None
    rows = draft.rows(spot.sheet)
    rows[spot.row], rows[spot.row + 1] = rows[spot.row + 1], rows[spot.row]
    return f"rows {spot.row + 1} and {spot.row + 2} in the other order"


def _size(draft: Draft, spot: Spot) -> tuple[str, float]:
    found = draft.base.units[spot.place]
    size = size_of(found[0][1]) if found else None
    return (size[0], round(size[1], 6)) if size else ("", 0.0)


def _put_in(draft: Draft, text: str, letters: list[str]) -> str:
    at = draft.chance.randrange(len(text) + 1)
    return text[:at] + draft.chance.choice(letters) + text[at:]


def _some_label(draft: Draft) -> Place | None:
    spot = draft.pick()
    places = [*row_labels(draft, spot), *header_labels(draft, spot)] if spot else []
    return draft.chance.choice(places) if places else None


def _some_blank(draft: Draft) -> Place | None:
    spot = draft.pick()
    if spot is None:
        return None
    columns = draft.base.data_columns[spot.sheet]
    blank = [
        (spot.sheet, i, j)
        for i in draft.base.data_rows[spot.sheet]
        for j in columns
        if draft.get((spot.sheet, i, j)) == ""
    ]
    return draft.chance.choice(blank) if blank else None
