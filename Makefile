# Two commands are all a newcomer needs: `make run` and `make test`.
PYTHON ?= python3
PORT ?= 8001
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: run test check format docs datapackage clean

## Set everything up, build the sample and serve it on http://127.0.0.1:8001/
run: $(READY)
	$(BIN)/yusuan build datapackage/source --output build/sample
	$(BIN)/yusuan serve build/sample --port $(PORT)

## Set everything up and pass all tests
test: $(READY)
	$(BIN)/python -m pytest -n 2

## Types and style
check: $(READY)
	$(BIN)/ruff check src tests
	$(BIN)/ruff format --check src tests
	$(BIN)/mypy

format: $(READY)
	$(BIN)/ruff check --fix src tests
	$(BIN)/ruff format src tests

## Write the command help, the data dictionary and the rules into docs/
docs: $(READY)
	$(BIN)/python -m yusuan.cli.reference > docs/cli.md
	$(BIN)/python -m yusuan.cli.dictionary > docs/data-dictionary.md
	$(BIN)/python -m yusuan.cli.rulebook > docs/rules.md

## Rebuild the committed package from the committed sample
datapackage: $(READY)
	$(BIN)/yusuan build datapackage/source --output datapackage

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "yusuan needs Python 3.11 or newer; try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $(READY)

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
