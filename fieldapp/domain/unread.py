"""What was typed into fields and has no meaning for them: one text of a record holds it, so that it travels with it.

JSON, the field's name to what was typed. A quantity of a tree (`dbh_cm`) stands with its tree.
"""

from __future__ import annotations

import json


def typed_texts(unread: str | None) -> dict[str, str]:
    """What was typed, by field; what another program wrote in another form says nothing."""
    try:
        held = json.loads(unread or "{}")
    except ValueError:
        return {}
    if not isinstance(held, dict):
        return {}
    return {name: text for name, text in held.items() if isinstance(text, str) and text}


def with_text(unread: str | None, name: str, text: str) -> str | None:
    """The same with another text for one field; "" takes it away, and None is left when nothing is."""
    texts = {**typed_texts(unread), name: text}
    left = {name: text for name, text in sorted(texts.items()) if text}
    return json.dumps(left, ensure_ascii=False, separators=(",", ":")) if left else None
