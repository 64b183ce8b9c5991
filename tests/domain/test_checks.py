"""Findings are what a careful clerk would ask, and every one has a sentence in both languages."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from pathlib import Path

import pytest

from fieldapp import i18n
from fieldapp.domain import checks
from fieldapp.domain.checks import check_household, check_parcel, check_tree
from fieldapp.domain.fields import spec
from fieldapp.domain.ids import new_id
from fieldapp.domain.programme import load
from fieldapp.domain.records import Household, Measurement, Member, Parcel, Tree
from fieldapp.errors import Finding, Severity

TODAY = dt.date(2026, 6, 1)
RULES = load(TODAY)
TREE = Tree(id=new_id(), village_code="522633100201", tag="A-0001", species="杉木", state="alive")
HOUSEHOLD = Household(
    id=new_id(),
    village_code="522633100201",
    head_name="杨进光",
    id_number="520102200002290002",
    phone="13812345678",
    bank_account="4111111111111111",
    account_holder="杨进光",
    category="lifted_out",
)


def _codes(findings: tuple[Finding, ...]) -> dict[str, Finding]:
    return {finding.code: finding for finding in findings}


def _tree(dbh_cm: float | None, height_m: float | None = 6.0, **more: object) -> dict[str, Finding]:
    return _codes(check_tree(TREE, dbh_cm, height_m, programme=RULES, today=TODAY, **more))


def test_a_good_tree_has_no_findings() -> None:
    assert _tree(6.5, planting_year=2015, photos=1, has_position=True) == {}


@pytest.mark.parametrize(
    ("girth_cm", "height_m", "year", "dbh_cm"),
    [(20.4, None, None, "6.5"), (39.3, None, None, "12.5"), (20.1, 5.5, None, "6.4"), (20.4, None, 2018, "6.5")],
)
def test_a_girth_is_recognised(girth_cm: float, height_m: float | None, year: int | None, dbh_cm: str) -> None:
    finding = _tree(girth_cm, height_m, planting_year=year)["dbh_girth"]
    assert (finding.suggestion, finding.severity) == (dbh_cm, Severity.AMBER)
    assert dbh_cm in i18n.finding_text(finding)


@pytest.mark.parametrize(("dbh_cm", "height_m", "year"), [(20.4, 14.0, 1995), (8.0, None, None), (12.0, 9.0, 2010)])
def test_a_thick_old_tree_is_no_girth(dbh_cm: float, height_m: float | None, year: int | None) -> None:
    assert "dbh_girth" not in _tree(dbh_cm, height_m, planting_year=year)


def test_what_is_too_thick_for_its_age_as_a_diameter_and_as_a_girth_is_told() -> None:
    finding = _tree(45.0, None, planting_year=2018)["dbh_age"]
    assert finding.severity is Severity.AMBER
    assert str(finding.params["age"]) in i18n.finding_text(finding)
    assert "dbh_age" not in _tree(20.4, None, planting_year=2018) | _tree(45.0, 30.0, planting_year=1960)


def test_diameters_and_heights() -> None:
    assert _tree(4.9)["dbh_range"].severity is Severity.AMBER
    assert "dbh_range" not in _tree(5.0) | _tree(8.0)
    assert _tree(62.0, None)["dbh_point"].suggestion == "6.2"
    both = _tree(64.0, None, planting_year=2013)
    assert [f.suggestion for f in both.values() if f.field == "dbh_cm"] == ["6.4", "20.4"], "a point or a tape"
    assert _tree(None, None)["dbh_missing"].severity is Severity.GREY
    assert _tree(None, 5.5)["dbh_missing"].severity is Severity.AMBER, "who measured the height stood before it"
    assert _tree(6.0, None)["height_missing"].severity is Severity.GREY
    assert _tree(6.0, 650)["height_unit"].suggestion == "6.5"
    assert _tree(6.0, 14.0)["height_ratio"].severity is Severity.AMBER
    assert "dbh_shrunk" in _tree(6.0, last_dbh_cm=6.4)
    assert "dbh_shrunk" not in _tree(6.1, last_dbh_cm=6.4)


@pytest.mark.parametrize(
    ("dbh_cm", "height_m", "code"),
    [
        (0.0, 6.0, "dbh_zero"),
        (-5.0, 6.0, "dbh_negative"),
        (6.0, -1.0, "height_negative"),
        (8883, 6.0, "dbh_impossible"),
        (6.0, 0.0, "height_zero"),
        (6.0, 9999, "height_impossible"),
    ],
)
def test_what_no_tree_can_be_must_be_mended(dbh_cm: float, height_m: float, code: str) -> None:
    found = _tree(dbh_cm, height_m)
    assert found[code].severity is Severity.RED
    assert "dbh_range" not in found
    assert _tree(6.0, 650)["height_unit"].severity is Severity.RED
    assert _tree(6.0, 65)["height_unit"].severity is Severity.AMBER


def test_a_member_is_checked_as_the_head_is() -> None:
    member = Member(id=new_id(), village_code="522633100201", id_number="520126", phone="139")
    found = _codes(checks.check_member(member, today=TODAY))
    assert (found["id_length"].severity, found["id_length"].field) == (Severity.RED, "id_number")
    assert (found["phone_form"].severity, found["phone_form"].field) == (Severity.AMBER, "phone")
    month_13 = dataclasses.replace(member, id_number="520102200013290008", phone="13812345678")
    assert "id_date" in _codes(checks.check_member(month_13, today=TODAY))
    nothing = dataclasses.replace(member, id_number=None, phone=None)
    assert checks.check_member(nothing, today=TODAY) == ()


def test_tags_years_photos() -> None:
    assert _tree(6.0, tag_count=2)["tag_twice"].severity is Severity.RED
    assert _tree(6.0, planting_year=2030)["year_future"].severity is Severity.RED
    assert _tree(6.0, photos=0)["photo_missing"].severity is Severity.GREY
    untagged = dataclasses.replace(TREE, tag=" ")
    assert "tag_missing" in _codes(check_tree(untagged, 6.0, 6.0, programme=RULES, today=TODAY))


def test_a_dead_tree_wants_no_measurement() -> None:
    dead = dataclasses.replace(TREE, state="dead")
    assert check_tree(dead, None, None, programme=RULES, photos=0, today=TODAY) == ()


def test_a_good_household_has_no_findings() -> None:
    given = ("recording", "sensitive")
    found = check_household(HOUSEHOLD, programme=RULES, trees=450, area_mu=2, tenures=1, consents=given, today=TODAY)
    assert found == ()


def test_household_findings() -> None:
    bare = Household(id=new_id(), village_code="522633100201")
    found = _codes(check_household(bare, programme=RULES, tenures=0, consents=(), today=TODAY))
    assert found["head_missing"].severity is Severity.GREY, "nothing has been typed: nobody has forgotten anything yet"
    begun = _codes(check_household(dataclasses.replace(bare, phone="13812345678"), programme=RULES, today=TODAY))
    assert begun["head_missing"].severity is checks.handed_in(found["head_missing"]).severity is Severity.RED
    assert {"id_missing", "phone_missing", "account_missing", "tenure_missing", "consent_recording_missing"} <= set(
        found
    )
    other = dataclasses.replace(HOUSEHOLD, account_holder="杨秀英", phone="123")
    found = _codes(check_household(other, programme=RULES, consents=("recording",), today=TODAY))
    assert {"holder_differs", "phone_form", "consent_sensitive_missing"} <= set(found)


def test_the_quota_warns_until_a_reason_is_given() -> None:
    found = _codes(check_household(HOUSEHOLD, programme=RULES, trees=300, area_mu=1.2, today=TODAY))
    finding = found["quota_exceeded"]
    assert (finding.severity, finding.params["quota"], finding.params["over"]) == (Severity.AMBER, 270, 30)
    settled = dataclasses.replace(HOUSEHOLD, quota_reason="全村统一栽植")
    assert "quota_exceeded" not in _codes(check_household(settled, programme=RULES, trees=300, area_mu=1.2))


def test_parcels() -> None:
    parcel = Parcel(id=new_id(), village_code="522633100201", origin="natural", planting_year=2030)
    found = _codes(check_parcel(parcel, programme=RULES, tenures=1, today=TODAY))
    assert set(found) == {"area_missing", "origin_natural", "year_future", "species_missing", "tenure_not_chosen"}
    small = dataclasses.replace(parcel, area_mu=0.5)
    assert _codes(check_parcel(small, trees=120, programme=RULES, today=TODAY))["parcel_dense"].params["allowed"] == 112


@pytest.mark.parametrize(
    ("typed", "odd"), [("2013", True), ("6.2", True), ("—", True), ("杉木", False), ("杨107", False)]
)
def test_what_has_no_letter_is_no_species(typed: str, odd: bool) -> None:
    tree = _codes(check_tree(dataclasses.replace(TREE, species=typed), 6.0, 6.0, programme=RULES, today=TODAY))
    parcel = Parcel(id=new_id(), village_code="522633100201", species=typed)
    for found in (tree, _codes(check_parcel(parcel, programme=RULES, today=TODAY))):
        assert ("species_form" in found) is odd
        assert not odd or (found["species_form"].severity, found["species_form"].field) == (Severity.RED, "species")


def test_declared_ranges() -> None:
    field = spec(Measurement, "dbh_cm")
    assert checks.check_value(field, 6.0) == ()
    assert checks.check_value(field, 401)[0].code == "value_large"
    assert checks.check_value(field, 0)[0].code == "value_small"


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_finding_has_its_sentence(language: str) -> None:
    i18n.set_language(language)
    folder = Path(checks.__file__).parent
    calls = r"(?:Finding|_red|_amber|_grey)\(\s*\"([a-z_]+)\""
    for module in ("checks", "check_tree", "idcard", "bankcard", "numbers"):
        for code in re.findall(calls, (folder / f"{module}.py").read_text("utf-8")):
            assert i18n.has(f"finding.{code}"), code
    assert set(_keys("zh_CN")) == set(_keys("en"))


def _keys(language: str) -> list[str]:
    """Sentences for one thing alone are English: Chinese has no plural."""
    keys = i18n.catalogue(language)
    return sorted(key for key in keys if key.startswith("finding.") and not key.endswith("#one"))


def test_an_equation_that_a_person_chose_wants_a_reason() -> None:
    parcel = Parcel(id=new_id(), village_code="522633100201", equation_id="zeng2018-general")
    found = _codes(check_parcel(parcel, programme=RULES, today=TODAY))
    assert found["equation_reason_missing"].severity is Severity.RED
    told = dataclasses.replace(parcel, equation_reason="the office says so")
    assert "equation_reason_missing" not in _codes(check_parcel(told, programme=RULES, today=TODAY))
    assert "equation_reason_missing" not in _codes(
        check_parcel(dataclasses.replace(parcel, equation_id=None), programme=RULES)
    )


def test_a_tree_is_judged_by_its_age_when_it_was_measured() -> None:
    young, old = (_tree(18.0, None, planting_year=2020, measured_on=day) for day in ("2023-05-01", "2045-05-01"))
    assert "dbh_girth" in young
    assert "dbh_girth" not in old
    later = check_tree(
        TREE, 18.0, None, programme=RULES, today=dt.date(2060, 1, 1), planting_year=2020, measured_on="2023-05-01"
    )
    assert _codes(later).keys() == young.keys()
