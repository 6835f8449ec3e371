# Terrabatch. `make help` lists what there is. Every target makes .venv itself when it is missing, stale or broken.

PYTHON ?= python3
ENVIRONMENT ?= dev
export CHECKPOINT_DISABLE := 1
.DEFAULT_GOAL := help
.ONESHELL:
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

SYNTH_READY := .venv/ready-synth
TESTS_READY := .venv/ready-tests

.PHONY: help
help: ## list these targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20
