# Terrabatch. `make help` lists what there is. Every target first sees to it that .venv is there and fits (scripts/setup.sh).

RUNS ?= 5
PYTEST_ARGUMENTS ?=
FILES ?=
TERRAFORM_ARGUMENTS ?=
REPORT ?=
SINCE ?=
THEN ?=
# Given on the command line or not at all: many a shell has a variable ENVIRONMENT of its own.
ifneq ($(origin ENVIRONMENT),command line)
override ENVIRONMENT :=
endif

export PYTHON
export CHECKPOINT_DISABLE := 1
# What the shell says about Python is about another Python; and .pyc files are half of a fast start.
unexport PYTHONHOME PYTHONPATH PYTHONDONTWRITEBYTECODE
MAKEFLAGS += --no-print-directory
python := .venv/bin/python

.PHONY: help synth test emitted check docs snapshots messages bench actions instance-types diff deploy rehearse edits settings-rehearsal bundle report report-check scan proofs clean ready-synth ready-report ready-rehearse ready-tests
.DEFAULT_GOAL := help

help: ## list these targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 25

synth: ready-synth ## write the Terraform of all environments to cdktf.out (or of ENVIRONMENT=dev)
	@$(python) -O main.py synth $(ENVIRONMENT)

test: ready-tests ## run all tests
	@$(python) -m pytest $(PYTEST_ARGUMENTS)

emitted: ready-tests ## hold against AWS's models what 200 generated environments emit, and each setting at its edges
	@$(python) -O -m tests.emitted

check: ready-tests ## lint, types, what an editor shows, and the environments against their rules
	@$(python) -m ruff check
	@$(python) -m ruff format --check
	@$(python) -m mypy
	@$(python) -m basedpyright
	@$(python) -m reference.editor
	@$(python) main.py check $(ENVIRONMENT)

docs: ready-tests ## write again what is generated from the code: docs/settings.md, what editors show, docs/pictures
	@$(python) -m reference

snapshots: ready-tests ## accept what is synthesized now as what is expected
	@$(python) -m pytest --snapshot-update $(PYTEST_ARGUMENTS)

messages: ready-tests ## write docs/messages.md again: how problems read that tests come across
	@$(python) -m pytest --snapshot-update tests/modules tests/stacks tests/test_broken_checks.py tests/test_messages.py

bench: ready-tests ## measure against plain cdktf (RUNS=5)
	@$(python) -m benchmarks.synth_speed --runs $(RUNS)

actions: ready-tests ## renew the table of AWS's actions, from what parliament knows
	@$(python) -m modules.iam.refresh_actions

instance-types: ready-tests ## renew the table of EC2 types (FILES: what describe-instance-types printed)
	@$(python) -m modules.ec2.refresh_instance_types $(FILES)

diff: ready-synth ## show what Terraform would change (ENVIRONMENT=dev)
	@$(python) -O main.py diff $(ENVIRONMENT) $(if $(TERRAFORM_ARGUMENTS),-- $(TERRAFORM_ARGUMENTS))

deploy: ready-synth ## deploy all stacks of an environment (ENVIRONMENT=dev)
	@$(python) -O main.py deploy $(ENVIRONMENT) $(if $(TERRAFORM_ARGUMENTS),-- $(TERRAFORM_ARGUMENTS))

rehearse: ready-rehearse ## apply environments to a local AWS (ENVIRONMENT=dev, THEN=main); needs Terraform
	@$(python) -O main.py rehearse $(ENVIRONMENT) $(if $(THEN),--then $(THEN))

edits: ready-tests ## rehearse the edits of production, and write docs/edits.md; needs Terraform
	@$(python) -m reference.rehearse_edits

settings-rehearsal: ready-tests ## rehearse one edit of every optional setting of production; needs Terraform
	@$(python) -m tests.rehearse_settings

bundle: ready-synth ## write a folder and an archive for a platform team to bundles (ENVIRONMENT=dev)
	@$(python) -O main.py bundle $(ENVIRONMENT) $(if $(REPORT),--findings $(REPORT))

report: ready-report ## write a page about an environment to reports (ENVIRONMENT=dev, SINCE=main): settings, permissions, limits
	@$(python) -O main.py report $(ENVIRONMENT) $(if $(REPORT),--findings $(REPORT)) $(if $(SINCE),--since $(SINCE))

report-check: ready-tests ## look at the pages in a browser: what axe-core finds, keyboard, phones, paper; needs Chromium
	@$(python) -m tests.reporting

scan: synth ready-tests ## let checkov and parliament look at what is synthesized (ENVIRONMENT=prod, REPORT=folder)
	@scripts/scan.sh $(or $(ENVIRONMENT),prod) $(if $(REPORT),--report $(REPORT))

proofs: synth ready-tests ## prove that roles and teams may do what their settings name, and nothing else (REPORT=folder)
	@$(python) -m proofs cdktf.out $(ENVIRONMENT:%=--environment %) $(if $(REPORT),--report $(REPORT))

clean: ## remove .venv, cdktf.out, bundles, reports and all caches; no state, no environment
	@rm -rf .venv .venv-scan cdktf.out bundles reports .mypy_cache .pytest_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

ready-synth:
	@scripts/setup.sh synth

ready-report:
	@scripts/setup.sh report

ready-rehearse:
	@scripts/setup.sh rehearse

ready-tests:
	@scripts/setup.sh tests
