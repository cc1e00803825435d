#!/bin/sh
# Make sure that there is a Python that can make a virtual environment, or say what is lacking.
set -eu
python=${1:-python3}

if ! command -v "$python" >/dev/null 2>&1; then
    echo "Rushes needs Python 3.11 or newer, and '$python' was not found." >&2
    exit 1
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "Rushes needs Python 3.11 or newer; '$python' is $("$python" --version 2>&1)." >&2
    echo "Name another one with: make PYTHON=python3.12 …" >&2
    exit 1
fi
"$python" -c 'import ensurepip, venv' 2>/dev/null && exit 0

# Debian keeps these two in a package of their own.
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    exec sh "$(dirname "$0")/apt-install.sh" python3-venv
fi
echo "This Python cannot make virtual environments. On Debian: sudo apt-get install python3-venv" >&2
exit 1
