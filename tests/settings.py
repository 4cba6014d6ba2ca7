"""
Settings of the tests: the embedded mode in a folder of its own.

`KUNJAE_TEST_DATABASE` names the database: `sqlite` (default) or `postgresql`, a private cluster
that `conftest.py` starts when the first test asks for it.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from tools import postgresql_cluster

TEST_DATABASE = os.environ.get("KUNJAE_TEST_DATABASE", "sqlite")
if TEST_DATABASE not in {"sqlite", "postgresql"}:
    raise SystemExit("KUNJAE_TEST_DATABASE is sqlite or postgresql")

# What the person who runs the tests has set for another purpose is none of theirs.
for _name in [name for name in os.environ if name.startswith("KUNJAE_") and not name.startswith("KUNJAE_TEST_")]:
    del os.environ[_name]

# Open to `postgres`, whose cluster stands in it.
TEST_FOLDER = Path(tempfile.mkdtemp(prefix="kunjae-"))
TEST_FOLDER.chmod(0o711)
atexit.register(shutil.rmtree, TEST_FOLDER, ignore_errors=True)

os.environ["KUNJAE_MODE"] = "embedded"
os.environ["KUNJAE_DATA"] = str(TEST_FOLDER / "data")
os.environ["KUNJAE_LOG_LEVEL"] = "WARNING"
# Asked for where a test is about them: tests/integration/test_second_factors.py.
os.environ["KUNJAE_SECOND_FACTORS"] = "off"
if TEST_DATABASE == "postgresql":
    os.environ["KUNJAE_DATABASE_URL"] = postgresql_cluster.address(TEST_FOLDER / "pg")

from kunjae.site.settings.embedded import *
from kunjae.site.settings.embedded import ALLOWED_HOSTS, DATABASES

ALLOWED_HOSTS = [*ALLOWED_HOSTS, "testserver"]

if TEST_DATABASE == "sqlite":
    # A file, not memory: threads that decide at once need connections of their own.
    DATABASES["default"]["TEST"] = {"NAME": TEST_FOLDER / "test.sqlite3"}
    DATABASES["default"]["OPTIONS"]["init_command"] = (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA foreign_keys=ON;"
    )

PASSWORD_HASHERS = ["tests.hashing.CountedArgon2id"]
