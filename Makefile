# `make demo` and `make test` are all the set-up there is: no activated environment, nothing on PYTHONPATH.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# An inherited PYTHONPATH or user site could shadow what was installed; what is imported is compiled once.
unexport PYTHONPATH PYTHONHOME PYTHONDONTWRITEBYTECODE
export PYTHONNOUSERSITE := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DELETE_ON_ERROR:
.PHONY: demo test coverage crosscheck lint format bench bench-full bench-page clean

demo: $(VENV)/.installed
	rm -rf build/demo
	$(BIN)/shuangsuiji demo --workspace build/demo
	@echo
	@echo '$$ python docs/spec/v1/verify.py build/demo/bundles/demo.zip --rehearsal'
	$(BIN)/python docs/spec/v1/verify.py build/demo/bundles/demo.zip --rehearsal

test: lint
	$(BIN)/python -m pytest --numprocesses=auto --dist=worksteal

# Which lines the tests reach; tracing takes a good deal longer.
coverage: $(VENV)/.installed-test
	$(BIN)/python -m pytest --numprocesses=auto --dist=worksteal --cov --cov-report=term

# The second draw against other exact methods, deeper than the tests: TIMES as many instances, from number FROM on.
TIMES ?= 30
FROM ?= 1000000
crosscheck: $(VENV)/.installed-test
	SHUANGSUIJI_CROSSCHECK=$(TIMES) SHUANGSUIJI_CROSSCHECK_FROM=$(FROM) $(BIN)/python -m pytest tests/solvers

lint: $(VENV)/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.installed-test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# About three minutes on two idle cores; everything, peers at their slowest included, takes hours (docs/benchmarks.md).
bench: $(VENV)/.installed-bench
	$(BIN)/python -m benchmarks --output build/bench

bench-full: $(VENV)/.installed-bench
	$(BIN)/python -m benchmarks --profile full --output build/bench
	$(BIN)/python -m benchmarks.page > build/bench/page.json

# The table of docs/benchmarks.md, on a machine that nobody else uses.
bench-page: $(VENV)/.installed-bench
	$(BIN)/python -m benchmarks --profile full --limit 20 --within 700 --output build/bench-page --page docs/benchmarks.md

clean:
	rm -rf $(VENV) build dist .coverage .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

# What is imported is compiled then: to compile all that is installed takes longer than to install it.
$(VENV)/.installed: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --no-compile --editable .
	touch $@

$(VENV)/.installed-test: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable '.[test]'
	touch $@

$(VENV)/.installed-bench: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable '.[bench]'
	touch $@
