"""The plan of a practice village: every record before any store has seen it, pure and the same for the same seed."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, field, replace
from random import Random

from fieldapp.domain import consent
from fieldapp.domain.ids import RecordId, derived_id
from fieldapp.domain.records import Consent, Event, Household, Member, Parcel, Position, Record, Tenure, Village
from fieldapp.practice import land, people
from fieldapp.practice.stand import Stand, TreePlan

VILLAGE_CODE = "522632106203"  # a code of the official list, so that names and county checks work
VILLAGE_ID = derived_id("village", VILLAGE_CODE)
VILLAGE_NAME, TOWNSHIP, COUNTY = "练习村", "栽麻镇", "榕江县"
LAPTOPS = (1, 2)
FIRST_MORNING = dt.datetime(2025, 4, 7, 0, 30, tzinfo=dt.UTC)  # 08:30 in Guizhou
SURVEYORS = {1: "调查员甲（练习）", 2: "调查员乙（练习）"}
_GROUPS = ("一组", "二组", "三组", "四组", "五组")
_CATEGORIES = ("lifted_out", "registered_poor", "forest_household", "unstable", "marginal", "sudden_hardship")
_CATEGORY_WEIGHTS = (40, 20, 22, 8, 6, 4)
_TENURES = ("forest_right", "grain_for_green", "self_kept_hill", "contract_management", "village_statement")
_TREES_A_HOUSEHOLD = 200
_MINUTES_A_HOUSEHOLD = 95


class Ids:
    """Version 7 ids that are the same for the same seed and salt: two laptops can plan one village together."""

    def __init__(self, seed: int, salt: bytes) -> None:
        self._key = hashlib.sha256(seed.to_bytes(8, "big", signed=True) + salt).digest()
        self._count = 0

    def new(self, at_ms: int) -> RecordId:
        """The next id, made at this time."""
        self._count += 1
        tail = bytearray(hashlib.sha256(self._key + self._count.to_bytes(8, "big")).digest()[:10])
        tail[0] = 0x70 | (tail[0] & 0x0F)
        tail[2] = 0x80 | (tail[2] & 0x3F)
        return RecordId(at_ms.to_bytes(6, "big") + bytes(tail))


@dataclass(slots=True)
class HouseholdPlan:
    """One household as one laptop records it: the household, what hangs on it, its trees parcel by parcel."""

    laptop: int
    at_ms: int
    household: Household
    records: list[Record] = field(default_factory=list)
    trees: list[TreePlan] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PracticeVillage:
    """The whole plan; households are in the order of their recording."""

    seed: int
    village: Village
    households: tuple[HouseholdPlan, ...]

    @property
    def trees(self) -> int:
        """How many trees are planned."""
        return sum(len(plan.trees) for plan in self.households)


def plan_village(seed: int, trees: int, salt: bytes = b"") -> PracticeVillage:
    """Plans a village with this many trees; `salt` keeps the ids of two profiles with one seed apart."""
    village = Village(
        id=VILLAGE_ID,
        village_code=VILLAGE_CODE,
        name=VILLAGE_NAME,
        township=TOWNSHIP,
        county=COUNTY,
        practice=1,
    )
    return PracticeVillage(seed, village, tuple(_Planner(seed, salt).households(trees)))


def _has_a_tag_twice(plan: HouseholdPlan) -> bool:
    tags = [tree.tree.tag for tree in plan.trees]
    return len(set(tags)) < len(tags)


class _Planner:
    """Draws household after household from one source of chance."""

    def __init__(self, seed: int, salt: bytes) -> None:
        self._chance = Random(seed)
        self._ids = Ids(seed, salt)
        self._people = people.People(self._chance)
        self._tag = 0

    def households(self, trees: int) -> list[HouseholdPlan]:
        """Shares the trees out; the fourth household has more than its quota."""
        count = max(2, round(trees / _TREES_A_HOUSEHOLD)) if trees > 1 else 1
        weights = [self._chance.uniform(0.4, 1.6) for _ in range(count)]
        if count > 3:
            weights[3] = 2.4
        shares = [int(trees * weight / sum(weights)) for weight in weights]
        for index in range(trees - sum(shares)):
            shares[index % count] += 1
        return [self._household(index, share) for index, share in enumerate(shares)]

    def _household(self, index: int, trees: int) -> HouseholdPlan:
        chance, laptop = self._chance, LAPTOPS[index % 2]
        round_ = index // 2
        morning = FIRST_MORNING + dt.timedelta(days=round_ // 5, minutes=_MINUTES_A_HOUSEHOLD * (round_ % 5))
        at_ms = int(morning.timestamp() * 1000) + laptop * 61_000
        surname = self._people.surname()
        head, id_number = self._people.name(surname), self._people.id_number()
        household = Household(
            id=self._ids.new(at_ms),
            village_code=VILLAGE_CODE,
            head_name=head,
            group_name=_GROUPS[index // 8 % len(_GROUPS)],
            category=chance.choices(_CATEGORIES, _CATEGORY_WEIGHTS)[0],
            phone=None if index % 13 == 5 else self._people.phone(),
            id_number=people.with_wrong_checksum(id_number) if index % 17 == 6 else id_number,
            ethnic_group=chance.choices(("侗族", "苗族", "汉族", "水族"), (60, 25, 10, 5))[0],
            bank_name="练习银行（不存在）",
            bank_account=self._people.account(),
            account_holder=self._people.name(surname, woman=True) if index % 11 == 4 else head,
            state="not_eligible" if index % 14 == 9 else ("ready" if index % 3 == 0 else "draft"),
            state_reason="练习：土地已流转给公司" if index % 14 == 9 else None,
            quota_reason="练习：老林地，分户前统一造林" if index == 3 and trees > 450 else None,
        )
        plan = HouseholdPlan(laptop, at_ms, household)
        self._family(plan, surname)
        tenures = self._papers(plan, index)
        self._parcels(plan, tenures, trees)
        if household.state == "ready" and (household.id_number != id_number or _has_a_tag_twice(plan)):
            plan.household = replace(household, state="draft")  # nobody could have marked it ready
        return plan

    def _family(self, plan: HouseholdPlan, surname: str) -> None:
        for order in range(self._chance.randrange(0, 5)):
            relation, woman = self._people.relation(order)
            young = relation in ("子", "女", "孙子")
            plan.records.append(
                Member(
                    id=self._ids.new(plan.at_ms),
                    village_code=VILLAGE_CODE,
                    household_id=plan.household.id,
                    name=self._people.name(self._people.surname() if relation == "配偶" else surname, woman=woman),
                    relation=relation,
                    id_number=self._people.id_number(oldest=1985, youngest=2015) if young else self._people.id_number(),
                )
            )

    def _papers(self, plan: HouseholdPlan, index: int) -> list[RecordId]:
        day = _day(plan.at_ms)
        kinds = ("recording",) if index % 19 == 7 else ("recording", "sensitive", "sale")
        for kind in kinds:
            plan.records.append(
                Consent(
                    id=self._ids.new(plan.at_ms),
                    village_code=VILLAGE_CODE,
                    household_id=plan.household.id,
                    kind=kind,
                    given_on=day,
                    text_version=consent.marked(consent.load().version, practice=True),
                    witness="村委会（练习）",
                )
            )
        papers = [] if index % 15 == 8 else self._chance.sample(_TENURES, self._chance.randrange(1, 3))
        for kind in papers:
            tenure = Tenure(
                id=self._ids.new(plan.at_ms),
                village_code=VILLAGE_CODE,
                household_id=plan.household.id,
                kind=kind,
                number=f"练习字第{self._chance.randrange(100_000):05d}号",
                holder=plan.household.head_name,
                area_mu=round(self._chance.uniform(1.5, 8.0), 2),
                issued_on=f"{self._chance.randrange(2002, 2016)}-{self._chance.randrange(1, 13):02d}-15",
            )
            plan.records.append(tenure)
        return [record.id for record in plan.records if isinstance(record, Tenure)]

    def _parcels(self, plan: HouseholdPlan, tenures: list[RecordId], trees: int) -> None:
        count = 1 if trees < 60 else self._chance.randrange(1, 4)
        start_ms = plan.at_ms + 20 * 60_000
        for order in range(count):
            share = trees // count + (1 if order < trees % count else 0)
            if share == 0:
                continue
            parcel, plot = self._parcel(plan, tenures, share, start_ms)
            stand = Stand(self._chance, self._ids, parcel, plot, SURVEYORS[plan.laptop])
            plan.trees += stand.trees(share, self._tag, start_ms)
            self._tag += share
            start_ms += 25 * 60_000
        if trees > 450:
            plan.records.append(self._over_quota(plan))

    def _parcel(self, plan: HouseholdPlan, tenures: list[RecordId], trees: int, at_ms: int) -> tuple[Parcel, land.Plot]:
        area_mu = round(max(0.1, trees / self._chance.uniform(150, 222)), 2)
        plot = land.plot(self._chance, area_mu)
        parcel = Parcel(
            id=self._ids.new(at_ms),
            village_code=VILLAGE_CODE,
            household_id=plan.household.id,
            place_name=self._chance.choice(land.PLACE_NAMES),
            area_mu=area_mu,
            origin=self._chance.choices(("planted", "grain_for_green"), (70, 30))[0],
            planting_year=self._chance.randrange(2013, 2018),
            species=land.species(self._chance),
            tenure_id=self._chance.choice(tenures) if tenures else None,
            boundary_wkt=plot.wkt(),
        )
        lat, lon = plot.point(0.5, 0.5)
        position = Position(
            id=self._ids.new(at_ms),
            village_code=VILLAGE_CODE,
            subject="parcel",
            subject_id=parcel.id,
            lat=lat,
            lon=lon,
            alt_m=round(plot.alt_m, 1),
            source="map",
            datum="CGCS2000",
            taken_at=at_ms,
        )
        plan.records += [parcel, position]
        return parcel, plot

    def _over_quota(self, plan: HouseholdPlan) -> Event:
        return Event(
            id=self._ids.new(plan.at_ms),
            village_code=VILLAGE_CODE,
            subject="household",
            subject_id=plan.household.id,
            kind="over_quota_reason",
            happened_on=_day(plan.at_ms),
            code="quota_exceeded",
            reason=plan.household.quota_reason,
        )


def _day(at_ms: int) -> str:
    return dt.datetime.fromtimestamp(at_ms / 1000, dt.UTC).date().isoformat()
