# Everything a newcomer needs: `make demo`, `make test`. The program itself is .venv/bin/trechter.
PYTHON ?= python3
READY := .venv/.ready
UV := .tools/bin/uv

.PHONY: demo test verify check bench ui setup clean

demo: $(READY)  ## set up, and run the whole product on the sandbox company
	.venv/bin/trechter demo

test: $(READY)  ## set up, and run the whole test suite
	.venv/bin/pytest -n auto --dist loadfile --no-loadscope-reorder

verify: $(READY)  ## every figure of the full-size company against its own truth, and twenty chaos runs
	E2E_SCALE=1 CHAOS_SEQUENCES=20 .venv/bin/pytest -n auto --dist loadfile tests/e2e

check: $(READY)  ## lint and type-check
	.venv/bin/ruff check
	.venv/bin/mypy
	.venv/bin/sqlfluff lint --processes 2 dbt_project/models dbt_project/tests

bench: $(READY)  ## measure; writes benchmarks/results/*.json
	.venv/bin/python -m benchmarks

ui: $(READY)  ## the Dagster UI on http://127.0.0.1:3000
	DAGSTER_HOME="$(CURDIR)/data/dagster" .venv/bin/dg dev --host 127.0.0.1

setup: $(READY)

$(READY): pyproject.toml uv.lock
	test -x $(UV) || ($(PYTHON) -m venv .tools && .tools/bin/pip install --quiet uv==0.13.9)
	$(UV) sync --frozen --quiet --compile-bytecode --system-certs --python $(PYTHON)
	mkdir -p data/dagster && touch $@

clean:  ## remove everything that was produced
	rm -rf .venv .tools data
