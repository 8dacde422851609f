"""Traditional characters, and the words of Hong Kong, Macao and Taiwan."""

from __future__ import annotations

import pytest

import carbonacct as ca
from carbonacct import vocabulary
from carbonacct.characters import simplify
from carbonacct.data import data_folder, read_rows
from tests.balances.test_layout import amount, read


def test_macao(tmp_path):
    """火水 is kerosene, 石油氣 LPG, 重油 fuel oil; volumes become mass by a published density."""
    table = """
        表1 {}消費量
        {},單位,2008年,2009年
        汽油,千公升,15616,16975
        普通火水,千公升,1806,1629
        輕柴油,千公升,40835,35925
        重油,千公升,51449,70736
        石油氣,公噸,9497,9355
        天然氣,千立方米,26477,22553
        電力,百萬千瓦小時,864,883
        """
    balance = read(tmp_path, table.format("澳門能源", "能源類別"))
    plain = read(tmp_path, simplify(table.format("澳門能源", "能源類別")))
    assert amount(balance, "total_consumption", "lpg", year=2008) == 9497
    assert amount(balance, "total_consumption", "electricity", year=2009) == 883e6
    assert amount(balance, "total_consumption", "kerosene", year=2008) == pytest.approx(
        1806 / 1.235, rel=1e-3
    )
    assert balance.amounts.equals(plain.amounts)


def test_taiwan(tmp_path):
    """Sectors are 部門; 千公秉 is a volume, 百萬度 electricity."""
    balance = read(
        tmp_path,
        """
        能源平衡表 2019
        項目,煤及煤產品(千公噸),柴油(千公秉),天然氣(百萬立方公尺),電力(百萬度)
        工業部門,3000,50,100,13000
        運輸部門,,400,,150
        農業部門,,40,,290
        服務業部門,,5,50,4800
        住宅部門,,5,250,5000
        """,
        area="Taiwan",
    )
    assert amount(balance, "industry", "coal_total") == 3e6
    assert amount(balance, "households", "natural_gas") == 250e6
    assert amount(balance, "other_services", "electricity") == 4800e6
    assert amount(balance, "transport", "diesel") == pytest.approx(400e3 / 1.149, rel=1e-3)


def test_hong_kong(tmp_path):
    """Energy end-use by sector, in terajoules."""
    balance = read(
        tmp_path,
        """
        香港能源最終消耗量 2019年 (太焦耳)
        項目,電力,煤氣,石油氣
        住宅,43000,16000,1200
        商業,105000,11000,2000
        工業,10000,1000,100
        運輸,3500,,12000
        """,
    )
    assert balance.areas == ["香港"]
    assert amount(balance, "households", "electricity") == pytest.approx(43000 / 3.6 * 1e6)
    assert balance.products == ["gas_works_gas", "lpg", "electricity"]


def test_a_province_in_traditional_characters(tmp_path):
    """廣東省 is 广东省, by its grid as by its name."""
    balance = read(
        tmp_path,
        "廣東省能源平衡表 2015\n項目,原煤(萬噸),電力(億千瓦時)\n終端消費量,10,20\n工業,10,20",
    )
    assert vocabulary.resolve("area", balance.areas[0]) == "guangdong"
    assert amount(balance, "industry", "raw_coal") == 1e5
    assert ca.check_balance(balance) == []


def test_every_pair_is_one_character_of_each_kind():
    """No simplified character is itself turned into another, and none is listed twice."""
    rows = read_rows(data_folder() / "vocabulary" / "traditional.csv")
    traditional = [row["traditional"] for row in rows]
    assert len(set(traditional)) == len(traditional)
    assert all(simplify(row["simplified"]) == row["simplified"] for row in rows)
    assert all(len(character) == 1 for character in traditional)


def test_no_word_of_the_vocabulary_is_lost():
    """The words are found by their traditional spellings, too: folding a word twice changes nothing."""
    for kind in ("flow", "product", "area"):
        assert all(
            vocabulary.fold(word) == word for word in vocabulary.words_of(kind) if "(" not in word
        )
