"""What checks are given."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from acctcli.core.model.errors import Problem
from acctcli.core.model.links import kind_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Set as AbstractSet

    from acctcli.core.model.kinds import KindName
    from acctcli.core.model.records import Data, Record, Settings


class Unread(NamedTuple):
    """What is in the book but could not be read: a link to it is no link to nothing.

    Attributes:
        ids: The ids of records that cannot be read.
        kinds: The kinds of files in which any record may be lost.
    """

    ids: AbstractSet[str] = frozenset()
    kinds: AbstractSet[str] = frozenset()

    def has(self, kind: KindName, record_id: str | None) -> bool:
        """Whether a record may be there, unread."""
        return record_id is not None and (record_id in self.ids or kind in self.kinds)


NOTHING_UNREAD = Unread()


class CheckContext(NamedTuple):
    """What a check may look into besides the record it judges.

    Attributes:
        data: All records that can be read.
        settings: What acctcli.yaml says.
        zone: In which the day of a timestamp is taken (rule 6).
        today: The day.
        unread: What cannot be read.
    """

    data: Data
    settings: Settings
    zone: dt.tzinfo
    today: dt.date
    unread: Unread = NOTHING_UNREAD


def warning(name: str, message: str, hint: str, record: Record, field: str) -> Problem:
    """A warning about a field of a record; the message is put behind the field's name."""
    return Problem(
        id=name,
        message=f"{field}: {message}",
        level="warning",
        hint=hint,
        kind=kind_of(record),
        record=record.id,
        field=field,
    )


def future_problem(message: str, record: Record, field: str) -> Problem:
    """That something was won or done on a day to come."""
    return warning("done-ahead", message, "correct the day, if it is not meant so", record, field)
