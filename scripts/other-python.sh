#!/usr/bin/env bash
# Prints the interpreter of a second environment, on the newest Python here that .venv does not use.
# Without one: the reason, and exit code 1.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/uv.sh >&2

find_python() {   # on PATH, or among pyenv's, which PATH leads to only when one is chosen
    "$uv" python find --no-project --system "$1" 2>/dev/null && return
    local found=("${PYENV_ROOT:-${HOME:-}/.pyenv}/versions/$1".*/bin/python)
    [ -x "${found[-1]}" ] && echo "${found[-1]}"
}

used=$(.venv/bin/python -c 'import sys; sys.stdout.write("%d.%d" % sys.version_info[:2])')
for version in 3.14 3.13 3.12; do
    [ "$version" != "$used" ] || continue
    python=$(find_python "$version") || continue
    environment=$PWD/.cache/venv-$version
    if UV_PROJECT_ENVIRONMENT=$environment "$uv" sync --frozen --quiet --python "$python" >&2; then
        echo "$environment/bin/python"
        exit 0
    fi
done
echo "no Python 3.12, 3.13 or 3.14 was found beside .venv's $used" >&2
exit 1
