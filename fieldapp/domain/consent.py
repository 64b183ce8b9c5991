"""The consent texts that are read to a household, by version; a text that somebody agreed to is never taken away."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from fieldapp import paths

PRACTICE = "practice-"  # before the version of a consent that nobody gave in earnest


@dataclass(frozen=True, slots=True)
class ConsentText:
    """What is read aloud for one kind of consent, in one language; `status` is draft or in_force."""

    kind: str
    language: str
    version: str
    date: str
    status: str
    source: str
    articles: tuple[int, ...]  # of the Personal Information Protection Law
    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConsentTexts:
    """Every text that was ever shipped; `version` is the one that is read today."""

    version: str
    texts: Mapping[tuple[str, str, str], ConsentText]

    def text(self, kind: str, language: str, version: str = "") -> ConsentText | None:
        """The text of a kind of consent, today's without a version; None for a version that was never shipped."""
        return self.texts.get((version.removeprefix(PRACTICE) or self.version, kind, language))


def marked(version: str, *, practice: bool) -> str:
    """The version as a consent carries it: one that was given in the practice village says so."""
    return f"{PRACTICE}{version}" if practice else version


def load(file: Path | None = None) -> ConsentTexts:
    """The shipped texts, or those of another file."""
    return _read(file or paths.resources() / "programme" / "consent.json")


@lru_cache(maxsize=4)
def _read(file: Path) -> ConsentTexts:
    data = json.loads(file.read_text("utf-8"))
    found = {}
    for edition in data["texts"]:
        for kind, entry in edition["kinds"].items():
            for language, source in edition["source"].items():
                text = _text(edition, kind, entry, language, source)
                found[text.version, kind, language] = text
    return ConsentTexts(data["current"], found)


def _text(edition: dict[str, Any], kind: str, entry: dict[str, Any], language: str, source: str) -> ConsentText:
    words = entry[language]
    return ConsentText(
        kind=kind,
        language=language,
        version=edition["version"],
        date=edition["date"],
        status=edition["status"],
        source=source,
        articles=tuple(entry["articles"]),
        title=words["title"],
        paragraphs=tuple(words["paragraphs"]),
    )
