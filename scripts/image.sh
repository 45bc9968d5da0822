#!/usr/bin/env bash
# Build the image of dimail in FAKE mode with docker or podman, and see that it starts and answers.
set -euo pipefail
cd "$(dirname "$0")/.."

engine=
for candidate in docker podman; do
    if "$candidate" info >/dev/null 2>&1; then
        engine=$candidate
        break
    fi
done
if [ -z "$engine" ]; then
    echo "Neither docker nor podman works here (tried: docker info, podman info), so there is nothing to build the image with." >&2
    exit 1
fi

name=${1:-postroom-dimail}
"$engine" build -f Dockerfile.dimail -t "$name" .
container=$("$engine" run -d --rm -e DIMAIL_JWT_SECRET=fake_jwt_secret "$name")
trap '"$engine" stop "$container" >/dev/null' EXIT
for _ in $(seq 100); do
    if "$engine" exec "$container" /opt/postroom/bin/python -c \
        "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz', timeout=2)" 2>/dev/null; then
        echo "$name answers."
        exit 0
    fi
    sleep 0.2
done
"$engine" logs "$container" >&2
echo "$name was built, but does not answer." >&2
exit 1
