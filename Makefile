# `make` lists the targets. Everything runs in .venv, which the first target that needs it makes.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
SPARK_READY := $(VENV)/.spark-ready
DEMO := demo-workspace

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-slow test-spark hard check format docs bench bench-spark clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY) ## make .venv with everything the toolkit needs

$(READY): pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11, 3.12 or 3.13 is needed, this is " + sys.version.split()[0] + ". Hint: make setup PYTHON=python3.11") if not (3, 11) <= sys.version_info[:2] <= (3, 13) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

demo: $(READY) ## set up, invent a city, run every job on it, print what was found and missed
	$(BIN)/fraud --workspace $(DEMO) demo

# Two test processes share two cores: threads that wait for each other must not spin.
test test-slow hard test-spark: export OMP_WAIT_POLICY := passive

test: $(READY) ## set up and run the tests (minutes)
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m 'not slow and not spark'

test-slow: $(READY) ## the long tests
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m slow

hard: $(READY) ## corruptions, kills, full disks, attacks and equal bytes, with counts (most of an hour)
	$(BIN)/python -m tests.hard

test-spark: $(SPARK_READY) ## install PySpark and run the features on Spark (Java needed)
	$(BIN)/python -m pytest -m spark

$(SPARK_READY): $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,spark]'
	@touch $@

check: $(READY) ## lint, format, types and floors
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(READY) ## let ruff format and mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(READY) ## write the generated catalogues in docs/ anew
	$(BIN)/fraud features --format markdown > docs/features.md
	$(BIN)/fraud rules list --format markdown > docs/rules.md
	$(BIN)/python -c 'from fraud.cli.settings_page import render_settings; print(render_settings(), end="")' > docs/settings.md

bench: $(READY) ## measure speed and memory as ratios, up to 18 million lines (an hour)
	$(BIN)/python -m experiments.benchmarks.city
	$(BIN)/python -m experiments.benchmarks.ingest
	$(BIN)/python -m experiments.benchmarks.features --scales medium large
	$(BIN)/python -m experiments.benchmarks.rules --scales medium large
	$(BIN)/python -m experiments.benchmarks.rings
	$(BIN)/python -m experiments.benchmarks.ledger

bench-spark: $(SPARK_READY) ## measure profiles on DuckDB and on Spark (Java needed)
	$(BIN)/python -m experiments.benchmarks.engines

clean: ## remove .venv, caches and the demo's workspace
	rm -rf $(VENV) $(DEMO) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache *.egg-info build
