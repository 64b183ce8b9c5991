"""What is to be looked at in a paper that shows whose land or trees these are."""

from __future__ import annotations

import re

from fieldapp.domain.programme import Programme
from fieldapp.domain.records import Tenure
from fieldapp.errors import Finding, Severity

_NO_NAME = re.compile(r"[\W\d_]+")


def check_tenure(tenure: Tenure, *, programme: Programme) -> tuple[Finding, ...]:
    """Findings of one paper: figures that no household's paper has, and a holder that is no name."""
    found = []
    most_mu = programme.number("tenure_area_max_mu")
    if tenure.area_mu is not None and tenure.area_mu > most_mu:
        found.append(Finding("tenure_area_large", Severity.AMBER, "area_mu", {"limit": f"{most_mu:,.0f}"}))
    if tenure.holder and _NO_NAME.fullmatch(tenure.holder.strip()):
        found.append(Finding("holder_no_name", Severity.AMBER, "holder"))
    return tuple(found)


def says_something(tenure: Tenure) -> bool:
    """Whether there is a paper behind the card: one without number, area and date proves nothing."""
    return bool((tenure.number or "").strip() or tenure.area_mu or tenure.issued_on)
