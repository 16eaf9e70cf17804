"""The closed sets of words: sections of the digest, health, changes of accounts."""

from __future__ import annotations

from typing import Literal, get_args

SectionName = Literal["overdue", "today", "unplanned", "won", "renewals", "late", "at_risk"]
SECTIONS: tuple[SectionName, ...] = get_args(SectionName)

Word = Literal["at risk", "watch", "healthy"]
WORDS: tuple[Word, ...] = get_args(Word)

Movement = Literal["new", "lost", "renamed", "value_up", "value_down", "overdue", "moved"]
MOVEMENTS: tuple[Movement, ...] = get_args(Movement)
