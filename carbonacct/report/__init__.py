"""Results for people and programs: the terminal summary, and files by their suffix."""

from carbonacct.report.frames import write_frame
from carbonacct.report.terminal import list_findings, summarise

__all__ = ["list_findings", "summarise", "write_frame"]
