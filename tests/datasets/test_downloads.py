"""Downloads against a server of our own: what arrives, what goes wrong, and who is told."""

import base64
import errno
import gzip
import hashlib
import http.server
import io
import json
import os
import pickle
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import zipfile
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import psutil
import pytest

from nncore.cli.main import main
from nncore.datasets.catalogue import DATASETS
from nncore.datasets.download import download_process, downloads, fetching, published, sources
from nncore.datasets.download.download_process import Fetching
from nncore.datasets.download.downloads import CANCELLED, DONE, FAILED, IDLE, RUNNING
from nncore.datasets.download.fetching import Part, fetch
from nncore.datasets.download.sources import DOWNLOADS
from nncore.datasets.files import find, fingerprint
from nncore.datasets.sets.reviews import reviews
from nncore.system.errors import DataCorrupt, DataError, InvalidSetting, UnknownName

FULL = os.environ.get("NNLAB_DATA", "")
ROWS = [[1, 14, 22], [7], [5, 88_584]]


class Host(http.server.ThreadingHTTPServer):
    """Serves `files`; those in `silent` after half their bytes never, `cut` ends there."""

    daemon_threads = True

    def __init__(self):
        self.files, self.silent, self.cut = {}, set(), set()
        self.moved = {}  # name -> where to
        self.asked, self.let_in = [], []  # names, and the Authorization that came with each
        self.go_on = threading.Event()
        super().__init__(("127.0.0.1", 0), Answer)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/"


