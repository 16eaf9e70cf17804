"""What a commit did, field by field, out of its lines."""

from __future__ import annotations

from acctcli.store.history.describe import ItemChange, describe_lines
from acctcli.store.history.history_format import HistoryLine

D1 = "- id: d1\n  title: One   # the first\n  owner: Anna\n"


def line(before: str | None, after: str | None, sha: str | None = None) -> HistoryLine:
    return HistoryLine(
        commit="c1", kind="deals", id="d1", file="deals.yaml", before=before, after=after,
        after_sha256=sha,
    )  # fmt: skip


def told(*lines: HistoryLine, record: str | None = None) -> list[ItemChange]:
    return list(describe_lines(lines, record))


def test_fields_that_differ_are_told() -> None:
    after = "- id: d1\n  title: Two\n  labels: [a, b]\n"
    assert told(line(D1, after)) == [
        ItemChange(
            "deals",
            "d1",
            "changed",
            {"title": ("One", "Two"), "owner": ("Anna", None), "labels": (None, ["a", "b"])},
        )
    ]
    assert told(line(D1, D1.replace("first", "1st")))[0].fields == {}


def test_what_was_added_and_removed() -> None:
    assert told(line(None, None, "ab")) == [ItemChange("deals", "d1", "added", {})]
    (gone,) = told(line(D1, None))
    assert gone.action == "removed"
    assert gone.fields == {"id": ("d1", None), "title": ("One", None), "owner": ("Anna", None)}


def test_a_text_that_cannot_be_read_has_no_fields() -> None:
    assert told(line(D1, "- id: [\n"))[0].fields["id"] == ("d1", None)


def test_attachments_and_settings_are_told_by_their_paths() -> None:
    copy = HistoryLine(commit="c1", kind="attachment", file="attachments/a", before_sha256="ab")
    new = HistoryLine(commit="c1", kind="attachment", file="attachments/b", after_sha256="cd")
    settings = HistoryLine(
        commit="c1", kind="settings", file="acctcli.yaml",
        before="format: 1\n", after="format: 1\nfields: {orgs: {vat: text}}\n",
    )  # fmt: skip
    empty = HistoryLine(commit="c1", kind="settings", file="acctcli.yaml", before="", after="[]\n")
    file = HistoryLine(commit="c1", kind="file", file="deals.yaml", after_sha256="ab")
    assert told(copy, new, settings, empty, file) == [
        ItemChange("attachment", "attachments/a", "removed", {}),
        ItemChange("attachment", "attachments/b", "added", {}),
        ItemChange(
            "settings", "acctcli.yaml", "changed", {"fields": (None, {"orgs": {"vat": "text"}})}
        ),
        ItemChange("settings", "acctcli.yaml", "changed", {}),
    ]


def test_one_record_alone() -> None:
    other = HistoryLine(commit="c1", kind="orgs", id="acme", file="orgs.yaml", after_sha256="ab")
    assert [each.id for each in told(line(D1, None), other, record="acme")] == ["acme"]
