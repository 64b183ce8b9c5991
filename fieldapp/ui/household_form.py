"""The household's form: head, papers, members; every field is stored when it is left."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal

from fieldapp import i18n
from fieldapp.domain.records import Household, Member, Parcel, Record, Tenure
from fieldapp.ui.consents import ConsentPart
from fieldapp.ui.form_page import FormPage
from fieldapp.ui.height_curves import standing
from fieldapp.ui.names import Names, Offer
from fieldapp.ui.page import button, label
from fieldapp.ui.record_cards import Offers, RecordCard, RecordList
from fieldapp.ui.texts import Texts

if TYPE_CHECKING:
    from fieldapp.ui.desk import Desk

HOUSEHOLD_FIELDS = (
    "head_name", "group_name", "id_number", "phone", "category", "ethnic_group",
    "bank_name", "bank_account", "account_holder", "quota_reason", "state_reason", "remarks",
)  # fmt: skip
MEMBER_FIELDS = ("name", "relation", "id_number", "phone")
TENURE_FIELDS = ("kind", "number", "holder", "area_mu", "issued_on")
PARCEL_FIELDS = (
    "place_name", "area_mu", "origin", "planting_year", "species", "other_scheme",
    "tenure_id", "height_curve", "equation_id", "equation_reason", "remarks",
)  # fmt: skip


class HouseholdForm(FormPage):
    """Head, contact, bank, and the members."""

    member_asked = Signal()
    state_asked = Signal(str)  # not_eligible, or draft again

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self.card = RecordCard(Household, HOUSEHOLD_FIELDS, texts, removable=True)
        self.not_eligible = button(texts, "ui.eligible.not")
        self.not_eligible.clicked.connect(lambda: self.state_asked.emit("not_eligible"))
        self.draft_again = button(texts, "ui.eligible.draft")
        self.draft_again.clicked.connect(lambda: self.state_asked.emit("draft"))
        for act in (self.not_eligible, self.draft_again):
            self.card.acts.addWidget(act)
        add = button(texts, "ui.add_member")
        add.clicked.connect(self.member_asked)
        self.members = RecordList(Member, MEMBER_FIELDS, texts, "ui.members", add)
        self._join(self.card)
        self._join(self.members)
        self.column.addStretch(1)

    def show_desk(self, desk: Desk) -> None:
        """Shows a household."""
        household = desk.view.household
        typed = desk.kept.get(household.id)
        self.card.show_record(household, desk.findings.get(household.id, []), after=desk.after, typed=typed)
        self.not_eligible.setVisible(household.state != "not_eligible")
        self.draft_again.setVisible(household.state in ("ready", "not_eligible"))
        self.members.show_records(desk.view.members, desk.findings, desk.kept, after=desk.after)

    def hide_personal(self, hidden: bool) -> None:
        """Hides personal values."""
        self.card.form.hide_personal(hidden)
        self.members.hide_personal(hidden)

    def focus_field(self, record_id: bytes, name: str) -> bool:
        """Brings the cursor to a field."""
        record = self.card.box.record
        if record is not None and record.id == record_id:
            return self.card.form.focus_field(name)
        return self.members.focus_field(record_id, name)


class ParcelForm(FormPage):
    """The parcels: area, origin, planting year, species; what they sum up to stands under each."""

    parcel_asked = Signal()

    def __init__(self, texts: Texts, foot: Callable[[Desk, Parcel], str], names: Names) -> None:
        super().__init__()
        self._foot, self._equations, self._curves = foot, names.equations, names.height_curves
        add = button(texts, "ui.new_parcel")
        add.clicked.connect(self.parcel_asked)
        self.parcels = RecordList(
            Parcel, PARCEL_FIELDS, texts, "ui.tab.parcels", add, {"species": names.spoken_species}
        )
        self._empty = label(texts, "ui.parcels.empty", "quiet")
        self._join(self.parcels)
        self.column.addWidget(self._empty)
        self.column.addStretch(1)

    def show_desk(self, desk: Desk) -> None:
        """Shows a household's parcels."""

        def foot(record: Record) -> str:
            return self._foot(desk, record) if isinstance(record, Parcel) else ""

        def offers(record: Record) -> Offers:
            return self._offers(desk, record) if isinstance(record, Parcel) else {}

        self.parcels.show_records(desk.view.parcels, desk.findings, desk.kept, foot, offers, desk.after)
        self._empty.setVisible(not desk.view.parcels)

    def focus_field(self, record_id: bytes, name: str) -> bool:
        """Brings the cursor to a field."""
        return self.parcels.focus_field(record_id, name)

    def _offers(self, desk: Desk, parcel: Parcel) -> Offers:
        papers = [Offer(paper.id, tenure_words(paper)) for paper in desk.view.tenures]
        if parcel.tenure_id is not None and all(paper.value != parcel.tenure_id for paper in papers):
            papers.append(Offer(parcel.tenure_id, i18n.t("ui.chooser.gone")))
        equations = list(self._equations(parcel.species or ""))
        chosen = parcel.equation_id
        if chosen and all(equation.value != chosen for equation in equations):
            equations.append(Offer(chosen, i18n.t("ui.equation.foreign", id=chosen)))
        curves = self._curves(standing(desk.trees, parcel), parcel.height_curve or "")
        return {
            "tenure_id": (papers, "ui.not_chosen" if papers else "ui.tenure.none_yet"),
            "height_curve": (curves, "ui.height_curve.none"),
            "equation_id": (equations, "ui.equation.automatic"),
        }


def tenure_words(paper: Tenure) -> str:
    """A tenure paper in one line: kind, number, area."""
    parts = [i18n.t(f"choice.tenure.kind.{paper.kind}")] if paper.kind else []
    parts.append(paper.number or i18n.t("ui.tenure.nameless"))
    if paper.area_mu is not None:
        parts.append(i18n.t("ui.parcel.area", mu=f"{paper.area_mu:g}"))
    return " · ".join(parts)


class PapersForm(FormPage):
    """Consents and tenure papers."""

    tenure_asked = Signal()
    consent_asked = Signal(str, str)  # kind, version of the text that was read

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self.add_button = button(texts, "ui.add_tenure")
        self.add_button.clicked.connect(self.tenure_asked)
        self.tenures = RecordList(Tenure, TENURE_FIELDS, texts, "ui.tenures", self.add_button)
        self.consents = ConsentPart(texts)
        self.consents.agreed.connect(self.consent_asked)
        self.column.addWidget(self.consents)  # first: nothing is recorded before the household has agreed
        self._join(self.tenures)
        self.column.addStretch(1)

    def show_desk(self, desk: Desk) -> None:
        """Shows what papers and consents there are, and which are missing."""
        self.tenures.show_records(desk.view.tenures, desk.findings, desk.kept, after=desk.after)
        self.consents.show_desk(desk)

    def hide_personal(self, hidden: bool) -> None:
        """Hides personal values."""
        self.tenures.hide_personal(hidden)
        self.consents.hide_personal(hidden)

    def focus_field(self, record_id: bytes, name: str) -> bool:
        """Brings the cursor to a field of a paper, or to the button of a consent by its kind."""
        ask = self.consents.ask_buttons.get(name)
        if ask is None:
            return self.tenures.focus_field(record_id, name)
        ask.setFocus(Qt.FocusReason.OtherFocusReason)
        self.ensureWidgetVisible(ask)
        return True
