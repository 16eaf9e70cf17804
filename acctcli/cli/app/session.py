"""One run: the book, the day, the clock and the actor.

Made once a run from the global options and the environment. Below this there is no clock and no
print: commands get a Session and hand text to it.
"""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click
from msgspec.structs import replace

from acctcli.cli.app.console import Console, Globals, Streams, process_streams
from acctcli.cli.app.date_option import day_option
from acctcli.cli.app.environment import cache_home, data_home
from acctcli.cli.app.global_options import as_of_error, global_values
from acctcli.core.model.dates import parse_stamp, stamp_text
from acctcli.core.model.errors import (
    InvalidBookError,
    InvalidInputError,
    NotFoundError,
    UsageError,
)
from acctcli.store.book import Author, Book
from acctcli.store.files.find_book import find_book

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from collections.abc import Set as AbstractSet

    from click._termui_impl import ProgressBar

    from acctcli.cli.app.output_file import OutFile
    from acctcli.core.model.errors import Problem
    from acctcli.store.changes.change_set import Change
    from acctcli.store.undo.undo import UndoRequest
    from acctcli.store.undo.undo_commit import UndoCommit
    from acctcli.store.views.view import View


_Result = TypeVar("_Result")
_LARGE = 1 << 24  # bytes of a book that take long enough to read to be told of


