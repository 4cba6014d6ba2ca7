# What each target does: CONTRIBUTING.md. Everything is quick when nothing changed.

PORT ?= 8000
PYTHON = .venv/bin/python
export PORT

.DEFAULT_GOAL := help
.PHONY: help setup run test test-sqlite test-postgresql test-browser check format build bench messages reference

help:
	@echo "make run       set up, seed the demo, start server and worker (PORT=8000)"
	@echo "make test      every test: SQLite, PostgreSQL, browser"
	@echo "make check     format, lint, types, floors, translations, generated docs"
	@echo "make setup     the environment in .venv (run and test call it)"
	@echo "make build     the wheel, assets inside, in dist/"
	@echo "make bench     the benchmarks, one table"
	@echo "make messages  bring new texts into the Thai catalogues"
	@echo "make format    format what the linter can"

setup:
	@tools/setup.sh

run: setup
	@exec .venv/bin/kunjae demo

test: setup
	@tools/setup_tests.sh
	@$(PYTHON) tools/test.py

test-sqlite test-postgresql test-browser: test-%: setup
	@tools/setup_tests.sh
	@$(PYTHON) tools/test.py $*

check: setup
	@$(PYTHON) tools/check.py

format: setup
	@$(PYTHON) -m ruff check --fix-only --quiet .
	@$(PYTHON) -m ruff format --quiet .

build: setup
	@$(PYTHON) tools/build.py

bench: setup
	@tools/setup_tests.sh
	@$(PYTHON) -m tools.bench

messages: setup
	@$(PYTHON) tools/messages.py extract

reference: setup
	@$(PYTHON) tools/reference.py write
