# Two commands: `make inventory` and `make test`. Both set up what they need in .venv, from PyPI alone.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: inventory test coverage lowest lint docs benchmark wheel clean

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
	$(BIN)/python -m pytest -n auto

# The same, with the lines that no test runs.
coverage: $(VENV)/dev
	$(BIN)/python -m pytest -n auto --cov --cov-report=term

# The lowest versions that pyproject.toml declares, in an environment of their own.
lowest:
	$(PYTHON) -m venv $(VENV)-lowest
	$(VENV)-lowest/bin/pip install --quiet uv
	$(VENV)-lowest/bin/uv pip install --quiet --python $(VENV)-lowest --resolution lowest-direct '.[all]'
	$(VENV)-lowest/bin/pip install --quiet pytest hypothesis websockets odfpy xlwt
	$(VENV)-lowest/bin/python -m pytest -q -p no:cacheprovider tests/sectors/energy/test_trace.py tests/balances/test_layout.py tests/uncertainty/test_approach2.py tests/report/test_data_out.py tests/report/test_workbook.py tests/analysis/test_decomposition_published.py tests/indices/test_worked.py tests/equations

lint: $(VENV)/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet carbonacct
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(VENV)/dev
	$(BIN)/sphinx-build -q -W --keep-going -b html docs docs/_build

benchmark: $(VENV)/dev
	$(BIN)/python -m benchmarks

wheel: $(VENV)/dev
	$(BIN)/pip wheel --quiet --no-deps --wheel-dir dist .

clean:
	rm -rf $(VENV) $(VENV)-lowest dist output docs/_build
