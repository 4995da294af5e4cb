"""What a chart is drawn of: the words behind its name on the command line."""

import argparse
from dataclasses import replace
from typing import Any

from nncore.analysis import range_test
from nncore.analysis.claims import Judged, judge
from nncore.analysis.weights import Weights
from nncore.cases.catalogue import CASES
from nncore.cli import asked, network_of, own_file
from nncore.cli.case import train_case
from nncore.cli.compare import level_of, with_tests
from nncore.cli.options import merge, read_settings
from nncore.cli.predict import answered, input_of
from nncore.datasets.catalogue import DATASETS
from nncore.declare.domains import Range
from nncore.declare.params import Param
from nncore.figures.named import Figure
from nncore.figures.subject import Needs, Subject
from nncore.figures.trained.claims import Claims
from nncore.questions.comparisons import Comparison
from nncore.system.errors import InvalidSetting

_ROW = Range(0, 10_000_000, integer=True)
_WITH_INPUT = {Needs.ROW: "the number of a row, from 0", Needs.ANSWER: "a row, a picture or a text"}


def subject_of(
    figure: Figure, chosen: dict[str, str], options: argparse.Namespace
) -> tuple[Subject | None, int]:
    """(what it is drawn of, exit code); None where a training was interrupted.

    Raises UserError for the first mistake, before anything is trained.
    """
    _check_words(figure, options)
    match figure.needs:
        case Needs.DATA | Needs.ROW | Needs.ARMS:
            comparison = _untrained(figure, options)
            row = 0
            if figure.needs is Needs.ROW:
                row = int(Param("INPUT", "Row", _ROW, 0).parse(options.input))
            return Subject(comparison, arm=options.of, row=row), 0
        case Needs.ANSWER:
            return _answer(options)
        case Needs.WEIGHTS if not asked.is_comparison(options.comparison):
            return _weights(options)
        case Needs.WEIGHTS:
            return _weights_of_arm(*_trained(figure, chosen, options), options)
        case Needs.CLAIMS:
            return _claims(figure, chosen, options)
    return _trained(figure, chosen, options)


def _check_words(figure: Figure, options: argparse.Namespace) -> None:
    own = figure.needs in (Needs.DATA, Needs.ROW) and options.csv is not None
    if options.comparison is None and not own:
        raise InvalidSetting(
            f"It must be `figure {figure.name} ...` with {figure.needs.value}; or `figure --list`."
        )
    wanted = _WITH_INPUT.get(figure.needs)
    if wanted and options.input is None:
        raise InvalidSetting(f"{figure.name} needs a second word: {wanted}.")
    if options.input is not None and not wanted:
        raise InvalidSetting(f"{figure.name} takes no second word; got {options.input!r}.")


def _untrained(figure: Figure, options: argparse.Namespace) -> Comparison:
    """A comparison as it is asked; of charts of data also a data set's name or a file."""
    brought = own_file.kept_file(options) if options.comparison is None else None
    name = options.comparison if brought is None else brought.name
    if figure.needs is Needs.ARMS or name not in DATASETS:
        return asked.comparison_only(options)
    if options.dataset is not None:
        raise InvalidSetting(f"Two data sets are given: {name} and --dataset {options.dataset}.")
    return network_of.workshop(
        merge(read_settings(options.settings), dataset=name, variant=options.variant)
    )


def _wanted(options: argparse.Namespace) -> network_of.Wanted:
    return network_of.wanted(argparse.Namespace(**vars(options), network=options.comparison))


def _weights(options: argparse.Namespace) -> tuple[Subject | None, int]:
    wanted = _wanted(options)
    network, code = wanted.have(options)
    if network is None:
        return None, code
    trained = Weights(network.config, network.weights)
    return Subject(network_of.as_workshop(wanted.config), network=trained), 0


def _weights_of_arm(
    subject: Subject | None, code: int, options: argparse.Namespace
) -> tuple[Subject | None, int]:
    """Those after training, too: where the comparison kept none, the Workshop trains it again."""
    if subject is None or subject.weights().after is not None:
        return subject, code
    config = subject.read_arm().config
    again = network_of.Wanted(config, comparison=network_of.as_workshop(config))
    network, code = again.have(options)
    if network is None:
        return None, code
    return replace(subject, network=Weights(network.config, network.weights)), code


def _answer(options: argparse.Namespace) -> tuple[Subject | None, int]:
    wanted = _wanted(options)
    x, about = input_of(wanted.config, options.input)
    if wanted.config.data.task == "regression":
        raise InvalidSetting(
            f"answer_bars shows probabilities of classes; {wanted.config.data.label} has a number "
            "to predict. `predict` says it."
        )
    network, code = wanted.have(options)
    if network is None:
        return None, code
    truth = about.get("truth")
    known = None if truth is None else wanted.config.data.classes.index(truth)
    comparison = network_of.as_workshop(wanted.config)
    return Subject(comparison, said=answered(network, x), truth=known), 0


def _claims(
    figure: Figure, chosen: dict[str, str], options: argparse.Namespace
) -> tuple[Subject | None, int]:
    case = CASES[options.comparison]
    if case.fails:
        raise InvalidSetting(f"Case {case.number} can't work: {case.explanation}")
    later = Claims(case, [Judged(claim, None, None, None, 0, None) for claim in case.claims])
    figure.draw(Subject(case.comparison(1), judged=later), chosen)  # refuses before any training
    reading, code = train_case(case, options, tests=case.looks_at_tests)
    if reading is None:
        return None, code
    claims = Claims(case, judge(case, reading))
    return Subject(reading.snapshot.comparison, reading, judged=claims), code


def _trained(
    figure: Figure, chosen: dict[str, str], options: argparse.Namespace
) -> tuple[Subject | None, int]:
    level: Any = level_of(options)
    as_asked = range_test.comparison_of if figure.needs is Needs.RANGE else None
    reading, code = asked.reading_of(options, as_asked)
    if reading is None:
        return None, code
    if figure.shows_tests(chosen):
        reading = with_tests(reading, options.store)
    return Subject(reading.snapshot.comparison, reading, options.of, level=level), code
