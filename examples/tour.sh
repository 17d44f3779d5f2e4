#!/bin/sh
# A tour of connctl on example data, in a throwaway store that is removed at the end.
# Nothing of yours is read or written.
#
#   examples/tour.sh
set -u

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd) || exit 1

# Where cargo installs programs, which need not be on the PATH yet.
bin=${CARGO_INSTALL_ROOT:-${CARGO_HOME:-${HOME-}/.cargo}}/bin
case ":$PATH:" in
    *":$bin:"*) on_path=yes ;;
    *) on_path=no ;;
esac
if [ -x "$bin/connctl" ]; then
    PATH=$bin:$PATH
elif command -v connctl >/dev/null; then
    on_path=yes
else
    echo "tour: there is no connctl yet; install it: cargo install --locked --path ." >&2
    exit 1
fi

folder=$(mktemp -d) || exit 1
trap 'rm -rf -- "$folder"' EXIT
trap 'exit 130' HUP INT TERM
: >"$folder/config.toml" || exit 1
CONNCTL_STORE=$folder/store.db
CONNCTL_CONFIG=$folder/config.toml
export PATH CONNCTL_STORE CONNCTL_CONFIG
cd -- "$here/.." || exit 1

# say TEXT: what comes next.
say() {
    printf '\n# %s\n' "$1"
}

# run COMMAND...: shows the command, runs it, keeps its exit code in $code.
run() {
    printf '$ %s\n' "$*"
    code=0
    "$@" || code=$?
}

# expect CODE: stops unless the last command exited so.
expect() {
    if [ "$code" -ne "$1" ]; then
        echo "tour: exit code $code, but $1 was expected" >&2
        exit 1
    fi
}

say 'Fill an empty store with the example: 40 connectors and 20 services.'
run connctl import examples/squared.toml
expect 0

say 'The live connectors, and how many services use each.'
run connctl list
expect 0

say 'This one is in use: nothing is deleted, and the way out is named (exit code 5).'
run connctl delete tap-slack-prod
expect 5

say 'This one is unused, so you are asked. Answer y to delete it, or anything else to keep it.'
run connctl delete tap-github-userdev
case $code in
    0) say 'It is gone. These testing connectors are still unused.' ;;
    2) say 'There is no terminal here to ask on, so it was kept (exit code 2). These are unused.' ;;
    3) say 'You kept it (exit code 3). These testing connectors are unused.' ;;
    130) exit 130 ;;
    *) expect 0 ;;
esac
run connctl list testing --unused
expect 0

say 'The end. This store is removed now; yours was not touched.'
if [ "$on_path" = no ]; then
    say 'connctl is not on your PATH yet. For this shell:'
    # shellcheck disable=SC2016 # The line is for the reader to paste.
    printf 'export PATH="%s:$PATH"\n' "$bin"
fi
