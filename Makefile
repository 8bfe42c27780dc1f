.PHONY: run test
PYTHON ?= python3
BIN := .venv/bin
# Further arguments for pytest; the gate passes --gate.
TESTS ?=
# Further arguments for the demo, such as --port 9000.
ARGS ?=

run:
	@$(PYTHON) .ci/venv
	@exec $(BIN)/comments-service demo $(ARGS)

test:
	@$(PYTHON) .ci/venv test
	$(BIN)/ruff check .
	$(BIN)/mypy
	.ci/widget
	$(BIN)/pytest -q -n auto --dist loadfile --no-loadscope-reorder $(TESTS)
