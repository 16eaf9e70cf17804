"""The changes of one command."""
