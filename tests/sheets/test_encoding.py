"""The text of a file in any encoding that tables come in: told by the bytes alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonacct.errors import TableError
from carbonacct.sheets.encoding import decode

# Labels as balances of these countries print them, with digits and signs between.
LABELS = {
    "gb18030": "能源平衡表 2015,原煤(万吨),焦炭,工业 1.5,交通运输、仓储和邮政业",
    "big5hkscs": "能源平衡表 2015,燃料油(公秉),煤製品,工業 1.5,運輸與農業部門",
    "cp1251": "Баланс 2015,Уголь (тыс. т),Мазут,Промышленность 1.5,Транспорт",
    "cp1250": "Bilans energii 2015,Zużycie węgla,Paliwa stałe,Przemysł 1.5,Ciepłownie",
    "cp1254": "Enerji dengesi 2015,Taşkömürü ve ağaç,Sanayi sektörü,Elektrik dağıtımı 1.5",
    "cp1252": "Balanço 2015,Gás Natural,Óleo Diesel,Indústria 1.5,Período até março",
}
UNICODE = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")


@pytest.mark.parametrize("encoding", LABELS)
def test_a_code_page_is_told_by_its_common_letters(encoding):
    """The whole table, and each of its labels with letters beyond ASCII, in its own code page and in Unicode."""
    text = LABELS[encoding]
    for written in (encoding, *UNICODE):
        assert decode("a.csv", text.encode(written)) == text, written


@given(st.sampled_from(sorted(LABELS)), st.data())
def test_any_order_and_number_of_labels_is_told(encoding, data):
    """What tells the code page is how the letters are spread, not where they stand."""
    labels = LABELS[encoding].split(",")
    text = (
        "\r\n".join(data.draw(st.permutations(labels)))
        + "\r\n"
        + "1,2.5,-\r\n" * data.draw(st.integers(0, 50))
    )
    assert decode("a.csv", text.encode(encoding)) == text


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff"), min_size=1))
def test_text_in_utf_8_is_taken_for_nothing_else(text):
    """Text that decodes as UTF-8 is UTF-8; a byte order mark is no letter."""
    content = text.encode()
    zeros = content[1:200:2].count(0), content[0:200:2].count(0)
    if zeros == (0, 0):
        assert decode("a.csv", content) == decode("a.csv", b"\xef\xbb\xbf" + content) == text


@pytest.mark.parametrize(
    ("encoding", "leads", "trails"),
    [
        ("gb18030", [*range(0xA1, 0xA4), 0xB0, 0xC4, 0xD7], range(0xA1, 0xE0)),
        ("big5hkscs", [0xA4, 0xB8, 0xC5], range(0x40, 0x7F)),
    ],
)
def test_all_common_characters_tell_chinese(encoding, leads, trails):
    """Signs and characters of the first level, from its first row to its last: GB 2312 and Big5 sort by use."""
    for lead in leads:
        common = bytes(byte for trail in trails for byte in (lead, trail)).decode(
            encoding, "ignore"
        )
        text = "a,1\r\n" + "\r\n".join(common[n : n + 4] for n in range(0, len(common), 4))
        assert decode("a.csv", text.encode(encoding)) == text, hex(lead)


def test_mostly_common_characters_are_enough():
    """Six common characters in ten are enough: names have rare ones; letters or a cut byte do not matter."""
    assert decode("a.csv", "能源平衡总量鑫鑫鑫鑫".encode("gb18030")) == "能源平衡总量鑫鑫鑫鑫"
    assert decode("a.csv", "臺灣能源平衡鑫煌煜烜".encode("big5hkscs")) == "臺灣能源平衡鑫煌煜烜"


def test_a_word_of_letters_beyond_ascii_tells_cyrillic():
    """Two and a half such bytes in a row: Russian words, not the double letters of other languages."""
    assert decode("a.csv", "Газ ТЭ".encode("cp1251")) == "Газ ТЭ"
    assert decode("a.csv", "Sação de açúcar à mão".encode("cp1252")) == "Sação de açúcar à mão"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", ["a", "12", "项目,1,2,3,4\n", "a,1项目能源平衡"])
def test_utf_16_without_its_mark_shows_by_the_zeros_of_its_digits(encoding, text):
    """A quarter of the letters in ASCII is enough."""
    assert decode("a.csv", text.encode(encoding)) == text


def test_letters_that_two_code_pages_share_are_those_of_the_west():
    """A Polish or Czech letter tells Central Europe, a Turkish letter Turkey; otherwise it is the West."""
    assert decode("a.csv", b"stal\xb3y") == "stal\u0142y"
    assert decode("a.csv", b"Kraft\xb3 10 m\xb3, 5 \xa3") == "Kraft³ 10 m³, 5 £"
    assert decode("a.csv", b"\xfeubesi da\xf0") == "şubesi dağ"
    assert decode("a.csv", b"\xd0 10, \xd0 5") == "Ð 10, Ð 5"
    assert decode("a.csv", "Öl".encode("cp1252")) == "Öl"


@pytest.mark.parametrize(("zeros", "is_text"), [(1, True), (2, False)])
def test_one_zero_in_a_hundred_letters_is_dropped_and_more_is_no_text(zeros, is_text):
    """A table may hold a zero by accident; a program or a picture holds many, and is refused by name."""
    content = ("a,1\n" * 25)[: 100 - zeros].encode() + b"\0" * zeros
    if is_text:
        assert "\0" not in decode("a.csv", content)
    else:
        with pytest.raises(
            TableError,
            match=r"a\.bin: is neither a workbook nor text.*save it as \.xlsx or UTF-8 \.csv",
        ):
            decode("a.bin", content)
