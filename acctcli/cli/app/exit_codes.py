"""Exit codes, one table."""

from __future__ import annotations

from enum import IntEnum

from acctcli.core.model import errors


class Exit(IntEnum):
    """What the shell sees."""

    DONE = 0
    FINDINGS = 1
    USAGE = 2
    NOT_FOUND = 3
    INVALID_BOOK = 4
    INVALID_INPUT = 5
    CONFLICT = 6
    STORAGE = 7
    INTERRUPTED = 130  # Ctrl-C, as shells count it


# As `acctcli help exit-codes` and the manual tell them.
MEANINGS: dict[Exit, str] = {
    Exit.DONE: "done; an empty list is no failure",
    Exit.FINDINGS: "`check` or `file verify` found something, or `--fail-if-empty` found nothing",
    Exit.USAGE: "the command line makes no sense",
    Exit.NOT_FOUND: "a record or book was not found, or more than one fits",
    Exit.INVALID_BOOK: "the book has records that cannot be read",
    Exit.INVALID_INPUT: "what was given (a value, a map, a row) is not valid",
    Exit.CONFLICT: "the book is locked, or was changed by others meanwhile",
    Exit.STORAGE: "the system could not read or write",
    Exit.INTERRUPTED: "Ctrl-C; the change is in the book whole or not at all",
}

_TABLE: dict[type[errors.AcctcliError], Exit] = {
    errors.UsageError: Exit.USAGE,
    errors.NotFoundError: Exit.NOT_FOUND,
    errors.AmbiguousError: Exit.NOT_FOUND,
    errors.InvalidBookError: Exit.INVALID_BOOK,
    errors.InvalidInputError: Exit.INVALID_INPUT,
    errors.ConflictError: Exit.CONFLICT,
    errors.StorageError: Exit.STORAGE,
}


def exit_for(error: errors.AcctcliError) -> Exit:
    """The exit code of an error."""
    return _TABLE[type(error)]
