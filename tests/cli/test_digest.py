"""The digest as a command: every format, one person's part, and mails that other programs read."""

from __future__ import annotations

import csv
import email
import io
import json
import re
import shutil
import subprocess
import sys
from email import policy
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest
from helpers.files import PROJECT
from wcwidth import wcswidth

if TYPE_CHECKING:
    from email.message import EmailMessage
    from pathlib import Path

    from helpers.cli import CommandLine

DAY = ("--today", "2026-03-10")
MAIL = ("digest", "--email", "--to", "anna@example.com", *DAY)
# The keys, written out a second time (rule 12).
DIGEST = ["today", "since", "until", "owner", "summary", "sections"]
SECTION = ["section", "count", "won_value", "rows"]
ROW = [
    "section", "kind", "id", "name", "type", "org", "org_name", "owner", "tier", "day",
    "days_left", "won_value", "points", "reason",
]  # fmt: skip
SECTIONS = ["overdue", "today", "unplanned", "won", "renewals", "late", "at_risk"]
HOSTILE = [
    "<script>alert(1)</script>",
    "a | b | c",
    "[x](javascript:alert(1))",
    "# head",
    "`code` *bold* _it_ ~~no~~",
    '"><img src=x onerror=alert(1)>',
    "\x1b[31mred\x1b[0m",
    "a\u202eb",
    "& &amp; &lt;",
    "\\",
    "東京商事株式会社" * 6,
    "👩‍👩‍👧 family",
    "very " * 40,
    "x" * 200,
    "=1+1",
    "a\nBcc: b@example.com",
]


@pytest.fixture
def sample(folder: Path) -> Path:
    shutil.copytree(PROJECT / "sample-data", folder, dirs_exist_ok=True)
    return folder


