"""Compile a catalog into one Python module of bytes constants for the device."""

from blinkcode_host.compiler.module import Compiled, compile_table

__all__ = ["Compiled", "compile_table"]
