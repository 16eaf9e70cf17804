from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml
from helpers.files import SHARED_DATA
from helpers.hand_files import HandFile, hand_files, yaml_like
from hypothesis import given, settings
from hypothesis import strategies as st

from acctcli.core.model.errors import (
    AcctcliError,
    InvalidBookError,
    InvalidInputError,
)
from acctcli.core.model.kinds import KINDS, Field, FieldType
from acctcli.store.datafiles import plain_writer
from acctcli.store.datafiles.file_reader import read_records
from acctcli.store.datafiles.splices import PieceTable, reverse_splices
from acctcli.store.datafiles.text_builder import EditedRecord, new_bytes
from acctcli.store.datafiles.text_editor import FileText

if TYPE_CHECKING:
    from acctcli.core.model.records import Raw

YAML_DATA = SHARED_DATA / "yaml"


def file_of(data: bytes | str, custom: dict[str, Field] | None = None) -> FileText:
    content = data.encode() if isinstance(data, str) else data
    return FileText("deals.yaml", content, KINDS["deals"], custom or {})


def raws(data: bytes | str) -> list[object]:
    text = file_of(data)
    assert text.problem is None
    return [placed.raw for placed in text.records]


def problems(text: FileText) -> list[str]:
    """Each problem's name and place."""
    found = [text.problem] if text.problem else []
    found += [placed.problem for placed in text.records if placed.problem]
    return [f"{problem.id} {problem.place}" for problem in found]


# reading


def test_records_have_their_text_and_places() -> None:
    text = file_of("# head\n\n# a\n- id: a\n  x: [1,\n    2]\n  # deep\n\n# end\n\n-\n  id: é\n")
    first, second = text.records
    assert (first.index, first.line, first.raw) == (0, 4, {"id": "a", "x": ["1", "2"]})
    assert first.text == b"# a\n- id: a\n  x: [1,\n    2]\n  # deep\n"
    assert text.record_span(0) == 8
    assert str(first.place()) == "deals.yaml:4:1"
    assert str(first.place("x")) == "deals.yaml:5:6"
    assert str(first.place("nothing")) == "deals.yaml:4:1"
    assert second.line == 11
    assert str(second.place("id")) == "deals.yaml:12:7"
    assert second.text == "-\n  id: é\n".encode()


def test_a_byte_order_mark_is_kept_and_counts_nowhere() -> None:
    data = "\ufeff- id: a\n  owner: x\n"
    text = file_of(data)
    assert str(text.records[0].place("id")) == "deals.yaml:1:7"
    text.set(0, {"owner": "z"})
    assert text.finish() == data.replace("x", "z").encode()


def test_text_ends_that_look_blank_or_like_a_comment_are_the_record() -> None:
    text = file_of("- a: |+\n    x\n\n\n- b: 'x\n# y'\n- c: 'x\n\n  # y\n# z'\n# d\n\n- d: e\n")
    assert problems(text) == []
    assert [placed.text for placed in text.records] == [
        b"- a: |+\n    x\n\n\n",
        b"- b: 'x\n# y'\n",
        b"- c: 'x\n\n  # y\n# z'\n",
        b"- d: e\n",
    ]


def test_a_quoted_text_over_a_dash_is_refused_and_the_rest_is_read() -> None:
    text = file_of('- id: a\n\n- n: "é\n- id: b\n  x"\n# c\n- id: c\n')
    assert [placed.raw for placed in text.records] == [{"id": "a"}, None, {"id": "c"}]
    assert problems(text) == ["dash-in-text deals.yaml:4:1"]
    assert text.records[2].text == b"# c\n- id: c\n"
    with pytest.raises(InvalidBookError):
        text.set(1, {"n": "x"})
    text.set(2, {"id": "d"})
    assert text.finish().endswith(b"# c\n- id: d\n")


