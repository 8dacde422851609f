"""What the processes beside the server can be asked for, by name; each comes back with plain records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from carbonacct.web import (
    activity_tasks,
    factor_tasks,
    finding_tasks,
    handing_tasks,
    project_tasks,
    setting_tasks,
    sheet_tasks,
    stated_tasks,
    table_tasks,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# Each is given where to say what it is doing, and what it is to do.
TASKS: Mapping[str, Callable[..., Any]] = {
    "accept": finding_tasks.accept,
    "activity_form": activity_tasks.read_form,
    "activity_template": activity_tasks.make_template,
    "add_stated": stated_tasks.add_stated,
    "add_target": setting_tasks.add_target,
    "build": project_tasks.build_project,
    "choose": table_tasks.choose_words,
    "choose_outputs": handing_tasks.choose_outputs,
    "compare": handing_tasks.compare_submission,
    "correct": table_tasks.correct,
    "declare": setting_tasks.declare_table,
    "declare_activity": activity_tasks.declare_file,
    "factor": factor_tasks.read_factor,
    "factors": factor_tasks.list_factors,
    "find_file": handing_tasks.find_file,
    "findings": finding_tasks.list_findings,
    "freeze": handing_tasks.freeze_project,
    "handing": handing_tasks.show_handing,
    "keep_factor": factor_tasks.keep_value,
    "leave_out_activity": activity_tasks.leave_out_file,
    "overview": project_tasks.look_over,
    "remove_stated": stated_tasks.remove_stated,
    "remove_target": setting_tasks.remove_target,
    "save_activity": activity_tasks.save_form,
    "save_drivers": setting_tasks.save_drivers,
    "save_settings": setting_tasks.save_settings,
    "settings": setting_tasks.read_settings,
    "sheets": sheet_tasks.say_sheets,
    "start": project_tasks.start,
    "take_out": table_tasks.take_out,
    "summary": table_tasks.summarise_table,
    "try_factor": factor_tasks.try_value,
    "view": table_tasks.view_table,
    "withdraw": finding_tasks.withdraw,
}
