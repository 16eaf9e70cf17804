"""Edits of a data file by record id: all of it, or windows of it.

A window is a stretch of the file that begins and ends where records do; what stands outside is
taken over as it is.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from acctcli.core.model.kinds import KINDS
from acctcli.store.datafiles.file_reader import read_records
from acctcli.store.datafiles.splices import reverse_splices
from acctcli.store.datafiles.text_editor import FileText
from acctcli.store.files.layout import kind_of_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from acctcli.core.model.kinds import Field
    from acctcli.core.model.records import Raw
    from acctcli.store.datafiles.edited_windows import ByteRange
    from acctcli.store.datafiles.file_reader import Reading
    from acctcli.store.datafiles.splices import ReverseSplice
    from acctcli.store.files.filesystem import Content


class Window(NamedTuple):
    """A stretch of a file, in bytes, and the numbers in it of the records that may be edited."""

    start: int
    end: int
    numbers: Mapping[str, int]
    span: ByteRange


class FileEdit(ABC):
    """The edits of one data file; `finish` gives its new content.

    What the methods raise is told at those of `FileText`.
    """

    @abstractmethod
    def _text(self, record_id: str) -> tuple[FileText, int, int]:
        """The text a record stands in, its number in it, and where that text begins."""

    @abstractmethod
    def _end(self) -> tuple[FileText, int]:
        """The text at the end of the file, and where it begins."""

    @abstractmethod
    def finish(self) -> Content | None:
        """The new content, read again; None when it is the old one.

        Raises:
            InvalidBookError: it would not read as intended (``unsafe-edit``).
        """

    @abstractmethod
    def parts(self) -> Sequence[tuple[ByteRange, bytes]]:
        """What the windows hold now, once `finish` gave it; nothing when there are none."""

    @abstractmethod
    def backs(self) -> Iterable[ReverseSplice]:
        """The steps from the new content back to the old one, once `finish` gave it."""

    def previous_id(self, record_id: str) -> str | None:
        """The id of the record above; see `FileText.previous_id`."""
        text, number, _ = self._text(record_id)
        return text.previous_id(number)

    def before(self, record_id: str) -> tuple[int, str]:
        """Where a record's text starts in the file as it was, in bytes, and that text."""
        text, number, start = self._text(record_id)
        return start + text.record_span(number), text.records[number].text.decode()

    def set(self, record_id: str, changes: Mapping[str, Raw]) -> str:
        """Change keys of a record (None unsets one); gives its new text."""
        text, number, _ = self._text(record_id)
        return text.set(number, changes).decode()

    def replace(self, record_id: str, new_text: str) -> str:
        """Replace the text of a record; gives the new one as it will stand."""
        text, number, _ = self._text(record_id)
        return text.replace(number, new_text).decode()

    def remove(self, record_id: str) -> None:
        """Take a record out."""
        text, number, _ = self._text(record_id)
        text.remove(number)

    def begin_with(self, head: str) -> None:
        """Let a file that is to be made begin with a text, above its records."""
        text, _ = self._end()
        text.head = head

    def append(self, fields: Mapping[str, Raw]) -> tuple[int, str]:
        """Add a record at the end; gives about where its text will start, and the text."""
        text, start = self._end()
        position, added = text.append(fields)
        return start + position, added.decode()


class WholeEdit(FileEdit):
    """The edits of a file all of which was read."""

    def __init__(
        self,
        name: str,
        data: bytes | None,
        custom: Mapping[str, Field],
        reading: Reading | None,
        numbers: Mapping[str, int],
    ) -> None:
        """Prepare the edits; `data` is None for a file that is to be made."""
        kind = KINDS[kind_of_file(name)]
        self._there = data is not None
        self._file = FileText(name, data or b"", kind, custom, reading=reading)
        self._numbers = numbers

    def _text(self, record_id: str) -> tuple[FileText, int, int]:
        return self._file, self._numbers[record_id], 0

    def _end(self) -> tuple[FileText, int]:
        return self._file, 0

    def finish(self) -> Content | None:
        """The new content, read again; None when it is the old one."""
        new = self._file.finish()
        return None if new == self._file.data and self._there else new

    def parts(self) -> Sequence[tuple[ByteRange, bytes]]:
        """Nothing: all of the file was read."""
        return ()

    def backs(self) -> Iterable[ReverseSplice]:
        """The steps from the new content back to the old one, once `finish` gave it."""
        return reverse_splices(self._file.data, self._file.splices)


class WindowEdit(FileEdit):
    """The edits of a file in windows, which must lie in order; the last may reach its end."""

    def __init__(
        self,
        name: str,
        data: bytes,
        custom: Mapping[str, Field],
        windows: Sequence[Window],
    ) -> None:
        kind = KINDS[kind_of_file(name)]
        self._data = data
        self._windows = windows
        self._texts: list[FileText] = []
        self._new: list[bytes] = []
        self._where: dict[str, int] = {}
        line, at = 0, 0
        for number, window in enumerate(windows):
            line += data.count(b"\n", at, window.start)
            at = window.start
            reading = read_records(name, data[window.start : window.end], lines_before=line)
            self._texts.append(FileText(name, reading.data, kind, custom, reading=reading))
            self._where |= dict.fromkeys(window.numbers, number)

    def _text(self, record_id: str) -> tuple[FileText, int, int]:
        number = self._where[record_id]
        window = self._windows[number]
        return self._texts[number], window.numbers[record_id], window.start

    def _end(self) -> tuple[FileText, int]:
        return self._texts[-1], self._windows[-1].start

    def finish(self) -> Content | None:
        """The new content, read again in the windows; None when it is the old one."""
        new = self._new = [text.finish() for text in self._texts]
        if all(text == old.data for text, old in zip(new, self._texts, strict=True)):
            return None
        # What stands between the windows is not copied: the file may be large.
        data = memoryview(self._data)
        edges = [0, *(edge for window in self._windows for edge in window[:2]), len(data)]
        kept = [data[low:high] for low, high in list(pairwise(edges))[::2]]
        return [piece for pair in zip(kept, [*new, b""], strict=True) for piece in pair]

    def parts(self) -> Sequence[tuple[ByteRange, bytes]]:
        """What the windows hold now, once `finish` gave it."""
        return [(window.span, new) for window, new in zip(self._windows, self._new, strict=True)]

    def backs(self) -> Iterable[ReverseSplice]:
        """The steps from the new content back to the old one, once `finish` gave it."""
        moved = 0
        for text, window in zip(self._texts, self._windows, strict=True):
            longer = 0
            for back in reverse_splices(text.data, text.splices):
                longer += back.length - len(back.text)
                yield back._replace(at=back.at + window.start + moved)
            moved += longer
