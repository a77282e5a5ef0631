# Sourced by scripts/demo and scripts/test: makes .venv once, installs when something changed, sets $python.
# Bash. NLP_CODER_PYTHON=python3.11 chooses the Python of a new .venv.

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
venv="$root/.venv"
python="$venv/bin/python"
stamp="$venv/nlp-coder.stamp"
log="$venv/nlp-coder-install.log"

say() { printf '%s\n' "$*" >&2; }

# 0: a Python of ours that can make a venv. 1: not there or not ours. 2: ours, but without venv.
judge() {
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' >/dev/null 2>&1 || return 1
    "$1" -c 'import venv, ensurepip' >/dev/null 2>&1 || return 2
}

# The first usable Python into $chosen; else says what to install.
choose() {
    local candidate verdict without_venv="" candidates=(python3.13 python3.12 python3.11 python3)
    if [ -n "${NLP_CODER_PYTHON:-}" ]; then
        candidates=("$NLP_CODER_PYTHON")
    fi
    for candidate in "${candidates[@]}"; do
        verdict=0
        judge "$candidate" || verdict=$?
        if [ "$verdict" -eq 0 ]; then
            chosen="$candidate"
            return 0
        fi
        if [ "$verdict" -eq 2 ] && [ -z "$without_venv" ]; then
            without_venv="$("$candidate" -c 'import sys; print("python%d.%d" % sys.version_info[:2])')"
        fi
    done
    if [ -n "$without_venv" ]; then
        say "$without_venv is here, but it cannot make a virtual environment. On Debian or Ubuntu:"
        say "    sudo apt install python3-venv $without_venv-venv"
    elif [ -n "${NLP_CODER_PYTHON:-}" ]; then
        say "NLP_CODER_PYTHON=$NLP_CODER_PYTHON is no Python 3.11, 3.12 or 3.13 that runs."
    else
        say "No Python 3.11, 3.12 or 3.13 found that runs. On Debian or Ubuntu:"
        say "    sudo apt install python3 python3-venv"
    fi
    say "Then run this again."
    return 1
}

# What an installation depends on: if none of it changed, there is nothing to do.
fingerprint() {
    (cd "$root" && "$python" -c '
import hashlib, os, pathlib, sys
state = hashlib.sha256(f"{sys.version} {os.getcwd()}".encode())
for name in ("pyproject.toml", "constraints.txt"):
    state.update(pathlib.Path(name).read_bytes())
print(state.hexdigest())')
}

# Why pip failed, in words that say what to do.
explain() {
    local version headers
    version="$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')"
    headers="$("$python" -c 'import sysconfig; print(sysconfig.get_path("include"))')/Python.h"
    tail -n 25 "$log" >&2
    say ""
    if ! command -v "${CXX:-g++}" >/dev/null 2>&1 && grep -qE "Failed to build|Could not build|error: command|subprocess-exited" "$log"; then
        say "The installation failed because there is no C++ compiler: on Python $version a library below"
        say "medspaCy has to be compiled. On Debian or Ubuntu:"
        say "    sudo apt install g++ python3-dev"
        say "Or take a Python that needs no compiler (3.11 or 3.12), if there is one:"
        say "    rm -r .venv; NLP_CODER_PYTHON=python3.11 scripts/demo"
    elif [ ! -e "$headers" ] && grep -qE "Failed to build|Could not build|error: command|subprocess-exited" "$log"; then
        say "The installation failed because Python $version's headers are missing (Python.h). On Debian or Ubuntu:"
        say "    sudo apt install python3-dev python$version-dev"
    elif grep -qE "NewConnectionError|Temporary failure in name resolution|Max retries|No matching distribution" "$log"; then
        say "The installation failed: pip could not fetch a package. The first run needs a network (or a mirror"
        say "set in pip's own configuration); later runs need none."
    else
        say "The installation failed; pip says why above."
    fi
    say "The whole log: $log"
}

make_venv() {
    choose || return 1
    say "Making .venv with $("$chosen" --version 2>&1) ..."
    "$chosen" -m venv --clear "$venv" && return 0
    say "$chosen could not make a virtual environment. On Debian or Ubuntu: sudo apt install python3-venv"
    return 1
}

install() {
    local wanted
    wanted="$(fingerprint)" || return 1
    if [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then
        return 0
    fi
    rm -f "$stamp"
    say "Installing into .venv (a minute or a few, once) ..."
    # Relative paths and both variables, because the pins must bind the isolated builds as well, in old and new pip.
    if ! (cd "$root" && PIP_CONSTRAINT=constraints.txt PIP_BUILD_CONSTRAINT=constraints.txt PIP_DISABLE_PIP_VERSION_CHECK=1 \
        "$python" -m pip install -e '.[dev]' >"$log" 2>&1); then
        explain
        return 1
    fi
    printf '%s\n' "$wanted" >"$stamp"
}

set_up() {
    if ! "$python" -c 'import pip' >/dev/null 2>&1; then
        make_venv || return 1
    fi
    install
}

set_up || exit 1
