"""The sentences of the Word chapter in Chinese and English; figures are put in from the inventory."""

from __future__ import annotations

from carbonacct.inventory.metrics import name_gas
from carbonacct.report.word_tables import WordTable

_SENTENCES = {
    "title": (
        "{area} {year} 年温室气体清单：能源活动",
        "Greenhouse gas inventory of {area}, {year}: energy",
    ),
    "summary": ("概述", "Summary"),
    "report title": ("{area} {year} 年温室气体清单", "Greenhouse gas inventory of {area}, {year}"),
    "sector title": (
        "{area} {year} 年温室气体清单：{sector}",
        "Greenhouse gas inventory of {area}, {year}: {sector}",
    ),
    "energy sources": (
        "{area} {year} 年温室气体清单：逸散和生物质燃烧",
        "Greenhouse gas inventory of {area}, {year}: fugitive emissions and biomass",
    ),
    "report quality": (
        "{area} {year} 年温室气体清单：数据质量",
        "Greenhouse gas inventory of {area}, {year}: data quality",
    ),
    "report cities": (
        "{area} {year} 年温室气体清单：社区级清单（GPC）",
        "Greenhouse gas inventory of {area}, {year}: community-scale inventory (GPC)",
    ),
    "sector totals": ("各部门温室气体排放", "Emissions by sector"),
    "sector": ("部门", "sector"),
    "sector bars": ("各部门 {gas} 排放（{unit}）", "Emissions of {gas} by sector ({unit})"),
    "report notes": (
        "清除量为负。NO 不发生，NE 未估算，NA 不适用，IE 计入别处，C 保密；数旁的 NE 或 C 表示缺少一部分。",
        (
            "Removals are negative. NO not occurring, NE not estimated, NA not applicable, IE"
            " included elsewhere, C confidential; NE or C beside a number says that it lacks a part."
        ),
    ),
    "official": ("{title}", "{title}"),
    "declared texts": ("编制者的说明", "Notes of the compiler"),
    "stated keys": (
        "没有数的类别：编制者填报的符号",
        "What the compiler states of categories without a number",
    ),
    "stated category": ("类别", "category"),
    "stated gas": ("气体", "gas"),
    "stated year": ("年份", "years"),
    "stated key": ("符号", "key"),
    "stated included_in": ("计入", "included in"),
    "stated because": ("理由", "because"),
    "left out": ("{title}：未列入的排放", "{title}: what it leaves out"),
    "sector results": ("排放结果", "Results"),
    "sector sources": ("排放源与方法", "Sources and methods"),
    "equations": ("各排放源的公式与依据", "Equations of the sources, and the documents"),
    "equation": ("公式", "equation"),
    "cite": ("依据", "document"),
    "entries": ("各排放源的排放量", "Emissions of the sources"),
    "item": ("品种", "item"),
    "tonnes": ("排放量（t）", "emissions (t)"),
    "total": (
        (
            "{area} {year} 年化石燃料燃烧的二氧化碳排放量为 {total} 万吨，其中{shares}。"
            "排放最多的是{flow}，为 {value} 万吨，占 {share}%。"
        ),
        (
            "In {year} the combustion of fossil fuels in {area} emitted {total} × 10⁴ t of CO2:"
            " {shares}. The largest source is {flow} with {value} × 10⁴ t, {share} %."
        ),
    ),
    "share coal": ("煤占 {share}%", "coal {share} %"),
    "share oil": ("油品占 {share}%", "oil products {share} %"),
    "share gas": ("天然气占 {share}%", "natural gas {share} %"),
    "share other": ("其他占 {share}%", "other {share} %"),
    "report rows": ("{year} 年能源活动温室气体清单汇总", "Summary of the energy inventory, {year}"),
    "not estimated": (
        "NE：本清单未估算。国际燃料舱不计入总计。",
        "NE: not estimated in this inventory. International bunkers are not in the total.",
    ),
    "more areas": ("{shown}等 {count} 个地区", "{shown} and others ({count} areas)"),
    "others": ("其他 {count} 项", "{count} others"),
    "recalculation": ("与上次清单相比的重新计算", "Recalculation since the earlier inventory"),
    "recalculated": (
        "与上次清单相比，{years} 年的数值有变化，变化合计 {change} 万吨，按原因列于下表；各行变化为各原因之和。",
        (
            "Numbers of {years} changed since the earlier inventory, by {change} × 10⁴ t in all. The"
            " table has them by cause; causes add up to the change."
        ),
    ),
    "not recalculated": (
        "与上次清单相比，没有数值变化。",
        "No number changed since the earlier inventory.",
    ),
    "recalculation table": ("各年变化及其原因", "Changes by year and cause"),
    "before": ("上次", "before"),
    "after": ("本次", "now"),
    "change": ("变化", "change"),
    "cause program": ("程序", "program"),
    "cause perimeter": ("区划范围", "perimeter"),
    "cause refused": ("表不能读", "refused"),
    "cause table": ("数据表", "tables"),
    "cause mapping": ("名称对照", "mapping"),
    "cause data": ("活动水平", "activity data"),
    "cause structure": ("结构", "structure"),
    "cause filling": ("补缺", "filling"),
    "cause factor": ("排放因子", "factors"),
    "cause method": ("方法", "method"),
    "cause undivided": ("未分", "undivided"),
    "years": ("各年燃料燃烧排放", "Emissions of fuels burnt by year"),
    "method": ("方法与数据", "Method and data"),
    "method text": (
        "清单按{title}（{id}）编制。依据：{reference}。",
        "The inventory follows {title} ({id}). Reference: {reference}.",
    ),
    "formula": (
        (
            "排放量 =（消费量 × 份额 − 用作原料、材料）× 排放因子。"
            "火力发电与供热的投入计入能源工业，其他加工转换的投入和损失不计为燃烧。"
        ),
        (
            "Emissions = (consumption x share - non-energy use) x emission factor. Inputs of power"
            " and heat plants burn and belong to energy industries; inputs of other"
            " transformations, and losses, do not burn."
        ),
    ),
    "no file text": (
        "活动水平数据由程序直接给出，没有文件。",
        "Activity data were given by a program, without a file.",
    ),
    "data text": ("活动水平数据取自：{files}。", "Activity data are from: {files}."),
    "activity": ("燃烧的能源量", "Energy burnt"),
    "burnt": ("燃烧量", "burnt"),
    "cells": ("数据个数", "numbers"),
    "factors": ("{gas} 采用的因子", "Factors of {gas}"),
    "documents": ("出处", "documents"),
    "every flow": ("全部", "all"),
    "results": ("排放结果", "Results"),
    "flows": ("各部门 {gas} 排放（{unit}）", "Emissions of {gas} by sector ({unit})"),
    "bars": ("各部门 {gas} 排放（{unit}）", "Emissions of {gas} by sector ({unit})"),
    "coal": ("煤", "coal"),
    "oil": ("油品", "oil products"),
    "gas": ("天然气", "natural gas"),
    "other": ("其他", "other"),
    "indirect": (
        "信息项：净调入电力与热力的间接排放",
        "Memo item: electricity and heat brought in, net",
    ),
    "brought in": (
        "净调入电力与热力的间接排放（调出为负）",
        "Indirect emissions of electricity and heat brought in (sent out is negative)",
    ),
    "no number": ("无数据", "no number"),
    "apart": ("间接排放不与直接排放相加。", "Indirect and direct emissions are not added up."),
    "no indirect": ("没有数字：{reason}。", "No number: {reason}."),
    "reference": ("参考方法核对", "Reference approach"),
    "reference text": (
        "按参考方法（由能源供应计算）的二氧化碳排放量与部门方法相差 {difference} %。",
        (
            "CO2 by the reference approach, from what was supplied, differs by {difference} % from"
            " the sectoral approach."
        ),
    ),
    "no reference": ("没有参考方法：{reason}。", "There is no reference approach: {reason}."),
    "reference table": ("参考方法与部门方法", "Reference and sectoral approach"),
    "fuel group": ("燃料类", "kind of fuel"),
    "by reference": ("参考方法", "reference"),
    "by sectors": ("部门方法", "sectoral"),
    "difference": ("CO2 差异", "difference of CO2"),
    "completeness": ("完整性", "Completeness"),
    "keys": (
        "NO 不发生，NE 未估算，NA 不适用，IE 计入别处，C 保密。下级类别见工作簿。",
        (
            "NO not occurring, NE not estimated, NA not applicable, IE included elsewhere, C"
            " confidential. Lower levels are in the workbook."
        ),
    ),
    "completeness table": ("能源各类别的完整性", "Completeness of the energy categories"),
    "category": ("类别", "category"),
    "gas column": ("气体", "gas"),
    "emissions": ("排放量", "emissions"),
    "reason": ("计入或原因", "included in, or reason"),
    "uncertainty": ("不确定性与关键类别", "Uncertainty and key categories"),
    "interval": (
        (
            "{year} 年燃料燃烧二氧化碳排放量为 {value} 万吨，{level} 区间为 {lower} 至 {upper} 万吨"
            "（{below} % 至 {above} %），由 {draws} 次抽样得到（{reference}）。"
        ),
        (
            "In {year} fuels burnt emitted {value} × 10⁴ t of CO2, with a {level} interval from"
            " {lower} to {upper} × 10⁴ t ({below} % to {above} %), by {draws} draws ({reference})."
        ),
    ),
    "intervals": ("各年的不确定性区间", "Intervals by year"),
    "targets": ("目标进展", "Targets"),
    "interval inputs": ("{gas} 合计区间的构成", "What makes the interval of the total of {gas}"),
    "input": ("因子或活动水平", "factor or activity"),
    "half width": ("区间半宽\n（%）", "half the range\n(%)"),
    "shared by": ("共用该误差的数", "numbers that share its error"),
    "of variance": ("占方差\n（%）", "share of the variance\n(%)"),
    "lower": ("下界", "lower bound"),
    "upper": ("上界", "upper bound"),
    "share": ("占比", "share"),
    "cumulative": ("累计", "cumulative"),
    "criteria": ("依据", "criteria"),
    "note": ("注意：{text}。", "Note: {text}."),
    "doubt": ("{text}。", "{text}."),
    "key categories": ("关键类别", "Key categories"),
    "key text": (
        "{level}：水平累计达 {part} %；{trend}：趋势累计达 {part} %（{reference}）。",
        "{level}: the level adds up to {part} %; {trend}: the trend does ({reference}).",
    ),
    "quality": ("数据质量", "Data quality"),
    "findings": (
        "核对数据表与方法，得到 {errors} 条错误和 {warnings} 条警告。",
        "The checks of the tables and of the method found: errors {errors}, warnings {warnings}.",
    ),
    "findings table": ("错误与警告", "Errors and warnings"),
    "more findings": ("另有 {count} 条，见工作簿。", "{count} more are in the workbook."),
    "error": ("错误", "error"),
    "warning": ("警告", "warning"),
    "severity": ("级别", "severity"),
    "message": ("内容", "message"),
    "action": ("处理", "action"),
    "table": ("表 {number}", "Table {number}"),
    "figure": ("图 {number}", "Figure {number}"),
    "source": ("排放源", "source"),
    "large": ("万吨", "10⁴ t"),
    "none": ("无数据", "no number"),
}

_sentence = WordTable(_SENTENCES)


def say(key: str, lang: str, **values: object) -> str:
    """Return a sentence in Chinese (``"zh"``) or English with its values in place.

    A gas is named as the language does.
    """
    if "gas" in values:
        values["gas"] = name_gas(str(values["gas"]), lang)
    return _sentence(key, lang, **values)
