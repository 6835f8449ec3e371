#!/usr/bin/env bash
# Run checkov and parliament over what is synthesized: `scripts/scan.sh prod staging`. checkov has a virtual environment of its own, since it pins
# boto3 and more; that is made once, and again when requirements-scan.txt changes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
unset PYTHONHOME PYTHONPATH
export PIP_USER=0 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1

recipe() { printf '%s\n' "$PWD" && cat requirements-scan.txt; }

if [[ ! -x .venv-scan/bin/checkov || ! -f .venv-scan/ready || "$(<.venv-scan/ready)" != "$(recipe)" ]]; then
  echo "terrabatch: setting up .venv-scan with checkov, once; a minute or two" >&2
  rm -rf .venv-scan
  .venv/bin/python -m venv .venv-scan
  .venv-scan/bin/python -m pip install --quiet --requirement requirements-scan.txt >&2
  recipe >.venv-scan/ready
fi
exec .venv/bin/python -m reference.scan "$@"
