.PHONY: run test
PYTHON ?= python3
BIN := .venv/bin
# Further arguments for pytest; the gate passes --gate, and --gate --long.
TESTS ?=

run:
	@$(PYTHON) .ci/venv
	@exec $(BIN)/comments-service demo

test:
	@$(PYTHON) .ci/venv test
	$(BIN)/ruff check .
	$(BIN)/mypy
	.ci/widget
	$(BIN)/pytest -q -n auto $(TESTS)
