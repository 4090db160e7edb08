"""Explain codes to people: one by one, or found in what a device says."""
