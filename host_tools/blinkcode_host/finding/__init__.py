"""Codes in a text: what stands around a number, and whose it is. Knows no files and no bytes."""
