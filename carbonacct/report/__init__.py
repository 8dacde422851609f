"""Results for people and programs: the terminal summary, and files by their suffix."""

from carbonacct.report.doubts import list_doubts
from carbonacct.report.frames import write_frame
from carbonacct.report.grouping import group_findings
from carbonacct.report.inventories import write_inventory
from carbonacct.report.joined_inventories import join_findings, join_frames, list_lacking
from carbonacct.report.terminal import list_findings, summarise

__all__ = [
    "group_findings",
    "join_findings",
    "join_frames",
    "list_doubts",
    "list_findings",
    "list_lacking",
    "summarise",
    "write_frame",
    "write_inventory",
]
