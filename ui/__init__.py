"""Streamlit code that the pages share; besides the pages the only code that imports streamlit."""

import os

# Read by NumPy's matrix library when it loads. The cores belong to the trainings: with a thread
# per core, a small product on a page would wait for all of them.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
