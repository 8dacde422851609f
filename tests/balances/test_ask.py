"""What is asked for beside numbers: `` / `` between rows, ``|`` between cells; the title is row 1."""

from __future__ import annotations

import pytest

from tests.balances.test_leftovers import page

TITLE, NAMELESS = "重庆能源消费 2019", "能源消费 2019"
TWO = "项目|原煤(万吨)|焦炭(万吨) / 工业|3|4"
NINE = "甲乙丙丁戊己庚辛壬"


def ask(text, title=TITLE):
    """Return what is asked, kind, label and cells of each, and the messages."""
    stops = page(f"{title} / {text}").stops
    asked = [
        f"{one.kind} {one.text} " + " ".join(f"{chr(65 + j)}{i + 1}" for i, j in one.cells)
        for stop in stops
        for one in stop.unknown
    ]
    return asked, [str(stop.error) for stop in stops]


@pytest.mark.parametrize(
    ("text", "asked", "said"),
    [
        # Headers name products, or flows where more of those that are known do.
        (
            "项目|原煤(万吨)|怪甲(万吨) / 工业|3|4",
            ["product 怪甲 C2"],
            "C2: column '怪甲' is not known",
        ),
        (
            "项目|原煤(万吨)|怪甲(万吨)|怪甲(万吨) / 工业|3|4|5",
            ["product 怪甲 C2 D2"],
            "C2: column '怪甲' is not known; ",
        ),
        (
            "品种|工业|农业|怪甲 / 原煤(万吨)|3|4|5 / 焦炭(万吨)|3|4|5",
            ["flow 怪甲 D2"],
            "D2: column '怪甲' is not known",
        ),
        (
            "项目|原煤(万吨)|怪甲(万吨)|怪乙(万吨) / 工业|3|4|5",
            ["product 怪甲 C2", "product 怪乙 D2"],
            "C2: column '怪甲' is not known (and 1 more: '怪乙' (D2)); ",
        ),
        # A bracket behind a known name is its unit, unless it is a word of the vocabulary.
        (
            "项目|原煤(万吨)|焦炭(怪吨) / 工业|3|4",
            ["unit 怪吨 C2"],
            "C2: unit '怪吨' is not known; give it a unit in a mapping file",
        ),
        ("项目|原煤(万吨)|焦炭(10 怪吨) / 工业|3|4", ["unit 10 怪吨 C2"], "C2: unit '10 怪吨'"),
        (
            "项目|原煤(万吨)|焦炭(工业) / 工业|3|4",
            ["product 焦炭(工业) C2"],
            "C2: column '焦炭(工业)'",
        ),
        (
            "Sector|Coal (t)|Oil products (excl. exports) / Industry|3|4",
            ["product Oil products (excl. exports) C2"],
            "C2: column 'Oil products",
        ),
        (
            "Sector|Coal (t)|Oil products (metric gallons) / Industry|3|4",
            ["unit metric gallons C2"],
            "C2: unit 'metric gallons'",
        ),
        # A column of fuels whose numbers belong to no flow is asked by its header.
        (
            "年份|原煤(万吨)|工业用电量(亿千瓦时) / 2019|5|3 / 2020|6|4",
            ["flow 原煤 B2"],
            "B3: no row, header ('原煤') or title says which flow this is",
        ),
        # No column is asked of that holds no number.
        ("项目|原煤(万吨)|怪甲(万吨)|焦炭(万吨) / 工业|3|-|4", [], ""),
    ],
)
def test_headers_that_name_nothing_above_numbers(text, asked, said):
    """By kind, each text once with its cells."""
    found, messages = ask(text)
    assert found == asked
    assert [one[: len(f"a.csv!{said}")] for one in messages] == [f"a.csv!{said}"] * bool(said)


