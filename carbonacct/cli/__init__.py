"""The command line. What programs rely on is in docs/command-line.md.

One module per family of commands; each has ``add_commands``, which `parser` calls.
"""

from carbonacct.cli.main import main

__all__ = ["main"]
