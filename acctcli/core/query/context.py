"""What terms are read by: today, the zone, the currency."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Collection, Mapping
    from collections.abc import Set as AbstractSet

    from acctcli.core.model.kinds import KindName


class Context(NamedTuple):
    """What a list is seen by.

    Attributes:
        today: The day, for date words.
        zone: Where the day of a timestamp is taken (rule 6).
        currency: Of bare amounts: the one that the list is shown in, else the book's (rule 4).
        book_currency: That of amounts of records that name none.
        holidays: The days off, for business days.
        find: The ids of a kind that a name stands for, one or more; raises NotFoundError.
        names: The names of linked records by id.
    """

    today: dt.date
    zone: dt.tzinfo
    currency: str | None
    book_currency: str | None
    holidays: AbstractSet[dt.date]
    find: Callable[[KindName, str], Collection[str]]
    names: Mapping[str, str]
