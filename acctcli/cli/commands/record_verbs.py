"""The verbs that all six kinds share: add, list, show, edit, remove.

Each verb is flags -> one frozen options object -> a function of the options and the session. A
noun's module makes its group from these and adds what only it has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import click
from msgspec import Struct

from acctcli.cli.actions.edit_one import EditOptions, run_edit
from acctcli.cli.actions.run_change import add_record, carry_out, print_result
from acctcli.cli.app.click_ext import Command, ListCommand
from acctcli.cli.app.session import Session, open_session
from acctcli.cli.input.field_options import (
    assignments,
    field_options,
    typed_options,
)
from acctcli.cli.input.record_args import parse_link_each, parse_names
from acctcli.cli.lists.record_list import (
    print_pages,
    print_record,
    print_records,
)
from acctcli.cli.output.messages import CommandResult, CountedMessage, describe, plural
from acctcli.core.model.kinds import KINDS, KindName
from acctcli.core.model.links import org_of
from acctcli.core.reports.agenda import due_place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from collections.abc import Set as AbstractSet

    from acctcli.cli.input.record_args import LinkEach  # noqa: TC004 - to be loaded when something is piped
    from acctcli.core.model.records import Raw, Record
    from acctcli.store.changes.change_set import Change
    from acctcli.store.views.view import View


class AddOptions(Struct, frozen=True):
    """What `add` was given; with `each` it adds one record for each of several."""

    kind: KindName
    label: str
    id: str | None
    fields: dict[str, object]
    sets: tuple[str, ...]
    playbooks: bool = True
    each: LinkEach | None = None


class ListOptions(Struct, frozen=True):
    """What `list` was given: links, to one of what is named, and fields that must be equal."""

    kind: KindName
    links: Mapping[str, Sequence[str]]
    equal: dict[str, object]


# add


def add_verb(group: click.Group, kind: KindName, *, metavar: str | None = None) -> None:
    """Give a noun the verb `add`."""
    spec = KINDS[kind]

    @group.command("add", cls=Command, help=f"Add {spec.a_title}.")
    @click.argument("label", metavar=metavar or spec.label.upper())
    @click.option("--id", "record_id", metavar="ID", help="Use this id instead of a generated one.")
    @click.option("--set", "sets", multiple=True, metavar="KEY=VALUE", help="Any other field.")
    @click.pass_context
    def add(
        ctx: click.Context,
        /,
        label: str,
        record_id: str | None,
        sets: tuple[str, ...],
        **fields: object,
    ) -> None:
        session = open_session(ctx)
        playbooks = not fields.pop("no_playbook", False)
        each = parse_link_each(session, kind, fields)
        run_add(AddOptions(kind, label, record_id, fields, sets, playbooks, each), session)

    field_options(kind)(add)
    if kind == "deals":
        add.params.append(no_playbook())


def no_playbook() -> click.Option:
    """The option of commands that win deals."""
    return click.Option(["--no-playbook"], is_flag=True, help="Run no playbooks.")


def run_add(options: AddOptions, session: Session) -> None:
    """Add a record or one for each of several, and say what came of it."""
    carry_out(session, lambda change: add_in_change(options, change, session))


def add_in_change(options: AddOptions, change: Change, session: Session) -> CommandResult:
    """Add records to a change, with what follows."""
    kind = options.kind
    records = add_each(options, change, session)
    pairs = [(None, record) for record in records]
    from acctcli.cli.actions.run_playbooks import run_follow_ups  # start-up: reads plan nothing

    followed = run_follow_ups(change, session, pairs, playbooks=options.playbooks)
    said = [
        CountedMessage(f"added {describe(kind, each)}", f"added {{}} {plural(kind)}")
        for each in records
    ]
    return CommandResult(kind, records, said, followed, is_single=options.each is None)


def add_each(options: AddOptions, change: Change, session: Session) -> list[Record]:
    """Add the record to a change, or one for each.

    Raises:
        UsageError: ``one-id``: several records would have the same.
    """
    kind, view, each = options.kind, change.view, options.each
    today = session.today(view)
    fields: dict[str, Raw] = {KINDS[kind].label: options.label}
    holidays = session.days_off(view)
    fields |= typed_options(kind, options.fields, view, today, holidays=holidays)
    fields |= assignments(kind, options.sets, (), view, today, holidays=holidays)
    if each is None:
        return [add_record(change, session, kind, fields, options.id)]
    from acctcli.cli.input.record_args import expand_each

    return [
        add_record(change, session, kind, one)
        for one in expand_each(each, kind, fields, view, options.id)
    ]


# list and show


def list_verb(group: click.Group, kind: KindName, *extra: click.Option) -> None:
    """Give a noun the verb `list`; `extra` are options that must equal a field."""
    spec = KINDS[kind]
    link_names = [field.name for field in spec.fields if field.link and field.name != "parent"]

    @group.command("list", cls=ListCommand, listing=kind, kind=kind, help=f"List {spec.name}.")
    @click.pass_context
    def list_records(ctx: click.Context, /, **flags: object) -> None:
        session = open_session(ctx)
        given = {name: str(flags[name]) for name in link_names if flags.get(name) is not None}
        equal = {
            name: value
            for name, value in flags.items()
            if name not in link_names and value is not None
        }
        links = {
            name: parse_names(
                session, [text], *(other for key, other in given.items() if key != name)
            )
            for name, text in given.items()
        }
        run_list(ListOptions(kind, links, equal), session)

    list_records.params += [
        click.Option([f"--{name}"], metavar=name.upper(), help="By id or name.")
        for name in link_names
    ]
    owner = click.Option(["--owner"], metavar="TEXT", help="Only accounts of this owner.")
    list_records.params += [owner, *extra]


def run_list(options: ListOptions, session: Session) -> None:
    """Print the records of a kind that have what was asked for."""
    view = session.read()
    wanted = _linked_ids(options, view) if options.links else {}
    records: Iterable[Record] = (
        record
        for record in view.data.of(options.kind).values()
        if all(_is_linked(record, name, targets, view) for name, targets in wanted.items())
        and all(getattr(record, name) == value for name, value in options.equal.items())
    )
    if options.kind == "activities":
        records = sorted(records, key=due_place)
    print_records(session, view, options.kind, records)


def _linked_ids(options: ListOptions, view: View) -> dict[str, set[str]]:
    """The ids of what is linked to, by the names of the links."""
    from acctcli.cli.input.record_args import resolve_ids

    return {
        field.name: set(resolve_ids(options.links[field.name], view, field.link))
        for field in KINDS[options.kind].fields
        if field.link and field.name in options.links
    }


def _is_linked(record: Record, name: str, targets: AbstractSet[str], view: View) -> bool:
    if name == "org":
        return org_of(record, view.data) in targets
    return getattr(record, name) in targets


def show_verb(group: click.Group, kind: KindName) -> None:
    """Give a noun the verb `show`."""

    @group.command("show", cls=Command, help=f"Show {KINDS[kind].a_title}, or several.")
    @click.argument("names", metavar="NAME...", nargs=-1, required=True)
    @click.pass_context
    def show(ctx: click.Context, names: tuple[str, ...]) -> None:
        from acctcli.cli.input.record_args import is_single, resolve_ids

        session = open_session(ctx)
        given = parse_names(session, names)
        view = session.read()
        records = [view.data.of(kind)[key] for key in resolve_ids(given, view, kind)]
        if is_single(given):
            print_record(session, view, kind, records[0])
        else:
            print_pages(session, view, kind, records)


# edit

# Which options of lists choose the records that are changed.
CHOOSING = ("where", "sort", "limit", "mine", "view")


def bulk_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options of commands that may be about many records at once."""
    for option in (
        click.option("--yes", is_flag=True, help="Do not ask for confirmation."),
        click.option("--dry-run", is_flag=True, help="Show what would be done; write nothing."),
    ):
        command = option(command)
    return command