def rows_of(made: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - JSON
    return [row for section in made["sections"] for row in section["rows"]]


def parsed(text: str) -> EmailMessage:
    return email.message_from_bytes(text.encode(), policy=policy.default)


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


# formats


def test_the_keys_of_the_digest(sample: Path, acct: CommandLine) -> None:
    assert (sample / "acctcli.yaml").exists()
    made: Any = acct("digest", *DAY, "--since", "30d", "--format", "json").json
    assert list(made) == DIGEST
    assert [each["section"] for each in made["sections"]] == SECTIONS
    assert all(list(each) == SECTION and each["rows"] for each in made["sections"])
    assert all(list(row) == ROW for row in rows_of(made))
    head = acct("digest", *DAY, "--format", "csv").out.split("\n")[0].split(",")
    assert head == ROW


def test_every_format_has_the_same_rows(sample: Path, acct: CommandLine) -> None:
    assert (sample / "acctcli.yaml").exists()
    for words in ((), ("--owner", "Anna"), ("--limit", "2"), ("--sections", "won,late")):
        call = ("digest", *DAY, "--since", "60d", *words, "--format")
        rows = rows_of(acct(*call, "json").json)
        assert rows
        lines = acct(*call, "ndjson").out.splitlines()
        assert [json.loads(line) for line in lines] == rows
        cells = [*csv.DictReader(io.StringIO(acct(*call, "csv").out))]
        assert [(row["section"], row["id"]) for row in cells] == [
            (row["section"], row["id"]) for row in rows
        ]
        ids = acct(*call, "ids").out.split()
        assert ids == [*dict.fromkeys(row["org"] for row in rows)]
        for form in ("table", "markdown", "html"):
            text = acct(*call, form).out
            assert text.endswith("\n")
            assert acct(*call, form, "--no-index").out == text
            names = {row["org_name"].split()[0] for row in rows}
            assert all(name in text.replace("\\", "") for name in names)


def test_counts_are_those_of_the_reports(sample: Path, acct: CommandLine) -> None:
    assert (sample / "acctcli.yaml").exists()

    def count(*words: str) -> int:
        return len(acct(*words, *DAY, "--format", "ids").out.split())

    for owner in ((), ("--owner", "Anna"), ("--owner", "Ines")):
        made: Any = acct("digest", *DAY, *owner, "--format", "json").json
        found = {each["section"]: each["count"] for each in made["sections"]}
        assert found["overdue"] + found["today"] == count("agenda", "--until", "2026-03-10", *owner)
        assert found["unplanned"] == count("account", "list", "--where", "bucket=none", *owner)
        assert found["renewals"] == count("report", "renewals", "--within", "30d", *owner)
        assert found["late"] == count("account", "list", "--late", *owner)
        assert found["at_risk"] == count("report", "health", "--word", "at risk", *owner)


def test_money_in_one_currency(sample: Path, acct: CommandLine) -> None:
    assert (sample / "acctcli.yaml").exists()
    plain: Any = acct("digest", *DAY, "--since", "60d", "--format", "json").json
    made: Any = acct("digest", *DAY, "--since", "60d", "--currency", "EUR", "--format", "json").json
    assert [row["id"] for row in rows_of(made)] == [row["id"] for row in rows_of(plain)]
    assert {code for row in rows_of(made) for code in row["won_value"]} == {"EUR"}
    for one, other in zip(made["sections"], plain["sections"], strict=True):
        assert (one["section"], one["count"]) == (other["section"], other["count"])
        assert one["won_value"].keys() == {"EUR"}


def test_text_is_as_wide_as_a_mail_and_has_no_space_at_the_end(
    sample: Path, acct: CommandLine
) -> None:
    assert (sample / "acctcli.yaml").exists()
    text = acct("digest", *DAY, "--since", "1y", "--within", "1y").out
    assert max(map(wcswidth, text.splitlines())) <= 78
    assert not re.search(r"[ \t]$", text, re.MULTILINE)
    for line in acct("digest", *DAY, "--format", "markdown").out.splitlines():
        assert line == line.rstrip()


def test_one_may_have_only_ones_own(sample: Path, acct: CommandLine) -> None:
    assert (sample / "acctcli.yaml").exists()
    own: Any = acct("digest", *DAY, "--mine", "--format", "json", ACCTCLI_ACTOR="Ines").json
    named: Any = acct("digest", *DAY, "--owner", "Ines", "--format", "json").json
    assert own["sections"] == named["sections"]
    assert {row["owner"] for row in rows_of(own)} == {"Ines"}
    assert named["owner"] == "Ines"


def test_terms_count_before_the_limit(sample: Path, acct: CommandLine) -> None:
    assert (sample / "acctcli.yaml").exists()
    made: Any = acct(
        "digest", *DAY, "--where", "owner=Ines", "--sort=-name", "--limit", "1", "--format", "json"
    ).json
    found = {each["section"]: each for each in made["sections"]}
    assert (found["unplanned"]["count"], len(found["unplanned"]["rows"])) == (2, 1)
    assert found["unplanned"]["rows"][0]["id"] == "tobelhof"
    assert found["overdue"] == {"section": "overdue", "count": 0, "won_value": {}, "rows": []}


def test_a_limit_before_the_command_is_the_same(sample: Path, acct: CommandLine) -> None:
    assert (sample / "acctcli.yaml").exists()
    behind = acct("digest", *DAY, "--limit", "1")
    assert acct("--limit", "1", "digest", *DAY) == behind
    assert acct("--limit", "9", "digest", *DAY, "--limit", "1") == behind
    assert "3 overdue" in behind.out


def test_nothing_is_told_in_every_format(sample: Path, acct: CommandLine) -> None:
    assert (sample / "acctcli.yaml").exists()
    empty = ("digest", *DAY, "--owner", "nobody")
    for form in ("table", "json", "ndjson", "csv", "tsv", "ids", "markdown", "html"):
        shown = acct(*empty, "--format", form)
        assert (shown.code, shown.err) == (0, "")
        assert bool(shown.out) == (form not in {"ndjson", "ids"})
        assert acct(*empty, "--format", form, "--skip-empty") == (0, "", "")
        assert acct(*empty, "--format", form, "--fail-if-empty").code == 1
    assert acct(*MAIL, "--owner", "nobody", "--skip-empty") == (0, "", "")
    assert "Nothing to see to." in body(parsed(acct(*MAIL, "--owner", "nobody").out), "plain")


# texts that anybody may have written


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_markup(book: Path, acct: CommandLine, text: str) -> None:
    quoted = json.dumps(text, ensure_ascii=False)  # a double-quoted text of YAML
    (book / "orgs.yaml").write_text(f"- id: acme\n  name: {quoted}\n  owner: {quoted}\n", "utf-8")
    (book / "deals.yaml").write_text(
        f"- id: d1\n  title: {quoted}\n  org: acme\n  status: won\n  won_time: 2026-03-09\n"
        "  renewal_date: 2026-03-12\n  value: 5\n  currency: EUR\n",
        "utf-8",
    )
    (book / "activities.yaml").write_text(
        f"- id: a1\n  subject: {quoted}\n  type: call\n  org: acme\n  due_date: 2026-03-01\n"
        f"  owner: {quoted}\n",
        "utf-8",
    )
    shown = acct("digest", *DAY, "--owner", text)
    assert shown.code == 0
    plain = acct("digest", *DAY).out
    assert "\x1b" not in plain + shown.out
    assert "\u202e" not in plain + shown.out
    assert max(map(wcswidth, plain.splitlines())) <= 78
    page = _Tags()
    page.feed(acct("digest", *DAY, "--format", "html").out)
    allowed = {"html", "head", "meta", "title", "body", "h1", "h2", "p", "table", "tr", "th", "td"}
    assert {tag for tag, _ in page.tags} <= allowed
    assert {name for _, attrs in page.tags for name in attrs} <= {
        "lang", "charset", "style", "align", "cellpadding", "cellspacing", "border",
    }  # fmt: skip
    message = parsed(acct(*MAIL).out)
    assert message["bcc"] is None
    assert message.defects == []
    # Markdown: the same cells in every line of a table, and no heading that is not ours.
    marked = acct("digest", *DAY, "--format", "markdown").out
    bars = [len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) for line in marked.splitlines()]
    tables = "".join("." if not each else chr(64 + each) for each in bars)
    assert all(len(set(part)) == 1 for part in tables.split(".") if part)
    assert len(re.findall(r"^#", marked, re.MULTILINE)) == 1 + len(
        re.findall(r"^\| ---|^\|:? ?---", marked, re.MULTILINE)
    )
    assert "<" not in re.sub(r"\\<", "", marked)


