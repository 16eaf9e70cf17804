"""The noun `note`."""

from __future__ import annotations

from acctcli.cli.commands import noun
from acctcli.cli.records import all_verbs


@noun("note", "Notes about organizations, deals and people. `note add -` reads standard input.")
def note() -> None:
    """Hold the verbs that all kinds share."""


all_verbs(note, "notes")
