"""What a surveyor should look at in a household, a parcel, a tree or a position. Pure: facts in, findings out.

Red must be mended before a record is ready, amber wants a reason, grey is still missing. Nothing here stops typing.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from fieldapp.domain import bankcard, idcard, standing
from fieldapp.domain.check_tree import age_when_measured, check_measurement
from fieldapp.domain.fields import FieldSpec
from fieldapp.domain.numbers import plain_width
from fieldapp.domain.programme import Programme
from fieldapp.domain.records import Household, Member, Parcel, Tree
from fieldapp.errors import Finding, Severity

# what a person types into the form of a household
_TYPED = (
    "group_name", "id_number", "phone", "category", "ethnic_group", "bank_name", "bank_account", "account_holder",
    "quota_reason", "state_reason", "remarks",
)  # fmt: skip
_HANDED_IN = {"head_missing": Severity.RED, "dbh_missing": Severity.AMBER}
_PHONE = re.compile(r"(1[3-9][0-9]{9}|0[0-9]{2,3}[0-9]{7,8}|[2-9][0-9]{6,7})")
STANDING = ("alive", None)  # trees that are measured and photographed


def check_tree(
    tree: Tree,
    dbh_cm: float | None,
    height_m: float | None,
    *,
    programme: Programme,
    species: str | None = None,
    planting_year: int | None = None,
    tag_count: int = 1,
    photos: int | None = None,
    has_position: bool | None = None,
    last_dbh_cm: float | None = None,
    measured_on: str | None = None,
    today: dt.date | None = None,
) -> tuple[Finding, ...]:
    """Findings of one tree.

    `species` and `planting_year` are the parcel's, used where the tree has none. `tag_count` is how many trees carry
    its tag; `last_dbh_cm` an earlier measurement; None for photos or position means: not asked here.
    """
    day = today or dt.date.today()
    kind, year = tree.species or species, tree.planting_year or planting_year
    age = age_when_measured(year, measured_on, day)
    findings = _species_findings(tree.species) if kind else [_grey("species_missing", "species")]
    if not (tree.tag or "").strip():
        findings.append(_grey("tag_missing", "tag"))
    elif tag_count > 1:
        findings.append(_red("tag_twice", "tag", tag=tree.tag, n=tag_count))
    findings += _year_findings(year, day)
    if tree.state in STANDING:
        findings += check_measurement(dbh_cm, height_m, programme, species=kind, age_years=age, last_dbh_cm=last_dbh_cm)
        if photos == 0:
            findings.append(_grey("photo_missing", "photo"))
        if has_position is False:
            findings.append(_grey("position_missing", "position"))
    return tuple(findings)


def check_household(
    household: Household,
    *,
    programme: Programme,
    trees: int = 0,
    area_mu: float | None = None,
    tenures: int | None = None,
    consents: Collection[str] | None = None,
    members: Sequence[Member] = (),
    county_name: idcard.CountyName | None = None,
    today: dt.date | None = None,
) -> tuple[Finding, ...]:
    """Findings of one household; `trees` are those that count, `area_mu` the land of all its parcels, None if unknown.

    `tenures` and `consents` (kinds that were given and not withdrawn) are left out of the judgement when None.
    """
    findings = [] if _filled(household.head_name) else [_head_missing(household, trees, tenures, consents)]
    findings += idcard.check_id(household.id_number or "", today=today, county_name=county_name).findings
    findings += check_phone(household.phone)
    findings += bankcard.check_account(household.bank_account or "")
    if _filled(household.account_holder) and _other(household.account_holder, household.head_name):
        findings.append(_amber("holder_differs", "account_holder"))
    if not household.category:
        findings.append(_grey("category_missing", "category"))
    findings += check_quota(trees, area_mu, programme, reason=household.quota_reason)
    if tenures == 0:
        findings.append(_grey("tenure_missing", "tenure"))
    if consents is not None:
        missing = [kind for kind in standing.wanted(household, members) if kind not in consents]
        findings += [_consent_missing(kind) for kind in missing]
    return tuple(findings)


def handed_in(finding: Finding) -> Finding:
    """The finding as it weighs once the household is to be handed in: what was merely not typed yet is missing then.

    A household without a head is nobody's; a living tree without a diameter has no sink, which wants a reason.
    """
    return replace(finding, severity=_HANDED_IN.get(finding.code, finding.severity))


def check_member(
    member: Member, *, county_name: idcard.CountyName | None = None, today: dt.date | None = None
) -> tuple[Finding, ...]:
    """Findings of what was written down about a member: the head's own checks; a child may have no phone."""
    findings: list[Finding] = []
    if _filled(member.id_number):
        findings += idcard.check_id(member.id_number or "", today=today, county_name=county_name).findings
    if _filled(member.phone):
        findings += check_phone(member.phone)
    return tuple(findings)


