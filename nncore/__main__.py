"""`python -m nncore`: the command line."""

import sys

try:
    from nncore.cli.main import main
    from nncore.cli.output import set_up_streams

    set_up_streams()
    code = main()
except KeyboardInterrupt:  # while it was still loading
    code = 130
sys.exit(code)
