# Needs Python 3.11 to 3.14 and make. `make PYTHON=/path/to/python3` chooses the interpreter.

export PYTHON
UV ?= .venv/bin/uv
CACHES = .venv/caches-$(shell id -u)
PYTEST = .venv/bin/python -m pytest -o cache_dir=$(CACHES)/pytest
LOCK = $(UV) pip compile --quiet --no-strip-extras --universal --python-version 3.11 --generate-hashes --no-annotate --no-header

# Where the kernel can tell it, the demo ends when make does, however that happens.
ifeq ($(shell uname -s),Linux)
WITH_MAKE = exec .venv/bin/python -I -S app/embedded/leash.py $$PPID 15 -1 -1 -1 "$(CURDIR)"/
endif

# Where nothing may be kept compiled, each of the many processes that tests start compiles all of it.
unexport PYTHONDONTWRITEBYTECODE

export MYPY_CACHE_DIR = $(CACHES)/mypy
export RUFF_CACHE_DIR = $(CACHES)/ruff
export HYPOTHESIS_STORAGE_DIRECTORY = $(CACHES)/hypothesis

.PHONY: help demo test check types format imports site compiled chaos lives retail bench conformance docs ide lock clean

help:
	@echo "make demo    all of Sluice on this machine, with made-up data; PORT and SLUICE_HOME are honoured"
	@echo "make test    checks and tests, with servers of their own"
	@echo "make check   format, lint, types, directions of imports, the documentation's links"
	@echo "make chaos   kill -9 of every process under writes; minutes"
	@echo "make lives   whole lives of orders, by chance, against a model; LIVES says how many games (100)"
	@echo "make retail  all orders of a real retailer come into their tiers; needs the data set"
	@echo "make bench   measurements"
	@echo "make docs    the documentation as a site, in .site/"
	@echo "make ide     brings the files of the page at /graphql up to date"
	@echo "make conformance   what suites of others ask of servers; needs Node"
	@echo "make lock    pins the requirements anew"
	@echo "make clean   removes the environment and caches; the demo's data stays"

demo:
	@.ci/venv requirements.txt
	@$(WITH_MAKE).venv/bin/sluice demo

# Three processes on two cores: some tests mostly wait, for workers and servers that were killed.
test:
	@.ci/venv requirements-dev.txt
	@$(MAKE) --no-print-directory --jobs=2 types format imports site compiled
	@$(PYTEST) -n 3 --dist loadfile

check:
	@.ci/venv requirements-dev.txt
	@$(MAKE) --no-print-directory --jobs=2 types format imports site

types:
	@.venv/bin/mypy

format:
	@.venv/bin/ruff format --check --quiet .
	@.venv/bin/ruff check --quiet .

imports:
	@.venv/bin/lint-imports --cache-dir $(CACHES)/import-linter

site:
	@NO_MKDOCS_2_WARNING=1 .venv/bin/mkdocs build --quiet --site-dir $(CACHES)/site

# By one process beside mypy, or each process of the tests does it all over again.
compiled:
	@$(PYTEST) --collect-only >/dev/null 2>&1 || true

chaos:
	@.ci/venv requirements-dev.txt
	@$(PYTEST) -m chaos tests/chaos

lives:
	@.ci/venv requirements-dev.txt
	@LIVES=$${LIVES:-100} $(PYTEST) -o faulthandler_timeout=0 tests/api/test_lives_of_orders.py -k many

retail:
	@.ci/venv requirements-dev.txt
	@$(PYTEST) -o faulthandler_timeout=0 -m retail tests/integration

bench:
	@.ci/venv requirements-dev.txt
	@.venv/bin/python -m bench

docs:
	@.ci/venv requirements-dev.txt
	@NO_MKDOCS_2_WARNING=1 .venv/bin/mkdocs build --quiet --clean
	@echo "The documentation is in .site; to search it too: .venv/bin/python -m http.server -b 127.0.0.1 -d .site 8080"

ide:
	@app/ide/renew.sh

conformance:
	@.ci/venv requirements.txt
	@.venv/bin/python conformance/run.py

lock:
	@.ci/venv requirements-dev.txt
	$(LOCK) --extra dev --group build pyproject.toml -o requirements-dev.txt
	$(LOCK) --constraints requirements-dev.txt --extra local --group build pyproject.toml -o requirements.txt
	$(LOCK) --constraints requirements-dev.txt pyproject.toml -o requirements-runtime.txt
	$(LOCK) --constraints requirements-dev.txt --group build -o requirements-build.txt
	$(LOCK) conformance/requirements.in -o conformance/requirements.txt

clean:
	rm -rf .venv
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
