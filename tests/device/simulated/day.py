# Runs boards/example.py, as it stands, through a day of troubles, and prints what its lamp was given.
# argv: the example, a JSON file with a list of [seconds, what changes, value], the end in seconds, a CA file or "".

import json
import socket
import sys
import time

import machine
import network

import blinkcode.exceptions

blinkcode.exceptions.PLATFORM = "esp32"

example, script, end, ca_file = sys.argv[1:5]
with open(script) as file:
    changes = json.load(file)


def change(ms):
    while changes and ms >= changes[0][0] * 1000:
        _, name, value = changes.pop(0)
        if name == "wifi":
            network.state = value
        elif name == "server":
            socket.port = value
        else:
            machine.inputs[0] = value


time.timers.append(change)
time.end_ms = int(end) * 1000
with open(example) as file:
    source = file.read()
if ca_file:
    assert "CA_FILE = None" in source and '"openapi.tuyaeu.com"' in source
    source = source.replace("CA_FILE = None", "CA_FILE = %r" % ca_file).replace(
        "openapi.tuyaeu.com", "localhost"
    )
try:
    exec(compile(source, example, "exec"), {"__name__": "__main__"})
except SystemExit:
    pass
print("PINS", json.dumps(machine.written))
