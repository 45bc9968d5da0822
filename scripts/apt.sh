#!/usr/bin/env bash
# scripts/apt.sh WHY PACKAGE...: installs Debian packages as root; for anyone else, says what an administrator must run.
set -euo pipefail

why=$1
shift
if ! command -v apt-get >/dev/null; then
    echo "$why, and this is no Debian: install what Debian calls $* with this system's own means, then try again." >&2
    exit 1
fi
if [ "$(id -u)" -ne 0 ]; then
    echo "$why. An administrator must run: apt-get install $*" >&2
    exit 1
fi
echo "$why: installing $* with apt-get …"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
if ! { apt-get update && apt-get install -y --no-install-recommends "$@"; } >"$log" 2>&1 </dev/null; then
    tail -n 20 "$log" >&2
    echo "apt-get could not install $* (its last lines are above)." >&2
    exit 1
fi
