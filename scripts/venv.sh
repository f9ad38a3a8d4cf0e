# Sourced by the other scripts, from the root of the project. `ensure_venv run` or `ensure_venv dev` makes .venv with
# the locked dependencies of that kind, and leaves it alone while they have not changed. Silent if nothing is to do.

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

find_python() {
    for python in "${PYTHON:-python3}" python3.14 python3.13 python3.12 python3.11; do
        if command -v "$python" >/dev/null 2>&1 &&
            "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            return
        fi
    done
    fail "Python 3.11 or newer is needed and was not found. On Debian or Ubuntu: apt install python3 python3-venv"
}

# Debian and Ubuntu ship `python3` without ensurepip, which installs pip into a new environment.
make_venv() {
    find_python
    echo "Setting up .venv with $("$python" --version) …" >&2
    rm -rf .venv
    if "$python" -c 'import ensurepip' 2>/dev/null; then
        "$python" -m venv .venv
    elif "$python" -m pip --version >/dev/null 2>&1 && "$python" -m venv --without-pip .venv; then
        "$python" -m pip --python .venv/bin/python install --quiet pip
    else
        rm -rf .venv
        fail "Python has no 'venv' here. On Debian or Ubuntu: apt install python3-venv   Then run this again."
    fi
}

# `pip install` without two warnings that no user can act on:
# - "Location … is ignored": a find-links directory of the machine's pip configuration does not exist;
# - "lxml … does not provide the extra 'html_clean'": justext asks lxml for it; the lock has lxml-html-clean itself.
pip_install() {
    rm -f .venv/pip-failed
    { .venv/bin/python -m pip install --quiet --disable-pip-version-check "$@" 2>&1 || touch .venv/pip-failed; } |
        sed -e "/^WARNING: Location '.*' is ignored: /d" \
            -e "/^WARNING: lxml .* does not provide the extra 'html[_-]clean'/d" >&2
    [ ! -e .venv/pip-failed ]
}

ensure_venv() {
    lock=deploy/requirements.lock
    [ "$1" = dev ] && lock=deploy/requirements-dev.lock
    stamp=.venv/installed-$1
    if [ -x .venv/bin/python ] && cat "$lock" pyproject.toml | cmp -s - "$stamp"; then
        return
    fi
    [ -x .venv/bin/python ] && .venv/bin/python -c 'import pip' 2>/dev/null || make_venv
    echo "Installing the locked dependencies …" >&2
    pip_install --require-hashes --only-binary :all: -r "$lock"
    pip_install --no-deps --no-build-isolation --editable .
    # compiles the matcher, and the modules even where Python is told to write no bytecode: a start takes half
    env -u PYTHONDONTWRITEBYTECODE .venv/bin/aggregator demo --once --json >/dev/null
    cat "$lock" pyproject.toml >"$stamp"
}
