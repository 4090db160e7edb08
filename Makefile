# make        install what the main job needs, compile the tables, show the main job on the Unix MicroPython
# make test   install the rest and pass all the tests; DEVICE=/dev/ttyUSB0 runs them on a board too
# make bench  measure against what people write by hand; make mcu, make book: see the README
# make fuzz   random inputs for SECONDS=600; what fails is kept and tried first the next time
# make bench-decode  a 200 MB log: decode beside a rival and grep; takes a minute

PYTHON ?= python3
BIN := .venv/bin
# Two marks of what is installed: what the main job needs, and what the tests need besides.
MAIN := .venv/.main
TESTS := .venv/.tests
# uv installs several times as fast as pip, which serves where there is no uv. Both follow the same pins.
UV := $(shell command -v uv)
ifneq ($(UV),)
MAKE_VENV = $(UV) venv --quiet --allow-existing --python $(PYTHON) .venv
INSTALL = $(UV) pip install --quiet --python $(BIN)/python -c constraints.txt
else
MAKE_VENV = $(PYTHON) -m venv .venv
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
endif

# Two cores are busy that way, and each half takes about as long as the other.
FIRST_HALF := tests/host tests/device tests/targets
SECOND_HALF := tests/benchmarks tests/camera tests/end_to_end

.PHONY: all test fuzz bench bench-decode bench-finding mcu book clean

all: $(MAIN)
	@echo "compiling the tables"
	@$(BIN)/blinkcode compile -o firmware/blinkcode/table.py
	@port="$${MICROPYTHON:-$(BIN)/micropython}"; \
	if command -v "$$port" >/dev/null; then \
		echo "on MicroPython's Unix port, $$port:"; echo; \
		MICROPYPATH=firmware "$$port" demo/codes.py && echo && \
		MICROPYPATH=.frozen:firmware "$$port" demo/lamp.py; \
	else \
		echo "the lamp is not shown: there is no packaged Unix port for $$(uname -sm); build one and set MICROPYTHON"; \
	fi
	@echo
	@$(BIN)/blinkcode size

test: $(TESTS)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy --config-file firmware/mypy.ini
	@echo "pytest in two halves at once; what the second one says follows when both are done"
	@mkdir -p build
	@$(BIN)/python -m pytest $(SECOND_HALF) >build/second_half.log 2>&1 & second=$$!; \
	$(BIN)/python -m pytest $(FIRST_HALF); first_status=$$?; \
	wait $$second; second_status=$$?; \
	cat build/second_half.log; \
	test $$first_status -eq 0 && test $$second_status -eq 0

bench: $(TESTS)
	$(BIN)/python tests/benchmarks/bench.py

bench-decode: $(TESTS)
	$(BIN)/python tests/benchmarks/decode_bench.py

SECONDS ?= 600
fuzz: $(TESTS)
	PYTHONPATH=tests $(BIN)/python tests/fuzz.py $(SECONDS)

bench-finding: $(TESTS)
	$(BIN)/python tests/corpus/measure.py

mcu: $(TESTS)
	$(BIN)/python -m pytest tests/device tests/targets

book: $(MAIN)
	$(BIN)/blinkcode book -o build/book

$(MAIN): pyproject.toml constraints.txt
	@echo "installing blinkcode and MicroPython's Unix port into .venv (60 MB)"
	@$(MAKE_VENV)
	@$(INSTALL) -e '.[unix]'
	@touch $@

$(TESTS): $(MAIN)
	@echo "installing what the tests need into .venv (1.3 GB: browsers' driver, Spark, Arrow, type checkers)"
	@$(INSTALL) -e '.[dev]'
	@$(INSTALL) --upgrade --target build/typings micropython-esp32-stubs
	@touch $@

clean:
	rm -rf build dist .venv
