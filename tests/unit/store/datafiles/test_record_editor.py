from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from helpers.hand_files import HandFile, hand_files
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from acctcli.core.model.errors import InvalidBookError
from acctcli.core.model.kinds import KINDS
from acctcli.store.datafiles.record_editor import EditStyle, newline_of, set_keys
from acctcli.store.datafiles.text_editor import FileText
from acctcli.store.datafiles.yaml.parser import RefusalError
from acctcli.store.datafiles.yaml.reader import parse_record

if TYPE_CHECKING:
    from collections.abc import Iterable

    from acctcli.core.model.records import Raw

HABITS = EditStyle(
    [field.name for field in KINDS["deals"].fields], lambda key: key != "value", "\n"
)


def edited(text: str, changes: dict[str, Raw]) -> str:
    return set_keys(text, changes, HABITS)


ITEMS = """\
- id: d
  labels: # c
  # d
  - one   # first
  # between
  - two   # second
  # e
  x: 1
"""
ONLY_ONE = ITEMS.replace("  - two   # second\n", "")
ITEMS_ALL_NEW = "- id: d\n  labels: # c\n  # d\n  - a\n  # between\n  - b\n  - c\n  # e\n  x: 1\n"
ITEMS_TURNED = (
    "- id: d\n  labels: # c\n  # d\n  - two\n  - one   # first\n  # between\n  # e\n  x: 1\n"
)

