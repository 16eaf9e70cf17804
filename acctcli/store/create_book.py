"""New books: `acctcli init`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from acctcli.core.model.errors import InvalidInputError, StorageError
from acctcli.core.model.records import Settings
from acctcli.store.config import editor_schemas
from acctcli.store.config.time_zone import no_zone, zone_of
from acctcli.store.files import filesystem
from acctcli.store.files.names import SETTINGS_FILE

if TYPE_CHECKING:
    from pathlib import Path

_SETTINGS = """\
{comment}# The settings of this book; this file marks its folder. See docs/formats.md of acctcli.
format: 1
{currency}
{timezone}
# The types of activities that count as contact with a customer.
contact_types: [call, meeting, email, lunch]
# Own fields, by kind: text, number, money, date, yes-no, one_of, some_of or link. For example:
# fields:
#   orgs: {{vat_number: text, segment: {{one_of: [A, B, C]}}}}
"""
_GITIGNORE = (".acctcli/", ".*.acctcli-tmp")
_GITATTRIBUTES = ("history.jsonl merge=union",)


def make_book(folder: Path, *, currency: str | None, timezone: str | None) -> None:
    """Make a book in a folder, which is made too when it is not there.

    acctcli.yaml comes last: a folder without it is no book, so a crash leaves none by halves.

    Raises:
        InvalidInputError: there is a book already, or no such time zone.
        StorageError: the operating system refuses.
    """
    if (folder / SETTINGS_FILE).exists():
        raise InvalidInputError.of(
            "book-exists",
            f"there is a book in {folder} already",
            hint="use it as it is, or name another folder",
        )
    if zone_of(Settings(timezone=timezone)) is None:
        raise InvalidInputError(no_zone(Settings(timezone=timezone)))
    text = _SETTINGS.format(
        comment=editor_schemas.comment(SETTINGS_FILE, "settings"),
        currency=f"currency: {currency}          # of new deals"
        if currency
        else "# currency: EUR          # of new deals; without it each needs --currency",
        timezone=f"timezone: {timezone}"
        if timezone
        else "# timezone: Europe/Rome  # in which a day begins; without it the machine's own",
    )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _add_lines(folder / ".gitignore", _GITIGNORE)
        _add_lines(folder / ".gitattributes", _GITATTRIBUTES)
        editor_schemas.write_schemas(
            folder,
            Settings(currency=currency, timezone=timezone),
            editor_schemas.schema_stamp(text.encode()),
        )
        filesystem.write_new(folder / SETTINGS_FILE, text.encode())
    except OSError as error:
        raise StorageError.of(
            "cannot-write", f"{error.filename or folder}: {error.strerror}"
        ) from error


def enclosing_book(folder: Path) -> Path | None:
    """The nearest book whose folder a folder lies in, itself left out."""
    parents = folder.resolve().parents
    return next((above for above in parents if (above / SETTINGS_FILE).is_file()), None)


def _add_lines(path: Path, lines: tuple[str, ...]) -> None:
    """Add the lines that are not in a file yet, below what is in it."""
    before = path.read_bytes() if path.exists() else b""
    have = before.decode("utf-8", "replace").splitlines()
    missing = [line for line in lines if line not in have]
    if missing:
        gap = b"" if before.endswith(b"\n") or not before else b"\n"
        with path.open("ab") as file:
            file.write(gap + "".join(f"{line}\n" for line in missing).encode())
