"""The words of the workbook in Chinese and English; ids and the flat table keep theirs."""

from __future__ import annotations

WORDS = {
    # names of the sheets
    "summary": ("汇总", "summary"),
    "contents": ("目录", "contents"),
    "findings": ("检查发现", "findings"),
    "finding where": ("位置", "where"),
    "sheet": ("工作表", "sheet"),
    "content": ("内容", "content"),
    "row count": ("行数", "rows"),
    "content inventory": ("供程序读取的平面表", "the flat table, for programs"),
    "content findings": ("核对发现", "findings of the checks"),
    "content entries": (
        "各部门的平面表，供程序读取",
        "the flat table of other sectors, for programs",
    ),
    "fossil": ("化石", "fossil"),
    "non-fossil": ("非化石", "non-fossil"),
    "years": ("历年排放", "years"),
    "title years": ("历年燃料燃烧排放", "Emissions of fuels burnt by year"),
    "years note": (
        "各年数值为计算过程表的合计；末两列为最近一年较上年的变化和占合计的比重。",
        (
            "Numbers are sums of the traces; the last two columns are the change of the last year"
            " since the one before, and its part of the total."
        ),
    ),
    "since before": ("较上年", "since the year before"),
    "part": ("占比", "part of the total"),
    "flows": ("部门与品种", "flow by product"),
    "categories": ("IPCC类别", "IPCC categories"),
    "scope2": ("调入电力与热力", "scope 2"),
    "trace": ("计算过程", "trace"),
    "chains": ("排放因子", "emission factors"),
    "factors": ("因子出处", "published factors"),
    "activity": ("活动水平", "activity data"),
    "weights": ("增温潜势", "metric"),
    "reference": ("参考方法", "reference approach"),
    "approaches": ("两种方法比较", "two approaches"),
    "memo": ("信息项", "memo items"),
    "completeness": ("完整性", "completeness"),
    "nothing": ("无数据的单元格", "cells without a number"),
    "quality": ("质量核对", "quality checks"),
    "uncertainty": ("不确定性", "uncertainty"),
    "key categories": ("关键类别", "key categories"),
    "guideline": ("省级指南汇总表", "guideline summary"),
    "filled": ("补齐的年份", "filled years"),
    "accepted": ("已接受的发现", "accepted findings"),
    "stated": ("填报符号", "stated keys"),
    "notes": ("编制说明", "notes"),
    # titles
    "title": ("温室气体清单", "Greenhouse gas inventory"),
    "title flows": (
        "燃料燃烧排放：部门与能源品种",
        "Emissions of fuels burnt, by flow and product",
    ),
    "title bars": ("燃料燃烧排放：部门", "Emissions of fuels burnt, by flow"),
    "title fuels": ("燃料燃烧排放：能源种类", "Emissions of fuels burnt, by kind of fuel"),
    "title categories": (
        "燃料燃烧排放：IPCC 2006 类别",
        "Emissions of fuels burnt, by IPCC 2006 category",
    ),
    "title scope2": (
        "净调入电力与热力的间接排放（范围二）",
        "Electricity and heat brought in, net (scope 2)",
    ),
    "title trace": ("每个数的计算过程", "How each number came about"),
    "title chains": (
        "由已发布因子合成的排放因子",
        "Emission factors, composed of published factors",
    ),
    "title factors": ("已发布的因子", "Published factors"),
    "title weights": (
        "合计为二氧化碳当量所用的增温潜势（t CO2e/t）",
        "Weights of gases in CO2-equivalent (t CO2e/t)",
    ),
    "title reference": ("参考方法", "Reference approach"),
    "title approaches": ("参考方法与部门方法", "Reference and sectoral approach"),
    "title memo": (
        "信息项：国际燃料舱与生物质的二氧化碳",
        "Memo items: international bunkers and CO2 of biomass",
    ),
    "title completeness": ("各类别的完整性", "Completeness of the categories"),
    "title filled": (
        "没有表的年份：按申明的规则补齐",
        "Years without a print, filled by declared rules",
    ),
    "title stated": (
        "没有数的类别：编制者填报的符号",
        "What the compiler states of categories without a number",
    ),
    "title notes": ("编制者的说明", "Notes of the compiler"),
    "title accepted": ("有人说明理由而接受的发现", "Findings that somebody accepted with a reason"),
    "title quality": (
        "质量核对：与已发布的范围及两种方法之间比较",
        "Quality checks: against published bounds, and between the two approaches",
    ),
    "title uncertainty": (
        "燃料燃烧二氧化碳排放的不确定性区间",
        "Uncertainty of the CO2 of fuels burnt",
    ),
    "title key categories": ("关键类别分析", "Key category analysis"),
    "title 1.A(a)": (
        "表 1.A(a) 燃料燃烧活动：部门方法",
        "Table 1.A(a) Fuel combustion activities: sectoral approach",
    ),
    "title 1.A(b)": (
        "表 1.A(b) 燃料燃烧活动的 CO2：参考方法",
        "Table 1.A(b) CO2 from fuel combustion: reference approach",
    ),
    "title 1.A(c)": ("表 1.A(c) 两种方法比较", "Table 1.A(c) Comparison of the two approaches"),
    "title 1.A(d)": (
        "表 1.A(d) 原料、还原剂和其他非能源用途",
        "Table 1.A(d) Feedstocks, reductants and other non-energy use",
    ),
    "title 1.D": ("表 1.D 备忘项", "Table 1.D Memo items"),
    "title guideline": (
        "省级温室气体清单编制指南：能源活动汇总表",
        "Guidelines for provincial greenhouse gas inventories: summary of energy activities",
    ),
    "title activity": ("读入的活动水平数据", "Activity data as read"),
    "title nothing": ("没有数字的单元格", "Cells without a number"),
    # notes
    "method": ("方法：{title}（{id}）。{reference}", "Method: {title} ({id}). {reference}"),
    "made": ("由 carbonacct {version} 生成。", "Made with carbonacct {version}."),
    "live": (
        "单元格为公式：黄底的数（已发布的因子、统计表中的数）可以更改，排放量与合计随之变化。",
        (
            "Cells are formulas: change a number on yellow (a published factor, a printed amount)"
            " and emissions and totals follow."
        ),
    ),
    "values": (
        (
            "清单有 {count:,} 个数，多于 {limit:,}：本工作簿只含数值；公式、"
            "计算过程和活动水平请按城市或年份分开输出。"
        ),
        (
            "The inventory has {count:,} numbers, more than {limit:,}: this workbook holds values"
            " alone. For formulas, trace and activity data write fewer areas or years at a time."
        ),
    ),
    "scopes": (
        "范围一（本地燃料燃烧）与范围二（调入电力与热力）不相加。",
        (
            "Scope 1 (fuels burnt in the area) and scope 2 (electricity and heat brought in) are"
            " not added up."
        ),
    ),
    "none": ("无数据", "no number"),
    "found": (
        "发现：{error} 条错误，{warning} 条警告，{info} 条说明（见“检查发现”表）。",
        "Findings: errors {error}, warnings {warning}, notes {info} (sheet findings).",
    ),
    "flat": (
        "第一张表 inventory 是供程序读取的平面表，其列名与 CSV 相同。",
        (
            "The first sheet, inventory, is the flat table for programs; its columns are those of"
            " the CSV."
        ),
    ),
    "more": ("inventory 表一页放不下，续在 {names}。", "The table inventory goes on in {names}."),
    "flows note": (
        "只列有数的最细的行与列，每个数只计一次。",
        "The finest rows and columns that have numbers; each amount counts once.",
    ),
    "categories note": (
        "每个数属于一个类别；粗体行是其下各类别之和。",
        "Each number belongs to one category; a row in bold is the sum of those below it.",
    ),
    "scope2 note": (
        "没有因子的年份或地区没有数字，原因见“检查发现”表（no-grid-factor）。",
        (
            "A year or area without a factor has no number; the sheet findings says why"
            " (no-grid-factor)."
        ),
    ),
    "trace note": (
        (
            "排放量 =（数量 × 份额 − 原料用途）× 排放因子。份额：由上级行分摊或扣除原料用途时不为"
            " 1，不随单元格变化。"
        ),
        (
            "Emissions = (amount x share - feedstock) x emission factor. A share other than 1"
            " scales a sub-sector to its parent or takes feedstock out of it; it does not follow"
            " changes."
        ),
    ),
    "chains note": (
        "各列相乘（标有 ÷ 的相除）。每一列都引用因子出处表。",
        (
            "The columns are multiplied (those with ÷ divide). Each refers to the sheet of"
            " published factors."
        ),
    ),
    "factors note": (
        "每个已发布的数只出现一次，在黄底的单元格中。区间没有取值时取其中点。",
        (
            "Each published number stands once, on yellow. Where only a range is published, its"
            " middle is taken."
        ),
    ),
    "activity note": (
        "换算为负：流出本地，或按惯例取负。没有换算：读入时还做了别的处理。",
        (
            "A negative conversion: the amount leaves the area. No conversion: the reader did more"
            " than convert the unit."
        ),
    ),
    "nothing note": (
        "空白单元格不列出；空白 {blank:,} 个，表中没有的 {absent:,} 个。",
        "Blank cells are not listed: {blank:,} are blank, {absent:,} are not in the tables.",
    ),
    "reference note": (
        (
            "CO2 =（表观消费量 × 低位发热量 × 含碳量 − 固碳）× 氧化率 × 44/12。数量是数值，"
            "由其算出的各列是公式。"
        ),
        (
            "CO2 = (apparent consumption x net calorific value x carbon content - excluded carbon)"
            " x oxidation x 44/12. Amounts are values, what follows from them are formulas."
        ),
    ),
    "approaches note": (
        "差异 = 参考方法 / 部门方法 - 1。",
        "Difference = reference / sectoral - 1.",
    ),
    "memo note": ("不计入任何合计。", "In no total."),
    "completeness note": (
        "NO 不发生，NE 未估算，NA 不适用，IE 计入别处，C 保密。",
        (
            "NO not occurring, NE not estimated, NA not applicable, IE included elsewhere, C"
            " confidential."
        ),
    ),
    "filled note": (
        "补齐的数不进入检验、达峰与评判；该年的表到来后自行消失。区间为 95 %。",
        (
            "Tests, peaks and verdicts leave them out; they go by themselves when a table of the year"
            " arrives. Intervals are of 95 %."
        ),
    ),
    "stated note": (
        "未写地区、气体或年份的，适用于全部；下属类别从其上级。",
        "Where no area, gas or year is named all are meant; categories below have the key of the one above.",
    ),
    "notes note": (
        "未写地区、类别或年份的，适用于全部。",
        "Where no area, category or year is named all are meant.",
    ),
    "accepted note": (
        "发现所依据的数一变，或到了复核日期，接受即失效。",
        "An acceptance ends when a number behind it changes, or on its date of review.",
    ),
    "quality note": (
        "“检查发现”表列出读表与编制中的发现；本表是清单编成后的核对。",
        (
            "The sheet findings holds what was noticed in reading and compiling; these are checks"
            " of the inventory made."
        ),
    ),
    "uncertainty note": (
        (
            "方法 2（蒙特卡罗），95 % 区间。活动水平无说明时按缺省 5 %；"
            "没有公布不确定性的因子取同类的缺省范围，或按精确值计（区间偏窄）。"
        ),
        (
            "Approach 2 (Monte Carlo), 95 % interval. Activity data have the default 5 % unless"
            " stated; a factor without a published uncertainty takes the default range of its kind,"
            " or counts as exact: then the interval is too narrow."
        ),
    ),
    "consistency": ("一致性", "consistency"),
    "title consistency": (
        "公式表与数值表是否一致",
        "Do the sheets of values agree with the formulas?",
    ),
    "consistency note": (
        (
            "信息项、核对、不确定性、表 1.A(d) 与 1.D、参考方法的数量以及符号是数值，"
            "其余各表是公式。改动任何数后，本表与汇总表末列说明数值是否仍与公式一致；"
            "不一致时请重新编制。"
        ),
        (
            "Memo items, quality checks, uncertainty, tables 1.A(d) and 1.D, amounts of the"
            " reference approach and notation keys are values; the other tables are formulas. After"
            " a number is changed this sheet and the last column of the summary say whether the"
            " values still agree with the formulas; where not, make the inventory again."
        ),
    ),
    "live total": ("范围一，按公式", "scope 1, by formulas"),
    "restated total": ("范围一，数值表", "scope 1, in sheets of values"),
    "apart": ("差", "difference"),
    "verdict": ("数值表", "sheets of values"),
    "agrees": ("一致", "agree"),
    "changed": ("已改动：数值表未更新", "changed: sheets of values are old"),
    "key categories note": (
        "IPCC 2006 指南第 1 卷第 4 章，方法 1：累计达 95 % 的类别。L1 水平，T1 趋势。",
        (
            "IPCC 2006 Guidelines, Vol. 1, Ch. 4, approach 1: the categories that make up 95 %. L1"
            " level, T1 trend."
        ),
    ),
    "official note": (
        "没有数字的单元格为符号：NO 不发生，NE 未估算，NA 不适用，IE 计入别处，C 保密。",
        (
            "A cell without a number holds a key: NO not occurring, NE not estimated, NA not"
            " applicable, IE included elsewhere, C confidential."
        ),
    ),
    # headings
    "area": ("地区", "area"),
    "year": ("年份", "year"),
    "gas": ("气体", "gas"),
    "scope": ("范围", "scope"),
    "category": ("IPCC类别", "IPCC category"),
    "flow": ("活动", "flow"),
    "product": ("能源品种", "product"),
    "where": ("来源单元格", "source cell"),
    "amount": ("数量", "amount"),
    "unit": ("单位", "unit"),
    "its unit": ("数量单位", "unit"),
    "share": ("份额", "share"),
    "taken off": ("原料用途", "feedstock"),
    "activity data": ("活动水平", "activity"),
    "chain": ("因子编号", "factor no."),
    "factor": ("排放因子", "emission factor"),
    "factor unit": ("因子单位", "unit of factor"),
    "emissions": ("排放量\n（t）", "emissions\n(t)"),
    "energy": ("能源\n（TJ）", "energy\n(TJ)"),
    "rows": ("已发布因子所在行", "rows of published factors"),
    "parameter": ("参数", "parameter"),
    "item": ("名称", "item"),
    "value": ("发布值", "published value"),
    "lower": ("下限", "lower"),
    "upper": ("上限", "upper"),
    "conversion": ("换算", "conversion"),
    "used": ("采用值", "as used"),
    "used unit": ("采用单位", "unit as used"),
    "edition": ("版本", "edition"),
    "document": ("文件", "document"),
    "table": ("表", "table"),
    "page": ("页", "page"),
    "status": ("状态", "status"),
    "valid": ("适用", "valid for"),
    "note": ("说明", "note"),
    "place": ("数据文件与行", "file and line"),
    "number": ("编号", "no."),
    "units": ("各列单位", "units of the columns"),
    "printed": ("表中数字", "as printed"),
    "printed unit": ("表中单位", "printed unit"),
    "role": ("在方法中的作用", "role in the method"),
    "kind": ("种类", "kind"),
    "meaning": ("含义", "meaning"),
    "total": ("合计", "total"),
    "from flows": ("所含活动", "flows in it"),
    "direct": ("范围一\n燃料燃烧", "scope 1\nfuels burnt"),
    "sum_coal": ("其中 煤", "of it coal"),
    "sum_oil": ("其中 油品", "of it oil"),
    "sum_gas": ("其中 天然气", "of it gas"),
    "sum_other": ("其中 其他", "of it other"),
    "bought_electricity": ("范围二\n电力", "scope 2\nelectricity"),
    "bought_heat": ("范围二\n热力", "scope 2\nheat"),
    "metric": ("指标", "metric"),
    "origin": ("来源", "origin"),
    "weight": ("权重", "weight"),
    "fuel_group": ("燃料类", "fuel group"),
    "production": ("生产量", "production"),
    "imports": ("进口量与调入量", "imports"),
    "exports": ("出口量与调出量", "exports"),
    "international_bunkers": ("国际燃料舱", "international bunkers"),
    "stock_change": ("库存变化", "stock change"),
    "apparent_consumption": ("表观消费量", "apparent consumption"),
    "apparent_energy": ("表观能源消费", "apparent energy"),
    "net_calorific_value": ("低位发热量", "net calorific value"),
    "carbon_content": ("含碳量", "carbon content"),
    "total_carbon": ("总碳量", "total carbon"),
    "excluded_amount": ("非能源用量", "excluded amount"),
    "excluded_fraction": ("固碳率", "excluded fraction"),
    "excluded_carbon": ("固碳量", "excluded carbon"),
    "net_carbon": ("净碳量", "net carbon"),
    "oxidation_factor": ("氧化率", "oxidation factor"),
    "emission_factor": ("排放因子", "emission factor"),
    "energy_reference_tj": ("参考方法 能源\n（TJ）", "energy, reference\n(TJ)"),
    "energy_sectoral_tj": ("部门方法 能源\n（TJ）", "energy, sectoral\n(TJ)"),
    "co2_reference_kt": ("参考方法 CO2\n（kt）", "CO2, reference\n(kt)"),
    "co2_sectoral_kt": ("部门方法 CO2\n（kt）", "CO2, sectoral\n(kt)"),
    "energy_difference_percent": ("能源差异\n（%）", "difference of energy\n(%)"),
    "co2_difference_percent": ("CO2差异\n（%）", "difference of CO2\n(%)"),
    "key": ("符号", "notation key"),
    "complete": ("完整", "complete"),
    "included_in": ("计入", "included in"),
    "reason": ("原因", "reason"),
    "name": ("名称", "name"),
    "severity": ("级别", "severity"),
    "rule": ("规则", "rule"),
    "filled value": ("数值\n（t）", "value\n(t)"),
    "filled lower": ("下界\n（t）", "lower\n(t)"),
    "filled upper": ("上界\n（t）", "upper\n(t)"),
    "technique": ("方法与所依年份", "technique and its years"),
    "because": ("理由", "because"),
    "accepted place": ("对象", "of"),
    "by": ("接受人", "by"),
    "on": ("日期", "on"),
    "review_by": ("复核日期", "review by"),
    "message": ("内容", "message"),
    "action": ("处理", "action"),
    "code": ("编号", "code"),
    "mean": ("均值\n（t）", "mean\n(t)"),
    "sd": ("标准差\n（t）", "standard deviation\n(t)"),
    "lower bound": ("下界\n（t）", "lower bound\n(t)"),
    "upper bound": ("上界\n（t）", "upper bound\n(t)"),
    "below": ("下界偏离\n（%）", "below\n(%)"),
    "above": ("上界偏离\n（%）", "above\n(%)"),
    "level": ("区间", "interval"),
    "draws": ("抽样次数", "draws"),
    "seed": ("种子", "seed"),
    "base": ("首年排放\n（t）", "base year\n(t)"),
    "latest": ("末年排放\n（t）", "latest year\n(t)"),
    "share of level": ("占比\n（%）", "share\n(%)"),
    "cumulative": ("累计\n（%）", "cumulative\n(%)"),
    "share of trend": ("趋势占比\n（%）", "share of trend\n(%)"),
    "activity_uncertainty": ("活动水平不确定性\n（%）", "activity uncertainty\n(%)"),
    "factor_uncertainty": ("因子不确定性\n（%）", "factor uncertainty\n(%)"),
    "criteria": ("关键类别", "key"),
    "consumption_tj": ("消费量\n（TJ）", "consumption\n(TJ)"),
    "unallocated": ("未分类别", "no category"),
}
PARAMETERS = {
    "net_calorific_value": ("低位发热量", "net calorific value"),
    "carbon_content": ("单位热值含碳量", "carbon content"),
    "oxidation_factor": ("碳氧化率", "oxidation factor"),
    "carbon_to_co2": ("碳转换为二氧化碳", "carbon to CO2"),
    "emission_factor": ("排放因子", "emission factor"),
    "grid_emission_factor": ("电网排放因子", "grid emission factor"),
    "coal_equivalent_coefficient": ("折标准煤系数", "coal equivalent coefficient"),
    "stored_carbon_fraction": ("固碳率", "stored carbon fraction"),
}
ROLES = {
    "combustion": ("燃烧", "combustion"),
    "transformation": ("加工转换", "transformation"),
    "feedstock": ("原料用途", "feedstock"),
    "supply": ("供应", "supply"),
    "loss": ("损失", "loss"),
    "memo": ("备注", "memo"),
    "total": ("合计", "total"),
}
KINDS = {
    "mark": ("横线等符号", "a dash or another mark"),
    "NO": ("不发生", "not occurring"),
    "NE": ("未估算", "not estimated"),
    "NA": ("不适用", "not applicable"),
    "IE": ("计入别处", "included elsewhere"),
    "C": ("保密", "confidential"),
    "unreadable": ("无法识别", "cannot be read"),
}
LARGE_UNITS = {"zh": ("万吨", 1e4), "en": ("kt", 1e3)}


def word(key: str, lang: str, words: dict[str, tuple[str, str]] = WORDS) -> str:
    """Return a word in Chinese (``"zh"``) or English, or the key where there is none."""
    pair = words.get(key)
    return key if pair is None else pair[0 if lang == "zh" else 1]
