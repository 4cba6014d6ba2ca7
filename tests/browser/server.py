"""A server of its own for a journey: the real program, in a copy of the seeded demo."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SECONDS_TO_START = 30


@dataclass(frozen=True)
class Demo:
    """A running server and the folder it works in."""

    url: str
    data: Path

    def run(self, *words: str) -> str:
        """Run a `kunjae` command on this demo's data and return what it printed."""
        return kunjae(*words, data=self.data)

    def deliver(self) -> None:
        """Send every message that waits, as the worker would."""
        self.run("worker", "--batch")


def kunjae(*words: str, data: Path) -> str:
    """Run one command of the program in a data folder; its error is the test's."""
    done = subprocess.run(
        [sys.executable, "-m", "kunjae.site.cli", *words],
        env=environment(data),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"kunjae {' '.join(words)}: {done.stderr}"
    return done.stdout


def environment(data: Path, **more: str) -> dict[str, str]:
    """Return the environment of a process that works in a data folder, free of the tests' own settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("KUNJAE_", "DJANGO_"))}
    return {**kept, "KUNJAE_DATA": str(data), "KUNJAE_MODE": "embedded", **more}


@contextlib.contextmanager
def serving(data: Path) -> Iterator[Demo]:
    """Serve a data folder on a free port of this machine until the block ends."""
    port = _free_port()
    log = data / "server.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "kunjae.site.cli", "serve", "--port", str(port)],
            env=environment(data, PORT=str(port)),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    url = f"http://localhost:{port}"
    try:
        _wait_for(url, process, log)
        yield Demo(url=url, data=data)
    finally:
        _end(process)


@contextlib.contextmanager
def working(demo: Demo) -> Iterator[None]:
    """Let a worker send what waits, until the block ends."""
    with (demo.data / "worker.log").open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "kunjae.site.cli", "worker", "--interval", "0.3"],
            env=environment(demo.data, PORT=demo.url.rpartition(":")[2]),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    try:
        yield
    finally:
        _end(process)


def copied(data: Path, target: Path) -> Path:
    """Copy a data folder that nobody works in at the moment."""
    return Path(shutil.copytree(data, target))


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/", timeout=5):
                return
        except urllib.error.HTTPError:
            return  # It answers; what it answers is the tests' business.
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"the server did not start: {log.read_text()[-2000:]}")
