"""How often test scores were looked at, in words: what is said beside them."""

from nncore.analysis.reading import Reading
from nncore.system.wording import times


def looks_words(reading: Reading) -> str:
    """For how many comparisons on these test rows they were shown, this one included."""
    count, rows = reading.snapshot.test_looks, reading.config.counts()[2]
    if count < 2:
        return f"Of {times(rows, 'test row')}; the first scores on them that were shown."
    return (
        f"Of {times(rows, 'test row')}; scores on them were shown for {count:,} comparisons. "
        "The more one looks, the luckier the best."
    )
