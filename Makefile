# Two commands set everything up: `make demo` and `make test`.
# Both need Python 3.11 or newer, pip and make; everything else they install into .venv. Two things may be missing on the
# system: Python's venv module, and Chromium for the tests of pages. When root, make says so and installs them with
# apt-get; with `make APT=no ...` it installs nothing on the system and says what is missing.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
export SHARED ?= ../shared
export APT ?= yes

.PHONY: help demo test test-long test-engines lint bench screenshots lock reference sbom docs clean

help: ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: $(VENV)/.core ## set up and print the assessment of a shipped example
	@$(BIN)/trabecula assess examples/ms_woman_44.yaml

test: $(VENV)/.dev $(VENV)/.browser lint ## set up, lint and run the tests
	@$(BIN)/python -m pytest -n 2

test-long: $(VENV)/.dev $(VENV)/.browser $(VENV)/.docs ## what takes longer: the package in empty environments (needs an index), tutorials, the site
	@TRABECULA_LONG=1 $(BIN)/python -m pytest -m long -rs
	@$(BIN)/python scripts/make_site.py build/docs

test-engines: $(VENV)/.dev $(VENV)/.engines ## one register of 20,000 people on DuckDB, PostgreSQL and Spark, one run of lives by Dask: the same tables
	@TRABECULA_ENGINES=1 $(BIN)/python -m pytest tests/adapters/test_omop_engines.py tests/simulation/test_dask.py

lint: $(VENV)/.dev ## style, types, layers
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/pyright --warnings
	@$(BIN)/lint-imports --no-cache

bench: $(VENV)/.dev ## speed: the kernel beside scipy's LSODA with achieved errors, risks of 100,000 people, three plans, a page's answer and how it grows, a register, a chart by CDS Hooks, start-up
	@$(BIN)/python benchmarks/kernel.py
	@$(BIN)/python benchmarks/fracture.py
	@$(BIN)/python benchmarks/plans.py
	@$(BIN)/python benchmarks/answer.py
	@$(BIN)/python benchmarks/slopes.py
	@$(BIN)/python benchmarks/register.py
	@$(BIN)/python benchmarks/hooks.py
	@$(BIN)/python benchmarks/startup.py

screenshots: $(VENV)/.dev $(VENV)/.browser ## pictures of every page (desktop, phone, print) in screenshots/
	@$(BIN)/python scripts/make_screenshots.py
	@$(BIN)/python scripts/make_screenshots_web.py screenshots/web

reference: $(VENV)/.core ## renew the generated pages in docs/reference, and the example in README.md
	@$(BIN)/python scripts/make_reference.py
	@$(BIN)/python scripts/make_readme.py

sbom: $(VENV)/.core ## a software bill of materials of what the commands need (CycloneDX) in build/sbom.cdx.json
	@$(BIN)/python scripts/make_sbom.py core -o build/sbom.cdx.json

docs: $(VENV)/.docs ## the documentation as a site in build/docs, tutorials executed; a warning is an error
	@$(BIN)/python scripts/make_site.py build/docs

lock: $(VENV)/.dev ## renew the hashed lock files
	@$(PIP) install uv
	$(BIN)/uv pip compile $(LOCKFLAGS) pyproject.toml requirements/build.in --extra web --extra frame -o requirements/core.txt
	$(BIN)/uv pip compile $(LOCKFLAGS) pyproject.toml requirements/build.in --extra dev -c requirements/core.txt -o requirements/dev.txt
	$(BIN)/uv pip compile $(LOCKFLAGS) pyproject.toml requirements/build.in --extra docs -c requirements/dev.txt -o requirements/docs.txt
	$(BIN)/uv pip compile $(LOCKFLAGS) pyproject.toml requirements/build.in --extra spark --extra dask -c requirements/dev.txt -o requirements/engines.txt
LOCKFLAGS := --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate

$(VENV)/.python:
	@scripts/make_venv.sh "$(PYTHON)" $(VENV)
	@touch $@

$(VENV)/.core: $(VENV)/.python requirements/core.txt pyproject.toml
	@echo "Installing what the commands of the README need, in $(VENV) (once) ..."
	@$(PIP) install --require-hashes -r requirements/core.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.core requirements/dev.txt
	@echo "Installing what the tests need, in $(VENV) (once) ..."
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

# Pages are tested in a real browser.
$(VENV)/.browser: $(VENV)/.python
	@scripts/find_browser.sh
	@touch $@

# What builds the site; the tests do without it.
$(VENV)/.docs: $(VENV)/.core requirements/docs.txt
	@echo "Installing what the documentation needs, in $(VENV) (once) ..."
	@$(PIP) install --require-hashes -r requirements/docs.txt
	@touch $@

# Spark is large and needs Java; nothing but its own test asks for it.
$(VENV)/.engines: $(VENV)/.dev requirements/engines.txt
	@scripts/find_java.sh
	@$(PIP) install --require-hashes -r requirements/engines.txt
	@touch $@

clean: ## remove what make made
	rm -rf $(VENV) .hypothesis .ruff_cache
