"""Codes in a text: who may have sent a number, and how sure that is. Knows no files and no bytes. See README.md."""