BAD_RECORDS = [
    ("- a: b: c\n", "yaml-syntax deals.yaml:3:7"),
    ("- a: 'x\n", "yaml-syntax deals.yaml:3:6"),
    ("- a: !x b\n", "yaml-tag deals.yaml:3:6"),
    ("- a: &x b\n", "yaml-anchor deals.yaml:3:6"),
    ("- a: *x\n", "yaml-alias deals.yaml:3:6"),
    ("- <<: {a: b}\n", "yaml-merge deals.yaml:3:3"),
    ("- a: b\n  a: c\n", "duplicate-key deals.yaml:4:3"),
    ("- a: " + "[" * 30_000 + "\n", "yaml-depth deals.yaml:3:36"),
    ("- a: \0\n", "control-character deals.yaml:3:6"),
    ("- text\n", "not-a-record deals.yaml:3:3"),
    ("- [a]\n", "not-a-record deals.yaml:3:3"),
    ("-\n", "not-a-record deals.yaml:3:2"),
    ("- a: b\n c: d\n", "yaml-syntax deals.yaml:4:2"),
    ("- a: |\n" + "    x\n" * 200_000, "too-long deals.yaml:3:1"),
    (
        "- a: b\n<<<<<<< ours\n  c: d\n=======\n  c: e\n>>>>>>> theirs\n",
        "conflict-marker deals.yaml:4:1",
    ),
]


@pytest.mark.parametrize(("record", "problem"), BAD_RECORDS)
def test_a_bad_record_is_placed_and_the_others_are_read_and_edited(
    record: str, problem: str
) -> None:
    data = f"- id: a\n\n{record}\n# c\n- id: b\n  owner: x\n"
    text = file_of(data)
    assert problems(text) == [problem]
    assert [placed.raw for placed in text.records] == [
        *({"id": "a"}, None, {"id": "b", "owner": "x"})
    ]
    bad = text.records[1]
    assert bad.problem
    assert bad.place("a") == bad.problem.place
    for edit in (
        lambda: text.set(1, {"a": "x"}),
        lambda: text.remove(1),
        lambda: text.replace(1, "- id: a\n"),
    ):
        with pytest.raises(InvalidBookError) as caught:
            edit()
        assert caught.value.problems == (bad.problem,)
    text.set(2, {"owner": "z"})
    text.append({"id": "c"})
    assert text.finish().decode() == data.replace("owner: x", "owner: z") + "\n- id: c\n"


def test_removing_the_neighbours_leaves_a_bad_record() -> None:
    text = file_of("- id: a\n\n- b: b: c\n\n- id: c\n")
    text.remove(0)
    text.remove(2)
    assert text.finish() == b"- b: b: c\n\n"


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"- id: \xff\n", "not-utf8 deals.yaml:1:7"),
        (b"id: a\n", "not-a-list deals.yaml:1:1"),
        (b"# c\ntext\n", "not-a-list deals.yaml:2:1"),
        (b"- id: a\n---\n- id: b\n", "several-documents deals.yaml:2:1"),
        (b"- id: a\n...\n- id: b\n", "yaml-syntax deals.yaml:3:1"),
        (b"- id: a\n  x: " + b"y" * (2 << 20) + b"\n", "too-long deals.yaml:2:1"),
        (b"<<<<<<< HEAD\n- id: a\n", "conflict-marker deals.yaml:1:1"),
        (b"# \x07\n- id: a\n", "control-character deals.yaml:1:3"),
        (b"[{id: a}, {id: a, id: b}]\n", "duplicate-key deals.yaml:1:19"),
        (b"[" * 30_000, "yaml-depth deals.yaml:1:33"),
        ("\ufeff\ufeff- id: a\n".encode(), "control-character deals.yaml:1:1"),
        ("# a\u2028b: c\n\n- id: a\n".encode(), "yaml-syntax deals.yaml:3:1"),
        ("# a\x85|\n\n\n  - id: b\n  - c: d: e\n".encode(), "not-a-list deals.yaml:1:5"),
    ],
)
def test_a_bad_file_is_refused_as_a_whole_and_never_edited(data: bytes, problem: str) -> None:
    text = file_of(data)
    assert problems(text) == [problem]
    with pytest.raises(InvalidBookError) as caught:
        text.append({"id": "b"})
    assert caught.value.problems == (text.problem,)
    for placed in text.records:
        with pytest.raises(InvalidBookError):
            text.set(placed.index, {"id": "x"})
    assert text.finish() == data


@pytest.mark.parametrize("data", ["", "# none\n", "---\n", "---\n...\n", "[]", "\ufeff"])
def test_no_records_are_no_problem(data: str) -> None:
    assert raws(data) == []


# files that only the full parser can place


