"""What is found in a book, where, and in which order; with the index as without."""

from __future__ import annotations

import sys
from itertools import islice, pairwise
from typing import TYPE_CHECKING
from unicodedata import category

import pytest
from helpers.books import full_book, make_book, viewed, whole
from hypothesis import example, given, settings
from hypothesis import strategies as st

from acctcli.core.model.errors import UsageError
from acctcli.core.model.kinds import KIND_NAMES, KINDS, FieldType
from acctcli.core.model.names import fold
from acctcli.core.reports.search import (
    SearchResult,
    SearchWord,
    hits,
    marks,
    match,
    searched_fields,
    words_of,
)
from acctcli.render.formats.style import Style
from acctcli.render.formats.text import display_width
from acctcli.render.search_hits import excerpt_around, hits_text
from acctcli.store.index import text_search

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from helpers.cli import CommandLine

    from acctcli.core.model.records import Raw
    from acctcli.core.reports.search import Hit
    from acctcli.store.views.view import View

PLAIN = Style(colour=False)


def found(view: View, *texts: str) -> list[Hit]:
    return list(hits(view.search(words_of(texts), KIND_NAMES), view.data))


# what a record is found by


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("muller", "name"),
        ("EVA  MÜLLER", "name"),
        ("eva-m", "id"),
        ("example.com", "emails"),
        ("+39 02 123", "phones"),
        ("0039 02123", "phones"),
        ("02-123", "phones"),
        ("0212", "phones"),
        ("1999-12-31", "add_time"),
        ("gold", "grade"),
        ("eur 12.5", "budget"),
        ("acme", None),  # a link is no text of its own
        ("true", None),
        ("12", "phones"),
        ("39-0", "phones"),
        ("21 2", None),  # so few digits are no number
        ("21 23", "phones"),
    ],
)
def test_where_a_text_stands(text: str, where: str | None) -> None:
    from acctcli.core.model.kinds import Field

    raw: dict[str, Raw] = {
        "id": "eva-m",
        "name": "Eva Müller",
        "org": "acme",
        "emails": ["eva@home.org", "eva@example.com", None],
        "phones": "0039-02123",
        "add_time": "1999-12-31",
        "grade": "Gold",
        "budget": "EUR 12.50",
        "sure": "true",
        "unknown": "acme true",
    }
    custom = {
        "grade": Field("grade", FieldType.ONE_OF, choices=("Gold",)),
        "budget": Field("budget", FieldType.AMOUNT),
        "sure": Field("sure", FieldType.YES_NO),
    }
    at = match(raw, searched_fields("people", custom), words_of([text]))
    assert (at and at.field) == where


def test_all_words_stand_in_one_record_and_the_fullest_field_is_told() -> None:
    raw = {"id": "d1", "title": "Scales", "stage": "late scales", "lost_reason": "too late, scales"}
    fields = searched_fields("deals", {})
    assert match(raw, fields, words_of(["scales"])) == ("title", "Scales")
    assert match(raw, fields, words_of(["scales", "late"])) == ("stage", "late scales")
    assert match(raw, fields, words_of(["d1", "too"])) == ("id", "d1")
    assert match(raw, fields, words_of(["scales", "gone"])) is None


