# Everything a person types here. Needs Python >= 3.11 with its venv module, and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
PYTEST := $(BIN)/python -m pytest -n auto --dist loadfile
UV ?= uv
COMPILE := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links

.PHONY: demo test test-quick check lint fast slow test-fast bench accuracy pictures requirements clean
.DELETE_ON_ERROR:

demo: $(VENV)/.runtime ## the whole companion with a simulated roller
	@$(BIN)/companion demo

test: slow ## every test, with the coverage floors
	@$(PYTEST) --no-loadscope-reorder --cov --cov-report=term:skip-covered
	@$(BIN)/python -m coverage report --fail-under=98 --format=total \
		--include='protocols/*,companion/sensing/*,companion/coaching/*'

test-quick: slow ## some cases of each kind, without coverage: while at work
	@$(PYTEST) --no-loadscope-reorder --quick

lint: $(VENV)/.dev
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

check: lint test ## what a change must pass

fast: $(VENV)/.dev ## compile the engine, which then takes less than half the time; wants a C compiler and minutes
	@echo "compiling the engine: some minutes"
	@$(BIN)/python compile_engine.py

slow: $(VENV)/.dev ## take the compiled engine away, after its source was changed
	@$(BIN)/python compile_engine.py --remove

test-fast: fast ## the tests of sensing and coaching with the compiled engine, and that it tells the same
	@$(PYTEST) tests/compiled tests/sensing tests/coaching

bench: $(VENV)/.dev ## the figures, median of five quiet runs
	@$(BIN)/python -m tests.benchmarks.run $(BENCH)

accuracy: $(VENV)/.dev ## the engine against labelled recordings: make accuracy RECORDINGS=DIR
	@$(BIN)/python -m tests.accuracy $(RECORDINGS)

pictures: $(VENV)/.dev ## the README's pictures and film, drawn from the running dashboard
	@$(BIN)/python -m docs.make_pictures

requirements: ## resolve the pinned, hashed requirements anew (needs uv)
	@$(COMPILE) pyproject.toml --group build -o requirements/runtime.txt
	@$(COMPILE) pyproject.toml --group build --all-extras -c requirements/runtime.txt -o requirements/extras.txt
	@$(COMPILE) pyproject.toml --group build --group dev -c requirements/extras.txt -o requirements/dev.txt

clean:
	@rm -rf $(VENV) dist build .coverage .coverage.* htmlcov .mypy_cache .ruff_cache .pytest_cache \
		.hypothesis .import_linter_cache

$(VENV)/pyvenv.cfg:
	@command -v $(PYTHON) >/dev/null || { echo "make: there is no '$(PYTHON)'; name a Python >= 3.11 with PYTHON=..." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "make: $$($(PYTHON) --version) is too old; name a Python >= 3.11 with PYTHON=..." >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null \
		|| { echo "make: $(PYTHON) has no venv module (on Debian and Ubuntu: apt install python3-venv)" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info >= (3, 14))' || command -v c++ g++ clang++ >/dev/null \
		|| { echo "make: vqf has no wheel for this Python and there is no C++ compiler to build it; install one or name a Python 3.11 to 3.13 with PYTHON=..." >&2; exit 1; }
	@echo "setting up $(VENV) (once)"
	@$(PYTHON) -m venv --clear $(VENV)

$(VENV)/.runtime: requirements/runtime.txt pyproject.toml | $(VENV)/pyvenv.cfg
	@$(PIP) install --require-hashes --requirement requirements/runtime.txt
	@$(PIP) install --no-index --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.runtime
	@$(PIP) install --require-hashes --requirement requirements/dev.txt
	@touch $@
