"""Day_option: a date word given to an option (out of cli/session)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acctcli.core.model.dates import parse_day
from acctcli.core.model.errors import (
    InvalidInputError,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Set as AbstractSet


def day_option(
    text: str, today: dt.date, option: str, holidays: AbstractSet[dt.date] = frozenset()
) -> dt.date:
    """A date word given to an option.

    Raises:
        InvalidInputError: it is none; the message names the option.
    """
    try:
        return parse_day(text, today, holidays)
    except InvalidInputError as error:
        problem = error.problems[0]
        raise InvalidInputError.of(
            problem.id, f"{option}: {problem.message}", hint=problem.hint
        ) from error
