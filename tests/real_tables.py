"""Where public tables lie that aren't in this repository; tests of them are skipped elsewhere."""

import os
from pathlib import Path

# read when modules are collected: tests themselves have no data folder but their own
TABLES = Path(
    os.environ.get("NNLAB_TEST_TABLES") or Path(os.environ.get("NNLAB_DATA") or ".") / "tables"
)
