"""
A private PostgreSQL cluster from the system's own programs, gone when its user is.

    python tools/postgresql_cluster.py COMMAND …    runs it with KUNJAE_DATABASE_URL set

It listens on a socket in its own folder only, and forgets everything: nothing is synced to disk.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DEBIAN_FOLDERS = Path("/usr/lib/postgresql")
OPTIONS = {
    "listen_addresses": "''",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "timezone": "UTC",
}


class NoPostgresql(Exception):
    """PostgreSQL's programs are not on this machine, or do not start."""


def programs() -> Path:
    """
    Return the folder of initdb and pg_ctl: the newest version that Debian installed, or the path's.

    :raises NoPostgresql: if there is none
    """
    candidates = [folder / "bin" for folder in DEBIAN_FOLDERS.glob("[0-9]*") if (folder / "bin" / "initdb").exists()]
    if candidates:
        return max(candidates, key=lambda folder: int(folder.parent.name))
    found = shutil.which("initdb")
    if found is None:
        raise NoPostgresql("PostgreSQL is not installed: apt-get install postgresql")
    return Path(found).resolve().parent


@contextmanager
def cluster(folder: Path, *, settings: dict[str, str] | None = None) -> Iterator[str]:
    """
    Make and start a cluster in an empty folder, yield the address of its database `kunjae`, stop it.

    As root, the programs run as `postgres`, who refuses to be root. The folder's path must be
    short (a socket's is limited to 107 bytes) and open to that user.

    :raises NoPostgresql: if it cannot be made
    """
    bin_folder = programs()
    data = folder / "data"
    _hand_over(folder)
    _run(bin_folder / "initdb", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--username=postgres",
         "--no-sync", f"--pgdata={data}")  # fmt: skip
    options = {**OPTIONS, **(settings or {}), "unix_socket_directories": f"'{folder}'"}
    words = " ".join(f"-c {name}={value}" for name, value in options.items())
    _run(bin_folder / "pg_ctl", "start", "--wait", "--silent", f"--pgdata={data}", f"--options={words}",
         f"--log={folder / 'log'}")  # fmt: skip
    try:
        _run(bin_folder / "createdb", f"--host={folder}", "--username=postgres", "kunjae")
        yield address(folder)
    finally:
        _run(bin_folder / "pg_ctl", "stop", "--mode=immediate", "--silent", f"--pgdata={data}")


def address(folder: Path) -> str:
    """Return the value of KUNJAE_DATABASE_URL for a cluster in this folder."""
    return f"postgresql://postgres@/kunjae?host={folder}"


def _hand_over(folder: Path) -> None:
    """Let `postgres` own the folder when we are root."""
    folder.mkdir(parents=True, exist_ok=True)
    if os.geteuid() != 0:
        return
    try:
        user = pwd.getpwnam("postgres")
    except KeyError:
        raise NoPostgresql("The user postgres is missing: apt-get install postgresql") from None
    os.chown(folder, user.pw_uid, user.pw_gid)


def _run(*words: object) -> None:
    command = [str(word) for word in words]
    if os.geteuid() == 0:
        command = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--", *command]
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "PGDATABASE": "postgres"}
    # The server that pg_ctl leaves behind must not hold our pipes open: its output goes to a file.
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(
            command, cwd="/", env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output, check=False
        )
        if done.returncode:
            output.seek(0)
            text = output.read().decode(errors="replace").strip()
            raise NoPostgresql(f"{Path(str(words[0])).name} ended with {done.returncode}: {text[-500:]}")


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Make a folder that `postgres` may reach, and remove it with all that is in it."""
    folder = Path(tempfile.mkdtemp(prefix="kunjae-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main(command: list[str]) -> int:
    """Run a command beside a cluster; return its exit code."""
    if not command:
        print(__doc__, file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with temporary_folder() as folder, cluster(folder) as url:
            environment = {**os.environ, "KUNJAE_DATABASE_URL": url}
            return subprocess.run(command, env=environment, check=False).returncode
    except NoPostgresql as fault:
        print(f"kunjae: {fault}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
