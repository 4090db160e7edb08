// What the standard variant has; serial_repl.c beside this file adds one module.
#include "variants/standard/mpconfigvariant.h"

// pyexec.c prints the banner, and lacks the compiler's name that the default text needs.
#define MICROPY_BANNER_MACHINE "Unix port on a serial line"
