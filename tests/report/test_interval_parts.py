"""What makes an interval: inputs with their half widths and shares of the variance, on the page and in the workbook."""

from __future__ import annotations

import json
import re

import docx
import openpyxl
import pytest

from carbonacct.report.inventories import write_inventory
from carbonacct.report.page.interval_derivations import name_part
from carbonacct.report.uncertainty_tables import assess_uncertainty
from carbonacct.uncertainty import model_inventory
from carbonacct.uncertainty.contributions import rank_contributions
from tests.sectors.sources.building import compiled


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Return animals and carbide: one row of each, an activity with the default uncertainty."""
    rows = [
        ("电石产量", "", 100, "t"),
        ("年末存栏", "奶牛,农户饲养", 0.1, "万头"),
        ("年末存栏", "绵羊,农户饲养", 1, "万头"),
    ]
    return compiled(tmp_path_factory.mktemp("parts"), *rows, allow_unverified=True)


@pytest.fixture(scope="module")
def assessed(whole):
    """Return what is known of its uncertainty."""
    return assess_uncertainty(whole, allow_unverified=True)


def test_shares_are_the_variance_and_rows_are_those_of_the_ranking(whole, assessed):
    """Shares of a total sum to one; sd and share are those of rank_contributions, half widths of the inputs."""
    for (year, gas), rows in assessed.parts.groupby(["year", "gas"]):
        assert rows["share"].sum() == pytest.approx(1)
        assert rows["kind"].tolist()[-1] == "rest"
        model = model_inventory(whole, gas=str(gas), allow_unverified=True)
        ranked = rank_contributions(model, where={"area": "重庆", "year": year})
        assert rows["sd"].tolist()[0] == ranked["sd"].iloc[0]
        bounds = {one.name: one.uncertainty for one in model.inputs}
        known = bounds[ranked["input"].iloc[0]]
        assert rows["half_width"].iloc[0] == pytest.approx(
            100 * (known.upper - known.lower) / 2 / known.value
        )


def test_parts_have_names_in_both_languages(whole, assessed):
    """A parameter, an activity with its labels, and the rest are said, and no id stands in Chinese."""
    names = {
        lang: [name_part(row, whole, lang) for row in assessed.parts.itertuples()]
        for lang in ("zh", "en")
    }
    assert "其余各项与交互作用" in names["zh"]
    assert not [name for name in names["zh"] if re.search(r"[a-z]{3}", name)]
    assert any("dairy cattle, household" in name for name in names["en"])


def test_an_interval_on_the_page_opens_its_inputs(tmp_path, whole, assessed):
    """Both ends lead to one derivation: bounds, draws, inputs by share, half width and correlation of one."""
    write_inventory(whole, str(tmp_path / "a.html"), uncertainty=assessed)
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    data = json.loads(
        re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)[1]
    )
    section = re.search(r'<section id="en-sectors".*?</section>', page, re.DOTALL)[0]
    lower, upper = (
        re.findall(r"data-d=(\d+)", re.search(rf"{end} end.*?</tr>", section)[0])
        for end in ("lower", "upper")
    )
    assert lower == upper
    row = assessed.intervals.set_index("gas").loc["CO2"]
    _, formula, parts = data["derived"][int(lower[0])][:3]
    assert formula == f"{row['lower']:.12g} t CO₂ ... {row['upper']:.12g} t CO₂ (95 %)"
    told = assessed.parts[assessed.parts["gas"] == "CO2"]
    shown = parts[-len(told) :]
    assert [part[1] for part in shown] == pytest.approx((100 * told["share"]).tolist(), rel=1e-4)
    half = data["derived"][shown[0][3]][2][0]
    assert half[1] == pytest.approx(told["half_width"].iloc[0], rel=1e-4)
    assert "correlation" in data["texts"][data["derived"][shown[0][3]][-1]][1]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_workbook_and_chapter_have_intervals_and_inputs(tmp_path, whole, assessed, lang):
    """Two sheets with heads in the language, a row an input; in the chapter a table of each gas."""
    write_inventory(whole, str(tmp_path / "a.xlsx"), lang=lang, uncertainty=assessed)
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    sheet = book["区间分项" if lang == "zh" else "interval inputs"]
    assert [sheet.cell(5 + n, 9).value for n in range(len(assessed.parts))] == assessed.parts[
        "share"
    ].tolist()
    intervals = book["区间" if lang == "zh" else "intervals"]
    assert intervals.cell(4, 3).value == ("气体" if lang == "zh" else "gas")
    write_inventory(whole, str(tmp_path / "a.docx"), lang=lang, uncertainty=assessed)
    captions = [
        one.text
        for one in docx.Document(tmp_path / "a.docx").paragraphs
        if one.style.name == "Caption"
    ]
    named = "CH4 合计区间的构成" if lang == "zh" else "What makes the interval of the total of CH4"
    assert any(named in one for one in captions)
