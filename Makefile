.PHONY: run test
PYTHON ?= python3
BIN := .venv/bin

run:
	@$(PYTHON) .ci/venv
	@exec $(BIN)/comments-service demo

test:
	@$(PYTHON) .ci/venv test
	$(BIN)/ruff check src tests migrations
	$(BIN)/mypy
	$(BIN)/pytest -q
