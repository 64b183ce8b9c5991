"""The pages of the methodology dialog: what is in use, what a pack would change, a key's fingerprint."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from fieldapp import i18n
from fieldapp.errors import FieldappError
from fieldapp.ui.shown import number

if TYPE_CHECKING:
    from fieldapp.domain.sinks import Method
    from fieldapp.storage.method_change import Change
    from fieldapp.storage.store import Store

_LINES = 200  # of the differences in the data; the command line gives all


def of_state(store: Store) -> str:
    """Which methodologies this profile keeps, and whose packs it takes."""
    from fieldapp.storage import methodology, office_keys

    rows = [
        (
            i18n.t("methodology.active") if one.active else i18n.t("methodology.earlier"),
            one.version,
            one.checksum[:12],
            i18n.t("methodology.households", n=one.households),
        )
        for one in methodology.in_use(store)
    ]
    keys = [(one.fingerprint,) for one in office_keys.trusted(store)]
    return (
        f"<h3>{_t('methodology.kept_here')}</h3>{_table(rows)}<p>{_t('methodology.rule')}</p>"
        f"<h3>{_t('methodology.keys')}</h3>{_table(keys) if keys else _t('methodology.no_keys')}"
    )


def of_change(store: Store, new: Method, report: Callable[[int, int], None], cancelled: Callable[[], bool]) -> str:
    """Everything that a person decides on: the sums, each household, the biggest changes, the data itself."""
    from fieldapp.carbon import upgrades
    from fieldapp.storage.method_change import change

    old = store.estimator
    found = change(store, new, report, cancelled)
    data = [(one.what, one.where, one.old, one.new) for one in upgrades.changed_data(old, new)]
    head = i18n.t("methodology.from_to", old=old.method_version, new=new.method_version, checksum=new.checksum[:12])
    another = f"<p><b>{_t('methodology.another')}</b></p>" if upgrades.replaces_another(old, new) else ""
    more = _t("methodology.more", n=len(data) - _LINES) if len(data) > _LINES else ""
    return (
        f"<h2>{html.escape(head)}</h2>{another}{_sums(found)}"
        f"<h3>{_t('methodology.per_household', n=len(found.households))}</h3>{_households(found)}"
        f"<h3>{_t('methodology.biggest')}</h3>{_biggest(found)}"
        f"<h3>{_t('methodology.data', n=len(data))}</h3>{_table(data[:_LINES])}<p>{more}</p>"
    )


def of_key(public: bytes) -> str:
    """A key to be compared over the telephone."""
    from fieldapp.storage.office_keys import fingerprint

    return f"<h2>{fingerprint(public)}</h2><p>{_t('methodology.compare_key')}</p>"


def of_error(error: FieldappError) -> str:
    """What happened, whether the data is safe, what to do now."""
    title, message, advice = (html.escape(text) for text in i18n.error_texts(error))
    return f"<h2>{title}</h2><p>{message}</p><p>{advice}</p>"


def _sums(found: Change) -> str:
    sums = _t(
        "methodology.sums",
        trees=f"{found.trees:,}",
        changed=f"{found.changed:,}",
        old=number(found.old_kg),
        new=number(found.new_kg),
    )
    return f"<p><b>{sums}</b><br>{_t('methodology.kept', n=found.kept, kg=number(found.kept_kg))}</p>"


def _households(found: Change) -> str:
    return _table(
        [
            (one.code, f"{number(one.old_kg)} → {number(one.new_kg)}", f"{one.changed:,} / {one.trees:,}")
            for one in found.households
            if one.trees
        ],
        (i18n.t("ui.subject.household"), "kg CO2e", i18n.t("methodology.column.changed")),
    )


def _biggest(found: Change) -> str:
    return _table(
        [
            (
                one.household,
                one.tag,
                f"{_kg(one.old_kg)} → {_kg(one.new_kg)}",
                _words(one.error) if one.error else f"{one.old_equation} → {one.new_equation}",
            )
            for one in found.biggest
        ],
        (
            i18n.t("ui.subject.household"),
            i18n.t("field.tree.tag"),
            "kg CO2e",
            i18n.t("methodology.column.equation"),
        ),
    )


def _words(code: str) -> str:
    return i18n.t(f"finding.{code}") if i18n.has(f"finding.{code}") else code


def _kg(value: float | None) -> str:
    return "—" if value is None else f"{value:,.2f}"


def _t(key: str, **params: object) -> str:
    return html.escape(i18n.t(key, **params))


def _table(rows: Sequence[Sequence[str]], head: Sequence[str] = ()) -> str:
    lines = ["<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows]
    if head:
        lines.insert(0, "<tr>" + "".join(f"<th align='left'>{html.escape(cell)}</th>" for cell in head) + "</tr>")
    return f"<table cellspacing='0' cellpadding='4'>{''.join(lines)}</table>"