def test_scalars_are_edited_in_braces_and_brackets() -> None:
    data = "\ufeff[{id: a, name: 'b'}, # c\n  {id: é, \"name\":d, x: [e]}, f]\n"
    text = file_of(data)
    assert [placed.raw for placed in text.records] == [
        {"id": "a", "name": "b"},
        {"id": "é", "name": "d", "x": ["e"]},
        None,
    ]
    assert problems(text) == ["not-a-record deals.yaml:2:30"]
    assert text.records[1].text == '{id: é, "name":d, x: [e]}'.encode()
    assert str(text.records[1].place("x")) == "deals.yaml:2:24"
    assert str(text.records[1].place()) == "deals.yaml:2:3"
    assert text.set(0, {"name": "x, y", "org": None, "id": "a"}) == b'{id: a, name: "x, y"}'
    assert text.set(1, {"name": "no"}) == '{id: é, "name": "no", x: [e]}'.encode()
    assert text.set(1, {"name": "yes"}) == '{id: é, "name": "yes", x: [e]}'.encode()
    assert text.finish().decode() == (
        '\ufeff[{id: a, name: "x, y"}, # c\n  {id: é, "name": "yes", x: [e]}, f]\n'
    )


@pytest.mark.parametrize(
    "data",
    [
        "[{id: a, x: [b]}]\n",
        "%YAML 1.1\n---\n- id: a\n  x: [b]\n",
        "- id: a\u2028  x: [b]\u2028- id: c\n",
        "- id: a\r  x: [b]\r- id: c\r",
    ],
)
def test_nothing_else_is_edited_there(data: str) -> None:
    text = file_of(data)
    assert text.problem is None
    for edit in (
        lambda: text.set(0, {"x": "c"}),
        lambda: text.set(0, {"id": None}),
        lambda: text.set(0, {"id": ["c"]}),
        lambda: text.set(0, {"new": "c"}),
        lambda: text.remove(0),
        lambda: text.replace(0, "- id: b\n"),
        lambda: text.append({"id": "c"}),
    ):
        with pytest.raises(InvalidBookError) as caught:
            edit()
        (problem,) = caught.value.problems
        assert problem.id == "unsafe-edit"
        assert problem.place
        assert problem.place.line
        assert "lines of its own" in (problem.hint or "")
    assert text.finish() == data.encode()
    text.set(0, {"id": "new"})
    assert text.finish().decode() == data.replace("a", "new", 1)


def test_a_block_scalar_is_not_edited_by_its_places() -> None:
    text = file_of("%YAML 1.1\n---\n- id: |\n    a\n")
    with pytest.raises(InvalidBookError):
        text.set(0, {"id": "b"})


def test_odd_line_breaks_in_quotes_leave_a_file_as_it_is() -> None:
    data = "- id: a\n  x: 'b\u2028c'\n\n# c\n- id: b\n"
    text = file_of(data)
    assert [placed.raw for placed in text.records] == [{"id": "a", "x": "b\u2028c"}, {"id": "b"}]
    text.set(1, {"id": "c"})
    text.append({"id": "d", "title": "e\u2029"})
    assert text.finish().decode() == (
        data.replace("id: b", "id: c") + '\n- id: d\n  title: "e\\u2029"\n'
    )


def test_a_bad_record_beside_odd_line_breaks_is_refused_alone() -> None:
    text = file_of("- id: 'a\u2028'\n- id: b: c\n- id: d\n")
    assert problems(text) == ["yaml-syntax deals.yaml:2:8"]
    assert [placed.raw for placed in text.records] == [{"id": "a\u2028"}, None, {"id": "d"}]


def test_a_comment_with_an_odd_break_is_no_comment() -> None:
    assert raws("- id: a\n# c\u2028  x: b\n- id: c\n") == [{"id": "a", "x": "b"}, {"id": "c"}]
    assert raws("# c\u2028- id: a\n") == [{"id": "a"}]
    assert raws("# c\u2028- id: a\n- id: b\n") == [{"id": "a"}, {"id": "b"}]


# replacing


def test_a_record_is_replaced_by_what_a_person_wrote() -> None:
    text = file_of("# a\r\n- id: a\r\n\r\n- id: b\r\n")
    text.replace(0, "# x\n# y\n- id: a\n  note: |\n    z\n# w")
    assert text.finish() == (
        b"# x\r\n# y\r\n- id: a\r\n  note: |\r\n    z\r\n# w\r\n\r\n- id: b\r\n"
    )