# mails


def test_a_mail_is_read_by_others(sample: Path, acct: CommandLine) -> None:
    assert (sample / "acctcli.yaml").exists()
    result = acct(*MAIL, "--to", "Łukasz <lukasz@example.com>", "--from", "Bo <bo@example.org>")
    assert (result.code, result.err) == (0, "")
    assert result.out.isascii()
    heads, _, rest = result.out.partition("\n\n")
    assert max(map(len, heads.splitlines())) <= 998
    assert max(map(len, rest.splitlines())) <= 76
    message = parsed(result.out)
    assert message.defects == []
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == [
        "text/plain",
        "text/html",
    ]
    assert str(message["from"]) == "Bo <bo@example.org>"
    assert str(message["to"]) == "anna@example.com, Łukasz <lukasz@example.com>"
    assert message["auto-submitted"] == "auto-generated"
    assert message["date"] == "Tue, 10 Mar 2026 09:00:00 +0100"
    assert re.fullmatch(r"<[0-9a-f]{32}@example\.org>", message["message-id"])
    subject = str(message["subject"])
    assert subject.startswith("Digest of 2026-03-10: 3 overdue, 2 due today, ")
    assert body(message, "plain") == acct("digest", *DAY).out
    assert body(message, "html") == acct("digest", *DAY, "--format", "html").out
    assert acct(*MAIL, "--to", "Łukasz <lukasz@example.com>", "--from", "Bo <bo@example.org>") == (
        result
    )


def test_the_sender_is_who_is_at_work_if_that_is_an_address(
    sample: Path, acct: CommandLine
) -> None:
    assert (sample / "acctcli.yaml").exists()
    assert str(parsed(acct(*MAIL).out)["from"]) == "anna@example.com"
    unnamed = parsed(acct(*MAIL, ACCTCLI_ACTOR="anna").out)
    assert unnamed["from"] is None
    assert unnamed["message-id"].endswith("@localhost>")


def test_another_mail_has_another_name(sample: Path, acct: CommandLine) -> None:
    assert (sample / "acctcli.yaml").exists()
    names = {
        parsed(acct(*MAIL, *words, **environ).out)["message-id"]
        for words, environ in [
            ((), {}),
            (("--subject", "Mine"), {}),
            (("--to", "bo@example.com"), {}),
            (("--owner", "Ines"), {}),
            ((), {"ACCTCLI_NOW": "2026-03-10T09:00:01+01:00"}),
        ]
    }
    assert len(names) == 5


