"""Large files loaded by two processes.

Reading is work for the processor, and most machines have more than one. The other process touches
no database: it leaves rows in a file without a name, from which this one takes them. Whatever
goes wrong in it, the caller can do all of the work alone.
"""

from __future__ import annotations

import marshal
import os
import pickle
import signal
import tempfile
import time
from contextlib import suppress
from itertools import islice
from typing import IO, TYPE_CHECKING, NamedTuple

from acctcli.store.datafiles.stream_splitter import NotPlainLayoutError
from acctcli.store.index.update.loader import INSERT, RowLoader, Source, Tallies

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Sequence

    from acctcli.core.model.records import Settings

_WINDOW = 1 << 16  # bytes in which the beginning of a record is looked for
# The first process has less to read, since it also puts all rows into the database.
_SHARE = 0.4
_HEAD = 8  # bytes before a frame, with its length
_PAUSE = 0.002  # seconds
_BATCH = 1000  # tallies that are handed over at once
_DASH = b"\n- "


class FileTail(NamedTuple):
    """The second part of a file: which, and at which byte it begins."""

    source: Source
    start: int


def file_tails(sources: Iterable[Source]) -> list[FileTail]:
    """The second parts of these files; none on a machine with one processor."""
    if _processors() < 2:  # noqa: PLR2004 - one for each part
        return []
    found = []
    for source in sources:
        with suppress(OSError):
            start = _record_start_near(source, int(source.path.stat().st_size * _SHARE))
            if start is not None:
                found.append(FileTail(source, start))
    return found


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _record_start_near(source: Source, middle: int) -> int | None:
    """A byte at which a record begins that has no comment above it; None when there is none near.

    A line in a quoted text may look like one: then what stands before it cannot be read, and is
    not taken for a record.
    """
    with source.path.open("rb", buffering=0) as file:
        file.seek(middle)
        window = file.read(_WINDOW)
    at = window.find(b"\n")
    while (at := window.find(_DASH, at + 1)) >= 0:
        above = window.rfind(b"\n", 0, at)
        if above >= 0 and window[above + 1 : above + 2] != b"#":
            return middle + at + 1
    return None


class SecondReader:
    """The process that reads second parts; to be ended by `end`."""

    def __init__(self, parts: Sequence[FileTail], settings: Settings, zone: dt.tzinfo) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - `end` closes it
        self._process: int | None = None
        process = os.fork()
        if process == 0:
            _work(parts, settings, zone, self._file)
        self._process = process

    def drain_into(self, filler: RowLoader) -> None:
        """Give all that it makes and counts to a filler, as far as it is, until it is done.

        Raises:
            NotPlainLayoutError: it could not; what was given is void.
        """
        frames = self._frames()
        while rows := marshal.loads(next(frames)):  # noqa: S302 - our own process wrote it
            filler.take_in(rows)
        filler.roundabout += marshal.loads(next(frames))  # noqa: S302 - the same
        orgs = pickle.loads(next(frames))  # noqa: S301 - the same
        if orgs is None or filler.orgs is None:
            filler.orgs = None
        else:
            filler.orgs = {**orgs, **filler.orgs}
        while tallies := pickle.loads(next(frames)):  # noqa: S301 - the same
            if filler.tallies is not None:
                for org_id, tally in tallies.items():
                    filler.tallies.of(org_id).add_all(tally)

    def _frames(self) -> Iterator[bytes]:
        """What it writes, frame by frame, each when it is there."""
        at = 0
        while True:
            data = b""
            head = os.pread(self._file.fileno(), _HEAD, at)
            if len(head) == _HEAD:
                length = int.from_bytes(head, "big")
                data = os.pread(self._file.fileno(), length, at + _HEAD)
            if data and len(data) == length:
                at += _HEAD + length
                yield data
            else:
                self._wait_for_more()

    def _wait_for_more(self) -> None:
        if self._process is None:
            raise NotPlainLayoutError  # it ended, and what is still wanted is not there
        process, status = os.waitpid(self._process, os.WNOHANG)
        if process:
            self._process = None
            if status:
                raise NotPlainLayoutError
        else:
            time.sleep(_PAUSE)

    def end(self) -> None:
        """End it, if it is still at work."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.kill(self._process, signal.SIGKILL)
            with suppress(ChildProcessError):
                os.waitpid(self._process, 0)
        self._file.close()


def _put_frame(file: IO[bytes], data: bytes) -> None:
    file.write(len(data).to_bytes(_HEAD, "big") + data)
    file.flush()


class _Rows:
    """Takes the place of the database in the other process: keeps rows in a file."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def execute(self, statement: str, values: Sequence[object] = (), /) -> object:
        raise NotPlainLayoutError(statement, values)

    def executemany(self, statement: str, rows: Iterable[Sequence[object]], /) -> object:
        if statement != INSERT:
            raise NotPlainLayoutError(statement)
        kept = list(rows)
        if kept:
            _put_frame(self._file, marshal.dumps(kept))
        return None


def _work(parts: Sequence[FileTail], settings: Settings, zone: dt.tzinfo, file: IO[bytes]) -> None:
    """All that the other process does; it does not return."""
    code = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        tallies = Tallies(settings, zone)
        filler = RowLoader(_Rows(file), settings, tallies)
        for source, start in parts:
            filler.second_part(source, start)
        _put_frame(file, marshal.dumps(None))
        _put_frame(file, marshal.dumps(filler.roundabout))
        _put_frame(file, pickle.dumps(filler.orgs, pickle.HIGHEST_PROTOCOL))
        found = iter(tallies.found.items())
        while some := dict(islice(found, _BATCH)):
            _put_frame(file, pickle.dumps(some, pickle.HIGHEST_PROTOCOL))
        _put_frame(file, pickle.dumps(None))
        code = 0
    finally:
        # Nothing of the first process may be ended twice: no handler of its end runs here.
        os._exit(code)
