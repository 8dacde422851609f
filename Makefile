# Two commands: `make inventory` and `make test`. Both set up what they need in .venv, from PyPI alone.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: inventory test lint docs benchmark wheel clean

$(VENV)/user: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/pip install --quiet -e .
	touch $@

$(VENV)/dev: $(VENV)/user
	$(BIN)/pip install --quiet -e '.[dev]'
	touch $@

inventory: $(VENV)/user
	@mkdir -p output
	$(BIN)/carbonacct inventory docs/tables/chongqing_2007.csv --method provincial-2011 -o output/chongqing_2007.csv -o output/chongqing_2007.xlsx -o output/chongqing_2007.json --overwrite

test: $(VENV)/dev lint docs
	$(BIN)/python -m pytest -n auto --cov --cov-report=term

lint: $(VENV)/dev
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(VENV)/dev
	$(BIN)/sphinx-build -q -W --keep-going -b html docs docs/_build

benchmark: $(VENV)/dev
	$(BIN)/python -m benchmarks

wheel: $(VENV)/dev
	$(BIN)/pip wheel --quiet --no-deps --wheel-dir dist .

clean:
	rm -rf $(VENV) dist output docs/_build