def test_the_last_record_may_stay_without_a_line_break() -> None:
    text = file_of("- id: a")
    text.replace(0, "- id: b")
    assert text.finish() == b"- id: b"


@pytest.mark.parametrize(
    ("new", "name"),
    [
        ("- id: a\n- id: b\n", "not-one-record"),
        ("id: a\n", "not-one-record"),
        ("", "not-one-record"),
        ("  - id: a\n", "not-one-record"),
        ("- id: a\n...\n", "not-one-record"),
        ("%YAML 1.1\n---\n- id: a\n", "not-one-record"),
        ("- id: a: b\n", "yaml-syntax"),
        ("- text\n", "not-a-record"),
        ("- id: \ud800\n", "control-character"),
    ],
)
def test_what_is_not_one_record_replaces_none(new: str, name: str) -> None:
    text = file_of("- id: a\n")
    with pytest.raises(InvalidInputError) as caught:
        text.replace(0, new)
    assert caught.value.problems[0].id == name
    assert text.finish() == b"- id: a\n"


def test_a_replacement_may_hold_odd_line_breaks_in_quotes() -> None:
    text = file_of("- id: a\n- id: b\n")
    text.replace(0, "- id: 'a\u2028'\n")
    assert text.finish() == "- id: 'a\u2028'\n- id: b\n".encode()


# removing


@pytest.mark.parametrize(
    ("data", "index", "after"),
    [
        ("- id: a\n- id: b\n", 0, "- id: b\n"),
        ("- id: a\n- id: b\n", 1, "- id: a\n"),
        ("- id: a\n\n- id: b\n\n- id: c\n", 1, "- id: a\n\n- id: c\n"),
        ("- id: a\n\n- id: b\n", 0, "- id: b\n"),
        ("\ufeff- id: a\n\n- id: b\n", 0, "\ufeff- id: b\n"),
        ("# h\n\n# a\n- id: a\n  # deep\n\n- id: b\n", 0, "# h\n\n- id: b\n"),
        ("- id: a\n\n# b\n- id: b\n# tail\n\n- id: c\n", 1, "- id: a\n\n# tail\n\n- id: c\n"),
        ("- id: a\n", 0, ""),
        ("# h\n\n- id: a", 0, "# h\n\n"),
        ("---\n- id: a\n...\n", 0, "---\n...\n"),
    ],
)
def test_a_record_goes_with_its_comments(data: str, index: int, after: str) -> None:
    for newline in ("\n", "\r\n"):
        text = file_of(data.replace("\n", newline))
        text.remove(index)
        assert text.finish().decode() == after.replace("\n", newline)


def test_blank_lines_do_not_become_content() -> None:
    text = file_of("- id: |+\n    a\n- id: b\n\n- id: c\n")
    text.remove(1)
    with pytest.raises(InvalidBookError) as caught:
        text.finish()
    assert str(caught.value) == "deals.yaml:1:1: the file cannot be edited safely here"


def test_a_mark_of_the_end_alone_is_no_file() -> None:
    text = file_of("- id: a\n...\n")
    text.remove(0)
    with pytest.raises(InvalidBookError, match="cannot be edited safely here"):
        text.finish()


# adding


