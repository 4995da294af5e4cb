"""What goes to the browser of a moving picture: all of it once, then only what is new."""

import json

import pytest

from ui.playground import sending
from ui.playground.sending import go_on_from, news

SERIES = ("epoch", "loss", "val_loss", "metric", "val_metric")


@pytest.fixture(autouse=True)
def session(monkeypatch):
    monkeypatch.setattr(sending.st, "session_state", {})


def movie(*frames, public_id="made", title="A: 2 – 4 – 1", active=True):
    """A film with so many frames of each network."""
    arms = [
        {
            "title": title,
            "status": "Training …",
            "ended": "",
            "frames": [{"epoch": k, "output": "x" * 10_000} for k in range(count)],
            **{name: [float(k) for k in range(1, count)] for name in SERIES},
        }
        for count in frames
    ]
    return {"id": public_id, "active": active, "fresh": True, "train": [0, 1], "arms": arms}


def test_the_first_message_has_all_and_the_next_only_what_is_new():
    first = news(movie(2, 1))
    assert first["shared"] == {"id": "made", "train": [0, 1]}
    assert [len(arm["frames"]) for arm in first["arms"]] == [2, 1]
    assert first["arms"][0]["shared"] == {"title": "A: 2 – 4 – 1"}
    second = news(movie(3, 1, active=False))
    assert "shared" not in second
    assert second["active"] is False
    assert [(arm["from"], len(arm["frames"])) for arm in second["arms"]] == [(2, 1), (1, 0)]
    assert [(arm["since"], arm["loss"]) for arm in second["arms"]] == [(1, [2.0]), (0, [])]
    assert not any("shared" in arm for arm in second["arms"])


def test_a_message_without_news_is_small_however_long_the_film():
    news(movie(100))
    assert len(json.dumps(news(movie(100)))) < 500


@pytest.mark.parametrize(
    "other",
    [
        {"frames": (4,), "public_id": "other"},
        {"frames": (4,), "title": "A: 2 – 5 – 1"},
        {"frames": (4, 4)},
        {"frames": (2,)},  # a worker was lost, and another one began anew
    ],
    ids=str,
)
def test_another_film_is_sent_whole(other):
    news(movie(3))
    frames = other.pop("frames")
    message = news(movie(*frames, **other))
    assert "shared" in message
    assert [(arm["from"], len(arm["frames"])) for arm in message["arms"]] == [
        (0, count) for count in frames
    ]


def test_a_browser_that_lacks_something_gets_it_again():
    news(movie(6, 2))
    go_on_from({"id": "made", "counts": [[4, 3], [2, 1]]})
    message = news(movie(7, 2))
    assert "shared" not in message
    assert [(arm["from"], len(arm["frames"])) for arm in message["arms"]] == [(4, 3), (2, 0)]


@pytest.mark.parametrize(
    "got",
    [
        {"id": "made", "counts": None},  # a page that was reloaded
        {"id": "other", "counts": [[4, 3]]},
        {"id": "made", "counts": [[4, 3], [1, 1]]},
        *(None, "x", {"id": "made", "counts": [["x", 3]]}, {"id": "made", "counts": [[-5, 10**9]]}),
    ],
    ids=str,
)
def test_a_browser_that_has_nothing_or_says_nonsense_gets_all_of_it(got):
    news(movie(3))
    go_on_from(got)
    message = news(movie(3))
    assert "shared" in message
    assert len(message["arms"][0]["frames"]) == 3
