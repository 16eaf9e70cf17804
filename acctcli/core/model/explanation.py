"""The explanation of a value."""

from __future__ import annotations

from msgspec import Struct

from acctcli.core.model.kinds import KindName


class Reason(Struct, frozen=True, kw_only=True):
    """One thing that made a value.

    Attributes:
        text: What it is and what it adds, for people.
        kind: The kind of the record it is about; None when it is about none.
        record: That record's id.
    """

    text: str
    kind: KindName | None = None
    record: str | None = None


class Explanation(Struct, frozen=True, kw_only=True):
    """Why a value is what it is.

    Attributes:
        of: The value's name, such as `won_value`.
        value: The value itself, as lists have it.
        rule: The rule that makes it, in a sentence.
        reasons: What made it, the weightiest first.
    """

    of: str
    value: object
    rule: str
    reasons: tuple[Reason, ...]
