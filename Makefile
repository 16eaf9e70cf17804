# make demo: what acctcli does, on the sample book.  make test: everything that must hold.
# make bench: how long it takes, beside other programs.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
RIVALS := $(VENV)/.bench-ready
# Processes that run the tests at once.
WORKERS ?= auto
PYTEST := $(BIN)/pytest -n $(WORKERS) --dist worksteal
# The tests of whole commands give no coverage of core and store; the others do.
PLAIN := tests/properties/test_walks.py tests/cli/test_transcripts.py tests/cli/test_hostile_texts.py \
  tests/cli/test_help_examples.py tests/faults/test_killed_commands.py tests/faults/test_killed_index.py \
  tests/faults/test_full_disks.py tests/faults/test_sync_order.py tests/faults/test_many_writers.py \
  tests/faults/test_many_commands.py tests/faults/test_walk_commands.py
COVERED := tests/unit tests/cli tests/properties tests/faults $(PLAIN:%=--ignore=%)
REST := tests/benchmarks tests/contracts tests/docs $(PLAIN)
# Records in the invented book of make bench: 10000, 210000 or 2100000.
SIZE   ?= 210000
# The demo's day is fixed, so that it shows what the README shows.
DEMO   := ACCTCLI_TODAY=2026-03-10 $(BIN)/acctcli --book sample-data

.PHONY: demo test lint types imports unit test-long bench generate tree picture format clean

demo: $(READY)
	@echo '$$ acctcli account list'
	@$(DEMO) account list
	@echo
	@echo '$$ acctcli account board --width 100'
	@$(DEMO) account board --width 100
	@echo
	@echo '$$ acctcli account show northwind'
	@$(DEMO) account show northwind

test: lint types imports unit

lint: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(READY)
	$(BIN)/mypy

imports: $(READY)
	$(BIN)/lint-imports --no-cache

# A worker a processor. Coverage is measured where it is a gate, for it takes time.
unit: $(READY)
	$(PYTEST) -m "not long" --cov=acctcli --cov-branch --cov-report= $(COVERED)
	$(BIN)/coverage report --include='acctcli/core/*,acctcli/store/*' --fail-under=100
	$(PYTEST) -m "not long" $(REST)

# The exhaustive faults, then the properties with new examples, run after run.
test-long: $(READY)
	$(PYTEST) -m long
	for seed in 1 2 3 4 5 6; do $(PYTEST) -q -m hypothesis --hypothesis-seed=$$seed || exit 1; done

# The tests with the lowest releases of what acctcli needs, by pyproject.toml.
.PHONY: test-lowest test-sdist
test-lowest: $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/python -m venv --clear $(VENV)-lowest
	$(BIN)/uv pip install --quiet --python $(VENV)-lowest --resolution lowest-direct --requirements pyproject.toml
	$(BIN)/uv pip install --quiet --python $(VENV)-lowest --group dev
	$(BIN)/uv pip install --quiet --python $(VENV)-lowest --no-deps --editable .
	$(VENV)-lowest/bin/pytest -n $(WORKERS) --dist worksteal -m "not long"

# All of make test where there is no git: in an unpacked sdist.
test-sdist: $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	rm -rf build
	$(BIN)/uv build --quiet --sdist --out-dir build
	folder=$$(mktemp -d) && tar -xzf build/acctcli-*.tar.gz -C $$folder && \
	  $(MAKE) -C $$folder/acctcli-* test VENV=.venv PYTHON="$(abspath $(BIN)/python)" && rm -r $$folder

# Prints one table and writes its section of docs/benchmarks.md. BENCH takes more options, such as
# BENCH='--work /var/tmp/books', which keeps the invented books for the next time.
bench: $(READY) $(RIVALS)
	$(BIN)/python benchmarks/run.py --size $(SIZE) $(BENCH)

# What is made from the code and committed; tests say when it is out of date.
generate: tree picture

# What completion knows of the commands.
tree: $(READY)
	$(BIN)/python -m acctcli.cli.completion.generate_tree

# The board of make demo, as the README shows it.
picture: $(READY)
	@{ echo '$$ acctcli account board --width 100'; $(DEMO) account board --width 100 --color always; } | \
	  $(BIN)/python benchmarks/scripts/terminal_svg.py > docs/img/board.svg

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf $(VENV) $(VENV)-lowest build dist .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache

# Some systems ship Python without what makes a virtual environment: say what to install.
$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo 'acctcli needs Python 3.11 or newer; if you have one, name it: make PYTHON=python3.12' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo 'this Python cannot make a virtual environment; on Debian or Ubuntu: apt-get install python3-venv' >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable . --group dev
	@touch $@

# Without them the table says so, and goes on.
$(RIVALS): $(READY)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --group bench && touch $@ || \
	  echo 'DuckDB and polars could not be installed: the table goes without them' >&2
