"""Bytes, files, pipes and Arrow batches: the findings in them, and how lines are shown."""
