# make test | faults | demo | lint | samples | bench | clean: each from nothing, on Debian with Python 3.11.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: test faults lint demo samples bench clean packages

# A file's tests stay together, as they share what takes long; in their order, so that long files do
# not come last.
test: lint
	$(BIN)/pytest -m "not slow" -n auto --dist loadfile --no-loadscope-reorder

# Seeded rounds, each a whole batch under kill -9 and worse; the short form is in `make test`.
faults: $(VENV)/dev.stamp
	$(BIN)/python -m tests.faults --rounds 6
	$(BIN)/python -m tests.faults --rounds 1 --fault ledger-long --fault hang

lint: $(VENV)/dev.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

demo: $(VENV)/base.stamp
	$(BIN)/python -m samples.demo

samples: $(VENV)/dev.stamp
	$(BIN)/python -m samples.draw
	$(BIN)/python -m samples.walkthrough

bench: $(VENV)/bench.stamp
	$(BIN)/python -m bench.accuracy
	$(BIN)/python -m bench.page_cost
	$(BIN)/python -m bench.batch

clean:
	rm -rf $(VENV) demo build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis

# Stamps: an install is repeated only when pyproject.toml is newer. Each holds the one before it.
$(VENV)/base.stamp: pyproject.toml | $(BIN)/python
	$(PIP) --editable .
	touch $@

$(VENV)/dev.stamp: pyproject.toml | $(BIN)/python
	$(PIP) --editable ".[dev]"
	touch $(VENV)/base.stamp $@

$(VENV)/bench.stamp: pyproject.toml | $(BIN)/python
	$(PIP) --editable ".[dev,bench]"
	touch $(VENV)/base.stamp $(VENV)/dev.stamp $@

$(BIN)/python: | packages
	$(PYTHON) -m venv $(VENV)

# What pip cannot bring: poppler (pdftoppm) and, on a bare Debian, Python's venv.
packages:
	@missing=""; \
	command -v pdftoppm >/dev/null || missing="poppler-utils"; \
	$(PYTHON) -c "import ensurepip, venv" 2>/dev/null || missing="$$missing python3-venv"; \
	if [ -z "$$missing" ]; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ]; then run=""; \
	elif sudo -n true 2>/dev/null; then run="sudo"; \
	else echo "missing: $$missing; install it first (Debian: apt-get install $$missing)" >&2; exit 1; fi; \
	$$run apt-get update --quiet=2 && $$run apt-get install --quiet=2 --yes $$missing \
	|| { echo "missing: $$missing; install it by your system's package manager" >&2; exit 1; }
