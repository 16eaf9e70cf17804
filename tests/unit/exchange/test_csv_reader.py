from __future__ import annotations

import csv
import io
from typing import IO, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acctcli.core.model.errors import InvalidInputError
from acctcli.core.model.records import Raw, Settings
from acctcli.exchange.csv_reader import BadTableRow, TableRow, read_rows
from acctcli.exchange.import_map import ImportMap, read_map


def make_map(**changes: Raw) -> ImportMap:
    raw: dict[str, Raw] = {"kind": "orgs", "key": "id", "columns": {"name": "name"}, **changes}
    found, problems = read_map(raw, default_source="x", settings=Settings())
    assert found is not None, problems
    return found


def read(data: bytes | str, **changes: Raw) -> list[TableRow | BadTableRow]:
    content = data.encode() if isinstance(data, str) else data
    return list(read_rows(io.BytesIO(content), make_map(**changes), file="orgs.csv"))


def refusal(data: bytes | str, **changes: Raw) -> tuple[str, str, str]:
    """The id, the place and the message with the hint of the error that reading raises."""
    with pytest.raises(InvalidInputError) as caught:
        read(data, **changes)
    problem = caught.value.problems[0]
    assert problem.hint
    return problem.id, str(problem.place), f"{problem.message} ({problem.hint})"


