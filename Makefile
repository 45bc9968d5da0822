# `make` alone prints what there is. Each target is a line or two; the work is in scripts/.
SHELL := /bin/bash
PYTHON := .venv/bin/python
POSTROOM := .venv/bin/postroom

.DEFAULT_GOAL := help
.PHONY: help setup run test check docs bench screenshots image

help: ## This list
	@echo "make TARGET [ARGS='…']"
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  \1|\2/p' Makefile | column -t -s '|' 2>/dev/null \
		|| sed -n 's/^\([a-z]*\):.*## \(.*\)/  \1  \2/p' Makefile

setup: ## Make .venv/bin/postroom ready (the other targets do this first; quick when nothing changed)
	@scripts/setup.sh

run: setup ## Start the demo: embedded database, fake mail platform, seeded data (ARGS='--port 8001')
	@exec $(POSTROOM) demo $(ARGS)

test: setup ## Everything: check, the suite on SQLite and on PostgreSQL, the fast part on a newer Python
	@exec $(PYTHON) scripts/test.py $(ARGS)

check: setup ## Format, lint, types, import rules, generated docs are current, shape tests
	@exec scripts/check.sh

docs: setup ## Write the generated pages of docs/ anew
	@exec $(POSTROOM) docs $(ARGS)

bench: setup ## Measure the API on SQLite and on a temporary PostgreSQL (docs/bench.md)
	@exec $(POSTROOM) bench $(ARGS)

screenshots: setup ## Take the pictures of docs/screenshots/ anew, of a demo of its own (needs Debian's chromium)
	@exec $(PYTHON) scripts/screenshots.py $(ARGS)

image: ## Build the image of dimail in FAKE mode, with docker or podman (docs/dimail-fake.md)
	@exec scripts/image.sh $(ARGS)
