# Each target is one line; .venv is made when it is missing, with uv if it is there, else plain pip.
PYTHON ?= python3
RUN = .venv/bin
# Many tests wait for processes and servers of their own: two test processes more than there are cores.
WORKERS ?= $(shell echo $$(( $$(nproc 2>/dev/null || echo 2) + 2 )))

.PHONY: run test lint bench corpus-report clean

run: .venv/ready
	$(RUN)/garnery up --demo

test: .venv/ready
	$(RUN)/pytest -n $(WORKERS) --dist loadgroup

lint: .venv/ready
	$(RUN)/ruff check . && $(RUN)/ruff format --check . && $(RUN)/mypy

bench: .venv/ready
	$(RUN)/python -m bench

corpus-report: .venv/ready
	$(RUN)/python -m bench.corpus

clean:
	rm -rf .venv dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis garnery.sqlite3*

.venv/ready: pyproject.toml constraints.txt
	if command -v uv >/dev/null; then uv venv -q --allow-existing --python $(PYTHON) .venv && uv pip install -q --python .venv/bin/python -c constraints.txt -e '.[postgres,dev]'; else $(PYTHON) -m venv .venv && $(RUN)/pip install -q -c constraints.txt -e '.[postgres,dev]'; fi && touch $@
