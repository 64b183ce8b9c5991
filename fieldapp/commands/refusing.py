"""How a refusal is told: three lines for people on standard error, and with `--json` one document for programs."""

from __future__ import annotations

import json
import sys

from fieldapp import i18n
from fieldapp.errors import FieldappError


def tell(error: FieldappError) -> None:
    """What happened, whether data is safe, what to do now; on standard error."""
    print(*i18n.error_texts(error), sep="\n", file=sys.stderr)


def tell_json(error: FieldappError, *, one_line: bool = False) -> None:
    """The document that stands for a result that there is not; on standard output."""
    print(json.dumps({"error": as_dict(error)}, ensure_ascii=False, indent=None if one_line else 2))


def as_dict(error: FieldappError) -> dict[str, str]:
    """A refusal as JSON has it; `code` is stable, the rest speaks the language in force."""
    title, message, advice = i18n.error_texts(error)
    return {"code": error.code, "title": title, "text": message, "advice": advice}
