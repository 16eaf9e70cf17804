"""The page of an organization, as an account or not: all that is known of it, or parts of that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from acctcli.cli.lists.account_list import row_of
from acctcli.cli.lists.print_rows import print_rows, print_selected_object
from acctcli.cli.lists.record_list import custom_columns, record_row
from acctcli.cli.lists.record_names import RecordNames, custom_names
from acctcli.cli.output.writer import Row, print_document
from acctcli.core.accounts.hierarchy import descendants, family, path_to
from acctcli.core.model.errors import InvalidBookError, UsageError
from acctcli.core.model.names import or_nearest
from acctcli.core.reports.account_page import PAGE_SECTIONS, page

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from acctcli.cli.app.session import Session
    from acctcli.core.accounts.hierarchy import Family
    from acctcli.core.reports.account_page import Page
    from acctcli.store.views.view import View


def print_account_pages(
    session: Session,
    names: Sequence[str],
    *,
    only_accounts: bool,
    sections: Sequence[str] = (),
    currency: str | None = None,
) -> None:
    """Print everything about organizations, or the sections that are picked.

    Raises:
        UsageError: there is no such section; the nearest one is named.
        InvalidBookError: a circle of parents.
    """
    from acctcli.cli.input.record_args import is_single, resolve_ids

    picked = _parse_sections(sections)
    view = session.read_in(currency)
    ids = resolve_ids(names, view, "orgs", only_accounts=only_accounts)
    pages = (_page(session, view, each, picked) for each in ids)
    if session.is_for_people and session.options.fields is None:
        _print_pages(session, view, pages, picked)
        return
    from acctcli.render.list_columns import MACHINE_COLUMNS

    rows = [page_row(view, found, with_membership=not only_accounts) for found in pages]
    columns = [
        *MACHINE_COLUMNS["account_page" if only_accounts else "org_page"],
        *custom_columns(view, "orgs"),
    ]
    if picked and rows:
        rows = [_select_sections(picked, row) for row in rows]
        columns = [column for column in columns if column.partition(".")[0] in rows[0]]
    if is_single(names):
        print_selected_object(session, rows[0], columns, view=view, kind="orgs")
    else:
        print_rows(session, rows, machine_columns=columns, table_columns=())


def _page(session: Session, view: View, org_id: str, picked: set[str]) -> Page:
    today = session.today(view)
    found = page(org_id, view.records_of_org(org_id), view.settings, today, view.zone)
    if not picked or picked & _OF_FAMILY:
        found = replace(found, family=_family(session, view, found, today))
    return found


def _print_pages(session: Session, view: View, pages: Iterable[Page], picked: set[str]) -> None:
    """Print pages for people: one after the other, or as the parts of one document."""
    from acctcli.render.account_page import page_document, page_text

    names, today = RecordNames(view.data), session.today(view)
    if session.options.format == "table":
        for number, found in enumerate(pages):
            if number:
                session.put([b"\n"])
            text = page_text(
                _with_names(found, view),
                names=names,
                width=session.streams.columns,
                style=session.style,
                today=today,
                zone=view.zone,
                sections=picked,
            )
            session.print_text(text)
        return
    documents = [
        page_document(
            _with_names(found, view), names=names, today=today, zone=view.zone, sections=picked
        )
        for found in pages
    ]
    if documents:
        from acctcli.render.formats.document import join_documents

        print_document(session, join_documents(documents))


# The keys of a section, where they are not those of its name.
_KEYS = {"planned": "activities", "done": "activities", "fields": "custom_fields"}
_OF_FAMILY = {"summary", "branches"}


def _parse_sections(sections: Sequence[str]) -> set[str]:
    for name in sections:
        if name not in PAGE_SECTIONS:
            raise UsageError.of(
                "unknown-section",
                f'--section: there is no section "{name}"' + or_nearest(name, PAGE_SECTIONS),
                hint=f"the sections are {', '.join(PAGE_SECTIONS)}",
            )
    return set(sections)


def _select_sections(picked: set[str], row: Row) -> Row:
    """The keys of the sections that are picked, and the id and name."""
    elsewhere = {_KEYS.get(name, name) for name in PAGE_SECTIONS if name != "summary"}
    wanted = {"id", "name", *(_KEYS.get(name, name) for name in picked)}
    if "summary" in picked:
        wanted |= row.keys() - elsewhere
    found = {key: value for key, value in row.items() if key in wanted}
    activities = found.get("activities")
    if isinstance(activities, dict):
        found["activities"] = {key: each for key, each in activities.items() if key in picked}
    return found


def _family(session: Session, view: View, found: Page, today: dt.date) -> Family | None:
    """The organization among its parents and branches; None when the parents lead round."""
    org_id = found.org.id
    try:
        path = path_to(org_id, view.data)
    except InvalidBookError as error:
        session.refuse_or_report(
            [
                each._replace(place=view.place(each.record, each.field)) if each.record else each
                for each in error.problems
            ]
        )
        return None
    tree = descendants(org_id, view.branches)
    others = (each.row for each in view.listed_accounts_of(list(tree)[1:], today))
    return family(path, tree, {org_id: found.row, **{row.id: row for row in others}})


def _with_names(found: Page, view: View) -> Page:
    """The page for people: what the organization's own fields link to by its name."""
    own = custom_names(found.org.custom, view, "orgs")
    return replace(found, org=replace(found.org, custom=own))


def page_row(view: View, found: Page, *, with_membership: bool) -> Row:
    """The page's machine form: the list's keys, the organization's own, and what belongs to it."""
    org = record_row(view, "orgs", found.org)
    own = {name: value for name, value in org.items() if name != "custom_fields"}
    listed = row_of(view, found.row, found.org.custom, with_membership=with_membership)
    del listed["custom_fields"]  # they stand at the end of a page
    kin = found.family
    return {
        **listed,
        **{name: value for name, value in own.items() if name not in found.row.__struct_fields__},
        "health": found.health,
        "contact_due": found.contact_due,
        "path": kin.path if kin else (),
        "group_value": kin.group_value if kin else None,
        "group_count": kin.group_count if kin else None,
        "group_size": kin.group_size if kin else None,
        "late": found.late,
        "deals": [record_row(view, "deals", each) for each in found.deals],
        "renewals": found.renewals,
        "branches": kin.branches if kin else (),
        "people": [record_row(view, "people", each) for each in found.people],
        "notes": [record_row(view, "notes", each) for each in found.notes],
        "files": [record_row(view, "files", each) for each in found.files],
        "activities": {
            "planned": [record_row(view, "activities", each) for each in found.planned],
            "done": [record_row(view, "activities", each) for each in found.done],
        },
        "custom_fields": org["custom_fields"],
    }