@pytest.mark.parametrize(
    ("data", "after"),
    [
        ("", "- id: k\n  title: x\n"),
        ("# none\n", "# none\n\n- id: k\n  title: x\n"),
        ("# none", "# none\n\n- id: k\n  title: x\n"),
        ("# none\n\n", "# none\n\n- id: k\n  title: x\n"),
        ("\ufeff", "\ufeff- id: k\n  title: x\n"),
        ("---\n", "---\n- id: k\n  title: x\n"),
        ("---\n...\n", "---\n- id: k\n  title: x\n...\n"),
        ("[]", "- id: k\n  title: x\n"),
        ("\ufeff# h\n[ ]  # none\n# t\n", "\ufeff# h\n# none\n# t\n\n- id: k\n  title: x\n"),
        ("- id: a", "- id: a\n- id: k\n  title: x\n"),
        ("- id: a\n", "- id: a\n- id: k\n  title: x\n"),
        ("- id: a\n- id: b\n", "- id: a\n- id: b\n- id: k\n  title: x\n"),
        ("- id: a\n\n- id: b\n", "- id: a\n\n- id: b\n\n- id: k\n  title: x\n"),
        ("- id: a\n\n- id: b\n\n", "- id: a\n\n- id: b\n\n- id: k\n  title: x\n"),
        ("- id: a\n# t\n", "- id: a\n# t\n\n- id: k\n  title: x\n"),
        ("- id: a\n...\n# t\n", "- id: a\n- id: k\n  title: x\n...\n# t\n"),
        ("  -   id: a\n", "  -   id: a\n  -   id: k\n      title: x\n"),
        ("-\n    id: a\n", "-\n    id: a\n- id: k\n  title: x\n"),
        ("- {id: a}\n", "- {id: a}\n- id: k\n  title: x\n"),
        ("- a: |+\n    x\n", "- a: |+\n    x\n- id: k\n  title: x\n"),
    ],
)
def test_a_record_is_added_as_the_file_is_written(data: str, after: str) -> None:
    for newline in ("\n", "\r\n"):
        if newline == "\r\n" and "\n" not in data:
            continue
        content = data.replace("\n", newline)
        text = file_of(content)
        text.append({"id": "k", "owner": None, "title": "x"})
        new = text.finish()
        check_back(text, new)
        assert new.decode() == after.replace("\n", newline)
        if content and "[" not in content and "..." not in content:
            assert new.startswith(content.encode())


def test_a_blank_line_that_would_be_content_is_left_out() -> None:
    text = file_of("- id: a\n\n- id: |+\n    b\n")
    text.append({"id": "c"})
    assert text.finish() == b"- id: a\n\n- id: |+\n    b\n- id: c\n"


@pytest.mark.parametrize("data", ["- id: |\n    a", "- [[]]\n- id: >\n   a"])
def test_a_line_break_that_would_be_content_is_not_added(data: str) -> None:
    text = file_of(data)
    text.append({"id": "b"})
    with pytest.raises(InvalidBookError) as caught:
        text.finish()
    (problem,) = caught.value.problems
    assert problem.id == "unsafe-edit"
    assert problem.place == text.records[-1].place()
    assert problem.hint
    assert problem.hint.startswith("end the last line of the file with a line break")


@pytest.mark.parametrize("data", ["--- []\n", "--- # c\n[]\n...\nx", "%YAML 1.1\n---\n"])
def test_what_is_no_plain_empty_list_is_not_added_to(data: str) -> None:
    with pytest.raises(InvalidBookError):
        file_of(data).append({"id": "a"})


def test_values_are_quoted_by_their_types() -> None:
    custom = {"seats": Field("seats", FieldType.INTEGER), "vat": Field("vat", FieldType.TEXT)}
    text = file_of("", custom)
    fields: dict[str, Raw] = {
        "id": "d1",
        "title": "12",
        "labels": ["no", "a"],
        "value": "12.50",
        "won_time": "2026-03-02",
        "archived": "yes",
        "seats": "7",
        "vat": "7",
    }
    position, record = text.append(fields)
    assert (position, text.finish()) == (0, record)
    assert record.decode().splitlines() == [
        "- id: d1",
        '  title: "12"',
        '  labels: ["no", a]',
        "  value: 12.50",
        "  won_time: 2026-03-02",
        "  archived: yes",
        "  seats: 7",
        '  vat: "7"',
    ]
    text.custom = {}
    assert b'seats: "7"' in text.append({"id": "d2", "seats": "7"})[1]


def test_the_place_of_an_added_record_is_told() -> None:
    text = file_of("- id: a\n\n- id: b\n\n")
    places = [text.append({"id": name}) for name in ("c", "d")]
    new = text.finish()
    check_back(text, new)
    for place, record in places:
        assert new[place:].startswith(record)


def test_a_record_over_the_limit_is_not_written() -> None:
    text = file_of("- id: a\n")
    for edit in (
        lambda: text.set(0, {"title": "x" * (1 << 20)}),
        lambda: text.append({"id": "b", "title": "x\n" * (1 << 18)}),
    ):
        with pytest.raises(InvalidInputError, match="longer than 1 MiB") as caught:
            edit()
        assert caught.value.problems[0].id == "too-long"
    assert text.finish() == b"- id: a\n"


