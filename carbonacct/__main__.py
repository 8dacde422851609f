"""Run the command line as ``python -m carbonacct``."""

import sys

from carbonacct.cli import main

sys.exit(main())
