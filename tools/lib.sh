# Sourced by the scripts beside it: words they share. POSIX sh, and nothing that Debian lacks.

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
stamps=$root/.setup

say() { printf '· %s\n' "$*"; }

fail() {
    printf 'kunjae: %s\n' "$*" >&2
    exit 1
}

# Run a command as root: at once, or through sudo (asking only where somebody can answer).
as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif ! command -v sudo >/dev/null 2>&1; then
        return 1
    elif [ -t 0 ]; then
        sudo "$@"
    else
        sudo -n "$@"
    fi
}

# install_packages PACKAGE…: from the system's own repositories.
install_packages() {
    command -v apt-get >/dev/null 2>&1 || fail "please install: $*"
    say "installing $* from the system's packages"
    export DEBIAN_FRONTEND=noninteractive
    log=$stamps/apt.log
    mkdir -p "$stamps"
    # The list may be old, or absent on a fresh machine: refresh it only when the first try fails.
    as_root apt-get install -y --no-install-recommends "$@" >"$log" 2>&1 </dev/null && return 0
    as_root apt-get update >"$log" 2>&1 </dev/null &&
        as_root apt-get install -y --no-install-recommends "$@" >"$log" 2>&1 </dev/null && return 0
    tail -n 5 "$log" >&2
    fail "please ask an administrator for: apt-get install $*"
}

# fingerprint FILE…: one word that changes when one of the files does.
fingerprint() { cat -- "$@" 2>/dev/null | sha256sum | cut -d ' ' -f 1; }

# is_done STEP WORD: was this step done with exactly this fingerprint?
is_done() { [ -f "$stamps/$1" ] && [ "$(cat "$stamps/$1")" = "$2" ]; }

# done_with STEP WORD: remember it.
done_with() { printf '%s\n' "$2" >"$stamps/$1"; }