def test_rows_have_their_line_and_their_cells_by_column() -> None:
    assert read("id,name\n1,Acme\n2, Bolt \n") == [
        TableRow(2, {"id": "1", "name": "Acme"}),
        TableRow(3, {"id": "2", "name": " Bolt "}),
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_counts_lines_alike(end: str) -> None:
    text = end.join(["id,name", "1,Acme", "", f'2,"two{end}lines"', "3,Core"])
    rows = read(text)
    assert [row.line for row in rows] == [2, 4, 6]
    second = rows[1]
    assert isinstance(second, TableRow)
    assert second.cells["name"] == f"two{end}lines"


def test_separators_of_unicode_end_no_line() -> None:
    rows = read("id,name\n1,a\u2028b\x0bc\x85d\n2,e\n")
    assert [row.line for row in rows] == [2, 3]


def test_blank_rows_are_passed_over() -> None:
    assert [row.line for row in read("\n \nid,name\n\n1,Acme\n,\n   \n2,Bolt\n\n")] == [5, 8]


def test_a_header_alone_is_an_empty_table() -> None:
    assert read("id,name\n") == []
    assert read("id,name") == []


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\r\n"])
def test_a_file_without_a_header_is_refused(data: bytes) -> None:
    name, place, _ = refusal(data)
    assert (name, place) == ("empty-file", "orgs.csv")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_byte_order_mark_is_no_part_of_the_first_name(encoding: str) -> None:
    data = '\ufeff"id",name\n1,Çelik\n'.encode(encoding)
    assert read(data, encoding=encoding) == [TableRow(2, {"id": "1", "name": "Çelik"})]


def test_the_encoding_of_the_map_is_used() -> None:
    assert read("id,name\n1,Café\n".encode("cp1252"), encoding="cp1252") == [
        TableRow(2, {"id": "1", "name": "Café"})
    ]


@pytest.mark.parametrize("above", [0, 1, 500, 30_000])
def test_a_wrong_encoding_is_told_with_its_line(above: int) -> None:
    data = b"id,name\n" + "1,Zürich\n".encode() * above + "2,Café\n".encode("cp1252")
    name, place, told = refusal(data)
    assert (name, place) == ("wrong-encoding", f"orgs.csv:{above + 2}")
    assert "the line is not utf-8" in told
    assert "encoding: cp1252" in told


def test_the_line_is_right_where_the_bytes_span_two_reads() -> None:
    # A letter of three bytes lies across the end of the first 65,536 bytes, and is cut short.
    start = b"id,name\n"
    filler = b"1," + b"x" * (65_535 - len(start) - 2)
    name, place, _ = refusal(start + filler + b"\xe2\x82\n")
    assert (name, place) == ("wrong-encoding", "orgs.csv:2")


def test_the_line_is_right_after_a_letter_that_spans_two_reads() -> None:
    start = b"id,name\n1,"
    filler = start + b"x" * (65_535 - len(start))
    name, place, _ = refusal(filler + "é\n".encode() + b"2,\n" * 5 + b"\xff\n")
    assert (name, place) == ("wrong-encoding", "orgs.csv:8")
    name, place, _ = refusal(filler + "é".encode() + b"\xff\n")
    assert (name, place) == ("wrong-encoding", "orgs.csv:2")


def test_a_line_end_that_spans_two_reads_is_one() -> None:
    start = b"id,name\r\n1,"
    rows = read(start + b"x" * (65_535 - len(start)) + b"\r\n2,Bolt\r\n")
    assert [row.line for row in rows] == [2, 3]


def test_a_file_that_ends_within_a_letter_is_refused() -> None:
    name, place, _ = refusal(b"id,name\n1,Caf\xc3")
    assert (name, place) == ("wrong-encoding", "orgs.csv:2")


def test_utf_16_without_its_mark_is_refused() -> None:
    name, place, _ = refusal("id,name\n1,Acme\n".encode("utf-16-be"), encoding="utf-16")
    assert (name, place) == ("wrong-encoding", "orgs.csv:1")


def test_the_line_is_right_in_encodings_of_several_bytes() -> None:
    data = b"id,name\n" + "1,東京\n".encode("shift_jis") * 20_000 + b"2,\x85\n"
    name, place, _ = refusal(data, encoding="shift_jis")
    assert (name, place) == ("wrong-encoding", "orgs.csv:20002")


def test_a_nul_character_is_refused_with_a_hint_at_utf_16() -> None:
    name, place, told = refusal(b"id,name\n1,Ac\0me\n")
    assert (name, place) == ("nul-character", "orgs.csv:2")
    assert "utf-16" in told


def test_columns_of_the_map_must_be_in_the_header() -> None:
    with pytest.raises(InvalidInputError) as caught:
        read("idd,nam,phone\n")
    told = [(problem.id, problem.field, problem.hint) for problem in caught.value.problems]
    assert told == [
        ("missing-column", "id", 'did you mean "idd"?'),
        ("missing-column", "name", 'did you mean "nam"?'),
    ]
    name, place, told_text = refusal("\nid,qwertz\n")
    assert (name, place) == ("missing-column", "orgs.csv:2")
    assert '"id", "qwertz"' in told_text


def test_a_column_of_the_map_must_be_there_once() -> None:
    name, place, told = refusal("id,name,name\n")
    assert (name, place) == ("duplicate-column", "orgs.csv:1")
    assert '"name"' in told


def test_other_columns_get_names_of_their_own() -> None:
    [row] = read("id,a,a,,a (2), name ,a\n1,2,3,4,5,6,7\n")
    assert isinstance(row, TableRow)
    assert row.cells == {
        "id": "1",
        "a": "2",
        "a (3)": "3",
        "column 4": "4",
        "a (2)": "5",
        "name": "6",
        "a (4)": "7",
    }


def test_ragged_rows_are_bad_and_the_rest_is_read() -> None:
    rows = read('id,name\n1\n2,"a\nb",c\n3,Core\n')
    assert [row.line for row in rows] == [2, 3, 5]
    assert [row.problem.message for row in rows if isinstance(row, BadTableRow)] == [
        "the row has 1 cell, the header has 2",
        "the row has 3 cells, the header has 2",
    ]
    assert {row.problem.id for row in rows if isinstance(row, BadTableRow)} == {"ragged-row"}


def test_another_delimiter() -> None:
    assert read("id;name\n1;a, b\n", delimiter=";") == [TableRow(2, {"id": "1", "name": "a, b"})]
    assert read("id\tname\n1\ta\n", delimiter="\t") == [TableRow(2, {"id": "1", "name": "a"})]


@pytest.mark.parametrize(
    ("data", "line", "told"),
    [
        ('id,name\n1,Acme\n2,"Bolt\n3,Core\n', 3, "not closed"),
        ('id,name\n1,"a\nb"c\n', 2, "in the middle"),
        ('id,"name\n', 1, "not closed"),
    ],
)
def test_broken_quotes_are_refused_where_the_row_starts(data: str, line: int, told: str) -> None:
    name, place, message = refusal(data)
    assert (name, place) == ("broken-quotes", f"orgs.csv:{line}")
    assert told in message
    assert "--skip-invalid does not help" in message


def test_a_cell_of_one_mebibyte_is_the_largest() -> None:
    [row] = read("id,name\n1," + "x" * (1 << 20) + "\n")
    assert isinstance(row, TableRow)
    assert len(row.cells["name"]) == 1 << 20
    name, place, _ = refusal("id,name\n1," + "x" * ((1 << 20) + 1) + "\n")
    assert (name, place) == ("cell-too-long", "orgs.csv:2")


def test_a_line_without_end_is_not_read_to_its_end() -> None:
    class Endless(io.RawIOBase):
        given = 0

        def read(self, size: int = -1) -> bytes:
            self.given += size
            return b"x" * size

    stream = Endless()
    with pytest.raises(InvalidInputError) as caught:
        list(read_rows(cast("IO[bytes]", stream), make_map()))
    assert caught.value.problems[0].id == "cell-too-long"
    assert stream.given < 1 << 25


def test_rows_are_read_as_they_are_asked_for() -> None:
    data = io.BytesIO(b"id,name\n" + b"1,Acme\n" * 100_000)
    rows = read_rows(data, make_map())
    next(rows)
    assert data.tell() < len(data.getvalue())


TEXT = st.text(
    st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=["Cs"]), max_size=8
)


@settings(max_examples=100)
@given(
    st.lists(st.tuples(TEXT.filter(str.strip), TEXT), max_size=8),
    st.sampled_from(["utf-8", "utf-16", "utf-8-sig"]),
    st.sampled_from(["all", "where needed"]),
)
def test_what_the_csv_module_writes_is_read_back(
    table: list[tuple[str, str]], encoding: str, quoting: str
) -> None:
    text = io.StringIO(newline="")
    if quoting == "all":
        csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(table)
    else:
        csv.writer(text).writerows(table)
    content = f"id,name\r\n{text.getvalue()}"
    rows = read(content.encode(encoding), encoding=encoding)
    assert [tuple(row.cells.values()) for row in rows if isinstance(row, TableRow)] == table
    lines = len(list(io.StringIO(content, newline="")))
    assert all(2 <= row.line <= lines for row in rows)
