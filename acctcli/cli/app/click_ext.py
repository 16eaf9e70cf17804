"""Click with lazy verbs and global options: `CommandGroup`, `Command`, `ListCommand`.

`CommandGroup` and `Command` are Click's, with the global options accepted before and after the
command, and a mistyped command answered with the nearest one.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from acctcli.cli.app.global_options import (
    LIST_NAMES,
    as_of_error,
    global_options,
    global_values,
    list_options,
    no_list_error,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from acctcli.core.model.kinds import KindName


# What changes the book, or is about its files and its history as they are.
_ABOUT_NOW = frozenset(
    {
        *("add", "apply", "check", "done", "edit", "erase", "import", "init", "log", "lost"),
        *("merge", "move", "redo", "remove", "renew", "reopen", "sync", "undo", "verify"),
        "won",
    }
)


class LazyCommand(NamedTuple):
    """A command of the table: the module and name it is found under, and its line of help."""

    module: str
    name: str
    help: str


# A verb of both names of an organization (rule 3).
WHY = LazyCommand("acctcli.cli.commands.why", "why", "Explain a value: its records and its rule.")


class _WithGlobals(click.Command):
    """A command that takes the global options too, listed apart in its help."""

    # Which options of lists it takes, by their names as parameters.
    list_names: tuple[str, ...] = ()

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """The command's own options, then those of every command, then --help."""
        own = super().get_params(ctx)
        names = {param.name for param in own}
        help_option = [param for param in own if "--help" in param.opts]
        rest = [param for param in own if "--help" not in param.opts]
        lists = [o for o in list_options() if o.name in self.list_names] if self.list_names else []
        more = (o for o in (*lists, *global_options()) if o.name not in names)
        return [*rest, *more, *help_option]

    def _refuse_list_options(self, ctx: click.Context) -> None:
        """Refuse what was given before a command that prints no list."""
        given = global_values(ctx)
        own = {param.name for param in self.params}
        for option in list_options() if given else ():
            if option.name in given and option.name not in {*self.list_names, *own}:
                raise no_list_error(option.opts[0], ctx.command_path)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command, unless it is to look back and cannot, or to narrow what is no list."""
        if not isinstance(self, click.Group):
            self._refuse_list_options(ctx)
        if global_values(ctx).get("as_of") is not None:
            above: click.Context | None = ctx
            while above is not None:
                if above.info_name in _ABOUT_NOW:
                    raise as_of_error()
                above = above.parent
        return super().invoke(ctx)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help: usage, then examples, then what it does and its options."""
        self.format_usage(ctx, formatter)
        self._format_examples(ctx, formatter)
        self.format_help_text(ctx, formatter)
        self.format_options(ctx, formatter)
        self.format_epilog(ctx, formatter)

    def _format_examples(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from acctcli.cli.app.help_examples import EXAMPLES

        examples = EXAMPLES.get(ctx.command_path, ())
        if examples:
            with formatter.section("Examples"):
                for example in examples:
                    # Written as they are: a line that is broken could not be copied.
                    formatter.write(f"  # {example.about}\n" if example.about else "")
                    formatter.write(f"  {example.line}\n")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the command's own options, those of lists, and the names of all others."""
        own_names = {param.name for param in self.params}
        list_names = {option.name for option in list_options()}
        parts: dict[str, list[tuple[str, str]]] = {"own": [], "lists": [], "all": []}
        shared: list[str] = []
        for param in self.get_params(ctx):
            record = param.get_help_record(ctx)
            if record is not None and isinstance(param, click.Option):
                is_shared = param.name not in list_names
                part = "own" if param.name in own_names else "all" if is_shared else "lists"
                parts[part].append(record)
                if part == "all":
                    shared.append(max(param.opts, key=len))
        is_root = ctx.parent is None
        if parts["own"]:
            with formatter.section("Options"):
                formatter.write_dl(parts["own"])
        if isinstance(self, click.Group):
            self.format_commands(ctx, formatter)
        if parts["lists"] and (is_root or not isinstance(self, click.Group)):
            with formatter.section("Options of lists"):
                formatter.write_dl(parts["lists"])
        with formatter.section("Options of every command"):
            if is_root:
                formatter.write_dl(parts["all"])
            else:
                formatter.write_text(", ".join(shared))
                formatter.write_text('See "acctcli --help" for what they do.')


class Command(_WithGlobals):
    """One command."""


class ListCommand(Command):
    """A command that prints a list, which takes the options of lists.

    Attributes:
        listing: The name of the list's columns, for completion of fields.
        kind: The kind whose own fields stand in its rows, or None.
    """

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - Click's own
        listing: str,
        kind: KindName | None = None,
        takes: tuple[str, ...] = LIST_NAMES,
        **kwargs: Any,  # noqa: ANN401 - Click's own
    ) -> None:
        super().__init__(*args, **kwargs)
        self.listing = listing
        self.kind = kind
        self.list_names = takes


class CommandGroup(_WithGlobals, click.Group):
    """A noun: its verbs are plain commands, or entries of a lazy table."""

    command_class = Command
    list_names = LIST_NAMES  # what stands before the command may be for a list

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - Click's own
        lazy: Mapping[str, LazyCommand] | None = None,
        **kwargs: Any,  # noqa: ANN401 - Click's own
    ) -> None:
        super().__init__(*args, **kwargs)
        self._lazy = dict(lazy or {})

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - Click's signature
        """The verbs: those that are made, then those of the lazy table in its order."""
        return [*(name for name in self.commands if name not in self._lazy), *self._lazy]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name; its module is loaded now."""
        if entry := self._lazy.get(cmd_name):
            found: click.Command = getattr(importlib.import_module(entry.module), entry.name)
            return found
        return super().get_command(ctx, cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is meant; a mistyped one is answered with the nearest, never run."""
        name = args[0]
        if self.get_command(ctx, name) is None and not name.startswith("-"):
            from acctcli.cli.app.usage_errors import no_command

            raise click.UsageError(no_command(ctx.command_path, name), ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the section of commands; the lazy ones are not loaded for it."""
        rows = []
        for name in self.list_commands(ctx):
            if entry := self._lazy.get(name):
                rows.append((name, entry.help))
            elif command := self.get_command(ctx, name):
                rows.append((name, command.get_short_help_str(80)))
        with formatter.section("Commands"):
            formatter.write_dl(rows)


def noun(
    name: str, help_text: str, lazy: Mapping[str, LazyCommand] | None = None
) -> Callable[[Callable[..., None]], CommandGroup]:
    """Make a group of verbs of a function without a body; `lazy` are verbs to load when called."""

    def make(function: Callable[..., None]) -> CommandGroup:
        group: CommandGroup = click.group(name=name, cls=CommandGroup, help=help_text, lazy=lazy)(
            function
        )
        return group

    return make
