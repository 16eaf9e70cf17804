from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from acctcli.core.model.names import find, fold, nearest, slug, unique_slug

# Real names: letters, marks that combine, spaces; and any text at all.
MARKED = st.text(
    st.sampled_from("aeiouAEIOUçßøŁİıǅﬁ½가が\u0301\u0308\u0323\u3099\u0345\u093c \u00a0\t"),
    max_size=12,
)
TEXTS = st.text(max_size=20) | MARKED
WORDS = st.text(st.sampled_from("abc"), max_size=6)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Acme", "ACME"),
        ("Société Générale", "societe  generale"),
        ("  Acme\tHoldings\u00a0GmbH ", "acme holdings gmbh"),
        ("Straße", "STRASSE"),
        ("İstanbul", "istanbul"),
        ("Жёлтый", "желтый"),
        ("Ελλάς", "ελλας"),
        ("ＡＣＭＥ　株式会社", "acme 株式会社"),
        ("ﬁnance", "Finance"),
        ("שָׁלוֹם", "שלום"),
    ],
)
def test_case_accents_and_white_space_are_put_aside(one: str, two: str) -> None:
    assert fold(one) == fold(two)


@pytest.mark.parametrize(
    ("one", "two"),
    [("Acme", "Acne"), ("Acme", "Ac me"), ("ガス", "カス"), ("กุ", "ก"), ("क़", "क"), ("株", "式")],
)
def test_other_letters_stay_other_letters(one: str, two: str) -> None:
    assert fold(one) != fold(two)


@given(TEXTS)
@example("\u0345\u1fb3")
@example("\u01c6\u0307")
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(TEXTS)
def test_composed_and_taken_apart_fold_to_the_same(text: str) -> None:
    forms = {fold(unicodedata.normalize(form, text)) for form in ("NFC", "NFD")}
    assert forms == {fold(text)}


@given(st.text(st.characters(max_codepoint=127)))
def test_the_fast_way_for_ascii_gives_what_the_long_way_gives(text: str) -> None:
    assert fold(text + " \u3000") == fold(text)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Acme", "acme"),
        ("Anna Rossi", "anna-rossi"),
        ("Société Générale S.A.", "societe-generale-sa"),
        ("Acme S.r.l.", "acme-srl"),
        ("A.B.C Steel, U.S.A.", "abc-steel-usa"),
        ("É.D.F.", "edf"),
        ("J. P. Stone", "j-p-stone"),
        ("acme.it", "acme-it"),
        ("v1.2", "v1-2"),
        ("Weiß & Söhne", "weiss-sohne"),
        ("Ørsted A/S", "orsted-a-s"),
        ("Łódź Æther Œuvre Þór Đặng Ħal", "lodz-aether-oeuvre-thor-dang-hal"),
        ("O'Brien’s", "obriens"),
        ("  --x--  ", "x"),
        ("Acme 株式会社", "acme"),
        ("株式会社", ""),
        ("!?", ""),
        ("", ""),
        ("a" * 60, "a" * 40),
        ("the quick brown fox jumps over the lazy dog", "the-quick-brown-fox-jumps-over-the-lazy"),
        ("x" * 40 + " y", "x" * 40),
        ("ab " + "x" * 60, "ab-" + "x" * 37),
        ("abcdefghij klmnopqrs " + "x" * 60, "abcdefghij-klmnopqrs-" + "x" * 19),
    ],
)
def test_slugs(name: str, expected: str) -> None:
    assert slug(name) == expected


@given(TEXTS | st.text(st.sampled_from("ab Éø-"), max_size=90))
def test_a_slug_is_safe_and_short(name: str) -> None:
    made = slug(name)
    assert re.fullmatch(r"(?:[a-z0-9]+(?:-[a-z0-9]+)*)?", made)
    assert len(made) <= 40
    assert slug(made) == made


def test_a_free_slug_is_the_first_with_a_number() -> None:
    assert unique_slug("acme", set()) == "acme"
    assert unique_slug("acme", {"acme"}) == "acme-2"
    assert unique_slug("acme", {"acme", "acme-2", "acme-3", "acme-7"}) == "acme-4"
    assert unique_slug("x" * 40, {"x" * 40}) == "x" * 38 + "-2"
    assert unique_slug("x" * 37 + "-yz", {"x" * 37 + "-yz"}) == "x" * 37 + "-2"


