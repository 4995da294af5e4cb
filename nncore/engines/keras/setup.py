"""TensorFlow in a worker process: one thread, quiet.

Two processes with two threads each are many times slower than two with one each.
"""

import logging
import os

# Read by TensorFlow's native code when it loads, so they must be set before any import of it:
# a process that preloads TensorFlow for its children sets them for all.
ENVIRONMENT = {
    "KERAS_BACKEND": "tensorflow",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "CUDA_VISIBLE_DEVICES": "-1",
    # 3 to 15 % less compiling, and what it compiles is no slower. An XLA without these options
    # would end the process at once: requirements.txt keeps TensorFlow at one minor version.
    "XLA_FLAGS": "--xla_backend_optimization_level=1 --xla_llvm_disable_expensive_passes=true",
}


def set_environment() -> None:
    """Set what isn't set yet of ENVIRONMENT."""
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)


def configure() -> None:
    """Prepare this process for training; call before its first TensorFlow operation.

    TensorFlow may be imported already, but not used. A second call does nothing.
    """
    set_environment()

    import tensorflow as tf

    tf.get_logger().setLevel(logging.ERROR)
    threading = tf.config.threading
    if threading.get_intra_op_parallelism_threads() != 1:
        threading.set_intra_op_parallelism_threads(1)
    if threading.get_inter_op_parallelism_threads() != 1:
        threading.set_inter_op_parallelism_threads(1)
