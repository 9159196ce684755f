#!/bin/sh
# Make the virtual environment in .venv from uv.lock. Run by the Makefile; run it from the repository's root.
# PYTHON names the interpreter (3.11 or later); the default is the first suitable one on PATH.
set -eu

fits() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

python=""
for candidate in ${PYTHON:-python3 python3.11 python3.12 python3.13 python3.14}; do
    if fits "$candidate"; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    echo "Mycelium needs Python 3.11 or later: install it, or name one with PYTHON=/path/to/python3." >&2
    exit 1
fi

# Not `command -v`: a version manager's shim exists even when its Python version is not installed.
if uv --version >/dev/null 2>&1; then
    uv=uv
else
    tools=.mycelium/tools
    uv=$tools/bin/uv
    if ! "$uv" --version >/dev/null 2>&1; then
        if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
            echo "Python's venv module is missing: install it (apt-get install python3-venv), or install uv." >&2
            exit 1
        fi
        echo "Getting uv, which sets it up ..." >&2
        mkdir -p .mycelium
        "$python" -m venv --clear "$tools"
        "$tools/bin/python" -m pip install --quiet --disable-pip-version-check 'uv>=0.9,<1'
    fi
fi

echo "Setting up .venv from uv.lock: the first time this takes half a minute or more ..." >&2
"$uv" sync --frozen --quiet --python "$("$python" -c 'import sys; print(sys.executable)')"
touch .venv/.ready
