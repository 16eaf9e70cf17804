"""Sections, health words, movements: the closed sets (out of core/digest, health, movement)."""

from __future__ import annotations

from typing import Literal, get_args

SectionName = Literal["overdue", "today", "unplanned", "won", "renewals", "late", "at_risk"]
DIGEST_SECTIONS: tuple[SectionName, ...] = get_args(SectionName)

HealthWord = Literal["at risk", "watch", "healthy"]
HEALTH_WORDS: tuple[HealthWord, ...] = get_args(HealthWord)

ChangeKind = Literal["new", "lost", "renamed", "value_up", "value_down", "overdue", "moved"]
CHANGE_KINDS: tuple[ChangeKind, ...] = get_args(ChangeKind)
