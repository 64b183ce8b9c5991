"""The page in docs/ is the one that the registry makes."""

from __future__ import annotations

from pathlib import Path

from fieldapp.carbon.document import markdown, rows
from fieldapp.carbon.registry import Registry

PAGE = Path(__file__).resolve().parents[2] / "docs" / "methodology.md"


def test_the_page_is_current(shipped: Registry) -> None:
    assert PAGE.read_text("utf-8") == markdown(shipped), (
        "run: python -m fieldapp methodology doc --out docs/methodology.md"
    )


def test_it_says_what_is_not_known(shipped: Registry) -> None:
    text = markdown(shipped)
    assert "not public" in text
    assert "9.1 cm" in text
    assert "Bamboo" in text


def test_every_equation_has_its_row(shipped: Registry) -> None:
    listed = list(rows(shipped))
    assert [row["id"] for row in listed] == list(shipped.equations)
    assert all(row["formula"] and row["reference"] and row["status"] for row in listed)
