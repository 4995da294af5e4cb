"""`python -m nncore`: the command line."""

import sys

from nncore.cli.main import main

sys.exit(main())
