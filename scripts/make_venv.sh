#!/usr/bin/env bash
# Makes the virtual environment, or says in one sentence what is missing.
# usage: make_venv.sh PYTHON DIRECTORY; with APT=no nothing is installed on the system.
set -eu
python=$1
venv=$2

if [ -z "$python" ]; then
  echo "Trabecula needs Python 3.11 or newer, and found none. Install it (Debian: apt-get install python3 python3-venv) and run make again." >&2
  exit 1
fi
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
  echo "Trabecula needs Python 3.11 or newer; $("$python" --version) is at $python. Use another with: make PYTHON=/path/to/python3.11 ..." >&2
  exit 1
fi
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
  if [ "${APT:-yes}" != no ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Python's venv module is missing. Installing python3-venv on this system with apt-get (once)."
    echo "To do without, stop now (Ctrl-C) and use a Python that has it: make PYTHON=/path/to/python3.11 ..."
    apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null
  else
    echo "Python's venv module is missing. Install it (Debian: apt-get install python3-venv) and run make again." >&2
    exit 1
  fi
fi
"$python" -m venv "$venv"
