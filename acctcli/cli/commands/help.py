"""The command `help`: that of the program, of a command, or a topic."""

from __future__ import annotations

import click

from acctcli.cli.app.click_ext import Command, CommandGroup
from acctcli.cli.app.help_topics import TOPICS
from acctcli.core.model.errors import UsageError
from acctcli.core.model.names import or_nearest
from acctcli.core.model.values import quote


class _Help(Command):
    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the topics."""
        with formatter.section("Topics"):
            formatter.write_dl([(name, about) for name, (about, _) in TOPICS.items()])
        super().format_epilog(ctx, formatter)


@click.command("help", cls=_Help)
@click.argument("words", nargs=-1, metavar="[TOPIC | COMMAND...]")
@click.pass_context
def help_(ctx: click.Context, words: tuple[str, ...]) -> None:
    """Explain a command, as its --help does, or a topic.

    For example: acctcli help deal won, acctcli help exit-codes.
    """
    if len(words) == 1 and words[0] in TOPICS:
        click.echo(TOPICS[words[0]][1], nl=False)
        return
    if words[:1] and words[0] in TOPICS:
        raise UsageError.of(
            "usage",
            f"{quote(words[0])} is a topic, and nothing stands behind one",
            hint=f'see "acctcli help {words[0]}"',
        )
    meant = _context_of(ctx.find_root(), words)
    click.echo(meant.get_help())


def _context_of(root: click.Context, words: tuple[str, ...]) -> click.Context:
    """The context of the command that the words name.

    Raises:
        UsageError: they name none; the message has the nearest one.
    """
    here = root
    for word in words:
        group = here.command
        if not isinstance(group, CommandGroup):
            raise UsageError.of(
                "usage",
                f'"{here.command_path}" has no commands of its own',
                hint=f'see "{here.command_path} --help"',
            )
        found = group.get_command(here, word)
        if found is None:
            commands = group.list_commands(here)
            known = [*commands, *TOPICS] if here is root else commands
            what = "no command and no topic" if here is root else "no command"
            name = word if here is root else f"{here.command_path} {word}"
            raise UsageError.of(
                "usage",
                f'"{name}" is {what}{or_nearest(word, known)}',
                hint='"acctcli help" lists the commands, "acctcli help help" the topics',
            )
        here = click.Context(found, info_name=word, parent=here)
    return here
