"""Papers of tenure: absurd areas and holders that are no names; a card without a paper behind it."""

from __future__ import annotations

import pytest

from fieldapp.domain.check_tenure import check_tenure, says_something
from fieldapp.domain.ids import new_id
from fieldapp.domain.programme import load
from fieldapp.domain.records import Tenure


def paper(**fields: object) -> Tenure:
    return Tenure(id=new_id(), village_code="522633100201", **fields)


@pytest.mark.parametrize(
    ("fields", "codes"),
    [
        ({}, []),
        ({"area_mu": 10_000.0, "holder": "吴阿花"}, []),
        ({"area_mu": 20_090_605.0}, ["tenure_area_large"]),
        ({"holder": "1.6"}, ["holder_no_name"]),
        ({"holder": "Wu A-hua (2)"}, []),
    ],
)
def test_what_no_paper_says(fields: dict[str, object], codes: list[str]) -> None:
    assert [finding.code for finding in check_tenure(paper(**fields), programme=load())] == codes


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, False),
        ({"kind": "forest_certificate", "holder": "吴阿花", "number": "  "}, False),
        ({"number": "榕府林证字 2009 第 1 号"}, True),
        ({"area_mu": 1.6}, True),
        ({"issued_on": "2009-06-05"}, True),
    ],
)
def test_an_empty_card_is_no_paper(fields: dict[str, object], says: bool) -> None:
    assert says_something(paper(**fields)) is says
