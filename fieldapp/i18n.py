"""Every text a person reads, in Simplified Chinese first and English second.

One catalogue serves window, web page, paper and command line, so that the same thing has the same
word everywhere: `resources/locale/<language>/<room>.json`, flat `key: text` with `str.format` fields.
An English text that counts may have a twin `key#one`, used when the parameter `n` is 1.
Why not Qt's .ts files: domain, server and command line know no Qt (docs/decisions/0002).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from fieldapp import paths
from fieldapp.errors import FieldappError, Finding

LANGUAGES = ("zh_CN", "en")

_language = LANGUAGES[0]
_UNITS = ("unit", "wanted")  # parameters of findings that name a unit


def language() -> str:
    """The language in force."""
    return _language


def set_language(name: str) -> None:
    """Switches the language of every text asked for from now on."""
    global _language
    if name not in LANGUAGES:
        raise ValueError(name)
    _language = name


@lru_cache(maxsize=len(LANGUAGES))
def catalogue(name: str) -> dict[str, str]:
    """All texts of one language; a key that stands in two files is an error."""
    texts: dict[str, str] = {}
    for file in sorted((paths.resources() / "locale" / name).glob("*.json")):
        for key, text in json.loads(file.read_text("utf-8")).items():
            if key in texts:
                raise ValueError(f"{file.name}: {key} is already defined")
            texts[key] = text
    return texts


def t(key: str, **params: Any) -> str:
    """The text of `key` in the language in force, with its parameters filled in.

    Raises KeyError for a key that no catalogue has: a test keeps that from reaching a person.
    """
    texts = catalogue(_language)
    if params.get("n") == 1 and f"{key}#one" in texts:
        key = f"{key}#one"
    return texts[key].format(**params) if params else texts[key]


def has(key: str) -> bool:
    """Whether the catalogue knows `key`."""
    return key in catalogue(_language)


def labelled(label: str, value: str) -> str:
    """A label and its value as the language sets them: the colon is the language's own."""
    return t("common.label_value", label=label, value=value)


def listed(parts: Iterable[str], *, apart: bool = False) -> str:
    """Parts in a row with the comma of the language, or its semicolon where they stand further `apart`."""
    return t("common.semicolon" if apart else "common.comma").join(parts)


def aside(text: str, note: str) -> str:
    """A text with a note in the brackets of the language."""
    return t("common.aside", text=text, note=note)


def finding_text(finding: Finding) -> str:
    """The finding as a sentence; a field's unit (mu) is named in the language of the reader (亩)."""
    keys = {name: f"unit.{finding.params.get(name)}" for name in _UNITS}
    units = {name: t(key) for name, key in keys.items() if has(key)}
    return t(finding.key, **{**finding.params, **units})


def error_texts(error: FieldappError) -> tuple[str, str, str]:
    """Title, message and advice of an error, in that order."""
    stem, params = f"error.{error.code}", error.params
    refused = f"os.{params.get('reason')}"  # what the operating system refused (`errors.os_reason`)
    if has(refused):
        params = {**params, "reason": t(refused)}
    return t(f"{stem}.title", **params), t(f"{stem}.message", **params), t(f"{stem}.advice", **params)
