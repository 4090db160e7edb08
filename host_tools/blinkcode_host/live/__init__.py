"""A serial port: its lines as they come, the keyboard passed on."""
