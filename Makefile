# Everything below sets itself up: the first call makes .venv from the pinned lists, later calls reuse it.
# Needed on the machine: make and a Python of at least 3.12 (with its venv module). Another interpreter: make PYTHON=/path/to/python3 run

VENV := .venv
BIN := $(VENV)/bin
OUT := results/stockholm-city
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --quiet
PINNED := $(PIP) --require-hashes -r requirements

COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.12 --no-header --generate-hashes $(UPGRADE)

# The first of these that runs, is new enough and can make an environment is used.
CANDIDATES = $(PYTHON) python$(shell cat .python-version) python3.13 python3.12 python3.14 python3 python \
	$(wildcard $(HOME)/.pyenv/versions/3.1[2-9]*/bin/python3)
SUITABLE = import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 12))

.PHONY: help run app demo browser frames test smoke wheel pins sabotage plans fuzz kills corners pages lint bench side-by-side warm validate gate clean

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | awk -F'\t' '{printf "make %-12s %s\n", $$1, $$2}'

run: $(VENV)/run.stamp ## simulate the City of Stockholm, print the headline, leave results/stockholm-city
	$(BIN)/odssim run scenarios/stockholm-city.toml --out $(OUT)

app: $(VENV)/live.stamp ## serve the live page on this machine (ARGS="--class" for a class)
	$(BIN)/odssim app $(ARGS)

demo: $(VENV)/run.stamp ## show everything once, in about a minute
	$(BIN)/odssim demo

browser: $(VENV)/browser.stamp ## test the live page in the system's Chromium
	$(BIN)/python -m pytest tests/browser -m browser $(ARGS)

frames: $(VENV)/browser.stamp ## measure the live page's frames a second, write benchmarks/frames.json
	PYTHONPATH=tests $(BIN)/python -m browser.frames

test: $(VENV)/dev.stamp ## run the tests on two cores (ARGS="-k word" to choose)
	@$(BIN)/odssim run scenarios/teaching-town.toml --days 1 --set burn_in_days=0 --out results/warm >/dev/null
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile $(ARGS)

smoke: $(VENV)/run.stamp ## the main commands on each supported Python found here: the same bytes (some three minutes)
	$(BIN)/python tests/smoke.py $(ARGS)

wheel: $(VENV)/run.stamp ## build wheel and sdist, and do the main job with each in an environment of its own (some minutes)
	$(BIN)/python tests/wheel.py

pins: $(VENV)/run.stamp ## pin requirements/*.txt anew, with hashes (UPGRADE=--upgrade for newer versions)
	@$(PIP) uv==0.13.9
	$(COMPILE) pyproject.toml requirements/build.in -o requirements/run.txt
	$(COMPILE) pyproject.toml requirements/build.in --extra dev --extra geo --extra live -c requirements/run.txt -o requirements/dev.txt
	$(COMPILE) pyproject.toml --extra live -c requirements/dev.txt -o requirements/live.txt
	$(COMPILE) pyproject.toml --extra browser --extra dev --extra live -c requirements/dev.txt -o requirements/browser.txt

sabotage: $(VENV)/dev.stamp ## break the rules one by one; the twin must notice (about 40 minutes)
	$(BIN)/python tests/reference/sabotage.py $(ARGS)

plans: $(VENV)/dev.stamp ## change the live page's plan 1,000 times; memory may rise by 600 MB at most (some minutes)
	PYTHONPATH=tests $(BIN)/python -m app.test_memory $(ARGS)

fuzz: $(VENV)/dev.stamp ## give every reader any bytes (ARGS="--examples 500 --seed 7"); exit 0 or 2, no traceback (some minutes)
	PYTHONPATH=tests $(BIN)/python -m fuzz.test_any_bytes $(ARGS)

kills: $(VENV)/dev.stamp ## kill a batch of 2,000 runs and its workers forty times; nothing may be lost (some minutes)
	PYTHONPATH=tests $(BIN)/python -m study.kills $(ARGS)

corners: $(VENV)/dev.stamp ## run 200 random corners of all declared ranges; everything must balance, nothing may warn (ten minutes)
	PYTHONPATH=tests $(BIN)/python -m properties.corners 0 200

sizes: $(VENV)/dev.stamp ## how often each estimator of an evaluation rejects a true null, write benchmarks/sizes.csv (some two hours; ARGS="--panels 500" for less)
	PYTHONPATH=tests $(BIN)/python -m evaluation.sizes $(ARGS)

pages: $(VENV)/dev.stamp ## write anew what documents and docstrings take from the code (a test compares)
	for page in state_page odd_nested odd_table rooms_page; do PYTHONPATH=tests $(BIN)/python -m architecture.$$page || exit 1; done

lint: $(VENV)/dev.stamp ## style, formatting and types
	$(BIN)/ruff check src tests experiments benchmarks
	$(BIN)/ruff format --check src tests experiments benchmarks
	$(BIN)/mypy

bench: $(VENV)/dev.stamp ## measure speed and memory, write benchmarks/latest.json
	$(BIN)/python benchmarks/run.py

side-by-side: $(VENV)/run.stamp ## the same questions asked of odssim, Mesa's batch_run and SALib alone (some minutes)
	$(BIN)/python benchmarks/side_by_side.py

warm: $(VENV)/run.stamp ## compile the engine once, ahead of the first run
	$(BIN)/odssim run scenarios/teaching-town.toml --days 1 --set burn_in_days=0 --out results/warm

validate: $(VENV)/run.stamp ## compare the model with the published patterns
	$(BIN)/odssim validate --out results/validation

gate: $(VENV)/run.stamp ## the patterns at a small size; fails if one falls short that is not known to
	$(BIN)/odssim validate --quick --gate

clean: ## remove the environments and all results
	rm -rf $(VENV) $(VENV)-3.* results

$(BIN)/python:
	@for candidate in $(CANDIDATES); do \
		if $$candidate -c '$(SUITABLE)' >/dev/null 2>&1; then found=$$candidate; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
		echo "odssim needs Python 3.12 or newer with venv; none found (name one: make PYTHON=/path/to/python3 run)" >&2; \
		exit 1; \
	fi; \
	echo "making $(VENV) with $$($$found --version)" >&2; \
	$$found -m venv --clear $(VENV) || { rm -rf $(VENV); exit 1; }

$(VENV)/run.stamp: requirements/run.txt pyproject.toml | $(BIN)/python
	@echo "installing what odssim needs (once)" >&2
	@$(PINNED)/run.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt $(VENV)/run.stamp
	@echo "installing what the tests need (once)" >&2
	@$(PINNED)/dev.txt
	@touch $@

$(VENV)/live.stamp: requirements/live.txt $(VENV)/run.stamp
	@echo "installing what the live page needs (once)" >&2
	@$(PINNED)/live.txt
	@touch $@

$(VENV)/browser.stamp: requirements/browser.txt $(VENV)/dev.stamp $(VENV)/live.stamp
	@echo "installing what drives the browser (once)" >&2
	@$(PINNED)/browser.txt
	@touch $@
