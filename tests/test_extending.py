"""docs/extending.md, followed to the letter in a copy of the project."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parent.parent
GUIDE = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
ADDED = {
    "activations": "relu6",
    "initializers": "variance_scaling",
    "losses": "msle",
    "models": "bottleneck",
    "optimizers": "lion",
    "schedules": "inverse_time",
    "datasets": "checkerboard",
    "comparisons": "precision",
}


def block(kind, name):
    """The code under a marker of the guide."""
    match = re.search(rf"<!-- {kind}: {name} -->\n```\w+\n(.*?)```", GUIDE, re.DOTALL)
    assert match, f"docs/extending.md has no {kind} {name!r}"
    return match[1]


def add(module, registry, code):
    """Insert `code` before the registry and list its class or constant there."""
    text = module.read_text(encoding="utf-8")
    name = re.findall(r"^(?:class (\w+)|([A-Z][A-Z_0-9]+) =)", code, re.MULTILINE)[-1]
    at = text.index(f"{registry}: Registry[")
    listing = re.sub(r'(Registry\(\s*"\w+",)', rf"\1 {''.join(name)},", text[at:], count=1)
    assert listing != text[at:]
    module.write_text(f"{text[:at]}{code}\n\n{listing}", encoding="utf-8")


def remove(module, name):
    """Take a class out of a module and its registry, as if it had never been added."""
    text = module.read_text(encoding="utf-8")
    cut = re.sub(rf"@dataclass\(frozen=True\)\nclass {name}\(.*?(?=\n\n\n)", "", text, flags=re.S)
    cut = re.sub(rf",\s*{name}\b", "", cut)
    assert name not in cut
    module.write_text(cut, encoding="utf-8")


def insert(module, before, code):
    """Put `code` on the lines before the first one that begins with `before`."""
    text = module.read_text(encoding="utf-8")
    at = text.index(f"\n{before}") + 1
    module.write_text(text[:at] + code + text[at:], encoding="utf-8")


@pytest.fixture(scope="module")
def extended(tmp_path_factory):
    """A copy of the project with everything added that the guide adds."""
    copy = tmp_path_factory.mktemp("extended") / "project"
    wanted = ("nncore", "ui", "pages", "tests", "dashboard.py", "pyproject.toml", ".streamlit")
    for part in wanted:
        source = ROOT / part
        copied = shutil.copytree if source.is_dir() else shutil.copy
        copy.mkdir(exist_ok=True)
        copied(source, copy / part)
    nncore = copy / "nncore"
    remove(nncore / "definitions" / "optimizers.py", "Lion")
    assert "lion" not in [e["name"] for e in listed(copy, "optimizers")]

    for kind, registry in [
        ("definitions/optimizers", "OPTIMIZERS"), ("definitions/activations", "ACTIVATIONS"),
        ("definitions/initializers", "INITIALIZERS"), ("definitions/losses", "LOSSES"),
        ("network/models", "MODELS"), ("definitions/schedules", "SCHEDULES"),
        ("questions/catalogue", "QUESTIONS"), ("baselines/catalogue", "MODELS"),
    ]:  # fmt: skip
        add(nncore / f"{kind}.py", registry, block("example", kind))
    (copy / "pages" / "precision.py").write_text(block("example", "page"), encoding="utf-8")

    for place, before in [
        ("config/declared", "    epochs: int = hyper("),
        ("engines/numpy/training", "        optimizer.step("),
        ("engines/keras/builder", "        # with its variables"),
    ]:
        insert(nncore / f"{place}.py", before, block("example", place))
    parity = copy / "tests" / "engines" / "test_parity.py"
    code = parity.read_text(encoding="utf-8") + "\n\n" + block("example", "engines/test_parity")
    parity.write_text(code, encoding="utf-8")
    for name in ("observations/weight_norm", "figures/trained/weight_norm"):
        (nncore / f"{name}.py").write_text(block("example", name), encoding="utf-8")
    listing = nncore / "observations" / "catalogue.py"
    text = listing.read_text(encoding="utf-8")
    text = text.replace(
        "from nncore.observations.networks import KeptNetwork\n",
        "from nncore.observations.networks import KeptNetwork\n"
        "from nncore.observations.weight_norm import WeightNorm\n",
    ).replace("Mistakes)", "Mistakes, WeightNorm)")
    listing.write_text(text, encoding="utf-8")
    questions = nncore / "questions" / "catalogue.py"
    text = questions.read_text(encoding="utf-8")
    asked = text.replace(
        '    factor="dtype",', '    factor="dtype",\n    observe=("weight_norm",),'
    )
    assert asked != text
    questions.write_text(asked, encoding="utf-8")

    generated = nncore / "datasets" / "sets" / "generated.py"
    code = (
        generated.read_text(encoding="utf-8") + "\n\n" + block("example", "datasets/sets/generated")
    )
    generated.write_text(code, encoding="utf-8")
    catalogue = nncore / "datasets" / "catalogue.py"
    text = catalogue.read_text(encoding="utf-8").replace("CIRCLES,", "CHECKERBOARD, CIRCLES,")
    catalogue.write_text(text, encoding="utf-8")
    command = shlex.split(block("command", "fingerprint"))
    fingerprint = python(copy, *command[1:]).stdout.strip()
    assert re.fullmatch("[0-9a-f]{64}", fingerprint)
    generated.write_text(code.replace('sha256=""', f'sha256="{fingerprint}"'), encoding="utf-8")
    return copy


def python(copy, *arguments):
    """Run Python in the copy; it must succeed."""
    home = {"NNLAB_HOME": str(copy.parent / "home"), "PYTHONPATH": ""}
    done = subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, cwd=copy,
        env={**os.environ, **home}, timeout=280, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    return done


def listed(copy, kind):
    entries = json.loads(python(copy, "-m", "nncore", "list", kind, "--json", "-").stdout)[kind]
    assert entries
    return entries


def test_the_command_line_lists_what_was_added(extended):
    told = json.loads(python(extended, "-m", "nncore", "list", "--json", "-").stdout)
    for kind, name in ADDED.items():
        (entry,) = [e for e in told[kind] if e["name"] == name]
        assert entry["label"], kind


def test_what_was_added_trains_and_has_its_settings_and_error_texts(extended):
    sets = ["dataset=checkerboard", "activation=relu6", "initializer=variance_scaling", "scale=2"]
    sets += ["optimizer=lion", "beta_1=0.8", "engine=numpy"]
    sets += ["schedule=inverse_time", "time_decay=0.5"]
    code = (
        "from nncore.config.config import Config\n"
        "from nncore.datasets.preparation.prepare import prepared\n"
        "from nncore.system.errors import InvalidSetting\n"
        "from nncore.engines.loop import train\n"
        f"flat = dict(pair.split('=') for pair in {sets!r})\n"
        "config = Config.from_flat(flat)\n"
        "assert config.optimizer.beta_1 == 0.8 and config.initializer.scale == 2.0\n"
        "run, records, ending = train(config, prepared(config), lambda record: None)\n"
        "assert ending == 'done', records\n"
        "assert records[-1].training['loss'] < records[0].training['loss'], records\n"
        "rates = [round(r.learning_rate / records[0].learning_rate, 9) for r in records]\n"
        "assert rates[:3] == [1, round(1 / 1.5, 9), 0.5], rates\n"
        "try:\n"
        "    Config.from_flat({**flat, 'beta_1': 2.0})\n"
        "except InvalidSetting as error:\n"
        "    print(error)\n"
    )
    printed = python(extended, "-c", code).stdout
    assert printed == "Lion.beta_1 must be a number from 0.01 to 0.9999; got 2.0.\n"


def test_the_contracts_hold_for_what_was_added(extended):
    """The tests that are there already, picked by the names of what was added."""
    files = ["definitions", "network", "config", "questions/test_comparisons.py"]
    files += ["engines/test_parity.py", "engines/test_training_rules.py"]
    done = python(
        extended, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist",
        *(f"tests/{name}" for name in files),
        "-k", "lion or Lion or relu6 or ReLU6 or variance_scaling or VarianceScaling "
        "or bottleneck or Bottleneck or msle or MeanSquaredLog or inverse_time or InverseTime "
        "or precision or checkerboard or clipped_gradients",
    )  # fmt: skip
    passed = int(re.search(r"(\d+) passed", done.stdout)[1])
    assert passed > 60, done.stdout


def test_a_diagnostic_travels_from_the_worker_to_a_figure(extended, tmp_path):
    code = (
        "from nncore.figures.trained.weight_norm import weight_norms\n"
        "from nncore.lab.lab import Lab\n"
        "import nncore, sys\n"
        "answer = nncore.compare('precision', seeds=2, lab=Lab(sys.argv[1]), dataset='iris',\n"
        "                        engine='numpy', hidden=[4], epochs=3)\n"
        "figure = weight_norms(answer.snapshot)\n"
        "assert len(figure.data) == 4, figure.data\n"
        "for line in figure.data:\n"
        "    assert list(line.x) == [1, 2, 3] and all(y > 0 for y in line.y), line\n"
    )
    python(extended, "-c", code, str(tmp_path / "store.sqlite"))
    done = python(
        extended, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist",
        "tests/observations/test_observations.py",
    )  # fmt: skip
    assert "weight_norm" not in done.stdout  # where failures would be named
    assert "passed" in done.stdout


def test_a_simple_model_stands_beside_the_arms(extended, tmp_path):
    done = python(
        extended, "-m", "nncore", "compare", "activations", "--dataset", "iris", "--seeds", "1",
        "--engine", "numpy", "--epochs", "2", "--store", str(tmp_path / "s.sqlite"), "--json", "-",
    )  # fmt: skip
    baselines = json.loads(done.stdout)["baselines"]
    (bayes,) = [b for b in baselines if b["model"] == "bayes"]
    assert bayes["state"] == "done"
    assert bayes["score"] > 0.5
    assert baselines[0]["model"] == "commonest"  # the trivial one stays in front


def test_a_page_a_widget_and_an_address_come_by_themselves(extended):
    code = (
        "from streamlit.testing.v1 import AppTest\n"
        "app = AppTest.from_file('dashboard.py', default_timeout=60)\n"
        "assert not app.run().exception\n"
        "link = {'v': '2', 'optimizer': 'lion', 'beta_1': '0.8', 'global_clipnorm': '0.5'}\n"
        "app.query_params.update(link)\n"
        "app.switch_page('pages/precision.py').run()\n"
        "assert not app.exception and not app.error, (app.exception, app.error)\n"
        "assert app.title[0].value == 'Precision'\n"
        "assert 'Largest gradient' not in [box.label for box in app.selectbox]\n"
        "app.session_state['precision.advanced'] = True\n"
        "app.run()\n"
        "options = [o for box in app.selectbox for o in box.options]\n"
        "assert 'Lion' in options and 'ReLU6' in options and 'Checkerboard' in options, options\n"
        "assert 'Inverse time' in options, options\n"
        "chosen = [box.value for box in app.selectbox]\n"
        "assert 'lion' in chosen, chosen\n"
        "assert '0.8' in chosen, chosen\n"
        "assert app.query_params == link, app.query_params\n"
        "(clip,) = [box for box in app.selectbox if box.label == 'Largest gradient']\n"
        "assert clip.value == '0.5' and clip.options[:4] == ['Any', '0.1', '1', '10'], clip\n"
        "clip.set_value('0').run()\n"
        "assert not app.exception and 'global_clipnorm' not in app.query_params\n"
        "offered = [o for box in app.multiselect for o in box.options]\n"
        "assert 'Clipped at: Any, 1' in offered, offered\n"
    )
    python(extended, "-c", code)


def test_a_new_setting_is_in_keys_links_legends_json_and_the_command_line(extended):
    code = (
        "from nncore.config.config import Config\n"
        "from nncore.config.settings import SETTINGS\n"
        "from nncore.lab.keys import program_key, training_key\n"
        "from nncore.questions.arms import arm_title, parse_arm\n"
        "from nncore.questions.comparisons import Comparison\n"
        "from nncore.system.errors import InvalidSetting\n"
        "assert Config().global_clipnorm == 0 == Config().flat()['global_clipnorm']\n"
        "clipped = Config.from_flat({'global_clipnorm': '0.5'})\n"
        "assert clipped.flat()['global_clipnorm'] == 0.5\n"
        "assert Config.from_flat(clipped.flat()) == clipped\n"
        "assert program_key(clipped) != program_key(Config())\n"
        "assert training_key(clipped, '') != training_key(Config(), '')\n"
        "assert arm_title('global_clipnorm=0.1', 'optimizer') == 'Clipped at 0.1'\n"
        "arms = (parse_arm('adam', 'optimizer'), parse_arm('global_clipnorm=1', 'optimizer'))\n"
        "made = Comparison('optimizers', {'dataset': 'iris'}, arms)\n"
        "assert Comparison.from_json(made.to_json()) == made\n"
        "try:\n"
        "    SETTINGS['global_clipnorm'].parse('far')\n"
        "except InvalidSetting as error:\n"
        "    print(error)\n"
    )
    printed = python(extended, "-c", code).stdout
    assert printed == "global_clipnorm must be a number from 0 to 1,000; got 'far'.\n"
    printed = python(extended, "-m", "nncore", "describe", "--help").stdout
    assert "global_clipnorm      Largest gradient: a number from 0 to 1,000" in printed
    python(extended, "-m", "nncore", "describe", "--dataset=iris", "--set=global_clipnorm=1")


def test_a_new_setting_changes_trainings(extended):
    code = (
        "from nncore.config.config import Config\n"
        "from nncore.datasets.preparation.prepare import prepared\n"
        "from nncore.engines.loop import train\n"
        "def loss(clip):\n"
        "    flat = {'dataset': 'iris', 'engine': 'numpy', 'optimizer': 'sgd', 'epochs': 3}\n"
        "    config = Config.from_flat({**flat, 'global_clipnorm': clip})\n"
        "    return train(config, prepared(config), lambda record: None)[1][-1].training['loss']\n"
        "assert loss(0) == loss(1000) < loss(0.1) < loss(0.001), [loss(0), loss(0.1)]\n"
    )
    python(extended, "-c", code)