@given(st.frozensets(st.integers(2, 40)))
def test_a_slug_is_free_also_where_the_numbers_have_gaps(numbers: frozenset[int]) -> None:
    taken = {"acme", *(f"acme-{number}" for number in numbers)}
    made = unique_slug("acme", taken)
    assert made not in taken
    number = int(made.removeprefix("acme-"))
    assert number >= 2
    assert number == 2 or f"acme-{number - 1}" in taken


@given(st.from_regex(r"[ab]{1,20}(-[ab]{1,19})?", fullmatch=True), st.integers(0, 20))
def test_a_free_slug_is_new_safe_and_short(base: str, count: int) -> None:
    taken: set[str] = set()
    for _ in range(count):
        made = unique_slug(base, taken)
        assert made not in taken
        assert re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", made)
        assert len(made) <= 40
        taken.add(made)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("onwer", "owner"),
        ("owner", "owner"),
        ("OWNER", "owner"),
        ("won-time", "won_time"),
        ("won time", "won_time"),
        ("curency", "currency"),
        ("expected_close_day", "expected_close_date"),
        ("ogr", "org"),
        ("ids", "id"),
        ("x", None),
        ("", None),
        ("vat_number", None),
        ("zzzzzzzzzz", None),
    ],
)
def test_the_nearest_key_is_found(word: str, expected: str | None) -> None:
    known = ["id", "org", "owner", "currency", "won_time", "expected_close_date"]
    assert nearest(word, known) == expected
    assert nearest(word, reversed(known)) == expected


def test_of_keys_equally_near_the_first_by_the_alphabet_is_given() -> None:
    assert nearest("bat", ["cat", "bar", "hat"]) == "bar"
    assert nearest("bat", []) is None


def slips(one: str, two: str) -> int:
    """The distance by its definition, as slow as it is."""
    if not one or not two:
        return len(one) + len(two)
    ways = [
        slips(one[:-1], two) + 1,
        slips(one, two[:-1]) + 1,
        slips(one[:-1], two[:-1]) + (one[-1] != two[-1]),
    ]
    if one[-2:] == two[-2:][::-1] and len(one) > 1 and len(two) > 1:
        ways.append(slips(one[:-2], two[:-2]) + 1)
    return min(ways)


@given(WORDS, st.lists(WORDS, max_size=4))
def test_the_nearest_key_has_the_fewest_slips(word: str, known: list[str]) -> None:
    limit = min(3, (len(word) + 1) // 3)
    near = sorted((slips(word, key), key) for key in known if slips(word, key) <= limit)
    assert nearest(word, known) == (near[0][1] if near else None)


ITEMS = [
    ("acme", "Acme"),
    ("acme-2", "ACME"),
    ("acme-3", "Acme Branch"),
    ("societe", "Société"),
    ("anna", "societe"),
    ("branch", "acme-3"),
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("acme", ["acme"]),
        ("acme-3", ["acme-3"]),
        ("Acme", ["acme", "acme-2"]),
        ("SOCIÉTÉ", ["societe", "anna"]),
        ("acme branch", ["acme-3"]),
        ("acm", ["acme", "acme-2", "acme-3"]),
        ("an", ["anna"]),
        ("AN", []),
        ("zz", []),
        ("", []),
    ],
)
def test_a_record_is_found_by_id_then_name_then_prefix(text: str, expected: list[str]) -> None:
    assert find(text, ITEMS) == expected
    assert find(text, iter(ITEMS)) == expected


@given(
    st.dictionaries(st.text("ab", min_size=1, max_size=4), st.text("aAb", min_size=1, max_size=3)),
    st.text("aAb", min_size=1, max_size=3),
)
def test_the_first_class_that_matches_gives_all_its_ids(items: dict[str, str], text: str) -> None:
    found = find(text, items.items())
    exact = [record for record in items if record == text]
    named = [record for record, label in items.items() if label.lower() == text.lower()]
    begun = [record for record in items if record.startswith(text)]
    assert found == (exact or named or begun)
    assume(found)
    assert set(found) <= set(items)
