"""How NumPy's matrix library (BLAS) must be set up before NumPy loads. Imports no NumPy.

One thread per process: two processes with two threads each on two cores take turns badly and
run up to thirty times slower than two with one thread each. And OpenBLAS doesn't know every new
processor: on some with AVX-512 it falls back to AVX2 code, half as fast, unless it is told.
"""

import os
import platform
import re
from pathlib import Path

OPT_OUT = "NNLAB_BLAS"  # set to "default", OpenBLAS chooses its code by itself
_ONE_THREAD = (
    "OPENBLAS_NUM_THREADS",
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
)
# What OpenBLAS's SkylakeX code uses; a processor without one of them would stop with SIGILL.
_SKYLAKE_X = {"avx2", "fma", "avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"}


def environment() -> dict[str, str]:
    """The variables a process that trains must be started with.

    The processor's code changes the last bits of results, so a result should name it:
    `OPENBLAS_CORETYPE` is among the variables only where it is set here.
    """
    variables = dict.fromkeys(_ONE_THREAD, "1")
    chosen = os.environ.get("OPENBLAS_CORETYPE")
    if chosen is None and os.environ.get(OPT_OUT) != "default" and _cpu_flags() >= _SKYLAKE_X:
        variables["OPENBLAS_CORETYPE"] = "SkylakeX"
    return variables


def _cpu_flags(path: Path = Path("/proc/cpuinfo")) -> set[str]:
    """The processor's features as Linux names them; none where there is no such list."""
    if platform.machine() not in ("x86_64", "AMD64"):
        return set()
    try:
        found = re.search(r"^flags\s*:(.*)$", path.read_text(), flags=re.MULTILINE)
    except OSError:
        return set()
    return set(found.group(1).split()) if found else set()
