"""The generator of `tree.json`.

    python -m acctcli.cli.completion.generate_tree

What a word is wanted for it tells by the type of an option, its metavar and its name, so that a
new command needs no more than the ones there are.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from acctcli.cli.app.click_ext import ListCommand
from acctcli.cli.app.command_tree import ColumnInfo, CommandNode, OptionInfo
from acctcli.cli.app.global_options import global_options, list_options
from acctcli.cli.app.help_topics import TOPICS
from acctcli.core.checks.registry import CHECKS
from acctcli.core.json_schema.catalog import NAMES
from acctcli.core.model.choices import DIGEST_SECTIONS
from acctcli.core.model.kinds import KINDS, FieldType
from acctcli.core.query.columns import COMPUTED, TYPES_OF, typed_columns
from acctcli.core.query.group_values import GROUPINGS
from acctcli.core.reports.account_page import PAGE_SECTIONS
from acctcli.core.reports.timeline import KIND_WORDS
from acctcli.render.list_columns import MACHINE_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from acctcli.core.model.kinds import Field, KindName

TARGET = Path(__file__).parents[1] / "app" / "tree.json"
_NOUNS = {kind.noun: kind.name for kind in KINDS.values()} | {"account": "accounts"}
_BY_NAME = {
    "where": "terms", "sort": "order", "fields": "columns", "group_by": "columns",
    "view": "views", "book": "folder", "output": "path", "owner": "owners", "tier": "tiers",
    "sections": "sections", "playbook": "playbooks", "types": "types", "type": "type",
    "by": "groupings", "as_of": "day", "today": "day",
}  # fmt: skip
_BY_METAVAR = {
    **{noun.upper(): kind for noun, kind in _NOUNS.items()},
    "DATE": "day", "DAY": "day", "SPAN|DATE": "day", "TYPE": "type", "RECORD": "records",
    "CHECK": "checks", "CHECKS": "listed:checks", "NAMES": "listed:parts",
    "TOPIC": "help",
    "FILE": "path", "PATH": "path", "MAP.yaml": "path", "DIR": "folder", "PARENT": "orgs",
}  # fmt: skip
# Which records a verb of these makes sense for.
_STATES = {
    "deal won": "deals:unwon", "deal lost": "deals:unlost", "deal reopen": "deals:closed",
    "deal renew": "deals:won", "activity done": "activities:undone",
    "activity move": "activities:undone", "activity reopen": "activities:done",
}  # fmt: skip
# The records a noun's verbs are about whose page has more than the fields of the kind.
_PAGES = {"account show": "account_page", "org show": "org_page"}


def _bare(metavar: str) -> str:
    """A metavar without what says that it may be left out or repeated."""
    return metavar.strip("[]").partition(" | ")[0].removesuffix("...").removesuffix("|-")


def _wants(param: click.Parameter, path: str) -> tuple[str, ...]:
    """What the words of an option or argument are, one after the other; none for a flag."""
    if isinstance(param, click.Option) and (param.is_flag or param.count):
        return ()
    if isinstance(param.type, click.Choice):
        return ("one of " + ",".join(map(str, param.type.choices)),)
    metavars = (param.metavar or "").split() if param.nargs > 1 else [param.metavar or ""]
    return tuple(_word_kind(param, _bare(metavar), path) for metavar in metavars)


def _word_kind(param: click.Parameter, metavar: str, path: str) -> str:
    noun = path.partition(" ")[0]
    kind = _NOUNS.get(noun, "")
    name = param.name or ""
    if isinstance(param, click.Option):
        if name in {"sets", "unset"}:
            return f"{'assignments' if name == 'sets' else 'fields'}:{_kind(path) or 'orgs'}"
        is_listed = _BY_METAVAR.get(metavar, "").startswith("listed:")
        found = _BY_NAME.get(name) if param.nargs == 1 and not is_listed else None
        return found or _BY_METAVAR.get(metavar, "text")
    if path in _STATES and metavar in _BY_METAVAR and _BY_METAVAR[metavar] == kind:
        return _STATES[path]
    if metavar == "NAME" and kind and not path.endswith(" add"):
        return kind
    if metavar == "NAME" and path in {"views", "schema"}:
        return "views" if path == "views" else "schemas"
    return _BY_METAVAR.get(metavar, "text")


def _option(option: click.Option, path: str) -> OptionInfo:
    names = tuple(sorted(option.opts, key=len, reverse=True))
    return OptionInfo(names, _wants(option, path), _line(option.help or ""), option.multiple)


def _line(text: str) -> str:
    return " ".join(text.split())


def _branches(
    command: click.Command, path: str, ctx: click.Context, help_line: str
) -> Iterator[tuple[str, CommandNode]]:
    """A command with its path, then its verbs with theirs."""
    shared = {option.name for option in (*global_options(), *list_options())}
    group = command if isinstance(command, click.Group) else None
    options = [param for param in command.params if isinstance(param, click.Option)]
    arguments = [param for param in command.params if isinstance(param, click.Argument)]
    names = {option.name for option in options}
    verbs = group.list_commands(ctx) if group else []
    yield (
        path,
        CommandNode(
            help=_line(help_line),
            verbs=tuple(verbs),
            options=tuple(
                _option(each, path)
                for each in options
                if each.name == "limit" or each.name not in shared
            ),
            lists=tuple(
                each.opts[0]
                for each in list_options()
                if each.name in getattr(command, "list_names", ()) and each.name not in names
            ),
            arguments=tuple(want for each in arguments for want in _wants(each, path)),
            repeats=next((n for n, each in enumerate(arguments) if each.nargs < 0), None),
            listing=command.listing
            if isinstance(command, ListCommand)
            else _PAGES.get(path) or _kind(path),
            kind=command.kind if isinstance(command, ListCommand) else _kind(path),
        ),
    )
    for verb in verbs:
        found = group.get_command(ctx, verb) if group else None
        if found is not None and not found.hidden:
            yield from _branches(found, f"{path} {verb}".strip(), ctx, _help(group, found, verb))


def _help(group: click.Group | None, command: click.Command, verb: str) -> str:
    lazy = getattr(group, "_lazy", {})
    return lazy[verb].help if verb in lazy else command.get_short_help_str(100)


def _kind(path: str) -> KindName | None:
    noun, _, verb = path.partition(" ")
    meant = "org" if noun == "account" else noun
    return next((kind.name for kind in KINDS.values() if verb and kind.noun == meant), None)


def _column(path: str, field: Field) -> ColumnInfo:
    choices = field.choices or (("yes", "no") if field.type is FieldType.YES_NO else ())
    return ColumnInfo(path, field.type.value, field.link, choices)


def _columns(name: str) -> Iterator[ColumnInfo]:
    columns = typed_columns(MACHINE_COLUMNS[name], TYPES_OF.get(name), {})
    for path, field in (columns | typed_columns(COMPUTED.get(name, ()), None, {})).items():
        yield _column(path, field)


def text() -> str:
    """What has to stand in `cli/app/tree.json`: an object that has a line for each command."""
    from acctcli.cli.main import cli

    ctx = cli.make_context("acctcli", [], resilient_parsing=True)
    branches = dict(_branches(cli, "", ctx, ""))
    help_ = OptionInfo(("--help", "-h"), (), "Show this message and exit.", repeats=False)
    parts: dict[str, Mapping[str, object]] = {
        "branches": branches,
        "globals": {each.names[0]: each for each in map(_plain, global_options())}
        | {"--help": help_},
        "lists": {each.names[0]: each for each in map(_plain, list_options())},
        "columns": {name: list(_columns(name)) for name in MACHINE_COLUMNS},
        "words": {
            "sections": PAGE_SECTIONS,
            "groupings": GROUPINGS,
            "types": tuple(KIND_WORDS),
            "checks": tuple(CHECKS),
            "parts": tuple(name.replace("_", "-") for name in DIGEST_SECTIONS),
            "schemas": NAMES,
            "topics": tuple(TOPICS),
        },
    }
    blocks = []
    for name, entries in parts.items():
        lines = [
            f"  {json.dumps(key)}: {json.dumps(each, ensure_ascii=False, separators=(',', ':'))}"
            for key, each in entries.items()
        ]
        blocks.append(f"{json.dumps(name)}: {{\n" + ",\n".join(lines) + "\n}")
    return "{\n" + ",\n".join(blocks) + "\n}\n"


def _plain(option: click.Option) -> OptionInfo:
    return _option(option, "")


if __name__ == "__main__":
    TARGET.write_text(text(), "utf-8")
