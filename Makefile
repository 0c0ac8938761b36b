# make site   build the briefing site        make test   run the whole suite
# `make` or `make help` lists the rest. The virtual environment is .venv; PYTHON chooses the interpreter that makes it.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DATA ?= ../shared

.PHONY: help site serve check test browser eval bench train format clean
.DEFAULT_GOAL := help

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

site: $(VENV)/.site  ## set up, read seeds/, write docs/, build and verify site/
	@$(BIN)/briefbook build

serve: $(VENV)/.site  ## show the site on this machine, and again after every change
	@$(BIN)/briefbook serve

check: $(VENV)/.site  ## report problems in the seeds and the built site
	@$(BIN)/briefbook check --site

test: $(VENV)/.test browser  ## set up, then ruff, mypy and the whole test suite
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n 2

browser: $(VENV)/.test
	@$(BIN)/python tests/browser_setup.py

eval: $(VENV)/.test  ## measure what is read out of annotated articles (DATA=folder)
	@$(BIN)/python generator/training/evaluate.py --data "$(DATA)"

bench: $(VENV)/.test  ## speed, as ratios against peers measured in the same run
	@$(BIN)/python tests/bench.py --data "$(DATA)"

train: $(VENV)/.site  ## fine-tune the recognizer on annotated articles (DATA=folder)
	@test -d "$(DATA)/gold" || { $(BIN)/python generator/training/train.py --data "$(DATA)"; exit 2; }
	@test -d .venv-train || $(PYTHON) -m venv .venv-train
	@.venv-train/bin/pip install --quiet --disable-pip-version-check --requirement generator/training/requirements.txt
	.venv-train/bin/python generator/training/train.py --data "$(DATA)"

format: $(VENV)/.test  ## format the code and sort its imports
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:  ## remove everything that the other targets made, but not the seeds
	rm -rf site .cache .mypy_cache .pytest_cache .ruff_cache .hypothesis $(VENV) .venv-train

$(VENV)/.site: requirements/site.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11 ...")'
	@echo "setting up $(VENV)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check --requirement requirements/site.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.test: $(VENV)/.site requirements/test.txt
	@echo "setting up the tests"
	@$(BIN)/pip install --quiet --disable-pip-version-check --requirement requirements/test.txt
	@touch $@
