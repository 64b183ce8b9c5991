"""The texts: both languages whole, the same placeholders, every key that the code names, every field and choice."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldapp import errors, i18n, paths
from fieldapp.domain.fields import specs
from fieldapp.domain.numbers import parse_number
from fieldapp.domain.records import RECORD_TYPES

PACKAGE = Path(i18n.__file__).resolve().parent
CHINESE, ENGLISH = i18n.LANGUAGES
HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U000323af]")
MNEMONIC = re.compile(r"\(&.\)")  # the letter of a menu in its brackets, as every desktop sets it
HALF_WIDTH = re.compile(rf"{HAN.pattern}\s?\((?!\*)|\([^()]*{HAN.pattern}|{HAN.pattern}: ")
PLURAL = "#one"
# English texts that show a Chinese name on purpose: the language's own name, species, examples of place names
# (a language is named in itself for those who read nothing else; initials need the name that they stand for)
CHINESE_IN_ENGLISH = {"language.zh_CN", "ui.command.switch_language", "ui.start.language", "ui.village.none"}
# what may stand in Latin letters in a Chinese sentence: units, formats, names of standards, keys, placeholders
_LATIN_SENTENCE = re.compile(r"(?:\b[a-z]{2,}\b[ ,]+){3,}")


def placeholders(text: str) -> set[str]:
    """Names of the parameters that a text wants."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def keys_called(name: str) -> Iterator[tuple[Path, str]]:
    """Every literal first argument of a call of `name`, in the whole package."""
    for file in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and node.args and _called(node.func) == name:
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield file, first.value


def _called(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def error_names() -> set[str]:
    """The exception classes that carry a code, those that rooms derive included."""
    found = {errors.FieldappError.__name__}
    grown = True
    while grown:
        grown = False
        for file in PACKAGE.rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if isinstance(node, ast.ClassDef) and node.name not in found:
                    bases = {_called(base) for base in node.bases}
                    grown = grown or bool(bases & found)
                    found |= {node.name} if bases & found else set()
    return found


def test_both_languages_have_the_same_files_and_keys() -> None:
    folder = paths.resources() / "locale"
    assert {f.name for f in (folder / CHINESE).iterdir()} == {f.name for f in (folder / ENGLISH).iterdir()}
    english = {key for key in i18n.catalogue(ENGLISH) if not key.endswith(PLURAL)}
    assert english ^ set(i18n.catalogue(CHINESE)) == set()


def test_both_languages_want_the_same_parameters() -> None:
    chinese, english = i18n.catalogue(CHINESE), i18n.catalogue(ENGLISH)
    different = {
        key: (placeholders(chinese[key]), placeholders(english[key]))
        for key in chinese.keys() & english.keys()
        if placeholders(chinese[key]) != placeholders(english[key])
    }
    assert different == {}


def test_a_text_for_one_belongs_to_a_text_for_many() -> None:
    english = i18n.catalogue(ENGLISH)
    for key in (key for key in english if key.endswith(PLURAL)):
        assert "n" in placeholders(english[key.removesuffix(PLURAL)]), key
        assert placeholders(english[key]) <= placeholders(english[key.removesuffix(PLURAL)]), key


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_no_text_is_empty(language: str) -> None:
    assert [key for key, text in i18n.catalogue(language).items() if not text.strip()] == []


def test_english_texts_hold_no_chinese() -> None:
    held = {key: text for key, text in i18n.catalogue(ENGLISH).items() if HAN.search(text)}
    unmeant = {key: text for key, text in held.items() if key not in CHINESE_IN_ENGLISH and ".example" not in key}
    assert unmeant == {}


def test_chinese_texts_hold_no_english_sentence() -> None:
    texts = i18n.catalogue(CHINESE).items()
    assert {key: text for key, text in texts if _LATIN_SENTENCE.search(text)} == {}
    labels = {key: text for key, text in texts if key.startswith(("field.", "choice.", "record."))}
    assert {key: text for key, text in labels.items() if not HAN.search(text)} == {}


def test_chinese_texts_set_brackets_and_colons_full_width() -> None:
    texts = {key: MNEMONIC.sub("", text) for key, text in i18n.catalogue(CHINESE).items()}
    assert {key: text for key, text in texts.items() if HALF_WIDTH.search(text)} == {}


@pytest.mark.parametrize(("language", "line"), [(CHINESE, "树高：5.1 m"), (ENGLISH, "树高: 5.1 m")])
def test_a_label_and_its_value_stand_as_the_language_sets_them(language: str, line: str) -> None:
    before = i18n.language()
    i18n.set_language(language)
    try:
        assert i18n.labelled("树高", "5.1 m") == line
    finally:
        i18n.set_language(before)


def test_every_key_that_the_code_names_exists() -> None:
    known = i18n.catalogue(CHINESE)
    missing = {(file.name, key) for file, key in keys_called("t") if key not in known}
    assert missing == set()


def test_every_error_code_has_title_message_and_advice() -> None:
    known = i18n.catalogue(CHINESE)
    codes = {code for name in error_names() for _, code in keys_called(name)}
    wanted = {f"error.{code}.{part}" for code in codes for part in ("title", "message", "advice")}
    assert wanted - known.keys() == set()


def test_every_error_text_comes_in_three_parts() -> None:
    for key in (key for key in i18n.catalogue(CHINESE) if key.startswith("error.")):
        stem, _, part = key.rpartition(".")
        assert part in {"title", "message", "advice"}, key
        assert {f"{stem}.{other}" for other in ("title", "message", "advice")} <= i18n.catalogue(CHINESE).keys(), stem


def test_every_finding_code_has_its_sentence() -> None:
    known = i18n.catalogue(CHINESE)
    assert {code for _, code in keys_called("Finding") if f"finding.{code}" not in known} == set()


@pytest.mark.parametrize("record", RECORD_TYPES, ids=lambda record: record.record_name)
def test_every_record_field_and_choice_has_a_label(record: type) -> None:
    known = i18n.catalogue(CHINESE)
    wanted = {f"record.{spec.record}" for spec in specs(record)} | {spec.label for spec in specs(record)}
    wanted |= {f"choice.{spec.record}.{spec.name}.{choice}" for spec in specs(record) for choice in spec.choices}
    assert wanted - known.keys() == set()


def test_no_label_is_left_of_a_field_that_is_gone() -> None:
    labels = {spec.label for record in RECORD_TYPES for spec in specs(record)}
    assert {key for key in i18n.catalogue(CHINESE) if key.startswith("field.")} - labels == set()


@pytest.mark.parametrize(("language", "words"), [(CHINESE, "这里要 亩"), (ENGLISH, "mu")])
def test_a_finding_names_its_unit_in_the_language_of_the_reader(language: str, words: str) -> None:
    found = parse_number("3 cm", "mu")
    assert isinstance(found, errors.Finding)
    before = i18n.language()
    i18n.set_language(language)
    try:
        assert words in i18n.finding_text(found)
    finally:
        i18n.set_language(before)