def test_many_edits_of_one_record_add_up() -> None:
    text = file_of("- id: a # c\n  title: x\n- id: b\n")
    text.set(0, {"title": "z", "owner": "o"})
    assert text.set(0, {"owner": None, "stage": "s"}) == b"- id: a # c\n  title: z\n  stage: s\n"
    text.remove(1)
    text.append({"id": "c"})
    assert text.finish() == b"- id: a # c\n  title: z\n  stage: s\n- id: c\n"


def test_an_edit_that_cannot_be_made_safely_has_its_place() -> None:
    text = file_of("# c\n- id: a\n  ? title\n  : b\n")
    with pytest.raises(InvalidBookError) as caught:
        text.set(0, {"title": "x"})
    assert str(caught.value) == 'deals.yaml:3:5: "title" cannot be edited safely where it stands'


# the last look before new bytes are given out


@pytest.mark.parametrize("data", ["- id: a\n- id: b\n", "- id: a\n- id: 'b\u2028'\n"])
@pytest.mark.parametrize(
    ("new", "expected"),
    [
        ("- id: a\n", {"id": "b"}),
        ("- id: a\n- id: b\n", {"id": "a"}),
        ("# nothing\n", {"id": "a"}),
        ("text\n", {"id": "a"}),
        (" - id: a\n", {"id": "a"}),
        ("- id: a: b\n", {"id": "a"}),
    ],
)
def test_bytes_that_read_otherwise_are_not_given_out(
    data: str, new: str, expected: dict[str, Raw]
) -> None:
    reading = read_records("deals.yaml", data.encode())
    for index in (0, 1):
        with pytest.raises(InvalidBookError, match="cannot be edited safely"):
            new_bytes(reading, {index: EditedRecord(new, expected)}, set(), None)


@pytest.mark.parametrize("data", ["- id: a\n- b: b: c\n", "- id: '\u2028'\n- b: b: c\n"])
def test_an_unreadable_record_keeps_its_bytes(data: str) -> None:
    reading = read_records("deals.yaml", data.encode())
    new = new_bytes(reading, {0: EditedRecord("- id: z\n", {"id": "z"})}, set(), None).data
    assert new == b"- id: z\n- b: b: c\n"
    with pytest.raises(InvalidBookError) as caught:
        new_bytes(reading, {0: EditedRecord("- id: z\n# c\n", {"id": "z"})}, set(), None)
    assert str(caught.value.problems[0].place) == "deals.yaml:2:7"


def test_the_end_of_the_file_stays() -> None:
    reading = read_records("deals.yaml", b"- id: a\n")
    with pytest.raises(InvalidBookError, match="cannot be edited safely"):
        new_bytes(reading, {0: EditedRecord("- id: a\n...\n", {"id": "a"})}, set(), None)


