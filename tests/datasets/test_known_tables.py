"""Upload, Keep, Run and no other click: well-known kinds of tables beat the trivial guess."""

import numpy as np
import pytest

from nncore.config.config import Config
from nncore.datasets.own import upload as own
from nncore.datasets.preparation import prepare
from nncore.lab.workers.messages import Outcome
from nncore.lab.workers.worker import run_training
from nncore.questions.catalogue import QUESTIONS
from nncore.questions.starts import start
from tests.real_tables import TABLES

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("home_of_tables")]

FILES = {
    "survival": "titanic.csv",
    "income": "adult-train.csv",
    "house prices": "house_train.csv",
    "churn": "WA_Fn-UseC_-Telco-Customer-Churn.csv",
    "bank churn": "Churn_Modelling.csv",
    "homes sold": "melb.csv",
    "hearts": "heart.csv",
    "bikes": "day.csv",
}


def hearts(n=300):
    """Patients as a clinic lists them: an id, gaps, a code for the kind of pain."""
    rng = np.random.default_rng(11)
    lines = ["patient_id,age,sex,pain,pressure,cholesterol,remark,disease"]
    for i in range(n):
        age, pain = rng.integers(30, 80), rng.choice(["none", "typical angina", "other"])
        ill = (age - 55) / 12 + (pain == "typical angina") * 1.5 + rng.normal() > 0.4
        pressure = "" if rng.random() < 0.2 else int(rng.normal(125 + 10 * ill, 12))
        lines.append(f"P{i:05},{age},{rng.choice(['m', 'f'])},{pain},{pressure},"
                     f"{int(rng.normal(240, 40))},,{'yes' if ill else 'no'}")  # fmt: skip
    return "\n".join(lines)


def bikes(n=1200):
    """Bikes hired per half day: dates, weather, and a count, with the two that it is the sum of."""
    rng = np.random.default_rng(12)
    lines = ["instant,date,weather,temperature,casual,registered,cnt"]
    for i in range(n):
        day = np.datetime64("2021-01-01") + i // 2
        month = int(str(day)[5:7])
        weather = rng.choice(["clear", "mist", "rain"], p=[0.6, 0.3, 0.1])
        warm = 12 - 12 * np.cos((month - 1) / 6 * np.pi) + rng.normal(0, 3)
        hired = 200 + 30 * warm + i / 6 - 250 * (weather == "rain") + rng.normal(0, 60)
        casual = round(max(0, hired) * rng.uniform(0.1, 0.3))
        count = max(casual, round(hired))
        lines.append(f"{i + 1},{day},{weather},{warm:.1f},{casual},{count - casual},{count}")
    return "\n".join(lines)


INVENTED = {"heart disease": hearts, "bike hire": bikes}


def file_of(kind):
    """(the bytes of its file, the file's name)."""
    if kind in INVENTED:
        return INVENTED[kind]().encode(), f"{kind}.csv"
    path = TABLES / FILES[kind]
    if not path.is_file():
        pytest.skip(f"{path} isn't here")
    return path.read_bytes(), path.name


def kept(kind):
    return own.add(own.inspect(*file_of(kind)), label=kind)


@pytest.mark.parametrize("kind", [*FILES, *INVENTED])
def test_keep_and_run_beats_the_trivial_guess_and_keeps_up_with_a_regression(kind):
    entry = kept(kind)
    here = start(QUESTIONS["activations"], entry.name)
    config = Config.from_flat({**here.values, "engine": "numpy", "activation": "relu"})
    ended = run_training(config.flat(), lambda _: None, lambda: False)
    assert ended.outcome is Outcome.DONE, ended
    result = ended.result
    data = prepare.prepared(config)
    metric = "mae" if entry.task == "regression" else "accuracy"
    reached, trivial = result.validation[metric], result.baseline.validation[metric]
    simple, margin = regression(data)
    if entry.task == "regression":
        assert reached < trivial
        assert reached < simple + margin
    else:
        assert reached > trivial
        assert reached > simple - margin


def regression(data):
    """(score of a logistic or ridge regression on the same rows, 1.96 standard errors)."""
    from sklearn.linear_model import LogisticRegression, Ridge

    if data.task == "regression":
        said = Ridge().fit(data.x_train, data.y_train).predict(data.x_val)
        errors = np.abs(said - data.y_val)
        return errors.mean(), 1.96 * errors.std() / np.sqrt(len(errors))
    model = LogisticRegression(max_iter=3000).fit(data.x_train, data.y_train)
    right = model.score(data.x_val, data.y_val)
    return right, 1.96 * np.sqrt(right * (1 - right) / len(data.y_val))
