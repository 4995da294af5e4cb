"""How a verdict was reached: the tests, what intervals are about, and which data had a say."""

from nncore.analysis.judging import MEDIAN
from nncore.analysis.ranking import Ranking
from nncore.analysis.reading import Reading
from nncore.analysis.words import covers, judged_by, split_words
from nncore.system.wording import times


def tested(ranking: Ranking) -> str:
    """How pairs of arms were tested."""
    if ranking.n_pairs == 1:
        return "The two arms were compared seed by seed."
    is_median = ranking.scale.centre == MEDIAN
    by = "sign tests" if is_median else "Tukey's test on how far all arms scatter"
    return f"The {ranking.n_pairs} pairs of arms were tested together, seed by seed ({by})."


def method(reading: Reading, ranking: Ranking) -> str:
    """All of it, in sentences; "" where nothing was tested."""
    if not ranking.rivals:
        return ""
    brackets = (
        f"Brackets are 95 % intervals of the {reading.judging.centre} difference over seeds, "
        f"{covers(reading)}, for all pairs and all seed counts together: from "
        f"{times(max(ranking.judgement.plan, 2), 'seed')} on, however many are added, at most 5 % "
        "of comparisons of equal arms claim a difference."
    )
    splits = (
        "Each seed validates on rows of its own. Splits share rows, so intervals are wider than "
        "scatter alone would have them (Nadeau and Bengio)."
    )
    whose = split_words(reading.config)
    only = (
        "Only validation data has a say; test data is looked at once, at the end of each training."
    )
    said = [judged_by(reading), tested(ranking), brackets, only]
    if reading.repeats_splits:
        said.insert(-1, splits)
    if whose:
        said.insert(-1, f"Held out is {whose}, the same rows for every arm and seed.")
    return " ".join(filter(None, said))
