# Everything a newcomer or CI needs, one word each. Needs Python 3.11 or later, and make.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WALKS ?= 200
OSLS := node_modules/.bin/osls
STAGE ?= dev
OPTIONS ?=

.PHONY: help demo test check schema bench package deploy package-check redrive slack-manifest doctor \
	format lock clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

demo: $(VENV)/ready ## run the bot on this machine, with no account anywhere
	@mkdir -p build
	@$(BIN)/python -m infra.local --logs build/demo.log

test: $(VENV)/ready node_modules/ready ## run all tests; WALKS=2000 lets the random walk go further
	$(BIN)/python -m pytest --walks $(WALKS)

check: $(VENV)/ready ## format, lint, types, import contracts
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports

schema: $(VENV)/ready ## infra/approvals.schema.json, by which editors check the rules file
	$(BIN)/python -m bot rules schema > infra/approvals.schema.json

bench: $(VENV)/ready node_modules/ready ## time it beside a textbook bot, and count its calls: build/bench.md
	@$(BIN)/python -m tests.bench.bench $(OPTIONS)

package: $(VENV)/ready node_modules/ready ## build/bot.zip and build/template.json, as deployed
	$(BIN)/python -m infra.package
	$(OSLS) package --stage $(STAGE) --package build/serverless $(OPTIONS)
	cp build/serverless/cloudformation-template-update-stack.json build/template.json

deploy: package ## deploy to AWS: STAGE=prod, and OPTIONS="--region eu-west-1" and the like
	$(OSLS) deploy --stage $(STAGE) $(OPTIONS)
	$(OSLS) info --stage $(STAGE) $(OPTIONS) --verbose # the stack's outputs among it

package-check: package ## lint the packaged template: cfn-lint, and checkov in a venv of its own
	$(BIN)/cfn-lint build/template.json infra/registry-account.yml
	test -x build/checkov/bin/checkov || ($(PYTHON) -m venv build/checkov \
		&& build/checkov/bin/pip install --quiet --disable-pip-version-check checkov==3.3.30)
	build/checkov/bin/checkov --skip-download --compact --quiet --framework cloudformation \
		-f build/template.json infra/registry-account.yml

redrive: ## put the dead letters of STAGE=dev back into the line
	aws sqs start-message-move-task --source-arn "$$(aws cloudformation describe-stacks \
		--stack-name model-approvals-$(STAGE) --output text \
		--query "Stacks[0].Outputs[?OutputKey=='DeadLettersArn'].OutputValue")"

slack-manifest: $(VENV)/ready ## the Slack app's manifest, with URL=https://… filled in
	@$(BIN)/python -m bot manifest '$(URL)'

doctor: $(VENV)/ready ## say whether the deployment STAGE=dev is well, and what to do if not
	@$(BIN)/python -m bot doctor --stack model-approvals-$(STAGE) --event

format: $(VENV)/ready ## let the formatter and the linter mend what they can
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

lock: $(VENV)/ready ## pin the newest versions of what requirements*.in name, with hashes
	$(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes \
		--no-header requirements.in -o requirements.txt
	$(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes \
		--no-header requirements-dev.in -o requirements-dev.txt

clean: ## remove what these commands made
	rm -rf $(VENV) build node_modules .serverless \
		.pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

$(VENV)/ready: requirements-dev.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $@

node_modules/ready: package-lock.json
	npm ci
	touch $@
