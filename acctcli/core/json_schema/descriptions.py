"""Descriptions of fields in JSON Schemas."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from acctcli.core.model.kinds import KindName

_ANY: dict[str, str] = {
    "id": "What other records link to. Unique in the whole book, and never changed.",
    "org": "The organization it belongs to, by its id.",
    "deal": "The deal it belongs to, by its id.",
    "owner": "Who of us looks after it.",
    "labels": "Labels of your own.",
    "add_time": "When it was added. Without it, it was always there.",
    "source": "Which file or program it was imported from.",
    "external_id": "What it is called there.",
}
_OF: dict[KindName, dict[str, str]] = {
    "orgs": {
        "name": "The organization's name.",
        "parent": "The organization above it, by its id.",
        "tier": "How important it is; acctcli.yaml says how often each tier is contacted.",
        "address": "Where it is.",
        "website": "Its address on the web.",
        "phone": "Its telephone number.",
        "industry": "What it does.",
    },
    "people": {
        "name": "The person's name.",
        "org": "The organization the person works for, by its id.",
        "emails": "E-mail addresses.",
        "phones": "Telephone numbers.",
        "job_title": "What the person does there.",
    },
    "deals": {
        "title": "What the deal is about.",
        "person": "Whom the deal is made with, by the id.",
        "value": "What it is worth, without the currency.",
        "currency": "The currency of value, mrr, arr and acv; else that of the book.",
        "status": "Whether it is open, won or lost. A won deal makes its organization an account.",
        "stage": "How far an open deal has come.",
        "pipeline": "The pipeline it is in.",
        "probability": "How likely it is to be won, in per cent.",
        "won_time": "When it was won.",
        "lost_time": "When it was lost.",
        "lost_reason": "Why it was lost.",
        "expected_close_date": "When it may be won or lost.",
        "mrr": "What it brings each month.",
        "arr": "What it brings each year.",
        "acv": "What its contract is worth each year.",
        "renewal_date": "When it is to be renewed.",
        "term": "How long it runs from one renewal to the next.",
        "archived": "Whether it is put away; a won deal counts all the same.",
    },
    "activities": {
        "subject": "What is to be done.",
        "type": "What it is: a call, a meeting, an email, a lunch, a task.",
        "person": "Whom it is with, by the id.",
        "due_date": "The day it is due. Without one it is not planned.",
        "due_time": "The time of that day.",
        "duration": "How long it takes.",
        "done": "Whether it is done.",
        "done_time": "When it was done.",
        "note": "What to know about it.",
        "location": "Where it is.",
        "repeat": "How often it comes again.",
        "from": "Whether the next one counts from the day it was due or done.",
        "until": "The day after which none comes.",
        "playbook": "The playbook that planned it.",
        "run": "What the playbook was planned for.",
        "step": "Which step of the playbook it is, from 1.",
        "wait": "How long after the step before it is due.",
    },
    "notes": {
        "content": "The text of the note.",
        "person": "Whom it is about, by the id.",
        "pinned": "Whether it stands above the others.",
    },
    "files": {
        "name": "What the file is called.",
        "path": "Where its copy lies in the book, below attachments/.",
        "url": "Where it is, when the book has no copy.",
        "size": "How many bytes the copy has.",
        "sha256": "The checksum of the copy.",
        "person": "Whom it is about, by the id.",
    },
}


def field_description(kind: KindName, field: str) -> str:
    """What a built-in field is."""
    return _OF[kind].get(field) or _ANY[field]
