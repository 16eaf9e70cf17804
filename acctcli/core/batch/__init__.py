"""Batches of commands: lines and arguments."""
