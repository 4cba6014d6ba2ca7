#!/bin/sh
# Bring what only tests need: PostgreSQL's programs and Chromium, from the system's packages.
set -eu
. "$(dirname -- "$0")/lib.sh"

# Debian would make and start a cluster of its own on installation: tests make theirs.
has_postgresql() { ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null 2>&1; }
has_chromium() { [ -n "${KUNJAE_TEST_CHROMIUM:-}" ] || command -v chromium >/dev/null 2>&1; }

# Playwright brings its own Node.js, which asks for a library that a small Debian lacks.
driver_runs() { "$root"/.venv/lib/python3*/site-packages/playwright/driver/node --version >/dev/null 2>&1; }

has_postgresql || install_packages postgresql
has_chromium || install_packages chromium
driver_runs || install_packages libatomic1
