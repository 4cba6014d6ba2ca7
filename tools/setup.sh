#!/bin/sh
# Make this checkout ready to run: Python, packages, assets, catalogues. Quick when nothing changed.
set -eu
. "$(dirname -- "$0")/lib.sh"
cd "$root"
mkdir -p "$stamps"

# Two at once would trip over each other; the second waits, and finds everything done.
exec 9>"$stamps/lock"
if command -v flock >/dev/null 2>&1; then flock 9; fi

python_is_new_enough() {
    command -v "$1" >/dev/null 2>&1 && "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11 /usr/bin/python3; do
        if python_is_new_enough "$candidate"; then
            command -v "$candidate"
            return 0
        fi
    done
    return 1
}

make_environment() {
    if [ -x .venv/bin/python ] && python_is_new_enough .venv/bin/python; then return 0; fi
    python=$(find_python) || {
        install_packages python3 python3-venv
        python=$(find_python) || fail "Python 3.11 or newer is needed"
    }
    say "making .venv with $("$python" --version)"
    "$python" -c 'import ensurepip, venv' 2>/dev/null || install_packages python3-venv
    rm -rf .venv
    "$python" -m venv .venv
}

install_python_packages() {
    word=$(fingerprint requirements/dev.txt .venv/pyvenv.cfg)
    if is_done requirements "$word"; then return 0; fi
    say "installing Python packages (hashes checked)"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
    done_with requirements "$word"
}

install_kunjae() {
    word=$(fingerprint pyproject.toml .venv/pyvenv.cfg)
    if is_done kunjae "$word" && [ -x .venv/bin/kunjae ]; then return 0; fi
    # Its build tool is among the packages above: nothing more is fetched.
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
    done_with kunjae "$word"
}

install_node_packages() {
    word=$(fingerprint package.json package-lock.json)
    if is_done node "$word" && [ -d node_modules ]; then return 0; fi
    if ! command -v node >/dev/null 2>&1 || ! command -v npm >/dev/null 2>&1; then
        if command -v node >/dev/null 2>&1; then install_packages npm; else install_packages nodejs npm; fi
    fi
    say "installing assets' sources (npm ci)"
    npm ci --silent --no-progress </dev/null
    done_with node "$word"
}

build_assets() {
    find frontend -type f | LC_ALL=C sort >"$stamps/frontend.files"
    word=$(fingerprint package-lock.json "$stamps/frontend.files" $(cat "$stamps/frontend.files"))
    if is_done assets "$word" && [ -d src/kunjae/site/static/built ]; then return 0; fi
    say "building style sheet, script and fonts"
    npm run --silent build </dev/null
    done_with assets "$word"
}

make_environment
install_python_packages
install_kunjae
if [ -f package.json ]; then
    install_node_packages
    build_assets
fi
.venv/bin/python tools/messages.py compile
