"""Edits change the lines they are about, and no other byte."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import yaml
from helpers.history import closed_commits
from helpers.random_commits import (
    AUTHOR,
    FILE_OF,
    HAND,
    KIND_OF,
    TEXT_FIELDS,
    Model,
    Step,
    apply_steps,
    random_commits,
    texts_of,
)
from hypothesis import given, settings

from acctcli.core.model.kinds import KINDS
from acctcli.core.model.schema import read_record
from acctcli.store.book import Book

if TYPE_CHECKING:
    from collections.abc import Sequence

    from acctcli.core.model.kinds import KindName
    from acctcli.core.model.records import Raw
    from acctcli.store.history.history_format import HistoryLine


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
@given(random_commits())
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
            book.write(lambda change, steps=steps: apply_steps(steps, change), AUTHOR)  # type: ignore[misc]  # the default is bound early
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
        assert {each["id"]: each for each in texts_of(data)} == records
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
