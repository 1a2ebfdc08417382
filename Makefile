# Almanac's chores. `make help` lists them.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
TEMPLATES := src/almanac/faces/web/templates src/almanac/press/templates
DJANGOFMT := --line-length 118 --indent-width 2
COVERAGE := --cov=almanac.core --cov=almanac.actions --cov=almanac.sources --cov-branch \
	--cov-report=term:skip-covered --cov-fail-under=90
export PIP_DISABLE_PIP_VERSION_CHECK := 1

help: ## list the chores
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: .venv/installed ## make .venv and install Almanac from the lock

demo: setup ## look around an example year in the browser
	$(BIN)/almanac demo

test: lint system ## lint, check types and contracts, run every test with its coverage
	$(BIN)/python -m pytest $(COVERAGE)

lint: .venv/developing ## ruff, templates, dead code, import contracts and types, without the tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djangofmt --check $(DJANGOFMT) $(TEMPLATES)
	$(BIN)/python tests/dead_code.py
	$(BIN)/lint-imports
	$(BIN)/mypy

format: .venv/developing ## let ruff and djangofmt put code and templates in order
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/djangofmt $(DJANGOFMT) $(TEMPLATES)

mutants: .venv/developing ## change core and actions at 60 random places; do the tests notice?
	$(BIN)/python tests/mutants.py

bench: .venv/developing ## measure every figure the README claims
	$(BIN)/python benchmarks/run.py

docs: .venv/developing ## write docs/reference anew from the code
	$(BIN)/python docs/generate.py

lock: .venv/developing ## compile the locks anew (needs uv)
	uv pip compile -q pyproject.toml --group build --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -o requirements/run.txt
	uv pip compile -q pyproject.toml --group build --group dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -o requirements/dev.txt

system: ## install Chromium and PostgreSQL for the tests, where that is possible
	@sh tests/system-packages.sh

.venv/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Almanac needs Python 3.11 or newer; name one with: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv .venv
	@touch $@

.venv/installed: .venv/python requirements/run.txt pyproject.toml
	$(BIN)/pip install --quiet --require-hashes --requirement requirements/run.txt
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

.venv/developing: .venv/installed requirements/dev.txt
	$(BIN)/pip install --quiet --require-hashes --requirement requirements/dev.txt
	@touch $@

.PHONY: help setup demo test lint format mutants bench docs lock system
