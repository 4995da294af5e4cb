"""`python -m nncore`, and `nnlab` where it is installed: the command line."""

import sys


def run() -> int:
    """Run one command; its exit code."""
    try:
        from nncore.cli.main import main
        from nncore.cli.output import set_up_streams

        set_up_streams()
        return main()
    except KeyboardInterrupt:  # while it was still loading
        return 130


if __name__ == "__main__":
    sys.exit(run())
