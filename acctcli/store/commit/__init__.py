"""Staging, journal, lock and commit."""