class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        host, name = self.server, self.path.rpartition("/")[2]
        host.asked.append(name)
        host.let_in.append(self.headers["Authorization"])
        if name in host.moved:
            self.send_response(302)
            self.send_header("Location", host.moved[name])
            self.end_headers()
            return
        if name not in host.files:
            self.send_error(404)
            return
        body = host.files[name]
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if name in host.silent or name in host.cut:
            self.wfile.write(body[: len(body) // 2])
            self.wfile.flush()
            if name in host.silent:
                host.go_on.wait(30)
            return
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@contextmanager
def serving():
    server = Host()
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield server
    server.go_on.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def host():
    with serving() as server:
        yield server


@pytest.fixture
def home(tmp_path, monkeypatch, host):
    """A machine without any full data, whose mirror is the host."""
    monkeypatch.setenv("NNLAB_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("NNLAB_DATA", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setenv("NNLAB_DOWNLOAD_URL", host.url)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    return tmp_path / "home"


def object_npz(rows, **labels):
    """A file as Keras publishes it: arrays of lists are pickles."""
    arrays = {}
    for part in ("train", "test"):
        arrays[f"x_{part}"] = np.empty(len(rows), object)
        arrays[f"x_{part}"][:] = rows
        arrays[f"y_{part}"] = np.arange(len(rows)) % 2
    file = io.BytesIO()
    np.savez(file, **arrays | labels)
    return file.getvalue()


def npz_with_pickle(payload):
    """The same with a pickle of somebody's choice."""
    header = io.BytesIO()
    np.save(header, np.empty(3, object), allow_pickle=True)
    start = header.getvalue()[: header.getvalue().index(b"\n") + 1]
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for part in ("train", "test"):
            archive.writestr(f"x_{part}.npy", start + payload)
    return file.getvalue()


def idx(array):
    sizes = b"".join(size.to_bytes(4, "big") for size in array.shape)
    return gzip.compress(b"\0\0\x08" + bytes([array.ndim]) + sizes + array.tobytes(), 1)


@pytest.fixture
def small(monkeypatch, host):
    """IMDB of three reviews: what is published, what the catalogue and the download know of it."""
    body = object_npz(ROWS)
    words = b'{"the": 1}'
    host.files |= {"imdb.npz": body, "imdb_word_index.json": words}
    sha = {name: hashlib.sha256(b).hexdigest() for name, b in host.files.items()}
    imdb = DOWNLOADS["imdb"]
    targets = tuple(
        replace(target, parts=tuple(Part(p.name, len(host.files[p.name]), sha[p.name])
                                    for p in target.parts))
        for target in imdb.targets
    )  # fmt: skip
    flat = {}
    for part in ("train", "test"):
        flat[f"x_{part}_flat"] = np.array([word for row in ROWS for word in row], np.uint32)
        flat[f"x_{part}_offsets"] = np.array([0, 3, 4, 6], np.int32)
        flat[f"y_{part}"] = np.array([0, 1, 0], np.uint8)
    form = replace(DATASETS["imdb"].variants["full"], sha256=fingerprint(reviews(flat).arrays()))
    catalogue = {"imdb": replace(DATASETS["imdb"], variants={"full": form})}
    monkeypatch.setattr(download_process, "DATASETS", catalogue)
    downloads.state_file("imdb", "").parent.mkdir(parents=True, exist_ok=True)
    return SimpleNamespace(download=replace(imdb, targets=targets), flat=flat, sha=sha)


def eventually(condition, seconds=20.0):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)


# what arrives


def test_the_file_of_pickled_lists_becomes_flat_arrays_in_place(home, small):
    progress = Fetching(small.download).run()
    assert (progress.state, progress.received) == (DONE, small.download.size)
    with np.load(home / "data" / "imdb_flat.npz", allow_pickle=False) as file:
        assert set(file) == set(small.flat)
        for name, array in small.flat.items():
            np.testing.assert_array_equal(file[name], array)
            assert file[name].dtype == array.dtype
    assert (home / "data" / "imdb_word_index.json").read_bytes() == b'{"the": 1}'
    assert not list((home / "downloads").glob("*.part"))


def test_only_what_is_missing_is_fetched_and_nothing_is_overwritten(home, small, host):
    (home / "data").mkdir(parents=True)
    mine = home / "data" / "imdb_word_index.json"
    mine.write_text("my own")
    assert Fetching(small.download).run().state == DONE
    assert mine.read_text() == "my own"
    assert host.asked == ["imdb.npz"]


def test_a_published_file_placed_by_hand_or_kept_by_keras_is_read_and_left_alone(
    home, small, host, tmp_path
):
    placed = home / "data" / "imdb.npz"
    kept = tmp_path / "keras" / "datasets" / "imdb_word_index.json"
    for path in (placed, kept):
        path.parent.mkdir(parents=True)
        path.write_bytes(host.files[path.name])
    assert Fetching(small.download).run().state == DONE
    assert host.asked == []
    assert placed.read_bytes() == host.files["imdb.npz"]
    assert kept.is_file()


def test_kerass_own_mnist_is_found_but_a_placed_one_goes_first(home, tmp_path):
    kept = tmp_path / "keras" / "datasets" / "mnist.npz"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"")
    assert find("mnist.npz") == kept
    placed = home / "data" / "mnist.npz"
    placed.parent.mkdir(parents=True)
    placed.write_bytes(b"")
    assert find("mnist.npz") == placed
    assert find("imdb.npz") is None


def test_images_are_read_from_their_own_format(tmp_path):
    images = np.random.default_rng(0).integers(0, 256, (5, 28, 28), np.uint8)
    arrays = (images, np.arange(5, dtype=np.uint8), images[:2], np.array([3, 4], np.uint8))
    paths = [tmp_path / f"{i}.gz" for i in range(4)]
    for path, array in zip(paths, arrays, strict=True):
        path.write_bytes(idx(array))
    parsed = published.fashion_mnist(paths)
    for array, name in zip(arrays, ("x_train", "y_train", "x_test", "y_test"), strict=True):
        np.testing.assert_array_equal(parsed[name], array)
    whole = paths[0].read_bytes()
    for bad in (whole[:-20], gzip.compress(b"\0\0\x08\x03abc"), b"<html>", gzip.compress(b"")):
        paths[0].write_bytes(bad)
        with pytest.raises(DataCorrupt, match="as published"):
            published.read_idx(paths[0])


@pytest.mark.full_data
def test_the_command_brings_fashion_mnist_from_a_mirror(home, host, monkeypatch, capfd):
    with np.load(Path(FULL) / "fashion_mnist.npz") as file:
        for part, name in (("train", "train"), ("test", "t10k")):
            host.files[f"{name}-images-idx3-ubyte.gz"] = idx(file[f"x_{part}"])
            host.files[f"{name}-labels-idx1-ubyte.gz"] = idx(file[f"y_{part}"])
    assert main(["download", "fashion_mnist"]) == 0
    assert "MB" in capfd.readouterr().err
    assert downloads.progress("fashion_mnist").state == DONE
    DATASETS["fashion_mnist"].variants["full"].load()
    assert not downloads.start("fashion_mnist")


# what goes wrong


class Evil:
    def __init__(self, *call):
        self.call = call

    def __reduce__(self):
        return self.call


@pytest.mark.parametrize("protocol", [0, 2, 4, 5])
def test_a_malicious_pickle_does_not_run(tmp_path, protocol):
    trace = tmp_path / "ran"
    for call in ((os.system, (f"touch {trace}",)), (eval, (f"open({str(trace)!r}, 'w')",)),
                 (np.load, (str(trace),)), (exec, (f"open({str(trace)!r}, 'w')",))):  # fmt: skip
        path = tmp_path / "imdb.npz"
        path.write_bytes(npz_with_pickle(pickle.dumps([Evil(*call)], protocol)))
        with pytest.raises(DataCorrupt, match="as published"):
            published.imdb([path])
        path.write_bytes(object_npz([[1], Evil(*call)]))
        with pytest.raises(DataCorrupt, match="as published"):
            published.imdb([path])
    assert not trace.exists()


@pytest.mark.parametrize(
    "rows", [[[1], [2.0]], [[1], ["a"]], [[1], [True]], [[1], (2,)], [[1], [0]], [[1], [[2]]],
             [[1], [10**9]], [[1], None]],
)  # fmt: skip
def test_only_lists_of_positive_integers_are_reviews(tmp_path, rows):
    path = tmp_path / "imdb.npz"
    path.write_bytes(object_npz(rows))
    with pytest.raises(DataCorrupt, match="lists of word numbers"):
        published.imdb([path])


def test_old_and_new_pickles_of_lists_are_read_as_numpy_reads_them(tmp_path):
    path = tmp_path / "imdb.npz"
    array = np.empty(3, object)
    array[:] = ROWS
    for protocol in (2, 3, 4):
        payload = pickle.dumps(array, protocol)
        for text in (payload, payload.replace(b"numpy._core", b"numpy.core")):
            if protocol == 4 and text != payload:
                continue  # names have their lengths before them there
            path.write_bytes(npz_with_pickle(text))
            assert published._rows(path, "x_train") == ROWS


def fetched(host, tmp_path, name, **part):
    about = Part(**({"name": name, "size": len(host.files.get(name, b""))} | part))
    fetch(about, host.url + name, tmp_path / "got", lambda _: None)


def test_each_failure_of_a_server_has_its_sentence(host, tmp_path, monkeypatch):
    monkeypatch.setattr(fetching, "SILENCE", 0.3)
    host.files = {name: bytes(1000) for name in ("silent", "cut", "other", "good")}
    host.files["large"] = bytes(10**6)
    host.silent, host.cut = {"silent"}, {"cut"}
    for name, part, says in [
        ("absent", {}, "404"),
        ("silent", {}, "silent"),
        ("cut", {}, "cut off"),
        ("other", {"sha256": "0" * 64}, "another file"),
        ("large", {"size": 10}, "more than"),
    ]:
        with pytest.raises(DataError, match=says):
            fetched(host, tmp_path, name, **part)
        assert not (tmp_path / "got").exists()
    fetched(host, tmp_path, "good")
    assert (tmp_path / "got").read_bytes() == bytes(1000)


def test_no_network_and_a_full_disk_are_told_apart(host, tmp_path, monkeypatch):
    with pytest.raises(DataError, match="online"):
        fetch(Part("a", 1), "http://127.0.0.1:9/a", tmp_path / "got", lambda _: None)
    host.files["a"] = b"abc"

    def full(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(DataError, match="is full"):
        fetch(Part("a", 3), f"{host.url}a", tmp_path / "got", full)
    monkeypatch.setattr(fetching.shutil, "disk_usage", lambda _: SimpleNamespace(free=1))
    with pytest.raises(DataError, match="nearly full"):
        fetching.check_space(tmp_path, 10**6)


def test_a_failure_names_url_folder_and_the_way_by_hand_and_leaves_nothing(home, small, host):
    del host.files["imdb_word_index.json"]
    (home / "data").mkdir(parents=True)
    (home / "data" / "imdb.npz").write_bytes(b"another file")
    progress = Fetching(small.download).run()
    assert progress.state == FAILED
    for part in ("404", host.url + "imdb_word_index.json", str(home / "data"), "By hand",
                 "not the published file"):  # fmt: skip
        assert part in progress.message
    assert [p.name for p in (home / "data").iterdir()] == ["imdb.npz"]
    assert not list((home / "downloads").glob("*.part"))


def test_a_file_of_other_arrays_is_thrown_away(home, small, host):
    body = object_npz([[3], [2], [1]])
    host.files["imdb.npz"] = body
    part = Part("imdb.npz", len(body))  # as if no hash were published
    first, words = small.download.targets
    progress = Fetching(
        replace(small.download, targets=(replace(first, parts=(part,)), words))
    ).run()
    assert progress.state == FAILED
    assert "other arrays" in progress.message
    assert not list((home / "data").iterdir())


def test_nothing_but_http_is_a_mirror(home, monkeypatch):
    monkeypatch.setenv("NNLAB_DOWNLOAD_URL", "file:///etc/")
    with pytest.raises(InvalidSetting, match="https://"):
        downloads.start("mnist")


def test_a_mirror_gets_user_and_password_and_nobody_else_does(
    home, small, host, monkeypatch, caplog, capsys
):
    """Neither people nor whom the mirror leads to."""
    monkeypatch.setenv("NNLAB_DOWNLOAD_URL", host.url.replace("//", "//lab:s3%40cr3t@"))
    with serving() as other:
        other.files = dict(host.files)
        host.moved["imdb_word_index.json"] = f"{other.url}imdb_word_index.json"
        messages = [sources.by_hand(small.download)]
        assert Fetching(small.download).run().state == DONE
        for path in (home / "data").iterdir():
            path.unlink()
        del host.files["imdb.npz"]
        messages.append(Fetching(small.download).run().message)
        messages.append((home / "downloads" / "imdb.json").read_text())
    expected = "Basic " + base64.b64encode(b"lab:s3@cr3t").decode()
    assert set(host.let_in) == {expected}
    assert set(other.let_in) == {None}
    assert "404" in messages[1]
    for text in (*messages, caplog.text, *capsys.readouterr()):
        assert not re.search(f"s3(@|%40)cr3t|lab:|{expected[6:]}", text)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://lab:s3cr3t@mirror.test/",
        "lab:s3cr3t@mirror.test/",
        "https://lab:s3/cr3t@mirror.test/",
        "https://mirror.test:s3cr3t/",
        "https://mirror.test/?token=s3cr3t",
        "https://mirror.test/#s3cr3t",
        "https://[s3cr3t",
        "https://mirror.test/\x1b[2Js3cr3t",
        "\x1b[2J://s3cr3t",
        "https://",
        "s3cr3t",
    ],
)
def test_an_address_that_is_no_mirror_is_refused_without_repeating_it(home, monkeypatch, url):
    monkeypatch.setenv("NNLAB_DOWNLOAD_URL", url)
    with pytest.raises(InvalidSetting, match="NNLAB_DOWNLOAD_URL must be the address") as refused:
        downloads.start("mnist")
    for text in (str(refused.value), sources.by_hand(DOWNLOADS["mnist"])):
        assert text.isprintable()
        assert "s3" not in text.replace("https", "")
    assert refused.value.__cause__ is None