# one case each: the text before, what is changed, the text after
CASES: list[tuple[str, dict[str, Raw], str]] = [
    ("- id: d\n  title: a  # c\n", {"title": "b"}, "- id: d\n  title: b  # c\n"),
    ("- id: d\n  title: 'a' # c\n", {"title": "no"}, '- id: d\n  title: "no" # c\n'),
    ("- id: d\n  'title' : a\n", {"title": "b"}, "- id: d\n  'title' : b\n"),
    ("- id: d\n  value: 1 # c\n", {"value": "2.50"}, "- id: d\n  value: 2.50 # c\n"),
    ("- id: d\n  source: a\n", {"source": "2"}, '- id: d\n  source: "2"\n'),
    ("- id: d\n  owner:\n", {"owner": "x"}, "- id: d\n  owner: x\n"),
    ("- id: d\n  owner:  # who\n", {"owner": "x"}, "- id: d\n  owner: x  # who\n"),
    ("- id: d\n  owner: x # c\n", {"owner": ""}, '- id: d\n  owner: "" # c\n'),
    ("- id: d\n  owner: a\n   b # c\n", {"owner": "x"}, "- id: d\n  owner: x # c\n"),
    ('- id: d\n  owner: "a\n\n   b" # c\n', {"owner": "x"}, "- id: d\n  owner: x # c\n"),
    ("- id: d\n  owner:\n    a # c\n", {"owner": "x"}, "- id: d\n  owner:\n    x # c\n"),
    ("- id: d\n  owner: [a,\n   b] # c\n", {"owner": "x"}, "- id: d\n  owner: x # c\n"),
    # block scalars: what looks like a comment is content, what follows is not
    (
        "- id: d\n  owner: |  # c\n    a\n    # b\n\n  # c\n  x: 1\n",
        {"owner": "x"},
        "- id: d\n  owner: x  # c\n\n  # c\n  x: 1\n",
    ),
    ("- id: d\n  owner: >+\n    a\n\n\n", {"owner": "x"}, "- id: d\n  owner: x\n"),
    (
        "- id: d\n  owner: |\n      a\n",
        {"owner": "x\ny"},
        "- id: d\n  owner: |-\n      x\n      y\n",
    ),
    ("- id: d\n  owner: |2\n     a\n", {"owner": "x\ny"}, "- id: d\n  owner: |-\n     x\n     y\n"),
    ("- id: d\n  owner: |\n", {"owner": "x\ny\n"}, "- id: d\n  owner: |\n    x\n    y\n"),
    ("- id: d\n  owner: |", {"owner": "x\ny"}, "- id: d\n  owner: |-\n    x\n    y\n"),
    ("- id: d\n  owner:\n  |\n   a\n", {"owner": "x"}, "- id: d\n  owner: x\n"),
    # a text of several lines in place of one
    ("- id: d\n  owner: a # c\n", {"owner": "x\ny"}, "- id: d\n  owner: |- # c\n    x\n    y\n"),
    ("- id: d\n  owner: a", {"owner": "x\n\ny"}, "- id: d\n  owner: |-\n    x\n\n    y\n"),
    ("- id: d\n  owner:\n", {"owner": "x\ny"}, "- id: d\n  owner: |-\n    x\n    y\n"),
    ("- id: d\n  owner:\n   a\n", {"owner": "x\ny"}, '- id: d\n  owner:\n   "x\\ny"\n'),
    ("- id: d\n  owner: a\n", {"owner": " x\ny"}, '- id: d\n  owner: " x\\ny"\n'),
    ("- id: d\n  owner:\n  - a\n", {"owner": "x\ny"}, '- id: d\n  owner: "x\\ny"\n'),
    # lists keep their style
    ("- id: d\n  labels: a\n", {"labels": ["x", "no"]}, '- id: d\n  labels: [x, "no"]\n'),
    ("- id: d\n  labels: [a] # c\n", {"labels": []}, "- id: d\n  labels: [] # c\n"),
    (
        "- id: d\n  labels: # c\n  # d\n  -   a\n  # e\n  -   b # f\n  # g\n  x: 1\n",
        {"labels": ["x", "y: z"]},
        '- id: d\n  labels: # c\n  # d\n  -   x\n  # e\n  -   "y: z"\n  # g\n  x: 1\n',
    ),
    ("- id: d\n  labels:\n    - a", {"labels": ["b", "c"]}, "- id: d\n  labels:\n    - b\n    - c"),
    ("- id: d\n  labels:\n  - # c\n    a\n", {"labels": ["b"]}, "- id: d\n  labels:\n  - b\n"),
    ("- id: d\n  labels: # c\n  - a\n", {"labels": []}, "- id: d\n  labels: [] # c\n"),
    ("- id: d\n  labels: # c\n  - a\n", {"labels": "x"}, "- id: d\n  labels: x # c\n"),
    ("- id: d\n  x: # c\n    a: b\n", {"x": {"a": "c"}}, "- id: d\n  x: {a: c} # c\n"),
    # items that stay keep their lines, and the comments between stay
    (ITEMS, {"labels": ["one", "two", "three"]}, ITEMS.replace("  # e", "  - three\n  # e")),
    (ITEMS, {"labels": ["two"]}, ITEMS.replace("  - one   # first\n", "")),
    (ITEMS, {"labels": ["one"]}, ITEMS.replace("  - two   # second\n", "")),
    (ITEMS, {"labels": ["zero", "one", "two"]}, ITEMS.replace("  - one", "  - zero\n  - one")),
    (ITEMS, {"labels": ["one", "1", "two"]}, ITEMS.replace("# first", '# first\n  - "1"')),
    (ITEMS, {"labels": ["no", "two"]}, ITEMS.replace("one   # first", '"no"')),
    (ITEMS, {"labels": ["a", "b", "c"]}, ITEMS_ALL_NEW),
    (ITEMS, {"labels": ["two", "one"]}, ITEMS_TURNED),
    (ITEMS.replace("\n", "\r\n"), {"labels": ["one"]}, ONLY_ONE.replace("\n", "\r\n")),
    (
        "- id: d\n  labels:\n  - a # x\n  - b # y",
        {"labels": ["a", "b", "c"]},
        "- id: d\n  labels:\n  - a # x\n  - b # y\n  - c",
    ),
    (
        "- id: d\n  labels:\n  - a # x\n  - b",
        {"labels": ["a"]},
        "- id: d\n  labels:\n  - a # x",
    ),
    (
        "- id: d\n  x:\n  - # c\n    a\n  # d\n  - 'b\n\n    - c'\n  - {e: f} # g\n  - |\n    h\n",
        {"x": ["b\n- c", {"e": "f"}, "i"]},
        "- id: d\n  x:\n  # d\n  - 'b\n\n    - c'\n  - {e: f} # g\n  - i\n",
    ),
    (
        "- id: d\n  x:\n  -\n  - a # b\n  - - c # d\n    - e\n",
        {"x": ["a", ["c", "e"], "f"]},
        "- id: d\n  x:\n  - a # b\n  - - c # d\n    - e\n  - f\n",
    ),
    # a dash that no line break of an editor stands before: the list is written anew
    (
        "- id: d\n  x:\n  - a # b\u2028  - c\n",
        {"x": ["a", "z"]},
        "- id: d\n  x:\n  - a\n  - z\n",
    ),
    # unset
    ("- id: d\n  a: 1 # c\n  # d\n  b: 2\n", {"a": None}, "- id: d\n  # d\n  b: 2\n"),
    ("- id: d\n  a: |\n    x\n\n  b: 2\n", {"a": None}, "- id: d\n\n  b: 2\n"),
    ("- id: d\n  a: 1", {"a": None}, "- id: d\n"),
    ("- id: d # c\n  a: 1\n", {"id": None}, "-\n  a: 1\n"),
    ("-   id: d\r\n    a: 1\r\n", {"id": None}, "-\r\n    a: 1\r\n"),
    ("- id:\n    - d\n  a: 1\n", {"id": None}, "-\n  a: 1\n"),
    ("-\n  id: d\n  a: 1\n", {"id": None}, "-\n  a: 1\n"),
    ("- id:\n  a: 1\n", {"id": None}, "-\n  a: 1\n"),
    ("- a: 1\n", {"a": None, "b": "2"}, '-\n  b: "2"\n'),
    # new keys
    ("- id: d\n  status: won\n", {"title": "x"}, "- id: d\n  title: x\n  status: won\n"),
    ("- id: d # c\n  # d\n", {"title": "x"}, "- id: d # c\n  title: x\n  # d\n"),
    ("- status: won\n  id: d\n", {"stage": "x"}, "- status: won\n  stage: x\n  id: d\n"),
    ("- status: won\n\n# tail\n", {"id": "x"}, "- status: won\n  id: x\n\n# tail\n"),
    ("- id: d\n  z: 1\n\n", {"custom": "x"}, "- id: d\n  z: 1\n  custom: x\n\n"),
    ("- id: d", {"title": "x"}, "- id: d\n  title: x\n"),
    (
        "-    id: d\r\n",
        {"title": "x\ny"},
        "-    id: d\r\n     title: |-\r\n       x\r\n       y\r\n",
    ),
    ("- id: d\n  z: [1,\n   2]\n", {"no": ["x"]}, '- id: d\n  z: [1,\n   2]\n  "no": [x]\n'),
    ("- title: |+\n    a\n\n", {"org": "x"}, "- title: |+\n    a\n\n  org: x\n"),
    ("# c\n-\n  ? title\n  : a\n", {"org": "x"}, "# c\n-\n  ? title\n  : a\n  org: x\n"),
    # what is equal already is left alone
    ("- id: 'd'  # c\n", {"id": "d"}, "- id: 'd'  # c\n"),
    ("- id: d\n", {"title": None}, "- id: d\n"),
    ("- id: d\n  title:\n", {"title": None}, "- id: d\n"),
    # records in braces: a scalar for a scalar
    ("- {id: d, title: a}  # c\n", {"title": "b, c"}, '- {id: d, title: "b, c"}  # c\n'),
    ('- {id: d, "title":a}\n', {"title": "b"}, '- {id: d, "title": b}\n'),
    ("- {id: d, title: }\n", {"title": "b"}, "- {id: d, title: b}\n"),
]


