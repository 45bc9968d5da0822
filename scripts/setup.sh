#!/usr/bin/env bash
# Leaves .venv/bin/postroom ready, with exactly the packages of uv.lock. Does nothing when nothing changed.
set -euo pipefail
cd "$(dirname "$0")/.."

# An environment holds its own path and its interpreter's, so they count too.
fingerprint() { { pwd -P; readlink -f .venv/bin/python; sha256sum uv.lock pyproject.toml; } 2>/dev/null | sha256sum; }

stamp=.venv/.postroom-setup
if [ -x .venv/bin/postroom ] && [ -x .venv/bin/python ] && [ "$(cat "$stamp" 2>/dev/null)" = "$(fingerprint)" ]; then
    exit 0
fi

source scripts/uv.sh

find_python() { python=$("$uv" python find --no-project --system '>=3.11' 2>/dev/null); }

was_made_here() { [ -x .venv/bin/python ] && grep -qF "$(pwd -P)/.venv" .venv/bin/activate 2>/dev/null; }

if ! was_made_here; then
    if ! find_python; then
        scripts/apt.sh "Postroom needs Python 3.11 or newer, and none was found" python3
        if ! find_python; then
            echo "Postroom needs Python 3.11 or newer; this system offers $(python3 --version 2>&1)." >&2
            exit 1
        fi
    fi
    echo "Making .venv with $("$python" --version), $python …"
    "$uv" venv --quiet --clear --python "$python" --prompt postroom .venv
fi

echo "Installing the packages of uv.lock into .venv (a minute or so the first time) …"
quiet=--quiet
[ ! -t 2 ] || quiet=   # a terminal gets uv's progress bars
"$uv" sync --frozen $quiet
fingerprint >"$stamp"
echo "Ready: .venv/bin/postroom"
