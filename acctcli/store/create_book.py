"""New books, empty ones and copies of the sample: `acctcli init`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from acctcli.core.model.errors import InvalidInputError, StorageError
from acctcli.core.model.records import Settings
from acctcli.store.config import editor_schemas
from acctcli.store.config.settings_reader import read_book_settings
from acctcli.store.config.time_zone import no_zone, zone_of
from acctcli.store.files import filesystem
from acctcli.store.files.names import SETTINGS_FILE

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    _refuse_book(folder)
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
    _write(folder, Settings(currency=currency, timezone=timezone), text.encode(), {})


def make_sample(folder: Path) -> None:
    """Make the sample book in a folder, which is made too when it is not there.

    As a new one it is a book when all of it is written. Files of it that are there already stay,
    as those of a copy that was broken off.

    Raises:
        InvalidInputError: there is a book already, or a file in the way.
        StorageError: the operating system refuses.
    """
    _refuse_book(folder)
    files = _sample_files()
    content = files.pop(SETTINGS_FILE)
    for name, data in list(files.items()):
        if filesystem.exists(folder / name):
            if filesystem.read_file(folder / name, name)[0] != data:
                raise InvalidInputError.of(
                    "book-exists",
                    f"{folder / name} is there already, and is not that of the sample",
                    hint="name another folder",
                )
            del files[name]
    _write(folder, read_book_settings(content)[0], content, files)


def _sample_files() -> dict[str, bytes]:
    """The files of the sample book by their paths in it, but for those that only git reads.

    They lie in the package when it was installed, and beside it where it is developed.
    """
    package = Path(__file__).parents[1]
    installed = package / "sample"
    root = installed if installed.is_dir() else package.parent / "sample-data"
    return {
        name: filesystem.read_file(root / name, name)[0]
        for path in sorted(root.rglob("[!.]*"))
        if path.is_file() and not (name := str(path.relative_to(root))).startswith(".")
    }


def _refuse_book(folder: Path) -> None:
    if (folder / SETTINGS_FILE).exists():
        raise InvalidInputError.of(
            "book-exists",
            f"there is a book in {folder} already",
            hint="use it as it is, or name another folder",
        )


def _write(folder: Path, settings: Settings, content: bytes, files: Mapping[str, bytes]) -> None:
    """Write a book, with acctcli.yaml as its last file."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _add_lines(folder / ".gitignore", _GITIGNORE)
        _add_lines(folder / ".gitattributes", _GITATTRIBUTES)
        editor_schemas.write_schemas(folder, settings, editor_schemas.schema_stamp(content))
        for name, data in files.items():
            (folder / name).parent.mkdir(exist_ok=True)
            filesystem.write_new(folder / name, data)
        filesystem.write_new(folder / SETTINGS_FILE, content)
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
