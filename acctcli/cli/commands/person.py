"""The noun `person`."""

from __future__ import annotations

from acctcli.cli.app.click_ext import noun
from acctcli.cli.commands.record_verbs import all_verbs


@noun("person", "People at organizations.")
def person() -> None:
    """Hold the verbs that all kinds share."""


all_verbs(person, "people")
