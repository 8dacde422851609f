"""Run the command line as ``carbonacct`` or ``python -m carbonacct``."""

import gc
import sys


def run() -> int:
    """Run the command line; an interrupt while the program is loaded is one line as well."""
    try:
        from carbonacct.cli import main  # noqa: PLC0415 - loading takes a while

        return main()
    except KeyboardInterrupt:
        sys.stderr.write("carbonacct: interrupted\n")
        return 130
    finally:
        gc.freeze()  # what the end of the process frees is not looked through first, which takes long


if __name__ == "__main__":
    sys.exit(run())