def edit_command(kind: KindName, *, only_accounts: bool = False) -> click.Command:
    """The verb `edit` of a noun."""
    spec = KINDS[kind]
    values = "accounts" if only_accounts else "orgs_with_values"

    @click.command(
        "edit",
        cls=ListCommand,
        listing=values if kind == "orgs" else kind,
        kind=kind,
        takes=CHOOSING,
        help=f"Change {spec.a_title}: fields by --set and --unset, or its text in your"
        f" editor when neither is given. Many {plural(kind)} at once by names, by ids from standard"
        " input (-), or by --where.",
        short_help=f"Change {plural(kind)}.",
    )
    @click.argument("names", metavar="[NAME...]", nargs=-1)
    @click.option("--set", "sets", multiple=True, metavar="KEY=VALUE", help="Set a field.")
    @click.option("--unset", multiple=True, metavar="KEY", help="Unset a field.")
    @bulk_options
    @click.pass_context
    def edit(
        ctx: click.Context,
        /,
        names: tuple[str, ...],
        sets: tuple[str, ...],
        unset: tuple[str, ...],
        *,
        dry_run: bool,
        yes: bool,
        **flags: bool,
    ) -> None:
        session = open_session(ctx)
        playbooks = not flags.get("no_playbook")
        if names == ("-",) or len(names) != 1 or dry_run or session.has_selection():
            from acctcli.cli.actions.edit_many import BulkOptions, run_bulk

            given = parse_names(session, names)
            bulk = BulkOptions(kind, given, sets, unset, only_accounts, playbooks, dry_run, yes)
            run_bulk(bulk, session)
            return
        options = EditOptions(kind, names[0], sets, unset, only_accounts, playbooks)
        edited = run_edit(options, session)
        if edited is not None:
            print_result(session, edited.view, kind, [edited.record], one=True)

    if kind == "deals":
        edit.params.append(no_playbook())
    return edit


# remove


def remove_verb(group: click.Group, kind: KindName) -> None:
    """Give a noun the verb `remove`."""

    @group.command(
        "remove",
        cls=ListCommand,
        listing="orgs_with_values" if kind == "orgs" else kind,
        kind=kind,
        takes=CHOOSING,
        help=f"Remove {plural(kind)}. Refused while other records link to them.",
        short_help=f"Remove {plural(kind)}.",
    )
    @click.argument("names", metavar="[NAME...]", nargs=-1)
    @click.option("--cascade", is_flag=True, help="Remove or unlink what links to it too.")
    @bulk_options
    @click.pass_context
    def remove(
        ctx: click.Context,
        /,
        names: tuple[str, ...],
        *,
        cascade: bool,
        dry_run: bool,
        yes: bool,
    ) -> None:
        from acctcli.cli.actions.remove import RemoveOptions, run_remove

        session = open_session(ctx)
        given = parse_names(session, names)
        run_remove(RemoveOptions(kind, given, cascade, dry_run, yes), session)


def all_verbs(group: click.Group, kind: KindName, *list_options: click.Option) -> None:
    """Give a noun all five verbs."""
    add_verb(group, kind)
    list_verb(group, kind, *list_options)
    show_verb(group, kind)
    group.add_command(edit_command(kind))
    remove_verb(group, kind)


edit = edit_command("orgs", only_accounts=True)
