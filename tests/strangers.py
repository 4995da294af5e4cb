"""Text from strangers: what acts where text isn't taken as text, and results that carry it."""

import html
import re
from dataclasses import replace

from nncore.datasets.definition import Dataset
from nncore.datasets.own import upload as own
from nncore.datasets.own.csv_table import CLASSIFICATION, REGRESSION, Table
from nncore.datasets.own.store import share
from nncore.questions.arms import Arm, parse_arm
from nncore.questions.catalogue import QUESTIONS
from nncore.questions.comparisons import Comparison
from nncore.results.snapshots import Snapshot, Trial
from nncore.system.errors import InvalidSetting
from nncore.system.owners import OPERATOR
from tests import snapshots
from tests.typed import scored

HOST = "evil.test"
LABELS = (  # of arms
    f"![t](//{HOST}/arm.png)",
    f"[Log in](//{HOST}/x)",
    f"<img src=//{HOST}/a>",
    f"<a href=//{HOST}/>go</a>",
    f"https://{HOST}",
    f'=HYPERLINK("//{HOST}")',
    "$x^2$ %{x} **b** :material/home: `c` &lt;",
)
TYPED = LABELS[:4]  # those that one can type: a colon and an equals sign mean something there
TEXTS = (
    *LABELS,
    # links of all kinds
    *(f"see http://{HOST}/a?b=c&d ok", f"WWW.{HOST}", f"mail@{HOST}", f"mailto:mail@{HOST}"),
    *(f"xmpp:a@{HOST}", f"<https://{HOST}>", "[x][y]", f"[y]: //{HOST}", "[^1]", f"ftp://{HOST}"),
    *("javascript:alert(1)", "[a](javascript:alert(1))", f"e.g. https://{HOST}/), www.{HOST}."),
    # HTML, entities
    *("<b>bold</b>", "<br>", "<sub>x</sub>", "<script>alert(1)</script>", "<!-- x -->"),
    *("<svg/onload=alert(1)>", "&lt;b&gt;", "&amp;", "&#36;", "5 > 3 < 7", "a & b"),
    # Markdown
    *(
        "**bold**",
        "__b__",
        "*i*",
        "_i_",
        "a*b*c",
        "a_b_c",
        "`code`",
        "``a`b``",
        "~~gone~~",
        "H~2~O",
    ),
    *("# Title", "> quote", "- item", "+ item", "* item", "1. one", "2) two", "- [x] task"),
    *("---", "***", "===", "###", "```py", "~~~", "| a | b |", "\\", "\\*a\\*", "a\\", "\\[x\\]"),
    # what Streamlit adds to it
    *(":red[alarm]", ":material/home:", ":material_home:", ":smile:", ":+1:", ":streamlit:"),
    *(":color[x]{foreground=red}", ":blue-badge[ok]", ":help[x]", ":::note", "::x[y]"),
    *("a -- b", "a -> b <- c <-> d", "a >= b <= c ~= d"),
    # formulas, of LaTeX and of spreadsheets; templates of plotly
    *("$x^2$", "$$y$$", "=1+1", "+1", "-2+3", "@SUM(A1)", "%{x}", "%{customdata[0]}"),
    *("<extra>x</extra>", "50 %", "{x}"),
    # what means nothing anywhere
    *("slow:learning_rate=0.1", "!", '"quoted"', "it's", "Ünïcode – ok", "12:30", "x:", "-0.5"),
    *("1.5 units", "50.0 %", "tab\tand  two", "line\nbreak"),
)


def as_read(markdown: str) -> str:
    """What people read where Streamlit draws this Markdown, but for emphasis and the like."""
    text = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", markdown)
    return text.replace("\N{WORD JOINER}", "")


OURS = r'<span style="[\w:#;.-]*">|</span>'  # markup of charts around texts


def drawn(markup: str) -> str:
    """What people read where plotly draws this markup, on one line."""
    return html.unescape(re.sub(OURS, "", markup.replace("<br>", " ")))


def stranger_table(task: str) -> Table:
    """A CSV file whose name, columns, classes and categories are of strangers."""
    columns = [*LABELS[:3], "place", "price" if task == REGRESSION else LABELS[3]]
    classes = (*LABELS, *TEXTS[len(LABELS) : len(LABELS) + 2])
    rows = []
    for i in range(30 * len(classes)):
        label = classes[i % len(classes)]
        answer = str(i % 17) if task == REGRESSION else label
        rows.append([str(i % 7), str(i % 5 - 2), str((i * i) % 11), label, answer])
    quoted = [
        ",".join('"{}"'.format(text.replace('"', '""')) for text in row) for row in (columns, *rows)
    ]
    return own.inspect("\n".join(quoted).encode(), f"{LABELS[0].replace('/', '')}.csv", header=True)


def stranger_data(task: str = CLASSIFICATION) -> str:
    """The name of an own data set of strangers, kept in the home folder and shared with all."""
    table = stranger_table(task)
    *features, target = (column.name for column in table.columns)
    label = LABELS[0] if task == CLASSIFICATION else LABELS[1]
    name = own.add(table, target=target, features=features, task=task, label=label).name
    share(name, True, OPERATOR)
    return name


def snapshot_of(question: str = "optimizers", dataset: str = "digits") -> Snapshot:
    """A made-up snapshot whose arms have the strangers' labels, one of them without a score."""
    made, asked = snapshots.diverged(), QUESTIONS[question]
    base = {"dataset": dataset}
    offered = [parse_arm(text, asked.factor) for text in asked.options]
    settings = [arm.overrides for arm in offered if _fits(question, base, arm)]
    arms = tuple(
        Arm(label, {"optimizer": "sgd", "epochs": 5} | settings[k % len(settings)])
        for k, label in enumerate(LABELS)
    )
    comparison = Comparison(question, base, arms, made.comparison.seeds)
    about = comparison.config(arms[0]).data
    olds = [arm.label for arm in made.arms]
    trials = tuple(
        replace(_told(trial, about), arm=arm.label)
        for k, arm in enumerate(arms)
        for trial in made.of_arm(olds[(k + 1) % len(olds)])
    )
    return replace(made, comparison=comparison, trials=trials)


def _fits(question: str, base: dict[str, str], arm: Arm) -> bool:
    try:
        return Comparison(question, base, (arm,)) is not None
    except InvalidSetting:
        return False


def _told(trial: Trial, about: Dataset) -> Trial:
    """The training with its results told of this data set's classes and columns."""
    classes, result = about.classes, trial.result.to_json() if trial.result else {}
    if about.kind == "table" and trial.result is not None:
        drops = {name: 0.9 * (place == 0) for place, name in enumerate(about.places)}
        result["importance"] = {"drops": drops, "rows": 50, "repeats": 5}
    result["baseline"] = {
        **(result.get("baseline") or {}),
        "says": f"always predicts {classes[0]!r}",
    }
    if result.get("predictions"):
        old = result["predictions"]["report"][0]
        result["predictions"] = {
            "confusion": [[3 + (i == j) for i in range(len(classes))] for j in range(len(classes))],
            "report": [{**old, "label": name} for name in classes],
        }
    return replace(trial, result=scored(result))
