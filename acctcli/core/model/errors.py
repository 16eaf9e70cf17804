"""Errors: a problem, its place and its class."""

from __future__ import annotations

from typing import Literal, NamedTuple


class Place(NamedTuple):
    """A place in a file: its path as the user would name it, and line and column from 1.

    A line of 0 means the file as a whole.
    """

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        if not self.line:
            return self.file
        return (
            f"{self.file}:{self.line}:{self.column}" if self.column else f"{self.file}:{self.line}"
        )


class Excerpt(NamedTuple):
    """What stands at a place: a stretch of its line, without the line's end.

    Attributes:
        text: The stretch, as it is in the file.
        column: The place's column in the stretch, from 1; 0 when the place is the whole line.
        is_start: Whether the line begins with it.
        is_end: Whether the line ends with it.
    """

    text: str
    column: int
    is_start: bool = True
    is_end: bool = True


class Problem(NamedTuple):
    """One thing that is wrong or odd.

    Attributes:
        id: A stable name, such as ``bad-date``; scripts may depend on it.
        message: What happened, one sentence in lower case without a full stop.
        level: ``error`` makes a record unusable or an answer wrong; ``warning`` does not.
        place: Where in which file, when there is one.
        hint: What to do about it.
        kind: The kind of the record concerned (``orgs``, ``deals``, ...).
        record: The id of the record concerned.
        field: The field concerned.
    """

    id: str
    message: str
    level: Literal["error", "warning"] = "error"
    place: Place | None = None
    hint: str | None = None
    kind: str | None = None
    record: str | None = None
    field: str | None = None

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message


class AcctcliError(Exception):
    """Base of every error that a user may see.

    Attributes:
        problems: At least one problem; the first one names the error.
    """

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*problems)
        self.problems: tuple[Problem, ...] = problems

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))

    @classmethod
    def of(
        cls,
        name: str,
        message: str,
        *,
        place: Place | None = None,
        hint: str | None = None,
    ) -> AcctcliError:
        """The error with one problem, from its facts."""
        return cls(Problem(id=name, message=message, place=place, hint=hint))


class UsageError(AcctcliError):
    """The command line asks for something that makes no sense."""


class NotFoundError(AcctcliError):
    """A record or a book that was named is not there."""


class AmbiguousError(AcctcliError):
    """A name stands for more than one record."""


class InvalidBookError(AcctcliError):
    """The book on disk has records that cannot be read."""


class InvalidInputError(AcctcliError):
    """What the user gave (a value, a map, a row) is not valid; nothing was changed."""


class ConflictError(AcctcliError):
    """The book is locked, or was changed by others meanwhile; nothing was changed."""


class StorageError(AcctcliError):
    """The operating system refused to read or write."""
