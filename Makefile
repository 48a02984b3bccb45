# Everything runs from .venv, which is made when it is missing and brought up to date when
# pyproject.toml or constraints.txt have changed. Needs python3 (3.11 or newer) and make.

# The first of these that is new enough; `make PYTHON=/path/to/python demo` names another.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
PINS := pyproject.toml constraints.txt
BASEMAP := src/entrepot/drawing/countries-110m.json
WORLD_ATLAS := world-atlas@2.0.2
PAGE := src/entrepot/web/built/index.html
PAGE_SOURCES := $(shell find web -type f -not -path '*/node_modules/*' 2>/dev/null)

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo basemap web test test-quick test-lowest lint format docs bench pins clean

help: ## show this list
	@grep -E '^[a-z-]+:.*##' Makefile | sed -e 's/:.*## /:/' | awk -F: '{ printf "  make %-12s %s\n", $$1, $$2 }'

demo: $(VENV)/run.stamp basemap web ## install, then clear the shipped study and show the answer
	$(BIN)/entrepot demo

basemap: $(BASEMAP) ## coasts and borders for maps, from npm where it is there

web: $(PAGE) ## the page of the atlas, where npm is there to build it

test: $(VENV)/dev.stamp basemap web ## install, then run every test
	$(BIN)/python -m pytest -n auto

test-quick: $(VENV)/dev.stamp ## the tests that take no more than a few seconds each
	$(BIN)/python -m pytest -n auto -m 'not slow'

lint: $(VENV)/dev.stamp ## format, style, types, layers and house rules
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy src tests scripts
	$(BIN)/lint-imports --no-logo
	$(BIN)/python scripts/house_rules.py

format: $(VENV)/dev.stamp ## put the code into the one format
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

docs: $(VENV)/dev.stamp ## build the manual into site/
	$(BIN)/python scripts/reference.py
	$(BIN)/zensical build --clean --strict --config-file mkdocs.yml

bench: $(VENV)/bench.stamp ## measure against the peers and write docs/benchmarks*.md
	$(BIN)/python benchmarks/clearing.py
	$(BIN)/python benchmarks/routing.py
	$(BIN)/python benchmarks/trade.py
	$(BIN)/python benchmarks/gravity.py
	$(BIN)/python benchmarks/atlas.py

test-lowest: pyproject.toml ## the quick tests with the oldest versions that pyproject.toml allows
	@$(CHECK_PYTHON)
	rm -rf .venv-lowest
	$(PYTHON) -m venv .venv-lowest
	.venv-lowest/bin/python scripts/lowest.py > .venv-lowest/lowest.txt
	.venv-lowest/bin/python -m pip --disable-pip-version-check --quiet install -e '.[test]' -c .venv-lowest/lowest.txt
	.venv-lowest/bin/python -m pytest -n auto -m 'not slow'

pins: pyproject.toml ## write constraints.txt anew from a clean install of today's versions
	@$(CHECK_PYTHON)
	rm -rf .venv-pins
	$(PYTHON) -m venv .venv-pins
	.venv-pins/bin/python -m pip --disable-pip-version-check --quiet install -e '.[dev]'
	.venv-pins/bin/python scripts/pins.py > constraints.txt
	rm -rf .venv-pins

clean: ## remove the environments and everything built
	rm -rf $(VENV) .venv-lowest .venv-pins build dist site .mypy_cache .pytest_cache .ruff_cache .import_linter_cache

CHECK_PYTHON = test -n "$(PYTHON)" || { echo "entrepot needs Python 3.11 or newer: install it, or say make PYTHON=/path/to/python …" >&2; exit 1; }

$(VENV)/run.stamp: $(PINS)
	@$(CHECK_PYTHON)
	test -x $(BIN)/pip || $(PYTHON) -m venv --clear $(VENV)
	$(PIP) install -e . -c constraints.txt
	touch $@

# Natural Earth (public domain), packed by world-atlas (ISC licence). Maps do without it: no failure
# to get it stops anything.
$(BASEMAP):
	@if command -v npm > /dev/null && mkdir -p build/basemap && npm install --prefix build/basemap \
		--no-save --no-audit --no-fund --ignore-scripts --loglevel=error $(WORLD_ATLAS) > /dev/null; then \
		cp build/basemap/node_modules/world-atlas/LICENSE $(@:.json=.LICENSE) && \
		cp build/basemap/node_modules/world-atlas/countries-110m.json $@ && echo "basemap: $@"; \
	else echo "basemap: not installed (npm is not there, or could not fetch it); maps show a net of degrees"; fi

# Exact versions stand in web/package.json; there is no lock file, because it would record where each
# package was fetched. `entrepot view` does without the page: no failure to build it stops anything.
$(PAGE): $(PAGE_SOURCES)
	@if command -v npm > /dev/null && npm install --prefix web --no-package-lock --no-audit --no-fund \
		--ignore-scripts --loglevel=error > /dev/null && npm run --prefix web --silent build > /dev/null; then \
		touch $@ && echo "web: $@"; \
	else echo "web: not built (npm is not there, is too old, or could not fetch what it needs); entrepot view shows the report"; fi

# The wheels let a test install the built package into an empty environment without a network.
$(VENV)/dev.stamp: $(PINS)
	@$(CHECK_PYTHON)
	test -x $(BIN)/pip || $(PYTHON) -m venv --clear $(VENV)
	$(PIP) install -e '.[dev]' -c constraints.txt
	rm -rf $(VENV)/wheels
	$(PIP) wheel . -c constraints.txt --wheel-dir $(VENV)/wheels
	touch $(VENV)/run.stamp $@

$(VENV)/bench.stamp: $(VENV)/dev.stamp
	$(PIP) install -e '.[bench]' -c constraints.txt
	touch $@