def test_a_mirror_may_be_in_a_folder_of_any_name(home, host, tmp_path, monkeypatch):
    host.files["a"] = b"abc"
    monkeypatch.setenv("NNLAB_DOWNLOAD_URL", f"{host.url}our sets/für%20alle/")
    assert sources.base_url() == f"{host.url}our%20sets/f%C3%BCr%20alle/"
    fetch(Part("a", 3), f"{sources.base_url()}a", tmp_path / "got", lambda _: None)
    assert (tmp_path / "got").read_bytes() == b"abc"


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (b"HTTP/1.1 404 \x1b[2J\x07**Gone** to //evil.test/x\r\n\r\n", "404 Not Found: it doesn't"),
        (b"HTTP/1.1 799 \x1b[2JGone\r\n\r\n", "799: it doesn't have"),
        (b"HTTP/1.1 401 \x1b[2JGone\r\n\r\n", "401 Unauthorized: it wants"),
        (b"\x1b[2JGone\r\n\r\n", "can't be read"),
        (b"HTTP/1.1 \x1b[2JGone fishing\r\n\r\n", "can't be read"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: \x1b[2JGone\r\n\r\n", "can't be read"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -7\r\n\r\n", ""),
        (b"HTTP/1.1 302 \x1b[2JGone\r\nLocation: gopher://Gone/\x07\r\n\r\n", "302 Found"),
    ],
)
def test_nothing_a_server_says_of_itself_reaches_people(tmp_path, answer, says):
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve():
            connection, _ = server.accept()
            with connection:
                connection.recv(2**16)
                connection.sendall(answer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}/a"
        if not says:  # a length that is none is none
            fetch(Part("a", 1), url, tmp_path / "got", lambda _: None)
        else:
            with pytest.raises(DataError, match=says) as failed:
                fetch(Part("a", 1), url, tmp_path / "got", lambda _: None)
            assert str(failed.value).isprintable()
            assert "Gone" not in str(failed.value)
        thread.join()


