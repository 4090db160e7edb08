# Wi-Fi as the ESP32 port has it, with the access point that the day's script gives it: see day.py.

STA_IF = 0
CONNECTING, CONNECTED = 1001, 1010

state = CONNECTING  # what status() says while a connection is wanted


class WLAN:
    def __init__(self, interface):
        self._wanted = False

    def active(self, on):
        return on

    def connect(self, ssid, password):
        if self._wanted:
            raise OSError("Wifi Internal Error")
        self._wanted = True

    def disconnect(self):
        self._wanted = False

    def isconnected(self):
        return self._wanted and state == CONNECTED

    def status(self):
        return state if self._wanted else 1000
