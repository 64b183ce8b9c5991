"""The merge: whatever arrives first, everybody ends with the same record, and nothing is lost in silence."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from fieldapp.domain.digest import combine, record_digest
from fieldapp.domain.ids import DeviceId, RecordId
from fieldapp.domain.merge import Version, decode_version, merge
from fieldapp.domain.ops import Op, OpKind, OpRef, Value, hlc_of

RECORD = RecordId(b"r" * 16)
DEVICES = [DeviceId(bytes([n]) * 16) for n in range(1, 4)]
VILLAGE = "522633100201"


class Laptop:
    """A laptop that holds some operations and edits what it sees of them."""

    def __init__(self, device: DeviceId) -> None:
        self.device = device
        self.ops: dict[OpRef, Op] = {}
        self.counter = 0
        self.hlc = 0

    def add(self, **fields: Value) -> Op:
        return self._write(OpKind.ADD, fields, {})

    def edit(self, **fields: Value) -> Op:
        state = merge(self.ops.values())
        assert state is not None
        names = (*fields, *state.version.overrides) if "removed" in fields else tuple(fields)
        return self._write(OpKind.EDIT, fields, {name: state.version.seen(name) for name in names})

    def take(self, *ops: Op) -> None:
        for op in ops:
            self.ops[op.ref] = op
            self.hlc = max(self.hlc, op.hlc)

    def value(self, name: str) -> Value:
        state = merge(self.ops.values())
        assert state is not None
        return state.values.get(name)

    def _write(self, kind: OpKind, fields: Mapping[str, Value], seen: Mapping[str, tuple[OpRef, ...]]) -> Op:
        self.counter += 1
        self.hlc += 1
        op = Op(
            self.device,
            self.counter,
            hlc_of(1_000) + self.hlc,
            VILLAGE,
            "household",
            RECORD,
            kind,
            dict(fields),
            seen,
            person=f"p{self.device[0]}",
        )
        self.ops[op.ref] = op
        return op


def pair() -> tuple[Laptop, Laptop]:
    first, second = Laptop(DEVICES[0]), Laptop(DEVICES[1])
    second.take(first.add(head_name="杨进光", group_name="一组"))
    return first, second


def exchange(first: Laptop, second: Laptop) -> None:
    first.take(*second.ops.values())
    second.take(*first.ops.values())


def test_nothing_is_a_record_before_it_was_added() -> None:
    first, _ = pair()
    edit = first.edit(head_name="杨光")
    assert merge([edit]) is None
    assert merge([]) is None


def test_edits_of_different_fields_both_stand() -> None:
    first, second = pair()
    first.edit(head_name="杨光")
    second.edit(phone="139")
    exchange(first, second)
    state = merge(first.ops.values())
    assert state is not None
    assert state.values["head_name"] == "杨光"
    assert state.values["phone"] == "139"
    assert not state.conflicts


def test_the_same_field_changed_unseen_is_a_conflict_where_declared_and_a_decision_settles_it() -> None:
    first, second = pair()
    first.edit(head_name="甲")
    second.edit(head_name="乙")
    exchange(first, second)
    state = merge(first.ops.values())
    assert state is not None
    assert [head.value for head in state.conflicts["head_name"]] == ["甲", "乙"]
    assert {head.person for head in state.conflicts["head_name"]} == {"p1", "p2"}
    first.edit(head_name="乙")
    exchange(first, second)
    decided = merge(second.ops.values())
    assert decided is not None
    assert not decided.conflicts
    assert decided.values["head_name"] == "乙"


def test_plain_text_shows_the_later_clock_without_a_conflict() -> None:
    first, second = pair()
    first.edit(group_name="二组")
    second.hlc = 50
    second.edit(group_name="三组")
    exchange(first, second)
    state = merge(first.ops.values())
    assert state is not None
    assert state.values["group_name"] == "三组"
    assert not state.conflicts


def test_the_same_value_typed_twice_is_no_conflict() -> None:
    first, second = pair()
    first.edit(head_name="杨光")
    second.edit(head_name="杨光")
    exchange(first, second)
    state = merge(first.ops.values())
    assert state is not None
    assert not state.conflicts


def test_who_saw_a_value_supersedes_it_whatever_the_clocks_say() -> None:
    first, second = pair()
    second.take(first.edit(head_name="甲"))
    second.hlc = -10_000
    second.edit(head_name="乙")
    exchange(first, second)
    assert first.value("head_name") == second.value("head_name") == "乙"


def test_removal_against_an_unseen_edit_keeps_the_row_and_asks() -> None:
    first, second = pair()
    first.edit(removed=1)
    second.edit(phone="139")
    exchange(first, second)
    state = merge(first.ops.values())
    assert state is not None
    assert state.values["removed"] == 0
    assert [head.value for head in state.conflicts["removed"]] == [1, 0]
    first.edit(removed=1)
    decided = merge(first.ops.values())
    assert decided is not None
    assert decided.values["removed"] == 1
    assert not decided.conflicts


def test_removal_after_having_seen_the_edit_removes() -> None:
    first, second = pair()
    second.edit(phone="139")
    exchange(first, second)
    first.edit(removed=1)
    exchange(first, second)
    assert second.value("removed") == 1


def test_fields_of_a_newer_program_are_kept() -> None:
    first, second = pair()
    first.edit(carbon_wallet="w")
    second.edit(phone="139")
    exchange(first, second)
    assert second.value("carbon_wallet") == "w"


@st.composite
def schedules(draw: st.DrawFn) -> list[tuple[int, str, str, int]]:
    step = st.tuples(
        st.integers(0, 2),
        st.sampled_from(["edit", "remove", "return", "pull"]),
        st.sampled_from(["head_name", "group_name", "phone"]),
        st.integers(0, 3),
    )
    return draw(st.lists(step, max_size=12))


@given(schedules(), st.randoms(use_true_random=False))
def test_order_of_arrival_does_not_matter(schedule: list[tuple[int, str, str, int]], random: object) -> None:
    laptops = [Laptop(device) for device in DEVICES]
    added = laptops[0].add(head_name="杨进光")
    for laptop in laptops:
        laptop.take(added)
    for who, what, name, number in schedule:
        laptop = laptops[who]
        if what == "edit":
            laptop.edit(**{name: f"{number}"})
        elif what == "remove":
            laptop.edit(removed=1)
        elif what == "return":
            laptop.edit(removed=0)
        else:
            laptop.take(*list(laptops[number % 3].ops.values()))
    everything = [op for laptop in laptops for op in laptop.ops.values()]
    expected = merge(everything)
    random.shuffle(everything)  # type: ignore[attr-defined]
    assert merge(everything) == expected
    assert expected is not None
    assert decode_version(expected.version.encode()) == expected.version


@given(
    st.dictionaries(
        st.sampled_from(["head_name", "phone", "removed"]),
        st.lists(st.builds(OpRef, st.sampled_from(DEVICES), st.integers(1, 2**40)), min_size=1, max_size=3, unique=True)
        .map(sorted)
        .map(tuple),
    ),
    st.integers(1, 2**60),
)
def test_a_version_survives_its_bytes(overrides: dict[str, tuple[OpRef, ...]], counter: int) -> None:
    version = Version(OpRef(DEVICES[0], counter), overrides)
    assert decode_version(version.encode()) == version


def test_the_digest_knows_values_and_versions_and_no_order() -> None:
    plain = record_digest("tree", RECORD, b"v", {"tag": "A", "state": "alive"})
    assert plain == record_digest("tree", RECORD, b"v", {"state": "alive", "tag": "A", "remarks": None})
    other = record_digest("tree", RECORD, b"w", {"tag": "A", "state": "alive"})
    assert plain != other
    assert combine([plain, other]) == combine([other, plain])
    assert len(combine([plain, -plain])) == 16