# the process


def test_a_silent_server_is_left_within_a_second_when_cancelled(home, host):
    host.files["mnist.npz"] = bytes(11_000_000)
    host.silent = {"mnist.npz"}
    assert downloads.progress("mnist").state == IDLE
    assert downloads.start("mnist")
    eventually(lambda: downloads.progress("mnist").received > 0)
    now = downloads.progress("mnist")
    assert (now.state, now.total) == (RUNNING, DOWNLOADS["mnist"].size)
    assert not downloads.start("mnist")  # another one is at work
    asked = time.monotonic()
    downloads.cancel("mnist")
    eventually(lambda: downloads.progress("mnist").state == CANCELLED)
    assert time.monotonic() - asked < 2.0
    eventually(lambda: not downloads.is_at_work("mnist"))
    assert host.asked == ["mnist.npz"]
    assert not list((home / "data").iterdir())
    assert not list((home / "downloads").glob("*.part"))


def test_a_killed_download_is_said_and_can_be_started_again(home, host):
    host.files["mnist.npz"] = bytes(11_000_000)
    host.silent = {"mnist.npz"}
    downloads.start("mnist")
    eventually(lambda: downloads.progress("mnist").received > 0)
    ours = [p for p in psutil.Process().children() if "mnist" in p.cmdline()]
    assert len(ours) == 1
    ours[0].kill()
    eventually(lambda: downloads.progress("mnist").state == FAILED)
    assert "start it again" in downloads.progress("mnist").message
    host.silent.clear()
    host.files.clear()
    assert downloads.start("mnist")
    eventually(lambda: "404" in downloads.progress("mnist").message)


