"""The records of an invented book of any size: from a seed, one after the other, never all at once.

It knows which organizations, deals and activities there are and how they hang together; it knows
no file and no form of text. Which organization a deal belongs to is computed, not remembered, so
that memory stays flat and any deal can be named by its number.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from random import Random
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

TODAY = dt.date(2026, 3, 10)
SMALLEST = 21  # one organization, ten deals, ten activities

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_IDS = 32**8
_WON_PERCENT = 33
_LOST_PERCENT = 27
_WINS_OF_EACH = 2  # what every organization has won at least, so that each is an account

_FIRST_WORDS = (
    "Alder", "Amber", "Arctic", "Ashford", "Aurora", "Bärental", "Beacon", "Birch", "Blue",
    "Bright", "Calder", "Canyon", "Cedar", "Città", "Cobalt", "Copper", "Coral", "Crown", "Delta",
    "Eagle", "Élan", "Ember", "Falcon", "Fjord", "Garnet", "Granite", "Harbor", "Hazel", "Indigo",
    "Iron", "Ivory", "Jade", "Juniper", "Kestrel", "Lagoon", "Linden", "Lunar", "Maple", "Marble",
    "Meadow", "Nordic", "Onyx", "Opal", "Pacific", "Quartz", "Raven", "Sable", "Solar", "Tidal",
    "Umber",
)  # fmt: skip
_SECOND_WORDS = (
    "Anchor", "Bakery", "Bearings", "Brewing", "Bridge", "Castings", "Cements", "Clinic", "Cranes",
    "Dairy", "Dental", "Drives", "Energy", "Farms", "Fisheries", "Foods", "Foundry", "Freight",
    "Gardens", "Glass", "Grains", "Hotels", "Kitchens", "Labs", "Leather", "Lighting", "Logistics",
    "Machines", "Marine", "Media", "Metals", "Mills", "Motors", "Optics", "Packaging", "Paper",
    "Pharma", "Plastics", "Press", "Pumps", "Robotics", "Scales", "Shipping", "Software", "Steel",
    "Systems", "Textiles", "Timber", "Tools", "Valves",
)  # fmt: skip
_LAST_WORDS = (
    "AB", "AG", "Associates", "BV", "Company", "Consulting", "Cooperative", "Design", "East",
    "Europe", "Export", "GmbH", "Group", "Holding", "Import", "Inc", "International", "Italia",
    "Limited", "LLC", "NV", "North", "Oy", "Partners", "Sales", "SARL", "SAS", "Services", "Sons",
    "South", "SpA", "SRL", "Studio", "Supply", "Trade", "Trading", "Union", "Ventures", "West",
    "Works",
)  # fmt: skip
_OWNERS = ("Anna", "Bruno", "Chiara", "Dario", "Ines", "Marco", "Nadia", "Zoë")
_INDUSTRIES = ("Chemicals", "Food wholesale", "Hardware", "Hospitality", "Machinery", "Milling")
_STREETS = ("Via dei Mulini", "Harbor Road", "Lindenallee", "Rue du Port", "Strada della Crocetta")
_CITIES = ("26100 Cremona", "10129 Torino", "20095 Hamburg", "13002 Marseille", "Portland, ME")
_GOODS = ("Floor scales", "Load cells", "Label printers", "Service contract", "Silo weighing")
_TITLES = (
    "{goods} {number}", "{goods}, {count} pieces", "{goods} for hall {count}",
    "Renewal: {goods} {number}",
)  # fmt: skip
_STAGES = ("qualified", "offer sent", "negotiation")
_REASONS = ("price", "went with another supplier", "no budget this year", "no answer")
_SUBJECTS = {
    "call": ("Call about the renewal", "How is the floor scale?", "Ask for the order"),
    "meeting": ("Depot visit", "Tanks measured, offer explained", "Yearly review"),
    "email": ("Send the offer", "New Year's wishes", "Send the price list"),
    "task": ("Prepare the contract", "Check the stock of load cells", "Book the fitter"),
    "lunch": ("Lunch with the buyer", "Lunch after the trade fair"),
}
_TYPES = ("call", "call", "call", "email", "email", "meeting", "meeting", "task", "task", "lunch")
_PLACES = ("Cremona", "Rotterdam", "Sfax", "their office")
_NOTES = ("Asked for a discount.", "Gate B only, before 11.", "Two people trained.")


class Counts(NamedTuple):
    """How many records of each kind a book has."""

    orgs: int
    deals: int
    activities: int


class Org(NamedTuple):
    """An organization; every value is the text of its field, None where it is not set."""

    id: str
    name: str
    owner: str
    address: str | None
    website: str
    phone: str | None
    industry: str | None
    add_time: str


class Deal(NamedTuple):
    """A deal."""

    id: str
    title: str
    org: str
    owner: str
    value: str
    currency: str
    status: str
    stage: str
    pipeline: str | None
    won_time: str | None
    lost_time: str | None
    lost_reason: str | None
    expected_close_date: str | None
    add_time: str


class Activity(NamedTuple):
    """An activity."""

    id: str
    subject: str
    type: str
    org: str
    deal: str | None
    owner: str
    due_date: str
    due_time: str | None
    duration: str | None
    done: str | None
    done_time: str | None
    note: str | None
    location: str | None
    add_time: str


Record = Org | Deal | Activity


def counts(size: int) -> Counts:
    """How many of `size` records are of each kind: one organization to ten deals and activities.

    Raises:
        ValueError: the size is too small to have one organization.
    """
    if size < SMALLEST:
        raise ValueError(f"a book has {SMALLEST} records or more, not {size}")
    orgs = size // SMALLEST
    deals = (size - orgs) // 2
    return Counts(orgs, deals, size - orgs - deals)


class Book:
    """An invented book of a size and a seed."""

    def __init__(self, size: int, seed: int) -> None:
        self.size = size
        self.seed = seed
        self.counts = counts(size)
        self._won = self.counts.deals * _WON_PERCENT // 100
        self._lost = self.counts.deals * _LOST_PERCENT // 100
        self._names = _Mixed(
            len(_FIRST_WORDS) * len(_SECOND_WORDS) * len(_LAST_WORDS), f"{seed} names"
        )
        self._order = _Mixed(self.counts.deals, f"{seed} deals")
        self._ids = {letter: _Mixed(_IDS, f"{seed} ids {letter}") for letter in "da"}

    def orgs(self) -> Iterator[Org]:
        """All organizations."""
        random = Random(f"{self.seed} orgs")
        for number in range(self.counts.orgs):
            key = self.org_id(number)
            yield Org(
                id=key,
                name=" ".join(self._words(number)),
                owner=random.choice(_OWNERS),
                address=f"{random.choice(_STREETS)} {random.randint(1, 99)}, "
                f"{random.choice(_CITIES)}"
                if random.random() < 0.8
                else None,
                website=f"https://{key}.example.com",
                phone=f"+39 000 555 {random.randint(0, 9999):04}"
                if random.random() < 0.7
                else None,
                industry=random.choice(_INDUSTRIES) if random.random() < 0.5 else None,
                add_time=_day(random, -900, -400),
            )

    def deals(self) -> Iterator[Deal]:
        """All deals, won, lost and open ones mixed."""
        random = Random(f"{self.seed} deals")
        for number in range(self.counts.deals):
            place = self._order(number)
            closed = random.randint(-700, -1)
            status = (
                "won" if place < self._won else "lost" if place < self._won + self._lost else "open"
            )
            count = random.randint(1, 60)
            title = random.choice(_TITLES).format(
                goods=random.choice(_GOODS), number=2020 + count % 7, count=count
            )
            yield Deal(
                id=self.deal_id(number),
                title=title,
                org=self.org_id(self._org_of_place(place)),
                owner=random.choice(_OWNERS),
                value=_amount(random),
                currency="USD" if random.random() < 0.08 else "EUR",
                status=status,
                stage="signed" if status == "won" else random.choice(_STAGES),
                pipeline="Service" if title.startswith("Service") else None,
                won_time=_on(closed) if status == "won" else None,
                lost_time=_on(closed) if status == "lost" else None,
                lost_reason=random.choice(_REASONS) if status == "lost" else None,
                expected_close_date=_day(random, -10, 120) if status == "open" else None,
                add_time=_on(closed - random.randint(10, 200)),
            )

    def activities(self) -> Iterator[Activity]:
        """All activities, about one in seven not done yet."""
        random = Random(f"{self.seed} activities")
        for number in range(self.counts.activities):
            deal = random.randrange(self.counts.deals)
            about_deal = random.random() < 0.6
            done = random.random() < 0.86
            due = random.randint(-700, -1) if done else random.randint(-15, 60)
            timed = random.random() < 0.3
            kind = random.choice(_TYPES)
            yield Activity(
                id=_id("a", self._ids["a"](number)),
                subject=random.choice(_SUBJECTS[kind]),
                type=kind,
                org=self.org_id(self._org_of_place(self._order(deal))),
                deal=self.deal_id(deal) if about_deal else None,
                owner=random.choice(_OWNERS),
                due_date=_on(due),
                due_time=f"{random.randint(8, 17):02}:{random.choice(('00', '30'))}"
                if timed
                else None,
                duration=f"{random.randint(1, 3)}:00" if timed else None,
                done="true" if done else None,
                done_time=_on(due) if done else None,
                note=random.choice(_NOTES) if random.random() < 0.2 else None,
                location=random.choice(_PLACES) if kind in {"meeting", "lunch"} else None,
                add_time=_on(due - random.randint(1, 30)),
            )

    def org_id(self, number: int) -> str:
        """The id of an organization: what acctcli makes of its name."""
        return "-".join(self._words(number)).lower().translate(_PLAIN_LETTERS)

    def deal_id(self, number: int) -> str:
        """The id of a deal."""
        return _id("d", self._ids["d"](number))

    def _org_of_place(self, place: int) -> int:
        """The organization of a deal, by its place in the mixed order (the won ones come first)."""
        orgs = self.counts.orgs
        if place < min(self._won, _WINS_OF_EACH * orgs):
            return place % orgs
        # A few customers buy much and many little: the square makes low numbers more likely.
        share = _hashed(place) / 2**32
        return int(share * share * orgs)

    def _words(self, number: int) -> tuple[str, ...]:
        again, number = divmod(number, self._names.size)
        rest, last = divmod(self._names(number), len(_LAST_WORDS))
        first, second = divmod(rest, len(_SECOND_WORDS))
        words = (_FIRST_WORDS[first], _SECOND_WORDS[second], _LAST_WORDS[last])
        return (*words, str(again + 1)) if again else words


class _Mixed:
    """The numbers below `size` in an order that looks random; each comes once."""

    def __init__(self, size: int, seed: str) -> None:
        self.size = size
        digest = hashlib.sha256(seed.encode()).digest()
        self._start = int.from_bytes(digest[:8]) % size
        self._step = int.from_bytes(digest[8:16]) % size | 1
        while not _coprime(self._step, size):
            self._step += 2

    def __call__(self, number: int) -> int:
        return (self._start + number * self._step) % self.size


def _hashed(number: int) -> int:
    """A number below 2**32 that looks random, always the same for the same number."""
    number = number * 0x9E3779B1 % 2**32
    number = (number ^ number >> 15) * 0x85EBCA77 % 2**32
    return number ^ number >> 13


def _coprime(one: int, two: int) -> bool:
    while two:
        one, two = two, one % two
    return one == 1


_PLAIN_LETTERS = str.maketrans("àäéö", "aaeo")


def _id(letter: str, number: int) -> str:
    made = []
    for _ in range(8):
        number, digit = divmod(number, 32)
        made.append(_ALPHABET[digit])
    return letter + "".join(made)


def _on(days: int) -> str:
    return (TODAY + dt.timedelta(days=days)).isoformat()


def _day(random: Random, first: int, last: int) -> str:
    return _on(random.randint(first, last))


def _amount(random: Random) -> str:
    return f"{min(random.lognormvariate(8.3, 1.1), 900_000):.2f}"
