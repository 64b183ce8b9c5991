"""The line under the work names where a reason is given, where that is not the very field."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from fieldapp import i18n
from fieldapp.errors import Finding, Severity
from fieldapp.ui.hint_line import HintLine


def test_where_the_reason_is_given_is_said_only_where_it_is_not_here(qtbot: QtBot) -> None:
    line = HintLine()
    qtbot.addWidget(line)
    for finding, told in (
        (Finding("phone_form", Severity.AMBER, "phone"), True),
        (Finding("quota_exceeded", Severity.AMBER, "quota_reason", {"trees": 9, "quota": 7, "over": 2}), False),
        (Finding("id_length", Severity.RED, "id_number"), False),
    ):
        line.show_findings([finding])
        assert (i18n.t("ui.hint.amber") in line.text()) is told
