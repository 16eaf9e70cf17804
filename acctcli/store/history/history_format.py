"""Lines of history.jsonl.

A line belongs to the commit whose id it has, wherever it stands, so that git may merge two
histories line by line; without its closing line a commit did not happen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from acctcli.store.files import filesystem
from acctcli.store.ids import random_id

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from acctcli.store.datafiles.splices import ReverseSplice


ATTACHMENT = "attachment"  # the word that stands for a kind in lines about attachments
SETTINGS = "settings"
RATES = "rates"  # for what changed in the bytes of rates.yaml
FILE = "file"  # and this one for what changed in the bytes of a data file
FIRST = ""  # stands for the record above the first one of a file
_PART = 1 << 18  # bytes of text in one line about a file's bytes; a longer text takes several
_ID_LENGTH = 12


class HistoryLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A line about one thing that a commit changed.

    Attributes:
        commit: The commit's id.
        kind: A kind of records, or "attachment", "settings", "rates" or "file".
        id: The record's id.
        file: The file it stands in, as a path in the book.
        position: Where in the file, in bytes.
        above: The id of the record above a removed one; empty when it was the first.
        before: The text before; None when it was not there.
        after: The text after; None for an addition and for a removal.
        before_sha256: The content before, of an attachment or a file; None when it was not there.
        after_sha256: The text or content after, of an addition, an attachment or a file.
        splices: What leads from the file's bytes after the commit back to those before it: for
            each place where it begins now, how many bytes the commit put there, and the text
            that stood there. A file may have more than one such line; they count as one.
    """

    commit: str
    kind: str
    id: str | None = None
    file: str | None = None
    position: int | None = None
    above: str | None = None
    before: str | None = None
    after: str | None = None
    before_sha256: str | None = None
    after_sha256: str | None = None
    splices: tuple[tuple[int, int, str], ...] = ()


class Closing(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The line that closes a commit.

    Attributes:
        commit: The commit's id.
        time: RFC 3339 with an offset.
        actor: Who did it.
        command: The command's words.
        records: How many lines the commit has besides this one.
        undoes: The ids of the commits that it took back.
        redoes: The ids of the undoing commits that it took back.
    """

    commit: str
    time: str
    actor: str
    command: list[str]
    records: int
    undoes: tuple[str, ...] = ()
    redoes: tuple[str, ...] = ()


def new_commit_id() -> str:
    """A new id of a commit, at random: `c` and twelve characters."""
    return random_id("c", _ID_LENGTH)


def entry(  # noqa: PLR0917 - in the order in which they stand in the line
    commit: str,
    kind: str,
    record_id: str,
    file: str,
    position: int,
    before: str | None,
    after: str | None,
    *,
    above: str | None = None,
) -> bytes:
    """The line about one record: its text before and after; of an addition only the hash."""
    added = before is None and after is not None
    return _line(
        HistoryLine(
            commit=commit,
            kind=kind,
            id=record_id,
            file=file,
            position=position,
            above=above,
            before=before,
            after=None if added else after,
            after_sha256=filesystem.sha_of(after.encode()) if after is not None and added else None,
        )
    )


def attachment_entry(commit: str, file: str, before: str | None, after: str | None) -> bytes:
    """The line about an attachment: the SHA-256 of its content before and after."""
    return _line(
        HistoryLine(
            commit=commit, kind=ATTACHMENT, file=file, before_sha256=before, after_sha256=after
        )
    )


def settings_entry(commit: str, file: str, before: str | None, after: str | None) -> bytes:
    """The line about the settings: their whole text before and after."""
    return _line(HistoryLine(commit=commit, kind=SETTINGS, file=file, before=before, after=after))


def file_entries(  # noqa: PLR0917 - in the order in which they stand in the line
    commit: str,
    file: str,
    before: str | None,
    after: str | None,
    backs: Iterable[ReverseSplice],
    kind: str = FILE,
) -> Iterator[bytes]:
    """The lines about a file's bytes: its SHA-256 before and after, and the way back.

    An empty one is written too: the hash is what tells that nothing changed since.
    """

    def line(splices: list[tuple[int, int, str]]) -> bytes:
        return _line(
            HistoryLine(
                commit=commit,
                kind=kind,
                file=file,
                before_sha256=before,
                after_sha256=after,
                splices=tuple(splices),
            )
        )

    splices: list[tuple[int, int, str]] = []
    size = 0
    for back in backs:
        for at, length, text in back.parts(_PART):
            if size >= _PART:
                yield line(splices)
                splices, size = [], 0
            splices.append((at, length, text))
            size += len(text) + 1
    yield line(splices)


def with_closing(lines: Iterable[bytes], close: Callable[[int], bytes]) -> Iterator[bytes]:
    """The lines of a commit as they come, and at last what closes that many lines."""
    count = 0
    for line in lines:
        count += 1
        yield line
    yield close(count)


def closing(
    commit: str,
    time: str,
    actor: str,
    command: list[str],
    records: int,
    *,
    undoes: tuple[str, ...] = (),
    redoes: tuple[str, ...] = (),
) -> bytes:
    """The line that closes a commit of `records` other lines."""
    # What a shell hands over may have bytes that are no text.
    return _line(
        Closing(
            commit=commit,
            time=time,
            actor=_text(actor),
            command=[_text(word) for word in command],
            records=records,
            undoes=undoes,
            redoes=redoes,
        )
    )


def _text(word: str) -> str:
    return word.encode("utf-8", "backslashreplace").decode()


def _line(content: HistoryLine | Closing) -> bytes:
    return msgspec.json.encode(content) + b"\n"
