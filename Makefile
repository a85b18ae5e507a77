# Jalon: nine verbs at most; `make help` lists them.
.DEFAULT_GOAL := help
PYTHON ?= python3
PORT ?= 8013
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help setup run test check fix bench lock clean

help: ## list the verbs
	@grep -hE '^[a-z]+:.*## ' Makefile | awk -F ':.*## ' '{printf "  make %-7s %s\n", $$1, $$2}'

setup: .venv/.ready static/dist/.ready ## virtual environment, dependencies and front-end bundles; stops there

.venv/.ready: requirements.lock pyproject.toml
	@bash tools/setup_python.sh "$(PYTHON)"
	@touch $@

static/dist/.ready: .venv/.ready package-lock.json $(wildcard static/src/* static/theme/* static/*.mjs)
	@bash tools/setup_front.sh
	@mkdir -p static/dist && touch $@

run: setup ## a département at work on http://127.0.0.1:8013 (PORT=… to change); first time makes the demonstration
	@$(BIN)/jalon run --port $(PORT)

test: setup ## everything that must hold: lint, types, layers, tests on SQLite and PostgreSQL, a real browser
	@bash tools/test.sh

check: setup ## lint, types, layers and packages only
	@bash tools/check.sh

fix: setup ## format and correct what can be corrected by itself
	@$(BIN)/ruff check -q --fix server tests tools bench migrations && $(BIN)/ruff format -q server tests tools bench migrations

bench: setup ## one table of figures, ratios within one run
	@$(BIN)/python -m bench

lock: .venv/.ready ## write requirements.lock again from pyproject.toml
	@$(BIN)/pip install -q pip-tools && $(BIN)/pip-compile -q --extra dev --generate-hashes --allow-unsafe --no-emit-index-url --no-emit-find-links \
	  --no-emit-trusted-host --no-header --strip-extras --no-annotate -o requirements.lock pyproject.toml

clean: ## remove what is built (not the instance folder, which holds data)
	@rm -rf .venv node_modules static/dist build *.egg-info
