"""What the start values of every question come to on every bundled data set.

    python -m benchmarks.defaults [--questions A,B] [--datasets A,B] [--engines numpy,keras]
        [--seeds 1] [--processes 1] [--write] [--json PATH]

Trains what a visitor gets who chooses a data set and presses Run: every arm, by the very function
that the workers call. A cell fails where an arm diverges, where one is no better than the trivial
model, and where one still climbs at its end unless the page says so; arms that a question exempts,
with its reasons, are counted apart. `--write` puts the table into benchmarks/defaults.md.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from nncore.analysis.climbing import climbing
from nncore.analysis.cost import cost
from nncore.analysis.ranking import Ranking
from nncore.analysis.reading import Reading, read
from nncore.datasets.catalogue import DATASETS
from nncore.questions.asking import ask
from nncore.questions.catalogue import QUESTIONS, Question
from nncore.questions.comparisons import Comparison
from nncore.results.records import Record
from nncore.results.results import Result
from nncore.results.snapshots import Snapshot, Status, Trial
from nncore.system.blas import environment
from nncore.system.errors import InvalidSetting
from nncore.system.wording import listing

REPORT = Path(__file__).with_suffix(".md")
BUNDLED = tuple(
    name for name, data in DATASETS.items() if any(v.bundled for v in data.variants.values())
)
ENGINES = ("numpy", "keras")
END = "<!-- end of the table -->"

Flat = Mapping[str, Any]
Outcome = tuple[str, tuple[Record, ...], Result | None, str]  # status, records, result, error


@dataclass(frozen=True)
class Cell:
    """One question on one data set with one engine, trained from its start values."""

    question: str
    dataset: str
    engine: str
    impossible: str = ""  # why there is nothing to train
    diverged: tuple[str, ...] = ()  # titles of arms
    at_baseline: tuple[str, ...] = ()
    climbing: tuple[str, ...] = ()
    exempt: tuple[str, ...] = ()  # arms that failed as their question says they may
    failed: tuple[str, ...] = ()  # sentences
    updates: tuple[int, int] = (0, 0)  # the fewest and the most that an arm made
    seconds: float = 0.0  # of all trainings, one after the other
    scores: Mapping[str, float] = field(default_factory=dict)  # title -> validation score

    @property
    def is_sound(self) -> bool:
        """Nothing is wrong; arms that still climb are told of by the page."""
        return not (self.impossible or self.diverged or self.at_baseline or self.failed)


def run(
    questions: Sequence[str] = tuple(QUESTIONS),
    datasets: Sequence[str] = BUNDLED,
    engines: Sequence[str] = ENGINES,
    seeds: int = 1,
    processes: int = 1,
    tell: Callable[[Cell], None] = lambda _: None,
) -> list[Cell]:
    """Train and judge every cell; `tell` hears of each as soon as it is known."""
    cells = []
    with _pool(processes) as pool:
        trained: dict[str, Any] = {}  # equal trainings of several questions are trained once
        asked = list(_asked(questions, datasets, engines, seeds))
        for _, comparison in asked:
            if isinstance(comparison, Comparison):
                for _, config in comparison.trainings():
                    flat = config.flat()
                    trained.setdefault(_key(flat), flat)
        futures = {key: pool.submit(train, flat) for key, flat in trained.items()}
        for cell, comparison in asked:
            if isinstance(comparison, Comparison):
                outcomes = [futures[_key(c.flat())].result() for _, c in comparison.trainings()]
                cell = judge(cell, comparison, outcomes)
            tell(cell)
            cells.append(cell)
    return cells


def _pool(processes: int) -> ProcessPoolExecutor:
    os.environ.update(environment())  # OpenBLAS reads it when a worker loads NumPy
    return ProcessPoolExecutor(processes, mp_context=get_context("spawn"))


def _key(flat: Flat) -> str:
    return json.dumps(flat, sort_keys=True)


def _asked(
    questions: Sequence[str], datasets: Sequence[str], engines: Sequence[str], seeds: int
) -> Iterator[tuple[Cell, Comparison | None]]:
    for dataset in datasets:
        for name in questions:
            for engine in engines:
                cell = Cell(name, dataset, engine)
                try:
                    yield cell, start(QUESTIONS[name], dataset, engine, seeds)
                except InvalidSetting as error:
                    yield Cell(name, dataset, engine, impossible=str(error)), None


def start(question: Question, dataset: str, engine: str, seeds: int) -> Comparison:
    """What Run trains when nothing but the data set and the engine is chosen."""
    if question.factor == "engine":
        arms = [level for level in question.levels if level.startswith(engine)]
        return ask(question, arms, settings={"dataset": dataset}, seeds=seeds)
    return ask(question, settings={"dataset": dataset, "engine": engine}, seeds=seeds)


def train(flat: Flat) -> Outcome:
    """One training as a worker does it."""
    from nncore.lab.workers.worker import run_training

    records: list[Record] = []
    end = run_training(flat, records.append, lambda: False)
    return end.outcome.value, tuple(records), end.result, end.error or ""


def judge(cell: Cell, comparison: Comparison, outcomes: Iterable[Outcome]) -> Cell:
    """The cell with what came of its trainings."""
    trials = tuple(
        Trial(
            arm.label, config.seed, "", Status(status), epochs_done=len(records),
            records=records, result=result, error=error or None,
        )
        for (arm, config), (status, records, result, error) in zip(
            comparison.trainings(), outcomes, strict=True
        )
    )  # fmt: skip
    reading = read(Snapshot("", comparison, trials, 0.0))
    exempt = QUESTIONS[cell.question].exempted(cell.dataset)
    ranking, guess = Ranking(reading), reading.baseline(reading.metric)
    dull = ranking.no_better_than(guess.level) if guess else []
    diverged = [arm for arm in reading.arms if arm.diverged]
    at_baseline = [ranked.arm for ranked in dull if not ranked.arm.diverged]
    climbs = climbing(reading)
    return Cell(
        *(cell.question, cell.dataset, cell.engine),
        diverged=tuple(arm.title for arm in diverged if arm.label not in exempt),
        at_baseline=tuple(arm.title for arm in at_baseline if arm.label not in exempt),
        climbing=tuple(arm.title for arm in climbs.arms) if climbs else (),
        exempt=tuple(a.title for a in (*diverged, *at_baseline) if a.label in exempt),
        failed=tuple(dict.fromkeys(t.error for t in reading.trials if t.error)),
        updates=_updates(reading),
        seconds=sum(t.seconds or 0.0 for t in reading.trials),
        scores={ranked.title: ranked.mean.mean for ranked in ranking.arms},
    )


def _updates(reading: Reading) -> tuple[int, int]:
    made = []
    for arm in reading.arms:
        per_epoch = cost(arm.config).steps / arm.config.epochs
        made += [round(per_epoch * (trial.last_epoch or 0)) for trial in arm.trials]
    return min(made, default=0), max(made, default=0)


HEAD = (
    *("data set", "question", "engine", "updates", "s"),
    *("diverged", "at baseline", "still climb", "fails as it may"),
)


def row(cell: Cell) -> tuple[str, ...]:
    """A line of the table, as text."""
    start = (cell.dataset, cell.question, cell.engine)
    if cell.impossible:
        return (*start, "", "", "", "", f"not trained: {cell.impossible}", "")
    fewest, most = cell.updates
    made = f"{fewest:,}" if fewest == most else f"{fewest:,} to {most:,}"
    climbing = (*cell.failed, *cell.climbing)
    lists = map(listing, (cell.diverged, cell.at_baseline, climbing, cell.exempt))
    return (*start, made, f"{cell.seconds:.1f}", *lists)


def summary(cells: Sequence[Cell]) -> str:
    """How many cells fail each criterion."""
    trained = [cell for cell in cells if not cell.impossible]
    counts = {
        "an arm diverges": sum(bool(c.diverged) for c in trained),
        "an arm stays at the trivial baseline": sum(bool(c.at_baseline) for c in trained),
        "an arm still climbs, and the page says so": sum(bool(c.climbing) for c in trained),
        "a training failed": sum(bool(c.failed) for c in trained),
        "nothing can be trained": len(cells) - len(trained),
    }
    return f"{len(cells)} cells. " + "; ".join(f"{what}: {n}" for what, n in counts.items()) + "."


def report(cells: Sequence[Cell], seeds: int) -> str:
    """All of it as Markdown."""
    exempt = [
        f"| {question.name} | {each.arm} | {', '.join(each.datasets) or 'all'} | {each.why} |"
        for question in QUESTIONS.values()
        for each in question.exempt
    ]
    lines = [
        "# What the start values come to",
        "",
        "Written by `python -m benchmarks.defaults --write`. Every question on every bundled data",
        f"set, as a visitor finds it, with {seeds} seed(s); seconds are of all trainings in turn.",
        "",
        *(f"- {e}: {summary([c for c in cells if c.engine == e])}" for e in ENGINES),
        *_missing(cells),
        "",
        f"| {' | '.join(HEAD)} |",
        f"|{' --- |' * len(HEAD)}",
        *(f"| {' | '.join(row(cell))} |" for cell in cells),
        "",
        "Exempt, as the questions declare it:",
        "",
        "| question | arm | data sets | why |",
        "| --- | --- | --- | --- |",
        *exempt,
        "",
    ]
    return "\n".join(lines)


def _missing(cells: Sequence[Cell]) -> list[str]:
    """Which cells of the whole table weren't asked for."""
    there = {(cell.engine, cell.dataset) for cell in cells}
    return [
        f"- Not in this table with {engine}: {listing(lacking)}."
        for engine in ENGINES
        if (lacking := [name for name in BUNDLED if (engine, name) not in there])
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, values in (("questions", QUESTIONS), ("datasets", BUNDLED), ("engines", ENGINES)):
        parser.add_argument(f"--{name}", type=lambda text: text.split(","), default=list(values))
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--write", action="store_true", help=f"write {REPORT.name}")
    parser.add_argument("--json", type=Path, help="write the cells to this file, too")
    options = parser.parse_args()
    begun = time.perf_counter()

    def tell(cell: Cell) -> None:
        print("  ".join(row(cell)), flush=True)

    cells = run(
        options.questions, options.datasets, options.engines,
        options.seeds, options.processes, tell,
    )  # fmt: skip
    print(summary(cells), f"{time.perf_counter() - begun:.0f} s in all.")
    if options.json:
        options.json.write_text(json.dumps([vars(cell) for cell in cells]))
    if options.write:
        REPORT.write_text(report(cells, options.seeds))
    return 0 if all(cell.is_sound for cell in cells) else 1


if __name__ == "__main__":
    sys.exit(main())
