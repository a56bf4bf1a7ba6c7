# Two commands are all a newcomer needs: `make run` and `make test`.
PYTHON ?= python3
PORT ?= 8001
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
LOWEST_PYTHON ?= $(shell command -v python3.11 || echo $(PYTHON))
LOWEST := build/lowest

# Tests start hundreds of processes: each would compile every module anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test test-full check format docs datapackage lowest lock licences audit clean

## Set everything up, build the sample and serve it on http://127.0.0.1:8001/
run: $(READY)
	$(BIN)/yusuan build datapackage/source --output build/sample
	$(BIN)/yusuan serve build/sample --port $(PORT)

## Set everything up and pass all tests
test: $(READY)
	$(BIN)/python -m pytest -n 2 --dist loadfile

## The same, and all of what the tests otherwise take a few of: every layout in every format, a real CKAN
test-full: $(READY)
	YUSUAN_FULL=1 $(BIN)/python -m pytest -n 2 --dist loadfile

## Types and style, and whether every module of the tests can be imported
check: $(READY)
	$(BIN)/ruff check src tests benchmarks
	$(BIN)/ruff format --check src tests benchmarks
	$(BIN)/mypy
	$(BIN)/mypy --platform win32 src
	@told=$$($(BIN)/python -m pytest --collect-only -qq) || { echo "$$told" | grep -v '\.py: [0-9]*$$'; exit 1; }

format: $(READY)
	$(BIN)/ruff check --fix src tests benchmarks
	$(BIN)/ruff format src tests benchmarks

## Write the command help, the data dictionary and the rules into docs/
docs: $(READY)
	$(BIN)/python -m yusuan.cli.reference commands > docs/cli.md
	$(BIN)/python -m yusuan.cli.reference commands zh > docs/cli.zh-CN.md
	$(BIN)/python -m yusuan.cli.reference dictionary > docs/data-dictionary.md
	$(BIN)/python -m yusuan.cli.rules > docs/rules.md
	$(BIN)/python -m yusuan.cli.rules --schema > schemas/rules.schema.json

## Rebuild the committed package from the committed sample
datapackage: $(READY)
	$(BIN)/yusuan build datapackage/source --output datapackage

# What is installed, to the file. `make LOCK= …` installs the newest releases within the bounds of
# pyproject.toml instead: for platforms that the lock has no files for.
LOCK ?= requirements/development.txt

$(READY): pyproject.toml requirements/development.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "yusuan needs Python 3.11 or newer; try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	.ci/install $(PYTHON) $(VENV) $(LOCK)
	@touch $(READY)

## The smoke tests on the minimums that pyproject.toml states; needs Python 3.11
lowest:
	@$(LOWEST_PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || \
		{ echo "requirements/lowest.txt is for Python 3.11; try: make LOWEST_PYTHON=…/python3.11 lowest"; exit 1; }
	rm -rf $(LOWEST)
	.ci/install $(LOWEST_PYTHON) $(LOWEST) requirements/lowest.txt
	$(LOWEST)/bin/python -m pytest --override-ini addopts= -q -m smoke -W ignore::DeprecationWarning \
		$$(grep -rl --include='test_*.py' pytest.mark.smoke tests)

## Write the locks in requirements/ anew; `make lock UPGRADE=--upgrade` takes the newest releases
lock:
	PYTHON=$(PYTHON) .ci/lock $(UPGRADE)

## Fail where yusuan runs on something whose licence is not allowed
licences: $(READY)
	$(BIN)/python -m tests.dependencies licences

## Ask an advisory service about every locked version
audit: $(READY)
	.ci/audit

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
