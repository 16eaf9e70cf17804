"""The door to a book: reading, writing in one transaction, trying again, and rehearsing."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml
from conftest import files_of
from hypothesis import given, settings
from hypothesis import strategies as st

from acctcli.cli.app.exit_codes import exit_for
from acctcli.core.model.errors import (
    ConflictError,
    InvalidBookError,
    InvalidInputError,
    UsageError,
)
from acctcli.core.model.kinds import KINDS
from acctcli.core.model.schema import read_record
from acctcli.store.book import Author, Book
from acctcli.store.history.history_format import closed_commits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from acctcli.core.model.kinds import KindName
    from acctcli.core.model.records import Raw
    from acctcli.store.changes.change_set import Change
    from acctcli.store.history.history_format import HistoryLine

NOON = dt.datetime(2026, 3, 10, 12, tzinfo=dt.UTC)
AUTHOR = Author("anna", ("org", "edit", "acme"), NOON)
ORGS = "# ours\n\n- id: acme\n  name: Acme\n- id: cole\n  name: Cole\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "acctcli.yaml").write_text("format: 1\ntimezone: Europe/Rome\n", "utf-8")
    (tmp_path / "orgs.yaml").write_text(ORGS, "utf-8")
    return tmp_path


def set_owner(change: Change) -> str:
    change.update("orgs", "acme", {"owner": "Anna"})
    return "done"


def test_a_write_gives_what_its_plan_gives_and_stands_in_the_history(root: Path) -> None:
    assert Book(root).write(set_owner, AUTHOR) == "done"
    assert Book(root).read().data.orgs["acme"].owner == "Anna"
    (commit,) = closed_commits((root / "history.jsonl").read_bytes())
    closing = commit.closing
    assert (closing.actor, closing.command, closing.time, closing.records) == (
        "anna",
        ["org", "edit", "acme"],
        "2026-03-10T12:00:00Z",
        2,
    )
    assert commit.is_whole()


def test_a_plan_that_changes_nothing_makes_no_commit(root: Path) -> None:
    assert Book(root).write(lambda _: "nothing", AUTHOR) == "nothing"

    def back_and_forth(change: Change) -> str:
        change.update("orgs", "acme", {"owner": "Anna"})
        change.update("orgs", "acme", {"owner": None})
        return "as before"

    before = files_of(root)
    assert Book(root).write(back_and_forth, AUTHOR) == "as before"
    assert files_of(root) == before
    assert not (root / "history.jsonl").exists()


def test_a_read_only_book_is_not_even_locked(root: Path) -> None:
    before = sorted(root.rglob("*"))
    with pytest.raises(UsageError) as caught:
        Book(root, read_only=True).write(set_owner, AUTHOR)
    assert caught.value.problems[0].id == "read-only"
    assert sorted(root.rglob("*")) == before
    Book(root).refuse_if_read_only()


# others write too


def test_a_file_that_others_change_meanwhile_is_read_again(root: Path) -> None:
    seen: list[str | None] = []

    def plan(change: Change) -> None:
        seen.append(change.view.data.orgs["cole"].owner)
        if len(seen) == 1:
            (root / "orgs.yaml").write_text(ORGS + "  owner: Git\n", "utf-8")
        change.update("orgs", "acme", {"owner": "Anna"})

    Book(root).write(plan, AUTHOR)
    assert seen == [None, "Git"]
    expected = ORGS.replace("Acme\n", "Acme\n  owner: Anna\n") + "  owner: Git\n"
    assert (root / "orgs.yaml").read_text("utf-8") == expected
    (commit,) = closed_commits((root / "history.jsonl").read_bytes())
    assert [line.id for line in commit.lines] == ["acme", None]


def test_files_that_keep_changing_are_given_up_after_five_tries(root: Path) -> None:
    tries = 0

    def plan(change: Change) -> None:
        nonlocal tries
        tries += 1
        (root / "orgs.yaml").write_text(f"{ORGS}  owner: Git {tries}\n", "utf-8")
        change.update("orgs", "acme", {"owner": "Anna"})

    with pytest.raises(ConflictError) as caught:
        Book(root).write(plan, AUTHOR)
    assert tries == 5
    assert exit_for(caught.value) == 6
    assert caught.value.problems[0].id == "changed-meanwhile"
    assert "(5 tries)" in caught.value.problems[0].message
    found = {name: data for name, data in files_of(root).items() if name != "acctcli.yaml"}
    assert found == {"orgs.yaml": f"{ORGS}  owner: Git 5\n".encode()}


# the year of {year}


@pytest.mark.parametrize(
    ("zone", "now", "year"),
    [
        ("Europe/Rome", "2026-12-31T23:30:00+00:00", 2027),
        ("Europe/Rome", "2026-12-31T22:30:00+00:00", 2026),
        ("America/Bogota", "2027-01-01T04:59:00+00:00", 2026),
        ("America/Bogota", "2027-01-01T05:00:00+00:00", 2027),
        ("Asia/Tokyo", "2024-12-31T10:00:00-08:00", 2025),
        ("UTC", "2031-06-01T00:00:00+00:00", 2031),
    ],
)
def test_the_year_of_a_new_records_file_is_the_one_in_the_books_zone(
    root: Path, zone: str, now: str, year: int
) -> None:
    (root / "acctcli.yaml").write_text(
        f"format: 1\ntimezone: {zone}\nnew_records: {{deals: 'deals/{{year}}.yaml'}}\n", "utf-8"
    )
    author = Author("anna", (), dt.datetime.fromisoformat(now))
    Book(root).write(lambda change: change.add("deals", {"id": "d1", "title": "x"}), author)
    made = [path.relative_to(root).as_posix() for path in root.glob("deals/*")]
    assert made == [f"deals/{year}.yaml"]


# rehearsals


def test_a_rehearsal_gives_the_same_and_writes_nothing(root: Path) -> None:
    before = sorted(root.rglob("*")), files_of(root)
    assert Book(root).rehearse(set_owner, AUTHOR) == "done"
    assert Book(root, read_only=True).rehearse(set_owner, AUTHOR) == "done"
    assert (sorted(root.rglob("*")), files_of(root)) == before


def test_a_rehearsal_raises_what_only_comes_out_at_the_end(root: Path) -> None:
    def link_to_nothing(change: Change) -> None:
        change.update("orgs", "acme", {"parent": "nobody"})

    with pytest.raises(InvalidInputError) as caught:
        Book(root).rehearse(link_to_nothing, AUTHOR)
    assert caught.value.problems[0].id == "link-to-nothing"


# random commits over files that were written by hand

HAND = {
    "orgs.yaml": (
        "# our customers\n\n"
        "# the first\n- id: acme\n  name: 'Acme S.r.l.'   # as registered\n"
        '  # who looks after it\n  owner:   Anna\n  labels: [vip, "old"]\n  odd key: 0x1F\n'
        "\n"
        '- name: "Bianchi ☕"\n  id: bianchi\n  address: |\n    Via Roma 1\n    Milano\n'
        "  phone: '0039'   # the office\n"
        "\n"
        "- id: cole\n  name: Cole\n  website: >-\n    a folded\n    text\n  industry: no\n"
        "\n# the end\n"
    ),
    "people.yaml": (
        "# people\r\n\r\n-   id: eva\r\n    name: Eva Müller   # née Rossi\r\n"
        "    emails:\r\n      - eva@example.com\r\n      # the old one\r\n      - e@example.com\r\n"
        "    job_title: 'CEO'\r\n\r\n"
        "# the other\r\n-   id: max\r\n    name: Max\r\n    owner: Anna"
    ),
    "notes.yaml": "- id: n1\n  content: x\n",
}
KIND_OF: dict[str, KindName] = {
    "orgs.yaml": "orgs",
    "people.yaml": "people",
    "notes.yaml": "notes",
}
FILE_OF = {kind: name for name, kind in KIND_OF.items()}
TEXT_FIELDS: dict[KindName, tuple[str, ...]] = {
    "orgs": ("name", "owner", "address", "phone", "industry"),
    "people": ("name", "owner", "job_title"),
    "notes": ("content", "owner"),
}
LIST_FIELDS: dict[KindName, tuple[str, ...]] = {
    "orgs": ("labels",),
    "people": ("emails", "labels"),
    "notes": (),
}
_words = st.sampled_from(
    ["Bea", "no", "007", "1.5", "2026-01-01", "a: b", "# x", "- y", "~", "12:30", "Zoë", "a\nb\n"]
)
_texts = _words | st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]) | st.sampled_from("\t\n'\"\\#: "),
    min_size=1,
    max_size=12,
).filter(lambda text: bool(text.strip()))

Content = dict[str, "Raw"]
Model = dict["KindName", dict[str, Content]]


class Step(tuple[str, "KindName", str, "Content"]):
    """What is done: its verb, the kind, the id, and fields with their new values."""

    __slots__ = ()


@st.composite
def _steps(draw: st.DrawFn, model: Model, number: int) -> Step:
    """A step that is possible in the model; it is done to the model too."""
    kind = draw(st.sampled_from(sorted(model)))
    ids = sorted(model[kind])
    verb = draw(
        st.sampled_from(["add", "update", "update", "replace", "remove"] if ids else ["add"])
    )
    changes: Content = {}
    for name in draw(st.lists(st.sampled_from(TEXT_FIELDS[kind]), unique=True, min_size=1)):
        is_label = name == KINDS[kind].label
        changes[name] = draw(_texts if is_label or verb == "add" else _texts | st.none())
    for name in LIST_FIELDS[kind]:
        if draw(st.booleans()):
            texts: list[Raw] = [*draw(st.lists(_texts, min_size=1, max_size=3))]
            changes[name] = texts
    if verb == "add":
        record_id = f"new-{number}"
        changes = {"id": record_id, KINDS[kind].label: "New", **changes}
        model[kind][record_id] = dict(changes)
        return Step((verb, kind, record_id, changes))
    record_id = draw(st.sampled_from(ids))
    if verb == "remove":
        del model[kind][record_id]
        return Step((verb, kind, record_id, {}))
    if verb == "replace":
        changes = {"owner": draw(st.sampled_from(["Zora", "Yves", "Xaver"]))}
    merged = {**model[kind][record_id], **changes}
    model[kind][record_id] = {key: value for key, value in merged.items() if value is not None}
    return Step((verb, kind, record_id, changes))


@st.composite
def _commits(draw: st.DrawFn) -> list[tuple[list[Step], Model]]:
    """Commits, each with the steps in it and the records that must be there after it."""
    model: Model = {
        KIND_OF[name]: {str(each["id"]): each for each in _texts_of(text.encode())}
        for name, text in HAND.items()
    }
    commits: list[tuple[list[Step], Model]] = []
    number = 0
    for _ in range(draw(st.integers(1, 3))):
        steps: list[Step] = []
        touched: set[str] = set()
        for _ in range(draw(st.integers(1, 4))):
            number += 1
            trial = {kind: dict(records) for kind, records in model.items()}
            step = draw(_steps(trial, number))
            if step[2] in touched and step[0] != "update":
                continue  # one text of a record is replaced or removed once in a commit
            touched.add(step[2])
            steps.append(step)
            model = trial
        commits.append((steps, {kind: dict(records) for kind, records in model.items()}))
    return commits


class _AllText(yaml.SafeLoader):
    """PyYAML, with every scalar that is not empty left as its text."""


_AllText.yaml_implicit_resolvers = {}


def _texts_of(data: bytes) -> list[dict[str, Raw]]:
    found: list[dict[str, Raw]] = yaml.load(data, _AllText) or []  # noqa: S506 - made of SafeLoader
    return found


def _last_line(node: yaml.Node, lines: list[bytes], column: int) -> int:
    """The number of the last line of a value whose key stands in a column."""
    if isinstance(node, yaml.SequenceNode) and not node.flow_style and node.value:
        return _last_line(node.value[-1], lines, column)
    last = int(node.end_mark.line)
    if isinstance(node, yaml.ScalarNode) and node.style in {"|", ">"}:
        last = node.start_mark.line
        for number in range(last + 1, len(lines)):
            line = lines[number]
            if line.strip() and len(line) - len(line.lstrip(b" ")) <= column:
                break
            last = number if line.strip() else last
    return last


def _lines_of_keys(data: bytes) -> tuple[list[bytes], dict[str, dict[str, set[int]]]]:
    """A file's lines, and by id and key the numbers of those that a key and its value take.

    The key "" stands for all lines of the record, the comments directly above it included.
    """
    lines = data.splitlines(keepends=True)
    root = yaml.compose(data, yaml.SafeLoader)
    found: dict[str, dict[str, set[int]]] = {}
    for record in root.value if root else ():
        taken: dict[str, set[int]] = {}
        for key, value in record.value:
            start = key.start_mark
            last = _last_line(value, lines, start.column)
            taken[key.value] = set(range(start.line, last + 1))
        first = min(map(min, taken.values()))
        while first and lines[first - 1].startswith(b"#"):
            first -= 1
        taken[""] = set(range(first, max(map(max, taken.values())) + 1))
        record_id = next(value.value for key, value in record.value if key.value == "id")
        found[record_id] = taken
    return lines, found


def _left_over(data: bytes, steps: Sequence[Step], kind: KindName) -> list[bytes]:
    """The lines of a file that no step has to do with."""
    lines, found = _lines_of_keys(data)
    if lines and not lines[-1].endswith(b"\n"):  # what comes below it needs an end of the line
        lines[-1] += b"\r\n" if lines[0].endswith(b"\r\n") else b"\n"
    own: set[int] = set()
    moves = False
    for verb, step_kind, record_id, changes in steps:
        if step_kind != kind:
            continue
        moves = moves or verb in {"add", "remove"}
        taken = found.get(record_id, {})
        for key in changes if verb in {"update", "replace"} else ("",):
            own |= taken.get(key, set())
    kept = [line for number, line in enumerate(lines) if number not in own]
    if any("emails" in changes for _, _, _, changes in steps):
        # The comment between two items is a line of the list, and stays while the list does.
        kept = [line for line in kept if line.strip() != b"# the old one"]
    # Only where records come or go do blank lines, too.
    return [line.rstrip(b"\r\n") for line in kept if line.strip()] if moves else kept


def _replaced(text: str, owner: str) -> str:
    """A record's text as a user leaves it in an editor: the owner's line is another."""
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines()
    margin = next(len(line) - len(line.lstrip("- ")) for line in lines if line.startswith("-"))
    kept = [line for line in lines if not line.lstrip("- ").startswith("owner:")]
    return newline.join([*kept, f"{' ' * margin}owner: {owner}"]) + newline


def _do(steps: Sequence[Step], change: Change) -> None:
    for verb, kind, record_id, changes in steps:
        if verb == "add":
            change.add(kind, changes)
        elif verb == "remove":
            change.remove(kind, record_id)
        elif verb == "update":
            change.update(kind, record_id, changes)
        else:
            old = change.view.text_of(record_id)
            if re.search(r"owner: +\|", old) or record_id.startswith("new"):
                change.update(kind, record_id, changes)
            else:
                change.replace(kind, record_id, old, _replaced(old, str(changes["owner"])))


def _check_history(line: HistoryLine, before: dict[str, bytes], after: dict[str, bytes]) -> None:
    assert line.file is not None
    assert line.position is not None
    old, new = before[line.file], after[line.file]
    if line.before is not None:
        assert old[line.position :].startswith(line.before.encode())
        assert yaml.safe_load(line.before)[0]["id"] == line.id
        assert line.before != line.after
    if line.after is not None:
        assert line.after.encode() in new
        assert yaml.safe_load(line.after)[0]["id"] == line.id
    if line.before is None:
        assert line.after_sha256 in {
            hashlib.sha256(each).hexdigest() for each in _record_texts(new)
        }


def _record_texts(data: bytes) -> list[bytes]:
    lines, found = _lines_of_keys(data)
    return [b"".join(lines[number] for number in sorted(taken[""])) for taken in found.values()]


@settings(max_examples=120)
@given(_commits())
def test_commits_change_the_lines_of_their_edits_and_no_other_byte(
    commits: list[tuple[list[Step], Model]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "acctcli.yaml").write_bytes(b"format: 1\n")
        for name, text in HAND.items():
            (root / name).write_bytes(text.encode())
        book = Book(root)
        done = 0
        for steps, expected in commits:
            before = {name: (root / name).read_bytes() for name in HAND}
            book.write(lambda change, steps=steps: _do(steps, change), AUTHOR)  # type: ignore[misc]  # the default is bound early
            after = {name: (root / name).read_bytes() for name in HAND}
            for name, kind in KIND_OF.items():
                assert _left_over(before[name], steps, kind) == _left_over(after[name], steps, kind)
            _check_content(book, expected, after)
            history = root / "history.jsonl"
            told = closed_commits(history.read_bytes()) if history.exists() else []
            lines = [line for commit in told[done:] for line in commit.lines if line.kind != "file"]
            assert {line.file for line in lines} == {n for n in HAND if before[n] != after[n]}
            assert len({line.id for line in lines}) == len(lines)
            for line in lines:
                _check_history(line, before, after)
            done = len(told)


def _check_content(book: Book, expected: Model, after: dict[str, bytes]) -> None:
    view = book.read()
    assert view.problems == []
    for kind, records in expected.items():
        data = after[FILE_OF[kind]]
        assert {each["id"]: each for each in _texts_of(data)} == records
        assert dict(view.data.of(kind)) == {
            key: read_record(KINDS[kind], content, {})[0] for key, content in records.items()
        }
        # What acctcli has written is the same text to a reader that takes numbers for numbers.
        loaded = {each["id"]: each for each in yaml.safe_load(data) or []}
        for key, content in records.items():
            for name in TEXT_FIELDS[kind]:
                if name in content and not _is_by_hand(key, name, content[name]):
                    assert loaded[key][name] == content[name]


def _is_by_hand(record_id: str, name: str, value: Raw) -> bool:
    """Whether a value is one of those in the files above that YAML takes for no text."""
    return (record_id, name, value) == ("cole", "industry", "no")


def test_settings_are_read_without_any_other_file(book: Path) -> None:
    (book / "orgs.yaml").write_bytes(b"\xff")
    assert Book(book).settings().currency == "EUR"
    (book / "acctcli.yaml").write_text("currency: EUX\n", "utf-8")
    with pytest.raises(InvalidBookError):
        Book(book).settings()
