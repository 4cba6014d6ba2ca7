"""What the measurements stand on: folders, a cluster, databases, and the program as it is run in production."""

import contextlib
import os
import resource
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools import postgresql_cluster

ROOT = Path(__file__).resolve().parents[2]
HOST = "kunjae.example"
PASSWORD = "khem-thit-haeng-tawan-48"  # noqa: S105 (of accounts that live for some minutes)
SECONDS_TO_START = 30
#: As an operator would have it: what was answered as done is on the disk.
CLUSTER_SETTINGS = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "shared_buffers": "256MB",
    "max_wal_size": "4GB",
}


@dataclass(frozen=True)
class Ground:
    """Folders of one benchmark, and a way to the databases of its cluster."""

    folder: Path
    cluster_folder: Path
    secret_key: str

    def environment(self, database: str, **more: str) -> dict[str, str]:
        """Return the variables of the program in production, on one database of the cluster."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("KUNJAE_", "DJANGO_"))}
        url = postgresql_cluster.address(self.cluster_folder).replace("/kunjae?", f"/{database}?")
        return {
            **kept,
            "DJANGO_SETTINGS_MODULE": "tools.bench.settings",
            "KUNJAE_MODE": "production",
            "KUNJAE_DATA": str(self.folder / "data"),
            "KUNJAE_DATABASE_URL": f"{url}&pool=8",
            "KUNJAE_SECRET_KEY": self.secret_key,
            "KUNJAE_BASE_URL": f"https://{HOST}",
            "KUNJAE_ALLOWED_HOSTS": f"{HOST},localhost",
            # The measuring client stands where the proxy that ends HTTPS would.
            "KUNJAE_TRUSTED_PROXIES": "127.0.0.1",
            # Nothing is sent: no worker runs.
            "KUNJAE_MAIL_URL": "smtp+plain://localhost:9",
            "KUNJAE_MAIL_FROM": f"Kunjae <kunjae@{HOST}>",
            **more,
        }

    def postgresql_processes(self) -> list[int]:
        """Return the ids of the cluster's processes."""
        first = int((self.cluster_folder / "data" / "postmaster.pid").read_text().split()[0])
        return [first, *children_of(first)]


@contextlib.contextmanager
def ground() -> Iterator[Ground]:
    """Make folders and a private cluster, and remove them again."""
    with postgresql_cluster.temporary_folder() as folder:
        folder.chmod(0o711)  # The cluster's user passes through it.
        (folder / "data").mkdir(mode=0o700)
        with postgresql_cluster.cluster(folder / "pg", settings=CLUSTER_SETTINGS):
            yield Ground(folder, folder / "pg", secrets.token_urlsafe(60))


def command(*words: str) -> list[str]:
    """Return the words that run one `kunjae` command with this interpreter."""
    return [sys.executable, "-m", "kunjae.site.cli", *words]


def python(code: str, *, environment: dict[str, str]) -> bytes:
    """Run a line of Python in a process of its own; returns what it wrote."""
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        check=True,
    ).stdout


class ProgramFailed(Exception):
    """A command of the program did not end well; what it said is the message."""


@dataclass(frozen=True, slots=True)
class Run:
    """One finished command: what it printed, how long it took, and the most memory that it held."""

    output: str
    seconds: float
    peak_mb: float


def run(*words: str, environment: dict[str, str], folder: Path) -> Run:
    """
    Run one `kunjae` command to its end, as a process of its own.

    :raises ProgramFailed: if it fails
    """
    with (folder / "output").open("w+b") as output, (folder / "errors").open("w+b") as errors:
        began = time.perf_counter()
        process = subprocess.Popen(
            command(*words), cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=errors
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        texts = []
        for file in (output, errors):
            file.seek(0)
            texts.append(file.read().decode(errors="replace"))
    if process.returncode:
        raise ProgramFailed(f"kunjae {' '.join(words)} ended with {process.returncode}: {texts[1][-2000:]}")
    return Run(texts[0], seconds, _peak_mb(usage))


def _peak_mb(usage: resource.struct_rusage) -> float:
    return usage.ru_maxrss * 1024 / 1e6


@dataclass(frozen=True)
class Server:
    """A running server."""

    port: int
    process: "subprocess.Popen[bytes]"

    def workers(self) -> list[int]:
        """Return the process ids of the server's workers: the children that run the pages."""
        return [child for child in children_of(self.process.pid) if b"resource_tracker" not in _command_line(child)]


def cpu_seconds(*process_ids: int) -> float:
    """Return the processor time that living processes have used so far."""
    return sum(_cpu_ticks(Path(f"/proc/{process_id}/stat")) for process_id in process_ids) / os.sysconf("SC_CLK_TCK")


def _cpu_ticks(stat: Path) -> int:
    try:
        words = stat.read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return int(words[11]) + int(words[12])


def children_of(process_id: int) -> list[int]:
    """Return the ids of the processes that a process started and that still run."""
    stats = Path("/proc").glob("[0-9]*/stat")
    return sorted(int(stat.parent.name) for stat in stats if _parent(stat) == process_id)


def _parent(stat: Path) -> int:
    try:
        return int(stat.read_text().rpartition(")")[2].split()[1])
    except (OSError, ValueError, IndexError):
        return -1  # It ended while we looked.


def _command_line(process_id: int) -> bytes:
    try:
        return Path(f"/proc/{process_id}/cmdline").read_bytes()
    except OSError:
        return b""


@contextlib.contextmanager
def serving(place: Ground, environment: dict[str, str], *, workers: int, threads: int = 4) -> Iterator[Server]:
    """Serve on a free port of the loopback interface until the block ends; the log stays in the folder."""
    port = _free_port()
    words = command("serve", "--host", "127.0.0.1", "--port", str(port), "--workers", str(workers))
    log = place.folder / "server.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [*words, "--threads", str(threads)],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    try:
        _wait_for(port, process, log)
        yield Server(port, process)
    finally:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _wait_for(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise ProgramFailed(f"the server did not start: {log.read_text()[-2000:]}")