@pytest.mark.parametrize(("before", "changes", "after"), CASES)
def test_only_the_lines_of_changed_keys_change(
    before: str, changes: dict[str, Raw], after: str
) -> None:
    assert edited(before, changes) == after
    wanted = parse_record(before, "x") | changes
    for key, value in changes.items():
        if value is None:
            del wanted[key]
    assert parse_record(after, "x") == wanted


@pytest.mark.parametrize(
    ("text", "changes", "index"),
    [
        ("- {id: d, title: a}\n", {"title": None}, 10),
        ("- {id: d, title: [a]}\n", {"title": "x"}, 10),
        ("- {id: d}\n", {"title": "x"}, 2),
        ("- {id: d, title: a}\n", {"title": ["x"]}, 10),
        ("- id: d\n  ? title\n  : a\n", {"title": "x"}, 12),
        ("- id: d\n  ? title\n  : a\n", {"title": None}, 12),
        ("- id: d\u2028  title: a\n", {"title": "x"}, 10),
        ("- id: d\n", {"id": None}, 2),
        ("- title: |+\n    a\n  id: d\n\n", {"id": None}, 20),
        ("- ? id\n", {"id": "x"}, 4),
        ("- id: d\n   \t\n", {"id": "no"}, 2),
    ],
)
def test_what_cannot_be_edited_safely_is_refused(
    text: str, changes: dict[str, Raw], index: int
) -> None:
    with pytest.raises(RefusalError) as caught:
        edited(text, changes)
    assert caught.value.name == "unsafe-edit"
    assert caught.value.index == index
    assert "cannot be edited safely" in caught.value.message


