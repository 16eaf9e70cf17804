"""`acctcli rates` and `--currency`: rates come in, are undone, and convert what is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from helpers.files import files_of
from helpers.rate_tables import PLAIN, TABLE, zipped

from acctcli.core.model.errors import InvalidInputError, Place
from acctcli.exchange import ecb_rates
from acctcli.exchange.ecb_rates import read_table
from acctcli.store.history.describe import ItemChange, describe_lines
from acctcli.store.history.history_format import HistoryLine

if TYPE_CHECKING:
    from pathlib import Path

    from helpers.cli import CommandLine


def table(text: str | bytes, **options: Any) -> list[tuple[str, dict[str, str]]]:  # noqa: ANN401 - what is tried
    data = text.encode() if isinstance(text, str) else text
    return [
        (str(each.date), {name: f"{value:f}" for name, value in each.rates.items()})
        for each in read_table(data, "t.csv", **options).quotes
    ]


def test_the_banks_table_is_read() -> None:
    assert table(TABLE)[1] == ("2026-03-09", {"USD": "1.0790", "JPY": "160.90", "CHF": "0.9501"})
    assert read_table(TABLE.encode(), "t.csv").left_out == ("EEK",)
    assert table("\ufeff" + TABLE.replace("\n", "\r\n\r\n")) == table(TABLE)
    assert table(zipped(rates=TABLE.encode())) == table(TABLE)
    only = table(TABLE, currencies=("GBP",))
    assert only == [("2026-03-10", {"GBP": "0.8600"}), ("2026-03-06", {"GBP": "0.8590"})]


@pytest.mark.parametrize(
    ("data", "name", "line"),
    [
        (b"", "not-rates", 1),
        (b"Date,\n", "not-rates", 1),
        (b"Day,USD\n2026-03-01,1\n", "not-rates", 1),
        (b"Date,USD,USD\n", "duplicate-column", 1),
        (b"Date,USD\n2026-02-30,1\n", "bad-row", 2),
        (b"Date,USD\n2026-03-01\n", "bad-row", 2),
        (b"Date,USD\n2026-03-01,1,2\n", "bad-row", 2),
        (b"Date,USD\n2026-03-01,0\n", "bad-row", 2),
        (b"Date,USD\n2026-03-01,1\n2026-03-01,2\n", "bad-row", 3),
        (b'Date,USD\n"2026-03-01"x,1\n', "not-rates", 2),
        (b"Date,USD\n2026-03-01,\xff\n", "wrong-encoding", 2),
        (b"PK\x03\x04torn", "not-rates", 0),
        (zipped(a=b"", b=b""), "not-rates", 0),
    ],
)
def test_what_is_no_such_table_is_refused_with_its_line(data: bytes, name: str, line: int) -> None:
    with pytest.raises(InvalidInputError) as caught:
        read_table(data, "t.csv")
    assert caught.value.problems[0].id == name
    assert caught.value.problems[0].place == Place("t.csv", line)


def test_a_column_that_is_wanted_must_be_there() -> None:
    with pytest.raises(InvalidInputError, match='there is no column "PLN"'):
        read_table(TABLE.encode(), "t.csv", currencies=("PLN",))


def test_of_many_bad_rows_the_first_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = "".join(f"2026-01-{day:02},x\n" for day in range(1, 14))
    with pytest.raises(InvalidInputError) as caught:
        read_table(f"Date,USD\n{rows}".encode(), "t.csv")
    assert len(caught.value.problems) == 11
    assert caught.value.problems[-1].message == "and 3 more rows"
    monkeypatch.setattr(ecb_rates, "_LARGEST", 10)
    with pytest.raises(InvalidInputError, match="larger than 64 MiB"):
        read_table(zipped(a=TABLE.encode()), "t.csv")


# the commands


def test_rates_come_in_by_one_commit_and_go_by_one(small: Path, acct: CommandLine) -> None:
    (small / "t.csv").write_text(TABLE)
    before = files_of(small)
    dry = acct("rates", "import", "t.csv", "--dry-run")
    assert (dry.code, dry.err) == (0, "a dry run: nothing was written\n")
    assert files_of(small) == before
    done = acct("rates", "import", "t.csv")
    assert (done.out, done.err) == (dry.out, "imported, in one commit\n")
    text = (small / "rates.yaml").read_text()
    assert text.partition("\n")[2].replace(" JPY: 161.30,", "") != text
    assert [line[2:20] for line in text.splitlines()[2:]] == [
        "{date: 2026-03-06,"[:18],
        "{date: 2026-03-09,"[:18],
        "{date: 2026-03-10,"[:18],
    ]
    again = acct("rates", "import", "-", stdin=TABLE)
    assert again.err == "nothing to write\n"
    assert (small / "rates.yaml").read_text() == text
    assert "rates rates.yaml added" in acct("log").out
    assert acct("undo").err.endswith("rates.yaml removed\n")
    assert not (small / "rates.yaml").exists()
    assert acct("redo").err.endswith("rates.yaml restored\n")
    assert (small / "rates.yaml").read_text() == text


def test_a_rate_that_differs_is_told_and_replaced(small: Path, acct: CommandLine) -> None:
    (small / "rates.yaml").write_text("# by hand\n" + PLAIN)
    changed = acct("rates", "import", "-", stdin=TABLE.replace("1.0790", "1.09"))
    assert changed.code == 0
    assert "  2026-03-09 EUR USD: 1.0790 -> 1.09\n" in changed.out
    made = (small / "rates.yaml").read_text()
    assert made == "# by hand\n" + PLAIN.replace("1.0790", "1.09")
    assert acct("undo").code == 0
    assert (small / "rates.yaml").read_text() == "# by hand\n" + PLAIN


def test_an_import_is_not_undone_when_the_file_changed_since(
    small: Path, acct: CommandLine
) -> None:
    assert acct("rates", "import", "-", stdin=TABLE).code == 0
    with (small / "rates.yaml").open("a") as file:
        file.write("# by hand\n")
    before = files_of(small)
    result = acct("undo")
    assert (result.code, files_of(small)) == (6, before)
    assert "rates.yaml: error [changed-since]: rates.yaml changed after" in result.err


def test_only_what_is_asked_for_comes_in(small: Path, acct: CommandLine) -> None:
    words = ("--since", "2026-03-09", "--currencies", "usd,CHF", "--format", "csv")
    result = acct("rates", "import", "-", *words, stdin=TABLE)
    assert result.out.splitlines() == [
        "id,date,base,currency,rate,action",
        "EUR-USD-2026-03-09,2026-03-09,EUR,USD,1.0790,added",
        "EUR-CHF-2026-03-09,2026-03-09,EUR,CHF,0.9501,added",
        "EUR-USD-2026-03-10,2026-03-10,EUR,USD,1.0815,added",
        "EUR-CHF-2026-03-10,2026-03-10,EUR,CHF,0.9512,added",
    ]
    report = acct("rates", "import", "-", "--format", "json", stdin=TABLE).json
    assert report == {
        "days": 3, "new_days": 1, "added": 6, "changed": [], "unchanged": 4, "left_out": ["EEK"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "code", "name"),
    [
        (("rates", "import", "gone.csv"), 3, "no-file"),
        (("rates", "import", "."), 5, "not-a-file"),
        (("rates", "import", "-", "--currencies", "USD,dollars"), 2, "usage"),
        (("rates", "import", "-", "--since", "someday"), 5, "bad-date"),
        (("account", "list", "--currency", "EURO"), 2, "usage"),
        (("account", "list", "--currency", "USD"), 3, "no-rate"),
        (("account", "show", "acme", "--currency", "USD"), 3, "no-rate"),
    ],
)
def test_what_cannot_be_done_is_refused(
    small: Path, acct: CommandLine, words: tuple[str, ...], code: int, name: str
) -> None:
    before = files_of(small)
    result = acct(*words, stdin=TABLE)
    assert (result.code, result.out) == (code, "")
    assert result.err.startswith(f"error [{name}]: ")
    assert files_of(small) == before


def test_bad_rates_are_found_by_check_and_told_when_needed(small: Path, acct: CommandLine) -> None:
    (small / "rates.yaml").write_text("- {date: 2026-03-01, base: EUR, rates: {USD: 0}}\n")
    found = acct("check")
    assert found.code == 1
    assert "rates.yaml:1:46" in found.out
    assert acct("account", "list").code == 0
    assert acct("account", "list", "--currency", "EUR").code == 4


RATES = """\
- {date: 2026-01-01, base: EUR, rates: {USD: 1.25}}
- {date: 2026-02-01, base: EUR, rates: {USD: 2}}
"""


@pytest.mark.parametrize("way", [(), ("--no-index",)])
def test_lists_boards_and_pages_are_in_the_currency(
    small: Path, acct: CommandLine, way: tuple[str, ...]
) -> None:
    (small / "rates.yaml").write_text(RATES)
    with (small / "deals.yaml").open("a") as file:
        file.write("- id: d5\n  title: Mixed\n  org: acme\n  value: 10\n  currency: USD\n"
                   "  status: won\n  won_time: 2026-01-20\n  mrr: 7\n")  # fmt: skip
        file.write("- id: d6\n  title: Nobody's\n  value: 1\n  currency: JPY\n")
    to = ("--currency", "eur", "--format", "json", *way)
    accounts: Any = acct("account", "list", *to).json
    acme, bianchi = accounts
    assert acme["won_value"] == {"EUR": 12508.00}
    assert acme["mrr"] == {"EUR": 3.50}
    assert bianchi["won_value"] == {"EUR": 300.00}
    shown: Any = acct("account", "show", "acme", *to).json
    assert shown["won_value"] == acme["won_value"]
    assert {deal["id"]: deal["value"] for deal in shown["deals"]} == {"d1": 12500.00, "d5": 8.00}
    board: Any = acct("account", "board", *to).json
    assert board["columns"][0]["won_value"] == {"EUR": 300.00}
    orgs: Any = acct("org", "list", *to).json
    assert orgs[2]["open_value"] == {"EUR": 450.25}
    assert [row["id"] for row in orgs] == ["acme", "bianchi", "cole"]
    # On the last day of January two dollars were a euro sixty.
    then: Any = acct("org", "list", "--as-of", "2026-01-31", *to).json
    assert then[2]["open_value"] == {"EUR": 720.40}
    assert then[1]["won_value"] == {}
    ids = acct("account", "list", "--currency", "EUR", "--format", "ids", *way)
    assert ids.out == "acme\nbianchi\n"


def test_many_missing_rates_are_told_in_short(small: Path, acct: CommandLine) -> None:
    with (small / "deals.yaml").open("a") as file:
        file.writelines(
            f"- id: e{number}\n  title: T\n  org: acme\n  value: 1\n  currency: USD\n"
            for number in range(12)
        )
    result = acct("account", "list", "--currency", "EUR")
    assert (result.code, result.out) == (3, "")
    assert result.err.count("error [no-rate]") == 11
    assert "3 more rates are missing" in result.err
    assert result.err.count("hint: ") == 1


def test_rates_are_listed(small: Path, acct: CommandLine) -> None:
    (small / "rates.yaml").write_text(RATES + PLAIN)
    ids = ("--format", "ids")
    assert acct("rates", "list", "--date", "2026-01-31", *ids).out == "EUR-USD-2026-01-01\n"
    assert acct("rates", "list", "--currency", "JPY", *ids).out.count("\n") == 2
    as_of = acct("rates", "list", "--currency", "USD", "--as-of", "2026-02-02", *ids)
    assert as_of.out == "EUR-USD-2026-01-01\nEUR-USD-2026-02-01\n"
    both = acct("rates", "list", "--currency", "USD", "--date", "2026-03-09", *ids)
    assert both.out == "EUR-USD-2026-03-09\n"
    assert "2026-03-10" in acct("rates", "list").out


def test_the_view_in_a_currency_gives_deals_one_by_one(small: Path) -> None:
    from acctcli.cli.app.console import Globals, process_streams
    from acctcli.cli.app.session import Session
    from acctcli.core.model.errors import NotFoundError

    (small / "rates.yaml").write_text(RATES)
    with (small / "orgs.yaml").open("a") as file:
        file.write("- id: dora\n  name: Dora\n")
    session = Session(Globals(book=str(small)), process_streams(), [])
    assert type(session.read_in(None)) is type(session.book.read())
    view = session.read_in("USD")
    assert len(view.data.deals) == 3
    assert ("d3" in view.data.deals, list(view.data.deals)) == (True, ["d1", "d2", "d3"])
    assert [deal.currency for deal in view.data.deals.values()] == ["USD"] * 3
    assert (view.won_count("acme"), view.branches("acme")) == (1, ["cole"])
    assert view.ids_of_name("orgs", "acme") == ["acme"]
    assert view.records_owned_through({"eva"}) == session.book.read().records_owned_through({"eva"})
    assert set(view.may_link_to({"acme"})) == set(session.book.read().may_link_to({"acme"}))
    today = session.today(view)
    (one,) = view.listed_accounts_of(["acme"], today)
    listed = list(view.listed_accounts(today, accounts_only=False))
    assert [each.row.id for each in listed] == ["acme", "bianchi", "cole", "dora"]
    assert (listed[0].row, listed[3].row.won_value) == (one.row, {})
    (right,) = session.book.read().listed_accounts_of(["acme"], today)
    assert (list(one.contacts), list(one.wins), list(one.due)) == (
        list(right.contacts),
        list(right.wins),
        list(right.due),
    )
    assert (one.custom, one.owner) == (right.custom, "Anna")
    yen = session.read_in("JPY")
    with pytest.raises(NotFoundError):
        _ = yen.data.deals["d1"]


def test_two_imports_are_undone_at_once(small: Path, acct: CommandLine) -> None:
    assert acct("rates", "import", "-", "--since", "2026-03-10", stdin=TABLE).code == 0
    assert acct("rates", "import", "-", stdin=TABLE).code == 0
    text = (small / "rates.yaml").read_text()
    assert acct("undo", "2").code == 0
    assert not (small / "rates.yaml").exists()
    assert acct("redo").code == 0
    assert (small / "rates.yaml").read_text() == text


def test_what_takes_several_lines_of_the_history_is_told_once() -> None:
    line = HistoryLine(commit="c1", kind="rates", file="rates.yaml", after_sha256="x")
    assert list(describe_lines([line, line])) == [ItemChange("rates", "rates.yaml", "added", {})]
