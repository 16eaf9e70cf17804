"""Standard streams, prompts and the terminal of a run."""

from __future__ import annotations

import datetime as dt
import os
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Literal, TextIO

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from acctcli.cli.app.output_file import OutFile
    from acctcli.core.model.errors import Problem
    from acctcli.render.formats.style import Style

_BAR = 36  # columns of a progress bar
_BESIDE_BAR = 21  # columns of what stands on its line besides the label


class Globals(Struct, frozen=True, kw_only=True):
    """The options that every command takes, as they were given."""

    book: str | None = None
    today: str | None = None
    as_of: str | None = None
    format: str = "table"
    output: str | None = None
    fields: str | None = None
    no_header: bool = False
    money: str = "number"
    where: tuple[str, ...] = ()
    sort: str | None = None
    limit: int | None = None
    group_by: str | None = None
    mine: bool = False
    view: str | None = None
    fail_if_empty: bool = False
    color: str = "auto"
    quiet: bool = False
    read_only: bool = False
    skip_invalid: bool = False
    no_index: bool = False


class Streams(Struct, frozen=True, kw_only=True):
    """Where text comes from and goes to, and what is known of the terminal.

    Attributes:
        out: Data.
        err: Everything else.
        stdin: Given text.
        environ: The environment.
        cwd: The folder the command runs in.
        clock: Gives the time, with an offset.
        columns: How wide the terminal is; None when data does not go to one.
    """

    out: BinaryIO
    err: TextIO
    stdin: TextIO
    environ: Mapping[str, str]
    cwd: Path
    clock: Callable[[], dt.datetime]
    columns: int | None


class Console(ABC):
    """What a run prints, and how."""

    def __init__(self, options: Globals, streams: Streams, reported: set[Problem]) -> None:
        """Prepare it; `reported` is what was told before, and is not told again."""
        self.options = options
        self.streams = streams
        self._reported = reported
        self.has_printed = False  # data, which cannot be taken back
        self._afterwards: list[Callable[[], None]] = []
        self.printed_list = False
        self.printed_items = False

    @property
    @abstractmethod
    def file(self) -> OutFile | None:
        """The file that data is written to by --output; None when it is printed."""

    @property
    @abstractmethod
    def folders(self) -> list[Path]:
        """Where the files of messages may lie."""

    @property
    def has_json_messages(self) -> bool:
        """Whether messages are JSON, since the data is."""
        from acctcli.cli.app.diagnostics import has_json_messages

        return has_json_messages(self.options.format)

    @property
    def is_for_people(self) -> bool:
        """Whether data is laid out for people, in columns with heads of words."""
        return self.options.format in {"table", "markdown", "html"}

    @property
    def is_nested(self) -> bool:
        """Whether data comes as objects with all their keys, and not in lines of cells."""
        return self.options.format in {"json", "ndjson", "yaml"}

    # data

    def after_output(self, act: Callable[[], None]) -> None:
        """Let something be done when all data is out, and not at all when that fails."""
        self._afterwards.append(act)

    def run_after_output(self) -> None:
        """Do what was left until all data is out.

        Raises:
            OSError: it does not come out.
        """
        if self._afterwards:
            self.streams.out.flush()
        for act in self._afterwards:
            act()

    @cached_property
    def style(self) -> Style:
        """Colours for data, when they are wanted."""
        from acctcli.cli.app.diagnostics import has_colour
        from acctcli.render.formats.style import Style

        streams = self.streams
        on_terminal = streams.columns is not None
        environ = streams.environ if self.file is None else {}  # FORCE_COLOR is about no file
        return Style(colour=has_colour(self.options.color, environ, on_terminal=on_terminal))

    def put(self, chunks: Iterable[bytes]) -> None:
        """Print data, or write it to the file of --output."""
        if self.options.output and self.file is not None:
            self.file.write(chunks)
            return
        for chunk in chunks:
            self.has_printed = True
            self.streams.out.write(chunk)

    def finish(self) -> None:
        """Put the file of --output into place, when all went well.

        Raises:
            StorageError: the system refuses.
        """
        if self.options.output and self.file is not None:
            self.file.finish()

    def discard_output_file(self) -> None:
        """Leave the file of --output as it was, because something failed."""
        if "file" in self.__dict__ and self.file is not None:
            self.file.give_up()

    def print_text(self, text: str) -> None:
        """Print data that is for people; a line end is added, nothing for an empty text."""
        if text:
            self.put([text.encode("utf-8", "backslashreplace") + b"\n"])

    def is_refused_empty(self) -> bool:
        """Whether a list had nothing in it, and --fail-if-empty was given."""
        return self.options.fail_if_empty and self.printed_list and not self.printed_items

    # messages

    def say(self, message: str) -> None:
        """Tell the user what was done; --quiet leaves it out."""
        if not self.options.quiet:
            self.tell(message)

    def tell(self, message: str) -> None:
        """Tell the user what they must know, whatever --quiet says."""
        from acctcli.cli.app.diagnostics import show_note

        if self.has_printed:  # what comes first stands first, where both go to one place
            with suppress(OSError):  # an error is shown at the end of the run
                self.streams.out.flush()
        show_note(message, self.streams.err, as_json=self.has_json_messages)

    def report(self, problems: Sequence[Problem]) -> None:
        """Tell what is wrong or odd."""
        if not problems:
            return
        from acctcli.cli.app.diagnostics import show_problems

        new = [problem for problem in problems if problem not in self._reported]
        self._reported.update(new)
        show_problems(
            new,
            self.streams.err,
            self.options.color,
            as_json=self.has_json_messages,
            folders=self.folders,
        )

    def bar_width(self, label: str) -> int:
        """How wide a progress bar is, so that it stays on one line of its terminal."""
        from acctcli.cli.app.diagnostics import columns_of

        columns = columns_of(self.streams.err) or 80
        return max(1, min(_BAR, columns - len(label) - _BESIDE_BAR))

    def has_editor(self) -> bool:
        """Whether the user can be shown an editor: one is named, or there is a terminal."""
        environ = self.streams.environ
        return bool(environ.get("VISUAL") or environ.get("EDITOR") or self.streams.stdin.isatty())

    def is_interactive(self) -> bool:
        """Whether a person sits at the terminal and can be shown progress.

        JSON is for programs, which can neither be shown a bar nor asked.
        """
        return self.streams.err.isatty() and not self.has_json_messages

    def can_ask(self) -> bool:
        """Whether a person sits at the terminal who can be asked."""
        return self.is_interactive() and self.streams.stdin.isatty()


def process_streams() -> Streams:
    """The streams, environment and clock of this process."""
    # A shell can close any of the three: `acctcli deal list >&-`.
    out = sys.stdout
    columns = None
    if out is not None and out.isatty():
        import shutil

        columns = shutil.get_terminal_size().columns
    return Streams(
        out=out.buffer if out is not None else Path(os.devnull).open("wb"),
        err=sys.stderr or _nowhere("w"),
        stdin=sys.stdin or _nowhere("r"),
        environ=os.environ,
        cwd=Path.cwd(),
        clock=lambda: dt.datetime.now(dt.UTC).astimezone(),
        columns=columns,
    )


def _nowhere(mode: Literal["r", "w"]) -> TextIO:
    """A stream that is empty, or swallows what it gets."""
    return Path(os.devnull).open(mode, encoding="utf-8")
