"""The history as people read it."""

from __future__ import annotations

from acctcli.render.formats.style import Style
from acctcli.render.history import CommitEntry, HistoryItem, entry_text

PLAIN = Style(colour=False)
ENTRY = CommitEntry("c1", "2026-03-10 09:00", "anna", "deal won d1", "", (), ())


def things(*found: HistoryItem) -> list[str]:
    return entry_text(ENTRY._replace(items=found), PLAIN).split("\n")[1:]


def test_the_head_and_what_belongs_to_it() -> None:
    assert entry_text(ENTRY, PLAIN) == "c1  2026-03-10 09:00  anna  deal won d1"
    entry = ENTRY._replace(mark="undone", remarks=["takes back c0"])
    assert entry_text(entry, PLAIN) == (
        "c1  2026-03-10 09:00  anna  deal won d1  (undone)\n  takes back c0"
    )
    assert "\x1b[33m(undone)\x1b[0m" in entry_text(entry, Style(colour=True))


def test_each_thing_with_its_fields() -> None:
    assert things(
        HistoryItem(
            "deals", "d1", "changed", {"status": ("open", "won"), "labels": (None, ["a", "b"])}
        ),
        HistoryItem("orgs", "acme", "changed", {"owner": ("Anna", None)}),
        HistoryItem("orgs", "cole", "changed", {}),
        HistoryItem("orgs", "dora", "removed", {"name": ("Dora", None)}),
        HistoryItem(
            "settings", "acctcli.yaml", "changed", {"fields": (None, {"orgs": {"a": None}})}
        ),
    ) == [
        "  deal d1 changed: status: open -> won, labels: -> [a, b]",
        "  org acme changed: owner: Anna ->",
        "  org cole changed",
        "  org dora removed",
        "  settings acctcli.yaml changed: fields: -> {orgs: {a: }}",
    ]


def test_long_and_hostile_values() -> None:
    (line,) = things(
        HistoryItem("notes", "n1", "changed", {"content": ("a\n b", "x" * 50 + "\x1b")})
    )
    assert line == f"  note n1 changed: content: a b -> {'x' * 39}…"
    (line,) = things(HistoryItem("notes", "n1", "changed", {"content": ("a", "\x1b[2J")}))
    assert line == r"  note n1 changed: content: a -> \x1b[2J"
    entry = ENTRY._replace(actor="\x1b", command="\u202e")
    assert entry_text(entry, PLAIN) == r"c1  2026-03-10 09:00  \x1b  \u202e"


def test_of_many_only_the_number() -> None:
    many = [HistoryItem("orgs", f"o{number}", "added", {}) for number in range(12)]
    assert len(things(*many)) == 12
    assert things(*many, HistoryItem("attachment", "attachments/a", "added", {})) == [
        "  12 orgs added",
        "  1 attachment added",
    ]


def test_no_line_is_wider_than_the_terminal() -> None:
    entry = ENTRY._replace(
        command="deal add Order --org acme --value 10",
        mark="undone",
        items=[HistoryItem("deals", "d1", "changed", {"title": ("A first title", "A second one")})],
    )
    assert entry_text(entry, PLAIN, 40) == (
        "c1  2026-03-10 09:00  anna\n"
        "  deal add Order --org acme --value 10\n"
        "  (undone)\n"
        "  deal d1 changed: title: A first\n"
        "    title -> A second one"
    )
    assert entry_text(entry, PLAIN, 200) == entry_text(entry, PLAIN)
    for width in range(12, 80):
        lines = entry_text(entry, PLAIN, width).split("\n")
        assert [line for line in lines if len(line) > width] == []
        told = "".join(lines).replace(" ", "")
        assert told == entry_text(entry, PLAIN).replace("\n", "").replace(" ", "")
