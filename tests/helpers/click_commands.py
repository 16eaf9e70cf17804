"""The commands of the program, as click knows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from acctcli.cli.app.click_ext import CommandGroup
from acctcli.cli.main import cli

if TYPE_CHECKING:
    from collections.abc import Iterator


def commands(command: click.Command = cli, path: str = "acctcli") -> Iterator[str]:
    """The paths of all commands that are not hidden."""
    yield path
    if isinstance(command, CommandGroup):
        ctx = click.Context(command)
        for name in command.list_commands(ctx):
            found = command.get_command(ctx, name)
            assert found is not None
            if not found.hidden:
                yield from commands(found, f"{path} {name}")
