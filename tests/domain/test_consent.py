"""The consent texts are whole in both languages, say that they are a draft, and never lose a version."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fieldapp import i18n, paths
from fieldapp.domain import consent, programme
from fieldapp.domain.records import CONSENT_KINDS


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("kind", CONSENT_KINDS)
def test_every_kind_has_its_text_in_every_language(kind: str, language: str) -> None:
    texts = consent.load()
    text = texts.text(kind, language)
    assert text is not None
    assert (text.kind, text.language, text.version) == (kind, language, texts.version)
    assert text.title
    assert len(text.paragraphs) >= 5
    assert text.paragraphs[-1].endswith(("？", "?", "."))
    assert text.articles


def test_both_languages_say_the_same_number_of_things() -> None:
    texts = consent.load()
    for kind in CONSENT_KINDS:
        lengths = {len(found.paragraphs) for lang in i18n.LANGUAGES if (found := texts.text(kind, lang))}
        assert len(lengths) == 1, kind


def test_the_draft_says_that_it_is_one_and_names_the_law() -> None:
    texts = consent.load()
    found = [text for text in texts.texts.values() if text.version == texts.version]
    assert {text.status for text in found} == {"draft"}
    assert all("草案" in text.source or "draft" in text.source for text in found)
    named = {article for text in found for article in text.articles}
    assert named == {13, 14, 15, 17, 23, 29, 30}


def test_the_consent_to_sensitive_information_is_one_of_its_own() -> None:
    text = consent.load().text("sensitive", "zh_CN")
    assert text is not None
    assert "单独" in text.title
    assert any("身份证号" in paragraph and "银行账号" in paragraph for paragraph in text.paragraphs)


def test_practice_carries_the_same_version_with_a_mark() -> None:
    texts = consent.load()
    version = consent.marked(texts.version, practice=True)
    assert version == f"practice-{texts.version}"
    assert consent.marked(texts.version, practice=False) == texts.version
    assert texts.text("recording", "en", version) == texts.text("recording", "en")


def test_a_version_that_was_never_shipped_has_no_text() -> None:
    assert consent.load().text("recording", "en", "2018-1") is None


def test_an_older_text_can_still_be_read(tmp_path: Path) -> None:
    data = json.loads((paths.resources() / "programme" / "consent.json").read_text("utf-8"))
    newer = json.loads(json.dumps(data["texts"][0])) | {"version": "2027-1", "status": "in_force"}
    newer["kinds"]["recording"]["en"]["title"] = "Consent, 2027"
    data["texts"].append(newer)
    data["current"] = "2027-1"
    file = tmp_path / "consent.json"
    file.write_text(json.dumps(data), "utf-8")
    texts = consent.load(file)
    now, then = texts.text("recording", "en"), texts.text("recording", "en", consent.load().version)
    assert now is not None
    assert then is not None
    assert (now.title, now.status) == ("Consent, 2027", "in_force")
    assert then == consent.load().text("recording", "en")


def test_the_rules_beside_it_are_not_disturbed() -> None:
    assert programme.load().version.startswith("guizhou")
