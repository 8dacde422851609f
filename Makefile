# Two commands: `make inventory` and `make test`; before a change is handed in, `make check` as well. All set up what they need in .venv, from PyPI alone.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# One more than the cores: a fifth of the time tests wait for a browser, a server or another process.
WORKERS := $(shell $(PYTHON) -c "import os; print((os.cpu_count() or 1) + 1)")

# Hundreds of processes import the program: compiled once, whatever the shell says.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: inventory check test pictures laws coverage primap2 lowest newest lint docs benchmark wheel portable bill audit clean

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

# Style, types, rooms and the pages, side by side.
check: $(VENV)/dev
	$(MAKE) --no-print-directory -j2 lint docs

test: $(VENV)/dev
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

# The pictures of the documentation, in Chromium.
pictures: $(VENV)/dev
	$(BIN)/python -m tests.pictures

# The laws alone, with new and more examples: what they find becomes an @example beside the law.
laws: $(VENV)/dev
	$(BIN)/python -m pytest -n auto -m hypothesis --hypothesis-profile=long

# The suite, with the lines that no test runs.
coverage: $(VENV)/dev
	$(BIN)/python -m pytest -n auto --cov --cov-report=term

# Some of the tests in environments of their own: at the lowest versions that pyproject.toml declares, and under later
# versions of Python, as far as they are installed.
SOME := tests/sectors/energy/test_trace.py tests/balances/test_layout.py tests/uncertainty/test_approach2.py \
	tests/report/test_data_out.py tests/report/test_workbook.py tests/analysis/test_decomposition_published.py \
	tests/indices/test_worked.py tests/equations
TESTING := pytest hypothesis websockets odfpy xlwt

$(VENV)-uv/bin/uv:
	$(PYTHON) -m venv $(VENV)-uv
	$(VENV)-uv/bin/pip install --quiet uv

lowest: $(VENV)-uv/bin/uv
	$(PYTHON) -m venv $(VENV)-lowest
	$< pip install --quiet --python $(VENV)-lowest --resolution lowest-direct '.[all]'
	$< pip install --quiet --python $(VENV)-lowest $(TESTING)
	$(VENV)-lowest/bin/python -m pytest -q -p no:cacheprovider $(SOME)

# What is written for primap2, opened by it: an environment of its own, since it needs older versions of others and warns of them.
primap2: $(VENV)-uv/bin/uv
	$(PYTHON) -m venv $(VENV)-primap2
	$< pip install --quiet --python $(VENV)-primap2 '.[all]' primap2 $(TESTING)
	$(VENV)-primap2/bin/python -m pytest -q -p no:cacheprovider -W default -k primap2 tests/report/test_data_out.py tests/report/test_report_of_sectors.py

newest: $(VENV)-uv/bin/uv
	for version in 3.12 3.13 3.14; do \
		found=$$(python$$version -c 'import sys; print(sys.executable)' 2>/dev/null || \
			ls -d $${PYENV_ROOT:-$$HOME/.pyenv}/versions/$$version.*/bin/python 2>/dev/null | tail -1); \
		test -n "$$found" || { echo "no Python $$version here: not tried"; continue; }; \
		$< venv --quiet --clear --python $$found $(VENV)-newest && \
		$< pip install --quiet --python $(VENV)-newest '.[all]' $(TESTING) && \
		$(VENV)-newest/bin/python -m pytest -q -p no:cacheprovider $(SOME) || exit 1; \
	done

lint: $(VENV)/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(VENV)/dev
	$(BIN)/sphinx-build -q -W --keep-going -b html docs docs/_build

benchmark: $(VENV)/dev
	$(BIN)/python -m benchmarks

wheel: $(VENV)/dev
	$(BIN)/pip wheel --quiet --no-deps --wheel-dir dist .

# What the wheel runs with, and whose factors it holds: CycloneDX, and the same bytes for the same checkout.
bill: $(VENV)/dev
	@mkdir -p dist
	$(BIN)/python .ci/bill.py dist/carbonacct.cdx.json

# Known vulnerabilities of what is installed; needs a registry that tells them.
audit: $(VENV)/dev
	$(PYTHON) -m venv $(VENV)-audit
	$(VENV)-audit/bin/pip install --quiet pip-audit
	$(BIN)/python -m pip freeze --exclude-editable > $(VENV)-audit/installed.txt
	$(VENV)-audit/bin/pip-audit --disable-pip --no-deps --strict -r $(VENV)-audit/installed.txt

# A folder that runs without an installed Python, and its zip (docs/portable.md).
portable: wheel
	$(BIN)/python packaging/portable.py --wheel dist/carbonacct-*.whl -o dist/carbonacct-portable.zip

clean:
	rm -rf $(VENV) $(VENV)-primap2 $(VENV)-lowest $(VENV)-newest $(VENV)-uv $(VENV)-audit dist output docs/_build
