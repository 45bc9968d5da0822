#!/usr/bin/env bash
# Everything that can be said about the code without running it for long. Runs all steps, then names those that failed.
set -uo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin
failed=()
log=$(mktemp)
trap 'rm -f "$log"' EXIT
trap 'exit 130' INT

step() {   # NAME COMMAND...: quiet unless it fails
    local name=$1
    shift
    if "$@" >"$log" 2>&1 </dev/null; then
        echo "ok      $name"
    else
        echo "FAILED  $name: $*"
        cat "$log"
        failed+=("$name")
    fi
}

step format $bin/ruff format --check .
step lint $bin/ruff check .
step types $bin/mypy
step imports $bin/lint-imports --no-logo
step french $bin/python scripts/messages.py
step "generated docs" $bin/postroom docs --check
step "shape tests" $bin/python -m pytest -q -n 2 tests/shape
$bin/python scripts/sizes.py --alarms

if [ ${#failed[@]} -gt 0 ]; then
    echo "make check failed: $(IFS=,; echo "${failed[*]}" | sed 's/,/, /g')" >&2
    exit 1
fi
