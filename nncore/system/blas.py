"""How a process that trains must be started, so that NumPy is quick. Imports no NumPy.

NumPy's matrix library (OpenBLAS) reads these variables when it is loaded, and the C library
when the process starts: they can't be set later.

One thread per process: two processes with two threads each on two cores take turns badly and
run up to thirty times slower than two with one thread each.
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
# Large arrays that come and go in every step then stay with the process; otherwise each
# costs a round trip to the kernel and a page fault per 4 kB. For glibc; others ignore it.
_KEEP_MEMORY = {
    "MALLOC_MMAP_THRESHOLD_": str(32 << 20),
    "MALLOC_TRIM_THRESHOLD_": str(128 << 20),
}
# What OpenBLAS's SkylakeX code uses; a processor without one of them would stop with SIGILL.
_SKYLAKE_X = {"avx2", "fma", "avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"}
_HALF_WIDTH = ("AuthenticAMD", "25")  # Zen 4 runs AVX-512 in two halves


def environment() -> dict[str, str]:
    """The variables a process that trains must be started with.

    OPENBLAS_CORETYPE is among them where OpenBLAS's own choice is known to be slower. It
    changes the last bits of results, so a result's environment should name it.
    """
    variables = dict.fromkeys(_ONE_THREAD, "1") | _KEEP_MEMORY
    if os.environ.get(OPT_OUT) != "default" and "OPENBLAS_CORETYPE" not in os.environ:
        kernel = best_kernel()
        if kernel:
            variables["OPENBLAS_CORETYPE"] = kernel
    return variables


def best_kernel(cpuinfo: Path = Path("/proc/cpuinfo")) -> str | None:
    """OpenBLAS's name for the fastest matrix code on this processor; None: its own choice.

    Measured on batches of 32 to 1,600 rows in float32. A Zen 5 that this OpenBLAS doesn't
    know falls back to AVX2 code, and SkylakeX is nearly twice as fast; a Zen 4 gets the
    AVX-512 code, and AVX2 is 5 to 15 % faster.
    """
    if platform.machine() not in ("x86_64", "AMD64"):
        return None
    try:
        text = cpuinfo.read_text()
    except OSError:  # not Linux
        return None
    vendor, family, flags = (_first(text, key) for key in ("vendor_id", "cpu family", "flags"))
    if not set(flags.split()) >= _SKYLAKE_X:
        return None
    return "Haswell" if (vendor, family) == _HALF_WIDTH else "SkylakeX"


def _first(text: str, key: str) -> str:
    match = re.search(rf"^{key}\s*:(.*)$", text, flags=re.MULTILINE)
    return match.group(1).strip() if match else ""