@pytest.mark.parametrize("text", ["", "  ", "\N{COMBINING ACUTE ACCENT}"])
def test_nothing_cannot_be_found(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        words_of(["acme", text])
    assert caught.value.problems[0].id == "nothing-to-find"


def test_names_come_first_then_kinds_then_names(tmp_path: Path) -> None:
    root = make_book(
        tmp_path / "book",
        orgs="- id: z\n  name: Zeta\n  industry: acme\n- id: a\n  name: Acme 2\n- id: b\n"
        "  name: Ácme 1\n",
        people="- id: eva\n  name: Acme Eva\n  org: z\n",
        notes="- id: n1\n  content: Acme\n  person: eva\n- id: n2\n  content: acme\n  org: ghost\n",
        deals="- id: d1\n  title: T\n  lost_reason: acme\n",
    )
    for view in (viewed(root, tmp_path), whole(root)):
        told = [(hit.id, hit.org, hit.org_name, hit.field) for hit in found(view, "acme")]
        assert told == [
            ("b", "b", "Ácme 1", "name"),
            ("a", "a", "Acme 2", "name"),
            ("eva", "z", "Zeta", "name"),
            ("z", "z", "Zeta", "industry"),
            ("d1", None, None, "lost_reason"),
            ("n1", "z", "Zeta", "content"),
            ("n2", None, None, "content"),
        ]
        one = view.search(words_of(["acme"]), KIND_NAMES)
        assert [hit.id for hit in islice(hits(one, view.data, org="z"), 2)] == ["eva", "z"]


# with the index as without


def texts(view: View) -> dict[tuple[str, str], list[str]]:
    """The folded texts of each record that are searched, in the plainest way."""
    told: dict[tuple[str, str], list[str]] = {}
    for kind in KIND_NAMES:
        known = {field.name: field for field in KINDS[kind].fields}
        for key in view.data.of(kind):
            kept: list[str] = []
            fields = {**known, **view.settings.custom_fields(kind)}
            for name, value in view.raw_of(key).items():
                if name in fields and fields[name].type not in {FieldType.LINK, FieldType.YES_NO}:
                    kept += [
                        fold(str(each))
                        for each in (value if isinstance(value, list) else [value])
                        if each is not None
                    ]
            told[kind, key] = kept
    return told


def keys(each: Iterable[SearchResult]) -> list[tuple[str, str]]:
    return sorted((one.kind, one.id) for one in each)


LETTERS = st.sampled_from(
    [*"aAeEoO1 \"\\':-#", "é", "É", "ß", "ẞ", "ø", "Ø", "ł", "İ", "ı", "Σ", "ς", "京", "й", "ﬁ",
     "\N{COMBINING DIAERESIS}", "\N{NO-BREAK SPACE}", "\N{KELVIN SIGN}", "が", "\t"]
)  # fmt: skip
TEXTS = st.text(LETTERS, min_size=1, max_size=6)


def yaml(text: str) -> str:
    import json

    return json.dumps(text, ensure_ascii=False)


@settings(max_examples=40)
@given(
    st.lists(st.tuples(TEXTS, st.lists(TEXTS, max_size=2)), min_size=1, max_size=6),
    st.lists(TEXTS, min_size=1, max_size=2),
)
@example([("o'e ß", ["x"])], ["SS"])
@example([('a "b', [])], ['"b'])
@example([("a\\b", ["Kk"])], ["\\"])
@example([('a"b', [])], ['a"b'])
@example([("a\\b", [])], ["a\\b"])
@example([("京é", [])], ["京e"])
def test_found_is_what_holds_the_words(
    tmp_path_factory: pytest.TempPathFactory,
    records: list[tuple[str, list[str]]],
    sought: list[str],
) -> None:
    sought = [text for text in sought if fold(text)]
    records = [(name, labels) for name, labels in records if name.strip()]
    if not sought:
        return
    folder = tmp_path_factory.mktemp("found")
    lines = [
        f"- id: r{number}\n  name: {yaml(name)}\n"
        + (f"  labels: [{', '.join(map(yaml, labels))}]\n" if labels else f"  tier: {yaml(name)}\n")
        for number, (name, labels) in enumerate(records)
    ]
    root = make_book(folder / "book", orgs="".join(lines))
    words = words_of(sought)
    oracle = sorted(
        key
        for key, kept in texts(whole(root)).items()
        if all(any(word.folded in text for text in kept) for word in words)
    )
    for view in (viewed(root, folder), whole(root)):
        assert keys(view.search(words, KIND_NAMES)) == oracle


def test_both_views_find_the_same_in_a_book_with_everything(tmp_path: Path) -> None:
    root = full_book(tmp_path / "book")
    with (root / "orgs.yaml").open("a", encoding="utf-8") as orgs:
        orgs.write('- id: teo\n  name: Teo\n  phone: "+39 02/12 34"\n')
    indexed, plain = viewed(root, tmp_path), whole(root)
    kept = texts(plain)
    sought = {text[start : start + 4] for each in kept.values() for text in each
              for start in range(0, len(text), 3)}  # fmt: skip
    assert len(sought) > 50
    for text in [*sorted(sought), "two lines", "dora's", "0039 021234", "nothing at all", "ü"]:
        if fold(text):
            words = words_of([text])
            assert keys(indexed.search(words, KIND_NAMES)) == keys(
                plain.search(words, KIND_NAMES)
            ), text
            assert keys(indexed.search(words, ["orgs"])) == keys(plain.search(words, ["orgs"]))
    assert [hit.id for hit in found(indexed, "0039 021234")] == ["teo"]
    assert [hit.id for hit in found(indexed, "müll", "eva")] == ["eva"]


def test_every_letter_that_folds_to_plain_ones_passes_the_first_look() -> None:
    for code in range(0x80, 0x30000):
        char = chr(code)
        if category(char) in {"Cn", "Cs", "Co"}:
            continue
        folded = fold(f"x{char}x")[1:-1]
        word = SearchWord(folded, None)
        kept = f"- id: a\n  name: {char}\n".encode()
        if folded.strip():
            assert text_search._can_hold(kept, [SearchWord(folded.strip(), None)]), hex(code)
        assert word.digits is None
    assert sys.maxunicode > 0x30000


def test_a_damaged_text_is_no_text(tmp_path: Path) -> None:
    import sqlite3
    from contextlib import closing

    from helpers.books import index_of

    from acctcli.store.index.database import DamagedError

    root = full_book(tmp_path / "book")
    viewed(root, tmp_path)
    with closing(sqlite3.connect(index_of(root, tmp_path), isolation_level=None)) as database:
        database.execute("UPDATE records SET text = 'Acme S.r.l.' WHERE id = 'cole'")
        with pytest.raises(DamagedError):
            list(text_search.candidates(database, words_of(["cme"]), KIND_NAMES))


# where in a text


@pytest.mark.parametrize(
    ("text", "words", "marked"),
    [
        ("Acme and acmé", ["ACME"], ["Acme", "acmé"]),
        ("Straße", ["ss"], ["ß"]),
        ("straße", ["ras"], ["raß"]),
        ("ab\u00a0  cd", ["b c"], ["b\u00a0  c"]),
        ("abcabc", ["abc", "bca"], ["abcabc"]),
        ("  x", ["x"], ["x"]),
        ("+39 02/12", ["390212"], []),
        ("e\u0301a", ["ea"], ["e\u0301a"]),
        ("¨x", ["x"], ["x"]),
    ],
)
def test_what_was_sought_is_marked(text: str, words: list[str], marked: list[str]) -> None:
    spots = marks(text, words_of(words))
    assert [text[low:high] for low, high in spots] == marked


@given(st.text(LETTERS, max_size=40), st.text(LETTERS, min_size=1, max_size=3))
def test_marks_are_where_the_word_stands(text: str, sought: str) -> None:
    if fold(sought):
        (word,) = words_of([sought])
        spots = marks(text, [word])
        assert all(low < high for low, high in spots)
        assert all(high < low for (_, high), (low, _) in pairwise(spots))
        assert bool(spots) == (word.folded in fold(text))


# how it is shown


@given(st.text(LETTERS, max_size=60), TEXTS, st.integers(1, 40))
def test_a_text_is_cut_around_what_was_sought(text: str, sought: str, room: int) -> None:
    if fold(sought):
        shown = excerpt_around(text, words_of([sought]), room, PLAIN)
        assert display_width(shown) <= room
        assert "\n" not in shown


def test_the_hit_is_seen_in_a_long_text() -> None:
    text = "one two three four five six\nseven eight nine ten eleven twelve"
    words = words_of(["eight"])
    assert excerpt_around(text, words, 30, PLAIN) == "…seven eight nine ten eleven…"
    assert excerpt_around(text, words, 200, PLAIN) == text.replace("\n", " ")
    assert excerpt_around(text, words, None, PLAIN) == text.replace("\n", " ")
    assert excerpt_around(text, words_of(["one"]), 10, PLAIN) == "one two t…"
    assert excerpt_around(text, (), 10, PLAIN) == "one two t…"
    assert excerpt_around("x" * 50 + "eight" + "y" * 50, words, 12, PLAIN) == "…xxxxeighty…"
    assert excerpt_around("東京" * 20 + "eight", words, 12, PLAIN) == "…東京eight"
    assert excerpt_around("an eight", words, 20, Style(colour=True)) == "an \x1b[1;36meight\x1b[0m"


@pytest.mark.parametrize("columns", [20, 40, 60, 80, 200])
def test_lines_fit_the_terminal(small: Path, columns: int) -> None:
    (small / "notes.yaml").write_text(
        f"- id: n1\n  content: {'so long a note ' * 20}\n  org: acme\n"
        f"- id: n2\n  content: a note of nobody\n- id: n3\n  content: A{'o' * 150}\n",
        "utf-8",
    )
    view = whole(small)
    words = words_of(["o"])
    shown = hits_text(found(view, "o"), words, width=columns, style=PLAIN)
    assert max(map(display_width, shown.split("\n"))) <= columns
    assert hits_text([], words, width=columns, style=PLAIN) == ""


# the command


def test_the_machine_form(small: Path, acct: CommandLine) -> None:
    assert acct("find", "cafe", "--format", "json").json == [
        {
            "kind": "orgs",
            "id": "bianchi",
            "name": "Bianchi Café",
            "org": "bianchi",
            "org_name": "Bianchi Café",
            "field": "name",
            "text": "Bianchi Café",
        }
    ]
    assert acct("find", "renewal", "--format", "csv").out == (
        "kind,id,name,org,org_name,field,text\n"
        "activities,a1,Ask about the renewal,acme,Acme S.r.l.,subject,Ask about the renewal\n"
    )
    assert acct("find", "e", "--org", "acme", "--kind", "deals", "--format", "ids").out == "d1\n"
    assert acct("find", "no such thing", "--format", "json").out == "[]\n"
    assert acct("find", "no such thing") == (0, "", "")
    assert acct("find", "e", "--limit", "2", "--format", "ids").out == "acme\nbianchi\n"
    for words, code in ((("find",), 2), (("find", " "), 2), (("find", "e", "--org", "x"), 3)):
        assert acct(*words).code == code
