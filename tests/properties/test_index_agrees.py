"""Books about which an index could tell something else than the files do, each a small one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from helpers.view_comparison import difference

from acctcli.core.model.errors import InvalidBookError, StorageError
from acctcli.store.book import Book
from acctcli.store.index.index import Index
from acctcli.store.index.update import parallel_load, updater

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = b"format: 1\ncurrency: EUR\n"
TWICE = b"- id: d1\n  title: A\n- id: d1\n  title: B\n  value: 7\n- id: d2\n  title: C\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "book"
    root.mkdir()
    (root / "acctcli.yaml").write_bytes(SETTINGS)
    return root


def put(root: Path, **files: bytes) -> None:
    for name, data in files.items():
        (root / f"{name}.yaml").write_bytes(data)


def told(root: Path) -> str | None:
    """What the index tells otherwise than the files."""
    return difference(Index(root, root.parent / "cache").view(), Book(root).read())


@pytest.mark.parametrize(
    "deals",
    [
        pytest.param(b"- id: d1\n  title: A currency: of\n  value: 7\n", id="not plain"),
        pytest.param(b"- id: d1\n  title: The currency\n  value: 7\n", id="a word in a title"),
        pytest.param(b"- id: d1\n  title: A\n  value: 7\n  currency: EUR\n", id="in the open"),
        pytest.param(b"- currency: EUR\n  id: d1\n  title: A\n  value: 7\n", id="first of all"),
        pytest.param(TWICE, id="an id that stands twice"),
        pytest.param(TWICE + b"- id: d3\n  title: [x]\n", id="and a bad one"),
        pytest.param(b'- id: d1\n  title: "x\n  org: a\n  id: d2\n', id="torn, with two ids"),
        pytest.param(b"- id: d1\n  title: [x]\n\n# acme\n\n- id: d2\n  title: A\n", id="comment"),
        pytest.param(b"# caf\xe9\n\n- id: d1\n  title: A\n", id="head that is not UTF-8"),
        pytest.param(b"# caf\xe9\n", id="nothing but what is not UTF-8"),
        pytest.param(b"# a\x01b\n\n- id: d1\n  title: A\n", id="head that YAML does not take"),
        pytest.param(b"# a\xc2\x85- id: x\n\n- id: d1\n  title: A\n", id="head with an odd break"),
        pytest.param(b"# a\xe2\x80\xa9- id: x\n", id="nothing but an odd break"),
        pytest.param(b"- id: d1\n  title: %b\n" % (b"x" * (1 << 19)), id="a line of a fair length"),
    ],
)
def test_the_index_tells_of_deals_what_the_files_do(root: Path, deals: bytes) -> None:
    put(root, deals=deals, orgs=b"- id: acme\n  name: Acme\n- id: cole\n  name: acme\n")
    assert told(root) is None
    put(root, deals=b"# before\n- id: d0\n  title: Z\n")
    assert told(root) is None
    put(root, deals=deals)
    assert told(root) is None


@pytest.mark.parametrize(
    "deals",
    [
        pytest.param(b"#" + b"x" * (1 << 20) + b"\n- id: d1\n  title: A\n", id="head"),
        pytest.param(b"- id: d1\n  title: %b\n" % (b"x" * (1 << 20)), id="value"),
    ],
)
def test_a_line_that_is_too_long_is_refused_with_an_index_too(root: Path, deals: bytes) -> None:
    put(root, deals=b"- id: d1\n  title: A\n")
    for _ in range(2):  # a new index, then one that is there
        found = []
        for index in (None, Index(root, root.parent / "cache")):
            put(root, deals=deals)
            with pytest.raises(InvalidBookError) as caught:
                Book(root, index=index).read()
            found.append(caught.value.problems)
        assert found[0] == found[1]
        put(root, deals=b"- id: d1\n  title: A\n")
        assert told(root) is None


def test_a_link_that_leads_nowhere_is_told_of_with_an_index_too(root: Path) -> None:
    (root / "deals.yaml").symlink_to(root / "gone.yaml")
    found = []
    for index in (None, Index(root, root.parent / "cache")):
        with pytest.raises(StorageError) as caught:
            Book(root, index=index).read()
        found.append(caught.value.problems)
    assert found[0] == found[1]
    (root / "gone.yaml").write_bytes(b"- id: d1\n  title: A\n")
    assert told(root) is None
    (root / "gone.yaml").unlink()
    for index in (None, Index(root, root.parent / "cache")):
        with pytest.raises(StorageError):
            Book(root, index=index).read()


@pytest.mark.parametrize("count", [1, 3])
def test_ways_that_turn_out_void_are_forgotten(root: Path, count: int) -> None:
    ways = b"".join(b"- id: a%d\n  subject: S\n  deal: d1\n" % number for number in range(count))
    put(root, orgs=b"- id: acme\n  name: Acme\n", deals=b"- id: d1\n  title: A\n  org: acme\n")
    put(root, activities=b"- id: a8\n  subject: S\n  org: acme\n")
    assert told(root) is None
    # They come with a record that cannot be read, so that the file is read anew.
    bad = b"- id: a9\n  subject: [x]\n"
    put(root, activities=b"- id: a7\n  subject: S\n  org: acme\n  deal: d1\n" + ways + bad)
    assert told(root) is None
    put(root, activities=ways)
    assert told(root) is None


@pytest.mark.parametrize("where", [0, 150, 290])
def test_ids_that_stand_twice_in_a_file_read_in_halves(
    root: Path, where: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(updater, "_LARGE", 1)
    monkeypatch.setattr(parallel_load, "_processors", lambda: 2)
    records = [b"- id: d%d\n  title: Deal %d\n  value: 7\n" % (n, n) for n in range(300)]
    records.insert(where, records[299])
    put(root, deals=b"".join(records))
    assert told(root) is None
    put(root, deals=b"".join(records[:-1]))
    assert told(root) is None


@pytest.mark.parametrize("missing", [1, 387, 512, 2048, 4095, 4096, 3 * 4096])
def test_an_index_that_is_cut_off_is_made_anew(root: Path, missing: int) -> None:
    put(root, orgs=b"- id: acme\n  name: Acme\n- id: [\n", deals=TWICE)
    assert told(root) is None
    (path,) = (root.parent / "cache" / "acctcli").glob("*.sqlite")
    data = path.read_bytes()
    path.write_bytes(data[:-missing])
    assert told(root) is None
    assert len(path.read_bytes()) == len(data)


@pytest.mark.parametrize(
    "activity",
    [
        pytest.param(b"  due_date: 2026-03-10\n", id="due on the day"),
        pytest.param(b"  due_date: 2026-03-11\n", id="due later"),
        pytest.param(b'  due_date: "2026-03-01"\n', id="in quotes"),
        pytest.param(b"  due_date: '2026-03-01'\n", id="in other quotes"),
        pytest.param(b"  due_date: 2026-03-01   # soon\n", id="with a remark"),
        pytest.param(b"  due_date: 2026-03-01\n  done: true\n", id="done"),
        pytest.param(b"  due_date: 2026-03-01\n  done: yes\n", id="done in another word"),
        pytest.param(b"  due_date: 2026-03-01\n  done: Yes\n", id="done in capitals"),
        pytest.param(b"  due_date: 2026-03-01\n  done: [x]\n", id="done in no word"),
        pytest.param(b'  done: "true"\n  due_date: 2026-03-01\n', id="done in quotes"),
        pytest.param(b"  due_date: 2026-03-01\n  done: false\n", id="not done"),
        pytest.param(b"  due_date: 2026-03-01\n  extra: {done: true}\n", id="done elsewhere"),
        pytest.param(b"  note: |\n    a\n\n  done: true\n  due_date: 2026-03-01\n", id="a block"),
        pytest.param(b'  note: "done: true"\n  due_date: 2026-03-01\n', id="done in a text"),
        pytest.param(b'  note: "due_date: 2027-01-01"\n  due_date: 2026-03-01\n', id="in a text"),
        pytest.param(b"  due_date: soon\n", id="no day"),
        pytest.param(b"  due_date: 0001-01-01\n", id="the first day"),
        pytest.param(b"  due_date:\n", id="empty"),
        pytest.param(b"", id="none"),
    ],
)
@pytest.mark.parametrize("first", [b"  id: a1\n", b""])
def test_the_index_tells_of_what_is_due_what_the_files_do(
    root: Path, activity: bytes, first: bytes
) -> None:
    if first:  # the day stands behind the dash
        key, _, rest = activity.partition(b"\n")
        text = b"- %b\n%b%b" % (key.strip() or b"type: call", first, rest)
    else:
        text = b"- id: a1\n%b" % activity
    put(root, activities=text + b"  subject: A\n  org: acme\n- id: a2\n  subject: B\n")
    assert told(root) is None


@pytest.mark.parametrize("zone", [b"Pacific/Kiritimati", b"Pacific/Pago_Pago"])
@pytest.mark.parametrize("quote", [b"", b'"'])
@pytest.mark.parametrize("first", [True, False])
def test_the_index_tells_of_wins_what_the_files_do(
    root: Path, zone: bytes, quote: bytes, *, first: bool
) -> None:
    (root / "acctcli.yaml").write_bytes(SETTINGS + b"timezone: %b\n" % zone)
    stamps = [
        *(b"2026-03-%02d" % day for day in (1, 2, 3, 4, 9, 10, 11, 12)),
        *(
            b"2026-03-%02dT%b" % (day, clock)
            for day in (2, 3, 4, 9, 10, 11)
            for clock in (b"00:30:00Z", b"23:30:00Z", b"12:00:00-11:00", b"12:00:00+14:00")
        ),
        b"0001-01-01",
        b"9999-12-31",
    ]
    won = [
        b"- won_time: %b%b%b\n  id: d%d\n  title: A\n  org: acme\n  status: %b\n"
        if first
        else b"- title: A\n  won_time: %b%b%b\n  id: d%d\n  org: acme\n  status: %b\n"
    ]
    deals = b"".join(
        won[0] % (quote, stamp, quote, number, b"won" if number % 5 else b"open")
        for number, stamp in enumerate(stamps)
    )
    put(root, deals=deals, orgs=b"- id: acme\n  name: Acme\n")
    assert told(root) is None
