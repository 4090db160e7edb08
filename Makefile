# make        set everything up, compile the tables, show the main job on the Unix MicroPython
# make test   set everything up and pass all the tests; DEVICE=/dev/ttyUSB0 runs them on a board too
# make bench  measure against what people write by hand; make mcu, make book: see the README
# make bench-decode  a 200 MB log: decode beside a rival and grep; takes a minute

PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed

.PHONY: all test bench bench-decode mcu book clean

all: $(STAMP)
	@$(BIN)/blinkcode compile -o firmware/blinkcode/table.py
	@MICROPYPATH=firmware $${MICROPYTHON:-$(BIN)/micropython} demo/codes.py
	@echo
	@MICROPYPATH=.frozen:firmware $${MICROPYTHON:-$(BIN)/micropython} demo/lamp.py
	@echo
	@$(BIN)/blinkcode size

test: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy --config-file firmware/mypy.ini
	$(BIN)/python -m pytest

bench: $(STAMP)
	$(BIN)/python tests/benchmarks/bench.py

bench-decode: $(STAMP)
	$(BIN)/python tests/benchmarks/decode_bench.py

mcu: $(STAMP)
	$(BIN)/python -m pytest tests/device tests/targets

book: $(STAMP)
	$(BIN)/blinkcode book -o build/book

$(STAMP): pyproject.toml constraints.txt
	@echo "setting up .venv"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt \
		--upgrade --target build/typings micropython-esp32-stubs
	@touch $@

clean:
	rm -rf build dist .venv
