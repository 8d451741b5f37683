# Everything a newcomer or CI needs, one word each. Needs Python 3.11 or later, and make.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WALKS ?= 200

.PHONY: help demo test check format lock clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: $(VENV)/ready ## run the bot on this machine, with no account anywhere
	@mkdir -p build
	@$(BIN)/python -m infra.local --logs build/demo.log

test: $(VENV)/ready ## run all tests; WALKS=2000 lets the random walk go further
	$(BIN)/python -m pytest --walks $(WALKS)

check: $(VENV)/ready ## format, lint, types, import contracts
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/ready ## let the formatter and the linter mend what they can
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

lock: $(VENV)/ready ## pin the newest versions of what requirements*.in name, with hashes
	$(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes \
		--no-header requirements.in -o requirements.txt
	$(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes \
		--no-header requirements-dev.in -o requirements-dev.txt

clean: ## remove what these commands made
	rm -rf $(VENV) build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

$(VENV)/ready: requirements-dev.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $@