def test_a_spoiled_state_is_no_state(home):
    folder = home / "downloads"
    folder.mkdir(parents=True)
    for text in ("{", "[]", json.dumps({"state": "done", "extra": 1})):
        (folder / "imdb.json").write_text(text)
        assert downloads.progress("imdb").state == IDLE


# the command


def test_the_command_says_what_went_wrong(home, host, capfd):
    assert main(["download", "imdb"]) == 1
    assert "404" in capfd.readouterr().err
    assert main(["download", "imbd"]) == 2
    assert "Did you mean 'imdb'" in capfd.readouterr().err
    with pytest.raises(UnknownName):
        downloads.progress("iris")


def test_the_command_is_content_with_what_is_there(home, host, capfd):
    (home / "data").mkdir(parents=True)
    (home / "data" / "mnist.npz").write_bytes(b"mine")
    assert main(["download", "mnist"]) == 0
    assert str(home / "data" / "mnist.npz") in capfd.readouterr().err
    assert host.asked == []
    assert (home / "data" / "mnist.npz").read_bytes() == b"mine"


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_command_cancels_what_it_started(home, host, number, code):
    host.files["mnist.npz"] = bytes(11_000_000)
    host.silent = {"mnist.npz"}
    command = [sys.executable, "-m", "nncore", "download", "mnist"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    eventually(lambda: downloads.progress("mnist").received > 0)
    process.send_signal(number)
    said = process.communicate(timeout=20)[1]
    assert process.returncode == code
    assert "cancelled" in said
    assert not downloads.is_at_work("mnist")
