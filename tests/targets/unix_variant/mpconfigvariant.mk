# The Unix port as a board: no libraries of the machine, and a REPL as on a serial device.
FROZEN_MANIFEST ?=
MICROPY_PY_SSL = 0
MICROPY_PY_BTREE = 0
MICROPY_PY_BLUETOOTH = 0
MICROPY_PY_FFI = 0

# Ports that run on bare metal have the raw REPL in pyexec.c; newer Unix ports have it too.
SHARED_SRC_C_EXTRA += $(if $(shell grep -s runtime/pyexec.c Makefile),,runtime/pyexec.c)

# serial_repl.c says why.
LDFLAGS += -Wl,--wrap=tcsetattr
