"""Mail messages (RFC 5322).

It sends nothing. Nothing that is given for a head may begin another one.
"""

from __future__ import annotations

import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from acctcli.core.model.errors import InvalidInputError
from acctcli.core.model.values import quote
from acctcli.render.formats.text import visible

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

# What a program such as sendmail takes from a pipe: lines end as they do on this system.
_POLICY = EmailPolicy(linesep="\n", max_line_length=76, utf8=False)  # RFC 2045, 6.7
_HINT = "write it as anna@example.com, or as Anna Rossi <anna@example.com>"
# The part of RFC 5322 that people use: no comments, no groups, no quotes before the @.
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_SPEC = rf"{_ATOM}(?:\.{_ATOM})*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*"
_ADDRESS = re.compile(rf"(?P<name>[^<>@]*)<(?P<named>{_SPEC})>|(?P<bare>{_SPEC})", re.ASCII)
_LONGEST_USER = 64  # characters before the @
# A head whose text begins on its second line, which some programs show with a space in front.
_LONELY = re.compile(rb"^([A-Za-z-]+):\n (?=\S)", re.MULTILINE)
_LONGEST_SUBJECT = 500  # characters


class Letter(NamedTuple):
    """What a mail says, and to whom.

    Attributes:
        sender: Whose mail it is; None leaves it to the program that sends it.
        to: Who gets it: addresses, each with a name in front or without.
        subject: One line.
        date: When it was written, with an offset.
        text: What it says.
        html: The same as a page.
    """

    sender: str | None
    to: Sequence[str]
    subject: str
    date: dt.datetime
    text: str
    html: str


def mail(letter: Letter) -> bytes:
    """The mail, ready for `sendmail -t`; the same letter gives the same bytes.

    Raises:
        InvalidInputError: as for `check_heads`.
    """
    sender, to = check_heads(letter.sender, letter.to, letter.subject)
    message = EmailMessage(policy=_POLICY)
    if sender is not None:
        message["From"] = sender
    message["To"] = to
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(letter.date)
    facts = (letter.sender, *letter.to, letter.subject, letter.date, letter.text)
    name = sha256("\0".join(map(str, facts)).encode("utf-8", "surrogatepass")).hexdigest()[:32]
    message["Message-ID"] = f"<{name}@{'localhost' if sender is None else sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text + "\n", cte="quoted-printable")
    message.add_alternative(letter.html + "\n", subtype="html", cte="quoted-printable")
    # No line of quoted-printable text has these two signs one after the other.
    message.set_boundary(f"=_{name}")
    heads, blank, body = message.as_bytes().partition(b"\n\n")
    return _LONELY.sub(rb"\1: ", heads) + blank + body


def check_heads(
    sender: str | None, to: Sequence[str], subject: str | None
) -> tuple[Address | None, list[Address]]:
    """The address of the sender, and those of all who get a mail.

    Raises:
        InvalidInputError: ``bad-address`` or ``bad-subject``: it cannot stand in a head.
    """
    one = None if sender is None else address(sender, "--from")
    if subject is not None:
        _check_subject(subject)
    return one, [address(text, "--to") for text in to]


def address(text: str, option: str) -> Address:
    """The address that a text is, with a name in front or without.

    Raises:
        InvalidInputError: ``bad-address``: it is none; the option is named.
    """
    if visible(text) != text:
        raise _refusal(text, option, "has characters that no address has")
    found = _ADDRESS.fullmatch(text.strip())
    user, _, domain = (found["named"] or found["bare"] if found else "").partition("@")
    if found is None or len(user) > _LONGEST_USER:
        raise _refusal(text, option, "is no address")
    name = (found["name"] or "").strip()
    if len(name) > 1 and name[0] == name[-1] == '"':
        name = name[1:-1]
    return Address(display_name=name, username=user, domain=domain)


def _check_subject(text: str) -> None:
    if visible(text) == text and text.strip() and len(text) <= _LONGEST_SUBJECT:
        return
    raise InvalidInputError.of(
        "bad-subject",
        f"--subject: {quote(text)} is not one line of text",
        hint=f"write up to {_LONGEST_SUBJECT} characters on one line",
    )


def _refusal(text: str, option: str, what: str) -> Exception:
    return InvalidInputError.of("bad-address", f"{option}: {quote(text)} {what}", hint=_HINT)
