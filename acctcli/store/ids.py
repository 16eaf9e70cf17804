"""Ids at random: letters and digits that are not mistaken for one another, and never a number."""

from __future__ import annotations

import os

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # 32, so that five bits of a byte choose one
_CHOICE = bytes(ord(_ALPHABET[byte & 31]) for byte in range(256))


def made_id(letter: str, length: int) -> str:
    """A letter and so many characters at random."""
    return letter + os.urandom(length).translate(_CHOICE).decode()
