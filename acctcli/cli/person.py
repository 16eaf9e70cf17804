"""The noun `person`."""

from __future__ import annotations

from acctcli.cli.commands import noun
from acctcli.cli.records import all_verbs


@noun("person", "People at organizations.")
def person() -> None:
    """Hold the verbs that all kinds share."""


all_verbs(person, "people")
