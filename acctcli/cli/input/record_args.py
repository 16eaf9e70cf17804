"""Records named by arguments, or by ids on standard input."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Self

from acctcli.core.model.errors import (
    InvalidBookError,
    InvalidInputError,
    NotFoundError,
    Place,
    Problem,
    UsageError,
)
from acctcli.core.model.kinds import KINDS, KindName
from acctcli.core.model.records import Raw, Record
from acctcli.core.model.values import quote
from acctcli.store.views.view import View

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from acctcli.cli.app.session import Session
    from acctcli.core.model.kinds import KindName
    from acctcli.core.model.records import Raw, Record
    from acctcli.store.views.view import View


DASH = "-"
_VERBS = ("show", "edit")
LIMIT = 1 << 20  # bytes of a line, as in the files of a book
_LARGEST = 1 << 28  # bytes in all: three million of the longest ids there can be
_STDIN = "stdin"
_HINT = "standard input has whole ids, one a line, as --format ids prints them"
_BOM = b"\xef\xbb\xbf"


class RecordArgs(tuple[str, ...]):  # noqa: SLOT001 - a tuple has no room for them
    """The records that were named, in their order, as a tuple of names and ids.

    Attributes:
        lines: The ids that came from standard input, by the lines they first stood in. These are
            whole ids, never names or the beginnings of ids.
        are_piped: Whether standard input was among what was given, be it empty.
    """

    lines: Mapping[str, int]
    are_piped: bool

    def __new__(cls, names: Iterable[str], lines: Mapping[str, int] | None = None) -> Self:
        """Names as they were given, and the ids among them that were read."""
        made = super().__new__(cls, names)
        made.lines = lines or {}
        made.are_piped = lines is not None
        return made


def parse_names(session: Session, given: Sequence[str], *others: object) -> RecordArgs:
    """The names on a command line, with the ids from standard input where a `-` stands.

    Args:
        session: The run.
        given: The names as they were given.
        others: What options that name records were given, none of which may be a second `-`.

    Raises:
        UsageError: ``two-dashes``: there is only one standard input.
        InvalidInputError: what it gives is no text, or longer than any ids are.
    """
    refuse_two_dashes(*given, *others)
    if DASH not in given:
        return RecordArgs(given)
    lines = read_ids(session)
    found: list[str] = []
    for name in given:
        found += lines if name == DASH else [name]
    return RecordArgs(found, lines)


class LinkEach(NamedTuple):
    """A link that new records have to several records: its field, and what was named."""

    field: str
    names: RecordArgs


def parse_link_each(
    session: Session, kind: KindName, fields: dict[str, object], *others: object
) -> LinkEach | None:
    """The link that a `-` was given for; it is taken out of the fields.

    Args:
        session: The run.
        kind: The kind of the records to be added.
        fields: What the options of `add` were given, by the names of fields.
        others: What else was given that may be a `-`.

    Raises:
        UsageError: ``two-dashes``.
    """
    links = [field.name for field in KINDS[kind].fields if field.link is not None]
    dashed = [name for name in links if fields.get(name) == DASH]
    if not dashed:
        return None
    refuse_two_dashes(*(fields[name] for name in dashed), *others)
    del fields[dashed[0]]
    return LinkEach(dashed[0], RecordArgs(lines := read_ids(session), lines))


def expand_each(
    each: LinkEach, kind: KindName, fields: Mapping[str, Raw], view: View, record_id: str | None
) -> Iterator[dict[str, Raw]]:
    """The fields of new records, one for each of those that were named.

    Raises:
        UsageError: ``one-id``: all would get the same id.
        NotFoundError: see `resolve_ids`.
    """
    field = KINDS[kind].field(each.field)
    if record_id is not None:
        raise UsageError.of(
            "one-id",
            f"--{each.field} - adds one {KINDS[kind].title} for each id on standard input, and"
            " --id would give all of them the same",
            hint="leave out --id",
        )
    assert field is not None  # noqa: S101 - `parse_link_each` took it from the table
    assert field.link is not None  # noqa: S101 - the same
    for key in resolve_ids(each.names, view, field.link):
        yield {**fields, each.field: key}


def is_single(names: Sequence[str]) -> bool:
    """Whether one record was named, so that it is answered with; ids from a pipe are a list."""
    return len(names) == 1 and not (isinstance(names, RecordArgs) and names.are_piped)


def refuse_two_dashes(*values: object) -> None:
    """Refuse a second `-`, for there is only one standard input.

    Raises:
        UsageError: ``two-dashes``.
    """
    if sum(isinstance(value, str) and value == DASH for value in values) > 1:
        raise UsageError.of(
            "two-dashes",
            "- stands for standard input, which can be read once, and it was given twice",
            hint="give the other one by name",
        )


def resolve_ids(
    names: Sequence[str],
    view: View,
    kind: KindName,
    *,
    only_accounts: bool = False,
    prefer: Callable[[Record], bool] | None = None,
) -> list[str]:
    """The ids of the records that are named, each once, in their order.

    Args:
        names: Names as users give them, or `RecordArgs`.
        view: The book.
        kind: The kind of the records.
        only_accounts: Whether organizations must be accounts.
        prefer: Of several of a name the only one of which this holds is meant.

    Raises:
        NotFoundError: of ids from standard input all that are not there are told, with their lines.
        AmbiguousError, InvalidBookError: see `View.find`.
    """
    lines = names.lines if isinstance(names, RecordArgs) else {}
    found: dict[str, None] = {}
    missing: list[Problem] = []
    unreadable: list[Problem] = []
    records = view.data.of(kind)
    for name in names:
        line = lines.get(name)
        if line is None:
            key = find_record(view, kind, name, only_accounts=only_accounts, prefer=prefer)
            found[key] = None
        elif name not in records:
            problem = view.is_bad(name)
            if problem is None:
                missing.append(_missing(name, line, view, kind))
            else:
                unreadable.append(problem)
        elif only_accounts and not view.won_count(name):
            missing.append(_no_account(name, line, view))
        else:
            found[name] = None
    if missing:
        # One hint is enough.
        raise NotFoundError(*(each._replace(hint=None) for each in missing[:-1]), missing[-1])
    if unreadable:
        raise InvalidBookError(*unreadable)
    return list(found)


def _missing(name: str, line: int, view: View, kind: KindName) -> Problem:
    title = KINDS[kind].title
    spot = view.location_of(name)
    other = f"; that is the id of {KINDS[spot.kind].a_title}" if spot is not None else ""
    return Problem(
        id="not-found",
        message=f"no {title} has the id {quote(name)}{other}",
        place=Place(_STDIN, line),
        hint=_HINT,
    )


def _no_account(name: str, line: int, view: View) -> Problem:
    return Problem(
        id="not-an-account",
        message=f'"{view.data.orgs[name].name}" ({name}) is an organization without a won deal, so'
        " no account",
        place=Place(_STDIN, line),
        hint="it is an organization, so acctcli org edit changes it",
    )


# standard input


def read_ids(session: Session) -> dict[str, int]:
    """The ids on standard input, each by the line it first stands in.

    White space around them, empty lines and a byte order mark are left out. It is read once a run.

    Raises:
        InvalidInputError: a line is longer than 1 MiB, or no UTF-8, or there is no end to it.
    """
    if not session.piped:
        if session.streams.stdin.isatty():
            session.say("reading ids from standard input, one a line; end it with Ctrl-D")
        session.piped.append(_ids(session))
        if not session.piped[0]:
            session.say("nothing to do: there are no ids on standard input")
    return session.piped[0]


def _ids(session: Session) -> dict[str, int]:
    found: dict[str, int] = {}
    for number, line in enumerate(_lines(session), 1):
        try:
            text = line.decode().strip()
        except UnicodeDecodeError as error:
            raise _refusal("not-utf8", "this line is not UTF-8", number) from error
        if text:
            found.setdefault(text, number)
    return found


def _lines(session: Session) -> Iterator[bytes]:
    stdin = session.streams.stdin.buffer
    size, number = 0, 0
    while line := stdin.readline(LIMIT + 1):
        number += 1
        size += len(line)
        if len(line) > LIMIT:
            raise _refusal("too-long", "this line is longer than 1 MiB", number)
        if size > _LARGEST:
            raise _refusal("too-long", "standard input is longer than 256 MiB", number)
        yield line.removeprefix(_BOM) if number == 1 else line


def _refusal(name: str, message: str, line: int) -> InvalidInputError:
    hint = "give ids, one a line, as --format ids prints them"
    return InvalidInputError(
        Problem(id=name, message=message, place=Place(_STDIN, line), hint=hint)
    )


def find_record(
    view: View,
    kind: KindName,
    name: str,
    *,
    only_accounts: bool,
    verbs: tuple[str, ...] = _VERBS,
    prefer: Callable[[Record], bool] | None = None,
) -> str:
    """The id of the record a user named.

    Args:
        view: The book.
        kind: The kind of the record.
        name: What the user wrote.
        only_accounts: Whether it must be an account.
        verbs: Those of organizations that one which is no account can be given to.
        prefer: Of several that are named so the only one of which this holds is meant.

    Raises:
        NotFoundError: also for an organization that is no account.
    """
    record_id = view.find(kind, name, prefer)
    if only_accounts and not view.won_count(record_id):
        org = view.data.orgs[record_id]
        raise NotFoundError.of(
            "not-an-account",
            f'"{org.name}" ({org.id}) is an organization without a won deal, so no account',
            hint="it is an organization: "
            + ", ".join(f"acctcli org {verb} {org.id}" for verb in verbs),
        )
    return record_id
