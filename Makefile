# All commands for developers, operators and CI. Needs Python 3.11 or later, and make.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SEEDS ?= 0-999
STORIES ?= 40
BUGS ?=
WORKERS ?= auto
OSLS := node_modules/.bin/osls
STAGE ?= dev
OPTIONS ?=
FILE ?= infra/approvals.yml

.PHONY: help demo test simulate planted-bugs scale burst check rules-check schema bench package deploy package-check redrive \
	slack-manifest doctor format lock clean

help: ## list these commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

demo: SHELL := bash
demo: $(VENV)/ready ## run the bot on this machine, without any account
	@mkdir -p build
	@set -o pipefail; $(BIN)/python -m infra.local --logs build/demo.log | tee -i build/demo.json

test: $(VENV)/ready node_modules/ready ## run all tests, one process per core
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder --stories $(STORIES)

simulate: $(VENV)/ready ## run the whole bot in simulated disorder, one story per seed; SEEDS=0-999
	@$(BIN)/python -m tests.simulation --seeds $(SEEDS) --tell

planted-bugs: $(VENV)/ready ## plant fifty bugs one at a time, and see which the simulation finds; BUGS="name …"
	@$(BIN)/python -m tests.simulation.plant $(BUGS)

check: $(VENV)/ready ## check format, lint, types and import contracts
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports

rules-check: $(VENV)/ready ## check the rules FILE=infra/approvals.yml
	@$(BIN)/python -m bot rules check '$(FILE)'

schema: $(VENV)/ready ## infra/approvals.schema.json, by which editors check the rules file
	$(BIN)/python -m bot rules schema > infra/approvals.schema.json

scale: $(VENV)/ready ## count the calls in large registries, as JSON
	@$(BIN)/python -m tests.bench.scale --groups 2000 --versions 10
	@$(BIN)/python -m tests.bench.scale --groups 3 --versions 3000

burst: $(VENV)/ready ## simulate a thousand new versions in a minute, as JSON
	@$(BIN)/python -m tests.bench.burst

bench: $(VENV)/ready node_modules/ready ## compare speed and calls with a textbook bot: build/bench.md
	@$(BIN)/python -m tests.bench.bench $(OPTIONS)

package: $(VENV)/ready node_modules/ready ## build what is deployed: build/bot.zip and build/template.json
	$(BIN)/python -m infra.package
	$(OSLS) package --stage $(STAGE) --package build/serverless $(OPTIONS)
	cp build/serverless/cloudformation-template-update-stack.json build/template.json

deploy: package ## deploy to AWS; STAGE=prod, OPTIONS="--region eu-west-1"
	$(OSLS) deploy --stage $(STAGE) $(OPTIONS)
	$(OSLS) info --stage $(STAGE) $(OPTIONS) --verbose # prints the stack's outputs, too

package-check: package ## lint the packaged template with cfn-lint and checkov
	$(BIN)/cfn-lint build/template.json infra/registry-account.yml
	test -x build/checkov/bin/checkov || ($(PYTHON) -m venv build/checkov \
		&& build/checkov/bin/pip install --quiet --disable-pip-version-check checkov==3.3.30)
	build/checkov/bin/checkov --skip-download --compact --quiet --framework cloudformation \
		-f build/template.json infra/registry-account.yml

redrive: ## move the dead letters of STAGE=dev back into the queues that they came from
	aws sqs start-message-move-task --source-arn "$$(aws cloudformation describe-stacks \
		--stack-name model-approvals-$(STAGE) --output text \
		--query "Stacks[0].Outputs[?OutputKey=='DeadLettersArn'].OutputValue")"

slack-manifest: $(VENV)/ready ## print the Slack app's manifest; URL=https://…
	@$(BIN)/python -m bot manifest '$(URL)'

doctor: $(VENV)/ready ## check the deployment STAGE=dev, and say what to do about each problem
	@$(BIN)/python -m bot doctor --stack model-approvals-$(STAGE) --event

format: $(VENV)/ready ## format the code, and apply the linter's fixes
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

lock: $(VENV)/ready ## pin the newest versions of the libraries in requirements*.in, with hashes
	$(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes \
		--no-header requirements.in -o requirements.txt
	$(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes \
		--no-header requirements-dev.in -o requirements-dev.txt

clean: ## remove what these commands created
	rm -rf $(VENV) build node_modules .serverless \
		.pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

$(VENV)/ready: requirements-dev.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $@

node_modules/ready: package-lock.json
	npm ci
	touch $@
