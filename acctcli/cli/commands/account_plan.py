"""The verb `account plan`: a playbook by hand, and how far the runs of an account have come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from acctcli.cli.actions.run_change import carry_out
from acctcli.cli.actions.run_playbooks import PlaybookRuns, playbook_messages, run_playbook
from acctcli.cli.app.date_option import day_option
from acctcli.cli.input.record_args import find_record, is_single, resolve_ids
from acctcli.cli.lists.list_spec import Listing
from acctcli.cli.lists.print_list import has_query, print_list
from acctcli.cli.lists.print_rows import print_rows
from acctcli.cli.lists.record_list import custom_columns, record_row
from acctcli.cli.lists.record_names import RecordNames
from acctcli.cli.output.messages import CommandResult, describe, say_all
from acctcli.core.model.errors import InvalidInputError, NotFoundError, UsageError
from acctcli.core.model.links import org_of
from acctcli.core.model.names import nearest_first
from acctcli.core.rules import playbooks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from acctcli.cli.app.session import Session
    from acctcli.cli.output.writer import Row
    from acctcli.core.model.records import Deal, Record
    from acctcli.core.model.settings import Playbook
    from acctcli.core.rules.playbooks import PlaybookRun, PlaybookTrigger
    from acctcli.store.changes.change_set import Change
    from acctcli.store.views.view import View


class PlanOptions(Struct, frozen=True):
    """What `plan` was given; the names and deals may be `RecordArgs`."""

    names: tuple[str, ...]
    playbook: str | None
    on: str | None
    deals: tuple[str, ...] | None
    dry_run: bool


def run_plan(options: PlanOptions, session: Session) -> None:
    """Plan a playbook with an account, or list the playbooks and their runs."""
    if options.playbook is not None:
        if has_query(session):
            raise UsageError.of(
                "no-list",
                "--where, --sort and the like are for lists, and --playbook plans",
                hint="leave one of them out",
            )
        plan_by_hand(options, session)
        return
    if options.on is not None or options.deals is not None or options.dry_run:
        raise UsageError.of(
            "no-playbook",
            "--on, --deal and --dry-run are for planning, and --playbook was not given",
            hint="say for example: --playbook onboarding --dry-run",
        )
    list_runs(options, session)


def plan_by_hand(options: PlanOptions, session: Session) -> None:
    """Plan what a playbook says, and say it; with --dry-run only show it."""
    if not options.dry_run:
        carry_out(session, lambda change: plan_in_change(options, change, session))
        return
    done, view = session.rehearse(
        lambda change: (plan_in_change(options, change, session), change.view)
    )
    if not done.records:
        say_all(session, done.messages)
    _print_dry_run(session, view, done.records)
    session.say("a dry run: nothing was written")


def plan_in_change(options: PlanOptions, change: Change, session: Session) -> CommandResult:
    """Plan in a change what a playbook says."""
    playbook = _playbook(change.view, options.playbook or "")
    occasions = list(_triggers(options, playbook, session, change.view))
    runs = PlaybookRuns(change, (each.deal for each in occasions))
    records: list[Record] = []
    said: list[str] = []
    for occasion in occasions:
        planned = run_playbook(
            change, session, playbook, occasion, runs.activities_of_run(occasion)
        )
        records += planned or []
        said += playbook_messages(change, playbook, occasion, planned)
    return CommandResult("activities", records, said)


def _triggers(
    options: PlanOptions, playbook: Playbook, session: Session, view: View
) -> Iterator[PlaybookTrigger]:
    """What the playbook is to be run for."""
    deals: list[Deal | None] = [None]
    if options.deals is not None:
        deals = [view.data.deals[key] for key in resolve_ids(options.deals, view, "deals")]
    today = session.today(view)
    day = None if options.on is None else day_option(options.on, today, "--on")
    for org_id in resolve_ids(options.names, view, "orgs", only_accounts=True):
        org = view.data.orgs[org_id]
        for deal in deals:
            if deal is not None and org_of(deal, view.data) != org.id:
                raise InvalidInputError.of(
                    "deal-of-another",
                    f"--deal: {describe('deals', deal)} does not belong to {describe('orgs', org)}",
                    hint=f"see: acctcli deal list --org {org.id}",
                )
            yield playbooks.manual_trigger(playbook, org, deal, day, zone=view.zone, today=today)


def _playbook(view: View, name: str) -> Playbook:
    declared = view.settings.playbooks
    if name in declared:
        return declared[name]
    there = f"there are {', '.join(declared)}" if declared else "acctcli.yaml has no playbooks"
    raise NotFoundError.of(
        "unknown-playbook",
        f'no playbook is called "{name}"',
        hint=nearest_first(name, declared, there),
    )


def _print_dry_run(session: Session, view: View, planned: Sequence[Record]) -> None:
    """Print what would be planned; it has no ids, since it is not there."""
    from acctcli.render.list_columns import MACHINE_COLUMNS, TABLE_COLUMNS

    if session.options.format == "ids":
        return
    print_rows(
        session,
        [{**record_row(view, "activities", each), "id": None} for each in planned],
        machine_columns=[*MACHINE_COLUMNS["plan"], *custom_columns(view, "activities")],
        table_columns=TABLE_COLUMNS["plan"],
        zone=view.zone,
    )


# the list


def list_runs(options: PlanOptions, session: Session) -> None:
    """Print the playbooks, and for each of their runs with the account what is next."""
    from acctcli.render.list_columns import TABLE_COLUMNS

    if not is_single(options.names):
        raise UsageError.of(
            "one-account",
            "the list of playbooks is about one account",
            hint="name one, or say what to plan with all of them: --playbook onboarding",
        )
    view = session.read()
    org_id = find_record(view, "orgs", options.names[0], only_accounts=True)
    around = view.records_of_org(org_id)
    own = [each for each in around.activities.values() if org_of(each, around) == org_id]
    found = playbooks.playbook_runs(own, view.settings.playbooks)
    names = RecordNames(view.data)
    listing = Listing(
        name="playbooks",
        table=TABLE_COLUMNS["playbooks"],
        view=view,
        display_row=lambda row: _display_run(row, names),
    )
    print_list(session, map(_run_row, found), listing)
    if not found:
        session.say("acctcli.yaml has no playbooks")


def _run_row(run: PlaybookRun) -> Row:
    following = run.next
    return {
        "playbook": run.playbook,
        "on": run.on,
        "run": run.run,
        "deal": run.deal,
        "state": run.state,
        "steps": run.steps,
        "done": run.done,
        "step": run.step,
        "id": None if following is None else following.id,
        "type": None if following is None else following.type,
        "subject": None if following is None else following.subject,
        "due_date": None if following is None else following.due_date,
    }


def _display_run(row: Row, names: RecordNames) -> Row:
    """A row for people: the run by its deal's title and its day, how far it has come in words."""
    counted = row["step"] is not None
    state = f"step {row['step']} of {row['steps']}" if counted else row["state"]
    activity = ": ".join(str(row[key]) for key in ("type", "subject") if row[key] is not None)
    return {
        **row,
        "run": ", ".join(filter(None, (names.get(str(row["deal"])), _day(row)))) or row["run"],
        "state": state,
        "subject": activity or None,
    }


def _day(row: Row) -> str:
    return str(row["run"] or "").partition("@")[2]
