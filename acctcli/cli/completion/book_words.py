"""Ids, names and words of the book, for completion.

It asks the index as it lies there. A small book without one, or with one that is stale, is read
first; a large one is not, for somebody waits.
"""

from __future__ import annotations

from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Any

from acctcli.cli.app.command_tree import ColumnInfo
from acctcli.core.model.errors import AcctcliError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from acctcli.store.index.completion_lookup import CompletionLookup, NamedRecord

_SMALL = 1 << 18  # bytes of a book that takes no time to read
_YES = frozenset({"yes", "true", "on", "y"})


class BookWords:
    """What there is in a book; in none, nothing."""

    kinds = ("orgs", "people", "deals", "activities", "notes", "files", "accounts")

    def __init__(self, root: Path | None, cache: Path | None) -> None:
        """Prepare; nothing is looked at before it is asked for.

        Args:
            root: The book; None when there is none.
            cache: The folder of caches of all programs.
        """
        self._root = root
        self._cache = cache

    @cached_property
    def _glance(self) -> CompletionLookup | None:
        if self._root is None:
            return None
        from acctcli.store.index.completion_lookup import open_lookup

        found = open_lookup(self._root, self._cache)
        if found is None:
            is_small = _size(self._root) <= _SMALL
        else:
            is_small = found.size() <= _SMALL and found.is_stale(self._root)
        if not is_small or self._cache is None:
            return found
        if found is not None:
            found.close()
        with suppress(
            AcctcliError
        ):  # of a broken book the last that was known is better than nothing
            self._read(self._root, self._cache)
        return open_lookup(self._root, self._cache)

    def _read(self, root: Path, cache: Path) -> None:
        from acctcli.store.book import Book
        from acctcli.store.index.index import Index

        Book(root, index=Index(root, cache)).read()

    def close(self) -> None:
        """Let go of the index, if it was asked for."""
        found: CompletionLookup | None = self.__dict__.get("_glance")
        if found is not None:
            found.close()

    @cached_property
    def _settings(self) -> Mapping[str, Any]:
        return self._glance.settings() if self._glance else {}

    def records(self, kind: str, begin: str, state: str, many: int) -> Iterator[NamedRecord]:
        """Records of a kind, or accounts, whose id or name begins so; at most so many.

        Args:
            kind: A kind, or `accounts`.
            begin: How the id begins, or the name, case and accents aside.
            state: Of `won`, `unwon`, `unlost`, `closed`, `done` and `undone` the one to be in;
                empty for any.
            many: At most so many.
        """
        if self._glance is None:
            return
        only_accounts = kind == "accounts"
        asked = "orgs" if only_accounts else kind
        found = self._glance.records_named(asked, begin, accounts_only=only_accounts)
        for each in found:
            if _has_state(state, each.fields):
                yield each
                many -= 1
            if not many:
                break

    def custom_fields(self, kind: str) -> list[ColumnInfo]:
        """The fields of the book's own of a kind."""
        fields: Mapping[str, Any] = self._settings.get("fields", {}).get(kind, {})
        return [
            ColumnInfo(
                name,
                each["type"],
                each["link"],
                tuple(each["choices"]) or (("yes", "no") if each["type"] == "yes-no" else ()),
            )
            for name, each in fields.items()
        ]

    def views(self, command: str | None = None) -> dict[str, str]:
        """The saved views by name, each with its command; those of one command, if it is given."""
        saved: Mapping[str, Any] = self._settings.get("views", {})
        found = {name: str(each.get("command", "")) for name, each in saved.items()}
        return {name: each for name, each in found.items() if command in (None, each)}

    def words(self, what: str) -> Iterable[str]:
        """The words of a kind that is no record: owners, playbooks, tiers, type."""
        if what == "owners":
            return self._glance.owners() if self._glance else ()
        if what == "type":
            settings = self._settings
            found = (settings.get("activity_types", ()), settings.get("contact_types", ()))
            return dict.fromkeys(word for words in found for word in words)
        if what in {"playbooks", "tiers"}:
            named: Iterable[str] = self._settings.get(what, ())
            return named
        return ()


def _has_state(state: str, fields: Mapping[str, object]) -> bool:
    """Whether a record is in a state, as far as its text says so plainly."""
    status = fields.get("status", "open")
    done = str(fields.get("done")).lower() in _YES
    return {
        "won": status == "won",
        "unwon": status != "won",
        "unlost": status != "lost",
        "closed": status in {"won", "lost"},
        "done": done,
        "undone": not done,
    }.get(state, True)


def _size(root: Path) -> int:
    """The bytes of a book's files, without a look into them."""
    from acctcli.core.model.kinds import KIND_NAMES
    from acctcli.store.files.layout import kind_files

    names = [name for kind in KIND_NAMES for name in kind_files(root, kind)]
    return sum((root / name).stat().st_size for name in names)