@pytest.mark.parametrize(
    ("text", "asked", "said"),
    [
        # Beside a number, or what should be one; marks are none, and a note is no label.
        (
            f"{TWO} / 怪甲|1|2 / 怪乙|-|… / 怪丙||  / 怪丁|3 q| / 注:怪|1|1",
            ["flow 怪甲 A4", "flow 怪丁 A7"],
            ["A4: row '怪甲' is not known (and 1 more: '怪丁' (A7)); give"],
        ),
        (
            f"{TWO} / 怪甲|1|2 / 怪甲(吨)|1|2",
            ["flow 怪甲 A4 A5"],
            ["A4: row '怪甲' is not known; give"],
        ),
        (
            f"{TWO}{''.join(f' / 怪{n}|1|2' for n in NINE[:6])}",
            [f"flow 怪{n} A{k}" for k, n in enumerate(NINE[:6], 4)],
            [
                (
                    "A4: row '怪甲' is not known (and 5 more: '怪乙' (A5), '怪丙' (A6), '怪丁' (A7), '怪戊' (A8), "
                    "'怪己' (A9)); give"
                )
            ],
        ),
        (
            f"{TWO}{''.join(f' / 怪{n}|1|2' for n in NINE)}",
            [f"flow 怪{n} A{k}" for k, n in enumerate(NINE, 4)],
            [
                (
                    "A4: row '怪甲' is not known (and 8 more: '怪乙' (A5), '怪丙' (A6), '怪丁' (A7), '怪戊' (A8), "
                    "'怪己' (A9) ...); give"
                )
            ],
        ),
        (
            f"{TWO} / {'怪' * 70}|1|2",
            [f"flow {'怪' * 70} A4"],
            [f"A4: row '{'怪' * 60}' is not known; give"],
        ),
        # Of two columns each is asked for its own kind, or the one of them that is not known.
        (
            "部门|品种|消费量(万吨) / 工业|原煤|3 / 怪甲|怪乙|4 / 怪丙|焦炭|4 / 农业|怪丁|7",
            ["flow 怪甲 A4", "flow 怪丙 A5", "product 怪乙 B4", "product 怪丁 B6"],
            [
                "A4: row '怪甲' is not known (and 1 more: '怪丙' (A5)); ",
                "B4: product '怪乙' in column '品种' is not known (and 1 more: '怪丁' (B6)); ",
            ],
        ),
        (
            "部门|品种|消费量(万吨) / 工业|原煤|3 / |怪乙(吨)|4",
            ["product 怪乙 B4"],
            ["B4: product '怪乙' in column '品种' is not known; "],
        ),
        # Rows of which no column of labels says anything, where others do, are asked in these alone.
        (
            "类别|项目|原煤(万吨)|焦炭(万吨) / 生产|工业|3|4 / 怪乙||5|6 / |怪甲|5|6",
            ["flow 怪乙 A4", "flow 怪甲 B5"],
            ["A4: row '怪乙' is not known (and 1 more: '怪甲' (B5)); give"],
        ),
        # A heading that is not known is asked for, and what stands below it is known.
        (
            "品种|消费量(万吨) / 工业| / 原煤|3 / 怪甲| / 柴油|5 / 焦炭|6",
            ["flow 怪甲 A5"],
            ["A5: heading '怪甲' is not known, and A6 stands below it; give"],
        ),
        (
            f"{TWO} / 天然气|1|2 / 怪甲|1|2 / 柴油|5|6",
            ["flow 怪甲 A5"],
            [
                "A5: heading '怪甲' is not known, and A6 stands below it; give",
                "B4: the row is of natural_gas and the column '原煤' of raw_coal, and neither holds the other; give",
            ],
        ),
        (
            f"{TWO} / 怪甲|1|2 / 柴油|5|6",
            ["flow 柴油 A5", "flow 怪甲 A4"],
            [
                (
                    "A5: row '柴油' names a product, beside labels that name uses, "
                    "and the other labels of its numbers name products too; name"
                ),
                "A4: row '怪甲' is not known; give",
            ],
        ),
    ],
)
def test_labels_beside_numbers_that_name_nothing(text, asked, said):
    """Each once by its kind, the first five behind the first by name."""
    found, messages = ask(text)
    assert found == asked
    assert [one[: len(f"a.csv!{part}")] for one, part in zip(messages, said, strict=True)] == [
        f"a.csv!{part}" for part in said
    ]


