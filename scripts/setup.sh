#!/usr/bin/env bash
# Make .venv: `scripts/setup.sh synth` with what synth needs, `scripts/setup.sh report` with what makes its pages too,
# `scripts/setup.sh rehearse` with a local AWS besides, `scripts/setup.sh tests` with all that tests and checks need.
#
# Where all is well this ends within milliseconds. A checkout that was moved, other requirements, a Python or package that
# is gone, a set-up that was interrupted: all end in a fresh .venv. Everything is printed on stderr.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
exec >&2

python=.venv/bin/python
report=(requirements.txt requirements-report.txt)
rehearse=("${report[@]}" requirements-rehearse.txt)
tests=("${rehearse[@]}" requirements-dev.txt)
# What the shell says about Python and pip is about another Python; and .pyc files are half of a fast start.
unset PYTHONHOME PYTHONPATH PYTHONDONTWRITEBYTECODE
export PIP_USER=0 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1

# A stamp holds what .venv was made from (a venv has absolute paths inside) and, below, the packages that are in it.
recipe() { printf '%s\n' "$PWD" && cat "$@"; }
# pip and setuptools are the venv's own at first, and tests need another setuptools: whose it is does not tell anything.
packages() { (cd .venv && ls -d lib/python3*/site-packages/*.dist-info | grep -vE '/(pip|setuptools)-[^/]*$'); }

is_ready() { # stamp, requirements files
  [[ -x $python && -f .venv/$1 ]] || return 1
  [[ "$(<".venv/$1")" == "$(recipe "${@:2}")" ]] || return 1
  (cd .venv && xargs ls -d <"$1-packages" >/dev/null 2>&1)
}

mark_ready() { # stamp, requirements files; the packages first: a stamp without them would be trusted
  packages >".venv/$1-packages"
  recipe "${@:2}" >".venv/$1"
}

find_python() {
  local candidate candidates=("${PYTHON:-}")
  [[ -n ${PYTHON:-} ]] || candidates=(python3 python3.13 python3.12 python3.11 python)
  for candidate in "${candidates[@]}"; do
    if "$candidate" -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      printf '%s' "$candidate"
      return
    fi
  done
  step "none of these is a Python 3.11 or newer with venv: ${candidates[*]}; name one: make synth PYTHON=/path/to/python3" >&2
  return 2
}

step() { echo "terrabatch: $*"; }

install() { # requirements file
  # Nobody needs the 2,212 .pyc files of the provider: what is used is compiled when it is first used.
  "$python" -m pip install --no-compile --requirement "$1" || {
    step "packages could not be installed; the next call starts over"
    exit 1
  }
}

set_up_synth() {
  local found
  found=$(find_python)
  step "setting up .venv with $("$found" --version), once; about half a minute"
  rm -rf .venv
  step "1/3 virtual environment"
  "$found" -m venv .venv
  step "2/3 packages of requirements.txt, Node among them"
  install requirements.txt
  step "3/3 unpacking the AWS bindings"
  "$python" -O -m engine
  mark_ready ready-synth requirements.txt
}

set_up_report() {
  step "adding to .venv what makes the pages of reports, once"
  rm -f .venv/ready-report
  install requirements-report.txt
  mark_ready ready-report "${report[@]}"
}

set_up_rehearse() {
  step "adding to .venv a local AWS, once; about half a minute"
  rm -f .venv/ready-rehearse
  install requirements-rehearse.txt
  mark_ready ready-rehearse "${rehearse[@]}"
}

set_up_tests() {
  step "adding to .venv what tests and checks need, once; about a minute"
  rm -f .venv/ready-tests
  install requirements-dev.txt
  # One test starts the bindings the plain way, which takes five times as long where nothing is compiled.
  "$python" -m compileall -q -j 0 .venv/lib/python3*/site-packages/cdktf_cdktf_provider_aws || true
  mark_ready ready-tests "${tests[@]}"
}

all_ready() {
  is_ready ready-synth requirements.txt || return 1
  case $1 in
    report) is_ready ready-report "${report[@]}" || all_ready rehearse ;;
    rehearse) is_ready ready-rehearse "${rehearse[@]}" || is_ready ready-tests "${tests[@]}" ;;
    tests) is_ready ready-tests "${tests[@]}" ;;
  esac
}

all_ready "$1" && exit
# One set-up at a time, where the system can tell: the second waits and then finds all done.
if command -v flock >/dev/null; then
  exec 9<"${BASH_SOURCE[0]}"
  flock 9
fi
is_ready ready-synth requirements.txt || set_up_synth
all_ready "$1" || "set_up_$1"
