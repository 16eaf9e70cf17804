"""New ids.

Their letters and digits are not mistaken for one another, and they are never a number.
"""

from __future__ import annotations

import os

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # 32, so that five bits of a byte choose one
_CHOICE = bytes(ord(_ALPHABET[byte & 31]) for byte in range(256))
_FOLLOWING = 8  # characters behind the letter, as in the ids at random


def random_id(letter: str, length: int) -> str:
    """A letter and so many characters at random."""
    return letter + os.urandom(length).translate(_CHOICE).decode()


def next_in_series_id(before: str, attempt: int) -> str:
    """The id of the activity that follows another one in a series.

    It is made of that one's id, so that it is the same each time, and on each machine; `attempt`
    gives others, should it be taken.
    """
    import hashlib

    digest = hashlib.sha256(f"after {attempt} {before}".encode()).digest()
    return "a" + digest[:_FOLLOWING].translate(_CHOICE).decode()
