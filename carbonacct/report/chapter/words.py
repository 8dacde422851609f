"""The sentences of the Word chapter in Chinese and English; figures are put in from the inventory."""

from __future__ import annotations

_SENTENCES = {
    "title": ("{area} {year} 年温室气体清单: 能源活动", "Greenhouse gas inventory of {area}, {year}: energy"),
    "summary": ("一、概述", "1. Summary"),
    "total": (
        ("{area} {year} 年化石燃料燃烧的二氧化碳排放量为 {total} 万t, 其中煤占 {coal}%, 油品占 {oil}%, 天然气占 {gas}%, 其他占 {other}%。"
        "排放最多的是{flow}, 为 {value} 万t, 占 {share}%。"),
        ("In {year} the combustion of fossil fuels in {area} emitted {total} (10⁴ t) of CO2: coal {coal} %, oil products {oil} %, natural gas {gas} %, other {other} %. "
        "The largest source is {flow} with {value} (10⁴ t), {share} %."),
    ),
    "report rows": ("{year} 年能源活动温室气体清单汇总", "Summary of the energy inventory, {year}"),
    "not estimated": ("NE: 本清单未估算。国际燃料舱不计入总计。", "NE: not estimated in this inventory. International bunkers are not in the total."),
    "years": ("各年燃料燃烧排放", "Emissions of fuels burnt by year"),
    "method": ("二、方法与数据", "2. Method and data"),
    "method text": ("清单按 {title} ({id}) 编制。依据: {reference}。", "The inventory follows {title} ({id}). Reference: {reference}."),
    "formula": (
        "排放量 = (消费量 × 份额 - 用作原料、材料) × 排放因子。火力发电与供热的投入计入能源工业, 其他加工转换的投入和损失不计为燃烧。",
        "Emissions = (consumption x share - non-energy use) x emission factor. Inputs of power and heat plants burn and belong to energy industries; inputs of other transformations, and losses, do not burn.",
    ),
    "data text": ("活动水平数据取自: {files}。", "Activity data are from: {files}."),
    "activity": ("燃烧的能源量", "Energy burnt"),
    "burnt": ("燃烧量", "burnt"),
    "cells": ("数据个数", "numbers"),
    "factors": ("{gas} 采用的因子", "Factors of {gas}"),
    "every flow": ("全部", "all"),
    "results": ("三、排放结果", "3. Results"),
    "flows": ("各部门 {gas} 排放 ({unit})", "Emissions of {gas} by sector ({unit})"),
    "bars": ("各部门 {gas} 排放 ({unit})", "Emissions of {gas} by sector ({unit})"),
    "coal": ("煤", "coal"),
    "oil": ("油品", "oil products"),
    "gas": ("天然气", "natural gas"),
    "other": ("其他", "other"),
    "indirect": ("四、信息项: 调入电力与热力的间接排放", "4. Memo item: electricity and heat brought in"),
    "brought in": ("调入电力与热力的间接排放", "Indirect emissions of electricity and heat brought in"),
    "apart": ("间接排放不与直接排放相加。", "Indirect and direct emissions are not added up."),
    "no indirect": ("没有数字: {reason}。", "No number: {reason}."),
    "quality": ("五、数据质量", "5. Data quality"),
    "findings": ("核对数据表与方法, 得到 {errors} 条错误和 {warnings} 条警告。", "The checks of the tables and of the method found {errors} errors and {warnings} warnings."),
    "findings table": ("错误与警告", "Errors and warnings"),
    "more findings": ("另有 {count} 条, 见工作簿。", "{count} more are in the workbook."),
    "error": ("错误", "error"),
    "warning": ("警告", "warning"),
    "severity": ("级别", "severity"),
    "message": ("内容", "message"),
    "action": ("处理", "action"),
    "table": ("表 {number}", "Table {number}"),
    "figure": ("图 {number}", "Figure {number}"),
    "source": ("排放源", "source"),
    "large": ("万t", "10⁴ t"),
    "none": ("无数字", "no number"),
}  # fmt: skip


def say(key: str, lang: str, **values: object) -> str:
    """Return a sentence in Chinese (``"zh"``) or English with its values in place."""
    return _SENTENCES[key][0 if lang == "zh" else 1].format(**values)