def check_parcel(
    parcel: Parcel,
    *,
    trees: int = 0,
    programme: Programme,
    tenures: int | None = None,
    today: dt.date | None = None,
) -> tuple[Finding, ...]:
    """Findings of one parcel; `tenures` is how many papers its household has, None when that is not asked here."""
    findings = []
    if not parcel.area_mu:
        findings.append(_grey("area_missing", "area_mu"))
    elif trees > programme.trees_per_mu * parcel.area_mu + 1e-6:
        allowed = int(programme.trees_per_mu * parcel.area_mu + 1e-6)
        findings.append(_amber("parcel_dense", "area_mu", trees=trees, allowed=allowed))
    if parcel.origin == "natural":
        findings.append(_amber("origin_natural", "origin"))
    elif not parcel.origin:
        findings.append(_grey("origin_missing", "origin"))
    if parcel.planting_year is None:
        findings.append(_grey("year_missing", "planting_year"))
    findings += _year_findings(parcel.planting_year, today or dt.date.today())
    findings += _species_findings(parcel.species) if parcel.species else [_grey("species_missing", "species")]
    if tenures and parcel.tenure_id is None:
        findings.append(_grey("tenure_not_chosen", "tenure_id"))
    if parcel.equation_id and not _filled(parcel.equation_reason):
        findings.append(_red("equation_reason_missing", "equation_reason"))
    if parcel.other_scheme:
        findings.append(_amber("other_scheme", "other_scheme"))
    return tuple(findings)


def _species_findings(species: str | None) -> list[Finding]:
    """A name has letters; a year or a diameter that slipped into its cell has none."""
    if not species or any(sign.isalpha() for sign in species):
        return []
    return [_red("species_form", "species", text=species)]


def check_quota(
    trees: int, area_mu: float | None, programme: Programme, *, reason: str | None = None
) -> tuple[Finding, ...]:
    """Amber when a household has more trees than its land allows; a reason settles it, recording is never blocked."""
    quota = programme.quota(area_mu)
    if trees <= quota or _filled(reason):
        return ()
    return (_amber("quota_exceeded", "quota_reason", trees=trees, quota=quota, over=trees - quota),)


def check_phone(phone: str | None) -> tuple[Finding, ...]:
    """A phone number that is missing, or that nobody could dial."""
    if not _filled(phone):
        return (_grey("phone_missing", "phone"),)
    return () if _PHONE.fullmatch(plain_phone(phone or "")) else (_amber("phone_form", "phone"),)


def plain_phone(typed: str) -> str:
    """A phone number as one dials it in the country, whatever stands between its digits."""
    digits = re.sub(r"[\s\-()]", "", plain_width(typed))
    return re.sub(r"^(\+?86)(?=1[3-9])", "", digits)


def check_value(spec: FieldSpec, value: float | None) -> tuple[Finding, ...]:
    """A number outside the range that its field declares."""
    low, high = spec.minimum, spec.maximum
    if value is None or ((low is None or value >= low) and (high is None or value <= high)):
        return ()
    code = "value_small" if low is not None and value < low else "value_large"
    return (_red(code, spec.name, limit=f"{low if code == 'value_small' else high:g}", unit=spec.unit),)


def _year_findings(year: int | None, today: dt.date) -> list[Finding]:
    if year is None:
        return []
    if year > today.year:
        return [_red("year_future", "planting_year", year=year)]
    return [_amber("year_old", "planting_year", year=year)] if today.year - year > 100 else []


def _head_missing(household: Household, trees: int, tenures: int | None, consents: Collection[str] | None) -> Finding:
    """Grey while nothing at all has been recorded of a new household: nobody has forgotten anything yet."""
    typed = (getattr(household, name) for name in _TYPED)
    begun = trees or tenures or consents or any(isinstance(text, str) and _filled(text) for text in typed)
    return _red("head_missing", "head_name") if begun else _grey("head_missing", "head_name")


def _consent_missing(kind: str) -> Finding:
    """The law asks for the separate consent before the number is written down, not when the work is handed in."""
    code = f"consent_{kind}_missing"
    return _amber(code, "consent") if kind == standing.SENSITIVE else _grey(code, "consent")


def _filled(text: str | None) -> bool:
    return bool(text and text.strip())


def _other(one: str | None, another: str | None) -> bool:
    return _filled(another) and re.sub(r"\s", "", one or "") != re.sub(r"\s", "", another or "")


def _red(code: str, field: str, **params: Any) -> Finding:
    return Finding(code, Severity.RED, field, params)


def _amber(code: str, field: str, **params: Any) -> Finding:
    return Finding(code, Severity.AMBER, field, params)


def _grey(code: str, field: str, **params: Any) -> Finding:
    return Finding(code, Severity.GREY, field, params)