class Session(Console):
    """One run of acctcli."""

    def __init__(
        self,
        options: Globals,
        streams: Streams,
        command: Sequence[str],
        reported: set[Problem] | None = None,
        piped: list[dict[str, int]] | None = None,
    ) -> None:
        """Prepare a run; what one that had to start over told and read before is handed on.

        Args:
            options: The options of every command.
            streams: Where text comes from and goes to.
            command: The command's words, for the history.
            reported: What was told before.
            piped: The ids that were read from standard input, which cannot be read again.
        """
        super().__init__(options, streams, set() if reported is None else reported)
        self.piped = [] if piped is None else piped  # see `cli.input.record_args.read_ids`
        self.command = tuple(command)
        self.path = ""  # of the command, such as `account list`; empty where none was parsed
        self._bar: ProgressBar[int] | None = None
        self._days_off: tuple[View, AbstractSet[dt.date]] | None = None

    @property
    def title(self) -> str:
        """The command's name, such as ``acctcli account list``."""
        return f"acctcli {self.path}".rstrip()

    # the book

    @property
    def folders(self) -> list[Path]:
        """Where the files of messages may lie: the current folder, and the book's once found."""
        book = self.__dict__.get("book")
        return [self.streams.cwd, *([book.root] if book else [])]

    @cached_property
    def book(self) -> Book:
        """The book that is meant.

        Raises:
            NotFoundError: there is none.
        """
        given = Path(self.options.book) if self.options.book is not None else None
        streams = self.streams
        root = find_book(given, streams.environ, streams.cwd, data_home(streams.environ))
        index = None
        if not self.options.no_index:
            from acctcli.store.index.index import Index

            index = Index(root, cache_home(streams.environ), self._progress)
        return Book(root, read_only=self.options.read_only, waiting=self.say, index=index)

    def _progress(self, done: int, size: int) -> None:
        """Show how far the files are read, on a terminal, when there is much to read."""
        if size < _LARGE or not self.is_interactive() or self.options.quiet:
            return
        if self._bar is None:
            self._bar = click.progressbar(
                length=size,
                label="reading",
                file=self.streams.err,
                width=self.bar_width("reading"),
            )
        self._bar.update(done - self._bar.pos)
        if done >= size:
            self._bar.render_finish()
            self._bar = None

    def read(self) -> View:
        """The book as it is, or with --as-of as it stood on that day.

        Raises:
            InvalidBookError: records cannot be read, and --skip-invalid was not given.
        """
        view = self.book.read()
        self.refuse_or_report(view.problems)
        if self.options.as_of is None:
            return view
        from acctcli.core.accounts.as_of import as_of
        from acctcli.store.views.derived import DerivedView

        data, undated = as_of(view.data, self.today(view), view.zone)
        self.report(undated)
        return DerivedView(view, data)

    def read_in(self, currency: str | None) -> View:
        """As `read`, with the money of deals in a currency when one is given.

        Asking the view for lists, or for deals, raises NotFoundError when a rate is missing.

        Raises:
            InvalidBookError: as for `read`, or rates.yaml cannot be read.
        """
        view = self.read()
        if currency is None:
            return view
        from acctcli.core.accounts.exchange_rates import Conversion
        from acctcli.store.views.derived import ConvertedView

        conversion = Conversion(
            currency=currency,
            rates=self.book.rates(),
            today=self.today(view),
            settings=view.settings,
            zone=view.zone,
        )
        return ConvertedView(view, conversion)

    def has_selection(self) -> bool:
        """Whether conditions choose the records that a command is about."""
        options = self.options
        return bool(options.where or options.mine or options.view or options.limit)

    def clear_query(self) -> None:
        """Let the options that choose records count no more: those that they chose are written."""
        from msgspec.structs import replace

        self.options = replace(
            self.options, where=(), sort=None, limit=None, mine=False, view=None, group_by=None
        )

    def forget(self, error: Exception) -> None:
        """Do without what was read, which does not hold."""
        index = self.book.index
        if index is not None:
            index.forget(error)

    def refuse_or_report(self, problems: Sequence[Problem]) -> None:
        """Refuse to go on with problems of the book, or with --skip-invalid only tell them.

        Raises:
            InvalidBookError: there are some, and --skip-invalid was not given.
        """
        if problems and not self.options.skip_invalid:
            raise InvalidBookError(*problems)
        self.report(problems)

    def write(self, plan: Callable[[Change], _Result]) -> _Result:
        """Change the book by a plan; see `Book.write`."""
        self._refuse_as_of()
        unread = [0]

        def noting(change: Change) -> _Result:
            unread[0] = change.view.unread_count()
            return plan(change)

        result = self.book.write(noting, self._author)
        if unread[0]:
            many = "records of the book cannot" if unread[0] > 1 else "record of the book cannot"
            self.say(f"{unread[0]} {many} be read; see: acctcli check")
        return result

    def rehearse(self, plan: Callable[[Change], _Result]) -> _Result:
        """Do all that `write` does but the writing; see `Book.rehearse`."""
        self._refuse_as_of()
        return self.book.rehearse(plan, self._author)

    def undo(self, wanted: UndoRequest, *, dry_run: bool) -> UndoCommit | None:
        """Take commits back, or bring them back; see `Book.undo`."""
        self._refuse_as_of()
        return self.book.undo(wanted, self._author, dry_run=dry_run)

    def _refuse_as_of(self) -> None:
        if self.options.as_of is not None:
            raise as_of_error()

    @property
    def _author(self) -> Author:
        return Author(
            actor=self.actor,
            command=self.command,
            now=self.now,
        )

    # time

    @property
    def zone(self) -> dt.tzinfo:
        """The book's zone, from its settings alone."""
        return self.book.zone()

    @cached_property
    def now(self) -> dt.datetime:
        """The clock's time, or that of $ACCTCLI_NOW."""
        fixed = self.streams.environ.get("ACCTCLI_NOW")
        if not fixed:
            return self.streams.clock().replace(microsecond=0)
        try:
            stamp = parse_stamp(fixed)
        except ValueError:
            stamp = dt.date.min
        if not (isinstance(stamp, dt.datetime) and dt.MINYEAR < stamp.year < dt.MAXYEAR):
            raise InvalidInputError.of(
                "bad-date",
                f'ACCTCLI_NOW: "{fixed}" is not a time with an offset',
                hint="write it as 2026-03-10T09:00:00+01:00",
            )
        return stamp

    def today(self, view: View) -> dt.date:
        """The day it is: --as-of, --today, $ACCTCLI_TODAY, or now in the book's zone (rule 6)."""
        return self.today_in(view.zone)

    def today_in(self, zone: dt.tzinfo) -> dt.date:
        """The day it is, as `today`, where no more of the book than its zone is read.

        Raises:
            UsageError: --as-of and --today name different days.
        """
        today = self._present_day(zone)
        if self.options.as_of is None:
            return today
        day = day_option(self.options.as_of, today, "--as-of")
        if self.options.today and day != today:
            raise UsageError.of(
                "two-days",
                f"--as-of is {day}, and --today is {today}",
                hint="leave out --today: --as-of sets the day",
            )
        return day

    def _present_day(self, zone: dt.tzinfo) -> dt.date:
        clock_day = self.now.astimezone(zone).date()
        if self.options.today:
            return day_option(self.options.today, clock_day, "--today")
        given = self.streams.environ.get("ACCTCLI_TODAY")
        return day_option(given, clock_day, "ACCTCLI_TODAY") if given else clock_day

    def days_off(self, view: View) -> AbstractSet[dt.date]:
        """The days off of the book, which are no business days.

        Their files are read when something first looks into the set.
        """
        settings = view.settings
        if not settings.holidays:
            return frozenset()
        if self._days_off is None or self._days_off[0] is not view:
            from acctcli.store.config.holidays import DaysOff, days_off

            found = DaysOff(lambda: days_off(self.book.root, settings, self.today(view)))
            self._days_off = view, found
        return self._days_off[1]

    def stamp(self, view: View) -> str:
        """The time to write into a new record's add_time: RFC 3339 in the book's zone."""
        return stamp_text(self.now.astimezone(view.zone))

    @cached_property
    def actor(self) -> str:
        """Who is at work: $ACCTCLI_ACTOR, else git's e-mail, else the login."""
        from acctcli.cli.app.environment import actor

        return actor(self.streams.environ, self.streams.cwd)

    # text

    @cached_property
    def file(self) -> OutFile | None:
        """The file that data is written to by --output; None when it is printed.

        Raises:
            UsageError: it is a file of a book.
            StorageError: its folder is not there, or nothing can be written to it.
        """
        name = self.options.output
        if name is None:
            return None
        from acctcli.cli.app.output_file import STANDARD, OutFile

        if name in STANDARD:
            return None
        folder = self.streams.cwd
        try:
            book = self.book
        except (
            NotFoundError
        ):  # what needs no book writes anywhere, and the others fail by themselves
            return OutFile(folder, name)
        more: tuple[str, ...] = ()
        if (folder / name).exists():
            with suppress(InvalidBookError):  # told when the book is read
                more = book.settings().holidays
        return OutFile(folder, name, [book.root], more)


def open_session(ctx: click.Context) -> Session:
    """The session of this run, from Click's context and the process."""
    run: dict[str, object] = ctx.find_root().ensure_object(dict)
    session = run.get("acctcli.session")
    if session is None:
        options, streams = Globals(**global_values(ctx)), process_streams()
        if options.output is not None:
            from acctcli.cli.app.output_file import STANDARD, format_of

            options = replace(options, format=format_of(options.output, global_values(ctx)))
            if options.output not in STANDARD:
                streams = replace(streams, columns=None)  # it goes to no terminal
        words = run.get("acctcli.words")
        reported = run.get("acctcli.reported")
        piped = run.get("acctcli.piped")
        session = Session(
            options,
            streams,
            words if isinstance(words, list) else [],
            reported if isinstance(reported, set) else None,
            piped if isinstance(piped, list) else None,
        )
        session.path = ctx.command_path.partition(" ")[2]
        run["acctcli.session"] = session
        # A file that cannot be written is told before anything is done.
        _ = session.file
    assert isinstance(session, Session)  # noqa: S101 - the type of what was put there above
    return session
