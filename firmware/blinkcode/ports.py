# blinkcode.ports: errno numbers of other ports than the ESP32's, told by their names. It is loaded when one is met.

import errno

# The names whose numbers differ between ports, with those that the tables have, which are the ESP32's.
_NAMES = (
    ("EOPNOTSUPP", 95),
    ("ECONNRESET", 104),
    ("ENOBUFS", 105),
    ("ECONNREFUSED", 111),
    ("EADDRINUSE", 112),
    ("ECONNABORTED", 113),
    ("ENETUNREACH", 114),
    ("ENETDOWN", 115),
    ("ETIMEDOUT", 116),
    ("EHOSTDOWN", 117),
    ("EHOSTUNREACH", 118),
    ("EINPROGRESS", 119),
    ("EALREADY", 120),
    ("ENOTCONN", 128),
    ("EPERM", 1),
    ("ENOENT", 2),
    ("EIO", 5),
    ("EBADF", 9),
    ("EAGAIN", 11),
    ("ENOMEM", 12),
    ("EACCES", 13),
    ("EEXIST", 17),
    ("ENODEV", 19),
    ("EISDIR", 21),
    ("EINVAL", 22),
    ("ENOSPC", 28),
    ("EPIPE", 32),
)


# The code in the tables of what this port's errno has under a number; None for what it has no such name for.
def errno_of(number):
    for name, code in _NAMES:
        if getattr(errno, name, None) == number:
            return code
    return None
