# make run    set up, then the window on the practice village (without a display: the same day headless)
# make test   set up, then lint, types and all tests
PYTHON ?= python3
INSIDE := .venv/bin/python

.PHONY: run test setup lint types bench soak lock clean

run: setup
	@$(INSIDE) -m tools.run

test: setup lint types
	$(INSIDE) -m pytest --numprocesses auto --dist worksteal

setup:
	@$(PYTHON) tools/bootstrap.py

lint: setup
	$(INSIDE) -m ruff check .
	$(INSIDE) -m ruff format --check .

types: setup
	$(INSIDE) -m mypy

# make bench ONLY="storage carbon" runs those two
bench: setup
	$(INSIDE) -m benchmarks $(ONLY)

soak: setup
	$(INSIDE) -m pytest -m soak

# pins of every platform with the hashes of every file; run it after a change of dependencies
lock: setup
	$(INSIDE) -m pip install --quiet uv
	$(INSIDE) -m uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --system-certs \
		--no-header --no-emit-index-url --no-emit-find-links --quiet --output-file requirements.lock $(UPGRADE)

clean:
	rm -rf .venv run-output build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
