# Sourced by scripts that need uv: sets $uv, and installs it into .tools when it is nowhere to be found.

# uv keeps its downloads in the home directory; without a usable one, inside the project.
cache=${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}
if [ -z "${UV_CACHE_DIR:-}" ] && ! { mkdir -p "$cache/uv" && [ -w "$cache/uv" ]; } 2>/dev/null; then
    export UV_CACHE_DIR="$PWD/.cache/uv"
fi
export UV_PYTHON_DOWNLOADS=never UV_PYTHON_PREFERENCE=only-system   # Pythons come from the system
# A certificate authority that the administrator trusts (a company's proxy has its own) is trusted by uv too.
[ ! -s /etc/ssl/certs/ca-certificates.crt ] || export UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-true}"
unset VIRTUAL_ENV UV_PROJECT_ENVIRONMENT                             # an active environment has no say

find_uv() {
    local candidate
    for candidate in uv .tools/bin/uv .tools/venv/bin/uv; do
        if "$candidate" --version >/dev/null 2>&1; then   # a shim may be on PATH and still not run
            uv=$candidate
            return 0
        fi
    done
    return 1
}

python_has() { python3 -c "import $1" >/dev/null 2>&1; }

install_uv() {
    export PIP_ROOT_USER_ACTION=ignore PIP_DISABLE_PIP_VERSION_CHECK=1
    if python_has pip; then
        python3 -m pip install --quiet --no-cache-dir --upgrade --target .tools uv
    else
        python3 -m venv --clear .tools/venv && .tools/venv/bin/pip install --quiet --no-cache-dir uv
    fi
}

if ! find_uv; then
    python_has pip || python_has "ensurepip, venv" \
        || scripts/apt.sh "uv installs Postroom's packages, and to get uv python3 needs pip or venv" python3 python3-venv
    echo "Installing uv into .tools …"
    if ! install_uv || ! find_uv; then
        echo "uv could not be installed into .tools (pip's words are above). With uv on PATH this step is not needed." >&2
        exit 1
    fi
fi
