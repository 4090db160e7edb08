"""One code, and everything that is known about it."""
