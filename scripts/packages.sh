# Sourced by scripts/test, from the root of the project. `ensure_packages` installs what the tests need beyond Python, where
# that can be done without asking: on Debian and Ubuntu, as root. Elsewhere the last lines of the tests say what they went without.

ensure_packages() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 0
    set -- postgresql chromium fonts-noto-core nginx-light openssl
    python3 -c 'import ensurepip' 2>/dev/null || set -- python3-venv "$@"
    dpkg -s "$@" >/dev/null 2>&1 && return
    echo "Installing $* …" >&2
    # The tests start a PostgreSQL and an nginx of their own: Debian need not make and start one.
    mkdir -p /etc/postgresql-common/createcluster.d
    echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.d/tests.conf
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}
