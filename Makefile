.PHONY: run test
BIN := .venv/bin

.venv/ready: pyproject.toml
	@python3 -c "import ensurepip" 2>/dev/null || { echo "Python's venv is missing: apt install python3-venv"; exit 1; }
	python3 -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[test]'
	touch $@

run: .venv/ready
	@mkdir -p data && test -f data/secret || head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n' > data/secret
	SECRET_KEY_FILE=data/secret $(BIN)/comments-service migrate
	SECRET_KEY_FILE=data/secret $(BIN)/comments-service serve

test: .venv/ready
	$(BIN)/ruff check src tests migrations
	$(BIN)/mypy
	$(BIN)/pytest -q
