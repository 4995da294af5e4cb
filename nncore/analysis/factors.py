"""M, the factor of `nncore.analysis.boundary`: a row per number of arms, a column per plan.

Written by `python -m tools.build_factors`, which says what it keeps.
"""

ARMS = (2, 32)
PLANS = (2, 75)
FACTORS = ((2.0, 2.0), (2.0, 2.0))
