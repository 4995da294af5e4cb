"""What all tests share: a home of their own, the real server, and a real browser.

Tests never see the user's store or data folder: NNLAB_HOME is a temporary folder per test
process, and whatever was started with it is ended with it.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parent.parent
HOME = Path(tempfile.mkdtemp(prefix="nnlab-tests-"))
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
CLOSED = ("--server.address", "127.0.0.1")
REQUIRE_BROWSER = os.environ.get("NNLAB_REQUIRE_BROWSER") == "1"

# set before any test module imports nncore, and inherited by every process a test starts
os.environ["NNLAB_HOME"] = str(HOME)
os.environ.pop("NNLAB_STORE", None)
os.environ["KERAS_HOME"] = str(HOME / "keras")  # nor what Keras has fetched
# compiled once and kept beside the sources, not anew by each of hundreds of processes
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


def pytest_unconfigure(config: pytest.Config) -> None:
    hands_out = config.getoption("numprocesses", None) and "PYTEST_XDIST_WORKER" not in os.environ
    if not hands_out:  # pytest-xdist's workers inherit this home and end their own processes
        end_processes_of(HOME)
    shutil.rmtree(HOME, ignore_errors=True)


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("full_data") and not os.environ.get("NNLAB_DATA"):
        pytest.skip("needs the full data sets: set NNLAB_DATA to their folder")
    if item.get_closest_marker("browser") and CHROMIUM is None:
        reason = "needs Chromium: install Debian's package chromium"
        pytest.fail(reason) if REQUIRE_BROWSER else pytest.skip(reason)


def end_processes_of(home: Path) -> None:
    """End what was started with this NNLAB_HOME: servers, detached coordinators, their workers."""
    started = []
    for process in psutil.process_iter():
        try:
            if process.pid != os.getpid() and process.environ().get("NNLAB_HOME") == str(home):
                process.kill()
                started.append(process)
        except psutil.Error:
            continue  # gone, or not ours to read
    psutil.wait_procs(started, timeout=10)


@dataclass
class Server:
    """A running dashboard. `stop` ends the web process only, as a redeploy would."""

    url: str
    home: Path
    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(timeout=10)


@pytest.fixture(scope="session")
def start_server() -> Iterator[Callable[..., Server]]:
    """start_server(home=None, flags=CLOSED, **environment) -> Server: a real, cold `streamlit run`.

    Give the `home` of an earlier server to find its comparisons again; `script`: another app.
    """
    servers: list[Server] = []

    def start(
        home: Path | None = None,
        flags: Sequence[str] = CLOSED,
        script: str = "dashboard.py",
        **environment: str,
    ) -> Server:
        home = home or Path(tempfile.mkdtemp(prefix="server-", dir=HOME))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [sys.executable, "-m", "streamlit", "run", script]
        command += ["--server.port", str(port), *flags]
        command += ["--server.headless", "true", "--server.fileWatcherType", "none"]
        log = (home / "server.log").open("ab")
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            env={**os.environ, "NNLAB_HOME": str(home), **environment},
        )
        log.close()
        servers.append(Server(f"http://127.0.0.1:{port}", home, process))
        _wait_until_healthy(servers[-1])
        return servers[-1]

    yield start
    for server in servers:
        server.stop()
        end_processes_of(server.home)


def _wait_until_healthy(server: Server) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.process.poll() is None:
        try:
            with urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    log = (server.home / "server.log").read_text(errors="replace")[-2000:]
    raise AssertionError(f"the dashboard did not start:\n{log}")


@pytest.fixture(scope="session")
def server(start_server: Callable[..., Server]) -> Server:
    """One dashboard for all browser tests of this process."""
    return start_server()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    """pytest-playwright with the system's Chromium: no browser is downloaded."""
    from playwright.sync_api import expect

    expect.set_options(timeout=20_000)  # a busy machine draws late, but what it should
    return {
        **browser_type_launch_args,
        "executable_path": CHROMIUM,
        "args": ["--no-sandbox", "--disable-dev-shm-usage"],
    }


@pytest.fixture(autouse=True)
def recognised(monkeypatch: pytest.MonkeyPatch) -> None:
    """AppTest has no browser that could say who visits: its sessions begin as the tests' own."""
    from nncore.system.owners import OPERATOR

    if (testing := sys.modules.get("streamlit.testing.v1")) is None:
        return
    begin = testing.AppTest.__init__

    def known(app: object, *args: object, **kwargs: object) -> None:
        begin(app, *args, **kwargs)
        app.session_state["visitor.known"] = OPERATOR.key  # what tests make is theirs

    monkeypatch.setattr(testing.AppTest, "__init__", known)


@pytest.fixture(scope="session")
def base_url() -> None:
    """Tests name the server they mean; pytest-playwright's own trips over a deprecation."""
