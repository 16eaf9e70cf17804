"""The verbs that all six kinds share: add, list, show, edit, remove.

Each verb is flags -> one frozen options object -> a function of the options and the session.
A noun's module makes its group from these and adds what only it has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from msgspec import Struct

from acctcli.cli.commands import Command, ListCommand
from acctcli.cli.editing import EditOptions, run_edit
from acctcli.cli.fields import assignments, field_options, typed_options
from acctcli.cli.messages import Done, follow, named, say_accounts, say_all
from acctcli.cli.output import put_record, put_records
from acctcli.cli.session import Session, open_session
from acctcli.core.agenda import due_place
from acctcli.core.changes import cascade
from acctcli.core.defaults import completed
from acctcli.core.errors import InvalidInputError, Problem
from acctcli.core.kinds import KINDS, KindName
from acctcli.core.links import org_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from acctcli.core.records import Raw, Record
    from acctcli.store.change import Change
    from acctcli.store.view import View


class AddOptions(Struct, frozen=True):
    """What `add` was given."""

    kind: KindName
    label: str
    id: str | None
    fields: dict[str, object]
    sets: tuple[str, ...]
    playbooks: bool = True


class ListOptions(Struct, frozen=True):
    """What `list` was given: links and other fields that must be equal."""

    kind: KindName
    links: dict[str, str]
    equal: dict[str, object]


class RemoveOptions(Struct, frozen=True):
    """What `remove` was given."""

    kind: KindName
    names: tuple[str, ...]
    cascade: bool


# add


def add_verb(group: click.Group, kind: KindName, *, metavar: str | None = None) -> None:
    """Give a noun the verb `add`."""
    spec = KINDS[kind]

    @group.command("add", cls=Command, help=f"Add {_article(spec.title)}.")
    @click.argument("label", metavar=metavar or spec.label.upper())
    @click.option("--id", "record_id", metavar="ID", help="Instead of a made one.")
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
        playbooks = not fields.pop("no_playbook", False)
        options = AddOptions(kind, label, record_id, fields, sets, playbooks)
        run_add(options, open_session(ctx))

    field_options(kind)(add)
    if kind == "deals":
        add.params.append(no_playbook())


def no_playbook() -> click.Option:
    """The option of commands that win deals."""
    return click.Option(["--no-playbook"], is_flag=True, help="Plan nothing by playbooks.")


def run_add(options: AddOptions, session: Session) -> None:
    """Add one record, say what came of it, and print it in a machine format."""
    carry_out(session, lambda change: add_planned(options, change, session))


def add_planned(options: AddOptions, change: Change, session: Session) -> Done:
    """Add one record to a change, with what follows."""
    record = added(options, change, session)
    followed = follow(change, session, [(None, record)], playbooks=options.playbooks)
    said = [f"added {named(options.kind, record)}"]
    return Done(options.kind, [record], said, followed, one=True)


def carry_out(session: Session, plan: Callable[[Change], Done]) -> None:
    """Do what a verb plans, in one commit; tell people what was done, and print it for scripts."""
    done, change = session.write(lambda change: (plan(change), change))
    say_all(session, done.said)
    say_accounts(session, change)
    say_all(session, done.followed)
    put_written(session, change.view, done.kind, done.records, one=done.one)


def added(options: AddOptions, change: Change, session: Session) -> Record:
    """Add the record to a change."""
    kind, view = options.kind, change.view
    today = session.today(view)
    fields: dict[str, Raw] = {KINDS[kind].label: options.label}
    holidays = session.days_off(view)
    fields |= typed_options(kind, options.fields, view, today, holidays=holidays)
    fields |= assignments(kind, options.sets, (), view, today, holidays=holidays)
    return add_record(change, session, kind, fields, options.id)


def add_record(
    change: Change,
    session: Session,
    kind: KindName,
    fields: dict[str, Raw],
    record_id: str | None = None,
) -> Record:
    """Add a record with its id, its defaults and the time it was made."""
    view = change.view
    today = session.today(view)
    label = str(fields[KINDS[kind].label])
    if record_id is None:
        readable = kind in {"orgs", "people"}
        record_id = change.id_from_name(kind, label) if readable else change.new_id(kind)
    full = {"id": record_id, "add_time": session.stamp(view), **fields}
    return change.add(kind, completed(kind, full, change.after, view.settings, today))


def put_written(
    session: Session, view: View, kind: KindName, records: list[Record], *, one: bool = False
) -> None:
    """Print what a command wrote, for scripts; people have been told."""
    if session.options.format == "table":
        return
    if one:
        put_record(session, view, kind, records[0])
    else:
        put_records(session, view, kind, records)


# list and show


def list_verb(group: click.Group, kind: KindName, *extra: click.Option) -> None:
    """Give a noun the verb `list`; `extra` are options that must equal a field."""
    spec = KINDS[kind]
    link_names = [field.name for field in spec.fields if field.link and field.name != "parent"]

    @group.command("list", cls=ListCommand, listing=kind, kind=kind, help=f"List {spec.name}.")
    @click.pass_context
    def list_records(ctx: click.Context, /, **flags: object) -> None:
        links = {name: str(flags[name]) for name in link_names if flags.get(name) is not None}
        equal = {
            name: value
            for name, value in flags.items()
            if name not in link_names and value is not None
        }
        run_list(ListOptions(kind, links, equal), open_session(ctx))

    list_records.params += [
        click.Option([f"--{name}"], metavar=name.upper(), help="By id or name.")
        for name in link_names
    ]
    list_records.params += [click.Option(["--owner"], metavar="TEXT"), *extra]


def run_list(options: ListOptions, session: Session) -> None:
    """Print the records of a kind that have what was asked for."""
    view = session.read()
    wanted = {
        field.name: view.find(field.link, options.links[field.name])
        for field in KINDS[options.kind].fields
        if field.link and field.name in options.links
    }
    records: Iterable[Record] = (
        record
        for record in view.data.of(options.kind).values()
        if all(_linked(record, name, target, view) for name, target in wanted.items())
        and all(getattr(record, name) == value for name, value in options.equal.items())
    )
    if options.kind == "activities":
        records = sorted(records, key=due_place)
    put_records(session, view, options.kind, records)


def _linked(record: Record, name: str, target: str, view: View) -> bool:
    if name == "org":
        return org_of(record, view.data) == target
    return bool(getattr(record, name) == target)


def show_verb(group: click.Group, kind: KindName) -> None:
    """Give a noun the verb `show`."""

    @group.command("show", cls=Command, help=f"Show {_article(KINDS[kind].title)}.")
    @click.argument("name", metavar="NAME")
    @click.pass_context
    def show(ctx: click.Context, name: str) -> None:
        session = open_session(ctx)
        view = session.read()
        put_record(session, view, kind, view.data.of(kind)[view.find(kind, name)])


# edit


def edit_verb(group: click.Group, kind: KindName, *, only_accounts: bool = False) -> None:
    """Give a noun the verb `edit`."""
    spec = KINDS[kind]

    @group.command(
        "edit",
        cls=Command,
        help=f"Change {_article(spec.title)}: fields by --set and --unset, or its text in your"
        " editor when neither is given.",
        short_help=f"Change {_article(spec.title)}.",
    )
    @click.argument("name", metavar="NAME")
    @click.option("--set", "sets", multiple=True, metavar="KEY=VALUE", help="Give a field a value.")
    @click.option("--unset", multiple=True, metavar="KEY", help="Take a field's value away.")
    @click.pass_context
    def edit(
        ctx: click.Context,
        /,
        name: str,
        sets: tuple[str, ...],
        unset: tuple[str, ...],
        **flags: bool,
    ) -> None:
        session = open_session(ctx)
        playbooks = not flags.get("no_playbook")
        edited = run_edit(EditOptions(kind, name, sets, unset, only_accounts, playbooks), session)
        if edited is not None:
            put_written(session, edited.view, kind, [edited.record], one=True)

    if kind == "deals":
        edit.params.append(no_playbook())


# remove


def remove_verb(group: click.Group, kind: KindName) -> None:
    """Give a noun the verb `remove`."""

    @group.command(
        "remove",
        cls=Command,
        help=f"Remove {_article(KINDS[kind].title)}. Refused while other records link to it.",
        short_help=f"Remove {_article(KINDS[kind].title)}.",
    )
    @click.argument("names", metavar="NAME...", nargs=-1, required=True)
    @click.option("--cascade", is_flag=True, help="Remove or unlink what links to it as well.")
    @click.pass_context
    def remove(ctx: click.Context, names: tuple[str, ...], *, cascade: bool) -> None:
        run_remove(RemoveOptions(kind, names, cascade), open_session(ctx))


def run_remove(options: RemoveOptions, session: Session) -> None:
    """Remove records, or refuse and list what links to them."""
    carry_out(session, lambda change: remove_planned(options, change))


def remove_planned(options: RemoveOptions, change: Change) -> Done:
    """Remove records in a change.

    Raises:
        InvalidInputError: ``still-linked``.
    """
    kind = options.kind
    ids = list(dict.fromkeys(change.view.find(kind, name) for name in options.names))
    gone = [change.after.of(kind)[record_id] for record_id in ids]
    told: list[str] = []
    for record_id in ids:
        if options.cascade:
            told += _cascade(change, kind, record_id)
    for record_id in ids:
        _refuse_while_linked(change, kind, record_id, set(ids))
    for record_id in ids:
        if record_id in change.after.of(kind):
            change.remove(kind, record_id)
    return Done(kind, gone, [*(f"removed {named(kind, record)}" for record in gone), *told])


def _cascade(change: Change, kind: KindName, record_id: str) -> list[str]:
    told = []
    if record_id not in change.after.of(kind):
        return []
    removal = cascade(kind, record_id, change.near(record_id), change.view.settings)
    for other_kind, other, field in removal.unlinked:
        told.append(f"unlinked {named(other_kind, change.after.of(other_kind)[other])}: {field}")
        change.update(other_kind, other, {field: None})
    for other_kind, other in removal.removed:
        if other != record_id:
            told.append(f"removed {named(other_kind, change.after.of(other_kind)[other])}")
            change.remove(other_kind, other)
    return told


def _refuse_while_linked(change: Change, kind: KindName, record_id: str, going: set[str]) -> None:
    users = [link for link in change.referrers(kind, record_id) if link.record.id not in going]
    if not users:
        return
    record = change.view.data.of(kind)[record_id]
    raise InvalidInputError(
        Problem(
            id="still-linked",
            message=f"{named(kind, record)} cannot be removed while {len(users)} "
            f"record{'s' if len(users) > 1 else ''} link{'' if len(users) > 1 else 's'} to it",
            hint="see the records below; --cascade removes or unlinks them too",
        ),
        *(
            Problem(
                id="link",
                level="warning",
                message=f"{named(link.kind, link.record)} by {link.field}",
                place=change.view.place(link.record.id, link.field),
            )
            for link in users
        ),
    )


def _article(title: str) -> str:
    return f"{'an' if title[0] in 'aeiou' else 'a'} {title}"


def all_verbs(group: click.Group, kind: KindName, *list_options: click.Option) -> None:
    """Give a noun all five verbs."""
    add_verb(group, kind)
    list_verb(group, kind, *list_options)
    show_verb(group, kind)
    edit_verb(group, kind)
    remove_verb(group, kind)
