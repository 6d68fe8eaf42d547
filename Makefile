# Two commands for a newcomer: `make demo` and `make test`. Everything else is for people who change exconn.
PYTHON ?= python3.11
MODE ?= memory
SPEC ?= exchanges/myexchange.yaml
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help demo test check shown sim mutants soak bench fuzz conformance oracle interop format clean

help:
	@echo "make demo                  the main job: a sandbox exchange, a market that trades on it, and the comparison"
	@echo "make demo MODE=generated   the same with only the written package"
	@echo "make test                  everything that must hold, in a few minutes"
	@echo "make shown                 the proofs at full length, with their figures"
	@echo "make sim SEEDS=300         seeds of workload and faults in virtual time, and no invariant broken; MODE, EXCHANGE, SEED=n alone"
	@echo "make mutants               bugs planted one by one, and the seed of the simulator that catches each; ONLY='1 25', SEEDS=200"
	@echo "make soak DAYS=3           virtual days of trading with faults in one process: memory, tasks and sockets stay flat"
	@echo "make bench                 the speed of everything hot against floors and peers, as one table; PROFILE=row says why"
	@echo "make fuzz                  100,000 strangers' files, and texts that try to be code in every field; half an hour"
	@echo "make conformance           the matching engine against tracebook-conformance, profile fifo-full-v1; a minute"
	@echo "make oracle ORACLE=DIR     what others say of the exchanges beside what our codecs say; EXCHANGE=name alone"
	@echo "make interop               clients of others trade on the sandbox, each in its own environment, as a matrix; CLIENT=name alone"
	@echo "make check                 ruff, mypy --strict, the import arrows, exconn validate over every shipped file"

$(READY): pyproject.toml constraints.txt
	@command -v $(PYTHON) >/dev/null || { echo "exconn needs Python 3.11: $(PYTHON) is not on PATH (make PYTHON=/path/to/python3.11)"; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

demo: $(READY)
	$(BIN)/exconn demo $(SPEC) --mode $(MODE)

test: $(READY)
	$(BIN)/python -m pytest -n auto --dist worksteal

shown: $(READY)
	SHOWN=full $(BIN)/python -m pytest tests/shown tests/exchanges/test_wrong_fields.py -s

sim: $(READY)
	$(BIN)/python -m exconn.testing.simulation --mode $(MODE) $(if $(EXCHANGE),--exchange $(EXCHANGE)) \
		$(if $(SEED),--seed $(SEED),--seeds $(or $(SEEDS),300) --jobs $(or $(JOBS),2))

mutants: $(READY)
	$(BIN)/python -m tests.mutants $(if $(SEEDS),--seeds $(SEEDS)) $(if $(JOBS),--jobs $(JOBS)) $(if $(ONLY),--only $(ONLY))

soak: $(READY)
	$(BIN)/python -m tests.soak $(if $(DAYS),--days $(DAYS)) $(if $(SEED),--seed $(SEED)) $(if $(EXCHANGE),--exchange $(EXCHANGE))

bench: $(READY)
	$(BIN)/python -m tests.bench $(if $(PROFILE),--profile '$(PROFILE)')

fuzz: $(READY)
	$(BIN)/python -m tests.fuzz

conformance: $(READY)
	$(BIN)/python -m tests.tracebook

oracle: $(READY)
	@test -d "$(ORACLE)" || { echo "make oracle needs the folder of opinions: make oracle ORACLE=../shared/oracle"; exit 2; }
	$(BIN)/python -m tests.oracle --oracle $(ORACLE) $(if $(EXCHANGE),--exchange $(EXCHANGE))

interop: $(READY)
	$(BIN)/python -m tests.strangers $(if $(CLIENT),--client '$(CLIENT)')

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest tests/test_arrows.py
	$(BIN)/exconn validate exchanges/*.yaml

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) .interop build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
