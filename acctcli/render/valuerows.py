"""Rows of the long lists of accounts and organizations, in the form that is quick to write.

They have the keys of `core.accounts.Row`, then `custom_fields`.
"""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

import msgspec

from acctcli.core.accounts import Row
from acctcli.render.machine import Ready

if TYPE_CHECKING:
    from collections.abc import Sequence


class ValueRows:
    """Makes the rows of one list."""

    def __init__(self, keys: Sequence[str]) -> None:
        at = keys.index("next_activity")
        self._before = attrgetter(*keys[:at])
        self._behind = attrgetter(*keys[at + 1 :])
        fields = [*((key, object) for key in keys), ("custom_fields", object)]
        self._form = msgspec.defstruct("ValueRow", fields, bases=(Ready,))

    def make(self, row: Row, next_activity: object, custom: object) -> object:
        """The row, with the next activity and its own fields as they are to be written."""
        return self._form(*self._before(row), next_activity, *self._behind(row), custom)


_KEYS = Row.__struct_fields__
ORG = ValueRows(_KEYS)
ACCOUNT = ValueRows([key for key in _KEYS if key != "is_account"])
