"""carbonacct: from a yearbook's tables to a city's greenhouse gas inventory, what drives it, and how sure it is.

>>> import carbonacct as ca
>>> inventory = ca.compile_inventory("docs/tables/chongqing_2007.csv", method="provincial-2011")
>>> inventory.by("product").sizes["product"] > 10
True
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from carbonacct.lazy_names import load_when_used
from carbonacct.version import __version__ as __version__

if TYPE_CHECKING:
    from carbonacct.analysis.assumptions import Assumed, Driver, read_assumptions
    from carbonacct.analysis.backcast import Setting, backcast, summarise_backcast
    from carbonacct.analysis.decomposition import Decomposition, band, decompose
    from carbonacct.analysis.decoupling import decouple, measure_effort
    from carbonacct.analysis.drivers import Basis
    from carbonacct.analysis.goal_verdicts import compare_goals, judge_goals
    from carbonacct.analysis.goals import Goal
    from carbonacct.analysis.groups import group_against_reference
    from carbonacct.analysis.iamc import read_iamc, to_assumptions, to_iamc
    from carbonacct.analysis.identity import Identity, parse_identity
    from carbonacct.analysis.leap import to_leap
    from carbonacct.analysis.leap_reader import Driven, LeapSpan, read_leap, take_leap
    from carbonacct.analysis.mann_kendall import mann_kendall
    from carbonacct.analysis.neutrality import (
        NeutralYear,
        find_neutral_year,
        tabulate_neutrality,
    )
    from carbonacct.analysis.peak import classify_areas, find_peak
    from carbonacct.analysis.scenario import project_scenarios
    from carbonacct.analysis.scenario_results import (
        Asked,
        find_envelope,
        summarise_paths,
        tabulate_paths,
        tabulate_sectors,
    )
    from carbonacct.analysis.sharing import Sharing, imply_whole_cut, share_target
    from carbonacct.analysis.target_table import judge_targets
    from carbonacct.analysis.targets import split_cut, track_cut, track_level
    from carbonacct.analysis.theil_sen import theil_sen
    from carbonacct.balances import (
        EnergyBalance,
        Reading,
        make_balance,
        propose_mapping,
        read_balance,
        read_balances,
        read_tables,
    )
    from carbonacct.balances.check.checks import check_balance
    from carbonacct.balances.write import write_balance
    from carbonacct.cities import (
        build_city_balance,
        compare_with_province,
        split_total,
        tabulate_origins,
        tabulate_spread,
    )
    from carbonacct.errors import CarbonacctError, Finding
    from carbonacct.factors import (
        FactorSource,
        Method,
        load_edition,
        load_method,
        method_ids,
        read_edition,
    )
    from carbonacct.indices.assessment_form import fill_form
    from carbonacct.indices.index_declaration import Index, index_ids, load_index
    from carbonacct.indices.indicator_values import sum_groups
    from carbonacct.indices.readings import (
        compare_ranks,
        correlate_scores,
        explain_score_changes,
        place_in_quadrants,
        summarise_score_groups,
    )
    from carbonacct.indices.scoring import IndexResult, score_index
    from carbonacct.indices.sensitivity import Sensitivity, draw_ranks, what_if
    from carbonacct.indices.template import make_template
    from carbonacct.inventory.inventory_reader import read_inventory
    from carbonacct.inventory.joining import join_inventories
    from carbonacct.inventory.metrics import find_gwp, metric_ids
    from carbonacct.inventory.official.filling import OfficialTable
    from carbonacct.inventory.official.layouts import official_ids
    from carbonacct.inventory.record import Inventory, MadeFrom
    from carbonacct.inventory.stated_keys import StatedKey
    from carbonacct.projects.comparison_by_cause import compare_inventories
    from carbonacct.projects.database import export_inventory, read_database
    from carbonacct.projects.differences import Difference
    from carbonacct.projects.filled_series import Spliced
    from carbonacct.projects.project_panel import make_panel
    from carbonacct.projects.rules import explain_rule
    from carbonacct.projects.splicing import (
        extrapolate,
        interpolate,
        splice_overlap,
        splice_surrogate,
    )
    from carbonacct.published import load_published, published_tables
    from carbonacct.report.crt_json import read_crt_json
    from carbonacct.report.inventories import write_inventory
    from carbonacct.sectors.all_sectors import compile_sectors
    from carbonacct.sectors.coverage import find_coverage
    from carbonacct.sectors.energy import (
        EnergyInventory,
        ReferenceApproach,
        Trace,
        compile_inventory,
        to_coal_equivalent,
        trace,
    )
    from carbonacct.sectors.energy.approach_comparison import ApproachComparison, compare_approaches
    from carbonacct.sectors.energy.at_users import count_at_users
    from carbonacct.sectors.energy.audit import identify_factors
    from carbonacct.sectors.energy.completeness import find_completeness
    from carbonacct.sectors.energy.end_use import allocate_to_users
    from carbonacct.sectors.energy.energy_entries import to_inventory
    from carbonacct.sectors.energy.energy_official import fill_tables
    from carbonacct.sectors.energy.energy_panel import (
        compile_panel,
        find_panel_findings,
        total_panel,
    )
    from carbonacct.sectors.energy.memo import find_memo_items
    from carbonacct.sectors.energy.method_comparison import compare_methods
    from carbonacct.sectors.energy.notation import Noted, add_noted
    from carbonacct.sectors.energy.quality import check_quality
    from carbonacct.sectors.energy.recalculation_causes import explain_recalculation
    from carbonacct.sectors.energy.reconciliation import reconcile
    from carbonacct.sectors.energy.reference_approach import compile_reference
    from carbonacct.sectors.energy.transfers import account_transfers
    from carbonacct.sectors.sector_official import fill_official
    from carbonacct.sectors.sources.source_panel import compile_source_panel
    from carbonacct.sheets.cell_corrections import Correction
    from carbonacct.uncertainty import (
        DrawInput,
        DrawModel,
        ErrorPropagation,
        Intervals,
        Uncertainty,
        approximate,
        build_model,
        find_key_categories,
        fit_bounds,
        fit_cv,
        fit_percent,
        model_inventory,
        propagate,
        propagate_errors,
        rank_contributions,
        simulate,
        tabulate_categories,
    )

# Whoever wants to see what is read and made sets a handler (logging.basicConfig); unasked, nothing
# is said beside results and findings.
logging.getLogger(__name__).addHandler(logging.NullHandler())

# The names of each room, loaded when the first of them is used.
_ROOMS = {
    "analysis.assumptions": "Assumed Driver read_assumptions",
    "analysis.backcast": "Setting backcast summarise_backcast",
    "analysis.drivers": "Basis",
    "analysis.iamc": "read_iamc to_assumptions to_iamc",
    "analysis.decomposition": "Decomposition band decompose",
    "analysis.decoupling": "decouple measure_effort",
    "analysis.groups": "group_against_reference",
    "analysis.identity": "Identity parse_identity",
    "analysis.leap": "to_leap",
    "analysis.leap_reader": "Driven LeapSpan read_leap take_leap",
    "analysis.mann_kendall": "mann_kendall",
    "analysis.neutrality": ("NeutralYear find_neutral_year tabulate_neutrality"),
    "analysis.peak": "classify_areas find_peak",
    "analysis.scenario": "project_scenarios",
    "analysis.scenario_results": (
        "Asked find_envelope summarise_paths tabulate_paths tabulate_sectors"
    ),
    "analysis.target_table": "judge_targets",
    "analysis.targets": "split_cut track_cut track_level",
    "analysis.theil_sen": "theil_sen",
    "cities": (
        "build_city_balance compare_with_province split_total tabulate_origins tabulate_spread"
    ),
    "errors": "CarbonacctError Finding",
    "factors": "FactorSource Method load_edition load_method method_ids read_edition",
    "indices.index_declaration": "Index index_ids load_index",
    "indices.assessment_form": "fill_form",
    "indices.readings": (
        "compare_ranks correlate_scores explain_score_changes place_in_quadrants"
        " summarise_score_groups"
    ),
    "indices.scoring": "IndexResult score_index",
    "indices.sensitivity": "Sensitivity draw_ranks what_if",
    "indices.indicator_values": "sum_groups",
    "indices.template": "make_template",
    "sheets.cell_corrections": "Correction",
    "sectors.energy": (
        "EnergyInventory ReferenceApproach Trace compile_inventory to_coal_equivalent trace"
    ),
    "sectors.energy.approach_comparison": "ApproachComparison compare_approaches",
    "sectors.energy.at_users": "count_at_users",
    "sectors.energy.audit": "identify_factors",
    "sectors.energy.completeness": "find_completeness",
    "sectors.energy.end_use": "allocate_to_users",
    "sectors.energy.energy_entries": "to_inventory",
    "sectors.energy.memo": "find_memo_items",
    "inventory.joining": "join_inventories",
    "inventory.metrics": "find_gwp metric_ids",
    "inventory.official.filling": "OfficialTable",
    "inventory.official.layouts": "official_ids",
    "inventory.inventory_reader": "read_inventory",
    "inventory.record": "Inventory MadeFrom",
    "sectors.energy.notation": "Noted add_noted",
    "inventory.stated_keys": "StatedKey",
    "sectors.energy.energy_official": "fill_tables",
    "sectors.energy.energy_panel": "compile_panel find_panel_findings total_panel",
    "sectors.energy.quality": "check_quality",
    "sectors.energy.method_comparison": "compare_methods",
    "sectors.energy.recalculation_causes": "explain_recalculation",
    "sectors.energy.reconciliation": "reconcile",
    "sectors.energy.reference_approach": "compile_reference",
    "sectors.energy.transfers": "account_transfers",
    "projects.comparison_by_cause": "compare_inventories",
    "projects.differences": "Difference",
    "projects.project_panel": "make_panel",
    "projects.rules": "explain_rule",
    "projects.filled_series": "Spliced",
    "projects.splicing": "extrapolate interpolate splice_overlap splice_surrogate",
    "projects.database": "export_inventory read_database",
    "analysis.goal_verdicts": "compare_goals judge_goals",
    "analysis.goals": "Goal",
    "analysis.sharing": "Sharing imply_whole_cut share_target",
    "sectors.sector_official": "fill_official",
    "sectors.sources.source_panel": "compile_source_panel",
    "sectors.all_sectors": "compile_sectors",
    "sectors.coverage": "find_coverage",
    "report.crt_json": "read_crt_json",
    "report.inventories": "write_inventory",
    "published": "load_published published_tables",
    "balances": (
        "EnergyBalance Reading make_balance propose_mapping read_balance read_balances read_tables"
    ),
    "balances.check.checks": "check_balance",
    "balances.write": "write_balance",
    "uncertainty": (
        "DrawInput DrawModel ErrorPropagation Intervals Uncertainty approximate build_model"
        " find_key_categories fit_bounds fit_cv fit_percent model_inventory propagate"
        " propagate_errors rank_contributions simulate tabulate_categories"
    ),
}
_HOMES = {name: room for room, names in _ROOMS.items() for name in names.split()}
__all__ = [
    "ApproachComparison",
    "Asked",
    "Assumed",
    "Basis",
    "CarbonacctError",
    "Correction",
    "Decomposition",
    "Difference",
    "DrawInput",
    "DrawModel",
    "Driven",
    "Driver",
    "EnergyBalance",
    "EnergyInventory",
    "ErrorPropagation",
    "FactorSource",
    "Finding",
    "Goal",
    "Identity",
    "Index",
    "IndexResult",
    "Intervals",
    "Inventory",
    "LeapSpan",
    "MadeFrom",
    "Method",
    "NeutralYear",
    "Noted",
    "OfficialTable",
    "Reading",
    "ReferenceApproach",
    "Sensitivity",
    "Setting",
    "Sharing",
    "Spliced",
    "StatedKey",
    "Trace",
    "Uncertainty",
    "account_transfers",
    "add_noted",
    "allocate_to_users",
    "approximate",
    "backcast",
    "band",
    "build_city_balance",
    "build_model",
    "check_balance",
    "check_quality",
    "classify_areas",
    "compare_approaches",
    "compare_goals",
    "compare_inventories",
    "compare_methods",
    "compare_ranks",
    "compare_with_province",
    "compile_inventory",
    "compile_panel",
    "compile_reference",
    "compile_sectors",
    "compile_source_panel",
    "correlate_scores",
    "count_at_users",
    "decompose",
    "decouple",
    "draw_ranks",
    "explain_recalculation",
    "explain_rule",
    "explain_score_changes",
    "export_inventory",
    "extrapolate",
    "fill_form",
    "fill_official",
    "fill_tables",
    "find_completeness",
    "find_coverage",
    "find_envelope",
    "find_gwp",
    "find_key_categories",
    "find_memo_items",
    "find_neutral_year",
    "find_panel_findings",
    "find_peak",
    "fit_bounds",
    "fit_cv",
    "fit_percent",
    "group_against_reference",
    "identify_factors",
    "imply_whole_cut",
    "index_ids",
    "interpolate",
    "join_inventories",
    "judge_goals",
    "judge_targets",
    "load_edition",
    "load_index",
    "load_method",
    "load_published",
    "make_balance",
    "make_panel",
    "make_template",
    "mann_kendall",
    "measure_effort",
    "method_ids",
    "metric_ids",
    "model_inventory",
    "official_ids",
    "parse_identity",
    "place_in_quadrants",
    "project_scenarios",
    "propagate",
    "propagate_errors",
    "propose_mapping",
    "published_tables",
    "rank_contributions",
    "read_assumptions",
    "read_balance",
    "read_balances",
    "read_crt_json",
    "read_database",
    "read_edition",
    "read_iamc",
    "read_inventory",
    "read_leap",
    "read_tables",
    "reconcile",
    "score_index",
    "share_target",
    "simulate",
    "splice_overlap",
    "splice_surrogate",
    "split_cut",
    "split_total",
    "sum_groups",
    "summarise_backcast",
    "summarise_paths",
    "summarise_score_groups",
    "tabulate_categories",
    "tabulate_neutrality",
    "tabulate_origins",
    "tabulate_paths",
    "tabulate_sectors",
    "tabulate_spread",
    "take_leap",
    "theil_sen",
    "to_assumptions",
    "to_coal_equivalent",
    "to_iamc",
    "to_inventory",
    "to_leap",
    "total_panel",
    "trace",
    "track_cut",
    "track_level",
    "what_if",
    "write_balance",
    "write_inventory",
]
__getattr__ = load_when_used(__name__, _HOMES)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