@pytest.mark.parametrize(
    ("title", "text", "asked", "said"),
    [
        # Texts that tell rows of one label apart.
        (
            TITLE,
            "怪名|项目|原煤(万吨)|焦炭(万吨) / 甲|工业|3|4 / 乙|工业|3|4",
            ["column 怪名 A3 A4"],
            "column '怪名' tells rows apart and none of its texts is known: '甲' (A3), '乙' (A4); ",
        ),
        (
            TITLE,
            "|项目|原煤(万吨)|焦炭(万吨) / 甲|工业|3|4 / 乙|工业|3|4",
            ["flow 甲 A3", "flow 乙 A4"],
            "column '' tells rows apart",
        ),
        (TITLE, "怪名|项目|原煤(万吨)|焦炭(万吨) / 甲|工业|3|4 / 乙|农业|3|4", [], ""),
        (
            TITLE,
            "怪名|年份|项目|原煤(万吨)|焦炭(万吨) / 甲|2018|工业|3|4 / 甲|2018|农业|3|4 / 乙|2019|工业|3|4",
            [],
            "",
        ),
        (
            TITLE,
            "怪名|年份|项目|原煤(万吨)|焦炭(万吨) / 甲|2018|工业|3|4 / 乙|2019|工业|3|4",
            ["column 怪名 A3 A4"],
            "column '怪名' tells rows apart",
        ),
        # Remarks, a blank column, and one behind the numbers tell nothing apart.
        (TITLE, "备注|项目|原煤(万吨)|焦炭(万吨) / 甲|工业|3|4 / 乙|农业|3|4", [], ""),
        (TITLE, "项目|怪名|原煤(万吨)|焦炭(万吨) / 工业||3|4 / 农业||3|4", [], ""),
        (TITLE, "项目|原煤(万吨)|焦炭(万吨)|怪名 / 工业|3|4|甲 / 农业|3|4|乙", [], ""),
        # Enterprises are no branches, though each stand in its own.
        (
            TITLE,
            "企业名称|行业|原煤(万吨)|焦炭(万吨) / 甲厂|纺织业|3|4 / 乙厂|造纸|3|4",
            ["column 企业名称 A3 A4"],
            "column '企业名称' names enterprises, which are no whole branches: '甲厂' (A3), '乙厂' (A4); ",
        ),
        (TITLE, "企业名称|行业|原煤(万吨)|焦炭(万吨) / 甲厂|纺织业|3|4 / 甲厂|造纸|3|4", [], ""),
        # Where nothing names the area they may be areas, if each row has one and there are several.
        (
            NAMELESS,
            "怪名|项目|原煤(万吨)|焦炭(万吨) / 甲|工业|3|4 / 乙|农业|3|4",
            ["column 怪名 A3 A4"],
            "nothing names the area, and column '怪名', which is not known, may: '甲' (A3), '乙' (A4); ",
        ),
        (NAMELESS, "怪名|项目|原煤(万吨)|焦炭(万吨) / 甲|工业|3|4 / 甲|农业|3|4", [], ""),
        (
            NAMELESS,
            "怪名|项目|原煤(万吨)|焦炭(万吨) / 甲|工业|3|4 / |农业|3|4 / 乙|建筑业|3|5",
            [],
            "",
        ),
        (NAMELESS, "|项目|原煤(万吨)|焦炭(万吨) / 甲|工业|3|4 / 乙|农业|3|4", [], ""),
    ],
)
def test_columns_of_texts_that_may_tell_rows_apart(title, text, asked, said):
    """A column whose header is not known is asked once, with its texts."""
    found, messages = ask(text, title)
    assert found == asked
    assert [one[: len(f"a.csv!A3: {said}")] for one in messages] == [f"a.csv!A3: {said}"] * bool(
        said
    )


@pytest.mark.parametrize(("count", "more"), [(12, "; "), (13, " and 1 more; ")])
def test_twelve_texts_of_a_column_are_shown(count, more):
    """All are asked for."""
    names = "甲乙丙丁戊己庚辛壬癸子丑寅"[:count]
    asked, (message,) = ask(
        "怪名|项目|原煤(万吨)|焦炭(万吨)" + "".join(f" / {name}|工业|3|4" for name in names)
    )
    assert asked == [f"column 怪名 {' '.join(f'A{k}' for k in range(3, 3 + count))}"]
    assert f"'丑' (A14){more}give each an id" in message
