// serial_repl.serve(): be a board on a serial line, so that mpremote can drive the Unix port.
//
// Standard input and output are the master side of a pseudo terminal whose slave side is in raw
// mode. Ctrl-D in the REPL is a soft reboot, as on a board: the process runs itself again, so that
// nothing of the last script is left, and says so in a board's words.

#include <stdio.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include "py/mphal.h"
#include "py/runtime.h"
#include "shared/runtime/pyexec.h"

#define RAW_MODE_VARIABLE "SERIAL_REPL_RAW"

// From 1.27 on the raw REPL sets the terminal's mode before and after each script, and so that what came in meanwhile
// is thrown away: mpremote's next Ctrl-D, now and then. The linker puts this in place of tcsetattr.
int __real_tcsetattr(int file, int when, const struct termios *settings);
int __wrap_tcsetattr(int file, int when, const struct termios *settings);
int __wrap_tcsetattr(int file, int when, const struct termios *settings) {
    return __real_tcsetattr(file, when == TCSAFLUSH ? TCSANOW : when, settings);
}

static mp_obj_t serial_repl_serve(void) {
    if (getenv(RAW_MODE_VARIABLE) != NULL) {
        pyexec_mode_kind = PYEXEC_MODE_RAW_REPL;
    }
    int ended = 0;
    while (!ended) {
        ended = pyexec_mode_kind == PYEXEC_MODE_RAW_REPL ? pyexec_raw_repl() : pyexec_friendly_repl();
    }
    if (pyexec_mode_kind == PYEXEC_MODE_RAW_REPL) {
        setenv(RAW_MODE_VARIABLE, "1", 1);
    } else {
        unsetenv(RAW_MODE_VARIABLE);
    }
    mp_hal_stdout_tx_str("MPY: soft reboot\r\n");
    char *const arguments[] = { "micropython", "-c", "import serial_repl; serial_repl.serve()", NULL };
    execv("/proc/self/exe", arguments);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_0(serial_repl_serve_obj, serial_repl_serve);

static const mp_rom_map_elem_t serial_repl_globals_table[] = {
    { MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR_serial_repl) },
    { MP_ROM_QSTR(MP_QSTR_serve), MP_ROM_PTR(&serial_repl_serve_obj) },
};
static MP_DEFINE_CONST_DICT(serial_repl_globals, serial_repl_globals_table);

const mp_obj_module_t serial_repl_module = {
    .base = { &mp_type_module },
    .globals = (mp_obj_dict_t *)&serial_repl_globals,
};
MP_REGISTER_MODULE(MP_QSTR_serial_repl, serial_repl_module);
