"""A mail as other programs send it: a text, and the same as HTML, under the heads of RFC 5322.

It knows addresses and heads, and no book. It sends nothing. Nothing that is given for a head may
begin another one.
"""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from acctcli.core.errors import InvalidInputError
from acctcli.core.values import quoted

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from email.headerregistry import Address

# What a program such as sendmail takes from a pipe: lines end as they do on this system.
_POLICY = EmailPolicy(linesep="\n", utf8=False)
_HINT = "write it as anna@example.com, or as Anna Rossi <anna@example.com>"
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
        InvalidInputError: ``bad-address`` or ``bad-subject``.
    """
    message = EmailMessage(policy=_POLICY)
    domain = "localhost"
    if letter.sender is not None:
        (sender, *others) = addresses(letter.sender, "--from")
        if others:
            raise _refused(letter.sender, "--from", "is more than one address")
        message["From"] = sender
        domain = sender.domain
    message["To"] = [each for text in letter.to for each in addresses(text, "--to")]
    message["Subject"] = _subject(letter.subject)
    message["Date"] = format_datetime(letter.date)
    facts = (letter.sender, *letter.to, letter.subject, letter.date, letter.text)
    name = sha256("\0".join(map(str, facts)).encode("utf-8", "surrogatepass")).hexdigest()[:32]
    message["Message-ID"] = f"<{name}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text + "\n", cte="quoted-printable")
    message.add_alternative(letter.html + "\n", subtype="html", cte="quoted-printable")
    # No line of quoted-printable text has these two signs one after the other.
    message.set_boundary(f"=_{name}")
    return message.as_bytes()


def addresses(text: str, option: str) -> tuple[Address, ...]:
    """The addresses that a text holds; at least one.

    Raises:
        InvalidInputError: ``bad-address``: it holds none, or what is none; the option is named.
    """
    if not text.isprintable():
        raise _refused(text, option, "has characters that no address has")
    header = _POLICY.header_factory("To", text)
    found: tuple[Address, ...] = header.addresses
    if not found or header.defects:
        raise _refused(text, option, "is no address")
    for each in found:
        if not (each.username and each.domain):
            raise _refused(text, option, "is no address")
        if not each.addr_spec.isascii():
            raise _refused(text, option, "has letters in the address that not every program takes")
    return found


def _subject(text: str) -> str:
    if text.isprintable() and text.strip() and len(text) <= _LONGEST_SUBJECT:
        return text
    raise InvalidInputError.of(
        "bad-subject",
        f"--subject: {quoted(text)} is not one line of text",
        hint=f"write up to {_LONGEST_SUBJECT} characters on one line",
    )


def _refused(text: str, option: str, what: str) -> Exception:
    return InvalidInputError.of("bad-address", f"{option}: {quoted(text)} {what}", hint=_HINT)
