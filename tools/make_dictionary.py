"""Writes docs/data-dictionary.md from the declared records, so that the page can never say anything else."""

from __future__ import annotations

import sys
from pathlib import Path

from fieldapp import i18n
from fieldapp.domain.fields import FieldSpec, specs
from fieldapp.domain.records import RECORD_TYPES, SCHEMA, Record

PAGE = Path(__file__).resolve().parent.parent / "docs" / "data-dictionary.md"
_COLUMNS = ("field", "中文", "English", "kind", "unit", "range or values", "sensitivity", "merge")
_HEAD = f"| {' | '.join(_COLUMNS)} |\n{'|---' * len(_COLUMNS)}|\n"


def dictionary() -> str:
    """The whole page as Markdown."""
    intro = (
        f"# Data dictionary, schema {SCHEMA}\n\n"
        "Made by `python -m tools.make_dictionary` from `fieldapp/domain/records.py`. Every record also has `id` "
        "(UUIDv7, 16 bytes) and `village_code` (12 digits). Editable records change field by field; "
        "facts are only added.\n"
    )
    return intro + "".join(_record(record) for record in RECORD_TYPES)


def _record(record: type[Record]) -> str:
    name = record.record_name
    kind = "editable" if record.editable else "fact"
    purpose = (record.__doc__ or "").split("\n")[0]
    rows = "".join(_row(spec) for spec in specs(record))
    return f"\n## {name} {_label(f'record.{name}')[0]} ({kind})\n\n{purpose}\n\n{_HEAD}{rows}"


def _row(spec: FieldSpec) -> str:
    chinese, english = _label(spec.label)
    span = "" if spec.minimum is None and spec.maximum is None else f"{spec.minimum} to {spec.maximum}"
    values = ", ".join(spec.choices) or span or (f"→ {spec.target}" if spec.target else "")
    cells = (f"`{spec.name}`", chinese, english, spec.kind, spec.unit, values, spec.sensitivity, spec.merge)
    return f"| {' | '.join(cells)} |\n"


def _label(key: str) -> tuple[str, ...]:
    return tuple(i18n.catalogue(language)[key] for language in i18n.LANGUAGES)


if __name__ == "__main__":
    PAGE.write_text(dictionary(), "utf-8")
    sys.exit(0)