@pytest.mark.parametrize(
    "subject",
    [
        "Was Zoë gewann",
        "x" * 500,
        "東京" * 60,
        "word " * 15 + "end",
        "x" * 76,
        *(f"{'many words ' * 6}{'x' * length}" for length in range(1, 14)),
        "No-break\N{NO-BREAK SPACE}space",
        "=?utf-8?q?a?=",
        "a: b; c, d <e@f>",
    ],
)
def test_any_line_may_be_a_subject(sample: Path, acct: CommandLine, subject: str) -> None:
    assert (sample / "acctcli.yaml").exists()
    result = acct(*MAIL, "--subject", subject)
    message = parsed(result.out)
    assert str(message["subject"]) == ("a" if "=?" in subject else subject)
    assert message.defects == []
    assert str(message["to"]) == "anna@example.com"


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (("--to", "anna"), "bad-address"),
        (("--to", ""), "bad-address"),
        (("--to", "anna@"), "bad-address"),
        (("--to", "@example.com"), "bad-address"),
        (("--to", "a@example.com\nBcc: b@example.com"), "bad-address"),
        (("--to", "a@example.com\r\nBcc: b@example.com"), "bad-address"),
        (("--to", "a b <a@example.com"), "bad-address"),
        (("--to", "a b a@example.com"), "bad-address"),
        (("--to", "a@example.com>"), "bad-address"),
        (("--to", "a..b@example.com"), "bad-address"),
        (("--to", "a@example..com"), "bad-address"),
        (("--to", "a@example.com, b@example.com"), "bad-address"),
        (("--to", "a@example.com, B <b@example.com>"), "bad-address"),
        (("--to", "x" * 65 + "@example.com"), "bad-address"),
        (("--to", '"a b"@example.com'), "bad-address"),
        (("--to", "zoë@example.com"), "bad-address"),
        (("--to", "group: a@example.com, b@example.com;x"), "bad-address"),
        (("--from", "a@example.com, b@example.com"), "bad-address"),
        (("--from", "a\u2028@example.com"), "bad-address"),
        (("--subject", "a\nBcc: b@example.com"), "bad-subject"),
        (("--subject", "a\rb"), "bad-subject"),
        (("--subject", ""), "bad-subject"),
        (("--subject", "x" * 501), "bad-subject"),
    ],
)
def test_what_cannot_stand_in_a_head_is_refused(
    sample: Path, acct: CommandLine, words: tuple[str, ...], name: str
) -> None:
    assert (sample / "acctcli.yaml").exists()
    for more in ((), ("--owner", "nobody", "--skip-empty")):
        result = acct(*MAIL, *words, *more)
        assert (result.code, result.out) == (5, "")
        assert f"[{name}]" in result.err


@pytest.mark.parametrize(
    "to",
    [
        "b@example.com",
        " b.c+d@mail.example.com ",
        "<b@example.com>",
        "B C <b@example.com>",
        '"Rossi, Anna (sales)" <b@example.com>',
        "Rossi, Anna <b@example.com>",
        "Żaneta Łoś <b@example.com>",
        "東京商事 <b@localhost>",
        '" <b@example.com>',
        "a: b; <b@example.com>",
    ],
)
def test_addresses_with_and_without_a_name(sample: Path, acct: CommandLine, to: str) -> None:
    assert (sample / "acctcli.yaml").exists()
    message = parsed(acct("digest", "--email", "--to", to, *DAY).out)
    (one,) = message["to"].addresses
    name, _, spec = to.strip().rpartition("<")
    assert one.addr_spec == spec.removesuffix(">")
    plain = name.strip()
    assert one.display_name == (plain[1:-1] if len(plain) > 1 and plain[0] == '"' else plain)
    assert message.defects == []


# what it loads


def test_the_digest_loads_what_mails_need_only_for_a_mail(sample: Path) -> None:
    code = (
        "import sys; from acctcli.cli.main import run; run(sys.argv[1:]);"
        "print(*sorted(sys.modules), file=sys.stderr)"
    )
    for words, is_mail in ((DAY, False), (MAIL[1:], True)):
        done = subprocess.run(
            [sys.executable, "-c", code, "digest", *words],
            cwd=sample, capture_output=True, text=True, check=True,
        )  # fmt: skip
        loaded = {"acctcli.render.formats.mail", "email.headerregistry"} & {*done.stderr.split()}
        assert len(loaded) == (2 if is_mail else 0)