@pytest.mark.parametrize("written", ["other", "a}, {id: b", "a: b: c"])
def test_a_scalar_that_reads_otherwise_is_not_given_out(
    written: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = file_of("[{id: a}]\n")
    monkeypatch.setattr(plain_writer, "scalar", lambda *_, **__: written)
    text.set(0, {"id": "b"})
    with pytest.raises(InvalidBookError) as caught:
        text.finish()
    assert caught.value.problems[0].id == "unsafe-edit"


# laws


@given(st.data(), hand_files())
@settings(max_examples=100)
def test_removing_and_adding_leave_the_other_records(data: st.DataObject, made: HandFile) -> None:
    text = file_of(made.data)
    count = len(made.records)
    gone = data.draw(st.sets(st.integers(0, count - 1), max_size=2)) if count else set()
    words = st.sampled_from(["x", "no", "a: b", "one\ntwo\n", " in"])
    keys = {"title": words, "value": st.just("1"), "new one": words}
    fields = st.fixed_dictionaries({"id": words}, optional=keys)
    new_records = data.draw(st.lists(fields, max_size=3))
    kept = [placed for placed in text.records if placed.index not in gone]
    try:
        for index in gone:
            text.remove(index)
        written = [text.append(record)[1] for record in new_records]
        new = text.finish()
        check_back(text, new)
    except InvalidBookError:
        assert made.fragile
        return
    again = file_of(new)
    expected = [placed.raw for placed in kept] + new_records
    assert [placed.raw for placed in again.records] == expected
    for old, placed in zip(kept, again.records, strict=False):
        assert placed.text.rstrip(b"\r\n") == old.text.rstrip(b"\r\n")
    assert [placed.text for placed in again.records[len(kept) :]] == written
    lines = [line.text for line in made.lines if line.record not in gone and line.text]
    found = [line for line in new.decode().replace("\r", "").split("\n") if line]
    assert found[: len(lines)] == lines
    assert gone or new.startswith(made.data)


def check_back(text: FileText, new: bytes) -> None:
    """The splices lead from the new bytes back to the old ones."""
    pieces = PieceTable(new)
    pieces.change(list(reverse_splices(text.data, text.splices)))
    assert pieces.content() == text.data


def by_pyyaml(data: bytes) -> list[Raw] | None:
    """All records of a file by PyYAML's own composer; None when it refuses the file."""

    def as_text(node: yaml.Node) -> Raw:
        if isinstance(node, yaml.ScalarNode):
            return node.value or ("" if node.style else None)
        if isinstance(node, yaml.SequenceNode):
            return [as_text(item) for item in node.value]
        assert isinstance(node, yaml.MappingNode)
        return {key.value: as_text(value) for key, value in node.value}

    try:
        documents = list(yaml.compose_all(data, Loader=yaml.CBaseLoader))
    except yaml.YAMLError:
        return None
    top = as_text(documents[0]) if documents else None
    assert len(documents) < 2
    return [] if top is None else top  # type: ignore[return-value]  # compared with a list


def check_against_pyyaml(data: bytes) -> None:
    """The same records as the whole file's parse, or a refusal with a place."""
    text = file_of(data)
    found = [text.problem] if text.problem else []
    found += [placed.problem for placed in text.records if placed.problem]
    for problem in found:
        assert problem.place
        assert problem.place.line
    if not found:
        assert [placed.raw for placed in text.records] == by_pyyaml(data)
    for placed in text.records:
        assert placed.text in data
        assert placed.place("id").line
        check_edits(data, placed.index)


def check_edits(data: bytes, index: int) -> None:
    """An edit reads as intended, to PyYAML too, or is refused."""
    for change in ("set", "remove", "append"):
        text = file_of(data)
        wanted = [placed.raw for placed in text.records]
        try:
            if change == "set":
                text.set(index, {"name": "no"})
                wanted[index] = {**(wanted[index] or {}), "name": "no"}
            elif change == "remove":
                text.remove(index)
                del wanted[index]
            else:
                text.append({"name": "no"})
                wanted.append({"name": "no"})
            new = text.finish()
            check_back(text, new)
        except AcctcliError:
            continue
        assert [placed.raw for placed in file_of(new).records] == wanted
        if None not in wanted:
            assert by_pyyaml(new) == wanted


@given(yaml_like())
@settings(max_examples=200)
def test_whatever_stands_in_a_file_is_read_right_or_refused(content: str) -> None:
    check_against_pyyaml(content.encode())


@given(hand_files(max_records=2), st.data())
@settings(max_examples=100)
def test_a_flipped_byte_is_read_right_or_refused(made: HandFile, data: st.DataObject) -> None:
    content = bytearray(made.data)
    if content:
        place = data.draw(st.integers(0, len(content) - 1))
        content[place] = data.draw(st.integers(0, 255))
    check_against_pyyaml(bytes(content))


@pytest.mark.skipif(not YAML_DATA.is_dir(), reason=f"{YAML_DATA} is not there")
def test_public_test_files_are_read_right_or_refused() -> None:
    files = sorted(YAML_DATA.glob("yaml-test-suite/**/in.yaml"))
    files += [path for path in sorted((YAML_DATA / "pyyaml").iterdir()) if path.is_file()]
    assert len(files) > 800
    read = 0
    for path in files:
        data = path.read_bytes()
        check_against_pyyaml(data)
        lines = b"".join(b"    " + line for line in data.splitlines(keepends=True))
        inside = b"- id: a\n  x:\n" + lines + b"\n# c\n- id: b\n"
        check_against_pyyaml(inside)
        read += not problems(file_of(inside))
    assert read > 300
