"""The table of what `apply` can apply: commands, what each takes as JSON, and what plans it.

The plans are those of the commands themselves; a module is loaded when a line needs it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

from acctcli.cli.input.field_options import option_word
from acctcli.core.accounts.buckets import BUCKETS
from acctcli.core.batch.arguments import CUSTOM_FIELDS
from acctcli.core.batch.command_spec import Argument, CommandSpec
from acctcli.core.model.errors import UsageError
from acctcli.core.model.kinds import KINDS, KindName

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from acctcli.cli.app.session import Session
    from acctcli.cli.output.messages import CommandResult
    from acctcli.core.accounts.buckets import Bucket
    from acctcli.store.changes.change_set import Change

    Values = Mapping[str, object]
    Plan = Callable[[Values, Change, Session], CommandResult]

Words = tuple[str, ...]


class BatchCommand(NamedTuple):
    """A command that can be applied: what it takes, and what plans it."""

    shape: CommandSpec
    plan: Plan


# Commands that change the book and cannot be applied, and why.
NOT_IN_BATCH: dict[Words, str] = {
    ("apply",): "a batch has no batches in it",
    ("check",): "what it mends, it looks for in the whole book",
    ("import", "csv"): "it reads a file of rows in a run of its own",
    ("init",): "it makes a book",
    ("rates", "import"): "it reads a table of rates in a run of its own",
    ("schema",): "what it writes is about the book's settings",
    ("redo",): "it is about whole commits, and a batch is one",
    ("undo",): "it is about whole commits, and a batch is one",
}


def _text(values: Values, name: str) -> str | None:
    return cast("str | None", values.get(name))


def _ids(values: Values) -> Words:
    return cast("Words", values["id"])


def _fields(values: Values) -> dict[str, object]:
    return dict(cast("Values", values["fields"]))


def _has_playbooks(values: Values) -> bool:
    return not values.get("no_playbook")


# plans


def _add(kind: KindName) -> Plan:
    def plan(values: Values, change: Change, session: Session) -> CommandResult:
        from acctcli.cli.commands.record_verbs import AddOptions, add_in_change

        fields = _fields(values)
        label, record_id = fields.pop(KINDS[kind].label), _text(fields, "id")
        fields.pop("id", None)
        options = AddOptions(kind, str(label), record_id, fields, (), _has_playbooks(values))
        return add_in_change(options, change, session)

    return plan


def _file_add(values: Values, change: Change, session: Session) -> CommandResult:
    from acctcli.cli.commands.file import AddFileOptions, add_file_in_change

    fields = _fields(values)
    name, record_id = _text(fields, "name"), _text(fields, "id")
    fields = {key: value for key, value in fields.items() if key not in {"id", "name"}}
    path, link = str(values["path"]), bool(values.get("link"))
    return add_file_in_change(
        AddFileOptions(path, link, name, fields, (), record_id), change, session
    )


def _edit(kind: KindName, *, only_accounts: bool = False) -> Plan:
    def plan(values: Values, change: Change, session: Session) -> CommandResult:
        from acctcli.cli.actions.edit_one import EditOptions, edit_in_change

        fields = _fields(values)
        unset = tuple(name for name, value in fields.items() if value is None)
        name = str(values["id"])
        options = EditOptions(kind, name, (), unset, only_accounts, _has_playbooks(values), fields)
        return edit_in_change(options, change, session)

    return plan


def _remove(kind: KindName) -> Plan:
    def plan(values: Values, change: Change, session: Session) -> CommandResult:
        from acctcli.cli.actions.remove import RemoveOptions, remove_in_change

        del session
        options = RemoveOptions(kind, _ids(values), bool(values.get("cascade")))
        return remove_in_change(options, change)

    return plan


def _close(status: str) -> Plan:
    def plan(values: Values, change: Change, session: Session) -> CommandResult:
        from acctcli.cli.commands.deal import CloseOptions, close_in_change

        on, reason = _text(values, "on"), _text(values, "reason")
        options = CloseOptions(_ids(values), status, on, reason, _has_playbooks(values))
        return close_in_change(options, change, session)

    return plan


def _renew(values: Values, change: Change, session: Session) -> CommandResult:
    from acctcli.cli.commands.report_renewals import RenewOptions, renew_in_change

    on, term = _text(values, "on"), _text(values, "term")
    return renew_in_change(
        RenewOptions(_ids(values), on, term, _has_playbooks(values)), change, session
    )


def _mark_done(values: Values, change: Change, session: Session) -> CommandResult:
    from acctcli.cli.commands.activity import DoneOptions, mark_done_in_change

    options = DoneOptions(
        names=_ids(values),
        on=_text(values, "on"),
        note=_text(values, "note"),
        next=cast("tuple[str, str] | None", values.get("next")),
        subject=_text(values, "subject"),
        no_next=bool(values.get("no_next")),
    )
    return mark_done_in_change(options, change, session)


def _reopen(values: Values, change: Change, session: Session) -> CommandResult:
    from acctcli.cli.commands.activity import reopen_in_change

    del session
    return reopen_in_change(_ids(values), change)


def _move(values: Values, change: Change, session: Session) -> CommandResult:
    from acctcli.cli.commands.activity import RescheduleOptions, reschedule_in_change

    day, time = str(values["due_date"]), _text(values, "due_time")
    return reschedule_in_change(RescheduleOptions(_ids(values), day, time), change, session)


def _account_move(values: Values, change: Change, session: Session) -> CommandResult:
    from acctcli.cli.commands.account_move import MoveOptions, move_in_change

    bucket = cast("Bucket", values["bucket"])
    agreed = bool(values.get("yes"))
    if bucket == "none" and not agreed:
        raise UsageError.of(
            "not-confirmed",
            "nothing would be planned any more, and a batch does not ask",
            hint='say "yes": true if it is meant so',
        )
    return move_in_change(
        MoveOptions(_ids(values), bucket, dry_run=False, yes=agreed), change, session
    )


def _account_plan(values: Values, change: Change, session: Session) -> CommandResult:
    from acctcli.cli.commands.account_plan import PlanOptions, plan_in_change

    playbook, on, deal = str(values["playbook"]), _text(values, "on"), _text(values, "deal")
    deals = None if deal is None else (deal,)
    options = PlanOptions(_ids(values), playbook, on, deals, dry_run=False)
    return plan_in_change(options, change, session)


# what they take

_NO_PLAYBOOK = Argument("no_playbook", "flag")
_SET = Argument("set", "fields")
_OWN = Argument(CUSTOM_FIELDS, "own")


def _single_name(kind: KindName) -> Argument:
    return Argument("id", "record", link=kind, required=True)


def _several_names(kind: KindName) -> Argument:
    return Argument("id", "records", link=kind, required=True)


def _field_arguments(kind: KindName, *, needs: str | None) -> tuple[Argument, ...]:
    """Each field of a kind, by its name and that of its option."""
    return tuple(
        Argument(
            each.name,
            "field",
            tuple({option_word(each).replace("-", "_")} - {each.name}),
            field=each,
            required=each.name == needs,
        )
        for each in KINDS[kind].fields
    )


def _adding(kind: KindName, *more: Argument, also: str = "") -> CommandSpec:
    label = KINDS[kind].label
    fields = _field_arguments(kind, needs=label)
    if also:
        fields = tuple(
            Argument(label, "field", (also,), field=each.field, required=True)
            if each.name == label
            else each
            for each in fields
        )
    return CommandSpec(kind, (*fields, _SET, _OWN, *more), kind)


def _editing(kind: KindName, *more: Argument) -> CommandSpec:
    unset = Argument("unset", "names")
    return CommandSpec(kind, (_single_name(kind), _SET, unset, *more), needs_one=("set", "unset"))


_ON = Argument("on", "text")
_PATH = Argument("path", "text", required=True)
_FILE = (
    _PATH,
    Argument("link", "flag"),
    *(each for each in _field_arguments("files", needs=None) if each.name != "path"),
)
_CASCADE = Argument("cascade", "flag")

TABLE: dict[Words, BatchCommand] = {
    ("org", "add"): BatchCommand(_adding("orgs"), _add("orgs")),
    ("person", "add"): BatchCommand(_adding("people"), _add("people")),
    ("deal", "add"): BatchCommand(_adding("deals", _NO_PLAYBOOK), _add("deals")),
    ("activity", "add"): BatchCommand(_adding("activities"), _add("activities")),
    ("note", "add"): BatchCommand(_adding("notes", also="text"), _add("notes")),
    ("file", "add"): BatchCommand(CommandSpec("files", (*_FILE, _SET, _OWN), "files"), _file_add),
    ("account", "edit"): BatchCommand(_editing("orgs"), _edit("orgs", only_accounts=True)),
    ("deal", "edit"): BatchCommand(_editing("deals", _NO_PLAYBOOK), _edit("deals")),
    **{
        (KINDS[kind].noun, "edit"): BatchCommand(_editing(kind), _edit(kind))
        for kind in KINDS
        if kind != "deals"
    },
    **{
        (KINDS[kind].noun, "remove"): BatchCommand(
            CommandSpec(kind, (_several_names(kind), _CASCADE), leaves=False), _remove(kind)
        )
        for kind in KINDS
    },
    ("deal", "won"): BatchCommand(
        CommandSpec(
            "deals", (_several_names("deals"), Argument("on", "text", ("won_time",)), _NO_PLAYBOOK)
        ),
        _close("won"),
    ),
    ("deal", "lost"): BatchCommand(
        CommandSpec(
            "deals",
            (
                _several_names("deals"),
                Argument("on", "text", ("lost_time",)),
                Argument("reason", "text", ("lost_reason",)),
            ),
        ),
        _close("lost"),
    ),
    ("deal", "reopen"): BatchCommand(
        CommandSpec("deals", (_several_names("deals"),)), _close("open")
    ),
    ("deal", "renew"): BatchCommand(
        CommandSpec(
            "deals", (_several_names("deals"), _ON, Argument("term", "text"), _NO_PLAYBOOK)
        ),
        _renew,
    ),
    ("activity", "done"): BatchCommand(
        CommandSpec(
            "activities",
            (
                _several_names("activities"),
                Argument("on", "text", ("done_time",)),
                Argument("note", "text"),
                Argument("next", "pair"),
                Argument("subject", "text"),
                Argument("no_next", "flag"),
            ),
        ),
        _mark_done,
    ),
    ("activity", "reopen"): BatchCommand(
        CommandSpec("activities", (_several_names("activities"),)), _reopen
    ),
    ("activity", "move"): BatchCommand(
        CommandSpec(
            "activities",
            (
                _several_names("activities"),
                Argument("due_date", "text", ("due", "day"), required=True),
                Argument("due_time", "text", ("time",)),
            ),
        ),
        _move,
    ),
    ("account", "move"): BatchCommand(
        CommandSpec(
            "orgs",
            (
                _several_names("orgs"),
                Argument("bucket", "text", choices=BUCKETS, required=True),
                Argument("yes", "flag"),
            ),
        ),
        _account_move,
    ),
    ("account", "plan"): BatchCommand(
        CommandSpec(
            "orgs",
            (
                _several_names("orgs"),
                Argument("playbook", "text", required=True),
                _ON,
                Argument("deal", "record", link="deals"),
            ),
        ),
        _account_plan,
    ),
}
SPECS: dict[Words, CommandSpec] = {command: each.shape for command, each in TABLE.items()}