@pytest.mark.parametrize(
    ("text", "newline"),
    [("a", "-"), ("a\nb\r\n", "\n"), ("a\r\nb\n", "\r\n"), ("\na", "\n"), ("", "-")],
)
def test_the_first_line_tells_the_line_ending(text: str, newline: str) -> None:
    assert newline_of(text, "-") == newline


KEYS = ["id", "title", "org", "owner", "labels", "value", "status", "archived", "source"]
OTHER_KEYS = ["zip", "my key", "onwer", "Ünïcode", "x-y", "new: one"]
TEXTS = st.sampled_from(
    ["new", "no", "a: b", "12", "x # y", "", "one\ntwo\n", "- a\n\nb", " in", '"q"', "é\u2028"]
) | st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=8)
VALUES = TEXTS | st.none() | st.lists(st.sampled_from(["p", "no", "a, b", "x\ny"]), max_size=3)
CHANGES = st.dictionaries(st.sampled_from(KEYS + OTHER_KEYS), VALUES, min_size=1, max_size=3)


def lines_of(data: bytes) -> list[str]:
    return data.decode().replace("\r\n", "\n").split("\n")


def stand_in(lines: Iterable[str], others: Iterable[str]) -> bool:
    """Whether all lines stand among the others, in the same order."""
    rest = iter(others)
    return all(line in rest for line in lines)


@given(st.data(), hand_files(), CHANGES)
@settings(max_examples=120)
def test_an_edit_leaves_every_other_line(
    data: st.DataObject, made: HandFile, changes: dict[str, Raw]
) -> None:
    assume(made.records)
    text = FileText("deals.yaml", made.data, KINDS["deals"], {})
    assert [placed.raw for placed in text.records] == made.records
    index = data.draw(st.integers(0, len(made.records) - 1))
    wanted = [dict(record) for record in made.records]
    wanted[index] |= changes
    wanted[index] = {
        key: value
        for key, value in wanted[index].items()
        if value is not None or key not in changes
    }
    try:
        after = text.set(index, changes)
        new = text.finish()
    except InvalidBookError:
        # Blank lines that a block scalar keeps, and a record that would have no key.
        assert made.fragile or not wanted[index]
        return
    again = FileText("deals.yaml", new, KINDS["deals"], {})
    assert [placed.raw for placed in again.records] == wanted
    assert again.records[index].text == after
    others = [line.text for line in made.lines if line.record != index or line.key not in changes]
    assert stand_in(others, lines_of(new))
    for number, placed in enumerate(text.records):
        if number != index:
            assert again.records[number].text == placed.text
    if b"\r" in made.data:
        assert new.count(b"\n") == new.count(b"\r\n")


@given(st.data(), hand_files(), VALUES)
@settings(max_examples=120)
def test_what_stands_before_and_after_a_changed_key_is_the_same(
    data: st.DataObject, made: HandFile, value: Raw
) -> None:
    keys = [(index, key) for index, record in enumerate(made.records) for key in record]
    assume(keys)
    index, key = data.draw(st.sampled_from(keys))
    text = FileText("deals.yaml", made.data, KINDS["deals"], {})
    try:
        text.set(index, {key: value})
        new = text.finish()
    except InvalidBookError:
        assert made.fragile or (value is None and len(made.records[index]) == 1)
        return
    own = [
        number for number, line in enumerate(made.lines) if line.record == index and line.key == key
    ]
    old_lines = made.data.splitlines(keepends=True)
    before = b"".join(old_lines[: own[0]])
    after = b"".join(old_lines[own[-1] + 1 :])
    assert new.startswith(before)
    assert new.endswith(after)
    assert len(new) >= len(before) + len(after)


def test_a_comment_below_a_list_is_no_line_of_a_new_text() -> None:
    text = "- id: d\n  labels:\n    - one\n    # the old one\n\n"
    changed = edited(text, {"stage": "a\nb\n"})
    assert changed == ('- id: d\n  labels:\n    - one\n  stage: "a\\nb\\n"\n    # the old one\n\n')
    assert parse_record(changed, "deals.yaml")["stage"] == "a\nb\n"
