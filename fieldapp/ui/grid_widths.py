"""How wide the columns of the grid are: what the numbers do not need belongs to the hints."""

from __future__ import annotations

from collections.abc import Callable

from fieldapp import i18n
from fieldapp.ui.tree_cells import Column

_ROOMY = {Column.TAG: 76, Column.SPECIES: 76, Column.DBH: 70, Column.HEIGHT: 72, Column.PHOTOS: 52,
          Column.POSITION: 80, Column.SINK: 96}  # fmt: skip
_TIGHT = {Column.TAG: 72, Column.SPECIES: 74, Column.DBH: 66, Column.HEIGHT: 68, Column.PHOTOS: 52,
          Column.POSITION: 66, Column.SINK: 92}  # fmt: skip
_LATIN = 108  # "C. lanceolata"
_HINT = 100  # below it a hint says nothing
_NARROWEST_PX = 60


def grid_widths(room_px: int, px: Callable[[int], int]) -> dict[Column, int]:
    """The widths in pixels at the type scale of `px`; a column that is not named has no room.

    Where type is large the numbers stand closer, and at last the position steps back: the pane beside says it, too.
    """
    species = {Column.SPECIES: _LATIN} if i18n.language() == "en" else {}
    tight = _TIGHT | species
    for widths in (_ROOMY | species, tight, {c: w for c, w in tight.items() if c is not Column.POSITION}):
        found = {column: px(width) for column, width in widths.items()}
        hint_px = room_px - 1 - sum(found.values())
        if hint_px >= px(_HINT):
            break
    return found | {Column.HINT: max(hint_px, _NARROWEST_PX)}
